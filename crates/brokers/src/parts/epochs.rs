//! Who led from which offset on: the line by which two copies of a log find
//! out where they part.

use alloc::vec::Vec;

/// Epochs of leaders with the offset at which each began, both growing.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Epochs {
    begun: Vec<(u32, u64)>,
}

impl Epochs {
    /// Epochs of the given beginnings.
    pub fn new(begun: impl IntoIterator<Item = (u32, u64)>) -> Epochs {
        let mut epochs = Epochs::default();
        for (epoch, start) in begun {
            epochs.begin(epoch, start);
        }
        epochs
    }

    /// An epoch begins with the record at `start`. What contradicts it is
    /// forgotten: later epochs, and those that would begin behind it.
    pub fn begin(&mut self, epoch: u32, start: u64) {
        if self.latest().is_some_and(|latest| latest == epoch) {
            return;
        }
        self.begun
            .retain(|(known, known_start)| *known < epoch && *known_start < start);
        self.begun.push((epoch, start));
    }

    /// The latest epoch.
    pub fn latest(&self) -> Option<u32> {
        self.begun.last().map(|(epoch, _)| *epoch)
    }

    /// The epochs with their beginnings.
    pub fn begun(&self) -> &[(u32, u64)] {
        &self.begun
    }

    /// The epoch in which the record at `offset` was written.
    pub fn at(&self, offset: u64) -> Option<u32> {
        let after = self.begun.partition_point(|(_, start)| *start <= offset);
        Some(self.begun[after.checked_sub(1)?].0)
    }

    /// The offset behind the epoch in which the record at `offset` was written;
    /// `u64::MAX` if that is the latest.
    pub fn end_at(&self, offset: u64) -> u64 {
        let after = self.begun.partition_point(|(_, start)| *start <= offset);
        self.begun.get(after).map_or(u64::MAX, |(_, start)| *start)
    }

    /// The largest known epoch up to `epoch`, and where it ends in a log that
    /// ends at `log_end`. If all known epochs are later it is `epoch` itself,
    /// of which nothing is there: it ends where the first one begins. `None`
    /// if all are earlier: nothing is known of what comes.
    pub fn end_of(&self, epoch: u32, log_end: u64) -> Option<(u32, u64)> {
        let after = self.begun.partition_point(|(known, _)| *known <= epoch);
        let floor = after.checked_sub(1).map_or(epoch, |index| self.begun[index].0);
        match self.begun.get(after) {
            Some((_, next_start)) => Some((floor, *next_start)),
            None => (after > 0 && floor == epoch).then_some((epoch, log_end)),
        }
    }

    /// The log was cut back to end at `end`.
    pub fn truncate_back(&mut self, end: u64) {
        self.begun.retain(|(_, start)| *start < end);
    }

    /// The log was cut to start at `start`: the epoch of its first record
    /// begins there now.
    pub fn truncate_front(&mut self, start: u64) {
        let after = self.begun.partition_point(|(_, begun)| *begun <= start);
        if after > 0 {
            self.begun.drain(..after - 1);
            self.begun[0].1 = start;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_epoch_ends_where_the_next_begins() {
        let epochs = Epochs::new([(0, 0), (1, 4), (3, 8)]);
        assert_eq!(epochs.end_of(1, 12), Some((1, 8)));
        assert_eq!(epochs.end_of(2, 12), Some((1, 8)), "nobody led in epoch 2");
        assert_eq!(epochs.end_of(3, 12), Some((3, 12)));
        assert_eq!(epochs.end_of(4, 12), None, "nothing is known of what comes");
        assert_eq!([0, 3, 4, 8].map(|offset| epochs.end_at(offset)), [4, 4, 8, u64::MAX]);
        assert_eq!(Epochs::default().end_of(0, 12), None);
        assert_eq!(
            Epochs::new([(2, 5)]).end_of(1, 12),
            Some((1, 5)),
            "nothing of it is left"
        );
    }

    #[test]
    fn a_log_that_is_cut_forgets_what_it_no_longer_holds() {
        let mut epochs = Epochs::new([(0, 0), (1, 4), (3, 8)]);
        epochs.truncate_back(8);
        assert_eq!(epochs.latest(), Some(1));
        epochs.truncate_front(6);
        assert_eq!(epochs.begun(), [(1, 6)]);
        assert_eq!(epochs.at(5), None);
    }

    proptest! {
        /// The model keeps the epoch of every record.
        #[test]
        fn it_knows_what_a_list_of_all_records_knows(
            steps in proptest::collection::vec((0u32..3, 0u64..5), 1..20),
            cut in any::<prop::sample::Index>(),
            start in any::<prop::sample::Index>(),
        ) {
            let mut epochs = Epochs::default();
            let mut naive: Vec<u32> = Vec::new();
            let mut epoch = 0;
            for (later, records) in steps {
                epoch += later;
                if records > 0 {
                    epochs.begin(epoch, naive.len() as u64);
                }
                (0..records).for_each(|_| naive.push(epoch));
            }
            let end = cut.index(naive.len() + 1);
            naive.truncate(end);
            epochs.truncate_back(end as u64);
            let start = start.index(end + 1);
            if start < end {
                epochs.truncate_front(start as u64);
            }
            for (offset, epoch) in naive.iter().enumerate().skip(start) {
                prop_assert_eq!(epochs.at(offset as u64), Some(*epoch));
            }
            for asked in 0..epoch + 2 {
                let found = epochs.end_of(asked, end as u64);
                if start < end {
                    let known = &naive[start..end];
                    let floor = known.iter().rposition(|epoch| *epoch <= asked);
                    let is_later = known.last().is_some_and(|last| *last < asked);
                    let end = floor.map_or((asked, start as u64), |at| (known[at], (start + at) as u64 + 1));
                    let expected = (!is_later).then_some(end);
                    prop_assert_eq!(found, expected);
                }
            }
        }
    }
}
