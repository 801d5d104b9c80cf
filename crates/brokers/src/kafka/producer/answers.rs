//! What brokers answer, and what is sent again.

use super::accumulator::Pending;
use super::{Identity, Producer};
use crate::kafka::cluster::PartitionId;
use crate::kafka::wire::{Correlation, Frame};
use crate::kafka::{Acks, BrokerId, Error};
use alloc::vec::Vec;
use mqlab_kernel::SimSpan;
use mqlab_model::Context;

impl Producer {
    pub(super) fn on_produced<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        broker: BrokerId,
        correlation: Correlation,
        behind: &[Frame],
    ) {
        let flights = &mut self.links[broker.0 as usize].flights;
        // An answer to what was given up already counts for nothing; but with
        // `acks=0` only errors are answered.
        let Some(at) = flights.iter().position(|flight| flight.correlation == correlation) else {
            self.needs_leaders |= self.settings.acks == Acks::None;
            return;
        };
        let Some(flight) = flights.remove(at) else { return };
        let outcome = |frame: &Frame| match frame {
            Frame::Outcome {
                partition,
                error,
                first,
            } => Some((*partition, error.map_or(Ok(*first), Err))),
            _ => None,
        };
        // They come in the order in which batches were replicated.
        let mut outcomes: Vec<(PartitionId, Result<u64, Error>)> = behind.iter().filter_map(outcome).collect();
        mqlab_kernel::sort_by_key(&mut outcomes, |(partition, _)| *partition);
        for (partition, pending) in flight.batches {
            self.landed(&partition, &pending);
            let at = outcomes.binary_search_by_key(&partition, |(own, _)| *own);
            match at.map_or(Err(Error::NetworkException), |at| outcomes[at].1) {
                Ok(first) => {
                    self.acknowledged(partition, &pending);
                    self.done(cx, partition, &pending, Ok(Some(first)));
                }
                Err(error) => self.failed(cx, partition, pending, error),
            }
        }
    }

    fn acknowledged(&mut self, partition: PartitionId, pending: &Pending) {
        let (Some((epoch, sequence)), Some(line)) = (pending.stamped, self.lines.get_mut(partition)) else {
            return;
        };
        if epoch == line.epoch {
            let after = sequence.wrapping_add(pending.records.len() as i32) & i32::MAX;
            line.acknowledged = line.acknowledged.max(after);
        }
    }

    /// A batch was not taken, as far as is known.
    fn failed<C: Context<Frame>>(&mut self, cx: &mut C, partition: PartitionId, mut pending: Pending, error: Error) {
        let now = cx.now();
        if matches!(error, Error::NotLeaderOrFollower | Error::NetworkException) {
            self.needs_leaders = true;
        }
        let is_stamped = pending.stamped.is_some();
        if error == Error::InvalidProducerEpoch {
            self.fence();
        }
        let is_gap = error == Error::OutOfOrderSequenceNumber && is_stamped;
        let is_over = pending.created.saturating_add(self.settings.delivery_timeout) <= now;
        let may_retry = pending.attempts <= self.settings.retries && !is_over;
        if !may_retry || !(error.is_retriable() || is_gap) {
            if let Some(line) = self.lines.get_mut(partition) {
                line.is_unresolved |= is_stamped;
            }
            return self.done(cx, partition, &pending, Err(error));
        }
        if is_gap {
            self.close_gap(partition, &mut pending);
        }
        let times = pending.attempts.saturating_sub(1).min(16);
        let backoff = SimSpan::from_nanos(self.settings.backoff.nanos() << times).min(self.settings.backoff_max);
        pending.not_before = now.saturating_add(backoff);
        let keeps_order = self.identity != Identity::Unneeded;
        self.lines.line(partition).put_back(pending, keeps_order);
    }

    /// The broker misses what came before. If that is under way it only has to
    /// be sent again. Else the broker has lost it, and what has a number of
    /// this epoch gets a new one in the next.
    fn close_gap(&mut self, partition: PartitionId, pending: &mut Pending) {
        let Identity::Known(_, epoch) = self.identity else {
            return;
        };
        let Some(line) = self.lines.get_mut(partition) else {
            return;
        };
        let is_next = pending.stamped == Some((epoch, line.acknowledged)) && !line.is_unresolved;
        let is_of_the_past = pending.stamped.is_some_and(|(own, _)| own < epoch) && !line.is_unresolved;
        if !is_next && !is_of_the_past {
            return;
        }
        pending.stamped = None;
        line.queue.iter_mut().for_each(|one| one.stamped = None);
        if is_next {
            self.begin_epoch();
        }
    }

    /// A broker will not answer any more.
    pub(super) fn fail_flights<C: Context<Frame>>(&mut self, cx: &mut C, broker: BrokerId) {
        let flights = core::mem::take(&mut self.links[broker.0 as usize].flights);
        for flight in flights {
            for (partition, pending) in flight.batches {
                self.landed(&partition, &pending);
                self.failed(cx, partition, pending, Error::NetworkException);
            }
        }
    }
}
