//! The consuming half of the client: a channel with one consumer.

use super::{ChannelId, ConsumerTag, Frame, QueueId, Subscription};
use mqlab_model::{Context, Message, Port};

/// One attempt to hand one message to this consumer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Delivery {
    /// The message.
    pub message: Message,
    /// The delivery tag that settles it; meaningless with automatic
    /// acknowledgement.
    pub tag: u64,
    /// The connection's life in which it was delivered: a tag of an earlier
    /// life settles nothing.
    pub life: u32,
}

/// A channel that consumes one queue.
#[derive(Clone, Debug)]
pub struct Consumer {
    port: Port,
    channel: ChannelId,
    queue: QueueId,
    prefetch: u32,
    automatic: bool,
    life: u32,
    open: bool,
}

const TAG: ConsumerTag = ConsumerTag(0);

impl Consumer {
    /// A channel that is not open yet.
    pub fn new(port: Port, channel: ChannelId, subscription: Subscription) -> Self {
        Consumer {
            port,
            channel,
            queue: subscription.queue,
            prefetch: subscription.prefetch,
            automatic: subscription.automatic,
            life: 0,
            open: false,
        }
    }

    /// The port of the connection that it consumes on.
    pub fn port(&self) -> Port {
        self.port
    }

    /// The channel that it consumes on.
    #[inline]
    pub fn channel(&self) -> ChannelId {
        self.channel
    }

    /// Opens the channel and subscribes: at start, and whenever the node is
    /// back. Nothing happens to one that is open.
    pub fn open<C: Context<Frame>>(&mut self, cx: &mut C) {
        if self.open {
            return;
        }
        self.life += 1;
        self.open = true;
        cx.send(
            self.port,
            Frame::Open {
                channel: self.channel,
                confirms: false,
            },
        );
        cx.send(
            self.port,
            Frame::Consume {
                channel: self.channel,
                consumer: TAG,
                queue: self.queue,
                prefetch: self.prefetch,
                automatic: self.automatic,
                exclusive: false,
                priority: 0,
            },
        );
    }

    /// A `basic.deliver` as the application sees it.
    #[inline(always)]
    pub fn on_deliver(&self, message: Message, tag: u64) -> Delivery {
        Delivery {
            message,
            tag,
            life: self.life,
        }
    }

    /// Acknowledges a delivery. Does nothing where there is nothing to
    /// acknowledge: with automatic acknowledgement, or for a delivery of a
    /// connection that is gone.
    #[inline]
    pub fn ack<C: Context<Frame>>(&mut self, cx: &mut C, delivery: &Delivery) {
        if self.settles(delivery) {
            cx.send(
                self.port,
                Frame::Ack {
                    channel: self.channel,
                    tag: delivery.tag,
                    multiple: false,
                },
            );
        }
    }

    /// Rejects a delivery.
    pub fn nack<C: Context<Frame>>(&mut self, cx: &mut C, delivery: &Delivery, requeue: bool) {
        if self.settles(delivery) {
            cx.send(
                self.port,
                Frame::Nack {
                    channel: self.channel,
                    tag: delivery.tag,
                    multiple: false,
                    requeue,
                },
            );
        }
    }

    /// Whether settling this delivery would mean anything.
    #[inline]
    pub fn settles(&self, delivery: &Delivery) -> bool {
        self.open && !self.automatic && delivery.life == self.life
    }

    /// Whether the node forgets what it sends here.
    pub fn is_automatic(&self) -> bool {
        self.automatic
    }

    /// Changes the prefetch.
    pub fn set_prefetch<C: Context<Frame>>(&mut self, cx: &mut C, prefetch: u32) {
        self.prefetch = prefetch;
        if self.open {
            cx.send(
                self.port,
                Frame::Qos {
                    channel: self.channel,
                    consumer: TAG,
                    prefetch,
                },
            );
        }
    }

    /// The prefetch; 0 is no limit.
    pub fn prefetch(&self) -> u32 {
        self.prefetch
    }

    /// The connection is gone, or the application died.
    pub fn on_closed(&mut self) {
        self.open = false;
    }
}
