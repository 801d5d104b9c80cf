//! Opening what is large. The page says so and is painted before it begins, and the new
//! run is shown in a task of its own, so that the browser can do something in between.

use super::app::{App, Message};
use super::share::Request;
use super::shell;
use crate::state::session::Action;
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use yew::html::Scope;

/// Texts from so many bytes on take long to open. The longest of the gallery has not
/// half of it.
const LARGE_BYTES: usize = 20_000;

/// Whether a message brings a text that takes long to open.
pub(crate) fn is_large(message: &Message) -> bool {
    let bytes = match message {
        Message::Act(Action::Edit(text)) => text.len(),
        Message::Share(Request::Read { bytes: Ok(bytes), .. }) => bytes.len(),
        _ => 0,
    };
    bytes >= LARGE_BYTES
}

/// Whether a message makes another text the one that is worked on.
pub(crate) fn is_other_text(message: &Message) -> bool {
    match message {
        Message::Act(Action::Edit(_) | Action::Open(_)) => true,
        Message::Share(request) => matches!(request, Request::Read { .. } | Request::Reopen(_) | Request::Address),
        _ => false,
    }
}

impl App {
    /// Says that something is being opened. Once that is painted, it is.
    #[inline(never)]
    pub(super) fn rest_open_soon(&mut self, message: Message, link: &Scope<App>) {
        self.opening = Some(Box::new(message));
        let begin = link.clone();
        let painting = Closure::once_into_js(move |_: f64| {
            // Behind the picture that is painted now.
            Timeout::new(0, move || begin.send_message(Message::Begin)).forget();
        });
        let asked = shell::window().request_animation_frame(painting.unchecked_ref());
        if asked.is_err() {
            // Without pictures nobody waits for one.
            link.send_message(Message::Begin);
        }
    }
}

/// Shows what was opened in a task of its own.
#[inline(never)]
pub(super) fn rest_show_soon(link: &Scope<App>) {
    let link = link.clone();
    Timeout::new(0, move || link.send_message(Message::Refresh)).forget();
}
