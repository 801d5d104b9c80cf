//! The reference page of the language; made from the table of keys and the
//! table of metrics.

use crate::keys::{Default, KEYS, Key, ValueKind};
use crate::limits;
use mqlab_engine::{METRICS, MetricInfo, MetricKind, Subject, Unit};
use std::fmt::Write as _;

const INTRODUCTION: &str = include_str!("reference/introduction.md");
const DEFINITIONS: &str = include_str!("reference/definitions.md");
const EXPECTATIONS: &str = include_str!("reference/expectations.md");

/// The parts of the page: the top-level keys of each, with a heading.
const PARTS: &[(&str, &[&str])] = &[
    ("The scenario", &["title", "about", "rows", "seed", "until"]),
    ("Brokers", &["broker"]),
    ("Tables", &["table"]),
    ("Services", &["service"]),
    ("Loads", &["load"]),
    ("Connections", &["links", "link"]),
    ("Clocks", &["clock"]),
    ("Variants", &["variant"]),
    ("Faults at random", &["faults"]),
    ("What happens during the run", &["at"]),
    ("Expectations", &["expect"]),
    ("Limits of a run", &["limits"]),
];

/// The reference page, in Markdown.
pub fn reference() -> String {
    let mut page = String::from(INTRODUCTION);
    page.push_str("\n## Keys\n\n");
    page.push_str("Names of your own choice are written as NAME. A key that is *live* can change during a run, by `[[at]]` or by hand.\n");
    for (heading, roots) in PARTS {
        part(&mut page, heading, roots);
    }
    let _ = write!(page, "\n{DEFINITIONS}\n{EXPECTATIONS}\n");
    metrics(&mut page);
    refusals(&mut page);
    page
}

fn part(page: &mut String, heading: &str, roots: &[&str]) {
    let _ = write!(
        page,
        "\n### {heading}\n\n| key | value | default | meaning |\n|---|---|---|---|\n"
    );
    for key in KEYS.iter().filter(|key| roots.contains(&root(key.path))) {
        let live = if key.live { " *live*" } else { "" };
        let _ = writeln!(
            page,
            "| `{}`{live} | {} | {} | {} |",
            shown(key),
            kind(key.kind),
            default(key),
            cell(key.doc)
        );
    }
}

fn root(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or(path)
}

/// A path as it is written in a scenario.
fn shown(key: &Key) -> String {
    let path = key.path.replace("*", "NAME");
    match path.split_once("[].") {
        Some((list, rest)) if matches!(list, "at" | "expect") => format!("[[{list}]] {rest}"),
        Some((list, rest)) => format!("{} {{ {rest} }}", list.rsplit('.').next().unwrap_or(list)),
        None if matches!(key.kind, ValueKind::Tables) && !path.contains('.') => format!("[[{path}]]"),
        None if matches!(key.kind, ValueKind::Table | ValueKind::Variant) => format!("[{path}]"),
        None => path,
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn default(key: &Key) -> String {
    match key.default {
        Default::Required => "required".into(),
        Default::Absent => String::new(),
        Default::Is(value) if value.contains(' ') && !value.starts_with('"') => value.into(),
        Default::Is(value) => format!("`{value}`"),
    }
}

fn kind(kind: ValueKind) -> String {
    match kind {
        ValueKind::Text => "text".into(),
        ValueKind::Texts => "list of texts".into(),
        ValueKind::Row => "row, such as `\"A5\"`".into(),
        ValueKind::Rows => "list of rows".into(),
        ValueKind::Integer(least, most) => format!("{least} to {most}"),
        ValueKind::Flag => "`true` or `false`".into(),
        ValueKind::True => "`true`".into(),
        ValueKind::Choice(words) => words
            .iter()
            .map(|word| format!("`\"{word}\"`"))
            .collect::<Vec<_>>()
            .join(" or "),
        ValueKind::Span => "duration".into(),
        ValueKind::Offset => "duration, which may be below zero".into(),
        ValueKind::Drift => "millionths, such as `\"200ppm\"`".into(),
        ValueKind::Time => "instant".into(),
        ValueKind::Rate => "rate".into(),
        ValueKind::Rates => "rate, or list of [instant, rate]".into(),
        ValueKind::Dist => "duration or distribution".into(),
        ValueKind::Burst => "number, or list of [instant, number]".into(),
        ValueKind::Workers => format!("1 to {}, or `\"unlimited\"`", limits::WORKERS_MAX),
        ValueKind::Name => "name".into(),
        ValueKind::Names => "list of names".into(),
        ValueKind::NameOrNames => "name or list of names".into(),
        ValueKind::Ends => "two names".into(),
        ValueKind::Way => "two names, or table".into(),
        ValueKind::EndsOrAll => "two names, or `\"all\"`".into(),
        ValueKind::Groups => "lists of names in a list".into(),
        ValueKind::Sizes => "size or distribution".into(),
        ValueKind::Chance => "percentage".into(),
        ValueKind::Bytes => "size".into(),
        ValueKind::Bandwidth => "size per second".into(),
        ValueKind::Comparison => "comparison".into(),
        ValueKind::Failure => "`\"1%\"`, `\"first 2\"`, `\"message 7\"`, `\"always\"` or `\"never\"`".into(),
        ValueKind::Steps => "list of steps".into(),
        ValueKind::Headers => "table of texts, numbers and flags".into(),
        ValueKind::Settings => "table of live keys".into(),
        ValueKind::Table | ValueKind::Map | ValueKind::Variant => "table".into(),
        ValueKind::Tables => "list of tables".into(),
    }
}

fn metrics(page: &mut String) {
    page.push_str("\n## Metrics\n\n| metric | of | value | meaning |\n|---|---|---|---|\n");
    for info in METRICS {
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} |",
            written(info),
            subject(info.subject),
            unit(info.unit),
            cell(info.doc)
        );
    }
}

