//! A small world for a cluster of RabbitMQ nodes: members and clients on
//! connections of one millisecond, disks that sync after twenty, crashes and
//! cuts, on the kernel's agenda. A node's port to another one has the other
//! one's number.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

pub mod app;

use app::App;
use mqlab_brokers::rabbitmq::QueueId;
use mqlab_brokers::rabbitmq::cluster::{Cluster, Member, MemberId, PeerFrame, Wire};
use mqlab_kernel::{Agenda, LaneId, SimSpan, SimTime, Stream};
use mqlab_model::{Context, Crash, Fact, FactKind, MessageId, Node, PlaceId, Port, Progress, Purpose, TimerLane};
use std::collections::BTreeMap;
use std::rc::Rc;

const LATENCY: SimSpan = SimSpan::from_millis(1);
/// What was written so long ago has reached the disk.
const SYNCED_AFTER: SimSpan = SimSpan::from_millis(20);
/// Timers, and the disk.
const OWN_LANES: u32 = 2;

#[derive(Clone, Copy, Default, Debug)]
enum Action {
    #[default]
    Nothing,
    /// To a life of the receiver that the sender knew.
    Packet {
        wire: Wire,
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
    Disk,
}

#[derive(Clone, Debug)]
pub enum AnyNode {
    Member(Box<Member>),
    App(Box<App>),
}

/// What a node does while it is called.
pub struct Cx<'a> {
    now: SimTime,
    random: &'a mut Stream,
    sent: Vec<(Port, Wire)>,
    armed: Vec<(TimerLane, SimTime, u64)>,
    facts: Vec<Fact>,
    writes: &'a mut Vec<SimTime>,
    has_written: bool,
}

impl Context<Wire> for Cx<'_> {
    fn now(&self) -> SimTime {
        self.now
    }
    fn send(&mut self, port: Port, wire: Wire) {
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
        self.has_written = true;
        self.writes.len() as u64 - 1
    }
    fn disk(&self) -> Progress {
        Progress {
            written: self.writes.len() as u64,
            synced: synced(self.writes, self.now) as u64,
        }
    }
}

fn synced(writes: &[SimTime], now: SimTime) -> usize {
    writes.partition_point(|at| at.saturating_add(SYNCED_AFTER) <= now)
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
    /// Contents of messages that went from member to member.
    pub copies: u64,
    pub steps: u64,
}

