//! What a metric can be.

use core::cmp::Ordering;
use core::fmt;
use mqlab_kernel::{SimSpan, SimTime};

/// The value of a metric.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Value {
    /// A number of things.
    Count(u64),
    /// A length of time.
    Span(SimSpan),
    /// An instant of the simulated clock.
    Time(SimTime),
    /// It has not happened (yet), or there is nothing to measure.
    Never,
    /// A share of 1.
    Ratio(f64),
    /// Things per second.
    PerSecond(f64),
}

impl Value {
    /// The value as a plain number: nanoseconds for spans and instants.
    /// `None` for [`Value::Never`].
    pub fn number(self) -> Option<f64> {
        match self {
            Value::Count(count) => Some(count as f64),
            Value::Span(span) => Some(span.nanos() as f64),
            Value::Time(time) => Some(time.nanos() as f64),
            Value::Never => None,
            Value::Ratio(number) | Value::PerSecond(number) => Some(number),
        }
    }

    /// Compares two values of one kind; `None` if they are not comparable.
    pub fn compare(self, other: Value) -> Option<Ordering> {
        match (self, other) {
            (Value::Count(a), Value::Count(b)) => Some(a.cmp(&b)),
            (Value::Span(a), Value::Span(b)) => Some(a.cmp(&b)),
            (Value::Time(a), Value::Time(b)) => Some(a.cmp(&b)),
            (Value::Ratio(a), Value::Ratio(b)) | (Value::PerSecond(a), Value::PerSecond(b)) => a.partial_cmp(&b),
            (Value::Never, Value::Never) => Some(Ordering::Equal),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Count(count) => write!(f, "{count}"),
            Value::Span(span) => write!(f, "{span}"),
            Value::Time(time) => write!(f, "{time}"),
            Value::Never => f.write_str("never"),
            Value::Ratio(ratio) => write!(f, "{:.2}%", ratio * 100.0),
            Value::PerSecond(rate) => write!(f, "{rate:.3}/s"),
        }
    }
}
