//! Faults at random: what may go wrong, how often and for how long.
//!
//! They are drawn before the run begins, and again from there on when their
//! settings change while it goes on: what happens at random can be read, taken
//! over into a text and done again. Every kind of fault of every thing has a
//! random stream of its own, named after the two, so that a thing more or less
//! changes nothing for the others.

mod drawing;

pub use drawing::Subjects;
pub(crate) use drawing::{Phase, change_phases};

use alloc::vec::Vec;
use mqlab_kernel::{Dist, Rate, SimSpan, SimTime};
use mqlab_model::{Crash, NodeId};

/// A kind of fault.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wrong {
    /// Nodes die, and start again.
    Crash,
    /// Nodes hold their breath.
    Pause,
    /// Connections are cut, and heal. Their share is how many of these cuts are of
    /// one direction only.
    Cut,
    /// Connections have another delay for a while.
    Slow,
    /// Connections lose a share of their packets for a while.
    Loss,
    /// A share of calls and answers arrives twice for a while.
    Duplicate,
    /// A share of them is overtaken.
    Reorder,
    /// A sync of a broker's disk takes another time for a while.
    SlowDisk,
    /// A broker's disk is full for a while.
    FullDisk,
    /// The clock of a node that is no broker is off for a while, ahead or behind.
    Skew,
}

impl Wrong {
    /// Every kind, in the order of the scenario language.
    pub const ALL: [Wrong; 10] = [
        Wrong::Crash,
        Wrong::Pause,
        Wrong::Cut,
        Wrong::Slow,
        Wrong::Loss,
        Wrong::Duplicate,
        Wrong::Reorder,
        Wrong::SlowDisk,
        Wrong::FullDisk,
        Wrong::Skew,
    ];

    /// Its word in the scenario language.
    pub const fn word(self) -> &'static str {
        match self {
            Wrong::Crash => "crash",
            Wrong::Pause => "pause",
            Wrong::Cut => "cut",
            Wrong::Slow => "slow",
            Wrong::Loss => "loss",
            Wrong::Duplicate => "duplicate",
            Wrong::Reorder => "reorder",
            Wrong::SlowDisk => "slow_disk",
            Wrong::FullDisk => "full_disk",
            Wrong::Skew => "skew",
        }
    }

    /// The one with this word.
    pub fn named(word: &str) -> Option<Wrong> {
        Wrong::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether it is nothing without a length of time beside how long it lasts.
    pub const fn needs_span(self) -> bool {
        matches!(self, Wrong::Slow | Wrong::SlowDisk | Wrong::Skew)
    }

    /// Whether it is nothing without a share.
    pub const fn needs_share(self) -> bool {
        matches!(self, Wrong::Loss | Wrong::Duplicate | Wrong::Reorder)
    }
}

/// What may go wrong, when, and with what.
#[derive(Clone, PartialEq, Debug)]
pub struct RandomFaults {
    /// Whether anything begins to go wrong at all.
    pub is_on: bool,
    /// Nothing goes wrong before this instant.
    pub start: SimTime,
    /// From this instant on everything is well again.
    pub stop: SimTime,
    /// How long a thing is left alone after a fault of it is over.
    pub stable: SimSpan,
    /// What may be concerned.
    pub targets: Targets,
    /// In which ways nodes die, all alike in probability.
    pub crashes: Vec<Crash>,
    /// By kind.
    troubles: [Trouble; Wrong::ALL.len()],
}

/// What faults at random may be faults of.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Targets {
    /// Nodes with their disks and clocks.
    pub nodes: Vec<NodeId>,
    /// Connections.
    pub connections: Vec<(NodeId, NodeId)>,
}

/// How often something goes wrong with a thing, how long it lasts, and how bad it is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Trouble {
    /// How often on average, as long as nothing is wrong with the thing; never at 0.
    pub rate: Rate,
    /// How long.
    pub lasts: Dist,
    /// The delay, the length of a sync, or by how much a clock is off meanwhile.
    pub span: Option<Dist>,
    /// How many packets, calls or cuts are concerned, in parts of 2^64.
    pub share: Option<u64>,
}

impl Trouble {
    /// Nothing; if it were something, it would last a second.
    pub const NONE: Trouble = Trouble {
        rate: Rate::ZERO,
        lasts: Dist::Constant(SimSpan::from_secs(1)),
        span: None,
        share: None,
    };
}

/// A setting of faults at random, with its new value.
#[derive(Clone, PartialEq, Debug)]
pub enum Chance {
    /// [`RandomFaults::is_on`].
    On(bool),
    /// [`RandomFaults::start`].
    Start(SimTime),
    /// [`RandomFaults::stop`]. What is past by then is over at once.
    Stop(SimTime),
    /// [`RandomFaults::stable`].
    Stable(SimSpan),
    /// [`RandomFaults::targets`].
    Targets(Targets),
    /// [`RandomFaults::crashes`].
    Crashes(Vec<Crash>),
    /// [`Trouble::rate`] of a kind.
    Rate(Wrong, Rate),
    /// [`Trouble::lasts`] of a kind.
    Lasts(Wrong, Dist),
    /// [`Trouble::span`] of a kind.
    Span(Wrong, Dist),
    /// [`Trouble::share`] of a kind.
    Share(Wrong, u64),
}

impl RandomFaults {
    /// Nothing, between two instants.
    pub fn none(start: SimTime, stop: SimTime) -> Self {
        RandomFaults {
            is_on: true,
            start,
            stop,
            stable: SimSpan::ZERO,
            targets: Targets::default(),
            crashes: alloc::vec![Crash::Killed],
            troubles: [Trouble::NONE; Wrong::ALL.len()],
        }
    }

    /// What is said of a kind.
    pub fn trouble(&self, kind: Wrong) -> &Trouble {
        &self.troubles[kind as usize]
    }

    /// The same, to be changed.
    pub fn trouble_mut(&mut self, kind: Wrong) -> &mut Trouble {
        &mut self.troubles[kind as usize]
    }

    /// Changes a setting.
    pub fn set(&mut self, change: Chance) {
        match change {
            Chance::On(is_on) => self.is_on = is_on,
            Chance::Start(start) => self.start = start,
            Chance::Stop(stop) => self.stop = stop,
            Chance::Stable(stable) => self.stable = stable,
            Chance::Targets(targets) => self.targets = targets,
            Chance::Crashes(crashes) => self.crashes = crashes,
            Chance::Rate(kind, rate) => self.trouble_mut(kind).rate = rate,
            Chance::Lasts(kind, lasts) => self.trouble_mut(kind).lasts = lasts,
            Chance::Span(kind, span) => self.trouble_mut(kind).span = Some(span),
            Chance::Share(kind, share) => self.trouble_mut(kind).share = Some(share),
        }
    }

    /// What a kind does to things, if it does anything now.
    fn active(&self, kind: Wrong) -> Option<&Trouble> {
        let trouble = self.trouble(kind);
        (self.is_on && self.is_whole(kind) && !trouble.rate.is_zero()).then_some(trouble)
    }

    /// Whether everything is said of a kind without which it is nothing.
    pub fn is_whole(&self, kind: Wrong) -> bool {
        let trouble = self.trouble(kind);
        (trouble.span.is_some() || !kind.needs_span()) && (trouble.share.is_some() || !kind.needs_share())
    }
}
