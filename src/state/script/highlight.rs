//! Colours of TOML, line by line. A text that is being typed is wrong most of
//! the time, so nothing here can fail, and a bracket that is not closed ends
//! at the next line that can only be a new beginning.

use std::ops::Range;

/// What a piece of a line is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// From `#` to the end of the line.
    Comment,
    /// A name in a header.
    Table,
    /// A part of a key.
    Key,
    /// A text in quotes, or a line of one.
    Text,
    /// A number, a flag, or whatever else stands where a value does.
    Value,
    /// A bracket, a comma, a dot or `=`.
    Sign,
}

impl Kind {
    /// Its name in the style sheet.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Comment => "comment",
            Kind::Table => "table",
            Kind::Key => "key",
            Kind::Text => "text",
            Kind::Value => "value",
            Kind::Sign => "sign",
        }
    }
}

/// How a text in quotes ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Quote {
    Basic,
    Literal,
}

impl Quote {
    const fn sign(self) -> u8 {
        match self {
            Quote::Basic => b'"',
            Quote::Literal => b'\'',
        }
    }
}

/// What the lines above leave open.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct State {
    /// A text of several lines.
    quote: Option<Quote>,
    /// The open brackets, the innermost in the lowest bit; set for `{`.
    braces: u64,
    depth: u8,
    /// Whether a value comes next in the innermost table.
    is_value: bool,
}

impl State {
    /// Whether nothing is open.
    pub fn is_clear(self) -> bool {
        self.quote.is_none() && self.depth == 0
    }

    fn is_in_brace(self) -> bool {
        self.depth > 0 && self.braces & 1 == 1
    }

    fn open(&mut self, is_brace: bool) {
        self.braces = self.braces << 1 | u64::from(is_brace);
        self.depth = self.depth.saturating_add(1);
        self.is_value = !is_brace;
    }

    fn close(&mut self) {
        self.braces >>= 1;
        self.depth = self.depth.saturating_sub(1);
        // What was closed was a value.
        self.is_value = true;
    }
}

/// Takes a line apart, without its end. Tells of every piece but space, with
/// its place in the line; gives what the next line begins with.
pub fn lex(line: &str, before: State, each: impl FnMut(Kind, Range<usize>)) -> State {
    let mut lexer = Lexer {
        bytes: line.as_bytes(),
        at: 0,
        state: enter(line, before),
        each,
    };
    lexer.line();
    if lexer.state.depth == 0 {
        lexer.state.is_value = false;
    }
    lexer.state
}

/// What a line begins with after what the lines above leave open.
pub fn enter(line: &str, before: State) -> State {
    let is_open = before.quote.is_none() && before.depth > 0;
    if is_open && begins_anew(line, before.is_in_brace()) {
        State::default()
    } else {
        before
    }
}

/// Whether a line within brackets can only be the beginning of something new,
/// so that a bracket above was never closed.
fn begins_anew(line: &str, is_in_brace: bool) -> bool {
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let inner = line.trim_start_matches('[');
    let name = inner.bytes().take_while(|byte| is_of_name(*byte)).count();
    let behind = inner[name..].trim_start();
    match line.len() - inner.len() {
        0 => name > 0 && !is_in_brace && behind.starts_with('='),
        1 | 2 => {
            let is_name = inner.starts_with(|first: char| first.is_ascii_alphabetic());
            let is_value = matches!(&inner[..name], "true" | "false" | "inf" | "nan");
            is_name && !is_value && (behind.is_empty() || behind.starts_with(']'))
        }
        _ => false,
    }
}

struct Lexer<'a, F> {
    bytes: &'a [u8],
    at: usize,
    state: State,
    each: F,
}

