//! How a leader is chosen.

use super::{Entry, Follower, Note, Raft, Role, Step, Voter};
use alloc::vec::Vec;
use mqlab_kernel::SortedMap;

impl<T: Copy> Raft<T> {
    /// Whether the leader is there: while it is, nobody else is helped to lead.
    /// One who has no leader to trust is to [`Raft::campaign`] soon.
    pub fn trust(&mut self, trusts: bool) {
        self.trusts = trusts;
    }

    /// A voter has died: if it led, nobody leads until somebody says so, even if it
    /// is back at once.
    pub fn on_death(&mut self, of: Voter) {
        if self.leader == Some(of) {
            self.leader = None;
        }
    }

    /// Whether it misses a leader and may look for one.
    pub fn misses_leader(&self) -> bool {
        !self.is_leader() && !self.is_blank && (self.leader.is_none() || !self.trusts)
    }

    /// Asks whether it would be elected, and stands for election if so. A trial
    /// changes nothing, so that one who was cut off drives nobody out.
    pub fn campaign(&mut self) {
        if self.misses_leader() {
            self.stand(true);
        }
    }

    fn stand(&mut self, is_trial: bool) {
        let term = self.term + 1;
        if !is_trial {
            self.promise(term, Some(self.own));
            self.leader = None;
        }
        let votes = alloc::vec![self.own];
        self.role = Role::Candidate { votes, is_trial };
        let last = self.last();
        let last_term = self.term_of(last);
        for to in self.others.clone() {
            let note = Note::Ask {
                term,
                last,
                last_term,
                is_trial,
            };
            self.say_safely(to, note);
        }
        self.count_votes();
    }

    /// Its log ends there.
    pub(super) fn on_ask(&mut self, from: Voter, term: u32, end: (u32, u32), is_trial: bool) {
        let has_all = end >= (self.term_of(self.last()), self.last());
        if !is_trial {
            self.enter(term);
        }
        let is_granted = if self.is_blank || !has_all {
            false
        } else if is_trial {
            // One who is content with its leader helps nobody else.
            let is_content = self.is_leader() || self.trusts && self.leader.is_some_and(|leader| leader != from);
            term > self.term && !is_content
        } else {
            term == self.term && self.vote.is_none_or(|vote| vote == from)
        };
        if is_granted && !is_trial && self.vote.is_none() {
            self.promise(self.term, Some(from));
        }
        let term = if is_granted { term } else { self.term };
        let vote = Note::Vote {
            term,
            is_granted,
            is_trial,
        };
        self.say_safely(from, vote);
    }

    pub(super) fn on_vote(&mut self, from: Voter, term: u32, is_granted: bool, of_trial: bool) {
        if !is_granted {
            return self.enter(term);
        }
        let own = self.term;
        if let Role::Candidate { votes, is_trial } = &mut self.role
            && *is_trial == of_trial
            && term == own + u32::from(of_trial)
            && !votes.contains(&from)
        {
            votes.push(from);
            self.count_votes();
        }
    }

    fn count_votes(&mut self) {
        let majority = self.majority();
        match &self.role {
            Role::Candidate { votes, is_trial } if votes.len() >= majority => {
                if *is_trial {
                    self.stand(false);
                } else {
                    self.lead();
                }
            }
            _ => {}
        }
    }

    fn lead(&mut self) {
        let follower = Follower {
            next: self.last() + 1,
            matched: 0,
            is_probed: false,
            is_blank: false,
        };
        let mut followers = SortedMap::new();
        for voter in &self.others {
            followers.insert(*voter, follower.clone());
        }
        self.role = Role::Leader { followers };
        self.leader = Some(self.own);
        // What others have left is agreed on only with an entry of its own term.
        self.append(&[Entry {
            term: self.term,
            command: None,
        }]);
        self.send_news();
        self.agree();
    }

    /// Adds entries of its own or of its leader.
    pub(super) fn append(&mut self, entries: &[Entry<T>]) {
        for entry in entries {
            self.log.push(*entry);
            self.journal.push(Step::Append(*entry));
        }
    }

    /// Cuts off everything from `first` on.
    pub(super) fn cut(&mut self, first: u32) {
        assert!(first > self.committed, "what is agreed on stays");
        let gone: Vec<Entry<T>> = self.log.drain(first as usize - 1..).collect();
        if !gone.is_empty() {
            self.journal.push(Step::Cut(gone));
        }
    }
}
