//! Which partitions moved from whom to whom during one assignment.
//!
//! If a partition of a topic moved from A to B, none of that topic should move
//! from B to A: the first one goes back instead.

use super::Topics;
use super::hash_order::{partition_hash, place, text_hash};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// Partitions that moved along one way, as a hash set holds them.
#[derive(Default)]
struct Moved {
    /// In order of insertion.
    numbers: Vec<usize>,
    /// Most that were in it: a table never shrinks.
    held_max: usize,
}

/// Every move so far.
#[derive(Default)]
pub(super) struct Movements {
    /// From whom to whom a partition moved in all.
    by_number: BTreeMap<usize, (usize, usize)>,
    /// By topic and way.
    by_way: BTreeMap<(usize, usize, usize), Moved>,
}

impl Movements {
    /// A partition moves.
    pub(super) fn moved(&mut self, topics: &Topics, number: usize, from: usize, to: usize) {
        let topic = topics.at(number).topic;
        let mut start = from;
        if let Some((first, last)) = self.by_number.remove(&number) {
            let way = (topic, first, last);
            let along = self.by_way.get_mut(&way).expect("a move stands in both tables");
            along.numbers.retain(|one| *one != number);
            if along.numbers.is_empty() {
                self.by_way.remove(&way);
            }
            if first == to {
                // It is back where it was.
                return;
            }
            start = first;
        }
        self.by_number.insert(number, (start, to));
        let along = self.by_way.entry((topic, start, to)).or_default();
        along.numbers.push(number);
        along.held_max = along.held_max.max(along.numbers.len());
    }

    /// Which partition to move instead of `number` from `from` to `to`.
    pub(super) fn instead(&self, topics: &Topics, number: usize, from: usize, to: usize) -> usize {
        let start = self.by_number.get(&number).map_or(from, |(first, _)| *first);
        let topic = topics.at(number).topic;
        let Some(back) = self.by_way.get(&(topic, to, start)) else {
            return number;
        };
        let name = text_hash(topics.name(topic));
        let at = |one: &&usize| place(partition_hash(name, topics.at(**one).partition), back.held_max);
        back.numbers.iter().min_by_key(at).copied().unwrap_or(number)
    }
}
