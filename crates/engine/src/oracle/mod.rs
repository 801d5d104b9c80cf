//! The oracle: follows every message by ground truth and says what became of
//! it.
//!
//! An *obligation* is one message that one inlet has to handle: a queue that
//! took it, or a service that was called with it. Every obligation has a byte
//! of state ([`state`]); every fact moves some of them on; the counters are
//! what the states add up to at any moment, so a verdict can be taken back
//! when a late effect or a resend makes it untrue.

mod astray;
mod change;
mod copies;
mod expected;
mod few;
mod good;
mod pages;
mod peak;
mod role;
mod segments;
mod state;
mod taken;
mod told;
mod verdict;

pub(crate) use expected::TableTruth;
pub(crate) use pages::Mark;
pub use verdict::{Verdict, VerdictKind};

use crate::places::Places;
use crate::plan::Plan;
use crate::sources::Sources;
use crate::things::Things;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;
use astray::Astray;
use copies::Copies;
use expected::Expected;
use mqlab_kernel::{SimTime, SortedMap};
use mqlab_model::{Death, Deletion, EFFECT, FOR_GOOD, Fact, FactKind, MessageId, PlaceId, SourceId};
use pages::{PageId, Pages};
use role::{Role, handlers, role};
use segments::{Segments, Step};
use state::{BEGUN, Change, DUPLICATED, ENDED, LOST, OWED, QUIET, State, UNCONFIRMED_LOST};
use taken::{Taken, WORTH_IT};
use told::Told;

/// The obligations of one inlet towards one source.
#[derive(Clone, Debug)]
struct Track {
    inlet: PlaceId,
    segments: Segments,
    /// One more than the largest number that has taken effect. Of messages
    /// that are about things it is never passed: see `by_thing`.
    next_effect: u64,
    /// One more than the largest number that was handed out.
    next_dispatch: u64,
    /// The same for each thing, if the messages are about things.
    by_thing: Option<SortedMap<u64, u64>>,
}

/// What the obligations of one inlet add up to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct InletCounts {
    pub(crate) offered: u64,
    pub(crate) ended: u64,
    pub(crate) owed: u64,
    pub(crate) begun: u64,
    /// The largest backlog at the end of an instant so far, and the first at which it was so large.
    pub(crate) peak: (u64, SimTime),
    /// The backlog has been larger in the present instant.
    rises: bool,
    pub(crate) lost: u64,
    pub(crate) unconfirmed_lost: u64,
    pub(crate) duplicated: u64,
    pub(crate) redelivered: u64,
    pub(crate) delivered_again: u64,
    pub(crate) reordered: u64,
    pub(crate) phantom: u64,
    pub(crate) skipped: u64,
    pub(crate) non_monotonic: u64,
    pub(crate) over_delivered: u64,
    /// A log has deleted it, and nobody had read it.
    pub(crate) unread: u64,
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

/// A place as facts find it.
#[derive(Clone, Copy, Debug)]
struct Account {
    role: Role,
    /// The source of the last fact here and its track: mostly it is the only
    /// one that there is.
    source: SourceId,
    track: u16,
}

/// Of one source: where its messages go.
#[derive(Clone, Debug)]
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
    /// Its sender takes a message to be safe as soon as it is sent: who takes it
    /// takes what is told safe already, and what is lost on its way there is lost.
    trusts: bool,
    /// Every track of its messages.
    tracks: Vec<u16>,
    /// The pages of these tracks on which its last confirmed message may be.
    takers: Takers,
    /// Who has taken its messages, if there may be very many.
    taken: Option<Box<Taken>>,
}

/// Where the queues that may have taken a message keep notes about it.
#[derive(Clone, Debug, Default)]
struct Takers {
    /// Which messages.
    row: u64,
    /// As of so many changes of pages; none at 0.
    changes: u32,
    pages: Vec<PageId>,
}

