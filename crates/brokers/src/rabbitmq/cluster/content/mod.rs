//! What a queue of a cluster has in it and who gets it: a state machine that
//! does the same wherever it is given the same commands in the same order.
//!
//! A classic queue does every command at once. The members of a quorum queue do
//! what they have agreed on, each for itself; the leader's effects are those
//! that the world sees.
//!
//! It has no clock. What depends on the time, it knows from [`Command::Time`].

mod consumers;
mod existence;
#[cfg(test)]
mod tests;

use super::{Command, Fate, MemberId, PeerFrame, Settlement};
use crate::parts::Reason;
use crate::rabbitmq::special::{Dead, Entry, Post, Publisher, Special, Story};
use crate::rabbitmq::{Config, ExchangeId, KeyId, Overflow, QueueArguments, QueueId, QueueKind};
use alloc::boxed::Box;
use alloc::vec::Vec;
pub use consumers::Attached;
use consumers::{Consumer, Consumers, Id, Manners};
use existence::Existence;
use mqlab_kernel::{SimSpan, SimTime, SortedMap, SortedSet};
use mqlab_model::{FactKind, Message};

/// What a command has brought about.
#[derive(Clone, Debug)]
pub(super) enum Effect {
    /// A member is to hear of it.
    Tell(MemberId, PeerFrame),
    /// A message is in the queue, at this position.
    Stored {
        position: u64,
        message: Message,
        from: (MemberId, u16, u32),
    },
    /// It is there no more.
    Forgotten { position: u64 },
    /// For the record.
    Fact(FactKind, Message, u64),
    /// The queue is there now, or is not any more.
    Existence,
    /// The queue has given a message up.
    Dead(Box<Dead>, Burial),
}

/// What is left to do for a message that was given up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Burial {
    /// Nobody has told it for the record.
    pub(super) is_news: bool,
    /// It is to be sent to where it goes.
    pub(super) is_sent: bool,
}

impl Effect {
    /// What is left of it where something was told for the record before, or not,
    /// by one who leads, or does not.
    pub(super) fn at_replica(self, is_told: bool, leads: bool) -> Option<Effect> {
        match self {
            Effect::Fact(..) => (!is_told).then_some(self),
            Effect::Dead(dead, _) => {
                let burial = Burial {
                    is_news: !is_told,
                    is_sent: leads,
                };
                (burial.is_news || burial.is_sent).then_some(Effect::Dead(dead, burial))
            }
            Effect::Tell(..) | Effect::Stored { .. } | Effect::Forgotten { .. } | Effect::Existence => {
                leads.then_some(self)
            }
        }
    }
}

/// The commands of one life of a member.
#[derive(Clone, Debug)]
struct Session {
    /// Everything up to here is done.
    last: u32,
    /// But for these, which were refused.
    refused: SortedSet<u32>,
    /// The way by which its messages come.
    route: (ExchangeId, KeyId),
    /// The channel by which they come, if that was said.
    channel: u32,
    /// What has been said of the message that comes next.
    fates: Vec<Fate>,
}

impl Default for Session {
    fn default() -> Self {
        Session {
            last: 0,
            refused: SortedSet::new(),
            route: (ExchangeId::DEFAULT, KeyId::UNBOUND),
            channel: 0,
            fates: Vec::new(),
        }
    }
}

/// A queue's content.
#[derive(Clone, Debug)]
pub(super) struct Content {
    queue: QueueId,
    special: Special,
    sessions: SortedMap<(MemberId, u16), Session>,
    consumers: Consumers,
    existence: Existence,
    /// Commands of a life are done without a gap: what is missing comes again.
    /// In a classic queue what is missing was given up.
    is_strict: bool,
    is_timed: bool,
    now: SimTime,
}

