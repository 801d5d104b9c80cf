//! Kafka's own names of settings, which have dots: whoever pastes them is told
//! what they are called here.

use crate::diagnostic::Advice;
use crate::keys::{self, KEYS, Key};
use crate::phrase::{Text, text};
use crate::tree::{Entry, Item, Tree};
use mqlab_brokers::kafka::defaults;

/// Kafka's settings that stand in an entry, in TOML's way of writing dots or in
/// quotes, and what they are called below `pattern`; `None` if there is none.
pub(crate) fn help(entry: &Entry, pattern: &str) -> Option<Advice> {
    let mut leaves = Vec::new();
    flatten(entry.key.clone(), &entry.tree, &mut leaves);
    let is_known = |(name, _): &(String, &Tree)| {
        name.contains('.') && defaults::settings().any(|(_, known, _)| known == name) && !is_own(name, pattern)
    };
    let (name, tree) = leaves.iter().find(|leaf| is_known(leaf))?;
    Some(told(name, tree, pattern).into())
}

/// Whether this is a path of the language.
fn is_own(name: &str, pattern: &str) -> bool {
    KEYS.iter()
        .any(|key| key.path.strip_prefix(pattern) == Some(&format!(".{name}")))
}

fn flatten<'a>(path: String, tree: &'a Tree, leaves: &mut Vec<(String, &'a Tree)>) {
    match tree.table() {
        Some(table) => {
            for entry in table.entries() {
                flatten(format!("{path}.{}", entry.key), &entry.tree, leaves);
            }
        }
        None => leaves.push((path, tree)),
    }
}

fn told(name: &str, tree: &Tree, pattern: &str) -> Text {
    let Some(key) = counterpart(name, pattern) else {
        return text!(KafkaOnly, name);
    };
    let own = keys::last(key.path);
    let shown = value(name, tree).map_or(own.to_owned(), |value| format!("{own} = {value}"));
    match keys::parent(key.path) {
        above if above == pattern => text!(KafkaCallsHere, name, shown),
        above => text!(KafkaCallsIn, name, shown, above.replace('*', "NAME")),
    }
}

/// The key that stands for a setting: what its row quotes, or what it is called
/// with its dots replaced. One below `pattern` is better than another.
fn counterpart(name: &str, pattern: &str) -> Option<&'static Key> {
    let quoted = format!("`{name}`");
    let plain = name.replace('.', "_");
    let is_it = |key: &&Key| {
        let is_kafkas = ["broker.kafka", "service.*.consume", "load.*.producer"];
        let is_kafkas = is_kafkas.iter().any(|root| key.path.starts_with(root));
        is_kafkas && (key.doc.starts_with(&quoted) || keys::last(key.path) == plain)
    };
    let near = keys::below(pattern).find(|key| key.doc.starts_with(&quoted) || keys::last(key.path) == plain);
    near.or_else(|| KEYS.iter().find(is_it))
}

/// A setting of a topic with its value, as an entry of the topic's table; `None`
/// if the language has no word for it.
pub(crate) fn of_topic(name: &str, given: &str) -> Option<String> {
    let above = "broker.kafka.topic.*";
    let key = counterpart(name, above).filter(|key| keys::parent(key.path) == above)?;
    let item = match given {
        "true" => Item::Bool(true),
        "false" => Item::Bool(false),
        other => Item::Text(other.to_owned()),
    };
    let shown = value(name, &Tree { span: 0..0, item }).unwrap_or_else(|| format!("\"{given}\""));
    Some(format!("{} = {shown}", keys::last(key.path)))
}

/// A value as it is written here: with its unit.
fn value(name: &str, tree: &Tree) -> Option<String> {
    let number = match &tree.item {
        Item::Integer(number) => number.to_string(),
        Item::Text(text) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => text.clone(),
        Item::Bool(flag) => return Some(flag.to_string()),
        _ => return None,
    };
    let unit = match name.rsplit('.').next()? {
        "ms" => "ms",
        "seconds" => "s",
        "bytes" | "size" | "memory" => "B",
        _ => return Some(number),
    };
    Some(format!("\"{number}{unit}\""))
}
