//! Just enough JSON to write the schema.

use std::fmt::Write as _;

/// A JSON value; objects keep their order.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Json {
    Flag(bool),
    Number(u64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// A text.
    pub(crate) fn text(text: impl Into<String>) -> Json {
        Json::Text(text.into())
    }

    /// An object.
    pub(crate) fn object<const N: usize>(entries: [(&str, Json); N]) -> Json {
        Json::Object(
            entries
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect(),
        )
    }

    /// The object with one more entry.
    pub(crate) fn with(self, key: &str, value: Json) -> Json {
        match self {
            Json::Object(mut entries) => {
                entries.push((key.to_owned(), value));
                Json::Object(entries)
            }
            other => other,
        }
    }

    /// The value as text, with two spaces for each level.
    pub(crate) fn print(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, 0);
        out.push('\n');
        out
    }

    fn write(&self, out: &mut String, depth: usize) {
        let line = |out: &mut String, depth: usize| {
            out.push('\n');
            out.push_str(&"  ".repeat(depth));
        };
        match self {
            Json::Flag(flag) => drop(write!(out, "{flag}")),
            Json::Number(number) => drop(write!(out, "{number}")),
            Json::Text(text) => write_text(out, text),
            Json::List(list) if list.is_empty() => out.push_str("[]"),
            Json::Object(entries) if entries.is_empty() => out.push_str("{}"),
            Json::List(list) => {
                out.push('[');
                for (index, element) in list.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    line(out, depth + 1);
                    element.write(out, depth + 1);
                }
                line(out, depth);
                out.push(']');
            }
            Json::Object(entries) => {
                out.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    line(out, depth + 1);
                    write_text(out, key);
                    out.push_str(": ");
                    value.write(out, depth + 1);
                }
                line(out, depth);
                out.push('}');
            }
        }
    }
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            control if control.is_control() => drop(write!(out, "\\u{:04x}", control as u32)),
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_and_levels_moved_in() {
        let json = Json::object([
            ("a\"", Json::List(vec![Json::Number(1), Json::text("x\\\n\u{1}")])),
            ("b", Json::Object(vec![])),
        ]);
        assert_eq!(
            json.print(),
            "{\n  \"a\\\"\": [\n    1,\n    \"x\\\\\\n\\u0001\"\n  ],\n  \"b\": {}\n}\n"
        );
    }
}
