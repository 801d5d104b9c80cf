//! The arguments of a queue, and what is bound to an exchange.

use super::Subject;
use crate::state::definition;
use crate::state::diagram::Item;
use crate::state::texts::Key;
use yew::{Html, html};

/// The list; nothing where there is nothing to say.
pub(super) fn view(subject: Subject<'_>, item: &Item) -> Html {
    let lines = definition::lines(subject.lane.world(), subject.lab.plan(subject.variant), item);
    if lines.is_empty() {
        return html! {};
    }
    html! {
        <>
            <h3>{ subject.text(Key::Definition) }</h3>
            <ul class="definition">
                { for lines.iter().map(|line| html! { <li><code>{ line }</code></li> }) }
            </ul>
        </>
    }
}
