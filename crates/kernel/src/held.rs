//! Actions of the present instant that are held outside of lanes and tree.

use crate::tree::EMPTY;

/// Most actions that are held besides the first: a message that is handed to a
/// dozen queues, and its confirm.
const HELD_MAX: usize = 16;
/// Places for them: a power of two, so that a masked index needs no bounds check.
const PLACES: usize = 32;
const MASK: usize = PLACES - 1;

/// A short list of actions, sorted by key; equal keys in the order of pushing.
///
/// An action stays where it was put until it is taken, if nothing comes before
/// it: a copy in between would be written in one width and read in another, for
/// which the processor stalls.
#[derive(Clone)]
pub(crate) struct Held<A> {
    /// The first action's key or [`EMPTY`].
    key: u64,
    /// They are from `first` to before `end`.
    first: usize,
    end: usize,
    keys: [u64; PLACES],
    actions: [A; PLACES],
}

impl<A: Copy + Default> Held<A> {
    pub(crate) fn new() -> Self {
        Held {
            key: EMPTY,
            first: 0,
            end: 0,
            keys: [EMPTY; PLACES],
            actions: [A::default(); PLACES],
        }
    }

    /// The key of the first action; [`EMPTY`] if there is none.
    #[inline(always)]
    pub(crate) fn key(&self) -> u64 {
        self.key
    }

    pub(crate) fn len(&self) -> usize {
        self.end - self.first
    }

    /// Adds an action behind those with the same key or a smaller one; false if
    /// there is no room.
    #[inline(always)]
    pub(crate) fn push(&mut self, key: u64, action: A) -> bool {
        // Mostly there is one only: what an action leads to is next, and leads
        // to the next one.
        if self.key == EMPTY {
            (self.first, self.end) = (0, 1);
            self.key = key;
            self.actions[0] = action;
            return true;
        }
        if self.end > HELD_MAX {
            return false;
        }
        let index = self.make_room(key);
        self.keys[index & MASK] = key;
        self.actions[index & MASK] = action;
        true
    }

    /// Moves what comes after `key` one up; returns the place that is free.
    #[inline(never)]
    fn make_room(&mut self, key: u64) -> usize {
        self.keys[self.first & MASK] = self.key;
        let mut index = self.end;
        self.end += 1;
        while index > self.first && self.keys[index - 1] > key {
            self.keys[index] = self.keys[index - 1];
            self.actions[index] = self.actions[index - 1];
            index -= 1;
        }
        self.key = self.key.min(key);
        index
    }

    /// Removes the first action; only if there is one.
    #[inline(always)]
    pub(crate) fn pop(&mut self) -> A {
        let action = self.actions[self.first & MASK];
        self.first += 1;
        self.key = if self.first == self.end {
            EMPTY
        } else {
            self.keys[self.first & MASK]
        };
        action
    }

    /// Removes the actions whose keys `are` such.
    pub(crate) fn remove(&mut self, are: impl Fn(u64) -> bool) {
        let mut kept = Held::new();
        while self.key != EMPTY {
            let key = self.key;
            let action = self.pop();
            if !are(key) {
                kept.push(key, action);
            }
        }
        *self = kept;
    }

    /// Keys and actions in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, &A)> {
        // The first one's key may be in no other place.
        let keys = core::iter::once(self.key).chain(self.keys.iter().copied().skip(self.first + 1));
        keys.zip(&self.actions[self.first..self.end])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    #[test]
    fn equal_keys_keep_their_order() {
        let mut held = Held::new();
        for (key, action) in [(5, 'b'), (5, 'c'), (3, 'a'), (9, 'e'), (5, 'd')] {
            assert!(held.push(key, action));
        }
        assert_eq!((held.key(), held.len()), (3, 5));
        held.remove(|key| key == 9);
        let seen: Vec<char> = held.iter().map(|(_, action)| *action).collect();
        let popped: Vec<char> = (0..4).map(|_| held.pop()).collect();
        assert_eq!(
            (seen, popped),
            (['a', 'b', 'c', 'd'].into(), ['a', 'b', 'c', 'd'].into())
        );
        assert_eq!((held.key(), held.len()), (EMPTY, 0));
    }

    #[test]
    fn it_has_room_again_when_it_was_empty() {
        let mut held = Held::new();
        for key in 0..=HELD_MAX as u64 {
            assert!(held.push(key, key));
        }
        assert!(!held.push(0, 0));
        held.pop();
        assert!(!held.push(0, 0), "the places of popped ones are not used at once");
        while held.len() > 0 {
            held.pop();
        }
        assert!(held.push(0, 0));
    }

    proptest! {
        #[test]
        fn it_is_a_list_sorted_by_key(steps in proptest::collection::vec(proptest::option::of(0u64..6), 0..200)) {
            let mut held = Held::new();
            let mut model: Vec<(u64, usize)> = Vec::new();
            for (number, step) in steps.into_iter().enumerate() {
                match step {
                    Some(key) => {
                        if held.push(key, number) {
                            model.push((key, number));
                            model.sort_unstable();
                        }
                    }
                    None if held.key() != EMPTY => {
                        let key = held.key();
                        prop_assert_eq!((key, held.pop()), model.remove(0));
                    }
                    None => prop_assert!(model.is_empty()),
                }
                prop_assert!(held.iter().map(|(key, number)| (key, *number)).eq(model.iter().copied()));
                prop_assert_eq!(held.len(), model.len());
            }
        }
    }
}
