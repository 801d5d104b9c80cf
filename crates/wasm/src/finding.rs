//! Findings about scenario texts, with places as JavaScript counts them.

use mqlab_scenario::{Diagnostic, Severity, parse};
use serde::Serialize;

/// A finding.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Finding {
    severity: &'static str,
    code: &'static str,
    message: String,
    line: usize,
    column: usize,
    /// Where it begins and ends, as indexes of a JavaScript string.
    start: usize,
    end: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
}

/// Every finding about a text, in its order.
pub(crate) fn findings(text: &str) -> Vec<Finding> {
    let (_, found) = parse(text);
    found.iter().map(|one| Finding::of(one, text)).collect()
}

/// The errors among findings, one a line, for the message of an exception.
pub(crate) fn errors(found: &[Diagnostic], text: &str) -> String {
    let errors = found.iter().filter(|one| one.severity == Severity::Error);
    let lines: Vec<String> = errors.map(|one| Finding::of(one, text).line()).collect();
    format!("this scenario cannot run\n{}", lines.join("\n"))
}

impl Finding {
    fn of(found: &Diagnostic, text: &str) -> Self {
        let position = found.position(text);
        Finding {
            severity: match found.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            code: found.code,
            message: found.message.to_string(),
            line: position.line,
            column: position.column,
            start: utf16(text, found.span.start),
            end: utf16(text, found.span.end),
            help: found.help.as_ref().map(ToString::to_string),
        }
    }

    /// The finding in one line.
    fn line(&self) -> String {
        let Finding {
            line,
            column,
            code,
            message,
            ..
        } = self;
        let help = self.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{line}:{column} {code}: {message}{help}")
    }
}

/// The index in UTF-16 of the character at a byte.
fn utf16(text: &str, byte: usize) -> usize {
    let before = text.char_indices().take_while(|(at, _)| *at < byte);
    before.map(|(_, character)| character.len_utf16()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_a_javascript_string() {
        // A character of one unit and three bytes, and one of two and four.
        let text = "title = \"\u{961f}\u{1f40c}\"\nunti = \"1s\"\n";
        let found = findings(text);
        let unknown = found.iter().find(|one| one.code == "unknown-key").unwrap();
        assert_eq!((unknown.line, unknown.column), (2, 1));
        assert_eq!((unknown.start, unknown.end), (14, 18));
        assert_eq!(unknown.help.as_deref().map(|help| help.contains("until")), Some(true));
    }

    #[test]
    fn an_exception_says_where_and_what_to_do() {
        let text = "title = \"t\"\nunti = \"1s\"\n";
        let message = errors(&parse(text).1, text);
        assert!(message.contains("\n2:1 unknown-key: "), "{message}");
    }
}
