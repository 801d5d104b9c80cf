//! Transactions of a producer (KIP-98, KIP-890).
//!
//! Before records go to a partition its coordinator hears that the partition
//! belongs to the transaction; when the transaction ends, the coordinator hears
//! how, and the next one has a new epoch.

use super::{Identity, Producer};
use crate::kafka::broker::following;
use crate::kafka::cluster::PartitionId;
use crate::kafka::wire::{Correlation, Frame, TransactionalId, Writer};
use crate::kafka::{BrokerId, Error, OffsetsToSend};
use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use mqlab_kernel::SimTime;
use mqlab_model::Context;

/// How far the producer's transaction is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    /// None is open.
    Ready,
    /// Records are sent.
    Open,
    /// It is to end so, when everything has arrived.
    Ending(bool),
    /// Another producer has taken the id.
    Fenced,
}

/// What a coordinator was asked.
#[derive(Clone, Debug)]
struct Control {
    correlation: Correlation,
    at: SimTime,
    what: Asked,
}

#[derive(Clone, Debug)]
enum Asked {
    /// The transaction's, to add these partitions.
    Adding(Vec<PartitionId>),
    /// The group's, to take offsets.
    Offsets,
    /// The transaction's, to end it.
    Ending,
}

/// The transactional side of a producer.
#[derive(Clone, Debug)]
pub(super) struct Transaction {
    id: TransactionalId,
    stage: Stage,
    /// What the coordinator knows of.
    added: BTreeSet<PartitionId>,
    control: Option<Control>,
    /// Offsets of a group that belong to it and that the group's coordinator
    /// does not have yet.
    offsets: Option<OffsetsToSend>,
    not_before: SimTime,
    /// A record could not be sent: it cannot be committed any more.
    has_failed: bool,
    ended: Vec<bool>,
}

impl Transaction {
    pub(super) fn new(id: TransactionalId) -> Transaction {
        Transaction {
            id,
            stage: Stage::Ready,
            added: BTreeSet::new(),
            control: None,
            offsets: None,
            not_before: SimTime::ZERO,
            has_failed: false,
            ended: Vec::new(),
        }
    }

    /// Whether records may go to a partition.
    pub(super) fn allows(&self, partition: PartitionId) -> bool {
        self.added.contains(&partition) && self.stage != Stage::Fenced
    }

    pub(super) const fn id(&self) -> TransactionalId {
        self.id
    }

    pub(super) fn fail(&mut self) {
        self.has_failed = true;
    }
}

impl Producer {
    /// Begins a transaction. False if it cannot begin now: the producer has not
    /// got its id yet, one is open, or another producer has taken its place.
    pub fn begin(&mut self) -> bool {
        let is_known = matches!(self.identity, Identity::Known(..));
        let Some(transaction) = self.transaction.as_mut().filter(|_| is_known) else {
            return false;
        };
        if transaction.stage != Stage::Ready {
            return false;
        }
        transaction.stage = Stage::Open;
        transaction.has_failed = false;
        transaction.offsets = None;
        true
    }

    /// Offsets of a group belong to the transaction that is open
    /// (`sendOffsetsToTransaction`): they count if it is committed. If the group's
    /// coordinator refuses them it is aborted.
    pub fn send_offsets(&mut self, offsets: OffsetsToSend) {
        if let Some(transaction) = self.transaction.as_mut().filter(|one| one.stage == Stage::Open) {
            transaction.offsets = Some(offsets);
        }
    }

    /// Ends the transaction when everything has arrived; one of which a record
    /// failed is aborted in any case. [`Producer::take_ended`] tells when.
    pub fn end<C: Context<Frame>>(&mut self, cx: &mut C, is_committed: bool) {
        if let Some(transaction) = self.transaction.as_mut().filter(|one| one.stage == Stage::Open) {
            transaction.stage = Stage::Ending(is_committed);
        }
        self.flush(cx);
    }

    /// Whether another producer has taken its place.
    pub fn is_fenced(&self) -> bool {
        self.transaction.as_ref().is_some_and(|one| one.stage == Stage::Fenced)
    }

