//! What a member does for its clients: channels, routes, and the commands that
//! it has given to queues and that are not done yet.

use super::wire::{Settlement, Wire};
use super::{Command, Keeping, Member, MemberId, PeerFrame};
use crate::parts::InFlight;
use crate::rabbitmq::{ChannelError, ChannelId, ConsumerTag, ExchangeId, Frame, KeyId, QueueId};
use alloc::collections::VecDeque;
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
    waiting: SortedMap<u64, Waiting>,
    in_flight: InFlight<Unacked>,
}

/// Who waits for a command.
#[derive(Clone, Copy, Debug)]
struct Publish {
    channel: (Port, ChannelId),
    opening: u32,
    sequence: u64,
}

#[derive(Clone, Debug)]
struct Consumer {
    number: u16,
    channel: (Port, ChannelId),
    tag: ConsumerTag,
    prefetch: u32,
    automatic: bool,
    /// The delivery that comes next.
    next: u32,
    /// Another member has the queue now, and has not said yet what is to come.
    waits: bool,
}

/// What a member knows of a queue as one that uses it.
#[derive(Clone, Debug, Default)]
pub(super) struct Link {
    /// Where it is.
    pub(super) at: Option<MemberId>,
    pub(super) generation: u32,
    number: u32,
    pending: VecDeque<(u32, Command, Option<Publish>)>,
    consumers: Vec<Consumer>,
}

impl Link {
    /// The connection of a consumer.
    pub(super) fn client_of(&self, number: u16) -> Option<Port> {
        let known = self.consumers.iter().find(|one| one.number == number)?;
        Some(known.channel.0)
    }

