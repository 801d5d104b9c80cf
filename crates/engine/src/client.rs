//! Clients: what applications embed to speak to a broker, in closed sets by
//! family.
//!
//! Loads and services know these calls and nothing of a family. What a family's
//! client does (confirms, prefetch, batches, polls) is in its own folder.

use crate::wire::Wire;
use mqlab_brokers::parts::Delivery;
use mqlab_brokers::rabbitmq::{ChannelId, Consumer, ExchangeId, Frame, Producer};
use mqlab_model::{Context, KeyId, Lifted, Message, MessageId, Port};

/// Several clients of an application may share its connection to a broker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    /// It publishes what a load makes, and there is no other.
    Load,
    /// It consumes for a service.
    Consumes,
    /// It publishes for the steps of a service.
    Publishes,
}

impl Part {
    /// Its channel in AMQP 0-9-1.
    pub(crate) const fn channel(self) -> ChannelId {
        match self {
            Part::Load | Part::Consumes => ChannelId(0),
            Part::Publishes => ChannelId(1),
        }
    }
}

/// Where a message is published to: an address, as the broker finds it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Route {
    /// In RabbitMQ.
    Rabbit {
        /// The exchange that routes it.
        exchange: ExchangeId,
        /// The routing key.
        key: KeyId,
    },
}

impl Route {
    /// The same for a message that carries a key of its own.
    #[inline(always)]
    pub(crate) fn with(self, key: KeyId) -> Route {
        match self {
            Route::Rabbit { exchange, .. } => Route::Rabbit { exchange, key },
        }
    }

    /// Whether a message that goes this way misses the place to which all
    /// messages go that are published to the `usual` one.
    pub(crate) fn misses(self, usual: Route) -> bool {
        match self {
            Route::Rabbit { exchange, .. } => exchange == ExchangeId::DEFAULT && self != usual,
        }
    }
}

/// What a broker says of something that was published.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Heard {
    /// The number that it was published by.
    pub(crate) sequence: u64,
    /// What it was.
    pub(crate) message: MessageId,
    /// Whether it was taken.
    pub(crate) is_taken: bool,
}

/// The publishing half of a client.
#[derive(Clone, Debug)]
pub(crate) enum Publisher {
    /// Of RabbitMQ.
    Rabbit(Producer),
}

impl Publisher {
    /// The port of the connection that it publishes on.
    pub(crate) fn port(&self) -> Port {
        match self {
            Publisher::Rabbit(producer) => producer.port(),
        }
    }

    /// The same, which wants back what nobody is there to take, or does not.
    pub(crate) fn with_mandatory(self, mandatory: bool) -> Self {
        match self {
            Publisher::Rabbit(producer) => Publisher::Rabbit(producer.with_mandatory(mandatory)),
        }
    }

    /// Whether there is a connection to publish on.
    pub(crate) fn is_open(&self) -> bool {
        match self {
            Publisher::Rabbit(producer) => producer.is_open(),
        }
    }

    /// How many messages are published and not confirmed.
    pub(crate) fn outstanding(&self) -> usize {
        match self {
            Publisher::Rabbit(producer) => producer.outstanding(),
        }
    }

    /// The application is up, or the broker is back.
    pub(crate) fn open<C: Context<Wire>>(&mut self, cx: &mut C) {
        match self {
            Publisher::Rabbit(producer) => producer.open(&mut Lifted::<_, Wire>::new(cx)),
        }
    }

    /// Publishes a message and returns the number that the broker will answer
    /// by; `None` if it is refused on the spot.
    #[inline(always)]
    pub(crate) fn publish<C: Context<Wire>>(&mut self, cx: &mut C, route: Route, message: Message) -> Option<u64> {
        match (self, route) {
            (Publisher::Rabbit(producer), Route::Rabbit { exchange, key }) => {
                producer.publish(&mut Lifted::<_, Wire>::new(cx), exchange, key, message)
            }
        }
    }

    /// A packet of the broker; `None` unless it settles something that is
    /// outstanding.
    pub(crate) fn hear<C: Context<Wire>>(&mut self, cx: &mut C, wire: Wire) -> Option<Heard> {
        let mut cx = Lifted::<_, Wire>::new(cx);
        let (sequence, message, is_taken) = match (self, wire) {
            (Publisher::Rabbit(producer), Wire::Amqp(Frame::Confirm { sequence, queues, .. })) => {
                (sequence, producer.on_confirm(&mut cx, sequence, queues)?, true)
            }
            (Publisher::Rabbit(producer), Wire::Amqp(Frame::Refuse { sequence, .. })) => {
                (sequence, producer.on_refuse(&mut cx, sequence)?, false)
            }
            (Publisher::Rabbit(producer), Wire::Amqp(Frame::Return { message, .. })) => {
                producer.on_return(&mut cx, message);
                return None;
            }
            (Publisher::Rabbit(_), _) => return None,
        };
        Some(Heard {
            sequence,
            message,
            is_taken,
        })
    }

