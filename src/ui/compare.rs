//! The variants' figures beside each other.

use super::app::View;
use crate::state::lab::Lab;
use crate::state::texts::Key;
use yew::{Html, html};

/// The comparison tab.
pub(crate) fn view(view: &View<'_>, lab: &Lab) -> Html {
    let heads = lab.shown().map(|lane| html! { <th scope="col">{ &lane.name }</th> });
    html! {
        <table class="compare">
            <thead><tr><th scope="col">{ view.text(Key::Name) }</th>{ for heads }</tr></thead>
        </table>
    }
}
