//! What stands around the caret: in which table, at which key, in a key or in
//! its value. It is found in whatever text there is, right or wrong.

use super::highlight::{Kind, State, lex};
use super::lines::Lines;
use mqlab_scenario::{Key, ValueKind};
use std::ops::Range;

/// What the caret is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Nothing that could be completed: a comment, or behind a value.
    Nothing,
    /// The name of a table in its header.
    Header,
    /// A key; `true` if it stands in quotes.
    Key(bool),
    /// A value in quotes.
    Text,
    /// A value without quotes, or the place of one.
    Value,
}

/// Where the caret is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spot {
    /// In what.
    pub place: Place,
    /// For a header or a key, what stands before it: its table and the parts
    /// before the last dot. For a value, its key.
    pub path: Vec<String>,
    /// Whether the innermost bracket around the caret is a `[` of a value.
    pub is_in_list: bool,
    /// What the caret is in, without its quotes; empty between two things.
    pub range: Range<usize>,
    /// Which table, by its number in the text.
    pub table: usize,
}

/// What a walk tells of.
pub enum Seen<'a> {
    /// A key, or a header, with the whole of its path, in a table.
    Key(&'a [String], usize),
    /// Where the caret is.
    Spot(Spot),
}

struct Frame {
    is_table: bool,
    path: Vec<String>,
    key: Vec<String>,
    is_value: bool,
    number: usize,
}

/// A walk over some lines, from a line that begins a table or the text.
struct Walk<'a, F> {
    text: &'a str,
    caret: usize,
    frames: Vec<Frame>,
    header: Option<Vec<String>>,
    tables: usize,
    is_found: bool,
    see: F,
}

/// Where the caret is.
pub fn spot(text: &str, lines: &Lines, caret: usize) -> Spot {
    let line = lines.line_of(caret);
    let mut found = None;
    let first = lines.header_above(text, line);
    walk(text, lines, first..line + 1, caret, |seen| {
        if let Seen::Spot(spot) = seen {
            found = Some(spot);
        }
    });
    found.unwrap_or(Spot {
        place: Place::Nothing,
        path: Vec::new(),
        is_in_list: false,
        range: caret..caret,
        table: 0,
    })
}

