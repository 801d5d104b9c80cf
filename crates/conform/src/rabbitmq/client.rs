//! A client of a node: it sends the frames that applications send, and reads
//! what comes back.

use super::bench::Bench;
use mqlab_brokers::rabbitmq::{
    Binding, Broker, ChannelError, ChannelId, Config, ConsumerTag, ExchangeConfig, ExchangeId, ExchangeKind, Frame,
    KeyId, Properties, QueueArguments, QueueConfig, QueueId, Target, Version,
};
use mqlab_kernel::SimSpan;
use mqlab_model::{Context, Message, MessageId, Node, PlaceId, Port, SourceId};
use std::collections::{BTreeMap, BTreeSet};

const PORT: Port = Port(0);
const NODE: PlaceId = PlaceId(0);

/// Why something was not done: the code with which the node has closed the
/// channel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Closed(pub(super) u16);

/// What came of a publish.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Published {
    Ack,
    Nack,
    Returned,
}

/// What was published by a message's number.
#[derive(Clone, Debug)]
pub(super) struct Publication {
    pub(super) body: String,
    pub(super) exchange: String,
    pub(super) key: String,
    pub(super) properties: Properties,
}

/// A delivery.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Delivery {
    pub(super) message: Message,
    pub(super) redelivered: bool,
    pub(super) channel: ChannelId,
    pub(super) tag: u64,
}

/// A consumer and what it got.
#[derive(Clone, Debug)]
struct Consumer {
    channel: ChannelId,
    tag: ConsumerTag,
    deliveries: Vec<Delivery>,
}

#[derive(Clone, Debug)]
struct Channel {
    number: ChannelId,
    prefetch: u32,
    /// Its consumers share a window.
    shares: bool,
    /// The queue that was declared last: an empty name stands for it.
    declared: String,
}

/// What is consumed, and how.
pub(super) struct Consume<'a> {
    pub(super) queue: &'a str,
    pub(super) tag: &'a str,
    pub(super) automatic: bool,
    pub(super) exclusive: bool,
    /// What `x-priority` says, if it can be one.
    pub(super) priority: Result<i16, ChannelError>,
}

/// A client with its node.
pub(super) struct Client {
    pub(super) node: Broker,
    bench: Bench,
    channels: BTreeMap<String, Channel>,
    next_channel: u8,
    consumers: BTreeMap<String, Consumer>,
    next_tag: u8,
    /// Names of queues, also of those that are gone.
    names: BTreeMap<QueueId, String>,
    /// Numbers of the tags that are known from the start, in order of their names.
    tags: BTreeMap<String, u8>,
    pub(super) publications: Vec<Publication>,
}

impl Client {
    /// A fresh node of a version.
    pub(super) fn new(version: Version) -> Self {
        let mut config = Config::new();
        config.version = version;
        let predeclared = [
            ("amq.direct", ExchangeKind::Direct),
            ("amq.fanout", ExchangeKind::Fanout),
            ("amq.headers", ExchangeKind::Headers),
            ("amq.match", ExchangeKind::Headers),
            ("amq.topic", ExchangeKind::Topic),
        ];
        let predeclared = predeclared.map(|(name, kind)| ExchangeConfig::new(name, kind));
        config.exchanges.extend(predeclared);
        #[cfg(test)]
        {
            config.bug = super::tests::BUG.get();
        }
        let mut bench = Bench::default();
        let mut node = Broker::new(NODE, &config, 1);
        node.start(&mut bench);
        node.on_opened(&mut bench, PORT);
        Client {
            node,
            bench,
            channels: BTreeMap::new(),
            next_channel: 0,
            consumers: BTreeMap::new(),
            next_tag: 0,
            names: BTreeMap::new(),
            tags: BTreeMap::new(),
            publications: Vec::new(),
        }
    }

