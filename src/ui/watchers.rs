//! Notices when the system changes its colours or the window its size.

use super::shell;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventTarget};
use yew::Callback;

/// Watches while it is held.
pub(crate) struct Watchers {
    listener: Closure<dyn FnMut(Event)>,
    targets: Vec<(EventTarget, &'static str)>,
}

impl Watchers {
    /// Calls back on every change.
    pub(crate) fn watch(changed: Callback<()>) -> Self {
        let window = shell::window();
        let listener = Closure::new(move |_: Event| changed.emit(()));
        let query = |query| window.match_media(query).ok().flatten().map(EventTarget::from);
        let mut targets: Vec<(EventTarget, &'static str)> = vec![(window.clone().into(), "resize")];
        for media in ["(prefers-color-scheme: dark)", "(prefers-reduced-motion: reduce)"] {
            targets.extend(query(media).map(|target| (target, "change")));
        }
        for (target, event) in &targets {
            // Unheard, a change shows at the next picture all the same.
            let _ = target.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
        }
        Watchers { listener, targets }
    }
}

impl Drop for Watchers {
    fn drop(&mut self) {
        for (target, event) in &self.targets {
            let _ = target.remove_event_listener_with_callback(event, self.listener.as_ref().unchecked_ref());
        }
    }
}
