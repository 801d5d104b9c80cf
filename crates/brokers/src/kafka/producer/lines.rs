//! The batches of all partitions, and what of them has to be looked at.
//!
//! A producer is woken for every batch. What it then does must not depend on how many
//! partitions it writes to, so nothing here goes through all of them: lines that were
//! touched say so, and [`Lines::refresh`] brings up to date who waits for whom, and
//! since when.

use super::accumulator::Line;
use crate::kafka::BrokerId;
use crate::kafka::cluster::PartitionId;
use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use mqlab_kernel::{SimSpan, SimTime};

/// What is known of a line without looking at it.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
struct Seen {
    /// The leader of its partition, when its first batch was made, and before when that
    /// is not sent, if it has one.
    waits: Option<(Option<BrokerId>, SimTime, SimTime)>,
    is_flying: bool,
    is_unresolved: bool,
}

/// A line with what is known of it.
#[derive(Clone, Default, Debug)]
struct Slot {
    line: Line,
    seen: Seen,
    is_touched: bool,
}

impl Slot {
    /// Its line, to be changed, after which it is among those that were touched.
    fn touched(&mut self, partition: PartitionId, all: &mut Vec<PartitionId>) -> &mut Line {
        if !self.is_touched {
            self.is_touched = true;
            all.push(partition);
        }
        &mut self.line
    }
}

/// The batches of all partitions.
#[derive(Clone, Default, Debug)]
pub(super) struct Lines {
    /// By partition.
    all: Vec<Option<Box<Slot>>>,
    /// Lines that may have changed since the last [`Lines::refresh`].
    touched: Vec<PartitionId>,
    /// Lines in which something waits.
    waiting: BTreeSet<PartitionId>,
    /// The same by their leader.
    by_leader: BTreeSet<(Option<BrokerId>, PartitionId)>,
    /// The same by when their first batch was made.
    created: BTreeSet<(SimTime, PartitionId)>,
    /// Those of them whose first batch is held back, by until when.
    held: BTreeSet<(SimTime, PartitionId)>,
    unresolved: BTreeSet<PartitionId>,
    /// How many lines have something under way.
    flying: usize,
    /// No batch that waits was made before this.
    oldest: SimTime,
}

impl Lines {
    /// The line of a partition, if anything was ever sent to it.
    pub(super) fn get(&self, partition: PartitionId) -> Option<&Line> {
        let slot = self.all.get(partition.0 as usize)?.as_deref()?;
        Some(&slot.line)
    }

    /// The line of a partition, to be changed.
    pub(super) fn get_mut(&mut self, partition: PartitionId) -> Option<&mut Line> {
        let slot = self.all.get_mut(partition.0 as usize)?.as_deref_mut()?;
        Some(slot.touched(partition, &mut self.touched))
    }

    /// The line of a partition, new if there was none.
    pub(super) fn line(&mut self, partition: PartitionId) -> &mut Line {
        let index = partition.0 as usize;
        if self.all.len() <= index {
            self.all.resize_with(index + 1, || None);
        }
        let slot = self.all[index].get_or_insert_with(Box::default);
        slot.touched(partition, &mut self.touched)
    }

    /// Brings up to date what is known of the lines that were touched.
    pub(super) fn refresh(&mut self, leader: impl Fn(PartitionId) -> Option<BrokerId>) {
        while let Some(partition) = self.touched.pop() {
            let Some(slot) = self.all[partition.0 as usize].as_deref_mut() else {
                continue;
            };
            slot.is_touched = false;
            let line = &slot.line;
            let first = line.queue.front();
            let now = Seen {
                waits: first.map(|first| (leader(partition), first.created, first.not_before)),
                is_flying: line.flying > 0,
                is_unresolved: line.is_unresolved,
            };
            let before = core::mem::replace(&mut slot.seen, now);
            if first.is_some() {
                let is_only = self.created.is_empty();
                self.oldest = if is_only {
                    line.oldest
                } else {
                    self.oldest.min(line.oldest)
                };
            }
            if before != now {
                self.note(partition, before, now);
            }
        }
    }

