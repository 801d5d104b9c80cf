//! The recorder: every fact passes through here, once. It feeds the digest,
//! the oracle, the statistics, and what is kept for reading.

mod digest;
mod series;
mod timing;
mod trace;

pub use series::{Column, ColumnKind, Series};
pub use trace::{FactRun, Trace};

pub(crate) use digest::Digest;
pub(crate) use timing::{InletTiming, Timing, mean, quantile};

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
    pub(crate) trace: Option<Trace>,
    watching: Vec<Watching>,
}

impl Recorder {
    pub(crate) fn new(plan: &Plan, places: &Places, sources: &Sources) -> Self {
        Recorder {
            digest: Digest::new(places.len()),
            oracle: Oracle::new(plan, places, sources),
            timing: Timing::new(places),
            series: Series::new(plan, places, sources),
            trace: None,
            watching: plan
                .watches
                .iter()
                .map(|watch| Watching {
                    watch: *watch,
                    seen: None,
                })
                .collect(),
        }
    }

    /// Records one fact.
    ///
    /// Always inlined: wherever a fact is made its kind is known, so what is
    /// left of this is the digest and the one arm that the kind needs. Nothing
    /// of a run costs more than its facts.
    #[inline(always)]
    pub(crate) fn record(&mut self, at: SimTime, place: PlaceId, kind: FactKind, message: MessageId, value: u64) {
        self.digest.add(at, place, kind, message, value);
        let fact = Fact {
            at,
            place,
            kind,
            message,
            value,
        };
        if self.trace.is_some() {
            self.keep(at, (place, kind), message, value);
        }
        self.oracle.see(fact);
        match fact.kind {
            FactKind::Started => self.timing.wait(self.oracle.inlet_of(fact.place), fact.value),
            FactKind::Handled => {
                let inlet = self.oracle.inlet_of(fact.place);
                self.timing.done(inlet, fact.value);
                self.check_watches(inlet, fact.at);
            }
            FactKind::Settled => self.check_watches(fact.place, fact.at),
            FactKind::Responded => self.timing.response(fact.place, fact.value),
            FactKind::Written => self.timing.row(fact.place, fact.at),
            FactKind::Down => self.timing.death(fact.place, fact.at),
            FactKind::Offered if fact.value == 0 => {
                if let Some(inlet) = self.oracle.offers(fact.message.source()) {
                    self.uncheck_watches(inlet, fact.at);
                }
            }
            FactKind::Enqueued => self.uncheck_watches(fact.place, fact.at),
            FactKind::Discarded | FactKind::Destroyed | FactKind::Purged => self.check_watches(fact.place, fact.at),
            FactKind::Failed | FactKind::Aborted => self.check_watches(self.oracle.inlet_of(fact.place), fact.at),
            FactKind::Refused | FactKind::Dropped => {
                if let Some(inlet) = self.oracle.direct(fact.message.source()) {
                    self.check_watches(inlet, fact.at);
                }
            }
            _ => {}
        }
    }

    #[cold]
    #[inline(never)]
    fn keep(&mut self, at: SimTime, (place, kind): (PlaceId, FactKind), message: MessageId, value: u64) {
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
    }

    /// Something left `inlet`: is it empty now?
    #[inline]
    fn check_watches(&mut self, inlet: PlaceId, at: SimTime) {
        if self.oracle.inlet(inlet).in_system() == 0 {
            self.note_empty(inlet, at);
        }
    }

    #[inline(never)]
    fn note_empty(&mut self, inlet: PlaceId, at: SimTime) {
        for watching in &mut self.watching {
            let WatchKind::Drained(watched) = watching.watch.kind;
            let due = watching.seen.is_none() && at >= watching.watch.after;
            if due && watched == inlet {
                watching.seen = Some(at);
            }
        }
    }

    /// A message came in: what became true at this very instant is not.
    #[inline]
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
