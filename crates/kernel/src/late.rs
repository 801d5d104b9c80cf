//! The actions of a lane that came out of order.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;
use core::cmp::Reverse;

use crate::order::sort_by;
use crate::time::SimTime;

/// Bits of a key for the place of the action; the rest of a word counts the
/// pushes since there was nothing.
const PLACE_BITS: u32 = 28;
const PLACE_MASK: u64 = (1 << PLACE_BITS) - 1;

/// A heap by time and, at equal times, by the order of pushing. The heap is of
/// keys, which are moved many times on their way, and the actions stay where
/// they are.
#[derive(Clone)]
pub(crate) struct Late<A> {
    /// Time, count of pushes and place in one number.
    keys: BinaryHeap<Reverse<u128>>,
    actions: Vec<A>,
    free: Vec<u32>,
    pushed: u64,
}

impl<A> Default for Late<A> {
    fn default() -> Self {
        Late {
            keys: BinaryHeap::new(),
            actions: Vec::new(),
            free: Vec::new(),
            pushed: 0,
        }
    }
}

impl<A: Copy> Late<A> {
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    #[inline(always)]
    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Adds an action.
    ///
    /// # Panics
    /// With more than 2^28 at once, or 2^36 without ever being empty.
    pub(crate) fn push(&mut self, at: SimTime, action: A) {
        let place = match self.free.pop() {
            Some(place) => {
                self.actions[place as usize] = action;
                u64::from(place)
            }
            None => {
                self.actions.push(action);
                self.actions.len() as u64 - 1
            }
        };
        assert!(place <= PLACE_MASK, "a lane has too many actions out of order");
        let count = self.pushed;
        assert!(count >> (64 - PLACE_BITS) == 0, "a lane was out of order for too long");
        self.pushed += 1;
        let order = count << PLACE_BITS | place;
        self.keys
            .push(Reverse(u128::from(at.nanos()) << 64 | u128::from(order)));
    }

    /// The time of the first action.
    pub(crate) fn first(&self) -> Option<SimTime> {
        self.keys.peek().map(|Reverse(key)| time_of(*key))
    }

    /// Removes the first action.
    pub(crate) fn pop(&mut self) -> Option<(SimTime, A)> {
        let Reverse(key) = self.keys.pop()?;
        if self.keys.is_empty() {
            self.pushed = 0;
        }
        let place = place_of(key);
        self.free.push(place as u32);
        Some((time_of(key), self.actions[place]))
    }

    /// Times and actions in order. They are sorted for that.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (SimTime, &A)> {
        // A heap has no order to walk in, and is left as it is.
        let mut keys: Vec<u128> = self.keys.iter().map(|Reverse(key)| *key).collect();
        sort_by(&mut keys, Ord::cmp);
        keys.into_iter().map(|key| (time_of(key), &self.actions[place_of(key)]))
    }
}

fn time_of(key: u128) -> SimTime {
    SimTime::of_key((key >> 64) as u64)
}

fn place_of(key: u128) -> usize {
    (key as u64 & PLACE_MASK) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_goes_by_time_and_then_by_push() {
        let mut late = Late::default();
        for (round, nanos) in [5, 3, 5, 3, 9].into_iter().enumerate() {
            late.push(SimTime::from_nanos(nanos), round);
        }
        assert_eq!(late.first(), Some(SimTime::from_nanos(3)));
        let seen: Vec<usize> = late.iter().map(|(_, action)| *action).collect();
        let first = late.pop().map(|(_, action)| action);
        late.push(SimTime::from_nanos(3), 5);
        let rest: Vec<usize> = core::iter::from_fn(|| late.pop()).map(|(_, action)| action).collect();
        assert_eq!((seen, first), ([1, 3, 0, 2, 4].into(), Some(1)));
        assert_eq!(rest, [3, 5, 0, 2, 4]);
        assert!(late.is_empty());
    }

    proptest! {
        #[test]
        fn it_is_a_sorted_list(steps in proptest::collection::vec((0u64..300, 0u8..5), 0..1200)) {
            let mut late = Late::default();
            let mut model: Vec<(u64, usize)> = Vec::new();
            for (round, (nanos, step)) in steps.into_iter().enumerate() {
                if step < 3 {
                    late.push(SimTime::from_nanos(nanos), round);
                    let index = model.partition_point(|known| known.0 <= nanos);
                    model.insert(index, (nanos, round));
                } else {
                    let expected = (!model.is_empty()).then(|| model.remove(0));
                    prop_assert_eq!(late.pop().map(|(at, action)| (at.nanos(), action)), expected);
                }
                prop_assert_eq!(late.first().map(SimTime::nanos), model.first().map(|first| first.0));
                prop_assert_eq!(late.len(), model.len());
            }
            let seen: Vec<(u64, usize)> = late.iter().map(|(at, action)| (at.nanos(), *action)).collect();
            prop_assert_eq!(&seen, &model);
        }
    }
}
