//! Several nodes that are one broker.
//!
//! Every member knows all definitions and serves clients; a queue is somewhere.
//! The member that a client is connected to (`front.rs`) routes, keeps channels
//! and their numbers, and asks the member that the queue is at. There
//! (`content/`) a queue is a state machine; its three kinds differ in how they
//! come to agree on what it is given:
//!
//! - a classic queue has one home and does everything at once (`classic.rs`);
//! - a mirrored one, until 3.13, tells its mirrors what it has and waits with
//!   confirms until they have it too (`classic.rs`, `mirrors.rs`); how many there are may
//!   change (`mirroring.rs`);
//! - a quorum queue does what a majority has written into its log and synced
//!   (`quorum.rs`, [`crate::parts::raft`]).
//!
//! Sources: the documentation's "Clustering", "Quorum Queues", "Classic Queue
//! Mirroring" (3.13) and "Clustering and Network Partitions".
//!
//! What depends on the time is told the time (`timing.rs`), and what a queue gives
//! up its home or its leader publishes anew (`link.rs`, `story.rs`).
//!
//! Whether a queue is there it knows itself (`content/existence.rs`), and the members hear
//! of it (`existence.rs`). Policies stand in the metadata of all (`operators.rs`).
//!
//! Left out in a cluster so far: the time that a queue is busy, windows of a channel,
//! and, in mirrored queues, the time and dead letters.

mod alarm;
mod classic;
mod content;
mod existence;
mod front;
mod link;
mod member;
mod memory;
mod mirroring;
mod mirrors;
mod operators;
mod partition;
mod quorum;
mod story;
mod timing;
mod wire;

pub use content::Attached;
pub use member::{Member, MemberView};
pub use mirroring::{MirrorRule, MirrorRuleKind};
pub use partition::PartitionHandling;
pub use quorum::ReplicaView;
pub use story::Fate;
pub use wire::{Command, PeerFrame, Settlement, Wire};

use super::{Config, QueueId};
use alloc::vec::Vec;
use mqlab_kernel::SimSpan;

/// A member of a cluster, by its number; there are eight at most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct MemberId(pub u8);

/// Most members of a cluster: sets of them are bits of a byte.
pub const MEMBERS_MAX: u8 = 8;

impl MemberId {
    /// Its bit in a set of members.
    fn bit(self) -> u8 {
        1 << self.0
    }
}

/// Where a queue is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Keeping {
    /// A classic queue is at its home.
    Home(MemberId),
    /// A mirrored one, until 3.13.
    Mirrored {
        /// Where it begins.
        master: MemberId,
        /// Its mirrors, the oldest first.
        mirrors: Vec<MemberId>,
        /// `ha-promote-on-failure`.
        promote: Promote,
        /// `ha-sync-mode`: a new mirror gets what is there already.
        is_synced_at_once: bool,
    },
    /// A quorum queue has a replica at each of these.
    Quorum(Vec<MemberId>),
}

/// Which mirror may take over when the master has failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Promote {
    /// `always`: if none has everything, then one that has not.
    #[default]
    Always,
    /// `when-synced`: one that has everything, or none.
    WhenSynced,
}

/// What makes members a cluster.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// How many members there are.
    pub members: u8,
    /// Where each queue of the definitions is; of those that are missing the
    /// default holds.
    pub keeping: Vec<Keeping>,
    /// `cluster_partition_handling`.
    pub partition: PartitionHandling,
    /// How often members show each other that they are there.
    pub beat: SimSpan,
    /// After so much silence the replicas of a quorum queue look for another
    /// leader.
    pub suspect_after: SimSpan,
    /// `net_ticktime`: after so much silence a member counts as down.
    pub down_after: SimSpan,
}

impl Settings {
    /// So many members, and all as RabbitMQ has it.
    pub fn new(members: u8) -> Settings {
        Settings {
            members,
            keeping: Vec::new(),
            partition: PartitionHandling::default(),
            beat: SimSpan::from_millis(250),
            suspect_after: SimSpan::from_millis(5_000),
            down_after: SimSpan::from_millis(60_000),
        }
    }
}

/// A cluster.
#[derive(Clone, PartialEq, Debug)]
pub struct Cluster {
    /// What every member knows.
    pub config: Config,
    /// What makes it a cluster.
    pub settings: Settings,
}

impl core::ops::Deref for Cluster {
    type Target = Settings;

    fn deref(&self) -> &Settings {
        &self.settings
    }
}

impl core::ops::DerefMut for Cluster {
    fn deref_mut(&mut self) -> &mut Settings {
        &mut self.settings
    }
}

impl Cluster {
    /// A cluster whose classic queues are at the first member and whose quorum
    /// queues are everywhere.
    pub fn new(config: Config, members: u8) -> Cluster {
        Cluster::with(config, Settings::new(members))
    }

    /// The cluster that definitions describe, if they are those of one.
    pub fn of(config: &Config) -> Option<Cluster> {
        let settings = config.cluster.as_deref()?.clone();
        Some(Cluster::with(config.clone(), settings))
    }

    fn with(config: Config, mut settings: Settings) -> Cluster {
        let all = || (0..settings.members).map(MemberId);
        for queue in config.queues.iter().skip(settings.keeping.len()) {
            let arguments = queue.arguments.as_ref();
            settings.keeping.push(
                match arguments.is_some_and(|arguments| arguments.kind == super::QueueKind::Quorum) {
                    true => Keeping::Quorum(all().collect()),
                    false => Keeping::Home(MemberId(0)),
                },
            );
        }
        Cluster { config, settings }
    }

    /// Where a queue is.
    pub fn keeping(&self, queue: QueueId) -> &Keeping {
        &self.keeping[usize::from(queue.0)]
    }

    fn queues(&self) -> impl Iterator<Item = QueueId> + use<> {
        (0..self.keeping.len() as u16).map(QueueId)
    }
}
