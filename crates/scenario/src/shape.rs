//! Checks a tree against the table of keys: unknown keys, missing keys, values
//! of the wrong kind. What the names mean is not looked at here.

use crate::diagnostic::{Advice, Diagnostic, Diagnostics};
use crate::dotted;
use crate::keys::{self, Default, Key, ValueKind};
use crate::limits::STEPS_MAX;
use crate::phrase::{Phrase, Text, text};
use crate::read::{self, Problem};
use crate::suggest::{did_you_mean, shown};
use crate::tree::{Entry, Item, Table, Tree};
use std::ops::Range;

/// The words that stand alone as a step.
pub(crate) const PLAIN_STEPS: &[&str] = &["ack", "nack", "respond", "commit", "rollback"];
/// The keys of which a step in a table has exactly one.
pub(crate) const STEP_ACTIONS: &[&str] = &[
    "work",
    "insert",
    "update",
    "delete",
    "unless",
    "claim",
    "transaction",
    "attempts",
    "fail",
    "publish",
    "call",
    "nack",
];
/// The path of a step, wherever it stands.
pub(crate) const STEP: &str = "service.*.steps[]";
/// The keys of which an `[[at]]` entry has exactly one.
pub(crate) const AT_ACTIONS: &[&str] = &[
    "crash",
    "restart",
    "pause",
    "resume",
    "cut",
    "partition",
    "heal",
    "lose",
    "disk_full",
    "disk_free",
    "purge",
    "move_leader",
    "elect_preferred",
    "publish",
    "set",
];

impl From<Box<Problem>> for Diagnostic {
    fn from(found: Box<Problem>) -> Self {
        Diagnostic::error(found.code, &found.span, found.message).maybe_help(found.help)
    }
}

/// Checks one whole variant, or the keys that all variants share.
pub(crate) struct Shape<'a> {
    /// Where findings go.
    pub(crate) found: &'a mut Diagnostics,
}

