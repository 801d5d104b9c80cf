//! The order in which Java goes through a hash map.
//!
//! Kafka's sticky assignors go through maps keyed by member or partition, and
//! where two members are equally good the one that comes first wins. So the
//! order is a part of what a group does, and it is well defined: by the low
//! bits of the key's hash, as many as the table has, and among equals by
//! insertion.

use alloc::vec::Vec;

/// Places of a table that was made without a size.
const PLACES_MIN: usize = 16;

/// Java's hash of a text: 31 times what came before, plus the next unit of
/// UTF-16.
pub(super) fn text_hash(text: &str) -> i32 {
    text.encode_utf16()
        .fold(0, |hash: i32, unit| hash.wrapping_mul(31).wrapping_add(i32::from(unit)))
}

/// Kafka's hash of a partition.
pub(super) fn partition_hash(topic: i32, partition: u32) -> i32 {
    31i32
        .wrapping_add(partition.cast_signed())
        .wrapping_mul(31)
        .wrapping_add(topic)
}

/// Where a key stands in a table that holds, or once held, `held` keys.
pub(super) fn place(hash: i32, held: usize) -> usize {
    let mut places = PLACES_MIN;
    while held * 4 > places * 3 {
        places *= 2;
    }
    let hash = hash.cast_unsigned();
    (hash ^ hash >> 16) as usize & (places - 1)
}

/// Positions of `keys`, given in the order in which they were put into a map,
/// in the order in which the map is gone through.
pub(super) fn hash_order<'a>(keys: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let hashes: Vec<i32> = keys.map(text_hash).collect();
    let mut order: Vec<usize> = (0..hashes.len()).collect();
    mqlab_kernel::sort_by_key(&mut order, |index| place(hashes[*index], hashes.len()));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_as_java_gives_them() {
        for (text, hash) in [
            ("", 0),
            ("a", 97),
            ("consumer", -567_770_122),
            ("polygenelubricants", i32::MIN),
        ] {
            assert_eq!(text_hash(text), hash, "{text}");
        }
    }

    fn order(keys: &str) -> Vec<&str> {
        let keys: Vec<&str> = keys.split(' ').collect();
        let order = hash_order(keys.iter().copied());
        order.into_iter().map(|index| keys[index]).collect()
    }

    #[test]
    fn a_table_is_gone_through_by_its_low_bits() {
        // Single letters are their own hash: 97 to 122, of which sixteen
        // places see the last four bits.
        assert_eq!(order("b p a o"), ["p", "a", "b", "o"]);
        // "q" and "a" share a place: who came first stands first.
        assert_eq!(order("q a"), ["q", "a"]);
        assert_eq!(order("a q"), ["a", "q"]);
        // With thirteen keys the table has doubled, and they part.
        assert_eq!(order("q b c d e f g h i j k l a")[..2], ["a", "b"]);
    }
}
