//! The simulation as the page holds it: the variants of one scenario on one
//! clock. Everything else on the page borrows from here.

mod lane;

pub use lane::{Lane, measure};

use mqlab_engine::plan::{Command, Plan, TimedCommand};
use mqlab_kernel::SimTime;
use mqlab_scenario::{Act, Diagnostic, Scenario};
use std::rc::Rc;

/// The variants of a scenario on one clock.
#[derive(Clone)]
pub struct Lab {
    /// What runs.
    pub scenario: Rc<Scenario>,
    /// The variants, in the order of the scenario.
    pub lanes: Vec<Lane>,
    clock: SimTime,
}

/// How an advance ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Advance {
    /// Every lane that is shown stands at the instant asked for, or is over.
    Reached,
    /// There was no time for more.
    Cut,
}

impl Lab {
    /// A lab in which nothing has happened.
    pub fn new(scenario: impl Into<Rc<Scenario>>) -> Self {
        let scenario = scenario.into();
        Lab {
            lanes: (0..scenario.variants.len())
                .map(|variant| Lane::new(&scenario, variant))
                .collect(),
            scenario,
            clock: SimTime::ZERO,
        }
    }

    /// Back to the beginning. What is hidden stays so.
    pub fn restart(&mut self) {
        self.lanes.iter_mut().for_each(Lane::restart);
        self.clock = SimTime::ZERO;
    }

    /// Whether checkpoints are kept from now on, which make the way back short.
    pub fn keep_checkpoints(&mut self, keeps: bool) {
        self.lanes.iter_mut().for_each(|lane| lane.keep_checkpoints(keeps));
    }

