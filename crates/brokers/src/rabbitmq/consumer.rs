//! The consuming half of the client: a channel with one consumer.

use super::{ChannelId, ConsumerTag, Contact, Frame, QueueId, Roaming, Subscription};
use crate::parts::Delivery;
use alloc::boxed::Box;
use mqlab_model::{Context, Message, Port};

/// A channel that consumes one queue.
#[derive(Clone, Debug)]
pub struct Consumer {
    contact: Contact,
    channel: ChannelId,
    queue: QueueId,
    prefetch: u32,
    automatic: bool,
    exclusive: bool,
    /// Nothing is pushed: it asks.
    pulls: bool,
    /// Its queue may be gone when nobody uses it.
    declares: bool,
    life: u32,
}

const TAG: ConsumerTag = ConsumerTag(0);

impl Consumer {
    /// A channel that is not open yet.
    pub fn new(port: Port, channel: ChannelId, subscription: Subscription) -> Self {
        Consumer {
            contact: Contact::with(port),
            channel,
            queue: subscription.queue,
            prefetch: subscription.prefetch,
            automatic: subscription.automatic,
            exclusive: subscription.exclusive,
            pulls: false,
            declares: false,
            life: 0,
        }
    }

    /// The same channel, to whichever node of a cluster is there.
    pub fn roaming(self, roaming: Box<Roaming>) -> Self {
        let contact = Contact::roaming(roaming);
        Self { contact, ..self }
    }

    /// The connection that it is on.
    pub fn contact(&self) -> &Contact {
        &self.contact
    }

    /// The same, to be told of nodes that are gone.
    pub fn contact_mut(&mut self) -> &mut Contact {
        &mut self.contact
    }

    /// A node is back.
    pub fn on_opened<C: Context<Frame>>(&mut self, cx: &mut C, port: Port) {
        if self.contact.on_opened(port) {
            self.open(cx);
        }
    }

    /// A timer; whether it has opened the channel.
    pub fn on_timer<C: Context<Frame>>(&mut self, cx: &mut C, token: u64) -> bool {
        let opens = self.contact.on_timer(token) == Some(true);
        if opens {
            self.open(cx);
        }
        opens && self.is_open()
    }

    /// Its connection is gone, or its queue: it looks for another one.
    pub fn on_lost<C: Context<Frame>>(&mut self, cx: &mut C) {
        self.contact.lose(cx);
    }

    /// The same channel, on which nothing is pushed unless it asks for it.
    pub fn pulling(self) -> Self {
        Consumer { pulls: true, ..self }
    }

    /// The same channel, which declares its queue before it subscribes.
    pub fn declaring(self, declares: bool) -> Self {
        Consumer { declares, ..self }
    }

    /// Whether there is a connection.
    pub fn is_open(&self) -> bool {
        self.contact.is_open()
    }

    /// The port of the connection that it consumes on.
    pub fn port(&self) -> Port {
        self.contact.port()
    }

    /// The channel that it consumes on.
    #[inline]
    pub fn channel(&self) -> ChannelId {
        self.channel
    }

    /// Opens the channel and subscribes: at start, and whenever the node is
    /// back. Nothing happens to one that is open.
    pub fn open<C: Context<Frame>>(&mut self, cx: &mut C) {
        if !self.contact.open() {
            return;
        }
        self.life += 1;
        cx.send(
            self.contact.port(),
            Frame::Open {
                channel: self.channel,
                confirms: false,
            },
        );
        if self.declares {
            let (channel, queue) = (self.channel, self.queue);
            cx.send(self.contact.port(), Frame::Declare { channel, queue });
        }
        if !self.pulls {
            self.subscribe(cx, self.prefetch);
        }
    }

    fn subscribe<C: Context<Frame>>(&self, cx: &mut C, prefetch: u32) {
        cx.send(
            self.contact.port(),
            Frame::Consume {
                channel: self.channel,
                consumer: TAG,
                queue: self.queue,
                prefetch,
                automatic: self.automatic,
                exclusive: self.exclusive,
                priority: 0,
            },
        );
    }

    /// Asks for one message, if there is one now.
    pub fn get<C: Context<Frame>>(&self, cx: &mut C) {
        cx.send(
            self.contact.port(),
            Frame::Get {
                channel: self.channel,
                queue: self.queue,
                automatic: self.automatic,
            },
        );
    }

    /// Asks for one message, which may come later: [`Consumer::unsubscribe`]
    /// when it has.
    pub fn subscribe_for_one<C: Context<Frame>>(&self, cx: &mut C) {
        self.subscribe(cx, 1);
    }

    /// Wants no more. What has been delivered stays so.
    pub fn unsubscribe<C: Context<Frame>>(&self, cx: &mut C) {
        cx.send(
            self.contact.port(),
            Frame::Cancel {
                channel: self.channel,
                consumer: TAG,
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
                self.contact.port(),
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
                self.contact.port(),
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
        self.contact.is_open() && !self.automatic && delivery.life == self.life
    }

    /// Whether the node forgets what it sends here.
    pub fn is_automatic(&self) -> bool {
        self.automatic
    }

    /// Changes the prefetch.
    pub fn set_prefetch<C: Context<Frame>>(&mut self, cx: &mut C, prefetch: u32) {
        self.prefetch = prefetch;
        if self.contact.is_open() && !self.pulls {
            cx.send(
                self.contact.port(),
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

    /// The application died.
    pub fn on_closed(&mut self) {
        self.contact.forget();
    }
}
