//! The oracle: follows every message by ground truth and says what became of
//! it.
//!
//! An *obligation* is one message that one inlet has to handle: a queue that
//! took it, or a service that was called with it. Every obligation has a byte
//! of state ([`state`]); every fact moves some of them on; the counters are
//! what the states add up to at any moment, so a verdict can be taken back
//! when a late effect or a resend makes it untrue.

mod astray;
mod role;
mod segments;
mod state;
mod verdict;

pub use verdict::{Verdict, VerdictKind};

use crate::places::Places;
use crate::plan::Plan;
use crate::sources::Sources;
use alloc::rc::Rc;
use alloc::vec::Vec;
use astray::Astray;
use mqlab_kernel::SimTime;
use mqlab_model::{EFFECT, Fact, FactKind, MessageId, PlaceId, SourceId};
use role::{Role, role};
use segments::Segments;
use state::{BEGUN, DUPLICATED, ENDED, Hand, LOST, OWED, State, UNCONFIRMED_LOST};

/// The obligations of one inlet towards one source.
#[derive(Clone, Debug)]
struct Track {
    inlet: PlaceId,
    segments: Segments,
    /// The largest number that has taken effect.
    youngest_effect: Option<u64>,
}

/// What the obligations of one inlet add up to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct InletCounts {
    pub(crate) offered: u64,
    pub(crate) owed: u64,
    pub(crate) begun: u64,
    pub(crate) ended: u64,
    pub(crate) lost: u64,
    pub(crate) unconfirmed_lost: u64,
    pub(crate) duplicated: u64,
    pub(crate) redelivered: u64,
    pub(crate) delivered_again: u64,
    pub(crate) reordered: u64,
}

impl InletCounts {
    /// Offered, and nobody works on it yet.
    pub(crate) fn backlog(&self) -> u64 {
        self.offered.saturating_sub(self.begun)
    }

    /// Offered, and not over.
    pub(crate) fn in_system(&self) -> u64 {
        self.offered.saturating_sub(self.ended)
    }
}

/// Of one source: where its messages go.
#[derive(Clone, Copy, Debug)]
struct Origin {
    direct: Option<PlaceId>,
    /// The same for a load, which offers each message once: it is offered
    /// when the load says so. Of other sources a message is offered when it
    /// first gets somewhere, because a handler that is run again makes it
    /// again.
    offers: Option<PlaceId>,
    /// The track of `direct`.
    direct_track: u16,
    confirms: bool,
}

const NO_TRACK: u16 = u16::MAX;

/// Follows every message.
#[derive(Clone, Debug)]
pub(crate) struct Oracle {
    roles: Rc<[Role]>,
    origins: Vec<Origin>,
    /// Index of the track of a place and a source, place by place: under the
    /// inlet and under every place whose facts are about it.
    lookup: Vec<u16>,
    tracks: Vec<Track>,
    counts: Vec<InletCounts>,
    overloaded: u64,
    /// Messages that carry a key which takes them elsewhere.
    astray: Astray,
    first: [Option<Fact>; VerdictKind::ALL.len()],
}

impl Oracle {
    pub(crate) fn new(plan: &Plan, places: &Places, sources: &Sources) -> Self {
        let mut oracle = Oracle {
            roles: places.iter().map(|(id, _)| role(id, plan, places)).collect(),
            origins: sources
                .iter()
                .map(|(_, source)| Origin {
                    direct: source.direct,
                    offers: source.direct.filter(|_| source.parent.is_none()),
                    direct_track: NO_TRACK,
                    confirms: source.confirms,
                })
                .collect(),
            lookup: alloc::vec![NO_TRACK; places.len() * sources.len()],
            tracks: Vec::new(),
            counts: alloc::vec![InletCounts::default(); places.len()],
            overloaded: 0,
            astray: Astray::default(),
            first: [None; VerdictKind::ALL.len()],
        };
        for (id, source) in sources.iter() {
            if let Some(direct) = source.direct {
                let track = oracle.new_track(direct, id);
                oracle.origins[usize::from(id.0)].direct_track = track as u16;
            }
        }
        oracle
    }

    /// What the obligations of `inlet` add up to.
    #[inline]
    pub(crate) fn inlet(&self, inlet: PlaceId) -> &InletCounts {
        &self.counts[usize::from(inlet.0)]
    }

