//! The charts: what each of them shows, and how its values are written.

use super::Curve;
use crate::state::chart;
use crate::state::texts::{Key, Language};
use crate::state::{format, local};
use mqlab_engine::ColumnKind;

/// One of the charts, from top to bottom.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Band {
    /// Messages in and out, a second.
    Rate,
    /// Messages nobody works on yet, and those that are delivered and not
    /// acknowledged.
    Backlog,
    /// Age of the message at the head of the queue.
    Age,
    /// Percentiles of the waits since the sample before.
    Wait,
    /// The share of their workers' time that services use, and of their
    /// capacity that tables do.
    Load,
}

impl Band {
    /// Every chart.
    pub const ALL: [Band; 5] = [Band::Rate, Band::Backlog, Band::Age, Band::Wait, Band::Load];

    /// Its name in settings, files and tests.
    pub const fn id(self) -> &'static str {
        match self {
            Band::Rate => "rate",
            Band::Backlog => "backlog",
            Band::Age => "age",
            Band::Wait => "wait",
            Band::Load => "load",
        }
    }

    /// Its name.
    pub const fn name(self) -> Key {
        match self {
            Band::Rate => Key::ChartRate,
            Band::Backlog => Key::ChartBacklog,
            Band::Age => Key::ChartAge,
            Band::Wait => Key::ChartWait,
            Band::Load => Key::ChartLoad,
        }
    }

    /// How much room it needs beside the others: the backlog is what a queue
    /// is about.
    pub const fn weight(self) -> f64 {
        match self {
            Band::Backlog => 4.0,
            _ => 3.0,
        }
    }

    /// How its values are written.
    pub fn label(self, value: f64, language: Language) -> String {
        match self {
            Band::Rate => local::rate(value, language),
            Band::Backlog => format::number(value.round()),
            Band::Age | Band::Wait => local::span(value, language),
            Band::Load => local::share(value, language),
        }
    }

    /// Where its scale ends: the same for all of its curves, so that variants
    /// compare.
    pub fn scale(self, curves: &[Curve]) -> f64 {
        let values = curves
            .iter()
            .flat_map(|curve| curve.values.iter().copied().chain([curve.now]));
        let most = values.fold(0.0, f64::max);
        // A little room above, so that a level line does not lie on the edge.
        match self {
            Band::Rate | Band::Backlog => chart::nice_ceiling(f64::max(most * 1.02, 1.0)),
            Band::Age | Band::Wait => chart::nice_span(f64::max(most * 1.02, 1e6)),
            Band::Load if most <= 1.0 => 1.0,
            Band::Load => chart::nice_ceiling(most),
        }
    }
}

/// One of the percentiles that the chart of the waits can show.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Percentile {
    /// The median.
    P50,
    /// 90 %.
    P90,
    /// 99 %.
    P99,
    /// 99.9 %.
    P999,
    /// The longest wait.
    Max,
}

impl Percentile {
    /// Every one, the shortest waits first.
    pub const ALL: [Percentile; 5] = [
        Percentile::P50,
        Percentile::P90,
        Percentile::P99,
        Percentile::P999,
        Percentile::Max,
    ];

    /// Its name, the same in every language.
    pub const fn id(self) -> &'static str {
        match self {
            Percentile::P50 => "p50",
            Percentile::P90 => "p90",
            Percentile::P99 => "p99",
            Percentile::P999 => "p99.9",
            Percentile::Max => "max",
        }
    }

    /// The engine's column of it.
    pub const fn column(self) -> ColumnKind {
        match self {
            Percentile::P50 => ColumnKind::WaitP50,
            Percentile::P90 => ColumnKind::WaitP90,
            Percentile::P99 => ColumnKind::WaitP99,
            Percentile::P999 => ColumnKind::WaitP999,
            Percentile::Max => ColumnKind::WaitMax,
        }
    }

    /// How strong its line is: all of them have one colour.
    pub const fn stroke(self) -> f64 {
        match self {
            Percentile::P50 => 1.0,
            Percentile::P90 => 1.35,
            Percentile::P99 => 1.75,
            Percentile::P999 => 2.25,
            Percentile::Max => 2.75,
        }
    }
}
