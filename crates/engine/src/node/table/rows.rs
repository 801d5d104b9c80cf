//! The rows of a table that somebody looks at again.

use crate::plan::RowState;
use alloc::vec::Vec;
use mqlab_kernel::{SimSpan, SortedMap, SortedSet};
use mqlab_model::{LocalTime, Message};

/// One row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Row {
    /// The message that it was written for.
    pub(super) message: Message,
    pub(super) state: RowState,
    /// How often somebody who looked for such rows has found it.
    pub(super) found: u16,
    /// When it was written, by the table's clock.
    pub(super) written: LocalTime,
}

/// Rows in the order in which they were written, with an index by business id.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    rows: SortedMap<u64, Row>,
    by_id: SortedMap<u64, Vec<u64>>,
    next: u64,
    /// When each was written, once the clock was set back: then rows do not stand in
    /// the order of their times any more.
    by_time: Option<SortedSet<(LocalTime, u64)>>,
    in_state: [u64; RowState::ALL.len()],
}

impl Rows {
    pub(super) fn has(&self, id: u64) -> bool {
        self.by_id.contains_key(&id)
    }

    pub(super) fn count(&self, state: RowState) -> u64 {
        self.in_state[state as usize]
    }

    pub(super) fn insert(&mut self, id: u64, message: Message, written: LocalTime) {
        let last = self.rows.iter().next_back();
        if self.by_time.is_none() && last.is_some_and(|(_, last)| last.written > written) {
            self.mix();
        }
        if let Some(times) = &mut self.by_time {
            times.insert((written, self.next));
        }
        let row = Row {
            message,
            state: RowState::New,
            found: 0,
            written,
        };
        self.rows.insert(self.next, row);
        self.by_id.get_or_default(id).push(self.next);
        self.next += 1;
        self.in_state[RowState::New as usize] += 1;
    }

    /// Gives a state to the rows of an id; the messages of these rows.
    pub(super) fn set(&mut self, id: u64, state: RowState) -> Vec<Message> {
        let numbers = self.by_id.get(&id).cloned().unwrap_or_default();
        numbers
            .into_iter()
            .filter_map(|number| self.set_one(number, state))
            .collect()
    }

    /// Gives a state to one row; its message.
    pub(super) fn set_one(&mut self, number: u64, state: RowState) -> Option<Message> {
        let row = self.rows.get_mut(&number)?;
        self.in_state[row.state as usize] -= 1;
        self.in_state[state as usize] += 1;
        row.state = state;
        Some(row.message)
    }

    /// Removes the rows of an id; their messages.
    pub(super) fn delete(&mut self, id: u64) -> Vec<Message> {
        let numbers = self.by_id.remove(&id).unwrap_or_default();
        let mut messages = Vec::with_capacity(numbers.len());
        for number in numbers {
            let Some(row) = self.rows.remove(&number) else { continue };
            self.in_state[row.state as usize] -= 1;
            if let Some(times) = &mut self.by_time {
                times.remove(&(row.written, number));
            }
            messages.push(row.message);
        }
        messages
    }

    #[cold]
    fn mix(&mut self) {
        let times = self.by_time.insert(SortedSet::new());
        for (number, row) in self.rows.iter() {
            times.insert((row.written, *number));
        }
    }

    /// The rows in a state, oldest first, by number.
    pub(super) fn in_state(&self, state: RowState) -> Vec<(u64, Row)> {
        let rows = self.rows.iter().filter(|(_, row)| row.state == state);
        rows.map(|(number, row)| (*number, *row)).collect()
    }

    /// A row was found once more; how often that makes.
    pub(super) fn find(&mut self, number: u64) -> u16 {
        self.rows.get_mut(&number).map_or(0, |row| {
            row.found = row.found.saturating_add(1);
            row.found
        })
    }

    /// The number of the row that was written first, by the clock, and when.
    pub(super) fn oldest(&self) -> Option<(u64, LocalTime)> {
        let of = |(number, row): (&u64, &Row)| (*number, row.written);
        if let Some(times) = &self.by_time {
            return times.iter().next().map(|(at, number)| (*number, *at));
        }
        self.rows.first_key_value().map(of)
    }

    /// Removes the oldest row if it was written `span` ago or earlier; its
    /// message. `id` says which business id a message has.
    pub(super) fn expire(&mut self, now: LocalTime, span: SimSpan, id: impl Fn(Message) -> u64) -> Option<Message> {
        let (number, written) = self.oldest()?;
        if written.saturating_add(span) > now {
            return None;
        }
        let row = self.rows.remove(&number)?;
        if let Some(times) = &mut self.by_time {
            times.remove(&(written, number));
        }
        self.in_state[row.state as usize] -= 1;
        let id = id(row.message);
        if let Some(numbers) = self.by_id.get_mut(&id) {
            numbers.retain(|known| *known != number);
            if numbers.is_empty() {
                self.by_id.remove(&id);
            }
        }
        Some(row.message)
    }
}
