//! What can be seen of a broker: what every family has, and what is a family's
//! own.

use super::World;
use super::kafka::ClusterView;
use crate::node::AnyNode;
use alloc::vec::Vec;
use mqlab_brokers::rabbitmq;
use mqlab_model::{Message, NodeId, PlaceId, Port};

/// A broker as it shows itself, by family.
#[derive(Clone, PartialEq, Debug)]
pub enum BrokerView {
    /// A RabbitMQ node, or a cluster of them: of that [`World::hosted`] has more.
    Rabbit {
        /// Its queues, in the order of the scenario.
        queues: Vec<rabbitmq::QueueView>,
    },
    /// A Kafka cluster.
    Kafka(ClusterView),
}

/// What lies at a place of a broker, whatever its family calls it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Level {
    /// The place.
    pub place: PlaceId,
    /// Messages that wait for a consumer.
    pub ready: u64,
    /// Messages that are delivered, and of which the broker has not heard
    /// since.
    pub unacked: u64,
    /// Consumers that are attached.
    pub consumers: u64,
    /// The message that waits at the head.
    pub oldest: Option<Message>,
}

impl From<rabbitmq::QueueView> for Level {
    fn from(queue: rabbitmq::QueueView) -> Self {
        Level {
            place: queue.place,
            ready: queue.messages_ready,
            unacked: queue.messages_unacknowledged,
            consumers: queue.consumers,
            oldest: queue.head,
        }
    }
}

impl World {
    /// What lies at a place; `None` where nothing ever does.
    pub fn level(&self, place: PlaceId) -> Option<Level> {
        let node = self.places().get(place).node;
        match &self.nodes[usize::from(node.0)] {
            AnyNode::Rabbit(broker) => broker.queue_at(place).map(Level::from),
            AnyNode::Cluster(_) if self.rabbit_cluster(node).is_some() => self.queue(place).map(Level::from),
            AnyNode::Cluster(_) => self.level_in_log(place),
            AnyNode::Load(_)
            | AnyNode::Service(_)
            | AnyNode::Table(_)
            | AnyNode::Kafka(_)
            | AnyNode::RabbitMember(_)
            | AnyNode::Controller(_) => None,
        }
    }

    /// The node at the other end of a port.
    ///
    /// # Panics
    /// If the node has no such port.
    pub fn peer(&self, node: NodeId, port: Port) -> NodeId {
        let link = self.core.frame.first_link[usize::from(node.0)] + u32::from(port.0);
        self.core.links[link as usize].to
    }
}
