//! Which faults were more than that: a crash that took nothing with it proves
//! nothing of what survives one.

use super::World;
use super::clock::NodeClock;
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
    /// Calls and answers that arrived twice; and were calls, which a service does once
    /// more.
    pub doubled: Hit,
    /// Calls and answers that were held back; and overtaken by another.
    pub overtaken: Hit,
    /// Disks that were full; and kept somebody from publishing.
    pub full_disks: Hit,
    /// Clocks that were wrong from the start or set wrong; and that their node
    /// looked at.
    pub skews: Hit,
}

impl Hits {
    /// Those of a run that begins with these clocks.
    pub(super) fn of_clocks(clocks: &[NodeClock]) -> Self {
        let wrong = clocks.iter().filter(|clock| !clock.is_right()).count() as u64;
        Hits {
            skews: Hit { all: wrong, hit: 0 },
            ..Hits::default()
        }
    }

    /// Every kind with its name.
    pub fn kinds(&self) -> [(&'static str, Hit); 8] {
        [
            ("crashes", self.crashes),
            ("pauses", self.pauses),
            ("cuts", self.cuts),
            ("lost_packets", self.losses),
            ("full_disks", self.full_disks),
            ("wrong_clocks", self.skews),
            ("doubled_calls", self.doubled),
            ("overtaken_calls", self.overtaken),
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
