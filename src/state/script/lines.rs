//! Where the lines of a text are, and what each begins with.

use super::highlight::{State, enter, lex};
use std::ops::Range;

/// The lines of one text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lines {
    starts: Vec<usize>,
    states: Vec<State>,
    len: usize,
}

impl Lines {
    /// The lines of `text`; there is always one.
    pub fn of(text: &str) -> Lines {
        let mut lines = Lines {
            starts: Vec::new(),
            states: Vec::new(),
            len: text.len(),
        };
        let (mut start, mut state) = (0, State::default());
        for line in text.split('\n') {
            state = enter(line, state);
            lines.starts.push(start);
            lines.states.push(state);
            state = lex(line, state, |_, _| {});
            start += line.len() + 1;
        }
        lines
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The place of a line, without its end; of one that there is not, the
    /// end of the text.
    pub fn range(&self, line: usize) -> Range<usize> {
        let start = self.starts.get(line).copied().unwrap_or(self.len);
        let end = self.starts.get(line + 1).map_or(self.len, |next| next - 1);
        start..end
    }

    /// What a line begins with.
    pub fn state(&self, line: usize) -> State {
        self.states.get(line).copied().unwrap_or_default()
    }

    /// The line in which a byte is; a line's end belongs to it.
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The last header at or above a line, or the first line.
    pub fn header_above(&self, text: &str, line: usize) -> usize {
        let is_header = |line: &usize| {
            let shown = text.get(self.range(*line)).unwrap_or_default();
            self.state(*line).is_clear() && shown.trim_start().starts_with('[')
        };
        (0..=line.min(self.count() - 1)).rev().find(is_header).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_by_byte() {
        let text = "ab\n\ncd";
        let lines = Lines::of(text);
        assert_eq!(lines.count(), 3);
        let ranges: Vec<_> = (0..4).map(|line| lines.range(line)).collect();
        assert_eq!(ranges, [0..2, 3..3, 4..6, 6..6]);
        assert_eq!([0, 2, 3, 4, 6, 99].map(|at| lines.line_of(at)), [0, 0, 1, 2, 2, 2]);
        assert_eq!(Lines::of("").count(), 1);
        assert_eq!(Lines::of("\n").range(1), 1..1);
    }

    #[test]
    fn the_header_above_is_no_line_of_a_text() {
        let text = "[a]\nx = \"\"\"\n[b]\n\"\"\"\ny = [\n[1],\n]\n";
        let lines = Lines::of(text);
        assert_eq!(lines.header_above(text, 6), 0);
        assert_eq!(lines.header_above("x = 1", 0), 0);
    }
}