    /// The inlet whose obligations the facts of `place` are about.
    #[inline]
    pub(crate) fn inlet_of(&self, place: PlaceId) -> PlaceId {
        self.roles[usize::from(place.0)].inlet
    }

    /// Where all messages of `source` go, if that is one inlet.
    #[inline]
    pub(crate) fn direct(&self, source: SourceId) -> Option<PlaceId> {
        self.origins[usize::from(source.0)].direct
    }

    /// Where a source's messages are offered to, if it is a load.
    #[inline]
    pub(crate) fn offers(&self, source: SourceId) -> Option<PlaceId> {
        self.origins[usize::from(source.0)].offers
    }

    /// Takes note of a fact. Always inlined, like [`crate::recorder`]'s
    /// `record`, and for the same reason. What is seldom done with a fact gets
    /// its parts in registers: a call with the whole would force every fact
    /// into memory.
    #[inline(always)]
    pub(crate) fn see(&mut self, fact: Fact) {
        let place = fact.place;
        match fact.kind {
            FactKind::Offered if fact.value != 0 => self.go_astray(fact.message),
            FactKind::Offered => {
                if let Some(inlet) = self.offers(fact.message.source()) {
                    self.counts[usize::from(inlet.0)].offered += 1;
                }
            }
            FactKind::Enqueued => self.accept(fact),
            FactKind::Dispatched => {
                self.counts[usize::from(place.0)].redelivered += fact.value;
                self.update(fact, place, |state| state.with(Hand::Delivered));
            }
            FactKind::Received => self.receive(fact),
            FactKind::Started => self.update(fact, place, |state| state.with(Hand::Started)),
            FactKind::Written => self.write(fact),
            FactKind::Handled => self.finish(fact),
            FactKind::Settled | FactKind::Discarded | FactKind::Destroyed => self.update(fact, place, State::end),
            FactKind::Purged => self.update(fact, place, State::purge),
            FactKind::Requeued => self.update(fact, place, |state| state.with(Hand::Nobody)),
            FactKind::Failed | FactKind::Aborted => {
                let calls = self.role(place).calls;
                self.update(fact, place, |state| {
                    if calls {
                        state.refuse()
                    } else {
                        state.with(Hand::Nobody)
                    }
                });
            }
            FactKind::Confirmed | FactKind::Responded => self.tell(fact),
            FactKind::Refused => self.refuse(fact),
            FactKind::Dropped => self.drop_packet(fact),
            FactKind::Down if fact.value == 1 => {
                self.overloaded += 1;
                self.note(VerdictKind::Overloaded, fact.at, What::of(fact), fact.message);
            }
            _ => {}
        }
    }

    /// The sum of a counter over all inlets, or of the one given.
    pub(crate) fn sum(&self, inlet: Option<PlaceId>, pick: impl Fn(&InletCounts) -> u64) -> u64 {
        match inlet {
            Some(inlet) => pick(self.inlet(inlet)),
            None => self.counts.iter().map(pick).sum(),
        }
    }

    pub(crate) fn overloaded(&self) -> u64 {
        self.overloaded
    }

    /// The first fact that showed a verdict.
    pub(crate) fn first(&self, kind: VerdictKind) -> Option<Fact> {
        self.first[kind as usize]
    }

    #[inline(always)]
    fn role(&self, place: PlaceId) -> Role {
        self.roles[usize::from(place.0)]
    }

    #[inline(always)]
    fn lookup_index(&self, place: PlaceId, source: SourceId) -> usize {
        usize::from(place.0) * self.origins.len() + usize::from(source.0)
    }

    /// The track of what `place` has to do with messages of `source`.
    #[inline(always)]
    fn track(&mut self, place: PlaceId, source: SourceId) -> usize {
        match self.lookup[self.lookup_index(place, source)] {
            NO_TRACK => self.new_track(place, source),
            track => usize::from(track),
        }
    }

    #[cold]
    #[inline(never)]
    fn new_track(&mut self, place: PlaceId, source: SourceId) -> usize {
        let inlet = self.inlet_of(place);
        let track = self.tracks.len();
        let number = u16::try_from(track).expect("sources and places are limited");
        assert!(number != NO_TRACK, "sources and places are limited");
        for place in 0..self.roles.len() {
            if self.roles[place].inlet == inlet {
                let index = self.lookup_index(PlaceId(place as u16), source);
                self.lookup[index] = number;
            }
        }
        self.tracks.push(Track {
            inlet,
            segments: Segments::default(),
            youngest_effect: None,
        });
        track
    }

