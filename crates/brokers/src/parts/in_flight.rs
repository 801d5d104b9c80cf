//! What was handed out and not yet settled, by delivery tag.

use alloc::collections::VecDeque;

/// A table of outstanding deliveries. Tags count up from 1 without gaps, and
/// the oldest are nearly always settled first, so the table is a ring: a
/// look-up is an index, never a search.
#[derive(Clone, Debug)]
pub struct InFlight<T> {
    /// Tag of the slot at the front.
    first: u64,
    slots: VecDeque<Option<T>>,
    held: usize,
}

impl<T> Default for InFlight<T> {
    fn default() -> Self {
        InFlight {
            first: 1,
            slots: VecDeque::new(),
            held: 0,
        }
    }
}

impl<T> InFlight<T> {
    /// Adds a delivery and returns its tag.
    #[inline(always)]
    pub fn insert(&mut self, delivery: T) -> u64 {
        self.slots.push_back(Some(delivery));
        self.held += 1;
        self.first + (self.slots.len() as u64 - 1)
    }

    /// Takes one delivery out; `None` if the tag is not outstanding.
    #[inline(always)]
    pub fn take(&mut self, tag: u64) -> Option<T> {
        let index = usize::try_from(tag.checked_sub(self.first)?).ok()?;
        let taken = self.slots.get_mut(index)?.take()?;
        self.held -= 1;
        if index == 0 {
            self.drop_settled();
        }
        Some(taken)
    }

    /// Takes every delivery up to and including `tag` out, oldest first; tag 0
    /// means all, as in AMQP's `multiple`.
    pub fn take_up_to(&mut self, tag: u64, mut each: impl FnMut(T)) {
        let last = if tag == 0 {
            self.first + self.slots.len() as u64
        } else {
            tag
        };
        while self.first <= last {
            match self.slots.pop_front() {
                Some(Some(taken)) => {
                    self.held -= 1;
                    self.first += 1;
                    each(taken);
                }
                Some(None) => self.first += 1,
                None => break,
            }
        }
        self.drop_settled();
    }

    /// How many are outstanding.
    #[inline]
    pub fn len(&self) -> usize {
        self.held
    }

    /// Whether nothing is outstanding.
    pub fn is_empty(&self) -> bool {
        self.held == 0
    }

    /// What is outstanding, oldest first, with its tag.
    pub fn iter(&self) -> impl Iterator<Item = (u64, &T)> {
        let first = self.first;
        self.slots
            .iter()
            .enumerate()
            .filter_map(move |(index, slot)| slot.as_ref().map(|delivery| (first + index as u64, delivery)))
    }

    #[inline]
    fn drop_settled(&mut self) {
        while let Some(None) = self.slots.front() {
            self.slots.pop_front();
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
        Take(u64),
        TakeUpTo(u64),
    }

    fn ops() -> impl Strategy<Value = Vec<Op>> {
        let op = prop_oneof![
            3 => any::<u32>().prop_map(Op::Insert),
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
                let seen: Vec<(u64, u32)> = table.iter().map(|(tag, delivery)| (tag, *delivery)).collect();
                prop_assert_eq!(seen, model.iter().map(|(tag, delivery)| (*tag, *delivery)).collect::<Vec<_>>());
            }
        }
    }
}
