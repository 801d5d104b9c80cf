//! What the node shows of itself, in the words of `rabbitmqctl list_queues`.

use super::queue::Queue;
use mqlab_model::{Message, PlaceId, Port};

/// One queue as the node shows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct QueueView {
    /// Its place.
    pub place: PlaceId,
    /// Messages that wait for a consumer.
    pub messages_ready: u64,
    /// Messages that a delayed exchange keeps back until they come here.
    pub messages_delayed: u64,
    /// Messages that are delivered and not acknowledged.
    pub messages_unacknowledged: u64,
    /// Consumers that are attached.
    pub consumers: u64,
    /// The message at the head.
    pub head: Option<Message>,
    /// The connection that it belongs to, if it is exclusive.
    pub owner: Option<Port>,
}

/// One delivery that waits for its acknowledgement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UnackedView {
    /// The message.
    pub message: Message,
    /// The connection it was delivered on.
    pub port: Port,
    /// Its delivery tag there.
    pub tag: u64,
}

/// One consumer of a queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ConsumerView {
    /// The connection it is on.
    pub port: Port,
    /// Most deliveries without acknowledgement; 0 is no limit.
    pub prefetch: u32,
    /// How many it has now.
    pub unacked: u32,
    /// Whether the node forgets what it sends it.
    pub automatic: bool,
    /// Whether nobody else may consume the queue.
    pub exclusive: bool,
}

impl Queue {
    pub(super) fn view(&self) -> QueueView {
        QueueView {
            place: self.place,
            messages_ready: self.len() as u64,
            messages_delayed: self.special.as_ref().map_or(0, |special| special.scheduled() as u64),
            messages_unacknowledged: self.unacked,
            consumers: self.consumer_count() as u64,
            head: self.head(),
            owner: self.owner,
        }
    }
}
