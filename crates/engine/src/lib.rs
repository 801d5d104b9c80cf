//! The world: nodes, connections, the recorder and the oracle, and what can be
//! read off them.
//!
//! A [`plan::Plan`] goes in; a [`World`] is built from it, runs, and answers
//! questions: [`World::metric`], [`World::digest`], [`World::verdicts`],
//! [`World::series`]. It can be cloned at any instant and both go on alike,
//! which is what rewinding rests on ([`History`]).
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod client;
mod history;
mod metric;
mod node;
mod oracle;
mod places;
pub mod plan;
mod recorder;
mod sources;
mod statement;
mod things;
mod wire;
mod world;

pub use history::{History, Replay};
pub use metric::{Argument, METRICS, Metric, MetricInfo, MetricKind, Subject, Unit, Value};
pub use oracle::{Verdict, VerdictKind};
pub use places::{Place, PlaceKind, Places};
pub use recorder::{Column, ColumnKind, FactRun, Series, Trace};
pub use sources::{Source, Sources};
pub use world::{
    BreakerState, BreakerView, BrokerView, ClusterNode, ClusterView, Consumer, Copies, DeletedUnread, Delivered,
    DiskView, Group, GroupMember, Hit, Hits, HostedQueue, Level, LinkView, LogView, NodeView, Outcome, Packet,
    Partition, QueueMember, Replica, SegmentView, Share, Slot, Status, World,
};
