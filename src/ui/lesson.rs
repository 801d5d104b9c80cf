//! The lesson tab: what the scenario is about, and what must be so in it.

use super::app::View;
use crate::state::format;
use crate::state::lab::Lab;
use crate::state::texts::Key;
use mqlab_scenario::{Checked, Expectation, State, When};
use yew::{Html, html};

/// The lesson tab.
pub(crate) fn view(view: &View<'_>) -> Html {
    let Some(lab) = &view.pump.lab else {
        return html! {};
    };
    let about = lab.scenario.about.as_deref().unwrap_or(view.text(Key::NoAbout));
    html! {
        <>
            <h2>{ &lab.scenario.title }</h2>
            <p>{ about }</p>
            { expectations(view, lab) }
            <h3>{ view.text(Key::Keys) }</h3>
            <p class="soft">{ view.text(Key::KeysHelp) }</p>
        </>
    }
}

fn expectations(view: &View<'_>, lab: &Lab) -> Html {
    let rows = lab.shown().flat_map(|lane| {
        let results = lane.runner().results().iter();
        results.map(|checked| (checked.expectation, lane.name.as_str(), *checked))
    });
    let mut rows: Vec<(usize, &str, Checked)> = rows.collect();
    // In the order of the scenario's text, whichever variant shows it.
    rows.sort_by_key(|(index, _, _)| *index);
    if rows.is_empty() {
        return html! {};
    }
    let are_many = lab.scenario.variants.len() > 1;
    let items = rows.iter().map(|(index, variant, checked)| {
        let expectation = &lab.scenario.expectations[*index];
        expectation_view(view, expectation, are_many.then_some(*variant), checked)
    });
    let held = rows.iter().filter(|(_, _, checked)| checked.is_held()).count();
    html! {
        <>
            <h3>{ view.text(Key::Expectations) }{ format!(" · {held} / {}", rows.len()) }</h3>
            <ul class="tasks">{ for items }</ul>
        </>
    }
}

fn expectation_view(view: &View<'_>, expectation: &Expectation, variant: Option<&str>, checked: &Checked) -> Html {
    let (name, mark, word) = match checked.state {
        State::Pending => ("pending", "", Key::ExpectPending),
        State::Held { .. } => ("held", "✓", Key::ExpectHeld),
        State::Failed { .. } => ("failed", "✕", Key::ExpectFailed),
    };
    let when = match expectation.when {
        When::At(at) => view.session.language.with(Key::ExpectAt, &at.to_string()),
        When::Always => view.text(Key::ExpectAlways).to_owned(),
        When::Never => view.text(Key::ExpectNever).to_owned(),
        When::End => view.text(Key::ExpectEnd).to_owned(),
    };
    let got = match checked.state {
        State::Failed { actual } => Some(view.session.language.with(Key::ExpectGot, &format::value(actual))),
        _ => None,
    };
    html! {
        <li data-state={name}>
            <span class="tick" aria-hidden="true">{ mark }</span>
            <span>
                <span class="hidden">{ view.text(word) }{ ": " }</span>
                <code>{ &expectation.text }</code>
                <span class="soft">{ format!(" {when}") }{ variant.map(|variant| format!(" · {variant}")) }</span>
                if let Some(got) = got {
                    <b class="got">{ got }</b>
                }
            </span>
        </li>
    }
}
