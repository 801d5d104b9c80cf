//! A world: everything a run is made of, and the loop that drives it.

mod at_once;
mod build;
mod chance;
mod clock;
mod command;
mod context;
mod cut;
mod database;
mod disk;
mod doomed;
mod drop;
mod fault;
mod hits;
mod link;
mod measure;
mod packed;
mod parcel;
mod program;
mod rabbit_settings;
mod view;
mod whole;

pub use hits::{Hit, Hits};
pub use view::{
    BreakerState, BreakerView, BrokerView, ClusterNode, ClusterView, Consumer, Copies, DeletedUnread, Delivered,
    DiskView, Group, GroupMember, HostedQueue, Level, LinkView, LogView, NodeView, Packet, Partition, QueueMember,
    Replica, SegmentView, Share, Slot, Status,
};

use crate::node::AnyNode;
use crate::places::Places;
use crate::plan::{LimitHit, Limits, Plan, TimedCommand};
use crate::recorder::{Recorder, Series, Trace};
use crate::sources::Sources;
use crate::wire::Wire;
use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::vec::Vec;
use chance::Chance;
use clock::NodeClock;
use context::{Cx, Home};
use core::ops::Range;
use disk::Disk;
use link::Link;
use mqlab_brokers::rabbitmq::Frame as AmqpFrame;
use mqlab_brokers::rabbitmq::cluster::PeerFrame;
use mqlab_brokers::{kafka, rabbitmq};
use mqlab_kernel::{Agenda, Dist, LaneId, SimTime, Sizes, SortedMap, Stream};
use mqlab_model::{Death, Ledger, MessageId, NodeId, PlaceId, Port, SourceId};
pub(crate) use packed::Packed;
use parcel::{Content, Parcels};

/// What the agenda holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Action {
    /// A packet reaches the end of its link.
    Packet(Wire),
    /// A parcel does, by its number.
    Parcel(u32),
    /// The news that the peer is gone reaches the end of a link.
    Closed,
    /// The news that the peer is back reaches the end of a link.
    Opened,
    /// A timer of a node, armed in the given life of it.
    Timer { token: u64, life: u32 },
    /// A command, by its index.
    Command(u32),
}

/// What a lane of the agenda is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LaneRole {
    /// A link.
    Link,
    /// A timer lane of a node.
    Timer,
    /// The disk of a broker.
    Disk,
    /// What goes wrong at random: the last lane but one.
    Chance,
    /// Commands: the last lane, because they rank last.
    Commands,
}

/// A lane of the agenda: all that the run loop has to know of it, in one
/// place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lane {
    pub(crate) role: LaneRole,
    /// The node that gets what is on it, and at which port.
    pub(crate) home: Home,
    pub(crate) port: Port,
    /// The node is up, and the connection is not stale: what arrives is
    /// simply handed over.
    pub(crate) open: bool,
}

/// Whether a node does anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Condition {
    Up,
    Paused,
    Down,
}

/// Actions between two looks at how many messages wait.
const DEPTH_EVERY: u64 = 1 << 16;

/// How a stretch of a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Everything up to and including the instant asked for has happened.
    Reached,
    /// The budget of actions is used up; the run stands between two instants.
    Budget,
    /// The run is over: its end is reached, or nothing is left to do and
    /// nothing more is to come.
    Ended,
    /// A limit of the plan ended the run.
    Limit(LimitHit),
}

/// The parts of a world that do not change while it runs.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) places: Places,
    pub(crate) sources: Sources,
    /// First link of each node, and one more.
    pub(crate) first_link: Vec<u32>,
    pub(crate) until: SimTime,
    pub(crate) limits: Limits,
    pub(crate) seed: u64,
    /// By node, how many others its definition names.
    pub(crate) edges: Vec<u16>,
    /// By source, what its draws are keyed with: its name and not its number,
    /// so that variants share the draws of a message whatever else differs.
    pub(crate) draw_keys: Vec<u64>,
    /// By node, the other tables of its database.
    pub(crate) others: Vec<Rc<[NodeId]>>,
    /// By source, how large its messages are.
    pub(crate) sizes: Vec<Sizes>,
    /// By source, how long its messages want to be kept back.
    pub(crate) delays: Vec<Option<Dist>>,
    /// By node, the keys that a broker knows.
    pub(crate) keys: Vec<Vec<Box<str>>>,
    /// By node, the nodes that it consists of: itself, or the members of a
    /// cluster.
    pub(crate) members: Vec<Vec<NodeId>>,
    /// By node, the cluster of Kafka that it is, or belongs to.
    pub(crate) clusters: Vec<Option<Rc<kafka::Cluster>>>,
    /// By node, the cluster of RabbitMQ that it is, or belongs to.
    pub(crate) rabbits: Vec<Option<Rc<rabbitmq::cluster::Cluster>>>,
}

