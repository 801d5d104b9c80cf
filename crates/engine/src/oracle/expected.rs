//! Rows that should be there against rows that are.
//!
//! A table may say what its rows are there for: the messages of a load whose
//! sender was told that they are safe, or the rows of another table. Then of
//! every business id that is wanted there should be one row, and of no other
//! any. What changes its mind within one instant, as a transaction over two
//! tables does, was never wrong.

use crate::plan::{Expects, NodeKind, Plan};
use crate::sources::Sources;
use alloc::vec::Vec;
use mqlab_kernel::{SimTime, SortedMap};
use mqlab_model::{Fact, FactKind, MessageId, PlaceId, SourceId};

/// Of one business id: the rows of it, and why there should be one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Known {
    rows: u32,
    /// Rows of the table that this one follows, or 1 if its sender was told.
    reasons: u32,
}

impl Known {
    /// Rows that are missing, and rows too many.
    fn wrong(self, any_is_fine: bool) -> (u64, u64) {
        let allowed = u32::from(self.reasons > 0 || any_is_fine);
        let missing = u64::from(self.reasons > 0 && self.rows == 0);
        (missing, u64::from(self.rows.saturating_sub(allowed)))
    }
}

/// What is known of a table that expects rows.
#[derive(Clone, Debug)]
pub(crate) struct TableTruth {
    table: PlaceId,
    expects: Expects,
    ids: SortedMap<u64, Known>,
    /// Business ids of which there should be a row.
    pub(crate) expected: u64,
    /// Of how many of these there is none.
    pub(crate) missing: u64,
    /// Rows above the one of a business id, or of ids that should have none.
    pub(crate) extra: u64,
    /// Business ids with either.
    pub(crate) inconsistent: u64,
    /// What made the table wrong as it is now.
    since: Option<Fact>,
    /// What first made it wrong for longer than an instant.
    raised: Option<Fact>,
    last_cleared: Option<SimTime>,
    /// Look-ups that did not say what is so, and the first of them.
    stale_reads: u64,
    first_stale: Option<Fact>,
}

impl TableTruth {
    /// When the table was first wrong at the end of an instant.
    pub(crate) fn raised_at(&self) -> Option<SimTime> {
        self.raised.or(self.since).map(|fact| fact.at)
    }

    /// Since when it is right again; `None` if it is wrong, or never was.
    pub(crate) fn cleared_at(&self) -> Option<SimTime> {
        self.last_cleared.filter(|_| self.since.is_none())
    }

    /// Something has changed of a business id.
    fn change(&mut self, id: u64, fact: Fact, change: impl Fn(&mut Known)) {
        let any_is_fine = matches!(self.expects, Expects::Load(_));
        let known = self.ids.get_or_default(id);
        let before = *known;
        change(known);
        let after = *known;
        if after == Known::default() {
            self.ids.remove(&id);
        }
        let (wrong, now) = (before.wrong(any_is_fine), after.wrong(any_is_fine));
        self.expected = self.expected + u64::from(after.reasons > 0) - u64::from(before.reasons > 0);
        self.missing = self.missing + now.0 - wrong.0;
        self.extra = self.extra + now.1 - wrong.1;
        let is_wrong = |(missing, extra): (u64, u64)| u64::from(missing + extra > 0);
        self.inconsistent = self.inconsistent + is_wrong(now) - is_wrong(wrong);
        match (self.since, self.inconsistent) {
            (None, 1..) => self.since = Some(fact),
            (Some(since), 0) => {
                self.since = None;
                // What was wrong for no time was not.
                if since.at < fact.at {
                    self.raised.get_or_insert(since);
                    self.last_cleared = Some(fact.at);
                }
            }
            _ => {}
        }
    }
}

/// Every table that expects rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Expected {
    tables: Vec<TableTruth>,
    /// By source, the source that its messages were made from at last.
    roots: Vec<SourceId>,
    /// What each load is the source of.
    loads: Vec<(PlaceId, SourceId)>,
}

