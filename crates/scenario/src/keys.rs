//! The table of keys: what may stand in a scenario text, and where.
//!
//! The parser, the JSON schema, the reference page and completion in an editor
//! all read this one table.
//!
//! A path is a list of segments with dots between them. `*` stands for a name
//! of the user's choice, `[]` for an element of a list.

mod around;
mod broker;
mod consume;
mod faults;
mod kafka;
mod kind;
mod load;
mod producer;

pub(crate) use kafka::CLEANUPS;

use crate::limits;
pub use broker::VERSIONS as RABBITMQ_VERSIONS;
pub(crate) use broker::{APPLIES_TO, MIRROR_SYNCS, OVERFLOWS, PROMOTES};
pub use kind::ValueKind;

/// A row of the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Key {
    /// Where it stands, such as `service.*.consume.prefetch`.
    pub path: &'static str,
    /// What it holds.
    pub kind: ValueKind,
    /// What holds if it is not given.
    pub default: Default,
    /// Whether `[[at]]` and a running world may change it.
    pub live: bool,
    /// What it means, in a sentence or two.
    pub doc: &'static str,
}

/// What holds if a key is not given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Default {
    /// It must be given.
    Required,
    /// Nothing: it may be left out.
    Absent,
    /// This value, or this rule.
    Is(&'static str),
}

const fn row(path: &'static str, kind: ValueKind, default: Default, doc: &'static str) -> Key {
    Key {
        path,
        kind,
        default,
        live: false,
        doc,
    }
}

const fn live(path: &'static str, kind: ValueKind, default: Default, doc: &'static str) -> Key {
    Key {
        path,
        kind,
        default,
        live: true,
        doc,
    }
}

use self::Default::{Absent, Is, Required};
use self::ValueKind as V;

pub(crate) const COUNT_MAX: u64 = 1_000_000_000_000;
pub(crate) const OVERLOADS: &[&str] = &["slows", "dies"];
pub(crate) const STATES: &[&str] = mqlab_engine::plan::RowState::WORDS;
const LOSSES: &[&str] = mqlab_engine::plan::Loss::WORDS;
const LEASE_BY: &[&str] = &["service", "table"];
const REPLACE_BY: &[&str] = &["arrival", "stamp"];
const ON_DUPLICATE: &[&str] = &["fail", "skip"];
pub(crate) const CRASHES: &[&str] = &["killed", "power", "disk"];
pub(crate) const STRAINS: &[&str] = &["refuses", "dies", "slows", "blacklists"];
pub(crate) const ARRIVALS: &[&str] = &["even", "poisson"];

/// The parts of the table, in the order of the reference page.
const PARTS: &[&[Key]] = &[
    SCENARIO,
    broker::ROWS,
    kafka::ROWS,
    NODES,
    consume::ROWS,
    SERVICES,
    producer::OF_SERVICES,
    load::ROWS,
    producer::OF_LOADS,
    faults::ROWS,
    around::ROWS,
];

/// Every key, in the order of the reference page.
pub const KEYS: &[Key] = &joined::<{ count() }>();

/// How many keys there are.
const fn count() -> usize {
    let (mut part, mut count) = (0, 0);
    while part < PARTS.len() {
        (part, count) = (part + 1, count + PARTS[part].len());
    }
    count
}

/// The parts of the table behind each other.
const fn joined<const COUNT: usize>() -> [Key; COUNT] {
    let mut all = [SCENARIO[0]; COUNT];
    let (mut part, mut filled) = (0, 0);
    while part < PARTS.len() {
        let mut index = 0;
        while index < PARTS[part].len() {
            all[filled] = PARTS[part][index];
            (index, filled) = (index + 1, filled + 1);
        }
        part += 1;
    }
    all
}

