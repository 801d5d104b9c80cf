//! The curves of the charts: which columns of the engine's series they show,
//! and what stands at their end.

mod band;
mod workload;

pub use band::{Band, Percentile};

use super::chart;
use super::lab::{Lab, Lane, measure};
use super::selection::Selection;
use super::texts::{Key, Language};
use mqlab_engine::{ColumnKind, MetricKind, PlaceKind, Value};
use mqlab_kernel::SimTime;
use mqlab_model::PlaceId;

/// What a curve means: decides its colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Meaning {
    /// What comes in, or waits.
    Ready,
    /// What is done.
    Settled,
    /// Time that passes, and what is in somebody's hands.
    Flight,
}

/// One curve.
#[derive(Clone, PartialEq, Debug)]
pub struct Curve {
    /// Of which chart.
    pub band: Band,
    /// Of which variant, counted among those that are shown: its dashes.
    pub order: usize,
    /// The name of that variant.
    pub variant: String,
    /// What it means.
    pub meaning: Meaning,
    /// What it is called in files, with its unit.
    pub column: String,
    /// What it is called on the page; none where its chart's name says it.
    pub word: Option<String>,
    /// Whether its variant is said with it.
    pub is_named: bool,
    /// How little it would be missed: labels of the largest go first.
    pub rank: usize,
    /// How strong its line is.
    pub stroke: f64,
    /// Whether the ground below it is filled.
    pub is_filled: bool,
    /// The i-th value was taken at (i + 1) times the step; not a number where
    /// there was nothing to measure.
    pub values: Vec<f64>,
    /// The step of the values, in nanoseconds.
    pub step_ns: u64,
    /// Where the curve stands now: the last that there was to measure.
    pub now: f64,
    language: Language,
}

impl Curve {
    /// What it shows, in words: the head of a column of its table.
    pub fn title(&self) -> String {
        let word = self.word.as_deref().unwrap_or(self.language.text(self.band.name()));
        if self.is_named {
            format!("{word} · {}", self.variant)
        } else {
            word.to_owned()
        }
    }

    /// A value of it with what it is: what stands at its end.
    pub fn say(&self, value: f64) -> String {
        let number = self.band.label(value, self.language);
        let mut parts: Vec<&str> = self.word.iter().map(String::as_str).collect();
        parts.push(&number);
        if self.is_named {
            parts.push(&self.variant);
        }
        parts.join(" ")
    }

    /// What stands at its end.
    pub fn label(&self) -> String {
        self.say(self.now)
    }

    /// The value of the last sample that was taken at or before an instant.
    pub fn at(&self, instant: SimTime) -> Option<f64> {
        let taken = usize::try_from(instant.nanos() / self.step_ns.max(1)).ok()?;
        // A lane that ended before keeps what it ended with.
        let index = taken.min(self.values.len()).checked_sub(1)?;
        self.values.get(index).copied().filter(|value| !value.is_nan())
    }
}

/// Whose curves are asked for.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The simulation.
    pub lab: &'a Lab,
    /// What is selected.
    pub selection: Option<Selection>,
    /// Which percentiles of the waits.
    pub percentiles: &'a [Percentile],
    /// In which language they speak.
    pub language: Language,
}

