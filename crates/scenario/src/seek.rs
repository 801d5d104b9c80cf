//! Going on to the next fact that somebody waits for.

use crate::run::Runner;
use mqlab_engine::{Outcome, Trace};
use mqlab_kernel::SimTime;
use mqlab_model::Fact;

/// Actions that a look ahead takes at a time. What it looks at beyond the
/// fact is thrown away, so that it is neither long nor short.
const LOOK: u64 = 100_000;

impl Runner {
    /// Runs on to the next fact that `wanted` would keep, and stands at the
    /// end of its instant: nothing later has happened. Without one before
    /// `to`, or within about `actions_max` actions, it stands where
    /// [`Runner::advance`] would, and the outcome is that of it.
    ///
    /// A trace that the world has goes on collecting.
    pub fn advance_to_fact(&mut self, wanted: &Trace, to: SimTime, actions_max: u64) -> (Outcome, Option<Fact>) {
        let budget = self.world().actions().saturating_add(actions_max);
        loop {
            let left = budget.saturating_sub(self.world().actions());
            let mut ahead = self.clone();
            ahead.world_mut().set_trace(Some(wanted.to_first()));
            let outcome = ahead.advance(to, left.min(LOOK));
            if let Some(fact) = ahead.world().trace().and_then(Trace::first) {
                self.advance(fact.at, u64::MAX);
                return (Outcome::Reached, Some(fact));
            }
            let is_traced = self.world().trace().is_some();
            if is_traced {
                // What was looked at happens again, before the eyes of the
                // trace.
                self.advance(to, left.min(LOOK));
            } else {
                ahead.world_mut().set_trace(None);
                *self = ahead;
            }
            if outcome != Outcome::Budget || self.world().actions() >= budget {
                return (outcome, None);
            }
        }
    }
}
