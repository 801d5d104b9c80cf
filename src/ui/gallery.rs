//! The gallery: every scenario, to choose one.

use super::app::View;
use crate::state::scenarios::{self, SCENARIOS};
use crate::state::session::Action;
use crate::state::texts::Key;
use yew::{Callback, Html, MouseEvent, html};

/// The gallery.
pub(crate) fn view(view: &View<'_>) -> Html {
    let items = SCENARIOS.iter().enumerate().map(|(position, entry)| {
        let act = view.act.clone();
        let open = Callback::from(move |_: MouseEvent| act.emit(Action::Open(position)));
        html! {
            <li>
                <button type="button" data-action="open" data-scenario={entry.stem} onclick={open}>
                    { scenarios::title(entry) }
                </button>
            </li>
        }
    });
    html! {
        <main class="gallery" aria-label={view.text(Key::Gallery)}>
            <ul>{ for items }</ul>
        </main>
    }
}
