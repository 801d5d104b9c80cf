//! Log compaction: of each key the latest record stays.
//!
//! The cleaner first notes the latest offset of every key in the part that was
//! not cleaned yet, and then goes through the log from its start. Records keep
//! their offsets. What only says that something is gone (a tombstone, the
//! marker of a transaction without records) stays for `delete.retention.ms`
//! after a pass has first met it, so that readers learn of it (KIP-534).

use super::producers::ProducerId;
use super::transactions::Ended;
use crate::kafka::Error;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use mqlab_kernel::{SimSpan, SimTime};

/// What the cleaner has to know of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cleanable {
    /// Its offset.
    pub offset: u64,
    /// Who wrote it in a transaction, or whose transaction a marker ends.
    pub transaction: Option<ProducerId>,
    /// What it is.
    pub what: What,
}

/// What a record is to the cleaner.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// A record with a key, and whether it has a value.
    Keyed {
        /// Its key.
        key: u32,
        /// Whether it has no value: its key is deleted.
        is_tombstone: bool,
    },
    /// A record without a key: there from the time before the topic was
    /// compacted.
    Unkeyed,
    /// A transaction marker.
    Marker,
}

/// The rules of compaction.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Compaction {
    /// `cleanup.policy` includes `compact`. Without it the rest says how it would be
    /// if it did: a topic's policy may change while it is in use.
    pub compacts: bool,
    /// `delete.retention.ms`.
    pub delete_retention: SimSpan,
    /// `min.cleanable.dirty.ratio`.
    pub dirty_ratio_min: f64,
    /// `min.compaction.lag.ms`.
    pub lag_min: SimSpan,
    /// `max.compaction.lag.ms`; `None` is no limit.
    pub lag_max: Option<SimSpan>,
}

impl Default for Compaction {
    /// Kafka 4.2, whose `cleanup.policy` is `delete`.
    fn default() -> Self {
        Compaction {
            compacts: false,
            delete_retention: SimSpan::from_secs(24 * 3_600),
            dirty_ratio_min: 0.5,
            lag_min: SimSpan::ZERO,
            lag_max: None,
        }
    }
}

impl Compaction {
    /// Whether a log is worth a pass: enough of it was not cleaned yet, or
    /// something has waited for too long. `oldest` is the first time of what
    /// was not cleaned.
    pub fn is_due(&self, clean_bytes: u64, dirty_bytes: u64, oldest: Option<SimTime>, now: SimTime) -> bool {
        let all = clean_bytes + dirty_bytes;
        let has_waited = |limit: SimSpan| oldest.is_some_and(|oldest| now.saturating_since(oldest) > limit);
        dirty_bytes > 0
            && (dirty_bytes as f64 >= self.dirty_ratio_min * all as f64 || self.lag_max.is_some_and(has_waited))
    }
}

/// Whether a batch may be written to a compacted topic: each record needs a
/// key.
///
/// # Errors
/// [`Error::InvalidRecord`] with the place in the batch of the first that has
/// none. Nothing of the batch is written.
pub fn check_keys(mut has_key: impl Iterator<Item = bool>) -> Result<(), (Error, usize)> {
    match has_key.position(|has_key| !has_key) {
        Some(place) => Err((Error::InvalidRecord, place)),
        None => Ok(()),
    }
}

/// The cleaner of one log.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Cleaner {
    /// Up to where it has cleaned.
    cleaned_to: u64,
    /// When each tombstone and each marker of nothing may go.
    horizons: BTreeMap<u64, SimTime>,
}

impl Cleaner {
    /// The first offset that was not cleaned yet.
    pub const fn first_dirty(&self) -> u64 {
        self.cleaned_to
    }

    /// The log was cut back to end at `end`.
    pub fn truncate(&mut self, end: u64) {
        self.cleaned_to = self.cleaned_to.min(end);
        self.horizons.retain(|offset, _| *offset < end);
    }

    /// One pass over the log up to `end`, the first offset that may not be
    /// cleaned: of the active segment, of a transaction that is not decided,
    /// or too young. `records` goes through the log from its start; `aborted`
    /// are the aborted transactions, in order for each producer. Returns the
    /// offsets that are taken out.
    pub fn pass<I: Iterator<Item = Cleanable>>(
        &mut self,
        records: impl Fn() -> I,
        end: u64,
        aborted: &[Ended],
        retention: SimSpan,
        now: SimTime,
    ) -> BTreeSet<u64> {
        let below = || records().take_while(|record| record.offset < end);
        // Transactions of one producer follow each other.
        let mut by_producer: BTreeMap<ProducerId, Vec<&Ended>> = BTreeMap::new();
        for ended in aborted {
            by_producer.entry(ended.producer).or_default().push(ended);
        }
        let is_aborted = |record: &Cleanable| {
            let of = record.transaction.and_then(|producer| by_producer.get(&producer));
            of.is_some_and(|of| {
                let next = of.partition_point(|ended| ended.marker <= record.offset);
                of.get(next).is_some_and(|ended| ended.first <= record.offset)
            })
        };
        let mut latest = BTreeMap::new();
        for record in below().filter(|record| record.offset >= self.cleaned_to && !is_aborted(record)) {
            if let What::Keyed { key, .. } = record.what {
                latest.insert(key, record.offset);
            }
        }
        let mut gone = BTreeSet::new();
        // Whose records of a transaction were met since its last marker.
        let mut met = BTreeSet::new();
        for record in below() {
            let is_kept = match record.what {
                What::Marker => {
                    let is_of_nothing = !record.transaction.is_some_and(|producer| met.remove(&producer));
                    !is_of_nothing || self.waits(record.offset, retention, now)
                }
                _ if is_aborted(&record) => {
                    met.extend(record.transaction);
                    false
                }
                What::Unkeyed => {
                    met.extend(record.transaction);
                    false
                }
                What::Keyed { key, is_tombstone } => {
                    met.extend(record.transaction);
                    let is_latest = latest.get(&key).is_none_or(|latest| *latest <= record.offset);
                    is_latest && (!is_tombstone || self.waits(record.offset, retention, now))
                }
            };
            if !is_kept {
                gone.insert(record.offset);
                self.horizons.remove(&record.offset);
            }
        }
        self.cleaned_to = self.cleaned_to.max(end);
        gone
    }

