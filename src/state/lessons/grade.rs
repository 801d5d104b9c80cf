//! How good an answer is: compared with what the engine found.

use mqlab_engine::Value;
use mqlab_kernel::SimSpan;
use mqlab_scenario::{AnswerKind, Prediction, Tolerance, Wrong};

/// How good an answer is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Grade<'a> {
    /// It is what the engine found, or near enough.
    Right,
    /// It is one that people often give.
    Known(&'a Wrong),
    /// It is another one.
    Wrong,
}

/// A metric's value as the kind of answer that is wanted: an instant may be
/// asked for as the time since another.
pub fn as_answer(prediction: &Prediction, value: Value) -> Value {
    match (prediction.kind, value) {
        (AnswerKind::Span, Value::Time(at)) => Value::Span(at.saturating_since(prediction.since)),
        _ => value,
    }
}

/// How good `guess` is if the engine found `actual`, both as answers.
pub fn grade<'a>(prediction: &'a Prediction, actual: Value, guess: Value) -> Grade<'a> {
    if is_near(prediction, actual, guess) {
        return Grade::Right;
    }
    let near = prediction
        .wrong
        .iter()
        .filter(|wrong| is_near(prediction, wrong.value.value, guess));
    let distance = |wrong: &&Wrong| distance(wrong.value.value, guess).unwrap_or(f64::INFINITY);
    let nearest = near.min_by(|a, b| distance(a).total_cmp(&distance(b)));
    nearest.map_or(Grade::Wrong, Grade::Known)
}

/// Whether a guess is as near to a value as the prediction asks for.
fn is_near(prediction: &Prediction, wanted: Value, guess: Value) -> bool {
    let (Some(apart), Some(size)) = (distance(wanted, guess), size(prediction, wanted)) else {
        return wanted == Value::Never && guess == Value::Never;
    };
    let most = match prediction.tolerance {
        // Half of the last digit that anybody would write.
        None if prediction.kind == AnswerKind::Share => 0.0005,
        None => 0.0,
        Some(Tolerance::Absolute(most)) => most as f64,
        Some(Tolerance::Percent { digits, scale }) => {
            size * digits as f64 / 10f64.powi(i32::try_from(scale).unwrap_or(i32::MAX)) / 100.0
        }
    };
    apart <= most
}

/// What a percentage is a share of: of an instant, the time since the one that
/// the question names.
fn size(prediction: &Prediction, value: Value) -> Option<f64> {
    match value {
        Value::Time(at) => {
            let since: SimSpan = at.saturating_since(prediction.since);
            Some(since.nanos() as f64)
        }
        other => other.number(),
    }
}

/// How far two values of one kind are apart.
fn distance(a: Value, b: Value) -> Option<f64> {
    let same = match (a, b) {
        (Value::Count(a), Value::Count(b)) => return Some(a.abs_diff(b) as f64),
        (Value::Span(_), Value::Span(_)) | (Value::Time(_), Value::Time(_)) | (Value::Ratio(_), Value::Ratio(_)) => {
            true
        }
        _ => false,
    };
    let (a, b) = (a.number()?, b.number()?);
    same.then(|| (a - b).abs())
}
