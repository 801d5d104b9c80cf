//! The offsets by which everybody talks about a log.

use crate::kafka::Error;

/// Where a log starts, up to where it is committed, and where it ends. Each is
/// at most the next.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Marks {
    start: u64,
    high: u64,
    end: u64,
}

impl Marks {
    /// An empty log whose first record will have this offset.
    pub const fn at(offset: u64) -> Marks {
        Marks {
            start: offset,
            high: offset,
            end: offset,
        }
    }

    /// The log start offset: of the first record that may be read.
    pub const fn start(self) -> u64 {
        self.start
    }

    /// The high watermark: of the first record that is not committed.
    pub const fn high_watermark(self) -> u64 {
        self.high
    }

    /// The log end offset: of the record that comes next.
    pub const fn end(self) -> u64 {
        self.end
    }

    /// Records were written up to `end`.
    ///
    /// # Panics
    /// If the log would end before it did.
    pub fn appended(&mut self, end: u64) {
        assert!(end >= self.end, "records are written at the end");
        self.end = end;
    }

    /// Sets the high watermark to where somebody else says it is: a follower
    /// to its leader's. It stays within the log.
    pub fn set_high_watermark(&mut self, to: u64) {
        self.high = to.clamp(self.start, self.end);
    }

    /// Raises the high watermark; it does not go back. Returns whether it
    /// rose.
    ///
    /// # Panics
    /// Behind the end of the log: nobody can have committed what is not there.
    pub fn raise_high_watermark(&mut self, to: u64) -> bool {
        assert!(to <= self.end, "only what is written is committed");
        let is_higher = to > self.high;
        self.high = self.high.max(to);
        is_higher
    }

    /// The log starts at `to` from now on, if it did not start later already:
    /// retention, or somebody who deletes records.
    ///
    /// # Errors
    /// [`Error::OffsetOutOfRange`] behind the high watermark.
    pub fn raise_start(&mut self, to: u64) -> Result<(), Error> {
        if to > self.high {
            return Err(Error::OffsetOutOfRange);
        }
        self.start = self.start.max(to);
        Ok(())
    }

    /// The log is cut back to end at `end`, if it was longer. The other marks
    /// come along.
    pub fn truncate(&mut self, end: u64) {
        self.end = self.end.min(end);
        self.high = self.high.min(self.end);
        self.start = self.start.min(self.end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn records_are_deleted_up_to_the_high_watermark() {
        let mut marks = Marks::default();
        marks.appended(50);
        marks.set_high_watermark(25);
        assert_eq!(marks.raise_start(26), Err(Error::OffsetOutOfRange));
        assert_eq!(marks.raise_start(25), Ok(()));
        assert_eq!(marks.raise_start(3), Ok(()));
        assert_eq!(marks.start(), 25);
    }

    #[test]
    fn the_high_watermark_stays_within_the_log() {
        let mut marks = Marks::default();
        marks.appended(3);
        marks.set_high_watermark(5);
        assert_eq!(marks.high_watermark(), 3);
        marks.truncate(1);
        assert_eq!((marks.high_watermark(), marks.end()), (1, 1));
    }

    proptest! {
        #[test]
        fn marks_never_pass_each_other(steps in proptest::collection::vec((0u8..5, 0u64..20), 0..40)) {
            let mut marks = Marks::at(5);
            for (kind, number) in steps {
                match kind {
                    0 => marks.appended(marks.end() + number),
                    1 => marks.set_high_watermark(number * 3),
                    2 => {
                        marks.raise_high_watermark((number * 3).min(marks.end()));
                    }
                    3 => {
                        let _ = marks.raise_start(number * 2);
                    }
                    _ => marks.truncate(number * 3),
                }
                prop_assert!(marks.start() <= marks.high_watermark() && marks.high_watermark() <= marks.end());
            }
        }
    }
}
