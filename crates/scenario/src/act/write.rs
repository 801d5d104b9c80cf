//! An act as text.

use super::{Act, SeekTo, What};
use crate::nesting::too_deep;
use std::fmt::Write as _;
use toml::de::DeValue;
use toml_parser::Source;
use toml_parser::lexer::TokenKind;

impl Act {
    /// The `[[at]]` entry, laid out as the formatter does it.
    pub fn to_toml(&self) -> String {
        format!("[[at]]\n{}", self.entries("\n"))
    }

    /// The same as an element of a list in brackets.
    pub(super) fn to_inline(&self) -> String {
        let entries = self.entries(", ");
        format!("{{ {} }}", entries.trim_end_matches(", "))
    }

    /// The keys with their values, each with `end` behind.
    fn entries(&self, end: &str) -> String {
        let mut out = String::new();
        let mut entry = |key: &str, value: &str| {
            let _ = write!(out, "{key} = {value}{end}");
        };
        entry("time", &quoted(&self.at.to_string()));
        match self.variants.as_deref() {
            None => {}
            Some([only]) => entry("variant", &quoted(only)),
            Some(several) => entry("variant", &list(several)),
        }
        match &self.what {
            What::Crash(node) => entry("crash", &quoted(node)),
            What::PowerCut(node) => {
                entry("crash", &quoted(node));
                entry("kind", &quoted("power"));
            }
            What::DiskLost(node) => {
                entry("crash", &quoted(node));
                entry("kind", &quoted("disk"));
            }
            What::DiskFull(node) => entry("disk_full", &quoted(node)),
            What::DiskFree(node) => entry("disk_free", &quoted(node)),
            What::Restart(node) => entry("restart", &quoted(node)),
            What::Pause(node) => entry("pause", &quoted(node)),
            What::Resume(node) => entry("resume", &quoted(node)),
            What::Cut { a, b } => entry("cut", &ends(a, b)),
            What::CutOneWay { from, to } => {
                entry("cut", &format!("{{ from = {}, to = {} }}", quoted(from), quoted(to)));
            }
            What::Partition(groups) => {
                let groups: Vec<String> = groups.iter().map(|group| list(group)).collect();
                entry("partition", &format!("[{}]", groups.join(", ")));
            }
            What::HealAll => entry("heal", &quoted("all")),
            What::Heal { a, b } => entry("heal", &ends(a, b)),
            What::Lose { a, b, kind, next } => {
                let mut lose = format!("{{ between = {}, what = {}", ends(a, b), quoted(kind.word()));
                if *next != 1 {
                    let _ = write!(lose, ", next = {next}");
                }
                entry("lose", &(lose + " }"));
            }
            What::Purge(queue) => entry("purge", &quoted(queue)),
            What::MoveLeader { partition, to } => {
                let (partition, to) = (quoted(partition), quoted(to));
                entry("move_leader", &format!("{{ partition = {partition}, to = {to} }}"));
            }
            What::Seek { service, partition, to } => {
                let mut seek = format!("{{ service = {}", quoted(service));
                if let Some(partition) = partition {
                    let _ = write!(seek, ", partition = {}", quoted(partition));
                }
                let _ = match to {
                    SeekTo::Beginning => write!(seek, ", to = \"beginning\""),
                    SeekTo::End => write!(seek, ", to = \"end\""),
                    SeekTo::Offset(offset) => write!(seek, ", offset = {offset}"),
                    SeekTo::Since(at) => write!(seek, ", since = {}", quoted(&at.to_string())),
                };
                entry("seek", &(seek + " }"));
            }
            What::ElectPreferred(cluster) => entry("elect_preferred", &quoted(cluster)),
            What::Publish {
                load,
                count,
                key,
                payload,
            } => {
                let mut publish = format!("{{ load = {}", quoted(load));
                if *count != 1 {
                    let _ = write!(publish, ", count = {count}");
                }
                for (name, text) in [("key", key), ("payload", payload)] {
                    if let Some(text) = text {
                        let _ = write!(publish, ", {name} = {}", quoted(text));
                    }
                }
                entry("publish", &(publish + " }"));
            }
            What::Set { path, value } => {
                entry("set", &format!("{{ {} = {} }}", quoted(path), value_text(value)));
            }
        }
        out
    }
}

fn list(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    format!("[{}]", names.join(", "))
}

fn ends(a: &str, b: &str) -> String {
    format!("[{}, {}]", quoted(a), quoted(b))
}

/// A text in quotes as TOML wants it, with everything escaped that must be.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control.is_ascii_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// A value as it may stand in a table of one line: what is no value of TOML
/// becomes a text, and comments go.
pub(super) fn value_text(value: &str) -> String {
    if too_deep(value).is_some() || DeValue::parse(value).is_err() {
        return quoted(value);
    }
    let source = Source::new(value);
    let kept = source
        .lex()
        .filter(|token| !matches!(token.kind(), TokenKind::Comment | TokenKind::Newline));
    let text: String = kept
        .map(|token| &value[token.span().start()..token.span().end()])
        .collect();
    text.trim().to_owned()
}
