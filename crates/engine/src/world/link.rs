//! Links: one direction of a connection each.

use super::drop::Losing;
use super::{Action, Core, Packed};
use crate::plan::Wear;
use crate::wire::Wire;
use mqlab_kernel::{Bytes, Dist, LaneId, SimSpan, SimTime, Stream};
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
    pub(crate) wear: Wear,
    /// When all that was put on it is on its way.
    free: SimTime,
    /// The delay, if it is always the same and nothing is added to it.
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
    /// When the packet arrives that is held back, and that nothing has overtaken yet.
    held: Option<SimTime>,
}

impl Link {
    pub(crate) fn new(from: NodeId, to: NodeId, back: LaneId, (latency, wear): (Dist, Wear), stream: Stream) -> Self {
        let mut link = Link {
            from,
            to,
            back,
            latency,
            wear,
            free: SimTime::ZERO,
            constant: None,
            stream,
            last: SimTime::ZERO,
            gate: SHUT,
            stale: 0,
            is_cut: false,
            losing: None,
            held: None,
        };
        link.set_latency(latency);
        link
    }

    pub(crate) fn set_latency(&mut self, latency: Dist) {
        self.last = self.last();
        self.latency = latency;
        self.constant = match latency {
            Dist::Constant(span) if !self.is_worn() => Some(span),
            _ => None,
        };
        self.set_last(self.last);
    }

    pub(crate) fn set_wear(&mut self, change: impl FnOnce(&mut Wear)) {
        change(&mut self.wear);
        self.set_latency(self.latency);
    }

    fn is_worn(&self) -> bool {
        let Wear {
            bandwidth,
            loss,
            duplicate,
            reorder,
            ..
        } = self.wear;
        bandwidth.is_some() || loss | duplicate | reorder > 0
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
        self.free = SimTime::ZERO;
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

    /// When the same packet arrives once more, behind what was put on it.
    fn arrival_of_copy(&mut self, now: SimTime) -> SimTime {
        let delay = self.latency.sample(self.stream.next_u64());
        let at = self.last().max(now.saturating_add(delay));
        self.set_last(at);
        at
    }

    /// When a packet of so many bytes arrives on a connection that is not as
    /// it should be, and how often it was lost on the way. It leaves when what
    /// was put on before has left; a lost one is sent again, and what is behind
    /// it waits, because a connection keeps its order.
    fn late_arrival(&mut self, now: SimTime, bytes: u64) -> (SimTime, u64) {
        let carrying = self.wear.bandwidth.map_or(SimSpan::ZERO, |most| Bytes(bytes).at(most));
        let mut leaves = now.max(self.free).saturating_add(carrying);
        self.free = leaves;
        let delay = self.latency.sample(self.stream.next_u64());
        let mut resend = self.wear.resend;
        let mut lost = 0;
        while self.wear.loss > 0 && lost < RESENDS_MAX && self.stream.next_u64() < self.wear.loss {
            leaves = leaves.saturating_add(resend);
            resend = resend.saturating_add(resend);
            lost += 1;
        }
        let at = self.last().max(leaves.saturating_add(delay));
        self.set_last(at);
        (at, lost)
    }
}

/// After so many losses a packet arrives all the same: a real connection would
/// be given up (`tcp_retries2` of Linux).
const RESENDS_MAX: u64 = 15;

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
        let packed = Packed::from_words([a, b, c, d]);
        let found = &self.links[link.0 as usize];
        let at = if found.is_worn() {
            self.arrive_late(link, packed)
        } else {
            self.links[link.0 as usize].arrival(self.now)
        };
        self.agenda.push(link, at, packed);
    }

    #[cold]
    fn arrive_late(&mut self, link: LaneId, packed: Packed) -> SimTime {
        let message = packed.as_wire().and_then(|wire| wire.body());
        let (bytes, carries) = match packed.parcel() {
            Some(number) => self.weigh(number),
            None => (message.map_or(0, |message| self.size_of(message.id)), message.is_some()),
        };
        let (at, lost) = self.links[link.0 as usize].late_arrival(self.now, bytes);
        self.hits.losses.all += lost;
        self.hits.losses.hit += if carries { lost } else { 0 };
        match packed.as_wire() {
            Some(wire) if wire.is_call() => self.stray(link, packed, at),
            _ => at,
        }
    }

    /// A call or an answer that is due at `at` finds its own way: it may arrive twice,
    /// and it may be overtaken.
    fn stray(&mut self, link: LaneId, packed: Packed, at: SimTime) -> SimTime {
        let found = &mut self.links[link.0 as usize];
        let Wear {
            duplicate,
            reorder,
            resend,
            ..
        } = found.wear;
        if found.held.take_if(|held| *held > at).is_some() {
            self.hits.overtaken.hit += 1;
        }
        let comes_twice = duplicate > 0 && found.stream.next_u64() < duplicate;
        let is_held = reorder > 0 && found.stream.next_u64() < reorder;
        let late = at.saturating_add(resend);
        if is_held {
            found.held = Some(late);
            self.hits.overtaken.all += 1;
        }
        if comes_twice {
            let again = found.arrival_of_copy(self.now);
            self.hits.doubled += packed.is_request();
            self.agenda.push(link, again, packed);
        }
        if is_held { late } else { at }
    }

    /// Something has nobody to receive it.
    pub(super) fn lose_action(&mut self, link: LaneId, action: Action) {
        match action {
            Action::Packet(wire) => self.lose(link, wire),
            Action::Parcel(number) => self.lose_parcel(link, number),
            Action::Closed | Action::Opened | Action::Timer { .. } | Action::Command(_) => {}
        }
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
        let mut lost: alloc::vec::Vec<Packed> = stranded;
        self.agenda.clear_lane(link, |_, action| lost.push(action));
        lost.into_iter()
            .for_each(|action| self.lose_action(link, action.into()));
    }
}
