//! What clients of the node publish to and subscribe to, and what its
//! operators do to it.

use super::{ExchangeId, QueueId};

/// What a message is published to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Address {
    /// A queue, by way of the default exchange.
    Queue(QueueId),
    /// An exchange, with the routing key that the message carries.
    Exchange(ExchangeId),
}

/// What a consumer subscribes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Subscription {
    /// The queue.
    pub queue: QueueId,
    /// Most deliveries without acknowledgement (`basic.qos`, per consumer);
    /// 0 is no limit.
    pub prefetch: u32,
    /// Whether the node forgets a message when it has sent it (`no-ack` in
    /// AMQP 0-9-1).
    pub automatic: bool,
    /// Whether nobody else may consume the queue meanwhile (`exclusive` of
    /// `basic.consume`).
    pub exclusive: bool,
}

/// What is done to a node by its operators.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Command {
    /// What waits in a queue is deleted; what is delivered and not
    /// acknowledged stays (`rabbitmqctl purge_queue`).
    Purge(QueueId),
}
