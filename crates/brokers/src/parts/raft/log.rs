//! How the leader's log becomes everybody's.

use super::{Entry, Follower, Note, Raft, Role, Voter};
use alloc::vec::Vec;

/// Most entries in a note.
const ENTRIES_MAX: u32 = 64;

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

    /// The leader asks a follower whether it has what it was sent: from time to
    /// time, and when the follower is back.
    pub fn remind(&mut self, to: Voter) {
        let Role::Leader { followers } = &self.role else {
            return;
        };
        if let Some(follower) = followers.get(&to) {
            let entries = if follower.is_probed { ENTRIES_MAX } else { 0 };
            self.send(to, follower.next, entries);
        }
    }

    /// Sends every follower what it was not sent yet.
    pub(super) fn send_news(&mut self) {
        for to in self.others.clone() {
            self.send_news_to(to);
        }
    }

    fn send_news_to(&mut self, to: Voter) {
        loop {
            let last = self.last();
            let Role::Leader { followers } = &mut self.role else {
                return;
            };
            let has_news = |follower: &&mut Follower| !follower.is_probed && follower.next <= last;
            let Some(follower) = followers.get_mut(&to).filter(has_news) else {
                return;
            };
            let first = follower.next;
            follower.next = last.min(first + ENTRIES_MAX - 1) + 1;
            self.send(to, first, ENTRIES_MAX);
        }
    }

    /// A note with entries from `first` on.
    fn send(&mut self, to: Voter, first: u32, entries: u32) {
        let previous = first - 1;
        let entries = self.log[previous as usize..].iter().take(entries as usize);
        let append = Note::Append {
            term: self.term,
            previous,
            previous_term: self.term_of(previous),
            committed: self.committed,
            entries: entries.copied().collect(),
        };
        // The leader need not wait for its own disk: its log counts for nothing
        // before that is safe. Its election waits for it.
        self.notes.push_back((0, to, append));
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
            follower.is_probed = false;
            self.agree();
            self.send_news_to(from);
        } else if to + 1 < follower.next {
            // One note for each that was refused, or they would become more and
            // more.
            follower.next = to.min(last) + 1;
            follower.is_probed = true;
            self.remind(from);
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
