//! Transactions of a producer (KIP-98, KIP-890).
//!
//! Before records go to a partition its coordinator hears that the partition
//! belongs to the transaction; when the transaction ends, the coordinator hears
//! how, and the next one has a new epoch.

use super::{Identity, Producer};
use crate::kafka::broker::following;
use crate::kafka::cluster::PartitionId;
use crate::kafka::wire::{Correlation, Frame, TransactionalId, Writer};
use crate::kafka::{BrokerId, Error};
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

/// What the coordinator was asked.
#[derive(Clone, Debug)]
struct Control {
    correlation: Correlation,
    at: SimTime,
    adding: Vec<PartitionId>,
}

/// The transactional side of a producer.
#[derive(Clone, Debug)]
pub(super) struct Transaction {
    id: TransactionalId,
    stage: Stage,
    /// What the coordinator knows of.
    added: BTreeSet<PartitionId>,
    control: Option<Control>,
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
        true
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
        let leader = self.leaders[self.cluster.deciding(id.0).0 as usize].and_then(|known| known.leader())?;
        self.links[leader.0 as usize].is_open.then_some(leader)
    }

    /// Tells the coordinator what it has to know next.
    pub(super) fn control<C: Context<Frame>>(&mut self, cx: &mut C) {
        let now = cx.now();
        self.drop_aborted(cx);
        let coordinator = self.coordinator();
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
        let waiting = self.lines.iter().filter(|(_, line)| !line.queue.is_empty());
        let adding: Vec<PartitionId> = waiting.map(|(one, _)| one).filter(waits).collect();
        let is_done = self
            .lines
            .values()
            .all(|line| line.queue.is_empty() && line.flying == 0);
        let (id, writer) = (transaction.id, Writer::new(producer, epoch));
        self.next = self.next.wrapping_add(1);
        let correlation = self.next;
        let port = self.links[coordinator.0 as usize].port;
        match transaction.stage {
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
            }
            _ => return,
        }
        transaction.control = Some(Control {
            correlation,
            at: now,
            adding,
        });
    }

    /// What is to be aborted need not be sent any more.
    fn drop_aborted<C: Context<Frame>>(&mut self, cx: &mut C) {
        let is_aborted = |one: &Transaction| match one.stage {
            Stage::Ending(is_committed) => !is_committed || one.has_failed,
            Stage::Fenced => true,
            Stage::Ready | Stage::Open => false,
        };
        if !self.transaction.as_ref().is_some_and(is_aborted) {
            return;
        }
        let partitions: Vec<PartitionId> = self.lines.iter().map(|(partition, _)| partition).collect();
        for partition in partitions {
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
        match (error, transaction.stage) {
            (None, _) if !control.adding.is_empty() => transaction.added.extend(control.adding),
            (None, Stage::Ending(is_committed)) => {
                transaction.ended.push(is_committed);
                transaction.stage = Stage::Ready;
                transaction.added.clear();
                if let Identity::Known(producer, epoch) = self.identity {
                    self.identity = Identity::Known(producer, following(epoch));
                }
                self.lines.count(|line| core::mem::take(&mut line.is_unresolved));
            }
            (None, _) => {}
            (Some(error), _) if error.is_retriable() => {
                transaction.not_before = backoff;
                self.needs_leaders |= error == Error::NotCoordinator;
            }
            (Some(_), _) => self.fence(),
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
