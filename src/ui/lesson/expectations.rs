//! What must be so in the scenario, and whether it is.

use crate::state::lab::Lab;
use crate::state::local;
use crate::state::texts::Key;
use crate::ui::app::View;
use mqlab_kernel::sort_by_key;
use mqlab_scenario::{Checked, Expectation, State, When};
use yew::{Html, html};

/// The list, with its count.
pub(super) fn view(view: &View<'_>, lab: &Lab) -> Html {
    let rows = lab.shown().flat_map(|lane| {
        let results = lane.runner().results().iter();
        results.map(|checked| (checked.expectation, lane.name.as_str(), *checked))
    });
    let mut rows: Vec<(usize, &str, Checked)> = rows.collect();
    // In the order of the scenario's text, whichever variant shows it.
    sort_by_key(&mut rows, |(index, _, _)| *index);
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
        <details class="expectations">
            <summary>{ view.text(Key::Expectations) }{ format!(" · {held} / {}", rows.len()) }</summary>
            <ul class="tasks">{ for items }</ul>
        </details>
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
        State::Failed { actual } => Some(
            view.session
                .language
                .with(Key::ExpectGot, &local::value(actual, view.session.language)),
        ),
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
