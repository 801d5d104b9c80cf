//! The tournament of lane heads: which lane acts next.
//!
//! An implicit binary tree of keys, each node the smaller of its two children.
//! A key is a head's time with the lane's number in the low bits, so the root
//! names the winner without a descent, and equal times fall to the lower lane
//! by themselves. Lanes beyond a thousand are split into groups, and a second
//! tree of the same kind finds the group.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use crate::time::SimTime;

/// Low bits of a key. 53 bits of time leave 11; one is kept free so that no
/// real key equals [`EMPTY`].
const INDEX_BITS: u32 = 10;
const GROUP: usize = 1 << INDEX_BITS;
const INDEX_MASK: u64 = GROUP as u64 - 1;
/// The key of a lane without actions, above every real key.
pub(crate) const EMPTY: u64 = u64::MAX;

/// Most lanes a tree can hold.
pub(crate) const LANE_COUNT_MAX: usize = GROUP * GROUP;

/// Which of the lanes comes first.
#[derive(Clone)]
pub(crate) struct Tree {
    /// Over the lanes, or over the groups when there is more than one.
    top: Box<Level>,
    /// The groups' own trees; empty when `top` holds the lanes.
    groups: Vec<Level>,
}

impl Tree {
    /// A tree of `lane_count` lanes without actions.
    pub(crate) fn new(lane_count: usize) -> Tree {
        assert!(lane_count <= LANE_COUNT_MAX, "more than {LANE_COUNT_MAX} lanes");
        if lane_count <= GROUP {
            return Tree {
                top: Box::new(Level::new(lane_count)),
                groups: Vec::new(),
            };
        }
        let group_count = lane_count.div_ceil(GROUP);
        Tree {
            top: Box::new(Level::new(group_count)),
            groups: vec![Level::new(GROUP); group_count],
        }
    }

    /// Whether there are so many lanes that a key names a group only.
    #[inline(always)]
    pub(crate) fn is_grouped(&self) -> bool {
        !self.groups.is_empty()
    }

    /// The key of the earliest head; [`EMPTY`] if no lane has actions.
    #[inline(always)]
    pub(crate) fn root(&self) -> u64 {
        self.top.root()
    }

    /// The root and its lane, the lowest one among equals; any lane if there is
    /// nothing. For a tree that is grouped: else the root says both.
    #[inline]
    pub(crate) fn first(&self) -> (u64, u32) {
        let root = self.root();
        (root, self.lane_in_groups(root))
    }

    /// The lane of a group's key.
    #[inline]
    fn lane_in_groups(&self, key: u64) -> u32 {
        let group = index_of(key);
        let first = self.groups.get(group).map_or(EMPTY, Level::root);
        (group * GROUP + index_of(first)) as u32
    }

    /// The same as [`Tree::first`] if `lane` had no actions.
    pub(crate) fn first_without(&self, lane: usize) -> (u64, u32) {
        let (group, index) = (lane / GROUP, lane % GROUP);
        let inside = self.groups[group].root_without(index);
        let outside = self.top.root_without(group);
        let own = in_top(inside, group);
        if own < outside {
            (own, (group * GROUP + index_of(inside)) as u32)
        } else {
            (outside, self.lane_in_groups(outside))
        }
    }

    /// Notes that the head of `lane` is now at `at`, or that the lane is empty.
    #[inline(never)]
    pub(crate) fn set(&mut self, lane: usize, at: Option<SimTime>) {
        let index = lane % GROUP;
        let key = at.map_or(EMPTY, |at| key_of(at, index as u32));
        if self.is_grouped() {
            self.set_in_group(lane / GROUP, index, key);
        } else {
            self.top.set(index, key);
        }
    }

    /// The same, inlined, for the one place that does it for every other
    /// action.
    #[inline(always)]
    pub(crate) fn set_soon(&mut self, lane: usize, at: Option<SimTime>) {
        if self.is_grouped() {
            self.set(lane, at);
        } else {
            self.top.set(lane, at.map_or(EMPTY, |at| key_of(at, lane as u32)));
        }
    }

    /// What the root would be if `lane` had no actions; only in a tree that is
    /// not grouped.
    #[inline(always)]
    pub(crate) fn root_without(&self, lane: usize) -> u64 {
        debug_assert!(!self.is_grouped(), "a key does not name a lane in a group");
        self.top.root_without(lane)
    }

    #[inline(never)]
    fn set_in_group(&mut self, group: usize, index: usize, key: u64) {
        let level = &mut self.groups[group];
        let before = level.root();
        level.set(index, key);
        let after = level.root();
        if before != after {
            self.top.set(group, in_top(after, group));
        }
    }
}

/// A group's smallest key as it stands in the tree over the groups.
#[inline]
fn in_top(key: u64, group: usize) -> u64 {
    if key == EMPTY {
        EMPTY
    } else {
        key & !INDEX_MASK | group as u64
    }
}

