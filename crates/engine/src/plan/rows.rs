//! Tables and what is done to their rows.
//!
//! A row carries the business id of the message that it was written for: of
//! the message of a load from which everything else was made. Its state says
//! how far the business is with it.

use mqlab_kernel::{Rate, SimSpan};
use mqlab_model::NodeId;

/// A table of a database.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct TablePlan {
    /// It serves one operation per 1/capacity seconds, in order of arrival.
    /// Without it operations take no time.
    pub capacity: Option<Rate>,
    /// What happens when more is asked for.
    pub overload: Overload,
    /// Whether there is at most one row per business id. Otherwise a second
    /// row for the same id is written as well, and counted.
    pub unique: bool,
    /// Whether there is one row per thing in place of one per business id:
    /// what is written for a thing replaces what was there.
    pub per_thing: bool,
    /// With one row per thing: of what is written for it, what has the latest stamp
    /// of a writer's clock stands, in place of what came last.
    pub by_stamp: bool,
    /// How long after it was written a row vanishes by itself.
    pub expires: Option<SimSpan>,
    /// Which database it is in: tables with the same number die, stop and
    /// commit together. `None` is one of its own.
    pub database: Option<u16>,
    /// What every row of it is there for.
    pub expects: Option<Expects>,
}

/// Which business ids should have a row in a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expects {
    /// Those of this load's messages, as soon as it was told that they are
    /// safe.
    Load(NodeId),
    /// Those of the rows of this table.
    Table(NodeId),
}

/// What a table does when more is asked of it than it can serve.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Overload {
    /// Requests wait.
    Slows,
    /// It dies at the first request that makes more than its capacity asked
    /// for within one second of the clock.
    Dies,
}

/// How far the business is with a row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
#[repr(u8)]
pub enum RowState {
    /// As it was written.
    #[default]
    New,
    /// Somebody is at it.
    Pending,
    /// It was passed on.
    Sent,
    /// It is over.
    Done,
    /// It is given up.
    Failed,
    /// It was called off.
    Cancelled,
}

impl RowState {
    /// Every state, in the order of their numbers.
    pub const ALL: [RowState; 6] = [
        RowState::New,
        RowState::Pending,
        RowState::Sent,
        RowState::Done,
        RowState::Failed,
        RowState::Cancelled,
    ];

    /// The words for them in the scenario language.
    pub const WORDS: &'static [&'static str] = &["new", "pending", "sent", "done", "failed", "cancelled"];

    /// Its word.
    pub const fn word(self) -> &'static str {
        RowState::WORDS[self as usize]
    }

    /// The state with this word.
    pub fn named(word: &str) -> Option<RowState> {
        RowState::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// What a step does to the rows with its message's business id.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RowChange {
    /// One is written unless there is one already.
    InsertIfNew,
    /// They get this state. There need not be any.
    Set(RowState),
    /// They go. There need not be any.
    Delete,
}

/// A row that is claimed for a time only.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lease {
    /// For how long. Whoever comes later takes it over.
    pub span: SimSpan,
    /// Whether the table's clock says when that is over; otherwise the clocks of
    /// those who claim it do.
    pub by_table: bool,
}

/// What a table is asked before steps are done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RowTest {
    /// Whether it has no row with the business id.
    Absent,
    /// The same, and in one go it gets one: for ever, or for a time.
    Claim(Option<Lease>),
}

/// When a step fails. A chance is drawn anew each time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FailPlan {
    /// At no time.
    Never,
    /// Each time.
    Always,
    /// With this probability, in parts of 2^64.
    Chance(u64),
    /// The first so many times that any worker gets to it.
    First(u64),
    /// For the message with this running number, counted from 1.
    Message(u64),
}

/// A table that a service looks through from time to time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ScanPlan {
    /// The table.
    pub table: NodeId,
    /// At every multiple of this since the start of the run, unless the rows
    /// of the scan before are still in hand.
    pub every: SimSpan,
    /// The rows that it is looking for.
    pub state: RowState,
    /// How often a row that was found before is found again; a row that has
    /// had all of them becomes [`RowState::Failed`].
    pub retries: Option<u16>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_stand_at_their_numbers() {
        for (index, state) in RowState::ALL.into_iter().enumerate() {
            assert_eq!(state as usize, index);
            assert_eq!(RowState::named(state.word()), Some(state));
        }
        assert_eq!(RowState::WORDS.len(), RowState::ALL.len());
    }
}
