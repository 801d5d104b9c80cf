//! How deep a text nests, found before anything recursive looks at it.
//!
//! The parser bounds brackets in brackets, but a dotted key of half a million
//! parts nests as well, and taking such a tree apart would overflow the stack.

use crate::limits::NESTING_MAX;
use std::ops::Range;
use toml_parser::Source;
use toml_parser::lexer::TokenKind;

/// An open bracket and how many dots followed it in the entry that is open.
struct Frame {
    closer: TokenKind,
    dots: usize,
}

/// Where the text first nests deeper than allowed, if it does. Counts a little
/// too much in malformed texts, never too little.
pub(crate) fn too_deep(text: &str) -> Option<Range<usize>> {
    let mut frames = vec![Frame {
        closer: TokenKind::Eof,
        dots: 0,
    }];
    let mut header = 0;
    let mut line_begins = true;
    let mut in_header = false;
    let mut depth = 1;
    for token in Source::new(text).lex() {
        let kind = token.kind();
        let top_level = frames.len() == 1;
        match kind {
            TokenKind::Whitespace | TokenKind::Comment => continue,
            TokenKind::Newline => {
                if in_header {
                    header = depth;
                    in_header = false;
                    frames.truncate(1);
                    depth = 1;
                }
                if frames.len() == 1 {
                    depth -= std::mem::take(&mut frames[0].dots);
                    line_begins = true;
                }
                continue;
            }
            TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => {
                if top_level && line_begins && kind == TokenKind::LeftSquareBracket {
                    in_header = true;
                    header = 0;
                }
                let square = kind == TokenKind::LeftSquareBracket;
                let closer = if square {
                    TokenKind::RightSquareBracket
                } else {
                    TokenKind::RightCurlyBracket
                };
                frames.push(Frame { closer, dots: 0 });
                depth += 1;
            }
            TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket if !in_header => {
                if let Some(frame) = frames.pop_if(|frame| frame.closer == kind) {
                    depth -= frame.dots + 1;
                }
            }
            TokenKind::Comma => {
                if let Some(frame) = frames.last_mut() {
                    depth -= std::mem::take(&mut frame.dots);
                }
            }
            TokenKind::Dot => {
                if let Some(frame) = frames.last_mut() {
                    frame.dots += 1;
                    depth += 1;
                }
            }
            _ => {}
        }
        line_begins = false;
        if header + depth > NESTING_MAX {
            return Some(token.span().start()..token.span().end());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_texts_pass() {
        let text = "a.b.c = 1.5\n[x.y]\nz = [[1, 2], { q = [3] }]\n".repeat(200);
        assert_eq!(too_deep(&text), None);
        assert_eq!(too_deep(&format!("a = \"{}\"", "[.".repeat(500))), None);
        assert_eq!(too_deep(&format!("a = [{}]", "1.5, ".repeat(500))), None);
    }

    #[test]
    fn every_way_to_nest_is_seen() {
        let deep = NESTING_MAX + 1;
        for text in [
            format!("a = {}", "[".repeat(deep)),
            format!("{}b = 1", "a.".repeat(deep)),
            format!("[{}b]", "a.".repeat(deep)),
            format!("a = {}", "{ b = ".repeat(deep)),
            format!("a = {}", "{ b.c = ".repeat(deep / 2)),
            format!("[{}b]\n{}c = 1", "a.".repeat(deep / 2), "a.".repeat(deep / 2)),
            format!("a = {}", "[ }".repeat(deep)),
        ] {
            assert!(too_deep(&text).is_some(), "{text}");
        }
    }
}
