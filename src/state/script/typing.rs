//! What keys do beyond writing a letter: each gives an edit and what is
//! selected after it.

use super::lines::Lines;
use super::undo::{Edit, Selection};

/// One level of indentation.
const INDENT: &str = "    ";

/// An edit with what is selected after it.
pub type Typed = (Edit, Selection);

fn insert(text: &str, selection: &Selection, inserted: String) -> Typed {
    let caret = selection.start + inserted.len();
    let edit = Edit {
        at: selection.start,
        removed: text.get(selection.clone()).unwrap_or_default().to_owned(),
        inserted,
    };
    (edit, caret..caret)
}

/// A text in place of another, with the caret behind it.
pub fn replace(text: &str, range: &Selection, with: &str) -> Typed {
    insert(text, range, with.to_owned())
}

/// A new line with the indentation of this one, and one more behind a bracket
/// that opens.
pub fn new_line(text: &str, selection: &Selection) -> Typed {
    let line = text[..selection.start].rfind('\n').map_or(0, |at| at + 1);
    let before = &text[line..selection.start];
    let space = before.len() - before.trim_start_matches([' ', '\t']).len();
    let deeper = if before.trim_end().ends_with(['[', '{']) {
        INDENT
    } else {
        ""
    };
    // A header opens nothing.
    let deeper = if before.trim_start().starts_with('[') && !before.contains('=') && space == 0 {
        ""
    } else {
        deeper
    };
    insert(text, selection, format!("\n{}{deeper}", &before[..space]))
}

/// Every selected line with something done to it; `None` if nothing changes.
fn each_line(text: &str, lines: &Lines, selection: &Selection, change: impl Fn(&str) -> String) -> Option<Typed> {
    let first = lines.line_of(selection.start);
    let mut last = lines.line_of(selection.end);
    // A selection that ends before a line does not mean that line.
    if last > first && lines.range(last).start == selection.end {
        last -= 1;
    }
    let (start, end) = (lines.range(first).start, lines.range(last).end);
    let old = &text[start..end];
    let new = old.split('\n').map(change).collect::<Vec<_>>().join("\n");
    if new == old {
        return None;
    }
    let selected = if selection.is_empty() {
        // The caret stays before what it stood before.
        let behind = lines.range(first).end - selection.start;
        let at = (start + new.len()).saturating_sub(behind).max(start);
        at..at
    } else {
        start..start + new.len()
    };
    let edit = Edit {
        at: start,
        removed: old.to_owned(),
        inserted: new,
    };
    Some((edit, selected))
}

/// The selected lines one level deeper.
pub fn indent(text: &str, lines: &Lines, selection: &Selection) -> Option<Typed> {
    each_line(text, lines, selection, |line| {
        if line.is_empty() && !selection.is_empty() {
            String::new()
        } else {
            format!("{INDENT}{line}")
        }
    })
}

/// The selected lines one level less deep.
pub fn outdent(text: &str, lines: &Lines, selection: &Selection) -> Option<Typed> {
    each_line(text, lines, selection, |line| {
        let space = line.bytes().take(INDENT.len()).take_while(|byte| *byte == b' ').count();
        let space = if line.starts_with('\t') { 1 } else { space };
        line[space..].to_owned()
    })
}

/// The selected lines as comments, or, if they all are comments, as text.
pub fn comment(text: &str, lines: &Lines, selection: &Selection) -> Option<Typed> {
    let first = lines.line_of(selection.start);
    let last = lines.line_of(selection.end.max(selection.start));
    let mut shown = (first..=last)
        .map(|line| &text[lines.range(line)])
        .filter(|line| !line.trim().is_empty());
    let is_comment = shown.all(|line| line.trim_start().starts_with('#'));
    each_line(text, lines, selection, |line| {
        let inner = line.trim_start();
        let space = &line[..line.len() - inner.len()];
        match inner.strip_prefix('#') {
            Some(rest) if is_comment => format!("{space}{}", rest.strip_prefix(' ').unwrap_or(rest)),
            _ if inner.is_empty() => line.to_owned(),
            _ => format!("{space}# {inner}"),
        }
    })
}

/// What formatting does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Formatted {
    /// It changes the text.
    Changed(Typed),
    /// The text is formatted already.
    Already,
    /// There is no telling what the parts of the text are.
    NotToml,
}