    /// How transactions have ended since the last time: whether committed.
    pub fn take_ended(&mut self) -> Vec<bool> {
        let transaction = self.transaction.as_mut();
        transaction.map_or_else(Vec::new, |one| core::mem::take(&mut one.ended))
    }

    fn coordinator(&self) -> Option<BrokerId> {
        let id = self.transaction.as_ref()?.id;
        self.reachable(self.cluster.deciding(id.0))
    }

    /// Who leads a partition, if it can be reached.
    fn reachable(&self, partition: PartitionId) -> Option<BrokerId> {
        let leader = self.leaders[partition.0 as usize].and_then(|known| known.leader())?;
        self.links[leader.0 as usize].is_open.then_some(leader)
    }

    /// The partition that keeps the offsets that belong to the transaction.
    fn offsets_at(&self) -> Option<PartitionId> {
        let offsets = self.transaction.as_ref()?.offsets.as_ref()?;
        Some(self.cluster.coordinating(offsets.group.0))
    }

    /// Tells the coordinator what it has to know next.
    pub(super) fn control<C: Context<Frame>>(&mut self, cx: &mut C) {
        let now = cx.now();
        self.drop_aborted(cx);
        self.refresh();
        let coordinator = self.coordinator();
        let offsets_at = self.offsets_at();
        let group_coordinator = offsets_at.and_then(|partition| self.reachable(partition));
        let request_timeout = self.settings.request_timeout;
        let Identity::Known(producer, epoch) = self.identity else {
            return;
        };
        let Some(transaction) = &mut self.transaction else {
            return;
        };
        if let Some(control) = &transaction.control
            && control.at.saturating_add(request_timeout) > now
        {
            return;
        }
        transaction.control = None;
        let is_idle = matches!(transaction.stage, Stage::Ready | Stage::Fenced) || transaction.not_before > now;
        if is_idle {
            return;
        }
        let Some(coordinator) = coordinator else {
            self.needs_leaders = true;
            return;
        };
        let waits = |one: &PartitionId| !transaction.added.contains(one);
        // The partition with the offsets is one of those that are written to: what
        // `AddOffsetsToTxn` says to the coordinator.
        let written = self.lines.waiting().chain(offsets_at);
        let adding: Vec<PartitionId> = written.filter(waits).collect();
        let is_done = self.lines.is_empty() && !self.lines.is_flying();
        let (id, writer) = (transaction.id, Writer::new(producer, epoch));
        self.next = self.next.wrapping_add(1);
        let correlation = self.next;
        let port = self.links[coordinator.0 as usize].port;
        let what = match transaction.stage {
            _ if !adding.is_empty() => {
                let more = adding.len() as u32;
                let head = Frame::AddPartitions {
                    correlation,
                    id,
                    writer,
                    more,
                };
                cx.send(port, head);
                for partition in &adding {
                    let partition = *partition;
                    cx.send(port, Frame::Owned { partition });
                }
                Asked::Adding(adding)
            }
            _ if let Some(offsets) = &transaction.offsets => {
                let Some(broker) = group_coordinator else {
                    self.needs_leaders = true;
                    return;
                };
                let port = self.links[broker.0 as usize].port;
                let head = Frame::CommitInTransaction {
                    correlation,
                    group: offsets.group,
                    member: Some(offsets.member).into(),
                    generation: offsets.generation,
                    writer,
                    more: offsets.behind.len() as u32,
                };
                cx.send(port, head);
                offsets.behind.iter().for_each(|frame| cx.send(port, *frame));
                Asked::Offsets
            }
            Stage::Ending(_) if is_done && transaction.added.is_empty() => {
                // It has written nothing: nobody has to know.
                let is_committed = transaction.stage == Stage::Ending(true) && !transaction.has_failed;
                transaction.ended.push(is_committed);
                transaction.stage = Stage::Ready;
                return;
            }
            Stage::Ending(wanted) if is_done => {
                let is_committed = wanted && !transaction.has_failed;
                transaction.stage = Stage::Ending(is_committed);
                cx.send(
                    port,
                    Frame::EndTransaction {
                        correlation,
                        id,
                        writer,
                        is_committed,
                    },
                );
                Asked::Ending
            }
            _ => return,
        };
        transaction.control = Some(Control {
            correlation,
            at: now,
            what,
        });
    }

