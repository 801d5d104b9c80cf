//! Connections are cut and heal.
//!
//! A cut is what a partition of the network is to a TCP connection: nothing
//! is lost, and nothing arrives. What was under way or is sent meanwhile is
//! sent again when the connection heals, and arrives in its order. Neither end
//! is told; no heartbeat closes the connection, however long it takes.

use super::{Core, Packed, World};
use mqlab_kernel::LaneId;
use mqlab_model::{FactKind, NodeId};

impl World {
    /// The link from one node to another, if they have a connection.
    fn link_between(&self, from: NodeId, to: NodeId) -> Option<LaneId> {
        let mut links = (0..).zip(&self.core.links);
        let found = links.find(|(_, link)| (link.from, link.to) == (from, to));
        found.map(|(index, _)| LaneId(index))
    }

    /// The links between two nodes, one for each direction.
    pub(super) fn links_between(&self, a: NodeId, b: NodeId) -> impl Iterator<Item = LaneId> + use<> {
        let links = [self.link_between(a, b), self.link_between(b, a)];
        links.into_iter().flatten()
    }

    /// The same between all that two nodes consist of: the members of a cluster.
    pub(super) fn all_links_between(&self, a: NodeId, b: NodeId) -> impl Iterator<Item = LaneId> {
        let pairs = self.core.frame.pairs(a, b);
        pairs.into_iter().flat_map(|(a, b)| self.links_between(a, b))
    }

    /// Nothing passes between two nodes any more.
    #[inline(never)]
    pub(super) fn cut(&mut self, a: NodeId, b: NodeId) {
        for (a, b) in self.core.frame.pairs(a, b) {
            self.set_cut((a, b), true);
            self.set_cut((b, a), true);
        }
    }

    /// Nothing passes from one node to another any more.
    #[inline(never)]
    pub(super) fn cut_one_way(&mut self, from: NodeId, to: NodeId) {
        for ends in self.core.frame.pairs(from, to) {
            self.set_cut(ends, true);
        }
    }

    /// What waited between two nodes is sent again.
    #[inline(never)]
    pub(super) fn heal(&mut self, a: NodeId, b: NodeId) {
        for (a, b) in self.core.frame.pairs(a, b) {
            self.set_cut((a, b), false);
            self.set_cut((b, a), false);
        }
    }

    fn set_cut(&mut self, (from, to): (NodeId, NodeId), cut: bool) {
        let Some(lane) = self.link_between(from, to) else {
            return;
        };
        if self.core.links[lane.0 as usize].is_cut == cut {
            return;
        }
        self.core.links[lane.0 as usize].is_cut = cut;
        let back = self.core.links[lane.0 as usize].back;
        // Both directions at once are one cut.
        self.core.hits.cuts.all += u64::from(cut && !self.core.links[back.0 as usize].is_cut);
        if !cut {
            self.core.send_again(lane);
        }
        self.refresh_lanes(to);
        let kind = if cut { FactKind::Cut } else { FactKind::Healed };
        self.note(from, kind, u64::from(to.0));
    }
}

impl Core {
    /// Something has come to the end of a link that is cut.
    pub(super) fn strand(&mut self, lane: LaneId, action: Packed) {
        let back = self.links[lane.0 as usize].back;
        let is_first = !self.stranded.contains_key(&lane) && !self.stranded.contains_key(&back);
        self.hits.cuts.hit += u64::from(is_first);
        self.stranded.get_or_default(lane).push(action);
    }

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
