//! Clients of Kafka as applications embed them: a producer whose `send` may
//! block, and a consumer that is polled and commits.

use super::Heard;
use crate::wire::Wire;
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, VecDeque};
use alloc::rc::Rc;
use alloc::vec::Vec;
use mqlab_brokers::kafka::{
    Cluster, CommitWhen, Consumer, Frame, GroupId, Key, OffsetsToSend, PartitionId, Producer, ProducerSettings, Seek,
    ToSend, TopicId,
};
use mqlab_brokers::parts::Delivery;
use mqlab_kernel::{SimSpan, SimTime};
use mqlab_model::{Context, FactKind, KeyId, Lifted, Message, MessageId, PlaceId, Port, Refusal, TimerLane};

/// Where a record goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct RecordRoute {
    /// The topic.
    pub(crate) topic: u16,
    /// The partition, if the application chooses it.
    pub(crate) partition: Option<u32>,
    /// The key; [`KeyId::UNBOUND`] is none.
    pub(crate) key: KeyId,
}

/// A `send` that waits for room.
#[derive(Clone, Copy, Debug)]
struct Blocked {
    one: ToSend,
    number: u64,
    since: SimTime,
}

/// The transactions that an application makes of what it publishes.
#[derive(Clone, Debug)]
struct Transactions {
    /// How long one takes; of a service its steps say when it ends.
    takes: Option<SimSpan>,
    /// Each so many-th is aborted; 0 is none.
    abort_every: u32,
    /// How many have begun.
    begun: u32,
    is_open: bool,
    /// When the open one is to end.
    ends: Option<SimTime>,
    /// What is written in it, and whether that went well.
    held: Vec<(MessageId, bool)>,
    /// Its application wants it committed.
    commit: Option<Commit>,
}

/// A commit that an application waits for.
#[derive(Clone, Debug)]
struct Commit {
    /// By this number it is answered.
    number: u64,
    /// Offsets that belong to it.
    offsets: Option<OffsetsToSend>,
    /// The producer ends the transaction already.
    is_ending: bool,
}

impl Transactions {
    fn new(settings: &ProducerSettings, is_service: bool) -> Option<Transactions> {
        settings.transactional.map(|_| Transactions {
            takes: (!is_service).then_some(settings.transaction),
            abort_every: settings.abort_every,
            begun: 0,
            is_open: false,
            ends: None,
            held: Vec::new(),
            commit: None,
        })
    }

    /// Whether the application wants the present one.
    fn is_wanted(&self) -> bool {
        self.abort_every == 0 || !self.begun.is_multiple_of(self.abort_every)
    }
}

/// A producer, and what its application waits for.
#[derive(Clone, Debug)]
pub(crate) struct RecordPublisher {
    producer: Producer,
    transactions: Option<Transactions>,
    place: PlaceId,
    /// By key, the hash of its bytes.
    hashes: Rc<[i32]>,
    /// Its timers, for `send`s that have blocked for too long.
    timer: (TimerLane, u64),
    blocked: VecDeque<Blocked>,
    outstanding: usize,
    /// Each so many records its application flushes; 0 is never.
    flush_every: u32,
    /// `max.block.ms`: how long `send` waits for room in the buffer.
    max_block: SimSpan,
    /// The numbers by which messages were published, if anybody asks for them.
    numbers: Option<BTreeMap<MessageId, VecDeque<u64>>>,
    next: u64,
    heard: Vec<Heard>,
}

impl RecordPublisher {
    /// A client that is not up. With `numbers` its application waits for what
    /// it has published one by one.
    #[inline(never)]
    pub(crate) fn new(
        (producer, settings): (Producer, &ProducerSettings),
        place: PlaceId,
        hashes: Rc<[i32]>,
        timer: (TimerLane, u64),
        numbers: bool,
    ) -> Self {
        RecordPublisher {
            producer,
            transactions: Transactions::new(settings, numbers),
            place,
            hashes,
            timer,
            blocked: VecDeque::new(),
            outstanding: 0,
            flush_every: settings.flush_every,
            max_block: settings.max_block,
            numbers: numbers.then(BTreeMap::new),
            next: 0,
            heard: Vec::new(),
        }
    }

