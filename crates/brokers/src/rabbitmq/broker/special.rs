//! Queues with arguments: what is published to them, what they give up, and
//! where that goes.

use super::memory::MONITOR;
use super::{Attached, Broker, Desk, Outcome, Unacked};
use crate::parts::Reason;
use crate::rabbitmq::dead_letters::{fate, onward};
use crate::rabbitmq::queue::{ConsumerIndex, Queue};
use crate::rabbitmq::special::{Dead, Entry, Post, Story};
use crate::rabbitmq::{ChannelError, ChannelId, ExchangeId, Frame, KeyId, Overflow, QueueId};
use alloc::boxed::Box;
use alloc::vec::Vec;
use mqlab_kernel::SimSpan;
use mqlab_model::{Context, FactKind, Message, PlaceId, Port, TimerLane};

/// The timers of queues: one lane for all, the token is the queue.
pub(super) const QUEUES: TimerLane = TimerLane(0);

impl Broker {
    /// What the node has added to the message that it handed out last from a
    /// queue: how often it had come back, how often it had failed, and its
    /// deaths. `None` from a queue without arguments.
    pub fn last_of(&self, queue: QueueId) -> Option<LastOut<'_>> {
        let special = self.desk.queues.get(usize::from(queue.0))?.special.as_ref()?;
        let entry = special.last.as_ref()?;
        Some(LastOut {
            message: entry.message,
            exchange: entry.exchange,
            key: entry.key,
            failures: special.keeps_all().then_some(entry.failures),
            story: entry.story.as_deref(),
        })
    }

    /// Why a publish closes its channel: there is no such exchange, or one of
    /// its properties is none.
    pub(super) fn objection(&self, exchange: ExchangeId, message: Message) -> Option<ChannelError> {
        if !self.routes.has(exchange) {
            return Some(ChannelError::NotFound);
        }
        self.definitions.properties(message)?.check().err()
    }

    /// Where a message goes.
    pub(super) fn targets(&self, exchange: ExchangeId, key: KeyId, message: Message) -> Vec<QueueId> {
        let properties = self.definitions.properties(message);
        match properties.filter(|properties| properties.affect_routing()) {
            Some(properties) => self.routes.route_with(exchange, key, properties),
            None => self.routes.route(exchange, key).to_vec(),
        }
    }

    /// A message joins a queue, unless that refuses it; `from` is who publishes it,
    /// and nobody does what is dead-lettered. A publish that is
    /// refused may be dead-lettered all the same.
    pub(super) fn enter<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        id: QueueId,
        post: &Post,
        from: Option<(Port, ChannelId)>,
    ) -> bool {
        let desk = &mut self.desk;
        let queue = &mut desk.queues[usize::from(id.0)];
        let properties = self.definitions.properties(post.message);
        let may_expire = properties.is_some_and(|properties| properties.expiration.is_some());
        let is_delayed = post.delay > SimSpan::ZERO;
        if queue.special.is_none() && (may_expire || is_delayed || post.story.is_some()) {
            queue.become_special(desk.version);
            desk.is_plain = false;
        }
        let kept = u64::from(queue.keeps(post.message));
        let special = queue.special.as_mut();
        let refuses = special.is_some_and(|special| special.refuses_from(post.bytes, from.map(Into::into)));
        match &mut queue.special {
            None => queue.push(post.message),
            Some(special) if refuses => {
                if special.arguments.overflow == Overflow::RejectPublishDeadLetter {
                    let entry = Entry::refused(post.clone());
                    desk.dead.push_back(Dead {
                        queue: id,
                        position: Dead::NOWHERE,
                        entry,
                        reason: Reason::Full,
                    });
                }
                return false;
            }
            Some(special) => special.push(cx.now(), post.clone(), properties),
        }
        cx.emit(queue.place, FactKind::Enqueued, post.message.id, kept);
        true
    }

    /// Does what queues with arguments have brought about, until nothing is
    /// left.
    #[inline]
    pub(super) fn work_off<C: Context<Frame>>(&mut self, cx: &mut C) {
        while self.desk.has_work() {
            while let Some(dead) = self.desk.dead.pop_front() {
                self.bury(cx, dead);
            }
            let queues = core::mem::take(&mut self.desk.to_do);
            for id in &queues {
                self.desk.dispatch(cx, *id);
            }
            for id in queues {
                self.desk.trim(cx, id);
                if self.desk.queues[usize::from(id.0)].is_abandoned {
                    self.remove_queue(cx, id, FactKind::Discarded);
                }
            }
        }
    }

    /// A message that a queue has given up goes where the queue says, with one
    /// death more in its story; or it is gone.
    fn bury<C: Context<Frame>>(&mut self, cx: &mut C, dead: Dead) {
        let (queue, position) = (dead.queue, dead.position);
        if let Some(storage) = &mut self.desk.storage {
            storage.settle(cx, (queue, position));
        }
        let source = &self.desk.queues[usize::from(queue.0)];
        let arguments = source.special.as_ref().map(|special| &special.arguments);
        let target = arguments.and_then(|arguments| arguments.dead_letter.as_ref());
        let onward = onward(&self.definitions, &self.routes, target, &dead, cx.now());
        if dead.was_in() {
            let kind = fate(onward.is_some(), dead.reason);
            cx.emit(source.place, kind, dead.entry.message.id, dead.reason as u64);
        }
        let Some((found, post)) = onward else { return };
        for id in found {
            if self.enter(cx, id, &post, None) {
                self.desk.write_dead(cx, id, &post);
            }
            self.desk.to_do.push(id);
        }
    }

    /// A timer of a queue is due.
    pub(super) fn on_queue_timer<C: Context<Frame>>(&mut self, cx: &mut C, token: u64) {
        if token == MONITOR {
            return self.look_at_memory(cx);
        }
        let id = QueueId(token as u16);
        let now = cx.now();
        let Some(queue) = self.desk.queues.get_mut(usize::from(id.0)) else {
            return;
        };
        let is_unused = queue.is_unused();
        let Some(special) = &mut queue.special else { return };
        if special.timer.is_some_and(|timer| timer <= now) {
            special.timer = None;
        }
        if is_unused && !queue.is_deleted && special.unused_until(now).is_some_and(|until| until <= now) {
            self.remove_queue(cx, id, FactKind::Expired);
        }
        self.desk.to_do.push(id);
        self.work_off(cx);
    }

    /// The node comes up: what waits in its queues goes on waiting.
    pub(super) fn start_queues<C: Context<Frame>>(&mut self, cx: &mut C) {
        for (id, queue) in (0..).map(QueueId).zip(&mut self.desk.queues) {
            if let Some(special) = &mut queue.special {
                special.timer = None;
                (special.used, special.since) = (cx.now(), cx.now());
                self.desk.to_do.push(id);
            }
        }
        self.desk.weigh_all(cx, QUEUES);
        self.work_off(cx);
    }
}