impl<F: FnMut(Kind, Range<usize>)> Lexer<'_, F> {
    fn here(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn tell(&mut self, kind: Kind, start: usize) {
        (self.each)(kind, start..self.at);
    }

    fn line(&mut self) {
        if let Some(quote) = self.state.quote {
            self.text_of_lines(quote, 0);
        }
        let may_be_header = self.state.is_clear() && self.at == 0;
        self.space();
        if may_be_header && self.here() == Some(b'[') {
            self.header();
        }
        loop {
            self.space();
            let Some(byte) = self.here() else { break };
            self.piece(byte);
        }
    }

    fn space(&mut self) {
        while matches!(self.here(), Some(b' ' | b'\t' | b'\r')) {
            self.at += 1;
        }
    }

    fn header(&mut self) {
        loop {
            self.space();
            let start = self.at;
            match self.here() {
                None | Some(b'#') => return,
                Some(b'[' | b']' | b'.') => {
                    self.at += 1;
                    self.tell(Kind::Sign, start);
                }
                Some(sign @ (b'"' | b'\'')) => self.text_of_line(sign, Kind::Table),
                Some(_) => self.word(Kind::Table, true),
            }
        }
    }

    fn piece(&mut self, byte: u8) {
        let start = self.at;
        let is_key = !self.state.is_value && (self.state.depth == 0 || self.state.is_in_brace());
        match byte {
            b'#' => {
                self.at = self.bytes.len();
                self.tell(Kind::Comment, start);
            }
            b'"' | b'\'' if is_key => self.text_of_line(byte, Kind::Key),
            b'"' | b'\'' => self.text(byte),
            b'[' | b']' | b'{' | b'}' | b',' | b'=' => {
                self.at += 1;
                match byte {
                    b'[' | b'{' => self.state.open(byte == b'{'),
                    b']' | b'}' => self.state.close(),
                    b'=' => self.state.is_value = true,
                    _ => self.state.is_value = !self.state.is_in_brace(),
                }
                self.tell(Kind::Sign, start);
            }
            b'.' if is_key => {
                self.at += 1;
                self.tell(Kind::Sign, start);
            }
            _ if is_key => self.word(Kind::Key, true),
            _ => self.word(Kind::Value, false),
        }
    }

    fn word(&mut self, kind: Kind, ends_at_dot: bool) {
        let start = self.at;
        while let Some(byte) = self.here() {
            let is_end = matches!(
                byte,
                b' ' | b'\t' | b'\r' | b',' | b'=' | b'[' | b']' | b'{' | b'}' | b'#' | b'"' | b'\''
            );
            if is_end || (ends_at_dot && byte == b'.') {
                break;
            }
            self.at += 1;
        }
        self.tell(kind, start);
    }

    fn text(&mut self, sign: u8) {
        let quote = if sign == b'"' { Quote::Basic } else { Quote::Literal };
        if self.bytes[self.at..].starts_with(&[sign; 3]) {
            self.text_of_lines(quote, 3);
        } else {
            self.text_of_line(sign, Kind::Text);
        }
    }

    /// A text that ends in its line, closed or not.
    fn text_of_line(&mut self, sign: u8, kind: Kind) {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.here() {
            self.at += 1;
            if byte == sign {
                break;
            }
            self.escape(byte, sign);
        }
        self.tell(kind, start);
    }

    /// A text of several lines, or what of it stands in this one. `opening`
    /// is the length of the quotes here.
    fn text_of_lines(&mut self, quote: Quote, opening: usize) {
        let start = self.at;
        self.at += opening;
        self.state.quote = Some(quote);
        while let Some(byte) = self.here() {
            if self.bytes[self.at..].starts_with(&[quote.sign(); 3]) {
                self.at += 3;
                // Up to two quotes may stand before the closing ones.
                while self.here() == Some(quote.sign()) && self.at < self.bytes.len() {
                    self.at += 1;
                }
                self.state.quote = None;
                break;
            }
            self.at += 1;
            self.escape(byte, quote.sign());
        }
        if self.at > start {
            self.tell(Kind::Text, start);
        }
    }

    /// Goes past what a backslash takes away its meaning.
    fn escape(&mut self, byte: u8, sign: u8) {
        if byte == b'\\' && sign == b'"' && self.at < self.bytes.len() {
            self.at += 1;
            while self.at < self.bytes.len() && self.bytes[self.at] & 0xC0 == 0x80 {
                self.at += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::scenarios::SCENARIOS;

    fn pieces(text: &str) -> Vec<(Kind, &str)> {
        let mut all = Vec::new();
        let mut state = State::default();
        for line in text.split('\n') {
            state = lex(line, state, |kind, range| all.push((kind, &line[range])));
        }
        all
    }

    fn kinds(text: &str) -> String {
        let shown = |(kind, piece): &(Kind, &str)| format!("{}:{piece}", kind.name());
        pieces(text).iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn keys_values_and_headers_differ() {
        assert_eq!(
            kinds("[[a.\"b c\"]] # x\nk.l = 1.5 # y"),
            "sign:[ sign:[ table:a sign:. table:\"b c\" sign:] sign:] comment:# x \
             key:k sign:. key:l sign:= value:1.5 comment:# y"
        );
        assert_eq!(
            kinds("a = { b = true, \"c.d\" = [x, { e = 'f' }] }"),
            "key:a sign:= sign:{ key:b sign:= value:true sign:, key:\"c.d\" sign:= sign:[ value:x sign:, \
             sign:{ key:e sign:= text:'f' sign:} sign:] sign:}"
        );
    }

    #[test]
    fn texts_end_where_they_end() {
        assert_eq!(
            kinds(r##"a = "x\"#y" # z"##),
            r##"key:a sign:= text:"x\"#y" comment:# z"##
        );
        assert_eq!(
            kinds("a = \"open # no\nb = 1"),
            "key:a sign:= text:\"open # no key:b sign:= value:1"
        );
        assert_eq!(
            kinds("a = \"\"\"\n# no\n[no]\n\"\"\" # yes\nb = 1"),
            "key:a sign:= text:\"\"\" text:# no text:[no] text:\"\"\" comment:# yes key:b sign:= value:1"
        );
        assert_eq!(
            kinds("a = '''x''''\nb=1"),
            "key:a sign:= text:'''x'''' key:b sign:= value:1"
        );
    }

    #[test]
    fn a_bracket_that_is_not_closed_ends_at_a_new_beginning() {
        assert_eq!(
            kinds("steps = [{ work = \"3ms\" },\n\n[load.x]\nto = 1"),
            "key:steps sign:= sign:[ sign:{ key:work sign:= text:\"3ms\" sign:} sign:, \
             sign:[ table:load sign:. table:x sign:] key:to sign:= value:1"
        );
        assert_eq!(
            kinds("a = [\n1,\nb = 2"),
            "key:a sign:= sign:[ value:1 sign:, key:b sign:= value:2"
        );
        // These go on.
        assert_eq!(
            kinds("a = [\n[1]\n]"),
            "key:a sign:= sign:[ sign:[ value:1 sign:] sign:]"
        );
        assert_eq!(
            kinds("a = {\nb = 1 }"),
            "key:a sign:= sign:{ key:b sign:= value:1 sign:}"
        );
    }

    #[test]
    fn pieces_are_in_order_and_only_space_is_left_out() {
        let odd = [
            "\u{feff}a=\u{4f60}",
            "]]}},=..",
            "\"\\\u{4f60}\"\\",
            "'''\\",
            "\u{1}\u{0}",
            "[",
            "[[\"",
            "a.\"\\",
        ];
        for text in SCENARIOS.iter().map(|entry| entry.text()).chain(odd) {
            let mut state = State::default();
            for line in text.split('\n') {
                let mut end = 0;
                state = lex(line, state, |_, range| {
                    assert!(
                        range.start < range.end && line[end..range.start].trim().is_empty(),
                        "{line}"
                    );
                    end = range.end;
                });
                assert!(line[end..].trim().is_empty(), "{line}");
            }
        }
    }

    #[test]
    fn deep_brackets_do_no_harm() {
        assert_eq!(pieces(&"[".repeat(1_000)).len(), 1_000);
        assert_eq!(pieces(&"a = {".repeat(500)).len(), 1_500);
    }
}
