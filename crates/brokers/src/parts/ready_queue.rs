//! Messages that wait for a consumer, and the places to which they return.

use mqlab_kernel::{Chain, SortedMap};
use mqlab_model::Message;

/// A message as it leaves the queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ready {
    /// The message.
    pub message: Message,
    /// Its place in the queue, to which it returns if it is put back.
    pub position: u64,
    /// Whether it was put back before.
    pub returned: bool,
}

/// First in, first out, and what is put back goes to its original place.
///
/// Whatever was handed out stood in front of everything that still waits, so
/// returned messages are kept aside, in order of position, and always leave
/// first. That keeps a waiting message at sixteen bytes, whatever happened
/// before it.
#[derive(Clone, Debug, Default)]
pub struct ReadyQueue {
    returned: SortedMap<u64, Message>,
    waiting: Chain<Message>,
    /// Position of the front of `waiting`.
    front: u64,
}

impl ReadyQueue {
    /// Positions of an empty queue begin with this one.
    pub fn begin_at(&mut self, position: u64) {
        debug_assert!(self.is_empty(), "what waits has its position");
        self.front = position;
    }

    /// Adds a message at the tail.
    #[inline]
    pub fn push(&mut self, message: Message) {
        self.waiting.push_back(message);
    }

    /// Takes the message at the head.
    #[inline(always)]
    pub fn pop(&mut self) -> Option<Ready> {
        if !self.returned.is_empty() {
            return self.pop_returned();
        }
        let message = self.waiting.pop_front()?;
        let position = self.front;
        self.front += 1;
        Some(Ready {
            message,
            position,
            returned: false,
        })
    }

    #[cold]
    #[inline(never)]
    fn pop_returned(&mut self) -> Option<Ready> {
        let (position, message) = self.returned.pop_first()?;
        Some(Ready {
            message,
            position,
            returned: true,
        })
    }

    /// Puts a message back to the position at which it was handed out.
    ///
    /// # Panics
    /// If nothing was handed out at that position, or it is back already.
    pub fn put_back(&mut self, position: u64, message: Message) {
        assert!(position < self.front, "only what was handed out can come back");
        let before = self.returned.insert(position, message);
        assert!(before.is_none(), "a position comes back once");
    }

    /// The message at the head.
    pub fn head(&self) -> Option<Message> {
        self.returned.values().next().or_else(|| self.waiting.front()).copied()
    }

    /// How many messages wait.
    #[inline]
    pub fn len(&self) -> usize {
        self.returned.len() + self.waiting.len()
    }

    /// How many of them were never handed out.
    pub fn waiting_len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether none waits.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.returned.is_empty()
    }

    /// The messages in the order in which they will leave.
    pub fn iter(&self) -> impl Iterator<Item = Message> {
        self.returned.values().chain(self.waiting.iter()).copied()
    }

    /// Position of the message that was added last.
    ///
    /// # Panics
    /// If nothing was added since the tail was last taken.
    pub fn last_position(&self) -> u64 {
        assert!(!self.waiting.is_empty(), "nothing stands at the tail");
        self.front + self.waiting.len() as u64 - 1
    }

    /// The position of what is added next.
    pub fn next_position(&self) -> u64 {
        self.front + self.waiting.len() as u64
    }

    /// Keeps only the messages that `keep`, given the position and the
    /// message, wants. What was never handed out and stays moves up; `moved`
    /// gets its old and its new position.
    pub fn retain(&mut self, mut keep: impl FnMut(u64, Message) -> bool, mut moved: impl FnMut(u64, u64)) {
        self.returned.retain(|position, message| keep(*position, *message));
        let mut kept = Chain::new();
        for (position, message) in (self.front..).zip(self.waiting.iter()) {
            if keep(position, *message) {
                moved(position, self.front + kept.len() as u64);
                kept.push_back(*message);
            }
        }
        self.waiting = kept;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mqlab_kernel::SimTime;
    use mqlab_model::{MessageId, SourceId};
    use proptest::prelude::*;
    use std::vec::Vec;

    fn message(number: u64) -> Message {
        Message::new(
            MessageId::new(SourceId(0), number),
            SimTime::ZERO,
            number.is_multiple_of(2),
        )
    }

    #[derive(Clone, Debug)]
    enum Op {
        Push,
        Pop,
        PutBack(prop::sample::Index),
        DropTransient,
    }

    fn ops() -> impl Strategy<Value = Vec<Op>> {
        let op = prop_oneof![
            4 => Just(Op::Push),
            4 => Just(Op::Pop),
            3 => any::<prop::sample::Index>().prop_map(Op::PutBack),
            1 => Just(Op::DropTransient),
        ];
        proptest::collection::vec(op, 0..200)
    }

    proptest! {
        /// The model keeps every message in one list sorted by its number: a
        /// queue that restores original places never hands out anything else.
        #[test]
        fn it_is_a_list_sorted_by_original_place(ops in ops()) {
            let mut queue = ReadyQueue::default();
            let mut model: Vec<u64> = Vec::new();
            let mut out: Vec<Ready> = Vec::new();
            let mut next = 0;
            for op in ops {
                match op {
                    Op::Push => {
                        queue.push(message(next));
                        model.push(next);
                        next += 1;
                    }
                    Op::Pop => {
                        let popped = queue.pop();
                        let expected = (!model.is_empty()).then(|| model.remove(0));
                        prop_assert_eq!(popped.map(|ready| ready.message.id.number()), expected);
                        out.extend(popped);
                    }
                    Op::PutBack(index) if !out.is_empty() => {
                        let ready = out.swap_remove(index.index(out.len()));
                        queue.put_back(ready.position, ready.message);
                        model.push(ready.message.id.number());
                        model.sort_unstable();
                    }
                    Op::PutBack(_) => {}
                    Op::DropTransient => {
                        queue.retain(|_, message| message.is_persistent(), |_, _| {});
                        model.retain(|number| number.is_multiple_of(2));
                    }
                }
                prop_assert_eq!(queue.len(), model.len());
                prop_assert_eq!(queue.head().map(|head| head.id.number()), model.first().copied());
                prop_assert!(queue.iter().map(|held| held.id.number()).eq(model.iter().copied()));
            }
        }
    }
}