impl Frame {
    /// Every node that `a` consists of with every one that `b` consists of, each
    /// pair once.
    pub(crate) fn pairs(&self, a: NodeId, b: NodeId) -> Vec<(NodeId, NodeId)> {
        let of = |node: NodeId| self.members[usize::from(node.0)].iter().copied();
        let all = of(a).flat_map(|one| of(b).map(move |other| (one, other)));
        all.filter(|(one, other)| if a == b { one < other } else { one != other })
            .collect()
    }
}

/// What nodes act on through their context.
#[derive(Clone)]
pub(crate) struct Core {
    pub(crate) frame: Rc<Frame>,
    pub(crate) now: SimTime,
    pub(crate) agenda: Agenda<Packed>,
    pub(crate) lanes: Vec<Lane>,
    pub(crate) links: Vec<Link>,
    /// What is too large for the agenda.
    pub(crate) parcels: Parcels,
    /// What has been told of places whose content several nodes have.
    pub(crate) ledgers: SortedMap<PlaceId, Ledger>,
    /// By node of a RabbitMQ cluster, the bytes of messages that have come in.
    pub(crate) taken_in: SortedMap<NodeId, u64>,
    /// What has come to the end of a link that is cut, oldest first.
    pub(crate) stranded: SortedMap<LaneId, Vec<Packed>>,
    /// For how long sources have their messages kept back since somebody has changed
    /// that, the latest last.
    pub(crate) postponed: Vec<Postponed>,
    pub(crate) recorder: Recorder,
    pub(crate) streams: Vec<Stream>,
    /// By node; one without a disk has an ideal one.
    pub(crate) disks: Vec<Option<Box<Disk>>>,
    pub(crate) homes: Vec<Home>,
    /// By node.
    pub(crate) clocks: Vec<NodeClock>,
    /// Of the node that is asked something.
    pub(crate) home: Home,
    /// Which faults there were.
    pub(crate) hits: Hits,
    /// The node that was asked to die by what it just did.
    pub(crate) dying: Option<NodeId>,
    /// A load has reached the limit of messages.
    pub(crate) out_of_messages: bool,
    /// The count of actions at which the run loop looks up from its work.
    pub(crate) look: u64,
    /// The run loop goes on up to here.
    pub(crate) stretch_end: SimTime,
}

/// From one message on, a source has its messages kept back by a delayed exchange for
/// another time than before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Postponed {
    pub(crate) source: SourceId,
    /// The number of the first one.
    pub(crate) first: u64,
    pub(crate) delay: Dist,
}

impl Core {
    /// How long a source wants its message of this number to be kept back.
    pub(crate) fn delay_from(&self, source: SourceId, number: u64) -> Option<Dist> {
        let mut changes = self.postponed.iter().rev();
        let changed = changes.find(|change| change.source == source && change.first <= number);
        changed.map_or(self.frame.delays[usize::from(source.0)], |change| Some(change.delay))
    }
}

/// What some messages carry. Messages themselves are small and alike.
#[derive(Clone, Debug)]
struct Payload {
    /// Their ids, which follow each other.
    messages: Range<u64>,
    text: Rc<str>,
}

