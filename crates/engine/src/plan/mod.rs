//! The plan of one variant: validated input of a run, plain data.
//!
//! A plan is made by the scenario language (or by a test) and is valid by
//! construction: every reference points at something of the right kind. The
//! world that is built from it never refuses it.

mod bounds;
mod command;
mod limits;
mod load;
mod patience;
mod random;
mod rows;
mod service;

pub use bounds::{Bounds, Strain};
pub use command::{Command, Loss, PUBLISH_MAX, Setting, SettingKind, TimedCommand};
pub use limits::{LimitHit, Limits};
pub use load::{Arrivals, Burst, KeyPlan, LoadPlan, Segment, SenderPlan, ThingsPlan, UsersPlan};
pub use patience::{BreakerPlan, Patience};
pub use random::{RandomFaults, Trouble};
pub use rows::{Expects, FailPlan, Lease, Overload, RowChange, RowState, RowTest, ScanPlan, TablePlan};
pub use service::{AckMode, ConsumePlan, MergePlan, ServicePlan, StepPlan, Workers};

use alloc::string::String;
use alloc::vec::Vec;
use mqlab_brokers::rabbitmq;
use mqlab_kernel::{Dist, SimSpan, SimTime};
use mqlab_model::{NodeId, Skew};

/// Everything that one run needs to know.
#[derive(Clone, PartialEq, Debug)]
pub struct Plan {
    /// Seed of every random stream and draw.
    pub seed: u64,
    /// The run ends before this instant; nothing that is due at it happens.
    pub until: SimTime,
    /// Nodes in file order: their order is their rank within one instant.
    pub nodes: Vec<NodePlan>,
    /// Connections that are not ideal. A pair that is not listed has no delay.
    pub links: Vec<LinkPlan>,
    /// Clocks that are not right from the start.
    pub clocks: Vec<(NodeId, Skew)>,
    /// What is done to the world from outside, in any order of time.
    pub commands: Vec<TimedCommand>,
    /// Instants that somebody will ask for after the run.
    pub watches: Vec<Watch>,
    /// What stops a run that would never end or would not fit.
    pub limits: Limits,
}

/// One node.
#[derive(Clone, PartialEq, Debug)]
pub struct NodePlan {
    /// Its name, unique in the scenario.
    pub name: String,
    /// What it is.
    pub kind: NodeKind,
}

/// What a node is.
#[derive(Clone, PartialEq, Debug)]
pub enum NodeKind {
    /// A source of messages or requests.
    Load(LoadPlan),
    /// A RabbitMQ node.
    Rabbit(rabbitmq::Config),
    /// An application.
    Service(ServicePlan),
    /// A table of a database.
    Table(TablePlan),
}

/// Where a message or a request is sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// A queue, by way of its broker's default exchange.
    Queue {
        /// The broker.
        broker: NodeId,
        /// The queue in it.
        queue: rabbitmq::QueueId,
    },
    /// An exchange.
    Exchange {
        /// The broker.
        broker: NodeId,
        /// The exchange in it.
        exchange: rabbitmq::ExchangeId,
    },
    /// A service, called directly.
    Service(NodeId),
}

impl Target {
    /// The node that takes the message or request.
    pub fn node(&self) -> NodeId {
        match *self {
            Target::Queue { broker, .. } | Target::Exchange { broker, .. } => broker,
            Target::Service(node) => node,
        }
    }
}

/// The connection between two nodes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct LinkPlan {
    /// One end.
    pub a: NodeId,
    /// The other end.
    pub b: NodeId,
    /// One-way delay, both ways alike. A connection keeps its order, so a
    /// packet never overtakes the one before it.
    pub latency: Dist,
    /// What makes a packet come later than that.
    pub wear: Wear,
}

/// What keeps packets of a connection waiting beside its delay, in each
/// direction.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Wear {
    /// Bytes of messages per second that it can carry; `None` is no limit.
    pub bandwidth: Option<u64>,
    /// How many of the packets are lost and sent again, in parts of 2^64.
    pub loss: u64,
    /// How long it takes until a lost packet is sent again; twice as long for
    /// each time that it was lost before.
    pub resend: SimSpan,
}

impl Wear {
    /// Nothing does.
    pub const NONE: Wear = Wear {
        bandwidth: None,
        loss: 0,
        resend: SimSpan::from_millis(200),
    };
}

/// An instant that the run must notice while it passes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Watch {
    /// What is watched.
    pub kind: WatchKind,
    /// From when on it counts.
    pub after: SimTime,
}

/// What a watch waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WatchKind {
    /// Nothing is in the system on its way through this queue (index of the
    /// place; see [`crate::Places`]).
    Drained(mqlab_model::PlaceId),
}
