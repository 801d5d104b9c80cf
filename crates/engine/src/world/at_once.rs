//! Short ways over connections without delay.
//!
//! What is sent over a connection without delay arrives in the instant in which
//! it is sent. If no other packet is due in that instant, it is the next action,
//! because links rank before timers; and so is what comes back. Then both are done on
//! the spot, without frames, links and agenda; and if what the node does next
//! comes before everything else, it follows in the same way.
//!
//! The nodes are asked the same in the same order, so facts, draws and the count
//! of actions are what they are on the long way, which is taken whenever anything
//! is not as simple as that.

mod publish;
mod work;

use super::context::Home;
use super::{Core, World};
use crate::node::AnyNode;
use mqlab_kernel::SimTime;
use mqlab_model::Port;

/// The way from a node to its broker.
struct Way {
    broker: usize,
    /// The broker's end of the connection.
    port: Port,
    /// The broker at home.
    home: Home,
    there: usize,
}

/// When something else than the short way is next.
struct Others {
    /// Of a lane.
    due: SimTime,
    /// Of the clock: a sample, or the end of this stretch.
    last: SimTime,
    /// How many actions the agenda was given when that was found out: with one
    /// more it may not be true any longer.
    pushed: u64,
}

/// Actions of one round: a timer, the packet that it leads to, and what comes
/// back for it.
const ACTIONS: u64 = 3;

impl World {
    /// A timer is due. False if what it leads to cannot go a short way; then
    /// nothing has happened.
    #[inline(always)]
    pub(super) fn do_at_once(&mut self, node: usize, token: u64) -> bool {
        match self.nodes[node] {
            AnyNode::Load(_) => self.publish_at_once(node, token),
            AnyNode::Service(_) => self.work_at_once(node, token),
            _ => false,
        }
    }

    /// When something else is next, unless that is before a packet that is sent
    /// now. Timers of this instant are not: all links rank before them.
    #[inline(always)]
    fn others_due(&mut self) -> Option<Others> {
        let (due, lane) = self.core.agenda.next_after_popped();
        let last = self.core.stretch_end.min(self.next_stop);
        let pushed = self.core.agenda.pushed();
        let is_later = due > self.core.now || due == self.core.now && lane.0 as usize >= self.core.links.len();
        let is_free = is_later && self.actions + ACTIONS <= self.core.look;
        is_free.then_some(Others { due, last, pushed })
    }
}

impl Others {
    /// Whether a node's timer that is due at `at` is next, and there may be
    /// another round after so many actions.
    #[inline(always)]
    fn leave(&self, core: &Core, at: SimTime, actions: u64) -> bool {
        let is_next = at > core.now && at < self.due && at <= self.last && self.hold(core);
        is_next && actions + ACTIONS < core.look
    }

    /// Whether they are the same, and nothing else is due before a packet.
    #[inline(always)]
    fn hold(&self, core: &Core) -> bool {
        core.agenda.is_untouched_since(self.pushed)
    }
}

impl Core {
    /// The way from the node at home over its connection at `port`, if it is
    /// short.
    #[inline(always)]
    fn short_way(&self, port: Port) -> Option<Way> {
        let there = self.home.first_link as usize + usize::from(port.0);
        let (link, lane) = (self.links.get(there)?, self.lanes.get(there)?);
        let is_short = lane.open && link.is_at_once(self.now);
        is_short.then_some(Way {
            broker: usize::from(lane.home.node.0),
            port: lane.port,
            home: lane.home,
            there,
        })
    }

    /// The node at home goes `way`; returns its own home.
    #[inline(always)]
    fn go(&mut self, way: &Way) -> Home {
        self.links[way.there].pass(self.now);
        core::mem::replace(&mut self.home, way.home)
    }

    /// The broker's answer goes back at once to whose home this is; false if it
    /// cannot.
    #[inline(always)]
    fn come_back(&mut self, way: &Way, home: Home, others: &Others) -> bool {
        let back = self.links[way.there].back.0 as usize;
        let is_open = self.lanes[back].open && self.links[back].is_at_once(self.now);
        let is_short = is_open && others.hold(self);
        if is_short {
            self.links[back].pass(self.now);
            self.home = home;
        }
        is_short
    }
}
