//! What the node shows of itself, in the words of `rabbitmqctl list_queues`.

use super::queue::Queue;
use mqlab_model::{Message, PlaceId};

/// One queue as the node shows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct QueueView {
    /// Its place.
    pub place: PlaceId,
    /// Messages that wait for a consumer.
    pub messages_ready: u64,
    /// Messages that are delivered and not acknowledged.
    pub messages_unacknowledged: u64,
    /// Consumers that are attached.
    pub consumers: u64,
    /// The message at the head.
    pub head: Option<Message>,
}

impl Queue {
    pub(super) fn view(&self) -> QueueView {
        QueueView {
            place: self.place,
            messages_ready: self.ready().len() as u64,
            messages_unacknowledged: self.unacked,
            consumers: self.consumer_count() as u64,
            head: self.ready().head(),
        }
    }
}
