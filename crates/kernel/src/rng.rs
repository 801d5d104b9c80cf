//! Random streams: a value-stable generator per arrival process and link.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::draw::{draw_at, draw_key, hash_name};

/// A stream of random numbers (xoshiro256++), derived from the run's seed and
/// a name, so that adding an entity never disturbs another one's numbers.
///
/// Cloning copies the state: both go on with the same numbers.
#[derive(Clone, Debug)]
pub struct Stream {
    state: Xoshiro256PlusPlus,
}

impl Stream {
    /// The stream of `name` in the run seeded with `seed`.
    pub fn new(seed: u64, name: &str) -> Stream {
        Self::from_parts(seed, hash_name(name), 0)
    }

    /// The stream of the numbered entity `(a, b)` in the run seeded with
    /// `seed`. `new(seed, name)` is `from_parts(seed, hash_name(name), 0)`.
    pub fn from_parts(seed: u64, a: u64, b: u64) -> Stream {
        let key = draw_key(seed, a, b);
        let mut bytes = [0; 32];
        for (n, word) in bytes.chunks_exact_mut(8).enumerate() {
            word.copy_from_slice(&draw_at(key, n as u64).to_le_bytes());
        }
        Stream {
            state: Xoshiro256PlusPlus::from_seed(bytes),
        }
    }

    /// The next 64 uniform bits.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        self.state.next_u64()
    }

    /// A uniform number below `n`, without bias (Lemire's method: now and then
    /// it takes a second number from the stream).
    ///
    /// # Panics
    /// If `n` is zero.
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        assert!(n > 0, "below(0) has no value to give");
        let mut product = u128::from(self.next_u64()) * u128::from(n);
        if (product as u64) < n {
            let unfair = n.wrapping_neg() % n;
            while (product as u64) < unfair {
                product = u128::from(self.next_u64()) * u128::from(n);
            }
        }
        (product >> 64) as u64
    }

    /// A uniform number in `(0, 1]`, a multiple of 2^-53: never zero, so its
    /// logarithm is always finite.
    #[inline]
    pub fn unit_f64(&mut self) -> f64 {
        unit_above_zero(self.next_u64())
    }

    /// True `num` times out of `den` on average.
    ///
    /// # Panics
    /// If `den` is zero.
    #[inline]
    pub fn chance(&mut self, num: u64, den: u64) -> bool {
        self.below(den) < num
    }
}

/// The upper 53 of the `bits` as a multiple of 2^-53 in `(0, 1]`.
#[inline]
pub(crate) fn unit_above_zero(bits: u64) -> f64 {
    ((bits >> 11) + 1) as f64 * (1.0 / (1u64 << 53) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_pinned() {
        let mut stream = Stream::new(1, "orders");
        let expected = [0x4455_3c66_baf3_4cf7, 0x5665_08a0_1e0d_5688, 0x20fc_fa79_19b8_2544];
        assert_eq!([(); 3].map(|()| stream.next_u64()), expected);
        let mut stream = Stream::from_parts(0, 0, 0);
        assert_eq!([stream.next_u64(), stream.below(1_000)], [0x91ed_d4d2_4f15_283c, 82]);
    }

    #[test]
    fn a_stream_depends_on_seed_and_name() {
        let first = |seed, name| Stream::new(seed, name).next_u64();
        assert_eq!(first(1, "a"), first(1, "a"));
        assert_ne!(first(1, "a"), first(2, "a"));
        assert_ne!(first(1, "a"), first(1, "b"));
    }

    #[test]
    fn below_is_uniform_and_in_range() {
        let mut stream = Stream::new(7, "dice");
        let mut counts = [0u32; 6];
        for _ in 0..60_000 {
            counts[stream.below(6) as usize] += 1;
        }
        assert!(counts.iter().all(|c| (9_600..10_400).contains(c)), "{counts:?}");
        assert_eq!(stream.below(1), 0);
        // A bound just above half the range would show the bias of a modulus:
        // a third of the numbers would fall into the lower half twice as often.
        let bound = (1 << 63) + 1;
        let low = (0..10_000).filter(|_| stream.below(bound) < bound / 2).count();
        assert!((4_800..5_200).contains(&low), "{low}");
    }

    #[test]
    fn unit_is_never_zero_and_may_be_one() {
        assert!(unit_above_zero(0) > 0.0);
        assert!((unit_above_zero(u64::MAX) - 1.0).abs() < f64::EPSILON / 4.0);
        let mut stream = Stream::new(3, "unit");
        let sum: f64 = (0..100_000).map(|_| stream.unit_f64()).sum();
        assert!((sum / 1e5 - 0.5).abs() < 0.005);
    }

    #[test]
    fn chance_keeps_its_odds() {
        let mut stream = Stream::new(3, "loss");
        let hits = (0..100_000).filter(|_| stream.chance(1, 50)).count();
        assert!((1_800..2_200).contains(&hits), "{hits}");
        assert!(!stream.chance(0, 5));
        assert!(stream.chance(5, 5));
    }
}
