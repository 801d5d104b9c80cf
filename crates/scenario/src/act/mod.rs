//! Acts: what is done by hand, as data, and the same as text.
//!
//! An act is one `[[at]]` entry. Whoever gives it to a running world does what
//! the entry in the text would do, by the same code: the run is the same, to
//! the digest.

mod append;
mod commands;
mod read;
mod write;

pub use append::with_acts;

use mqlab_kernel::SimTime;

/// Something that is done to a world by hand: one `[[at]]` entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Act {
    /// When: after everything else of that instant.
    pub at: SimTime,
    /// In which variants; `None` is in all of them.
    pub variants: Option<Vec<String>>,
    /// What.
    pub what: What,
}

/// What an act does. Nodes and loads are named as in the scenario.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// A node's process is killed.
    Crash(String),
    /// A node that is down starts again.
    Restart(String),
    /// A node stops doing anything and keeps its memory.
    Pause(String),
    /// A paused node goes on.
    Resume(String),
    /// A load offers messages now.
    Publish {
        /// The load.
        load: String,
        /// How many.
        count: u64,
    },
    /// A setting changes.
    Set {
        /// The path of a live key, such as `service.writer.consume.prefetch`.
        path: String,
        /// The new value as it is written in TOML. A value that is no TOML is
        /// taken as a text, so that `100/s` needs no quotes.
        value: String,
    },
}

/// Makes an action on the node of that name.
type OnNode = fn(String) -> What;

/// The actions on a node, by the key that says them.
const ON_NODES: [(&str, OnNode); 4] = [
    ("crash", What::Crash),
    ("restart", What::Restart),
    ("pause", What::Pause),
    ("resume", What::Resume),
];