impl Asked<'_> {
    /// The curves of a chart for every variant that is shown.
    pub fn curves(&self, band: Band) -> Vec<Curve> {
        let mut curves: Vec<Curve> = Vec::new();
        let are_many = self.lab.shown().count() > 1;
        for (order, lane) in self.lab.shown().enumerate() {
            let end = End {
                order,
                lane,
                band,
                are_many,
                language: self.language,
            };
            match band {
                Band::Rate => self.rates(&end, &mut curves),
                Band::Backlog => self.backlog(&end, &mut curves),
                Band::Age => self.age(&end, &mut curves),
                Band::Wait => self.waits(&end, &mut curves),
                Band::Load => workload::push(self, &end, &mut curves),
            }
        }
        curves
    }

    /// What is selected in one variant, in another one: of the same name.
    pub fn selected_in(&self, lane: &Lane) -> Option<PlaceId> {
        let selection = self.selection?;
        let chosen = self.lab.lanes.get(selection.variant)?;
        let places = chosen.world().places();
        let place = selection.place().filter(|place| usize::from(place.0) < places.len())?;
        lane.world().places().named(&places.get(place).name)
    }

    /// The queue or called service that is followed in a variant.
    pub fn followed(&self, lane: &Lane) -> Option<PlaceId> {
        lane.followed(self.selected_in(lane))
    }

    /// Whether a chart has nothing of what is followed in some variant, because there
    /// are so many queues and partitions that samples are taken of the first ones only.
    pub fn is_left_out(&self, band: Band) -> bool {
        let is_out = |lane: &Lane| {
            let followed = self.followed(lane);
            // Of a partition that nobody reads only its length is known.
            let may_have = |place: &PlaceId| lane.world().places().get(*place).kind != PlaceKind::Partition;
            let followed = followed.filter(may_have);
            followed.is_some_and(|place| lane.world().series().column(place, ColumnKind::Backlog).is_none())
        };
        band != Band::Load && self.lab.shown().any(is_out)
    }

    fn rates(&self, end: &End<'_>, curves: &mut Vec<Curve>) {
        let Some(place) = self.followed(end.lane) else {
            return;
        };
        let incoming = offered(end.lane);
        let is_known = curves
            .iter()
            .any(|known| known.meaning == Meaning::Ready && known.values == incoming);
        // The same arrivals in every variant are one curve.
        if !is_known {
            let differ = !curves.is_empty();
            let mut curve = end.curve(
                Meaning::Ready,
                "offered_per_s",
                Some(end.language.text(Key::In)),
                incoming,
            );
            curve.is_named = differ;
            curve.rank = usize::from(differ);
            curves.push(curve);
        }
        // Of what is not sampled nothing is drawn, also no line at zero.
        let Some(done) = level(end.lane, place, ColumnKind::Handled) else {
            return;
        };
        curves.push(end.curve(
            Meaning::Settled,
            "handled_per_s",
            Some(end.language.text(Key::Out)),
            done,
        ));
    }

    fn backlog(&self, end: &End<'_>, curves: &mut Vec<Curve>) {
        let Some(place) = self.followed(end.lane) else {
            return;
        };
        let Some(waiting) = level(end.lane, place, ColumnKind::Backlog) else {
            return;
        };
        let mut curve = end.curve(Meaning::Ready, "backlog", None, waiting);
        curve.is_filled = true;
        curve.now = number(measure(end.lane.world(), MetricKind::Backlog, place));
        curves.push(curve);
        let Some(unacked) = level(end.lane, place, ColumnKind::Unacked) else {
            return;
        };
        let word = end.language.text(Key::ChartUnacked);
        let mut curve = end.curve(Meaning::Flight, "unacked", Some(word), unacked);
        curve.now = number(measure(end.lane.world(), MetricKind::Unacked, place));
        curve.rank = 2;
        curve.stroke = 1.25;
        curves.push(curve);
    }

    fn age(&self, end: &End<'_>, curves: &mut Vec<Curve>) {
        let age = self
            .followed(end.lane)
            .and_then(|place| Some((place, level(end.lane, place, ColumnKind::Age)?)));
        if let Some((place, ages)) = age {
            let mut curve = end.curve(Meaning::Flight, "oldest_s", None, ages);
            curve.now = number(measure(end.lane.world(), MetricKind::Age, place));
            curves.push(curve);
        }
    }

    fn waits(&self, end: &End<'_>, curves: &mut Vec<Curve>) {
        let Some(place) = self.followed(end.lane) else {
            return;
        };
        let Some(begun) = level(end.lane, place, ColumnKind::Started) else {
            return;
        };
        for (rank, percentile) in self.percentiles.iter().rev().enumerate() {
            let waits = values(end.lane, place, percentile.column());
            // Where nobody's wait was over nobody knows how long one was.
            let known = |(wait, begun): (f64, &f64)| if *begun > 0.0 { wait } else { f64::NAN };
            let waits = waits.into_iter().zip(&begun).map(known).collect();
            let column = format!("wait_{}_s", percentile.id().replace('.', ""));
            let word = match percentile {
                Percentile::Max => end.language.text(Key::ChartLongest),
                other => other.id(),
            };
            let mut curve = end.curve(Meaning::Flight, &column, Some(word), waits);
            curve.stroke = percentile.stroke();
            curve.rank = rank;
            curves.push(curve);
        }
    }
}

/// What the curves of one lane in one chart have in common.
struct End<'a> {
    order: usize,
    lane: &'a Lane,
    band: Band,
    are_many: bool,
    language: Language,
}

impl End<'_> {
    /// A curve that stands where its last sample does.
    fn curve(&self, meaning: Meaning, column: &str, word: Option<&str>, values: Vec<f64>) -> Curve {
        Curve {
            band: self.band,
            order: self.order,
            variant: self.lane.name.clone(),
            meaning,
            column: column.to_owned(),
            word: word.map(str::to_owned),
            is_named: self.are_many,
            rank: 0,
            stroke: 1.75,
            is_filled: false,
            step_ns: self.lane.world().series().step().nanos(),
            now: last(&values),
            values,
            language: self.language,
        }
    }
}

/// The last value that there was to measure; not a number if there was none.
fn last(values: &[f64]) -> f64 {
    let known = values.iter().rev().copied().find(|value| !value.is_nan());
    known.unwrap_or(if values.is_empty() { 0.0 } else { f64::NAN })
}

fn number(value: Value) -> f64 {
    value.number().unwrap_or(0.0)
}

/// What a chart shows of a column, if there is one.
fn level(lane: &Lane, place: PlaceId, kind: ColumnKind) -> Option<Vec<f64>> {
    let series = lane.world().series();
    Some(chart::values(series.column(place, kind)?, series))
}

fn values(lane: &Lane, place: PlaceId, kind: ColumnKind) -> Vec<f64> {
    level(lane, place, kind).unwrap_or_default()
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

#[cfg(test)]
mod tests;