impl Content {
    pub(super) fn new(config: &Config, id: QueueId) -> Self {
        let queue = &config.queues[usize::from(id.0)];
        let arguments = queue.arguments.clone().unwrap_or_default();
        let is_strict = arguments.kind == QueueKind::Quorum;
        let may_expire = config.properties.iter().any(|one| one.expiration.is_some());
        let may_change = (config.policies.as_ref()).is_some_and(|policies| policies.for_queue(id).next().is_some());
        let is_delayed = config.exchanges.iter().any(|exchange| exchange.is_delayed);
        let is_busy = arguments.dequeue.is_some();
        let waits =
            arguments.message_ttl.or(arguments.expires).is_some() || arguments.delayed_retry.is_some() || is_busy;
        let is_timed = may_expire || may_change || is_delayed || waits;
        let is_single = arguments.single_active_consumer;
        let special = Special::new(arguments, config.version);
        let manners = Manners {
            is_single,
            hands_over: special.hands_over,
            ignores_ranks: special.ignores_ranks(),
            forgets_turns: !special.keeps_all(),
        };
        Content {
            queue: id,
            special,
            sessions: SortedMap::new(),
            consumers: Consumers::new(manners),
            existence: Existence::new(config, id),
            is_strict,
            is_timed,
            now: SimTime::ZERO,
        }
    }

    /// A content that begins with messages at their positions, with their sizes, and with what
    /// is known of the commands that were done before.
    pub(super) fn inherit(
        config: &Config,
        (queue, now): (QueueId, SimTime),
        messages: impl Iterator<Item = (u64, Message, u64)>,
        sessions: impl Iterator<Item = ((MemberId, u16), u32)>,
    ) -> Self {
        let mut content = Content::new(config, queue);
        content.now = now;
        for (position, message, size) in messages {
            let properties = config.properties(message);
            content.special.inherit(now, position, (message, size), properties);
        }
        for (session, last) in sessions {
            content.sessions.get_or_default(session).last = last;
        }
        content
    }

    /// Its node has died: what was at these positions is gone, what was handed out
    /// comes back, and nobody is there who knows it.
    pub(super) fn outlive(&mut self, is_there: impl Fn(u64) -> bool) {
        let special = &mut self.special;
        self.consumers.detach(
            |_| true,
            |position, message| _ = special.put_back(SimTime::ZERO, position, message, true),
        );
        self.special.retain(|position, _| is_there(position));
        self.sessions = SortedMap::new();
        self.special.timer = None;
        self.end_with_node();
    }

    /// What waits, in the order in which it leaves.
    pub(super) fn waiting(&self) -> impl Iterator<Item = Message> {
        self.special.iter()
    }

    /// Its consumers, in the order in which they are served next.
    pub(super) fn attached(&self) -> impl Iterator<Item = Attached> {
        self.consumers.attached()
    }

    /// How many wait, how many are handed out, and how many consumers there are.
    pub(super) fn level(&self) -> (u64, u64, u32) {
        (self.special.len() as u64, self.consumers.out(), self.consumers.there())
    }

    /// How many messages an exchange keeps back that will come here.
    pub(super) fn delayed(&self) -> u64 {
        self.special.scheduled() as u64
    }

    /// How many messages are here, also those that are handed out, and how many bytes
    /// these have.
    pub(super) fn held(&self) -> (u64, u64) {
        (self.special.held_messages(), self.special.held_bytes())
    }

    /// The members whose consumers it knows, and to whose clients it belongs, and in
    /// which lives.
    pub(super) fn guests(&self) -> Vec<(MemberId, u16, bool)> {
        let mut guests = self.consumers.guests();
        let owner = self.owner().map(|(member, life, _)| (member, life, false));
        guests.extend(owner.filter(|owner| !guests.contains(owner)));
        guests
    }

    /// What comes from now on may have its time.
    pub(super) fn go_by_time(&mut self) {
        self.is_timed = true;
    }

    /// Whether it wants to know the time: always, before everything else.
    pub(super) fn lacks_time(&self, now: SimTime) -> bool {
        self.is_timed && self.now < now
    }

    /// When it wants to know the time again, if nobody is going to tell it yet.
    pub(super) fn next_due(&mut self) -> Option<SimTime> {
        let is_unused = self.is_there() && self.consumers.there() == 0;
        let due = self.special.next_due(self.now, is_unused).filter(|_| self.is_timed)?;
        if self.special.timer.is_some_and(|timer| timer <= due) {
            return None;
        }
        self.special.timer = Some(due);
        Some(due)
    }

    /// The timer is due.
    pub(super) fn on_due(&mut self) {
        self.special.timer = None;
    }

    /// What it was declared with, and what policies have made of it.
    pub(super) fn arguments(&self) -> &QueueArguments {
        &self.special.arguments
    }

