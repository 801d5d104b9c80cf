//! Series for the charts: a fixed number of samples, whatever the length of
//! the run.

use crate::places::{PlaceKind, Places};
use crate::plan::{NodeKind, Plan};
use crate::sources::Sources;
use alloc::vec::Vec;
use core::cell::Cell;
use mqlab_kernel::{SimSpan, SimTime};
use mqlab_model::PlaceId;

/// What a column samples.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ColumnKind {
    /// Messages offered so far, by a load.
    Offered,
    /// Refused so far, at a load.
    Refused,
    /// Handlings begun so far.
    Started,
    /// Handlings ended well so far.
    Handled,
    /// Messages nobody works on yet.
    Backlog,
    /// Age of the oldest waiting message, in nanoseconds.
    Age,
    /// Messages that wait in the queue.
    Ready,
    /// Messages that are delivered and not acknowledged.
    Unacked,
    /// Median wait of the messages that were begun since the last sample, in
    /// nanoseconds.
    WaitP50,
    /// 90th percentile of the same.
    WaitP90,
    /// 99th percentile of the same.
    WaitP99,
    /// 99.9th percentile of the same.
    WaitP999,
    /// The longest of them.
    WaitMax,
    /// Rows written so far.
    Rows,
    /// Rows a table can write in a thousand seconds; 0 is no limit.
    Capacity,
    /// Busy workers.
    Busy,
    /// Nanoseconds that workers had something in hand so far, over all of
    /// them.
    Worked,
    /// Workers that there are; for a service without a limit, as many as were
    /// ever busy at once.
    Workers,
}

impl ColumnKind {
    /// Whether the values only grow, and a chart shows their rate.
    pub const fn is_total(self) -> bool {
        matches!(
            self,
            ColumnKind::Offered
                | ColumnKind::Refused
                | ColumnKind::Started
                | ColumnKind::Handled
                | ColumnKind::Rows
                | ColumnKind::Worked
        )
    }

    const fn of(kind: PlaceKind) -> &'static [ColumnKind] {
        use ColumnKind::{
            Age, Backlog, Busy, Capacity, Handled, Offered, Ready, Refused, Rows, Started, Unacked, WaitMax, WaitP50,
            WaitP90, WaitP99, WaitP999, Worked, Workers,
        };
        match kind {
            PlaceKind::Load => &[Offered, Refused],
            PlaceKind::Queue | PlaceKind::GroupPartition => &[
                Started, Handled, Backlog, Ready, Unacked, Age, WaitP50, WaitP90, WaitP99, WaitP999, WaitMax,
            ],
            PlaceKind::Calls => &[Started, Handled, Backlog, WaitP50, WaitP90, WaitP99, WaitP999, WaitMax],
            PlaceKind::Table => &[Rows, Capacity],
            PlaceKind::Service => &[Busy, Worked, Workers],
            PlaceKind::Partition => &[Ready],
            PlaceKind::Broker | PlaceKind::Member | PlaceKind::Subscription | PlaceKind::Topic | PlaceKind::Group => {
                &[]
            }
        }
    }
}

/// One sampled quantity.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// Of what.
    pub place: PlaceId,
    /// What.
    pub kind: ColumnKind,
    /// The values; the i-th was taken at (i + 1) times the series' step.
    pub values: Vec<u64>,
}

/// Samples at equal steps of the simulated clock. Where the length of the run
/// is not known the step doubles whenever the samples run out, and every
/// second one is dropped.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Series {
    step: SimSpan,
    taken: usize,
    columns: Vec<Column>,
}

/// Samples per column at which the step doubles: one more than a run whose
/// length is known takes.
const SAMPLES_MAX: usize = 1440 + 2;

/// Most columns: of very many places the first ones of every kind are charted.
const COLUMNS_MAX: usize = 400;

impl Series {
    pub(crate) fn new(plan: &Plan, places: &Places, _sources: &Sources) -> Self {
        let columns = charted(places).flat_map(|(id, kind)| {
            ColumnKind::of(kind).iter().map(move |kind| Column {
                place: id,
                kind: *kind,
                values: Vec::new(),
            })
        });
        Series {
            step: match plan.until {
                SimTime::MAX => endless_step(last_offer(plan)),
                until => first_step(until),
            },
            taken: 0,
            columns: columns.collect(),
        }
    }

    /// The places whose waits are sampled.
    pub(crate) fn with_waits(&self) -> Vec<PlaceId> {
        let waits = self.columns.iter().filter(|column| column.kind == ColumnKind::WaitP50);
        waits.map(|column| column.place).collect()
    }

    /// Time from one sample to the next.
    pub fn step(&self) -> SimSpan {
        self.step
    }

    /// How many samples there are.
    pub fn len(&self) -> usize {
        self.taken
    }

    /// Whether there is none yet.
    pub fn is_empty(&self) -> bool {
        self.taken == 0
    }

    /// Everything that is sampled.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// One column.
    pub fn column(&self, place: PlaceId, kind: ColumnKind) -> Option<&Column> {
        self.columns
            .iter()
            .find(|column| column.place == place && column.kind == kind)
    }

    /// When the next sample is due: it shows the state after everything that
    /// happens at that instant.
    pub(crate) fn next(&self) -> SimTime {
        let elapsed = self.step.checked_mul(self.taken as u64 + 1).unwrap_or(SimSpan::MAX);
        SimTime::ZERO.saturating_add(elapsed)
    }

    /// Takes a sample.
    pub(crate) fn sample(&mut self, mut value: impl FnMut(PlaceId, ColumnKind) -> u64) {
        for column in &mut self.columns {
            column.values.push(value(column.place, column.kind));
        }
        self.taken += 1;
        // Now, so that the next sample is due at a multiple of the new step.
        if self.taken == SAMPLES_MAX {
            self.coarsen();
        }
    }

