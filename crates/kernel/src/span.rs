//! Spans of simulated time: whole nanoseconds, exact in text and in JavaScript.

use core::fmt;
use core::ops::{Add, AddAssign, Mul, Sub};

use crate::decimal::{Decimal, write_decimal};

const MICRO: u64 = 1_000;
const MILLI: u64 = 1_000_000;
const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A length of simulated time in nanoseconds, at most 2^53-1 (about 104 days),
/// so that it is an exact number in JavaScript too.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct SimSpan(u64);

impl SimSpan {
    /// No time at all.
    pub const ZERO: SimSpan = SimSpan(0);
    /// The longest span: 2^53-1 nanoseconds.
    pub const MAX: SimSpan = SimSpan((1 << 53) - 1);

    /// A span of `nanos` nanoseconds.
    ///
    /// # Panics
    /// Above [`SimSpan::MAX`].
    #[inline]
    pub const fn from_nanos(nanos: u64) -> Self {
        assert!(nanos <= Self::MAX.0, "span above 2^53-1 ns");
        SimSpan(nanos)
    }

    /// The span between two instants, which cannot be too long.
    #[inline]
    pub(crate) const fn between(nanos: u64) -> Self {
        debug_assert!(nanos <= Self::MAX.0, "span above 2^53-1 ns");
        SimSpan(nanos)
    }

    /// A span of `micros` microseconds.
    ///
    /// # Panics
    /// Above [`SimSpan::MAX`].
    #[inline]
    pub const fn from_micros(micros: u64) -> Self {
        Self::of_units(micros, MICRO)
    }

    /// A span of `millis` milliseconds.
    ///
    /// # Panics
    /// Above [`SimSpan::MAX`].
    #[inline]
    pub const fn from_millis(millis: u64) -> Self {
        Self::of_units(millis, MILLI)
    }

    /// A span of `secs` seconds.
    ///
    /// # Panics
    /// Above [`SimSpan::MAX`].
    #[inline]
    pub const fn from_secs(secs: u64) -> Self {
        Self::of_units(secs, SECOND)
    }

    const fn of_units(count: u64, unit: u64) -> Self {
        match count.checked_mul(unit) {
            Some(nanos) => Self::from_nanos(nanos),
            None => panic!("span above 2^53-1 ns"),
        }
    }

    /// A span of `nanos` nanoseconds, or `None` above [`SimSpan::MAX`].
    #[inline]
    pub const fn checked_from_nanos(nanos: u64) -> Option<Self> {
        if nanos <= Self::MAX.0 {
            Some(SimSpan(nanos))
        } else {
            None
        }
    }

    /// The span nearest to `nanos` nanoseconds: what a sampler computed in
    /// floating point becomes whole here and nowhere else.
    ///
    /// Half rounds up; negative numbers and NaN become zero, large ones
    /// [`SimSpan::MAX`].
    #[inline]
    pub fn from_nanos_rounded(nanos: f64) -> Self {
        // `as` cuts the fraction, saturates and maps NaN to zero on every
        // target; cutting half a nanosecond later is rounding, and several
        // times faster than the library's.
        SimSpan(((nanos + 0.5) as u64).min(Self::MAX.0))
    }

    /// The length in nanoseconds.
    #[inline]
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// The length in seconds, for display and statistics only: it is rounded.
    #[inline]
    pub const fn as_secs_f64(self) -> f64 {
        self.0 as f64 / SECOND as f64
    }

    /// Whether the span is empty.
    #[inline]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, or `None` above [`SimSpan::MAX`].
    #[inline]
    pub const fn checked_add(self, other: SimSpan) -> Option<SimSpan> {
        // Both are below 2^53, so the u64 sum cannot wrap.
        Self::checked_from_nanos(self.0 + other.0)
    }

    /// The sum, held at [`SimSpan::MAX`].
    #[inline]
    pub fn saturating_add(self, other: SimSpan) -> SimSpan {
        SimSpan((self.0 + other.0).min(Self::MAX.0))
    }

    /// The difference, or zero when `other` is longer.
    #[inline]
    pub const fn saturating_sub(self, other: SimSpan) -> SimSpan {
        SimSpan(self.0.saturating_sub(other.0))
    }