    /// Does these things by hand, and no others, in the whole of the run.
    /// Lanes that this changes the past of stand earlier afterwards: run them
    /// to the clock again. What cannot be done in a variant is left out there
    /// and said.
    pub fn set_acts(&mut self, acts: &[Act]) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for (variant, lane) in self.lanes.iter_mut().enumerate() {
            let mut commands = Vec::new();
            for act in acts {
                match rest_commands(&self.scenario, variant, act) {
                    Ok(known) => commands.extend(known.into_iter().map(|command| TimedCommand { at: act.at, command })),
                    Err(wrong) => found.extend(wrong),
                }
            }
            lane.set_acts(commands);
        }
        found
    }

    /// Whether a lane that is shown stands before the clock.
    pub fn is_behind(&self) -> bool {
        self.shown()
            .any(|lane| !lane.is_over() && lane.world().now() < self.clock)
    }

    /// Takes every lane that is shown to the nearest instant at or before
    /// `to` that it can run on from. [`Lab::advance`] goes the rest of the
    /// way.
    pub fn jump(&mut self, to: SimTime) {
        let shown = self.lanes.iter_mut().filter(|lane| !lane.is_hidden);
        shown.for_each(|lane| lane.jump(to));
        let behind = self.shown().map(|lane| lane.world().now()).min();
        self.clock = behind.unwrap_or(SimTime::ZERO).min(to);
    }

    /// Hides the variants that are hidden in another lab, by name.
    pub fn hide_as(&mut self, other: &Lab) {
        for lane in &mut self.lanes {
            let known = other.lanes.iter().find(|known| known.name == lane.name);
            lane.is_hidden = known.is_some_and(|known| known.is_hidden);
        }
    }

    /// The plan of a variant.
    pub fn plan(&self, variant: usize) -> &Plan {
        &self.scenario.variants[variant].plan
    }

    /// What the clock of the page shows: every lane that is shown stands
    /// here, is over, or is catching up.
    pub fn clock(&self) -> SimTime {
        self.clock
    }

    /// The latest end of all variants.
    pub fn until(&self) -> SimTime {
        let ends = self.scenario.variants.iter().map(|variant| variant.plan.until);
        ends.max().unwrap_or(SimTime::ZERO)
    }

    /// Where the time axis ends: at the end of the run, or, if it has none, a
    /// little ahead of the clock.
    pub fn axis_end(&self) -> SimTime {
        if self.until() < SimTime::MAX {
            return self.until();
        }
        let ahead = super::chart::nice_ceiling(self.clock.nanos() as f64 * 1.05).max(1e9);
        SimTime::from_nanos(ahead as u64)
    }

    /// Whether anything has happened in a lane that is shown.
    pub fn has_begun(&self) -> bool {
        self.shown().any(|lane| lane.world().actions() > 0 || lane.is_over())
    }

    /// Whether every lane that is shown is over.
    pub fn is_over(&self) -> bool {
        !self.lanes.iter().any(Lane::runs)
    }

    /// The lanes that are shown.
    pub fn shown(&self) -> impl Iterator<Item = &Lane> {
        self.lanes.iter().filter(|lane| !lane.is_hidden)
    }

    /// Actions of all lanes so far: what the pace of the work is measured in.
    pub fn actions(&self) -> u64 {
        self.lanes.iter().map(|lane| lane.world().actions()).sum()
    }

    /// Brings every lane that is shown to where the first of them stands: a
    /// run that was cut by the clock of the wall leaves them a little apart.
    pub fn align(&mut self) {
        let running = self.lanes.iter().filter(|lane| lane.runs());
        if let Some(ahead) = running.map(|lane| lane.world().now()).max() {
            self.advance(ahead, u64::MAX, |_| false);
        }
    }

    /// The next instant at which anything happens in a lane that is shown.
    pub fn next_instant(&self) -> SimTime {
        let running = self.lanes.iter().filter(|lane| lane.runs());
        let next = |lane: &Lane| lane.world().next_time().unwrap_or(lane.world().until());
        running.map(next).min().unwrap_or(self.clock)
    }

    /// Runs every lane that is shown up to and including `to`, the one that
    /// is most behind first, in slices of about `actions_max`. After each of
    /// them `is_enough` hears how many actions it took and may end it.
    pub fn advance(&mut self, to: SimTime, actions_max: u64, mut is_enough: impl FnMut(u64) -> bool) -> Advance {
        let result = loop {
            // A lane that stands at 0 may have something to do there still.
            let waits = |lane: &Lane| lane.world().next_time().is_some_and(|next| next <= to);
            let due = |lane: &&mut Lane| lane.runs() && (lane.world().now() < to || waits(lane));
            let behind = self.lanes.iter_mut().filter(due).min_by_key(|lane| lane.world().now());
            let Some(lane) = behind else {
                break Advance::Reached;
            };
            let before = lane.world().actions();
            // Rates are of the last stretch before the instant, however far it
            // is to there.
            let stretch = to.saturating_sub(lane.window());
            if lane.world().now() < stretch {
                lane.history.run_until(stretch, actions_max);
                lane.read();
            } else {
                lane.history.run_until(to, actions_max);
            }
            let took = lane.world().actions() - before;
            if is_enough(took) {
                break if self.is_at(to) { Advance::Reached } else { Advance::Cut };
            }
        };
        self.lanes
            .iter_mut()
            .filter(|lane| !lane.is_hidden)
            .for_each(Lane::read);
        self.set_clock(to, result);
        result
    }

    fn is_at(&self, to: SimTime) -> bool {
        self.lanes.iter().all(|lane| !lane.runs() || lane.world().now() >= to)
    }

    fn set_clock(&mut self, to: SimTime, result: Advance) {
        let running = self.lanes.iter().filter(|lane| lane.runs());
        let behind = running.map(|lane| lane.world().now()).min();
        let stands = match (behind, result) {
            (Some(_), Advance::Reached) => to,
            (Some(behind), Advance::Cut) => behind,
            // All are over: at the end, or where the last of them ended.
            (None, _) => self.shown().map(|lane| lane.world().now()).max().unwrap_or(self.clock),
        };
        // Only a lane that is catching up is behind what was shown before.
        self.clock = self.clock.max(stands);
    }
}

/// What an act does in a variant. A gate (`src/ui/rest.rs`).
#[inline(never)]
fn rest_commands(scenario: &Scenario, variant: usize, act: &Act) -> Result<Vec<Command>, Vec<Diagnostic>> {
    scenario.commands(variant, act)
}

#[cfg(test)]
mod tests;
