//! A cluster of Kafka as its operators look at it: the files of a broker, where
//! replicas lie, and what ZooKeeper would have held of it. All of it is read off
//! the running world; the command line and the page show the same.

mod files;
mod placement;
mod znodes;

pub use files::{FileLine, files};
pub use placement::{Placed, Placement, placement};
pub use znodes::{Znode, znodes};

use mqlab_engine::World;
use mqlab_engine::plan::Member;
use mqlab_model::NodeId;

/// The brokers of a cluster of Kafka, in order.
pub fn brokers(world: &World, cluster: NodeId) -> Vec<NodeId> {
    let is_broker = |node: &&NodeId| matches!(world.member_is(**node), Some(Member::Broker(_)));
    world.members(cluster).iter().filter(is_broker).copied().collect()
}

#[cfg(test)]
mod tests;
