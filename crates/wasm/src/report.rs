//! What is said of a scenario: the shape that `docs/report.md` describes,
//! without the name of a file, because a text has none.

use mqlab_engine::{Outcome, World};
use mqlab_scenario::Scenario;
use mqlab_scenario::report::VariantReport;

/// A scenario.
#[derive(Debug, serde::Serialize)]
pub(crate) struct Report {
    scenario: String,
    seed: u64,
    engine: &'static str,
    pub(crate) variants: Vec<VariantReport>,
}

impl Report {
    /// A report on a scenario of which nothing has run.
    pub(crate) fn new(scenario: &Scenario) -> Self {
        Report {
            scenario: scenario.title.clone(),
            seed: scenario.seed,
            engine: env!("CARGO_PKG_VERSION"),
            variants: Vec::new(),
        }
    }
}

/// The digest of a run in sixteen hexadecimal digits, because a JavaScript
/// number cannot hold it.
pub(crate) fn digest(world: &World) -> String {
    format!("{:016x}", world.digest())
}

/// How a stretch of a run ended, in a word.
pub(crate) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Reached => "reached",
        Outcome::Budget => "budget",
        Outcome::Ended => "ended",
        Outcome::Limit(_) => "limit",
    }
}
