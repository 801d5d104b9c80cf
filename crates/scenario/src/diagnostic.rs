//! What is wrong with a scenario text, where, and what to do about it.

use crate::limits::DIAGNOSTICS_MAX;
use crate::phrase::Text;
use mqlab_kernel::sort_by_key;
use std::ops::Range;

/// How bad a finding is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// The scenario cannot run.
    Error,
    /// It can run, but probably does not do what is meant.
    Warning,
}

/// A finding about a scenario text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A stable name of the kind of finding, such as `unknown-key`.
    pub code: &'static str,
    /// What is wrong, in one line, with the things' names.
    pub message: Text,
    /// Where, in bytes of the text. Empty at 0 if it is about no place in it
    /// (an override from the command line, for example).
    pub span: Range<usize>,
    /// What to do about it.
    pub help: Option<Text>,
    /// The name that is probably meant, where the help proposes one.
    pub instead: Option<Box<Instead>>,
}

/// A name that was probably meant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Instead {
    /// What stands there.
    pub slip: String,
    /// What should.
    pub meant: String,
}

/// What to do about a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Advice {
    pub(crate) text: Text,
    pub(crate) instead: Option<Box<Instead>>,
}

impl<T: Into<Text>> From<T> for Advice {
    fn from(text: T) -> Self {
        Advice {
            text: text.into(),
            instead: None,
        }
    }
}

/// Every code that a finding may have.
pub const CODES: &[&str] = &[
    "acknowledged-twice",
    "bad-binding",
    "bad-clock",
    "bad-consume",
    "bad-expectation",
    "bad-name",
    "bad-override",
    "bad-producer",
    "bad-scan",
    "bad-seek",
    "bad-setting",
    "bad-step",
    "bad-value",
    "call-cycle",
    "cluster",
    "dead-letter",
    "delay",
    "duplicate-binding",
    "duplicate-link",
    "duplicate-name",
    "empty-text",
    "endless",
    "ideal-disk",
    "keys",
    "limit",
    "mandatory",
    "memory",
    "missing-key",
    "needs-key",
    "never-acknowledged",
    "new-name",
    "no-bound",
    "no-connection",
    "no-effect",
    "not-expected",
    "nothing-to-acknowledge",
    "one-act",
    "one-of",
    "out-of-range",
    "polling",
    "queue-length",
    "queue-type",
    "replicas",
    "row",
    "segments",
    "shared-key",
    "toml",
    "too-late",
    "two-databases",
    "unknown-key",
    "unknown-name",
    "unknown-subject",
    "unknown-variant",
    "unused-clock",
    "unused-link",
    "wrong-type",
];

/// A place in a text as people count: both from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

impl Diagnostic {
    /// An error.
    pub(crate) fn error(code: &'static str, span: &Range<usize>, message: impl Into<Text>) -> Self {
        debug_assert!(CODES.contains(&code), "`{code}` is not in the list of codes");
        Diagnostic {
            severity: Severity::Error,
            code,
            message: message.into(),
            span: span.clone(),
            help: None,
            instead: None,
        }
    }

    /// A warning.
    pub(crate) fn warning(code: &'static str, span: &Range<usize>, message: impl Into<Text>) -> Self {
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error(code, span, message)
        }
    }

    /// The same with advice.
    pub(crate) fn help(self, help: impl Into<Advice>) -> Self {
        self.maybe_help(Some(help))
    }

    /// The same with advice, if there is any.
    pub(crate) fn maybe_help(mut self, help: Option<impl Into<Advice>>) -> Self {
        if let Some(advice) = help.map(Into::into) {
            self.help = Some(advice.text);
            self.instead = advice.instead;
        }
        self
    }

    /// What to write at the finding's place to follow its help, if the help
    /// proposes a name. `text` is the text that was parsed.
    pub fn replacement(&self, text: &str) -> Option<String> {
        let Instead { slip, meant } = self.instead.as_deref()?;
        let there = text.get(self.span.clone())?;
        let (before, after) = there.split_once(slip.as_str())?;
        // Nothing is written over anything but the slip: it stands there once,
        // and what is meant needs no quotes that are not there already.
        let is_of_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.');
        let is_part = before.ends_with(is_of_name) || after.starts_with(is_of_name);
        let is_plain = |letter: char| !letter.is_control() && !matches!(letter, '"' | '\'' | '\\');
        let is_clear = !slip.is_empty() && !is_part && !after.contains(slip.as_str());
        (is_clear && meant.chars().all(is_plain)).then(|| format!("{before}{meant}{after}"))
    }

    /// Where the finding begins in `text`, the text that was parsed.
    pub fn position(&self, text: &str) -> Position {
        Position::of(text, self.span.start)
    }
}

