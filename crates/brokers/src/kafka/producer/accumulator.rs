//! Batches that are not sent, by partition.

use crate::kafka::{BATCHES_REMEMBERED, Record};
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use mqlab_kernel::SimTime;

/// For so many records of a batch room is made at once.
const ABOUT_MAX: u64 = 64;

/// A batch in the making, or on its way.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    /// Its place among the batches of its partition.
    pub(super) ordinal: u64,
    pub(super) records: Vec<Record>,
    pub(super) bytes: u64,
    pub(super) created: SimTime,
    /// Epoch and sequence number, once it was sent with them.
    pub(super) stamped: Option<(u16, i32)>,
    /// How often it was sent.
    pub(super) attempts: u32,
    /// It is not sent before this.
    pub(super) not_before: SimTime,
}

/// The batches of one partition.
#[derive(Clone, Default, Debug)]
pub(super) struct Line {
    pub(super) queue: VecDeque<Pending>,
    /// Sequence numbers of batches that are under way.
    pub(super) in_flight: Vec<i32>,
    /// How many are under way, numbered or not.
    pub(super) flying: usize,
    /// The epoch that it counts in, and the number that comes next.
    pub(super) epoch: u16,
    pub(super) next_sequence: i32,
    /// The number that the broker expects, as far as it answered.
    pub(super) acknowledged: i32,
    /// A numbered batch was given up: whether the broker has it is not known,
    /// so nothing new is numbered before what is under way has come back.
    pub(super) is_unresolved: bool,
    /// No batch of it was made before this, as long as there is one.
    pub(super) oldest: SimTime,
    next_ordinal: u64,
}

impl Line {
    /// Puts a record into the last batch, or into a new one: whether it is new.
    pub(super) fn put(&mut self, record: Record, bytes: u64, batch_size: u64, now: SimTime) -> bool {
        let has_room = |last: &&mut Pending| {
            let is_short = last.records.len() < usize::from(u16::MAX);
            last.stamped.is_none() && last.attempts == 0 && last.bytes + bytes <= batch_size && is_short
        };
        if let Some(last) = self.queue.back_mut().filter(has_room) {
            last.records.push(record);
            last.bytes += bytes;
            return false;
        }
        self.next_ordinal += 1;
        self.note_age(now);
        let about = batch_size.checked_div(bytes).unwrap_or(0).clamp(1, ABOUT_MAX);
        let mut records = Vec::with_capacity(about as usize);
        records.push(record);
        self.queue.push_back(Pending {
            ordinal: self.next_ordinal,
            records,
            bytes,
            created: now,
            stamped: None,
            attempts: 0,
            not_before: SimTime::ZERO,
        });
        true
    }

    /// A batch comes back to be sent again: an idempotent producer keeps the
    /// order, any other sends it next.
    pub(super) fn put_back(&mut self, pending: Pending, keeps_order: bool) {
        let is_earlier = |other: &&Pending| keeps_order && other.ordinal < pending.ordinal;
        let at = self.queue.iter().take_while(is_earlier).count();
        self.note_age(pending.created);
        self.queue.insert(at, pending);
    }

    /// A batch of this age comes into the queue.
    fn note_age(&mut self, created: SimTime) {
        let is_only = self.queue.is_empty();
        self.oldest = if is_only { created } else { self.oldest.min(created) };
    }

    /// Whether an idempotent producer in `epoch` may send the first batch: one
    /// that has a number if none before it is under way, a new one if all that
    /// have a number of an earlier epoch are done with. No more are under way
    /// than brokers remember, wherever they were sent: else one that is sent
    /// again, to another leader, might not be known again.
    pub(super) fn is_in_turn(&self, epoch: u16) -> bool {
        match self.queue.front().map(|first| first.stamped) {
            None => false,
            Some(Some((_, sequence))) => self.in_flight.iter().all(|other| *other > sequence),
            Some(None) => {
                let is_present = self.epoch == epoch || self.flying == 0;
                is_present && !self.is_unresolved && self.flying < BATCHES_REMEMBERED
            }
        }
    }

    /// Whether something was given up, all that has a number has come back, and
    /// the broker may miss some of it.
    pub(super) fn has_gap(&mut self) -> bool {
        let is_pending = self.flying > 0 || self.queue.iter().any(|one| one.stamped.is_some());
        if !self.is_unresolved || is_pending {
            return false;
        }
        self.is_unresolved = false;
        self.acknowledged != self.next_sequence
    }
}
