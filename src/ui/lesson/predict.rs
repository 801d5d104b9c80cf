//! A prediction: a question, a guess, and what the engine says to it.

use super::{GuessChange, rich};
use crate::state::job::Quest;
use crate::state::lessons::{Grade, Standing, Unreadable, because, said};
use crate::state::local;
use crate::state::texts::Key;
use crate::ui::app::View;
use mqlab_engine::Value;
use mqlab_scenario::Prediction;
use web_sys::{HtmlInputElement, SubmitEvent};
use yew::{Callback, Html, InputEvent, TargetCast, html};

/// Longer than any answer.
const GUESS_CHARS_MAX: &str = "60";

/// One prediction.
pub(super) fn view(view: &View<'_>, scenario: usize, index: usize, prediction: &Prediction) -> Html {
    let language = view.session.language;
    let standing = view.guesses.standing(scenario, index);
    let (id, said_id) = (format!("guess-{index}"), format!("guess-said-{index}"));
    let guess = view.guess.clone();
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        guess.emit(GuessChange::Give(index));
    });
    let guess = view.guess.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        let input: Option<HtmlInputElement> = event.target_dyn_into();
        if let Some(input) = input {
            guess.emit(GuessChange::Write(index, input.value()));
        }
    });
    let unit = prediction.unit.and_then(|unit| local::unit(unit, language));
    let label = match unit {
        Some(unit) => language.with(Key::LessonAnswerIn, unit),
        None => view.text(Key::LessonAnswer).to_owned(),
    };
    html! {
        <form class="predict" data-predict={index.to_string()} data-standing={name(standing)} {onsubmit}>
            <p class="question"><b>{ view.text(Key::LessonPredict) }</b>{ " " }{ rich(said(&prediction.question, language)) }</p>
            <label class="hidden" for={id.clone()}>{ label.clone() }</label>
            <div class="guess">
                <input
                    {id}
                    type="text"
                    data-action="guess"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    maxlength={GUESS_CHARS_MAX}
                    placeholder={label}
                    aria-describedby={said_id.clone()}
                    aria-invalid={matches!(standing, Standing::Unreadable(_)).to_string()}
                    value={view.guesses.text(scenario, index).to_owned()}
                    {oninput}
                />
                <button type="submit" data-action="check">{ view.text(Key::LessonCheck) }</button>
            </div>
            <div class="guess-said" id={said_id} role="status">{ answer(view, prediction, standing) }</div>
        </form>
    }
}

/// How a guess stands, for the style sheet and for tests.
fn name(standing: Standing<'_>) -> &'static str {
    match standing {
        Standing::Open => "open",
        Standing::Unreadable(_) => "unreadable",
        Standing::Given => "checking",
        Standing::Unanswered => "unanswered",
        Standing::Compared {
            grade: Grade::Right, ..
        } => "right",
        Standing::Compared {
            grade: Grade::Known(_), ..
        } => "known-wrong",
        Standing::Compared {
            grade: Grade::Wrong, ..
        } => "wrong",
    }
}

fn answer(view: &View<'_>, prediction: &Prediction, standing: Standing<'_>) -> Html {
    let language = view.session.language;
    match standing {
        Standing::Open => html! {},
        Standing::Unreadable(why) => html! { <p class="guess-hint">{ view.text(hint(why)) }</p> },
        Standing::Given => checking(view, prediction),
        Standing::Unanswered => html! { <p>{ view.text(Key::LessonNoAnswer) }</p> },
        Standing::Compared {
            grade: Grade::Right,
            actual,
        } => html! {
            <p><b class="guess-right">{ view.text(Key::LessonRight) }</b>{ " " }{ rich(&because(prediction, actual, language)) }</p>
        },
        Standing::Compared { grade, actual } => {
            let overlooks = match grade {
                Grade::Known(wrong) => Some(said(&wrong.overlooks, language)),
                Grade::Right | Grade::Wrong => None,
            };
            html! {
                <>
                    <p>
                        <b class="guess-wrong">{ view.text(Key::LessonWrong) }</b>{ " " }
                        { rich(overlooks.unwrap_or(view.text(Key::LessonAgain))) }
                    </p>
                    { reveal(view, prediction, actual) }
                </>
            }
        }
    }
}

/// The answer, for those who have guessed enough.
fn reveal(view: &View<'_>, prediction: &Prediction, actual: Value) -> Html {
    html! {
        <details>
            <summary data-action="reveal">{ view.text(Key::LessonReveal) }</summary>
            <p>{ because(prediction, actual, view.session.language) }</p>
        </details>
    }
}

/// The engine is on its way to the end.
fn checking(view: &View<'_>, prediction: &Prediction) -> Html {
    let variant = prediction.variant.as_deref().unwrap_or_default();
    let job = view.pump.job.as_ref();
    let job = job.filter(|job| matches!(job.quest(), Quest::Original { .. }));
    let share = job.and_then(|job| job.progress());
    html! {
        <>
            <p class="soft">{ view.session.language.with(Key::LessonChecking, variant) }</p>
            <progress
                max="1"
                aria-label={view.text(Key::LessonProgress)}
                value={share.map(|share| format!("{share:.3}"))}
            />
        </>
    }
}

fn hint(why: Unreadable) -> Key {
    match why {
        Unreadable::Empty => Key::HintEmpty,
        Unreadable::Count => Key::HintCount,
        Unreadable::Span => Key::HintSpan,
        Unreadable::Unit => Key::HintUnit,
        Unreadable::Clock => Key::HintClock,
        Unreadable::Share => Key::HintShare,
    }
}