/// What the node has added to a message that it handed out.
#[derive(Clone, Copy, Debug)]
pub struct LastOut<'a> {
    /// The message.
    pub message: Message,
    /// The exchange it was published to last.
    pub exchange: ExchangeId,
    /// Its routing key.
    pub key: KeyId,
    /// How many deliveries of it have failed; only a quorum queue counts.
    pub failures: Option<u32>,
    /// Its deaths.
    pub story: Option<&'a Story>,
}

impl Desk {
    /// Whether there is such a queue.
    pub(super) fn has(&self, id: QueueId) -> bool {
        self.queues
            .get(usize::from(id.0))
            .is_some_and(|queue| !queue.is_deleted)
    }

    /// Who gets the next message of a special queue: of those with the highest
    /// priority the one that has waited longest; with a single active consumer
    /// that one or nobody.
    #[cold]
    #[inline(never)]
    pub(super) fn special_taker<C: Context<Frame>>(&mut self, cx: &mut C, id: QueueId) -> Option<ConsumerIndex> {
        self.freshen(cx, id, true);
        let Desk {
            queues,
            consumers,
            connections,
            ..
        } = self;
        let queue = &mut queues[usize::from(id.0)];
        let is_open = |index: &ConsumerIndex| consumers[index.0 as usize].is_open(connections);
        let is_single = queue.special.as_ref()?.arguments.single_active_consumer;
        let active = if is_single { active(queue, consumers) } else { None };
        let special = queue.special.as_ref()?;
        if special.len() == 0 || special.is_busy(cx.now()) {
            return None;
        }
        if is_single {
            return active.filter(is_open);
        }
        let place = queue.by_priority().iter().position(is_open);
        let passed = &queue.by_priority()[..place.unwrap_or(queue.consumer_count())];
        for index in passed {
            consumers[index.0 as usize].was_full = true;
        }
        let chosen = queue.by_priority()[place?];
        line_up(queue, consumers, chosen);
        Some(chosen)
    }

