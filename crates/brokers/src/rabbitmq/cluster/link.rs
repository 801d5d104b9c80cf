//! What a member has to do with a queue that it or a client of it uses: the
//! commands that it has given to it and that are not done yet.

use super::content::Burial;
use super::story::fates;
use super::wire::Wire;
use super::{Command, Keeping, Member, MemberId, PeerFrame};
use crate::rabbitmq::dead_letters::{fate, onward};
use crate::rabbitmq::special::Dead;
use crate::rabbitmq::{ChannelId, ConsumerTag, ExchangeId, Frame, KeyId, QueueId};
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use mqlab_model::{Context, FactKind, Message, Port};

/// Who waits for a command.
#[derive(Clone, Copy, Debug)]
pub(super) struct Publish {
    pub(super) channel: (Port, ChannelId),
    pub(super) opening: u32,
    pub(super) sequence: u64,
}

/// A consumer that the member serves.
#[derive(Clone, Debug)]
pub(super) struct Consumer {
    pub(super) number: u16,
    pub(super) channel: (Port, ChannelId),
    pub(super) tag: ConsumerTag,
    pub(super) prefetch: u32,
    pub(super) automatic: bool,
    pub(super) exclusive: bool,
    pub(super) priority: i16,
    /// The delivery that comes next.
    pub(super) next: u32,
    /// Another member has the queue now, and has not said yet what is to come.
    pub(super) waits: bool,
    /// How many deliveries its client has not settled.
    pub(super) held: u32,
    /// Its client has cancelled it.
    pub(super) is_cancelled: bool,
    /// Nothing more comes for it.
    pub(super) is_over: bool,
}

impl Consumer {
    /// One that is new.
    pub(super) fn new(channel: (Port, ChannelId), tag: ConsumerTag, (prefetch, automatic): (u32, bool)) -> Self {
        Consumer {
            number: 0,
            channel,
            tag,
            prefetch,
            automatic,
            exclusive: false,
            priority: 0,
            next: 1,
            waits: false,
            held: 0,
            is_cancelled: false,
            is_over: false,
        }
    }

    /// Whether it asked for one message (`basic.get`).
    pub(super) fn asks_once(&self) -> bool {
        self.tag == ConsumerTag::GET
    }
}

/// What a member knows of a queue as one that uses it.
#[derive(Clone, Debug, Default)]
pub(super) struct Link {
    /// Where it is.
    pub(super) at: Option<MemberId>,
    pub(super) generation: u32,
    number: u32,
    pending: VecDeque<(u32, Command, Option<Publish>)>,
    pub(super) consumers: Vec<Consumer>,
    /// The way by which messages come, as far as the queue was told.
    route: Option<(ExchangeId, KeyId)>,
    /// The channel by which they come, as far as it was told, and all channels that it
    /// was told of.
    channel: Option<u32>,
    channels: Vec<u32>,
}

impl Link {
    /// The connection of a consumer.
    pub(super) fn client_of(&self, number: u16) -> Option<Port> {
        let known = self.consumers.iter().find(|one| one.number == number)?;
        Some(known.channel.0)
    }

    /// The queue has to be told anew by which way messages come.
    pub(super) fn forget_route(&mut self) {
        self.route = None;
    }

    /// Forgets consumers for which nothing more comes and whose clients have settled
    /// everything.
    pub(super) fn forget_consumers(&mut self) {
        self.consumers.retain(|one| !one.is_over || one.held > 0);
    }

    /// The messages of which no queue has said that it has them.
    pub(super) fn unasked(self) -> impl Iterator<Item = Message> {
        self.pending.into_iter().filter_map(|(_, command, _)| match command {
            Command::Enqueue { message, .. } => Some(message),
            _ => None,
        })
    }
}

impl Member {
    /// Gives a queue something to do, now or as soon as it is somewhere.
    pub(super) fn ask<C: Context<Wire>>(
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

    /// A message for a queue.
    pub(super) fn hand_in<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        queue: QueueId,
        (publish, message): (Option<Publish>, Message),
        route: (ExchangeId, KeyId),
    ) {
        let (member, life) = (self.own, self.life);
        let config = &self.cluster.config;
        let arguments = config.queues[usize::from(queue.0)].arguments.as_ref();
        let may_die = arguments.is_some_and(|arguments| arguments.dead_letter.is_some()) || config.policies.is_some();
        let is_delayed = config.exchanges.iter().any(|exchange| exchange.is_delayed);
        let link = &mut self.links[usize::from(queue.0)];
        // Only of what is given up, or kept back, it makes a difference by which way it
        // came.
        if (may_die || is_delayed) && link.route != Some(route) {
            link.route = Some(route);
            let (exchange, key) = route;
            self.ask(cx, queue, None, |number| Command::Route {
                member,
                life,
                number,
                exchange,
                key,
            });
        }
        if let Some(publish) = publish {
            self.tell_channel(cx, queue, publish.opening);
        }
        self.ask(cx, queue, publish, |number| Command::Enqueue {
            member,
            life,
            number,
            message,
        });
    }

