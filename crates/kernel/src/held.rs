//! Actions of the present instant that are held outside of lanes and tree.

use crate::tree::EMPTY;

/// Most actions that are held: a message that is handed to a dozen queues, and
/// its confirm.
const HELD_MAX: usize = 16;
const MASK: usize = HELD_MAX - 1;

/// A short list of actions, sorted by key; equal keys in the order of pushing.
#[derive(Clone)]
pub(crate) struct Held<A> {
    /// Of the first action, or [`EMPTY`].
    key: u64,
    first: usize,
    /// One behind the last action. Both are 0 when there is none: so there is
    /// room again.
    end: usize,
    keys: [u64; HELD_MAX],
    actions: [A; HELD_MAX],
}

impl<A: Copy + Default> Held<A> {
    pub(crate) fn new() -> Self {
        Held {
            key: EMPTY,
            first: 0,
            end: 0,
            keys: [EMPTY; HELD_MAX],
            actions: [A::default(); HELD_MAX],
        }
    }

    /// The key of the first action; [`EMPTY`] if there is none.
    #[inline(always)]
    pub(crate) fn key(&self) -> u64 {
        self.key
    }

    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.end - self.first
    }

    #[inline(always)]
    pub(crate) fn is_full(&self) -> bool {
        self.end >= HELD_MAX
    }

    /// Adds an action behind those with the same key or a smaller one; only if
    /// it is not full.
    #[inline(always)]
    pub(crate) fn push(&mut self, key: u64, action: A) {
        let mut index = self.end;
        if index > self.first && self.keys[(index - 1) & MASK] > key {
            index = self.make_room(key);
        }
        self.keys[index & MASK] = key;
        self.actions[index & MASK] = action;
        self.end += 1;
        if index == self.first {
            self.key = key;
        }
    }

    /// Moves what comes after `key` one up; returns the place that is free.
    #[inline(never)]
    fn make_room(&mut self, key: u64) -> usize {
        let mut index = self.end;
        while index > self.first && self.keys[index - 1] > key {
            self.keys[index] = self.keys[index - 1];
            self.actions[index] = self.actions[index - 1];
            index -= 1;
        }
        index
    }

    /// Removes the first action; only if there is one.
    #[inline(always)]
    pub(crate) fn pop(&mut self) -> A {
        let action = self.actions[self.first & MASK];
        self.first += 1;
        if self.first == self.end {
            (self.first, self.end, self.key) = (0, 0, EMPTY);
        } else {
            self.key = self.keys[self.first & MASK];
        }
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
        let all = self.keys.iter().zip(&self.actions);
        all.skip(self.first)
            .take(self.len())
            .map(|(key, action)| (*key, action))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn equal_keys_keep_their_order() {
        let mut held = Held::new();
        for (key, action) in [(5, 'b'), (5, 'c'), (3, 'a'), (9, 'e'), (5, 'd')] {
            held.push(key, action);
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
        for key in 0..HELD_MAX as u64 {
            assert!(!held.is_full());
            held.push(key, key);
        }
        assert!(held.is_full());
        held.pop();
        assert!(held.is_full(), "the places of popped ones are not used at once");
        while held.len() > 0 {
            held.pop();
        }
        assert!(!held.is_full());
    }
}