    /// Doubles the step. What was taken at odd multiples goes.
    fn coarsen(&mut self) {
        for column in &mut self.columns {
            let values = Cell::from_mut(&mut column.values[..]).as_slice_of_cells();
            for (to, [_, from]) in values.iter().zip(values.as_chunks().0) {
                to.set(from.get());
            }
            column.values.truncate(column.values.len() / 2);
        }
        self.taken /= 2;
        self.step = self.step.checked_mul(2).unwrap_or(SimSpan::MAX);
    }
}

/// The places that have columns: all, or the first ones of every kind, as many as
/// there is room for.
fn charted(places: &Places) -> impl Iterator<Item = (PlaceId, PlaceKind)> {
    let mut all = Seen::default();
    let mut kinds: Vec<PlaceKind> = places.iter().map(|(_, place)| place.kind).collect();
    let numbers = kinds.iter().map(|kind| all.number(*kind)).max();
    mqlab_kernel::sort_by_key(&mut kinds, |kind| *kind);
    kinds.dedup();
    let columns_of = |most: usize| {
        let each = kinds
            .iter()
            .map(|kind| ColumnKind::of(*kind).len() * all.of(*kind).min(most));
        each.sum::<usize>()
    };
    // With one of every kind there are far fewer.
    let most = (2..numbers.unwrap_or(0) + 2).find(|most| columns_of(*most) > COLUMNS_MAX);
    let most = most.map_or(usize::MAX, |too_many| too_many - 1);
    let kinds = places.iter().map(|(id, place)| (id, place.kind));
    let mut seen = Seen::default();
    kinds.filter(move |(_, kind)| seen.number(*kind) < most)
}

/// How many of each kind there were.
#[derive(Default)]
struct Seen([usize; PlaceKind::COUNT]);

impl Seen {
    /// The how manieth of its kind this is.
    fn number(&mut self, kind: PlaceKind) -> usize {
        let count = &mut self.0[kind as usize];
        *count += 1;
        *count - 1
    }

    fn of(&self, kind: PlaceKind) -> usize {
        self.0[kind as usize]
    }
}

/// Before this instant a run of unknown length is not over, unless something
/// unforeseen ends it.
fn last_offer(plan: &Plan) -> SimTime {
    let offers = plan.nodes.iter().filter_map(|node| match &node.kind {
        NodeKind::Load(load) => load.last_offer(plan.limits.messages),
        _ => None,
    });
    offers.max().unwrap_or(SimTime::ZERO)
}

/// The step that the doubling comes to in a run that goes on until `least`, so
/// that nothing is sampled to be dropped.
fn endless_step(least: SimTime) -> SimSpan {
    let mut step = SimSpan::from_millis(1);
    while step.nanos() * SAMPLES_MAX as u64 <= least.nanos() {
        step = SimSpan::from_nanos(step.nanos() * 2);
    }
    step
}

/// The smallest readable step with which a run until `until` fits.
fn first_step(until: SimTime) -> SimSpan {
    const SECOND: u64 = 1_000_000_000;
    const STEPS: &[u64] = &[
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 86_400,
    ];
    let needed = until.nanos().div_ceil(1440).max(1);
    if needed > SECOND {
        let fits = STEPS.iter().map(|step| step * SECOND).find(|step| *step >= needed);
        return SimSpan::from_nanos(fits.unwrap_or_else(|| needed.div_ceil(86_400 * SECOND) * 86_400 * SECOND));
    }
    // 1, 2 or 5 times a power of ten.
    let mut power = 1;
    loop {
        for factor in [1, 2, 5] {
            if power * factor >= needed {
                return SimSpan::from_nanos(power * factor);
            }
        }
        power *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn series(step: SimSpan) -> Series {
        let column = Column {
            place: PlaceId(0),
            kind: ColumnKind::Backlog,
            values: Vec::new(),
        };
        Series {
            step,
            taken: 0,
            columns: alloc::vec![column],
        }
    }

    #[test]
    fn a_day_is_sampled_by_the_minute() {
        assert_eq!(
            first_step(SimTime::from_nanos(86_400_000_000_000)),
            SimSpan::from_secs(60)
        );
        assert_eq!(first_step(SimTime::from_nanos(1_000_000_000)), SimSpan::from_millis(1));
        assert_eq!(first_step(SimTime::from_nanos(1)), SimSpan::from_nanos(1));
    }

    #[test]
    fn an_endless_run_is_sampled_ever_more_coarsely() {
        let mut series = series(endless_step(SimTime::ZERO));
        for _ in 0..15_000 {
            let due = series.next().nanos();
            series.sample(|_, _| due);
            assert!(series.len() <= SAMPLES_MAX);
        }
        let step = series.step().nanos();
        let values = &series.columns()[0].values;
        assert!(
            values
                .iter()
                .enumerate()
                .all(|(index, value)| *value == step * (index as u64 + 1))
        );
    }

    proptest! {
        /// Whether it is known beforehand how long a run is makes no difference.
        #[test]
        fn what_would_be_dropped_is_not_taken(millis in 0u64..50_000, nanos in 0u64..2) {
            let least = SimTime::from_nanos(millis * 1_000_000 + nanos);
            let sampled = |mut series: Series| {
                while series.next() <= least {
                    let due = series.next().nanos();
                    series.sample(|_, _| due);
                }
                series
            };
            let [long, short] = [least, SimTime::ZERO].map(|known| sampled(series(endless_step(known))));
            prop_assert_eq!(long, short);
        }
    }
}