    /// What is known of a line has changed.
    fn note(&mut self, partition: PartitionId, before: Seen, now: Seen) {
        if before.waits.is_some() && now.waits.is_none() {
            self.waiting.remove(&partition);
        } else if before.waits.is_none() && now.waits.is_some() {
            self.waiting.insert(partition);
        }
        if before.waits != now.waits {
            if let Some((leader, created, held)) = before.waits {
                self.by_leader.remove(&(leader, partition));
                self.created.remove(&(created, partition));
                self.held.remove(&(held, partition));
            }
            if let Some((leader, created, held)) = now.waits {
                self.by_leader.insert((leader, partition));
                self.created.insert((created, partition));
                if held > SimTime::ZERO {
                    self.held.insert((held, partition));
                }
            }
        }
        self.flying -= usize::from(before.is_flying);
        self.flying += usize::from(now.is_flying);
        if now.is_unresolved {
            self.unresolved.insert(partition);
        } else if before.is_unresolved {
            self.unresolved.remove(&partition);
        }
    }

    /// The leader of this partition may be another one.
    pub(super) fn touch(&mut self, partition: PartitionId) {
        // Nothing is changed: but the line is looked at again.
        let _ = self.get_mut(partition);
    }

    /// Every line, in the order of partitions.
    pub(super) fn values(&self) -> impl Iterator<Item = &Line> {
        self.all.iter().flatten().map(|slot| &slot.line)
    }

    /// Lines in which something waits, in the order of partitions.
    pub(super) fn waiting(&self) -> impl Iterator<Item = PartitionId> {
        debug_assert!(self.touched.is_empty());
        self.waiting.iter().copied()
    }

    /// Those of which this broker, or nobody, is the leader, in the order of partitions.
    pub(super) fn waiting_for(&self, leader: Option<BrokerId>) -> impl Iterator<Item = PartitionId> {
        debug_assert!(self.touched.is_empty());
        let all = (leader, PartitionId(0))..=(leader, PartitionId(u32::MAX));
        self.by_leader.range(all).map(|(_, partition)| *partition)
    }

    /// Whether nothing waits to be sent.
    pub(super) fn is_empty(&self) -> bool {
        debug_assert!(self.touched.is_empty());
        self.waiting.is_empty()
    }

    /// Whether something is under way.
    pub(super) const fn is_flying(&self) -> bool {
        self.flying > 0
    }

    /// Lines in which a numbered batch was given up.
    pub(super) fn unresolved(&self) -> Vec<PartitionId> {
        debug_assert!(self.touched.is_empty());
        self.unresolved.iter().copied().collect()
    }

    /// Whether a batch that waits is `age` old. Where that is not certain all of them
    /// are looked at, and then it is for a while.
    pub(super) fn has_as_old(&mut self, age: SimSpan, now: SimTime) -> bool {
        debug_assert!(self.touched.is_empty());
        let is_over = |created: SimTime| created.saturating_add(age) <= now;
        if self.created.is_empty() || !is_over(self.oldest) {
            return false;
        }
        let waiting = self.created.iter().filter_map(|(_, partition)| self.get(*partition));
        let batches = waiting.flat_map(|line| &line.queue).map(|pending| pending.created);
        self.oldest = batches.min().unwrap_or(SimTime::MAX);
        is_over(self.oldest)
    }

    /// When the oldest of the first batches was made.
    pub(super) fn first_created(&self) -> Option<SimTime> {
        self.created.first().map(|(at, _)| *at)
    }

    /// When the first of the first batches was made that are not `age` old.
    pub(super) fn first_younger_than(&self, age: SimSpan, now: SimTime) -> Option<SimTime> {
        let after = now.nanos().checked_sub(age.nanos()).map(SimTime::from_nanos);
        let found = match after {
            Some(after) => self.created.range((after, PartitionId(u32::MAX))..).next(),
            None => self.created.first(),
        };
        found.map(|(at, _)| *at)
    }

    /// When the first of the first batches may be sent that are held back.
    pub(super) fn first_held(&self, now: SimTime) -> Option<SimTime> {
        let mut found = self.held.range((now, PartitionId(u32::MAX))..);
        found.next().map(|(at, _)| *at)
    }

    pub(super) fn clear(&mut self) {
        *self = Lines::default();
    }
}

#[cfg(test)]
#[path = "lines_tests.rs"]
mod tests;
