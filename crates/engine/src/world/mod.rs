//! A world: everything a run is made of, and the loop that drives it.

mod build;
mod command;
mod context;
mod fault;
mod link;
mod measure;
mod packed;
mod view;

pub use view::{LinkView, NodeView, Packet, Status};

use crate::node::AnyNode;
use crate::places::Places;
use crate::plan::{LimitHit, Limits, Plan, TimedCommand};
use crate::recorder::{Recorder, Series, Trace};
use crate::sources::Sources;
use crate::wire::Wire;
use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::vec::Vec;
use context::Cx;
use link::Link;
use mqlab_kernel::{Agenda, LaneId, SimTime, Stream};
use mqlab_model::{Fact, NodeId, Port};
use packed::Packed;

/// What the agenda holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Action {
    /// A packet reaches the end of its link.
    Packet(Wire),
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
    /// A link; its packets arrive at `port` of `node`.
    Link { node: NodeId, port: Port },
    /// A timer lane of a node.
    Timer { node: NodeId },
    /// Commands: the last lane, because they rank last.
    Commands,
}

/// Whether a node does anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Condition {
    Up,
    Paused,
    Down,
}

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
    pub(crate) lanes: Vec<LaneRole>,
    /// First link and first timer lane of each node.
    pub(crate) first_link: Vec<u32>,
    pub(crate) first_timer: Vec<u32>,
    pub(crate) until: SimTime,
    pub(crate) limits: Limits,
    pub(crate) seed: u64,
}

/// What nodes act on through their context.
#[derive(Clone)]
pub(crate) struct Core {
    pub(crate) frame: Rc<Frame>,
    pub(crate) now: SimTime,
    pub(crate) agenda: Agenda<Packed>,
    pub(crate) links: Vec<Link>,
    pub(crate) recorder: Recorder,
    pub(crate) streams: Vec<Stream>,
    pub(crate) lives: Vec<u32>,
    /// The node that was asked to die by what it just did.
    pub(crate) dying: bool,
}

