//! Draws without state: a number that belongs to an entity's n-th thing is a
//! hash of who, which and what for, so no order of handling and no edit during
//! a run can shift it, and variants of a scenario share it.

/// Odd, with well spread bits: the golden ratio's fraction, as in SplitMix64.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A bijection of 64-bit numbers in which every input bit flips every output
/// bit with probability near one half (Stafford's variant 13 of the murmur
/// finaliser, the one SplitMix64 uses).
#[inline]
pub const fn mix(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// 64 uniform bits that depend on all four arguments and on nothing else.
///
/// `entity` is usually [`hash_name`] of a name, `n` the number of the message
/// or request within it, `purpose` a constant of the caller (key, size, work
/// time). Equal to [`draw_at`] of [`draw_key`]: keep the key where many `n`
/// are drawn.
#[inline]
pub const fn draw(seed: u64, entity: u64, n: u64, purpose: u64) -> u64 {
    draw_at(draw_key(seed, entity, purpose), n)
}

/// What [`draw`] needs of `seed`, `entity` and `purpose`, for reuse.
#[inline]
pub const fn draw_key(seed: u64, entity: u64, purpose: u64) -> u64 {
    // A full mix between two arguments keeps them from cancelling each other
    // out, however small and regular they are.
    let bits = mix(seed.wrapping_add(STEP));
    let bits = mix((bits ^ entity).wrapping_add(STEP));
    mix((bits ^ purpose).wrapping_add(STEP))
}

/// The `n`-th draw of a key of [`draw_key`].
#[inline]
pub const fn draw_at(key: u64, n: u64) -> u64 {
    // The second mix hides that two keys may lie a small multiple of STEP
    // apart, in which case one round would give shifted copies.
    mix(mix(key.wrapping_add(n.wrapping_mul(STEP))) ^ key)
}

/// A stable hash of a name: FNV-1a over its bytes, then [`mix`].
pub const fn hash_name(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        at += 1;
    }
    mix(hash)
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;

    use super::*;

    #[test]
    fn values_are_pinned() {
        // SplitMix64 with seed 0 starts with this number.
        assert_eq!(mix(STEP), 0xe220_a839_7b1d_cdaf);
        assert_eq!(draw(0, 0, 0, 0), 0xd6a4_e0a8_4661_de39);
        assert_eq!(draw(1, 2, 3, 4), 0x2f14_c468_372c_9fd4);
        assert_eq!(draw(u64::MAX, hash_name("orders"), 1_000_000, 7), 0x81f0_41b2_876d_d0c4);
        assert_eq!(hash_name(""), 0xf52a_15e9_a9b5_e89b);
        assert_eq!(hash_name("orders"), 0x4598_7d0b_68fc_7229);
    }

    #[test]
    fn every_argument_matters_and_small_ones_do_not_collide() {
        let mut seen = BTreeSet::new();
        for seed in 0..12 {
            for entity in 0..12 {
                for n in 0..12 {
                    for purpose in 0..12 {
                        seen.insert(draw(seed, entity, n, purpose));
                    }
                }
            }
        }
        assert_eq!(seen.len(), 12 * 12 * 12 * 12);
    }

    #[test]
    fn flipping_one_bit_flips_about_half_of_the_draw() {
        let base = [42, 7, 1_000, 3];
        for argument in 0..4 {
            for bit in 0..64 {
                let mut flipped = base;
                flipped[argument] ^= 1 << bit;
                let of = |a: [u64; 4]| draw(a[0], a[1], a[2], a[3]);
                let changed = (of(base) ^ of(flipped)).count_ones();
                assert!((12..=52).contains(&changed), "argument {argument} bit {bit}: {changed}");
            }
        }
    }

    #[test]
    fn successive_draws_are_uniform_and_uncorrelated() {
        let key = draw_key(1, 2, 3);
        let mut bins = [0u32; 256];
        for n in 0..65_536 {
            // The pair of two neighbours' top nibbles catches correlation.
            let pair = (draw_at(key, n) >> 60) << 4 | draw_at(key, n + 1) >> 60;
            bins[pair as usize] += 1;
        }
        let chi_square: f64 = bins
            .iter()
            .map(|&b| (f64::from(b) - 256.0) * (f64::from(b) - 256.0) / 256.0)
            .sum();
        // 255 degrees of freedom: mean 255, deviation 22.6.
        assert!((150.0..360.0).contains(&chi_square), "{chi_square}");
    }
}
