//! The plan of one variant: validated input of a run, plain data.
//!
//! A plan is made by the scenario language (or by a test) and is valid by
//! construction: every reference points at something of the right kind. The
//! world that is built from it never refuses it.

mod bounds;
mod broker;
mod command;
mod limits;
mod load;
mod patience;
mod publish_rule;
mod random;
mod rows;
mod service;
mod topic_rule;

pub use bounds::{Bounds, Strain};
pub(crate) use broker::Part;
pub use broker::{Address, BrokerCommand, BrokerPlan, ConsumerCommand, Member, PublisherPlan, Subscription};
pub use command::{Command, Loss, PUBLISH_MAX, Setting, SettingKind, TimedCommand};
pub use limits::{FAULTS_MAX, LimitHit, Limits};
pub use load::{Arrivals, Burst, KeyPlan, LoadPlan, Segment, SenderPlan, ThingsPlan, UsersPlan};
pub use patience::{BreakerPlan, Patience};
pub use publish_rule::{PublishRule, PublishRuleKind};
pub use random::{Chance, RandomFaults, Subjects, Targets, Trouble, Wrong};
pub(crate) use random::{Phase, change_phases};
pub use rows::{Expects, FailPlan, Lease, Overload, RowChange, RowState, RowTest, ScanPlan, TablePlan};
pub use service::{ConsumePlan, MergePlan, PollPlan, ServicePlan, StepPlan, Workers};
pub use topic_rule::{TopicRule, TopicRuleKind};

use crate::places::{PlaceKind, Places};
use alloc::string::String;
use alloc::vec::Vec;
use mqlab_kernel::{Dist, SimSpan, SimTime};
use mqlab_model::{NodeId, PlaceId, Skew};

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
    /// What goes wrong at random, before what is done in the same instant.
    pub random: Option<RandomFaults>,
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
    /// A broker, of whatever family. One that is a cluster is a name for its
    /// members, which stand right behind it.
    Broker(BrokerPlan),
    /// A node of a cluster.
    Member(MemberPlan),
    /// An application.
    Service(ServicePlan),
    /// A table of a database.
    Table(TablePlan),
}

/// A node of a cluster.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MemberPlan {
    /// The cluster.
    pub of: NodeId,
    /// What it is there.
    pub is: Member,
}

impl NodePlan {
    /// A broker, which will be the node `id`, and the nodes of which it
    /// consists, in the order in which a plan has them.
    pub fn broker(id: NodeId, name: &str, broker: BrokerPlan) -> Vec<NodePlan> {
        let member = |(is, behind): (Member, String)| NodePlan {
            name: alloc::format!("{name}-{behind}"),
            kind: NodeKind::Member(MemberPlan { of: id, is }),
        };
        let members: Vec<NodePlan> = broker.members().into_iter().map(member).collect();
        let itself = NodePlan {
            name: name.into(),
            kind: NodeKind::Broker(broker),
        };
        core::iter::once(itself).chain(members).collect()
    }
}

impl NodeKind {
    /// The broker that it is, if it is one.
    pub fn broker(&self) -> Option<&BrokerPlan> {
        match self {
            NodeKind::Broker(broker) => Some(broker),
            NodeKind::Load(_) | NodeKind::Service(_) | NodeKind::Table(_) | NodeKind::Member(_) => None,
        }
    }
}

impl Plan {
    /// Whether a node is a broker.
    pub fn is_broker(&self, node: NodeId) -> bool {
        let node = self.nodes.get(usize::from(node.0));
        node.is_some_and(|node| node.kind.broker().is_some())
    }

    /// The nodes that a node consists of: the members of a cluster, and of any
    /// other node itself.
    pub fn members(&self, node: NodeId) -> impl Iterator<Item = NodeId> {
        let of = |other: &NodePlan| matches!(other.kind, NodeKind::Member(member) if member.of == node);
        let first = usize::from(node.0) + 1;
        let count = self.nodes.iter().skip(first).take_while(|other| of(other)).count();
        let all = if count > 0 {
            first..first + count
        } else {
            first - 1..first
        };
        all.map(|index| NodeId(index as u16))
    }

    /// The nodes that clients of a node are connected to: the brokers of a
    /// cluster, and of any other node itself.
    pub fn serving(&self, node: NodeId) -> impl Iterator<Item = NodeId> {
        let is_controller = |other: NodeId| {
            let kind = &self.nodes[usize::from(other.0)].kind;
            matches!(kind, NodeKind::Member(member) if member.is == Member::Controller)
        };
        self.members(node).filter(move |other| !is_controller(*other))
    }

    /// The cluster that a node is a member of, or itself.
    pub fn cluster_of(&self, node: NodeId) -> NodeId {
        match self.nodes[usize::from(node.0)].kind {
            NodeKind::Member(member) => member.of,
            _ => node,
        }
    }

    /// Whether what passes between two nodes are calls and their answers.
    pub fn has_calls(&self, a: NodeId, b: NodeId) -> bool {
        let is_end = |node: NodeId| {
            let node = self.nodes.get(usize::from(node.0)).map(|node| &node.kind);
            matches!(node, Some(NodeKind::Load(_) | NodeKind::Service(_)))
        };
        is_end(a) && is_end(b)
    }
}

/// Where a message or a request is sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// An address at a broker, to which messages are published.
    Broker {
        /// The broker.
        broker: NodeId,
        /// What of it, in the words of its family.
        address: Address,
    },
    /// A service, called directly.
    Service(NodeId),
}

impl Target {
    /// The node that takes the message or request.
    pub fn node(&self) -> NodeId {
        match *self {
            Target::Broker { broker, .. } => broker,
            Target::Service(node) => node,
        }
    }

    /// Whether the key of a message has a say in where it goes.
    pub fn takes_key(&self) -> bool {
        match *self {
            Target::Broker { address, .. } => address.takes_key(),
            Target::Service(_) => false,
        }
    }

    /// The one place where the handling of everything that is sent there is
    /// owed; `None` if that depends on the message.
    pub fn place(&self, places: &Places) -> Option<PlaceId> {
        match *self {
            Target::Broker { broker, address } => address.place(broker, places),
            Target::Service(node) => places.find(node, PlaceKind::Calls, 0),
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
    /// How many of the calls and answers on it arrive twice, in parts of 2^64. What
    /// goes to a broker or a table is on a connection that knows what it had.
    pub duplicate: u64,
    /// How many of them come so much later that those behind them overtake them: by
    /// `resend`.
    pub reorder: u64,
}

impl Wear {
    /// Nothing does.
    pub const NONE: Wear = Wear {
        bandwidth: None,
        loss: 0,
        resend: SimSpan::from_millis(200),
        duplicate: 0,
        reorder: 0,
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
    Drained(PlaceId),
}
