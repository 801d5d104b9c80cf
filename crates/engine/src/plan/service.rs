//! Services and tables: the applications around the queues.

use super::rows::{FailPlan, RowChange, RowTest, ScanPlan};
use super::{Bounds, Patience, PublisherPlan, Subscription, Target};
use crate::places::Places;
use alloc::vec::Vec;
use mqlab_kernel::{Dist, SimSpan};
use mqlab_model::{KeyId, NodeId, PlaceId};

/// An application that runs its steps for each message or call.
#[derive(Clone, PartialEq, Debug)]
pub struct ServicePlan {
    /// What it consumes, if anything. It may be called directly as well.
    pub consume: Option<ConsumePlan>,
    /// What its producers are set to, by broker; of a broker that is not listed
    /// [`PublisherPlan::Plain`]. Its publish steps share one producer each.
    pub producers: Vec<(NodeId, PublisherPlan)>,
    /// How many messages or calls it works on at the same time.
    pub workers: Workers,
    /// The rows of a table that it looks through from time to time, if any:
    /// it runs its steps for each row that it finds.
    pub scan: Option<ScanPlan>,
    /// What else limits what it takes on.
    pub bounds: Bounds,
    /// What it takes on together, if anything.
    pub merge: Option<MergePlan>,
    /// Every worker has a queue of its own in memory, and what is about the
    /// same thing comes into the same one. Only with a limit of workers.
    pub keeps_order: bool,
    /// What a worker does for each of them, in order. Steps of a block follow
    /// the step that begins it, see [`StepPlan::covers`].
    pub steps: Vec<StepPlan>,
    /// The first of the steps that are done when the others have failed. The
    /// step before it is [`StepPlan::Done`].
    pub on_failure: Option<u16>,
}

/// Deliveries and calls that are taken on together: one worker goes through
/// its steps once for all of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MergePlan {
    /// Most of them at a time; at least 1. So many begin at once.
    pub most: u32,
    /// How long the first of them waits for more to come.
    pub wait: SimSpan,
    /// Only those that are about the same thing are put together.
    pub by_thing: bool,
}

/// What a service consumes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConsumePlan {
    /// The broker.
    pub broker: NodeId,
    /// What of it, and how, in the words of its family.
    pub subscription: Subscription,
    /// Whether it asks in place of having them pushed.
    pub poll: Option<PollPlan>,
    /// The table that has a row for what the messages tell of, when they are
    /// received.
    pub expects: Option<NodeId>,
}

/// How a consumer asks, in place of having messages pushed. It asks for one at a
/// time, whenever a worker is free.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PollPlan {
    /// At every multiple of this, and then until there is nothing.
    Every(SimSpan),
    /// Always, with a request that waits so long for a message.
    Hold(SimSpan),
}

impl ConsumePlan {
    /// The places from which it is served: what owes the handling of the
    /// messages.
    pub fn places(&self, places: &Places) -> Vec<PlaceId> {
        self.subscription.places(self.broker, places)
    }

    /// The place from which it is served, if it is one.
    pub fn place(&self, places: &Places) -> Option<PlaceId> {
        self.subscription.place(self.broker, places)
    }
}

/// How many messages or calls are worked on at the same time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Workers {
    /// At most this many; at least 1.
    Count(u32),
    /// No limit.
    Unlimited,
}

/// One step of a handler.
#[derive(Clone, PartialEq, Debug)]
pub enum StepPlan {
    /// Time passes.
    Work(Dist),
    /// A row with the message's business id is written; the worker waits for
    /// the table's answer. If the table refuses, the handler fails.
    Insert(NodeId),
    /// One message goes to each target, when `takes` has passed.
    Publish {
        /// Where to.
        to: Vec<Target>,
        /// The key that it carries, if the target looks at one.
        key: Option<KeyId>,
        /// How long the step takes before they leave.
        takes: SimSpan,
        /// Whether the worker waits until all of them are confirmed.
        confirm: bool,
    },
    /// Services are called and their answers awaited.
    Call {
        /// Whom.
        services: Vec<NodeId>,
        /// All at once, or one after the other.
        parallel: bool,
        /// What happens when an answer does not come, or is a refusal.
        patience: Patience,
    },
    /// Rows with the message's business id are changed in this table.
    Row {
        /// The table.
        table: NodeId,
        /// How.
        change: RowChange,
    },
    /// The next steps are done only if the table says so.
    When {
        /// The table.
        table: NodeId,
        /// What it is asked.
        test: RowTest,
        /// How many steps.
        covers: u16,
    },
    /// What the next steps do to tables is there all at once, or not at all:
    /// with [`StepPlan::Commit`], which is the last of them.
    Begin {
        /// How many steps, with the commit.
        covers: u16,
    },
    /// The transaction takes effect.
    Commit {
        /// One table of each database that is concerned; more than one only
        /// in two phases. None: it is one of the service's producer of Kafka,
        /// which has a `transactional.id`, and what is acknowledged in it is
        /// committed with it.
        tables: Vec<NodeId>,
        /// Whether all of them promise first that they can.
        two_phase: bool,
    },
    /// The transaction that it stands in ends here, wherever that is; the
    /// handler goes on behind it.
    Leave {
        /// Whether what was done in it takes effect.
        commits: bool,
    },
    /// The next steps are tried again if one of them fails.
    Retry {
        /// How often they are tried in all, at least once.
        attempts: u16,
        /// Between two of them.
        pause: SimSpan,
        /// How many steps.
        covers: u16,
    },
    /// The handler fails, or goes on.
    Fail(FailPlan),
    /// The handler ends here, well; what follows is for failures.
    Done,
    /// The delivery is acknowledged.
    Ack,
    /// The delivery is rejected.
    Nack {
        /// Back into its queue, or dropped.
        requeue: bool,
    },
    /// A caller gets its answer now; without this step at the end of the
    /// steps.
    Respond,
}

impl StepPlan {
    /// How many of the steps behind this one belong to it.
    pub fn covers(&self) -> u16 {
        match self {
            StepPlan::When { covers, .. } | StepPlan::Begin { covers } | StepPlan::Retry { covers, .. } => *covers,
            _ => 0,
        }
    }

    /// Whether nobody wrote it: it ends a block or the handler.
    pub fn is_end(&self) -> bool {
        matches!(self, StepPlan::Commit { .. } | StepPlan::Done)
    }

    /// The table that it works on.
    pub fn table(&self) -> Option<NodeId> {
        match self {
            StepPlan::Insert(table) | StepPlan::Row { table, .. } | StepPlan::When { table, .. } => Some(*table),
            _ => None,
        }
    }

    /// The table into which it writes what the handler exists for.
    pub fn writes(&self) -> Option<NodeId> {
        match self {
            StepPlan::Insert(table)
            | StepPlan::Row {
                table,
                change: RowChange::InsertIfNew,
            } => Some(*table),
            _ => None,
        }
    }
}

impl StepPlan {
    /// Whether it ends a transaction of Kafka: one without a table.
    pub fn commits_records(&self) -> bool {
        matches!(self, StepPlan::Commit { tables, .. } if tables.is_empty())
    }
}

impl ServicePlan {
    /// Whether its steps make transactions of Kafka: those without a table.
    pub fn commits_records(&self) -> bool {
        self.steps.iter().any(StepPlan::commits_records)
    }

    /// Every table that it works on, as often as it does.
    pub fn tables(&self) -> impl Iterator<Item = NodeId> {
        let scanned = self.scan.iter().map(|scan| scan.table);
        scanned.chain(self.steps.iter().filter_map(StepPlan::table))
    }
}