/// The keys of the scenario itself and of connections.
const SCENARIO: &[Key] = &[
    row("title", V::Text, Required, "What the scenario shows, in one line."),
    row(
        "about",
        V::Text,
        Absent,
        "What to look at, for a reader who is new to it.",
    ),
    row(
        "rows",
        V::Rows,
        Absent,
        "Rows of the catalogue that the scenario shows.",
    ),
    row(
        "seed",
        V::Integer(0, limits::SAFE_INTEGER_MAX),
        Is("1"),
        "Seed of everything random. All variants share it.",
    ),
    row(
        "until",
        V::Time,
        Is("when nothing is left to do"),
        "The run ends before this instant. Without it every load must be finite.",
    ),
    row(
        "limits",
        V::Table,
        Absent,
        "What a run may use. It ends with the limit's name when it needs more.",
    ),
    row(
        "limits.actions",
        V::Integer(1, 1_000_000_000_000),
        Is("4_000_000_000"),
        "Actions in the whole run.",
    ),
    row(
        "limits.actions_per_instant",
        V::Integer(1, 1_000_000_000),
        Is("20_000_000"),
        "Actions within one instant: a loop without any delay ends here.",
    ),
    row(
        "limits.messages",
        V::Integer(1, 4_000_000_000),
        Is("500_000_000"),
        "Messages that one source may offer.",
    ),
    row(
        "limits.waiting",
        V::Integer(1, 200_000_000),
        Is("60_000_000"),
        "Messages that may wait at one time, all queues together.",
    ),
    row(
        "limits.rows",
        V::Integer(1, 1_000_000_000),
        Is("5_000_000"),
        "Rows that tables keep, all together: of tables that are unique, have a row per thing, expire, or are read, changed or looked through; and ids of which a table with `expects` should have one. A table that is only written keeps none.",
    ),
    row(
        "links",
        V::Table,
        Absent,
        "The connections between brokers and those who use them. All others are ideal.",
    ),
    live(
        "links.latency",
        V::Dist,
        Is("0s"),
        "One-way delay of every connection of a load or a service with a broker. A connection keeps its order. During a run `links.A.B.latency` changes the one between the nodes A and B.",
    ),
    live(
        "links.bandwidth",
        V::Bandwidth,
        Is("no limit"),
        "Bytes of messages per second that each of them can carry in either direction; see `load.*.size`. During a run, as for the delay, also `links.A.B.bandwidth`.",
    ),
    live(
        "links.loss",
        V::Chance,
        Is("\"0%\""),
        "How many packets are lost on the way. They are sent again, as TCP does it: they come late, and so does what is behind them; nothing is gone. During a run also `links.A.B.loss`.",
    ),
    row(
        "links.resend",
        V::Span,
        Is("\"200ms\""),
        "How long it takes until a lost packet is sent again; twice as long for each time that it was lost before.",
    ),
    row("link", V::Map, Absent, "Connections with a delay of their own."),
    row(
        "link.*",
        V::Table,
        Absent,
        "One connection. What it says counts in place of all that `links` says.",
    ),
    row("link.*.between", V::Ends, Required, "The two nodes that it connects."),
    live(
        "link.*.latency",
        V::Dist,
        Is("\"0s\""),
        "One-way delay, both ways alike.",
    ),
    live("link.*.bandwidth", V::Bandwidth, Is("no limit"), "As for `links`."),
    live("link.*.loss", V::Chance, Is("\"0%\""), "As for `links`."),
    row("link.*.resend", V::Span, Is("\"200ms\""), "As for `links`."),
    live(
        "link.*.duplicate",
        V::Chance,
        Is("\"0%\""),
        "How many calls and answers between two services, or a load and a service, arrive twice. A connection with a broker or a table knows what it has had: there nothing does. During a run also `links.A.B.duplicate`.",
    ),
    live(
        "link.*.reorder",
        V::Chance,
        Is("\"0%\""),
        "How many of them are held back by `resend`, so that those behind them overtake them. During a run also `links.A.B.reorder`.",
    ),
];

