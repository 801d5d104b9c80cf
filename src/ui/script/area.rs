//! The text field: its text, its selection and how far it is scrolled, with
//! places as Rust counts them.

use crate::state::script::undo::{Edit, Selection};
use crate::state::script::units;
use crate::ui::shell;
use web_sys::{Element, HtmlTextAreaElement};
use yew::NodeRef;

/// Longer edits than this a field takes in sooner as a whole new text.
const QUICK_MAX: usize = 1_000;

/// The text field, as far as it is there.
pub(super) struct Area(pub(super) HtmlTextAreaElement);

impl Area {
    pub(super) fn of(node: &NodeRef) -> Option<Area> {
        node.cast().map(Area)
    }

    pub(super) fn text(&self) -> String {
        self.0.value()
    }

    /// What is selected in `text`, which the field shows.
    pub(super) fn selection(&self, text: &str) -> Selection {
        let unit = |unit: Option<u32>| units::byte_of(text, unit.unwrap_or_default() as usize);
        // Only fields of other types have no selection.
        let start = unit(self.0.selection_start().ok().flatten());
        let end = unit(self.0.selection_end().ok().flatten());
        start..end.max(start)
    }

    /// Shows another text than `old`, which it shows.
    pub(super) fn write(&self, old: &str, new: &str) {
        let Some(edit) = Edit::between(old, new) else { return };
        if edit.inserted.len() + edit.removed.len() > QUICK_MAX {
            let scrolled = self.scrolled();
            self.0.set_value(new);
            self.scroll(scrolled);
        } else {
            let start = units::unit_of(old, edit.at);
            let end = start + units::unit_of(&edit.removed, edit.removed.len());
            // Both places are in the text.
            let _ = self
                .0
                .set_range_text_with_start_and_end(&edit.inserted, start as u32, end as u32);
        }
    }

    pub(super) fn select(&self, text: &str, selection: &Selection) {
        let unit = |byte| units::unit_of(text, byte) as u32;
        // Fields of this type can select.
        let _ = self.0.set_selection_range(unit(selection.start), unit(selection.end));
    }

    pub(super) fn focus(&self) {
        // A field that cannot take the focus leaves it where it is.
        let _ = self.0.focus();
    }

    pub(super) fn scrolled(&self) -> (i32, i32) {
        (self.0.scroll_left(), self.0.scroll_top())
    }

    pub(super) fn scroll(&self, (left, top): (i32, i32)) {
        self.0.set_scroll_left(left);
        self.0.set_scroll_top(top);
    }

    /// How much of the text is seen, in pixels.
    pub(super) fn size(&self) -> (i32, i32) {
        (self.0.client_width(), self.0.client_height())
    }

    /// The height of a line.
    pub(super) fn line_height(&self) -> f64 {
        let style = shell::window().get_computed_style(&self.0).ok().flatten();
        let height = style.and_then(|style| style.get_property_value("line-height").ok());
        let pixels = height.map(|height| js_sys::parse_float(&height));
        // Not a number where the style says `normal`.
        pixels.filter(|height| *height > 1.0).unwrap_or(20.0)
    }

    /// How far right and down an element begins in the seen part of the text.
    pub(super) fn place_of(&self, element: &Element) -> (f64, f64) {
        let (own, other) = (self.0.get_bounding_client_rect(), element.get_bounding_client_rect());
        (other.left() - own.left(), other.top() - own.top())
    }
}