    /// Whether what says that something is gone has still to stay.
    fn waits(&mut self, offset: u64, retention: SimSpan, now: SimTime) -> bool {
        match self.horizons.get(&offset) {
            Some(horizon) => now < *horizon,
            None => {
                self.horizons.insert(offset, now.saturating_add(retention));
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DAY: SimSpan = SimSpan::from_secs(24 * 3_600);

    fn at(days: u64) -> SimTime {
        SimTime::ZERO + SimSpan::from_secs(days * 24 * 3_600)
    }

    /// Records of `(key, has value)`.
    fn log(records: &[(u32, bool)]) -> Vec<Cleanable> {
        let cleanable = |(offset, (key, has_value)): (u64, &(u32, bool))| Cleanable {
            offset,
            transaction: None,
            what: What::Keyed {
                key: *key,
                is_tombstone: !has_value,
            },
        };
        (0..).zip(records).map(cleanable).collect()
    }

    /// What is left of `log` after a pass.
    fn cleaned(cleaner: &mut Cleaner, log: &mut Vec<Cleanable>, end: u64, now: SimTime) -> Vec<u64> {
        let gone = cleaner.pass(|| log.iter().copied(), end, &[], DAY, now);
        log.retain(|record| !gone.contains(&record.offset));
        log.iter().map(|record| record.offset).collect()
    }

    #[test]
    fn of_each_key_the_latest_stays_where_it_was() {
        let mut log = log(&[(1, true), (2, true), (1, true), (3, true), (2, true), (1, true)]);
        assert_eq!(cleaned(&mut Cleaner::default(), &mut log.clone(), 6, at(0)), [3, 4, 5]);
        // What may not be cleaned yet supersedes nothing.
        assert_eq!(cleaned(&mut Cleaner::default(), &mut log, 4, at(0)), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_tombstone_stays_for_a_day_after_it_was_first_met() {
        let mut log = log(&[(1, true), (1, false)]);
        let mut cleaner = Cleaner::default();
        assert_eq!(cleaned(&mut cleaner, &mut log, 2, at(5)), [1]);
        assert_eq!(cleaned(&mut cleaner, &mut log, 2, at(5)), [1]);
        assert_eq!(cleaned(&mut cleaner, &mut log, 2, at(6)), [0; 0]);
    }

    #[test]
    fn a_tombstone_takes_all_values_of_its_key() {
        let values = (0..50).map(|key| (key, true));
        let tombstones = (0..50).step_by(2).map(|key| (key, false));
        let mut log = log(&values.chain(tombstones).collect::<Vec<_>>());
        let end = log.len() as u64;
        cleaned(&mut Cleaner::default(), &mut log, end, at(0));
        let has_value =
            |record: &&Cleanable| matches!(record.what, What::Keyed { key, is_tombstone: false } if key % 2 == 0);
        assert_eq!(log.iter().find(has_value), None);
        assert_eq!(log.len(), 50);
    }

    #[test]
    fn a_batch_with_a_record_without_key_is_refused() {
        assert_eq!(
            check_keys([true, false, false].into_iter()),
            Err((Error::InvalidRecord, 1))
        );
        assert_eq!(check_keys([true].into_iter()), Ok(()));
    }

    #[test]
    fn a_pass_is_due_by_share_or_by_age() {
        let rules = Compaction {
            lag_max: Some(DAY),
            ..Compaction::default()
        };
        assert!(!rules.is_due(51, 49, Some(at(0)), at(1)));
        assert!(rules.is_due(50, 50, Some(at(0)), at(0)));
        assert!(rules.is_due(51, 49, Some(at(0)), at(2)));
        assert!(!rules.is_due(51, 0, None, at(2)));
    }

    proptest! {
        /// Whatever passes were made: reading the whole log gives the same
        /// value for each key as before, as long as tombstones stay.
        #[test]
        fn readers_see_the_same_state(
            records in proptest::collection::vec((0u32..5, any::<bool>()), 1..40),
            ends in proptest::collection::vec(any::<prop::sample::Index>(), 1..5),
        ) {
            let state = |log: &[Cleanable]| {
                let mut state = BTreeMap::new();
                for record in log {
                    if let What::Keyed { key, is_tombstone } = record.what {
                        state.insert(key, (record.offset, is_tombstone));
                    }
                }
                state
            };
            let mut log = log(&records);
            let whole = state(&log);
            let mut cleaner = Cleaner::default();
            for end in ends {
                let end = end.index(records.len() + 1) as u64;
                cleaned(&mut cleaner, &mut log, end, at(0));
                prop_assert_eq!(state(&log), whole.clone());
                let to = cleaner.first_dirty();
                let clean = log.iter().filter(|record| record.offset < end && end == to);
                let keys: Vec<What> = clean.map(|record| record.what).collect();
                let number = |what: &What| match what {
                    What::Keyed { key, .. } => *key,
                    _ => 0,
                };
                let mut numbers: Vec<u32> = keys.iter().map(number).collect();
                numbers.sort_unstable();
                let count = numbers.len();
                numbers.dedup();
                prop_assert_eq!(count, numbers.len(), "a key stands once in what was cleaned");
            }
        }
    }
}
