//! The samples behind a chart: a table to read, and all of them in a file.

use super::csv::{self, Csv};
use super::curves::{Asked, Band, Curve, Percentile};
use super::lab::Lane;
use mqlab_engine::{Column, ColumnKind, PlaceKind, Series};
use mqlab_kernel::{SimTime, sort_by, sort_by_key};
use mqlab_model::PlaceId;

/// Most rows of a table that is read.
const ROWS_MAX: u64 = 48;

/// How many samples are left out from one row to the next, so that the rows
/// stand at readable instants.
const EVERY: [u64; 12] = [1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 240, 300];

/// The instants of the rows of a table: thinned, the latest first, with the
/// last sample in any case.
pub fn instants(curves: &[Curve], clock: SimTime) -> Vec<SimTime> {
    let Some(step) = curves.iter().map(|curve| curve.step_ns).min() else {
        return Vec::new();
    };
    let last = curves.iter().map(|curve| curve.step_ns * curve.values.len() as u64);
    let count = last.max().unwrap_or(0).min(clock.nanos()) / step.max(1);
    let every = EVERY.into_iter().find(|every| count / every <= ROWS_MAX);
    let every = every.unwrap_or_else(|| count.div_ceil(ROWS_MAX));
    let mut indices: Vec<u64> = (1..=count / every).map(|row| row * every).collect();
    indices.push(count);
    sort_by_key(&mut indices, |index| std::cmp::Reverse(*index));
    indices.dedup();
    let rows = indices.into_iter().filter(|index| *index > 0);
    rows.map(|index| SimTime::from_nanos(index * step)).collect()
}

/// A column of a file: what it is called, and its values as they are written.
struct Exact {
    head: String,
    step_ns: u64,
    values: Vec<String>,
}

/// All samples of a chart in all variants that are shown, with the engine's
/// exact values.
pub fn file(asked: &Asked<'_>, band: Band) -> String {
    let mut columns: Vec<Exact> = Vec::new();
    for lane in asked.lab.shown() {
        let writer = Writer { lane, asked };
        match band {
            Band::Rate => writer.rates(&mut columns),
            Band::Backlog => {
                for (name, kind) in [
                    ("backlog", ColumnKind::Backlog),
                    ("ready", ColumnKind::Ready),
                    ("unacked", ColumnKind::Unacked),
                ] {
                    writer.followed(name, kind, u64::to_string, &mut columns);
                }
            }
            Band::Age => writer.followed("oldest_s", ColumnKind::Age, seconds, &mut columns),
            Band::Wait => {
                for percentile in Percentile::ALL {
                    let name = format!("wait_{}_s", percentile.id().replace('.', ""));
                    writer.waits(&name, percentile.column(), &mut columns);
                }
            }
            Band::Load => writer.loads(&mut columns),
        }
    }
    written(&columns)
}

fn seconds(nanos: &u64) -> String {
    csv::seconds(*nanos)
}

/// One row per instant at which any of the columns has a value.
fn written(columns: &[Exact]) -> String {
    let mut csv = Csv::default();
    let heads = columns.iter().map(|column| column.head.as_str());
    csv.row(["time_s", "clock"].into_iter().chain(heads));
    let instants_of = |column: &Exact| {
        let step = column.step_ns;
        (1..=column.values.len() as u64).map(move |index| index * step)
    };
    let mut instants: Vec<u64> = columns.iter().flat_map(instants_of).collect();
    sort_by(&mut instants, Ord::cmp);
    instants.dedup();
    for at in instants {
        let value = |column: &Exact| {
            let is_there = at.is_multiple_of(column.step_ns);
            let index = usize::try_from(at / column.step_ns).ok()?.checked_sub(1)?;
            column.values.get(index).filter(|_| is_there).cloned()
        };
        let head = [csv::seconds(at), csv::clock(SimTime::from_nanos(at))];
        let values = columns.iter().map(|column| value(column).unwrap_or_default());
        csv.row(head.into_iter().chain(values));
    }
    csv.finish()
}

struct Writer<'a> {
    lane: &'a Lane,
    asked: &'a Asked<'a>,
}