    /// Does a command. A message has so many bytes, and wants to be delayed for so long.
    pub(super) fn apply(&mut self, config: &Config, command: Command, size: (u64, SimSpan), effects: &mut Vec<Effect>) {
        let origin = command.origin();
        if origin.is_some_and(|origin| !self.is_next(origin, effects)) {
            return;
        }
        let consumers = self.consumers.there();
        let mut is_refused = false;
        match command {
            Command::Enqueue {
                member,
                life,
                number,
                message,
            } => {
                let (size, delay) = size;
                return self.enqueue(config, (member, life, number), (message, size, delay), effects);
            }
            Command::Route {
                member,
                life,
                exchange,
                key,
                ..
            } => {
                self.sessions.get_or_default((member, life)).route = (exchange, key);
                return;
            }
            Command::Channel {
                member,
                life,
                opening,
                is_closed: false,
                ..
            } => {
                self.sessions.get_or_default((member, life)).channel = opening;
                return;
            }
            Command::Channel {
                member, life, opening, ..
            } => {
                let closed = publisher(member, life, opening);
                self.special.forget(|known| known == closed);
            }
            Command::Died { member, life, fate, .. } => {
                self.sessions.get_or_default((member, life)).fates.push(fate);
                return;
            }
            Command::Declare {
                member,
                life,
                connection,
                ..
            } => is_refused = !self.declare((member, life, connection), effects),
            Command::Leave {
                member,
                life,
                connection,
                ..
            } => self.leave(|owner| owner == (member, life, connection), effects),
            Command::Attach { .. } | Command::Get { .. } if !self.admits(&command) => is_refused = true,
            Command::Attach { .. } => Consumer::of(&command)
                .into_iter()
                .for_each(|consumer| self.consumers.attach(consumer)),
            Command::Get { .. } => self.get(&command, effects),
            Command::Detach {
                member,
                life,
                consumer,
                keeps: true,
                ..
            } => self.consumers.end((member, life, consumer)),
            Command::Detach {
                member, life, consumer, ..
            } => self.detach(|id| id == (member, life, consumer), effects),
            Command::Settle {
                member,
                life,
                consumer,
                delivery,
                how,
                ..
            } => self.settle((member, life, consumer), delivery, how, effects),
            Command::Purge { .. } => self.purge(effects),
            Command::Time { now } => self.now = now.max(self.now),
            Command::Rule { rule } => {
                self.special.follow(rule);
                self.special.used = self.now;
            }
            Command::Gone { member, life } => {
                let is_gone = |(of, in_life): (u8, u16)| of == member.0 && in_life <= life;
                self.special.forget(|known| is_gone(known.node));
                self.detach(|(of, in_life, _)| of == member && in_life <= life, effects);
                self.leave(|(of, in_life, _)| of == member && in_life <= life, effects);
            }
            Command::Away { member } => {
                let mut back = Vec::new();
                self.consumers
                    .suspend(member, |position, message| back.push((position, message)));
                self.take_back(back, effects);
            }
            Command::Back { member } => self.consumers.resume(member),
        }
        if let Some(origin) = origin {
            if is_refused {
                let (member, life, number) = origin;
                self.sessions.get_or_default((member, life)).refused.insert(number);
            }
            self.answer(origin, is_refused, effects);
        }
        self.look_unused(consumers, effects);
        if !self.is_strict {
            // A classic queue looks at its limits before it hands out again.
            self.trim(effects);
        }
        self.serve(effects);
        self.trim(effects);
    }

    fn answer(&self, (member, life, number): (MemberId, u16, u32), is_refused: bool, effects: &mut Vec<Effect>) {
        let taken = PeerFrame::Taken {
            queue: self.queue,
            life,
            number,
            is_refused,
        };
        effects.push(Effect::Tell(member, taken));
    }

    /// Whether it is the turn of a command. One that was done before is answered
    /// again; one that came too early will come again.
    fn is_next(&mut self, (member, life, number): (MemberId, u16, u32), effects: &mut Vec<Effect>) -> bool {
        let session = self.sessions.get_or_default((member, life));
        if number <= session.last {
            let is_refused = session.refused.contains(&number);
            self.answer((member, life, number), is_refused, effects);
            return false;
        }
        if number > session.last + 1 && self.is_strict {
            return false;
        }
        session.last = number;
        true
    }