const NO_TRACK: u16 = u16::MAX;
/// No plan has that many sources.
const NO_SOURCE: SourceId = SourceId(u16::MAX);

/// Follows every message.
#[derive(Clone, Debug)]
pub(crate) struct Oracle {
    accounts: Vec<Account>,
    origins: Vec<Origin>,
    /// Index of the track of a place and a source, place by place: under the
    /// inlet and under every place whose facts are about it.
    lookup: Vec<u16>,
    /// Every place with the inlet that its facts are about, inlet by inlet.
    under: Rc<[(PlaceId, PlaceId)]>,
    /// By inlet: the subscriptions and calls whose handlers owe to it.
    handlers: Rc<[Vec<PlaceId>]>,
    tracks: Vec<Track>,
    pages: Pages,
    counts: Vec<InletCounts>,
    /// The inlets whose backlog may come to a new peak in this instant.
    risen: Vec<PlaceId>,
    overloaded: u64,
    /// Messages that are in a queue more than once.
    copies: Copies,
    /// Messages that carry a key which takes them elsewhere.
    astray: Astray,
    /// Of how many sources such messages are.
    stray_sources: u64,
    /// Somebody waits for an inlet to be empty.
    is_watched: bool,
    first: [Option<Fact>; VerdictKind::ALL.len()],
    /// Which rows should be there.
    expected: Expected,
    /// Which rows consumers are told of.
    told: Told,
    /// Of each table, rows whose time was over too early.
    expired: SortedMap<PlaceId, u64>,
    /// What messages are about.
    things: Things,
}

impl Oracle {
    pub(crate) fn new(plan: &Plan, places: &Places, sources: &Sources) -> Self {
        let expected = Expected::new(plan, sources);
        let inlets = places.iter().filter(|(_, place)| place.kind.is_inlet());
        let is_wide = inlets.count() > WORTH_IT;
        let mut oracle = Oracle {
            accounts: places
                .iter()
                .map(|(id, _)| Account {
                    role: role(id, plan, places),
                    source: NO_SOURCE,
                    track: NO_TRACK,
                })
                .collect(),
            origins: sources
                .iter()
                .map(|(_, source)| Origin {
                    direct: source.direct,
                    offers: source.direct.filter(|_| source.parent.is_none()),
                    direct_track: NO_TRACK,
                    confirms: source.confirms,
                    trusts: source.trusts,
                    tracks: Vec::new(),
                    takers: Takers::default(),
                    taken: (source.direct.is_none() && source.confirms && is_wide).then(Box::default),
                })
                .collect(),
            lookup: alloc::vec![NO_TRACK; places.len() * sources.len()],
            under: Rc::default(),
            handlers: handlers(plan, places),
            tracks: Vec::new(),
            pages: Pages::default(),
            counts: alloc::vec![InletCounts::default(); places.len()],
            risen: Vec::new(),
            overloaded: 0,
            copies: Copies::default(),
            astray: Astray::default(),
            stray_sources: 0,
            is_watched: !plan.watches.is_empty(),
            first: [None; VerdictKind::ALL.len()],
            expected,
            told: Told::new(plan, places),
            expired: SortedMap::new(),
            things: Things::of(plan, sources),
        };
        let inlet = |(id, _)| (oracle.inlet_of(id), id);
        let mut under: Vec<(PlaceId, PlaceId)> = places.iter().map(inlet).collect();
        mqlab_kernel::sort_by_key(&mut under, |one| *one);
        oracle.under = under.into();
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
        self.role(place).inlet
    }

    /// The subscriptions and calls whose handlers owe to `inlet`.
    pub(crate) fn handlers(&self, inlet: PlaceId) -> &[PlaceId] {
        &self.handlers[usize::from(inlet.0)]
    }

    /// Where a source's messages are offered to, if it is a load.
    #[inline]
    pub(crate) fn offers(&self, source: SourceId) -> Option<PlaceId> {
        self.origins[usize::from(source.0)].offers
    }

