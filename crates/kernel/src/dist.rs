//! Distributions of spans. Each sample is a pure function of 64 bits, so that
//! who draws, and when, is the caller's decision alone.

use core::fmt;

use crate::decimal::{Decimal, write_decimal};
use crate::dist_shapes::{erlang, gamma, hyper_exponential};
use crate::math::{erfc, exp, ln, normal_quantile, pow, sqrt};
use crate::rng::unit_above_zero;
use crate::span::SimSpan;

/// A distribution of non-negative spans.
///
/// Samples beyond [`SimSpan::MAX`] are held there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Dist {
    /// Always the same span.
    Constant(SimSpan),
    /// Memoryless: the gaps of a Poisson process.
    Exponential {
        /// Mean span.
        mean: SimSpan,
    },
    /// Every nanosecond from `low` to `high` equally likely, both included;
    /// always `low` if `high` is below it.
    Uniform {
        /// Shortest span.
        low: SimSpan,
        /// Longest span.
        high: SimSpan,
    },
    /// The bell curve; what falls below zero counts as zero.
    Normal {
        /// Mean before the cut at zero.
        mean: SimSpan,
        /// Standard deviation before the cut at zero.
        deviation: SimSpan,
    },
    /// The logarithm is normal: the usual shape of service times, with a long
    /// right tail.
    LogNormal {
        /// Half of all samples lie below it.
        median: SimSpan,
        /// Deviation of the natural logarithm, in thousandths.
        sigma_milli: u32,
    },
    /// A power-law tail: P(span > x) = (scale / x)^shape for x above `scale`.
    Pareto {
        /// Shortest span.
        scale: SimSpan,
        /// Tail exponent in thousandths; at 1000 or below the mean is infinite.
        shape_milli: u32,
    },
    /// The sum of equal exponential stages: steadier than one of them.
    Erlang {
        /// How many; at least 1.
        stages: u32,
        /// Mean of their sum.
        mean: SimSpan,
    },
    /// One of two exponential spans, as the toss of a coin says: mostly short
    /// and sometimes long.
    HyperExponential {
        /// How often it is the first, in billionths.
        share_billionths: u32,
        /// Mean of the first.
        first: SimSpan,
        /// Mean of the second.
        second: SimSpan,
    },
    /// Any steadiness between constant and wild, by one number.
    Gamma {
        /// Mean span.
        mean: SimSpan,
        /// Variance over the square of the mean, in thousandths; above 0. A
        /// thousand is exponential.
        variation_milli: u32,
    },
}

/// Most stages of [`Dist::Erlang`]: each costs a logarithm for every sample.
pub(crate) const STAGES_MAX: u32 = 100;

impl Dist {
    /// The sample that `bits`, 64 uniform bits, select; rounded to whole
    /// nanoseconds.
    #[inline]
    pub fn sample(&self, bits: u64) -> SimSpan {
        match *self {
            Dist::Constant(span) => span,
            Dist::Exponential { mean } => SimSpan::from_nanos_rounded(-ln(unit_above_zero(bits)) * mean.nanos() as f64),
            Dist::Uniform { low, high } => {
                let width = high.saturating_sub(low).nanos() + 1;
                // The upper half of the product is floor(u * width), u in [0,1).
                let step = (u128::from(bits) * u128::from(width)) >> 64;
                SimSpan::from_nanos(low.nanos() + step as u64)
            }
            Dist::Normal { mean, deviation } => {
                SimSpan::from_nanos_rounded(mean.nanos() as f64 + deviation.nanos() as f64 * standard_normal(bits))
            }
            Dist::LogNormal { median, sigma_milli } => {
                SimSpan::from_nanos_rounded(median.nanos() as f64 * exp(milli(sigma_milli) * standard_normal(bits)))
            }
            Dist::Pareto { scale, shape_milli } => SimSpan::from_nanos_rounded(
                scale.nanos() as f64 * pow(unit_above_zero(bits), -1.0 / milli(shape_milli)),
            ),
            Dist::Erlang { stages, mean } => SimSpan::from_nanos_rounded(mean.nanos() as f64 * erlang(bits, stages)),
            Dist::HyperExponential {
                share_billionths,
                first,
                second,
            } => {
                let (is_first, length) = hyper_exponential(bits, billionth(share_billionths));
                let mean = if is_first { first } else { second };
                SimSpan::from_nanos_rounded(mean.nanos() as f64 * length)
            }
            Dist::Gamma { mean, variation_milli } => {
                let length = gamma(bits, milli(variation_milli), standard_normal);
                SimSpan::from_nanos_rounded(mean.nanos() as f64 * length)
            }
        }
    }

    /// The mean of the samples, rounded to whole nanoseconds and held at
    /// [`SimSpan::MAX`]; the cut of [`Dist::Normal`] at zero is included.
    pub fn mean(&self) -> SimSpan {
        match *self {
            Dist::Constant(span) => span,
            Dist::Exponential { mean } => mean,
            Dist::Uniform { low, high } => SimSpan::from_nanos((low.nanos() + high.max(low).nanos()) / 2),
            Dist::Normal { mean, deviation } => {
                if deviation.is_zero() {
                    return mean;
                }
                let (mean, deviation) = (mean.nanos() as f64, deviation.nanos() as f64);
                let z = mean / deviation;
                let above_zero = 0.5 * erfc(-z / core::f64::consts::SQRT_2);
                let density = exp(-0.5 * z * z) / sqrt(2.0 * core::f64::consts::PI);
                SimSpan::from_nanos_rounded(mean * above_zero + deviation * density)
            }
            Dist::LogNormal { median, sigma_milli } => {
                let sigma = milli(sigma_milli);
                SimSpan::from_nanos_rounded(median.nanos() as f64 * exp(0.5 * sigma * sigma))
            }
            Dist::Pareto { shape_milli, .. } if shape_milli <= 1_000 => SimSpan::MAX,
            Dist::Pareto { scale, shape_milli } => {
                let shape = milli(shape_milli);
                SimSpan::from_nanos_rounded(scale.nanos() as f64 * shape / (shape - 1.0))
            }
            Dist::Erlang { mean, .. } | Dist::Gamma { mean, .. } => mean,
            Dist::HyperExponential {
                share_billionths,
                first,
                second,
            } => {
                let share = billionth(share_billionths);
                SimSpan::from_nanos_rounded(share * first.nanos() as f64 + (1.0 - share) * second.nanos() as f64)
            }
        }
    }

