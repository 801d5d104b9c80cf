//! The formatter: one way to lay a scenario text out.
//!
//! It works on the tokens of the text and changes the space between them only:
//! comments, the order of keys and how values are written stay. Formatting a
//! formatted text changes nothing.

use crate::limits::TEXT_BYTES_MAX;
use crate::nesting::too_deep;
use std::fmt::Write as _;
use toml::de::DeTable;
use toml_parser::Source;
use toml_parser::lexer::{Token, TokenKind};

/// How far what stands in a list of several lines is moved in.
const INDENT: &str = "    ";

/// `text` in its canonical layout. A text that is no TOML is given back as it
/// is, because there is no telling what its parts are.
pub fn print(text: &str) -> String {
    if text.len() > TEXT_BYTES_MAX || too_deep(text).is_some() || DeTable::parse(text).is_err() {
        return text.to_owned();
    }
    let source = Source::new(text);
    let tokens: Vec<Token> = source
        .lex()
        .filter(|token| token.kind() != TokenKind::Whitespace)
        .collect();
    let mut printer = Printer {
        text,
        tokens,
        at: 0,
        out: String::new(),
        comments: Vec::new(),
        blank: false,
    };
    printer.document();
    printer.out
}

struct Printer<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    out: String,
    /// Comments that stand above what comes next.
    comments: Vec<&'a str>,
    /// Whether an empty line stands above them.
    blank: bool,
}

/// A value as it is laid out.
enum Layout<'a> {
    Plain(&'a str),
    Bracket {
        square: bool,
        entries: Vec<Entry<'a>>,
        several_lines: bool,
    },
}

/// An entry of a list or of a table in one line.
#[derive(Default)]
struct Entry<'a> {
    above: Vec<&'a str>,
    /// The entry's key, if it has one; without it and a value this is the
    /// place of comments at the end.
    key: Option<String>,
    value: Option<Layout<'a>>,
    beside: Option<&'a str>,
}

impl<'a> Printer<'a> {
    fn kind(&self) -> TokenKind {
        self.tokens.get(self.at).map_or(TokenKind::Eof, Token::kind)
    }

    /// The text of the token here, and on to the next.
    fn take(&mut self) -> &'a str {
        let text = self
            .tokens
            .get(self.at)
            .map_or("", |token| &self.text[token.span().start()..token.span().end()]);
        self.at += 1;
        text.trim_end()
    }

    fn document(&mut self) {
        let mut newlines = 0;
        loop {
            match self.kind() {
                TokenKind::Eof => break,
                TokenKind::Newline => {
                    self.at += 1;
                    newlines += 1;
                    if newlines == 2 {
                        self.paragraph();
                    }
                    continue;
                }
                TokenKind::Comment => {
                    let comment = self.take();
                    self.comments.push(comment);
                }
                TokenKind::LeftSquareBracket => {
                    // A header begins a paragraph, with the comments above it.
                    self.blank = !self.out.is_empty();
                    self.comments_above();
                    self.header();
                }
                _ => {
                    self.comments_above();
                    let key = self.key(&mut Vec::new());
                    let value = self.value(TokenKind::Newline);
                    let _ = write!(self.out, "{key} = ");
                    write_value(&mut self.out, &value, 0);
                    self.line_end();
                }
            }
            newlines = 0;
        }
        self.comments_above();
    }

    /// An empty line: comments before it do not belong to what comes.
    fn paragraph(&mut self) {
        if !self.comments.is_empty() {
            self.comments_above();
        }
        self.blank = !self.out.is_empty();
    }

    fn comments_above(&mut self) {
        if std::mem::take(&mut self.blank) {
            self.out.push('\n');
        }
        for comment in self.comments.drain(..) {
            self.out.push_str(comment);
            self.out.push('\n');
        }
    }

    fn header(&mut self) {
        while !matches!(self.kind(), TokenKind::Newline | TokenKind::Comment | TokenKind::Eof) {
            let part = self.take();
            self.out.push_str(part);
        }
        self.line_end();
    }

    fn line_end(&mut self) {
        if self.kind() == TokenKind::Comment {
            self.out.push_str("  ");
            let comment = self.take();
            self.out.push_str(comment);
        }
        self.out.push('\n');
        if self.kind() == TokenKind::Newline {
            // Only further ones make an empty line.
            self.at += 1;
            self.empty_line();
        }
    }

    /// Notes whether empty lines follow.
    fn empty_line(&mut self) {
        while self.kind() == TokenKind::Newline {
            self.at += 1;
            self.blank = true;
        }
    }

    /// A key, and on to its value. In a table within a line TOML allows new
    /// lines and comments in between; comments are put above the entry.
    fn key(&mut self, above: &mut Vec<&'a str>) -> String {
        let mut key = String::new();
        let mut is_before = true;
        loop {
            match self.kind() {
                TokenKind::Eof => break,
                TokenKind::Newline => self.at += 1,
                TokenKind::Comment => {
                    let comment = self.take();
                    above.push(comment);
                }
                TokenKind::Equals if is_before => {
                    self.at += 1;
                    is_before = false;
                }
                _ if is_before => key.push_str(self.take()),
                _ => break,
            }
        }
        key
    }

    /// A value that ends before `end`, a comma, a closing bracket or a comment.
    fn value(&mut self, end: TokenKind) -> Layout<'a> {
        match self.kind() {
            TokenKind::LeftSquareBracket => self.bracket(true),
            TokenKind::LeftCurlyBracket => self.bracket(false),
            _ => {
                let ends = [
                    end,
                    TokenKind::Newline,
                    TokenKind::Comma,
                    TokenKind::Comment,
                    TokenKind::RightSquareBracket,
                    TokenKind::RightCurlyBracket,
                    TokenKind::Eof,
                ];
                // Numbers and dates are several tokens, with their own space.
                let place = |token: &Token| (token.span().start(), token.span().end());
                let first = self.tokens.get(self.at).map_or((0, 0), place);
                let mut last = first;
                while !ends.contains(&self.kind()) {
                    last = self.tokens.get(self.at).map_or(last, place);
                    self.at += 1;
                }
                Layout::Plain(&self.text[first.0..last.1])
            }
        }
    }

    fn bracket(&mut self, square: bool) -> Layout<'a> {
        self.at += 1;
        let mut entries: Vec<Entry<'a>> = Vec::new();
        let mut next = Entry::default();
        let mut several_lines = false;
        let mut line_is_new = true;
        loop {
            match self.kind() {
                TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket | TokenKind::Eof => {
                    self.at += 1;
                    break;
                }
                TokenKind::Newline => {
                    self.at += 1;
                    several_lines = true;
                    line_is_new = true;
                }
                TokenKind::Comma => self.at += 1,
                TokenKind::Comment => {
                    let comment = self.take();
                    match entries.last_mut() {
                        Some(last) if !line_is_new => last.beside = Some(comment),
                        _ => next.above.push(comment),
                    }
                }
                _ => {
                    if !square {
                        let key = self.key(&mut next.above);
                        next.key = Some(key);
                        several_lines |= !next.above.is_empty();
                    }
                    next.value = Some(self.value(TokenKind::Comma));
                    entries.push(std::mem::take(&mut next));
                    line_is_new = false;
                }
            }
        }
        if !next.above.is_empty() {
            entries.push(next);
        }
        Layout::Bracket {
            square,
            entries,
            several_lines,
        }
    }
}

