//! One scenario of the gallery.

use super::sketch;
use crate::state::gallery::Card;
use crate::state::session::Action;
use crate::state::texts::Key;
use crate::ui::app::View;
use yew::{Callback, Html, MouseEvent, html};

/// A card: the whole of it can be clicked, its title is the button.
pub(super) fn view(view: &View<'_>, card: &Card) -> Html {
    let language = view.session.language;
    html! {
        <li class="card" key={card.stem}>
            { sketch::view(&card.sketch) }
            <h3>
                <button type="button" class="card-open" data-action="open" data-scenario={card.stem} onclick={open(view, card)}>
                    { card.title(language) }
                </button>
            </h3>
            <p class="card-sentence">{ card.sentence(language).replace('`', "") }</p>
            { foot(view, card) }
        </li>
    }
}

/// Opens the scenario of a card.
pub(super) fn open(view: &View<'_>, card: &Card) -> Callback<MouseEvent> {
    let (act, position) = (view.act.clone(), card.position);
    Callback::from(move |_: MouseEvent| act.emit(Action::Open(position)))
}

fn foot(view: &View<'_>, card: &Card) -> Html {
    let step = card
        .place
        .map(|place| view.session.language.with(Key::GalleryStep, &place.to_string()));
    let rows = card.rows.iter().map(|row| html! { <li>{ *row }</li> });
    html! {
        <div class="card-foot">
            if let Some(step) = step {
                <span class="card-step">{ step }</span>
            }
            if !card.rows.is_empty() {
                <ul class="card-rows" aria-label={view.text(Key::GalleryRows)} title={view.text(Key::GalleryRows)}>
                    { for rows }
                </ul>
            }
        </div>
    }
}
