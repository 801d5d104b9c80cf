//! Literals of comparisons, which remember how precisely they are written.

use crate::phrase::Phrase;
use mqlab_engine::{Unit, Value};
use mqlab_kernel::{SimSpan, SimTime};

/// A literal: what a metric is compared with.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Literal {
    /// Its value.
    pub value: Value,
    /// What its last written digit stands for.
    pub precision: Precision,
}

/// What the last written digit of a literal stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Precision {
    /// One: whole numbers, and `never`.
    Exact,
    /// This many nanoseconds.
    Nanos(u64),
    /// One over ten to this power, of a ratio.
    Decimals(u32),
}

/// How far from the literal a value may be.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Tolerance {
    /// A share of the literal: `digits` over ten to the `scale`, in per cent.
    Percent {
        /// All digits, without the point.
        digits: u64,
        /// How many of them stand behind it.
        scale: u32,
    },
    /// This many things, or nanoseconds.
    Absolute(u64),
}

/// Most digits behind a point that a percentage or a ratio may have.
const DECIMALS_MAX: usize = 9;

impl Literal {
    /// Reads a literal for a metric of this unit.
    pub(crate) fn parse(text: &str, unit: Unit) -> Option<Literal> {
        if text == "never" {
            return Some(Literal {
                value: Value::Never,
                precision: Precision::Exact,
            });
        }
        match unit {
            Unit::Count => Some(Literal {
                value: Value::Count(whole(text)?),
                precision: Precision::Exact,
            }),
            Unit::Span => {
                let value = Value::Span(SimSpan::parse(text)?);
                Some(Literal {
                    value,
                    precision: Precision::Nanos(span_precision(text)),
                })
            }
            Unit::Time => time(text),
            Unit::Ratio => ratio(text),
        }
    }
}

/// What literals of a unit look like, for messages.
pub(crate) fn expected(unit: Unit) -> Phrase {
    match unit {
        Unit::Count => Phrase::LikeWholeNumber,
        Unit::Span => Phrase::LikeSpan,
        Unit::Time => Phrase::LikeTime,
        Unit::Ratio => Phrase::LikeRatio,
    }
}

/// A whole number; digits may be grouped by single underscores.
pub(crate) fn whole(text: &str) -> Option<u64> {
    let digits = ungrouped(text)?;
    digits.parse().ok()
}

/// Digits without their grouping; `None` if anything else is there, or if an
/// underscore does not stand between two digits.
fn ungrouped(text: &str) -> Option<String> {
    let fine = !text.is_empty()
        && text
            .split('_')
            .all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
    fine.then(|| text.replace('_', ""))
}

/// A decimal number: all its digits, and how many stand behind the point.
fn decimal(text: &str) -> Option<(u64, u32)> {
    let (before, behind) = text.split_once('.').unwrap_or((text, ""));
    let point = text.len() != before.len();
    let behind = if point { ungrouped(behind)? } else { String::new() };
    if behind.len() > DECIMALS_MAX {
        return None;
    }
    let digits = format!("{}{behind}", ungrouped(before)?).parse().ok()?;
    Some((digits, u32::try_from(behind.len()).ok()?))
}

fn time(text: &str) -> Option<Literal> {
    if let Some(time) = SimTime::parse_clock(text) {
        // `12:00` is written to the minute.
        let to_the_minute = text.matches(':').count() == 1;
        let precision = if to_the_minute {
            60_000_000_000
        } else {
            fraction(text, 1_000_000_000)
        };
        return Some(Literal {
            value: Value::Time(time),
            precision: Precision::Nanos(precision),
        });
    }
    let time = SimTime::ZERO.checked_add(SimSpan::parse(text)?)?;
    Some(Literal {
        value: Value::Time(time),
        precision: Precision::Nanos(span_precision(text)),
    })
}

fn ratio(text: &str) -> Option<Literal> {
    let (number, percent) = match text.strip_suffix('%') {
        Some(number) => (number.trim_end(), 2),
        None => (text, 0),
    };
    let (digits, scale) = decimal(number)?;
    let decimals = scale + percent;
    let value = Value::Ratio(digits as f64 / power_of_ten(decimals) as f64);
    Some(Literal {
        value,
        precision: Precision::Decimals(decimals),
    })
}

