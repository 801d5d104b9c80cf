//! Queueing theory: the engine's numbers held against closed formulas.
//!
//! A station is built as a scenario (a load, a queue or a service that is
//! called, workers) and runs with many seeds; what is expected is the file's
//! business. Times of a case have no unit: a mean service takes one second
//! here, and results are scaled back, so that a case may count in hours or in
//! nanoseconds.

mod law;
mod measure;
mod model;
mod station;

use crate::case::Case;
use crate::outcome::Outcome;
use crate::runs::Runs;

/// What comes of a case.
pub(crate) fn judge(case: &Case, runs: &dyn Runs) -> Outcome {
    Outcome::from_result(match case.kind.as_str() {
        "station" => station::judge(case, runs),
        "law" => law::judge(case, runs),
        other => Err(format!("no kind `{other}`")),
    })
}