    /// What has expired at the head of a queue is given up, and what had to
    /// wait after it came back waits for a consumer.
    #[cold]
    #[inline(never)]
    pub(super) fn freshen<C: Context<Frame>>(&mut self, cx: &mut C, id: QueueId, spared: bool) {
        let now = cx.now();
        let Desk {
            queues, dead, storage, ..
        } = self;
        let Some(special) = &mut queues[usize::from(id.0)].special else {
            return;
        };
        special.end_delays(now, |old, new| {
            if let Some(storage) = storage {
                storage.move_one((id, old), new);
            }
        });
        while let Some((position, entry)) = special.pop_expired(now, spared) {
            dead.push_back(Dead {
                queue: id,
                position,
                entry,
                reason: Reason::Expired,
            });
        }
    }

    /// What is too much for a queue is given up, and its timer is armed.
    pub(super) fn trim<C: Context<Frame>>(&mut self, cx: &mut C, id: QueueId) {
        let is_quorum = (self.queues[usize::from(id.0)].special.as_ref()).is_some_and(|special| special.keeps_all());
        // A classic queue looks at its length first and at the time then.
        if is_quorum {
            self.freshen(cx, id, false);
        }
        let Desk { queues, dead, .. } = self;
        let Some(special) = &mut queues[usize::from(id.0)].special else {
            return;
        };
        while let Some((position, entry)) = special.pop_surplus() {
            dead.push_back(Dead {
                queue: id,
                position,
                entry,
                reason: Reason::Full,
            });
        }
        self.freshen(cx, id, false);
        let queue = &mut self.queues[usize::from(id.0)];
        let is_unused = queue.is_unused() && !queue.is_deleted;
        let Some(special) = &mut queue.special else { return };
        special.look_at_level();
        let due = special.next_due(cx.now(), is_unused);
        if let Some(due) = due.filter(|due| special.timer.is_none_or(|timer| *due < timer)) {
            special.timer = Some(due);
            cx.arm(QUEUES, due.max(cx.now()), u64::from(id.0));
        }
        self.weigh(cx, QUEUES, id);
    }

    /// A queue looks how full it is, and at nothing else.
    pub(super) fn look_at_level(&mut self, id: QueueId) {
        if let Some(special) = &mut self.queues[usize::from(id.0)].special {
            special.look_at_level();
        }
    }

    /// A classic queue looks at its limit when something has come back, before
    /// it hands anything out again; a quorum queue when it has handed out.
    pub(super) fn limit_first<C: Context<Frame>>(&mut self, cx: &mut C, id: QueueId) {
        let special = &self.queues[usize::from(id.0)].special;
        if special.as_ref().is_some_and(|special| !special.keeps_all()) {
            self.trim(cx, id);
        }
    }

    /// A delivery of a special queue is over.
    #[cold]
    #[inline(never)]
    pub(super) fn settle_special<C: Context<Frame>>(&mut self, cx: &mut C, unacked: &Unacked, outcome: Outcome) {
        let Unacked {
            message,
            position,
            queue: id,
            ..
        } = *unacked;
        let queue = &mut self.queues[usize::from(id.0)];
        let place = queue.place;
        if queue.has_ended_since(position) {
            // The queue that it was taken from is not there any more.
            let kind = match outcome {
                Outcome::Acknowledged => FactKind::Settled,
                Outcome::Dropped | Outcome::Returned | Outcome::Failed => FactKind::Discarded,
            };
            return cx.emit(place, kind, message.id, 0);
        }
        queue.unacked -= 1;
        self.to_do.push(id);
        if let Some(consumer) = self.consumers.get(unacked.consumer.0 as usize) {
            // A quorum queue lines a consumer up anew that had no room left.
            let had_no_room = consumer.credit.limit() == consumer.credit.used() + 1;
            let is_quorum = queue.special.as_ref().is_some_and(|special| special.keeps_all());
            if is_quorum && had_no_room && consumer.live {
                line_up(queue, &self.consumers, unacked.consumer);
            }
        }
        let Some(special) = &mut queue.special else { return };
        let (entry, reason) = match outcome {
            Outcome::Acknowledged => {
                special.settle(position, message);
                cx.emit(place, FactKind::Settled, message.id, 0);
                if let Some(storage) = &mut self.storage {
                    storage.settle(cx, (id, position));
                }
                return;
            }
            Outcome::Dropped => (special.settle(position, message), Reason::Rejected),
            Outcome::Returned | Outcome::Failed => {
                let failed = outcome == Outcome::Failed;
                let Some(entry) = special.put_back(cx.now(), position, message, failed) else {
                    return cx.emit(place, FactKind::Requeued, message.id, 0);
                };
                if special.widens_windows()
                    && let Some(consumer) = self.consumers.get_mut(unacked.consumer.0 as usize)
                    && consumer.credit.limit() > 0
                {
                    consumer.credit.resize(consumer.credit.limit() + 1);
                }
                (entry, Reason::Returned)
            }
        };
        self.dead.push_back(Dead {
            queue: id,
            position,
            entry,
            reason,
        });
    }