    /// The connection is gone: nobody will answer for what is outstanding.
    pub(crate) fn on_closed<C: Context<Wire>>(&mut self, cx: &mut C) {
        match self {
            Publisher::Rabbit(producer) => producer.on_closed(&mut Lifted::<_, Wire>::new(cx)),
        }
    }

    /// The application died, and with it the memory of what is outstanding.
    pub(crate) fn forget(&mut self) {
        match self {
            Publisher::Rabbit(producer) => producer.forget(),
        }
    }
}

/// The consuming half of a client.
#[derive(Clone, Debug)]
pub(crate) enum Subscriber {
    /// Of RabbitMQ.
    Rabbit(Consumer),
}

impl Subscriber {
    /// The port of the connection that it consumes on.
    pub(crate) fn port(&self) -> Port {
        match self {
            Subscriber::Rabbit(consumer) => consumer.port(),
        }
    }

    /// The same, to which nothing is sent unless it asks for it.
    pub(crate) fn pulling(self) -> Self {
        match self {
            Subscriber::Rabbit(consumer) => Subscriber::Rabbit(consumer.pulling()),
        }
    }

    /// Whether there is a connection to ask on.
    pub(crate) fn is_open(&self) -> bool {
        match self {
            Subscriber::Rabbit(consumer) => consumer.is_open(),
        }
    }

    /// Asks for one message, if there is one now.
    pub(crate) fn get<C: Context<Wire>>(&self, cx: &mut C) {
        match self {
            Subscriber::Rabbit(consumer) => consumer.get(&mut Lifted::<_, Wire>::new(cx)),
        }
    }

    /// Asks for one message, which may come later; [`Self::end_request`] when
    /// it has, or nobody waits for it any more.
    pub(crate) fn ask_for_one<C: Context<Wire>>(&self, cx: &mut C) {
        match self {
            Subscriber::Rabbit(consumer) => consumer.subscribe_for_one(&mut Lifted::<_, Wire>::new(cx)),
        }
    }

    /// Ends the request for one message.
    pub(crate) fn end_request<C: Context<Wire>>(&self, cx: &mut C) {
        match self {
            Subscriber::Rabbit(consumer) => consumer.unsubscribe(&mut Lifted::<_, Wire>::new(cx)),
        }
    }

    /// Most deliveries without acknowledgement, where a family limits them so;
    /// 0 is no limit.
    pub(crate) fn prefetch(&self) -> Option<u32> {
        match self {
            Subscriber::Rabbit(consumer) => Some(consumer.prefetch()),
        }
    }

    /// Changes that limit; false where there is none.
    pub(crate) fn set_prefetch<C: Context<Wire>>(&mut self, cx: &mut C, prefetch: u32) -> bool {
        match self {
            Subscriber::Rabbit(consumer) => consumer.set_prefetch(&mut Lifted::<_, Wire>::new(cx), prefetch),
        }
        true
    }

    /// Whether the broker forgets what it sends here.
    pub(crate) fn is_automatic(&self) -> bool {
        match self {
            Subscriber::Rabbit(consumer) => consumer.is_automatic(),
        }
    }

    /// The application is up, or the broker is back.
    pub(crate) fn open<C: Context<Wire>>(&mut self, cx: &mut C) {
        match self {
            Subscriber::Rabbit(consumer) => consumer.open(&mut Lifted::<_, Wire>::new(cx)),
        }
    }

    /// A message that was delivered by this number, as the application sees it.
    #[inline(always)]
    pub(crate) fn on_deliver(&self, message: Message, tag: u64) -> Delivery {
        match self {
            Subscriber::Rabbit(consumer) => consumer.on_deliver(message, tag),
        }
    }

    /// The application is done with a delivery.
    #[inline(always)]
    pub(crate) fn acknowledge<C: Context<Wire>>(&mut self, cx: &mut C, delivery: &Delivery) {
        match self {
            Subscriber::Rabbit(consumer) => consumer.ack(&mut Lifted::<_, Wire>::new(cx), delivery),
        }
    }

    /// The application does not want a delivery.
    pub(crate) fn reject<C: Context<Wire>>(&mut self, cx: &mut C, delivery: &Delivery, requeue: bool) {
        match self {
            Subscriber::Rabbit(consumer) => consumer.nack(&mut Lifted::<_, Wire>::new(cx), delivery, requeue),
        }
    }

    /// The connection is gone, or the application died.
    pub(crate) fn on_closed(&mut self) {
        match self {
            Subscriber::Rabbit(consumer) => consumer.on_closed(),
        }
    }
}
