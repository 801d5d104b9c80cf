//! Calls of the browser: before it paints, and as soon as it has time.

use super::shell;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::MessageChannel;

/// Calls back when asked to, at most once per request.
pub(crate) struct Ticker {
    on_picture: Closure<dyn FnMut(f64)>,
    on_slice: Closure<dyn FnMut(JsValue)>,
    /// A message to oneself comes as soon as nothing else is to be done, and
    /// unlike a timer it is never put off.
    channel: Option<MessageChannel>,
    picture_asked: Rc<Cell<bool>>,
    slice_asked: Rc<Cell<bool>>,
}

impl Ticker {
    /// A ticker that nobody has asked anything of.
    pub(crate) fn new(mut picture: impl FnMut() + 'static, mut slice: impl FnMut() + 'static) -> Self {
        let (picture_asked, slice_asked) = (Rc::new(Cell::new(false)), Rc::new(Cell::new(false)));
        let asked = picture_asked.clone();
        let on_picture = Closure::new(move |_: f64| {
            asked.set(false);
            picture();
        });
        let asked = slice_asked.clone();
        let on_slice: Closure<dyn FnMut(JsValue)> = Closure::new(move |_: JsValue| {
            asked.set(false);
            slice();
        });
        let channel = MessageChannel::new().ok();
        if let Some(channel) = &channel {
            channel.port1().set_onmessage(Some(on_slice.as_ref().unchecked_ref()));
        }
        Ticker {
            on_picture,
            on_slice,
            channel,
            picture_asked,
            slice_asked,
        }
    }

    /// Calls before the browser paints next.
    pub(crate) fn request_picture(&self) {
        if !self.picture_asked.replace(true) {
            let asked = shell::window().request_animation_frame(self.on_picture.as_ref().unchecked_ref());
            self.picture_asked.set(asked.is_ok());
        }
    }

    /// Calls as soon as the browser has nothing else to do.
    pub(crate) fn request_slice(&self) {
        if self.slice_asked.replace(true) {
            return;
        }
        let posted = match &self.channel {
            Some(channel) => channel.port2().post_message(&JsValue::NULL).is_ok(),
            None => {
                let on_slice = self.on_slice.as_ref().unchecked_ref();
                shell::window().set_timeout_with_callback(on_slice).is_ok()
            }
        };
        self.slice_asked.set(posted);
    }
}