/// A running world. Cloning it is cheap enough to do often; both clones go on
/// alike.
#[derive(Clone)]
pub struct World {
    core: Core,
    nodes: Vec<AnyNode>,
    conditions: Vec<Condition>,
    /// By node, what it died of last.
    deaths: Vec<Death>,
    /// What reached a paused node.
    held: Vec<VecDeque<(LaneId, Packed)>>,
    commands: Rc<[TimedCommand]>,
    /// Commands given by hand, after those of the plan.
    given: Vec<TimedCommand>,
    /// What goes wrong at random, if anything does.
    chance: Option<Box<Chance>>,
    /// What is in messages that were given something to carry.
    payloads: Vec<Payload>,
    /// Instants at which watches begin, soonest last.
    watch_starts: Vec<SimTime>,
    actions: u64,
    /// How many it had given out when the present instant began.
    instant_began: u64,
    hit: Option<LimitHit>,
    /// The last instant in which anything happened, and the actions so far,
    /// as of the last time that the clock went on without one.
    rested: (SimTime, u64),
    /// The soonest of what the clock must not pass unnoticed: a sample of the
    /// series or the start of a watch.
    next_stop: SimTime,
}

impl World {
    /// Runs until everything at or before `to` has happened, or about
    /// `actions_max` actions are used up. A stretch ends only between
    /// instants, so however a run is cut, it is the same run.
    pub fn run_until(&mut self, to: SimTime, actions_max: u64) -> Outcome {
        if let Some(hit) = self.hit {
            return Outcome::Limit(hit);
        }
        let until = self.core.frame.until;
        let last = SimTime::from_nanos(until.nanos().saturating_sub(1)).min(to);
        let budget = self.actions.saturating_add(actions_max);
        self.core.look = self.next_look(budget);
        self.core.stretch_end = last;
        while let Some((at, lane)) = self.core.agenda.look_until(last) {
            let action = self.core.agenda.take(lane);
            if at > self.core.now {
                self.turn_to(at);
                self.instant_began = self.actions;
            }
            self.actions += 1;
            self.dispatch(lane, action, true);
            loop {
                if self.actions >= self.core.look {
                    if let Some(outcome) = self.pause_for(at, budget) {
                        return outcome;
                    }
                    self.core.look = self.next_look(budget);
                }
                // What one action leads to without delay is mostly the next.
                let Some((lane, action)) = self.core.agenda.take_held() else {
                    break;
                };
                self.actions += 1;
                self.dispatch(lane, action, false);
            }
        }
        self.arrive(to, until)
    }

    /// When the next action is due.
    pub fn next_time(&self) -> Option<SimTime> {
        self.core.agenda.next_time().filter(|at| *at < self.core.frame.until)
    }

    /// The instant up to which everything has happened.
    pub fn now(&self) -> SimTime {
        self.core.now
    }

    /// The latest instant in which anything happened.
    pub fn last_instant(&self) -> SimTime {
        let (at, actions) = self.rested;
        if self.actions > actions { self.core.now } else { at }
    }

    /// The run ends before this instant.
    pub fn until(&self) -> SimTime {
        self.core.frame.until
    }

    /// Whether the run is over.
    pub fn is_over(&self) -> bool {
        self.hit.is_some() || self.core.now >= self.core.frame.until || self.is_exhausted()
    }

    /// The limit that ended the run, if one did.
    pub fn limit_hit(&self) -> Option<LimitHit> {
        self.hit
    }

    /// Digest of every fact so far. Equal for equal runs, on every platform,
    /// however they were cut or resumed.
    pub fn digest(&self) -> u64 {
        self.core.recorder.digest.fold()
    }

    /// How many actions the agenda has given out.
    pub fn actions(&self) -> u64 {
        self.actions
    }

    /// How many facts were recorded.
    pub fn facts(&self) -> u64 {
        self.core.recorder.digest.facts()
    }

    /// What facts are about.
    pub fn places(&self) -> &Places {
        &self.core.frame.places
    }

    /// What messages come from.
    pub fn sources(&self) -> &Sources {
        &self.core.frame.sources
    }

    /// The seed of the run.
    pub fn seed(&self) -> u64 {
        self.core.frame.seed
    }

    /// Samples for the charts.
    pub fn series(&self) -> &Series {
        &self.core.recorder.series
    }

