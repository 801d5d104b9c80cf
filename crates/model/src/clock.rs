//! Clocks of machines, which are not always right.
//!
//! A wrong clock is off by so much, or goes too fast or too slow, or both. What
//! really is an instant is known to the world only: a node that measures a time
//! or writes down when something was has nothing but its own clock.

use mqlab_kernel::{SimSpan, SimTime};

/// What a clock shows: nanoseconds since the start of the run, by this clock. A
/// clock that is behind shows less than zero at first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct LocalTime(i64);

impl LocalTime {
    /// What a clock shows that is right.
    #[inline(always)]
    pub const fn right(now: SimTime) -> Self {
        LocalTime(now.nanos().cast_signed())
    }

    /// So many nanoseconds since the start.
    pub const fn from_nanos(nanos: i64) -> Self {
        LocalTime(nanos)
    }

    /// Nanoseconds since the start.
    pub const fn nanos(self) -> i64 {
        self.0
    }

    /// What the clock shows when it has gone on by `span`.
    #[inline]
    pub const fn saturating_add(self, span: SimSpan) -> Self {
        LocalTime(self.0.saturating_add_unsigned(span.nanos()))
    }
}

/// How wrong a clock is, at some instant and from then on.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Skew {
    /// By how much it is ahead, in nanoseconds; behind, if it is below zero.
    pub offset: i64,
    /// By how much it goes too fast, in millionths; too slow, if it is below zero.
    pub drift: i32,
}

impl Skew {
    /// Of a clock that is right.
    pub const NONE: Skew = Skew { offset: 0, drift: 0 };

    /// Most millionths by which a clock may go wrong: half as fast again, or half
    /// as fast.
    pub const DRIFT_MAX: i32 = 500_000;
}

/// A clock.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Clock {
    /// When it was set last, and what it was then.
    since: SimTime,
    skew: Skew,
}

const MILLION: i128 = 1_000_000;

impl Clock {
    /// One that is as wrong as this from the start.
    pub const fn new(skew: Skew) -> Self {
        Clock {
            since: SimTime::ZERO,
            skew,
        }
    }

    /// Whether it is right, and stays so.
    #[inline(always)]
    pub const fn is_right(&self) -> bool {
        self.skew.offset == 0 && self.skew.drift == 0
    }

    /// What it shows.
    pub fn shows(&self, now: SimTime) -> LocalTime {
        let passed = i128::from(now.saturating_since(self.since).nanos());
        let gained = (passed * i128::from(self.skew.drift)).div_euclid(MILLION);
        let right = i128::from(now.nanos());
        LocalTime((right + i128::from(self.skew.offset) + gained) as i64)
    }

    /// How wrong it is now.
    pub fn skew(&self, now: SimTime) -> Skew {
        Skew {
            offset: self.shows(now).nanos() - LocalTime::right(now).nanos(),
            drift: self.skew.drift,
        }
    }

    /// The first instant from `now` on at which it shows this or more.
    pub fn when(&self, shown: LocalTime, now: SimTime) -> SimTime {
        let at_set = i128::from(self.since.nanos()) + i128::from(self.skew.offset);
        let wanted = (i128::from(shown.nanos()) - at_set) * MILLION;
        let speed = MILLION + i128::from(self.skew.drift);
        // The least whole number of nanoseconds in which it goes on so far.
        let passed = -(-wanted).div_euclid(speed);
        let at = (i128::from(self.since.nanos()) + passed).clamp(0, i128::from(SimTime::MAX.nanos()));
        SimTime::from_nanos(at as u64).max(now)
    }

    /// It is this wrong from now on.
    pub fn set(&mut self, skew: Skew, now: SimTime) {
        *self = Clock { since: now, skew };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn second(number: u64) -> SimTime {
        SimTime::from_nanos(number * 1_000_000_000)
    }

    #[test]
    fn a_right_clock_shows_the_time() {
        let clock = Clock::default();
        assert!(clock.is_right());
        assert_eq!(clock.shows(second(7)), LocalTime::right(second(7)));
        assert_eq!(clock.when(LocalTime::right(second(9)), second(7)), second(9));
        assert_eq!(
            clock.when(LocalTime::right(second(3)), second(7)),
            second(7),
            "it is over"
        );
    }

    #[test]
    fn a_clock_that_is_off_stays_off() {
        let behind = Clock::new(Skew {
            offset: -2_000_000_000,
            drift: 0,
        });
        assert_eq!(behind.shows(second(0)).nanos(), -2_000_000_000);
        assert_eq!(behind.when(LocalTime::right(second(5)), second(0)), second(7));
        assert_eq!(behind.skew(second(9)).offset, -2_000_000_000);
    }

    #[test]
    fn a_fast_clock_gains_until_it_is_set() {
        let mut clock = Clock::default();
        clock.set(
            Skew {
                offset: 0,
                drift: 100_000,
            },
            second(10),
        );
        assert_eq!(clock.shows(second(10)), LocalTime::right(second(10)));
        assert_eq!(clock.shows(second(20)), LocalTime::right(second(21)));
        let skew = clock.skew(second(20));
        assert_eq!((skew.offset, skew.drift), (1_000_000_000, 100_000));
        clock.set(Skew::NONE, second(20));
        assert_eq!(clock.shows(second(30)), LocalTime::right(second(30)));
    }

    /// Whatever the clock: at the instant it shows what was asked for, and a
    /// nanosecond earlier it does not.
    #[test]
    fn an_instant_is_the_first_at_which_it_is_shown() {
        for drift in [-500_000, -333, -1, 0, 1, 7, 250_000, 500_000] {
            for offset in [-3_000_000_007, 0, 11, 5_000_000_000] {
                let mut clock = Clock::default();
                clock.set(Skew { offset, drift }, second(3));
                for wanted in [1_000_000_000_003, 12_345_678_901, 17_000_000_000] {
                    let wanted = LocalTime::from_nanos(wanted);
                    let at = clock.when(wanted, second(3));
                    assert!(clock.shows(at) >= wanted, "{drift} {offset}");
                    let before = SimTime::from_nanos(at.nanos() - 1);
                    assert!(at == second(3) || clock.shows(before) < wanted, "{drift} {offset}");
                }
            }
        }
    }
}
