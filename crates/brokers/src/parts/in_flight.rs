//! What was handed out and not yet settled, by delivery tag.

use alloc::vec::Vec;

/// A table of outstanding deliveries. Tags count up from 1 without gaps, and
/// the oldest are nearly always settled first, so the table is a ring: a
/// look-up is an index, never a search.
#[derive(Clone, Debug)]
pub struct InFlight<T> {
    /// The oldest tag that may be outstanding.
    first: u64,
    /// The tag that comes next.
    next: u64,
    /// By the low bits of the tag: as many as a power of two, or none.
    slots: Vec<Option<T>>,
    /// How many were ever taken out.
    taken: u64,
}

impl<T> Default for InFlight<T> {
    fn default() -> Self {
        InFlight {
            first: 1,
            next: 1,
            slots: Vec::new(),
            taken: 0,
        }
    }
}

/// Fewest slots, if there are any.
const SLOTS_MIN: usize = 8;

impl<T> InFlight<T> {
    /// Adds a delivery and returns its tag.
    #[inline(always)]
    pub fn insert(&mut self, delivery: T) -> u64 {
        let tag = self.next;
        if tag - self.first == self.slots.len() as u64 {
            self.grow();
        }
        let index = self.index(tag);
        self.slots[index] = Some(delivery);
        self.next += 1;
        tag
    }

    /// Uses up a tag for a delivery that needs no settlement, and returns it.
    pub fn skip(&mut self) -> u64 {
        let tag = self.next;
        if self.first == tag {
            self.first += 1;
        } else if tag - self.first == self.slots.len() as u64 {
            self.grow();
        }
        self.next += 1;
        self.taken += 1;
        tag
    }

    /// Whether a tag is outstanding.
    pub fn has(&self, tag: u64) -> bool {
        (self.first..self.next).contains(&tag) && self.slots[self.index(tag)].is_some()
    }

    /// Where a tag is, if it is anywhere.
    #[inline(always)]
    fn index(&self, tag: u64) -> usize {
        tag as usize & self.slots.len().wrapping_sub(1)
    }

    /// Twice as many slots.
    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        let mut before = core::mem::take(&mut self.slots);
        let mask = before.len().wrapping_sub(1);
        self.slots.resize_with((before.len() * 2).max(SLOTS_MIN), || None);
        for tag in self.first..self.next {
            let index = self.index(tag);
            self.slots[index] = before[tag as usize & mask].take();
        }
    }

    /// Takes one delivery out; `None` if the tag is not outstanding.
    #[inline(always)]
    pub fn take(&mut self, tag: u64) -> Option<T> {
        if tag < self.first || tag >= self.next {
            return None;
        }
        let index = self.index(tag);
        let taken = self.slots[index].take()?;
        self.taken += 1;
        if tag == self.first {
            self.first += 1;
            self.skip_settled();
        }
        Some(taken)
    }

    /// Takes every delivery up to and including `tag` out, oldest first; tag 0
    /// means all, as in AMQP's `multiple`.
    pub fn take_up_to(&mut self, tag: u64, mut each: impl FnMut(T)) {
        let end = if tag == 0 {
            self.next
        } else {
            self.next.min(tag.saturating_add(1))
        };
        while self.first < end {
            let index = self.index(self.first);
            self.first += 1;
            if let Some(taken) = self.slots[index].take() {
                self.taken += 1;
                each(taken);
            }
        }
        self.skip_settled();
    }

    /// Takes out what a settlement names, oldest first: one tag, or with `multiple`
    /// everything up to one, where 0 is all of it. `None` if the tag is not outstanding,
    /// also of several: whoever settles many names the last of them
    /// (`rabbit_channel:collect_acks`).
    pub fn take_named(&mut self, tag: u64, multiple: bool) -> Option<Vec<T>> {
        let mut named = Vec::new();
        if multiple && (tag == 0 || self.has(tag)) {
            self.take_up_to(tag, |delivery| named.push(delivery));
        } else if !multiple {
            named.extend(self.take(tag));
        }
        (!named.is_empty() || multiple && tag == 0).then_some(named)
    }

    /// How many are outstanding.
    #[inline]
    pub fn len(&self) -> usize {
        (self.next - 1 - self.taken) as usize
    }

    /// Whether nothing is outstanding.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What is outstanding, oldest first, with its tag.
    pub fn iter(&self) -> impl Iterator<Item = (u64, &T)> {
        (self.first..self.next).filter_map(|tag| self.slots[self.index(tag)].as_ref().map(|delivery| (tag, delivery)))
    }

    #[inline]
    fn skip_settled(&mut self) {
        while self.first < self.next && self.slots[self.index(self.first)].is_none() {
            self.first += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;
    use std::vec::Vec;

    #[derive(Clone, Debug)]
    enum Op {
        Insert(u32),
        Skip,
        Take(u64),
        TakeUpTo(u64),
    }

    fn ops() -> impl Strategy<Value = Vec<Op>> {
        let op = prop_oneof![
            3 => any::<u32>().prop_map(Op::Insert),
            1 => Just(Op::Skip),
            2 => (0u64..40).prop_map(Op::Take),
            1 => (0u64..40).prop_map(Op::TakeUpTo),
        ];
        proptest::collection::vec(op, 0..120)
    }

    proptest! {
        #[test]
        fn it_is_a_map_from_tag_to_delivery(ops in ops()) {
            let mut table = InFlight::default();
            let mut model: BTreeMap<u64, u32> = BTreeMap::new();
            let mut next_tag = 1u64;
            for op in ops {
                match op {
                    Op::Insert(delivery) => {
                        prop_assert_eq!(table.insert(delivery), next_tag);
                        model.insert(next_tag, delivery);
                        next_tag += 1;
                    }
                    Op::Skip => {
                        prop_assert_eq!(table.skip(), next_tag);
                        next_tag += 1;
                    }
                    Op::Take(tag) => prop_assert_eq!(table.take(tag), model.remove(&tag)),
                    Op::TakeUpTo(tag) => {
                        let mut taken = Vec::new();
                        table.take_up_to(tag, |delivery| taken.push(delivery));
                        let last = if tag == 0 { u64::MAX } else { tag };
                        let expected: Vec<u32> = model.range(..=last).map(|(_, delivery)| *delivery).collect();
                        model.retain(|known, _| *known > last);
                        prop_assert_eq!(taken, expected);
                    }
                }
                prop_assert_eq!(table.len(), model.len());
                prop_assert!((0..next_tag + 2).all(|tag| table.has(tag) == model.contains_key(&tag)));
                let seen: Vec<(u64, u32)> = table.iter().map(|(tag, delivery)| (tag, *delivery)).collect();
                prop_assert_eq!(seen, model.iter().map(|(tag, delivery)| (*tag, *delivery)).collect::<Vec<_>>());
            }
        }
    }
}