    /// What is in a message, if it was given something to carry.
    pub fn payload(&self, message: MessageId) -> Option<&str> {
        let found = self
            .payloads
            .iter()
            .find(|payload| payload.messages.contains(&message.bits()));
        found.map(|payload| &*payload.text)
    }

    /// From now on there is no oracle and nothing is measured: facts make a
    /// digest, and no verdict and no metric is worth anything. For benchmarks,
    /// of which the difference is what oracle and metrics cost.
    pub fn set_blind(&mut self) {
        self.core.recorder.set_blind();
    }

    /// Collects facts from now on. A trace changes nothing of the run.
    pub fn set_trace(&mut self, trace: Option<Trace>) {
        self.core.recorder.set_trace(trace);
    }

    /// What the trace has collected.
    pub fn trace(&self) -> Option<&Trace> {
        self.core.recorder.trace()
    }

    fn is_exhausted(&self) -> bool {
        self.core.frame.until == SimTime::MAX && self.core.agenda.is_empty()
    }

    /// Moves the clock to `at`, taking the samples on the way. Whatever is
    /// due between now and then shows the state of now, since nothing
    /// happens in between.
    #[inline]
    fn turn_to(&mut self, at: SimTime) {
        self.core.end_instant();
        while self.next_stop < at {
            self.stop();
        }
        self.core.now = at;
    }

    /// The clock has everything at `next_stop` behind it.
    #[cold]
    fn stop(&mut self) {
        let at = self.next_stop;
        self.core.end_instant();
        self.core.now = self.core.now.max(at);
        while self.watch_starts.last() == Some(&at) {
            self.watch_starts.pop();
            self.core.recorder.begin_watches(at);
        }
        if self.core.recorder.series.next() == at {
            self.sample();
        }
        self.find_next_stop();
    }

    fn find_next_stop(&mut self) {
        let sample = self.core.recorder.series.next();
        let watch = self.watch_starts.last().copied().unwrap_or(SimTime::MAX);
        self.next_stop = sample.min(watch);
    }

    /// The count of actions at which to look whether they are enough. It
    /// depends on the run and not on how it is cut, but for the budget: a
    /// limit ends every repetition of a run at the same action.
    fn next_look(&self, budget: u64) -> u64 {
        let limits = &self.core.frame.limits;
        let budget = budget.max(self.actions + 1);
        let in_all = limits.actions.saturating_add(1);
        let in_instant = self
            .instant_began
            .saturating_add(limits.actions_per_instant)
            .saturating_add(1);
        let depth = (self.actions / DEPTH_EVERY + 1) * DEPTH_EVERY;
        budget.min(in_all).min(in_instant).min(depth)
    }

    /// A node is to die, or the actions so far are enough: for this stretch if
    /// the instant is over, or for good if a limit is hit.
    #[cold]
    fn pause_for(&mut self, at: SimTime, budget: u64) -> Option<Outcome> {
        self.die_of_overload();
        self.core.agenda.settle();
        let limits = self.core.frame.limits;
        let too_deep = self.actions.is_multiple_of(DEPTH_EVERY) && self.waiting() > limits.waiting;
        let too_many = self.actions.is_multiple_of(DEPTH_EVERY) && self.rows_kept() > limits.rows;
        self.hit = if self.actions - self.instant_began > limits.actions_per_instant {
            Some(LimitHit::ActionsPerInstant)
        } else if self.actions > limits.actions {
            Some(LimitHit::Actions)
        } else if too_many {
            Some(LimitHit::Rows)
        } else {
            too_deep.then_some(LimitHit::Waiting)
        };
        if self.core.out_of_messages {
            self.hit = Some(LimitHit::Messages);
        }
        if self.chance.as_ref().is_some_and(|chance| chance.is_too_much) {
            self.hit = Some(LimitHit::Faults);
        }
        if let Some(hit) = self.hit {
            return Some(Outcome::Limit(hit));
        }
        let instant_over = self.core.agenda.next_time().is_none_or(|next| next > at);
        (self.actions >= budget && instant_over).then_some(Outcome::Budget)
    }

