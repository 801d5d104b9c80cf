//! Maps and sets in the order of their keys.
//!
//! The standard library's trees do the same, and take some five kilobytes of
//! WebAssembly for every type of entry; these take a few hundred bytes. Entries
//! stand sorted in short runs, one behind the other, so that none but those of
//! one run have to make room.

use alloc::vec::Vec;
use core::borrow::Borrow;
use core::cmp::Ordering;
use core::fmt;
use core::ops::RangeInclusive;

/// How long a run gets before it is parted.
const RUN_MAX: usize = 64;

/// A map in the order of its keys. Finding costs as much as in a tree; changing
/// moves at most one short run.
#[derive(Clone)]
pub struct SortedMap<K, V> {
    /// Entries in order; no run is empty.
    runs: Vec<Vec<(K, V)>>,
    len: usize,
}

/// Where a key stands, or would stand.
#[derive(Clone, Copy)]
struct Spot {
    run: usize,
    index: usize,
    is_there: bool,
}

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V> SortedMap<K, V> {
    /// An empty map.
    pub const fn new() -> Self {
        SortedMap {
            runs: Vec::new(),
            len: 0,
        }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Removes all entries.
    pub fn clear(&mut self) {
        self.runs.clear();
        self.len = 0;
    }

    /// Every entry, in the order of the keys.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> + Clone {
        self.runs.iter().flatten().map(|(key, value)| (key, value))
    }

    /// Every entry, to change its value.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (&K, &mut V)> {
        self.runs.iter_mut().flatten().map(|(key, value)| (&*key, value))
    }

    /// Every key, in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + Clone {
        self.runs.iter().flatten().map(|(key, _)| key)
    }

    /// Every value, in the order of the keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + Clone {
        self.runs.iter().flatten().map(|(_, value)| value)
    }

    /// Every value, to change it.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut V> {
        self.runs.iter_mut().flatten().map(|(_, value)| value)
    }

    /// The entry with the least key.
    pub fn first_key_value(&self) -> Option<(&K, &V)> {
        let (key, value) = self.runs.first()?.first()?;
        Some((key, value))
    }

    /// Removes the entry with the least key.
    pub fn pop_first(&mut self) -> Option<(K, V)> {
        (self.len > 0).then(|| self.take_out(0, 0))
    }

    /// Keeps the entries of which this is true; asked in the order of the keys.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        self.runs.retain_mut(|run| {
            run.retain_mut(|(key, value)| keep(key, value));
            !run.is_empty()
        });
        self.len = self.runs.iter().map(Vec::len).sum();
    }

    #[inline(never)]
    fn take_out(&mut self, run: usize, index: usize) -> (K, V) {
        self.len -= 1;
        let entry = self.runs[run].remove(index);
        if self.runs[run].is_empty() {
            self.runs.remove(run);
        }
        entry
    }

    /// Puts an entry in, and says where it stands then.
    #[inline(never)]
    fn put_in(&mut self, mut spot: Spot, entry: (K, V)) -> Spot {
        self.len += 1;
        if self.runs.is_empty() {
            self.runs.push(Vec::new());
        }
        let run = &mut self.runs[spot.run];
        if run.len() == RUN_MAX {
            // Keys that come in order fill their runs.
            let middle = if spot.index == RUN_MAX { RUN_MAX } else { RUN_MAX / 2 };
            let behind = run.split_off(middle);
            if spot.index > middle || middle == RUN_MAX {
                spot.index -= middle;
                spot.run += 1;
                self.runs.insert(spot.run, behind);
            } else {
                self.runs.insert(spot.run + 1, behind);
            }
        }
        self.runs[spot.run].insert(spot.index, entry);
        spot
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    #[inline(never)]
    fn spot<Q: Ord + ?Sized>(&self, key: &Q) -> Spot
    where
        K: Borrow<Q>,
    {
        let is_before = |(known, _): &(K, V)| known.borrow() < key;
        // Mostly there is one run.
        let run = if self.runs.len() > 1 {
            let run = self.runs.partition_point(|run| run.last().is_some_and(is_before));
            // Behind all others, it stands at the end of the last run.
            run.min(self.runs.len() - 1)
        } else {
            0
        };
        let entries = self.runs.get(run).map_or(&[][..], Vec::as_slice);
        let (mut index, mut behind) = (0, entries.len());
        while index < behind {
            let middle = index.midpoint(behind);
            match entries[middle].0.borrow().cmp(key) {
                Ordering::Less => index = middle + 1,
                Ordering::Greater => behind = middle,
                Ordering::Equal => {
                    return Spot {
                        run,
                        index: middle,
                        is_there: true,
                    };
                }
            }
        }
        Spot {
            run,
            index,
            is_there: false,
        }
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let spot = self.spot(key);
        spot.is_there.then(|| &self.runs[spot.run][spot.index].1)
    }

    /// The value of a key, to change it.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let spot = self.spot(key);
        spot.is_there.then(|| &mut self.runs[spot.run][spot.index].1)
    }

    /// Whether a key is in it.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.spot(key).is_there
    }

    /// Sets the value of a key; returns the value before.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let spot = self.spot(&key);
        if spot.is_there {
            return Some(core::mem::replace(&mut self.runs[spot.run][spot.index].1, value));
        }
        self.put_in(spot, (key, value));
        None
    }

    /// The value of a key, which is made if there is none.
    pub fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let mut spot = self.spot(&key);
        if !spot.is_there {
            spot = self.put_in(spot, (key, make()));
        }
        &mut self.runs[spot.run][spot.index].1
    }

    /// The value of a key, which is the default one if there was none.
    pub fn get_or_default(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        self.get_or_insert_with(key, V::default)
    }

    /// Removes a key; returns its value.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let spot = self.spot(key);
        spot.is_there.then(|| self.take_out(spot.run, spot.index).1)
    }

    /// The entries from one key to another, both included.
    pub fn range(&self, keys: RangeInclusive<K>) -> impl Iterator<Item = (&K, &V)> {
        let (start, end) = keys.into_inner();
        let from = self.spot(&start);
        let runs = self.runs.iter().skip(from.run).flatten();
        let behind = runs.skip(from.index).take_while(move |(key, _)| *key <= end);
        behind.map(|(key, value)| (key, value))
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for SortedMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for SortedMap<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other.iter())
    }
}