impl Expected {
    pub(super) fn new(plan: &Plan, sources: &Sources) -> Self {
        let mut tables = Vec::new();
        for (index, node) in plan.nodes.iter().enumerate() {
            if let NodeKind::Table(table) = &node.kind
                && let Some(expects) = table.expects
            {
                tables.push(TableTruth {
                    table: PlaceId(index as u16),
                    expects,
                    ids: SortedMap::new(),
                    expected: 0,
                    missing: 0,
                    extra: 0,
                    inconsistent: 0,
                    since: None,
                    raised: None,
                    last_cleared: None,
                    stale_reads: 0,
                    first_stale: None,
                });
            }
        }
        let loads = sources.iter().filter(|(_, source)| source.parent.is_none());
        Expected {
            tables,
            roots: (0..sources.len() as u16).map(|id| sources.root(SourceId(id))).collect(),
            loads: loads.map(|(id, source)| (PlaceId(source.node.0), id)).collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    pub(super) fn of(&self, table: PlaceId) -> Option<&TableTruth> {
        self.tables.iter().find(|truth| truth.table == table)
    }

    pub(super) fn inconsistent(&self) -> u64 {
        self.tables.iter().map(|truth| truth.inconsistent).sum()
    }

    /// Of how many business ids something is known, over all tables.
    pub(super) fn ids_kept(&self) -> u64 {
        self.tables.iter().map(|truth| truth.ids.len() as u64).sum()
    }

    /// Takes note of a fact.
    pub(super) fn see(&mut self, fact: Fact) {
        match fact.kind {
            FactKind::Written => self.row(fact, 1),
            FactKind::Deleted => self.row(fact, -1),
            FactKind::Confirmed | FactKind::Responded => self.told(fact),
            FactKind::Known | FactKind::Absent => self.read(fact),
            _ => {}
        }
    }

    /// The fact that first made a table wrong as it is now; if all are right,
    /// that first did at all.
    pub(super) fn first(&self) -> Option<Fact> {
        let earliest = |pick: fn(&TableTruth) -> Option<Fact>| self.tables.iter().filter_map(pick).min_by_key(|f| f.at);
        earliest(|truth| truth.since).or_else(|| earliest(|truth| truth.raised))
    }

    /// The first look-up that did not say what is so.
    pub(super) fn first_stale(&self) -> Option<Fact> {
        let firsts = self.tables.iter().filter_map(|truth| truth.first_stale);
        firsts.min_by_key(|fact| fact.at)
    }

    pub(super) fn stale_reads(&self, table: Option<PlaceId>) -> u64 {
        let asked = |truth: &&TableTruth| table.is_none_or(|table| table == truth.table);
        self.tables.iter().filter(asked).map(|truth| truth.stale_reads).sum()
    }

    /// Somebody looks up whether there is a row. Of a copy that is stale if it
    /// is otherwise where it was copied from.
    fn read(&mut self, fact: Fact) {
        let id = self.id(fact.message);
        let is_copy = |truth: &&mut TableTruth| truth.table == fact.place && matches!(truth.expects, Expects::Table(_));
        for truth in self.tables.iter_mut().filter(is_copy) {
            let known = truth.ids.get(&id).copied().unwrap_or_default();
            if (known.reasons > 0) != (fact.kind == FactKind::Known) {
                truth.stale_reads += 1;
                truth.first_stale.get_or_insert(fact);
            }
        }
    }

    /// The business id that a message is about.
    pub(super) fn id(&self, message: MessageId) -> u64 {
        let root = self.roots[usize::from(message.source().0)];
        MessageId::new(root, message.number()).bits()
    }

    fn row(&mut self, fact: Fact, by: i32) {
        let id = self.id(fact.message);
        let of_load = |loads: &[(PlaceId, SourceId)], load: PlaceId| {
            let source = loads.iter().find(|(place, _)| *place == load);
            source.is_none_or(|(_, source)| MessageId::from_bits(id).source() == *source)
        };
        for truth in &mut self.tables {
            let counts = match truth.expects {
                Expects::Load(load) => of_load(&self.loads, PlaceId(load.0)),
                Expects::Table(_) => true,
            };
            if truth.table == fact.place && counts {
                truth.change(id, fact, |known| known.rows = known.rows.saturating_add_signed(by));
            }
            if matches!(truth.expects, Expects::Table(table) if table.0 == fact.place.0) {
                truth.change(id, fact, |known| {
                    known.reasons = known.reasons.saturating_add_signed(by);
                });
            }
        }
    }

    fn told(&mut self, fact: Fact) {
        let id = self.id(fact.message);
        for truth in &mut self.tables {
            if matches!(truth.expects, Expects::Load(load) if load.0 == fact.place.0) {
                truth.change(id, fact, |known| known.reasons = 1);
            }
        }
    }
}
