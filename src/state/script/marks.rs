//! Findings as marks of the text that is edited.

use super::document::Document;
use mqlab_scenario::{Diagnostic, Severity};
use std::ops::Range;

/// A finding's place in the text as it is now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mark {
    /// Where.
    pub range: Range<usize>,
    /// How bad it is.
    pub severity: Severity,
}

/// The places of all findings, in their order.
pub fn marks(findings: &[Diagnostic], document: &Document) -> Vec<Mark> {
    let mark = |finding: &Diagnostic| Mark {
        range: document.carried(finding.span.clone()),
        severity: finding.severity,
    };
    findings.iter().map(mark).collect()
}

/// The worst mark that begins in a part of the text.
pub fn worst(marks: &[Mark], line: &Range<usize>) -> Option<Severity> {
    let here = marks
        .iter()
        .filter(|mark| (line.start..=line.end).contains(&mark.range.start));
    // Errors come first in the order of severities.
    here.map(|mark| mark.severity).min()
}

/// The finding after the caret, or before it; beyond the last comes the first.
pub fn next(marks: &[Mark], caret: usize, is_forward: bool) -> Option<usize> {
    let places = || marks.iter().enumerate().map(|(index, mark)| (mark.range.start, index));
    if is_forward {
        let behind = places().filter(|(start, _)| *start > caret).min();
        behind.or_else(|| places().min()).map(|(_, index)| index)
    } else {
        let before = places().filter(|(start, _)| *start < caret).max();
        before.or_else(|| places().max()).map(|(_, index)| index)
    }
}

/// How many errors and warnings there are.
pub fn count(findings: &[Diagnostic]) -> (usize, usize) {
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    let errors = errors.count();
    (errors, findings.len() - errors)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(start: usize, severity: Severity) -> Mark {
        Mark {
            range: start..start + 1,
            severity,
        }
    }

    #[test]
    fn one_goes_from_finding_to_finding_and_around() {
        let marks = [5, 2, 9].map(|start| mark(start, Severity::Error));
        assert_eq!(next(&marks, 0, true), Some(1));
        assert_eq!(next(&marks, 2, true), Some(0));
        assert_eq!(next(&marks, 9, true), Some(1));
        assert_eq!(next(&marks, 9, false), Some(0));
        assert_eq!(next(&marks, 2, false), Some(2));
        assert_eq!(next(&[], 2, false), None);
    }

    #[test]
    fn a_line_shows_its_worst_finding() {
        let marks = [
            mark(3, Severity::Warning),
            mark(4, Severity::Error),
            mark(20, Severity::Warning),
        ];
        assert_eq!(worst(&marks, &(0..5)), Some(Severity::Error));
        assert_eq!(worst(&marks, &(18..22)), Some(Severity::Warning));
        assert_eq!(worst(&marks, &(6..9)), None);
    }

    #[test]
    fn marks_follow_the_text() {
        let text = "title = 1\nx = 2\n";
        let (_, findings) = mqlab_scenario::parse(text);
        let mut document = Document::of(text.into(), None);
        document.typed("\ntitle = 1\nx = 2\n", 1..1);
        let marks = marks(&findings, &document);
        assert_eq!(count(&findings).0, marks.len());
        for (mark, finding) in marks.iter().zip(&findings) {
            assert_eq!(document.text()[mark.range.clone()], text[finding.span.clone()]);
        }
    }
}