impl<K: Eq, V: Eq> Eq for SortedMap<K, V> {}

impl<K: Ord, V> Extend<(K, V)> for SortedMap<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for SortedMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = SortedMap::new();
        map.extend(entries);
        map
    }
}

impl<K, V> IntoIterator for SortedMap<K, V> {
    type Item = (K, V);
    type IntoIter = core::iter::Flatten<alloc::vec::IntoIter<Vec<(K, V)>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.runs.into_iter().flatten()
    }
}

/// A set in order.
#[derive(Clone, PartialEq, Eq)]
pub struct SortedSet<K>(SortedMap<K, ()>);

impl<K> Default for SortedSet<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K> SortedSet<K> {
    /// An empty set.
    pub const fn new() -> Self {
        SortedSet(SortedMap::new())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Removes all.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// All, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &K> + Clone {
        self.0.keys()
    }

    /// Keeps those of which this is true.
    pub fn retain(&mut self, mut keep: impl FnMut(&K) -> bool) {
        self.0.retain(|key, ()| keep(key));
    }
}

impl<K: Ord> SortedSet<K> {
    /// Whether it is in it.
    pub fn contains<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.0.contains_key(key)
    }

    /// Puts it in; returns whether it is new.
    pub fn insert(&mut self, key: K) -> bool {
        self.0.insert(key, ()).is_none()
    }

    /// Takes it out; returns whether it was in it.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.0.remove(key).is_some()
    }
}

impl<K: fmt::Debug> fmt::Debug for SortedSet<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl<K: Ord> Extend<K> for SortedSet<K> {
    fn extend<I: IntoIterator<Item = K>>(&mut self, keys: I) {
        for key in keys {
            self.insert(key);
        }
    }
}

impl<K: Ord> FromIterator<K> for SortedSet<K> {
    fn from_iter<I: IntoIterator<Item = K>>(keys: I) -> Self {
        let mut set = SortedSet::new();
        set.extend(keys);
        set
    }
}

impl<K> IntoIterator for SortedSet<K> {
    type Item = K;
    type IntoIter = core::iter::Map<<SortedMap<K, ()> as IntoIterator>::IntoIter, fn((K, ())) -> K>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter().map(|(key, ())| key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeMap;
    use proptest::prelude::*;

    proptest! {
        /// Beside the standard library's tree, with so many keys that runs are
        /// parted and emptied.
        #[test]
        fn a_map_does_what_a_tree_does(steps in prop::collection::vec((0_u8..8, 0_u16..600), 0..2_500)) {
            let (mut map, mut tree) = (SortedMap::new(), BTreeMap::new());
            for (number, (step, key)) in steps.into_iter().enumerate() {
                match step {
                    0..=2 => prop_assert_eq!(map.insert(key, number), tree.insert(key, number)),
                    3 => prop_assert_eq!(map.remove(&key), tree.remove(&key)),
                    4 => prop_assert_eq!(map.pop_first(), tree.pop_first()),
                    5 => {
                        prop_assert_eq!(map.get(&key), tree.get(&key));
                        prop_assert_eq!(map.contains_key(&key), tree.contains_key(&key));
                        prop_assert_eq!(map.get_mut(&key), tree.get_mut(&key));
                    }
                    6 => *map.get_or_default(key) = *tree.entry(key).and_modify(|value| *value += 1).or_default(),
                    _ if key < 3 => {
                        map.retain(|known, _| known % 3 != key);
                        tree.retain(|known, _| known % 3 != key);
                    }
                    _ => {
                        let end = key + 90;
                        prop_assert!(map.range(key..=end).eq(tree.range(key..=end)));
                    }
                }
                prop_assert_eq!(map.len(), tree.len());
                prop_assert_eq!(map.first_key_value(), tree.first_key_value());
            }
            prop_assert!(map.iter().eq(tree.iter()));
            prop_assert!(map.iter().rev().eq(tree.iter().rev()));
            prop_assert!(map.runs.iter().all(|run| !run.is_empty() && run.len() <= RUN_MAX));
            prop_assert!(map.into_iter().eq(tree));
        }
    }

    #[test]
    fn keys_that_come_in_order_fill_their_runs() {
        let map: SortedMap<u32, ()> = (0..1_000).map(|key| (key, ())).collect();
        assert_eq!(map.runs.len(), 1_000_usize.div_ceil(RUN_MAX));
    }

    #[test]
    fn equal_maps_are_equal_however_they_came_to_be() {
        let upwards: SortedSet<u32> = (0..200).collect();
        let downwards: SortedSet<u32> = (0..200).rev().collect();
        assert_eq!(upwards, downwards);
        assert_ne!(upwards, (1..201).collect());
        assert!(downwards.into_iter().eq(0..200));
    }

    #[test]
    fn texts_are_found_by_their_letters() {
        let mut names: SortedMap<alloc::boxed::Box<str>, u8> = SortedMap::new();
        names.insert("b".into(), 2);
        assert_eq!(names.get("b"), Some(&2));
        assert_eq!(names.get("a"), None);
    }
}
