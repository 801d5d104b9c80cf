//! What travels between a client and the node: the methods of AMQP 0-9-1 that
//! are modelled, with numbers in place of names.

use super::{ExchangeId, KeyId, QueueId};
use mqlab_model::{Message, PlaceId};

/// A channel of a connection, chosen by the client.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ChannelId(pub u8);

/// A consumer of a channel, chosen by the client.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ConsumerTag(pub u8);

impl ConsumerTag {
    /// Stands in deliveries that were asked for one by one.
    pub const GET: ConsumerTag = ConsumerTag(u8::MAX);
}

/// One method on a connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Frame {
    /// `channel.open`, with `confirm.select` if `confirms`.
    Open {
        /// The channel.
        channel: ChannelId,
        /// Whether the node confirms what is published on it.
        confirms: bool,
    },
    /// `confirm.select` on a channel that is open: the node confirms what is published
    /// on it from now on.
    Select {
        /// The channel.
        channel: ChannelId,
    },
    /// `queue.declare`, and `queue.bind` as often as it takes: a queue that is gone
    /// is there again as the node's first definitions have it.
    Declare {
        /// The channel.
        channel: ChannelId,
        /// The queue.
        queue: QueueId,
    },
    /// `basic.qos` and `basic.consume`.
    Consume {
        /// The channel.
        channel: ChannelId,
        /// The consumer's name on it.
        consumer: ConsumerTag,
        /// The queue.
        queue: QueueId,
        /// Most deliveries without acknowledgement; 0 is no limit.
        prefetch: u32,
        /// `no-ack`: the node forgets a message when it has sent it.
        automatic: bool,
        /// Nobody else may consume the queue.
        exclusive: bool,
        /// `x-priority`: those of a higher one are served first.
        priority: i16,
    },
    /// A new prefetch for a consumer that exists. Real clients cancel and
    /// consume again to get there; the effect on deliveries is the same.
    Qos {
        /// The channel.
        channel: ChannelId,
        /// The consumer.
        consumer: ConsumerTag,
        /// The new prefetch.
        prefetch: u32,
    },
    /// `basic.publish`. Its publish sequence number is not on the wire: both
    /// ends count.
    Publish {
        /// The channel.
        channel: ChannelId,
        /// The exchange that routes it.
        exchange: ExchangeId,
        /// Its routing key.
        key: KeyId,
        /// The message.
        message: Message,
        /// It is to come back if it cannot be routed.
        mandatory: bool,
    },
    /// `basic.ack` from the node: a confirm.
    Confirm {
        /// The channel.
        channel: ChannelId,
        /// The publish sequence number, from 1.
        sequence: u64,
        /// How many queues took it; 0 if it could not be routed.
        queues: u16,
    },
    /// `basic.deliver`.
    Deliver {
        /// The channel.
        channel: ChannelId,
        /// The consumer.
        consumer: ConsumerTag,
        /// Whether the node handed this message out before.
        redelivered: bool,
        /// The queue's place, for the record only.
        from: PlaceId,
        /// The delivery tag; channels count from 1.
        tag: u64,
        /// The message.
        message: Message,
    },
    /// `basic.ack` from the client.
    Ack {
        /// The channel.
        channel: ChannelId,
        /// The delivery tag; with `multiple`, 0 means everything.
        tag: u64,
        /// Whether it settles everything up to the tag.
        multiple: bool,
    },
    /// `basic.nack` from the client.
    Nack {
        /// The channel.
        channel: ChannelId,
        /// The delivery tag; with `multiple`, 0 means everything.
        tag: u64,
        /// Whether it settles everything up to the tag.
        multiple: bool,
        /// Back to its place in the queue, or dropped.
        requeue: bool,
    },
    /// `basic.qos` for all consumers of a channel together (`global`).
    ChannelQos {
        /// The channel.
        channel: ChannelId,
        /// Most deliveries without acknowledgement; 0 is no limit.
        prefetch: u32,
    },
    /// `basic.get`. The answer is [`Frame::GetOk`] and a delivery for
    /// [`ConsumerTag::GET`], or [`Frame::GetEmpty`].
    Get {
        /// The channel.
        channel: ChannelId,
        /// The queue.
        queue: QueueId,
        /// `no-ack`.
        automatic: bool,
    },
    /// `basic.get-ok`.
    GetOk {
        /// The channel.
        channel: ChannelId,
        /// How many messages are left in the queue.
        remaining: u64,
    },
    /// `basic.get-empty`.
    GetEmpty {
        /// The channel.
        channel: ChannelId,
    },
    /// `basic.cancel`, from either side: the node says so if the queue is gone.
    Cancel {
        /// The channel.
        channel: ChannelId,
        /// The consumer.
        consumer: ConsumerTag,
    },
    /// `channel.close`: from the client with 0, from the node with the reply
    /// code of what the client did wrong.
    Close {
        /// The channel.
        channel: ChannelId,
        /// The reply code.
        code: u16,
    },
    /// `basic.return`: a mandatory message could not be routed.
    Return {
        /// The channel.
        channel: ChannelId,
        /// The message.
        message: Message,
    },
    /// `basic.nack` from the node: a queue did not take it.
    Refuse {
        /// The channel.
        channel: ChannelId,
        /// The publish sequence number, from 1.
        sequence: u64,
    },
}

impl Frame {
    /// The message on board, and the queue it was taken from if the broker
    /// sent it. What is on board is gone when the receiver is.
    pub fn cargo(&self) -> Option<(Message, Option<PlaceId>)> {
        match *self {
            Frame::Publish { message, .. } => Some((message, None)),
            Frame::Deliver { message, from, .. } => Some((message, Some(from))),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_half_a_cache_line() {
        assert!(size_of::<Frame>() <= 32, "{}", size_of::<Frame>());
    }
}