    /// Takes note of a fact; returns the inlet that it has left empty. What
    /// happens in a good life goes a shorter way, see [`Oracle::see_good`].
    pub(crate) fn see(&mut self, fact: Fact) -> Option<PlaceId> {
        let place = fact.place;
        if self.watches_rows() {
            self.expected.see(fact);
            self.see_told(fact);
        }
        match fact.kind {
            FactKind::Offered if fact.value != 0 => self.go_astray(fact.message),
            FactKind::Offered => {
                if let Some(inlet) = self.offers(fact.message.source()) {
                    self.offer(inlet);
                }
                None
            }
            FactKind::Enqueued => self.enqueue(fact),
            FactKind::Dispatched => {
                if fact.value != 0 {
                    self.counts[usize::from(place.0)].redelivered += fact.value;
                }
                self.dispatch(fact)
            }
            FactKind::Received => self.receive(fact),
            FactKind::Started => self.update(fact, place, &change::START),
            FactKind::Written | FactKind::Replaced => self.write(fact, &change::TAKE_EFFECT),
            FactKind::Repeated | FactKind::Known => self.write(fact, &change::HAS_EFFECT),
            FactKind::Handled => self.finish(fact),
            FactKind::Settled if fact.value != 0 => self.settle_within(fact),
            FactKind::Settled | FactKind::Discarded | FactKind::Destroyed => self.end(fact, &change::END),
            // What a queue gives up because it was told to is no loss. What it
            // hands on, other queues owe.
            FactKind::Expired if self.role(place).is_log => self.delete_from_log(fact),
            FactKind::Purged | FactKind::DeadLettered | FactKind::Expired | FactKind::Evicted => {
                self.end(fact, &change::PURGE)
            }
            FactKind::PassedOver => {
                self.pass_over(fact);
                self.end(fact, &change::DELETE)
            }
            FactKind::Voided => self.end(fact, &change::DELETE),
            FactKind::Requeued => self.update(fact, place, &change::LET_GO),
            FactKind::Deleted if fact.value == Deletion::Expired.value() => self.expire(fact),
            FactKind::Failed | FactKind::Aborted => {
                let is_call = self.role(place).calls;
                if fact.kind == FactKind::Aborted && !is_call {
                    self.skip(fact, place);
                }
                self.update(fact, place, if is_call { &change::REFUSE } else { &change::LET_GO })
            }
            FactKind::Confirmed | FactKind::Responded => self.tell(fact),
            FactKind::Refused => self.refuse(fact),
            FactKind::Dropped => self.drop_packet(fact),
            FactKind::Forgotten => self.forget(fact),
            FactKind::Down if fact.value == Death::Overload.value() => {
                self.overloaded += 1;
                self.note(VerdictKind::Overloaded, fact.at, What::of(fact), fact.message);
                None
            }
            _ => None,
        }
    }

    /// Whether any table expects rows, or any consumer: then every fact has to
    /// come by [`Oracle::see`].
    pub(crate) fn watches_rows(&self) -> bool {
        !self.expected.is_empty() || !self.told.is_empty()
    }

    /// What is known of the rows that a table should have.
    pub(crate) fn truth(&self, table: PlaceId) -> Option<&TableTruth> {
        self.expected.of(table)
    }

    /// Of how many business ids it is known which rows there should be.
    pub(crate) fn ids_kept(&self) -> u64 {
        self.expected.ids_kept()
    }

    /// How many business ids have too many or too few rows, over all tables.
    pub(crate) fn inconsistent(&self) -> u64 {
        self.expected.inconsistent()
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
        match kind {
            VerdictKind::Inconsistent => self.expected.first(),
            VerdictKind::StaleRead => self.expected.first_stale(),
            _ => self.first[kind as usize],
        }
    }