/// Ten to the `exponent`, held at the largest number there is.
pub(crate) fn power_of_ten(exponent: u32) -> u64 {
    10u64.saturating_pow(exponent)
}

/// What the last digit behind the point of `text` stands for, if a one before
/// it stands for `unit_ns`.
fn fraction(text: &str, unit_ns: u64) -> u64 {
    let behind = text.split_once('.').map_or("", |(_, behind)| behind);
    let digits = behind.bytes().filter(u8::is_ascii_digit).count();
    (unit_ns / power_of_ten(u32::try_from(digits).unwrap_or(u32::MAX))).max(1)
}

/// What the last digit of a span stands for. Of `1h30m` it is a minute.
fn span_precision(text: &str) -> u64 {
    let is_number = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | '_');
    let mut least = u64::MAX;
    let mut rest = text;
    while !rest.is_empty() {
        let number_end = rest.find(|letter| !is_number(letter)).unwrap_or(rest.len());
        let (number, after) = rest.split_at(number_end);
        let unit_end = after.find(is_number).unwrap_or(after.len());
        let (unit, next) = after.split_at(unit_end);
        let one = SimSpan::parse(&format!("1{unit}")).map_or(1, SimSpan::nanos);
        least = least.min(fraction(number, one));
        rest = next;
    }
    least
}

impl Tolerance {
    /// Reads a tolerance for a metric of this unit: a percentage of the
    /// literal, or an amount.
    pub(crate) fn parse(text: &str, unit: Unit) -> Option<Tolerance> {
        if let Some(number) = text.strip_suffix('%') {
            let (digits, scale) = decimal(number.trim_end())?;
            return Some(Tolerance::Percent { digits, scale });
        }
        match unit {
            Unit::Count => whole(text).map(Tolerance::Absolute),
            Unit::Span | Unit::Time => SimSpan::parse(text).map(|span| Tolerance::Absolute(span.nanos())),
            Unit::Ratio => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nanos(text: &str, unit: Unit) -> u64 {
        match Literal::parse(text, unit).unwrap().precision {
            Precision::Nanos(nanos) => nanos,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn literals_know_their_precision() {
        assert_eq!(nanos("14:32:18", Unit::Time), 1_000_000_000);
        assert_eq!(nanos("14:32:18.462", Unit::Time), 1_000_000);
        assert_eq!(nanos("14:32", Unit::Time), 60_000_000_000);
        assert_eq!(nanos("953ms", Unit::Span), 1_000_000);
        assert_eq!(nanos("0.6687s", Unit::Span), 100_000);
        assert_eq!(nanos("1h30m", Unit::Span), 60_000_000_000);
        assert_eq!(nanos("458ms", Unit::Time), 1_000_000);
        let percent = Literal::parse("83.5%", Unit::Ratio).unwrap();
        assert_eq!(
            percent,
            Literal {
                value: Value::Ratio(0.835),
                precision: Precision::Decimals(3)
            }
        );
    }

    #[test]
    fn literals_of_another_unit_are_refused() {
        for (text, unit) in [
            ("5ms", Unit::Count),
            ("5", Unit::Span),
            ("12:00:00", Unit::Span),
            ("1__0", Unit::Count),
            ("_1", Unit::Count),
            ("", Unit::Count),
            ("5s", Unit::Ratio),
            ("1.", Unit::Ratio),
            ("99999999999999999999", Unit::Count),
        ] {
            assert_eq!(Literal::parse(text, unit), None, "{text}");
        }
    }

    #[test]
    fn tolerances_are_shares_or_amounts() {
        assert_eq!(
            Tolerance::parse("10 %", Unit::Span),
            Some(Tolerance::Percent { digits: 10, scale: 0 })
        );
        assert_eq!(
            Tolerance::parse("0.5%", Unit::Count),
            Some(Tolerance::Percent { digits: 5, scale: 1 })
        );
        assert_eq!(
            Tolerance::parse("1ms", Unit::Time),
            Some(Tolerance::Absolute(1_000_000))
        );
        assert_eq!(Tolerance::parse("3", Unit::Count), Some(Tolerance::Absolute(3)));
        assert_eq!(Tolerance::parse("3", Unit::Span), None);
    }
}
