//! The hash by which keyed records find their partition.

/// The seed of every Kafka client.
const SEED: u32 = 0x9747_b28c;
/// The multiplier of the algorithm.
const MULTIPLIER: u32 = 0x5bd1_e995;
/// Its shift.
const SHIFT: u32 = 24;

/// 32-bit murmur2 of a key's bytes, as a signed number, which is how Kafka's
/// clients show it.
pub fn murmur2(key: &[u8]) -> i32 {
    let length = u32::try_from(key.len()).unwrap_or(u32::MAX);
    let words = key.chunks_exact(4);
    let rest = words.remainder();
    let mut hash = SEED ^ length;
    for word in words {
        let mut mixed = u32::from_le_bytes([word[0], word[1], word[2], word[3]]).wrapping_mul(MULTIPLIER);
        mixed = (mixed ^ mixed >> SHIFT).wrapping_mul(MULTIPLIER);
        hash = hash.wrapping_mul(MULTIPLIER) ^ mixed;
    }
    if !rest.is_empty() {
        let tail = (0..).zip(rest).map(|(place, byte)| u32::from(*byte) << (8 * place));
        hash = (hash ^ tail.fold(0, |all, byte| all | byte)).wrapping_mul(MULTIPLIER);
    }
    hash = (hash ^ hash >> 13).wrapping_mul(MULTIPLIER);
    (hash ^ hash >> 15).cast_signed()
}

/// The hash without its sign bit. Not its absolute value: -1 becomes the
/// largest number.
pub const fn to_positive(hash: i32) -> u32 {
    hash.cast_unsigned() & 0x7fff_ffff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_hashes() {
        for (key, hash) in [
            ("21", -973_932_308),
            ("foobar", -790_332_482),
            ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
        ] {
            assert_eq!(murmur2(key.as_bytes()), hash, "{key}");
        }
    }

    #[test]
    fn the_sign_is_masked_and_not_inverted() {
        assert_eq!(to_positive(-1), 2_147_483_647);
        assert_eq!(to_positive(i32::MIN), 0);
        assert_eq!(to_positive(5), 5);
    }

    #[test]
    fn the_bytes_after_the_last_word_count() {
        let hashes = [b"word".as_slice(), b"word1", b"word12", b"word123", b"word1234", b""].map(murmur2);
        for (index, hash) in hashes.iter().enumerate() {
            assert!(!hashes[..index].contains(hash));
        }
    }
}
