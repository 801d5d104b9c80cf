//! One curve of a chart, and what stands at its end.

use super::charts::{Axis, Charts};
use super::pen::{Align, Pen};
use crate::state::chart;
use crate::state::curves::{Curve, Meaning};
use crate::state::layout::Point;
use mqlab_kernel::SimTime;

/// Draws one curve.
pub(super) fn draw(
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

/// Writes the values at the ends of the curves of one chart.
pub(super) fn labels(pen: &Pen<'_>, axis: &Axis, curves: &[Curve], y: &impl Fn(f64) -> f64, (top, height): (f64, f64)) {
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