    /// Nothing is left to do up to `to`.
    fn arrive(&mut self, to: SimTime, until: SimTime) -> Outcome {
        self.core.agenda.settle();
        self.rested = (self.last_instant(), self.actions);
        let reached = to.min(until);
        let exhausted = self.is_exhausted();
        if !exhausted && reached > self.core.now {
            self.turn_to(reached);
        }
        if !exhausted && to < until {
            return Outcome::Reached;
        }
        // Nothing happens at `until` itself: a sample due there is still of this run.
        while !exhausted && self.next_stop <= until && until != SimTime::MAX {
            self.stop();
        }
        // What is watched from an instant that never comes is as it stays.
        while exhausted && let Some(at) = self.watch_starts.pop() {
            self.core.recorder.begin_watches(at);
        }
        if self.waiting() > self.core.frame.limits.waiting {
            self.hit = Some(LimitHit::Waiting);
            return Outcome::Limit(LimitHit::Waiting);
        }
        if self.rows_kept() > self.core.frame.limits.rows {
            self.hit = Some(LimitHit::Rows);
            return Outcome::Limit(LimitHit::Rows);
        }
        Outcome::Ended
    }

    /// Does an action. With `may_hurry`, what comes next may be done with it, if
    /// the agenda knows everything that there is to do.
    #[inline(always)]
    fn dispatch(&mut self, lane: LaneId, action: Packed, may_hurry: bool) {
        let known = &self.core.lanes[lane.0 as usize];
        let (role, open, port) = (known.role, known.open, known.port);
        let (node, life) = (known.home.node(), known.home.life());
        self.core.home = known.home;
        match role {
            LaneRole::Link if open => {
                let mut cx = Cx::at_home(&mut self.core);
                if !self.nodes[usize::from(node.0)].on_words(&mut cx, port, action) {
                    let [a, b, c, d] = action.words();
                    self.arrival(lane, a, b, c, d);
                }
            }
            LaneRole::Timer if open => {
                let (token, armed_in) = action.timer();
                if armed_in != life {
                    return;
                }
                if may_hurry && self.do_at_once(lane, usize::from(node.0), token) {
                    return;
                }
                let mut cx = Cx::at_home(&mut self.core);
                self.nodes[usize::from(node.0)].on_timer(&mut cx, token);
            }
            _ => {
                let [a, b, c, d] = action.words();
                self.unusual(lane, a, b, c, d);
            }
        }
    }

    /// Something that does not arrive for every message.
    #[inline(never)]
    fn arrival(&mut self, lane: LaneId, a: u64, b: u64, c: u64, d: u64) {
        let action = Packed::from_words([a, b, c, d]);
        let Lane { home, port, .. } = self.core.lanes[lane.0 as usize];
        if let Some(number) = action.parcel() {
            self.hand_over(home.node(), port, number);
        } else if action.is_packet() {
            self.weigh_publish(home.node(), action);
            let mut cx = Cx::at_home(&mut self.core);
            self.nodes[usize::from(home.node().0)].on_packet(&mut cx, port, action);
        } else {
            self.unusual_arrival(lane, home.node(), port, action);
        }
    }

    /// What is published to a node of a cluster counts there.
    fn weigh_publish(&mut self, node: NodeId, action: Packed) {
        let is_member = matches!(self.nodes[usize::from(node.0)], AnyNode::RabbitMember(_));
        if is_member && let Action::Packet(Wire::Amqp(AmqpFrame::Publish { message, .. })) = action.into() {
            let bytes = self.core.size_of(message.id);
            *self.core.taken_in.get_or_default(node) += bytes;
        }
    }

    /// A node gets a parcel.
    fn hand_over(&mut self, node: NodeId, port: Port, number: u32) {
        match self.core.parcels.take(number) {
            Content::Kafka(frames) => {
                let mut cx = Cx::new(&mut self.core, node);
                self.nodes[usize::from(node.0)].on_parcel(&mut cx, port, &frames);
                self.core.parcels.kafka.give_back(frames);
            }
            Content::Rabbit(frames) => {
                let content = frames.iter().filter_map(PeerFrame::content);
                let bytes: u64 = content.map(|message| self.core.size_of(message.id)).sum();
                *self.core.taken_in.get_or_default(node) += bytes;
                let mut cx = Cx::new(&mut self.core, node);
                self.nodes[usize::from(node.0)].on_frames(&mut cx, port, &frames);
                self.core.parcels.rabbit.give_back(frames);
            }
        }
    }