    /// A change of what `place` has to do with the message.
    #[inline(always)]
    fn update(&mut self, fact: Fact, place: PlaceId, change: impl FnOnce(State) -> State) {
        let track = self.track(place, fact.message.source());
        self.update_track(fact, track, change);
    }

    /// A change in a track; returns the state before it.
    #[inline(always)]
    fn update_track(&mut self, fact: Fact, track: usize, change: impl FnOnce(State) -> State) -> State {
        let Track { inlet, segments, .. } = &mut self.tracks[track];
        let (before, after) = segments.update(fact.message.number(), change);
        let (now, changed) = (after.class(), before.class() ^ after.class());
        if changed & (OWED | BEGUN | ENDED | VERDICTS) != 0 {
            let inlet = *inlet;
            let counts = &mut self.counts[usize::from(inlet.0)];
            if changed & OWED != 0 {
                step(&mut counts.owed, now & OWED != 0);
            }
            if changed & BEGUN != 0 {
                step(&mut counts.begun, now & BEGUN != 0);
            }
            if changed & ENDED != 0 {
                step(&mut counts.ended, now & ENDED != 0);
            }
            if changed & VERDICTS != 0 {
                self.judge(inlet, (changed, now), fact.at, What::of(fact), fact.message);
            }
        }
        before
    }

