//! Raft: a log that a majority of voters agrees on, and a leader that they
//! choose (Ongaro and Ousterhout, "In Search of an Understandable Consensus
//! Algorithm", 2014; the trial vote is section 9.6 of Ongaro's dissertation).
//!
//! It sends nothing and writes nothing itself. What it wants written is in its
//! journal ([`Raft::write`]), what it has to say comes out of
//! [`Raft::next_note`] when the disk has made safe what the note relies on. Who
//! owns it tells it what arrives, how far the disk has come, and when it is
//! time to look for another leader.
//!
//! Left out: that the log is cut at its front and a snapshot stands for it, and
//! that voters come and go. A voter that has lost its disk could promise the
//! same thing twice; it gets the log, and votes no more.

mod election;
mod journal;
mod log;
#[cfg(test)]
mod tests;

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use journal::Journal;
use mqlab_kernel::SortedMap;

/// A voter, by its number.
pub type Voter = u8;

/// One entry of the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry<T> {
    /// The term of the leader that made it.
    pub term: u32,
    /// What is to be done; a leader begins its term with nothing.
    pub command: Option<T>,
}

/// What voters say to each other. Entries are counted from 1.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Note<T> {
    /// Somebody wants to lead.
    Ask {
        /// In which term.
        term: u32,
        /// The last entry of its log.
        last: u32,
        /// Of which term that is.
        last_term: u32,
        /// It only asks whether it would be elected.
        is_trial: bool,
    },
    /// The answer.
    Vote {
        /// The term that was asked for; of one who refuses, its own.
        term: u32,
        /// Yes.
        is_granted: bool,
        /// The answer to a trial.
        is_trial: bool,
    },
    /// The leader's log goes on.
    Append {
        /// The leader's term.
        term: u32,
        /// The entry before those that follow.
        previous: u32,
        /// Of which term that is.
        previous_term: u32,
        /// Entries up to this one are agreed on.
        committed: u32,
        /// What follows.
        entries: Vec<Entry<T>>,
    },
    /// The answer.
    Appended {
        /// The term of who answers.
        term: u32,
        /// Up to which entry the logs are the same, and safe; if they part
        /// before, up to which they may be.
        matched: u32,
        /// Whether the entry before those that came was there.
        is_accepted: bool,
        /// It has lost its disk before, and does not count.
        is_blank: bool,
    },
}

/// What a voter is in its term.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Role {
    Follower,
    /// Wants to lead, and who is for it.
    Candidate {
        votes: Vec<Voter>,
        is_trial: bool,
    },
    Leader {
        followers: SortedMap<Voter, Follower>,
    },
}

/// A follower, as its leader knows it.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Follower {
    /// The next entry that is sent to it.
    next: u32,
    /// It has everything up to here.
    matched: u32,
    /// It did not have what was sent before that: it gets one note at a time
    /// until it is known where the logs part.
    is_probed: bool,
    /// It does not count.
    is_blank: bool,
}

/// One voter.
#[derive(Clone, Debug)]
pub struct Raft<T> {
    own: Voter,
    others: Vec<Voter>,
    term: u32,
    vote: Option<Voter>,
    log: Vec<Entry<T>>,
    committed: u32,
    applied: u32,
    role: Role,
    /// Who leads in this term, as far as it knows.
    leader: Option<Voter>,
    /// Whether the leader is there, as far as its owner knows.
    trusts: bool,
    is_blank: bool,
    journal: Journal<T>,
    /// Notes, and how many steps of the journal have to be safe before.
    notes: VecDeque<(u64, Voter, Note<T>)>,
}

impl<T: Copy> Raft<T> {
    /// A voter with an empty log. `voters` has all of them.
    pub fn new(own: Voter, voters: &[Voter]) -> Raft<T> {
        Raft {
            own,
            others: voters.iter().copied().filter(|voter| *voter != own).collect(),
            term: 0,
            vote: None,
            log: Vec::new(),
            committed: 0,
            applied: 0,
            role: Role::Follower,
            leader: None,
            trusts: false,
            is_blank: false,
            journal: Journal::new(),
            notes: VecDeque::new(),
        }
    }

    /// Its term.
    pub fn term(&self) -> u32 {
        self.term
    }

    /// Who leads, as far as it knows.
    pub fn leader(&self) -> Option<Voter> {
        self.leader
    }

    /// Whether it leads itself.
    pub fn is_leader(&self) -> bool {
        matches!(self.role, Role::Leader { .. })
    }

