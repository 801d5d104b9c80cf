//! A small world for Kafka's nodes: brokers, their controller and clients on
//! connections of one millisecond, with crashes and cuts, on the kernel's
//! agenda. Everything is connected with everything; a node's port to another
//! one has the other one's number.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

pub mod app;

use app::App;
use mqlab_brokers::kafka::{
    Broker, BrokerId, Cluster, Consumer, Controller, Frame, PartitionId, Producer, Reader, Role, Wiring,
};
use mqlab_kernel::{Agenda, LaneId, SimSpan, SimTime, Stream};
use mqlab_model::{Context, Crash, Fact, FactKind, MessageId, Node, PlaceId, Port, Progress, Purpose, TimerLane};
use proptest::prelude::ProptestConfig;
use proptest::test_runner::RngSeed;
use std::collections::BTreeMap;
use std::rc::Rc;

const LATENCY: SimSpan = SimSpan::from_millis(1);
/// What was written so long ago has reached the disk.
const SYNCED_AFTER: SimSpan = SimSpan::from_millis(500);
const TIMER_LANES: u32 = 16;

#[derive(Clone, Copy, Default, Debug)]
enum Action {
    #[default]
    Nothing,
    /// To a life of the receiver that the sender knew.
    Packet {
        frame: Frame,
        life: u32,
    },
    /// This life of the sender is over.
    Closed {
        life: u32,
    },
    Opened {
        life: u32,
    },
    Timer {
        token: u64,
        life: u32,
    },
}

#[derive(Clone, Debug)]
pub enum AnyNode {
    Broker(Box<Broker>),
    Controller(Box<Controller>),
    App(Box<App>),
}

macro_rules! on {
    ($node:expr, |$inner:ident| $call:expr) => {
        match $node {
            AnyNode::Broker($inner) => $call,
            AnyNode::Controller($inner) => $call,
            AnyNode::App($inner) => $call,
        }
    };
}

/// What a node does while it is called.
pub struct Cx<'a> {
    now: SimTime,
    random: &'a mut Stream,
    sent: Vec<(Port, Frame)>,
    armed: Vec<(TimerLane, SimTime, u64)>,
    facts: Vec<Fact>,
    writes: &'a mut Vec<SimTime>,
}

impl Context<Frame> for Cx<'_> {
    fn now(&self) -> SimTime {
        self.now
    }
    fn send(&mut self, port: Port, wire: Frame) {
        self.sent.push((port, wire));
    }
    fn arm(&mut self, lane: TimerLane, at: SimTime, token: u64) {
        self.armed.push((lane, at, token));
    }
    fn emit(&mut self, place: PlaceId, kind: FactKind, message: MessageId, value: u64) {
        self.facts.push(Fact {
            at: self.now,
            place,
            kind,
            message,
            value,
        });
    }
    fn draw(&self, message: MessageId, purpose: Purpose, salt: u32) -> u64 {
        mqlab_kernel::mix(message.bits() ^ (purpose as u64) << 32 ^ u64::from(salt))
    }
    fn random(&mut self) -> u64 {
        self.random.next_u64()
    }
    fn run_out(&mut self) {}
    fn die(&mut self) {
        panic!("nothing here dies of what it does");
    }
    fn size(&self, _message: MessageId) -> u64 {
        1_000
    }
    fn write(&mut self, _bytes: u64) -> u64 {
        self.writes.push(self.now);
        self.writes.len() as u64 - 1
    }
    fn disk(&self) -> Progress {
        let is_synced = |at: &SimTime| at.saturating_add(SYNCED_AFTER) <= self.now;
        Progress {
            written: self.writes.len() as u64,
            synced: self.writes.partition_point(is_synced) as u64,
        }
    }
}

pub struct World {
    pub cluster: Rc<Cluster>,
    pub now: SimTime,
    pub nodes: Vec<AnyNode>,
    pub facts: Vec<Fact>,
    agenda: Agenda<Action>,
    lives: Vec<u32>,
    pub is_up: Vec<bool>,
    /// The life of the receiver that each sender knows; 0 if it is gone.
    known: Vec<Vec<u32>>,
    cut: Vec<Vec<bool>>,
    stranded: BTreeMap<(usize, usize), Vec<Action>>,
    writes: Vec<Vec<SimTime>>,
    random: Stream,
    /// How many actions there were.
    pub steps: u64,
}

