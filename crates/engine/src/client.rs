//! Clients: what applications embed to speak to a broker, in closed sets by
//! family.
//!
//! Loads and services know these calls and nothing of a family. What a family's
//! client does (confirms, prefetch, batches, polls) is in its own folder.

mod kafka;

use crate::wire::Wire;
use alloc::vec::Vec;
pub(crate) use kafka::{RecordPublisher, RecordRoute, RecordSubscriber, subscription_of};
use mqlab_brokers::kafka::Frame as KafkaFrame;
use mqlab_brokers::parts::Delivery;
use mqlab_brokers::rabbitmq::{ChannelId, Consumer, ExchangeId, Frame, Producer};
use mqlab_kernel::Apart;
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
    /// In Kafka.
    Kafka(RecordRoute),
}

/// What fills the empty slots of a list: nothing is published there.
impl Default for Route {
    fn default() -> Self {
        Route::Rabbit {
            exchange: ExchangeId::DEFAULT,
            key: KeyId::UNBOUND,
        }
    }
}

impl Route {
    /// The same for a message that carries a key of its own.
    #[inline(always)]
    pub(crate) fn with(self, key: KeyId) -> Route {
        match self {
            Route::Rabbit { exchange, .. } => Route::Rabbit { exchange, key },
            Route::Kafka(route) => Route::Kafka(RecordRoute { key, ..route }),
        }
    }

