//! Statistics over facts: waits, latencies, answers, rows and deaths.

use crate::places::{PlaceKind, Places};
use alloc::boxed::Box;
use alloc::vec::Vec;
use mqlab_kernel::{Histogram, SimSpan, SimTime, SortedMap};
use mqlab_model::{FactKind, MessageId, PlaceId};

/// How long messages of one inlet waited and took, since the start and since
/// the last sample of the charts.
#[derive(Clone, Debug, Default)]
pub(crate) struct InletTiming {
    /// From offer to the start of the handling.
    pub(crate) wait: Histogram,
    /// How many of them waited at all.
    pub(crate) waited: u64,
    /// From offer to the end of the handling.
    pub(crate) latency: Histogram,
    /// Whether a chart shows its waits: only then is kept what is recent.
    is_charted: bool,
    /// Waits since the last sample.
    recent: Histogram,
    /// Of those before the last sample, what is charted.
    pub(crate) sampled: RecentWaits,
}

/// What charts show of the waits between two samples, in nanoseconds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RecentWaits {
    /// Half, 90 %, 99 % and 99.9 % of them are at most so long.
    pub(crate) quantiles: [u64; 4],
    pub(crate) max: u64,
}

/// What is known of one table.
#[derive(Clone, Debug, Default)]
pub(crate) struct TableTiming {
    /// Instants of the first rows.
    pub(crate) rows: Vec<SimTime>,
    second: u64,
    in_second: u64,
    /// Most rows within one second of the clock.
    pub(crate) peak: u64,
}

/// How many instants of rows are kept per table.
pub(crate) const ROWS_KEPT: usize = 1024;

/// Statistics by place.
#[derive(Clone, Debug)]
pub(crate) struct Timing {
    inlets: Vec<Option<Box<InletTiming>>>,
    /// Those of them whose waits are charted.
    charted: Vec<PlaceId>,
    responses: Vec<Option<Box<Histogram>>>,
    tables: Vec<Option<Box<TableTiming>>>,
    /// First and last death.
    died: Vec<Option<(SimTime, SimTime)>>,
    /// The first fact of a kind at a place, of rare kinds.
    firsts: SortedMap<(PlaceId, FactKind), First>,
}

/// The first fact of its kind at a place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct First {
    /// When it happened.
    pub(crate) at: SimTime,
    /// The running number of the message that it happened to.
    pub(crate) number: u64,
}

impl Timing {
    /// Nothing so far. `charted` are the inlets whose waits are charted.
    pub(crate) fn new(places: &Places, charted: Vec<PlaceId>) -> Self {
        let is = |kinds: &[PlaceKind]| {
            let kinds: Vec<PlaceKind> = kinds.into();
            places
                .iter()
                .map(move |(_, place)| kinds.contains(&place.kind))
                .collect::<Vec<bool>>()
        };
        let inlet: Vec<bool> = places.iter().map(|(_, place)| place.kind.is_inlet()).collect();
        let source = is(&[PlaceKind::Load]);
        let table = is(&[PlaceKind::Table]);
        let mut inlets: Vec<Option<Box<InletTiming>>> = inlet.into_iter().map(|is| is.then(Box::default)).collect();
        for place in &charted {
            if let Some(timing) = &mut inlets[usize::from(place.0)] {
                timing.is_charted = true;
            }
        }
        Timing {
            inlets,
            charted,
            responses: source.into_iter().map(|is| is.then(Box::default)).collect(),
            tables: table.into_iter().map(|is| is.then(Box::default)).collect(),
            died: alloc::vec![None; places.len()],
            firsts: SortedMap::new(),
        }
    }

    #[inline(always)]
    pub(crate) fn wait(&mut self, inlet: PlaceId, nanos: u64) {
        if let Some(Some(timing)) = self.inlets.get_mut(usize::from(inlet.0)) {
            match timing.is_charted {
                true => timing.wait.record_twice(&mut timing.recent, nanos),
                false => timing.wait.record(nanos),
            }
            timing.waited += u64::from(nanos > 0);
        }
    }

    #[inline(always)]
    pub(crate) fn done(&mut self, inlet: PlaceId, nanos: u64) {
        if let Some(Some(timing)) = self.inlets.get_mut(usize::from(inlet.0)) {
            timing.latency.record(nanos);
        }
    }

    #[inline]
    pub(crate) fn response(&mut self, source: PlaceId, nanos: u64) {
        if let Some(Some(histogram)) = self.responses.get_mut(usize::from(source.0)) {
            histogram.record(nanos);
        }
    }

    #[inline]
    pub(crate) fn row(&mut self, table: PlaceId, at: SimTime) {
        let Some(Some(timing)) = self.tables.get_mut(usize::from(table.0)) else {
            return;
        };
        if timing.rows.len() < ROWS_KEPT {
            timing.rows.push(at);
        }
        let second = at.second();
        if second != timing.second {
            timing.second = second;
            timing.in_second = 0;
        }
        timing.in_second += 1;
        timing.peak = timing.peak.max(timing.in_second);
    }

    pub(crate) fn death(&mut self, node: PlaceId, at: SimTime) {
        self.died[usize::from(node.0)].get_or_insert((at, at)).1 = at;
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn note_first(&mut self, place: PlaceId, kind: FactKind, at: SimTime, message: MessageId) {
        let number = message.number();
        self.firsts.get_or_insert_with((place, kind), || First { at, number });
    }

    /// The first fact of a kind at a place, if its kind is noted.
    pub(crate) fn first(&self, place: PlaceId, kind: FactKind) -> Option<First> {
        self.firsts.get(&(place, kind)).copied()
    }

    pub(crate) fn inlet(&self, inlet: PlaceId) -> Option<&InletTiming> {
        self.inlets.get(usize::from(inlet.0))?.as_deref()
    }

    /// A sample is taken: what is recent begins anew.
    pub(crate) fn sample(&mut self) {
        for place in &self.charted {
            let Some(timing) = &mut self.inlets[usize::from(place.0)] else {
                continue;
            };
            timing.sampled = RecentWaits {
                quantiles: timing.recent.quantiles([0.5, 0.9, 0.99, 0.999]),
                max: timing.recent.max(),
            };
            timing.recent.clear();
        }
    }

    pub(crate) fn responses(&self, source: PlaceId) -> Option<&Histogram> {
        self.responses.get(usize::from(source.0))?.as_deref()
    }

    pub(crate) fn table(&self, table: PlaceId) -> Option<&TableTiming> {
        self.tables.get(usize::from(table.0))?.as_deref()
    }

    /// When a node first died.
    pub(crate) fn died_at(&self, node: PlaceId) -> Option<SimTime> {
        self.died[usize::from(node.0)].map(|(first, _)| first)
    }

    /// When it last did.
    pub(crate) fn died_last(&self, node: PlaceId) -> Option<SimTime> {
        self.died[usize::from(node.0)].map(|(_, last)| last)
    }
}

/// A quantile of a histogram of nanoseconds; `None` if it is empty.
pub(crate) fn quantile(histogram: &Histogram, q: f64) -> Option<SimSpan> {
    (histogram.count() > 0).then(|| SimSpan::from_nanos(histogram.quantile(q)))
}

/// The mean of a histogram of nanoseconds over `count` of its values (the
/// others being 0), rounded to the nearest nanosecond; `None` without any.
pub(crate) fn mean(histogram: &Histogram, count: u64) -> Option<SimSpan> {
    let count = u128::from(count);
    let rounded = (histogram.sum() + count / 2).checked_div(count)?;
    Some(SimSpan::from_nanos(u64::try_from(rounded).ok()?))
}
