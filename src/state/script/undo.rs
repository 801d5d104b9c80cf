//! Taking edits back, and making them again. There is one list for what is
//! typed and for what the page writes: formatting, completion, corrections.

use std::ops::Range;

/// More steps than this nobody takes back.
const STEPS_MAX: usize = 1_000;
/// Text that the list may hold.
const BYTES_MAX: usize = 16 << 20;

/// What is selected; the caret if it is empty.
pub type Selection = Range<usize>;

/// One change of a text.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Edit {
    /// Where.
    pub at: usize,
    /// What stood there.
    pub removed: String,
    /// What stands there now.
    pub inserted: String,
}

impl Edit {
    /// What changed from one text to another, if anything did.
    pub fn between(old: &str, new: &str) -> Option<Edit> {
        if old == new {
            return None;
        }
        let both = old.bytes().zip(new.bytes());
        let mut start = both.take_while(|(a, b)| a == b).count();
        while !old.is_char_boundary(start) || !new.is_char_boundary(start) {
            start -= 1;
        }
        let room = old.len().min(new.len()) - start;
        let both = old.bytes().rev().zip(new.bytes().rev()).take(room);
        let mut end = both.take_while(|(a, b)| a == b).count();
        while !old.is_char_boundary(old.len() - end) || !new.is_char_boundary(new.len() - end) {
            end -= 1;
        }
        Some(Edit {
            at: start,
            removed: old[start..old.len() - end].to_owned(),
            inserted: new[start..new.len() - end].to_owned(),
        })
    }

    /// The text after it. A text that it does not fit stays as it is.
    pub fn apply(&self, text: &str) -> String {
        let mut changed = text.to_owned();
        let range = self.at..self.at + self.removed.len();
        if text.get(range.clone()) == Some(&*self.removed) {
            changed.replace_range(range, &self.inserted);
        }
        changed
    }

    /// What takes it back.
    #[must_use]
    pub fn inverse(&self) -> Edit {
        Edit {
            at: self.at,
            removed: self.inserted.clone(),
            inserted: self.removed.clone(),
        }
    }

    /// Where a byte of the text before it is in the text after it.
    pub fn carry(&self, offset: usize) -> usize {
        if offset < self.at + self.removed.len() {
            offset.min(self.at)
        } else {
            offset - self.removed.len() + self.inserted.len()
        }
    }
}

/// An edit with what was selected before and after it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// The edit.
    pub edit: Edit,
    /// What was selected before.
    pub before: Selection,
    /// What is selected after it.
    pub after: Selection,
}

/// What was done, and what was taken back.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
    /// Whether what is typed next may belong to the last step.
    is_open: bool,
}

impl History {
    /// Adds a step. Keystrokes that go on from the last one belong to it.
    pub fn push(&mut self, step: Step) {
        self.undone.clear();
        let is_open = std::mem::replace(&mut self.is_open, is_keystroke(&step.edit));
        if let Some(last) = self.done.last_mut().filter(|_| is_open)
            && goes_on(&mut last.edit, &step.edit)
        {
            last.after = step.after;
            return;
        }
        self.done.push(step);
        let size = |step: &Step| step.edit.removed.len() + step.edit.inserted.len();
        let mut bytes: usize = self.done.iter().map(size).sum();
        while self.done.len() > STEPS_MAX || (bytes > BYTES_MAX && self.done.len() > 1) {
            bytes -= size(&self.done.remove(0));
        }
    }

    /// The next keystroke begins a step: the caret went elsewhere.
    pub fn pause(&mut self) {
        self.is_open = false;
    }

    /// What takes the last step back, with what is selected then.
    pub fn undo(&mut self) -> Option<(Edit, Selection)> {
        let step = self.done.pop()?;
        self.is_open = false;
        let back = (step.edit.inverse(), step.before.clone());
        self.undone.push(step);
        Some(back)
    }

    /// What makes the step again that was taken back last.
    pub fn redo(&mut self) -> Option<(Edit, Selection)> {
        let step = self.undone.pop()?;
        self.is_open = false;
        let again = (step.edit.clone(), step.after.clone());
        self.done.push(step);
        Some(again)
    }

    /// Whether there is something to take back.
    pub fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    /// Whether there is something to make again.
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }
}

fn is_letter(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|first| first != '\n') && letters.next().is_none()
}

/// Whether an edit is what one key makes: a letter more, or one less.
fn is_keystroke(edit: &Edit) -> bool {
    (edit.removed.is_empty() && is_letter(&edit.inserted)) || (edit.inserted.is_empty() && is_letter(&edit.removed))
}