    /// Whether a message that goes this way misses the place to which all
    /// messages go that are published to the `usual` one.
    pub(crate) fn misses(self, usual: Route) -> bool {
        match self {
            Route::Rabbit { exchange, .. } => exchange == ExchangeId::DEFAULT && self != usual,
            // Whatever the key, it goes to its topic.
            Route::Kafka(_) => false,
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
    /// Of Kafka.
    Kafka(Apart<RecordPublisher>),
}

impl Publisher {
    /// Whether it publishes on the connection at a port.
    pub(crate) fn is_at(&self, port: Port) -> bool {
        match self {
            Publisher::Rabbit(producer) => producer.port() == port,
            Publisher::Kafka(producer) => producer.is_at(port),
        }
    }

    /// Whether it knows a node at a port, connected or not.
    pub(crate) fn knows(&self, port: Port) -> bool {
        match self {
            Publisher::Rabbit(producer) => producer.contact().knows(port),
            Publisher::Kafka(producer) => producer.is_at(port),
        }
    }

    /// The node at a port is gone; it comes before [`Publisher::on_closed`].
    pub(crate) fn on_gone(&mut self, port: Port) {
        match self {
            Publisher::Rabbit(producer) => producer.contact_mut().on_gone(port),
            Publisher::Kafka(_) => {}
        }
    }

    /// It is time to look for another node; `false` if it is not this one's time.
    pub(crate) fn on_recovery<C: Context<Wire>>(&mut self, cx: &mut C, token: u64) -> bool {
        match self {
            Publisher::Rabbit(producer) => producer.on_timer(&mut Lifted::<_, Wire>::new(cx), token),
            Publisher::Kafka(_) => false,
        }
    }

    /// Whether a connection that is gone takes what is outstanding along. A
    /// producer of Kafka sends it again when it can.
    pub(crate) fn loses_outstanding(&self) -> bool {
        match self {
            Publisher::Rabbit(_) => true,
            Publisher::Kafka(_) => false,
        }
    }

    /// The same, which wants back what nobody is there to take, or does not.
    pub(crate) fn with_mandatory(self, mandatory: bool) -> Self {
        match self {
            Publisher::Rabbit(producer) => Publisher::Rabbit(producer.with_mandatory(mandatory)),
            Publisher::Kafka(_) => self,
        }
    }

    /// From now on it wants back what nobody is there to take, or does not.
    pub(crate) fn set_mandatory(&mut self, on: bool) {
        if let Publisher::Rabbit(producer) = self {
            producer.set_mandatory(on);
        }
    }

    /// Whether it wants that back.
    pub(crate) fn is_mandatory(&self) -> bool {
        matches!(self, Publisher::Rabbit(producer) if producer.is_mandatory())
    }

    /// What it publishes from now on is confirmed.
    pub(crate) fn select_confirms<C: Context<Wire>>(&mut self, cx: &mut C) {
        if let Publisher::Rabbit(producer) = self {
            producer.select_confirms(&mut Lifted::<_, Wire>::new(cx));
        }
    }

    /// Whether there is a connection to publish on.
    pub(crate) fn is_open(&self) -> bool {
        match self {
            Publisher::Rabbit(producer) => producer.is_open(),
            // It keeps what it cannot send yet.
            Publisher::Kafka(_) => true,
        }
    }

    /// How many messages are published and not confirmed.
    pub(crate) fn outstanding(&self) -> usize {
        match self {
            Publisher::Rabbit(producer) => producer.outstanding(),
            Publisher::Kafka(producer) => producer.outstanding(),
        }
    }

    /// How many batches it has sent, and in how many requests, if it collects
    /// messages into batches.
    pub(crate) fn batching(&self) -> Option<(u64, u64)> {
        match self {
            Publisher::Rabbit(_) => None,
            Publisher::Kafka(producer) => Some(producer.sent()),
        }
    }

    /// The application is up.
    pub(crate) fn open<C: Context<Wire>>(&mut self, cx: &mut C) {
        match self {
            Publisher::Rabbit(producer) => producer.open(&mut Lifted::<_, Wire>::new(cx)),
            Publisher::Kafka(producer) => producer.open(cx),
        }
    }

    /// A broker is back.
    pub(crate) fn on_opened<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        match self {
            Publisher::Rabbit(producer) => producer.on_opened(&mut Lifted::<_, Wire>::new(cx), port),
            Publisher::Kafka(producer) => producer.on_opened(cx, port),
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
            (Publisher::Kafka(producer), Route::Kafka(route)) => Some(producer.publish(cx, route, message)),
            (Publisher::Rabbit(_), Route::Kafka(_)) | (Publisher::Kafka(_), Route::Rabbit { .. }) => None,
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
            (Publisher::Rabbit(_) | Publisher::Kafka(_), _) => return None,
        };
        Some(Heard {
            sequence,
            message,
            is_taken,
        })
    }

    /// A parcel of a broker, or what is due by a timer with this token; `false`
    /// if it is not this one's.
    pub(crate) fn on_parcel<C: Context<Wire>>(&mut self, cx: &mut C, port: Port, frames: &[KafkaFrame]) -> bool {
        match (self, frames.split_first()) {
            (Publisher::Kafka(producer), Some((head, behind))) if producer.is_at(port) => {
                producer.on_answer(cx, port, *head, behind);
                true
            }
            _ => false,
        }
    }

    /// A timer; `false` if it is not this one's.
    pub(crate) fn on_timer<C: Context<Wire>>(&mut self, cx: &mut C, token: u64) -> bool {
        match self {
            Publisher::Kafka(producer) if producer.token() == token => {
                producer.on_timer(cx);
                true
            }
            _ => false,
        }
    }

    /// Its transactions, if it is a producer of Kafka.
    pub(crate) fn transactional(&mut self) -> Option<&mut RecordPublisher> {
        match self {
            Publisher::Rabbit(_) => None,
            Publisher::Kafka(producer) => Some(producer),
        }
    }

    /// Whether another producer has taken its place.
    pub(crate) fn is_fenced(&self) -> bool {
        match self {
            Publisher::Rabbit(_) => false,
            Publisher::Kafka(producer) => producer.is_fenced(),
        }
    }

    /// What there is to hear beside packets.
    pub(crate) fn take_heard(&mut self) -> Vec<Heard> {
        match self {
            Publisher::Rabbit(_) => Vec::new(),
            Publisher::Kafka(producer) => producer.take_heard(),
        }
    }

    /// A connection is gone: if the client does not send again what is
    /// outstanding, nobody will answer for it.
    pub(crate) fn on_closed<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        match self {
            Publisher::Rabbit(producer) => producer.on_closed(&mut Lifted::<_, Wire>::new(cx)),
            Publisher::Kafka(producer) => producer.on_closed(cx, port),
        }
    }

    /// The application died, and with it the memory of what is outstanding.
    pub(crate) fn forget<C: Context<Wire>>(&mut self, cx: &mut C) {
        match self {
            Publisher::Rabbit(producer) => producer.forget(),
            Publisher::Kafka(producer) => producer.forget(cx),
        }
    }