    fn enqueue(
        &mut self,
        config: &Config,
        from: (MemberId, u16, u32),
        (message, size, delay): (Message, u64, SimSpan),
        effects: &mut Vec<Effect>,
    ) {
        let (member, life, number) = from;
        if !self.is_there() {
            // It came too late: it goes with the queue, and is confirmed all the same
            // (`rabbit_channel:handle_queue_actions`, eol).
            self.sessions.get_or_default((member, life)).fates.clear();
            effects.push(Effect::Fact(FactKind::Enqueued, message, 0));
            effects.push(Effect::Fact(FactKind::Discarded, message, 0));
            return self.answer(from, false, effects);
        }
        let session = self.sessions.get_or_default((member, life));
        let by = publisher(member, life, session.channel);
        let is_refused = self.special.refuses_from(size, session.fates.is_empty().then_some(by));
        let (exchange, key) = session.route;
        // A dead letter comes from no exchange that keeps anything back.
        let is_delayed = config.delays(exchange) && session.fates.is_empty();
        let delay = if is_delayed { delay } else { SimSpan::ZERO };
        let post = Post {
            message,
            bytes: size,
            exchange,
            key,
            story: story_of(config, message, core::mem::take(&mut session.fates)),
            delay,
        };
        if is_refused {
            session.refused.insert(number);
            if self.special.arguments.overflow == Overflow::RejectPublishDeadLetter {
                self.give_up(Dead::NOWHERE, Entry::refused(post), Reason::Full, effects);
            }
        } else {
            self.special.push(self.now, post, config.properties(message));
            let position = self.special.last_position();
            let kept = u64::from(self.special.keeps_all() || message.is_persistent());
            effects.push(Effect::Fact(FactKind::Enqueued, message, kept));
            effects.push(Effect::Stored {
                position,
                message,
                from,
            });
        }
        self.answer(from, is_refused, effects);
        self.serve(effects);
        self.trim(effects);
    }

    /// What has waited too long is given up, then what is too much.
    fn trim(&mut self, effects: &mut Vec<Effect>) {
        self.freshen(false, effects);
        while let Some((position, entry)) = self.special.pop_surplus() {
            self.give_up(position, entry, Reason::Full, effects);
        }
        self.special.look_at_level();
    }

    /// What has waited too long at the head is given up, and what had to wait after
    /// it came back waits for a consumer. What has just come is `spared`.
    fn freshen(&mut self, spared: bool, effects: &mut Vec<Effect>) {
        if !self.is_timed {
            return;
        }
        self.special.end_delays(self.now, |_, _| {});
        while let Some((position, entry)) = self.special.pop_expired(self.now, spared) {
            self.give_up(position, entry, Reason::Expired, effects);
        }
    }

    fn give_up(&self, position: u64, entry: Entry, reason: Reason, effects: &mut Vec<Effect>) {
        let dead = Dead {
            queue: self.queue,
            position,
            entry,
            reason,
        };
        let was_in = dead.was_in();
        let burial = Burial {
            is_news: true,
            is_sent: true,
        };
        effects.push(Effect::Dead(dead.into(), burial));
        if was_in {
            effects.push(Effect::Forgotten { position });
        }
    }

    fn detach(&mut self, is_it: impl Fn(Id) -> bool, effects: &mut Vec<Effect>) {
        let mut back = Vec::new();
        self.consumers
            .detach(is_it, |position, message| back.push((position, message)));
        self.take_back(back, effects);
    }

    /// What consumers have that failed comes back.
    fn take_back(&mut self, back: Vec<(u64, Message)>, effects: &mut Vec<Effect>) {
        for (position, message) in back {
            self.put_back(position, message, true, effects);
        }
    }

    /// Whether it came back once too often.
    fn put_back(&mut self, position: u64, message: Message, failed: bool, effects: &mut Vec<Effect>) -> bool {
        let dead = self.special.put_back(self.now, position, message, failed);
        let is_dead = dead.is_some();
        match dead {
            Some(entry) => self.give_up(position, entry, Reason::Returned, effects),
            None => effects.push(Effect::Fact(FactKind::Requeued, message, 0)),
        }
        is_dead
    }

    fn settle(&mut self, id: Id, delivery: u32, how: Settlement, effects: &mut Vec<Effect>) {
        let Some((position, message)) = self.consumers.settle(id, delivery) else {
            // It came back before: somebody else has it.
            return;
        };
        match how {
            Settlement::Returned => {
                if self.put_back(position, message, false, effects) && self.special.widens_windows() {
                    self.consumers.widen(id);
                }
            }
            Settlement::Done => self.forget(position, message, effects),
            Settlement::Dropped => {
                let entry = self.special.settle(position, message);
                self.give_up(position, entry, Reason::Rejected, effects);
            }
        }
    }