    /// The messages of which no queue has said that it has them.
    pub(super) fn unasked(self) -> impl Iterator<Item = Message> {
        self.pending.into_iter().filter_map(|(_, command, _)| match command {
            Command::Enqueue { message, .. } => Some(message),
            _ => None,
        })
    }
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
                    waiting: SortedMap::new(),
                    in_flight: InFlight::default(),
                };
                self.front.channels.insert((port, channel), opened);
            }
            Frame::Declare { channel, queue } => {
                if self.is_down(queue) {
                    self.fail(cx, (port, channel), ChannelError::NotFound);
                }
            }
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
                ..
            } => self.consume(cx, (port, channel), consumer, queue, (prefetch, automatic)),
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
            Frame::Cancel { channel, consumer } => {
                self.remove_consumers(cx, |one| one.channel == (port, channel) && one.tag == consumer);
            }
            Frame::Close { channel, .. } => self.close_channel(cx, (port, channel)),
            // Not in a cluster, see the head of the module.
            Frame::ChannelQos { channel, .. } | Frame::Get { channel, .. } => {
                self.fail(cx, (port, channel), ChannelError::NotImplemented);
            }
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
            let is_absent = |queue| matches!(self.cluster.keeping(queue), Keeping::Home(_)) && self.is_down(queue);
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
            let (member, life) = (self.own, self.life);
            self.ask(cx, queue, Some(publish), |number| Command::Enqueue {
                member,
                life,
                number,
                message,
            });
        }
    }

    /// Whether nobody has the queue, and nobody will before a member is back.
    fn is_down(&self, queue: QueueId) -> bool {
        match self.cluster.keeping(queue) {
            Keeping::Home(home) => *home != self.own && !self.peers[usize::from(home.0)].is_up(),
            Keeping::Mirrored { .. } => self.mirrored_is_down(queue),
            Keeping::Quorum(_) => false,
        }
    }

    /// Gives a queue something to do, now or as soon as it is somewhere.
    fn ask<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        queue: QueueId,
        publish: Option<Publish>,
        command: impl FnOnce(u32) -> Command,
    ) {
        let link = &mut self.links[usize::from(queue.0)];
        link.number += 1;
        let command = command(link.number);
        link.pending.push_back((link.number, command, publish));
        if let Some(at) = link.at {
            self.tell(cx, at, PeerFrame::Request { queue, command });
        }
    }

    /// A queue has answered for a publish.
    fn complete<C: Context<Wire>>(&mut self, cx: &mut C, publish: Publish, is_refused: bool) {
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
        if !open.is_some_and(|open| open.confirms) {
            return;
        }
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

    fn consume<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        channel: (Port, ChannelId),
        tag: ConsumerTag,
        queue: QueueId,
        (prefetch, automatic): (u32, bool),
    ) {
        if !self.front.channels.contains_key(&channel) {
            return;
        }
        if self.is_down(queue) {
            // "home node ... of durable queue ... is down or inaccessible"
            return self.fail(cx, channel, ChannelError::NotFound);
        }
        self.front.consumers += 1;
        let number = self.front.consumers;
        self.links[usize::from(queue.0)].consumers.push(Consumer {
            number,
            channel,
            tag,
            prefetch,
            automatic,
            next: 1,
            waits: false,
        });
        self.attach(cx, queue, number, prefetch, automatic);
    }

    fn attach<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId, consumer: u16, prefetch: u32, automatic: bool) {
        let (member, life) = (self.own, self.life);
        self.ask(cx, queue, None, |number| Command::Attach {
            member,
            life,
            number,
            consumer,
            prefetch,
            automatic,
        });
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
            let known = consumers.find(|one| one.channel == channel && one.tag == tag);
            if let Some(known) = known {
                known.prefetch = prefetch;
                let (number, automatic) = (known.number, known.automatic);
                return self.attach(cx, queue, number, prefetch, automatic);
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
        let mut settled = Vec::new();
        if multiple {
            open.in_flight.take_up_to(tag, |unacked| settled.push(unacked));
        } else {
            settled.extend(open.in_flight.take(tag));
        }
        if settled.is_empty() && !(multiple && open.in_flight.has_had(tag)) {
            return self.fail(cx, channel, ChannelError::PreconditionFailed);
        }
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
        }
    }

    /// The client did something wrong, or the queue is not there.
    fn fail<C: Context<Wire>>(&mut self, cx: &mut C, channel: (Port, ChannelId), error: ChannelError) {
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
    }

    fn close_channel<C: Context<Wire>>(&mut self, cx: &mut C, channel: (Port, ChannelId)) {
        if self.front.channels.remove(&channel).is_some() {
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
                });
            }
        }
    }

    /// A queue has done what it was asked to.
    pub(super) fn on_taken<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        queue: QueueId,
        (life, number): (u16, u32),
        is_refused: bool,
    ) {
        if life != self.life {
            return;
        }
        loop {
            let pending = &mut self.links[usize::from(queue.0)].pending;
            if pending.front().is_none_or(|(first, ..)| *first > number) {
                return;
            }
            if let Some((first, _, Some(publish))) = pending.pop_front() {
                self.complete(cx, publish, is_refused && first == number);
            }
        }
    }

    /// A delivery for one of its clients.
    pub(super) fn on_handed<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        (queue, number, delivery): (QueueId, u16, u32),
        redelivered: bool,
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
        let Some(open) = self.front.channels.get_mut(&channel) else {
            return;
        };
        let unacked = Unacked {
            queue,
            consumer: number,
            delivery,
        };
        let tag = if automatic { 0 } else { open.in_flight.insert(unacked) };
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

    pub(super) fn on_resumed(&mut self, queue: QueueId, number: u16) {
        let consumers = &mut self.links[usize::from(queue.0)].consumers;
        if let Some(known) = consumers.iter_mut().find(|one| one.number == number) {
            known.waits = false;
        }
    }

    /// A queue is there now.
    pub(super) fn on_here<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId, at: MemberId, generation: u32) {
        let link = &mut self.links[usize::from(queue.0)];
        let keeping = self.cluster.keeping(queue);
        let keeps_consumers = matches!(keeping, Keeping::Quorum(_));
        // Where two have it, because neither knew of the other, each goes on.
        let is_other = matches!(keeping, Keeping::Mirrored { .. }) && link.at.is_some_and(|known| known != at);
        if is_other || generation < link.generation {
            return;
        }
        let is_new = (link.at, link.generation) != (Some(at), generation);
        (link.at, link.generation) = (Some(at), generation);
        if !is_new {
            // It was told everything, and a connection that is there loses nothing.
            return;
        }
        let pending: Vec<Command> = link.pending.iter().map(|(_, command, _)| *command).collect();
        for command in pending {
            self.tell(cx, at, PeerFrame::Request { queue, command });
        }
        for index in 0..self.links[usize::from(queue.0)].consumers.len() {
            let fresh = self.front.consumers + 1;
            let link = &mut self.links[usize::from(queue.0)];
            let known = &mut link.consumers[index];
            if keeps_consumers {
                known.waits = true;
                let resume = PeerFrame::Resume {
                    queue,
                    life: self.life,
                    consumer: known.number,
                    next: known.next,
                };
                self.tell(cx, at, resume);
            } else if !link
                .pending
                .iter()
                .any(|(_, command, _)| attaches(command, known.number))
            {
                // The master knows nothing of the consumers that the one before
                // had. What they have will go to others again.
                self.front.consumers = fresh;
                (known.number, known.next) = (fresh, 1);
                let (prefetch, automatic) = (known.prefetch, known.automatic);
                self.attach(cx, queue, fresh, prefetch, automatic);
            }
        }
    }

    /// A queue is not there any more. If it will not be anywhere, whoever waits
    /// for it hears of it.
    pub(super) fn on_lost_queue<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId) {
        self.links[usize::from(queue.0)].at = None;
        if !self.is_down(queue) {
            return;
        }
        let link = &mut self.links[usize::from(queue.0)];
        let pending = core::mem::take(&mut link.pending);
        let consumers = core::mem::take(&mut link.consumers);
        for (_, command, publish) in pending {
            if let Command::Enqueue { message, .. } = command {
                cx.emit(self.place, FactKind::Dropped, message.id, 0);
            }
            if let Some(publish) = publish {
                self.complete(cx, publish, true);
            }
        }
        for consumer in consumers {
            let (port, channel) = consumer.channel;
            let cancel = Frame::Cancel {
                channel,
                consumer: consumer.tag,
            };
            cx.send(port, Wire::Client(cancel));
        }
    }
}

fn attaches(command: &Command, number: u16) -> bool {
    matches!(command, Command::Attach { consumer, .. } if *consumer == number)
}
