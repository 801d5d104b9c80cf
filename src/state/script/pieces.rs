//! A line as it is painted: cut wherever its colour, a finding or the caret
//! begins or ends.

use super::highlight::{Kind, State, lex};
use super::marks::Mark;
use mqlab_kernel::sort_by;
use mqlab_scenario::Severity;
use std::ops::Range;

/// Beyond this a line has no colours: nobody writes such lines by hand.
const COLOURED_MAX: usize = 4_000;

/// A piece of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// Where in the line. Empty only for a finding at the line's end, and for
    /// the caret's place.
    pub range: Range<usize>,
    /// Its colour, if it has one.
    pub kind: Option<Kind>,
    /// The worst finding that it belongs to.
    pub severity: Option<Severity>,
}

/// The pieces of a line, whose text is `line` and place is `range`.
pub fn pieces(line: &str, range: &Range<usize>, before: State, marks: &[Mark], caret: Option<usize>) -> Vec<Piece> {
    let mut kinds = Vec::new();
    if line.len() <= COLOURED_MAX {
        lex(line, before, |kind, piece| kinds.push((kind, piece)));
    }
    let marks: Vec<(Range<usize>, Severity)> = marks.iter().filter_map(|mark| within(mark, line, range)).collect();
    let mut cuts: Vec<usize> = vec![0, line.len()];
    cuts.extend(kinds.iter().flat_map(|(_, piece)| [piece.start, piece.end]));
    cuts.extend(marks.iter().flat_map(|(mark, _)| [mark.start, mark.end]));
    cuts.extend(caret);
    cuts.retain(|cut| line.is_char_boundary(*cut));
    sort_by(&mut cuts, Ord::cmp);
    cuts.dedup();
    let mut found: Vec<Piece> = Vec::new();
    let mut rest = kinds.iter().peekable();
    for pair in cuts.windows(2) {
        let piece = pair[0]..pair[1];
        while rest.peek().is_some_and(|(_, kind)| kind.end <= piece.start) {
            rest.next();
        }
        let here = rest.peek().filter(|(_, kind)| kind.start <= piece.start);
        let marked = marks
            .iter()
            .filter(|(mark, _)| mark.start <= piece.start && piece.end <= mark.end);
        found.push(Piece {
            kind: here.map(|(kind, _)| *kind),
            severity: marked.map(|(_, severity)| *severity).min(),
            range: piece,
        });
    }
    let at_end = marks.iter().filter(|(mark, _)| mark.start == line.len());
    if let Some(severity) = at_end.map(|(_, severity)| *severity).min() {
        found.push(Piece {
            range: line.len()..line.len(),
            kind: None,
            severity: Some(severity),
        });
    }
    found
}

/// The part of a mark in a line. An empty mark is as wide as what it stands
/// before.
fn within(mark: &Mark, line: &str, range: &Range<usize>) -> Option<(Range<usize>, Severity)> {
    let Range { start, end } = mark.range;
    let is_here = start <= range.end && (end > range.start || start >= range.start);
    if !is_here {
        return None;
    }
    let from = start.max(range.start) - range.start;
    let mut to = end.min(range.end).saturating_sub(range.start).max(from);
    if from == to {
        to += line
            .get(from..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8);
    }
    // The end of the line is marked where the finding begins there only.
    let goes_on = from == line.len() && start != range.start + from;
    (!goes_on).then_some((from..to, mark.severity))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, line: usize, marks: &[(Range<usize>, Severity)], caret: Option<usize>) -> Vec<String> {
        let lines = super::super::lines::Lines::of(text);
        let range = lines.range(line);
        let marks: Vec<Mark> = marks
            .iter()
            .map(|(range, severity)| Mark {
                range: range.clone(),
                severity: *severity,
            })
            .collect();
        let shown = &text[range.clone()];
        let all = pieces(shown, &range, lines.state(line), &marks, caret);
        let whole: String = all.iter().map(|piece| &shown[piece.range.clone()]).collect();
        assert_eq!(whole, shown, "nothing is left out");
        all.iter()
            .map(|piece| {
                let kind = piece.kind.map_or("", Kind::name);
                let mark = piece
                    .severity
                    .map_or("", |severity| if severity == Severity::Error { "!" } else { "?" });
                format!("{}{mark}:{kind}", &shown[piece.range.clone()])
            })
            .collect()
    }

    #[test]
    fn a_line_is_cut_where_something_changes() {
        assert_eq!(
            shown("ab = 1", 0, &[], None),
            ["ab:key", " :", "=:sign", " :", "1:value"]
        );
        assert_eq!(
            shown("ab = 1", 0, &[(1..4, Severity::Warning)], Some(1)),
            ["a:key", "b?:key", " ?:", "=?:sign", " :", "1:value"]
        );
        assert_eq!(shown("", 0, &[], Some(0)), Vec::<String>::new());
    }

    #[test]
    fn the_worse_finding_shows() {
        let marks = [(0..2, Severity::Warning), (1..2, Severity::Error)];
        assert_eq!(shown("ab", 0, &marks, None), ["a?:key", "b!:key"]);
    }

    #[test]
    fn findings_of_several_lines_are_in_all_of_them() {
        let marks = [(2..7, Severity::Error)];
        assert_eq!(shown("a=[\nb\nc]", 0, &marks, None), ["a:key", "=:sign", "[!:sign"]);
        assert_eq!(shown("a=[\nb\nc]", 1, &marks, None), ["b!:value"]);
        assert_eq!(shown("a=[\nb\nc]", 2, &marks, None), ["c!:value", "]:sign"]);
    }

    #[test]
    fn findings_without_width_are_seen() {
        assert_eq!(shown("ab", 0, &[(0..0, Severity::Error)], None), ["a!:key", "b:key"]);
        assert_eq!(shown("ab\nc", 0, &[(2..2, Severity::Error)], None), ["ab:key", "!:"]);
        assert_eq!(shown("ab\nc", 1, &[(2..2, Severity::Error)], None), ["c:key"]);
        assert_eq!(shown("", 0, &[(0..0, Severity::Error)], None), ["!:"]);
    }

    #[test]
    fn very_long_lines_are_plain() {
        let long = "a = 1 ".repeat(1_000);
        assert_eq!(shown(&long, 0, &[], None).len(), 1);
    }
}
