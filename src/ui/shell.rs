//! The document around the program, and what program and shell (`www/shell.js`)
//! tell each other: the shell outlives a program that has panicked.

use crate::state::boards::Boards;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CustomEvent, CustomEventInit, Document, FocusOptions, HtmlElement, Window};

/// The window.
///
/// # Panics
/// Outside a browser's window: there is no page without one.
pub(crate) fn window() -> Window {
    web_sys::window().expect("the page runs in a window")
}

/// The document.
///
/// # Panics
/// Outside a browser's window.
pub(crate) fn document() -> Document {
    window().document().expect("a window has a document")
}

/// Tells the console and the shell of a panic before the program stops. Said
/// to Yew, which otherwise puts a hook of its own in the place of ours.
pub(crate) fn catch_panics() {
    yew::set_custom_panic_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        fail(&panic.to_string());
    }));
}

/// Lets the shell take over.
pub(crate) fn fail(message: &str) {
    tell("mqlab-failed", &JsValue::from_str(message));
}

/// Whether the shell has taken over: then nothing of this instance counts.
pub(crate) fn has_failed() -> bool {
    let body = document().body();
    body.is_none_or(|body| body.has_attribute("data-failed"))
}

/// Tells the shell of the work whenever it is saved: should the program stop,
/// the shell offers the text, and the link to where the page stands if the
/// work is small enough for one (what follows the `#`).
pub(crate) fn keep(link: Option<&str>, script: &str) {
    let link = link.map_or(JsValue::NULL, JsValue::from_str);
    tell("mqlab-work", &object(&[("link", link), ("script", script.into())]));
}

/// How the shell wants the page to start.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Restart {
    /// As it stood when it was saved. So does any other reload.
    Here,
    /// With the same work at the beginning of its run: where it stood, the
    /// program has stopped more than once.
    Beginning,
    /// With the gallery. The work stays where it is saved.
    Gallery,
}

/// How the shell wants this page to start.
pub(crate) fn restart() -> Restart {
    let root = document().document_element();
    match root.and_then(|root| root.get_attribute("data-restart")).as_deref() {
        Some("beginning") => Restart::Beginning,
        Some("gallery") => Restart::Gallery,
        _ => Restart::Here,
    }
}

/// An object of JavaScript with these fields.
pub(super) fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in fields {
        // A fresh object takes every field.
        let _ = js_sys::Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object.into()
}

/// Sends an event to the shell.
pub(super) fn tell(name: &str, detail: &JsValue) {
    let init = CustomEventInit::new();
    init.set_detail(detail);
    // Nobody is left to be told if even this does not work.
    if let (Some(window), Ok(event)) = (web_sys::window(), CustomEvent::new_with_event_init_dict(name, &init)) {
        let _ = window.dispatch_event(&event);
    }
}

/// Tells the style sheet how tall the boards are to be.
pub(crate) fn fit_boards(boards: &Boards) {
    let root = document().document_element();
    let Some(root) = root.and_then(|root| root.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    let (wide, narrow) = boards.charts_tall();
    for (name, pixels) in [
        ("--boards-tall", boards.tall),
        ("--charts-tall", wide),
        ("--charts-tall-narrow", narrow),
    ] {
        // A length in pixels is never refused.
        let _ = root.style().set_property(name, &format!("{pixels}px"));
    }
}

/// The size of the window, in CSS pixels.
pub(crate) fn window_size() -> (f64, f64) {
    let window = window();
    let number = |value: Result<JsValue, JsValue>| value.ok().and_then(|value| value.as_f64());
    (
        number(window.inner_width()).unwrap_or(0.0),
        number(window.inner_height()).unwrap_or(0.0),
    )
}

/// Whether everything stands in one column, as `www/narrow.css` has it.
pub(crate) fn is_narrow() -> bool {
    window_size().0 <= 760.0
}

/// Whether the person asked for little motion.
pub(crate) fn wants_little_motion() -> bool {
    matches(&window(), "(prefers-reduced-motion: reduce)")
}

/// Gives an element the focus where it stands.
pub(crate) fn focus_without_scrolling(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    // What cannot have the focus leaves it where it is.
    let _ = element.focus_with_options(&options);
}

fn matches(window: &Window, query: &str) -> bool {
    window
        .match_media(query)
        .ok()
        .flatten()
        .is_some_and(|list| list.matches())
}
