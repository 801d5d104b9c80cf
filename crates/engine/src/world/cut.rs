//! Connections are cut and heal.
//!
//! A cut is what a partition of the network is to a TCP connection: nothing
//! is lost, and nothing arrives. What was under way or is sent meanwhile is
//! sent again when the connection heals, and arrives in its order. Neither end
//! is told; no heartbeat closes the connection, however long it takes.

use super::{Core, World};
use alloc::vec::Vec;
use mqlab_kernel::LaneId;
use mqlab_model::{FactKind, NodeId};

impl World {
    /// The links between two nodes, one for each direction.
    pub(super) fn links_between(&self, a: NodeId, b: NodeId) -> impl Iterator<Item = LaneId> + use<> {
        let ours = |(index, link): (usize, &super::Link)| {
            let ends = (link.from, link.to);
            (ends == (a, b) || ends == (b, a)).then_some(LaneId(index as u32))
        };
        let found: Vec<LaneId> = self.core.links.iter().enumerate().filter_map(ours).collect();
        found.into_iter()
    }

    /// Nothing passes between two nodes any more.
    pub(super) fn cut(&mut self, a: NodeId, b: NodeId) {
        self.set_cut((a, b), true);
    }

    /// What waited between two nodes is sent again.
    pub(super) fn heal(&mut self, a: NodeId, b: NodeId) {
        self.set_cut((a, b), false);
    }

    fn set_cut(&mut self, (a, b): (NodeId, NodeId), cut: bool) {
        let mut has_changed = false;
        for lane in self.links_between(a, b) {
            let link = &mut self.core.links[lane.0 as usize];
            if link.is_cut == cut {
                continue;
            }
            link.is_cut = cut;
            let to = link.to;
            has_changed = true;
            if !cut {
                self.core.send_again(lane);
            }
            self.refresh_lanes(to);
        }
        if has_changed {
            let kind = if cut { FactKind::Cut } else { FactKind::Healed };
            self.note(a, kind, u64::from(b.0));
            self.note(b, kind, u64::from(a.0));
        }
    }
}

impl Core {
    /// Sends everything that is on a link, or has come to its end and not
    /// arrived, once more from the beginning.
    fn send_again(&mut self, lane: LaneId) {
        let mut all = self.stranded.remove(&lane).unwrap_or_default();
        self.links[lane.0 as usize].begin_anew();
        self.agenda.clear_lane(lane, |_, action| all.push(action));
        for action in all {
            self.put(lane, action.into());
        }
    }
}
