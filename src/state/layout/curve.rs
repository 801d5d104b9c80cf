//! How a way runs from one item to another.

use super::{Point, Spot};

/// A way as a cubic curve.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Curve(pub [Point; 4]);

impl Curve {
    /// The point at a share of the way, 0 to 1.
    pub fn at(&self, share: f64) -> Point {
        let [a, b, c, d] = self.0;
        let rest = 1.0 - share;
        let weights = [
            rest * rest * rest,
            3.0 * rest * rest * share,
            3.0 * rest * share * share,
            share * share * share,
        ];
        Point {
            x: weights[0] * a.x + weights[1] * b.x + weights[2] * c.x + weights[3] * d.x,
            y: weights[0] * a.y + weights[1] * b.y + weights[2] * c.y + weights[3] * d.y,
        }
    }

    /// Its length, nearly: that of the polygon through a few of its points.
    pub fn length(&self) -> f64 {
        let points: Vec<Point> = (0..=8).map(|step| self.at(f64::from(step) / 8.0)).collect();
        let pairs = points.windows(2);
        pairs
            .map(|pair| (pair[1].x - pair[0].x).hypot(pair[1].y - pair[0].y))
            .sum()
    }
}

/// The way between two items: sideways, or downward; a way back runs below
/// everything.
pub(super) fn connect(spots: &[Spot], from: usize, to: usize, is_vertical: bool) -> Curve {
    const SPACE: f64 = 4.0;
    let (a, b) = (&spots[from], &spots[to]);
    let point = |x, y| Point { x, y };
    if is_vertical {
        let begin = point(a.center.x, a.center.y + a.height / 2.0 + SPACE);
        let end = point(b.center.x, b.center.y - b.height / 2.0 - SPACE);
        let bend = (end.y - begin.y) / 2.0;
        return Curve([begin, point(begin.x, begin.y + bend), point(end.x, end.y - bend), end]);
    }
    let begin = point(a.center.x + a.width / 2.0 + SPACE, a.center.y);
    let end = point(b.center.x - b.width / 2.0 - SPACE, b.center.y);
    if end.x <= begin.x {
        // Backward: below everything, and up again.
        let low = a.center.y.max(b.center.y) + a.height.max(b.height) / 2.0 + 24.0;
        return Curve([begin, point(begin.x + 40.0, low), point(end.x - 40.0, low), end]);
    }
    let bend = (end.x - begin.x) / 2.0;
    Curve([begin, point(begin.x + bend, begin.y), point(end.x - bend, end.y), end])
}
