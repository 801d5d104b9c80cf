//! A scenario's text with acts in it.

use super::Act;
use crate::limits::TEXT_BYTES_MAX;
use crate::nesting::too_deep;
use crate::tree::{Layer, Table};
use mqlab_kernel::sort_by_key;
use toml::de::DeTable;

/// The text with `[[at]]` entries for the acts behind everything else, in
/// order of time; acts of one instant keep their order. Nothing of the text
/// itself changes. A run of it is the run in which the acts were done by hand.
pub fn with_acts(text: &str, acts: &[Act]) -> String {
    let mut sorted: Vec<&Act> = acts.iter().collect();
    sort_by_key(&mut sorted, |act| act.at);
    if sorted.is_empty() {
        return text.to_owned();
    }
    if let Some(end) = end_of_list(text) {
        return into_list(text, end, &sorted);
    }
    appended(text, &sorted)
}

/// The same before all other entries, where they come first in their instants, as what is
/// drawn at random does.
pub(super) fn before_acts(text: &str, acts: &[Act]) -> String {
    let is_entry = |line: &&str| line.trim_start().starts_with("[[at]]");
    let before: usize = text
        .split_inclusive('\n')
        .take_while(|line| !is_entry(line))
        .map(str::len)
        .sum();
    if before == text.len() {
        return with_acts(text, acts);
    }
    let mut sorted: Vec<&Act> = acts.iter().collect();
    sort_by_key(&mut sorted, |act| act.at);
    let (head, tail) = text.split_at(before);
    appended(head.trim_end(), &sorted) + "\n" + tail
}

fn appended(text: &str, sorted: &[&Act]) -> String {
    let mut out = text.to_owned();
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
    for act in sorted {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&act.to_toml());
    }
    out
}

/// Where the closing bracket is if the text says `at = [..]`, to which TOML
/// lets no `[[at]]` be added.
fn end_of_list(text: &str) -> Option<usize> {
    if text.len() > TEXT_BYTES_MAX || too_deep(text).is_some() {
        return None;
    }
    let root = Table::of(DeTable::parse(text).ok()?.get_ref(), Layer::Base);
    let at = root.entry("at")?;
    at.tree.list()?;
    let is_value = text.get(at.key_span.end..)?.trim_start().starts_with('=');
    let last = at.tree.span.end.checked_sub(1)?;
    (is_value && text.get(last..at.tree.span.end) == Some("]")).then_some(last)
}

/// Adds to a list in brackets, on lines of their own: a comment may end the
/// line before.
fn into_list(text: &str, end: usize, acts: &[&Act]) -> String {
    let (before, after) = text.split_at(end);
    let mut out = before.trim_end().to_owned();
    if !last_is_comma_or_bracket(before) {
        out.push_str("\n    ,");
    }
    for act in acts {
        out.push_str("\n    ");
        out.push_str(&act.to_inline());
        out.push(',');
    }
    out.push('\n');
    out + after
}

/// Whether the last thing of a list that is not closed yet, comments left
/// aside, is a comma or the opening bracket.
fn last_is_comma_or_bracket(list: &str) -> bool {
    use toml_parser::Source;
    use toml_parser::lexer::TokenKind;
    let empty = [
        TokenKind::Whitespace,
        TokenKind::Newline,
        TokenKind::Comment,
        TokenKind::Eof,
    ];
    let source = Source::new(list);
    let last = source.lex().filter(|token| !empty.contains(&token.kind())).last();
    last.is_some_and(|token| matches!(token.kind(), TokenKind::Comma | TokenKind::LeftSquareBracket))
}
