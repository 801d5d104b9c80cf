//! When a log begins a new segment.

use mqlab_kernel::{SimSpan, SimTime};

/// Most records of a segment: offsets in it are counted from its base in 31
/// bits.
pub const SEGMENT_OFFSETS_MAX: u64 = i32::MAX as u64;

/// When a segment is full.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Roll {
    /// `segment.bytes`.
    pub bytes: u64,
    /// `segment.ms`, less this log's share of `segment.jitter.ms`.
    pub time: SimSpan,
}

impl Default for Roll {
    /// Kafka 4.2: 1 GiB or a week.
    fn default() -> Self {
        Roll {
            bytes: 1 << 30,
            time: SimSpan::from_secs(7 * 24 * 3_600),
        }
    }
}

/// The segment that is written to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ActiveSegment {
    /// Its base offset.
    pub base: u64,
    /// Its size.
    pub bytes: u64,
    /// Time of its first record, if it has one with a time.
    pub first: Option<SimTime>,
    /// When it was begun.
    pub begun: SimTime,
}

/// What is about to be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Incoming {
    /// Its size.
    pub bytes: u64,
    /// Offset of its last record.
    pub last: u64,
    /// Time of its newest record, if records have times.
    pub newest: Option<SimTime>,
}

impl Roll {
    /// Whether a new segment begins before something is written. Time is
    /// counted between records; only where they have none by the clock. An
    /// empty segment is never left.
    pub fn is_due(&self, segment: &ActiveSegment, incoming: &Incoming, now: SimTime) -> bool {
        let waited = match (segment.first, incoming.newest) {
            (Some(first), Some(newest)) => newest.saturating_since(first),
            (Some(_), None) => SimSpan::ZERO,
            (None, _) => now.saturating_since(segment.begun),
        };
        let is_full = segment.bytes + incoming.bytes > self.bytes;
        let is_old = segment.bytes > 0 && waited > self.time;
        (is_full && segment.bytes > 0) || is_old || incoming.last - segment.base > SEGMENT_OFFSETS_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SimTime {
        SimTime::ZERO + SimSpan::from_secs(seconds)
    }

    const RULES: Roll = Roll {
        bytes: 1_000,
        time: SimSpan::from_secs(60),
    };

    fn is_due(bytes: u64, first: Option<u64>, newest: Option<u64>, now: u64) -> bool {
        let segment = ActiveSegment {
            base: 0,
            bytes,
            first: first.map(at),
            begun: at(0),
        };
        let incoming = Incoming {
            bytes: 100,
            last: 10,
            newest: newest.map(at),
        };
        RULES.is_due(&segment, &incoming, at(now))
    }

    #[test]
    fn a_segment_is_full_when_the_next_does_not_fit() {
        assert!(!is_due(900, Some(0), Some(0), 0));
        assert!(is_due(901, Some(0), Some(0), 0));
    }

    #[test]
    fn time_is_counted_between_records() {
        assert!(!is_due(1, Some(0), Some(60), 1_000));
        assert!(is_due(1, Some(0), Some(61), 0));
        assert!(!is_due(1, None, None, 60), "or by the clock without times");
        assert!(is_due(1, None, None, 61));
        assert!(!is_due(1, Some(0), None, 1_000));
    }

    #[test]
    fn an_empty_segment_stays() {
        assert!(!is_due(0, None, None, 1_000));
    }

    #[test]
    fn offsets_of_a_segment_fit_into_31_bits() {
        let segment = ActiveSegment {
            base: 7,
            bytes: 1,
            first: None,
            begun: at(0),
        };
        let is_due = |last: u64| {
            let incoming = Incoming {
                bytes: 1,
                last,
                newest: None,
            };
            RULES.is_due(&segment, &incoming, at(0))
        };
        assert!(!is_due(7 + SEGMENT_OFFSETS_MAX));
        assert!(is_due(8 + SEGMENT_OFFSETS_MAX));
    }
}