    pub(crate) fn outstanding(&self) -> usize {
        self.outstanding
    }

    pub(crate) fn sent(&self) -> (u64, u64) {
        self.producer.sent()
    }

    pub(crate) fn is_at(&self, port: Port) -> bool {
        self.producer.broker_at(port).is_some()
    }

    /// The token of its timers.
    pub(crate) fn token(&self) -> u64 {
        self.timer.1
    }

    #[inline(never)]
    pub(crate) fn open<C: Context<Wire>>(&mut self, cx: &mut C) {
        self.producer.start(&mut Lifted::<_, Wire>::new(cx));
    }

    #[inline(never)]
    pub(crate) fn publish<C: Context<Wire>>(&mut self, cx: &mut C, route: RecordRoute, message: Message) -> u64 {
        let number = self.next;
        self.next += 1;
        if let Some(numbers) = &mut self.numbers {
            numbers.entry(message.id).or_default().push_back(number);
        }
        let hash = self.hashes.get(usize::from(route.key.0)).copied();
        let key = hash.map(|hash| Key {
            number: u32::from(route.key.0),
            hash,
        });
        let one = ToSend {
            topic: usize::from(route.topic),
            partition: route.partition,
            key,
            is_tombstone: false,
            message,
        };
        self.outstanding += 1;
        if !self.blocked.is_empty() || !self.send(cx, one) {
            let since = cx.now();
            self.blocked.push_back(Blocked { one, number, since });
            cx.arm(self.timer.0, since.saturating_add(self.max_block), self.timer.1);
        }
        if self.flush_every > 0 && self.next.is_multiple_of(u64::from(self.flush_every)) {
            self.producer.flush(&mut Lifted::<_, Wire>::new(cx));
        }
        self.collect(cx);
        number
    }

    /// Sends a record, in a transaction if it makes such; false if it cannot
    /// now.
    fn send<C: Context<Wire>>(&mut self, cx: &mut C, one: ToSend) -> bool {
        self.is_in_transaction(cx) && self.producer.send(&mut Lifted::<_, Wire>::new(cx), one).is_ok()
    }

    /// Whether a transaction is open, as far as it makes such; it begins one if
    /// it can.
    fn is_in_transaction<C: Context<Wire>>(&mut self, cx: &mut C) -> bool {
        let Some(transactions) = self.transactions.as_mut().filter(|one| !one.is_open) else {
            return true;
        };
        if !self.producer.begin() {
            return false;
        }
        transactions.begun += 1;
        transactions.is_open = true;
        if let Some(takes) = transactions.takes {
            let ends = cx.now().saturating_add(takes);
            transactions.ends = Some(ends);
            cx.arm(self.timer.0, ends, self.timer.1);
        }
        true
    }

    /// Commits what was published since the last time, with these offsets. What
    /// comes of it is heard by the number.
    #[inline(never)]
    pub(crate) fn commit<C: Context<Wire>>(&mut self, cx: &mut C, offsets: Option<OffsetsToSend>) -> u64 {
        let number = self.next;
        self.next += 1;
        if let Some(transactions) = &mut self.transactions {
            transactions.commit = Some(Commit {
                number,
                offsets,
                is_ending: false,
            });
        }
        self.go_on(cx);
        number
    }

    /// Nothing of what was published since the last commit was ever there.
    #[inline(never)]
    pub(crate) fn abort<C: Context<Wire>>(&mut self, cx: &mut C) {
        let Some(transactions) = &mut self.transactions else {
            return;
        };
        transactions.commit = None;
        let was_open = core::mem::take(&mut transactions.is_open);
        for blocked in core::mem::take(&mut self.blocked) {
            let message = blocked.one.message.id;
            cx.emit(self.place, FactKind::Refused, message, Refusal::NoRoom.value());
            self.answered(message, Some(blocked.number), false);
        }
        if was_open {
            self.producer.end(&mut Lifted::<_, Wire>::new(cx), false);
        }
        self.collect(cx);
    }

    /// Whether another producer has taken its place.
    pub(crate) fn is_fenced(&self) -> bool {
        self.producer.is_fenced()
    }

