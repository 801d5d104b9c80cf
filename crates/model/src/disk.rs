//! Disks: what a node asks of its own, and what a crash takes with it.

use mqlab_kernel::{Dist, SimSpan};

/// How a node dies. Each way takes more with it than the one before.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Crash {
    /// The process is killed: its memory is gone. What it has written is in
    /// the page cache of its machine, which lives on and writes it to the disk.
    Killed,
    /// The machine loses its power: what was written and not synced is gone.
    Power,
    /// The disk is lost, and everything on it.
    Disk,
}

/// How fast a disk is, and when what is written to it is synced.
///
/// It writes one thing after the other. Beside that, at most one sync is under
/// way at a time.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct DiskPlan {
    /// How long a write takes, whatever its size.
    pub write: Dist,
    /// Bytes per second that it can write on top of that; `None` is no limit.
    pub bandwidth: Option<u64>,
    /// How long it takes to get to another place than the one where it was last:
    /// for each write or read that does not go on there.
    pub seek: SimSpan,
    /// How long a sync takes.
    pub sync: Dist,
    /// Most writes that one sync covers; a sync begins as soon as so many
    /// wait for it. `None` is no limit.
    pub batch: Option<u64>,
    /// A sync begins when a write has waited this long for it.
    pub interval: SimSpan,
}

impl DiskPlan {
    /// A disk that takes no time for anything.
    pub const IDEAL: DiskPlan = DiskPlan {
        write: Dist::Constant(SimSpan::ZERO),
        bandwidth: None,
        seek: SimSpan::ZERO,
        sync: Dist::Constant(SimSpan::ZERO),
        batch: None,
        interval: SimSpan::ZERO,
    };
}

impl Default for DiskPlan {
    fn default() -> Self {
        DiskPlan::IDEAL
    }
}

/// What a disk has done beside writing and syncing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct DiskWork {
    /// How often it had to go elsewhere.
    pub seeks: u64,
    /// How often it was read from.
    pub reads: u64,
}

/// How far a disk has come. Writes are counted from 0, and done in order.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    /// How many are written: a killed process leaves them behind.
    pub written: u64,
    /// How many of those are synced: a power cut leaves them behind.
    pub synced: u64,
}

impl Progress {
    /// How many writes are still there after a crash.
    pub fn left_by(self, crash: Crash) -> u64 {
        match crash {
            Crash::Killed => self.written,
            Crash::Power => self.synced,
            Crash::Disk => 0,
        }
    }
}