    fn forget(&mut self, position: u64, message: Message, effects: &mut Vec<Effect>) {
        self.special.settle(position, message);
        effects.push(Effect::Fact(FactKind::Settled, message, 0));
        effects.push(Effect::Forgotten { position });
    }

    /// Deletes what waits. What is delivered and not acknowledged stays (AMQP
    /// 0-9-1, queue.purge).
    fn purge(&mut self, effects: &mut Vec<Effect>) {
        self.remove_all(FactKind::Purged, effects);
    }

    /// What waits is gone.
    fn remove_all(&mut self, fate: FactKind, effects: &mut Vec<Effect>) {
        self.special.retain(|position, message| {
            effects.push(Effect::Fact(fate, message, 0));
            effects.push(Effect::Forgotten { position });
            false
        });
    }

    /// `basic.get`: the head, if there is one. Whoever is answered and has got
    /// nothing knows that there was none.
    fn get(&mut self, command: &Command, effects: &mut Vec<Effect>) {
        let waited = self.special.len() as u32;
        self.freshen(false, effects);
        self.special.used = self.now;
        if self.special.len() > 0
            && let Some(consumer) = Consumer::of(command)
        {
            let consumer = self.hand_out(consumer, Some(waited), effects);
            if !consumer.automatic {
                self.consumers.attach(consumer);
            }
        }
    }

    /// Hands out what waits, in turn to those who have room.
    fn serve(&mut self, effects: &mut Vec<Effect>) {
        loop {
            self.freshen(true, effects);
            if self.special.len() == 0 || self.special.is_busy(self.now) {
                return;
            }
            let Some((index, consumer)) = self.consumers.take_next() else {
                return;
            };
            self.special.work(self.now);
            let consumer = self.hand_out(consumer, None, effects);
            self.consumers.line_up(index, consumer);
        }
    }

    /// A consumer gets the head, or somebody who has asked for it when so many waited.
    fn hand_out(&mut self, mut consumer: Consumer, waited: Option<u32>, effects: &mut Vec<Effect>) -> Consumer {
        let Some(ready) = self.special.pop() else {
            return consumer;
        };
        let delivery = consumer.next;
        consumer.next += 1;
        let (position, message) = (ready.position, ready.message);
        effects.push(Effect::Fact(FactKind::Dispatched, message, u64::from(ready.returned)));
        let remaining = match waited {
            Some(waited) if self.special.counts_first(consumer.automatic) => waited.saturating_sub(1),
            Some(_) => {
                self.freshen(false, effects);
                self.special.len() as u32
            }
            None => self.special.len() as u32,
        };
        self.hand(&consumer, delivery, (ready.returned, remaining), message, effects);
        if consumer.automatic {
            self.forget(position, message, effects);
        } else {
            consumer.out.insert(delivery, (position, message));
        }
        consumer
    }

    fn hand(
        &self,
        to: &Consumer,
        delivery: u32,
        (redelivered, remaining): (bool, u32),
        message: Message,
        effects: &mut Vec<Effect>,
    ) {
        let (member, life, consumer) = to.id;
        let handed = PeerFrame::Handed {
            queue: self.queue,
            life,
            consumer,
            delivery,
            remaining,
            redelivered,
            message,
        };
        effects.push(Effect::Tell(member, handed));
    }

    /// What a consumer has and has not got, from one delivery on.
    pub(super) fn resume(&self, id: Id, next: u32, effects: &mut Vec<Effect>) {
        let Some(consumer) = self.consumers.get(id) else {
            return;
        };
        for (delivery, (_, message)) in consumer.out.range(next..=u32::MAX) {
            // Whether it was handed out before is not kept beside it: to this
            // consumer it may have been.
            let remaining = self.special.len() as u32;
            self.hand(consumer, *delivery, (true, remaining), *message, effects);
        }
    }
}

/// A channel of a member.
fn publisher(member: MemberId, life: u16, opening: u32) -> Publisher {
    Publisher {
        node: (member.0, life),
        channel: opening,
    }
}

fn story_of(config: &Config, message: Message, fates: Vec<Fate>) -> Option<Box<Story>> {
    let mut story: Option<Box<Story>> = None;
    for fate in fates {
        fate.tell(config, message, story.get_or_insert_default());
    }
    story
}
