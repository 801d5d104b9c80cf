//! Nodes die, come back, stop and go on.

use super::context::Cx;
use super::{Action, Condition, LaneRole, World};
use alloc::rc::Rc;
use mqlab_kernel::LaneId;
use mqlab_model::{Crash, Death, FactKind, NodeId, PlaceId, Port};

/// What of a node's disk survives what it died of.
fn crash_of(death: Death) -> Crash {
    match death {
        Death::Killed | Death::Overload => Crash::Killed,
        Death::Power => Crash::Power,
        Death::Disk => Crash::Disk,
    }
}

impl World {
    /// The links that leave a node, with their ports.
    fn links_of(&self, node: NodeId) -> impl Iterator<Item = (LaneId, Port)> + use<> {
        let frame = &self.core.frame;
        let first = frame.first_link[usize::from(node.0)];
        let next = frame.first_link[usize::from(node.0) + 1];
        (first..next).map(move |link| (LaneId(link), Port((link - first) as u16)))
    }

    /// Changes the condition of a node, and with it which lanes are open.
    fn set_condition(&mut self, node: NodeId, condition: Condition) {
        self.conditions[usize::from(node.0)] = condition;
        self.refresh_lanes(node);
    }

    /// Lanes repeat what the run loop has to know of their nodes.
    pub(super) fn refresh_lanes(&mut self, node: NodeId) {
        let up = self.conditions[usize::from(node.0)] == Condition::Up;
        let home = self.core.homes[usize::from(node.0)];
        for (index, lane) in self.core.lanes.iter_mut().enumerate() {
            if lane.home.node() == node {
                let link = (lane.role == LaneRole::Link).then(|| &self.core.links[index]);
                let passes = link.is_none_or(|link| link.stale == 0 && !link.is_cut && link.losing.is_none());
                lane.open = up && passes;
                lane.home = home;
            }
        }
    }

    /// Changes how many pieces of news the sender on a link has still to get.
    fn set_stale(&mut self, link: LaneId, change: impl Fn(u32) -> u32) {
        let known = &mut self.core.links[link.0 as usize];
        known.stale = change(known.stale);
        let to = known.to;
        self.refresh_lanes(to);
    }

    pub(super) fn note(&mut self, node: NodeId, kind: FactKind, value: u64) {
        let message = crate::oracle::ABOUT_A_NODE;
        let at = self.core.now;
        self.core.recorder.record(at, PlaceId(node.0), kind, message, value);
    }

    /// All nodes come up, in file order.
    pub(super) fn boot(&mut self) {
        for index in 0..self.nodes.len() {
            let mut cx = Cx::new(&mut self.core, NodeId(index as u16));
            self.nodes[index].start(&mut cx);
        }
    }

    /// The node's process is killed.
    pub(super) fn crash(&mut self, node: NodeId) {
        self.kill_together(node, Death::Killed);
    }

    /// The node's machine loses its power.
    #[inline(never)]
    pub(super) fn cut_power(&mut self, node: NodeId) {
        self.kill_together(node, Death::Power);
    }

    /// The node's disk is lost, and the node with it.
    #[inline(never)]
    pub(super) fn lose_disk(&mut self, node: NodeId) {
        self.kill_together(node, Death::Disk);
    }

    /// The node that was asked to die dies, if there is one.
    pub(super) fn die_of_overload(&mut self) {
        if let Some(node) = self.core.dying.take() {
            self.kill_together(node, Death::Overload);
        }
    }

    /// Tables of one database are one process: what happens to one of them
    /// happens to all.
    fn kill_together(&mut self, node: NodeId, death: Death) {
        self.kill(node, death);
        // One of them was too much for the process, not each.
        let death = match death {
            Death::Overload | Death::Killed => Death::Killed,
            Death::Power | Death::Disk => death,
        };
        for other in self.others(node).iter() {
            self.kill(*other, death);
        }
    }

    /// The other tables of the database that a node is a table of.
    fn others(&self, node: NodeId) -> Rc<[NodeId]> {
        Rc::clone(&self.core.frame.others[usize::from(node.0)])
    }

    fn kill(&mut self, node: NodeId, death: Death) {
        let crash = crash_of(death);
        let index = usize::from(node.0);
        if self.conditions[index] == Condition::Down {
            // Its process is dead; its disk can still lose something.
            if crash != Crash::Killed {
                self.deaths[index] = death;
                self.destroy(node, crash);
            }
            return;
        }
        self.deaths[index] = death;
        self.note(node, FactKind::Down, death.value());
        let facts = self.core.recorder.digest.facts();
        self.core.homes[index].begin_next_life();
        self.set_condition(node, Condition::Down);
        self.lose_held(node);
        self.destroy(node, crash);
        for (out, _) in self.links_of(node) {
            let link = &self.core.links[out.0 as usize];
            let (peer, into, in_ignorance) = (link.to, link.back, link.stale > 0);
            self.core.lose_all(into);
            // Whom it had not missed yet it never will: the news was on its
            // way to it, and is lost with everything else; so is what it sent
            // in ignorance, to a life that is over.
            if in_ignorance {
                self.core.lose_all(out);
            }
            self.set_stale(out, |_| 0);
            // A peer that is down has no connection that could go stale.
            if self.conditions[usize::from(peer.0)] == Condition::Down {
                self.set_stale(into, |_| 0);
            } else {
                self.set_stale(into, |stale| stale + 1);
                self.core.put(out, Action::Closed);
            }
        }
        self.core.hits.crashes += self.core.recorder.digest.facts() > facts;
    }

