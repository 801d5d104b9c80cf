//! A verdict as a chip. Where a fact shows it, a click goes there.

use super::app::View;
use crate::state::chips::Chip;
use crate::state::job::Quest;
use crate::state::lab::Lane;
use crate::state::selection::Selection;
use crate::state::session::{Action, Panel};
use crate::state::texts::Key;
use mqlab_model::Fact;
use yew::{Callback, Html, MouseEvent, html};

/// The chip of a variant.
pub(crate) fn view(view: &View<'_>, variant: usize, lane: &Lane, chip: &Chip) -> Html {
    let word = html! { <span class="hidden">{ view.text(chip.tone.word()) }{ ": " }</span> };
    let inside = match chip.first {
        None => html! { <>{ word }{ &chip.text }</> },
        Some(fact) => html! {
            <button
                type="button"
                class="verdict"
                data-action="verdict"
                title={view.text(Key::ChipShow)}
                onclick={show(view, Selection::of_fact(variant, lane, fact.place), fact)}
            >
                { word }{ &chip.text }
            </button>
        },
    };
    html! { <li class={format!("chip {}", chip.tone.name())} data-about={chip.about}>{ inside }</li> }
}

/// Goes to a fact, selects where it happened, and tells the life of its
/// message.
fn show(view: &View<'_>, place: Selection, fact: Fact) -> Callback<MouseEvent> {
    let (act, look) = (view.act.clone(), view.look.clone());
    Callback::from(move |_: MouseEvent| {
        if fact.message.is_some() {
            // Before the clock is taken back, so that it is told to its end.
            look.emit(Quest::Life {
                variant: place.variant,
                message: fact.message,
            });
            act.emit(Action::Panel(Panel::Facts));
        }
        act.emit(Action::Select(Some(place)));
        act.emit(Action::RunTo(fact.at));
    })
}
