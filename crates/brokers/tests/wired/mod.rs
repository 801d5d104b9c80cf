//! What small worlds of clusters have in common: nodes on connections of one
//! millisecond, with a disk each, crashes and cuts, on the kernel's agenda.
//! Everything is connected with everything; a node's port to another one has the
//! other one's number.
#![allow(dead_code, unreachable_pub)]

use mqlab_kernel::{Agenda, LaneId, SimSpan, SimTime, Stream};
use mqlab_model::{Context, Crash, Fact, FactKind, MessageId, Node, PlaceId, Port, Progress, Purpose, TimerLane};
use std::collections::BTreeMap;

const LATENCY: SimSpan = SimSpan::from_millis(1);
/// Most timers of a node; its disk has the lane behind them.
const TIMER_LANES: u32 = 16;
const OWN_LANES: u32 = TIMER_LANES + 1;
const STEPS_MAX: u64 = 20_000_000;

#[derive(Clone, Copy, Default, Debug)]
enum Action<W> {
    #[default]
    Nothing,
    /// To a life of the receiver that the sender knew.
    Packet {
        wire: W,
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

/// What a node does while it is called.
pub struct Cx<'a, W> {
    now: SimTime,
    random: &'a mut Stream,
    sent: Vec<(Port, W)>,
    armed: Vec<(TimerLane, SimTime, u64)>,
    facts: Vec<Fact>,
    disk: &'a mut Disk,
    has_written: bool,
}

/// A disk: when what was written.
struct Disk {
    writes: Vec<SimTime>,
    /// What was written so long ago is safe.
    synced_after: SimSpan,
}

impl Disk {
    fn synced(&self, now: SimTime) -> usize {
        let is_synced = |at: &SimTime| at.saturating_add(self.synced_after) <= now;
        self.writes.partition_point(is_synced)
    }
}

impl<W> Context<W> for Cx<'_, W> {
    fn now(&self) -> SimTime {
        self.now
    }
    fn send(&mut self, port: Port, wire: W) {
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
        self.disk.writes.push(self.now);
        self.has_written = true;
        self.disk.writes.len() as u64 - 1
    }
    fn disk(&self) -> Progress {
        Progress {
            written: self.disk.writes.len() as u64,
            synced: self.disk.synced(self.now) as u64,
        }
    }
}

/// Nodes and what is between them.
pub struct Wired<N, W: Copy> {
    pub now: SimTime,
    pub nodes: Vec<N>,
    pub facts: Vec<Fact>,
    pub is_up: Vec<bool>,
    /// How many actions there were.
    pub steps: u64,
    /// Called with everything that is sent.
    pub on_sent: fn(&W) -> u64,
    /// What that has said, added up.
    pub counted: u64,
    agenda: Agenda<Action<W>>,
    lives: Vec<u32>,
    /// The life of the receiver that each sender knows; 0 if it is gone.
    known: Vec<Vec<u32>>,
    cut: Vec<Vec<bool>>,
    stranded: BTreeMap<(usize, usize), Vec<Action<W>>>,
    disks: Vec<Disk>,
    random: Stream,
}

impl<N: Node<W>, W: Copy> Wired<N, W> {
    /// Nodes that are up, and have not begun.
    pub fn new(nodes: Vec<N>, synced_after: SimSpan, name: &str) -> Self {
        let count = nodes.len();
        let disk = |_| Disk {
            writes: Vec::new(),
            synced_after,
        };
        Wired {
            now: SimTime::ZERO,
            facts: Vec::new(),
            is_up: vec![true; count],
            steps: 0,
            on_sent: |_| 0,
            counted: 0,
            agenda: Agenda::new(count as u32 * (count as u32 + OWN_LANES)),
            lives: vec![1; count],
            known: vec![vec![1; count]; count],
            cut: vec![vec![false; count]; count],
            stranded: BTreeMap::new(),
            disks: (0..count).map(disk).collect(),
            random: Stream::new(7, name),
            nodes,
        }
    }

    /// A node begins.
    pub fn begin(&mut self, own: usize) {
        self.with(own, |node, cx| node.start(cx));
    }

    fn link(&self, from: usize, to: usize) -> LaneId {
        LaneId((from * self.nodes.len() + to) as u32)
    }

    fn own_lane(&self, own: usize, nth: u32) -> LaneId {
        let count = self.nodes.len() as u32;
        LaneId(count * count + own as u32 * OWN_LANES + nth)
    }