/// The keys of tables, and the first ones of services.
const NODES: &[Key] = &[
    row("table", V::Map, Absent, "Tables of databases."),
    row(
        "table.*",
        V::Table,
        Absent,
        "One table. A row carries the business id of the message that it was written for: of the load's message from which everything else was made. Ids may repeat.",
    ),
    live(
        "table.*.capacity",
        V::Rate,
        Is("no limit"),
        "It serves one operation per 1/capacity seconds, in order of arrival. Without it operations take no time.",
    ),
    live(
        "table.*.overload",
        V::Choice(OVERLOADS),
        Is("\"slows\""),
        "`slows`: requests wait. `dies`: it dies at the first request that makes more than the capacity asked for within one second of the clock.",
    ),
    row(
        "table.*.unique",
        V::Flag,
        Is("false"),
        "Whether the business id is a unique key: a second row for the same id is refused, and its handler fails, unless the step says otherwise.",
    ),
    row(
        "table.*.per_thing",
        V::Flag,
        Is("false"),
        "Whether there is one row for each thing that messages are about, in place of one for each message: what is written replaces what was there. See `load.*.things`.",
    ),
    row(
        "table.*.replace_by",
        V::Choice(REPLACE_BY),
        Is("\"arrival\""),
        "With a row for each thing: which of two writes stands. `arrival`: the one that comes last. `stamp`: the one with the later time, which whoever writes takes from its clock; the other is forgotten, and its writer told that all is well. `outdated` counts what is wrong then.",
    ),
    row(
        "table.*.expires",
        V::Span,
        Absent,
        "How long after it was written a row vanishes by itself, as in a cache.",
    ),
    row(
        "table.*.database",
        V::Text,
        Is("one of its own"),
        "The database that it is in, by any name. Tables of one database can be in one transaction, and die, stop and come back together.",
    ),
    row(
        "table.*.expects",
        V::Name,
        Absent,
        "What its rows are there for: one for each message of this load whose sender was told that it is safe, or one for each business id with a row in this table. What is missing or too many is counted by `missing`, `extra` and `inconsistent`.",
    ),
    row("service", V::Map, Absent, "Applications."),
    row(
        "service.*",
        V::Table,
        Absent,
        "One application: what it does for each message or call.",
    ),
];

