//! How far a group has read.

use crate::kafka::{Error, TopicPartition};
use alloc::collections::BTreeMap;

/// The offsets that a group committed: of the record that it reads next.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Committed {
    offsets: BTreeMap<TopicPartition, u64>,
}

impl Committed {
    /// Commits an offset. It may be smaller than the last one.
    pub fn commit(&mut self, partition: TopicPartition, offset: u64) {
        self.offsets.insert(partition, offset);
    }

    /// What was committed last.
    pub fn of(&self, partition: TopicPartition) -> Option<u64> {
        self.offsets.get(&partition).copied()
    }

    /// Every offset, in order of partitions.
    pub fn iter(&self) -> impl Iterator<Item = (TopicPartition, u64)> {
        self.offsets.iter().map(|(partition, offset)| (*partition, *offset))
    }

    /// How many records a group has still to read of a partition that is
    /// committed up to `high_watermark`; `None` where it committed nothing.
    pub fn lag(&self, partition: TopicPartition, high_watermark: u64) -> Option<u64> {
        self.of(partition).map(|offset| high_watermark.saturating_sub(offset))
    }
}

/// `auto.offset.reset`: where a consumer begins if nothing was committed, or
/// if what was committed is not in the log any more.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum OffsetReset {
    /// At the start of the log.
    Earliest,
    /// At its end: what comes from now on.
    #[default]
    Latest,
    /// Nowhere: the application is told.
    None,
}

impl OffsetReset {
    /// Where a consumer goes on in a log from `start` to `end`.
    ///
    /// # Errors
    /// [`Error::OffsetOutOfRange`] if there is no such place.
    pub fn position(self, committed: Option<u64>, start: u64, end: u64) -> Result<u64, Error> {
        match (committed, self) {
            (Some(offset), _) if (start..=end).contains(&offset) => Ok(offset),
            (_, OffsetReset::Earliest) => Ok(start),
            (_, OffsetReset::Latest) => Ok(end),
            (_, OffsetReset::None) => Err(Error::OffsetOutOfRange),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_committed_counts_while_it_is_in_the_log() {
        use OffsetReset::{Earliest, Latest, None as Nowhere};
        for (reset, committed, expected) in [
            (Earliest, Some(7), Ok(7)),
            (Earliest, None, Ok(5)),
            (Latest, None, Ok(9)),
            (Nowhere, None, Err(Error::OffsetOutOfRange)),
            (Earliest, Some(4), Ok(5)),
            (Latest, Some(4), Ok(9)),
            (Latest, Some(10), Ok(9)),
            (Nowhere, Some(9), Ok(9)),
        ] {
            assert_eq!(reset.position(committed, 5, 9), expected, "{reset:?} {committed:?}");
        }
    }

    #[test]
    fn the_lag_is_what_is_committed_and_not_read() {
        let partition = TopicPartition { topic: 0, partition: 1 };
        let mut committed = Committed::default();
        assert_eq!(committed.lag(partition, 10), None);
        committed.commit(partition, 4);
        assert_eq!(committed.lag(partition, 10), Some(6));
        assert_eq!(committed.lag(partition, 3), Some(0), "after an unclean election");
    }
}
