//! The producer: it collects records into batches, sends them to leaders and
//! sends them again until they are there or their time is over.
//!
//! What `KafkaProducer` does in two threads is one state machine here: records
//! are put into the batches of their partitions ([`Producer::send`]); batches
//! that are full, or have lingered, are sent, one of each partition in a
//! request and so many requests to a broker at a time as may be in flight.

mod accumulator;
mod answers;
mod lines;
mod sender;
mod settings;
mod transaction;

use super::alarm::Alarm;
use super::broker::Wiring;
use super::cluster::{Cluster, PartitionId};
use super::partitioner::partition_for_hash;
use super::wire::{Correlation, Frame, Inbox, Leadership, Writer};
use super::{BrokerId, Error, Loads, ProducerId, Record, RoundRobin, Sticky, TopicLeaders};
use accumulator::Pending;
use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::vec::Vec;
use lines::Lines;
use mqlab_kernel::SimTime;
use mqlab_model::{Context, FactKind, Message, MessageId, PlaceId, Port, TimerLane};
pub use settings::{Partitioner, ProducerSettings};
use transaction::Transaction;

/// A record's key: its number, and the murmur2 hash of its bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Key {
    /// Its number among the keys of the application.
    pub number: u32,
    /// The hash of its bytes.
    pub hash: i32,
}

/// What an application wants to send.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ToSend {
    /// The index of the topic in the cluster.
    pub topic: usize,
    /// The partition, if the application chooses it.
    pub partition: Option<u32>,
    /// The key, if it has one.
    pub key: Option<Key>,
    /// Whether it has no value: its key is deleted.
    pub is_tombstone: bool,
    /// The message.
    pub message: Message,
}

/// What came of a record: its partition and offset (none without `acks`), or
/// why it failed.
pub type Outcome = (MessageId, Result<(PartitionId, Option<u64>), Error>);

/// The buffer is full: `send` would block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BufferFull;

/// A request that is under way.
#[derive(Clone, Debug)]
struct Flight {
    correlation: Correlation,
    sent: SimTime,
    batches: Vec<(PartitionId, Pending)>,
}

/// The connection to one broker.
#[derive(Clone, Debug)]
struct Link {
    port: Port,
    is_open: bool,
    inbox: Inbox,
    flights: VecDeque<Flight>,
}

/// How records without a key find their partition.
#[derive(Clone, Default, Debug)]
struct Spread {
    sticky: Sticky,
    round_robin: RoundRobin,
}

/// A producer has asked for its id.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Wish {
    at: SimTime,
    correlation: Correlation,
    is_refused: bool,
}

/// Where the producer gets its id.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Identity {
    /// It needs none.
    Unneeded,
    /// It has asked, or will.
    Wanted(Option<Wish>),
    /// It has one, in this epoch.
    Known(ProducerId, u16),
}

/// A Kafka producer.
#[derive(Clone, Debug)]
pub struct Producer {
    cluster: Rc<Cluster>,
    settings: ProducerSettings,
    place: PlaceId,
    lane: TimerLane,
    token: u64,
    links: Vec<Link>,
    leaders: Vec<Option<Leadership>>,
    /// When it asked for leaders last.
    asked_leaders: Option<SimTime>,
    needs_leaders: bool,
    /// By topic.
    spreads: Vec<Spread>,
    /// By topic the partitions that have a leader, if that was asked for since the
    /// producer heard of leaders last.
    with_leader: Vec<Option<Vec<u32>>>,
    lines: Lines,
    buffered: u64,
    identity: Identity,
    next: Correlation,
    alarm: Alarm,
    outcomes: Vec<Outcome>,
    is_flushing: bool,
    transaction: Option<Transaction>,
    /// Batches and requests that it has sent, in all of its lives.
    sent: (u64, u64),
}

impl Producer {
    /// A producer that is not connected yet. `place` is where its facts happen;
    /// its timer comes on `lane` with `token`.
    pub fn new(
        cluster: Rc<Cluster>,
        settings: ProducerSettings,
        place: PlaceId,
        wiring: &Wiring,
        (lane, token): (TimerLane, u64),
    ) -> Producer {
        let link = |port: &Option<Port>| Link {
            port: port.expect("a client has a connection to every broker"),
            is_open: true,
            inbox: Inbox::default(),
            flights: VecDeque::new(),
        };
        Producer {
            links: wiring.brokers.iter().map(link).collect(),
            leaders: cluster.partitions().map(|_| None).collect(),
            asked_leaders: None,
            needs_leaders: true,
            spreads: cluster.topics().iter().map(|_| Spread::default()).collect(),
            with_leader: cluster.topics().iter().map(|_| None).collect(),
            lines: Lines::default(),
            buffered: 0,
            identity: if settings.is_idempotent || settings.transactional.is_some() {
                Identity::Wanted(None)
            } else {
                Identity::Unneeded
            },
            cluster,
            settings,
            place,
            lane,
            token,
            next: 0,
            alarm: Alarm::default(),
            outcomes: Vec::new(),
            is_flushing: false,
            transaction: settings.transactional.map(Transaction::new),
            sent: (0, 0),
        }
    }

