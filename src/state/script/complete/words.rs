//! What a value of a kind may be, and how a key is written with one.

use super::super::names::{NameKind, Names};
use super::super::walk::{Place, Spot};
use super::{About, Proposal};
use mqlab_engine::Subject;
use mqlab_scenario::{Key, ValueKind};

use NameKind::{Broker, Exchange, Link, Load, Queue, Service, Table, Variant};

/// What follows a new key, before and behind the caret.
pub(super) fn frame(key: &Key) -> (&'static str, &'static str) {
    match key.kind {
        ValueKind::Table if key.path.contains("[]") => (" = { ", " }"),
        ValueKind::Table | ValueKind::Map | ValueKind::Variant => (".", ""),
        ValueKind::Tables => (" = [{ ", " }]"),
        ValueKind::Settings | ValueKind::Headers => (" = { ", " }"),
        ValueKind::Integer(..) | ValueKind::Flag => (" = ", ""),
        ValueKind::True => (" = true", ""),
        ValueKind::Workers => (" = ", ""),
        ValueKind::Steps | ValueKind::Rows | ValueKind::Texts | ValueKind::Names | ValueKind::Ends => (" = [", "]"),
        ValueKind::Burst => (" = [[\"0s\", ", "]]"),
        _ => (" = \"", "\""),
    }
}

/// The kinds of things whose names stand directly below a path.
pub(super) fn kinds(path: &str) -> &'static [NameKind] {
    match path {
        "load" => &[Load],
        "service" => &[Service],
        "table" => &[Table],
        "link" => &[Link],
        "variant" => &[Variant],
        "broker.rabbitmq.queue" => &[Queue],
        "broker.rabbitmq.exchange" => &[Exchange],
        _ => &[],
    }
}

/// What a metric may be measured of.
pub(super) fn subjects(subject: Subject) -> &'static [NameKind] {
    match subject {
        Subject::WorldOrInlet | Subject::Inlet => &[Queue, Service],
        Subject::Source => &[Load, Service],
        Subject::Load => &[Load],
        Subject::Queue => &[Queue],
        Subject::Service => &[Service],
        Subject::Table | Subject::WorldOrTable => &[Table],
        Subject::Node => &[Broker, Load, Service, Table],
        Subject::Broker => &[Broker],
        // They are not written down: the number of brokers makes them.
        Subject::Member => &[],
    }
}

/// The kinds of things that a key may name.
fn named(path: &str) -> &'static [NameKind] {
    match path {
        "load.*.to" => &[Queue, Exchange, Service],
        "service.*.consume.queue" | "broker.rabbitmq.binding[].queue" => &[Queue],
        "service.*.steps[].publish" => &[Queue, Exchange],
        "service.*.steps[].insert"
        | "service.*.steps[].update"
        | "service.*.steps[].delete"
        | "service.*.steps[].unless"
        | "service.*.steps[].claim"
        | "service.*.scan.table" => &[Table],
        "table.*.expects" => &[Load, Table],
        "service.*.steps[].call" => &[Service],
        "broker.rabbitmq.binding[].exchange"
        | "broker.rabbitmq.binding[].to"
        | "broker.rabbitmq.exchange.*.alternate" => &[Exchange],
        "broker.rabbitmq.queue.*.dead_letter" => &[Queue, Exchange],
        "at[].purge" => &[Queue],
        "link.*.between" | "at[].cut" | "at[].cut.from" | "at[].cut.to" | "at[].heal" | "at[].lose.between" => {
            &[Broker, Load, Service]
        }
        "at[].partition" | "faults.random.nodes" => &[Broker, Load, Service, Table],
        "at[].disk_full" | "at[].disk_free" => &[Broker],
        "at[].variant" | "expect[].variant" => &[Variant],
        "at[].publish.load" => &[Load],
        "at[].crash" | "at[].restart" | "at[].pause" | "at[].resume" => &[Broker, Load, Service, Table],
        _ => &[],
    }
}