    /// A node is called.
    pub fn with<R>(&mut self, own: usize, call: impl FnOnce(&mut N, &mut Cx<'_, W>) -> R) -> R {
        let mut cx = Cx {
            now: self.now,
            random: &mut self.random,
            sent: Vec::new(),
            armed: Vec::new(),
            facts: Vec::new(),
            disk: &mut self.disks[own],
            has_written: false,
        };
        let result = call(&mut self.nodes[own], &mut cx);
        let (sent, armed, facts, has_written) = (cx.sent, cx.armed, cx.facts, cx.has_written);
        self.facts.extend(facts);
        for (port, wire) in sent {
            let to = usize::from(port.0);
            let life = self.known[own][to];
            if life > 0 {
                self.counted += (self.on_sent)(&wire);
                self.put(own, to, Action::Packet { wire, life });
            }
        }
        let life = self.lives[own];
        for (lane, at, token) in armed {
            assert!(u32::from(lane.0) < TIMER_LANES);
            let lane = self.own_lane(own, u32::from(lane.0));
            self.agenda.push(lane, at, Action::Timer { token, life });
        }
        if has_written {
            let at = self.now.saturating_add(self.disks[own].synced_after);
            self.agenda.push(self.own_lane(own, TIMER_LANES), at, Action::Disk);
        }
        result
    }

    fn put(&mut self, from: usize, to: usize, action: Action<W>) {
        let lane = self.link(from, to);
        self.agenda.push(lane, self.now.saturating_add(LATENCY), action);
    }

    /// The time passes.
    pub fn run(&mut self, span: SimSpan) {
        let until = self.now.saturating_add(span);
        while let Some((at, lane, action)) = self.agenda.pop_until(until) {
            self.now = at;
            self.steps += 1;
            assert!(self.steps < STEPS_MAX, "it never comes to rest");
            self.act(lane, action);
        }
        self.now = until;
    }

    pub fn run_ms(&mut self, span: u64) {
        self.run(SimSpan::from_millis(span));
    }

    fn act(&mut self, lane: LaneId, action: Action<W>) {
        let count = self.nodes.len();
        let lane = lane.0 as usize;
        if lane >= count * count {
            let own = (lane - count * count) / OWN_LANES as usize;
            match action {
                _ if !self.is_up[own] => {}
                Action::Timer { token, life } if life == self.lives[own] => {
                    self.with(own, |node, cx| node.on_timer(cx, token));
                }
                Action::Disk => self.with(own, |node, cx| node.on_disk(cx)),
                _ => {}
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
            Action::Packet { wire, life } if life == self.lives[to] => {
                self.with(to, |node, cx| node.on_packet(cx, port, wire));
            }
            // Whoever knows a later life has been told of it already.
            Action::Closed { life } if [0, life].contains(&self.known[to][from]) => {
                self.known[to][from] = 0;
                self.with(to, |node, cx| node.on_closed(cx, port));
            }
            // Nor does news of a life that is over come after that of the next one.
            Action::Opened { life } if life == self.lives[from] => {
                self.known[to][from] = life;
                self.with(to, |node, cx| node.on_opened(cx, port));
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
        self.with(own, |node, cx| node.crash(cx, crash));
        self.is_up[own] = false;
        if crash != Crash::Killed {
            // The disk counts on from what it had synced.
            let kept = self.disks[own].synced(self.now);
            self.disks[own].writes.truncate(kept);
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
}

/// `MQLAB_CASES`, for a long hunt, or so many.
pub fn courses(usual: u64) -> u64 {
    let cases = std::env::var("MQLAB_CASES").ok().and_then(|cases| cases.parse().ok());
    cases.unwrap_or(usual)
}

/// A closed set of nodes is a node.
macro_rules! any_node {
    ($(#[$about:meta])* $name:ident of $wire:ty: $($kind:ident),+) => {
        $(#[$about])*
        #[derive(Clone, Debug)]
        pub enum $name {
            $($kind(Box<$kind>),)+
        }

        impl mqlab_model::Node<$wire> for $name {
            fn start<C: Context<$wire>>(&mut self, cx: &mut C) {
                match self { $($name::$kind(node) => node.start(cx),)+ }
            }
            fn on_packet<C: Context<$wire>>(&mut self, cx: &mut C, port: Port, wire: $wire) {
                match self { $($name::$kind(node) => node.on_packet(cx, port, wire),)+ }
            }
            fn on_timer<C: Context<$wire>>(&mut self, cx: &mut C, token: u64) {
                match self { $($name::$kind(node) => node.on_timer(cx, token),)+ }
            }
            fn on_closed<C: Context<$wire>>(&mut self, cx: &mut C, port: Port) {
                match self { $($name::$kind(node) => node.on_closed(cx, port),)+ }
            }
            fn on_opened<C: Context<$wire>>(&mut self, cx: &mut C, port: Port) {
                match self { $($name::$kind(node) => node.on_opened(cx, port),)+ }
            }
            fn on_disk<C: Context<$wire>>(&mut self, cx: &mut C) {
                match self { $($name::$kind(node) => node.on_disk(cx),)+ }
            }
            fn crash<C: Context<$wire>>(&mut self, cx: &mut C, crash: Crash) {
                match self { $($name::$kind(node) => node.crash(cx, crash),)+ }
            }
        }
    };
}
pub(crate) use any_node;