    /// The same for an application that consumes on the same connections: no
    /// answer to the one is an answer to the other.
    #[must_use]
    pub const fn beside_consumer(mut self) -> Producer {
        self.next = 1 << 31;
        self
    }

    /// What was never sent.
    pub fn unsent(&self) -> impl Iterator<Item = MessageId> {
        let waiting = self.lines.values().flat_map(|line| &line.queue);
        let new = waiting.filter(|pending| pending.attempts == 0);
        new.flat_map(|pending| &pending.records).map(|record| record.message.id)
    }

    /// It comes up.
    #[inline(never)]
    pub fn start<C: Context<Frame>>(&mut self, cx: &mut C) {
        self.run(cx);
    }

    /// The application died, and with it everything that was not sent or not
    /// answered.
    pub fn forget(&mut self) {
        for link in &mut self.links {
            link.is_open = true;
            link.inbox.clear();
            link.flights.clear();
        }
        self.lines.clear();
        self.buffered = 0;
        self.leaders.iter_mut().for_each(|one| *one = None);
        self.with_leader.iter_mut().for_each(|one| *one = None);
        (self.asked_leaders, self.needs_leaders) = (None, true);
        self.alarm.clear();
        self.outcomes.clear();
        self.transaction = self.settings.transactional.map(Transaction::new);
        if self.identity != Identity::Unneeded {
            self.identity = Identity::Wanted(None);
        }
    }

    /// Puts a record into a batch and returns its partition. A transactional
    /// producer does so between [`Producer::begin`] and [`Producer::end`]. What comes of it
    /// is told by [`Producer::take_outcomes`].
    ///
    /// # Errors
    /// [`BufferFull`] if `buffer.memory` is used up.
    #[inline(never)]
    pub fn send<C: Context<Frame>>(&mut self, cx: &mut C, one: ToSend) -> Result<PartitionId, BufferFull> {
        let bytes = self.settings.compression.of(cx.size(one.message.id));
        if self.buffered > 0 && self.buffered + bytes > self.settings.buffer_memory {
            // The buffer is what makes batches go out early.
            self.drain(cx);
            return Err(BufferFull);
        }
        let number = self.partition(cx, &one);
        let partition = self.cluster.partition(one.topic, number);
        let record = Record::new(one.message, one.key.map(|key| key.number));
        let record = record.compressed(self.settings.compression);
        let record = match (self.identity, &self.transaction) {
            (Identity::Known(producer, _), Some(_)) => record.in_transaction_of(producer),
            _ => record,
        };
        let record = if one.is_tombstone || self.settings.tombstones {
            record.tombstone()
        } else {
            record
        };
        let now = cx.now();
        let batch_size = self.settings.batch_size;
        let line = self.lines.line(partition);
        let is_new = line.put(record, bytes, batch_size, now);
        let is_full = line.queue.len() > 1 || line.queue.back().is_some_and(|last| last.bytes >= batch_size);
        self.buffered += bytes;
        if one.partition.is_none() && one.key.is_none() {
            self.spreads[one.topic].sticky.sent(bytes, batch_size, is_full);
        }
        cx.emit(self.place, FactKind::Sent, one.message.id, 0);
        if is_full || is_new && self.settings.linger.is_zero() {
            self.run(cx);
        } else if is_new {
            self.wake_at(cx, now.saturating_add(self.settings.linger));
        }
        Ok(partition)
    }

    fn partition<C: Context<Frame>>(&mut self, cx: &mut C, one: &ToSend) -> u32 {
        let partitions = self.cluster.topics()[one.topic].partitions;
        if let Some(chosen) = one.partition {
            return chosen;
        }
        let key = one.key.filter(|_| !self.settings.ignores_keys);
        let is_in_turn = self.settings.partitioner == Partitioner::RoundRobin;
        if let Some(key) = key.filter(|_| !is_in_turn) {
            return partition_for_hash(key.hash, partitions);
        }
        let stuck = self.spreads[one.topic].sticky.stuck();
        if let Some(partition) = stuck.filter(|_| !is_in_turn) {
            return partition;
        }
        self.refresh();
        let with_leader = self.with_leader[one.topic].get_or_insert_with(|| {
            let all = (0..).zip(self.cluster.of_topic(one.topic));
            let leader = |id: PartitionId| self.leaders[id.0 as usize].and_then(|known| known.leader());
            all.filter_map(|(number, id)| leader(id).map(|_| number)).collect()
        });
        let topic = TopicLeaders {
            partitions,
            with_leader,
        };
        let spread = &mut self.spreads[one.topic];
        if is_in_turn {
            return spread.round_robin.next(topic);
        }
        let (lines, cluster) = (&self.lines, &self.cluster);
        let length = |id: PartitionId| {
            let (topic, number) = cluster.place_in_topic(id);
            let line = lines.get(id).filter(|_| topic == one.topic)?;
            Some((number, line.queue.len() as u32))
        };
        let queues = lines.waiting().filter_map(length).collect();
        let loads = Loads::new(topic, queues).filter(|_| self.settings.is_adaptive);
        spread
            .sticky
            .partition(topic, loads.as_ref(), || (cx.random() >> 33) as u32)
    }

