//! Keeps the document as the text field is, and the page in the know.

use super::area::Area;
use super::editor::{Editor, Message};
use super::frame::{self, Frame};
use super::suggestions;
use crate::state::session::Action;
use crate::ui::shell;
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::Context;

/// The page is told of the text when it has rested for this long, or for
/// twice as long as it takes to read.
const REST_MS: f64 = 300.0;

impl Editor {
    /// Takes over what was typed.
    pub(super) fn read(&mut self, ctx: &Context<Self>) {
        let Some(area) = Area::of(&self.area) else { return };
        let text = area.text();
        let selection = area.selection(&text);
        let mut document = self.document(ctx);
        document.typed(&text, selection);
        let is_composing = document.is_composing();
        drop(document);
        self.notice = None;
        self.frame = Frame::of(&area);
        if !is_composing {
            self.rest(ctx);
            if self.listing.is_some() {
                self.suggest(ctx);
            }
        }
    }

    /// Takes over what is selected. Says whether it is something else.
    pub(super) fn moved(&mut self, ctx: &Context<Self>) -> bool {
        let Some(area) = Area::of(&self.area) else {
            return false;
        };
        let mut document = self.document(ctx);
        if document.is_composing() {
            return false;
        }
        let selection = area.selection(document.text());
        // What is typed is told of by its own message, which comes first.
        let is_other = selection != document.selection();
        if is_other {
            document.select(selection);
            drop(document);
            self.listing = None;
        }
        is_other
    }

    /// Paints what is seen now. Says whether other lines are.
    pub(super) fn seen(&mut self, ctx: &Context<Self>) -> bool {
        let Some(area) = Area::of(&self.area) else {
            return false;
        };
        let count = self.document(ctx).lines().count();
        let before = self.frame.lines(count);
        self.frame = Frame::of(&area);
        self.document(ctx).scrolled = area.scrolled();
        self.frame.place(&self.paint, &self.gutter, count);
        before != self.frame.lines(count) || self.listing.is_some()
    }

    /// The page is told of the text in a moment.
    pub(super) fn rest(&mut self, ctx: &Context<Self>) {
        let wait = REST_MS.max(2.0 * ctx.props().read_ms);
        let link = ctx.link().clone();
        self.resting = Some(Timeout::new(wait as u32, move || link.send_message(Message::Rested)));
    }

    /// The page is told of the text now.
    pub(super) fn tell(&mut self, ctx: &Context<Self>) {
        self.resting = None;
        let mut document = self.document(ctx);
        if document.is_composing() {
            return;
        }
        let told = document.tell();
        drop(document);
        if let Some(text) = told {
            ctx.props().act.emit(Action::Edit(text));
        }
    }

    /// Scrolls sideways until the caret is seen.
    pub(super) fn reveal_column(&mut self, area: &Area) {
        let Some(caret) = self.caret.cast() else { return };
        let (left, _) = area.place_of(&caret);
        let width = f64::from(area.size().0);
        let (now, top) = area.scrolled();
        if left < 8.0 || left > width - 24.0 {
            let wanted = f64::from(now) + left - width / 2.0;
            area.scroll((
                if left + f64::from(now) < width - 24.0 {
                    0
                } else {
                    wanted as i32
                },
                top,
            ));
        }
    }

    /// Puts the list where the caret is.
    pub(super) fn show_list(&self, area: &Area) {
        let Some(list) = self.list.cast::<HtmlElement>() else {
            return;
        };
        if let Some(listing) = &self.listing {
            frame::put_beside(&list, area, &self.caret, self.frame.line_height());
            let option = shell::document().get_element_by_id(&suggestions::id(listing.chosen));
            if let Some(option) = option.and_then(|option| option.dyn_into::<HtmlElement>().ok()) {
                frame::keep_seen(&option);
            }
        }
    }
}
