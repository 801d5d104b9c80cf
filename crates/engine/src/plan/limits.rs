//! Limits: a run is refused or ended by name, never by running out of memory.

/// What one run may use. Each limit is named in the message that it causes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Actions of the agenda in the whole run.
    pub actions: u64,
    /// Actions within one instant: a loop without any delay ends here.
    pub actions_per_instant: u64,
    /// Messages that one source may offer.
    pub messages: u64,
    /// Messages waiting in the world at one time, all queues together.
    pub waiting: u64,
    /// Rows that tables keep because somebody looks at them again, or should
    /// have one of, all tables together.
    pub rows: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            actions: 4_000_000_000,
            actions_per_instant: 20_000_000,
            messages: 500_000_000,
            waiting: 60_000_000,
            rows: 5_000_000,
        }
    }
}

/// Most commands that faults at random may come to once their settings have changed.
pub const FAULTS_MAX: usize = 10_000;

/// A limit that ended a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LimitHit {
    /// [`Limits::actions`].
    Actions,
    /// [`Limits::actions_per_instant`].
    ActionsPerInstant,
    /// [`Limits::messages`].
    Messages,
    /// [`Limits::waiting`].
    Waiting,
    /// [`Limits::rows`].
    Rows,
    /// [`FAULTS_MAX`].
    Faults,
}

impl LimitHit {
    /// The limit's name in the scenario language.
    pub const fn name(self) -> &'static str {
        match self {
            LimitHit::Actions => "actions",
            LimitHit::ActionsPerInstant => "actions_per_instant",
            LimitHit::Messages => "messages",
            LimitHit::Waiting => "waiting",
            LimitHit::Rows => "rows",
            LimitHit::Faults => "faults",
        }
    }
}
