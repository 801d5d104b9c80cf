//! Whether a comparison holds.

use super::literal::power_of_ten;
use super::{Comparison, Literal, Precision, Tolerance};
use mqlab_engine::Value;
use mqlab_kernel::floor;
use std::cmp::Ordering;

/// How two values are compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Op {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Op {
    /// Every operator with how it is written; longer ones first.
    pub const ALL: [(Op, &'static str); 6] = [
        (Op::Equal, "=="),
        (Op::NotEqual, "!="),
        (Op::LessOrEqual, "<="),
        (Op::GreaterOrEqual, ">="),
        (Op::Less, "<"),
        (Op::Greater, ">"),
    ];

    /// How it is written.
    pub fn text(self) -> &'static str {
        Op::ALL.iter().find(|(op, _)| *op == self).map_or("", |(_, text)| text)
    }
}

/// Whether a comparison holds. Nothing but `never` equals what has not
/// happened, and nothing is before or after it.
pub(super) fn holds(comparison: &Comparison, actual: Value) -> bool {
    let literal = &comparison.literal;
    let equal = || match comparison.tolerance {
        Some(tolerance) => within(actual, literal, tolerance),
        None => equals(actual, literal),
    };
    let order = || actual.compare(literal.value);
    match comparison.op {
        Op::Equal => equal(),
        Op::NotEqual => !equal(),
        Op::Less => order() == Some(Ordering::Less),
        Op::LessOrEqual => order().is_some_and(Ordering::is_le),
        Op::Greater => order() == Some(Ordering::Greater),
        Op::GreaterOrEqual => order().is_some_and(Ordering::is_ge),
    }
}

/// Equality at the precision in which the literal is written: the actual value
/// is rounded half up to the literal's last digit.
fn equals(actual: Value, literal: &Literal) -> bool {
    match (actual, literal.value, literal.precision) {
        (Value::Ratio(actual), Value::Ratio(wanted), Precision::Decimals(decimals)) => {
            // Both are whole numbers of the last digit after this.
            let last_digits = |ratio: f64| floor(ratio * power_of_ten(decimals) as f64 + 0.5);
            (last_digits(actual) - last_digits(wanted)).abs() < 0.5
        }
        (_, _, Precision::Nanos(step)) => match (amount(actual), amount(literal.value)) {
            (Some(actual), Some(wanted)) => (actual + step / 2) / step == wanted / step,
            _ => false,
        },
        _ => actual.compare(literal.value) == Some(Ordering::Equal),
    }
}

/// A value as a whole number of its smallest unit.
fn amount(value: Value) -> Option<u64> {
    match value {
        Value::Count(count) => Some(count),
        Value::Span(span) => Some(span.nanos()),
        Value::Time(time) => Some(time.nanos()),
        Value::Never | Value::Ratio(_) | Value::PerSecond(_) => None,
    }
}

/// Whether a value is no further from the literal than the tolerance.
fn within(actual: Value, literal: &Literal, tolerance: Tolerance) -> bool {
    if let (Value::Ratio(actual), Value::Ratio(wanted)) = (actual, literal.value) {
        let Tolerance::Percent { digits, scale } = tolerance else {
            return false;
        };
        let share = digits as f64 / power_of_ten(scale + 2) as f64;
        return (actual - wanted).abs() <= wanted * share;
    }
    let (Some(actual), Some(wanted)) = (amount(actual), amount(literal.value)) else {
        return false;
    };
    let apart = u128::from(actual.abs_diff(wanted));
    match tolerance {
        Tolerance::Absolute(most) => apart <= u128::from(most),
        Tolerance::Percent { digits, scale } => {
            let hundred = u128::from(power_of_ten(scale + 2));
            // Each factor is below 2^64, so the products fit.
            apart * hundred <= u128::from(wanted) * u128::from(digits)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expect::MetricName;
    use mqlab_engine::{Argument, MetricKind, Unit};
    use mqlab_kernel::{SimSpan, SimTime};

    fn comparison(op: Op, literal: &str, unit: Unit, tolerance: Option<&str>) -> Comparison {
        Comparison {
            metric: MetricName {
                kind: MetricKind::Lost,
                subject: None,
                argument: Argument::None,
            },
            op,
            literal: Literal::parse(literal, unit).unwrap(),
            tolerance: tolerance.map(|text| Tolerance::parse(text, unit).unwrap()),
        }
    }

    fn time(text: &str) -> Value {
        Value::Time(SimTime::parse_clock(text).unwrap())
    }

    fn span(text: &str) -> Value {
        Value::Span(SimSpan::parse(text).unwrap())
    }

    #[test]
    fn equality_looks_at_the_written_digits() {
        let equal = |literal, actual| comparison(Op::Equal, literal, Unit::Time, None).holds(actual);
        assert!(equal("14:32:18", time("14:32:18.462")));
        assert!(!equal("14:32:18", time("14:32:18.5")), "half rounds up");
        assert!(equal("14:32:19", time("14:32:18.5")));
        assert!(equal("14:32", time("14:32:18.462")));
        assert!(equal("14:32:18.462", time("14:32:18.4615")) && !equal("14:32:18.461", time("14:32:18.4615")));
    }

    #[test]
    fn ordering_is_exact() {
        let less = comparison(Op::LessOrEqual, "5s", Unit::Span, None);
        assert!(less.holds(span("5s")) && !less.holds(span("5.000000001s")));
    }

    #[test]
    fn tolerance_is_a_closed_range_around_the_literal() {
        let near = comparison(Op::Equal, "0.6687s", Unit::Span, Some("10%"));
        assert!(near.holds(span("735.57ms")) && !near.holds(span("735.570001ms")));
        let exact = comparison(Op::Equal, "5400s", Unit::Span, Some("0s"));
        assert!(exact.holds(span("5400s")) && !exact.holds(span("5400.000000001s")));
        let counts = comparison(Op::NotEqual, "100", Unit::Count, Some("5"));
        assert!(!counts.holds(Value::Count(105)) && counts.holds(Value::Count(106)));
    }

    #[test]
    fn what_never_happened_equals_never_only() {
        let never = comparison(Op::Equal, "never", Unit::Time, None);
        assert!(never.holds(Value::Never) && !never.holds(time("12:00")));
        for op in [Op::Less, Op::LessOrEqual, Op::Greater, Op::GreaterOrEqual, Op::Equal] {
            assert!(!comparison(op, "12:00", Unit::Time, None).holds(Value::Never));
        }
        assert!(comparison(Op::NotEqual, "12:00", Unit::Time, None).holds(Value::Never));
    }

    #[test]
    fn ratios_compare_by_their_written_digits() {
        let equal = |literal, actual| comparison(Op::Equal, literal, Unit::Ratio, None).holds(Value::Ratio(actual));
        assert!(equal("83.5%", 0.8349) && equal("0.9", 0.91) && !equal("90%", 0.91));
    }
}
