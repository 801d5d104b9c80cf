//! The charts: rate, backlog and waiting time on one time axis.

use super::curve;
use super::pen::{Align, Pen};
use crate::state::chart;
use crate::state::curves::{self, Band, Curve};
use crate::state::lab::Lab;
use crate::state::layout::Point;
use crate::state::selection::Selection;
use crate::state::texts::{Key, Language};
use mqlab_kernel::SimTime;

/// Room left of the time axis, on a wide and on a narrow canvas.
pub(crate) const LEFT: (f64, f64) = (104.0, 12.0);
/// Room right of it, where labels of the last curves stand.
pub(crate) const RIGHT: (f64, f64) = (168.0, 12.0);
/// From this width on a canvas is wide.
pub(crate) const WIDE: f64 = 700.0;

/// Where the line of the time axis stands from the top.
const SCRUBBER: f64 = 24.0;
const TOP: f64 = 46.0;
const BOTTOM: f64 = 28.0;
const GAP: f64 = 14.0;

/// How the charts are drawn.
pub(crate) struct Charts<'a> {
    pub(crate) lab: &'a Lab,
    pub(crate) language: Language,
    pub(crate) selection: Option<Selection>,
}

/// From instants to the canvas.
pub(super) struct Axis {
    pub(super) left: f64,
    right: f64,
    end_ns: f64,
    /// Where the clock stands.
    pub(super) now: f64,
    is_wide: bool,
}

impl Axis {
    pub(super) fn x(&self, at: SimTime) -> f64 {
        self.left + (self.right - self.left) * (at.nanos() as f64 / self.end_ns).min(1.0)
    }
}

/// Draws all of them.
pub(crate) fn draw(pen: &Pen<'_>, charts: &Charts<'_>) {
    let is_wide = pen.width >= WIDE;
    let side = |(wide, narrow): (f64, f64)| if is_wide { wide } else { narrow };
    let mut axis = Axis {
        left: side(LEFT),
        right: pen.width - side(RIGHT),
        end_ns: charts.lab.axis_end().nanos().max(1) as f64,
        now: 0.0,
        is_wide,
    };
    axis.now = axis.x(charts.lab.clock());
    ticks(pen, charts, &axis);
    scrubber(pen, charts, &axis);
    let room = pen.height - TOP - BOTTOM - 2.0 * GAP;
    // The backlog is what a queue is about: it has the most room.
    let heights = [0.3, 0.4, 0.3].map(|share| share * room);
    let mut top = TOP;
    for (band, height) in Band::ALL.into_iter().zip(heights) {
        let curves = curves::of_band(charts.lab, band, charts.selection, charts.language);
        draw_band(pen, charts, &axis, band, &curves, (top, height));
        top += height + GAP;
    }
    pen.stroke(&pen.colors.accent, 1.0);
    pen.line(
        Point {
            x: axis.now,
            y: SCRUBBER + 7.0,
        },
        Point {
            x: axis.now,
            y: pen.height - BOTTOM,
        },
    );
}

fn ticks(pen: &Pen<'_>, charts: &Charts<'_>, axis: &Axis) {
    let most = ((axis.right - axis.left) / 84.0).floor().max(2.0) as usize;
    let (ticks, group) = chart::time_ticks(charts.lab.axis_end(), most);
    let step = ticks.get(1).map_or(1, |tick| tick.nanos());
    let bottom = pen.height - BOTTOM;
    for (index, tick) in ticks.iter().enumerate() {
        let x = axis.x(*tick).round() + 0.5;
        pen.stroke(&pen.colors.line, 1.0);
        if !index.is_multiple_of(group) {
            pen.dash(&[1.0, 4.0]);
        }
        pen.line(Point { x, y: TOP }, Point { x, y: bottom });
        pen.dash(&[]);
        let align = match index {
            0 if !axis.is_wide => Align::Left,
            _ if x > pen.width - 24.0 => Align::Right,
            _ => Align::Center,
        };
        let at = Point { x, y: bottom + 18.0 };
        pen.text(
            &chart::tick_label(*tick, step, charts.language),
            at,
            12.0,
            &pen.colors.soft,
            align,
        );
    }
}

fn scrubber(pen: &Pen<'_>, charts: &Charts<'_>, axis: &Axis) {
    let point = |x| Point { x, y: SCRUBBER };
    pen.stroke(&pen.colors.line, 2.0);
    pen.line(point(axis.left), point(axis.right));
    pen.stroke(&pen.colors.accent, 2.0);
    pen.line(point(axis.left), point(axis.now));
    let mut free_from = f64::NEG_INFINITY;
    for death in curves::deaths(charts.lab) {
        let x = axis.x(death.at);
        pen.fill(&pen.colors.lost);
        pen.triangle(Point { x, y: SCRUBBER - 10.0 }, 5.0, false);
        let text = charts.language.with(Key::Dies, &death.name);
        let wide = pen.width_of(&text, 12.0);
        let (at, align) = if x - wide - 10.0 > axis.left {
            (x - 9.0, Align::Right)
        } else {
            (x + 9.0, Align::Left)
        };
        // A word that would stand on another one is left out; the mark stays.
        if at - wide > free_from {
            pen.text(&text, Point { x: at, y: 16.0 }, 12.0, &pen.colors.soft, align);
            free_from = at;
        }
    }
}

fn draw_band(pen: &Pen<'_>, charts: &Charts<'_>, axis: &Axis, band: Band, curves: &[Curve], (top, height): (f64, f64)) {
    let scale = band.scale(curves);
    let y = |value: f64| top + height - height * (value / scale).min(1.0);
    pen.stroke(&pen.colors.line, 1.0);
    let base = (top + height).round() + 0.5;
    pen.line(Point { x: axis.left, y: base }, Point { x: axis.right, y: base });
    for one in curves {
        curve::draw(pen, charts, axis, one, &y, band == Band::Backlog);
    }
    let name = charts.language.text(band.name());
    let full = band.label(scale, charts.language);
    let colors = pen.colors;
    if axis.is_wide {
        let at = |y| Point { x: 16.0, y };
        pen.text(name, at(top + 12.0), 12.0, &colors.ink, Align::Left);
        pen.text(&full, at(top + 28.0), 12.0, &colors.soft, Align::Left);
    } else {
        let at = Point {
            x: axis.left,
            y: top + 2.0,
        };
        pen.text(&format!("{name} · {full}"), at, 12.0, &colors.soft, Align::Left);
    }
    curve::labels(pen, axis, curves, &y, (top, height));
}
