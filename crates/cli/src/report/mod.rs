//! Reports: what is said of a run, as plain data. The formats are beside it.

mod gather;
mod json;
mod junit;
mod kafka;
mod rabbit;
mod show;
mod text;

pub(crate) use json::json;
pub(crate) use junit::junit;
pub(crate) use text::{Detail, text};

use crate::drive::End;
use mqlab_engine::Value;
use std::time::Duration;

/// What is said of one scenario.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    /// Its title.
    pub(crate) title: String,
    /// The file it was read from.
    pub(crate) file: String,
    /// The seed it ran with.
    pub(crate) seed: u64,
    /// Its variants, as far as they ran.
    pub(crate) variants: Vec<VariantReport>,
}

/// What is said of one variant.
#[derive(Clone, Debug)]
pub(crate) struct VariantReport {
    /// What programs are told of it as well.
    pub(crate) data: mqlab_scenario::report::VariantReport,
    /// Messages whose source was told that they were not taken.
    pub(crate) refused: u64,
    /// How it ended.
    pub(crate) end: End,
    /// The size of the limit that ended it.
    pub(crate) limit: u64,
    /// How long it took on this machine.
    pub(crate) wall: Duration,
    /// What its queues and called services did.
    pub(crate) inlets: Vec<InletRow>,
    /// Its brokers with their queues.
    pub(crate) brokers: Vec<(String, Vec<QueueRow>)>,
    /// Its clusters of Kafka.
    pub(crate) clusters: Vec<kafka::Cluster>,
    /// Its clusters of RabbitMQ.
    pub(crate) rabbits: Vec<rabbit::Cluster>,
    /// What else was asked for.
    pub(crate) shown: Vec<show::Shown>,
}

/// What a queue, or a service that is called directly, did.
#[derive(Clone, Debug)]
pub(crate) struct InletRow {
    /// Its name.
    pub(crate) name: String,
    /// Messages or requests that it took.
    pub(crate) accepted: Value,
    /// Those whose handling ended well.
    pub(crate) handled: Value,
    /// Those that nobody works on yet.
    pub(crate) backlog: Value,
    /// Quantiles of the wait: 50 %, 90 %, 99 %, all.
    pub(crate) waits: [Value; 4],
    /// Who handles them, and how busy each of them was.
    pub(crate) handlers: Vec<(String, Value)>,
}

/// A queue as its broker lists it.
#[derive(Clone, Debug)]
pub(crate) struct QueueRow {
    /// Its name.
    pub(crate) name: String,
    /// Messages that wait.
    pub(crate) messages_ready: u64,
    /// Messages that are delivered and not acknowledged.
    pub(crate) messages_unacknowledged: u64,
    /// Consumers that are attached.
    pub(crate) consumers: u64,
}

impl VariantReport {
    /// Whether the run ended by itself and everything it had to show holds.
    pub(crate) fn is_good(&self) -> bool {
        self.end == End::Over && self.data.expectations.iter().all(|row| row.pass == Some(true))
    }
}

impl InletRow {
    /// Whether anything came in.
    fn is_used(&self) -> bool {
        let some = |value: Value| !matches!(value, Value::Count(0) | Value::Never);
        some(self.accepted) || some(self.handled) || some(self.backlog)
    }
}
