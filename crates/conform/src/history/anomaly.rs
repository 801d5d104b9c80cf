//! What may be wrong with a history. The names are those of Jepsen's workload
//! for logs, so that its reports can be compared with ours.

use super::operation::Datum;
use serde_json::{Map, Value, json};

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident = $name:literal,)+) => {
        /// The kinds of anomalies.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum Kind { $($(#[doc = $doc])+ $kind),+ }

        impl Kind {
            /// All of them.
            pub const ALL: &'static [Kind] = &[$(Kind::$kind),+];

            /// The name of it.
            pub const fn name(self) -> &'static str {
                match self { $(Kind::$kind => $name),+ }
            }
        }
    };
}

kinds! {
    /// One value stands at several offsets of one key.
    Duplicate = "duplicate",
    /// One offset of one key has several values.
    InconsistentOffsets = "inconsistent-offsets",
    /// A value was read whose transaction is known to have failed.
    G1a = "G1a",
    /// A transaction polled what it sent itself: nobody may see it before it
    /// commits.
    PrecommittedRead = "precommitted-read",
    /// A value that is known to be committed lies before the last value that
    /// was read of its key, and nobody read it.
    LostWrite = "lost-write",
    /// Within one operation the polled values leave out a known one.
    IntPollSkip = "int-poll-skip",
    /// Within one operation the polled values repeat or go back.
    IntNonmonotonicPoll = "int-nonmonotonic-poll",
    /// Within one operation there is a value of somebody else between two
    /// that were sent.
    IntSendSkip = "int-send-skip",
    /// Within one operation a value that was sent later stands before one
    /// that was sent earlier.
    IntNonmonotonicSend = "int-nonmonotonic-send",
    /// Between two operations of a process the polls leave out a known value.
    PollSkip = "poll-skip",
    /// Between two operations of a process the polls repeat or go back.
    NonmonotonicPoll = "nonmonotonic-poll",
    /// Between two operations of a process the sends go back.
    NonmonotonicSend = "nonmonotonic-send",
    /// Acknowledged values that nobody had polled at the end.
    Unseen = "unseen",
    /// A cycle of transactions that wrote before each other.
    G0 = "G0",
    /// The same with the order of operations of one process.
    G0Process = "G0-process",
    /// A cycle of transactions that wrote before, or saw, each other.
    G1c = "G1c",
    /// The same with the order of operations of one process.
    G1cProcess = "G1c-process",
}

/// One anomaly, with what shows it.
#[derive(Clone, PartialEq, Debug)]
pub struct Anomaly {
    /// Which.
    pub kind: Kind,
    /// What shows it, by name.
    pub fields: Map<String, Value>,
}

impl Anomaly {
    pub(super) fn new(kind: Kind) -> Self {
        Anomaly {
            kind,
            fields: Map::new(),
        }
    }

    pub(super) fn of(kind: Kind, key: &Datum) -> Self {
        Anomaly::new(kind).with("key", key.json())
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(name.to_owned(), value.into());
        self
    }

    pub(super) fn with_all<'a>(self, name: &str, values: impl IntoIterator<Item = &'a Datum>) -> Self {
        let values: Vec<Value> = values.into_iter().map(Datum::json).collect();
        self.with(name, values)
    }

    /// Whether every field of `wanted` is there and equal.
    pub(super) fn fits(&self, wanted: &Map<String, Value>) -> bool {
        let is_type = wanted.get("type").and_then(Value::as_str) == Some(self.kind.name());
        let mut fields = wanted.iter().filter(|(name, _)| *name != "type");
        is_type && fields.all(|(name, value)| self.fields.get(&name.replace('-', "_")) == Some(value))
    }

    /// As JSON.
    pub fn json(&self) -> Value {
        let mut all = Map::new();
        all.insert("type".to_owned(), json!(self.kind.name()));
        all.extend(self.fields.clone());
        Value::Object(all)
    }
}

/// Whether a kind of anomaly is reported without making a test fail.
///
/// Sends of transactions interleave, so gaps between them and cycles of
/// writes are what Kafka does. A consumer that subscribes is moved between
/// keys and may skip and repeat. With write dependencies between transactions
/// that are not isolated, cycles of reads and writes follow.
pub fn is_tolerated(name: &str, subscribes: bool, has_write_dependencies: bool) -> bool {
    match name {
        "int-send-skip" | "G0" | "G0-process" | "G0-realtime" | "PL-1-cycle-exists" | "strong-PL-1-cycle-exists" => {
            true
        }
        "poll-skip" | "nonmonotonic-poll" => subscribes,
        "G1c" | "G1c-process" | "G1c-realtime" | "PL-2-cycle-exists" | "strong-PL-2-cycle-exists" => {
            has_write_dependencies
        }
        _ => false,
    }
}
