//! Amounts of bytes and distributions of them.

use core::fmt;

use crate::decimal::{Decimal, write_decimal};
use crate::dist::Dist;
use crate::span::SimSpan;

/// Units, largest first within each of the two systems.
const UNITS: [(&str, u64); 9] = [
    ("TiB", 1 << 40),
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("TB", 1_000_000_000_000),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("kB", 1_000),
    ("B", 1),
];

/// A number of bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Bytes(pub u64);

impl Bytes {
    /// Reads `16KiB`, `1.5kB` or `200B`; a whole number of bytes must come out.
    pub fn parse(text: &str) -> Option<Bytes> {
        let (number, unit) = Decimal::take(text)?;
        let (_, size) = UNITS.into_iter().find(|(name, _)| *name == unit)?;
        number.times(size).map(Bytes)
    }

    /// How long so many bytes take at `per_second`, rounded up.
    ///
    /// # Panics
    /// If `per_second` is zero.
    pub fn at(self, per_second: u64) -> SimSpan {
        let nanos = (u128::from(self.0) * 1_000_000_000).div_ceil(u128::from(per_second));
        u64::try_from(nanos)
            .ok()
            .and_then(SimSpan::checked_from_nanos)
            .unwrap_or(SimSpan::MAX)
    }
}

/// In the largest unit in which it is a whole number, or in kB and so on with
/// decimals.
impl fmt::Display for Bytes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fits = |(_, size): &(&str, u64)| self.0 >= *size && self.0.is_multiple_of(*size);
        let decimal = || {
            let mut decimal = UNITS.into_iter().skip(4);
            decimal.find(|(_, size)| self.0 >= *size)
        };
        let whole = UNITS
            .into_iter()
            .find(fits)
            .filter(|(name, _)| *name != "B" || self.0 < 1000);
        let (name, size) = whole.or_else(decimal).unwrap_or(("B", 1));
        write_decimal(out, self.0, size)?;
        out.write_str(name)
    }
}

/// A distribution of sizes. Each sample is a pure function of 64 bits.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Sizes(
    /// With a byte in place of a nanosecond.
    Dist,
);

impl Sizes {
    /// Nothing.
    pub const ZERO: Sizes = Sizes::constant(Bytes(0));

    /// Always the same; held at [`SimSpan::MAX`] as a number.
    pub const fn constant(bytes: Bytes) -> Sizes {
        let most = SimSpan::MAX.nanos();
        Sizes(Dist::Constant(SimSpan::from_nanos(if bytes.0 < most {
            bytes.0
        } else {
            most
        })))
    }

    /// What every sample is, if all are the same.
    #[inline]
    pub const fn fixed(&self) -> Option<Bytes> {
        match self.0 {
            Dist::Constant(bytes) => Some(Bytes(bytes.nanos())),
            _ => None,
        }
    }

    /// The sample that `bits`, 64 uniform bits, select.
    pub fn sample(&self, bits: u64) -> Bytes {
        Bytes(self.0.sample(bits).nanos())
    }

    /// The mean of the samples, in whole bytes.
    pub fn mean(&self) -> Bytes {
        Bytes(self.0.mean().nanos())
    }

    /// Reads `1KiB` (always), `exp(1KiB)` or `uniform(1KiB, 4KiB)`.
    pub fn parse(text: &str) -> Option<Sizes> {
        let number = |text: &str| SimSpan::checked_from_nanos(Bytes::parse(text.trim())?.0);
        let Some((name, rest)) = text.split_once('(') else {
            return number(text).map(|bytes| Sizes(Dist::Constant(bytes)));
        };
        let arguments = rest.strip_suffix(')')?;
        match name {
            "exp" => Some(Sizes(Dist::Exponential {
                mean: number(arguments)?,
            })),
            "uniform" => {
                let (low, high) = arguments.split_once(',')?;
                let (low, high) = (number(low)?, number(high)?);
                (low <= high).then_some(Sizes(Dist::Uniform { low, high }))
            }
            _ => None,
        }
    }
}

/// The form [`Sizes::parse`] reads.
impl fmt::Display for Sizes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = |span: SimSpan| Bytes(span.nanos());
        match self.0 {
            Dist::Exponential { mean } => write!(out, "exp({})", bytes(mean)),
            Dist::Uniform { low, high } => write!(out, "uniform({}, {})", bytes(low), bytes(high)),
            other => write!(out, "{}", bytes(other.mean())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use proptest::prelude::*;

    #[test]
    fn sizes_are_read_with_their_units() {
        for (text, bytes) in [("0B", 0), ("16KiB", 16_384), ("1.5kB", 1_500), ("1MiB", 1 << 20)] {
            assert_eq!(Bytes::parse(text), Some(Bytes(bytes)), "{text}");
        }
        for text in ["", "1", "KiB", "0.1B", "1kb", "1 KiB", "-1B", "99999999999TiB"] {
            assert_eq!(Bytes::parse(text), None, "{text}");
        }
        assert_eq!(Bytes(1_500).to_string(), "1.5kB");
        assert_eq!(Sizes::parse("uniform(4KiB, 1KiB)"), None);
        assert_eq!(Sizes::parse("exp(1KiB)").map(|sizes| sizes.mean()), Some(Bytes(1024)));
    }

    #[test]
    fn time_is_bytes_by_rate_rounded_up() {
        assert_eq!(Bytes(1_000).at(1_000_000), SimSpan::from_millis(1));
        assert_eq!(Bytes(1).at(3), SimSpan::from_nanos(333_333_334));
        assert_eq!(Bytes(0).at(1), SimSpan::ZERO);
        assert_eq!(Bytes(u64::MAX).at(1), SimSpan::MAX);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(bytes in any::<u64>(), more in 0u64..1 << 20, kind in 0..3) {
            prop_assert_eq!(Bytes::parse(&Bytes(bytes).to_string()), Some(Bytes(bytes)));
            let (low, high) = (SimSpan::from_nanos(bytes >> 12), SimSpan::from_nanos((bytes >> 12) + more));
            let sizes = Sizes(match kind {
                0 => Dist::Constant(low),
                1 => Dist::Exponential { mean: low },
                _ => Dist::Uniform { low, high },
            });
            prop_assert_eq!(Sizes::parse(&sizes.to_string()), Some(sizes));
        }
    }
}