    /// The product, or `None` above [`SimSpan::MAX`].
    #[inline]
    pub const fn checked_mul(self, count: u64) -> Option<SimSpan> {
        match self.0.checked_mul(count) {
            Some(nanos) => Self::checked_from_nanos(nanos),
            None => None,
        }
    }

    /// Reads `458ms`, `0.5ms`, `4h45m40s`: one or more numbers with a unit each
    /// (`ns us µs ms s m h d`), added up.
    ///
    /// Exact: `None` when the text is malformed, the span is no whole number of
    /// nanoseconds, or it exceeds [`SimSpan::MAX`]. A bare number is refused,
    /// even `0`, because its unit would be a guess.
    pub fn parse(text: &str) -> Option<SimSpan> {
        let mut rest = text;
        let mut total = SimSpan::ZERO;
        loop {
            let (number, after) = Decimal::take(rest)?;
            let unit_len = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
            let (unit, next) = after.split_at(unit_len);
            let nanos = number.times(unit_nanos(unit)?)?;
            total = total.checked_add(Self::checked_from_nanos(nanos)?)?;
            if next.is_empty() {
                return Some(total);
            }
            rest = next;
        }
    }
}

fn unit_nanos(unit: &str) -> Option<u64> {
    Some(match unit {
        "ns" => 1,
        // Both the micro sign and the Greek letter are typed in practice.
        "us" | "\u{b5}s" | "\u{3bc}s" => MICRO,
        "ms" => MILLI,
        "s" => SECOND,
        "m" => MINUTE,
        "h" => HOUR,
        "d" => DAY,
        _ => return None,
    })
}

impl Add for SimSpan {
    type Output = SimSpan;
    /// Panics above [`SimSpan::MAX`].
    #[inline]
    fn add(self, other: SimSpan) -> SimSpan {
        self.checked_add(other).expect("sum of spans above 2^53-1 ns")
    }
}

impl AddAssign for SimSpan {
    /// Panics above [`SimSpan::MAX`].
    #[inline]
    fn add_assign(&mut self, other: SimSpan) {
        *self = *self + other;
    }
}

impl Sub for SimSpan {
    type Output = SimSpan;
    /// Panics when `other` is longer.
    #[inline]
    fn sub(self, other: SimSpan) -> SimSpan {
        SimSpan(self.0.checked_sub(other.0).expect("difference of spans below zero"))
    }
}

impl Mul<u64> for SimSpan {
    type Output = SimSpan;
    /// Panics above [`SimSpan::MAX`].
    #[inline]
    fn mul(self, count: u64) -> SimSpan {
        self.checked_mul(count).expect("multiple of a span above 2^53-1 ns")
    }
}

/// Exact and accepted by [`SimSpan::parse`]: hours, minutes and seconds from a
/// minute on (`4h45m40s`), one unit with a decimal below (`1.5s`, `0.5ms`,
/// `20us`), days only when they are whole (`2d`).
impl fmt::Display for SimSpan {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.0;
        if nanos == 0 {
            return out.write_str("0s");
        }
        if nanos.is_multiple_of(DAY) {
            return write!(out, "{}d", nanos / DAY);
        }
        if nanos >= MINUTE {
            return write_long(out, nanos);
        }
        // Half a millisecond reads better as `0.5ms` than as `500us`; finer
        // fractions read better in microseconds.
        let tenths_of_milli = nanos >= MILLI / 10 && nanos.is_multiple_of(MILLI / 100);
        let (unit, name) = if nanos >= SECOND {
            (SECOND, "s")
        } else if nanos >= MILLI || tenths_of_milli {
            (MILLI, "ms")
        } else if nanos >= MICRO {
            (MICRO, "us")
        } else {
            (1, "ns")
        };
        write_decimal(out, nanos, unit)?;
        out.write_str(name)
    }
}

fn write_long(out: &mut fmt::Formatter<'_>, nanos: u64) -> fmt::Result {
    let (hours, minutes, rest) = (nanos / HOUR, nanos % HOUR / MINUTE, nanos % MINUTE);
    if hours > 0 {
        write!(out, "{hours}h")?;
    }
    if minutes > 0 {
        write!(out, "{minutes}m")?;
    }
    if rest > 0 {
        write_decimal(out, rest, SECOND)?;
        out.write_str("s")?;
    }
    Ok(())
}

#[cfg(test)]
#[path = "span_tests.rs"]
mod tests;
