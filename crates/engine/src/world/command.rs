//! Commands: what is done to the world from outside.

use super::context::Cx;
use super::{Action, Condition, Payload, World};
use crate::node::AnyNode;
use crate::plan::{BrokerCommand, Command, ConsumerCommand, Setting, TimedCommand};
use mqlab_kernel::LaneId;
use mqlab_model::{FactKind, KeyId, NodeId};

impl World {
    /// Gives a command by hand. It happens at its instant, or now if that has
    /// passed, last in the instant.
    pub fn give(&mut self, command: Command, at: mqlab_kernel::SimTime) {
        let at = at.max(self.core.now);
        let index = self.commands.len() + self.given.len();
        self.given.push(TimedCommand { at, command });
        let lane = self.commands_lane();
        self.core.agenda.push(lane, at, Action::Command(index as u32).into());
    }

    /// Commands given by hand so far, in the order in which they were given.
    pub fn given(&self) -> &[TimedCommand] {
        &self.given
    }

    /// The lane of commands, which is the last one.
    pub(super) fn commands_lane(&self) -> LaneId {
        LaneId((self.core.lanes.len() - 1) as u32)
    }

    pub(super) fn command(&mut self, index: u32) {
        let place = index as usize;
        let command = match self.commands.get(place) {
            Some(timed) => timed.command.clone(),
            None => self.given[place - self.commands.len()].command.clone(),
        };
        self.carry_out(command, self.commands_lane(), index);
    }

    /// Does what a command says, which is the one of this index on its lane.
    pub(super) fn carry_out(&mut self, command: Command, lane: LaneId, index: u32) {
        if let Some(node) = waiting_for(&command).map(|node| self.listener(node))
            && self.conditions[usize::from(node.0)] == Condition::Paused
        {
            // It finds the command when it goes on.
            self.held[usize::from(node.0)].push_back((lane, Action::Command(index).into()));
            return;
        }
        match command {
            Command::Crash(node) => self.crash(node),
            Command::PowerCut(node) => self.cut_power(node),
            Command::DiskLost(node) => self.lose_disk(node),
            Command::FillDisk(node) => self.fill_disk(node, true),
            Command::FreeDisk(node) => self.fill_disk(node, false),
            Command::Restart(node) => self.restart(node),
            Command::Pause(node) => self.pause(node),
            Command::Resume(node) => self.resume(node),
            Command::Cut { a, b } => self.cut(a, b),
            Command::CutOneWay { from, to } => self.cut_one_way(from, to),
            Command::Heal { a, b } => self.heal(a, b),
            Command::Lose { a, b, kind, next } => self.lose_next((a, b), kind, next),
            Command::Broker { broker, command } => self.tell_broker(broker, command),
            Command::Consumer { service, command } => self.tell_consumer(service, command),
            Command::Publish {
                load,
                count,
                key,
                payload,
            } => self.publish(load, count, key.as_deref(), payload.as_deref()),
            Command::Set { node, setting } => self.set(node, &setting),
            Command::Chance(change) => self.change_chance(&change),
        }
    }

    /// Who does what a node is told: of a cluster its controller, and where there is
    /// none the first node that is up.
    fn listener(&self, node: NodeId) -> NodeId {
        let members = &self.core.frame.members[usize::from(node.0)];
        let is_controller = |member: &&NodeId| matches!(self.nodes[usize::from(member.0)], AnyNode::Controller(_));
        let is_up = |member: &&NodeId| self.conditions[usize::from(member.0)] == Condition::Up;
        let controller = members.iter().find(is_controller);
        let listener = controller.or_else(|| members.iter().find(is_up)).or(members.first());
        listener.copied().unwrap_or(node)
    }

    #[inline(never)]
    fn tell_consumer(&mut self, service: NodeId, command: ConsumerCommand) {
        let index = usize::from(service.0);
        if self.conditions[index] != Condition::Up {
            return;
        }
        let mut cx = Cx::new(&mut self.core, service);
        if let AnyNode::Service(service) = &mut self.nodes[index] {
            service.tell_consumer(&mut cx, command);
        }
    }

    #[inline(never)]
    fn tell_broker(&mut self, broker: NodeId, command: BrokerCommand) {
        let broker = self.listener(broker);
        let index = usize::from(broker.0);
        if self.conditions[index] != Condition::Up {
            return;
        }
        let mut cx = Cx::new(&mut self.core, broker);
        self.nodes[index].command(&mut cx, command);
    }

