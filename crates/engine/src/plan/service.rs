//! Services and tables: the applications around the queues.

use super::{Bounds, Patience, Target};
use alloc::vec::Vec;
use mqlab_brokers::rabbitmq::{KeyId, QueueId};
use mqlab_kernel::{Dist, Rate, SimSpan};
use mqlab_model::NodeId;

/// An application that runs its steps for each message or call.
#[derive(Clone, PartialEq, Debug)]
pub struct ServicePlan {
    /// The queue it consumes, if any. It may be called directly as well.
    pub consume: Option<ConsumePlan>,
    /// How many messages or calls it works on at the same time.
    pub workers: Workers,
    /// What else limits what it takes on.
    pub bounds: Bounds,
    /// What a worker does for each of them, in order.
    pub steps: Vec<StepPlan>,
}

/// A subscription to a queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ConsumePlan {
    /// The broker.
    pub broker: NodeId,
    /// The queue in it.
    pub queue: QueueId,
    /// Most deliveries without acknowledgement (`basic.qos`, per consumer);
    /// 0 is no limit.
    pub prefetch: u32,
    /// Who acknowledges.
    pub ack: AckMode,
}

/// Who tells the broker that a delivery is done with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AckMode {
    /// The handler, by an `ack` or `nack` step.
    Manual,
    /// Nobody: the broker forgets a message when it has sent it
    /// (`no-ack` in AMQP 0-9-1).
    Automatic,
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
        /// The routing key, for an exchange.
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

/// A table of a database. The business id is not a key: a second row for the
/// same id is written as well, and counted.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct TablePlan {
    /// It serves one operation per 1/capacity seconds, in order of arrival.
    /// Without it operations take no time.
    pub capacity: Option<Rate>,
    /// What happens when more is asked for.
    pub overload: Overload,
}

/// What a table does when more is asked of it than it can serve.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Overload {
    /// Requests wait.
    Slows,
    /// It dies at the first request that makes more than its capacity asked
    /// for within one second of the clock.
    Dies,
}
