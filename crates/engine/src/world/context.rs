//! What a node may do to the world while it is asked something.

use super::{Action, Core};
use crate::wire::Wire;
use mqlab_kernel::{LaneId, SimTime, draw};
use mqlab_model::{Context, FactKind, MessageId, NodeId, PlaceId, Port, Purpose, TimerLane};

/// The context of one node.
pub(super) struct Cx<'a> {
    core: &'a mut Core,
    node: NodeId,
}

impl<'a> Cx<'a> {
    #[inline]
    pub(super) fn new(core: &'a mut Core, node: NodeId) -> Self {
        Cx { core, node }
    }
}

impl Context<Wire> for Cx<'_> {
    #[inline]
    fn now(&self) -> SimTime {
        self.core.now
    }

    #[inline(always)]
    fn send(&mut self, port: Port, wire: Wire) {
        let link = self.core.frame.first_link[usize::from(self.node.0)] + u32::from(port.0);
        self.core.put(LaneId(link), Action::Packet(wire));
    }

    #[inline(always)]
    fn arm(&mut self, lane: TimerLane, at: SimTime, token: u64) {
        debug_assert!(at >= self.core.now, "a timer was armed in the past");
        let node = usize::from(self.node.0);
        let lane = LaneId(self.core.frame.first_timer[node] + u32::from(lane.0));
        let life = self.core.lives[node];
        self.core.agenda.push(lane, at, Action::Timer { token, life }.into());
    }

    #[inline(always)]
    fn emit(&mut self, place: PlaceId, kind: FactKind, message: MessageId, value: u64) {
        self.core.recorder.record(self.core.now, place, kind, message, value);
    }

    #[inline]
    fn draw(&self, message: MessageId, purpose: Purpose, salt: u32) -> u64 {
        let entity = u64::from(message.source().0) << 32 | u64::from(salt);
        draw(self.core.frame.seed, entity, message.number(), purpose as u64)
    }

    #[inline]
    fn random(&mut self) -> u64 {
        self.core.streams[usize::from(self.node.0)].next_u64()
    }

    #[inline]
    fn die(&mut self) {
        self.core.dying = true;
    }
}
