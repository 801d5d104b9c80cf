//! A rate that goes in a straight line from one value to another.
//!
//! The k-th arrival is where the integral of the rate reaches k. That is a
//! quadratic equation; its root is rounded to a nanosecond, so unlike the
//! instants of a constant rate those of a ramp are exact to a few nanoseconds
//! only. They are the same everywhere: multiplication, division and square
//! roots are the same on all machines.

use crate::plan::Segment;
use mqlab_kernel::{SimSpan, round, sqrt};

/// A stretch in which the rate changes evenly.
#[derive(Clone, Copy)]
pub(super) struct Ramp {
    /// Arrivals per nanosecond at its start.
    first: f64,
    /// By how much that grows in a nanosecond.
    slope: f64,
    length: f64,
}

impl Ramp {
    /// From the rate of `segment` to that of the `next` one.
    pub(super) fn new(segment: &Segment, next: &Segment) -> Self {
        let per_nano = |segment: &Segment| segment.rate.per_second_f64() / 1e9;
        let length = next.start.since(segment.start).nanos() as f64;
        Ramp {
            first: per_nano(segment),
            slope: (per_nano(next) - per_nano(segment)) / length,
            length,
        }
    }

    /// How many arrivals there are in all up to `offset` from its start.
    pub(super) fn arrivals(&self, offset: SimSpan) -> f64 {
        let nanos = offset.nanos() as f64;
        nanos * (self.first + self.slope * nanos / 2.0)
    }

    /// Where there have been so many; `None` if that is behind its end.
    pub(super) fn offset(&self, arrivals: f64) -> Option<SimSpan> {
        if arrivals <= 0.0 {
            return Some(SimSpan::ZERO);
        }
        let root = self.first * self.first + 2.0 * self.slope * arrivals;
        if root < 0.0 {
            // The rate is zero before there are so many.
            return None;
        }
        // In this form nothing cancels out, however flat the ramp is.
        let nanos = round(2.0 * arrivals / (self.first + sqrt(root)));
        (nanos < self.length).then(|| SimSpan::from_nanos(nanos as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mqlab_kernel::{Rate, SimTime};

    fn segment(second: u64, per_second: u64) -> Segment {
        Segment {
            start: SimTime::ZERO + SimSpan::from_secs(second),
            rate: Rate::per(per_second, SimSpan::from_secs(1)).expect("a second is not empty"),
        }
    }

    fn count(ramp: &Ramp) -> u64 {
        (0..).take_while(|k| ramp.offset(*k as f64).is_some()).count() as u64
    }

    #[test]
    fn a_ramp_has_the_mean_of_both_rates() {
        // Half open, and the first arrival is at the start.
        assert_eq!(count(&Ramp::new(&segment(0, 0), &segment(10, 100))), 500);
        assert_eq!(count(&Ramp::new(&segment(5, 100), &segment(15, 0))), 500);
        assert_eq!(count(&Ramp::new(&segment(0, 100), &segment(10, 100))), 1000);
    }

    #[test]
    fn instants_grow_and_lie_where_the_integral_says() {
        let ramp = Ramp::new(&segment(0, 10), &segment(10, 30));
        let mut last = None;
        for k in 0..200 {
            let offset = ramp.offset(f64::from(k)).expect("there are 200 in all");
            assert!(last.is_none_or(|last| last < offset));
            assert!((ramp.arrivals(offset) - f64::from(k)).abs() < 1e-6);
            last = Some(offset);
        }
        // 10 t + t^2 = 11 at t = 1 s.
        assert_eq!(ramp.offset(11.0), Some(SimSpan::from_secs(1)));
        assert_eq!(ramp.offset(200.0), None);
    }
}