    /// There will be consumers of these names: a node that goes by the order of names
    /// goes by their numbers here.
    pub(super) fn expect_tags<'a>(&mut self, names: impl Iterator<Item = &'a str>) {
        let names: BTreeSet<&str> = names.collect();
        // More are refused when they come.
        let names = names.into_iter().take(usize::from(u8::MAX));
        self.tags = names.zip(0..).map(|(name, tag)| (name.to_owned(), tag)).collect();
        self.next_tag = self.tags.len() as u8;
    }

    /// Whether the numbers of channels or consumers have run out.
    pub(super) fn is_full(&self) -> bool {
        // A step takes one of each at most.
        self.next_channel > u8::MAX - 2 || self.next_tag > u8::MAX - 2
    }

    /// A channel by name; one that is new, or was closed, is opened.
    fn channel(&mut self, name: &str) -> Channel {
        if let Some(channel) = self.channels.get(name) {
            return channel.clone();
        }
        let number = ChannelId(self.next_channel);
        self.next_channel += 1;
        let channel = Channel {
            number,
            prefetch: 0,
            shares: false,
            declared: String::new(),
        };
        self.channels.insert(name.to_owned(), channel.clone());
        self.give(Frame::Open {
            channel: number,
            confirms: true,
        });
        channel
    }

    fn give(&mut self, frame: Frame) {
        self.node.on_packet(&mut self.bench, PORT, frame);
    }

    /// Sends a frame and reads what comes back: deliveries are noted, the rest
    /// is returned.
    fn ask(&mut self, channel: ChannelId, frame: Frame) -> Result<Vec<Frame>, Closed> {
        self.give(frame);
        self.read(channel)
    }

    fn read(&mut self, channel: ChannelId) -> Result<Vec<Frame>, Closed> {
        let mut answers = Vec::new();
        let mut closed = None;
        for frame in std::mem::take(&mut self.bench.sent) {
            match frame {
                Frame::Deliver {
                    channel,
                    consumer,
                    redelivered,
                    tag,
                    message,
                    ..
                } if consumer != ConsumerTag::GET => {
                    let delivery = Delivery {
                        message,
                        redelivered,
                        channel,
                        tag,
                    };
                    let mut consumers = self.consumers.values_mut();
                    let known = consumers.find(|known| (known.channel, known.tag) == (channel, consumer));
                    known.expect("somebody consumes").deliveries.push(delivery);
                }
                Frame::Close { channel: number, code } => {
                    self.channels.retain(|_, known| known.number != number);
                    if number == channel {
                        closed = Some(Closed(code));
                    }
                }
                answer => answers.push(answer),
            }
        }
        closed.map_or(Ok(answers), Err)
    }

    /// What an operation on definitions comes to: an error closes the channel.
    fn defined<T>(&mut self, channel: &str, result: Result<T, ChannelError>) -> Result<T, Closed> {
        let channel = self.channel(channel);
        match result {
            Ok(value) => self.read(channel.number).map(|_| value),
            Err(error) => {
                self.node.refuse(&mut self.bench, (PORT, channel.number), error);
                Err(self.read(channel.number).err().unwrap_or(Closed(error as u16)))
            }
        }
    }

    pub(super) fn declare_queue(
        &mut self,
        channel: &str,
        queue: Result<QueueConfig, ChannelError>,
    ) -> Result<(), Closed> {
        let name = queue
            .as_ref()
            .map_or_else(|_| String::new(), |queue| queue.name.clone());
        let declared = queue.and_then(|queue| self.node.declare_queue(&mut self.bench, PORT, queue));
        let id = self.defined(channel, declared)?;
        self.has_declared(channel, &name);
        self.names.insert(id, name);
        Ok(())
    }

    pub(super) fn declare_exchange(
        &mut self,
        channel: &str,
        exchange: Result<ExchangeConfig, ChannelError>,
    ) -> Result<(), Closed> {
        let declared = exchange.and_then(|exchange| self.node.declare_exchange(exchange));
        self.defined(channel, declared).map(|_| ())
    }

    /// The name of a queue, as it was declared.
    pub(super) fn name(&self, queue: QueueId) -> &str {
        self.names.get(&queue).map_or("", String::as_str)
    }

    /// The queue of that name, or the one that the channel has declared last.
    fn queue(&self, channel: &str, name: &str) -> Result<QueueId, ChannelError> {
        let declared = self.channels.get(channel).map_or("", |channel| &channel.declared);
        let name = if name.is_empty() { declared } else { name };
        let found = (!name.is_empty())
            .then(|| self.node.definitions().queue(name))
            .flatten();
        found.ok_or(ChannelError::NotFound)
    }

    /// The channel knows a queue by an empty name too.
    fn has_declared(&mut self, channel: &str, name: &str) {
        if let Some(channel) = self.channels.get_mut(channel) {
            name.clone_into(&mut channel.declared);
        }
    }

    /// The arguments of a queue that is there.
    pub(super) fn arguments_of(&self, queue: &str) -> Option<QueueArguments> {
        let definitions = self.node.definitions();
        let known = &definitions.queues[usize::from(definitions.queue(queue)?.0)];
        Some(known.arguments.as_deref().cloned().unwrap_or_default())
    }

    /// Binds a queue or an exchange, or undoes that.
    pub(super) fn bind(
        &mut self,
        channel: &str,
        (exchange, key): (&str, &str),
        target: Result<&str, &str>,
        arguments: mqlab_brokers::parts::Headers,
        binds: bool,
    ) -> Result<(), Closed> {
        let declared = self.channel(channel).declared;
        let key = match target {
            Ok("") if key.is_empty() => &declared,
            _ => key,
        };
        // What is not there has a number too, which the node does not know.
        let exchange_of = |name: &str| self.node.definitions().exchange(name).unwrap_or(ExchangeId::MISSING);
        let target = match target {
            Ok(queue) => Target::Queue(self.queue(channel, queue).unwrap_or(QueueId(u16::MAX))),
            Err(other) => Target::Exchange(exchange_of(other)),
        };
        let binding = Binding {
            target,
            arguments,
            ..Binding::of_queue(exchange_of(exchange), QueueId(0), KeyId::UNBOUND)
        };
        let result = if binds {
            self.node.bind(PORT, key, binding)
        } else {
            self.node.unbind(PORT, key, binding)
        };
        self.defined(channel, result)
    }

    /// Publishes and waits for the confirm.
    pub(super) fn publish(
        &mut self,
        channel: &str,
        publication: Publication,
        mandatory: bool,
    ) -> Result<Published, Closed> {
        let channel = self.channel(channel).number;
        let (key, properties) = self.node.intern(&publication.key, publication.properties.clone());
        let exchange = self.node.definitions().exchange(&publication.exchange);
        let number = self.publications.len() as u64;
        let id = MessageId::new(SourceId(0), number);
        self.bench.sizes.push(publication.body.len() as u64);
        self.publications.push(publication);
        let message = Message::new(id, self.bench.now(), true).with_properties(properties);
        let answers = self.ask(
            channel,
            Frame::Publish {
                channel,
                exchange: exchange.unwrap_or(ExchangeId::MISSING),
                key,
                message,
                mandatory,
            },
        )?;
        let is = |wanted: fn(&Frame) -> bool| answers.iter().any(wanted);
        Ok(if is(|frame| matches!(frame, Frame::Return { .. })) {
            Published::Returned
        } else if is(|frame| matches!(frame, Frame::Refuse { .. })) {
            Published::Nack
        } else {
            assert!(
                is(|frame| matches!(frame, Frame::Confirm { .. })),
                "a channel in confirm mode"
            );
            Published::Ack
        })
    }

    /// `basic.get`: a delivery, and how many are left.
    pub(super) fn get(
        &mut self,
        channel: &str,
        queue: &str,
        automatic: bool,
    ) -> Result<Option<(Delivery, u64)>, Closed> {
        let number = self.channel(channel).number;
        let queue = self.queue(channel, queue);
        let queue = self.defined(channel, queue)?;
        let answers = self.ask(
            number,
            Frame::Get {
                channel: number,
                queue,
                automatic,
            },
        )?;
        let mut left = 0;
        for answer in answers {
            match answer {
                Frame::GetOk { remaining, .. } => left = remaining,
                Frame::Deliver {
                    redelivered,
                    tag,
                    message,
                    ..
                } => {
                    let delivery = Delivery {
                        message,
                        redelivered,
                        channel: number,
                        tag,
                    };
                    return Ok(Some((delivery, left)));
                }
                _ => {}
            }
        }
        Ok(None)
    }

    /// Settles a delivery, or everything up to it: `None` acknowledges, else it
    /// says whether it goes back.
    pub(super) fn settle(&mut self, delivery: Delivery, multiple: bool, requeue: Option<bool>) -> Result<(), Closed> {
        let Delivery { channel, tag, .. } = delivery;
        let frame = settlement(channel, (tag, multiple), requeue);
        self.ask(channel, frame).map(|_| ())
    }

    /// Settles the delivery of that tag, if the channel has any.
    pub(super) fn settle_tag(
        &mut self,
        channel: &str,
        tag: u64,
        multiple: bool,
        requeue: Option<bool>,
    ) -> Result<(), Closed> {
        let channel = self.channel(channel).number;
        let frame = settlement(channel, (tag, multiple), requeue);
        self.ask(channel, frame).map(|_| ())
    }

    pub(super) fn qos(&mut self, channel: &str, prefetch: u32, global: bool) -> Result<(), Closed> {
        let number = self.channel(channel).number;
        let Some(known) = self.channels.get_mut(channel) else {
            return Ok(());
        };
        let had_shared = std::mem::replace(&mut known.shares, global);
        if !global {
            known.prefetch = prefetch;
        }
        // A window of each ends the one of all.
        if global || had_shared {
            let prefetch = if global { prefetch } else { 0 };
            let channel = number;
            return self.ask(number, Frame::ChannelQos { channel, prefetch }).map(|_| ());
        }
        Ok(())
    }

    pub(super) fn consume(&mut self, channel: &str, what: &Consume) -> Result<(), Closed> {
        let Channel { number, prefetch, .. } = self.channel(channel);
        let queue = self.queue(channel, what.queue);
        let queue = self.defined(channel, queue)?;
        let priority = self.defined(channel, what.priority)?;
        let tag = self.tags.get(what.tag).copied().unwrap_or_else(|| {
            self.next_tag += 1;
            self.next_tag - 1
        });
        let tag = ConsumerTag(tag);
        let consumer = Consumer {
            channel: number,
            tag,
            deliveries: Vec::new(),
        };
        self.consumers.insert(what.tag.to_owned(), consumer);
        let frame = Frame::Consume {
            channel: number,
            consumer: tag,
            queue,
            prefetch,
            automatic: what.automatic,
            exclusive: what.exclusive,
            priority,
        };
        self.ask(number, frame).map(|_| ())
    }

    pub(super) fn cancel(&mut self, tag: &str) -> Result<(), Closed> {
        let Some(Consumer { channel, tag, .. }) = self.consumers.get(tag).cloned() else {
            return Ok(());
        };
        let consumer = tag;
        self.ask(channel, Frame::Cancel { channel, consumer }).map(|_| ())
    }

    /// Whether somebody consumes by that tag.
    pub(super) fn consumes(&self, tag: &str) -> bool {
        let known = self.consumers.get(tag);
        known.is_some_and(|known| self.node.consumes(PORT, known.channel, known.tag))
    }

    /// What a consumer got.
    pub(super) fn deliveries(&self, tag: &str) -> Option<&[Delivery]> {
        self.consumers.get(tag).map(|consumer| &consumer.deliveries[..])
    }

    pub(super) fn close_channel(&mut self, name: &str) -> Result<(), Closed> {
        let Some(Channel { number, .. }) = self.channels.remove(name) else {
            return Ok(());
        };
        let channel = number;
        self.ask(number, Frame::Close { channel, code: 0 }).map(|_| ())
    }

    /// How many messages wait in a queue: a passive declaration.
    pub(super) fn count(&mut self, channel: &str, queue: &str) -> Result<u64, Closed> {
        // Here an empty name is none.
        let found = self.node.definitions().queue(queue);
        let id = self.defined(channel, found.ok_or(ChannelError::NotFound))?;
        self.has_declared(channel, queue);
        let view = self.node.queue(id).expect("it is defined");
        Ok(view.messages_ready)
    }

    /// Deletes what waits; how much that was.
    pub(super) fn purge(&mut self, channel: &str, queue: &str) -> Result<u64, Closed> {
        let found = self.queue(channel, queue);
        let queue = self.defined(channel, found)?;
        let view = self.node.queue(queue).expect("it is defined");
        let count = view.messages_ready;
        self.node.purge(&mut self.bench, queue);
        Ok(count)
    }

    pub(super) fn delete_queue(&mut self, channel: &str, queue: &str) {
        if let Ok(queue) = self.queue(channel, queue) {
            let deleted = self.node.delete_queue(&mut self.bench, PORT, queue);
            debug_assert!(deleted.is_ok(), "there is one connection");
        }
    }

    /// Deletes an exchange with its bindings; one that is not there stays so.
    pub(super) fn delete_exchange(&mut self, channel: &str, exchange: &str) -> Result<(), Closed> {
        let result = match self.node.definitions().exchange(exchange) {
            Some(exchange) => self.node.delete_exchange(exchange),
            None => Ok(()),
        };
        self.defined(channel, result)
    }

    /// Time passes.
    pub(super) fn wait(&mut self, milliseconds: u64) {
        let nanos = milliseconds.saturating_mul(1_000_000).min(SimSpan::MAX.nanos());
        let until = self.bench.now().saturating_add(SimSpan::from_nanos(nanos));
        while let Some(token) = self.bench.next_timer(until) {
            self.node.on_timer(&mut self.bench, token);
        }
        // Nothing was asked, so that nothing but deliveries can come.
        let _ = self.read(ChannelId(u8::MAX));
    }

    /// What was published as this message.
    pub(super) fn publication(&self, message: Message) -> &Publication {
        &self.publications[message.id.number() as usize]
    }
}

/// `basic.ack`, or `basic.nack` with what is to become of it.
fn settlement(channel: ChannelId, (tag, multiple): (u64, bool), requeue: Option<bool>) -> Frame {
    match requeue {
        None => Frame::Ack { channel, tag, multiple },
        Some(requeue) => Frame::Nack {
            channel,
            tag,
            multiple,
            requeue,
        },
    }
}
