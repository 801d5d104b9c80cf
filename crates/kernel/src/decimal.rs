//! Unsigned decimal numbers in text, kept exact: no value passes through a
//! float between a scenario file and the run.

use core::fmt;

/// A non-negative decimal number: `digits` divided by ten to the `scale`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Decimal {
    digits: u64,
    scale: u32,
}

impl Decimal {
    /// Reads a decimal from the start of `text` and returns it with the rest.
    ///
    /// Digits may be grouped by single `_`, as in `10_000`; a point needs a
    /// digit on both sides.
    pub(crate) fn take(text: &str) -> Option<(Decimal, &str)> {
        let mut digits = 0u64;
        let mut scale = 0u32;
        let mut point_seen = false;
        let mut after_digit = false;
        let mut end = 0;
        for (at, byte) in text.bytes().enumerate() {
            match byte {
                b'0'..=b'9' => {
                    digits = digits.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?;
                    scale = scale.checked_add(u32::from(point_seen))?;
                    after_digit = true;
                }
                b'.' if after_digit && !point_seen => {
                    point_seen = true;
                    after_digit = false;
                }
                b'_' if after_digit => after_digit = false,
                _ => break,
            }
            end = at + 1;
        }
        after_digit.then(|| (Decimal { digits, scale }, &text[end..]))
    }

    /// The value times `unit`, when that is a whole number.
    pub(crate) fn times(self, unit: u64) -> Option<u64> {
        let product = u128::from(self.digits) * u128::from(unit);
        if product == 0 {
            return Some(0);
        }
        let divisor = 10u128.checked_pow(self.scale)?;
        let whole = product.is_multiple_of(divisor).then_some(product / divisor)?;
        u64::try_from(whole).ok()
    }

    /// The value as a fraction: numerator and denominator, not reduced.
    pub(crate) fn ratio(self) -> Option<(u64, u64)> {
        Some((self.digits, 10u64.checked_pow(self.scale)?))
    }
}

/// Writes `value / unit` as a decimal without trailing zeros; `unit` is a power
/// of ten, so the text is exact.
pub(crate) fn write_decimal(out: &mut fmt::Formatter<'_>, value: u64, unit: u64) -> fmt::Result {
    write!(out, "{}", value / unit)?;
    write_fraction(out, value % unit, unit)
}

/// Writes `.` and the digits of `part / unit` without trailing zeros, or
/// nothing when `part` is zero.
pub(crate) fn write_fraction(out: &mut fmt::Formatter<'_>, part: u64, unit: u64) -> fmt::Result {
    if part == 0 {
        return Ok(());
    }
    let mut part = part;
    let mut width = unit.ilog10() as usize;
    while part.is_multiple_of(10) {
        part /= 10;
        width -= 1;
    }
    write!(out, ".{part:0width$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str, unit: u64) -> Option<u64> {
        let (decimal, rest) = Decimal::take(text)?;
        rest.is_empty().then_some(())?;
        decimal.times(unit)
    }

    #[test]
    fn reads_plain_grouped_and_fractional_digits() {
        assert_eq!(whole("5000", 1), Some(5000));
        assert_eq!(whole("10_000", 1), Some(10_000));
        assert_eq!(whole("0.5", 1_000), Some(500));
        assert_eq!(whole("1.250", 100), Some(125));
        assert_eq!(whole("0.000", 1), Some(0));
    }

    #[test]
    fn refuses_malformed_and_inexact_numbers() {
        for text in ["", ".", ".5", "5.", "1_", "_1", "1__0", "1._5", "1.2.3", "-1", "+1"] {
            assert_eq!(whole(text, 1), None, "{text}");
        }
        assert_eq!(whole("0.5", 1), None, "half a nanosecond is not representable");
        assert_eq!(whole("99999999999999999999", 1), None);
    }

    #[test]
    fn leaves_the_unit_behind() {
        let (decimal, rest) = Decimal::take("1.5ms").unwrap();
        assert_eq!((decimal.ratio(), rest), (Some((15, 10)), "ms"));
    }
}
