//! Which segments of a log are deleted.
//!
//! Whole segments go, the oldest first, and only if all of it is committed.
//! The active segment may go too: then the log is empty and starts where it
//! ended.

use super::Marks;
use mqlab_kernel::{SimSpan, SimTime};

/// What retention has to know of a segment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SegmentFacts {
    /// Its base offset.
    pub base: u64,
    /// Its size.
    pub bytes: u64,
    /// Time of its newest record.
    pub newest: SimTime,
}

/// How long a log is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Retention {
    /// Whether `cleanup.policy` includes `delete`.
    pub deletes: bool,
    /// `retention.ms`; `None` is for ever.
    pub time: Option<SimSpan>,
    /// `retention.bytes`; `None` is no limit.
    pub bytes: Option<u64>,
}

impl Default for Retention {
    /// Kafka 4.2: a week, of any size.
    fn default() -> Self {
        Retention {
            deletes: true,
            time: Some(SimSpan::from_secs(7 * 24 * 3_600)),
            bytes: None,
        }
    }
}

impl Retention {
    /// How many segments, oldest first, are deleted now. `segments` are in
    /// order, the last one is active.
    ///
    /// What lies before the log start offset goes whatever the policy. Then,
    /// if the policy deletes: a segment that the log can lose and still have
    /// the size it may have; and one whose newest record is older than
    /// allowed.
    pub fn deletable(&self, segments: &[SegmentFacts], marks: Marks, now: SimTime) -> usize {
        let mut gone = count(segments, marks, |_, next| {
            next.is_some_and(|next| next.base <= marks.start())
        });
        if !self.deletes {
            return gone;
        }
        if let Some(limit) = self.bytes {
            let size: u64 = segments[gone..].iter().map(|one| one.bytes).sum();
            let mut excess = size.checked_sub(limit);
            gone += count(&segments[gone..], marks, |one, _| {
                excess = excess.and_then(|excess| excess.checked_sub(one.bytes));
                excess.is_some()
            });
        }
        if let Some(limit) = self.time {
            let is_old = |one: &SegmentFacts| now.saturating_since(one.newest) > limit;
            gone += count(&segments[gone..], marks, |one, _| is_old(one));
        }
        gone
    }
}

/// How many of the first segments may go and satisfy `is_due`, which is given
/// a segment and the next one.
fn count(
    segments: &[SegmentFacts],
    marks: Marks,
    mut is_due: impl FnMut(&SegmentFacts, Option<&SegmentFacts>) -> bool,
) -> usize {
    let may_go = |index: &usize| {
        let (one, next) = (&segments[*index], segments.get(index + 1));
        let end = next.map_or(marks.end(), |next| next.base);
        let is_empty = next.is_none() && one.bytes == 0;
        is_due(one, next) && !is_empty && marks.high_watermark() >= end
    };
    (0..segments.len()).take_while(may_go).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    fn at(seconds: u64) -> SimTime {
        SimTime::ZERO + SimSpan::from_secs(seconds)
    }

    /// Three segments of five records and 500 bytes, a second apart.
    fn segments() -> [SegmentFacts; 3] {
        [0, 1, 2].map(|number| SegmentFacts {
            base: number * 5,
            bytes: 500,
            newest: at(number),
        })
    }

    fn marks(start: u64, high_watermark: u64, end: u64) -> Marks {
        let mut marks = Marks::default();
        marks.appended(end);
        marks.set_high_watermark(high_watermark);
        marks.raise_start(start).unwrap();
        marks
    }

    fn rules(time: Option<u64>, bytes: Option<u64>) -> Retention {
        Retention {
            deletes: true,
            time: time.map(SimSpan::from_secs),
            bytes,
        }
    }

    #[test]
    fn age_and_size_are_compared_strictly() {
        let deleted = |rules: Retention| rules.deletable(&segments(), marks(0, 15, 15), at(10));
        assert_eq!(deleted(rules(Some(10), None)), 0, "ten seconds are not more than ten");
        assert_eq!(deleted(rules(Some(9), None)), 1);
        assert_eq!(deleted(rules(None, Some(1_000))), 1);
        assert_eq!(deleted(rules(None, Some(1_001))), 0, "what is left would be too little");
        assert_eq!(deleted(rules(Some(1), None)), 3, "the active one too");
    }

    #[test]
    fn nothing_that_is_not_committed_goes() {
        let deleted =
            |high_watermark: u64| rules(Some(1), None).deletable(&segments(), marks(0, high_watermark, 15), at(100));
        assert_eq!([4, 5, 14, 15].map(deleted), [0, 1, 2, 3]);
    }

    #[test]
    fn deleted_records_take_their_segments_whatever_the_policy() {
        let compacted = Retention {
            deletes: false,
            ..rules(Some(1), Some(1))
        };
        let deleted = |start: u64| compacted.deletable(&segments(), marks(start, 15, 15), at(100));
        assert_eq!([4, 5, 12].map(deleted), [0, 1, 2]);
    }

    proptest! {
        /// The model takes segments away one at a time for as long as a reason
        /// is left.
        #[test]
        fn it_is_what_taking_one_after_the_other_gives(
            sizes in proptest::collection::vec((1u64..5, 0u64..5, 0u64..9), 1..8),
            high_watermark in 0u64..40,
            limits in (proptest::option::of(0u64..9), proptest::option::of(0u64..30)),
            now in 0u64..9,
        ) {
            let mut end = 0;
            let mut segments = Vec::new();
            for (records, bytes, newest) in sizes {
                segments.push(SegmentFacts { base: end, bytes, newest: at(newest) });
                end += records;
            }
            let rules = rules(limits.0, limits.1);
            let deleted = rules.deletable(&segments, marks(0, high_watermark, end), at(now));
            let mut naive = 0;
            let mut is_by_size = true;
            while let Some(one) = segments.get(naive) {
                let next = segments.get(naive + 1).map_or(end, |next| next.base);
                let size: u64 = segments[naive..].iter().map(|one| one.bytes).sum();
                let by_size = is_by_size && limits.1.is_some_and(|limit| size >= limit + one.bytes);
                let by_age = limits.0.is_some_and(|limit| now.saturating_sub(one.newest.nanos() / 1_000_000_000) > limit);
                // Once age is the reason, size is not asked any more.
                is_by_size &= by_size;
                let is_empty = naive + 1 == segments.len() && one.bytes == 0;
                if !(by_size || by_age) || high_watermark < next || is_empty {
                    break;
                }
                naive += 1;
            }
            prop_assert_eq!(deleted, naive);
        }
    }
}
