//! Reports: what is said of a run, as plain data. The formats are beside it.

mod gather;
mod json;
mod junit;
mod text;

pub(crate) use json::{FactJson, json};
pub(crate) use junit::junit;
pub(crate) use text::{Detail, text};

use crate::drive::End;
use mqlab_engine::{Hits, Value};
use mqlab_kernel::SimTime;
use mqlab_scenario::life::FactRow;
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
    /// Its name.
    pub(crate) name: String,
    /// The digest of all facts.
    pub(crate) digest: u64,
    /// Actions of the agenda.
    pub(crate) actions: u64,
    /// Facts that were recorded.
    pub(crate) facts: u64,
    /// Messages and requests that were made, by whomever.
    pub(crate) messages: u64,
    /// Those of them whose source was told that they were not taken.
    pub(crate) refused: u64,
    /// Which faults there were, and how many of them changed anything.
    pub(crate) faults: Hits,
    /// Where the simulated clock stands.
    pub(crate) now: SimTime,
    /// How it ended.
    pub(crate) end: End,
    /// The size of the limit that ended it.
    pub(crate) limit: u64,
    /// How long it took on this machine.
    pub(crate) wall: Duration,
    /// Every metric of everything, by its name in the scenario language.
    pub(crate) metrics: Vec<(String, Value)>,
    /// Every verdict, whether it holds or not.
    pub(crate) verdicts: Vec<VerdictRow>,
    /// The expectations about this variant.
    pub(crate) expectations: Vec<ExpectationRow>,
    /// What its queues and called services did.
    pub(crate) inlets: Vec<InletRow>,
    /// Its brokers with their queues.
    pub(crate) brokers: Vec<(String, Vec<QueueRow>)>,
}

/// A verdict and the first fact that showed it.
#[derive(Clone, Debug)]
pub(crate) struct VerdictRow {
    /// Its name.
    pub(crate) name: &'static str,
    /// How often; 0 means that it does not hold.
    pub(crate) count: u64,
    /// The first fact that showed it.
    pub(crate) first: Option<FactRow>,
}

/// An expectation and what came of it.
#[derive(Clone, Debug)]
pub(crate) struct ExpectationRow {
    /// The comparison, as it is written.
    pub(crate) that: String,
    /// When it is checked: a clock time, `always`, `never` or `end`.
    pub(crate) at: String,
    /// The row of the catalogue that it proves.
    pub(crate) row: Option<String>,
    /// What was measured; `None` while nothing was.
    pub(crate) actual: Option<Value>,
    /// Whether it holds; `None` if the run was stopped before that was known.
    pub(crate) pass: Option<bool>,
    /// Whether it fails only because a limit ended the run too early to tell.
    pub(crate) is_cut_off: bool,
    /// The instant that told.
    pub(crate) decided: Option<SimTime>,
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
        self.end == End::Over && self.expectations.iter().all(|row| row.pass == Some(true))
    }
}

impl InletRow {
    /// Whether anything came in.
    fn is_used(&self) -> bool {
        let some = |value: Value| !matches!(value, Value::Count(0) | Value::Never);
        some(self.accepted) || some(self.handled) || some(self.backlog)
    }
}