    /// A message has turned bad, or is bad no more.
    #[cold]
    #[inline(never)]
    fn judge(&mut self, inlet: PlaceId, (changed, now): (u8, u8), at: SimTime, what: What, message: MessageId) {
        let counts = &mut self.counts[usize::from(inlet.0)];
        let verdicts = [
            (LOST, VerdictKind::Lost, &mut counts.lost),
            (
                UNCONFIRMED_LOST,
                VerdictKind::UnconfirmedLost,
                &mut counts.unconfirmed_lost,
            ),
            (DUPLICATED, VerdictKind::Duplicated, &mut counts.duplicated),
        ];
        for (bit, kind, counter) in verdicts {
            if changed & bit != 0 {
                step(counter, now & bit != 0);
                if now & bit != 0 {
                    self.first[kind as usize].get_or_insert(what.fact(at, message));
                }
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn note(&mut self, verdict: VerdictKind, at: SimTime, what: What, message: MessageId) {
        self.first[verdict as usize].get_or_insert(what.fact(at, message));
    }

    /// A queue or a called service took it.
    #[inline(always)]
    fn accept(&mut self, fact: Fact) {
        let track = self.track(fact.place, fact.message.source());
        let before = self.update_track(fact, track, State::accept);
        self.offer_if_new(fact, fact.place, before);
    }

    /// Of a source that is no load, the first that is heard of a message.
    #[inline(always)]
    fn offer_if_new(&mut self, fact: Fact, inlet: PlaceId, before: State) {
        if before == State::default() && self.offers(fact.message.source()) != Some(inlet) {
            self.counts[usize::from(inlet.0)].offered += 1;
        }
    }

    #[inline(always)]
    fn receive(&mut self, fact: Fact) {
        if self.role(fact.place).calls {
            self.accept(fact);
        }
        let track = self.track(fact.place, fact.message.source());
        let before = self.update_track(fact, track, |state| state.receive().with(Hand::Delivered));
        if before.is_received() {
            self.receive_again(fact.at, What::of(fact), fact.message);
        }
    }

    #[cold]
    #[inline(never)]
    fn receive_again(&mut self, at: SimTime, what: What, message: MessageId) {
        let inlet = self.inlet_of(what.place);
        self.counts[usize::from(inlet.0)].delivered_again += 1;
        self.note(VerdictKind::DeliveredAgain, at, what, message);
    }

    #[inline(always)]
    fn write(&mut self, fact: Fact) {
        if fact.value & EFFECT != 0 {
            let writer = PlaceId((fact.value & (EFFECT - 1)) as u16);
            self.effect(fact, writer, State::take_effect);
        }
    }

    #[inline(always)]
    fn finish(&mut self, fact: Fact) {
        let Role { calls, writes, .. } = self.role(fact.place);
        let end = |state: State| {
            let state = state.with(Hand::Finished);
            if calls { state.end() } else { state }
        };
        if writes {
            self.update(fact, fact.place, end);
        } else {
            self.effect(fact, fact.place, |state| end(state.take_effect()));
        }
    }

    /// A change by which a message takes effect; watches the order of first
    /// effects.
    #[inline(always)]
    fn effect(&mut self, fact: Fact, place: PlaceId, change: impl FnOnce(State) -> State) {
        let track = self.track(place, fact.message.source());
        let before = self.update_track(fact, track, change);
        if before.effects() > 0 {
            return;
        }
        let number = fact.message.number();
        let Track {
            inlet, youngest_effect, ..
        } = &mut self.tracks[track];
        if youngest_effect.is_some_and(|youngest| youngest > number) {
            self.counts[usize::from(inlet.0)].reordered += 1;
            self.note(VerdictKind::Reordered, fact.at, What::of(fact), fact.message);
        } else {
            *youngest_effect = Some(number);
        }
    }

    /// The sender was told that it is safe: that holds for every queue that
    /// has taken it.
    #[inline(always)]
    fn tell(&mut self, fact: Fact) {
        let track = self.origins[usize::from(fact.message.source().0)].direct_track;
        if track == NO_TRACK {
            self.tell_all(fact.at, What::of(fact), fact.message);
        } else {
            self.update_track(fact, usize::from(track), State::tell);
        }
    }

    #[inline(never)]
    fn tell_all(&mut self, at: SimTime, what: What, message: MessageId) {
        let fact = what.fact(at, message);
        let source = fact.message.source();
        for index in 0..self.roles.len() {
            let place = PlaceId(index as u16);
            let track = self.lookup[self.lookup_index(place, source)];
            if track == NO_TRACK || self.inlet_of(place) != place {
                continue;
            }
            let state = self.tracks[usize::from(track)].segments.get(fact.message.number());
            if state.is_accepted() {
                self.update_track(fact, usize::from(track), State::tell);
            }
        }
    }

    /// A message does not go where all others of its source go: nobody there
    /// waits for it. From now on its source's confirms tell whoever has taken
    /// what they are about.
    #[cold]
    #[inline(never)]
    fn go_astray(&mut self, message: MessageId) {
        self.astray.add(message);
        self.origins[usize::from(message.source().0)].direct_track = NO_TRACK;
    }

    /// The sender was told that it was not taken. Where a queue has taken it
    /// all the same, the queue still owes its handling.
    fn refuse(&mut self, fact: Fact) {
        if let Some(direct) = self.direct(fact.message.source())
            && !self.astray.has(fact.message)
        {
            let track = self.track(direct, fact.message.source());
            let refuse = |state: State| if state.is_accepted() { state } else { state.refuse() };
            let before = self.update_track(fact, track, refuse);
            self.offer_if_new(fact, direct, before);
        }
    }

    /// A packet was lost with its receiver. A delivery is in nobody's hand
    /// any more; a published message that nobody will ask for again is gone.
    fn drop_packet(&mut self, fact: Fact) {
        let origin = self.origins[usize::from(fact.message.source().0)];
        if self.roles[usize::from(fact.place.0)].inlet == fact.place {
            self.update(fact, fact.place, |state| state.with(Hand::Nobody));
        } else if let (Some(direct), false) = (origin.direct, origin.confirms)
            && !self.astray.has(fact.message)
        {
            self.update(
                fact,
                direct,
                |state| {
                    if state.is_accepted() { state } else { state.vanish() }
                },
            );
        }
    }
}

/// A fact without its time and message, in two registers.
#[derive(Clone, Copy)]
struct What {
    place: PlaceId,
    kind: FactKind,
    value: u64,
}

impl What {
    #[inline(always)]
    fn of(fact: Fact) -> What {
        What {
            place: fact.place,
            kind: fact.kind,
            value: fact.value,
        }
    }

    fn fact(self, at: SimTime, message: MessageId) -> Fact {
        let What { place, kind, value } = self;
        Fact {
            at,
            place,
            kind,
            message,
            value,
        }
    }
}

/// One more or one less.
#[inline(always)]
fn step(counter: &mut u64, up: bool) {
    *counter = if up { *counter + 1 } else { *counter - 1 };
}

/// What the first fact of is kept.
const VERDICTS: u8 = LOST | UNCONFIRMED_LOST | DUPLICATED;

/// The identity that a fact about a node carries.
pub(crate) const ABOUT_A_NODE: MessageId = MessageId::NONE;