    /// A connection is gone, and the application remembers by itself what is
    /// outstanding.
    pub(crate) fn abandon<C: Context<Wire>>(&mut self, cx: &mut C) {
        match self {
            Publisher::Rabbit(producer) => producer.abandon(&mut Lifted::<_, Wire>::new(cx)),
            Publisher::Kafka(producer) => producer.forget(cx),
        }
    }

    /// How many timer lanes it needs of its application.
    pub(crate) fn lanes(&self) -> u16 {
        match self {
            Publisher::Rabbit(producer) => u16::from(producer.contact().looks_around()),
            Publisher::Kafka(_) => 1,
        }
    }
}

/// The consuming half of a client.
#[derive(Clone, Debug)]
pub(crate) enum Subscriber {
    /// Of RabbitMQ.
    Rabbit(Consumer),
    /// Of Kafka.
    Kafka(Apart<RecordSubscriber>),
}

impl Subscriber {
    /// Whether it consumes on the connection at a port.
    pub(crate) fn is_at(&self, port: Port) -> bool {
        match self {
            Subscriber::Rabbit(consumer) => consumer.port() == port,
            Subscriber::Kafka(consumer) => consumer.is_at(port),
        }
    }

    /// Whether it knows a node at a port, connected or not.
    pub(crate) fn knows(&self, port: Port) -> bool {
        match self {
            Subscriber::Rabbit(consumer) => consumer.contact().knows(port),
            Subscriber::Kafka(consumer) => consumer.is_at(port),
        }
    }

    /// The node at a port is gone; it comes before [`Subscriber::on_closed`].
    pub(crate) fn on_gone(&mut self, port: Port) {
        match self {
            Subscriber::Rabbit(consumer) => consumer.contact_mut().on_gone(port),
            Subscriber::Kafka(_) => {}
        }
    }

    /// It is time to look for another node; whether it is connected now.
    pub(crate) fn on_recovery<C: Context<Wire>>(&mut self, cx: &mut C, token: u64) -> bool {
        match self {
            Subscriber::Rabbit(consumer) => consumer.on_timer(&mut Lifted::<_, Wire>::new(cx), token),
            Subscriber::Kafka(_) => false,
        }
    }

    /// Whether it goes from one node of a cluster to another.
    pub(crate) fn roams(&self) -> bool {
        match self {
            Subscriber::Rabbit(consumer) => consumer.contact().roams(),
            Subscriber::Kafka(_) => true,
        }
    }

    /// Whether it tries again at its node, which has closed one of its channels.
    pub(crate) fn insists(&self, port: Port, channel: ChannelId) -> bool {
        match self {
            Subscriber::Rabbit(consumer) => {
                consumer.contact().insists() && consumer.port() == port && consumer.channel() == channel
            }
            Subscriber::Kafka(_) => false,
        }
    }

    /// Whether the application polls it.
    pub(crate) fn is_polled(&self) -> bool {
        matches!(self, Subscriber::Kafka(_))
    }

    /// Whether a connection that is gone takes along what was delivered on it.
    /// What was polled of Kafka the application has.
    pub(crate) fn loses_delivered(&self) -> bool {
        match self {
            Subscriber::Rabbit(_) => true,
            Subscriber::Kafka(_) => false,
        }
    }

    /// The consumer of Kafka that is polled, if it is one.
    pub(crate) fn polled(&mut self) -> Option<&mut RecordSubscriber> {
        match self {
            Subscriber::Rabbit(_) => None,
            Subscriber::Kafka(consumer) => Some(consumer),
        }
    }

    /// How many timer lanes it needs of its application.
    pub(crate) fn lanes(&self) -> u16 {
        match self {
            Subscriber::Rabbit(consumer) => u16::from(consumer.contact().looks_around()),
            Subscriber::Kafka(_) => 1,
        }
    }

    /// The same, to which nothing is sent unless it asks for it.
    pub(crate) fn pulling(self) -> Self {
        match self {
            Subscriber::Rabbit(consumer) => Subscriber::Rabbit(consumer.pulling()),
            Subscriber::Kafka(_) => self,
        }
    }

    /// Whether there is a connection to ask on.
    pub(crate) fn is_open(&self) -> bool {
        match self {
            Subscriber::Rabbit(consumer) => consumer.is_open(),
            Subscriber::Kafka(_) => true,
        }
    }

    /// Asks for one message, if there is one now.
    pub(crate) fn get<C: Context<Wire>>(&self, cx: &mut C) {
        match self {
            Subscriber::Rabbit(consumer) => consumer.get(&mut Lifted::<_, Wire>::new(cx)),
            // It always fetches.
            Subscriber::Kafka(_) => {}
        }
    }

