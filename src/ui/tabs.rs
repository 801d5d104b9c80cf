//! Tabs: a list of which one is open, with the keys that such lists have.

use super::shell;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};
use yew::{Callback, Html, MouseEvent, html};

/// One tab.
pub(crate) struct Tab {
    /// Its name in tests and ids.
    pub(crate) name: &'static str,
    /// What it says.
    pub(crate) label: String,
    /// Whether it is the open one.
    pub(crate) is_open: bool,
}

/// A list of tabs; `open` gets the position of the one that is chosen. The
/// panel below it has the id `panel-` and the name of `group`.
pub(crate) fn list(group: &'static str, label: &str, tabs: &[Tab], open: &Callback<usize>) -> Html {
    let count = tabs.len();
    let items = tabs.iter().enumerate().map(|(index, tab)| {
        let (click, keys) = (open.clone(), open.clone());
        let onkeydown = Callback::from(move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                "ArrowRight" => (index + 1) % count,
                "ArrowLeft" => (index + count - 1) % count,
                "Home" => 0,
                "End" => count - 1,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            keys.emit(next);
            focus(group, next);
        });
        html! {
            <button
                type="button"
                role="tab"
                id={format!("tab-{group}-{index}")}
                class="tab"
                data-tab={tab.name}
                aria-selected={tab.is_open.to_string()}
                aria-controls={format!("panel-{group}")}
                tabindex={if tab.is_open { "0" } else { "-1" }}
                onclick={Callback::from(move |_: MouseEvent| click.emit(index))}
                {onkeydown}
            >
                { &tab.label }
            </button>
        }
    });
    html! { <div class="tabs" role="tablist" aria-label={label.to_owned()}>{ for items }</div> }
}

fn focus(group: &str, index: usize) {
    let tab = shell::document().get_element_by_id(&format!("tab-{group}-{index}"));
    if let Some(tab) = tab.and_then(|tab| tab.dyn_into::<HtmlElement>().ok()) {
        // A tab that cannot take the focus leaves it where it is.
        let _ = tab.focus();
    }
}
