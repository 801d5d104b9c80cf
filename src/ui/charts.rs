//! The charts: rate, backlog and waiting time on one time axis.

use super::pen::{Align, Pen};
use crate::state::chart;
use crate::state::curves::{self, Band, Curve, Meaning};
use crate::state::lab::Lab;
use crate::state::layout::Point;
use crate::state::session::Selection;
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
struct Axis {
    left: f64,
    right: f64,
    end_ns: f64,
    now: f64,
    is_wide: bool,
}

impl Axis {
    fn x(&self, at: SimTime) -> f64 {
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
        pen.text(&chart::tick_label(*tick, step), at, 12.0, &pen.colors.soft, align);
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
    for curve in curves {
        draw_curve(pen, charts, axis, curve, &y, band == Band::Backlog);
    }
    let name = charts.language.text(band.name());
    let full = band.label(scale);
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
    labels(pen, axis, curves, &y, (top, height));
}

fn draw_curve(
    pen: &Pen<'_>,
    charts: &Charts<'_>,
    axis: &Axis,
    curve: &Curve,
    y: &impl Fn(f64) -> f64,
    is_filled: bool,
) {
    let clock = charts.lab.clock();
    let x = |index: usize| axis.x(SimTime::from_nanos(curve.step_ns * (index as u64 + 1)).min(clock));
    let color = color(pen, curve.meaning);
    let cx = &pen.cx;
    let path = || {
        cx.begin_path();
        cx.move_to(axis.left, y(curve.values.first().copied().unwrap_or(0.0)));
        // Several samples may fall on one column of pixels: its first, its
        // extremes and its last tell all that can be seen.
        let mut index = 0;
        while index < curve.values.len() {
            let column = x(index).floor();
            let (mut low, mut high, mut last) = (f64::INFINITY, f64::NEG_INFINITY, 0.0);
            while index < curve.values.len() && x(index).floor() <= column {
                last = curve.values[index];
                low = low.min(last);
                high = high.max(last);
                index += 1;
            }
            cx.line_to(column, y(low));
            cx.line_to(column, y(high));
            cx.line_to(column, y(last));
        }
        cx.line_to(axis.now, y(curve.now));
    };
    if is_filled {
        path();
        cx.line_to(axis.now, y(0.0));
        cx.line_to(axis.left, y(0.0));
        cx.close_path();
        cx.set_global_alpha(0.14);
        pen.fill(color);
        cx.fill();
        cx.set_global_alpha(1.0);
    }
    path();
    pen.stroke(color, 1.75);
    pen.dash(match curve.order {
        0 => &[],
        1 => &[6.0, 3.0],
        2 => &[2.0, 3.0],
        _ => &[8.0, 3.0, 2.0, 3.0],
    });
    cx.stroke();
    pen.dash(&[]);
}

fn labels(pen: &Pen<'_>, axis: &Axis, curves: &[Curve], y: &impl Fn(f64) -> f64, (top, height): (f64, f64)) {
    let wanted: Vec<f64> = curves.iter().map(|curve| y(curve.now) + 4.0).collect();
    let placed = chart::spread(&wanted, 14.0, (top + 6.0, top + height + 6.0));
    let widest = curves
        .iter()
        .map(|curve| pen.width_of(&curve.label, 12.0))
        .fold(0.0, f64::max);
    let fits = axis.now + 10.0 + widest <= pen.width - 4.0;
    let (x, align) = if fits {
        (axis.now + 8.0, Align::Left)
    } else {
        (axis.now - 8.0, Align::Right)
    };
    for (curve, y) in curves.iter().zip(placed) {
        // Behind a label lies the colour of the panel, or lines cross it out.
        let wide = pen.width_of(&curve.label, 12.0);
        let left = if fits { x } else { x - wide };
        pen.cx.set_global_alpha(0.85);
        pen.fill(&pen.colors.panel);
        pen.cx.fill_rect(left - 2.0, y - 11.0, wide + 4.0, 14.0);
        pen.cx.set_global_alpha(1.0);
        pen.weighted(
            &curve.label,
            Point { x, y },
            12.0,
            500,
            color(pen, curve.meaning),
            align,
        );
    }
}

fn color<'a>(pen: &'a Pen<'_>, meaning: Meaning) -> &'a str {
    match meaning {
        Meaning::Ready => &pen.colors.ready,
        Meaning::Settled => &pen.colors.settled,
        Meaning::Flight => &pen.colors.flight,
    }
}
