//! The rest of the program: what a release build leaves out of its first file
//! (`crates/pack`). The shell loads it behind the first screen, and says how
//! far it is in an attribute of the document.
//!
//! The functions whose names begin with `rest_` are the gates: what can be reached
//! through them alone is not in the first file. They may be called only when
//! [`Rest::is_here`], and must stay functions of their own (`#[inline(never)]`).
//! A debug build has everything at once.

use super::app::{Message, View};
use super::share::Request;
use super::shell;
use crate::state::scenarios;
use crate::state::session::Action;
use crate::state::texts::Key;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use yew::{Callback, Html, MouseEvent, html};

/// The attribute of the document in which the shell says how far it is.
const ATTRIBUTE: &str = "data-rest";
/// What the shell says whenever that has changed.
const CHANGED: &str = "mqlab-rest";
/// What the shell is told when somebody waits.
const WANTED: &str = "mqlab-rest-wanted";

/// How far the rest of the program is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Rest {
    /// It is being loaded.
    Loading,
    /// It could not be loaded.
    Failed,
    /// It is here.
    Here,
}

impl Rest {
    /// How far it is now.
    pub(crate) fn look() -> Rest {
        let root = shell::document().document_element();
        match root.and_then(|root| root.get_attribute(ATTRIBUTE)).as_deref() {
            Some("here") => Rest::Here,
            Some("failed") => Rest::Failed,
            _ => Rest::Loading,
        }
    }

    /// Whether everything can be called.
    pub(crate) fn is_here(self) -> bool {
        self == Rest::Here
    }
}

/// Calls back whenever it has come, or could not.
pub(crate) struct Listener(Closure<dyn FnMut()>);

impl Listener {
    /// Listens while it is held.
    pub(crate) fn listen(changed: Callback<()>) -> Self {
        let closure = Closure::new(move || changed.emit(()));
        let listener: &Closure<dyn FnMut()> = &closure;
        // Unheard, it shows with the next thing that happens.
        let _ = shell::window().add_event_listener_with_callback(CHANGED, listener.as_ref().unchecked_ref());
        Listener(closure)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = shell::window().remove_event_listener_with_callback(CHANGED, self.0.as_ref().unchecked_ref());
    }
}

/// Lets the shell load it now, again if need be.
pub(crate) fn want() {
    shell::tell(WANTED, &JsValue::NULL);
}

/// Whether a message can only be taken with the rest of the program.
pub(crate) fn is_needed_for(message: &Message) -> bool {
    match message {
        Message::Act(Action::Open(position)) => scenarios::is_late(*position),
        Message::Act(action) => matches!(
            action,
            Action::Do(..)
                | Action::Undo
                | Action::Redo
                | Action::RemoveAct(_)
                | Action::ActsToScript
                | Action::Edit(_)
                | Action::StepBack
                | Action::Help(true)
                // Texts in the other languages come with the rest.
                | Action::Speak(_)
        ),
        Message::Share(request) => !matches!(request, Request::Keep | Request::Hover(_)),
        Message::Guess(_) | Message::Save(_) | Message::Look(_) | Message::Found(_) => true,
        Message::Search(_) | Message::Refresh | Message::Surroundings | Message::Rest | Message::Begin => false,
    }
}

/// What stands behind a gate, or what is shown until it is here.
pub(crate) fn behind(view: &View<'_>, make: impl FnOnce() -> Html) -> Html {
    if view.rest.is_here() { make() } else { waiting(view) }
}

/// In place of what is not here yet.
fn waiting(view: &View<'_>) -> Html {
    if view.rest == Rest::Failed {
        let again = Callback::from(|_: MouseEvent| want());
        return html! {
            <div class="rest-missing" role="alert">
                <p>{ view.text(Key::RestFailed) }</p>
                <button type="button" data-action="load-rest" onclick={again}>{ view.text(Key::RestAgain) }</button>
            </div>
        };
    }
    html! { <p class="soft rest-loading" role="status">{ view.text(Key::RestLoading) }</p> }
}
