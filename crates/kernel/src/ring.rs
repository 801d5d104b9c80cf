//! A short queue in one piece of memory, for what is pushed and popped all the
//! time: a position is a count and a mask.

use alloc::vec::Vec;

/// A queue of `Copy` values. It grows by doubling and never shrinks; see
/// [`crate::Chain`] for what waits by the million.
#[derive(Clone, Debug)]
pub struct Ring<T> {
    /// As many as a power of two, or none.
    slots: Vec<T>,
    /// How many were popped, and how many were pushed.
    popped: usize,
    pushed: usize,
}

impl<T> Default for Ring<T> {
    fn default() -> Self {
        Ring {
            slots: Vec::new(),
            popped: 0,
            pushed: 0,
        }
    }
}

/// Fewest slots, if there are any.
const SLOTS_MIN: usize = 8;

impl<T: Copy + Default> Ring<T> {
    /// Adds a value at the end.
    #[inline(always)]
    pub fn push_back(&mut self, value: T) {
        if self.len() == self.slots.len() {
            self.grow();
        }
        let index = self.index(self.pushed);
        self.slots[index] = value;
        self.pushed = self.pushed.wrapping_add(1);
    }

    /// Removes the first value.
    #[inline(always)]
    pub fn pop_front(&mut self) -> Option<T> {
        if self.is_empty() {
            return None;
        }
        let value = self.slots[self.index(self.popped)];
        self.popped = self.popped.wrapping_add(1);
        Some(value)
    }

    /// Number of values.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.pushed.wrapping_sub(self.popped)
    }

    /// Whether there is none.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.pushed == self.popped
    }

    /// The values in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        (0..self.len()).map(|index| &self.slots[self.index(self.popped.wrapping_add(index))])
    }

    /// The first value.
    #[inline]
    pub fn front(&self) -> Option<T> {
        (!self.is_empty()).then(|| self.slots[self.index(self.popped)])
    }

    /// The value with so many before it, to change it.
    pub fn get_mut(&mut self, nth: usize) -> Option<&mut T> {
        let index = self.index(self.popped.wrapping_add(nth));
        (nth < self.len()).then(|| &mut self.slots[index])
    }

    /// Forgets everything; the memory is kept.
    pub fn clear(&mut self) {
        self.popped = self.pushed;
    }

    /// Keeps the values that `keep` says, in order.
    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        for _ in 0..self.len() {
            if let Some(value) = self.pop_front()
                && keep(&value)
            {
                self.push_back(value);
            }
        }
    }

    #[inline(always)]
    fn index(&self, count: usize) -> usize {
        count & self.slots.len().wrapping_sub(1)
    }

    /// Twice as many slots.
    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        let mut slots: Vec<T> = Vec::new();
        slots.reserve_exact((self.slots.len() * 2).max(SLOTS_MIN));
        slots.extend(self.iter());
        (self.popped, self.pushed) = (0, slots.len());
        slots.resize((self.slots.len() * 2).max(SLOTS_MIN), T::default());
        self.slots = slots;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::VecDeque;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_a_queue(steps in proptest::collection::vec(0u8..16, 0..400)) {
            let mut ring = Ring::default();
            let mut model = VecDeque::new();
            for (number, step) in steps.into_iter().enumerate() {
                match step {
                    0..8 => {
                        ring.push_back(number);
                        model.push_back(number);
                    }
                    8..14 => prop_assert_eq!(ring.pop_front(), model.pop_front()),
                    14 => {
                        ring.retain(|value| value % 3 != 0);
                        model.retain(|value| value % 3 != 0);
                    }
                    15 if number % 3 == 0 => {
                        ring.clear();
                        model.clear();
                    }
                    _ => {
                        let (changed, expected) = (ring.get_mut(number / 8), model.get_mut(number / 8));
                        prop_assert_eq!(&changed, &expected);
                        if let (Some(changed), Some(expected)) = (changed, expected) {
                            *changed = number;
                            *expected = number;
                        }
                    }
                }
                prop_assert_eq!(ring.len(), model.len());
                prop_assert_eq!(ring.front(), model.front().copied());
                prop_assert!(ring.iter().eq(model.iter()));
            }
        }
    }
}
