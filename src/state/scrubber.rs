//! The positions of the handle on the time axis: round instants, and the
//! marks beside them.

use super::chart;
use mqlab_kernel::SimTime;

/// Most steps from one end to the other: the minutes of a day.
const STEPS_MAX: usize = 1440;

/// The handle of a time axis.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Scrubber {
    step_ns: u64,
    end: SimTime,
}

impl Scrubber {
    /// The handle of an axis that ends there.
    pub fn new(end: SimTime) -> Scrubber {
        Scrubber {
            step_ns: chart::time_step(end, STEPS_MAX).0,
            end,
        }
    }

    /// Its last position; the first is 0.
    pub fn last(self) -> u64 {
        self.end.nanos().div_ceil(self.step_ns)
    }

    /// The position of an instant.
    pub fn position(self, at: SimTime) -> u64 {
        if at >= self.end {
            return self.last();
        }
        (at.nanos() + self.step_ns / 2) / self.step_ns
    }

    /// The instant of a position: a round one, or the nearest of the marks if
    /// one is not farther from it than half a step or `reach_ns`.
    pub fn instant(self, position: u64, marks: &[SimTime], reach_ns: u64) -> SimTime {
        let round = position.saturating_mul(self.step_ns).min(self.end.nanos());
        let reach = reach_ns.max(self.step_ns / 2);
        let near = marks.iter().map(|mark| (mark.nanos().abs_diff(round), *mark));
        let nearest = near.filter(|(far, _)| *far <= reach).min();
        nearest.map_or(SimTime::from_nanos(round), |(_, mark)| mark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECOND: u64 = 1_000_000_000;

    fn ns(nanos: u64) -> SimTime {
        SimTime::from_nanos(nanos)
    }

    #[test]
    fn instants_are_round() {
        for (end, step) in [
            (24 * 3600 * SECOND, 60 * SECOND),
            (3600 * SECOND, 5 * SECOND),
            (11 * SECOND, 10_000_000),
            (5 * SECOND, 5_000_000),
            (SECOND, 1_000_000),
            (1_000, 1),
        ] {
            let scrubber = Scrubber::new(ns(end));
            assert_eq!(scrubber.instant(1, &[], 0), ns(step), "{end}");
            assert_eq!(scrubber.instant(scrubber.last(), &[], 0), ns(end), "{end}");
        }
    }

    #[test]
    fn marks_that_are_near_are_met_exactly() {
        let scrubber = Scrubber::new(ns(11 * SECOND));
        let marks = [ns(354_321_000), ns(357_000_000)];
        // By the keyboard only those that no other position is nearer to.
        assert_eq!(scrubber.instant(35, &marks, 0), marks[0]);
        assert_eq!(scrubber.instant(36, &marks, 0), marks[1]);
        assert_eq!(scrubber.instant(37, &marks, 0), ns(370_000_000));
        // A hand is not that exact.
        assert_eq!(scrubber.instant(37, &marks, 20_000_000), marks[1]);
    }

    proptest! {
        /// From every instant the next position lies ahead: no key is stuck.
        #[test]
        fn steps_go_on(end in 1..=100_000 * SECOND, at in 0..=100_000 * SECOND, marks in prop::collection::vec(0..=100_000 * SECOND, 0..4)) {
            let scrubber = Scrubber::new(ns(end));
            let marks: Vec<SimTime> = marks.into_iter().map(|mark| ns(mark.min(end))).collect();
            let here = scrubber.position(ns(at.min(end)));
            prop_assert!(here <= scrubber.last());
            if here < scrubber.last() {
                let there = scrubber.instant(here + 1, &marks, 0);
                prop_assert!(there >= ns(at.min(end)) && there <= ns(end));
                prop_assert!(scrubber.position(there) > here || there > ns(at.min(end)));
            }
        }
    }
}
