//! The index of a segment: not every record has an entry, but every so many bytes.

use mqlab_kernel::SimTime;

/// How many entries the two indexes of a segment have: by offset and by time.
/// Entries themselves are not kept, because nobody looks anything up in them.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct SparseIndex {
    offsets: u32,
    times: u32,
    /// The time of the last entry of the index by time.
    last: Option<SimTime>,
    /// What was written since the last entry.
    bytes: u64,
}

impl SparseIndex {
    /// A batch is written: it gets an entry if more than `interval` bytes were
    /// written since the last one. The index by time gets one as well, if
    /// `newest`, the newest time of the segment with this batch, is newer than what
    /// it has.
    pub fn wrote(&mut self, bytes: u64, newest: Option<SimTime>, interval: u64) {
        if self.bytes > interval {
            self.offsets += 1;
            self.times += u32::from(self.note(newest));
            self.bytes = 0;
        }
        self.bytes += bytes;
    }

    fn note(&mut self, newest: Option<SimTime>) -> bool {
        let is_newer = newest > self.last;
        self.last = self.last.max(newest);
        is_newer
    }

    /// Entries of the index by offset.
    pub const fn offsets(&self) -> u32 {
        self.offsets
    }

    /// Entries of the index by time. A segment that is not written to any more
    /// has one for its newest record in any case.
    pub fn times(&self, newest: Option<SimTime>, is_sealed: bool) -> u32 {
        self.times + u32::from(is_sealed && newest > self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mqlab_kernel::SimSpan;

    fn at(seconds: u64) -> Option<SimTime> {
        Some(SimTime::ZERO + SimSpan::from_secs(seconds))
    }

    #[test]
    fn an_entry_comes_with_the_batch_after_so_many_bytes() {
        let mut index = SparseIndex::default();
        let entries: alloc::vec::Vec<u32> = (0..12)
            .map(|second| {
                index.wrote(1_000, at(second), 4_096);
                index.offsets()
            })
            .collect();
        // Five batches are more than 4,096 bytes: the sixth one is entered.
        assert_eq!(entries, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2]);
    }

    #[test]
    fn a_time_is_entered_once() {
        let mut index = SparseIndex::default();
        for _ in 0..4 {
            index.wrote(5_000, at(7), 4_096);
        }
        assert_eq!((index.offsets(), index.times(at(7), false)), (3, 1));
        assert_eq!(index.times(at(7), true), 1, "the newest record is entered");
        assert_eq!(index.times(at(8), true), 2);
        assert_eq!(index.times(at(8), false), 1);
    }

    #[test]
    fn a_segment_without_records_has_no_entries() {
        assert_eq!(SparseIndex::default().times(None, true), 0);
    }
}