impl Writer<'_> {
    fn series(&self) -> &Series {
        self.lane.world().series()
    }

    /// The name of the variant stands behind, in brackets: whatever it is, a
    /// program that opens the file does not take it for a formula.
    fn exact(&self, name: &str, values: Vec<String>) -> Exact {
        Exact {
            head: format!("{name} [{}]", self.lane.name),
            step_ns: self.series().step().nanos().max(1),
            values,
        }
    }

    fn column(&self, place: PlaceId, kind: ColumnKind) -> Option<&Column> {
        self.series().column(place, kind)
    }

    /// A column of the queue or service that is followed.
    fn followed(&self, name: &str, kind: ColumnKind, write: fn(&u64) -> String, columns: &mut Vec<Exact>) {
        let place = self.asked.followed(self.lane);
        if let Some(column) = place.and_then(|place| self.column(place, kind)) {
            columns.push(self.exact(name, column.values.iter().map(write).collect()));
        }
    }

    /// Waits of what was begun since the sample before; nothing where nothing
    /// was.
    fn waits(&self, name: &str, kind: ColumnKind, columns: &mut Vec<Exact>) {
        let place = self.asked.followed(self.lane);
        let column = |kind| place.and_then(|place| self.column(place, kind));
        if let (Some(waits), Some(started)) = (column(kind), column(ColumnKind::Started)) {
            let before = [0].into_iter().chain(started.values.iter().copied());
            let values = waits.values.iter().zip(&started.values).zip(before);
            let written = values.map(|((wait, now), before)| if *now > before { seconds(wait) } else { String::new() });
            columns.push(self.exact(name, written.collect()));
        }
    }

    /// A total and how fast it grows.
    fn total(&self, name: &str, totals: &[u64], columns: &mut Vec<Exact>) {
        columns.push(self.exact(name, totals.iter().map(u64::to_string).collect()));
        let before = [0].into_iter().chain(totals.iter().copied());
        let step = self.series().step().as_secs_f64();
        let rates = totals.iter().zip(before);
        let rates = rates.map(|(now, before)| ((now - before) as f64 / step).to_string());
        columns.push(self.exact(&format!("{name}_per_s"), rates.collect()));
    }

    fn rates(&self, columns: &mut Vec<Exact>) {
        let mut offered = vec![0; self.series().len()];
        let loads = self.series().columns().iter();
        for column in loads.filter(|column| column.kind == ColumnKind::Offered) {
            let values = offered.iter_mut().zip(&column.values);
            values.for_each(|(sum, value)| *sum += value);
        }
        self.total("offered", &offered, columns);
        let handled = self.asked.followed(self.lane);
        let handled = handled.and_then(|place| self.column(place, ColumnKind::Handled));
        if let Some(handled) = handled {
            self.total("handled", &handled.values, columns);
        }
    }

    fn loads(&self, columns: &mut Vec<Exact>) {
        let places = self.lane.world().places();
        for (id, place) in places.iter() {
            let name = &place.name;
            let mut push = |head: String, kind, write: fn(&u64) -> String| {
                if let Some(column) = self.column(id, kind) {
                    columns.push(self.exact(&head, column.values.iter().map(write).collect()));
                }
            };
            match place.kind {
                PlaceKind::Service => {
                    push(format!("worked_s of {name}"), ColumnKind::Worked, seconds);
                    push(format!("workers of {name}"), ColumnKind::Workers, u64::to_string);
                    push(format!("busy of {name}"), ColumnKind::Busy, u64::to_string);
                }
                PlaceKind::Table => {
                    push(format!("rows of {name}"), ColumnKind::Rows, u64::to_string);
                    // In thousandths, as seconds in nanoseconds: exact.
                    let per_second = |thousandths: &u64| csv::seconds(thousandths * 1_000_000);
                    push(format!("capacity_per_s of {name}"), ColumnKind::Capacity, per_second);
                }
                _ => {}
            }
        }
    }
}

/// The name of a file: what runs, what of it, and with which seed.
pub fn file_name(scenario: &str, what: &str, seed: u64, ending: &str) -> String {
    format!("{scenario}-{what}-seed-{seed}.{ending}")
}

#[cfg(test)]
mod tests;
