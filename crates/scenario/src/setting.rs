//! Changing one value in a scenario's text and nothing else of it.

use crate::nesting::too_deep;
use crate::tree::{Item, Layer, Table};
use std::ops::Range;
use toml::de::DeTable;

/// The text with another value for a key that stands in it. `path` is the
/// key's dotted path in the text, such as `service.writer.workers` or
/// `variant.slow.links.latency`, and `value` is written as in TOML. `None` if
/// the text has no such key, or could not be read afterwards.
pub fn with_setting(text: &str, path: &str, value: &str) -> Option<String> {
    let span = value_of(text, path)?;
    let changed = [text.get(..span.start)?, value, text.get(span.end..)?].concat();
    // What was put in must be one value and stand where the other one stood.
    let after = value_of(&changed, path)?;
    (after == (span.start..span.start + value.len())).then_some(changed)
}

/// Where the value of a key stands.
fn value_of(text: &str, path: &str) -> Option<Range<usize>> {
    if too_deep(text).is_some() {
        return None;
    }
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return None;
    }
    let root = Table::of(document.get_ref(), Layer::Base);
    let mut table = &root;
    let mut names = path.split('.').peekable();
    while let Some(name) = names.next() {
        let tree = table.get(name)?;
        match (&tree.item, names.peek()) {
            (Item::Table(inner), Some(_)) => table = inner,
            (Item::Table(_), None) | (_, Some(_)) => return None,
            (_, None) => return Some(tree.span.clone()),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# kept\n[service.writer]\nconsume = { queue = \"orders\", prefetch = 1 } # kept\n\
                        workers = 1\n[variant.slow]\nservice.writer.consume.prefetch = 2\n";

    #[test]
    fn one_value_changes_and_nothing_else() {
        let changed = with_setting(TEXT, "service.writer.consume.prefetch", "1000").unwrap();
        assert_eq!(changed, TEXT.replace("prefetch = 1 ", "prefetch = 1000 "));
        let changed = with_setting(TEXT, "variant.slow.service.writer.consume.prefetch", "5").unwrap();
        assert_eq!(changed, TEXT.replace("prefetch = 2", "prefetch = 5"));
        assert_eq!(with_setting(TEXT, "service.writer.workers", "1").as_deref(), Some(TEXT));
    }

    #[test]
    fn what_is_not_there_or_no_value_is_refused() {
        for (path, value) in [
            ("service.writer.steps", "1"),
            ("service.writer", "1"),
            ("service.writer.workers.more", "1"),
            ("", "1"),
            ("service.writer.workers", ""),
            ("service.writer.workers", "1\nx = 2"),
            ("service.writer.workers", "1 # and the rest"),
            ("service.writer.consume.prefetch", "1, x = 2"),
            ("service.writer.workers", "\"open"),
        ] {
            assert_eq!(with_setting(TEXT, path, value), None, "{path} = {value}");
        }
        assert_eq!(with_setting("a = [", "a", "1"), None);
    }
}
