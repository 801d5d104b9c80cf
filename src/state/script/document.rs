//! The text as it is edited: what the page was told of it, what it was not
//! yet, and how to take edits back.

use super::lines::Lines;
use super::undo::{Edit, History, Selection, Step};
use std::ops::Range;
use std::rc::Rc;

/// A text that is edited.
#[derive(Clone, PartialEq, Debug)]
pub struct Document {
    text: Rc<str>,
    lines: Rc<Lines>,
    selection: Selection,
    history: History,
    /// The text that the page knows. Findings are about that one.
    told: Rc<str>,
    /// What changed since, in order.
    since: Vec<Edit>,
    /// What stood there before something is composed.
    composing: Option<(Rc<str>, Selection)>,
    origin: Option<usize>,
    /// How far it is scrolled, to be found again when it is shown again.
    pub scrolled: (i32, i32),
}

impl Default for Document {
    fn default() -> Self {
        Document::of("".into(), None)
    }
}

impl Document {
    /// A text as it is opened; `origin` is its place in the gallery.
    pub fn of(text: Rc<str>, origin: Option<usize>) -> Document {
        let own = with_plain_ends(&text);
        Document {
            lines: Rc::new(Lines::of(&own)),
            since: Edit::between(&text, &own).into_iter().collect(),
            told: text,
            text: own,
            selection: 0..0,
            history: History::default(),
            composing: None,
            origin,
            scrolled: (0, 0),
        }
    }

    /// The text.
    pub fn text(&self) -> &Rc<str> {
        &self.text
    }

    /// Its lines.
    pub fn lines(&self) -> &Rc<Lines> {
        &self.lines
    }

    /// What is selected.
    pub fn selection(&self) -> Selection {
        self.selection.clone()
    }

    /// Whether the page does not know the text yet.
    pub fn is_ahead(&self) -> bool {
        self.text != self.told
    }

    /// Whether something is being composed, of several keys to a letter.
    pub fn is_composing(&self) -> bool {
        self.composing.is_some()
    }

    /// Whether there is something to take back.
    pub fn can_undo(&self) -> bool {
        self.history.can_undo()
    }

    /// Whether there is something to make again.
    pub fn can_redo(&self) -> bool {
        self.history.can_redo()
    }

    /// Takes note of the page's text. One that comes from elsewhere replaces
    /// this one: as a step that can be taken back, or, if another scenario was
    /// opened, as a new beginning. Says whether the text is another one now.
    pub fn adopt(&mut self, text: &Rc<str>, origin: Option<usize>) -> bool {
        if origin != self.origin {
            *self = Document::of(Rc::clone(text), origin);
            return true;
        }
        if Rc::ptr_eq(text, &self.told) || *text == self.told {
            return false;
        }
        self.composing = None;
        self.history.pause();
        let own = with_plain_ends(text);
        let changed = Edit::between(&self.text, &own);
        let is_other = changed.is_some();
        if let Some(edit) = changed {
            let at = edit.at + edit.inserted.len();
            self.edit(edit, at..at);
        }
        self.history.pause();
        self.told = Rc::clone(text);
        self.since = Edit::between(text, &own).into_iter().collect();
        is_other
    }

    /// The text to tell the page, if it does not know it.
    pub fn tell(&mut self) -> Option<Rc<str>> {
        self.since.clear();
        if self.text == self.told {
            return None;
        }
        self.told = Rc::clone(&self.text);
        Some(Rc::clone(&self.text))
    }

    /// Something else is selected.
    pub fn select(&mut self, selection: Selection) {
        if selection != self.selection {
            self.history.pause();
            self.selection = self.within(selection);
        }
    }

    /// The text is another one after a key, a paste or the like.
    pub fn typed(&mut self, text: &str, selection: Selection) {
        let Some(edit) = Edit::between(&self.text, text) else {
            self.selection = self.within(selection);
            return;
        };
        self.edit(edit, selection);
    }

    /// Makes an edit, and selects something in the text that comes of it.
    pub fn edit(&mut self, edit: Edit, selection: Selection) {
        let before = self.selection.clone();
        self.change(&edit);
        self.selection = self.within(selection);
        if self.composing.is_none() {
            self.history.push(Step {
                edit,
                before,
                after: self.selection.clone(),
            });
        }
    }

    /// Something begins to be composed: until it is done it is one step.
    pub fn compose(&mut self) {
        if self.composing.is_none() {
            self.composing = Some((Rc::clone(&self.text), self.selection.clone()));
        }
    }