    /// Sends everything now, whatever lingers.
    #[inline(never)]
    pub fn flush<C: Context<Frame>>(&mut self, cx: &mut C) {
        self.is_flushing = true;
        self.run(cx);
    }

    /// What came of records since the last time, in the order in which it was
    /// known.
    pub fn take_outcomes(&mut self) -> Vec<Outcome> {
        core::mem::take(&mut self.outcomes)
    }

    /// Bytes of records that are not done with.
    pub const fn buffered(&self) -> u64 {
        self.buffered
    }

    /// How many requests wait for their answers.
    pub fn in_flight(&self) -> usize {
        self.links.iter().map(|link| link.flights.len()).sum()
    }

    /// How many batches it has sent, and in how many requests.
    pub const fn sent(&self) -> (u64, u64) {
        self.sent
    }

    /// The port of a connection of this producer's, by its broker.
    pub fn broker_at(&self, port: Port) -> Option<BrokerId> {
        let found = self.links.iter().position(|link| link.port == port)?;
        Some(BrokerId(found as u32))
    }

    /// The timer.
    #[inline(never)]
    pub fn on_timer<C: Context<Frame>>(&mut self, cx: &mut C) {
        if self.alarm.rang(cx.now()) {
            self.run(cx);
        }
    }

    /// A broker is gone: what it was sent and did not answer for is not known
    /// to be there, and is sent again.
    #[inline(never)]
    pub fn on_closed<C: Context<Frame>>(&mut self, cx: &mut C, port: Port) {
        let Some(broker) = self.broker_at(port) else { return };
        let link = &mut self.links[broker.0 as usize];
        link.is_open = false;
        link.inbox.clear();
        self.fail_flights(cx, broker);
        if let Identity::Wanted(asked) = &mut self.identity {
            *asked = None;
        }
        self.lose_control();
        (self.needs_leaders, self.asked_leaders) = (true, None);
        self.run(cx);
    }

    /// A broker is back.
    #[inline(never)]
    pub fn on_opened<C: Context<Frame>>(&mut self, cx: &mut C, port: Port) {
        if let Some(broker) = self.broker_at(port) {
            self.links[broker.0 as usize].is_open = true;
            self.run(cx);
        }
    }

    /// A frame of a broker.
    #[inline(never)]
    pub fn on_frame<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, frame: Frame) {
        let Some(broker) = self.broker_at(port) else { return };
        let taken = self.links[broker.0 as usize].inbox.take(frame);
        if let Some((head, behind)) = taken {
            self.on_answer(cx, port, head, &behind);
        }
    }

    /// An answer of a broker as a whole, with what stands behind it.
    #[inline(never)]
    pub fn on_answer<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, head: Frame, behind: &[Frame]) {
        let Some(broker) = self.broker_at(port) else { return };
        match head {
            Frame::Leaders { .. } => self.learn_leaders(behind),
            Frame::Producer {
                correlation,
                producer,
                epoch,
                error: None,
            } => {
                // With a transactional id each request is a new life: what an earlier
                // one has brought is of the past.
                let is_last = |wish: Wish| self.transaction.is_none() || wish.correlation == correlation;
                if matches!(self.identity, Identity::Wanted(wish) if wish.is_none_or(is_last)) {
                    self.identity = Identity::Known(producer, epoch);
                }
            }
            Frame::Producer { error: Some(_), .. } => {
                self.needs_leaders = true;
                if let Identity::Wanted(Some(wish)) = &mut self.identity {
                    wish.is_refused = true;
                }
            }
            Frame::Heard { correlation, error } => self.on_control(cx, correlation, error),
            Frame::Produced { correlation, .. } => self.on_produced(cx, broker, correlation, behind),
            _ => {}
        }
        self.run(cx);
    }

    fn learn_leaders(&mut self, behind: &[Frame]) {
        for frame in behind {
            let Frame::Leader(new) = frame else { continue };
            let known = &mut self.leaders[new.partition.0 as usize];
            if known.is_none_or(|known| known.partition_epoch <= new.partition_epoch) {
                *known = Some(*new);
                self.lines.touch(new.partition);
            }
        }
        self.with_leader.iter_mut().for_each(|known| *known = None);
        self.needs_leaders = self.misses_leader();
    }

    /// Whether there is something to send and it is not known to whom.
    fn misses_leader(&mut self) -> bool {
        self.refresh();
        let is_waited_for = |leader: Option<BrokerId>| self.lines.waiting_for(leader).next().is_some();
        let closed = (0..).zip(&self.links).filter(|(_, link)| !link.is_open);
        is_waited_for(None) || closed.map(|(id, _)| Some(BrokerId(id))).any(is_waited_for)
    }

    /// Who has numbered a batch.
    fn writer(&self, pending: &Pending) -> Option<Writer> {
        match (self.identity, pending.stamped) {
            (Identity::Known(producer, _), Some((epoch, _))) => Some(Writer::new(producer, epoch)),
            _ => None,
        }
    }
}