/// A metric with its arguments.
fn written(info: &MetricInfo) -> String {
    let argument = match info.kind {
        MetricKind::Drained => ", instant",
        MetricKind::RowAt => ", number",
        _ => "",
    };
    match info.subject {
        Subject::WorldOrInlet => format!("{0}` or `{0}(NAME)", info.name),
        _ => format!("{}(NAME{argument})", info.name),
    }
}

fn subject(subject: Subject) -> &'static str {
    match subject {
        Subject::WorldOrInlet => "everything, or a queue or called service",
        Subject::Source => "a load, or a service that publishes or calls",
        Subject::Inlet => "a queue or called service",
        Subject::Load => "a load",
        Subject::Queue => "a queue",
        Subject::Service => "a service",
        Subject::Table => "a table",
        Subject::WorldOrTable => "everything, or a table",
        Subject::Node => "a node",
        Subject::Broker => "a broker",
        Subject::Member => "a node of a cluster",
    }
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Count => "number",
        Unit::Span => "duration",
        Unit::Time => "instant",
        Unit::Ratio => "percentage",
    }
}

fn refusals(page: &mut String) {
    page.push_str("\n## Limits of a text\n\nA text beyond one of these is refused, with the limit's name.\n\n| what | at most |\n|---|---|\n");
    for (what, most) in [
        ("bytes", limits::TEXT_BYTES_MAX),
        ("levels of tables and lists", limits::NESTING_MAX),
        ("characters of a name", limits::NAME_CHARS_MAX),
        ("variants", limits::VARIANTS_MAX),
        ("loads, brokers, services and tables of a variant", limits::NODES_MAX),
        ("queues", limits::QUEUES_MAX),
        ("exchanges", limits::EXCHANGES_MAX),
        ("bindings", limits::BINDINGS_MAX),
        ("different keys", limits::KEYS_MAX),
        ("bytes of a key", limits::KEY_BYTES_MAX),
        ("bytes of a payload", limits::PAYLOAD_BYTES_MAX),
        (
            "messages with a key or payload of their own in one `publish`",
            limits::PUBLISH_MAX as usize,
        ),
        ("segments of a rate, entries of a burst", limits::SEGMENTS_MAX),
        ("steps of a service", limits::STEPS_MAX),
        ("names in one step", limits::TARGETS_MAX),
        ("databases of one transaction", limits::TRANSACTION_DATABASES_MAX),
        (
            "sources of messages (loads; publish steps once for each source that reaches them)",
            limits::SOURCES_MAX,
        ),
        ("`[[at]]` entries", limits::AT_MAX),
        ("`[[expect]]` entries", limits::EXPECTATIONS_MAX),
    ] {
        let _ = writeln!(page, "| {what} | {most} |");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_left_out() {
        for key in crate::keys::below("") {
            assert!(PARTS.iter().any(|(_, roots)| roots.contains(&key.path)), "{}", key.path);
        }
    }
}
