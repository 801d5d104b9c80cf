//! Which faults were more than that: a crash that took nothing with it proves
//! nothing of what survives one.

use super::World;
use core::ops::AddAssign;

/// How many faults of a kind there were, and how many of them changed anything
/// for a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Hit {
    /// All of them.
    pub all: u64,
    /// Those that did.
    pub hit: u64,
}

impl AddAssign<bool> for Hit {
    fn add_assign(&mut self, hit: bool) {
        self.all += 1;
        self.hit += u64::from(hit);
    }
}

/// The faults of a run up to now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Hits {
    /// Nodes that died, in whatever way and of whatever; and with something in
    /// hand, under way to them or not safe on their disk.
    pub crashes: Hit,
    /// Nodes that held their breath; and found something waiting when they
    /// went on.
    pub pauses: Hit,
    /// Connections that were cut, or directions of them that were; and kept
    /// something from arriving.
    pub cuts: Hit,
    /// Packets that were lost and sent again; and had a message on board.
    pub losses: Hit,
    /// Disks that were full; and kept somebody from publishing.
    pub full_disks: Hit,
}

impl Hits {
    /// Every kind with its name.
    pub fn kinds(&self) -> [(&'static str, Hit); 5] {
        [
            ("crashes", self.crashes),
            ("pauses", self.pauses),
            ("cuts", self.cuts),
            ("lost_packets", self.losses),
            ("full_disks", self.full_disks),
        ]
    }
}

impl World {
    /// The faults up to now. What a fault that is not over yet will have
    /// changed is not known for all kinds.
    pub fn hits(&self) -> Hits {
        self.core.hits
    }
}
