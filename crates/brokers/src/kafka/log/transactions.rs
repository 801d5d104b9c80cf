//! Transactions in a partition: which are open, which were aborted, and up to
//! where everything is decided.

use super::producers::{ProducerId, Stamp};
use crate::kafka::Error;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// A transaction that its marker has ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ended {
    /// Whose.
    pub producer: ProducerId,
    /// Offset of its first record.
    pub first: u64,
    /// Offset of its marker.
    pub marker: u64,
    /// Whether it counts.
    pub is_committed: bool,
}

/// The transactions of one partition.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Transactions {
    /// First offset of each that is open.
    open: BTreeMap<ProducerId, u64>,
    /// Ended, with a marker that is not yet committed.
    undecided: Vec<Ended>,
    /// Aborted, in the order of their markers.
    aborted: Vec<Ended>,
}

impl Transactions {
    /// Whether a producer has a transaction open.
    pub fn is_open(&self, producer: ProducerId) -> bool {
        self.open.contains_key(&producer)
    }

    /// Whether a batch may be written.
    ///
    /// # Errors
    /// [`Error::InvalidTxnState`] outside of the transaction that its producer
    /// has open.
    pub fn check(&self, stamp: &Stamp) -> Result<(), Error> {
        if self.is_open(stamp.producer) && !stamp.is_transactional {
            Err(Error::InvalidTxnState)
        } else {
            Ok(())
        }
    }

    /// A producer wrote within a transaction; the first time it begins.
    pub fn wrote(&mut self, producer: ProducerId, offset: u64) {
        self.open.entry(producer).or_insert(offset);
    }

    /// A marker was written. `None` if nothing was open: then it ends nothing.
    pub fn marked(&mut self, producer: ProducerId, marker: u64, is_committed: bool) -> Option<Ended> {
        let first = self.open.remove(&producer)?;
        let ended = Ended {
            producer,
            first,
            marker,
            is_committed,
        };
        self.undecided.push(ended);
        if !is_committed {
            self.aborted.push(ended);
        }
        Some(ended)
    }

    /// The high watermark rose: transactions whose markers lie below it are
    /// decided.
    pub fn committed_up_to(&mut self, high_watermark: u64) {
        self.undecided.retain(|ended| ended.marker >= high_watermark);
    }

    /// The first record of which it is not decided whether it counts.
    pub fn first_unstable(&self) -> Option<u64> {
        let undecided = self.undecided.iter().map(|ended| ended.first);
        self.open.values().copied().chain(undecided).min()
    }

    /// The last stable offset: what `read_committed` may read ends there.
    pub fn last_stable_offset(&self, high_watermark: u64) -> u64 {
        let unstable = self.first_unstable();
        unstable.map_or(high_watermark, |unstable| unstable.min(high_watermark))
    }

    /// Where the last stable offset will be once the marker of `ended` is
    /// committed, other open transactions permitting.
    pub fn stable_after(&self, ended: &Ended) -> u64 {
        let others = self.open.iter().filter(|(producer, _)| **producer != ended.producer);
        others.map(|(_, first)| *first).min().unwrap_or(ended.marker + 1)
    }

    /// The aborted transactions that who reads from `from` up to `to` has to
    /// leave out, in the order of their first records.
    pub fn aborted(&self, from: u64, to: u64) -> Vec<Ended> {
        // Markers are in order, so earlier ones are passed over at once.
        let after = self.aborted.partition_point(|ended| ended.marker < from);
        let mut found = self.aborted[after..].to_vec();
        found.retain(|ended| ended.first < to);
        mqlab_kernel::sort_by_key(&mut found, |ended| ended.first);
        found
    }

    /// The log starts at `start` now: what was aborted before is not needed.
    pub fn truncate_front(&mut self, start: u64) {
        self.aborted.retain(|ended| ended.marker >= start);
    }