/// The rest of the keys of services.
const SERVICES: &[Key] = &[
    live(
        "service.*.workers",
        V::Workers,
        Is("1 if it consumes, else \"unlimited\""),
        "How many messages or calls it works on at the same time.",
    ),
    live(
        "service.*.queue",
        V::Integer(0, limits::PLACES_MAX),
        Is("no limit"),
        "Most calls and deliveries that wait for a worker. It turns calls away; what a consumer is pushed is limited by its prefetch, or, with `overload = \"dies\"`, by its death.",
    ),
    live(
        "service.*.overload",
        V::Choice(STRAINS),
        Is("\"refuses\""),
        "What happens to a call when all workers are busy and the `queue` is full. `refuses`: it fails at once. `dies`: the service dies of it. `slows`: it is taken, and work that begins while more is in hand and waiting than there are workers and places takes longer in that proportion. `blacklists`: it fails, and so does every later call of the same caller.",
    ),
    live(
        "service.*.admits",
        V::Integer(0, COUNT_MAX),
        Is("no limit"),
        "How many calls it takes in all since it came up. Every further one is refused.",
    ),
    row(
        "service.*.keep_order",
        V::Flag,
        Is("false"),
        "Whether each worker has a queue in memory of its own, and what is about the same thing always comes into the same one: then it is done in order. Otherwise all workers take from one queue, and who begins first may finish last.",
    ),
    row(
        "service.*.merge",
        V::Table,
        Absent,
        "Deliveries and calls that are taken on together: a worker does the steps once for all of them. An `insert`, `update` or `delete` is one request to the table; a `call` is one call, about the first of them; a `publish` still makes a message of each; an `\"ack\"` acknowledges all.",
    ),
    live(
        "service.*.merge.wait",
        V::Span,
        Required,
        "How long the first of them waits for more to come. What comes later still joins, until a worker begins.",
    ),
    live(
        "service.*.merge.most",
        V::Integer(1, limits::MERGE_MAX),
        Is("no limit"),
        "Most of them at a time. So many begin at once.",
    ),
    row(
        "service.*.merge.by",
        V::Choice(&["any", "thing"]),
        Is("\"any\""),
        "`any`: whatever comes. `thing`: only what is about the same thing, so that what is queued for a thing already is not queued again.",
    ),
    row(
        "service.*.scan",
        V::Table,
        Absent,
        "A table that it looks through from time to time, in place of a queue: it does its steps for each row that it finds, oldest first. Rows that a transaction has locked are left out.",
    ),
    row("service.*.scan.table", V::Name, Required, "The table."),
    row(
        "service.*.scan.every",
        V::Span,
        Required,
        "It looks at every multiple of this since the start, unless it still has rows of the last time in hand.",
    ),
    row(
        "service.*.scan.state",
        V::Choice(STATES),
        Is("\"new\""),
        "The rows that it is looking for.",
    ),
    row(
        "service.*.scan.retries",
        V::Integer(0, 10_000),
        Is("no limit"),
        "How often a row that it has found before is found again. A row that has had all of them becomes `failed` instead.",
    ),
    row(
        "service.*.on_failure",
        V::Steps,
        Is("[]"),
        "What a worker does when one of the steps has failed: compensation, or a `\"nack\"`. After that the handler has failed.",
    ),
    row(
        "service.*.steps",
        V::Steps,
        Is("[]"),
        "What a worker does for each message, call or row, in this order. When a step fails the handler has failed, after what `on_failure` says.",
    ),
    live("service.*.steps[].work", V::Dist, Absent, "Time passes."),
    row(
        "service.*.steps[].insert",
        V::Name,
        Absent,
        "A row with the message's business id is written into this table, and the answer awaited. If the table refuses, the step fails.",
    ),
    row(
        "service.*.steps[].on_duplicate",
        V::Choice(ON_DUPLICATE),
        Is("\"fail\""),
        "What an `insert` does if the table has a row with the business id. `fail`: the table must be unique, and the step fails. `skip`: nothing is written, and the handler goes on.",
    ),
    row(
        "service.*.steps[].update",
        V::Name,
        Absent,
        "The rows of this table with the message's business id get the state `set`. There need not be any.",
    ),
    row(
        "service.*.steps[].set",
        V::Choice(STATES),
        Absent,
        "The state that an `update` gives. A row begins as `new`.",
    ),
    row(
        "service.*.steps[].delete",
        V::Name,
        Absent,
        "The rows of this table with the message's business id are deleted. There need not be any.",
    ),
    row(
        "service.*.steps[].unless",
        V::Name,
        Absent,
        "The steps in `steps` are done only if this table has no row with the message's business id when it is looked up.",
    ),
    row(
        "service.*.steps[].claim",
        V::Name,
        Absent,
        "The same, and in one go a row is written if there was none, as `SET NX` does in Redis: of many who try only one does the steps.",
    ),
    row(
        "service.*.steps[].lease",
        V::Span,
        Is("for ever"),
        "For how long a `claim` holds; whoever comes later takes the row over, whatever became of the one before.",
    ),
    row(
        "service.*.steps[].lease_by",
        V::Choice(LEASE_BY),
        Is("\"service\""),
        "Whose clock says when a `lease` is over. `service`: the one of whoever claimed it writes down until when, and the one of whoever comes next is compared with that. `table`: that of the table, for all of them.",
    ),
    row(
        "service.*.steps[].steps",
        V::Steps,
        Absent,
        "The steps that belong to an `unless`, `claim` or `attempts`.",
    ),
    row(
        "service.*.steps[].transaction",
        V::Steps,
        Absent,
        "What these steps do to tables is there all at once when the last of them is done, or not at all. Until then nobody else can change the same rows. A `\"commit\"` or a `\"rollback\"` among them ends it there, and the handler goes on behind it. Without a table it is one of Kafka, see `service.*.producer.transactional_id`.",
    ),
    row(
        "service.*.steps[].two_phase",
        V::Flag,
        Is("false"),
        "Whether a `transaction` is over several databases: all of them promise that they can commit, and then do. What is promised stays locked, whoever dies.",
    ),
    row(
        "service.*.steps[].attempts",
        V::Integer(1, 10_000),
        Absent,
        "The steps in `steps` are done once more when one of them fails, so many times in all.",
    ),
    row(
        "service.*.steps[].pause",
        V::Span,
        Is("\"0s\""),
        "How long after a failure the next of the `attempts` begins.",
    ),
    live(
        "service.*.steps[].fail",
        V::Failure,
        Absent,
        "The step fails: `\"always\"`, `\"never\"`, `\"1%\"` (drawn anew each time), `\"first 2\"` (the first two times that a worker gets here), `\"message 7\"` (whenever it is the 7th message of its source).",
    ),
    row(
        "service.*.steps[].publish",
        V::NameOrNames,
        Absent,
        "One message goes to each of these queues or exchanges, when `takes` has passed.",
    ),
    row(
        "service.*.steps[].key",
        V::Text,
        Absent,
        "The routing key with which a `publish` goes to an exchange.",
    ),
    live(
        "service.*.steps[].takes",
        V::Span,
        Is("\"0s\""),
        "How long a `publish` takes before the messages leave.",
    ),
    live(
        "service.*.steps[].confirm",
        V::Flag,
        Is("false"),
        "Whether a `publish` waits until the broker has confirmed all of them.",
    ),
    row(
        "service.*.steps[].call",
        V::NameOrNames,
        Absent,
        "These services are called, and their answers awaited.",
    ),
    live(
        "service.*.steps[].parallel",
        V::Flag,
        Is("false"),
        "Whether a `call` calls all of them at once in place of one after the other.",
    ),
    live(
        "service.*.steps[].timeout",
        V::Span,
        Is("no limit"),
        "After how long without an answer a call has failed. What the called service does all the same, it does for nobody.",
    ),
    live(
        "service.*.steps[].retries",
        V::Integer(0, limits::RETRIES_MAX),
        Is("0"),
        "How often a failed call is made again before the handler fails.",
    ),
    live(
        "service.*.steps[].backoff",
        V::Span,
        Is("\"0s\""),
        "The pause before a failed call is made again; each further one is twice as long.",
    ),
    row(
        "service.*.steps[].jitter",
        V::Span,
        Is("\"0s\""),
        "At most so much is added to each of these pauses, at random, so that not all try again at the same moment.",
    ),
    row(
        "service.*.steps[].breaker",
        V::Table,
        Absent,
        "A circuit breaker for each service that a `call` calls: after `failures` failed calls in a row it is `open` for that long, and calls fail without being made. Then one is let through, and decides how it goes on.",
    ),
    row(
        "service.*.steps[].breaker.failures",
        V::Integer(1, 1_000_000),
        Required,
        "How many failed calls in a row open it.",
    ),
    row(
        "service.*.steps[].breaker.open",
        V::Span,
        Required,
        "How long no call is made.",
    ),
    row(
        "service.*.steps[].nack",
        V::Table,
        Absent,
        "The delivery is rejected. `\"nack\"` alone is the same with `requeue = true`. A record of Kafka is then read again, with all behind it in its partition.",
    ),
    live(
        "service.*.steps[].nack.requeue",
        V::Flag,
        Is("true"),
        "Back into its queue, or dropped.",
    ),
];