    #[inline(never)]
    fn publish(&mut self, node: NodeId, count: u64, key: Option<&str>, payload: Option<&str>) {
        let index = usize::from(node.0);
        if self.conditions[index] != Condition::Up {
            return;
        }
        let key = key.map(|key| self.key_at(node, key));
        let mut cx = Cx::new(&mut self.core, node);
        let AnyNode::Load(load) = &mut self.nodes[index] else {
            return;
        };
        if key.is_none() && payload.is_none() {
            return load.burst_by_hand(&mut cx, count);
        }
        let made = load.publish(&mut cx, count, key);
        if let Some(text) = payload {
            self.payloads.push(Payload {
                messages: made,
                text: text.into(),
            });
        }
    }

    /// A key as the broker that a load publishes to knows it.
    fn key_at(&self, load: NodeId, key: &str) -> KeyId {
        let links = self.core.links.iter().filter(|link| link.from == load);
        let mut keys = links.flat_map(|link| &self.core.frame.keys[usize::from(link.to.0)]);
        let index = keys.position(|known| **known == *key);
        index
            .and_then(|index| u16::try_from(index).ok())
            .map_or(KeyId::UNBOUND, KeyId)
    }

    /// A setting of a connection; `None` if it is none, else the new value as a
    /// number for the record.
    fn set_connection(&mut self, node: NodeId, setting: &Setting) -> Option<u64> {
        let (peer, value) = match *setting {
            Setting::Latency { peer, latency } => (peer, latency.mean().nanos()),
            Setting::Loss { peer, share } | Setting::Duplicate { peer, share } | Setting::Reorder { peer, share } => {
                (peer, share)
            }
            Setting::Bandwidth { peer, most } => (peer, most.unwrap_or(0)),
            _ => return None,
        };
        let pairs = self.core.frame.pairs(node, peer);
        let is_one = |from: NodeId, to: NodeId| pairs.contains(&(from, to)) || pairs.contains(&(to, from));
        let ours = |link: &super::Link| is_one(link.from, link.to);
        for link in self.core.links.iter_mut().filter(|link| ours(link)) {
            match *setting {
                Setting::Loss { share, .. } => link.set_wear(|wear| wear.loss = share),
                Setting::Duplicate { share, .. } => link.set_wear(|wear| wear.duplicate = share),
                Setting::Reorder { share, .. } => link.set_wear(|wear| wear.reorder = share),
                Setting::Bandwidth { most, .. } => link.set_wear(|wear| wear.bandwidth = most),
                Setting::Latency { latency, .. } => link.set_latency(latency),
                _ => {}
            }
        }
        Some(value)
    }

    fn set(&mut self, node: NodeId, setting: &Setting) {
        let index = usize::from(node.0);
        let elsewhere = self
            .set_connection(node, setting)
            .or_else(|| self.set_disk(node, setting))
            .or_else(|| self.set_clock(node, setting))
            .or_else(|| {
                let is_of_kafka = matches!(setting, Setting::Topic { .. } | Setting::CleanerBackoff(_));
                is_of_kafka.then(|| self.set_cluster(node, setting))?
            })
            .or_else(|| self.set_definition(node, setting));
        if let Some(value) = elsewhere {
            self.note(node, FactKind::Changed, value);
            return;
        }
        let is_up = self.conditions[index] == Condition::Up;
        let mut cx = Cx::new(&mut self.core, node);
        if let Some(value) = self.nodes[index].set(&mut cx, setting, is_up) {
            self.note(node, FactKind::Changed, value);
        }
    }
}

/// The node that has to be awake for a command, because it is told something
/// that it does not forget.
fn waiting_for(command: &Command) -> Option<NodeId> {
    match *command {
        Command::Set {
            setting:
                Setting::Latency { .. }
                | Setting::Loss { .. }
                | Setting::Duplicate { .. }
                | Setting::Reorder { .. }
                | Setting::Bandwidth { .. }
                | Setting::DiskWrite(_)
                | Setting::DiskBandwidth(_)
                | Setting::DiskSync(_)
                | Setting::DiskBatch(_)
                | Setting::DiskInterval(_)
                | Setting::ClockOffset(_)
                | Setting::ClockDrift(_),
            ..
        } => None,
        Command::FillDisk(node) | Command::FreeDisk(node) => Some(node),
        Command::Set { node, .. } => Some(node),
        Command::Broker { broker, .. } => Some(broker),
        Command::Consumer { service, .. } => Some(service),
        _ => None,
    }
}
