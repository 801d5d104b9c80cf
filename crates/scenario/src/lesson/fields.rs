//! The keys of one table of a lesson: each is asked for once, and what nobody
//! asked for is unknown.

use super::{LESSON_LANGUAGES, Texts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::phrase::{Phrase, text};
use crate::suggest::{did_you_mean, shown};
use crate::tree::{Table, Tree};
use std::ops::Range;

/// The keys of one table.
pub(super) struct Fields<'a> {
    table: &'a Table,
    /// Where the table stands, for what is missing in it.
    span: Range<usize>,
    /// What the table is, for messages.
    what: Phrase,
    asked: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    pub(super) fn of(table: &'a Table, span: &Range<usize>, what: Phrase) -> Self {
        Fields {
            table,
            span: span.clone(),
            what,
            asked: Vec::new(),
        }
    }

    /// The value of a key that need not be there.
    pub(super) fn maybe(&mut self, key: &'static str) -> Option<&'a Tree> {
        self.asked.push(key);
        self.table.get(key)
    }

    /// The value of a key that must be there.
    pub(super) fn needed(&mut self, key: &'static str, found: &mut Diagnostics) -> Option<&'a Tree> {
        let tree = self.maybe(key);
        if tree.is_none() {
            let message = text!(Needs, self.what, key);
            found.push(Diagnostic::error("missing-key", &self.span, message));
        }
        tree
    }

    /// A line of text that must be there.
    pub(super) fn word(&mut self, key: &'static str, found: &mut Diagnostics) -> Option<&'a str> {
        let tree = self.needed(key, found)?;
        word(tree, found)
    }

    /// A line of text that need not be there.
    pub(super) fn maybe_word(&mut self, key: &'static str, found: &mut Diagnostics) -> Option<&'a str> {
        let tree = self.maybe(key)?;
        word(tree, found)
    }

    /// A text in every language.
    pub(super) fn texts(&mut self, key: &'static str, found: &mut Diagnostics) -> Option<Texts> {
        let tree = self.needed(key, found)?;
        let Some(table) = tree.table() else {
            let message = text!(NeedsLanguages, key, tree.what());
            found.push(Diagnostic::error("wrong-type", &tree.span, message));
            return None;
        };
        let mut fields = Fields::of(table, &tree.span, Phrase::AText);
        let texts = LESSON_LANGUAGES.map(|language| fields.word(language, found).map(str::to_owned));
        fields.finish(found);
        match texts {
            [Some(english), Some(simplified), Some(traditional)] => Some(Texts([english, simplified, traditional])),
            _ => None,
        }
    }

    /// The tables of a list; none if the key is not there.
    pub(super) fn tables(&mut self, key: &'static str, found: &mut Diagnostics) -> Vec<(&'a Table, Range<usize>)> {
        let Some(tree) = self.maybe(key) else {
            return Vec::new();
        };
        let Some(list) = tree.list() else {
            let message = text!(WrittenAsTables, key, tree.what());
            found.push(Diagnostic::error("wrong-type", &tree.span, message));
            return Vec::new();
        };
        let mut tables = Vec::new();
        for tree in list {
            match tree.table() {
                Some(table) => tables.push((table, tree.span.clone())),
                None => {
                    let message = text!(ListOfTables, key, tree.what());
                    found.push(Diagnostic::error("wrong-type", &tree.span, message));
                }
            }
        }
        tables
    }

    /// Says what is left over.
    pub(super) fn finish(self, found: &mut Diagnostics) {
        for entry in self.table.entries() {
            if !self.asked.contains(&entry.key.as_str()) {
                let message = text!(UnknownKey, shown(&entry.key));
                let help = did_you_mean(&entry.key, self.asked.iter().copied());
                found.push(Diagnostic::error("unknown-key", &entry.key_span, message).maybe_help(help));
            }
        }
    }
}

/// A text that says something.
pub(super) fn word<'a>(tree: &'a Tree, found: &mut Diagnostics) -> Option<&'a str> {
    let Some(text) = tree.text() else {
        let message = text!(ExpectedText, tree.what());
        found.push(Diagnostic::error("wrong-type", &tree.span, message));
        return None;
    };
    if text.trim().is_empty() {
        found.push(Diagnostic::error("empty-text", &tree.span, Phrase::EmptyText));
        return None;
    }
    Some(text)
}
