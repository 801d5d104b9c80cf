//! What came of a case.

use serde_json::Value;

/// What came of a case.
#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    /// Everything is as expected.
    Passed,
    /// Something is not.
    Failed(Vec<Mismatch>),
    /// It cannot be run, and why: its input is a sentence for people, say.
    Skipped(String),
    /// The case is not understood: an unknown kind, or an input of another
    /// shape than its kind has.
    NotUnderstood(String),
    /// Somebody stopped the run.
    Stopped,
}

/// Something that is not as expected.
#[derive(Clone, PartialEq, Debug)]
pub struct Mismatch {
    /// What it is about.
    pub what: String,
    /// What should have come out.
    pub expected: String,
    /// What came out.
    pub actual: String,
}

impl Outcome {
    /// Passed if there are no mismatches.
    pub(crate) fn of(mismatches: Vec<Mismatch>) -> Outcome {
        if mismatches.is_empty() {
            Outcome::Passed
        } else {
            Outcome::Failed(mismatches)
        }
    }

    /// The outcome, or why the case is not understood.
    pub(crate) fn from_result(result: Result<Outcome, String>) -> Outcome {
        result.unwrap_or_else(Outcome::NotUnderstood)
    }
}

impl Mismatch {
    pub(crate) fn new(what: impl Into<String>, expected: impl Into<String>, actual: impl Into<String>) -> Self {
        Mismatch {
            what: what.into(),
            expected: expected.into(),
            actual: actual.into(),
        }
    }

    /// The mismatch of two values, if they differ.
    pub(crate) fn of_values(what: &str, expected: &Value, actual: &Value) -> Option<Self> {
        (expected != actual).then(|| Mismatch::new(what, expected.to_string(), actual.to_string()))
    }
}