impl Position {
    /// The position of the byte at `offset`, or of the end of `text` if that
    /// is nearer. An offset inside a character counts as that character.
    pub fn of(text: &str, offset: usize) -> Position {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &text[..offset];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        Position {
            line,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

/// Collects findings: each once, and no more than anybody would read.
#[derive(Clone, Default, Debug)]
pub(crate) struct Diagnostics {
    list: Vec<Diagnostic>,
    error_seen: bool,
}

impl Diagnostics {
    /// Adds a finding, unless it is there already or there are enough.
    pub(crate) fn push(&mut self, found: Diagnostic) {
        self.error_seen |= found.severity == Severity::Error;
        let same_severity = self
            .list
            .iter()
            .filter(|other| other.severity == found.severity)
            .count();
        if same_severity >= DIAGNOSTICS_MAX {
            return;
        }
        let is_same =
            |other: &Diagnostic| (&other.span, other.code, &other.message) == (&found.span, found.code, &found.message);
        // No more are kept than can be looked through.
        if !self.list.iter().any(is_same) {
            self.list.push(found);
        }
    }

    /// Whether another error would be kept. Suggestions cost time, so nobody
    /// looks for one once there is no room.
    pub(crate) fn has_room(&self) -> bool {
        self.list.len() < DIAGNOSTICS_MAX
    }

    /// Takes note of errors that were found elsewhere and not kept.
    pub(crate) fn note_errors(&mut self, seen: bool) {
        self.error_seen |= seen;
    }

    /// Whether an error was added, kept or not.
    pub(crate) fn has_errors(&self) -> bool {
        self.error_seen
    }

    /// What was kept, in the order in which it was found.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// Everything in the order of the text. If there is too much, errors stay
    /// and warnings go.
    pub(crate) fn finish(self) -> Vec<Diagnostic> {
        let mut list = self.list;
        sort_by_key(&mut list, |found| found.severity);
        list.truncate(DIAGNOSTICS_MAX);
        sort_by_key(&mut list, |found| (found.span.start, found.span.end));
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phrase::Phrase;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let text = "a = 1\nb = \"\u{4f60}\u{597d}\" # x\n";
        assert_eq!(Position::of(text, 0), Position { line: 1, column: 1 });
        assert_eq!(Position::of(text, 6), Position { line: 2, column: 1 });
        let hash = text.find('#').unwrap();
        assert_eq!(Position::of(text, hash), Position { line: 2, column: 10 });
        assert_eq!(Position::of(text, 12).column, 6, "inside a character");
        assert_eq!(Position::of(text, 1_000), Position { line: 3, column: 1 });
    }

    #[test]
    fn a_finding_is_kept_once_and_errors_outlive_warnings() {
        let mut all = Diagnostics::default();
        for index in 0..80 {
            all.push(Diagnostic::warning("row", &(index..index), Phrase::EmptyText));
            all.push(Diagnostic::error("keys", &(index..index), Phrase::EmptyText));
            all.push(Diagnostic::error("keys", &(index..index), Phrase::EmptyText));
        }
        let list = all.finish();
        assert_eq!(list.len(), DIAGNOSTICS_MAX);
        assert_eq!(
            list.iter().filter(|found| found.severity == Severity::Error).count(),
            80
        );
    }

    #[test]
    fn a_proposed_name_replaces_the_slip_and_nothing_else() {
        let proposed = |text: &str, span: Range<usize>| {
            let advice = crate::suggest::instead("wrokers", "workers", Phrase::MakeTwoServices.into());
            Diagnostic::error("unknown-key", &span, Phrase::EmptyText)
                .help(advice)
                .replacement(text)
        };
        assert_eq!(proposed("wrokers = 1", 0..7).as_deref(), Some("workers"));
        assert_eq!(proposed("x = 'wrokers'", 4..13).as_deref(), Some("'workers'"));
        assert_eq!(
            proposed("that = \"busy(wrokers) == 1\"", 7..27).as_deref(),
            Some("\"busy(workers) == 1\"")
        );
        for (text, span) in [
            ("wrokers", 0..70),
            ("workers", 0..7),
            ("my-wrokers", 0..10),
            ("wrokers wrokers", 0..15),
        ] {
            assert_eq!(proposed(text, span), None, "{text}");
        }
        let plain = Diagnostic::error("toml", &(0..1), Phrase::EmptyText).help(Phrase::UseSeed);
        assert_eq!(plain.replacement("x"), None);
    }
}
