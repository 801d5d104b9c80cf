//! Rates as exact ratios: the k-th arrival of a day is where arithmetic puts
//! it, not where a rounded period drifted to.

use core::fmt;

use crate::decimal::{Decimal, write_decimal};
use crate::span::SimSpan;

const SECOND: u64 = 1_000_000_000;

/// Events per time: `num` events every `den_ns` nanoseconds, as a reduced
/// ratio. Zero events per anything is the rate zero.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Rate {
    num: u64,
    den_ns: u64,
    /// `den_ns / num` when that is whole, else zero: the fast path of
    /// [`Rate::offset`].
    exact_period_ns: u64,
}

impl Rate {
    /// No events at all.
    pub const ZERO: Rate = Rate {
        num: 0,
        den_ns: 1,
        exact_period_ns: 0,
    };

    /// `events` every `span`; `None` for an empty span.
    pub fn per(events: u64, span: SimSpan) -> Option<Rate> {
        (!span.is_zero()).then(|| Self::reduced(events, span.nanos()))
    }

    fn reduced(events: u64, span_ns: u64) -> Rate {
        if events == 0 {
            return Rate::ZERO;
        }
        let divisor = greatest_common_divisor(events, span_ns);
        let (num, den_ns) = (events / divisor, span_ns / divisor);
        let exact_period_ns = if num == 1 { den_ns } else { 0 };
        Rate {
            num,
            den_ns,
            exact_period_ns,
        }
    }

    /// Reads `5000/s`, `50/m`, `0.5/s`, `10_000/s`, `7/3h`: a number, a slash
    /// and a unit of [`SimSpan::parse`] with or without a number of its own.
    ///
    /// Exact: `None` when malformed or when the reduced ratio does not fit.
    pub fn parse(text: &str) -> Option<Rate> {
        let (events, rest) = Decimal::take(text)?;
        let unit = rest.strip_prefix('/')?;
        let span = if unit.starts_with(|c: char| c.is_ascii_digit()) {
            SimSpan::parse(unit)?
        } else {
            SimSpan::parse(match unit {
                "ns" => "1ns",
                "us" | "\u{b5}s" | "\u{3bc}s" => "1us",
                "ms" => "1ms",
                "s" => "1s",
                "m" => "1m",
                "h" => "1h",
                "d" => "1d",
                _ => return None,
            })?
        };
        if span.is_zero() {
            return None;
        }
        let (digits, scale) = events.ratio()?;
        // `0.5/s` is 5 events per 10 s; reduce before multiplying so that long
        // fractions still fit.
        let divisor = greatest_common_divisor(digits, scale).max(1);
        let span_ns = span.nanos().checked_mul(scale / divisor)?;
        Some(Self::reduced(digits / divisor, span_ns))
    }

    /// Whether no event ever happens.
    #[inline]
    pub const fn is_zero(self) -> bool {
        self.num == 0
    }

    /// Offset of the `k`-th event, counted from 0, from the start of its
    /// segment: `floor(k * den / num)`, computed from `k` and never by adding up
    /// a rounded period, so there is no drift.
    ///
    /// `None` when the rate is zero or the offset exceeds [`SimSpan::MAX`].
    #[inline]
    pub fn offset(self, k: u64) -> Option<SimSpan> {
        if self.exact_period_ns != 0 {
            return SimSpan::checked_from_nanos(k.checked_mul(self.exact_period_ns)?);
        }
        if self.num == 0 {
            return None;
        }
        // With k = whole * num + rest the offset is whole * den + rest * den /
        // num, which rarely needs more than 64 bits.
        let (whole, rest) = (k / self.num, k % self.num);
        let part = match rest.checked_mul(self.den_ns) {
            Some(product) => product / self.num,
            // Below den_ns because rest < num, so it fits u64.
            None => (u128::from(rest) * u128::from(self.den_ns) / u128::from(self.num)) as u64,
        };
        SimSpan::checked_from_nanos(whole.checked_mul(self.den_ns)?.checked_add(part)?)
    }

    /// Number of events at offsets before `span`: `ceil(span * num / den)`, the
    /// least `k` whose [`Rate::offset`] is `span` or more.
    pub fn count_before(self, span: SimSpan) -> u64 {
        let product = u128::from(span.nanos()) * u128::from(self.num);
        u64::try_from(product.div_ceil(u128::from(self.den_ns))).unwrap_or(u64::MAX)
    }

    /// Mean gap between events in nanoseconds, infinite for the rate zero.
    #[inline]
    pub fn mean_gap_ns(self) -> f64 {
        self.den_ns as f64 / self.num as f64
    }

    /// Time per event, rounded up to whole nanoseconds: long enough to do one
    /// event's work. [`SimSpan::MAX`] for the rate zero.
    #[inline]
    pub fn period(self) -> SimSpan {
        if self.num == 0 {
            return SimSpan::MAX;
        }
        SimSpan::checked_from_nanos(self.den_ns.div_ceil(self.num)).unwrap_or(SimSpan::MAX)
    }

    /// Events per second, for display and statistics only: it is rounded.
    #[inline]
    pub fn per_second_f64(self) -> f64 {
        self.num as f64 * SECOND as f64 / self.den_ns as f64
    }

    /// Events in `unit_ns` times `scale`, when that is whole.
    fn scaled_count(self, unit_ns: u64, scale: u64) -> Option<u64> {
        let product = u128::from(self.num) * u128::from(unit_ns) * u128::from(scale);
        let den = u128::from(self.den_ns);
        product.is_multiple_of(den).then_some(product / den)?.try_into().ok()
    }
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Exact, and read back by [`Rate::parse`]: per second when that takes at most
/// three decimals (`5000/s`, `0.5/s`), else per minute, hour or day when whole
/// (`50/m`), else as a ratio (`7/11h`).
impl fmt::Display for Rate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(thousandths) = self.scaled_count(SECOND, 1_000) {
            write_decimal(out, thousandths, 1_000)?;
            return out.write_str("/s");
        }
        for (seconds, unit) in [(60, "m"), (3_600, "h"), (86_400, "d")] {
            if let Some(count) = self.scaled_count(seconds * SECOND, 1) {
                return write!(out, "{count}/{unit}");
            }
        }
        // A denominator beyond the longest span came from a decimal such as
        // 0.0000001/h; nanoseconds in full are then the only exact form.
        match SimSpan::checked_from_nanos(self.den_ns) {
            Some(span) => write!(out, "{}/{span}", self.num),
            None => write!(out, "{}/{}ns", self.num, self.den_ns),
        }
    }
}

#[cfg(test)]
#[path = "rate_tests.rs"]
mod tests;