fn write_value(out: &mut String, value: &Layout<'_>, depth: usize) {
    let (square, entries, several_lines) = match value {
        Layout::Plain(text) => return out.push_str(text),
        Layout::Bracket {
            square,
            entries,
            several_lines,
        } => (*square, entries, *several_lines),
    };
    let (open, close) = if square { ("[", "]") } else { ("{", "}") };
    out.push_str(open);
    if entries.is_empty() {
        return out.push_str(close);
    }
    if !several_lines {
        let space = if square { "" } else { " " };
        out.push_str(space);
        for (index, entry) in entries.iter().enumerate() {
            if index > 0 {
                out.push_str(", ");
            }
            write_entry(out, entry, depth);
        }
        out.push_str(space);
        return out.push_str(close);
    }
    let last = entries.iter().rposition(|entry| entry.value.is_some());
    for (index, entry) in entries.iter().enumerate() {
        for comment in &entry.above {
            let _ = write!(out, "\n{}{comment}", INDENT.repeat(depth + 1));
        }
        if entry.value.is_some() {
            let _ = write!(out, "\n{}", INDENT.repeat(depth + 1));
            write_entry(out, entry, depth + 1);
            // The comma at the end is for lists only: not every reader of
            // TOML takes one in a table.
            if square || Some(index) != last {
                out.push(',');
            }
        }
        if let Some(comment) = entry.beside {
            let _ = write!(out, "  {comment}");
        }
    }
    let _ = write!(out, "\n{}{close}", INDENT.repeat(depth));
}

fn write_entry(out: &mut String, entry: &Entry<'_>, depth: usize) {
    if let Some(key) = &entry.key {
        let _ = write!(out, "{key} = ");
    }
    if let Some(value) = &entry.value {
        write_value(out, value, depth);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let printed = print(text);
        assert_eq!(printed, expected);
        assert_eq!(print(&printed), printed, "formatting twice is formatting once");
    }

    #[test]
    fn space_is_made_even() {
        check(
            "\n\ntitle=\"x\"   # why\n\n\n\nrows  =  [ \"A5\",\"A6\" , ]\na . b={x=1,y = { } }\n",
            "title = \"x\"  # why\n\nrows = [\"A5\", \"A6\"]\na.b = { x = 1, y = {} }\n",
        );
    }

    #[test]
    fn headers_begin_paragraphs_with_their_comments() {
        check(
            "a = 1\n# about b\n[ b ]  # here\n\n# loose\n\n# about c\n[[ c . d ]]\nx = 1.5\n# end",
            "a = 1\n\n# about b\n[b]  # here\n\n# loose\n\n# about c\n[[c.d]]\nx = 1.5\n# end\n",
        );
    }

    #[test]
    fn lists_of_several_lines_stay_so() {
        check(
            "a = [1,\n  # two\n 2, # beside\n [3,4]\n # last\n]\n",
            "a = [\n    1,\n    # two\n    2,  # beside\n    [3, 4],\n    # last\n]\n",
        );
    }

    #[test]
    fn tables_of_several_lines_have_no_last_comma() {
        check(
            "a = { b # why\n = \n 1,\n c = 2 }\n",
            "a = {\n    # why\n    b = 1,\n    c = 2\n}\n",
        );
    }

    #[test]
    fn texts_of_several_lines_are_left_alone() {
        check(
            "a=\"\"\"\n  x \\\n  y  \n\"\"\"\nb='[.'\n",
            "a = \"\"\"\n  x \\\n  y  \n\"\"\"\nb = '[.'\n",
        );
    }

    #[test]
    fn what_is_no_toml_comes_back() {
        check("a = = 1", "a = = 1");
    }
}
