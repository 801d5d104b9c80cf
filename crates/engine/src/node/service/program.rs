//! A handler's steps, with ports and sources in place of names.

use crate::client::Route;
use crate::plan::{FailPlan, Patience, Strain};
use crate::statement::Statement;
use alloc::vec::Vec;
use mqlab_kernel::{Dist, SimSpan};
use mqlab_model::{Port, SourceId};

/// One step, ready to run.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Step {
    /// Time passes.
    Work {
        /// How long.
        takes: Dist,
        /// Keeps its draws apart from those of other steps and services.
        salt: u32,
    },
    /// Time passes, and more of it the more there is to do.
    StrainedWork {
        /// How long with room to spare.
        takes: Dist,
        /// As for [`Step::Work`].
        salt: u32,
    },
    /// A row is written.
    Insert {
        /// The table's port.
        table: Port,
        /// Whether this is the last row that the handler writes: its effect.
        effect: bool,
    },
    /// Messages are published.
    Publish {
        /// Where to.
        to: Vec<Output>,
        /// How long it takes before they leave.
        takes: SimSpan,
        /// Whether the worker waits for the confirms.
        confirm: bool,
    },
    /// Services are called.
    Call {
        /// Their ports; at most 64, a bit each in a word.
        services: Vec<Port>,
        /// All at once.
        parallel: bool,
        /// What it bears; nothing at all if it is not given.
        patience: Option<Patience>,
        /// Keeps the draws of its pauses apart from those of other steps.
        salt: u32,
    },
    /// A table does something with the rows of the message's business id.
    Row {
        /// The table's port.
        table: Port,
        /// What.
        statement: Statement,
        /// The clock that it is done by, if that matters.
        stamp: Option<StampPlan>,
        /// As in [`Step::Insert`].
        effect: bool,
    },
    /// The next steps are done only if a table finds that something is so.
    When {
        /// The table's port.
        table: Port,
        /// What.
        statement: Statement,
        /// As in [`Step::Row`].
        stamp: Option<StampPlan>,
        /// Whether it is about the row that is the handler's effect.
        effect: bool,
        /// Where it goes on otherwise.
        otherwise: usize,
    },
    /// A transaction begins.
    Begin,
    /// It takes effect.
    Commit {
        /// The port of one table of each database.
        tables: Vec<Port>,
        /// All of them promise first.
        two_phase: bool,
    },
    /// A transaction of Kafka takes effect: what was published in it, and what was
    /// acknowledged.
    CommitRecords {
        /// Index of the service's producer.
        producer: usize,
    },
    /// The transaction ends early: its commit is next, or nothing of it was.
    Leave {
        /// Whether it takes effect.
        commits: bool,
        /// The step with its commit.
        commit: usize,
    },
    /// What follows may be tried again.
    Retry,
    /// The handler fails, or not.
    Fail {
        /// When.
        plan: FailPlan,
        /// How often workers got here.
        times: u64,
    },
    /// The handler ends, well or not.
    End {
        /// Whether well.
        well: bool,
    },
    /// The delivery is acknowledged.
    Ack,
    /// The delivery is acknowledged in a transaction of Kafka.
    AckWithin,
    /// The delivery is rejected.
    Nack {
        /// Back into its queue.
        requeue: bool,
    },
    /// The caller gets its answer.
    Respond,
}

impl Step {
    /// A step of work, as it is in a service with this way of being overloaded.
    pub(crate) fn work(takes: Dist, salt: u32, overload: Strain) -> Self {
        match overload {
            Strain::Slows => Step::StrainedWork { takes, salt },
            _ => Step::Work { takes, salt },
        }
    }

    /// Makes a step of work what it is with another way of being overloaded.
    pub(crate) fn set_overload(&mut self, overload: Strain) {
        if let Step::Work { takes, salt } | Step::StrainedWork { takes, salt } = *self {
            *self = Step::work(takes, salt, overload);
        }
    }
}

/// What a statement that goes by a clock has with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct StampPlan {
    /// The service's own; otherwise the table's.
    pub(crate) is_own: bool,
    /// For how long a row is claimed.
    pub(crate) lease: SimSpan,
}

/// One target of a publish step.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Output {
    /// Index of the service's producer.
    pub(crate) producer: usize,
    /// Where to.
    pub(crate) route: Route,
    /// The source of what is published, by the source of what is handled.
    pub(crate) sources: Vec<(SourceId, SourceId)>,
}

impl Output {
    /// The source of what is made from a message of `parent`.
    pub(crate) fn source(&self, parent: SourceId) -> Option<SourceId> {
        self.sources
            .iter()
            .find(|(known, _)| *known == parent)
            .map(|(_, source)| *source)
    }
}

/// Steps that belong together, with what their failure means.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Block {
    /// The first step of it.
    pub(crate) first: usize,
    /// The first step behind it.
    pub(crate) end: usize,
    /// What a failure in it means.
    pub(crate) kind: BlockKind,
}

/// What the failure of a step in a block means.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum BlockKind {
    /// A transaction at the tables at these ports never was, and the failure
    /// goes on.
    Transaction(Vec<Port>),
    /// The same for a transaction of the producer with this index.
    Records(usize),
    /// It is tried again.
    Retry {
        /// How often in all.
        attempts: u16,
        /// After this long.
        pause: SimSpan,
    },
    /// These steps are done, and then the handler has failed.
    Otherwise(usize),
}

/// A table that the service looks through.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Scan {
    /// Its port.
    pub(crate) table: Port,
    /// At the multiples of this.
    pub(crate) every: SimSpan,
    /// What it is asked.
    pub(crate) statement: Statement,
}
