//! Drawing charts.

use super::labels::{self, Beside, Wish};
use super::surface::{Anchor, Ink, Label, Stroke, Surface};
use super::{BOTTOM, Plot, Strip};
use crate::state::curves::Curve;
use crate::state::format;
use crate::state::layout::Point;
use crate::state::texts::Key;
use mqlab_kernel::SimTime;

/// Dashes by variant.
const DASHES: [&[f64]; 4] = [&[], &[6.0, 3.0], &[2.0, 3.0], &[8.0, 3.0, 2.0, 3.0]];

/// Over so many pixels without a value a curve is drawn all the same: there is
/// nothing to be seen of so short a gap but noise.
const GAP_MAX: f64 = 16.0;

/// One more point of the last piece.
fn push(pieces: &mut [Vec<Point>], x: f64, y: f64) {
    let Some(points) = pieces.last_mut() else {
        return;
    };
    let (point, count) = (Point { x, y }, points.len());
    if count > 1 && points[count - 1].y == y && points[count - 2].y == y {
        points[count - 1] = point;
    } else if points[count - 1] != point {
        points.push(point);
    }
}

impl Plot {
    /// Draws all of it but the values at the ends of the curves.
    pub fn draw(&self, surface: &mut impl Surface) {
        self.draw_ticks(surface);
        for strip in &self.strips {
            self.draw_strip(surface, strip);
        }
        let x = self.axis.x(self.clock);
        surface.path(&self.upright(x), Stroke::full(Ink::Accent, 1.0));
    }

    /// Writes the values at the ends of the curves.
    pub fn draw_ends(&self, surface: &mut impl Surface) {
        for strip in &self.strips {
            self.draw_values(surface, strip, None);
        }
    }

    /// Draws the line at an instant with the values there: in place of those
    /// at the ends, which would stand in their way.
    pub fn draw_crosshair(&self, surface: &mut impl Surface, at: SimTime) {
        let x = self.axis.x(at);
        surface.path(&self.upright(x), Stroke::full(Ink::Ink, 1.0));
        for strip in &self.strips {
            for curve in &strip.curves {
                if let Some(value) = self.value(curve, at) {
                    let point = Point { x, y: strip.y(value) };
                    surface.dot(point, 3.0, curve.meaning.into());
                }
            }
            self.draw_values(surface, strip, Some(at));
        }
        let time = format::clock(at, 3);
        let time = format!("{}{}", time.0, time.1.trim_end_matches(['0', '.']));
        let half = surface.width_of(&time) / 2.0 + 4.0;
        let middle = x.clamp(half, (self.width - half).max(half));
        let y = self.height - BOTTOM + 16.0;
        let ground = super::surface::corners(middle - half, y - 13.0, 2.0 * half, 17.0);
        surface.area(&ground, Ink::Panel, 1.0);
        surface.label(Label {
            text: &time,
            at: Point { x: middle, y },
            anchor: Anchor::Middle,
            ink: Ink::Ink,
            is_strong: true,
        });
    }

    /// What a curve is worth at an instant that has come.
    pub fn value(&self, curve: &Curve, at: SimTime) -> Option<f64> {
        if at > self.clock { None } else { curve.at(at) }
    }

    fn upright(&self, x: f64) -> [Point; 2] {
        let x = x.round() + 0.5;
        let bottom = self.height - BOTTOM;
        [Point { x, y: 4.0 }, Point { x, y: bottom }]
    }

    fn draw_ticks(&self, surface: &mut impl Surface) {
        let bottom = self.height - BOTTOM;
        for (index, (tick, text, is_strong)) in self.ticks().iter().enumerate() {
            let x = self.axis.x(*tick).round() + 0.5;
            let stroke = Stroke {
                ink: Ink::Line,
                width: 1.0,
                dash: if *is_strong { &[] } else { &[1.0, 4.0] },
            };
            surface.path(&[Point { x, y: 4.0 }, Point { x, y: bottom }], stroke);
            let anchor = match index {
                0 if !self.axis.is_wide => Anchor::Start,
                _ if x > self.width - 24.0 => Anchor::End,
                _ => Anchor::Middle,
            };
            surface.label(Label {
                text,
                at: Point { x, y: bottom + 16.0 },
                anchor,
                ink: Ink::Soft,
                is_strong: false,
            });
        }
    }