/// Goes over lines and tells of the keys in them and of the caret.
pub fn walk(text: &str, lines: &Lines, which: Range<usize>, caret: usize, see: impl FnMut(Seen<'_>)) {
    let mut walk = Walk {
        text,
        caret,
        frames: vec![frame(true, Vec::new(), 0)],
        header: None,
        tables: 0,
        is_found: false,
        see,
    };
    for line in which {
        walk.line(lines.range(line), lines.state(line));
    }
}

fn frame(is_table: bool, path: Vec<String>, number: usize) -> Frame {
    Frame {
        is_table,
        path,
        key: Vec::new(),
        is_value: false,
        number,
    }
}

impl<F: FnMut(Seen<'_>)> Walk<'_, F> {
    fn line(&mut self, range: Range<usize>, before: State) {
        if before.is_clear() {
            self.begin();
        }
        let line = &self.text[range.clone()];
        let mut pieces = Vec::new();
        lex(line, before, |kind, piece| pieces.push((kind, piece)));
        if before.is_clear() && line.trim_start().starts_with('[') {
            self.header = Some(vec![String::new()]);
        }
        for (kind, piece) in pieces {
            let piece = range.start + piece.start..range.start + piece.end;
            self.look(kind, &piece);
            self.piece(kind, &piece);
        }
        if range.end >= self.caret && range.start <= self.caret {
            self.between();
        }
        self.end_of_line();
    }

    /// Looks whether the caret is in a piece, or before it.
    fn look(&mut self, kind: Kind, piece: &Range<usize>) {
        if self.is_found || piece.end < self.caret || (kind == Kind::Sign && piece.start < self.caret) {
            return;
        }
        if piece.start >= self.caret {
            return self.between();
        }
        let shown = &self.text[piece.clone()];
        let quote = shown.chars().next().filter(|first| matches!(first, '"' | '\''));
        let mut inside = piece.clone();
        if let Some(quote) = quote {
            inside.start += 1;
            let is_closed = shown.len() > 1 && shown.ends_with(quote);
            inside.end -= usize::from(is_closed);
            if (is_closed && self.caret == piece.end) || shown.starts_with("\"\"\"") || shown.starts_with("'''") {
                return self.found(Place::Nothing, self.caret..self.caret);
            }
        }
        let place = match kind {
            Kind::Table => Place::Header,
            Kind::Key => Place::Key(quote.is_some()),
            Kind::Text if quote.is_some() => Place::Text,
            Kind::Value => Place::Value,
            Kind::Text | Kind::Comment | Kind::Sign => Place::Nothing,
        };
        self.found(place, inside);
    }

    /// The caret is between two pieces.
    fn between(&mut self) {
        if self.is_found {
            return;
        }
        let top = self.frames.last();
        let is_value = top.is_some_and(|frame| !frame.is_table || frame.is_value);
        let place = match &self.header {
            Some(_) => Place::Header,
            None if is_value => Place::Value,
            None => Place::Key(false),
        };
        // Behind the closing bracket of a header nothing may stand.
        let line = self.text[..self.caret].rfind('\n').map_or(0, |at| at + 1);
        let is_behind = self.header.is_some() && self.text[line..self.caret].contains(']');
        let place = if is_behind { Place::Nothing } else { place };
        self.found(place, self.caret..self.caret);
    }

    fn found(&mut self, place: Place, range: Range<usize>) {
        self.is_found = true;
        let top = self.frames.last();
        let mut path = top.map(Frame::whole).unwrap_or_default();
        let is_key = matches!(place, Place::Key(_));
        if let Some(header) = &self.header {
            path.clone_from(header);
            path.pop();
        } else if is_key {
            // The last part of the key is the one that is typed.
            let typed = top.map_or(0, |frame| usize::from(!frame.key.is_empty()));
            path.truncate(path.len() - typed);
        }
        let spot = Spot {
            place,
            path,
            is_in_list: top.is_some_and(|frame| !frame.is_table),
            range,
            table: top.map_or(0, |frame| frame.number),
        };
        (self.see)(Seen::Spot(spot));
    }

    fn piece(&mut self, kind: Kind, piece: &Range<usize>) {
        let shown = &self.text[piece.clone()];
        match (kind, &mut self.header) {
            (Kind::Sign, Some(header)) if shown == "." => header.push(String::new()),
            (Kind::Table, Some(header)) => {
                if let Some(last) = header.last_mut() {
                    *last = unquoted(shown);
                }
            }
            (Kind::Sign, None) => self.sign(shown),
            (Kind::Key, None) => {
                if let Some(top) = self.frames.last_mut() {
                    top.key.pop();
                    top.key.push(unquoted(shown));
                }
            }
            _ => {}
        }
    }

    fn sign(&mut self, sign: &str) {
        let Some(top) = self.frames.last_mut() else { return };
        match sign {
            "." => {
                if top.key.is_empty() {
                    top.key.push(String::new());
                }
                top.key.push(String::new());
            }
            "=" => {
                top.is_value = true;
                let (path, number) = (top.whole(), top.number);
                (self.see)(Seen::Key(&path, number));
            }
            "," => {
                top.key.clear();
                top.is_value = false;
            }
            "[" | "{" => {
                self.tables += 1;
                let path = top.whole();
                self.frames.push(frame(sign == "{", path, self.tables));
            }
            _ => {
                if self.frames.len() > 1 {
                    self.frames.pop();
                }
            }
        }
    }

    fn end_of_line(&mut self) {
        if let Some(header) = self.header.take() {
            self.tables += 1;
            (self.see)(Seen::Key(&header, self.tables));
            self.frames = vec![frame(true, header, self.tables)];
        }
    }

    /// Nothing is open where the line begins: a key of the table comes next.
    fn begin(&mut self) {
        self.frames.truncate(1);
        if let Some(root) = self.frames.last_mut() {
            root.key.clear();
            root.is_value = false;
        }
    }
}

impl Frame {
    fn whole(&self) -> Vec<String> {
        [&self.path[..], &self.key[..]].concat()
    }
}

/// A part of a key as it is meant.
fn unquoted(shown: &str) -> String {
    let quote = |letter: char| matches!(letter, '"' | '\'');
    shown.trim_start_matches(quote).trim_end_matches(quote).to_owned()
}

/// Where a path leads in the table of keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Meaning {
    /// Its row; none for the document and for a variant's own top.
    pub key: Option<&'static Key>,
    /// Whether it is within a variant.
    pub is_variant: bool,
}

impl Meaning {
    /// What a path means, if anything.
    pub fn of(path: &[String]) -> Option<Meaning> {
        let mut meaning = Meaning {
            key: None,
            is_variant: false,
        };
        for name in path {
            let next = meaning.child(name)?;
            meaning.is_variant |= meaning.key.is_some_and(|key| key.kind == ValueKind::Variant);
            meaning.key = Some(next);
        }
        Some(meaning)
    }

    fn child(self, name: &str) -> Option<&'static Key> {
        self.below().find(|key| key.name() == name).or_else(|| {
            let names = self.key.filter(|key| key.kind == ValueKind::Map)?;
            Key::find(names.path, name)
        })
    }

    /// The keys that may stand there.
    pub fn below(self) -> impl Iterator<Item = &'static Key> {
        let is_list = self.key.is_some_and(|key| matches!(key.kind, ValueKind::Tables));
        let path = self.key.map_or("", |key| key.path);
        let own = match self.key.map(|key| key.kind) {
            // Steps within steps are steps.
            Some(ValueKind::Steps) => "service.*.steps[]".to_owned(),
            _ if is_list => format!("{path}[]"),
            _ => path.to_owned(),
        };
        let own: Vec<&Key> = Key::below(&own).filter(|key| key.name() != "*").collect();
        // A variant may say again what stands outside.
        let is_variant = self.key.is_some_and(|key| key.kind == ValueKind::Variant);
        let shared = Key::below("").filter(move |key| is_variant && !key.is_shared());
        own.into_iter().chain(shared)
    }
}

#[cfg(test)]
mod tests;
