//! The transaction coordinator (KIP-98): who leads the partition that keeps a
//! producer's transactions coordinates them.
//!
//! A transaction is decided when that is replicated in the coordinator's own
//! partition. Then each partition that was written to gets a marker, as often
//! as it takes, and when all have theirs the next transaction may begin.

use super::hosted::Then;
use super::{Broker, Wake};
use crate::kafka::alarm::Alarm;
use crate::kafka::cluster::{Cluster, PartitionId};
use crate::kafka::wire::{Correlation, Frame, TransactionalId, Writer};
use crate::kafka::{BrokerId, Error, ProducerId, Reader, Record};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use mqlab_kernel::{SimSpan, SimTime};
use mqlab_model::{Context, Message, MessageId, Port};

/// How far a transaction is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// None is open.
    Empty,
    /// Partitions are being written to.
    Ongoing,
    /// It is decided, and its markers are being written.
    Ending {
        /// How it was decided.
        is_committed: bool,
    },
}

/// The transactions of one producer.
#[derive(Clone, Debug)]
pub(super) struct Coordination {
    producer: ProducerId,
    epoch: u16,
    state: State,
    partitions: BTreeSet<PartitionId>,
    /// Those of them that have no marker yet.
    left: BTreeSet<PartitionId>,
    begun: SimTime,
    timeout: SimSpan,
    /// Who waits for a new epoch until the transaction before is ended.
    waiting: Option<(Port, Correlation)>,
    /// The decision is being replicated.
    is_storing: bool,
}

/// All that this broker coordinates.
#[derive(Clone, Default, Debug)]
pub(super) struct Coordinations {
    known: BTreeMap<TransactionalId, Coordination>,
    /// New producers that wait for their id, by the request to the controller.
    new: BTreeMap<u64, (TransactionalId, Port, Correlation, SimSpan)>,
    next: u64,
    pub(super) alarm: Alarm,
}

/// Requests to the controller with this bit are for transactions.
const TRANSACTIONAL: u64 = 1 << 63;

impl Broker {
    fn coordinates(&self, id: TransactionalId) -> Result<PartitionId, Error> {
        let partition = self.cluster.deciding(id.0);
        let hosted = self.hosted[partition.0 as usize].as_ref();
        let is_leader = hosted.is_some_and(|hosted| hosted.leader().is_some());
        is_leader.then_some(partition).ok_or(Error::NotCoordinator)
    }

    /// The transactions of a producer that is who it says.
    fn own(&mut self, id: TransactionalId, writer: Writer) -> Result<&mut Coordination, Error> {
        self.coordinates(id)?;
        let known = self.transactions.known.get_mut(&id).ok_or(Error::InvalidTxnState)?;
        if (known.producer, known.epoch) == (writer.producer(), writer.epoch()) {
            return Ok(known);
        }
        // Each transaction has an epoch of its own (KIP-890): its producer is
        // one ahead until all markers of the one before are written.
        let is_next = known.producer == writer.producer() && following(known.epoch) == writer.epoch();
        let is_ending = matches!(known.state, State::Ending { .. });
        Err(if is_next && is_ending {
            Error::ConcurrentTransactions
        } else {
            Error::ProducerFenced
        })
    }