    /// Ends the transaction that its application wants committed, when all of it
    /// has found room.
    fn commit_due<C: Context<Wire>>(&mut self, cx: &mut C) {
        let is_due = |one: &Transactions| one.commit.as_ref().is_some_and(|commit| !commit.is_ending);
        if !self.blocked.is_empty() || !self.transactions.as_ref().is_some_and(is_due) {
            return;
        }
        if self.producer.is_fenced() || self.is_in_transaction(cx) {
            let Some(transactions) = &mut self.transactions else {
                return;
            };
            transactions.is_open = false;
            if let Some(commit) = &mut transactions.commit {
                commit.is_ending = true;
                if let Some(offsets) = commit.offsets.take() {
                    self.producer.send_offsets(offsets);
                }
            }
            self.producer.end(&mut Lifted::<_, Wire>::new(cx), true);
        }
    }

    /// An answer of a broker.
    #[inline(never)]
    pub(crate) fn on_answer<C: Context<Wire>>(&mut self, cx: &mut C, port: Port, head: Frame, behind: &[Frame]) {
        let lifted = &mut Lifted::<_, Wire>::new(cx);
        self.producer.on_answer(lifted, port, head, behind);
        self.go_on(cx);
    }

    #[inline(never)]
    pub(crate) fn on_timer<C: Context<Wire>>(&mut self, cx: &mut C) {
        self.producer.on_timer(&mut Lifted::<_, Wire>::new(cx));
        self.end_transaction(cx);
        self.go_on(cx);
    }

    /// Ends the transaction if its time is over.
    fn end_transaction<C: Context<Wire>>(&mut self, cx: &mut C) {
        if let Some(transactions) = &mut self.transactions
            && transactions.ends.is_some_and(|ends| ends <= cx.now())
        {
            transactions.ends = None;
            transactions.is_open = false;
            let is_wanted = transactions.is_wanted();
            self.producer.end(&mut Lifted::<_, Wire>::new(cx), is_wanted);
        }
    }

    #[inline(never)]
    pub(crate) fn on_closed<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        self.producer.on_closed(&mut Lifted::<_, Wire>::new(cx), port);
        self.go_on(cx);
    }

    #[inline(never)]
    pub(crate) fn on_opened<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        self.producer.on_opened(&mut Lifted::<_, Wire>::new(cx), port);
        self.go_on(cx);
    }

    /// What blocks goes on, or has blocked for too long.
    fn go_on<C: Context<Wire>>(&mut self, cx: &mut C) {
        self.collect(cx);
        while let Some(Blocked { one, number, since }) = self.blocked.front().copied() {
            if since.saturating_add(self.max_block) <= cx.now() {
                let message = one.message.id;
                cx.emit(self.place, FactKind::Refused, message, Refusal::NoRoom.value());
                self.answered(message, Some(number), false);
            } else if !self.send(cx, one) {
                break;
            }
            self.blocked.pop_front();
            self.collect(cx);
        }
        self.commit_due(cx);
        self.collect(cx);
    }

    /// What came of records: with `acks=0` that they were sent, and of a transaction
    /// nothing before it has ended.
    fn collect<C: Context<Wire>>(&mut self, cx: &mut C) {
        for (message, outcome) in self.producer.take_outcomes() {
            match &mut self.transactions {
                Some(transactions) => transactions.held.push((message, outcome.is_ok())),
                None => self.answered(message, None, outcome.is_ok()),
            }
        }
        for is_committed in self.producer.take_ended() {
            let transactions = self.transactions.as_mut();
            let held = transactions.map_or_else(Vec::new, |one| core::mem::take(&mut one.held));
            for (message, is_written) in held {
                let kind = if is_committed {
                    FactKind::Confirmed
                } else {
                    FactKind::Refused
                };
                // What was not written its sender knows.
                if is_written {
                    cx.emit(self.place, kind, message, 1);
                }
                self.answered(message, None, is_written && is_committed);
            }
            self.commit_heard(is_committed);
        }
        if self.producer.is_fenced() {
            self.commit_heard(false);
        }
    }

    /// The application hears what came of its commit.
    fn commit_heard(&mut self, is_taken: bool) {
        let commit = self
            .transactions
            .as_mut()
            .and_then(|one| one.commit.take_if(|commit| commit.is_ending));
        if let Some(commit) = commit {
            self.heard.push(Heard {
                sequence: commit.number,
                message: MessageId::NONE,
                is_taken,
            });
        }
    }

    fn answered(&mut self, message: MessageId, number: Option<u64>, is_taken: bool) {
        self.outstanding -= 1;
        let mut sequence = number.unwrap_or(0);
        if let Some(numbers) = &mut self.numbers
            && let Some(known) = numbers.get_mut(&message)
        {
            let at = number.and_then(|number| known.iter().position(|one| *one == number));
            sequence = known.remove(at.unwrap_or(0)).unwrap_or(sequence);
            if known.is_empty() {
                numbers.remove(&message);
            }
        }
        self.heard.push(Heard {
            sequence,
            message,
            is_taken,
        });
    }

    /// What the application has to be told since the last time.
    pub(crate) fn take_heard(&mut self) -> Vec<Heard> {
        core::mem::take(&mut self.heard)
    }

    /// The application died: what was not sent nobody else has.
    #[inline(never)]
    pub(crate) fn forget<C: Context<Wire>>(&mut self, cx: &mut C) {
        let unsent: Vec<MessageId> = self.producer.unsent().collect();
        let blocked = self.blocked.drain(..).map(|blocked| blocked.one.message.id);
        for message in unsent.into_iter().chain(blocked) {
            cx.emit(self.place, FactKind::Forgotten, message, 0);
        }
        self.producer.forget();
        if let Some(transactions) = &mut self.transactions {
            transactions.ends = None;
            transactions.is_open = false;
            transactions.commit = None;
            transactions.held.clear();
        }
        self.outstanding = 0;
        self.numbers.iter_mut().for_each(BTreeMap::clear);
        self.heard.clear();
    }
}

