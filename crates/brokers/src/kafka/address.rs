//! What clients of a cluster publish to and subscribe to, and what its
//! operators do to it.

use super::{BrokerId, ConsumerSettings, GroupId, Spot};
use alloc::vec::Vec;

/// A topic, by its number among those of its cluster's plan.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TopicId(pub u16);

/// What a message is published to: a topic, and in it the partition that the
/// producer's partitioner finds, unless the application chooses one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Address {
    /// The topic.
    pub topic: TopicId,
    /// The partition, if the application chooses it.
    pub partition: Option<u32>,
}

/// When a consumer without `enable.auto.commit` commits what its application
/// has acknowledged.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum CommitWhen {
    /// When the application is done with all that a poll returned.
    #[default]
    Polled,
    /// With every record.
    Record,
}

/// Where an application goes on in a partition, whatever its group has read
/// (`seek`, `seekToBeginning`, `seekToEnd`, `offsetsForTimes`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Seek {
    /// At this offset. Where the log has no such one, `auto.offset.reset` says
    /// where.
    Offset(u64),
    /// At a spot that its leader knows.
    Spot(Spot),
}

/// What a consumer subscribes to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subscription {
    /// The group that it belongs to. Its [`Group`](super::GroupPlan) names
    /// every topic that one of its members subscribes to.
    pub group: GroupId,
    /// The topics.
    pub topics: Vec<TopicId>,
    /// Its settings. With `auto_commit` nothing that the application
    /// acknowledges means anything.
    pub settings: ConsumerSettings,
    /// When it commits, if it does so by itself.
    pub commit: CommitWhen,
    /// How many records may wait in the application's memory for a thread while
    /// it polls on; with 0 it polls when none waits and a thread is free.
    pub ahead: u32,
}

/// What the application of a consumer is made to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ConsumerCommand {
    /// It goes on elsewhere.
    Seek {
        /// In this partition, or in all that it has.
        partition: Option<(TopicId, u32)>,
        /// Where.
        to: Seek,
    },
}

/// What is done to a cluster by its operators.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Command {
    /// A replica that is in sync leads a partition from now on, if the
    /// controller and the broker are up.
    MoveLeader {
        /// The topic.
        topic: TopicId,
        /// The number of the partition in it.
        partition: u32,
        /// Who is to lead.
        to: BrokerId,
    },
    /// Every partition is led by its first replica again, if that is in sync
    /// (`kafka-leader-election.sh --election-type preferred`).
    ElectPreferred,
}
