//! Which lines are seen, and where they are painted.

use super::area::Area;
use std::ops::Range;
use web_sys::HtmlElement;
use yew::NodeRef;

/// Space above the first line.
pub(super) const PADDING: f64 = 6.0;
/// Lines that are painted above and below what is seen.
const SPARE: usize = 4;

/// The seen part of the text.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Frame {
    line_height: f64,
    height: f64,
    scrolled: (i32, i32),
}

impl Default for Frame {
    fn default() -> Self {
        Frame {
            line_height: 20.0,
            height: 600.0,
            scrolled: (0, 0),
        }
    }
}

impl Frame {
    /// As the text field is now.
    pub(super) fn of(area: &Area) -> Frame {
        Frame {
            line_height: area.line_height(),
            height: f64::from(area.size().1),
            scrolled: area.scrolled(),
        }
    }

    /// The height of a line.
    pub(super) fn line_height(&self) -> f64 {
        self.line_height
    }

    /// The lines to paint, of `count`.
    pub(super) fn lines(&self, count: usize) -> Range<usize> {
        let above = (f64::from(self.scrolled.1) - PADDING) / self.line_height;
        // Nothing is scrolled further than there are lines.
        let first = (above.max(0.0) as usize).saturating_sub(SPARE).min(count);
        let seen = (self.height / self.line_height) as usize + 2 * SPARE + 2;
        first..(first + seen).min(count)
    }

    /// How far to scroll so that a line is seen.
    pub(super) fn with_line(&self, line: usize) -> (i32, i32) {
        let top = line as f64 * self.line_height;
        let bottom = top + 2.0 * PADDING + 2.0 * self.line_height;
        let (left, now) = (self.scrolled.0, f64::from(self.scrolled.1));
        let wanted = if top < now {
            top - self.line_height
        } else if bottom > now + self.height {
            bottom - self.height + self.line_height
        } else {
            now
        };
        (left, wanted.max(0.0) as i32)
    }

    /// Moves what is painted to where the text field shows its text.
    pub(super) fn place(&self, paint: &NodeRef, gutter: &NodeRef, count: usize) {
        let first = self.lines(count).start as f64;
        let top = PADDING + first * self.line_height - f64::from(self.scrolled.1);
        let left = -f64::from(self.scrolled.0);
        shift(paint, left, top);
        shift(gutter, 0.0, top);
    }
}

fn shift(node: &NodeRef, left: f64, top: f64) {
    if let Some(element) = node.cast::<HtmlElement>() {
        set(&element, "transform", &format!("translate({left}px, {top}px)"));
    }
}

/// Sets a property of an element's style.
pub(super) fn set(element: &HtmlElement, name: &str, value: &str) {
    // Names and values are well-formed.
    let _ = element.style().set_property(name, value);
}

/// Puts the list of suggestions beside the caret, below it or, where there is
/// more room, above.
pub(super) fn put_beside(list: &HtmlElement, area: &Area, caret: &NodeRef, line_height: f64) {
    let Some(caret) = caret.cast::<web_sys::Element>() else {
        return;
    };
    let (left, top) = area.place_of(&caret);
    let (width, height) = area.size();
    let room = f64::from(width - list.offset_width());
    set(list, "left", &format!("{}px", left.min(room).max(0.0)));
    let (seen, own) = (f64::from(height), f64::from(list.offset_height()));
    let is_above = top + line_height + own > seen && top > seen / 2.0;
    let place = if is_above { top - own } else { top + line_height };
    set(list, "top", &format!("{place}px"));
}

/// Scrolls the list around a suggestion until that is seen.
pub(super) fn keep_seen(option: &HtmlElement) {
    let Some(list) = option.parent_element() else { return };
    let (top, bottom) = (option.offset_top(), option.offset_top() + option.offset_height());
    if top < list.scroll_top() {
        list.set_scroll_top(top);
    } else if bottom > list.scroll_top() + list.client_height() {
        list.set_scroll_top(bottom - list.client_height());
    }
}