    #[inline(always)]
    fn role(&self, place: PlaceId) -> Role {
        self.accounts[usize::from(place.0)].role
    }

    #[inline(always)]
    fn lookup_index(&self, place: PlaceId, source: SourceId) -> usize {
        usize::from(place.0) * self.origins.len() + usize::from(source.0)
    }

    /// The track of what `place` has to do with messages of `source`.
    fn track(&mut self, place: PlaceId, source: SourceId) -> usize {
        let account = &self.accounts[usize::from(place.0)];
        if account.source == source {
            return usize::from(account.track);
        }
        self.find_track(place, source)
    }

    fn find_track(&mut self, place: PlaceId, source: SourceId) -> usize {
        let track = match self.lookup[self.lookup_index(place, source)] {
            NO_TRACK => self.new_track(place, source),
            track => track,
        };
        let account = &mut self.accounts[usize::from(place.0)];
        (account.source, account.track) = (source, track);
        usize::from(track)
    }

    #[cold]
    #[inline(never)]
    fn new_track(&mut self, place: PlaceId, source: SourceId) -> u16 {
        let inlet = self.inlet_of(place);
        let track = u16::try_from(self.tracks.len()).expect("sources and places are limited");
        assert!(track != NO_TRACK, "sources and places are limited");
        let under = Rc::clone(&self.under);
        let first = under.partition_point(|(one, _)| *one < inlet);
        for (_, place) in under[first..].iter().take_while(|(one, _)| *one == inlet) {
            let index = self.lookup_index(*place, source);
            self.lookup[index] = track;
        }
        self.origins[usize::from(source.0)].tracks.push(track);
        let is_about = self.things.number(MessageId::new(source, 0)).is_some();
        self.tracks.push(Track {
            inlet,
            segments: Segments::default(),
            next_dispatch: 0,
            next_effect: if is_about { u64::MAX } else { 0 },
            by_thing: is_about.then(SortedMap::new),
        });
        track
    }

    /// Whether a place is where a service handles what nobody sent it: the rows
    /// of a table that it looks through.
    fn owes_nothing(&self, place: PlaceId) -> bool {
        self.role(place).inlet == role::NO_INLET
    }

    /// A change of what `place` has to do with the message.
    fn update(&mut self, fact: Fact, place: PlaceId, change: &Change) -> Option<PlaceId> {
        if self.owes_nothing(place) {
            return None;
        }
        let track = self.track(place, fact.message.source());
        self.update_track(fact, track, change).1
    }

    /// A change in a track; returns the state before it, and the inlet if it is
    /// empty now.
    fn update_track(&mut self, fact: Fact, track: usize, change: &Change) -> (State, Option<PlaceId>) {
        let Track { inlet, segments, .. } = &mut self.tracks[track];
        let owner = (track as u16, *inlet);
        let step = segments.update(&mut self.pages, owner, fact.message.number(), change);
        (step.before, self.count(fact, track, step))
    }

