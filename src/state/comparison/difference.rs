//! How far two values are apart.

use super::Sense;
use crate::state::texts::{Key, Language};
use crate::state::{format, local};
use mqlab_engine::Value;

/// Whether a difference is good.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Judgement {
    /// There is none.
    Same,
    /// It is an improvement.
    Better,
    /// It is the contrary.
    Worse,
    /// It is neither.
    Other,
}

impl Judgement {
    /// Its name in the style sheet, in files and in tests.
    pub const fn name(self) -> &'static str {
        match self {
            Judgement::Same => "same",
            Judgement::Better => "better",
            Judgement::Worse => "worse",
            Judgement::Other => "other",
        }
    }

    /// Its word; a mere difference has none.
    pub const fn word(self) -> Option<Key> {
        match self {
            Judgement::Same => Some(Key::CompareSame),
            Judgement::Better => Some(Key::CompareBetter),
            Judgement::Worse => Some(Key::CompareWorse),
            Judgement::Other => None,
        }
    }

    /// Its shape.
    pub const fn shape(self) -> &'static str {
        match self {
            Judgement::Same => "=",
            Judgement::Better => "\u{25b2}",
            Judgement::Worse => "\u{25bc}",
            Judgement::Other => "",
        }
    }
}

/// How far one value is from another.
#[derive(Clone, PartialEq, Debug)]
pub struct Difference {
    /// The number: nanoseconds for lengths of time; none where one of the two
    /// never happened.
    pub absolute: Option<f64>,
    /// As a share of the value it is compared with, unless that is 0.
    pub relative: Option<f64>,
    /// Both as they are read.
    pub text: String,
    /// Whether that is good.
    pub judgement: Judgement,
}

impl Difference {
    /// How far `to` is from `from`.
    pub fn between(from: Value, to: Value, sense: Sense, language: Language) -> Difference {
        let (Some(a), Some(b)) = (from.number(), to.number()) else {
            return Difference {
                absolute: None,
                relative: None,
                text: String::new(),
                judgement: judged_never(from, to, sense),
            };
        };
        let apart = b - a;
        let is_share_sensible = a != 0.0 && !matches!(from, Value::Time(_) | Value::Ratio(_));
        let relative = is_share_sensible.then_some(apart / a);
        let mut text = signed(apart, &amount(from, apart.abs(), language));
        if let Some(relative) = relative.filter(|relative| *relative != 0.0) {
            text = format!("{text} ({})", signed(relative, &local::share(relative.abs(), language)));
        }
        Difference {
            absolute: Some(apart),
            relative,
            text: if apart == 0.0 { String::new() } else { text },
            judgement: judged(apart, sense),
        }
    }
}

fn judged(apart: f64, sense: Sense) -> Judgement {
    let is_better = match sense {
        _ if apart == 0.0 => return Judgement::Same,
        Sense::Neither => return Judgement::Other,
        Sense::Less => apart < 0.0,
        Sense::More => apart > 0.0,
    };
    if is_better { Judgement::Better } else { Judgement::Worse }
}

/// Instants that never come are later than all others; of other values that
/// are not there nothing can be said.
fn judged_never(from: Value, to: Value, sense: Sense) -> Judgement {
    match (from, to) {
        (Value::Never, Value::Never) => Judgement::Same,
        (Value::Time(_), Value::Never) => judged(1.0, sense),
        (Value::Never, Value::Time(_)) => judged(-1.0, sense),
        _ => Judgement::Other,
    }
}

/// A difference without its sign, in the unit of the values.
fn amount(like: Value, size: f64, language: Language) -> String {
    match like {
        Value::Span(_) | Value::Time(_) => local::span(size, language),
        Value::Ratio(_) => language.with(Key::ComparePoints, &format::number((size * 1000.0).round() / 10.0)),
        Value::PerSecond(_) => local::rate(size, language),
        Value::Count(_) | Value::Never => format::number(size),
    }
}

fn signed(value: f64, text: &str) -> String {
    let sign = if value < 0.0 { "\u{2212}" } else { "+" };
    format!("{sign}{text}")
}
