//! What a voter has given to its disk and is not safe yet, with what it takes
//! to undo it: that is how a crash takes it away.

use super::Step;
use alloc::collections::VecDeque;
use alloc::vec::Vec;

#[derive(Clone, Debug)]
pub(super) struct Journal<T> {
    /// What is not safe, with the number of its write if it is written.
    pending: VecDeque<(Option<u64>, Step<T>)>,
    /// How many of them have no number yet; they are the last ones.
    unwritten: usize,
    safe: u64,
}

impl<T: Copy> Journal<T> {
    pub(super) fn new() -> Self {
        Journal {
            pending: VecDeque::new(),
            unwritten: 0,
            safe: 0,
        }
    }

    pub(super) fn push(&mut self, step: Step<T>) {
        self.pending.push_back((None, step));
        self.unwritten += 1;
    }

    /// How many steps there ever were.
    pub(super) fn steps(&self) -> u64 {
        self.safe + self.pending.len() as u64
    }

    /// How many of them are safe.
    pub(super) fn safe(&self) -> u64 {
        self.safe
    }

    pub(super) fn write(&mut self, mut write: impl FnMut(Step<T>) -> u64) {
        let first = self.pending.len() - self.unwritten;
        for (number, step) in self.pending.range_mut(first..) {
            *number = Some(write(step.clone()));
        }
        self.unwritten = 0;
    }

    /// Whether anything has become safe.
    pub(super) fn on_synced(&mut self, synced: u64) -> bool {
        let before = self.safe;
        let is_safe = |(number, _): &(Option<u64>, _)| number.is_some_and(|number| number < synced);
        while self.pending.front().is_some_and(is_safe) {
            self.pending.pop_front();
            self.safe += 1;
        }
        self.safe > before
    }

    /// The log is safe up to here, if it ends at `last`.
    pub(super) fn safe_end(&self, last: u32) -> u32 {
        // From the end of the log back to what it was before each step.
        let (mut end, mut safe) = (last, last);
        for (_, step) in self.pending.iter().rev() {
            match step {
                Step::Append(_) => end -= 1,
                Step::Cut(entries) => end += entries.len() as u32,
                Step::Vote { .. } => {}
            }
            safe = safe.min(end);
        }
        safe
    }

    /// What has to be undone, the last first. What is written stays.
    pub(super) fn crash(&mut self, kept: u64) -> Vec<Step<T>> {
        let stays = |(number, _): &(Option<u64>, _)| number.is_some_and(|number| number < kept);
        let mut undone = Vec::new();
        while self.pending.back().is_some_and(|step| !stays(step)) {
            undone.extend(self.pending.pop_back().map(|(_, step)| step));
        }
        self.unwritten = 0;
        undone
    }
}
