//! Instants of simulated time, counted from the start of the run's clock.

use core::fmt;
use core::ops::Add;

use crate::decimal::{Decimal, write_fraction};
use crate::span::SimSpan;

const SECOND: u64 = 1_000_000_000;

/// An instant: whole nanoseconds since the start of the run's clock (midnight
/// of its first day), at most 2^53-1, so that it is exact in JavaScript.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct SimTime(u64);

impl SimTime {
    /// The start of the clock.
    pub const ZERO: SimTime = SimTime(0);
    /// The last instant there is: 2^53-1 nanoseconds.
    pub const MAX: SimTime = SimTime((1 << 53) - 1);

    /// The instant `nanos` nanoseconds after the start.
    ///
    /// # Panics
    /// Above [`SimTime::MAX`].
    #[inline]
    pub const fn from_nanos(nanos: u64) -> Self {
        assert!(nanos <= Self::MAX.0, "time above 2^53-1 ns");
        SimTime(nanos)
    }

    /// The instant of a key in the agenda, which no instant above
    /// [`SimTime::MAX`] has ever got into.
    #[inline(always)]
    pub(crate) const fn of_key(nanos: u64) -> Self {
        debug_assert!(nanos <= Self::MAX.0, "time above 2^53-1 ns");
        SimTime(nanos)
    }

    /// Nanoseconds since the start.
    #[inline]
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// The instant `span` later, or `None` above [`SimTime::MAX`].
    #[inline]
    pub const fn checked_add(self, span: SimSpan) -> Option<SimTime> {
        // Both are below 2^53, so the u64 sum cannot wrap.
        let nanos = self.0 + span.nanos();
        if nanos <= Self::MAX.0 {
            Some(SimTime(nanos))
        } else {
            None
        }
    }

    /// The instant `span` later, held at [`SimTime::MAX`].
    #[inline]
    pub fn saturating_add(self, span: SimSpan) -> SimTime {
        SimTime((self.0 + span.nanos()).min(Self::MAX.0))
    }

    /// The instant `span` earlier, held at [`SimTime::ZERO`].
    #[inline]
    pub const fn saturating_sub(self, span: SimSpan) -> SimTime {
        SimTime(self.0.saturating_sub(span.nanos()))
    }

    /// The span from `earlier` to here.
    ///
    /// # Panics
    /// If `earlier` is later.
    #[inline]
    pub const fn since(self, earlier: SimTime) -> SimSpan {
        assert!(earlier.0 <= self.0, "since() of a later time");
        SimSpan::between(self.0 - earlier.0)
    }

    /// The span from `earlier` to here, or zero if `earlier` is later.
    #[inline]
    pub const fn saturating_since(self, earlier: SimTime) -> SimSpan {
        SimSpan::from_nanos(self.0.saturating_sub(earlier.0))
    }

    /// The index of the clock second this instant lies in; per-second series
    /// are indexed by it.
    #[inline]
    pub const fn second(self) -> u64 {
        self.0 / SECOND
    }

    /// Reads a clock time: `12:00`, `12:00:00` or `14:32:18.462`, with up to
    /// nine digits of fraction; hours may exceed 23.
    ///
    /// `None` when malformed or above [`SimTime::MAX`].
    pub fn parse_clock(text: &str) -> Option<SimTime> {
        let (hours, rest) = text.split_once(':')?;
        let (minutes, seconds) = match rest.split_once(':') {
            Some((minutes, seconds)) => (minutes, seconds),
            None => (rest, "00"),
        };
        if hours.is_empty() || !hours.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let hours: u64 = hours.parse().ok()?;
        let minutes = sexagesimal(minutes)?;
        let seconds_nanos = match seconds.split_once('.') {
            None => sexagesimal(seconds)? * SECOND,
            Some((whole, fraction)) => {
                sexagesimal(whole)?;
                if fraction.contains('_') {
                    return None;
                }
                let (number, "") = Decimal::take(seconds)? else {
                    return None;
                };
                number.times(SECOND)?
            }
        };
        let whole = hours.checked_mul(3_600)?.checked_add(minutes * 60)?;
        let nanos = whole.checked_mul(SECOND)?.checked_add(seconds_nanos)?;
        (nanos <= Self::MAX.0).then_some(SimTime(nanos))
    }
}

