//! Charts below each other on one time axis: where everything stands, and
//! drawing it on whatever can be drawn on.

mod axis;
mod draw;
mod labels;
pub mod surface;
pub mod svg;

pub use axis::{Axis, WIDE};

use super::chart;
use super::curves::{Asked, Band, Curve};
use super::texts::Language;
use mqlab_kernel::SimTime;

const BOTTOM: f64 = 24.0;
/// Above every chart: where there is no room beside it, its name stands there.
const GAP: (f64, f64) = (14.0, 22.0);

/// One chart.
#[derive(Clone, PartialEq, Debug)]
pub struct Strip {
    /// Which.
    pub band: Band,
    /// Where it begins, from the top.
    pub top: f64,
    /// How tall it is.
    pub height: f64,
    /// The value at its upper edge.
    pub scale: f64,
    /// Its curves.
    pub curves: Vec<Curve>,
    /// Whether some are missing, because samples are taken of so many things only.
    pub is_left_out: bool,
}

impl Strip {
    /// Where a value is, from the top.
    pub fn y(&self, value: f64) -> f64 {
        self.top + self.height - self.height * (value / self.scale).clamp(0.0, 1.0)
    }
}

/// All charts.
#[derive(Clone, PartialEq, Debug)]
pub struct Plot {
    /// Their time axis.
    pub axis: Axis,
    /// The charts, from top to bottom.
    pub strips: Vec<Strip>,
    /// How wide the picture is.
    pub width: f64,
    /// How tall it is.
    pub height: f64,
    /// Where the clock stands.
    pub clock: SimTime,
    language: Language,
}

impl Plot {
    /// The charts of some bands in a picture of this size.
    pub fn new(asked: &Asked<'_>, bands: &[Band], (width, height): (f64, f64)) -> Plot {
        let axis = Axis::new(width, asked.lab.axis_end());
        let gap = if axis.is_wide { GAP.0 } else { GAP.1 };
        let room = (height - BOTTOM - bands.len() as f64 * gap).max(1.0);
        let weights: f64 = bands.iter().map(|band| band.weight()).sum();
        let mut top = gap;
        let strips = bands.iter().map(|band| {
            let curves = asked.curves(*band);
            let strip = Strip {
                band: *band,
                top,
                height: room * band.weight() / weights,
                scale: band.scale(&curves),
                curves,
                is_left_out: asked.is_left_out(*band),
            };
            top += strip.height + gap;
            strip
        });
        Plot {
            strips: strips.collect(),
            axis,
            width,
            height,
            clock: asked.lab.clock(),
            language: asked.language,
        }
    }

    /// Ticks of the time axis: where, what they say, and whether they are
    /// strong.
    fn ticks(&self) -> Vec<(SimTime, String, bool)> {
        let most = ((self.axis.right - self.axis.left) / 84.0).floor().max(2.0) as usize;
        let (ticks, group) = chart::time_ticks(self.axis.end, most);
        let step = ticks.get(1).map_or(1, |tick| tick.nanos());
        let told = ticks.into_iter().enumerate();
        told.map(|(index, tick)| {
            (
                tick,
                chart::tick_label(tick, step, self.language),
                index.is_multiple_of(group),
            )
        })
        .collect()
    }
}

#[cfg(test)]
mod tests;