    /// Does what a paused node had missed.
    #[inline(never)]
    pub(crate) fn redo(&mut self, lane: LaneId, action: Packed) {
        let Lane { role, home, port, .. } = self.core.lanes[lane.0 as usize];
        if role == LaneRole::Link && self.core.links[lane.0 as usize].is_cut {
            // It had arrived before the connection was cut.
            self.arrive_at(lane, home.node(), port, action);
        } else {
            self.dispatch(lane, action, false);
        }
        self.die_of_overload();
    }

    /// A command, or something for a node that is not up, or on a connection
    /// that is not. The action comes in registers: anything else would have
    /// to be in memory before the usual path, too.
    #[cold]
    #[inline(never)]
    fn unusual(&mut self, lane: LaneId, a: u64, b: u64, c: u64, d: u64) {
        let action = Packed::from_words([a, b, c, d]);
        let Lane { role, home, port, .. } = self.core.lanes[lane.0 as usize];
        let node = home.node();
        match role {
            LaneRole::Link => self.unusual_arrival(lane, node, port, action),
            LaneRole::Timer => {
                let (_, life) = action.timer();
                let paused = self.conditions[usize::from(node.0)] == Condition::Paused;
                if paused && life == home.life() {
                    self.held[usize::from(node.0)].push_back((lane, action));
                }
            }
            LaneRole::Disk => self.disk_is_due(node, action.timer()),
            LaneRole::Chance => {
                if let Action::Command(index) = action.into() {
                    self.happen(index);
                }
            }
            LaneRole::Commands => {
                if let Action::Command(index) = action.into() {
                    self.command(index);
                }
            }
        }
    }

    /// Something arrives at a node that is not up, or on a connection that is
    /// not, or it is not a packet.
    #[cold]
    #[inline(never)]
    fn unusual_arrival(&mut self, lane: LaneId, node: NodeId, port: Port, action: Packed) {
        if self.core.links[lane.0 as usize].is_cut {
            self.core.strand(lane, action);
        } else if !self.loses(lane, action.into()) {
            self.arrive_at(lane, node, port, action);
        }
    }

    /// The same on a connection that is not cut.
    fn arrive_at(&mut self, lane: LaneId, node: NodeId, port: Port, action: Packed) {
        let index = usize::from(node.0);
        let is_stale = self.core.links[lane.0 as usize].stale > 0;
        match (self.conditions[index], action.into()) {
            (Condition::Up, Action::Packet(_)) if !is_stale => {
                self.weigh_publish(node, action);
                let mut cx = Cx::new(&mut self.core, node);
                self.nodes[index].on_packet(&mut cx, port, action);
            }
            (Condition::Up, Action::Parcel(number)) if !is_stale => self.hand_over(node, port, number),
            // It was sent to an earlier life, which it does not wait for.
            (Condition::Paused, Action::Packet(_) | Action::Parcel(_)) if is_stale => {
                self.core.lose_action(lane, action.into());
            }
            (Condition::Paused, _) => self.held[index].push_back((lane, action)),
            (Condition::Down, action) => self.arrival_at_dead(lane, action),
            (Condition::Up, Action::Packet(wire)) => self.core.lose(lane, wire),
            (Condition::Up, Action::Parcel(number)) => self.core.lose_parcel(lane, number),
            (Condition::Up, Action::Closed) => self.closed(node, port),
            (Condition::Up, Action::Opened) => {
                let mut cx = Cx::new(&mut self.core, node);
                self.nodes[index].on_opened(&mut cx, port);
            }
            (Condition::Up, Action::Timer { .. } | Action::Command(_)) => {}
        }
    }

    /// Whether a node does anything.
    pub(crate) fn condition(&self, node: NodeId) -> Condition {
        self.conditions[usize::from(node.0)]
    }
}

impl World {
    /// Builds the world of a plan. Its nodes are up, in file order; nothing
    /// else has happened yet.
    pub fn new(plan: &Plan) -> World {
        build::build(plan)
    }
}
