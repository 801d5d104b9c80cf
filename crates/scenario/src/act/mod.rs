//! Acts: what is done by hand, as data, and the same as text.
//!
//! An act is one `[[at]]` entry. Whoever gives it to a running world does what
//! the entry in the text would do, by the same code: the run is the same, to
//! the digest.

mod append;
mod commands;
mod random;
mod read;
mod write;

pub use append::with_acts;
pub use random::without_faults;
pub use write::quoted;

use mqlab_engine::plan::Loss;
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
    /// The power of a node's machine is cut.
    PowerCut(String),
    /// A node's disk is lost, and the node dies.
    DiskLost(String),
    /// A broker's disk is close to full.
    DiskFull(String),
    /// It has room again.
    DiskFree(String),
    /// A node that is down starts again.
    Restart(String),
    /// A node stops doing anything and keeps its memory.
    Pause(String),
    /// A paused node goes on.
    Resume(String),
    /// The connection between two nodes lets nothing through.
    Cut {
        /// One end.
        a: String,
        /// The other end.
        b: String,
    },
    /// The same in one direction.
    CutOneWay {
        /// Who sends what does not arrive.
        from: String,
        /// Who does not get it.
        to: String,
    },
    /// Every connection between nodes of different groups is cut.
    Partition(Vec<Vec<String>>),
    /// All connections that are cut work again.
    HealAll,
    /// A connection that is cut works again.
    Heal {
        /// One end.
        a: String,
        /// The other end.
        b: String,
    },
    /// The next packets of a kind between a broker and a client are lost, with
    /// their connection.
    Lose {
        /// One end.
        a: String,
        /// The other end.
        b: String,
        /// Which packets.
        kind: Loss,
        /// How many.
        next: u64,
    },
    /// What waits in a queue is deleted.
    Purge(String),
    /// Another replica leads a partition of Kafka.
    MoveLeader {
        /// The partition, `orders-0`.
        partition: String,
        /// The node that leads it from now on.
        to: String,
    },
    /// A consumer of Kafka goes on elsewhere.
    Seek {
        /// The service.
        service: String,
        /// In this partition only, `orders-0`.
        partition: Option<String>,
        /// Where.
        to: SeekTo,
    },
    /// Every partition of a cluster is led by its first replica again.
    ElectPreferred(String),
    /// A load offers messages now.
    Publish {
        /// The load.
        load: String,
        /// How many.
        count: u64,
        /// The routing key that they carry in place of the load's.
        key: Option<String>,
        /// What is in them.
        payload: Option<String>,
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

/// Where a consumer goes on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SeekTo {
    /// At the first record that is there.
    Beginning,
    /// Behind the last one.
    End,
    /// At an offset.
    Offset(u64),
    /// At the first record that is not older than this.
    Since(SimTime),
}

/// Makes an action on the thing of that name.
type OnOne = fn(String) -> What;

/// The actions on one thing, by the key that says them.
const ON_ONE: [(&str, OnOne); 7] = [
    ("restart", What::Restart),
    ("pause", What::Pause),
    ("resume", What::Resume),
    ("purge", What::Purge),
    ("elect_preferred", What::ElectPreferred),
    ("disk_full", What::DiskFull),
    ("disk_free", What::DiskFree),
];
