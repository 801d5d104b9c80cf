//! Links: one direction of a connection each.

use super::drop::Losing;
use super::{Action, Core, Packed};
use crate::wire::Wire;
use mqlab_kernel::{Dist, LaneId, SimSpan, SimTime, Stream};
use mqlab_model::{FactKind, NodeId, PlaceId};

/// One direction of a connection. It is a pipe: what is put in first comes
/// out first, whatever the delay of each.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) from: NodeId,
    pub(crate) to: NodeId,
    /// The link of the other direction.
    pub(crate) back: LaneId,
    pub(crate) latency: Dist,
    /// The delay, if it is always the same.
    constant: Option<SimSpan>,
    stream: Stream,
    /// When the last packet arrives; of a link without delay that is what the
    /// gate says.
    last: SimTime,
    /// After this instant a packet crosses it at once, behind nothing else.
    gate: SimTime,
    /// How many deaths of the receiver the sender has still to hear of. Until
    /// then what it sends goes nowhere.
    pub(crate) stale: u32,
    /// It lets nothing through.
    pub(crate) is_cut: bool,
    /// Packets that are to be lost.
    pub(crate) losing: Option<Losing>,
}

impl Link {
    pub(crate) fn new(from: NodeId, to: NodeId, back: LaneId, latency: Dist, stream: Stream) -> Self {
        let mut link = Link {
            from,
            to,
            back,
            latency,
            constant: None,
            stream,
            last: SimTime::ZERO,
            gate: SHUT,
            stale: 0,
            is_cut: false,
            losing: None,
        };
        link.set_latency(latency);
        link
    }

    pub(crate) fn set_latency(&mut self, latency: Dist) {
        self.last = self.last();
        self.latency = latency;
        self.constant = match latency {
            Dist::Constant(span) => Some(span),
            _ => None,
        };
        self.set_last(self.last);
    }

    /// When the last packet arrives.
    fn last(&self) -> SimTime {
        if self.gate == SHUT { self.last } else { self.gate }
    }

    fn set_last(&mut self, last: SimTime) {
        let is_immediate = self.constant == Some(SimSpan::ZERO) && last < SHUT;
        self.last = last;
        self.gate = if is_immediate { last } else { SHUT };
    }

    /// Whether what is put in now comes out now, behind nothing else.
    #[inline(always)]
    pub(super) fn is_at_once(&self, now: SimTime) -> bool {
        self.gate < now
    }

    /// Something has crossed it at once.
    #[inline(always)]
    pub(super) fn pass(&mut self, now: SimTime) {
        self.gate = now;
    }

    /// What is put on it from now on need not wait for what was before.
    pub(crate) fn begin_anew(&mut self) {
        self.set_last(SimTime::ZERO);
    }

    #[inline]
    fn arrival(&mut self, now: SimTime) -> SimTime {
        let delay = match self.constant {
            Some(delay) => delay,
            None => self.latency.sample(self.stream.next_u64()),
        };
        let at = self.last().max(now.saturating_add(delay));
        self.set_last(at);
        at
    }
}

/// The gate of a link on which nothing crosses at once.
const SHUT: SimTime = SimTime::MAX;

impl Core {
    /// Puts something on a link.
    #[inline(always)]
    pub(super) fn put(&mut self, link: LaneId, action: Action) {
        let packed = Packed::from(action);
        let now = self.now;
        let found = &mut self.links[link.0 as usize];
        let is_at_once = found.is_at_once(now);
        if is_at_once {
            found.pass(now);
        }
        if !(is_at_once && self.agenda.push_now(link, now, packed)) {
            let [a, b, c, d] = packed.words();
            self.put_among_others(link, a, b, c, d);
        }
    }

    /// The same in full. The action comes in registers: anything else would
    /// have to be in memory before the short way, too.
    #[inline(never)]
    fn put_among_others(&mut self, link: LaneId, a: u64, b: u64, c: u64, d: u64) {
        let at = self.links[link.0 as usize].arrival(self.now);
        self.agenda.push(link, at, Packed::from_words([a, b, c, d]));
    }

    /// A packet has nobody to receive it.
    pub(super) fn lose(&mut self, link: LaneId, wire: Wire) {
        if let Some((message, queue)) = wire.cargo() {
            let place = queue.unwrap_or(PlaceId(self.links[link.0 as usize].to.0));
            self.recorder.record(self.now, place, FactKind::Dropped, message.id, 0);
        }
    }

    /// Loses everything that is on its way on a link.
    pub(super) fn lose_all(&mut self, link: LaneId) {
        let stranded = self.stranded.remove(&link).unwrap_or_default();
        let mut lost: alloc::vec::Vec<Wire> = stranded.into_iter().filter_map(Packed::as_wire).collect();
        self.agenda.clear_lane(link, |_, action| {
            lost.extend(action.as_wire());
        });
        lost.into_iter().for_each(|wire| self.lose(link, wire));
    }
}