    /// The log was cut back to end at `end`: what was marked behind it is open
    /// again, what began behind it never began.
    pub fn truncate(&mut self, end: u64) {
        for ended in self.undecided.iter().filter(|ended| ended.marker >= end) {
            // Of several in a row the first one was open at the cut.
            let first = self.open.entry(ended.producer).or_insert(ended.first);
            *first = (*first).min(ended.first);
        }
        self.open.retain(|_, first| *first < end);
        self.undecided.retain(|ended| ended.marker < end);
        self.aborted.retain(|ended| ended.marker < end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ONE: ProducerId = ProducerId(1);

    #[test]
    fn it_moves_when_the_marker_is_committed_and_not_when_it_is_written() {
        let mut transactions = Transactions::default();
        transactions.wrote(ONE, 3);
        transactions.wrote(ONE, 4);
        assert_eq!(transactions.last_stable_offset(5), 3);
        transactions.marked(ONE, 5, true);
        transactions.committed_up_to(5);
        assert_eq!(transactions.last_stable_offset(5), 3);
        transactions.committed_up_to(6);
        assert_eq!(transactions.last_stable_offset(6), 6);
    }

    #[test]
    fn a_marker_without_a_transaction_ends_nothing() {
        assert_eq!(Transactions::default().marked(ONE, 0, false), None);
    }

    #[test]
    fn who_has_a_transaction_open_writes_within_it() {
        let mut transactions = Transactions::default();
        let stamp = |is_transactional: bool| Stamp {
            producer: ONE,
            epoch: 0,
            sequence: 0,
            records: 1,
            is_transactional,
        };
        assert_eq!(transactions.check(&stamp(false)), Ok(()));
        transactions.wrote(ONE, 0);
        assert_eq!(transactions.check(&stamp(true)), Ok(()));
        assert_eq!(transactions.check(&stamp(false)), Err(Error::InvalidTxnState));
    }

    #[derive(Clone, Copy, Debug)]
    enum Step {
        Plain,
        Write(u32),
        Mark(u32, bool),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            2 => Just(Step::Plain),
            5 => (0u32..3).prop_map(Step::Write),
            2 => (0u32..3, any::<bool>()).prop_map(|(who, is_committed)| Step::Mark(who, is_committed)),
        ]
    }

    fn apply(steps: &[Step]) -> Transactions {
        let mut transactions = Transactions::default();
        for (offset, step) in (0..).zip(steps) {
            match *step {
                Step::Plain => {}
                Step::Write(who) => transactions.wrote(ProducerId(who), offset),
                Step::Mark(who, is_committed) => {
                    transactions.marked(ProducerId(who), offset, is_committed);
                }
            }
        }
        transactions
    }

    /// Offset of the marker that ends the transaction of a record, with what
    /// it says; `None` while there is none.
    fn end_of(steps: &[Step], offset: usize, who: u32) -> Option<(usize, bool)> {
        let marks = steps.iter().enumerate().skip(offset);
        let mut marks = marks.filter_map(|(at, step)| match step {
            Step::Mark(marked, is_committed) if *marked == who => Some((at, *is_committed)),
            _ => None,
        });
        marks.next()
    }

    proptest! {
        /// The model looks at every record: the last stable offset is that of
        /// the first without a marker below the high watermark, and what is
        /// left out of a read is what a marker aborted.
        #[test]
        fn it_is_what_looking_at_every_record_gives(
            steps in proptest::collection::vec(step(), 0..40),
            high_watermark in any::<prop::sample::Index>(),
            from in any::<prop::sample::Index>(),
        ) {
            let high_watermark = high_watermark.index(steps.len() + 1);
            let mut transactions = apply(&steps);
            transactions.committed_up_to(high_watermark as u64);
            let is_unstable = |offset: &usize| match steps[*offset] {
                Step::Write(who) => end_of(&steps, *offset, who).is_none_or(|(marker, _)| marker >= high_watermark),
                _ => false,
            };
            let stable = (0..high_watermark).find(is_unstable).unwrap_or(high_watermark);
            prop_assert_eq!(transactions.last_stable_offset(high_watermark as u64), stable as u64);

            let from = from.index(stable + 1);
            let aborted = transactions.aborted(from as u64, stable as u64);
            for offset in from..stable {
                if let Step::Write(who) = steps[offset] {
                    let covers = |ended: &&Ended| {
                        ended.producer.0 == who && ended.first <= offset as u64 && (offset as u64) < ended.marker
                    };
                    let is_aborted = end_of(&steps, offset, who).is_some_and(|(_, is_committed)| !is_committed);
                    prop_assert_eq!(aborted.iter().any(|ended| covers(&ended)), is_aborted);
                }
            }
        }

        /// Cutting back and never having written are the same.
        #[test]
        fn a_cut_log_never_had_more(steps in proptest::collection::vec(step(), 0..40), cut in any::<prop::sample::Index>()) {
            let end = cut.index(steps.len() + 1);
            let mut transactions = apply(&steps);
            transactions.truncate(end as u64);
            prop_assert_eq!(transactions, apply(&steps[..end]));
        }
    }
}