/// Exactly two digits below sixty.
fn sexagesimal(text: &str) -> Option<u64> {
    match *text.as_bytes() {
        [tens @ b'0'..=b'5', ones @ b'0'..=b'9'] => Some(u64::from(tens - b'0') * 10 + u64::from(ones - b'0')),
        _ => None,
    }
}

impl Add<SimSpan> for SimTime {
    type Output = SimTime;
    /// Panics above [`SimTime::MAX`].
    #[inline]
    fn add(self, span: SimSpan) -> SimTime {
        self.checked_add(span).expect("time above 2^53-1 ns")
    }
}

/// Clock time with whatever fraction is needed: `12:00:00`, `12:00:00.4`; hours
/// go on counting after midnight (`30:00:00`). [`SimTime::parse_clock`] reads it
/// back.
impl fmt::Display for SimTime {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.second();
        let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
        write!(out, "{hours:02}:{minutes:02}:{:02}", seconds % 60)?;
        write_fraction(out, self.0 % SECOND, SECOND)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use proptest::prelude::*;

    use super::*;

    fn clock(text: &str) -> SimTime {
        SimTime::parse_clock(text).unwrap()
    }

    #[test]
    fn parses_clock_times() {
        assert_eq!(clock("12:00").nanos(), 43_200 * SECOND);
        assert_eq!(clock("12:00:00"), clock("12:00"));
        assert_eq!(clock("14:32:18.462").nanos(), 52_338_462_000_000);
        assert_eq!(clock("30:00").second(), 108_000);
        assert_eq!(clock("00:00:00.000000001").nanos(), 1);
        assert_eq!(clock("9:05"), clock("09:05"));
    }

    #[test]
    fn refuses_other_texts() {
        for text in [
            "",
            "12",
            "12:0",
            "12:60",
            "12:00:60",
            "12:00:0",
            ":00",
            "12:00:00.",
            "12:00:00.0000000001",
            "-1:00",
            "+1:00",
            "12:00:00.1_0",
            "12:00:00:00",
            "12:00 ",
            "99999:00",
        ] {
            assert_eq!(SimTime::parse_clock(text), None, "{text}");
        }
    }

    #[test]
    fn displays_clock_times() {
        for text in [
            "12:00:00.4",
            "12:00:00",
            "30:00:00",
            "00:00:00.000000001",
            "09:05:07.25",
        ] {
            assert_eq!(clock(text).to_string(), text);
        }
    }

    #[test]
    fn adds_and_subtracts_within_range() {
        let second = SimSpan::from_secs(1);
        assert_eq!(clock("12:00") + second, clock("12:00:01"));
        assert_eq!(clock("12:00:01").since(clock("12:00")), second);
        assert_eq!(clock("12:00").saturating_since(clock("12:01")), SimSpan::ZERO);
        assert_eq!(SimTime::ZERO.saturating_sub(second), SimTime::ZERO);
        assert_eq!(SimTime::MAX.checked_add(SimSpan::from_nanos(1)), None);
        assert_eq!(SimTime::MAX.saturating_add(second), SimTime::MAX);
    }

    #[test]
    #[should_panic(expected = "later time")]
    fn since_a_later_time_panics() {
        let _ = SimTime::ZERO.since(SimTime::MAX);
    }

    #[test]
    #[should_panic(expected = "2^53-1")]
    fn adding_beyond_the_end_panics() {
        let _ = SimTime::MAX + SimSpan::from_nanos(1);
    }

    proptest! {
        #[test]
        fn every_time_reads_back_from_its_text(nanos in 0..=SimTime::MAX.nanos()) {
            let time = SimTime::from_nanos(nanos);
            prop_assert_eq!(SimTime::parse_clock(&time.to_string()), Some(time));
        }

        #[test]
        fn parsing_never_panics(text in "[0-9:._a-z é]{0,20}") {
            let _ = SimTime::parse_clock(&text);
        }
    }
}
