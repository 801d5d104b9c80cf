//! A connection breaks with a packet on it.
//!
//! TCP loses nothing from the middle of a connection: if a packet does not
//! arrive, neither does anything behind it. So the packet that is to be lost
//! takes its connection along. Both ends notice at once, and connect again.

use super::context::Cx;
use super::{Action, Condition, World};
use crate::plan::Loss;
use alloc::vec::Vec;
use mqlab_kernel::LaneId;
use mqlab_model::{FactKind, NodeId};

/// Packets of a kind that are to be lost on a link.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Losing {
    kind: Loss,
    left: u32,
}

impl Losing {
    fn takes(self, loss: Option<Loss>) -> bool {
        loss == Some(self.kind)
    }
}

impl World {
    /// The next packets of a kind between two nodes will not arrive; none are
    /// lost any more if `next` is 0.
    #[inline(never)]
    pub(super) fn lose_next(&mut self, (a, b): (NodeId, NodeId), kind: Loss, next: u32) {
        let lanes: Vec<LaneId> = self.all_links_between(a, b).collect();
        for lane in lanes {
            let link = &mut self.core.links[lane.0 as usize];
            // A packet of this kind goes one way only.
            link.losing = (next > 0).then_some(Losing { kind, left: next });
            let to = link.to;
            self.refresh_lanes(to);
        }
    }

    /// Whether what arrives on a link does not; then its connection breaks.
    pub(super) fn loses(&mut self, lane: LaneId, action: Action) -> bool {
        let link = &self.core.links[lane.0 as usize];
        let (from, to, back) = (link.from, link.to, link.back);
        let loss = self.core.loss_of(action);
        let Some(losing) = link.losing.filter(|losing| losing.takes(loss)) else {
            return false;
        };
        if link.stale > 0 || self.condition(to) != Condition::Up || self.condition(from) != Condition::Up {
            return false;
        }
        for lane in [lane, back] {
            let link = &mut self.core.links[lane.0 as usize];
            let left = losing.left - 1;
            link.losing = (left > 0).then_some(Losing { left, ..losing });
            let to = link.to;
            self.refresh_lanes(to);
        }
        self.core.lose_action(lane, action);
        self.break_connection(lane, back);
        true
    }

    fn break_connection(&mut self, lane: LaneId, back: LaneId) {
        let ends = [lane, back].map(|lane| {
            let known = &self.core.lanes[lane.0 as usize];
            (known.home.node(), known.port)
        });
        let [(one, _), (other, _)] = ends;
        self.note(one, FactKind::Broken, u64::from(other.0));
        self.note(other, FactKind::Broken, u64::from(one.0));
        self.core.lose_all(lane);
        self.core.lose_all(back);
        for (node, port) in ends {
            let mut cx = Cx::new(&mut self.core, node);
            self.nodes[usize::from(node.0)].on_closed(&mut cx, port);
        }
        for (node, port) in ends {
            let mut cx = Cx::new(&mut self.core, node);
            self.nodes[usize::from(node.0)].on_opened(&mut cx, port);
        }
    }
}
