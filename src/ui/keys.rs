//! The keyboard: space, the arrows, and r.

use super::shell;
use crate::state::session::{Action, Screen};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, KeyboardEvent};
use yew::Callback;

/// Listens while it is held.
pub(crate) struct Keys {
    listener: Closure<dyn FnMut(KeyboardEvent)>,
}

impl Keys {
    /// Sends an action for every key that means one.
    pub(crate) fn listen(act: Callback<Action>) -> Self {
        let listener = Closure::new(move |event: KeyboardEvent| {
            if let Some(action) = meaning(&event) {
                event.prevent_default();
                act.emit(action);
            }
        });
        let target = shell::document();
        // Without a listener everything still works by its button.
        let _ = target.add_event_listener_with_callback("keydown", listener.as_ref().unchecked_ref());
        Keys { listener }
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        let target = shell::document();
        let _ = target.remove_event_listener_with_callback("keydown", self.listener.as_ref().unchecked_ref());
    }
}

fn meaning(event: &KeyboardEvent) -> Option<Action> {
    if let Some(action) = undoing(event) {
        return Some(action);
    }
    if event.ctrl_key() || event.alt_key() || event.meta_key() || event.default_prevented() {
        return None;
    }
    let focused = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let tag = focused
        .map(|element| element.tag_name().to_ascii_lowercase())
        .unwrap_or_default();
    // Fields need their keys themselves; buttons and summaries need space.
    let is_field = matches!(tag.as_str(), "input" | "select" | "textarea");
    match event.key().as_str() {
        " " if !is_field && tag != "button" && tag != "summary" => Some(Action::Toggle),
        "ArrowRight" if !is_field => Some(Action::Step),
        "ArrowLeft" if !is_field => Some(Action::StepBack),
        "?" if !is_field => Some(Action::Help(true)),
        "g" | "G" if !is_field => Some(Action::Show(Screen::Gallery)),
        "r" | "R" if !is_field && !event.repeat() => Some(Action::Restart),
        _ => None,
    }
}

/// Undoing outside of fields, which have an undoing of their own.
fn undoing(event: &KeyboardEvent) -> Option<Action> {
    let is_command = (event.ctrl_key() || event.meta_key()) && !event.alt_key();
    let focused = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let tag = focused.map(|element| element.tag_name().to_ascii_lowercase());
    if !is_command || event.default_prevented() || matches!(tag.as_deref(), Some("input" | "textarea")) {
        return None;
    }
    match (event.key().as_str(), event.shift_key()) {
        ("z", false) => Some(Action::Undo),
        ("Z" | "z", true) | ("y", false) => Some(Action::Redo),
        _ => None,
    }
}
