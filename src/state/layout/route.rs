//! How a way runs: smooth, and measured, so that a packet stands where it is.

use super::{Point, Spot};

/// A way as cubic curves, one after the other.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Route {
    /// The curves.
    pub curves: Vec<[Point; 4]>,
    /// Points of it at equal distances, first and last included.
    points: Vec<Point>,
    /// Its length.
    pub length: f64,
    /// What it stays within.
    pub room: Spot,
}

/// About how far measured points stand apart.
const STEP: f64 = 5.0;

/// The most points of one: those of a long way stand further apart.
const POINTS_MAX: f64 = 600.0;

impl Route {
    /// A route through these curves.
    fn through(curves: Vec<[Point; 4]>) -> Self {
        const PARTS: u32 = 16;
        let mut fine = Vec::new();
        for curve in &curves {
            let parts = if is_straight(curve) { 1 } else { PARTS };
            fine.extend((0..parts).map(|part| at(curve, f64::from(part) / f64::from(parts))));
        }
        fine.extend(curves.last().map(|curve| curve[3]));
        let length: f64 = fine.windows(2).map(|pair| distance(pair[0], pair[1])).sum();
        let points = evenly(&fine, length);
        let room = around(&curves);
        Route {
            curves,
            points,
            length,
            room,
        }
    }

    /// The same, elsewhere.
    pub(super) fn moved(&self, by: Point) -> Self {
        let curve = |curve: &[Point; 4]| curve.map(|point| point.moved(by));
        Route {
            curves: self.curves.iter().map(curve).collect(),
            points: self.points.iter().map(|point| point.moved(by)).collect(),
            length: self.length,
            room: self.room.moved(by),
        }
    }

    /// The point at a share of the way, 0 to 1.
    pub fn at(&self, share: f64) -> Point {
        let (before, after, rest) = self.around(share);
        Point {
            x: before.x + (after.x - before.x) * rest,
            y: before.y + (after.y - before.y) * rest,
        }
    }

    /// The direction there, as a vector of length 1.
    pub fn heading(&self, share: f64) -> Point {
        let (before, after, _) = self.around(share);
        let far = distance(before, after).max(1e-9);
        Point {
            x: (after.x - before.x) / far,
            y: (after.y - before.y) / far,
        }
    }

    fn around(&self, share: f64) -> (Point, Point, f64) {
        let Some(last) = self.points.len().checked_sub(2) else {
            return Default::default();
        };
        let at = share.clamp(0.0, 1.0) * (last + 1) as f64;
        let index = (at as usize).min(last);
        (self.points[index], self.points[index + 1], at - index as f64)
    }

    /// Where it crosses a level line.
    pub(super) fn crosses(&self, y: f64) -> impl Iterator<Item = f64> {
        let is_near = (self.room.center.y - y).abs() <= self.room.height / 2.0;
        let pairs = self.points.windows(2).filter(move |_| is_near);
        pairs.filter_map(move |pair| {
            let (before, after) = (pair[0].y - y, pair[1].y - y);
            let crosses = (before <= 0.0) != (after <= 0.0);
            crosses.then(|| pair[0].x + (pair[1].x - pair[0].x) * before / (before - after))
        })
    }

    /// How far a point is from it, and at which share it is nearest.
    pub fn nearest(&self, point: Point) -> Option<(f64, f64)> {
        let last = self.points.len().checked_sub(1)?.max(1) as f64;
        let distances = self.points.iter().enumerate();
        let distances = distances.map(|(index, other)| (distance(point, *other), index as f64 / last));
        distances.min_by(|a, b| a.0.total_cmp(&b.0))
    }
}

/// The route of a way with the flow: level through the layers, bent between
/// them.
pub(super) fn forward(knots: &[Point], is_vertical: bool) -> Route {
    let mut curves = Vec::new();
    for pair in knots.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        if distance(a, b) < 1e-6 {
            continue;
        }
        curves.push(if is_vertical {
            let middle = (a.y + b.y) / 2.0;
            [a, Point { x: a.x, y: middle }, Point { x: b.x, y: middle }, b]
        } else {
            let middle = (a.x + b.x) / 2.0;
            [a, Point { x: middle, y: a.y }, Point { x: middle, y: b.y }, b]
        });
    }
    Route::through(curves)
}

