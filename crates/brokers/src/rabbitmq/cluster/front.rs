//! What a member does for its clients: channels, routes, and what comes of them.

use super::link::{Consumer, Publish};
use super::wire::{Settlement, Wire};
use super::{Command, Keeping, Member};
use crate::parts::InFlight;
use crate::rabbitmq::{ChannelError, ChannelId, ConsumerTag, ExchangeId, Frame, KeyId, QueueId};
use alloc::vec::Vec;
use mqlab_kernel::SortedMap;
use mqlab_model::{Context, FactKind, Message, Port};

/// A delivery to a client that is not settled.
#[derive(Clone, Copy, Debug)]
struct Unacked {
    queue: QueueId,
    consumer: u16,
    delivery: u32,
}

/// A publish whose queues have not all answered.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    left: u16,
    queues: u16,
    is_refused: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Channel {
    /// Tells it from another one by the same number.
    opening: u32,
    confirms: bool,
    published: u64,
    /// How many of these were published before it was put into confirm mode.
    before: u64,
    waiting: SortedMap<u64, Waiting>,
    in_flight: InFlight<Unacked>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Front {
    channels: SortedMap<(Port, ChannelId), Channel>,
    openings: u32,
    consumers: u16,
}

impl Front {
    pub(super) fn channels(&self) -> u16 {
        self.channels.len() as u16
    }

    /// A number for a consumer. They begin anew when there are no more.
    pub(super) fn next_number(&mut self) -> u16 {
        self.consumers = self.consumers.checked_add(1).unwrap_or(1);
        self.consumers
    }

    /// `confirm.select`: publishes count anew, and nobody waits for what becomes of those
    /// before.
    fn select_confirms(&mut self, channel: (Port, ChannelId)) {
        if let Some(open) = self.channels.get_mut(&channel).filter(|open| !open.confirms) {
            (open.confirms, open.before) = (true, open.published);
            open.waiting.clear();
        }
    }

    /// All channels are closed; returns them.
    pub(super) fn close_all(&mut self) -> Vec<(Port, ChannelId)> {
        let all = self.channels.keys().copied().collect();
        self.channels.clear();
        all
    }
}

impl Member {
    pub(super) fn on_client<C: Context<Wire>>(&mut self, cx: &mut C, port: Port, frame: Frame) {
        match frame {
            Frame::Open { channel, confirms } => {
                self.close_channel(cx, (port, channel));
                self.front.openings += 1;
                let opened = Channel {
                    opening: self.front.openings,
                    confirms,
                    published: 0,
                    before: 0,
                    waiting: SortedMap::new(),
                    in_flight: InFlight::default(),
                };
                self.front.channels.insert((port, channel), opened);
            }
            // It stands behind what was published before and is not read yet.
            Frame::Select { channel } if self.holds_behind((port, channel), frame) => {}
            Frame::Select { channel } => self.front.select_confirms((port, channel)),
            Frame::Declare { channel, queue } => self.declare(cx, (port, channel), queue),
            Frame::Publish { channel, .. } if self.holds((port, channel), frame) => {}
            Frame::Publish {
                channel,
                exchange,
                key,
                message,
                mandatory,
            } => self.publish(cx, (port, channel), (exchange, key), (message, mandatory)),
            Frame::Consume {
                channel,
                consumer,
                queue,
                prefetch,
                automatic,
                exclusive,
                priority,
            } => {
                let consumer = Consumer {
                    exclusive,
                    priority,
                    ..Consumer::new((port, channel), consumer, (prefetch, automatic))
                };
                self.consume(cx, queue, consumer);
            }
            Frame::Qos {
                channel,
                consumer,
                prefetch,
            } => self.set_prefetch(cx, (port, channel), consumer, prefetch),
            Frame::Ack { channel, tag, multiple } => {
                self.settle(cx, (port, channel), (tag, multiple), Settlement::Done);
            }
            Frame::Nack {
                channel,
                tag,
                multiple,
                requeue,
            } => {
                let how = if requeue {
                    Settlement::Returned
                } else {
                    Settlement::Dropped
                };
                self.settle(cx, (port, channel), (tag, multiple), how);
            }
            Frame::Cancel { channel, consumer } => self.cancel(cx, (port, channel), consumer),
            Frame::Close { channel, .. } => self.close_channel(cx, (port, channel)),
            // Not in a cluster, see the head of the module.
            Frame::ChannelQos { channel, .. } => self.fail(cx, (port, channel), ChannelError::NotImplemented),
            Frame::Get {
                channel,
                queue,
                automatic,
            } => self.get(cx, (port, channel), queue, automatic),
            Frame::Confirm { .. }
            | Frame::Deliver { .. }
            | Frame::GetOk { .. }
            | Frame::GetEmpty { .. }
            | Frame::Return { .. }
            | Frame::Refuse { .. } => {}
        }
    }

    fn publish<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        channel: (Port, ChannelId),
        (exchange, key): (ExchangeId, KeyId),
        (message, mandatory): (Message, bool),
    ) {
        let Some(open) = self.front.channels.get_mut(&channel) else {
            return cx.emit(self.place, FactKind::Dropped, message.id, 0);
        };
        open.published += 1;
        let (sequence, opening) = (open.published, open.opening);
        if !self.routes.has(exchange) {
            cx.emit(self.place, FactKind::Unroutable, message.id, 0);
            return self.fail(cx, channel, ChannelError::NotFound);
        }
        let properties = self.cluster.config.properties(message);
        let mut targets = match properties.filter(|properties| properties.affect_routing()) {
            Some(properties) => self.routes.route_with(exchange, key, properties),
            None => self.routes.route(exchange, key).to_vec(),
        };
        if !self.cluster.config.version.refuses_for_dead_homes() {
            let is_absent = |queue| self.is_kept_once(queue) && self.is_down(queue);
            targets.retain(|queue| !is_absent(*queue));
        }
        let Some(open) = self.front.channels.get_mut(&channel) else {
            return;
        };
        let waiting = Waiting {
            left: targets.len() as u16,
            queues: targets.len() as u16,
            is_refused: false,
        };
        if targets.is_empty() {
            cx.emit(self.place, FactKind::Unroutable, message.id, 0);
            if mandatory {
                let channel_id = channel.1;
                let back = Frame::Return {
                    channel: channel_id,
                    message,
                };
                cx.send(channel.0, Wire::Client(back));
            }
            return self.answer(cx, channel, sequence, waiting);
        }
        open.waiting.insert(sequence, waiting);
        let publish = Publish {
            channel,
            opening,
            sequence,
        };
        for queue in targets {
            if self.is_down(queue) {
                cx.emit(self.place, FactKind::Dropped, message.id, 0);
                self.complete(cx, publish, true);
                continue;
            }
            self.hand_in(cx, queue, (Some(publish), message), (exchange, key));
        }
    }

    /// Whether nobody has the queue, and nobody will before a member is back.
    pub(super) fn is_down(&self, queue: QueueId) -> bool {
        match self.cluster.keeping(queue) {
            Keeping::Home(home) => *home != self.own && !self.peers[usize::from(home.0)].is_up(),
            Keeping::Mirrored { .. } => self.mirrored_is_down(queue),
            Keeping::Quorum(_) => false,
        }
    }

    /// A queue has answered for a publish.
    pub(super) fn complete<C: Context<Wire>>(&mut self, cx: &mut C, publish: Publish, is_refused: bool) {
        let open = self.front.channels.get_mut(&publish.channel);
        let Some(open) = open.filter(|open| open.opening == publish.opening) else {
            return;
        };
        let Some(waiting) = open.waiting.get_mut(&publish.sequence) else {
            return;
        };
        waiting.left -= 1;
        waiting.is_refused |= is_refused;
        let waiting = *waiting;
        if waiting.left == 0 {
            open.waiting.remove(&publish.sequence);
            self.answer(cx, publish.channel, publish.sequence, waiting);
        }
    }

    fn answer<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        (port, channel): (Port, ChannelId),
        sequence: u64,
        waiting: Waiting,
    ) {
        let open = self.front.channels.get(&(port, channel));
        let Some(open) = open.filter(|open| open.confirms) else {
            return;
        };
        let sequence = sequence - open.before;
        let frame = if waiting.is_refused {
            Frame::Refuse { channel, sequence }
        } else {
            Frame::Confirm {
                channel,
                sequence,
                queues: waiting.queues,
            }
        };
        cx.send(port, Wire::Client(frame));
    }

    fn consume<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId, mut consumer: Consumer) {
        if !self.front.channels.contains_key(&consumer.channel) {
            return;
        }
        if self.is_down(queue) {
            // "home node ... of durable queue ... is down or inaccessible"
            return self.fail(cx, consumer.channel, ChannelError::NotFound);
        }
        consumer.number = self.number_for_consumer(queue);
        self.attach(cx, queue, &consumer);
        self.links[usize::from(queue.0)].consumers.push(consumer);
    }

    pub(super) fn attach<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId, known: &Consumer) {
        let (member, life) = (self.own, self.life);
        self.ask(cx, queue, None, |number| Command::Attach {
            member,
            life,
            number,
            consumer: known.number,
            prefetch: known.prefetch,
            automatic: known.automatic,
            exclusive: known.exclusive,
            priority: known.priority,
            connection: known.channel.0.0,
        });
    }

    /// `basic.get`: the head of a queue, if there is one.
    fn get<C: Context<Wire>>(&mut self, cx: &mut C, channel: (Port, ChannelId), queue: QueueId, automatic: bool) {
        if !self.front.channels.contains_key(&channel) {
            return;
        }
        let arguments = self.cluster.config.queues[usize::from(queue.0)].arguments.as_ref();
        if arguments.is_some_and(|arguments| arguments.hands_out_to_one_only()) {
            return self.fail(cx, channel, ChannelError::ResourceLocked);
        }
        if self.is_down(queue) {
            return self.fail(cx, channel, ChannelError::NotFound);
        }
        let (member, life) = (self.own, self.life);
        let consumer = self.number_for_consumer(queue);
        self.links[usize::from(queue.0)].consumers.push(Consumer {
            number: consumer,
            ..Consumer::new(channel, ConsumerTag::GET, (1, automatic))
        });
        self.ask(cx, queue, None, |number| Command::Get {
            member,
            life,
            number,
            consumer,
            automatic,
            connection: channel.0.0,
        });
    }

    /// Nobody will answer who was asked for one message. A node that cannot answer
    /// closes the channel.
    pub(super) fn give_up_asking<C: Context<Wire>>(&mut self, cx: &mut C, consumer: &Consumer) {
        if consumer.next == 1 && self.front.channels.contains_key(&consumer.channel) {
            self.fail(cx, consumer.channel, ChannelError::NotFound);
        }
    }

    fn set_prefetch<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        channel: (Port, ChannelId),
        tag: ConsumerTag,
        prefetch: u32,
    ) {
        for queue in self.cluster.queues() {
            let mut consumers = self.links[usize::from(queue.0)].consumers.iter_mut();
            let known = consumers.find(|one| one.channel == channel && one.tag == tag && !one.is_cancelled);
            if let Some(known) = known {
                known.prefetch = prefetch;
                let known = known.clone();
                return self.attach(cx, queue, &known);
            }
        }
    }

    fn settle<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        channel: (Port, ChannelId),
        (tag, multiple): (u64, bool),
        how: Settlement,
    ) {
        let Some(open) = self.front.channels.get_mut(&channel) else {
            return;
        };
        let Some(settled) = open.in_flight.take_named(tag, multiple) else {
            return self.fail(cx, channel, ChannelError::PreconditionFailed);
        };
        let (member, life) = (self.own, self.life);
        for Unacked {
            queue,
            consumer,
            delivery,
        } in settled
        {
            self.ask(cx, queue, None, |number| Command::Settle {
                member,
                life,
                number,
                consumer,
                delivery,
                how,
            });
            let link = &mut self.links[usize::from(queue.0)];
            let mut consumers = link.consumers.iter_mut();
            if let Some(known) = consumers.find(|one| one.number == consumer) {
                known.held = known.held.saturating_sub(1);
            }
            link.forget_consumers();
        }
    }

    /// The client did something wrong, or the queue is not there.
    pub(super) fn fail<C: Context<Wire>>(&mut self, cx: &mut C, channel: (Port, ChannelId), error: ChannelError) {
        self.close_channel(cx, channel);
        let close = Frame::Close {
            channel: channel.1,
            code: error as u16,
        };
        cx.send(channel.0, Wire::Client(close));
    }

    pub(super) fn close_port<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        let of_port = self.front.channels.keys().filter(|(of, _)| *of == port);
        for channel in of_port.copied().collect::<Vec<_>>() {
            self.close_channel(cx, channel);
        }
        self.leave_owned(cx, port);
    }

    fn close_channel<C: Context<Wire>>(&mut self, cx: &mut C, channel: (Port, ChannelId)) {
        self.drop_unread(cx, channel);
        self.declared.retain(|(_, of)| *of != channel);
        if let Some(closed) = self.front.channels.remove(&channel) {
            self.close_publisher(cx, closed.opening);
            self.remove_consumers(cx, |one| one.channel == channel);
        }
    }

    fn remove_consumers<C: Context<Wire>>(&mut self, cx: &mut C, is_it: impl Fn(&Consumer) -> bool) {
        let (member, life) = (self.own, self.life);
        for queue in self.cluster.queues() {
            let link = &mut self.links[usize::from(queue.0)];
            let gone: Vec<u16> = link
                .consumers
                .iter()
                .filter(|one| is_it(one))
                .map(|one| one.number)
                .collect();
            link.consumers.retain(|one| !gone.contains(&one.number));
            for consumer in gone {
                self.ask(cx, queue, None, |number| Command::Detach {
                    member,
                    life,
                    number,
                    consumer,
                    keeps: false,
                });
            }
        }
    }

    /// `basic.cancel`: what the consumer has, it keeps, and what is on its way to it
    /// still comes.
    fn cancel<C: Context<Wire>>(&mut self, cx: &mut C, channel: (Port, ChannelId), tag: ConsumerTag) {
        let (member, life) = (self.own, self.life);
        for queue in self.cluster.queues() {
            let mut consumers = self.links[usize::from(queue.0)].consumers.iter_mut();
            let known = consumers.find(|one| one.channel == channel && one.tag == tag && !one.is_cancelled);
            if let Some(known) = known {
                known.is_cancelled = true;
                let consumer = known.number;
                return self.ask(cx, queue, None, |number| Command::Detach {
                    member,
                    life,
                    number,
                    consumer,
                    keeps: true,
                });
            }
        }
    }

    /// A delivery for one of its clients.
    pub(super) fn on_handed<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        (queue, number, delivery): (QueueId, u16, u32),
        (remaining, redelivered): (u32, bool),
        message: Message,
    ) {
        let place = self.cluster.config.queues[usize::from(queue.0)].place;
        let link = &mut self.links[usize::from(queue.0)];
        let known = link.consumers.iter_mut().find(|one| one.number == number);
        let Some(known) = known else {
            // The consumer has gone meanwhile.
            return cx.emit(place, FactKind::Dropped, message.id, 0);
        };
        if known.waits || delivery < known.next {
            return;
        }
        known.next = delivery + 1;
        let (channel, consumer, automatic) = (known.channel, known.tag, known.automatic);
        let asks_once = known.asks_once();
        known.held += u32::from(!automatic);
        known.is_over |= asks_once;
        link.forget_consumers();
        let Some(open) = self.front.channels.get_mut(&channel) else {
            return;
        };
        let unacked = Unacked {
            queue,
            consumer: number,
            delivery,
        };
        let tag = if automatic { 0 } else { open.in_flight.insert(unacked) };
        if asks_once {
            let found = Frame::GetOk {
                channel: channel.1,
                remaining: u64::from(remaining),
            };
            cx.send(channel.0, Wire::Client(found));
        }
        let deliver = Frame::Deliver {
            channel: channel.1,
            consumer,
            redelivered,
            from: place,
            tag,
            message,
        };
        cx.send(channel.0, Wire::Client(deliver));
    }
}
