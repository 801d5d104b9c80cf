//! What is true of a place whose content several nodes have, each for itself.

use crate::MessageId;
use alloc::vec::Vec;
use mqlab_kernel::SortedMap;

/// A record of what has been told of a place. Several nodes do the same to
/// their copies of a queue; each thing is told once, by whoever does it first.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// So many entries of a log were done somewhere.
    entries: u64,
    /// The same by who has written them, where each writer's are in order and those of
    /// several are not.
    of_writers: SortedMap<u32, u64>,
    /// What is in it, and how often.
    messages: SortedMap<MessageId, u32>,
}

impl Ledger {
    /// An entry of a log is done; whether nobody had done it before.
    pub fn is_first(&mut self, entry: u64) -> bool {
        let is_first = entry > self.entries;
        self.entries = self.entries.max(entry);
        is_first
    }

    /// An entry of a writer is done; whether nobody had done it before. Entries of a
    /// writer are numbered from 1 on, and each comes before the next.
    pub fn is_first_of(&mut self, writer: u32, entry: u64) -> bool {
        let last = self.of_writers.get_or_insert_with(writer, || 0);
        let is_first = entry > *last;
        *last = entry.max(*last);
        is_first
    }

    /// A message joins.
    pub fn add(&mut self, message: MessageId) {
        *self.messages.get_or_insert_with(message, || 0) += 1;
    }

    /// A message leaves.
    pub fn remove(&mut self, message: MessageId) {
        if let Some(count) = self.messages.get_mut(&message) {
            *count -= 1;
            if *count == 0 {
                self.messages.remove(&message);
            }
        }
    }

    /// From now on it consists of these. Returns what is gone, and what is there
    /// that was thought to be gone.
    pub fn replace(&mut self, by: impl Iterator<Item = MessageId>) -> (Vec<MessageId>, Vec<MessageId>) {
        let mut before = core::mem::take(&mut self.messages);
        let mut back = Vec::new();
        for message in by {
            self.add(message);
            match before.get_mut(&message).filter(|count| **count > 0) {
                Some(count) => *count -= 1,
                None => back.push(message),
            }
        }
        let left = before
            .iter()
            .flat_map(|(message, count)| (0..*count).map(move |_| *message));
        (left.collect(), back)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SourceId;

    fn message(number: u64) -> MessageId {
        MessageId::new(SourceId(0), number)
    }

    #[test]
    fn an_entry_is_told_once() {
        let mut ledger = Ledger::default();
        assert!(ledger.is_first(1));
        assert!(!ledger.is_first(1));
        assert!(ledger.is_first(3));
        assert!(!ledger.is_first(2));
    }

    #[test]
    fn an_entry_of_each_writer_is_told_once() {
        let mut ledger = Ledger::default();
        assert!(ledger.is_first_of(7, 12));
        assert!(ledger.is_first_of(8, 10));
        assert!(!ledger.is_first_of(8, 10));
        assert!(ledger.is_first_of(7, 13));
    }

    #[test]
    fn what_is_not_handed_on_is_gone() {
        let mut ledger = Ledger::default();
        [1, 2, 2, 3, 4]
            .into_iter()
            .for_each(|number| ledger.add(message(number)));
        ledger.remove(message(4));
        let (gone, back) = ledger.replace([2, 3, 4].map(message).into_iter());
        assert_eq!(gone, [message(1), message(2)]);
        assert_eq!(back, [message(4)]);
        assert_eq!(ledger.replace([].into_iter()).0, [2, 3, 4].map(message));
    }
}
