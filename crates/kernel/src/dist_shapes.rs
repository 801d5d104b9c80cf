//! Samples that one uniform number is not enough for. They take as many as
//! they need from a sequence that their 64 bits begin, so that a sample is
//! still a pure function of those bits. None is inlined: they are rare, and
//! what is drawn for every message is not to grow with them.

use crate::draw::mix;
use crate::math::{ln, pow, sqrt};
use crate::rng::unit_above_zero;

/// Numbers that follow from 64 bits: SplitMix64, begun at them.
struct Sequence(u64);

impl Sequence {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// Above 0, at most 1.
    fn unit(&mut self) -> f64 {
        unit_above_zero(self.bits())
    }
}

/// The sum of `stages` exponential spans, with a mean of 1.
#[inline(never)]
pub(crate) fn erlang(bits: u64, stages: u32) -> f64 {
    let mut sequence = Sequence(bits);
    let sum: f64 = (0..stages).map(|_| -ln(sequence.unit())).sum();
    sum / f64::from(stages)
}

/// Whether the first of two exponential spans is meant, and its length with a
/// mean of 1.
#[inline(never)]
pub(crate) fn hyper_exponential(bits: u64, share: f64) -> (bool, f64) {
    let mut sequence = Sequence(bits);
    let is_first = sequence.unit() <= share;
    (is_first, -ln(sequence.unit()))
}

/// Gamma with a mean of 1 and this squared coefficient of variation, after
/// Marsaglia and Tsang, "A simple method for generating gamma variables"
/// (2000).
#[inline(never)]
pub(crate) fn gamma(bits: u64, variation: f64, normal: impl Fn(u64) -> f64) -> f64 {
    let mut sequence = Sequence(bits);
    let shape = 1.0 / variation;
    // Their method needs a shape of at least 1; below it a sample of one more
    // is scaled down.
    let (large, scale) = if shape < 1.0 {
        (shape + 1.0, pow(sequence.unit(), variation))
    } else {
        (shape, 1.0)
    };
    let d = large - 1.0 / 3.0;
    let c = 1.0 / (3.0 * sqrt(d));
    loop {
        let x = normal(sequence.bits());
        let root = 1.0 + c * x;
        let v = root * root * root;
        if v > 0.0 && ln(sequence.unit()) < 0.5 * x * x + d - d * v + d * ln(v) {
            return d * v * scale / shape;
        }
    }
}