    /// Whether it leads and has done everything that was agreed on before: only
    /// then does it know what is true.
    pub fn is_in_charge(&self) -> bool {
        self.is_leader() && self.term_of(self.applied) == self.term
    }

    /// Whether it lost its disk and counts no more.
    pub fn is_blank(&self) -> bool {
        self.is_blank
    }

    /// The log, from entry 1.
    pub fn log(&self) -> &[Entry<T>] {
        &self.log
    }

    /// Up to which entry all is agreed on, as far as it knows.
    pub fn committed(&self) -> u32 {
        self.committed
    }

    /// How many entries are done.
    pub fn applied(&self) -> u32 {
        self.applied
    }

    /// The number of the last entry; 0 if there is none.
    pub fn last(&self) -> u32 {
        self.log.len() as u32
    }

    /// The next entry that is agreed on and not done yet.
    pub fn next_committed(&mut self) -> Option<Entry<T>> {
        if self.applied >= self.committed {
            return None;
        }
        self.applied += 1;
        Some(self.log[self.applied as usize - 1])
    }

    /// What it has to say now, and to whom.
    pub fn next_note(&mut self) -> Option<(Voter, Note<T>)> {
        let (needs, ..) = self.notes.front()?;
        if *needs > self.journal.safe() {
            return None;
        }
        self.notes.pop_front().map(|(_, to, note)| (to, note))
    }

    /// A note arrived.
    pub fn on_note(&mut self, from: Voter, note: Note<T>) {
        match note {
            Note::Ask {
                term,
                last,
                last_term,
                is_trial,
            } => self.on_ask(from, term, (last_term, last), is_trial),
            Note::Vote {
                term,
                is_granted,
                is_trial,
            } => self.on_vote(from, term, is_granted, is_trial),
            Note::Append {
                term,
                previous,
                previous_term,
                committed,
                entries,
            } => self.on_append(from, term, (previous, previous_term), committed, &entries),
            Note::Appended {
                term,
                matched,
                is_accepted,
                is_blank,
            } => self.on_appended(from, term, matched, (is_accepted, is_blank)),
        }
    }

    /// Gives the disk what is not written yet: `write` returns the number of
    /// the write.
    pub fn write(&mut self, write: impl FnMut(Step<T>) -> u64) {
        self.journal.write(write);
    }

    /// The disk has made safe everything before this number.
    pub fn on_synced(&mut self, synced: u64) {
        if self.journal.on_synced(synced) {
            self.agree();
        }
    }

    /// It dies, and its disk keeps what was written before the number `kept`;
    /// the disk counts on from `synced` unless what was written is kept.
    pub fn crash(&mut self, kept: u64) {
        for step in self.journal.crash(kept) {
            match step {
                Step::Append(_) => {
                    self.log.pop();
                }
                Step::Cut(entries) => self.log.extend(entries),
                Step::Vote { term, vote } => (self.term, self.vote) = (term, vote),
            }
        }
        (self.committed, self.applied) = (0, 0);
        (self.role, self.leader, self.trusts) = (Role::Follower, None, false);
        self.notes.clear();
    }

    /// Its disk is lost.
    pub fn lose(&mut self) {
        self.crash(0);
        self.journal = Journal::new();
        self.log.clear();
        (self.term, self.vote) = (0, None);
        self.is_blank = true;
    }

    fn term_of(&self, entry: u32) -> u32 {
        let index = (entry as usize).checked_sub(1);
        index.map_or(0, |index| self.log[index].term)
    }

    /// Says something that relies on all that is in the journal.
    fn say_safely(&mut self, to: Voter, note: Note<T>) {
        self.notes.push_back((self.journal.steps(), to, note));
    }

    /// How many voters a majority has.
    fn majority(&self) -> usize {
        let voters = self.others.len() + 1;
        voters / 2 + 1
    }

    /// It is in this term now, and has voted for nobody yet.
    fn enter(&mut self, term: u32) {
        if term > self.term {
            self.promise(term, None);
            (self.role, self.leader) = (Role::Follower, None);
        }
    }

    fn promise(&mut self, term: u32, vote: Option<Voter>) {
        self.journal.push(Step::Vote {
            term: self.term,
            vote: self.vote,
        });
        (self.term, self.vote) = (term, vote);
    }
}

/// A step of the journal, with what it takes to undo it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step<T> {
    /// An entry was added.
    Append(Entry<T>),
    /// These entries were cut off.
    Cut(Vec<Entry<T>>),
    /// The term or the vote changed; these were they before.
    Vote {
        /// The term before.
        term: u32,
        /// The vote before.
        vote: Option<Voter>,
    },
}