impl Shape<'_> {
    /// Checks the entries of a table. `pattern` is its path in the table of
    /// keys, `path` the one that users see.
    pub(crate) fn table(&mut self, table: &Table, span: &Range<usize>, pattern: &str, path: &str) {
        for entry in table.entries() {
            self.entry(entry, pattern, path);
        }
        for key in keys::below(pattern).filter(|key| key.default == Default::Required) {
            let name = keys::last(key.path);
            if table.get(name).is_none() {
                let place = if path.is_empty() {
                    Text::from(Phrase::TheScenario)
                } else {
                    Text::code(format!("`{path}`"))
                };
                self.found
                    .push(Diagnostic::error("missing-key", span, text!(Needs, place, name)).help(Text::meaning(key)));
            }
        }
    }

    /// Checks one entry.
    pub(crate) fn entry(&mut self, entry: &Entry, pattern: &str, path: &str) {
        let path = if path.is_empty() {
            shown(&entry.key)
        } else {
            format!("{path}.{}", shown(&entry.key))
        };
        match keys::find(pattern, &entry.key) {
            Some(key) => self.value(entry, pattern, key, &path),
            None => self.unknown(entry, pattern, &path),
        }
    }

    fn unknown(&mut self, entry: &Entry, pattern: &str, path: &str) {
        let suggested = || dotted::help(entry, pattern).or_else(|| suggestion(&entry.key, pattern));
        let help = self.found.has_room().then(suggested).flatten();
        let message = text!(UnknownKey, path);
        self.found
            .push(Diagnostic::error("unknown-key", &entry.key_span, message).maybe_help(help));
    }

    fn value(&mut self, entry: &Entry, pattern: &str, key: &Key, path: &str) {
        let (tree, key_span) = (&entry.tree, &entry.key_span);
        if let Err(mut found) = read::check(key.kind, tree) {
            found.message = text!(At, path, found.message);
            if tree.table().is_some() {
                found.help = dotted::help(entry, pattern).or(found.help);
            }
            self.found.push(found.into());
            return;
        }
        match (key.kind, &tree.item) {
            (ValueKind::Table | ValueKind::Way, Item::Table(table)) => self.table(table, key_span, key.path, path),
            (ValueKind::Map, Item::Table(table)) => self.map(table, key.path, path),
            (ValueKind::Tables, Item::List(list)) => self.list(list, key, path),
            (ValueKind::Steps, Item::List(list)) => self.steps(list, tree, path),
            _ => {}
        }
    }

    fn map(&mut self, table: &Table, pattern: &str, path: &str) {
        // The names of queues, exchanges and topics may have dots, as brokers allow;
        // those of nodes may not, because they stand in paths.
        let dots = matches!(keys::last(pattern), "queue" | "exchange" | "topic");
        for entry in table.entries() {
            let dotted = (!dots && entry.key.contains('.')).then(|| text!(DotInName, shown(&entry.key)));
            if let Some(message) = read::bad_name(&entry.key).or(dotted) {
                self.found.push(Diagnostic::error("bad-name", &entry.key_span, message));
            }
            self.entry(entry, pattern, path);
        }
    }

    fn list(&mut self, list: &[Tree], key: &Key, path: &str) {
        let pattern = format!("{}[]", key.path);
        for element in list {
            match &element.item {
                Item::Table(table) => self.table(table, &element.span, &pattern, path),
                _ => self.not_a_table(element, path),
            }
        }
    }

    /// Checks one `[[at]]` entry.
    pub(crate) fn act(&mut self, entry: &Tree) {
        match &entry.item {
            Item::Table(table) => {
                self.table(table, &entry.span, "at[]", "at");
                self.one_of(table, entry, AT_ACTIONS, "at");
            }
            _ => self.not_a_table(entry, "at"),
        }
    }

    fn not_a_table(&mut self, element: &Tree, path: &str) {
        let message = text!(ExpectedTable, path, element.what());
        self.found.push(Diagnostic::error("wrong-type", &element.span, message));
    }

    fn steps(&mut self, list: &[Tree], tree: &Tree, path: &str) {
        if list.len() > STEPS_MAX {
            let message = text!(TooManyStepsAt, path, list.len(), STEPS_MAX);
            self.found.push(Diagnostic::error("limit", &tree.span, message));
        }
        for step in list {
            match &step.item {
                Item::Text(word) if PLAIN_STEPS.contains(&word.as_str()) => {}
                Item::Text(word) => {
                    let table_step = STEP_ACTIONS
                        .contains(&word.as_str())
                        .then(|| Advice::from(text!(WriteStepAs, word)));
                    let help = table_step.or_else(|| did_you_mean(word, PLAIN_STEPS.iter().copied()));
                    let message = text!(NoStepCalled, path, shown(word));
                    self.found
                        .push(Diagnostic::error("bad-step", &step.span, message).maybe_help(help));
                }
                Item::Table(table) => {
                    self.table(table, &step.span, STEP, path);
                    self.one_of(table, step, STEP_ACTIONS, path);
                }
                _ => self.not_a_table(step, path),
            }
        }
    }

    /// Exactly one of some keys must be there.
    pub(crate) fn one_of(&mut self, table: &Table, tree: &Tree, actions: &[&str], path: &str) {
        let given = actions.iter().filter(|action| table.get(action).is_some()).count();
        if given != 1 {
            let list = actions
                .iter()
                .map(|action| format!("`{action}`"))
                .collect::<Vec<_>>()
                .join(", ");
            let message = text!(NeedsExactlyOne, path, list, given);
            self.found.push(Diagnostic::error("one-of", &tree.span, message));
        }
    }
}

/// What an unknown key may have meant: a near name here, or the same name at
/// another level of the same part.
fn suggestion(name: &str, pattern: &str) -> Option<Advice> {
    let near = did_you_mean(
        name,
        keys::below(pattern)
            .map(|key| keys::last(key.path))
            .filter(|last| *last != "*"),
    );
    let root = pattern.split('.').next().unwrap_or(pattern);
    near.or_else(|| {
        let elsewhere = keys::KEYS.iter().filter(|key| keys::last(key.path) == name);
        let same_part = elsewhere
            .clone()
            .find(|key| !root.is_empty() && key.path.starts_with(root));
        let found = same_part.or_else(|| elsewhere.clone().next())?;
        let path = found.path.replace('*', "NAME").replace("[]", "");
        Some(text!(ThereIsKey, path).into())
    })
    .or_else(|| {
        let known: Vec<&str> = keys::below(pattern)
            .map(|key| keys::last(key.path))
            .filter(|last| *last != "*")
            .collect();
        (!known.is_empty()).then(|| text!(MayStandHere, known.join(", ")).into())
    })
}
