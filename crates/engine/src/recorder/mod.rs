//! The recorder: every fact passes through here, once. It feeds the digest,
//! the oracle, the statistics, and what is kept for reading.

mod digest;
mod series;
mod timing;
mod trace;

pub use series::{Column, ColumnKind, Series};
pub use trace::{FactRun, Trace};

pub(crate) use digest::Digest;
pub(crate) use timing::{First, InletTiming, RecentWaits, TableTiming, Timing, mean, quantile};

use crate::oracle::Oracle;
use crate::places::Places;
use crate::plan::{Plan, Watch, WatchKind};
use crate::sources::Sources;
use alloc::vec::Vec;
use mqlab_kernel::SimTime;
use mqlab_model::{Fact, FactKind, MessageId, PlaceId};

/// A watch and what it has seen.
#[derive(Clone, Copy, Debug)]
struct Watching {
    watch: Watch,
    /// The instant it waited for; taken back if the same instant undoes it.
    seen: Option<SimTime>,
}

/// Keeps what a run leaves behind.
#[derive(Clone, Debug)]
pub(crate) struct Recorder {
    pub(crate) digest: Digest,
    pub(crate) oracle: Oracle,
    pub(crate) timing: Timing,
    pub(crate) series: Series,
    trace: Option<Trace>,
    watching: Vec<Watching>,
    /// The last instant at which a watch saw what it waited for.
    last_seen: SimTime,
    /// Somebody traces, a table expects rows, or a watch has seen something in this instant: every
    /// fact is recorded carefully.
    is_careful: bool,
    /// Nobody judges or measures: facts are hashed, and that is all.
    is_blind: bool,
}

impl Recorder {
    pub(crate) fn new(plan: &Plan, places: &Places, sources: &Sources) -> Self {
        let oracle = Oracle::new(plan, places, sources);
        let series = Series::new(plan, places, sources);
        Recorder {
            digest: Digest::new(places.len()),
            timing: Timing::new(places, series.with_waits()),
            series,
            trace: None,
            watching: plan
                .watches
                .iter()
                .map(|watch| Watching {
                    watch: *watch,
                    seen: None,
                })
                .collect(),
            last_seen: SimTime::MAX,
            is_careful: oracle.watches_rows(),
            is_blind: false,
            oracle,
        }
    }

    /// Collects facts from now on.
    pub(crate) fn set_trace(&mut self, trace: Option<Trace>) {
        self.trace = trace;
        self.is_careful = true;
    }

    /// From now on facts are hashed, and nothing else is done with them.
    pub(crate) fn set_blind(&mut self) {
        // What is careful leaves the usual way, which need not ask once more.
        (self.is_blind, self.is_careful) = (true, true);
    }

    /// What was collected.
    pub(crate) fn trace(&self) -> Option<&Trace> {
        self.trace.as_ref()
    }

    /// Records one fact.
    ///
    /// Always inlined: wherever a fact is made its kind is known, so what is
    /// left of this is the digest and the one arm that the kind needs. Nothing
    /// of a run costs more than its facts. What is out of the ordinary is
    /// recorded elsewhere, with its parts in registers: a call with the whole
    /// would force every fact into memory.
    #[inline(always)]
    pub(crate) fn record(&mut self, at: SimTime, place: PlaceId, kind: FactKind, message: MessageId, value: u64) {
        let mark = self.digest.add(at, place, kind, message, value);
        if self.is_careful || !self.oracle.see_good(mark, place, kind, message, value) {
            self.record_carefully(at, place, kind, message, value);
            return;
        }
        self.measure(at, place, kind, message, value);
    }

    /// What statistics need of a fact.
    #[inline(always)]
    fn measure(&mut self, at: SimTime, place: PlaceId, kind: FactKind, message: MessageId, value: u64) {
        match kind {
            FactKind::Started => self.timing.wait(self.oracle.inlet_of(place), value),
            FactKind::Handled => self.timing.done(self.oracle.inlet_of(place), value),
            FactKind::Responded => self.timing.response(place, value),
            FactKind::Written => self.timing.row(place, at),
            FactKind::Down => self.timing.death(place, at),
            FactKind::Refused | FactKind::Blacklisted | FactKind::BreakerOpened => {
                self.timing.note_first(place, kind, at, message)
            }
            _ => {}
        }
    }

    /// Records a fact that somebody traces, or of which the oracle has to
    /// think, or in an instant in which a watch has seen something. The digest
    /// has it already.
    #[cold]
    #[inline(never)]
    fn record_carefully(&mut self, at: SimTime, place: PlaceId, kind: FactKind, message: MessageId, value: u64) {
        if self.is_blind {
            return;
        }
        self.is_careful = self.trace.is_some() || self.last_seen == at || self.oracle.watches_rows();
        let fact = Fact {
            at,
            place,
            kind,
            message,
            value,
        };
        if let Some(trace) = &mut self.trace {
            trace.push(&fact);
        }
        if let Some(inlet) = self.oracle.see(fact) {
            self.note_empty(inlet, at);
        }
        self.measure(at, place, kind, message, value);
        let came_to = match kind {
            FactKind::Offered if value == 0 => self.oracle.offers(message.source()),
            FactKind::Enqueued => Some(place),
            _ => None,
        };
        if let (Some(inlet), true) = (came_to, self.last_seen == at) {
            self.uncheck_watches(inlet, at);
        }
    }

    /// Nothing is in `inlet` any more.
    fn note_empty(&mut self, inlet: PlaceId, at: SimTime) {
        for watching in &mut self.watching {
            let WatchKind::Drained(watched) = watching.watch.kind;
            let due = watching.seen.is_none() && at >= watching.watch.after;
            if due && watched == inlet {
                watching.seen = Some(at);
                self.last_seen = at;
                self.is_careful = true;
            }
        }
    }

    /// A message came in: what became true at this very instant is not.
    fn uncheck_watches(&mut self, inlet: PlaceId, at: SimTime) {
        for watching in &mut self.watching {
            let WatchKind::Drained(watched) = watching.watch.kind;
            if watching.seen == Some(at) && watched == inlet {
                watching.seen = None;
            }
        }
    }

    /// The clock passes `at` with everything before it done: watches that
    /// begin there may hold already.
    pub(crate) fn begin_watches(&mut self, at: SimTime) {
        for watching in &mut self.watching {
            let WatchKind::Drained(watched) = watching.watch.kind;
            let begins = watching.watch.after == at && watching.seen.is_none();
            if begins && self.oracle.inlet(watched).in_system() == 0 {
                watching.seen = Some(at);
            }
        }
    }

    /// What a watch has seen.
    pub(crate) fn seen(&self, watch: Watch) -> Option<SimTime> {
        self.watching.iter().find(|watching| watching.watch == watch)?.seen
    }
}
