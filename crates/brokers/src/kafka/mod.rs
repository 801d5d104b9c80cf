//! Kafka: the mechanisms that its broker, its controller, its group
//! coordinator and its clients are composed of, and those: [`Broker`],
//! [`Controller`], [`Producer`] and [`Consumer`] speak [`Frame`]s.
//!
//! Modelled after Kafka 4.2 with the classic group protocol; what is older is
//! offered where a rule can be chosen, and says so.

mod address;
mod alarm;
mod assignor;
mod broker;
mod cluster;
mod config;
mod consumer;
mod controller;
pub mod defaults;
mod error;
mod group;
mod log;
mod metadata;
mod murmur;
mod partitioner;
mod producer;
mod replication;
mod serving;
mod wire;

pub use address::{Address, Command, CommitWhen, ConsumerCommand, Seek, Subscription, TopicId};
pub use assignor::{Assignment, Assignor, Member, TopicPartition, Topics, member_order};
pub use broker::{Broker, File, Folder, LogDir, PartitionView, Role, Wiring};
pub use cluster::{BrokerSettings, Brokers, Cluster, PartitionId, Reads, Topic};
pub use config::{Config, GroupPlan, Internal};
pub use consumer::{Consumer, ConsumerSettings, OffsetsToSend, Phase, Polled};
pub use controller::Controller;
pub use error::Error;
pub use group::{Committed, Group, GroupSettings, GroupState, Join, MemberNumber, OffsetReset, Told};
pub use log::{
    ActiveSegment, Appended, BATCHES_REMEMBERED, BytesOf, Cleanable, Cleaner, Compaction, Compression, Ended, Incoming,
    LogSettings, Marks, PartitionLog, ProducerId, Producers, Reader, Record, Retention, Roll, SEGMENT_OFFSETS_MAX,
    SegmentFacts, Snapshot, Stamp, Transactions, What, check_keys,
};
pub use metadata::{MetadataLog, MetadataRecord};
pub use murmur::{murmur2, to_positive};
pub use partitioner::{
    Loads, RoundRobin, Sticky, TopicLeaders, partition_for_hash, partition_for_key, settled_partition,
};
pub use producer::{BufferFull, Key, Outcome, Partitioner, Producer, ProducerSettings, ToSend};
pub use replication::{
    Acks, Answer, BrokerId, Cut, Elected, Election, Electorate, Eligible, LagRule, Leader, Replica, Replication, cut,
    is_under_min_isr,
};
pub use serving::{Served, Serving};
pub use wire::{Batch, Correlation, Frame, GroupId, Inbox, Leadership, Seat, Spot, TransactionalId, Wanted, Writer};
