//! The lesson tab: what the scenario is about, what to watch, to predict and
//! to try in it, and what must be so.

mod expectations;
mod predict;
mod tries;
mod watch;

use super::app::View;
use super::families;
use crate::state::lessons::{self, said};
use crate::state::scenarios::SCENARIOS;
use crate::state::session::Action;
use crate::state::texts::Key;
use mqlab_scenario::{Lesson, Scenario};
use yew::{Callback, Html, MouseEvent, html};

/// What somebody does to a guess, by the position of its prediction.
pub(crate) enum GuessChange {
    /// Something else is typed.
    Write(usize, String),
    /// It is to be checked.
    Give(usize),
}

/// The lesson tab.
#[inline(never)]
pub(crate) fn rest_view(view: &View<'_>) -> Html {
    let Some(lab) = &view.pump.lab else {
        return html! {};
    };
    let language = view.session.language;
    let found = view.work.origin.and_then(|position| {
        let lesson = lessons::lesson(SCENARIOS.get(position)?.stem)?;
        Some((position, lesson))
    });
    html! {
        <div class="lesson">
            if let Some((position, lesson)) = found {
                <h2>{ said(&lesson.title, language) }</h2>
                <p>{ rich(said(&lesson.about, language)) }</p>
                { changed(view) }
                { watch::view(view, lab, lesson) }
                { predictions(view, position, lesson) }
                { tries::view(view, lesson) }
            } else {
                <h2>{ &lab.scenario.title }</h2>
                <p>{ rich(lab.scenario.about.as_deref().unwrap_or(view.text(Key::NoAbout))) }</p>
            }
            { expectations::view(view, lab) }
            if is_about_receiving(&lab.scenario) {
                { families::rest_view(view) }
            }
            <h3>{ view.text(Key::Keys) }</h3>
            <p class="soft">{ view.text(Key::KeysHelp) }</p>
        </div>
    }
}

/// Whether a scenario is about how messages come to a consumer: the rows C of the
/// catalogue.
fn is_about_receiving(scenario: &Scenario) -> bool {
    scenario.rows.iter().any(|row| row.starts_with('C'))
}

/// What runs is not the scenario that the lesson is about any more.
fn changed(view: &View<'_>) -> Html {
    if !view.work.is_changed() {
        return html! {};
    }
    let Some(entry) = view.work.origin.and_then(|position| SCENARIOS.get(position)) else {
        return html! {};
    };
    let act = view.act.clone();
    let onclick = Callback::from(move |_: MouseEvent| act.emit(Action::Edit(entry.text().into())));
    html! {
        <p class="lesson-changed">
            { view.text(Key::LessonChanged) }{ " " }
            <button type="button" class="link" data-action="original" {onclick}>{ view.text(Key::LessonOriginal) }</button>
        </p>
    }
}

fn predictions(view: &View<'_>, scenario: usize, lesson: &'static Lesson) -> Html {
    let cards = lesson
        .predictions
        .iter()
        .enumerate()
        .map(|(index, prediction)| predict::view(view, scenario, index, prediction));
    html! { <>{ for cards }</> }
}

/// A text in which names stand between backticks.
fn rich(text: &str) -> Html {
    let parts = text.split('`').enumerate().map(|(index, part)| {
        if index % 2 == 1 {
            html! { <code>{ part.to_owned() }</code> }
        } else {
            html! { { part.to_owned() } }
        }
    });
    html! { <>{ for parts }</> }
}