    fn draw_strip(&self, surface: &mut impl Surface, strip: &Strip) {
        let base = (strip.top + strip.height).round() + 0.5;
        let edge = |x| Point { x, y: base };
        let ground = [edge(self.axis.left), edge(self.axis.right)];
        surface.path(&ground, Stroke::full(Ink::Line, 1.0));
        for curve in &strip.curves {
            self.draw_curve(surface, strip, curve);
        }
        let name = self.language.text(strip.band.name());
        let full = strip.band.label(strip.scale, self.language);
        let mut say = |text: &str, x: f64, y: f64, ink: Ink| {
            surface.label(Label {
                text,
                at: Point { x, y },
                anchor: Anchor::Start,
                ink,
                is_strong: false,
            });
        };
        if self.axis.is_wide {
            say(name, 16.0, strip.top + 10.0, Ink::Ink);
            say(&full, 16.0, strip.top + 26.0, Ink::Soft);
        } else {
            say(&format!("{name} · {full}"), self.axis.left, strip.top - 4.0, Ink::Soft);
        }
        if strip.is_left_out && strip.curves.is_empty() {
            let middle = strip.top + strip.height / 2.0;
            say(
                self.language.text(Key::ChartLeftOut),
                self.axis.left + 8.0,
                middle,
                Ink::Soft,
            );
        }
    }

    fn draw_curve(&self, surface: &mut impl Surface, strip: &Strip, curve: &Curve) {
        for points in self.pieces(strip, curve) {
            // A sample by itself would hardly be seen.
            if let [only] = points.as_slice() {
                surface.dot(*only, 1.0 + curve.stroke / 2.0, curve.meaning.into());
                continue;
            }
            if curve.is_filled
                && let (Some(first), Some(last)) = (points.first(), points.last())
            {
                let base = strip.y(0.0);
                let mut ground = points.clone();
                ground.push(Point { x: last.x, y: base });
                ground.push(Point { x: first.x, y: base });
                surface.area(&ground, curve.meaning.into(), 0.14);
            }
            let stroke = Stroke {
                ink: curve.meaning.into(),
                width: curve.stroke,
                dash: DASHES[curve.order % DASHES.len()],
            };
            surface.path(&points, stroke);
        }
    }

    /// The points of a curve, no more than can be seen: of the samples that
    /// fall on one column of pixels the extremes and the last, and nothing
    /// inside of what is level. Where for long there was nothing to measure it
    /// is in pieces.
    pub(super) fn pieces(&self, strip: &Strip, curve: &Curve) -> Vec<Vec<Point>> {
        let at = |index: usize| SimTime::from_nanos(curve.step_ns * (index as u64 + 1)).min(self.clock);
        let x = |index: usize| self.axis.x(at(index));
        let first = curve.values.first().copied().unwrap_or(curve.now);
        let mut pieces: Vec<Vec<Point>> = Vec::new();
        if !first.is_nan() {
            let y = strip.y(first);
            pieces.push(vec![Point { x: self.axis.left, y }]);
        }
        let mut index = 0;
        while index < curve.values.len() {
            let column = x(index).floor();
            let (mut low, mut high, mut last) = (f64::INFINITY, f64::NEG_INFINITY, f64::NAN);
            while index < curve.values.len() && x(index).floor() <= column {
                let value = curve.values[index];
                if !value.is_nan() {
                    (low, high, last) = (low.min(value), high.max(value), value);
                }
                index += 1;
            }
            if last.is_nan() {
                continue;
            }
            let before = pieces.last().and_then(|piece| piece.last());
            if before.is_none_or(|before| column - before.x > GAP_MAX) {
                let y = strip.y(low);
                pieces.push(vec![Point { x: column, y }]);
            }
            for value in [low, high, last] {
                push(&mut pieces, column, strip.y(value));
            }
        }
        // A curve that has begun goes on to the clock, unless it has ended.
        let end = self.axis.x(self.clock);
        let reaches = |piece: &Vec<Point>| piece.last().is_some_and(|last| end - last.x <= GAP_MAX);
        if pieces.last().is_some_and(reaches) || !curve.values.last().is_some_and(|last| last.is_nan()) {
            // A variant that ended before stands since then where it stands.
            let y = strip.y(curve.now);
            push(&mut pieces, x(curve.values.len()), y);
            push(&mut pieces, end, y);
        }
        pieces
    }

    /// Writes the values of a chart beside a line: at their ends, or at an
    /// instant.
    pub(super) fn draw_values(&self, surface: &mut impl Surface, strip: &Strip, at: Option<SimTime>) {
        let wish = |curve: &Curve| {
            let value = match at {
                Some(at) => self.value(curve, at)?,
                None => Some(curve.now).filter(|now| !now.is_nan())?,
            };
            Some(Wish {
                text: curve.say(value),
                y: strip.y(value) + 4.0,
                ink: curve.meaning.into(),
                rank: curve.rank,
            })
        };
        let wishes: Vec<Wish> = strip.curves.iter().filter_map(wish).collect();
        // Names of charts stand left of them, or where that is narrow above them.
        let (above, left) = if self.axis.is_wide {
            (6.0, self.axis.left)
        } else {
            (10.0, 2.0)
        };
        let placed = labels::place(wishes, (strip.top + above, strip.top + strip.height + 2.0));
        let beside = Beside {
            x: self.axis.x(at.unwrap_or(self.clock)),
            left,
            right: self.width - 4.0,
        };
        labels::draw(surface, &placed, beside);
    }
}