    /// What is to be aborted need not be sent any more.
    fn drop_aborted<C: Context<Frame>>(&mut self, cx: &mut C) {
        let is_aborted = |one: &Transaction| match one.stage {
            Stage::Ending(is_committed) => !is_committed || one.has_failed,
            Stage::Fenced => true,
            Stage::Ready | Stage::Open => false,
        };
        let Some(transaction) = self.transaction.as_mut().filter(|one| is_aborted(one)) else {
            return;
        };
        transaction.offsets = None;
        self.refresh();
        let waiting: Vec<PartitionId> = self.lines.waiting().collect();
        for partition in waiting {
            let Some(line) = self.lines.get_mut(partition) else {
                continue;
            };
            for pending in core::mem::take(&mut line.queue) {
                self.done(cx, partition, &pending, Err(Error::InvalidTxnState));
            }
        }
    }

    /// The coordinator has answered.
    pub(super) fn on_control<C: Context<Frame>>(&mut self, cx: &mut C, correlation: Correlation, error: Option<Error>) {
        let backoff = cx.now().saturating_add(self.settings.backoff);
        let Some(transaction) = &mut self.transaction else {
            return;
        };
        let Some(control) = transaction
            .control
            .take_if(|control| control.correlation == correlation)
        else {
            return;
        };
        match (error, transaction.stage, control.what) {
            (None, _, Asked::Adding(adding)) => transaction.added.extend(adding),
            (None, _, Asked::Offsets) => transaction.offsets = None,
            (None, Stage::Ending(is_committed), Asked::Ending) => {
                transaction.ended.push(is_committed);
                transaction.stage = Stage::Ready;
                transaction.added.clear();
                if let Identity::Known(producer, epoch) = self.identity {
                    self.identity = Identity::Known(producer, following(epoch));
                }
                self.refresh();
                for partition in self.lines.unresolved() {
                    if let Some(line) = self.lines.get_mut(partition) {
                        line.is_unresolved = false;
                    }
                }
            }
            (None, ..) => {}
            (Some(error), ..) if error.is_retriable() => {
                transaction.not_before = backoff;
                self.needs_leaders |= error == Error::NotCoordinator;
            }
            // Others have its partitions now, or will: nobody may commit for it.
            (Some(error), _, Asked::Offsets) if error != Error::InvalidProducerEpoch => {
                transaction.offsets = None;
                transaction.has_failed = true;
            }
            (Some(_), ..) => self.fence(),
        }
    }

    /// Another producer has taken its id.
    pub(super) fn fence(&mut self) {
        if let Some(transaction) = &mut self.transaction {
            transaction.stage = Stage::Fenced;
            transaction.control = None;
        }
    }

    /// The connection to the coordinator is gone: it is asked again.
    pub(super) fn lose_control(&mut self) {
        if let Some(transaction) = &mut self.transaction {
            transaction.control = None;
        }
    }

    /// Whether something about a transaction has to be tried again.
    pub(super) fn is_controlling(&self) -> bool {
        let is_busy = |one: &Transaction| matches!(one.stage, Stage::Open | Stage::Ending(_));
        self.transaction.as_ref().is_some_and(is_busy)
    }

    /// Where a transactional producer asks for its id.
    pub(super) fn ask_for_id<C: Context<Frame>>(&mut self, cx: &mut C, id: TransactionalId, correlation: Correlation) {
        let Some(coordinator) = self.coordinator() else {
            self.needs_leaders = true;
            if let Identity::Wanted(Some(wish)) = &mut self.identity {
                wish.is_refused = true;
            }
            return;
        };
        let timeout_ms = (self.settings.transaction_timeout.nanos() / 1_000_000) as u32;
        cx.send(
            self.links[coordinator.0 as usize].port,
            Frame::InitProducer {
                correlation,
                id: Some(id),
                timeout_ms,
            },
        );
    }
}
