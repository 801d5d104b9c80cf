//! Events that the text field does not hand on by itself: of composing, of a
//! new line or an undoing by other means than keys, and of its size.

use super::editor::Message;
use super::keys::Command;
use crate::ui::shell;
use gloo_timers::callback::Timeout;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, EventTarget, HtmlTextAreaElement, InputEvent, ResizeObserver};
use yew::Callback;

type Listener = Closure<dyn FnMut(Event)>;

/// Text fields take long to take in or to give up more than this.
const QUICK_MAX: usize = 4_096;

/// What is put in place of what is selected, if that is so much that the page
/// had better do it.
fn much(event: &InputEvent, field: &HtmlTextAreaElement) -> Option<String> {
    let text = match event.input_type().as_str() {
        "insertFromPaste" | "insertFromDrop" | "insertText" => event.data()?,
        "deleteContentBackward" | "deleteContentForward" => String::new(),
        _ => return None,
    };
    // Only fields of other types have no selection.
    let at = |place: Result<Option<u32>, JsValue>| place.ok().flatten().unwrap_or_default();
    let selected = at(field.selection_end()).saturating_sub(at(field.selection_start()));
    let is_much = text.len() > QUICK_MAX || selected as usize > QUICK_MAX;
    (is_much && event.cancelable() && !event.is_composing()).then_some(text)
}

/// Listens while it is held.
pub(super) struct Listeners {
    list: Vec<(EventTarget, &'static str, Listener)>,
    observer: Option<ResizeObserver>,
    _resized: Closure<dyn FnMut()>,
}

impl Listeners {
    pub(super) fn listen(area: &HtmlTextAreaElement, tell: &Callback<Message>) -> Listeners {
        let target: &EventTarget = area;
        let document: EventTarget = shell::document().into();
        let resized = tell.clone();
        let resized = Closure::new(move || resized.emit(Message::Resized));
        let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            observer.observe(area);
        }
        let field = area.clone();
        let mut listeners = Listeners {
            list: Vec::new(),
            observer,
            _resized: resized,
        };
        let (begun, done, moved, meant) = (tell.clone(), tell.clone(), tell.clone(), tell.clone());
        listeners.add(target, "compositionstart", move |_| begun.emit(Message::Composes(true)));
        listeners.add(target, "compositionend", move |_| done.emit(Message::Composes(false)));
        listeners.add(&document, "selectionchange", move |_| moved.emit(Message::Moved));
        listeners.add(target, "beforeinput", move |event| {
            let event: &InputEvent = event.unchecked_ref();
            if let Some(text) = much(event, &field) {
                event.prevent_default();
                // Within the event the field takes long for it as well.
                let put = meant.clone();
                Timeout::new(0, move || put.emit(Message::Paste(text))).forget();
                return;
            }
            let command = match event.input_type().as_str() {
                "insertLineBreak" | "insertParagraph" => Command::NewLine,
                "historyUndo" => Command::Undo,
                "historyRedo" => Command::Redo,
                _ => return,
            };
            if !event.is_composing() && event.cancelable() {
                event.prevent_default();
                meant.emit(Message::Do(command));
            }
        });
        listeners
    }

    fn add(&mut self, target: &EventTarget, name: &'static str, heard: impl FnMut(Event) + 'static) {
        let listener: Listener = Closure::new(heard);
        // Without it the text is edited all the same.
        let _ = target.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
        self.list.push((target.clone(), name, listener));
    }
}

impl Drop for Listeners {
    fn drop(&mut self) {
        for (target, name, listener) in &self.list {
            let _ = target.remove_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
        }
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}