    pub(super) fn on_transaction<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, head: Frame, behind: &[Frame]) {
        match head {
            Frame::AddPartitions {
                correlation,
                id,
                writer,
                ..
            } => {
                if let Err(error) = self.add_partitions(cx, (id, writer), (port, correlation), behind) {
                    heard(cx, (port, correlation), Some(error));
                }
            }
            Frame::EndTransaction {
                correlation,
                id,
                writer,
                is_committed,
            } => {
                if let Err(error) = self.end_transaction(cx, (id, writer), (port, correlation), is_committed) {
                    heard(cx, (port, correlation), Some(error));
                }
            }
            Frame::WriteMarker {
                partition,
                writer,
                is_committed,
            } => self.write_marker(cx, port, (partition, writer), is_committed),
            Frame::MarkerWritten {
                partition,
                writer,
                error: None,
            } => self.marker_written(cx, partition, writer),
            _ => {}
        }
    }

    /// A producer with a transactional id begins a life: whoever had the id
    /// before is shut out, and what it left open is aborted.
    pub(super) fn init_transactional<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        id: TransactionalId,
        (port, correlation): (Port, Correlation),
        timeout: SimSpan,
    ) {
        if let Err(error) = self.coordinates(id) {
            return refuse(cx, (port, correlation), error);
        }
        let Some(known) = self.transactions.known.get_mut(&id) else {
            let request = TRANSACTIONAL | self.transactions.next;
            self.transactions.next += 1;
            self.transactions.new.insert(request, (id, port, correlation, timeout));
            if let Some(controller) = self.wiring.controller {
                cx.send(controller, Frame::WantProducerId { request });
            }
            return;
        };
        known.timeout = timeout;
        match known.state {
            State::Empty => {
                known.epoch = following(known.epoch);
                self.store_head(cx, id, Then::Initiated(id, port, correlation));
            }
            State::Ongoing => {
                known.waiting = Some((port, correlation));
                known.epoch = following(known.epoch);
                self.decide(cx, id, false, None);
            }
            State::Ending { .. } => refuse(cx, (port, correlation), Error::ConcurrentTransactions),
        }
    }

    /// The controller has given an id. False if it was not for a transaction.
    pub(super) fn on_transactional_id<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        request: u64,
        producer: ProducerId,
    ) -> bool {
        let Some((id, port, correlation, timeout)) = self.transactions.new.remove(&request) else {
            return request & TRANSACTIONAL != 0;
        };
        let now = cx.now();
        self.transactions.known.entry(id).or_insert(Coordination {
            producer,
            epoch: 0,
            state: State::Empty,
            partitions: BTreeSet::new(),
            left: BTreeSet::new(),
            begun: now,
            timeout,
            waiting: None,
            is_storing: false,
        });
        self.store_head(cx, id, Then::Initiated(id, port, correlation));
        true
    }

    /// The producer's new life is written down.
    pub(super) fn initiated<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        id: TransactionalId,
        asked: (Port, Correlation),
        result: Result<(), Error>,
    ) {
        match (result, self.transactions.known.get(&id)) {
            (Ok(()), Some(known)) => cx.send(
                asked.0,
                Frame::Producer {
                    correlation: asked.1,
                    error: None,
                    producer: known.producer,
                    epoch: known.epoch,
                },
            ),
            (error, _) => refuse(cx, asked, error.err().unwrap_or(Error::NotCoordinator)),
        }
    }

    fn add_partitions<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        (id, writer): (TransactionalId, Writer),
        (port, correlation): (Port, Correlation),
        behind: &[Frame],
    ) -> Result<(), Error> {
        let now = cx.now();
        let known = self.own(id, writer)?;
        if matches!(known.state, State::Ending { .. }) || known.is_storing {
            return Err(Error::ConcurrentTransactions);
        }
        if known.state == State::Empty {
            known.state = State::Ongoing;
            known.begun = now;
        }
        let mut added = Vec::new();
        for frame in behind {
            if let Frame::Owned { partition } = frame
                && known.partitions.insert(*partition)
            {
                added.push(*partition);
            }
        }
        self.watch_transactions(cx);
        self.store_all(cx, id, &added, Then::Heard { port, correlation });
        Ok(())
    }

    fn end_transaction<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        (id, writer): (TransactionalId, Writer),
        asked: (Port, Correlation),
        is_committed: bool,
    ) -> Result<(), Error> {
        self.coordinates(id)?;
        let is_over = |known: &Coordination| {
            let is_its = known.producer == writer.producer() && known.epoch == following(writer.epoch());
            is_its && known.state == State::Empty
        };
        if self.transactions.known.get(&id).is_some_and(is_over) {
            // It was ended before, and the answer got lost.
            heard(cx, asked, None);
            return Ok(());
        }
        let known = self.own(id, writer)?;
        match known.state {
            State::Ongoing if !known.is_storing => {
                self.decide(cx, id, is_committed, Some(asked));
                Ok(())
            }
            // It asks again for what is decided already.
            State::Ending { is_committed: decided } if decided == is_committed => {
                heard(cx, asked, None);
                Ok(())
            }
            State::Ongoing | State::Ending { .. } => Err(Error::ConcurrentTransactions),
            State::Empty => Err(Error::InvalidTxnState),
        }
    }

    /// From when this is replicated the transaction is decided.
    fn decide<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        id: TransactionalId,
        is_committed: bool,
        asked: Option<(Port, Correlation)>,
    ) {
        if let Some(known) = self.transactions.known.get_mut(&id) {
            known.state = State::Ending { is_committed };
            known.is_storing = true;
            known.left = known.partitions.clone();
        }
        self.store_head(cx, id, Then::Decided(id, asked));
    }

    /// The decision is replicated: who asked is told, and markers are written.
    pub(super) fn decided<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        id: TransactionalId,
        asked: Option<(Port, Correlation)>,
        result: Result<(), Error>,
    ) {
        if let Some(asked) = asked {
            heard(cx, asked, result.err());
        }
        if let Some(known) = self.transactions.known.get_mut(&id) {
            known.is_storing = false;
            if result.is_err() {
                // Nobody knows whether it is decided: the next leader will.
                known.waiting = None;
            }
        }
        if result.is_ok() {
            self.send_markers(cx, id);
            self.watch_transactions(cx);
        }
    }

    /// Has markers written wherever they are missing.
    fn send_markers<C: Context<Frame>>(&mut self, cx: &mut C, id: TransactionalId) {
        let Some(known) = self.transactions.known.get(&id).filter(|known| !known.is_storing) else {
            return;
        };
        let State::Ending { is_committed } = known.state else {
            return;
        };
        // With the epoch of the next one: what is late of this one is shut out.
        let writer = Writer::new(known.producer, following(known.epoch));
        for partition in known.left.clone() {
            let leader = self.leaders[partition.0 as usize].and_then(|known| known.leader());
            match leader {
                Some(leader) if leader == self.id => self.write_own_marker(cx, partition, writer, is_committed),
                Some(leader) => self.send_marker(cx, leader, (partition, writer), is_committed),
                None => {}
            }
        }
        self.complete(cx, id);
    }

    fn send_marker<C: Context<Frame>>(
        &self,
        cx: &mut C,
        leader: BrokerId,
        (partition, writer): (PartitionId, Writer),
        is_committed: bool,
    ) {
        if let Some(port) = self.wiring.to(leader) {
            cx.send(
                port,
                Frame::WriteMarker {
                    partition,
                    writer,
                    is_committed,
                },
            );
        }
    }

    fn write_own_marker<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        partition: PartitionId,
        writer: Writer,
        is_committed: bool,
    ) {
        if let Err(Error::InvalidProducerEpoch) = self.append_marker(
            cx,
            (partition, writer),
            is_committed,
            Then::Marked(None, writer, is_committed),
        ) {
            self.marker_written(cx, partition, writer);
        }
    }

    /// A coordinator wants a marker.
    fn write_marker<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        port: Port,
        (partition, writer): (PartitionId, Writer),
        is_committed: bool,
    ) {
        let then = Then::Marked(Some(port), writer, is_committed);
        let error = match self.append_marker(cx, (partition, writer), is_committed, then) {
            Ok(()) => return,
            // A later life of the producer is known here: it was ended before.
            Err(Error::InvalidProducerEpoch) => None,
            Err(error) => Some(error),
        };
        cx.send(
            port,
            Frame::MarkerWritten {
                partition,
                writer,
                error,
            },
        );
    }

    /// Writes the marker, unless it stands there already and only has to be
    /// replicated.
    fn append_marker<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        (partition, writer): (PartitionId, Writer),
        is_committed: bool,
        then: Then,
    ) -> Result<(), Error> {
        let epoch = self.leader_epoch(partition);
        let now = cx.now();
        self.note_idle_followers(partition);
        let hosted = self.host(partition).ok_or(Error::NotLeaderOrFollower)?;
        if hosted.leader().is_none() {
            return Err(Error::NotLeaderOrFollower);
        }
        let before = hosted.log.marks().end();
        let producer = (writer.producer(), writer.epoch());
        let is_known = hosted.log.producers().epoch(writer.producer()) == Some(writer.epoch());
        // In the last epoch there is no next one to tell them apart by.
        let is_last = writer.epoch() == Writer::EPOCH_MAX && hosted.log.is_open(writer.producer());
        let is_new = !is_known || is_last;
        if is_new {
            let bytes_of = |_: &Record| super::SMALL;
            hosted
                .log
                .end_transaction(producer, is_committed, epoch, &bytes_of, now)?;
            self.wrote(cx, partition, before, super::SMALL);
        }
        let end = self.host(partition).map_or(before, |hosted| hosted.log.marks().end());
        self.wait_until(partition, (before, end), then);
        self.wake_followers(cx, partition);
        self.advance(cx, partition);
        Ok(())
    }

    /// A marker is replicated.
    pub(super) fn marked<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        partition: PartitionId,
        (port, writer): (Option<Port>, Writer),
        result: Result<(), Error>,
    ) {
        match port {
            Some(port) => cx.send(
                port,
                Frame::MarkerWritten {
                    partition,
                    writer,
                    error: result.err(),
                },
            ),
            None if result.is_ok() => self.marker_written(cx, partition, writer),
            None => {}
        }
    }

    fn marker_written<C: Context<Frame>>(&mut self, cx: &mut C, partition: PartitionId, writer: Writer) {
        let is_its = |known: &Coordination| {
            let is_ending = matches!(known.state, State::Ending { .. }) && !known.is_storing;
            is_ending && (known.producer, following(known.epoch)) == (writer.producer(), writer.epoch())
        };
        let mut of = self.transactions.known.iter_mut();
        let Some((id, known)) = of.find(|(_, known)| is_its(known)) else {
            return;
        };
        known.left.remove(&partition);
        let id = *id;
        self.complete(cx, id);
    }

    /// When all markers are there the next transaction may begin.
    fn complete<C: Context<Frame>>(&mut self, cx: &mut C, id: TransactionalId) {
        let Some(known) = self.transactions.known.get_mut(&id) else {
            return;
        };
        let is_over = matches!(known.state, State::Ending { .. }) && known.left.is_empty() && !known.is_storing;
        if !is_over {
            return;
        }
        known.state = State::Empty;
        known.epoch = following(known.epoch);
        let over: Vec<PartitionId> = core::mem::take(&mut known.partitions).into_iter().collect();
        let then = match known.waiting.take() {
            Some((port, correlation)) => Then::Initiated(id, port, correlation),
            None => Then::Nothing,
        };
        self.store_all(cx, id, &over, then);
    }

    /// Every so often what is late is looked at: transactions that have timed
    /// out are aborted, markers that are missing are asked for again.
    pub(super) fn on_transaction_timer<C: Context<Frame>>(&mut self, cx: &mut C) {
        let now = cx.now();
        if !self.transactions.alarm.rang(now) {
            return;
        }
        let ids: Vec<TransactionalId> = self.transactions.known.keys().copied().collect();
        for id in ids {
            let Some(known) = self.transactions.known.get_mut(&id) else {
                continue;
            };
            let is_late = known.begun.saturating_add(known.timeout) <= now;
            match known.state {
                State::Ongoing if is_late && !known.is_storing => {
                    // The producer that was too slow is shut out.
                    known.epoch = following(known.epoch);
                    self.decide(cx, id, false, None);
                }
                State::Ending { .. } => self.send_markers(cx, id),
                State::Ongoing | State::Empty => {}
            }
        }
        self.watch_transactions(cx);
    }

    fn watch_transactions<C: Context<Frame>>(&mut self, cx: &mut C) {
        let now = cx.now();
        let often = SimSpan::from_millis(100);
        let check = self.cluster.settings.transaction_check;
        let next = self.transactions.known.values().filter_map(|known| match known.state {
            State::Empty => None,
            State::Ending { .. } => Some(now.saturating_add(often)),
            State::Ongoing => Some(now.saturating_add(check)),
        });
        if let Some(at) = next.min() {
            let token = Wake::Transactions.token(0);
            self.transactions.alarm.want(cx, Wake::Transactions.lane(), at, token);
        }
    }

    /// Writes down how far a producer's transaction is.
    fn store_head<C: Context<Frame>>(&mut self, cx: &mut C, id: TransactionalId, then: Then) {
        self.store_all(cx, id, &[], then);
    }

    fn store_all<C: Context<Frame>>(&mut self, cx: &mut C, id: TransactionalId, changed: &[PartitionId], then: Then) {
        let partition = self.cluster.deciding(id.0);
        let Some(known) = self.transactions.known.get(&id) else {
            return;
        };
        let mut records = alloc::vec![record(&self.cluster, id, None, number_of(known))];
        for one in changed {
            let is_in = u64::from(known.partitions.contains(one));
            records.push(record(&self.cluster, id, Some(*one), is_in));
        }
        match self.write_internal(cx, partition, &records) {
            Ok(written) => self.replicate_internal(cx, partition, &written, then),
            Err(error) => self.finish(cx, partition, then, Err(error)),
        }
    }

    /// This broker leads a partition that keeps transactions, or does so no
    /// more.
    pub(super) fn load_transactions<C: Context<Frame>>(&mut self, cx: &mut C, partition: PartitionId) {
        if !self.cluster.keeps_transactions(partition) {
            return;
        }
        let cluster = self.cluster.clone();
        let is_here = |id: &TransactionalId| cluster.deciding(id.0) == partition;
        self.transactions.known.retain(|id, _| !is_here(id));
        let now = cx.now();
        let Some(hosted) = self.host(partition).filter(|hosted| hosted.leader().is_some()) else {
            return;
        };
        let mut known: BTreeMap<TransactionalId, Coordination> = BTreeMap::new();
        if let Ok(read) = hosted.log.read(hosted.log.marks().start(), Reader::Replica) {
            for (_, record) in read {
                learn(&cluster, &mut known, record, now);
            }
        }
        for (id, mut known) in known {
            known.left = known.partitions.clone();
            self.transactions.known.insert(id, known);
        }
        self.watch_transactions(cx);
    }
}

