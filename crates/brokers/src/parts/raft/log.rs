//! How the leader's log becomes everybody's.

use super::{Entry, Note, Raft, Role, Voter};
use alloc::vec::Vec;

/// Most entries in a note.
const ENTRIES_MAX: usize = 64;

impl<T: Copy> Raft<T> {
    /// The leader adds a command to the log. False if it does not lead.
    pub fn propose(&mut self, command: T) -> bool {
        if !self.is_leader() {
            return false;
        }
        self.append(&[Entry {
            term: self.term,
            command: Some(command),
        }]);
        self.send_news();
        true
    }

    /// The leader tells a follower again what it does not know to have arrived:
    /// from time to time, and when the follower is back.
    pub fn remind(&mut self, to: Voter) {
        if let Role::Leader { followers } = &mut self.role
            && let Some(follower) = followers.get_mut(&to)
        {
            follower.next = follower.matched + 1;
            self.send_to(to, true);
        }
    }

    /// Sends every follower what it was not sent yet.
    pub(super) fn send_news(&mut self) {
        for to in self.others.clone() {
            self.send_to(to, false);
        }
    }

    fn send_to(&mut self, to: Voter, even_nothing: bool) {
        let (last, term, committed) = (self.last(), self.term, self.committed);
        let mut even_nothing = even_nothing;
        loop {
            let Role::Leader { followers } = &mut self.role else {
                return;
            };
            let Some(follower) = followers.get_mut(&to).filter(|one| one.next <= last || even_nothing) else {
                return;
            };
            even_nothing = false;
            let previous = follower.next - 1;
            let entries: Vec<Entry<T>> = self.log[previous as usize..]
                .iter()
                .take(ENTRIES_MAX)
                .copied()
                .collect();
            follower.next += entries.len() as u32;
            let append = Note::Append {
                term,
                previous,
                previous_term: self.term_of(previous),
                committed,
                entries,
            };
            // The leader need not wait for its own disk: its log counts for
            // nothing before that is safe. Its election waits for it.
            self.notes.push_back((0, to, append));
        }
    }

    pub(super) fn on_append(
        &mut self,
        from: Voter,
        term: u32,
        (previous, previous_term): (u32, u32),
        committed: u32,
        entries: &[Entry<T>],
    ) {
        self.enter(term);
        if term == self.term {
            assert!(!self.is_leader(), "one leader to a term");
            (self.role, self.leader, self.trusts) = (Role::Follower, Some(from), true);
        }
        let is_accepted = term == self.term && previous <= self.last() && self.term_of(previous) == previous_term;
        let mut matched = self.last().min(previous.saturating_sub(1));
        if is_accepted {
            matched = previous + entries.len() as u32;
            self.take(previous, entries);
            // Only what is known to be the leader's is agreed on.
            self.committed = self.committed.max(committed.min(matched));
        }
        let answer = Note::Appended {
            term: self.term,
            matched,
            is_accepted,
            is_blank: self.is_blank,
        };
        self.say_safely(from, answer);
    }

    /// Takes what it does not have, in place of what the leader does not have.
    fn take(&mut self, previous: u32, entries: &[Entry<T>]) {
        for (number, entry) in (previous + 1..).zip(entries) {
            if number <= self.last() && self.term_of(number) == entry.term {
                continue;
            }
            self.cut(number);
            self.append(&[*entry]);
        }
    }

    pub(super) fn on_appended(&mut self, from: Voter, term: u32, to: u32, (is_accepted, blank): (bool, bool)) {
        self.enter(term);
        if term < self.term {
            return;
        }
        let last = self.last();
        let Role::Leader { followers } = &mut self.role else {
            return;
        };
        let Some(follower) = followers.get_mut(&from) else {
            return;
        };
        follower.is_blank = blank;
        if is_accepted {
            follower.matched = follower.matched.max(to);
            follower.next = follower.next.max(follower.matched + 1);
            self.agree();
        } else if to + 1 < follower.next {
            // It may have lost what it had: then it says so, as often as asked.
            follower.matched = follower.matched.min(to);
            follower.next = to.min(last) + 1;
            self.send_to(from, true);
        }
    }

    /// Looks what a majority has. Only an entry of its own term is agreed on
    /// for that reason, and everything before it then is too.
    pub(super) fn agree(&mut self) {
        let safe = self.journal.safe_end(self.last());
        let Role::Leader { followers } = &self.role else {
            return;
        };
        let counted = followers.values().filter(|follower| !follower.is_blank);
        let mut ends: Vec<u32> = counted.map(|follower| follower.matched).collect();
        ends.push(safe);
        mqlab_kernel::sort_by(&mut ends, |a, b| b.cmp(a));
        let Some(end) = ends.get(self.majority() - 1).copied() else {
            return;
        };
        if end > self.committed && self.term_of(end) == self.term {
            self.committed = end;
        }
    }
}