/// What was polled of a partition, by offset, with whether it is done.
#[derive(Clone, Debug, Default)]
struct Line {
    polled: VecDeque<(u64, bool)>,
    /// The offset behind what is done without a gap, if it is to be committed.
    due: Option<u64>,
}

/// A consumer, and what its application has of it.
#[derive(Clone, Debug)]
pub(crate) struct RecordSubscriber {
    consumer: Box<Consumer>,
    cluster: Rc<Cluster>,
    group: GroupId,
    /// The partitions that it may be assigned: the nth is the service's nth
    /// subscription.
    partitions: Rc<[PartitionId]>,
    commit: CommitWhen,
    /// It commits by itself.
    is_automatic: bool,
    /// How many records may wait while it polls on.
    ahead: usize,
    lines: BTreeMap<PartitionId, Line>,
    /// What is acknowledged in the transaction of its application.
    within: Vec<(PartitionId, u64)>,
    token: u64,
}

/// Bits of a delivery's tag that are an offset; above them stands the number of
/// the subscription.
const OFFSET_BITS: u32 = 48;

/// Which of its service's subscriptions a delivery came by.
#[inline(always)]
pub(crate) const fn subscription_of(tag: u64) -> u16 {
    (tag >> OFFSET_BITS) as u16
}

impl RecordSubscriber {
    /// A client that is not up.
    #[inline(never)]
    pub(crate) fn new(
        consumer: Consumer,
        cluster: Rc<Cluster>,
        (group, partitions): (GroupId, Rc<[PartitionId]>),
        (commit, is_automatic, ahead): (CommitWhen, bool, u32),
        token: u64,
    ) -> Self {
        RecordSubscriber {
            ahead: ahead as usize,
            consumer: Box::new(consumer),
            cluster,
            group,
            partitions,
            commit,
            is_automatic,
            lines: BTreeMap::new(),
            within: Vec::new(),
            token,
        }
    }

    /// The consumer itself.
    pub(crate) fn consumer(&self) -> &Consumer {
        &self.consumer
    }

    /// Its group.
    pub(crate) fn group(&self) -> GroupId {
        self.group
    }

    /// The offset that it reads next in a partition.
    pub(crate) fn position(&self, partition: PartitionId) -> Option<u64> {
        self.consumer.position(partition)
    }

    pub(crate) fn is_at(&self, port: Port) -> bool {
        self.consumer.broker_at(port).is_some()
    }

    pub(crate) fn is_automatic(&self) -> bool {
        self.is_automatic
    }

