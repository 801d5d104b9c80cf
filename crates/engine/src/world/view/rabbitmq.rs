//! What can be seen of a queue of RabbitMQ.

use super::World;
use crate::node::AnyNode;
use crate::places::PlaceKind;
use mqlab_brokers::rabbitmq::{Broker, MemoryView, QueueId, QueueView};
use mqlab_model::{Message, NodeId, PlaceId};

/// A message that a queue has delivered and that is not acknowledged. The
/// queue does not note when it was delivered; the trace of the message tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Delivered {
    /// The message.
    pub message: Message,
    /// The service that has it, or to which it is under way.
    pub to: NodeId,
}

/// A consumer of a queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Consumer {
    /// The service.
    pub service: NodeId,
    /// Most deliveries without acknowledgement; 0 is no limit.
    pub prefetch: u32,
    /// How many it has now.
    pub unacked: u32,
    /// Whether the queue forgets what it sends it.
    pub automatic: bool,
    /// Whether nobody else may consume the queue.
    pub exclusive: bool,
}

impl World {
    /// The queue at a place, as RabbitMQ shows it; `None` if there is none.
    pub fn queue(&self, place: PlaceId) -> Option<QueueView> {
        let node = self.places().get(place).node;
        match self.rabbit(node) {
            Some(broker) => broker.queue_at(place),
            None => self.queue_in_cluster(place),
        }
    }

    /// The service to which a queue belongs, if it is exclusive and there.
    pub fn owner_of(&self, queue: PlaceId) -> Option<NodeId> {
        let node = self.places().get(queue).node;
        let Some(broker) = self.rabbit(node) else {
            return self.owner_in_cluster(queue);
        };
        let owner = broker.queue_at(queue)?.owner?;
        Some(self.peer(node, owner))
    }

    /// What the messages of a broker, or of a member of a cluster, take up of its
    /// memory; `None` if that has no end.
    pub fn memory(&self, node: NodeId) -> Option<MemoryView> {
        match &self.nodes[usize::from(node.0)] {
            AnyNode::RabbitMember(member) => member.memory(),
            _ => self.rabbit(node)?.memory(),
        }
    }

    /// The messages that wait in a queue, in the order in which they leave.
    pub fn waiting_in(&self, queue: PlaceId) -> impl Iterator<Item = Message> {
        let found = self.broker_of(queue).into_iter();
        let in_cluster = self.waiting_in_cluster(queue);
        found
            .flat_map(|(broker, queue)| broker.waiting(queue))
            .chain(in_cluster)
    }

    /// The messages of a queue that are delivered and not acknowledged, in the
    /// order in which they stood in it.
    pub fn unacked_in(&self, queue: PlaceId) -> impl Iterator<Item = Delivered> {
        let node = self.places().get(queue).node;
        let found = self.broker_of(queue).into_iter();
        let unacked = found.flat_map(|(broker, queue)| broker.unacked(queue));
        let at_node = unacked.map(move |unacked| Delivered {
            message: unacked.message,
            to: self.peer(node, unacked.port),
        });
        at_node.chain(self.unacked_in_cluster(queue))
    }

    /// The consumers that are attached to a queue, in the order in which they
    /// are served.
    pub fn consumers_of(&self, queue: PlaceId) -> impl Iterator<Item = Consumer> {
        let node = self.places().get(queue).node;
        let found = self.broker_of(queue).into_iter();
        let attached = found.flat_map(|(broker, queue)| broker.consumers(queue));
        let at_node = attached.map(move |consumer| Consumer {
            service: self.peer(node, consumer.port),
            prefetch: consumer.prefetch,
            unacked: consumer.unacked,
            automatic: consumer.automatic,
            exclusive: consumer.exclusive,
        });
        at_node.chain(self.consumers_in_cluster(queue))
    }

    /// The service that alone may consume a queue; nobody may within a cluster.
    pub fn only_consumer_of(&self, queue: PlaceId) -> Option<NodeId> {
        let (broker, id) = self.broker_of(queue)?;
        let only = broker.consumers(id).find(|consumer| consumer.exclusive)?;
        Some(self.peer(self.places().get(queue).node, only.port))
    }

    /// The broker of the queue at a place, and the queue's number in it.
    pub(crate) fn broker_of(&self, queue: PlaceId) -> Option<(&Broker, QueueId)> {
        let place = self.places().get(queue);
        let broker = self.rabbit(place.node)?;
        if place.kind != PlaceKind::Queue {
            return None;
        }
        let before = self.places().iter().take_while(|(id, _)| *id != queue);
        let index = before.filter(|(_, other)| other.kind == PlaceKind::Queue && other.node == place.node);
        Some((broker, QueueId(index.count() as u16)))
    }

    /// The node, if it is one of RabbitMQ's.
    fn rabbit(&self, node: NodeId) -> Option<&Broker> {
        match &self.nodes[usize::from(node.0)] {
            AnyNode::Rabbit(broker) => Some(broker),
            _ => None,
        }
    }
}