fn heard<C: Context<Frame>>(cx: &mut C, (port, correlation): (Port, Correlation), error: Option<Error>) {
    cx.send(port, Frame::Heard { correlation, error });
}

fn refuse<C: Context<Frame>>(cx: &mut C, (port, correlation): (Port, Correlation), error: Error) {
    cx.send(
        port,
        Frame::Producer {
            correlation,
            error: Some(error),
            producer: ProducerId(0),
            epoch: 0,
        },
    );
}

/// The epoch after this one; the last one stays.
pub(in crate::kafka) const fn following(epoch: u16) -> u16 {
    if epoch < Writer::EPOCH_MAX { epoch + 1 } else { epoch }
}

/// A transaction as a number: producer, epoch and state.
fn number_of(known: &Coordination) -> u64 {
    let state = match known.state {
        State::Empty => 0,
        State::Ongoing => 1,
        State::Ending { is_committed } => 2 + u64::from(is_committed),
    };
    u64::from(known.producer.0) << 18 | u64::from(known.epoch) << 2 | state
}

/// What is kept of a transaction: how far it is, or whether a partition belongs
/// to it. Its key says which, and where records have their time stands the
/// number.
fn record(cluster: &Cluster, id: TransactionalId, partition: Option<PartitionId>, number: u64) -> Record {
    let partitions = cluster.partitions().count() as u32;
    let key = u32::from(id.0) * (partitions + 1) + partition.map_or(partitions, |partition| partition.0);
    let message = Message::new(MessageId::NONE, SimTime::from_nanos(number), true);
    Record::new(message, Some(key))
}

fn learn(cluster: &Cluster, known: &mut BTreeMap<TransactionalId, Coordination>, record: &Record, now: SimTime) {
    let partitions = cluster.partitions().count() as u32;
    let Some(key) = record.key() else { return };
    let (id, which) = (TransactionalId((key / (partitions + 1)) as u16), key % (partitions + 1));
    let number = record.message.offered().nanos();
    if which < partitions {
        if let Some(one) = known.get_mut(&id) {
            if number == 1 {
                one.partitions.insert(PartitionId(which));
            } else {
                one.partitions.remove(&PartitionId(which));
            }
        }
        return;
    }
    let state = match number & 3 {
        0 => State::Empty,
        1 => State::Ongoing,
        decided => State::Ending {
            is_committed: decided == 3,
        },
    };
    let one = known.entry(id).or_insert(Coordination {
        producer: ProducerId(0),
        epoch: 0,
        state,
        partitions: BTreeSet::new(),
        left: BTreeSet::new(),
        begun: now,
        timeout: SimSpan::from_secs(60),
        waiting: None,
        is_storing: false,
    });
    one.producer = ProducerId((number >> 18) as u32);
    one.epoch = (number >> 2 & 0xffff) as u16;
    one.state = state;
}