/// A running world. Cloning it is cheap enough to do often; both clones go on
/// alike.
#[derive(Clone)]
pub struct World {
    core: Core,
    nodes: Vec<AnyNode>,
    conditions: Vec<Condition>,
    /// What reached a paused node.
    held: Vec<VecDeque<(LaneId, Action)>>,
    commands: Rc<[TimedCommand]>,
    /// Commands given by hand, after those of the plan.
    given: Vec<TimedCommand>,
    /// Instants at which watches begin, soonest last.
    watch_starts: Vec<SimTime>,
    actions: u64,
    /// Actions of the present instant.
    in_instant: u64,
    hit: Option<LimitHit>,
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
        let limits = self.core.frame.limits;
        let until = self.core.frame.until;
        let last = SimTime::from_nanos(until.nanos().saturating_sub(1)).min(to);
        let budget = self.actions.saturating_add(actions_max);
        // An unlimited run never has to look between instants.
        loop {
            let Some((at, lane, action)) = self.core.agenda.pop_until(last) else {
                break;
            };
            if at > self.core.now {
                self.turn_to(at);
                self.in_instant = 0;
            }
            self.actions += 1;
            self.in_instant += 1;
            self.dispatch(lane, action.into());
            if self.actions >= budget || self.in_instant > limits.actions_per_instant || self.actions > limits.actions {
                if let Some(outcome) = self.pause_for(at, budget) {
                    return outcome;
                }
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

    /// The newest facts, oldest first.
    pub fn tail(&self) -> impl Iterator<Item = &Fact> {
        self.core.recorder.tail()
    }

    /// Collects facts from now on. A trace changes nothing of the run.
    pub fn set_trace(&mut self, trace: Option<Trace>) {
        self.core.recorder.trace = trace;
    }

    /// What the trace has collected.
    pub fn trace(&self) -> Option<&Trace> {
        self.core.recorder.trace.as_ref()
    }

    fn is_exhausted(&self) -> bool {
        self.core.frame.until == SimTime::MAX && self.core.agenda.is_empty()
    }

    /// Moves the clock to `at`, taking the samples on the way. Whatever is
    /// due between now and then shows the state of now, since nothing
    /// happens in between.
    #[inline]
    fn turn_to(&mut self, at: SimTime) {
        while self.next_stop < at {
            self.stop();
        }
        self.core.now = at;
    }

    /// The clock has everything at `next_stop` behind it.
    #[cold]
    fn stop(&mut self) {
        let at = self.next_stop;
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

    /// The actions so far are enough: for this stretch if the instant is over,
    /// or for good if a limit is hit.
    #[cold]
    fn pause_for(&mut self, at: SimTime, budget: u64) -> Option<Outcome> {
        let limits = self.core.frame.limits;
        let hit = if self.in_instant > limits.actions_per_instant {
            Some(LimitHit::ActionsPerInstant)
        } else if self.actions > limits.actions {
            Some(LimitHit::Actions)
        } else if self.waiting() > limits.waiting {
            Some(LimitHit::Waiting)
        } else {
            None
        };
        if let Some(hit) = hit {
            self.hit = Some(hit);
            return Some(Outcome::Limit(hit));
        }
        let instant_over = self.core.agenda.next_time().is_none_or(|next| next > at);
        (self.actions >= budget && instant_over).then_some(Outcome::Budget)
    }

    /// Nothing is left to do up to `to`.
    fn arrive(&mut self, to: SimTime, until: SimTime) -> Outcome {
        if self.waiting() > self.core.frame.limits.waiting {
            self.hit = Some(LimitHit::Waiting);
        } else if self.ran_out_of_messages() {
            self.hit = Some(LimitHit::Messages);
        }
        if let Some(hit) = self.hit {
            return Outcome::Limit(hit);
        }
        let reached = to.min(until);
        if self.is_exhausted() {
            return Outcome::Ended;
        }
        if reached > self.core.now {
            self.turn_to(reached);
        }
        if to < until {
            return Outcome::Reached;
        }
        // Nothing happens at `until` itself: a sample due there is still of this run.
        while self.next_stop <= until && until != SimTime::MAX {
            self.stop();
        }
        Outcome::Ended
    }

    #[inline(always)]
    fn dispatch(&mut self, lane: LaneId, action: Action) {
        let role = self.core.frame.lanes[lane.0 as usize];
        match role {
            LaneRole::Link { node, port } => self.arrival(lane, node, port, action),
            LaneRole::Timer { node } => self.timer(lane, node, action),
            LaneRole::Commands => {
                if let Action::Command(index) = action {
                    self.command(index);
                }
            }
        }
    }

    #[inline(always)]
    fn arrival(&mut self, lane: LaneId, node: NodeId, port: Port, action: Action) {
        let index = usize::from(node.0);
        match self.conditions[index] {
            Condition::Up => {}
            Condition::Paused => {
                self.held[index].push_back((lane, action));
                return;
            }
            Condition::Down => {
                self.arrival_at_dead(lane, action);
                return;
            }
        }
        match action {
            Action::Packet(wire) => {
                if self.core.links[lane.0 as usize].stale {
                    self.core.lose(lane, wire);
                    return;
                }
                let mut cx = Cx::new(&mut self.core, node);
                self.nodes[index].on_packet(&mut cx, port, wire);
                if self.core.dying {
                    self.die_of_overload(node);
                }
            }
            Action::Closed => self.closed(node, port),
            Action::Opened => {
                let mut cx = Cx::new(&mut self.core, node);
                self.nodes[index].on_opened(&mut cx, port);
            }
            Action::Timer { .. } | Action::Command(_) => {}
        }
    }

    #[inline(always)]
    fn timer(&mut self, lane: LaneId, node: NodeId, action: Action) {
        let index = usize::from(node.0);
        let Action::Timer { token, life } = action else { return };
        if life != self.core.lives[index] {
            return;
        }
        if self.conditions[index] == Condition::Paused {
            self.held[index].push_back((lane, action));
            return;
        }
        let mut cx = Cx::new(&mut self.core, node);
        self.nodes[index].on_timer(&mut cx, token);
        if self.core.dying {
            self.die_of_overload(node);
        }
    }

    /// Whether a plan's first instant has anything for node `index`.
    pub(crate) fn condition(&self, node: NodeId) -> Condition {
        self.conditions[usize::from(node.0)]
    }
}

impl World {
    /// Builds the world of a plan. Nothing has happened yet; the nodes come
    /// up at 0, in file order, when it first runs.
    pub fn new(plan: &Plan) -> World {
        build::build(plan)
    }
}
