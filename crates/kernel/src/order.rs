//! Sorting that costs little code.
//!
//! The standard library compiles its fast sort, some four kilobytes, once for
//! every type that is sorted. Lists that are sorted once, when a run is set up
//! or a panel is drawn, need no speed, and the page is downloaded: here all
//! types share one sort, of positions, and a small one.

use alloc::vec::Vec;
use core::cmp::Ordering;

/// Sorts stably by `compare`.
///
/// # Panics
/// With more than 2^32 items.
pub fn sort_by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    if items.len() < 2 {
        return;
    }
    let count = u32::try_from(items.len()).expect("lists that are sorted here are far shorter");
    let mut order: Vec<u32> = (0..count).collect();
    sort_positions(&mut order, &mut |a, b| compare(&items[a as usize], &items[b as usize]));
    arrange(items, &mut order);
}

/// Sorts stably by the key of each item.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// The one sort: ever longer stretches that are in order are merged in pairs.
#[inline(never)]
fn sort_positions(order: &mut [u32], compare: &mut dyn FnMut(u32, u32) -> Ordering) {
    let mut merged = Vec::with_capacity(order.len());
    let mut length = 1;
    while length < order.len() {
        merged.clear();
        for pair in order.chunks(2 * length) {
            let (mut left, mut right) = pair.split_at(length.min(pair.len()));
            while let ([first, left_rest @ ..], [second, right_rest @ ..]) = (left, right) {
                // Of equal ones the left one stands first, as it did.
                if compare(*second, *first).is_lt() {
                    merged.push(*second);
                    right = right_rest;
                } else {
                    merged.push(*first);
                    left = left_rest;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        order.copy_from_slice(&merged);
        length *= 2;
    }
}

/// Lets the item at `order[i]` stand at `i`, cycle by cycle.
fn arrange<T>(items: &mut [T], order: &mut [u32]) {
    for start in 0..order.len() {
        let mut at = start;
        loop {
            let from = core::mem::replace(&mut order[at], at as u32) as usize;
            if from == start {
                break;
            }
            items.swap(at, from);
            at = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_sorts_as_the_standard_library_does(keys in proptest::collection::vec(0_u8..20, 0..200)) {
            let mut items: Vec<(u8, usize)> = keys.into_iter().zip(0..).collect();
            let mut expected = items.clone();
            expected.sort_by_key(|(key, _)| *key);
            sort_by_key(&mut items, |(key, _)| *key);
            prop_assert_eq!(&items, &expected);
            expected.sort_by(|a, b| b.cmp(a));
            sort_by(&mut items, |a, b| b.cmp(a));
            prop_assert_eq!(items, expected);
        }
    }
}
