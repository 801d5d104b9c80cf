//! The document around the program, and what is told to it when the program
//! stops.

use crate::state::boards::Boards;
use crate::state::texts::{Key, Language};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CustomEvent, CustomEventInit, Document, HtmlElement, Window};

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

/// Tells the console and the shell of a panic before the program stops.
pub(crate) fn catch_panics() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        fail(&panic.to_string());
    }));
}

/// Lets the shell take over.
pub(crate) fn fail(message: &str) {
    let init = CustomEventInit::new();
    init.set_detail(&JsValue::from_str(message));
    // Nobody is left to be told if even this does not work.
    if let (Some(window), Ok(event)) = (
        web_sys::window(),
        CustomEvent::new_with_event_init_dict("mqlab-failed", &init),
    ) {
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

/// Whether the person asked for little motion.
pub(crate) fn wants_little_motion() -> bool {
    matches(&window(), "(prefers-reduced-motion: reduce)")
}

fn matches(window: &Window, query: &str) -> bool {
    window
        .match_media(query)
        .ok()
        .flatten()
        .is_some_and(|list| list.matches())
}

/// Gives the shell its words in the language of the page: when it needs them,
/// nobody can translate any more.
pub(crate) fn translate(language: Language) {
    let document = document();
    let words = [
        ("failed-title", Key::FailedTitle),
        ("failed-help", Key::FailedHelp),
        ("failed-reload", Key::Reload),
    ];
    for (id, key) in words {
        if let Some(element) = document.get_element_by_id(id) {
            element.set_text_content(Some(language.text(key)));
        }
    }
}