/// Adds a keystroke to an edit that it goes on from. A new word begins a new
/// step.
fn goes_on(last: &mut Edit, next: &Edit) -> bool {
    if !is_keystroke(next) {
        return false;
    }
    if next.removed.is_empty() && last.removed.is_empty() && last.at + last.inserted.len() == next.at {
        let is_word = last.inserted.ends_with(char::is_whitespace) && !next.inserted.starts_with(char::is_whitespace);
        if !is_word {
            last.inserted.push_str(&next.inserted);
        }
        return !is_word;
    }
    if !next.inserted.is_empty() || !last.inserted.is_empty() {
        return false;
    }
    if next.at + next.removed.len() == last.at {
        last.at = next.at;
        last.removed.insert_str(0, &next.removed);
        return true;
    }
    if next.at == last.at {
        last.removed.push_str(&next.removed);
        return true;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lets a text become others, one after another, as if typed.
    fn typed(texts: &[&str]) -> (History, String) {
        let mut history = History::default();
        for pair in texts.windows(2) {
            let edit = Edit::between(pair[0], pair[1]).expect("it is there");
            let end = edit.at + edit.inserted.len();
            let before = edit.at + edit.removed.len();
            history.push(Step {
                edit,
                before: before..before,
                after: end..end,
            });
        }
        (history, texts.last().expect("it is there").to_string())
    }

    fn undone(texts: &[&str]) -> Vec<String> {
        let (mut history, mut text) = typed(texts);
        let end = text.clone();
        let mut seen = Vec::new();
        while let Some((edit, _)) = history.undo() {
            text = edit.apply(&text);
            seen.push(text.clone());
        }
        while let Some((edit, _)) = history.redo() {
            text = edit.apply(&text);
        }
        assert_eq!(text, end, "redoing everything");
        seen
    }

    #[test]
    fn the_difference_of_two_texts_is_one_edit() {
        for (old, new) in [
            ("", "a"),
            ("aa", "aaa"),
            ("abc", "axc"),
            ("\u{e9}", "\u{ea}"),
            ("\u{4f60}", "\u{4f61}\u{4f60}"),
            ("abab", "ab"),
        ] {
            let edit = Edit::between(old, new).expect("it is there");
            assert_eq!(edit.apply(old), new);
            assert_eq!(edit.inverse().apply(new), old);
        }
        assert_eq!(Edit::between("x", "x"), None);
    }

    #[test]
    fn a_word_is_one_step() {
        assert_eq!(undone(&["", "a", "ab", "ab ", "ab c", "ab cd"]), ["ab ", ""]);
        assert_eq!(undone(&["", "a", "a\n", "a\nb"]), ["a\n", "a", ""]);
    }

    #[test]
    fn deleting_is_one_step_in_either_direction() {
        assert_eq!(undone(&["abcd", "abc", "ab"]), ["abcd"]);
        assert_eq!(undone(&["abcd", "bcd", "cd"]), ["abcd"]);
        assert_eq!(undone(&["ab", "abc", "ab", "a"]), ["abc", "ab"]);
    }

    #[test]
    fn what_is_pasted_is_a_step_of_its_own() {
        assert_eq!(undone(&["", "a", "a12", "a123"]), ["a12", "a", ""]);
    }

    #[test]
    fn a_pause_ends_a_step_and_an_edit_forgets_what_was_undone() {
        let (mut history, _) = typed(&["", "a"]);
        history.pause();
        let step = |at: usize| Step {
            edit: Edit {
                at,
                removed: String::new(),
                inserted: "b".into(),
            },
            before: at..at,
            after: at + 1..at + 1,
        };
        history.push(step(1));
        assert_eq!(history.undo().map(|(edit, _)| edit.removed).as_deref(), Some("b"));
        assert!(history.can_redo());
        history.push(step(0));
        assert!(!history.can_redo());
    }

    #[test]
    fn the_list_is_bounded() {
        let mut history = History::default();
        for at in 0..5_000 {
            history.pause();
            history.push(Step {
                edit: Edit {
                    at,
                    removed: String::new(),
                    inserted: "x".repeat(10_000),
                },
                before: 0..0,
                after: 0..0,
            });
        }
        let mut steps = 0;
        while history.undo().is_some() {
            steps += 1;
        }
        assert!(steps <= STEPS_MAX && steps > 100, "{steps}");
    }

    #[test]
    fn places_are_carried_along() {
        let edit = Edit {
            at: 4,
            removed: "ab".into(),
            inserted: "xyz".into(),
        };
        assert_eq!([0, 4, 5, 6, 9].map(|at| edit.carry(at)), [0, 4, 4, 7, 10]);
    }
}
