//! A first-in-first-out queue made of blocks that clones share.
//!
//! A checkpoint clones the whole world, and a queue may hold ten million
//! entries. So a full block is sealed, never written again, and shared: a clone
//! copies one pointer per block and at most one unfinished block.

use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::vec::Vec;

/// Elements per block.
const BLOCK: usize = 1_024;
/// Capacity of a first, small tail: most queues stay short.
const TAIL_CAPACITY_MIN: usize = 16;

/// A queue of `Copy` values in shared blocks of 1,024.
///
/// Pushing and popping take constant time with no reallocation of what is
/// there; [`Chain::get`] is constant too, so it serves as a log. Memory is the
/// elements plus less than two blocks.
#[derive(Clone, Debug)]
pub struct Chain<T: Copy> {
    /// Sealed blocks, all full, oldest first. The front one has been read up to
    /// `head`.
    sealed: VecDeque<Rc<Vec<T>>>,
    /// The block being written; never longer than `BLOCK`.
    tail: Vec<T>,
    /// Elements already popped from the oldest block, be it the front one of
    /// `sealed` or, with none sealed, `tail`. Always less than that block's
    /// length, or zero when there is nothing at all.
    head: usize,
    /// A popped block's memory, for the next tail.
    spare: Vec<T>,
}

impl<T: Copy> Default for Chain<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Copy> Chain<T> {
    /// An empty queue; it allocates with the first push.
    pub const fn new() -> Self {
        Chain {
            sealed: VecDeque::new(),
            tail: Vec::new(),
            head: 0,
            spare: Vec::new(),
        }
    }

    /// Appends `value`.
    #[inline]
    pub fn push_back(&mut self, value: T) {
        if self.tail.len() == self.tail.capacity() {
            self.make_room();
        }
        self.tail.push(value);
    }

    #[cold]
    #[inline(never)]
    fn make_room(&mut self) {
        if self.tail.len() < BLOCK {
            // Doubling by hand, because Vec's own growth could overshoot the
            // block and waste memory in every sealed one.
            let capacity = (self.tail.len() * 2).clamp(TAIL_CAPACITY_MIN, BLOCK);
            self.tail.reserve_exact(capacity - self.tail.len());
            return;
        }
        let mut next = core::mem::take(&mut self.spare);
        if next.capacity() < BLOCK {
            next = Vec::with_capacity(BLOCK);
        }
        let full = core::mem::replace(&mut self.tail, next);
        self.sealed.push_back(Rc::new(full));
    }

    /// Removes and returns the oldest value.
    #[inline]
    pub fn pop_front(&mut self) -> Option<T> {
        let oldest: &Vec<T> = self.sealed.front().map_or(&self.tail, |block| block);
        let value = *oldest.get(self.head)?;
        self.head += 1;
        if self.head == oldest.len() {
            self.drop_oldest();
        }
        Some(value)
    }

    #[cold]
    #[inline(never)]
    fn drop_oldest(&mut self) {
        self.head = 0;
        match self.sealed.pop_front() {
            // Shared with a clone: theirs to free.
            Some(block) => {
                if let Ok(mut block) = Rc::try_unwrap(block) {
                    block.clear();
                    self.spare = block;
                }
            }
            None => self.tail.clear(),
        }
    }

    /// The oldest value.
    #[inline]
    pub fn front(&self) -> Option<&T> {
        self.sealed.front().map_or(&self.tail, |block| block).get(self.head)
    }

    /// The newest value.
    #[inline]
    pub fn back(&self) -> Option<&T> {
        self.tail.last().or_else(|| self.sealed.back()?.last())
    }

    /// Number of values.
    #[inline]
    pub fn len(&self) -> usize {
        self.sealed.len() * BLOCK + self.tail.len() - self.head
    }

    /// Whether there is none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.tail.len() == self.head && self.sealed.is_empty()
    }

    /// The value at `index`, counted from the oldest.
    #[inline]
    pub fn get(&self, index: usize) -> Option<&T> {
        let at = self.head.checked_add(index)?;
        match self.sealed.get(at / BLOCK) {
            Some(block) => block.get(at % BLOCK),
            None => self.tail.get(at.checked_sub(self.sealed.len() * BLOCK)?),
        }
    }

    /// The values from the oldest to the newest.
    pub fn iter(&self) -> ChainIter<'_, T> {
        self.iter_from(0)
    }

    /// The values from the one at `index` on; getting there takes constant
    /// time.
    pub fn iter_from(&self, index: usize) -> ChainIter<'_, T> {
        ChainIter {
            chain: self,
            next: index,
            block: [].iter(),
        }
    }

    /// Removes the oldest values until `len` of the newest are left. Cheap for
    /// whole blocks: retention drops millions at once.
    pub fn truncate_front(&mut self, len: usize) {
        let mut excess = self.len().saturating_sub(len);
        while excess > 0 {
            let oldest_len = self.sealed.front().map_or(self.tail.len(), |_| BLOCK);
            let step = excess.min(oldest_len - self.head);
            self.head += step;
            excess -= step;
            if self.head == oldest_len {
                self.drop_oldest();
            }
        }
    }

    /// Removes the newest values until `len` of the oldest are left: a log cut
    /// back to what its leader has.
    pub fn truncate_back(&mut self, len: usize) {
        if len == 0 {
            return self.clear();
        }
        if len >= self.len() {
            return;
        }
        let end = self.head + len;
        if end / BLOCK < self.sealed.len() {
            // The cut falls into a sealed block, which becomes the tail. Clones
            // may share it, so its values are copied.
            let cut = &self.sealed[end / BLOCK];
            let mut tail = Vec::with_capacity(BLOCK);
            tail.extend_from_slice(&cut[..end % BLOCK]);
            self.tail = tail;
            self.sealed.truncate(end / BLOCK);
        } else {
            self.tail.truncate(end - self.sealed.len() * BLOCK);
        }
    }

    /// Removes everything; the tail's memory is kept.
    pub fn clear(&mut self) {
        self.sealed.clear();
        self.tail.clear();
        self.head = 0;
    }
}

/// Iterator over a [`Chain`], oldest first.
#[derive(Clone, Debug)]
pub struct ChainIter<'a, T: Copy> {
    chain: &'a Chain<T>,
    /// Index of the first value after `block`.
    next: usize,
    /// What is left of the current block.
    block: core::slice::Iter<'a, T>,
}

impl<'a, T: Copy> Iterator for ChainIter<'a, T> {
    type Item = &'a T;

    #[inline]
    fn next(&mut self) -> Option<&'a T> {
        if let Some(value) = self.block.next() {
            return Some(value);
        }
        let at = self.chain.head.checked_add(self.next)?;
        let (block, start) = match self.chain.sealed.get(at / BLOCK) {
            Some(block) => (block.as_slice(), at % BLOCK),
            None => (self.chain.tail.as_slice(), at - self.chain.sealed.len() * BLOCK),
        };
        self.block = block.get(start..)?.iter();
        self.next += self.block.len();
        self.block.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.block.len() + self.chain.len().saturating_sub(self.next);
        (left, Some(left))
    }
}

impl<T: Copy> ExactSizeIterator for ChainIter<'_, T> {}

impl<T: Copy> FromIterator<T> for Chain<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut chain = Chain::new();
        values.into_iter().for_each(|value| chain.push_back(value));
        chain
    }
}

#[cfg(test)]
#[path = "chain_tests.rs"]
mod tests;
