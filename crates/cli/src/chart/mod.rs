//! Charts of a run: rates, backlog and waits over simulated time.
//!
//! [`Chart`] is plain data, made from the samples that a world keeps; [`draw`]
//! puts it on any surface that `plotters` can draw on, and [`svg`] on one in
//! memory. None of this knows of files, so a page can draw the same.

mod axis;
mod drawing;
mod sampled;

pub use drawing::{draw, svg};

use mqlab_engine::{ColumnKind, Places, Series};
use sampled::{Sampled, simplified};

/// Most curves in one panel; more could not be told apart.
const CURVES_MAX: usize = 16;

/// What is drawn: panels below each other over one time axis.
#[derive(Clone, PartialEq, Debug)]
pub struct Chart {
    /// The line above all panels.
    pub title: String,
    /// From top to bottom.
    pub panels: Vec<Panel>,
    /// How many variants were added; each has its own colour.
    pub variants: usize,
    /// What lies along the horizontal axis.
    pub across: Across,
}

/// What lies along a horizontal axis.
#[derive(Clone, PartialEq, Debug)]
pub enum Across {
    /// Simulated time, in nanoseconds.
    Time,
    /// Values that something was set to: where they stand, and how they are
    /// written.
    Settings {
        /// What was set.
        path: String,
        /// Its values.
        values: Vec<(f64, String)>,
    },
}

/// One panel.
#[derive(Clone, PartialEq, Debug)]
pub struct Panel {
    /// The line above it.
    pub title: String,
    /// What its vertical axis counts.
    pub quantity: Quantity,
    /// Its curves.
    pub curves: Vec<Curve>,
    /// How many more there would be; the smallest are left out.
    pub left_out: usize,
}

/// What a vertical axis counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Quantity {
    /// Things.
    Count,
    /// Things per second.
    PerSecond,
    /// Nanoseconds.
    Span,
    /// Instants of the simulated clock, in nanoseconds.
    Instant,
    /// Shares of 1.
    Share,
}

/// One curve.
#[derive(Clone, PartialEq, Debug)]
pub struct Curve {
    /// What stands at its end.
    pub label: String,
    /// The variant that it belongs to, counted from 0: its colour.
    pub variant: usize,
    /// How it is drawn, so that colour is never the only difference.
    pub stroke: Stroke,
    /// Places on the horizontal axis, and values.
    pub points: Vec<(f64, f64)>,
    /// How sure the values are: places, and the ends of an interval.
    pub intervals: Vec<(f64, f64, f64)>,
}

/// How a line is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stroke {
    /// Without gaps.
    Solid,
    /// With gaps.
    Dashed,
}

impl Chart {
    /// A chart without curves.
    pub fn new(title: &str) -> Self {
        let panel = |title: &str, quantity| Panel {
            title: title.to_owned(),
            quantity,
            curves: Vec::new(),
            left_out: 0,
        };
        Chart {
            title: title.to_owned(),
            panels: vec![
                panel("messages per second", Quantity::PerSecond),
                panel("backlog", Quantity::Count),
                panel("wait until the handling starts", Quantity::Span),
            ],
            variants: 0,
            across: Across::Time,
        }
    }

    /// Adds the curves of one variant.
    pub fn add(&mut self, name: &str, series: &Series, places: &Places) {
        let sampled = Sampled { series, places };
        let inlets = sampled.inlets();
        let variant = self.variants;
        self.variants += 1;
        let mut push = |panel: usize, words: &[&str], stroke, points| {
            let label: Vec<&str> = words.iter().copied().filter(|word| !word.is_empty()).collect();
            let label = label.join(" ");
            let curve = Curve {
                label,
                variant,
                stroke,
                points: simplified(points),
                intervals: Vec::new(),
            };
            self.panels[panel].curves.push(curve);
        };
        push(0, &[name, "offered"], Stroke::Dashed, sampled.offered());
        for &inlet in &inlets {
            // One queue alone needs no name.
            let place = if inlets.len() > 1 {
                places.get(inlet).name.as_str()
            } else {
                ""
            };
            push(
                0,
                &[name, place, "handled"],
                Stroke::Solid,
                sampled.rate(inlet, ColumnKind::Handled),
            );
            push(
                1,
                &[name, place],
                Stroke::Solid,
                sampled.level(inlet, ColumnKind::Backlog),
            );
            push(
                2,
                &[name, place, "p50"],
                Stroke::Solid,
                sampled.level(inlet, ColumnKind::WaitP50),
            );
            push(
                2,
                &[name, place, "p99"],
                Stroke::Dashed,
                sampled.level(inlet, ColumnKind::WaitP99),
            );
        }
        self.panels.iter_mut().for_each(Panel::thin_out);
    }

    /// The end of the time axis, in nanoseconds.
    pub fn end(&self) -> f64 {
        let curves = self.panels.iter().flat_map(|panel| &panel.curves);
        let ends = curves.filter_map(|curve| curve.points.last());
        ends.map(|(at, _)| *at).fold(1.0, f64::max)
    }
}

impl Panel {
    /// The highest value of any curve.
    pub fn top(&self) -> f64 {
        self.curves.iter().map(Curve::peak).fold(0.0, f64::max)
    }

    /// Leaves out the smallest curves if there are too many.
    pub(crate) fn thin_out(&mut self) {
        while self.curves.len() > CURVES_MAX {
            let smallest = (0..self.curves.len()).min_by(|a, b| {
                let (a, b) = (self.curves[*a].peak(), self.curves[*b].peak());
                a.total_cmp(&b)
            });
            let Some(smallest) = smallest else { return };
            self.curves.remove(smallest);
            self.left_out += 1;
        }
    }
}

impl Curve {
    fn peak(&self) -> f64 {
        let ends = self.intervals.iter().map(|(_, _, high)| *high);
        self.points
            .iter()
            .map(|(_, value)| *value)
            .chain(ends)
            .fold(0.0, f64::max)
    }
}