impl World {
    /// A cluster that is up, with so many clients.
    pub fn new(cluster: Cluster, apps: usize, app: impl Fn(&Rc<Cluster>, usize, &Wiring) -> App) -> World {
        let cluster = Rc::new(cluster);
        let brokers = cluster.brokers() as usize;
        let ports = |own: usize| Wiring {
            controller: (own < brokers).then_some(Port(brokers as u16)),
            brokers: (0..brokers).map(|to| (to != own).then_some(Port(to as u16))).collect(),
        };
        let place = |node: usize| PlaceId(node as u16);
        let mut nodes: Vec<AnyNode> = Vec::new();
        for own in 0..brokers {
            let broker = Broker::new(cluster.clone(), BrokerId(own as u32), place(own), ports(own));
            nodes.push(AnyNode::Broker(Box::new(broker)));
        }
        let controller = Controller::new(cluster.clone(), place(brokers), ports(brokers));
        nodes.push(AnyNode::Controller(Box::new(controller)));
        for own in brokers + 1..brokers + 1 + apps {
            nodes.push(AnyNode::App(Box::new(app(&cluster, own, &ports(own)))));
        }
        let count = nodes.len();
        let lanes = count as u32 * count as u32 + count as u32 * TIMER_LANES;
        let mut world = World {
            cluster,
            now: SimTime::ZERO,
            facts: Vec::new(),
            agenda: Agenda::new(lanes),
            lives: vec![1; count],
            is_up: vec![true; count],
            known: vec![vec![1; count]; count],
            cut: vec![vec![false; count]; count],
            stranded: BTreeMap::new(),
            writes: vec![Vec::new(); count],
            random: Stream::new(7, "kafka world"),
            steps: 0,
            nodes,
        };
        // The controller first, as it would be.
        world.with(brokers, |node, cx| on!(node, |inner| inner.start(cx)));
        for own in (0..count).filter(|own| *own != brokers) {
            world.with(own, |node, cx| on!(node, |inner| inner.start(cx)));
        }
        world
    }

    pub fn controller_node(&self) -> usize {
        self.cluster.brokers() as usize
    }

    fn link(&self, from: usize, to: usize) -> LaneId {
        LaneId((from * self.nodes.len() + to) as u32)
    }