/// The key of a lane whose head is at `at`, in a tree that is not grouped.
#[inline(always)]
pub(crate) fn key_of(at: SimTime, lane: u32) -> u64 {
    at.nanos() << INDEX_BITS | u64::from(lane)
}

/// The time of a key in nanoseconds; of [`EMPTY`] it is above
/// [`SimTime::MAX`].
#[inline(always)]
pub(crate) fn nanos_of(key: u64) -> u64 {
    key >> INDEX_BITS
}

/// The lane of a key, in a tree that is not grouped.
#[inline(always)]
pub(crate) fn lane_of(key: u64) -> u32 {
    index_of(key) as u32
}

#[inline]
fn index_of(key: u64) -> usize {
    (key & INDEX_MASK) as usize
}

/// One tree of up to `GROUP` keys. The array has its full size always, so that
/// a masked index needs no bounds check; the unused part is never touched and
/// costs no cache.
#[derive(Clone)]
struct Level {
    /// Number of leaves, a power of two. The root is at 1, the leaves from
    /// `width` on.
    width: usize,
    keys: [u64; NODES],
}

const NODES: usize = 2 * GROUP;

impl Level {
    fn new(count: usize) -> Level {
        Level {
            width: count.max(1).next_power_of_two(),
            keys: [EMPTY; NODES],
        }
    }

    #[inline]
    fn root(&self) -> u64 {
        self.keys[1]
    }

    #[inline]
    fn root_without(&self, index: usize) -> u64 {
        let mut node = (self.width + index) % NODES;
        let mut smallest = EMPTY;
        while node > 1 {
            smallest = smallest.min(self.keys[(node ^ 1) % NODES]);
            node /= 2;
        }
        smallest
    }

    /// Sets a leaf and renews the minima above it.
    ///
    /// There is no early end where a minimum stays the same: the number of
    /// levels is then the same every time, and the processor predicts it, while
    /// the early end is a coin toss that costs more than the levels it saves.
    #[inline]
    fn set(&mut self, index: usize, key: u64) {
        let mut node = (self.width + index) % NODES;
        let mut smallest = key;
        self.keys[node] = smallest;
        while node > 1 {
            smallest = smallest.min(self.keys[(node ^ 1) % NODES]);
            node = node / 2 % NODES;
            self.keys[node] = smallest;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(nanos: u64) -> SimTime {
        SimTime::from_nanos(nanos)
    }

    fn first(tree: &Tree) -> Option<(SimTime, usize)> {
        let root = tree.root();
        let lane = if tree.is_grouped() {
            tree.first().1
        } else {
            lane_of(root)
        };
        (root != EMPTY).then(|| (at(nanos_of(root)), lane as usize))
    }

    #[test]
    fn the_last_instant_in_the_last_lane_is_not_empty() {
        for lane_count in [GROUP, GROUP * 3] {
            let mut tree = Tree::new(lane_count);
            tree.set(lane_count - 1, Some(SimTime::MAX));
            assert_eq!(first(&tree), Some((SimTime::MAX, lane_count - 1)));
            tree.set(lane_count - 1, None);
            assert_eq!(first(&tree), None);
        }
    }

    #[test]
    fn equal_times_fall_to_the_lower_lane_across_groups() {
        let mut tree = Tree::new(5_000);
        for lane in [4_999, 3_000, 1_024, 1_500] {
            tree.set(lane, Some(at(7)));
        }
        assert_eq!(first(&tree), Some((at(7), 1_024)));
        tree.set(1_024, Some(at(8)));
        assert_eq!(first(&tree), Some((at(7), 1_500)));
    }

    #[test]
    fn a_tree_without_lanes_is_empty() {
        assert_eq!(first(&Tree::new(0)), None);
    }

    proptest! {
        #[test]
        fn the_first_is_the_minimum_of_time_and_lane(
            lane_count in prop_oneof![1..20usize, 1_000..1_100usize, 2_000..5_000usize],
            changes in proptest::collection::vec((0..5_000usize, proptest::option::of(0..50u64)), 1..200),
        ) {
            let mut tree = Tree::new(lane_count);
            let mut heads = vec![None; lane_count];
            for (lane, nanos) in changes {
                let lane = lane % lane_count;
                heads[lane] = nanos.map(at);
                tree.set(lane, heads[lane]);
                let expected = heads.iter().enumerate().filter_map(|(l, t)| Some(((*t)?, l))).min();
                prop_assert_eq!(first(&tree), expected);
                let others = heads.iter().enumerate().filter(|(l, _)| *l != lane);
                let expected = others.filter_map(|(l, t)| Some(((*t)?, l as u32))).min();
                let (without, next) = if tree.is_grouped() {
                    tree.first_without(lane)
                } else {
                    let key = tree.root_without(lane);
                    (key, lane_of(key))
                };
                let found = (without != EMPTY).then(|| (at(nanos_of(without)), next));
                prop_assert_eq!(found, expected);
            }
        }
    }
}