    /// Reads `0.5ms` (constant), `exp(10ms)`, `uniform(1ms, 5ms)`,
    /// `normal(10ms, 2ms)`, `lognormal(10ms, 0.5)` (median, sigma),
    /// `pareto(1ms, 1.5)` (scale, shape), `erlang(4, 10ms)` (stages, mean),
    /// `hyperexp(0.9, 1ms, 50ms)` (share of the first, both means) or
    /// `gamma(10ms, 2.5)` (mean, squared coefficient of variation). Sigma,
    /// shape and variation have at most three decimals, a share nine.
    ///
    /// `None` when malformed, when a uniform range is reversed, a shape or
    /// variation zero, a share above 1, or the stages are none or too many.
    pub fn parse(text: &str) -> Option<Dist> {
        let Some((name, rest)) = text.split_once('(') else {
            return SimSpan::parse(text).map(Dist::Constant);
        };
        let arguments = rest.strip_suffix(')')?;
        if name == "exp" {
            return Some(Dist::Exponential {
                mean: SimSpan::parse(arguments.trim())?,
            });
        }
        let (first, second) = arguments.split_once(',')?;
        match name {
            "erlang" => {
                let stages = first.trim().parse().ok()?;
                let mean = SimSpan::parse(second.trim())?;
                return (1..=STAGES_MAX)
                    .contains(&stages)
                    .then_some(Dist::Erlang { stages, mean });
            }
            "hyperexp" => {
                let share_billionths = parse_decimal(first.trim(), BILLION.into())?;
                let (first, second) = second.split_once(',')?;
                let (first, second) = (SimSpan::parse(first.trim())?, SimSpan::parse(second.trim())?);
                return (share_billionths <= BILLION).then_some(Dist::HyperExponential {
                    share_billionths,
                    first,
                    second,
                });
            }
            _ => {}
        }
        let (first, second) = (SimSpan::parse(first.trim())?, second.trim());
        match name {
            "uniform" => {
                let high = SimSpan::parse(second)?;
                (first <= high).then_some(Dist::Uniform { low: first, high })
            }
            "normal" => Some(Dist::Normal {
                mean: first,
                deviation: SimSpan::parse(second)?,
            }),
            "lognormal" => Some(Dist::LogNormal {
                median: first,
                sigma_milli: parse_milli(second)?,
            }),
            "pareto" => {
                let shape_milli = parse_milli(second)?;
                (shape_milli > 0).then_some(Dist::Pareto {
                    scale: first,
                    shape_milli,
                })
            }
            "gamma" => {
                let variation_milli = parse_milli(second)?;
                (variation_milli > 0).then_some(Dist::Gamma {
                    mean: first,
                    variation_milli,
                })
            }
            _ => None,
        }
    }
}

fn milli(thousandths: u32) -> f64 {
    f64::from(thousandths) / 1_000.0
}

const BILLION: u32 = 1_000_000_000;

fn billionth(billionths: u32) -> f64 {
    f64::from(billionths) / f64::from(BILLION)
}

fn parse_milli(text: &str) -> Option<u32> {
    parse_decimal(text, 1_000)
}

fn parse_decimal(text: &str, scale: u64) -> Option<u32> {
    let (number, "") = Decimal::take(text)? else {
        return None;
    };
    number.times(scale)?.try_into().ok()
}

/// A standard normal value; the half step keeps both tails finite and equal.
fn standard_normal(bits: u64) -> f64 {
    normal_quantile(((bits >> 12) as f64 + 0.5) * (1.0 / (1u64 << 52) as f64))
}

/// The form [`Dist::parse`] reads.
impl fmt::Display for Dist {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let with_milli = |out: &mut fmt::Formatter<'_>, name, span: SimSpan, thousandths: u32| {
            write!(out, "{name}({span}, ")?;
            write_decimal(out, u64::from(thousandths), 1_000)?;
            out.write_str(")")
        };
        match *self {
            Dist::Constant(span) => write!(out, "{span}"),
            Dist::Exponential { mean } => write!(out, "exp({mean})"),
            Dist::Uniform { low, high } => write!(out, "uniform({low}, {high})"),
            Dist::Normal { mean, deviation } => write!(out, "normal({mean}, {deviation})"),
            Dist::LogNormal { median, sigma_milli } => with_milli(out, "lognormal", median, sigma_milli),
            Dist::Pareto { scale, shape_milli } => with_milli(out, "pareto", scale, shape_milli),
            Dist::Erlang { stages, mean } => write!(out, "erlang({stages}, {mean})"),
            Dist::HyperExponential {
                share_billionths,
                first,
                second,
            } => {
                out.write_str("hyperexp(")?;
                write_decimal(out, u64::from(share_billionths), BILLION.into())?;
                write!(out, ", {first}, {second})")
            }
            Dist::Gamma { mean, variation_milli } => with_milli(out, "gamma", mean, variation_milli),
        }
    }
}

#[cfg(test)]
#[path = "dist_tests.rs"]
mod tests;
