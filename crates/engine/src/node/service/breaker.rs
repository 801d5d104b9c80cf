//! A circuit breaker: whoever fails again and again is left alone for a while.

use crate::plan::BreakerPlan;
use crate::world::BreakerState;
use mqlab_kernel::SimTime;

/// How a breaker stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Breaker {
    /// Calls are made; so many failed in a row.
    Closed { failures: u32 },
    /// None are, until then.
    Open { until: SimTime },
    /// One is made, to see.
    HalfOpen,
}

/// What an outcome did to a breaker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Change {
    Nothing,
    Opened,
    Closed,
}

impl Default for Breaker {
    fn default() -> Self {
        Breaker::Closed { failures: 0 }
    }
}

impl Breaker {
    /// Whether a call may be made now. The first after the pause is the one on
    /// trial, and until it is over there is no other.
    pub(super) fn lets_through(&mut self, now: SimTime) -> bool {
        match *self {
            Breaker::Closed { .. } => true,
            Breaker::Open { until } if now >= until => {
                *self = Breaker::HalfOpen;
                true
            }
            Breaker::Open { .. } | Breaker::HalfOpen => false,
        }
    }

    /// A call that was made has ended.
    pub(super) fn note(&mut self, well: bool, plan: BreakerPlan, now: SimTime) -> Change {
        let opened = Breaker::Open {
            until: now.saturating_add(plan.open),
        };
        let (after, change) = match (*self, well) {
            (Breaker::Closed { .. }, true) => (Breaker::default(), Change::Nothing),
            (Breaker::Closed { failures }, false) if failures + 1 >= plan.failures => (opened, Change::Opened),
            (Breaker::Closed { failures }, false) => (Breaker::Closed { failures: failures + 1 }, Change::Nothing),
            (Breaker::HalfOpen, true) => (Breaker::default(), Change::Closed),
            (Breaker::HalfOpen, false) => (opened, Change::Opened),
            // A call that was made before it opened.
            (Breaker::Open { .. }, _) => (*self, Change::Nothing),
        };
        *self = after;
        change
    }

    /// Nobody will say what became of the call on trial.
    pub(super) fn release(&mut self) {
        if *self == Breaker::HalfOpen {
            *self = Breaker::Open { until: SimTime::ZERO };
        }
    }

    /// How it stands, for those who look at it.
    pub(super) fn state(self) -> BreakerState {
        match self {
            Breaker::Closed { failures } => BreakerState::Closed { failures },
            Breaker::Open { until } => BreakerState::Open { until },
            Breaker::HalfOpen => BreakerState::HalfOpen,
        }
    }

    /// Whether calls fail without being made.
    pub(super) fn is_open(self) -> bool {
        matches!(self, Breaker::Open { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mqlab_kernel::SimSpan;

    const PLAN: BreakerPlan = BreakerPlan {
        failures: 2,
        open: SimSpan::from_secs(10),
    };

    fn at(second: u64) -> SimTime {
        SimTime::ZERO + SimSpan::from_secs(second)
    }

    #[test]
    fn failures_in_a_row_open_it() {
        let mut breaker = Breaker::default();
        assert_eq!(breaker.note(false, PLAN, at(0)), Change::Nothing);
        assert_eq!(breaker.note(true, PLAN, at(1)), Change::Nothing);
        assert_eq!(breaker.note(false, PLAN, at(2)), Change::Nothing);
        assert!(breaker.lets_through(at(2)));
        assert_eq!(breaker.note(false, PLAN, at(3)), Change::Opened);
        assert!(breaker.is_open() && !breaker.lets_through(at(12)));
    }

    #[test]
    fn one_call_decides_how_it_goes_on() {
        let mut breaker = Breaker::Open { until: at(13) };
        assert_eq!(breaker.note(false, PLAN, at(12)), Change::Nothing, "an old call");
        assert!(breaker.lets_through(at(13)));
        assert!(!breaker.lets_through(at(13)), "one only");
        assert_eq!(breaker.note(false, PLAN, at(14)), Change::Opened);
        assert!(!breaker.lets_through(at(23)) && breaker.lets_through(at(24)));
        assert_eq!(breaker.note(true, PLAN, at(25)), Change::Closed);
        assert_eq!(breaker, Breaker::default());
    }
}