    /// What was composed is there.
    pub fn composed(&mut self) {
        if let Some((text, before)) = self.composing.take()
            && let Some(edit) = Edit::between(&text, &self.text)
        {
            self.history.push(Step {
                edit,
                before,
                after: self.selection.clone(),
            });
        }
    }

    /// Takes the last step back. Says whether there was one.
    pub fn undo(&mut self) -> bool {
        let step = self.history.undo();
        self.walk(step)
    }

    /// Makes the last step again that was taken back.
    pub fn redo(&mut self) -> bool {
        let step = self.history.redo();
        self.walk(step)
    }

    fn walk(&mut self, step: Option<(Edit, Selection)>) -> bool {
        let Some((edit, selection)) = step else {
            return false;
        };
        self.change(&edit);
        self.selection = self.within(selection);
        true
    }

    fn change(&mut self, edit: &Edit) {
        self.text = edit.apply(&self.text).into();
        self.lines = Rc::new(Lines::of(&self.text));
        self.since.push(edit.clone());
    }

    /// Where a place of the text that the page knows is in this one.
    pub fn carried(&self, span: Range<usize>) -> Range<usize> {
        let carry = |offset: usize| self.since.iter().fold(offset, |offset, edit| edit.carry(offset));
        self.within(carry(span.start)..carry(span.end))
    }

    /// The range as far as it lies in the text, between characters.
    fn within(&self, range: Range<usize>) -> Range<usize> {
        let near = |offset: usize| {
            let mut offset = offset.min(self.text.len());
            while !self.text.is_char_boundary(offset) {
                offset -= 1;
            }
            offset
        };
        let start = near(range.start);
        start..near(range.end).max(start)
    }
}

/// The text with line ends as text fields have them.
fn with_plain_ends(text: &Rc<str>) -> Rc<str> {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n").into()
    } else {
        Rc::clone(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        Document::of(text.into(), Some(0))
    }

    #[test]
    fn the_page_is_told_once() {
        let mut document = document("a");
        assert_eq!(document.tell(), None);
        document.typed("ab", 2..2);
        assert!(document.is_ahead());
        assert_eq!(document.tell().as_deref(), Some("ab"));
        assert_eq!(document.tell(), None);
        assert!(!document.adopt(&"ab".into(), Some(0)), "its own text comes back");
        assert!(document.can_undo());
    }

    #[test]
    fn a_text_from_elsewhere_can_be_taken_back() {
        let mut document = document("a = 1\n");
        document.typed("a = 12\n", 6..6);
        assert!(document.adopt(&"a = 1\n[[at]]\n".into(), Some(0)));
        assert_eq!(&**document.text(), "a = 1\n[[at]]\n");
        assert_eq!(document.tell(), None);
        assert!(document.undo());
        assert_eq!(&**document.text(), "a = 12\n", "what was typed is not lost");
        assert_eq!(document.tell().as_deref(), Some("a = 12\n"));
    }

    #[test]
    fn another_scenario_is_a_new_beginning() {
        let mut document = document("a");
        document.typed("ab", 2..2);
        assert!(document.adopt(&"c".into(), Some(1)));
        assert!(!document.can_undo());
        assert_eq!(document.selection(), 0..0);
    }

    #[test]
    fn what_is_composed_is_one_step() {
        let mut document = document("");
        document.compose();
        for (text, end) in [("n", 1), ("ni", 2), ("\u{4f60}", 3)] {
            document.typed(text, end..end);
        }
        assert!(!document.can_undo());
        document.composed();
        assert!(document.undo());
        assert_eq!((&**document.text(), document.selection()), ("", 0..0));
        assert!(!document.undo());
        assert!(document.redo());
        assert_eq!(&**document.text(), "\u{4f60}");
    }

    #[test]
    fn places_of_findings_move_with_the_text() {
        let mut document = document("a = 1\nb = 2\n");
        document.typed("# x\na = 1\nb = 2\n", 3..3);
        assert_eq!(document.carried(6..7), 10..11);
        document.typed("", 0..0);
        assert_eq!(document.carried(6..7), 0..0);
        document.undo();
        document.tell();
        assert_eq!(document.carried(6..7), 6..7);
    }

    #[test]
    fn line_ends_are_those_of_text_fields() {
        let mut document = document("a\r\nb\rc");
        assert_eq!(&**document.text(), "a\nb\nc");
        assert_eq!(document.tell().as_deref(), Some("a\nb\nc"));
        assert!(!document.can_undo());
    }

    #[test]
    fn selections_stay_within_the_text() {
        let mut document = document("\u{4f60}");
        document.select(1..99);
        assert_eq!(document.selection(), 0..3);
    }
}
