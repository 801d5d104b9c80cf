//! What a node may do to the world while it is asked something.

use super::parcel::Piece;
use super::{Action, Core};
use crate::wire::Wire;
use mqlab_kernel::{LaneId, SimSpan, SimTime, draw};
use mqlab_model::{
    Context, FactKind, Ledger, LocalTime, MessageId, NodeId, PlaceId, Port, Progress, Purpose, TimerLane,
};

/// The context of one node, which is [`Core::home`]'s.
pub(super) struct Cx<'a> {
    core: &'a mut Core,
}

/// What of the world belongs to a node: its first link and timer lane, its
/// life, and itself. Two words, because it is copied with every action.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Home {
    /// The first link below, the first timer lane above.
    lanes: u64,
    /// The node below, its life above.
    who: u64,
}

impl Home {
    /// Of no node.
    pub(crate) const NOBODY: Home = Home {
        lanes: 0,
        who: u16::MAX as u64,
    };

    /// Of a node in its first life.
    pub(crate) fn new(node: NodeId, first_link: u32, first_timer: u32) -> Self {
        Home {
            lanes: u64::from(first_link) | u64::from(first_timer) << 32,
            who: u64::from(node.0),
        }
    }

    #[inline(always)]
    pub(crate) fn node(self) -> NodeId {
        NodeId(self.who as u16)
    }

    #[inline(always)]
    pub(crate) fn first_link(self) -> u32 {
        self.lanes as u32
    }

    #[inline(always)]
    pub(crate) fn first_timer(self) -> u32 {
        (self.lanes >> 32) as u32
    }

    /// Timers of earlier lives are stale.
    #[inline(always)]
    pub(crate) fn life(self) -> u32 {
        (self.who >> 32) as u32
    }

    /// The node is dead: this is another life of it.
    pub(crate) fn begin_next_life(&mut self) {
        self.who += 1 << 32;
    }
}

impl<'a> Cx<'a> {
    pub(super) fn new(core: &'a mut Core, node: NodeId) -> Self {
        core.home = core.homes[usize::from(node.0)];
        Cx { core }
    }

    /// The context of the node whose home is [`Core::home`] already.
    #[inline(always)]
    pub(super) fn at_home(core: &'a mut Core) -> Self {
        Cx { core }
    }
}

/// Whatever a node speaks, as long as it can be on a connection of the world.
impl<W: Into<Wire>> Context<W> for Cx<'_> {
    #[inline(always)]
    fn now(&self) -> SimTime {
        self.core.now
    }

    #[inline]
    fn clock(&mut self) -> LocalTime {
        self.core.local_time()
    }

    #[inline]
    fn when(&mut self, shown: LocalTime) -> SimTime {
        self.core.when(shown)
    }

    #[inline(always)]
    fn send(&mut self, port: Port, wire: W) {
        let link = self.core.home.first_link() + u32::from(port.0);
        match wire.into() {
            Wire::Kafka(frame) => self.core.put_frame(LaneId(link), Piece::Kafka(frame)),
            Wire::Peer(frame) => self.core.put_frame(LaneId(link), Piece::Rabbit(frame)),
            wire => self.core.put(LaneId(link), Action::Packet(wire)),
        }
    }

    #[inline(always)]
    fn arm(&mut self, lane: TimerLane, at: SimTime, token: u64) {
        debug_assert!(at >= self.core.now, "a timer was armed in the past");
        let home = self.core.home;
        let (lane, life) = (LaneId(home.first_timer() + u32::from(lane.0)), home.life());
        self.core.agenda.push(lane, at, Action::Timer { token, life }.into());
    }

    #[inline(always)]
    fn emit(&mut self, place: PlaceId, kind: FactKind, message: MessageId, value: u64) {
        self.core.recorder.record(self.core.now, place, kind, message, value);
    }

    #[inline]
    fn draw(&self, message: MessageId, purpose: Purpose, salt: u32) -> u64 {
        let source = self.core.frame.draw_keys[usize::from(message.source().0)];
        let entity = source.wrapping_add(u64::from(salt));
        draw(self.core.frame.seed, entity, message.number(), purpose as u64)
    }

    #[inline]
    fn random(&mut self) -> u64 {
        self.core.streams[usize::from(self.core.home.node().0)].next_u64()
    }

    #[inline]
    fn die(&mut self) {
        self.core.dying = Some(self.core.home.node());
        self.core.look = 0;
    }

    fn run_out(&mut self) {
        self.core.out_of_messages = true;
        self.core.look = 0;
    }

    fn size(&self, message: MessageId) -> u64 {
        self.core.size_of(message)
    }

    fn delay(&self, message: MessageId) -> SimSpan {
        let Some(delay) = self.core.delay_from(message.source(), message.number()) else {
            return SimSpan::ZERO;
        };
        delay.sample(Context::<W>::draw(self, message, Purpose::Delay, 0))
    }

    fn write(&mut self, bytes: u64) -> u64 {
        self.core.write(self.core.home.node(), bytes, 0)
    }

    fn append(&mut self, file: u32, bytes: u64) -> u64 {
        self.core.write(self.core.home.node(), bytes, file)
    }

    fn read(&mut self, file: u32, from: u64, to: u64, bytes: u64) -> SimSpan {
        self.core.read(self.core.home.node(), (file, from, to), bytes)
    }

    fn disk(&self) -> Progress {
        self.core.progress(self.core.home.node())
    }

    fn ledger(&mut self, place: PlaceId) -> Option<&mut Ledger> {
        Some(self.core.ledgers.get_or_default(place))
    }
}