    fn count(&mut self, fact: Fact, track: usize, step: Step) -> Option<PlaceId> {
        let Track { inlet, segments, .. } = &mut self.tracks[track];
        let (inlet, now, changed) = (*inlet, step.after.class(), step.changed);
        if changed & QUIET != 0 {
            segments.count_quiet(&mut self.pages, fact.message.number(), now & QUIET != 0);
        }
        let counts = &mut self.counts[usize::from(inlet.0)];
        if changed & OWED != 0 {
            count(&mut counts.owed, now & OWED != 0);
        }
        if changed & BEGUN != 0 {
            count(&mut counts.begun, now & BEGUN != 0);
            if counts.is_above_peak() {
                counts.rise(inlet, &mut self.risen);
            }
        }
        if changed & ENDED != 0 {
            count(&mut counts.ended, now & ENDED != 0);
        }
        let is_empty = changed & ENDED != 0 && counts.in_system() == 0;
        if changed & VERDICTS != 0 {
            self.judge(inlet, (changed, now), fact.at, What::of(fact), fact.message);
        }
        is_empty.then_some(inlet)
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
                count(counter, now & bit != 0);
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
    fn accept(&mut self, fact: Fact) -> Option<PlaceId> {
        let track = self.track(fact.place, fact.message.source());
        self.note_taken(fact.message, track as u16);
        let (before, emptied) = self.update_track(fact, track, &change::ACCEPT);
        self.offer_if_new(fact, fact.place, before);
        self.trust(fact, track);
        emptied
    }

    /// What is safe as soon as it is sent was told safe before anybody had it.
    fn trust(&mut self, fact: Fact, track: usize) {
        if self.origins[usize::from(fact.message.source().0)].trusts {
            self.update_track(fact, track, &change::TELL);
        }
    }

    /// One more has taken a message.
    #[inline(always)]
    fn note_taken(&mut self, message: MessageId, track: u16) {
        if let Some(taken) = &mut self.origins[usize::from(message.source().0)].taken {
            taken.take(message.number(), track);
        }
    }

    /// Of a source that is no load, the first that is heard of a message.
    fn offer_if_new(&mut self, fact: Fact, inlet: PlaceId, before: State) {
        if before == State::default() && self.offers(fact.message.source()) != Some(inlet) {
            self.offer(inlet);
        }
    }

    fn receive(&mut self, fact: Fact) -> Option<PlaceId> {
        if self.owes_nothing(fact.place) {
            return None;
        }
        if self.role(fact.place).calls {
            self.accept(fact);
        }
        let track = self.track(fact.place, fact.message.source());
        let (before, emptied) = self.update_track(fact, track, &change::RECEIVE);
        if before.is_received() {
            self.receive_again(fact.at, What::of(fact), fact.message);
        }
        emptied
    }

    #[cold]
    #[inline(never)]
    fn receive_again(&mut self, at: SimTime, what: What, message: MessageId) {
        let inlet = self.inlet_of(what.place);
        self.counts[usize::from(inlet.0)].delivered_again += 1;
        self.note(VerdictKind::DeliveredAgain, at, what, message);
    }

    fn write(&mut self, fact: Fact, change: &Change) -> Option<PlaceId> {
        if fact.value & EFFECT == 0 {
            return None;
        }
        let writer = PlaceId((fact.value & (EFFECT - 1)) as u16);
        self.effect(fact, writer, change)
    }

    fn finish(&mut self, fact: Fact) -> Option<PlaceId> {
        let Role { writes, finish, .. } = self.role(fact.place);
        if writes {
            self.update(fact, fact.place, finish)
        } else {
            self.effect(fact, fact.place, finish)
        }
    }

    /// A change by which a message takes effect; watches the order of first
    /// effects.
    fn effect(&mut self, fact: Fact, place: PlaceId, change: &Change) -> Option<PlaceId> {
        if self.owes_nothing(place) {
            return None;
        }
        let track = self.track(place, fact.message.source());
        let (before, emptied) = self.update_track(fact, track, change);
        if before.effects() > 0 {
            return emptied;
        }
        let number = fact.message.number();
        let Track {
            inlet,
            next_effect,
            by_thing,
            ..
        } = &mut self.tracks[track];
        let next_effect = match (by_thing, self.things.number(fact.message)) {
            (Some(by_thing), Some((thing, _))) => by_thing.get_or_default(thing),
            _ => next_effect,
        };
        if number < *next_effect {
            self.counts[usize::from(inlet.0)].reordered += 1;
            self.note(VerdictKind::Reordered, fact.at, What::of(fact), fact.message);
        } else {
            *next_effect = number + 1;
        }
        emptied
    }

    /// The sender was told that it is safe: that holds for every queue that
    /// has taken it.
    fn tell(&mut self, fact: Fact) -> Option<PlaceId> {
        let track = self.origins[usize::from(fact.message.source().0)].direct_track;
        if track == NO_TRACK {
            self.tell_all(fact.at, What::of(fact), fact.message);
        } else {
            self.update_track(fact, usize::from(track), &change::TELL);
        }
        // Whether its sender knows ends nothing.
        None
    }

    #[inline(never)]
    fn tell_all(&mut self, at: SimTime, what: What, message: MessageId) {
        let fact = what.fact(at, message);
        let source = usize::from(message.source().0);
        let taken = self.origins[source].taken.as_mut();
        if let Some(mut tracks) = taken
            .and_then(|taken| taken.tell(message.number()))
            .map(Iterator::collect::<Vec<u16>>)
        {
            // In the order in which all would be asked.
            tracks.reverse();
            for track in tracks {
                self.update_track(fact, usize::from(track), &change::TELL);
            }
            return;
        }
        for index in 0..self.origins[source].tracks.len() {
            let track = usize::from(self.origins[source].tracks[index]);
            // Most queues have not taken it, and their notes stay untouched.
            let state = self.tracks[track].segments.get(&self.pages, message.number());
            if state.is_accepted() {
                self.update_track(fact, track, &change::TELL);
            }
        }
    }

    /// A message does not go where all others of its source go: nobody there
    /// waits for it. From now on its source's confirms tell whoever has taken
    /// what they are about.
    #[cold]
    #[inline(never)]
    fn go_astray(&mut self, message: MessageId) -> Option<PlaceId> {
        self.astray.add(message);
        let track = &mut self.origins[usize::from(message.source().0)].direct_track;
        self.stray_sources += u64::from(*track != NO_TRACK);
        *track = NO_TRACK;
        None
    }

    /// The sender was told that it was not taken. Where a queue has taken it
    /// all the same, the queue still owes its handling.
    fn refuse(&mut self, fact: Fact) -> Option<PlaceId> {
        let direct = self.origins[usize::from(fact.message.source().0)].direct?;
        if self.astray.has(fact.message) {
            return None;
        }
        let track = self.track(direct, fact.message.source());
        let (before, emptied) = self.update_track(fact, track, &change::REFUSE_SENDER);
        self.offer_if_new(fact, direct, before);
        emptied.filter(|inlet| self.counts[usize::from(inlet.0)].in_system() == 0)
    }

    /// Its sender died before it had sent it: nobody will ask for it again.
    fn forget(&mut self, fact: Fact) -> Option<PlaceId> {
        let direct = self.origins[usize::from(fact.message.source().0)].direct?;
        self.update(fact, direct, &change::VANISH)
    }

    /// A packet was lost with its receiver. A delivery is in nobody's hand
    /// any more; a published message that nobody will ask for again is gone.
    fn drop_packet(&mut self, fact: Fact) -> Option<PlaceId> {
        let origin = &self.origins[usize::from(fact.message.source().0)];
        let (direct, confirms) = (origin.direct, origin.confirms);
        if fact.value == FOR_GOOD {
            let track = self.track(fact.place, fact.message.source());
            let (before, emptied) = self.update_track(fact, track, &change::VANISH);
            self.offer_if_new(fact, fact.place, before);
            self.trust(fact, track);
            emptied
        } else if self.role(fact.place).inlet == fact.place {
            self.skip(fact, fact.place);
            self.update(fact, fact.place, &change::LET_GO)
        } else if let (Some(direct), false) = (direct, confirms)
            && !self.astray.has(fact.message)
        {
            self.update(fact, direct, &change::VANISH)
        } else {
            None
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
fn count(counter: &mut u64, up: bool) {
    *counter = if up { *counter + 1 } else { *counter - 1 };
}

/// What the first fact of is kept.
const VERDICTS: u8 = LOST | UNCONFIRMED_LOST | DUPLICATED;

/// The identity that a fact about a node carries.
pub(crate) const ABOUT_A_NODE: MessageId = MessageId::NONE;