    /// A dead letter is written to the disk.
    fn write_dead<C: Context<Frame>>(&mut self, cx: &mut C, id: QueueId, post: &Post) {
        let queue = &self.queues[usize::from(id.0)];
        if let Some(storage) = self.storage.as_mut().filter(|_| queue.keeps(post.message)) {
            storage.write(cx, (id, queue.last_position()), post.bytes, None);
            storage.catch_up(cx);
        }
    }

    /// A consumer leaves a queue, which may be the last thing that kept it.
    pub(super) fn detach<C: Context<Frame>>(&mut self, cx: &mut C, id: QueueId, index: ConsumerIndex) {
        let queue = &mut self.queues[usize::from(id.0)];
        queue.detach(index);
        let is_last = queue.consumer_count() == 0;
        if let Some(special) = &mut queue.special {
            special.used = cx.now();
            special.active = special.active.filter(|active| *active != index);
            queue.is_abandoned = is_last && special.arguments.auto_delete;
            self.to_do.push(id);
        }
    }

    /// The node dies, and with it what it was about to do.
    pub(super) fn forget_work<C: Context<Frame>>(&mut self, cx: &mut C) {
        self.to_do.clear();
        // What was given up by then stays given up.
        for Dead { queue, entry, .. } in core::mem::take(&mut self.dead) {
            let place = self.queues[usize::from(queue.0)].place;
            cx.emit(place, FactKind::Discarded, entry.message.id, 0);
        }
    }
}

/// A consumer stands behind the others of its priority from now on.
fn line_up(queue: &mut Queue, consumers: &[Attached], index: ConsumerIndex) {
    if queue.special.as_ref().is_some_and(|special| special.ignores_ranks()) {
        return;
    }
    let priority = consumers[index.0 as usize].priority;
    queue.line_up(index, |other| consumers[other.0 as usize].priority < priority);
}

/// The single active consumer, if it may get anything: whoever came first, or
/// first among those of the highest priority when the one before went. A
/// quorum queue of 4.0 on hands over to one of a higher priority as soon as
/// nothing is out (docs: "Consumers", "Single Active Consumer").
fn active(queue: &mut Queue, consumers: &[Attached]) -> Option<ConsumerIndex> {
    let first = *queue.by_priority().first()?;
    let special = queue.special.as_mut()?;
    let now = special.active.get_or_insert(first);
    let attached = |index: ConsumerIndex| &consumers[index.0 as usize];
    if special.hands_over && attached(*now).priority < attached(first).priority {
        if attached(*now).credit.used() > 0 {
            return None;
        }
        *now = first;
    }
    Some(*now)
}

/// A message is routed to nothing.
#[cold]
#[inline(never)]
pub(super) fn cannot_route<C: Context<Frame>>(
    cx: &mut C,
    place: PlaceId,
    (port, channel): (Port, ChannelId),
    (message, mandatory): (Message, bool),
) {
    cx.emit(place, FactKind::Unroutable, message.id, 0);
    if mandatory {
        cx.send(port, Frame::Return { channel, message });
    }
}

/// What is published by a client.
pub(super) fn post(message: Message, bytes: u64, exchange: ExchangeId, key: KeyId) -> Post {
    let story: Option<Box<Story>> = None;
    Post {
        message,
        bytes,
        exchange,
        key,
        story,
        delay: SimSpan::ZERO,
    }
}