    /// A node loses its memory, and of its disk what the crash takes.
    fn destroy(&mut self, node: NodeId, crash: Crash) {
        let mut cx = Cx::new(&mut self.core, node);
        self.nodes[usize::from(node.0)].crash(&mut cx, crash);
        self.core.crash_disk(node, crash);
    }

    /// What a paused node had not seen yet is lost with it.
    fn lose_held(&mut self, node: NodeId) {
        let held = core::mem::take(&mut self.held[usize::from(node.0)]);
        for (lane, action) in held {
            self.core.lose_action(lane, action.into());
        }
    }

    /// A node that is down starts again.
    pub(super) fn restart(&mut self, node: NodeId) {
        self.restart_one(node);
        for other in self.others(node).iter() {
            self.restart_one(*other);
        }
    }

    fn restart_one(&mut self, node: NodeId) {
        let index = usize::from(node.0);
        if self.conditions[index] != Condition::Down {
            return;
        }
        self.set_condition(node, Condition::Up);
        self.note(node, FactKind::Up, 0);
        let mut cx = Cx::new(&mut self.core, node);
        self.nodes[index].start(&mut cx);
        self.tell_of_disk(node);
        for (out, _) in self.links_of(node) {
            let peer = self.core.links[out.0 as usize].to;
            if self.conditions[usize::from(peer.0)] != Condition::Down {
                self.core.put(out, Action::Opened);
                continue;
            }
            // It finds out one delay later that nobody is there.
            let back = self.core.links[out.0 as usize].back;
            self.set_stale(out, |stale| stale + 1);
            self.core.put(back, Action::Closed);
        }
    }

    /// The node stops doing anything and keeps its memory.
    #[inline(never)]
    pub(super) fn pause(&mut self, node: NodeId) {
        self.pause_one(node);
        for other in self.others(node).iter() {
            self.pause_one(*other);
        }
    }

    fn pause_one(&mut self, node: NodeId) {
        if self.conditions[usize::from(node.0)] == Condition::Up {
            self.set_condition(node, Condition::Paused);
            self.core.hits.pauses.all += 1;
            self.note(node, FactKind::Paused, 0);
        }
    }

    /// A paused node goes on with what has reached it meanwhile.
    #[inline(never)]
    pub(super) fn resume(&mut self, node: NodeId) {
        self.resume_one(node);
        for other in self.others(node).iter() {
            self.resume_one(*other);
        }
    }

    fn resume_one(&mut self, node: NodeId) {
        let index = usize::from(node.0);
        if self.conditions[index] != Condition::Paused {
            return;
        }
        self.set_condition(node, Condition::Up);
        self.note(node, FactKind::Resumed, 0);
        let held = core::mem::take(&mut self.held[index]);
        self.core.hits.pauses.hit += u64::from(!held.is_empty());
        for (lane, action) in held {
            // It may die of what it finds.
            self.redo(lane, action);
        }
        self.tell_of_disk(node);
    }

    /// The news that the peer at `port` is gone.
    pub(super) fn closed(&mut self, node: NodeId, port: Port) {
        let out = LaneId(self.core.frame.first_link[usize::from(node.0)] + u32::from(port.0));
        // What was sent in ignorance and still travels is lost as well.
        self.core.lose_all(out);
        self.set_stale(out, |stale| stale.saturating_sub(1));
        let mut cx = Cx::new(&mut self.core, node);
        self.nodes[usize::from(node.0)].on_closed(&mut cx, port);
    }

    /// Something arrives where nobody lives.
    #[cold]
    pub(super) fn arrival_at_dead(&mut self, lane: LaneId, action: Action) {
        match action {
            Action::Packet(wire) => {
                let link = &self.core.links[lane.0 as usize];
                let (back, stale) = (link.back, link.stale > 0);
                self.core.lose(lane, wire);
                // A connection that was open gets its news by itself; who
                // tries anew is refused.
                if let (false, Some(answer)) = (stale, wire.bounced()) {
                    self.core.put(back, Action::Packet(answer));
                }
            }
            Action::Parcel(number) => self.core.lose_parcel(lane, number),
            Action::Closed => {
                let out = self.core.links[lane.0 as usize].back;
                self.set_stale(out, |stale| stale.saturating_sub(1));
            }
            Action::Opened | Action::Timer { .. } | Action::Command(_) => {}
        }
    }
}
