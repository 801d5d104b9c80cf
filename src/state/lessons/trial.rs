//! A run of one variant to its end, for nothing but its results: what a
//! prediction is checked against.

use mqlab_engine::{Outcome, Value};
use mqlab_kernel::SimTime;
use mqlab_scenario::{Prediction, Runner, Scenario};

/// A run of a variant as the scenario's text has it, whatever is done by hand
/// to the one on the stage.
pub struct Trial {
    variant: usize,
    runner: Runner,
    until: SimTime,
    is_over: bool,
}

impl Trial {
    /// A run that has not begun.
    ///
    /// # Panics
    /// If the scenario has no such variant.
    pub fn new(scenario: &Scenario, variant: usize) -> Self {
        Trial {
            variant,
            runner: Runner::new(scenario, variant),
            until: scenario.variants[variant].plan.until,
            is_over: false,
        }
    }

    /// Which variant it runs.
    pub fn variant(&self) -> usize {
        self.variant
    }

    /// The run itself.
    pub fn runner(&self) -> &Runner {
        &self.runner
    }

    /// Goes on for about so many actions; whether it is over.
    pub fn advance(&mut self, actions_max: u64) -> bool {
        if !self.is_over {
            let outcome = self.runner.advance(SimTime::MAX, actions_max);
            self.is_over = matches!(outcome, Outcome::Ended | Outcome::Limit(_));
        }
        self.is_over
    }

    /// Whether it is over.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// Where its clock stands.
    pub fn now(&self) -> SimTime {
        self.runner.world().now()
    }

    /// How much of it is done, if its end is known.
    pub fn share(&self) -> Option<f64> {
        let known = self.until < SimTime::MAX && self.until > SimTime::ZERO;
        known.then(|| (self.now().nanos() as f64 / self.until.nanos() as f64).min(1.0))
    }

    /// What the run says to a prediction; nothing before it is over, and
    /// nothing if a limit has cut it short, because then it has no end.
    pub fn answer(&self, scenario: &Scenario, prediction: &Prediction) -> Option<Value> {
        let world = self.runner.world();
        if !self.is_over || world.limit_hit().is_some() {
            return None;
        }
        let plan = &scenario.variants[self.variant].plan;
        let metric = prediction.answer.resolve(plan, world.places())?;
        Some(super::as_answer(prediction, world.metric(&metric)))
    }
}