/// The text in its canonical layout; comments stay.
pub fn format(text: &str, selection: &Selection) -> Formatted {
    let printed = mqlab_scenario::print(text);
    let Some(edit) = Edit::between(text, &printed) else {
        let (_, findings) = mqlab_scenario::parse(text);
        let is_toml = findings.iter().all(|finding| finding.code != "toml");
        return if is_toml {
            Formatted::Already
        } else {
            Formatted::NotToml
        };
    };
    let caret = same_place(text, &printed, selection.start);
    Formatted::Changed((edit, caret..caret))
}

/// Where the caret is in another layout of the text: behind as many letters.
fn same_place(text: &str, printed: &str, caret: usize) -> usize {
    let is_letter = |letter: char| !letter.is_whitespace() && letter != ',';
    let before = text[..caret].chars().filter(|letter| is_letter(*letter)).count();
    if before == 0 {
        return 0;
    }
    let mut letters = printed.char_indices().filter(|(_, letter)| is_letter(*letter));
    letters
        .nth(before - 1)
        .map_or(printed.len(), |(at, letter)| at + letter.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::scenarios::SCENARIOS;

    /// A marked text after something: `<` and `>` are the selection's ends,
    /// `|` is the caret.
    fn after(marked: &str, act: impl Fn(&str, &Lines, &Selection) -> Option<Typed>) -> String {
        let start = marked.find(['<', '|']).expect("it is there");
        let text = marked.replace(['<', '|'], "");
        let end = text.find('>').unwrap_or(start);
        let text = text.replace('>', "");
        let Some((edit, selection)) = act(&text, &Lines::of(&text), &(start..end)) else {
            return "nothing".into();
        };
        let mut shown = edit.apply(&text);
        if selection.is_empty() {
            shown.insert(selection.start, '|');
        } else {
            shown.insert(selection.end, '>');
            shown.insert(selection.start, '<');
        }
        shown
    }

    #[test]
    fn a_new_line_keeps_the_indentation() {
        let press = |marked| after(marked, |text, _, selection| Some(new_line(text, selection)));
        assert_eq!(press("  a|"), "  a\n  |");
        assert_eq!(press("a = [|]"), "a = [\n    |]");
        assert_eq!(press("[|"), "[\n|");
        assert_eq!(press("  a<b>c"), "  a\n  |c");
        assert_eq!(press("  |  a"), "  \n  |  a");
    }

    #[test]
    fn lines_go_in_and_out() {
        assert_eq!(after("a|b", indent), "    a|b");
        assert_eq!(after("<a\n\nb>", indent), "<    a\n\n    b>");
        assert_eq!(after("<a\n>b", indent), "<    a>\nb");
        assert_eq!(after("      a|", outdent), "  a|");
        assert_eq!(after("<\ta\n  b\nc>", outdent), "<a\nb\nc>");
        assert_eq!(after("a|", outdent), "nothing");
        assert_eq!(after("  |  a", outdent), "|a");
    }

    #[test]
    fn comments_come_and_go() {
        assert_eq!(after("  a|", comment), "  # a|");
        assert_eq!(after("  # a|", comment), "  a|");
        assert_eq!(after("<# a\nb>", comment), "<# # a\n# b>");
        assert_eq!(after("<# a\n\n#b>", comment), "<a\n\nb>");
    }

    #[test]
    fn formatting_keeps_the_caret_and_every_comment() {
        let formatted = after("# x\na=[1,2]|#y\n", |text, _, selection| {
            match format(text, selection) {
                Formatted::Changed(typed) => Some(typed),
                _ => None,
            }
        });
        assert_eq!(formatted, "# x\na = [1, 2]|  #y\n");
        assert_eq!(format("a = = 1", &(0..0)), Formatted::NotToml);
        assert_eq!(format("a = 1\n", &(0..0)), Formatted::Already);
        let comments = |text: &str| {
            let mut all: Vec<String> = Vec::new();
            let mut state = super::super::highlight::State::default();
            for line in text.split('\n') {
                state = super::super::highlight::lex(line, state, |kind, piece| {
                    if kind == super::super::highlight::Kind::Comment {
                        all.push(line[piece].trim_end().to_owned());
                    }
                });
            }
            all.sort();
            all
        };
        for entry in SCENARIOS {
            let squeezed = entry.text().replace(" = ", "=").replace("{ ", "{").replace(", ", ",  ");
            assert_eq!(
                comments(&mqlab_scenario::print(&squeezed)),
                comments(&squeezed),
                "{}",
                entry.stem
            );
        }
    }
}
