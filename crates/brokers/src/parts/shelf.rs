//! Messages that wait in classes of priority, and come back in more than one
//! way.

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use mqlab_kernel::SortedMap;

/// Which class is served first.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Precedence {
    /// The highest that has anything.
    #[default]
    Strict,
    /// Two of the higher class, then one of the lower, unless the higher one's
    /// is the older: none of them starves. For two classes.
    TwoToOne,
}

/// Where something stands: its class, and its place within it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Spot {
    /// Its class; a higher one is served earlier.
    pub class: u8,
    /// In the order of arrival, over all classes.
    pub position: u64,
}

/// First in, first out within each class. What was taken comes back to its
/// original place, or in front of all that waits, or behind it.
#[derive(Clone, Debug)]
pub struct Shelf<T> {
    classes: Vec<Class<T>>,
    precedence: Precedence,
    /// How many were taken since the lower class had its turn.
    in_a_row: u8,
    next: u64,
    len: usize,
}

#[derive(Clone, Debug)]
struct Class<T> {
    /// What was put in front, in the order in which that was done.
    front: VecDeque<(u64, T)>,
    waiting: SortedMap<u64, T>,
}

impl<T> Class<T> {
    fn head(&self) -> Option<(u64, &T)> {
        let front = self.front.front().map(|(position, entry)| (*position, entry));
        front.or_else(|| {
            self.waiting
                .first_key_value()
                .map(|(position, entry)| (*position, entry))
        })
    }

    fn take(&mut self) -> Option<(u64, T)> {
        self.front.pop_front().or_else(|| self.waiting.pop_first())
    }
}

impl<T> Shelf<T> {
    /// An empty one with classes from 0 to `highest`.
    pub fn new(highest: u8, precedence: Precedence) -> Self {
        let class = || Class {
            front: VecDeque::new(),
            waiting: SortedMap::new(),
        };
        Shelf {
            classes: (0..=highest).map(|_| class()).collect(),
            precedence,
            in_a_row: 0,
            next: 0,
            len: 0,
        }
    }

    fn class(&mut self, class: u8) -> &mut Class<T> {
        let highest = self.classes.len() - 1;
        &mut self.classes[usize::from(class).min(highest)]
    }

    /// Adds something at the tail of its class, or of the highest if there is
    /// no such class.
    pub fn push(&mut self, class: u8, entry: T) -> Spot {
        let position = self.next;
        self.next += 1;
        self.len += 1;
        let highest = (self.classes.len() - 1) as u8;
        self.class(class).waiting.insert(position, entry);
        Spot {
            class: class.min(highest),
            position,
        }
    }

    /// The position of what is added next.
    pub fn next_position(&self) -> u64 {
        self.next
    }

    /// What is added next gets this position.
    pub fn skip_to(&mut self, position: u64) {
        debug_assert!(position >= self.next, "positions are given once");
        self.next = position;
    }

    /// The class whose turn it is.
    fn turn(&self) -> Option<u8> {
        let highest = (0..self.classes.len())
            .rev()
            .find(|class| self.classes[*class].head().is_some())?;
        if self.precedence == Precedence::TwoToOne && highest > 0 && self.in_a_row == 2 {
            let (high, low) = (self.classes[highest].head()?, self.classes[0].head());
            if low.is_some_and(|low| low.0 < high.0) {
                return Some(0);
            }
        }
        Some(highest as u8)
    }

    /// What is taken next.
    pub fn head(&self) -> Option<(Spot, &T)> {
        self.head_of(self.turn()?)
    }

    /// The head of a class.
    pub fn head_of(&self, class: u8) -> Option<(Spot, &T)> {
        let (position, entry) = self.classes.get(usize::from(class))?.head()?;
        Some((Spot { class, position }, entry))
    }

    /// How many classes there are.
    pub fn classes(&self) -> u8 {
        self.classes.len() as u8
    }

    /// Takes what is at the head.
    pub fn pop(&mut self) -> Option<(Spot, T)> {
        let class = self.turn()?;
        self.in_a_row = if self.in_a_row == 2 { 0 } else { self.in_a_row + 1 };
        self.pop_of(class)
    }

    /// Takes the head of a class, out of turn.
    pub fn pop_of(&mut self, class: u8) -> Option<(Spot, T)> {
        let (position, entry) = self.classes.get_mut(usize::from(class))?.take()?;
        self.len -= 1;
        Some((Spot { class, position }, entry))
    }

    /// Puts something back where it stood.
    pub fn put_back(&mut self, spot: Spot, entry: T) {
        self.len += 1;
        let before = self.class(spot.class).waiting.insert(spot.position, entry);
        assert!(before.is_none(), "a place is taken once");
    }

