//! The curves of the charts: which columns of the engine's series they show,
//! and what stands at their end.

use super::chart;
use super::format;
use super::lab::{Lab, Lane, measure};
use super::local;
use super::selection::Selection;
use super::texts::{Key, Language};
use mqlab_engine::{ColumnKind, MetricKind, Value};
use mqlab_kernel::SimTime;
use mqlab_model::PlaceId;

/// One of the charts, from top to bottom.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Band {
    /// Messages in and out, a second.
    Rate,
    /// Messages nobody works on yet.
    Backlog,
    /// The 99th percentile of the waits since the sample before.
    Wait,
}

impl Band {
    /// Every chart.
    pub const ALL: [Band; 3] = [Band::Rate, Band::Backlog, Band::Wait];

    /// Its name.
    pub const fn name(self) -> Key {
        match self {
            Band::Rate => Key::ChartRate,
            Band::Backlog => Key::ChartBacklog,
            Band::Wait => Key::ChartWait,
        }
    }

    /// How its values are written.
    pub fn label(self, value: f64, language: Language) -> String {
        match self {
            Band::Rate => local::rate(value, language),
            Band::Backlog => format::number(value.round()),
            Band::Wait => local::span(value, language),
        }
    }

    /// Where its scale ends.
    pub fn scale(self, curves: &[Curve]) -> f64 {
        let values = curves
            .iter()
            .flat_map(|curve| curve.values.iter().copied().chain([curve.now]));
        let most = values.fold(0.0, f64::max);
        // A little room above, so that a level line does not lie on the edge.
        match self {
            Band::Rate | Band::Backlog => chart::nice_ceiling(f64::max(most * 1.02, 1.0)),
            Band::Wait => chart::nice_span(f64::max(most * 1.02, 1e6)),
        }
    }
}

/// What a curve means: decides its colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Meaning {
    /// What comes in, or waits.
    Ready,
    /// What is done.
    Settled,
    /// Time that passes.
    Flight,
}

/// One curve.
#[derive(Clone, PartialEq, Debug)]
pub struct Curve {
    /// Of which variant, counted among those that are shown: its dashes.
    pub order: usize,
    /// The name of that variant.
    pub variant: String,
    /// What it means.
    pub meaning: Meaning,
    /// The i-th value was taken at (i + 1) times the step.
    pub values: Vec<f64>,
    /// The step of the values, in nanoseconds.
    pub step_ns: u64,
    /// Where the curve stands now.
    pub now: f64,
    /// What stands at its end.
    pub label: String,
}

/// The curves of a chart for every variant that is shown.
pub fn of_band(lab: &Lab, band: Band, selection: Option<Selection>, language: Language) -> Vec<Curve> {
    let mut curves: Vec<Curve> = Vec::new();
    let are_many = lab.shown().count() > 1;
    for (order, lane) in lab.shown().enumerate() {
        // What is selected in one variant is followed in all of them.
        let name = selection.and_then(|selection| {
            let lane = lab.lanes.get(selection.variant)?;
            let places = lane.world().places();
            let place = selection.place().filter(|place| usize::from(place.0) < places.len())?;
            Some(places.get(place).name.as_str())
        });
        let selected = name.and_then(|name| lane.world().places().named(name));
        let Some(place) = lane.followed(selected) else {
            continue;
        };
        let end = End {
            order,
            lane,
            language,
            are_many,
        };
        match band {
            Band::Rate => {
                let incoming = offered(lane);
                let is_known = curves
                    .iter()
                    .any(|known| known.meaning == Meaning::Ready && known.values == incoming);
                // The same arrivals in every variant are one curve.
                if !is_known {
                    let now = incoming.last().copied().unwrap_or(0.0);
                    curves.push(end.curve(Meaning::Ready, incoming, now, band, Some(Key::In), false));
                }
                let done = values(lane, place, ColumnKind::Handled);
                let now = done.last().copied().unwrap_or(0.0);
                curves.push(end.curve(Meaning::Settled, done, now, band, Some(Key::Out), are_many));
            }
            Band::Backlog => {
                let waiting = values(lane, place, ColumnKind::Backlog);
                let now = match measure(lane.world(), MetricKind::Backlog, place) {
                    Value::Count(count) => count as f64,
                    _ => 0.0,
                };
                curves.push(end.curve(Meaning::Ready, waiting, now, band, None, are_many));
            }
            Band::Wait => {
                let waits = values(lane, place, ColumnKind::WaitP99);
                let now = waits.last().copied().unwrap_or(0.0);
                curves.push(end.curve(Meaning::Flight, waits, now, band, None, are_many));
            }
        }
    }
    curves
}

/// What the ends of the curves of one lane have in common.
struct End<'a> {
    order: usize,
    lane: &'a Lane,
    language: Language,
    are_many: bool,
}

impl End<'_> {
    fn curve(
        &self,
        meaning: Meaning,
        values: Vec<f64>,
        now: f64,
        band: Band,
        word: Option<Key>,
        is_named: bool,
    ) -> Curve {
        let number = band.label(now, self.language);
        let label = word.map_or(number.clone(), |word| self.language.with(word, &number));
        let name = &self.lane.name;
        let label = if is_named && self.are_many {
            format!("{label} {name}")
        } else {
            label
        };
        Curve {
            order: self.order,
            variant: name.clone(),
            meaning,
            step_ns: self.lane.world().series().step().nanos(),
            values,
            now,
            label,
        }
    }
}

fn values(lane: &Lane, place: PlaceId, kind: ColumnKind) -> Vec<f64> {
    let series = lane.world().series();
    let column = series.column(place, kind);
    column.map_or_else(Vec::new, |column| chart::values(column, series))
}

/// What all loads of a variant offer together.
fn offered(lane: &Lane) -> Vec<f64> {
    let series = lane.world().series();
    let mut sum = vec![0.0; series.len()];
    for column in series
        .columns()
        .iter()
        .filter(|column| column.kind == ColumnKind::Offered)
    {
        for (total, value) in sum.iter_mut().zip(chart::values(column, series)) {
            *total += value;
        }
    }
    sum
}

/// A thing that died, for a mark on the time axis.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Death {
    /// When.
    pub at: SimTime,
    /// What.
    pub name: String,
}

/// What died in the variants that are shown, each name and instant once.
pub fn deaths(lab: &Lab) -> Vec<Death> {
    let mut deaths: Vec<Death> = Vec::new();
    for lane in lab.shown() {
        for (id, place) in lane.world().places().iter().take(lane.world().node_count()) {
            if let Value::Time(at) = measure(lane.world(), MetricKind::DiedAt, id) {
                let death = Death {
                    at,
                    name: place.name.clone(),
                };
                if !deaths.contains(&death) {
                    deaths.push(death);
                }
            }
        }
    }
    deaths
}

#[cfg(test)]
mod tests;
