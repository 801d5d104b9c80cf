//! A menu: a button with what opens above it. Only one of them is open at a
//! time, and Escape closes it.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};
use yew::{Callback, Html, TargetCast, html};

/// A menu; `name` is its name in tests.
pub(crate) fn view(name: &'static str, label: String, body: Html) -> Html {
    let onkeydown = Callback::from(|event: KeyboardEvent| {
        let inside: Option<Element> = event.target_dyn_into();
        let menu = inside.and_then(|inside| inside.closest("details").ok().flatten());
        if let Some(menu) = menu.filter(|menu| event.key() == "Escape" && menu.has_attribute("open")) {
            event.prevent_default();
            event.stop_propagation();
            // What is not there cannot fail to be taken away.
            let _ = menu.remove_attribute("open");
            focus(&menu);
        }
    });
    html! {
        <details class="menu" name="boards-menu" data-menu={name} {onkeydown}>
            <summary>{ label }</summary>
            { body }
        </details>
    }
}

/// The focus was inside and has to be somewhere.
fn focus(menu: &Element) {
    let summary = menu.query_selector("summary").ok().flatten();
    if let Some(summary) = summary.and_then(|summary| summary.dyn_into::<HtmlElement>().ok()) {
        let _ = summary.focus();
    }
}