    /// Puts something in front of what waits, behind what was put there before.
    pub fn put_in_front(&mut self, spot: Spot, entry: T) {
        self.len += 1;
        self.class(spot.class).front.push_back((spot.position, entry));
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// What waits, the highest class first.
    pub fn iter(&self) -> impl Iterator<Item = (Spot, &T)> {
        let classes = self.classes.iter().enumerate().rev();
        classes.flat_map(|(class, held)| {
            let class = class as u8;
            let front = held.front.iter().map(|(position, entry)| (*position, entry));
            let waiting = held.waiting.iter().map(|(position, entry)| (*position, entry));
            front
                .chain(waiting)
                .map(move |(position, entry)| (Spot { class, position }, entry))
        })
    }

    /// Keeps what `keep` wants.
    pub fn retain(&mut self, mut keep: impl FnMut(Spot, &mut T) -> bool) {
        for (class, held) in self.classes.iter_mut().enumerate().rev() {
            let class = class as u8;
            held.front.retain_mut(|(position, entry)| {
                keep(
                    Spot {
                        class,
                        position: *position,
                    },
                    entry,
                )
            });
            held.waiting.retain(|position, entry| {
                keep(
                    Spot {
                        class,
                        position: *position,
                    },
                    entry,
                )
            });
        }
        self.len = self
            .classes
            .iter()
            .map(|held| held.front.len() + held.waiting.len())
            .sum();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::vec::Vec;

    #[derive(Clone, Debug)]
    enum Op {
        Push(u8),
        Pop,
        PutBack(prop::sample::Index),
        PutInFront(prop::sample::Index),
    }

    fn ops() -> impl Strategy<Value = Vec<Op>> {
        let op = prop_oneof![
            4 => (0u8..5).prop_map(Op::Push),
            4 => Just(Op::Pop),
            2 => any::<prop::sample::Index>().prop_map(Op::PutBack),
            1 => any::<prop::sample::Index>().prop_map(Op::PutInFront),
        ];
        proptest::collection::vec(op, 0..150)
    }

    proptest! {
        /// The model is one list that is sorted whenever something is taken: by
        /// class, then what was put in front, then by arrival.
        #[test]
        fn it_is_a_sorted_list(ops in ops()) {
            let mut shelf = Shelf::new(2, Precedence::Strict);
            let mut model: Vec<(u8, u64, u64)> = Vec::new();
            let mut out: Vec<Spot> = Vec::new();
            let (mut arrived, mut fronted) = (0, 1);
            for op in ops {
                match op {
                    Op::Push(class) => {
                        let spot = shelf.push(class, arrived);
                        prop_assert_eq!(spot, Spot { class: class.min(2), position: arrived });
                        model.push((2 - class.min(2), u64::MAX, arrived));
                        arrived += 1;
                    }
                    Op::Pop => {
                        model.sort_unstable();
                        let expected = (!model.is_empty()).then(|| model.remove(0).2);
                        prop_assert_eq!(shelf.head().map(|(spot, _)| spot.position), expected);
                        let popped = shelf.pop();
                        prop_assert_eq!(popped.map(|(_, entry)| entry), expected);
                        out.extend(popped.map(|(spot, _)| spot));
                    }
                    Op::PutBack(index) if !out.is_empty() => {
                        let spot = out.swap_remove(index.index(out.len()));
                        shelf.put_back(spot, spot.position);
                        model.push((2 - spot.class, u64::MAX, spot.position));
                    }
                    Op::PutInFront(index) if !out.is_empty() => {
                        let spot = out.swap_remove(index.index(out.len()));
                        shelf.put_in_front(spot, spot.position);
                        model.push((2 - spot.class, fronted, spot.position));
                        fronted += 1;
                    }
                    Op::PutBack(_) | Op::PutInFront(_) => {}
                }
                model.sort_unstable();
                prop_assert_eq!(shelf.len(), model.len());
                let seen: Vec<u64> = shelf.iter().map(|(_, entry)| *entry).collect();
                prop_assert_eq!(seen, model.iter().map(|entry| entry.2).collect::<Vec<_>>());
            }
        }
    }

    fn two_to_one(classes: &[u8]) -> Vec<u64> {
        let mut shelf = Shelf::new(1, Precedence::TwoToOne);
        for class in classes {
            shelf.push(*class, ());
        }
        core::iter::from_fn(|| shelf.pop())
            .map(|(spot, ())| spot.position)
            .collect()
    }

    #[test]
    fn two_of_the_higher_class_then_one_of_the_lower() {
        assert_eq!(two_to_one(&[0, 0, 1, 1, 1, 1]), [2, 3, 0, 4, 5, 1]);
        assert_eq!(
            two_to_one(&[1, 1, 1, 1, 0]),
            [0, 1, 2, 3, 4],
            "the older ones are first"
        );
        assert_eq!(two_to_one(&[0, 0, 0]), [0, 1, 2]);
    }
}