    /// A queue that tells its publishers how full it is hears by which channel messages
    /// come.
    fn tell_channel<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId, opening: u32) {
        let arguments = self.cluster.config.queues[usize::from(queue.0)].arguments.as_ref();
        let link = &mut self.links[usize::from(queue.0)];
        if link.channel == Some(opening) || !arguments.is_some_and(|arguments| arguments.tells_publishers()) {
            return;
        }
        link.channel = Some(opening);
        if !link.channels.contains(&opening) {
            link.channels.push(opening);
        }
        self.say_channel(cx, queue, opening, false);
    }

    /// A channel is closed: whoever knows it as a publisher's forgets it.
    pub(super) fn close_publisher<C: Context<Wire>>(&mut self, cx: &mut C, opening: u32) {
        for queue in self.cluster.queues() {
            let link = &mut self.links[usize::from(queue.0)];
            if let Some(index) = link.channels.iter().position(|known| *known == opening) {
                link.channels.remove(index);
                link.channel = link.channel.filter(|known| *known != opening);
                self.say_channel(cx, queue, opening, true);
            }
        }
    }

    fn say_channel<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId, opening: u32, is_closed: bool) {
        let (member, life) = (self.own, self.life);
        self.ask(cx, queue, None, |number| Command::Channel {
            member,
            life,
            number,
            opening,
            is_closed,
        });
    }

    /// A queue that is here has given a message up, which goes where the queue says;
    /// or it is gone.
    pub(super) fn bury<C: Context<Wire>>(&mut self, cx: &mut C, dead: &Dead, burial: Burial) {
        let cluster = self.cluster.clone();
        let config = &cluster.config;
        let source = &config.queues[usize::from(dead.queue.0)];
        let message = dead.entry.message;
        let arguments = source.arguments.as_ref();
        let target = arguments.and_then(|arguments| arguments.dead_letter.as_ref());
        let onward = onward(config, &self.routes, target, dead, cx.now());
        if burial.is_news && dead.was_in() {
            let kind = fate(onward.is_some(), dead.reason);
            self.note(cx, dead.queue, kind, message);
            cx.emit(source.place, kind, message.id, dead.reason as u64);
        }
        let Some((targets, post)) = onward else { return };
        if !burial.is_sent {
            // At most once: nobody leads the queue who could send it.
            return cx.emit(self.place, FactKind::Dropped, message.id, 0);
        }
        for queue in targets {
            if self.is_down(queue) {
                cx.emit(self.place, FactKind::Dropped, message.id, 0);
                continue;
            }
            let story = post.story.as_deref();
            for fate in story.into_iter().flat_map(|story| fates(config, story)) {
                let (member, life) = (self.own, self.life);
                self.ask(cx, queue, None, |number| fate.command(member, life, number));
            }
            self.hand_in(cx, queue, (None, message), (post.exchange, post.key));
        }
    }

    /// A number for a consumer of a queue that none of its consumers has.
    pub(super) fn number_for_consumer(&mut self, queue: QueueId) -> u16 {
        loop {
            let number = self.front.next_number();
            let link = &self.links[usize::from(queue.0)];
            if link.consumers.iter().all(|one| one.number != number) {
                return number;
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
            let refused = |first: u32| is_refused && first == number;
            match pending.pop_front() {
                Some((first, Command::Declare { connection, .. }, _)) => {
                    self.on_declared(cx, queue, connection, refused(first));
                }
                Some((first, Command::Attach { consumer, .. } | Command::Get { consumer, .. }, None))
                    if refused(first) =>
                {
                    self.on_refused(cx, queue, consumer);
                }
                Some((first, _, Some(publish))) => self.complete(cx, publish, refused(first)),
                Some((_, Command::Get { consumer, .. }, None)) => self.find_empty(cx, queue, consumer),
                Some((_, Command::Detach { consumer, .. }, None)) => {
                    let link = &mut self.links[usize::from(queue.0)];
                    let mut consumers = link.consumers.iter_mut();
                    let gone = consumers.find(|one| one.number == consumer);
                    gone.into_iter().for_each(|one| one.is_over = true);
                    link.forget_consumers();
                }
                _ => {}
            }
        }
    }

    /// Who has asked for one message and has got none is told so.
    fn find_empty<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId, number: u16) {
        let consumers = &mut self.links[usize::from(queue.0)].consumers;
        let asked = |one: &Consumer| one.number == number && one.next == 1;
        if let Some(index) = consumers.iter().position(asked) {
            let (port, channel) = consumers.remove(index).channel;
            cx.send(port, Wire::Client(Frame::GetEmpty { channel }));
        }
    }

    pub(super) fn on_resumed(&mut self, queue: QueueId, number: u16) {
        let consumers = &mut self.links[usize::from(queue.0)].consumers;
        if let Some(known) = consumers.iter_mut().find(|one| one.number == number) {
            known.waits = false;
        }
    }

    /// A queue is there now.
    pub(super) fn on_here<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        queue: QueueId,
        (at, is_there): (MemberId, bool),
        generation: u32,
    ) {
        let link = &mut self.links[usize::from(queue.0)];
        let keeping = self.cluster.keeping(queue);
        let keeps_consumers = matches!(keeping, Keeping::Quorum(_));
        // Where two have it, because neither knew of the other, each goes on.
        let is_other = matches!(keeping, Keeping::Mirrored { .. }) && link.at.is_some_and(|known| known != at);
        if is_other || generation < link.generation {
            return;
        }
        self.set_existence(queue, is_there);
        let link = &mut self.links[usize::from(queue.0)];
        let is_new = (link.at, link.generation) != (Some(at), generation);
        (link.at, link.generation) = (Some(at), generation);
        if !is_new {
            // It was told everything, and a connection that is there loses nothing.
            return;
        }
        link.route = link.route.filter(|_| keeps_consumers);
        let pending: Vec<Command> = link.pending.iter().map(|(_, command, _)| *command).collect();
        if keeps_consumers {
            // Before that it is said of them whether there was nothing.
            self.ask_for_the_rest(cx, queue, at, true);
        }
        for command in pending {
            self.tell(cx, at, PeerFrame::Request { queue, command });
        }
        if keeps_consumers {
            self.ask_for_the_rest(cx, queue, at, false);
        } else {
            self.attach_anew(cx, queue);
        }
    }

    /// Who has the queue now knows its consumers: what they have not got comes again.
    fn ask_for_the_rest<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId, at: MemberId, asks_once: bool) {
        let life = self.life;
        let consumers = &mut self.links[usize::from(queue.0)].consumers;
        let mut resumes = Vec::new();
        for known in consumers.iter_mut().filter(|one| one.asks_once() == asks_once) {
            // What is asked for once cannot be out of order.
            known.waits = !asks_once;
            resumes.push(PeerFrame::Resume {
                queue,
                life,
                consumer: known.number,
                next: known.next,
            });
        }
        for resume in resumes {
            self.tell(cx, at, resume);
        }
    }

    /// Who has the queue now knows nothing of the consumers that the one before had.
    /// What they have will go to others again.
    fn attach_anew<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId) {
        let link = &mut self.links[usize::from(queue.0)];
        let pending = &link.pending;
        let is_asked = |number| pending.iter().any(|(_, command, _)| attaches(command, number));
        link.consumers
            .retain(|one| !one.is_cancelled && (!one.asks_once() || is_asked(one.number)));
        for index in 0..self.links[usize::from(queue.0)].consumers.len() {
            let fresh = self.number_for_consumer(queue);
            let link = &mut self.links[usize::from(queue.0)];
            let known = &mut link.consumers[index];
            if link
                .pending
                .iter()
                .any(|(_, command, _)| attaches(command, known.number))
            {
                continue;
            }
            (known.number, known.next) = (fresh, 1);
            let known = known.clone();
            self.attach(cx, queue, &known);
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
        link.route = None;
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
            if consumer.asks_once() {
                self.give_up_asking(cx, &consumer);
            }
            if consumer.asks_once() || consumer.is_cancelled {
                continue;
            }
            let cancel = Frame::Cancel {
                channel,
                consumer: consumer.tag,
            };
            cx.send(port, Wire::Client(cancel));
        }
    }
}

fn attaches(command: &Command, number: u16) -> bool {
    matches!(command, Command::Attach { consumer, .. } | Command::Get { consumer, .. } if *consumer == number)
}