impl World {
    /// A cluster that is up, with clients.
    pub fn new(cluster: Cluster, apps: impl IntoIterator<Item = (usize, Option<u32>)>) -> World {
        let cluster = Rc::new(cluster);
        let members = usize::from(cluster.members);
        let mut nodes: Vec<AnyNode> = Vec::new();
        for own in 0..members {
            let ports: Vec<Option<Port>> = (0..members).map(|to| (to != own).then_some(Port(to as u16))).collect();
            let member = Member::new(cluster.clone(), MemberId(own as u8), PlaceId(100), &ports);
            nodes.push(AnyNode::Member(Box::new(member)));
        }
        for (member, prefetch) in apps {
            let app = App::new(nodes.len(), member, QueueId(0), prefetch);
            nodes.push(AnyNode::App(Box::new(app)));
        }
        let count = nodes.len();
        let lanes = count as u32 * (count as u32 + OWN_LANES);
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
            random: Stream::new(7, "rabbit world"),
            copies: 0,
            steps: 0,
            nodes,
        };
        (0..count).for_each(|own| world.begin(own));
        world
    }

    pub fn members(&self) -> usize {
        usize::from(self.cluster.members)
    }

    fn begin(&mut self, own: usize) {
        self.with(own, |node, cx| match node {
            AnyNode::Member(member) => member.start(cx),
            AnyNode::App(app) => app.start(cx),
        });
    }

    fn link(&self, from: usize, to: usize) -> LaneId {
        LaneId((from * self.nodes.len() + to) as u32)
    }

    fn own_lane(&self, own: usize, nth: u32) -> LaneId {
        let count = self.nodes.len() as u32;
        LaneId(count * count + own as u32 * OWN_LANES + nth)
    }

    fn with(&mut self, own: usize, call: impl FnOnce(&mut AnyNode, &mut Cx<'_>)) {
        let mut cx = Cx {
            now: self.now,
            random: &mut self.random,
            sent: Vec::new(),
            armed: Vec::new(),
            facts: Vec::new(),
            writes: &mut self.writes[own],
            has_written: false,
        };
        call(&mut self.nodes[own], &mut cx);
        let (sent, armed, facts, has_written) = (cx.sent, cx.armed, cx.facts, cx.has_written);
        self.facts.extend(facts);
        for (port, wire) in sent {
            let to = usize::from(port.0);
            let life = self.known[own][to];
            if life > 0 {
                if let Wire::Peer(frame) = wire {
                    self.copies += u64::from(PeerFrame::content(&frame).is_some());
                }
                self.put(own, to, Action::Packet { wire, life });
            }
        }
        let life = self.lives[own];
        for (_, at, token) in armed {
            self.agenda
                .push(self.own_lane(own, 0), at, Action::Timer { token, life });
        }
        if has_written {
            let at = self.now.saturating_add(SYNCED_AFTER);
            self.agenda.push(self.own_lane(own, 1), at, Action::Disk);
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
            assert!(self.steps < 2_000_000, "it never comes to rest");
            self.act(lane, action);
        }
        self.now = until;
    }

    pub fn run_ms(&mut self, span: u64) {
        self.run(SimSpan::from_millis(span));
    }

    fn act(&mut self, lane: LaneId, action: Action) {
        let count = self.nodes.len();
        let lane = lane.0 as usize;
        if lane >= count * count {
            let own = (lane - count * count) / OWN_LANES as usize;
            if !self.is_up[own] {
                return;
            }
            let current = self.lives[own];
            self.with(own, |node, cx| match (action, node) {
                (Action::Timer { token, life }, AnyNode::Member(member)) if life == current => {
                    member.on_timer(cx, token);
                }
                (Action::Timer { life, .. }, AnyNode::App(app)) if life == current => app.on_timer(cx),
                (Action::Disk, AnyNode::Member(member)) => member.on_disk(cx),
                _ => {}
            });
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
            Action::Packet { wire, life } if life == self.lives[to] => {
                self.with(to, |node, cx| match node {
                    AnyNode::Member(member) => member.on_packet(cx, port, wire),
                    AnyNode::App(app) => app.on_packet(cx, wire),
                });
            }
            // Whoever knows a later life has been told of it already.
            Action::Closed { life } if [0, life].contains(&self.known[to][from]) => {
                self.known[to][from] = 0;
                self.with(to, |node, cx| match node {
                    AnyNode::Member(member) => member.on_closed(cx, port),
                    AnyNode::App(app) => app.on_closed(cx, port),
                });
            }
            // Nor does news of a life that is over come after that of the next one.
            Action::Opened { life } if life == self.lives[from] => {
                self.known[to][from] = life;
                self.with(to, |node, cx| match node {
                    AnyNode::Member(member) => member.on_opened(cx, port),
                    AnyNode::App(app) => app.on_opened(cx, port),
                });
            }
            _ => {}
        }
    }

    /// A member dies. Its peers learn of it when everything has arrived that it
    /// had sent.
    pub fn crash(&mut self, own: usize, crash: Crash) {
        if !self.is_up[own] {
            return;
        }
        self.with(own, |node, cx| {
            if let AnyNode::Member(member) = node {
                member.crash(cx, crash);
            }
        });
        self.is_up[own] = false;
        if crash != Crash::Killed {
            // The disk counts on from what it had synced.
            let kept = synced(&self.writes[own], self.now);
            self.writes[own].truncate(kept);
        }
        let life = self.lives[own];
        for to in (0..self.nodes.len()).filter(|to| *to != own) {
            self.put(own, to, Action::Closed { life });
        }
    }

    /// A member comes back.
    pub fn restart(&mut self, own: usize) {
        if self.is_up[own] {
            return;
        }
        self.is_up[own] = true;
        self.lives[own] += 1;
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
        self.begin(own);
    }

    /// Nothing passes between two nodes any more; nothing is lost.
    pub fn cut(&mut self, a: usize, b: usize) {
        (self.cut[a][b], self.cut[b][a]) = (true, true);
    }

    /// A member reaches no other one; its clients reach it.
    pub fn isolate(&mut self, own: usize) {
        for other in (0..self.members()).filter(|other| *other != own) {
            self.cut(own, other);
        }
    }

    /// What waited between two nodes arrives.
    pub fn heal(&mut self, a: usize, b: usize) {
        for (from, to) in [(a, b), (b, a)] {
            if !std::mem::take(&mut self.cut[from][to]) {
                continue;
            }
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

    pub fn member(&self, own: usize) -> &Member {
        match &self.nodes[own] {
            AnyNode::Member(member) => member,
            AnyNode::App(_) => panic!("node {own} is a client"),
        }
    }

    /// The members that have the queue.
    pub fn leaders(&self) -> Vec<usize> {
        let leads = |own: &usize| self.is_up[*own] && self.member(*own).has(QueueId(0));
        (0..self.members()).filter(leads).collect()
    }

    pub fn client(&mut self, nth: usize) -> &mut App {
        let own = self.members() + nth;
        match &mut self.nodes[own] {
            AnyNode::App(app) => app,
            AnyNode::Member(_) => panic!("clients come last"),
        }
    }

    fn with_client<R>(&mut self, nth: usize, call: impl FnOnce(&mut App, &mut Cx<'_>) -> R) -> R {
        let own = self.members() + nth;
        let mut result = None;
        self.with(own, |node, cx| {
            if let AnyNode::App(app) = node {
                result = Some(call(app, cx));
            }
        });
        result.unwrap()
    }

    pub fn publish(&mut self, nth: usize) -> MessageId {
        self.with_client(nth, |app, cx| app.publish(cx, true))
    }

    /// A client settles what it holds: acknowledges it, or sends it back.
    pub fn settle(&mut self, nth: usize, delivery: usize, requeue: Option<bool>) {
        self.with_client(nth, |app, cx| app.settle(cx, delivery, requeue));
    }

    pub fn waiting(&self, member: usize) -> Vec<MessageId> {
        self.member(member)
            .waiting(QueueId(0))
            .map(|message| message.id)
            .collect()
    }
}

/// How many random courses a promise is put to: so many, or `MQLAB_CASES`.
pub fn courses(usual: u64) -> u64 {
    let cases = std::env::var("MQLAB_CASES").ok().and_then(|cases| cases.parse().ok());
    cases.unwrap_or(usual)
}