impl Key {
    /// The keys directly below a path; below the empty path, those of the
    /// document.
    pub fn below(path: &str) -> impl Iterator<Item = &'static Key> {
        below(path)
    }

    /// The key called `name` directly below a path, or the one of any name if
    /// names are of the user's choice there.
    pub fn find(path: &str, name: &str) -> Option<&'static Key> {
        find(path, name)
    }

    /// Its own name: the last part of its path.
    pub fn name(&self) -> &'static str {
        last(self.path)
    }

    /// Whether it stands outside of variants only, and counts in all of them.
    pub fn is_shared(&self) -> bool {
        SHARED.contains(&self.path)
    }
}

/// Keys that all variants share.
pub(crate) const SHARED: &[&str] = &["title", "about", "rows", "seed", "variant", "at", "expect"];

/// The rows directly below a path; the empty path is the document.
pub(crate) fn below(path: &str) -> impl Iterator<Item = &'static Key> {
    KEYS.iter().filter(move |key| parent(key.path) == path)
}

/// The row of `name` directly below `path`, or of any name if the table is one
/// of names.
pub(crate) fn find(path: &str, name: &str) -> Option<&'static Key> {
    below(path)
        .find(|key| last(key.path) == name)
        .or_else(|| below(path).find(|key| last(key.path) == "*"))
}

/// The path above: of `a.b[].c` it is `a.b[]`.
pub(crate) fn parent(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(above, _)| above)
}

/// The last segment of a path.
pub(crate) fn last(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(_, last)| last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_stands_below_another_that_can_hold_it() {
        for key in KEYS {
            let above = parent(key.path);
            let holder = above.strip_suffix("[]").unwrap_or(above);
            let found = KEYS.iter().find(|other| other.path == holder);
            assert!(above.is_empty() || found.is_some(), "{} has no parent", key.path);
        }
    }

    #[test]
    fn paths_are_unique() {
        for (index, key) in KEYS.iter().enumerate() {
            assert!(
                KEYS[index + 1..].iter().all(|other| other.path != key.path),
                "{}",
                key.path
            );
        }
    }

    #[test]
    fn a_name_of_choice_finds_its_row() {
        assert_eq!(find("service", "writer").map(|key| key.path), Some("service.*"));
        assert_eq!(
            find("service.*", "workers").map(|key| key.path),
            Some("service.*.workers")
        );
        assert_eq!(find("", "titel"), None);
    }
}
