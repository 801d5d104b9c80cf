//! Answers as they are written for people.

use super::said;
use crate::state::local;
use crate::state::texts::Language;
use mqlab_engine::Value;
use mqlab_kernel::SimTime;
use mqlab_scenario::Prediction;

/// A value with the digits that an answer deserves: instants to the second
/// where the question is about hours, measured times to three digits.
pub fn answer_text(prediction: &Prediction, value: Value, language: Language) -> String {
    match value {
        Value::Time(at) if prediction.tolerance.is_some() => {
            let seconds = at.nanos() / 1_000_000_000 * 1_000_000_000;
            SimTime::from_nanos(seconds).to_string()
        }
        // What was measured, and need not be met exactly, is rounded.
        Value::Span(span) if prediction.tolerance.is_some() => local::span(span.nanos() as f64, language),
        other => local::value(other, language),
    }
}

/// The explanation with the engine's own answer in it.
pub fn because(prediction: &Prediction, actual: Value, language: Language) -> String {
    let answer = answer_text(prediction, actual, language);
    said(&prediction.because, language).replace("{}", &answer)
}