/// Values of a key at a spot of its value.
pub(super) fn values(key: &'static Key, spot: &Spot, names: &Names) -> Vec<Proposal> {
    let is_quoted = spot.place == Place::Text;
    let quote = if is_quoted { "" } else { "\"" };
    let text = |label: &str, about| Proposal::new(label, format!("{quote}{label}{quote}"), "", about);
    let plain = |label: &str| Proposal::new(label, label.to_owned(), "", About::Word);
    let known = names
        .all(named(key.path))
        .map(|(kind, name)| text(name, About::Name(kind)));
    let known: Vec<Proposal> = known.collect();
    if !known.is_empty() {
        return known;
    }
    let words = |words: &[&str]| words.iter().map(|word| text(word, About::Word)).collect();
    match key.kind {
        ValueKind::Choice(choices) => words(choices),
        ValueKind::Flag if !is_quoted => vec![plain("true"), plain("false")],
        ValueKind::True if !is_quoted => vec![plain("true")],
        ValueKind::Workers => words(&["unlimited"]),
        ValueKind::Failure => words(&["always", "never", "1%", "first 2", "message 7"]),
        ValueKind::Dist => words(&["10ms", "exp(10ms)", "uniform(1ms, 5ms)", "normal(10ms, 2ms)"]),
        ValueKind::Span => words(&["10ms"]),
        ValueKind::Offset => words(&["2s", "-2s"]),
        ValueKind::Drift => words(&["200ppm", "-200ppm"]),
        ValueKind::Time => words(&["10s", "12:00:00"]),
        ValueKind::Rate => words(&["100/s"]),
        ValueKind::Rates if !spot.is_in_list => {
            let steps = "[[\"0s\", \"10/s\"], [\"10s\", \"100/s\"]]";
            let mut all: Vec<Proposal> = words(&["100/s"]);
            all.extend((!is_quoted).then(|| plain(steps)));
            all
        }
        ValueKind::Texts if key.path == "variant.*.remove" => {
            let parts = names.all(&[Load, Service, Table, Link]);
            let path = |(kind, name): (NameKind, &str)| text(&format!("{}.{name}", part(kind)), About::Name(kind));
            parts.map(path).collect()
        }
        ValueKind::Steps if spot.is_in_list => steps(is_quoted),
        _ => Vec::new(),
    }
}

const fn part(kind: NameKind) -> &'static str {
    match kind {
        Load => "load",
        Service => "service",
        Table => "table",
        Link => "link",
        Variant => "variant",
        Broker | Queue | Exchange => "broker",
    }
}

/// What a service may do.
fn steps(is_quoted: bool) -> Vec<Proposal> {
    let find = |name| Key::find("service.*.steps[]", name);
    let about = |name| find(name).map_or(About::Word, About::Key);
    let words = ["ack", "nack", "respond", "commit", "rollback"].map(|word| {
        let written = if is_quoted {
            word.to_owned()
        } else {
            format!("\"{word}\"")
        };
        Proposal::new(word, written, "", about(word))
    });
    let tables = [
        ("work", " = \"", "\" }"),
        ("insert", " = \"", "\" }"),
        ("publish", " = \"", "\" }"),
        ("call", " = \"", "\" }"),
        ("update", " = \"", "\", set = \"done\" }"),
        ("delete", " = \"", "\" }"),
        ("unless", " = \"", "\", steps = [] }"),
        ("claim", " = \"", "\", steps = [] }"),
        ("transaction", " = [", "] }"),
        ("attempts", " = 3, pause = \"1s\", steps = [", "] }"),
        ("fail", " = \"", "\" }"),
    ]
    .map(|(name, before, behind)| Proposal::new(name, format!("{{ {name}{before}"), behind, about(name)));
    let tables = tables.into_iter().filter(|_| !is_quoted);
    tables.chain(words).collect()
}
