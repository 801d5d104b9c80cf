//! What consumers are told of before it is there, what copies of tables say
//! that is not so, and what is over too early: verdicts about messages and
//! rows together. None of them is on the way of a good life.

use super::{Oracle, VerdictKind, What};
use crate::oracle::state::Hand;
use crate::places::{PlaceKind, Places};
use crate::plan::{NodeKind, Plan};
use mqlab_kernel::{SortedMap, SortedSet};
use mqlab_model::{Fact, FactKind, MessageId, PlaceId};

/// Tables that messages tell of.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// By subscription, the table that its messages tell of.
    consumers: SortedMap<PlaceId, PlaceId>,
    tables: SortedSet<PlaceId>,
    /// How many rows of a business id there are, by table and id.
    rows: SortedMap<(PlaceId, u64), u32>,
}

impl Told {
    pub(super) fn new(plan: &Plan, places: &Places) -> Self {
        let mut told = Told::default();
        for (id, place) in places.iter() {
            if place.kind == PlaceKind::Subscription
                && let NodeKind::Service(service) = &plan.nodes[usize::from(place.node.0)].kind
                && let Some(table) = service.consume.as_ref().and_then(|consume| consume.expects)
            {
                told.consumers.insert(id, PlaceId(table.0));
                told.tables.insert(PlaceId(table.0));
            }
        }
        told
    }

    pub(super) fn is_empty(&self) -> bool {
        self.consumers.is_empty()
    }

    /// Whether a consumer is told of what is not there.
    fn is_early(&self, subscription: PlaceId, id: u64) -> bool {
        let table = self.consumers.get(&subscription);
        table.is_some_and(|table| !self.rows.contains_key(&(*table, id)))
    }

    fn write(&mut self, table: PlaceId, id: u64) {
        if self.tables.contains(&table) {
            *self.rows.get_or_insert_with((table, id), || 0) += 1;
        }
    }

    fn delete(&mut self, table: PlaceId, id: u64) {
        if let Some(rows) = self.rows.get_mut(&(table, id)) {
            *rows -= 1;
            if *rows == 0 {
                self.rows.remove(&(table, id));
            }
        }
    }
}

impl Oracle {
    /// Takes note of a fact about a row that somebody is told of, or of that.
    pub(super) fn see_told(&mut self, fact: Fact) {
        if self.told.is_empty() {
            return;
        }
        match fact.kind {
            FactKind::Written | FactKind::Replaced => self.told.write(fact.place, self.expected.id(fact.message)),
            FactKind::Deleted => self.told.delete(fact.place, self.expected.id(fact.message)),
            FactKind::Received if self.told.is_early(fact.place, self.expected.id(fact.message)) => {
                let inlet = self.inlet_of(fact.place);
                self.counts[usize::from(inlet.0)].over_delivered += 1;
                self.note(VerdictKind::OverDelivered, fact.at, What::of(fact), fact.message);
            }
            _ => {}
        }
    }

    /// A delivery is in nobody's hand any more. If the queue is rid of it and
    /// no worker has begun, nobody will.
    pub(super) fn skip(&mut self, fact: Fact, place: PlaceId) {
        if self.owes_nothing(place) {
            return;
        }
        let track = self.track(place, fact.message.source());
        let state = self.tracks[track].segments.get(&self.pages, fact.message.number());
        let is_unbegun = state.hand() == Hand::Delivered as u8;
        if state.is_gone() && is_unbegun && state.effects() == 0 {
            let inlet = self.tracks[track].inlet;
            self.counts[usize::from(inlet.0)].skipped += 1;
            self.note(VerdictKind::Skipped, fact.at, What::of(fact), fact.message);
        }
    }

    /// What becomes of a message that is owed here if its last copy goes: `true`
    /// if it is lost then, `false` if it has had its effect. `None` if it is not
    /// owed any more, if somebody works on it, or if its sender was not told.
    pub(crate) fn would_be_lost(&self, inlet: PlaceId, message: MessageId) -> Option<bool> {
        let track = self.lookup[self.lookup_index(inlet, message.source())];
        let track = self.tracks.get(usize::from(track))?;
        let state = track.segments.get(&self.pages, message.number());
        let is_idle = state.hand() == Hand::Nobody as u8 || state.hand() == Hand::Finished as u8;
        let is_owed = state.is_accepted() && !state.is_gone() && is_idle;
        match (is_owed, state.effects() > 0) {
            (false, _) => None,
            (true, true) => Some(false),
            (true, false) => state.is_told().then_some(true),
        }
    }

    /// A group reads on elsewhere: if nobody in it was given the message, nobody
    /// will be.
    pub(super) fn pass_over(&mut self, fact: Fact) {
        let track = self.track(fact.place, fact.message.source());
        let state = self.tracks[track].segments.get(&self.pages, fact.message.number());
        if !state.is_gone() && !state.is_received() && state.effects() == 0 {
            let inlet = self.tracks[track].inlet;
            self.counts[usize::from(inlet.0)].skipped += 1;
            self.note(VerdictKind::Skipped, fact.at, What::of(fact), fact.message);
        }
    }

    /// A row's time is over. That is early if a queue still has the message
    /// that it was written for.
    pub(super) fn expire(&mut self, fact: Fact) -> Option<PlaceId> {
        let tracks = &self.origins[usize::from(fact.message.source().0)].tracks;
        let is_open = tracks.iter().any(|track| {
            let segments = &self.tracks[usize::from(*track)].segments;
            let state = segments.get(&self.pages, fact.message.number());
            state.is_accepted() && !state.is_gone()
        });
        if is_open {
            *self.expired.get_or_insert_with(fact.place, || 0) += 1;
            self.note(VerdictKind::Expired, fact.at, What::of(fact), fact.message);
        }
        None
    }

    /// How many rows were over too early: of all tables, or of one.
    pub(crate) fn expired(&self, table: Option<PlaceId>) -> u64 {
        match table {
            Some(table) => self.expired.get(&table).copied().unwrap_or(0),
            None => self.expired.values().sum(),
        }
    }

    /// How many look-ups in copies did not say what is so: in all of them, or
    /// in one.
    pub(crate) fn stale_reads(&self, table: Option<PlaceId>) -> u64 {
        self.expected.stale_reads(table)
    }
}