/// The route of a way against the flow: straight with round corners.
pub(super) fn backward(knots: &[Point]) -> Route {
    const RADIUS: f64 = 10.0;
    let toward = |from: Point, to: Point, far: f64| {
        let share = far / distance(from, to).max(1e-9);
        Point {
            x: from.x + (to.x - from.x) * share,
            y: from.y + (to.y - from.y) * share,
        }
    };
    let mut curves = Vec::new();
    let mut knots = knots.to_vec();
    knots.dedup_by(|a, b| distance(*a, *b) < 1e-6);
    let Some(mut at) = knots.first().copied() else {
        return Route::default();
    };
    for corner in knots.windows(3) {
        let [a, b, c] = [corner[0], corner[1], corner[2]];
        let radius = RADIUS.min(distance(a, b) / 2.0).min(distance(b, c) / 2.0);
        let (begin, end) = (toward(b, a, radius), toward(b, c, radius));
        curves.push(line(at, begin));
        curves.push([begin, toward(begin, b, radius * 0.6), toward(end, b, radius * 0.6), end]);
        at = end;
    }
    curves.extend(knots.last().map(|last| line(at, *last)));
    curves.retain(|curve| distance(curve[0], curve[3]) > 1e-6);
    Route::through(curves)
}

fn line(a: Point, b: Point) -> [Point; 4] {
    let part = |share: f64| Point {
        x: a.x + (b.x - a.x) * share,
        y: a.y + (b.y - a.y) * share,
    };
    [a, part(1.0 / 3.0), part(2.0 / 3.0), b]
}

/// A curve stays within what lies between its four points.
fn around(curves: &[[Point; 4]]) -> Spot {
    let Some(first) = curves.first().map(|curve| curve[0]) else {
        return Spot::default();
    };
    let grown = |(low, high): (Point, Point), point: &Point| {
        let (left, right) = (low.x.min(point.x), high.x.max(point.x));
        let (top, bottom) = (low.y.min(point.y), high.y.max(point.y));
        (Point { x: left, y: top }, Point { x: right, y: bottom })
    };
    let (low, high) = curves.iter().flatten().fold((first, first), grown);
    let middle = |low: f64, high: f64| low + (high - low) / 2.0;
    Spot::at(
        middle(low.x, high.x),
        middle(low.y, high.y),
        high.x - low.x,
        high.y - low.y,
    )
}

fn is_straight(curve: &[Point; 4]) -> bool {
    let [a, b, c, d] = curve;
    let off = |point: &Point| ((d.x - a.x) * (point.y - a.y) - (d.y - a.y) * (point.x - a.x)).abs();
    off(b) < 1e-6 && off(c) < 1e-6
}

fn at(curve: &[Point; 4], share: f64) -> Point {
    let rest = 1.0 - share;
    let weights = [
        rest * rest * rest,
        3.0 * rest * rest * share,
        3.0 * rest * share * share,
        share * share * share,
    ];
    let sum = |part: fn(&Point) -> f64| {
        curve
            .iter()
            .zip(weights)
            .map(|(point, weight)| part(point) * weight)
            .sum()
    };
    Point {
        x: sum(|point| point.x),
        y: sum(|point| point.y),
    }
}

fn distance(a: Point, b: Point) -> f64 {
    ((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y)).sqrt()
}

/// Points at equal distances along a polygon.
fn evenly(fine: &[Point], length: f64) -> Vec<Point> {
    let (Some(first), Some(last)) = (fine.first(), fine.last()) else {
        return Vec::new();
    };
    let count = (length / STEP).ceil().clamp(1.0, POINTS_MAX) as usize;
    let mut points = vec![*first];
    let (mut index, mut gone) = (0, 0.0);
    for step in 1..count {
        let goal = length * step as f64 / count as f64;
        while index + 2 < fine.len() && gone + distance(fine[index], fine[index + 1]) < goal {
            gone += distance(fine[index], fine[index + 1]);
            index += 1;
        }
        let (a, b) = (fine[index], fine[index + 1]);
        let share = ((goal - gone) / distance(a, b).max(1e-9)).clamp(0.0, 1.0);
        points.push(Point {
            x: a.x + (b.x - a.x) * share,
            y: a.y + (b.y - a.y) * share,
        });
    }
    points.push(*last);
    points
}