    fn with(&mut self, own: usize, call: impl FnOnce(&mut AnyNode, &mut Cx<'_>)) {
        let mut cx = Cx {
            now: self.now,
            random: &mut self.random,
            sent: Vec::new(),
            armed: Vec::new(),
            facts: Vec::new(),
            writes: &mut self.writes[own],
        };
        call(&mut self.nodes[own], &mut cx);
        let (sent, armed, facts) = (cx.sent, cx.armed, cx.facts);
        self.facts.extend(facts);
        for (port, frame) in sent {
            let to = usize::from(port.0);
            let life = self.known[own][to];
            if life > 0 {
                self.put(own, to, Action::Packet { frame, life });
            }
        }
        let first = (self.nodes.len() * self.nodes.len()) as u32 + own as u32 * TIMER_LANES;
        let life = self.lives[own];
        for (lane, at, token) in armed {
            assert!(u32::from(lane.0) < TIMER_LANES);
            let lane = LaneId(first + u32::from(lane.0));
            self.agenda.push(lane, at, Action::Timer { token, life });
        }
    }

    fn put(&mut self, from: usize, to: usize, action: Action) {
        let lane = self.link(from, to);
        self.agenda.push(lane, self.now.saturating_add(LATENCY), action);
    }

    /// The time passes.
    pub fn run(&mut self, span: SimSpan) {
        let until = self.now.saturating_add(span);
        while let Some((at, lane, action)) = self.agenda.pop_until(until) {
            self.now = at;
            self.steps += 1;
            self.act(lane, action);
        }
        self.now = until;
    }

    fn act(&mut self, lane: LaneId, action: Action) {
        let count = self.nodes.len();
        let lane = lane.0 as usize;
        if lane >= count * count {
            let own = (lane - count * count) / TIMER_LANES as usize;
            if let Action::Timer { token, life } = action
                && life == self.lives[own]
                && self.is_up[own]
            {
                self.with(own, |node, cx| on!(node, |inner| inner.on_timer(cx, token)));
            }
            return;
        }
        let (from, to) = (lane / count, lane % count);
        if self.cut[from][to] {
            self.stranded.entry((from, to)).or_default().push(action);
            return;
        }
        if !self.is_up[to] {
            return;
        }
        let port = Port(from as u16);
        match action {
            Action::Packet { frame, life } if life == self.lives[to] => {
                self.with(to, |node, cx| on!(node, |inner| inner.on_packet(cx, port, frame)));
            }
            // Whoever knows a later life has been told of it already.
            Action::Closed { life } if [0, life].contains(&self.known[to][from]) => {
                self.known[to][from] = 0;
                self.with(to, |node, cx| on!(node, |inner| inner.on_closed(cx, port)));
            }
            Action::Opened { life } => {
                self.known[to][from] = life;
                self.with(to, |node, cx| on!(node, |inner| inner.on_opened(cx, port)));
            }
            _ => {}
        }
    }

    /// A node dies. Its peers learn of it when everything has arrived that it
    /// had sent.
    pub fn crash(&mut self, own: usize, crash: Crash) {
        if !self.is_up[own] {
            return;
        }
        self.with(own, |node, cx| on!(node, |inner| inner.crash(cx, crash)));
        self.is_up[own] = false;
        let now = self.now;
        if crash != Crash::Killed {
            self.writes[own].retain(|at| crash == Crash::Power && at.saturating_add(SYNCED_AFTER) <= now);
        }
        let life = self.lives[own];
        for to in (0..self.nodes.len()).filter(|to| *to != own) {
            self.put(own, to, Action::Closed { life });
        }
    }

    /// A node comes back.
    pub fn restart(&mut self, own: usize) {
        if self.is_up[own] {
            return;
        }
        self.is_up[own] = true;
        self.lives[own] += 1;
        self.writes[own].clear();
        for to in 0..self.nodes.len() {
            self.known[own][to] = if self.is_up[to] { self.lives[to] } else { 0 };
        }
        let life = self.lives[own];
        for to in (0..self.nodes.len()).filter(|to| *to != own) {
            if self.is_up[to] {
                self.put(own, to, Action::Opened { life });
            } else {
                let life = self.lives[to];
                self.put(to, own, Action::Closed { life });
            }
        }
        self.with(own, |node, cx| on!(node, |inner| inner.start(cx)));
    }

    /// Nothing passes between two nodes any more; nothing is lost.
    pub fn cut(&mut self, a: usize, b: usize) {
        (self.cut[a][b], self.cut[b][a]) = (true, true);
    }

    /// What waited between two nodes arrives.
    pub fn heal(&mut self, a: usize, b: usize) {
        for (from, to) in [(a, b), (b, a)] {
            self.cut[from][to] = false;
            // What is still on its way comes after what got stuck.
            let mut all = self.stranded.remove(&(from, to)).unwrap_or_default();
            let lane = self.link(from, to);
            self.agenda.clear_lane(lane, |_, action| all.push(action));
            for action in all {
                self.put(from, to, action);
            }
        }
    }

    pub fn heal_all(&mut self) {
        for a in 0..self.nodes.len() {
            for b in 0..a {
                self.heal(a, b);
            }
        }
    }

    pub fn broker(&self, id: usize) -> &Broker {
        match &self.nodes[id] {
            AnyNode::Broker(broker) => broker,
            _ => panic!("node {id} is no broker"),
        }
    }

    pub fn controller(&self) -> &Controller {
        match &self.nodes[self.controller_node()] {
            AnyNode::Controller(controller) => controller,
            _ => panic!("the controller comes after the brokers"),
        }
    }

    pub fn client(&self, nth: usize) -> &App {
        match &self.nodes[self.controller_node() + 1 + nth] {
            AnyNode::App(app) => app,
            _ => panic!("clients come last"),
        }
    }

    /// A client gives something to its producer.
    pub fn produce(&mut self, nth: usize, partition: Option<u32>, key: Option<u32>) -> MessageId {
        let own = self.controller_node() + 1 + nth;
        let mut made = MessageId::NONE;
        self.with(own, |node, cx| {
            if let AnyNode::App(app) = node {
                made = app.produce(cx, partition, key);
            }
        });
        made
    }

    /// A client does something with its consumer.
    pub fn consume(&mut self, nth: usize, call: impl FnOnce(&mut Consumer, &mut Cx<'_>)) {
        let own = self.controller_node() + 1 + nth;
        self.with(own, |node, cx| {
            if let AnyNode::App(app) = node {
                call(app.consumer.as_mut().unwrap(), cx);
            }
        });
    }

    /// A client does something with its producer.
    pub fn with_producer<R>(&mut self, nth: usize, call: impl FnOnce(&mut Producer, &mut Cx<'_>) -> R) -> R {
        let own = self.controller_node() + 1 + nth;
        let mut result = None;
        self.with(own, |node, cx| {
            if let AnyNode::App(app) = node {
                result = Some(call(&mut app.producer, cx));
            }
        });
        result.unwrap()
    }

    /// A client does not poll, or does again.
    pub fn busy(&mut self, nth: usize, is_busy: bool) {
        let own = self.controller_node() + 1 + nth;
        if let AnyNode::App(app) = &mut self.nodes[own] {
            app.is_busy = is_busy;
        }
    }

    /// Who leads a partition, if that broker knows it too.
    pub fn leader(&self, partition: PartitionId) -> Option<usize> {
        let led = |id: &usize| {
            let view = self.broker(*id).partition(partition);
            self.is_up[*id] && view.is_some_and(|view| view.role == Role::Leader)
        };
        let known = self.controller().leadership(partition).leader()?;
        Some(known.0 as usize).filter(led)
    }

    /// The messages in a broker's replica, in order.
    pub fn log(&self, broker: usize, partition: PartitionId) -> Vec<MessageId> {
        let view = self.broker(broker).partition(partition).unwrap();
        let read = view.log.read(view.marks.start(), Reader::Replica).unwrap();
        read.filter(|(_, record)| !record.is_marker())
            .map(|(_, record)| record.message.id)
            .collect()
    }

    pub fn emitted(&self, kind: FactKind) -> Vec<MessageId> {
        let of_kind = self.facts.iter().filter(|fact| fact.kind == kind);
        of_kind.map(|fact| fact.message).collect()
    }
}

/// How many random courses a property takes: so many, or `MQLAB_CASES`. They are the
/// same in every run.
pub fn cases(usual: u32) -> ProptestConfig {
    let cases = std::env::var("MQLAB_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(usual),
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    }
}