    /// Whether its application polls while so many records wait for a thread, and
    /// one is free or none.
    pub(crate) fn polls(&self, waiting: usize, is_free: bool) -> bool {
        waiting < self.ahead || waiting == 0 && is_free
    }

    /// The token of its timer.
    pub(crate) fn token(&self) -> u64 {
        self.token
    }

    /// The application polls.
    #[inline(never)]
    pub(crate) fn poll<C: Context<Wire>>(&mut self, cx: &mut C) -> Vec<Delivery> {
        self.commit_due(cx);
        let polled = self.consumer.poll(&mut Lifted::<_, Wire>::new(cx));
        let mut deliveries = Vec::with_capacity(polled.len());
        let mut number = (PartitionId(u32::MAX), 0);
        for one in polled {
            if number.0 != one.partition {
                let found = self.partitions.iter().position(|known| *known == one.partition);
                number = (one.partition, found.unwrap_or(0) as u64);
            }
            if !self.is_automatic {
                let line = self.lines.entry(one.partition).or_default();
                if line.polled.back().is_some_and(|(last, _)| *last >= one.offset) {
                    // It reads once more what somebody had not committed.
                    *line = Line::default();
                }
                line.polled.push_back((one.offset, false));
            }
            deliveries.push(Delivery {
                message: one.record.message,
                tag: number.1 << OFFSET_BITS | one.offset,
                life: 0,
            });
        }
        deliveries
    }

    /// Whether a poll would bring anything, or has something to do.
    pub(crate) fn wants_poll(&self) -> bool {
        self.consumer.wants_poll()
    }

    fn spot(&self, delivery: &Delivery) -> (PartitionId, u64) {
        let partition = self.partitions[usize::from(subscription_of(delivery.tag))];
        (partition, delivery.tag & ((1 << OFFSET_BITS) - 1))
    }

    #[inline(never)]
    pub(crate) fn acknowledge<C: Context<Wire>>(&mut self, cx: &mut C, delivery: &Delivery) {
        if self.is_automatic {
            return;
        }
        let (partition, offset) = self.spot(delivery);
        let Some(line) = self.lines.get_mut(&partition) else {
            return;
        };
        if let Ok(at) = line.polled.binary_search_by(|(known, _)| known.cmp(&offset)) {
            line.polled[at].1 = true;
        }
        while let Some((offset, true)) = line.polled.front().copied() {
            line.polled.pop_front();
            line.due = Some(offset + 1);
        }
        if self.commit == CommitWhen::Record {
            self.commit_due(cx);
        }
    }

    /// Its application is done with a delivery in the transaction that it is in.
    /// False if somebody else has it by now.
    #[inline(never)]
    pub(crate) fn acknowledge_within(&mut self, delivery: &Delivery) -> bool {
        let (partition, offset) = self.spot(delivery);
        let is_known = |line: &Line| line.polled.binary_search_by(|(known, _)| known.cmp(&offset)).is_ok();
        let is_its = self.consumer.has(partition) && self.lines.get(&partition).is_some_and(is_known);
        if is_its {
            self.within.push((partition, offset));
        }
        is_its
    }

    /// What a producer commits of it in its transaction. Nothing if nothing was
    /// acknowledged in it; false if somebody else has some of that by now.
    #[inline(never)]
    pub(crate) fn offsets_within(&self) -> Result<Option<OffsetsToSend>, ()> {
        if self.within.is_empty() {
            return Ok(None);
        }
        let mut offsets: BTreeMap<PartitionId, u64> = BTreeMap::new();
        for (partition, offset) in &self.within {
            if !self.consumer.has(*partition) {
                return Err(());
            }
            let next = offsets.entry(*partition).or_default();
            *next = (*next).max(offset + 1);
        }
        let offsets: Vec<(PartitionId, u64)> = offsets.into_iter().collect();
        let is_within = |partition, offset| self.within.contains(&(partition, offset));
        self.consumer
            .offsets_for_transaction(&offsets, is_within)
            .map_or(Err(()), |offsets| Ok(Some(offsets)))
    }