    /// Asks for one message, which may come later; [`Self::end_request`] when
    /// it has, or nobody waits for it any more.
    pub(crate) fn ask_for_one<C: Context<Wire>>(&self, cx: &mut C) {
        match self {
            Subscriber::Rabbit(consumer) => consumer.subscribe_for_one(&mut Lifted::<_, Wire>::new(cx)),
            Subscriber::Kafka(_) => {}
        }
    }

    /// Ends the request for one message.
    pub(crate) fn end_request<C: Context<Wire>>(&self, cx: &mut C) {
        match self {
            Subscriber::Rabbit(consumer) => consumer.unsubscribe(&mut Lifted::<_, Wire>::new(cx)),
            Subscriber::Kafka(_) => {}
        }
    }

    /// Most deliveries without acknowledgement, where a family limits them so;
    /// 0 is no limit.
    pub(crate) fn prefetch(&self) -> Option<u32> {
        match self {
            Subscriber::Rabbit(consumer) => Some(consumer.prefetch()),
            Subscriber::Kafka(_) => None,
        }
    }

    /// Changes that limit; false where there is none.
    pub(crate) fn set_prefetch<C: Context<Wire>>(&mut self, cx: &mut C, prefetch: u32) -> bool {
        match self {
            Subscriber::Rabbit(consumer) => consumer.set_prefetch(&mut Lifted::<_, Wire>::new(cx), prefetch),
            Subscriber::Kafka(_) => return false,
        }
        true
    }

    /// Whether the broker forgets what it sends here.
    pub(crate) fn is_automatic(&self) -> bool {
        match self {
            Subscriber::Rabbit(consumer) => consumer.is_automatic(),
            Subscriber::Kafka(consumer) => consumer.is_automatic(),
        }
    }

    /// The application is up.
    pub(crate) fn open<C: Context<Wire>>(&mut self, cx: &mut C) {
        match self {
            Subscriber::Rabbit(consumer) => consumer.open(&mut Lifted::<_, Wire>::new(cx)),
            // Its application polls.
            Subscriber::Kafka(_) => {}
        }
    }

    /// A broker is back.
    pub(crate) fn on_opened<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        match self {
            Subscriber::Rabbit(consumer) => consumer.on_opened(&mut Lifted::<_, Wire>::new(cx), port),
            Subscriber::Kafka(consumer) => consumer.on_opened(cx, port),
        }
    }

    /// A message that was delivered by this number, as the application sees it.
    #[inline(always)]
    pub(crate) fn on_deliver(&self, message: Message, tag: u64) -> Delivery {
        match self {
            Subscriber::Rabbit(consumer) => consumer.on_deliver(message, tag),
            Subscriber::Kafka(_) => Delivery { message, tag, life: 0 },
        }
    }

    /// The application is done with a delivery.
    #[inline(always)]
    pub(crate) fn acknowledge<C: Context<Wire>>(&mut self, cx: &mut C, delivery: &Delivery) {
        match self {
            Subscriber::Rabbit(consumer) => consumer.ack(&mut Lifted::<_, Wire>::new(cx), delivery),
            Subscriber::Kafka(consumer) => consumer.acknowledge(cx, delivery),
        }
    }

    /// The application does not want a delivery.
    pub(crate) fn reject<C: Context<Wire>>(&mut self, cx: &mut C, delivery: &Delivery, requeue: bool) {
        match self {
            Subscriber::Rabbit(consumer) => consumer.nack(&mut Lifted::<_, Wire>::new(cx), delivery, requeue),
            Subscriber::Kafka(consumer) => consumer.reject(cx, delivery, requeue),
        }
    }

    /// A connection is gone.
    pub(crate) fn on_closed<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        match self {
            Subscriber::Rabbit(consumer) => consumer.on_lost(&mut Lifted::<_, Wire>::new(cx)),
            Subscriber::Kafka(consumer) => consumer.on_closed(cx, port),
        }
    }

    /// The application died.
    pub(crate) fn forget<C: Context<Wire>>(&mut self, cx: &mut C) {
        match self {
            Subscriber::Rabbit(consumer) => consumer.on_closed(),
            Subscriber::Kafka(consumer) => consumer.forget(cx),
        }
    }
}
