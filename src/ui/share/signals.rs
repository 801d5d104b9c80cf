//! What the browser tells about the address, about leaving the page, and about
//! files that are held over it.

use super::{Request, files};
use crate::ui::shell;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{DragEvent, Event, EventTarget};
use yew::Callback;

/// Listens while it is held.
pub(super) struct Signals {
    listener: Closure<dyn FnMut(Event)>,
    targets: Vec<(EventTarget, &'static str)>,
}

impl Signals {
    /// Sends a request for every event that means one.
    pub(super) fn listen(request: Callback<Request>) -> Self {
        let listener = Closure::new(move |event: Event| hear(&event, &request));
        let (window, document) = (EventTarget::from(shell::window()), EventTarget::from(shell::document()));
        let of_window = ["hashchange", "pagehide"].map(|event| (window.clone(), event));
        let of_document = ["visibilitychange", "dragover", "dragleave", "drop"].map(|event| (document.clone(), event));
        let targets: Vec<(EventTarget, &'static str)> = of_window.into_iter().chain(of_document).collect();
        for (target, event) in &targets {
            // Unheard, work is saved a little less often, and files are opened
            // by their button.
            let _ = target.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
        }
        Signals { listener, targets }
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        for (target, event) in &self.targets {
            let _ = target.remove_event_listener_with_callback(event, self.listener.as_ref().unchecked_ref());
        }
    }
}

fn hear(event: &Event, request: &Callback<Request>) {
    if shell::has_failed() {
        return;
    }
    match event.type_().as_str() {
        "hashchange" => request.emit(Request::Address),
        "pagehide" | "visibilitychange" => request.emit(Request::Keep),
        _ => {
            if let Some(drag) = event.dyn_ref::<DragEvent>() {
                dragged(drag, request);
            }
        }
    }
}

fn dragged(event: &DragEvent, request: &Callback<Request>) {
    let Some(transfer) = event.data_transfer() else { return };
    // Text that is dragged into the editor is none of our business.
    if !transfer.types().iter().any(|kind| kind == "Files") {
        return;
    }
    match event.type_().as_str() {
        "dragover" => {
            event.prevent_default();
            request.emit(Request::Hover(true));
        }
        "drop" => {
            event.prevent_default();
            request.emit(Request::Hover(false));
            if let Some(list) = transfer.files() {
                files::read(&list, request);
            }
        }
        // It has left the window, and not only an element.
        _ if event.related_target().is_none() => request.emit(Request::Hover(false)),
        _ => {}
    }
}