    /// The transaction of its application is over.
    #[inline(never)]
    pub(crate) fn end_within(&mut self, is_committed: bool) {
        for (partition, offset) in core::mem::take(&mut self.within) {
            if !is_committed {
                continue;
            }
            self.consumer.committed_in_transaction(partition, offset + 1);
            if let Some(line) = self.lines.get_mut(&partition) {
                while line.polled.front().is_some_and(|(known, _)| *known <= offset) {
                    line.polled.pop_front();
                }
            }
        }
    }

    /// It goes back to what is committed: what it has polled and not committed it
    /// reads again.
    #[inline(never)]
    pub(crate) fn go_back<C: Context<Wire>>(&mut self, cx: &mut C) {
        for (partition, line) in core::mem::take(&mut self.lines) {
            let Some((offset, _)) = line.polled.front().copied() else {
                continue;
            };
            if self.consumer.has(partition) {
                let lifted = &mut Lifted::<_, Wire>::new(cx);
                self.consumer.seek(lifted, partition, Seek::Offset(offset));
            }
        }
    }

    /// A record that is to come back is read again, with all behind it; one that
    /// is not counts as done.
    #[inline(never)]
    pub(crate) fn reject<C: Context<Wire>>(&mut self, cx: &mut C, delivery: &Delivery, requeue: bool) {
        if !requeue {
            return self.acknowledge(cx, delivery);
        }
        let (partition, offset) = self.spot(delivery);
        if let Some(owner) = self.cluster.owner(partition, self.group) {
            cx.emit(owner, FactKind::Requeued, delivery.message.id, 0);
        }
        if let Some(line) = self.lines.get_mut(&partition) {
            line.polled.retain(|(known, _)| *known < offset);
        }
        let lifted = &mut Lifted::<_, Wire>::new(cx);
        self.consumer.seek(lifted, partition, Seek::Offset(offset));
    }

    /// The application goes on elsewhere, in one partition or in all that it
    /// has. What it has polled already it does to the end, and that is committed
    /// no more.
    #[inline(never)]
    pub(crate) fn seek<C: Context<Wire>>(&mut self, cx: &mut C, only: Option<(TopicId, u32)>, to: Seek) {
        let only = only.map(|(topic, number)| self.cluster.partition(usize::from(topic.0), number));
        for partition in self.partitions.iter().copied() {
            if self.consumer.has(partition) && only.is_none_or(|only| only == partition) {
                self.lines.remove(&partition);
                self.consumer.seek(&mut Lifted::<_, Wire>::new(cx), partition, to);
            }
        }
    }

    /// Commits what is done of what it still has.
    fn commit_due<C: Context<Wire>>(&mut self, cx: &mut C) {
        let consumer = &self.consumer;
        self.lines.retain(|partition, _| consumer.has(*partition));
        if !consumer.may_commit() {
            return;
        }
        let due: Vec<(PartitionId, u64)> = self
            .lines
            .iter_mut()
            .filter_map(|(partition, line)| Some((*partition, line.due.take()?)))
            .collect();
        if !due.is_empty() {
            self.consumer.commit_offsets(&mut Lifted::<_, Wire>::new(cx), &due);
        }
    }

    #[inline(never)]
    pub(crate) fn on_answer<C: Context<Wire>>(&mut self, cx: &mut C, port: Port, head: Frame, behind: &[Frame]) {
        let lifted = &mut Lifted::<_, Wire>::new(cx);
        self.consumer.on_answer(lifted, port, head, behind);
        // Nobody asks what came of a commit: the next one says more.
        self.consumer.take_commits();
        self.consumer.take_troubles();
    }

    #[inline(never)]
    pub(crate) fn on_timer<C: Context<Wire>>(&mut self, cx: &mut C) {
        self.consumer.on_timer(&mut Lifted::<_, Wire>::new(cx));
    }

    #[inline(never)]
    pub(crate) fn on_closed<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        self.consumer.on_closed(&mut Lifted::<_, Wire>::new(cx), port);
    }

    #[inline(never)]
    pub(crate) fn on_opened<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        self.consumer.on_opened(&mut Lifted::<_, Wire>::new(cx), port);
    }

    /// The application died.
    #[inline(never)]
    pub(crate) fn forget<C: Context<Wire>>(&mut self, cx: &mut C) {
        self.consumer.forget(&mut Lifted::<_, Wire>::new(cx));
        self.lines.clear();
        self.within.clear();
    }
}
