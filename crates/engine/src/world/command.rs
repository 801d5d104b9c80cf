//! Commands: what is done to the world from outside.

use super::context::Cx;
use super::{Action, Condition, World};
use crate::node::AnyNode;
use crate::plan::{Command, Setting, TimedCommand};
use mqlab_kernel::LaneId;
use mqlab_model::{FactKind, NodeId};

impl World {
    /// Gives a command by hand. It happens at its instant, or now if that has
    /// passed, last in the instant.
    pub fn give(&mut self, command: Command, at: mqlab_kernel::SimTime) {
        let at = at.max(self.core.now);
        let index = self.commands.len() + self.given.len();
        self.given.push(TimedCommand { at, command });
        let lane = LaneId((self.core.lanes.len() - 1) as u32);
        self.core.agenda.push(lane, at, Action::Command(index as u32).into());
    }

    /// Commands given by hand so far, in the order in which they were given.
    pub fn given(&self) -> &[TimedCommand] {
        &self.given
    }

    pub(super) fn command(&mut self, index: u32) {
        let index = index as usize;
        let command = match self.commands.get(index) {
            Some(timed) => timed.command,
            None => self.given[index - self.commands.len()].command,
        };
        if let Command::Set { node, setting } = command
            && !matches!(setting, Setting::Latency { .. })
            && self.conditions[usize::from(node.0)] == Condition::Paused
        {
            // It finds the new setting when it goes on.
            let lane = LaneId((self.core.lanes.len() - 1) as u32);
            self.held[usize::from(node.0)].push_back((lane, Action::Command(index as u32).into()));
            return;
        }
        match command {
            Command::Crash(node) => self.crash(node),
            Command::Restart(node) => self.restart(node),
            Command::Pause(node) => self.pause(node),
            Command::Resume(node) => self.resume(node),
            Command::Publish { load, count } => self.publish(load, count),
            Command::Set { node, setting } => self.set(node, setting),
        }
    }

    fn publish(&mut self, node: NodeId, count: u64) {
        let index = usize::from(node.0);
        if self.conditions[index] != Condition::Up {
            return;
        }
        let mut cx = Cx::new(&mut self.core, node);
        if let AnyNode::Load(load) = &mut self.nodes[index] {
            load.burst(&mut cx, count);
        }
    }

    fn set(&mut self, node: NodeId, setting: Setting) {
        let index = usize::from(node.0);
        if let Setting::Latency { peer, latency } = setting {
            let ours =
                |link: &super::Link| (link.from, link.to) == (node, peer) || (link.from, link.to) == (peer, node);
            self.core
                .links
                .iter_mut()
                .filter(|link| ours(link))
                .for_each(|link| link.set_latency(latency));
            self.note(node, FactKind::Changed, latency.mean().nanos());
            return;
        }
        let is_up = self.conditions[index] == Condition::Up;
        let mut cx = Cx::new(&mut self.core, node);
        if let Some(value) = self.nodes[index].set(&mut cx, setting, is_up) {
            self.note(node, FactKind::Changed, value);
        }
    }
}
