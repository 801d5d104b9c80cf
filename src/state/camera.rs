//! What part of a picture is seen. One camera serves all lanes: it looks at
//! the same share of each, so that variants stay comparable while one of them
//! is looked at closely.

use super::layout::{LEGIBLE, Point, Spot, TINY};
use mqlab_kernel::{exp, ln};

/// Width and height.
pub type Size = (f64, f64);

/// Where the camera stands. Whatever it is told, some of the picture is on
/// the stage: all of it at the least zoom.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Camera {
    /// How much larger than all of it, 1 and more.
    zoom: f64,
    /// Which point of the picture is in the middle, as shares of its size.
    focus: Point,
}

impl Default for Camera {
    fn default() -> Self {
        Camera {
            zoom: 1.0,
            focus: Point { x: 0.5, y: 0.5 },
        }
    }
}

/// From the picture to the stage.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Sight {
    /// How many times larger than natural everything is.
    pub scale: f64,
    /// Where the picture's left edge is.
    pub x: f64,
    /// Where its upper edge is.
    pub y: f64,
}

impl Sight {
    /// A point of the picture on the stage.
    pub fn point(&self, point: Point) -> Point {
        Point {
            x: point.x * self.scale + self.x,
            y: point.y * self.scale + self.y,
        }
    }

    /// A point of the stage in the picture.
    pub fn back(&self, point: Point) -> Point {
        Point {
            x: (point.x - self.x) / self.scale,
            y: (point.y - self.y) / self.scale,
        }
    }

    /// A spot of the picture on the stage.
    pub fn spot(&self, spot: Spot) -> Spot {
        Spot {
            center: self.point(spot.center),
            width: spot.width * self.scale,
            height: spot.height * self.scale,
        }
    }
}

/// Largest zoom, and how large anything is drawn at most.
const ZOOM_MAX: f64 = 40.0;
const SCALE_MAX: f64 = 4.0;

/// How much nearer one press of a button goes.
pub const STEP: f64 = 1.4;

impl Camera {
    /// Where it stands at first: all is seen, or the begin of a picture that
    /// would be too small to read.
    pub fn opening(picture: Size, stage: Size) -> Self {
        let all = fit(picture, stage);
        let mut camera = Camera::default();
        if all < TINY {
            camera.zoom = LEGIBLE / all;
            camera.focus = Point::default();
            camera.keep(picture, stage);
        }
        camera
    }

    /// Whether all of the picture is seen.
    pub fn is_fitted(&self) -> bool {
        self.zoom <= 1.0 + 1e-9
    }

    /// What it sees of a picture of one size on a stage of another.
    pub fn sight(&self, picture: Size, stage: Size) -> Sight {
        let scale = (fit(picture, stage) * self.zoom).min(SCALE_MAX);
        let begin = |focus: f64, picture: f64, stage: f64| {
            let size = picture * scale;
            if size <= stage {
                (stage - size) / 2.0
            } else {
                (stage / 2.0 - focus * size).clamp(stage - size, 0.0)
            }
        };
        Sight {
            scale,
            x: begin(self.focus.x, picture.0, stage.0),
            y: begin(self.focus.y, picture.1, stage.1),
        }
    }

    /// Goes nearer, or further away for a factor below 1; what is at a point
    /// of the stage stays there as far as the bounds allow.
    pub fn zoom_at(&mut self, factor: f64, at: Point, picture: Size, stage: Size) {
        if !factor.is_finite() || factor <= 0.0 {
            return;
        }
        let held = self.sight(picture, stage).back(at);
        let most = (SCALE_MAX / fit(picture, stage)).clamp(1.0, ZOOM_MAX);
        self.zoom = (self.zoom * factor).clamp(1.0, most);
        let scale = self.sight(picture, stage).scale;
        let focus = |held: f64, at: f64, picture: f64, stage: f64| (held + (stage / 2.0 - at) / scale) / picture;
        self.focus = Point {
            x: focus(held.x, at.x, picture.0, stage.0),
            y: focus(held.y, at.y, picture.1, stage.1),
        };
        self.keep(picture, stage);
    }

    /// Moves the picture; whether it did move.
    pub fn pan(&mut self, by: Point, picture: Size, stage: Size) -> bool {
        let before = self.sight(picture, stage);
        self.focus.x -= by.x / (picture.0 * before.scale);
        self.focus.y -= by.y / (picture.1 * before.scale);
        self.keep(picture, stage);
        let after = self.sight(picture, stage);
        (after.x - before.x).abs() + (after.y - before.y).abs() > 1e-6
    }

    /// Brings a spot of the picture onto the stage, if it is not there.
    pub fn reveal(&mut self, spot: Spot, picture: Size, stage: Size) {
        const EDGE: f64 = 24.0;
        let seen = self.sight(picture, stage).spot(spot);
        let over = |middle: f64, size: f64, stage: f64| {
            let (low, high) = (middle - size / 2.0 - EDGE, middle + size / 2.0 + EDGE);
            if low < 0.0 {
                -low
            } else if high > stage {
                stage - high
            } else {
                0.0
            }
        };
        let by = Point {
            x: over(seen.center.x, seen.width, stage.0),
            y: over(seen.center.y, seen.height, stage.1),
        };
        self.pan(by, picture, stage);
    }

    /// A part of the way to where another camera stands; whether any is left.
    pub fn approach(&mut self, goal: &Camera) -> bool {
        const SHARE: f64 = 0.3;
        let part = |here: f64, there: f64| here + (there - here) * SHARE;
        self.zoom = exp(part(ln(self.zoom), ln(goal.zoom)));
        self.focus.x = part(self.focus.x, goal.focus.x);
        self.focus.y = part(self.focus.y, goal.focus.y);
        let left =
            ln(self.zoom / goal.zoom).abs() + (self.focus.x - goal.focus.x).abs() + (self.focus.y - goal.focus.y).abs();
        if left < 0.003 {
            *self = *goal;
        }
        *self != *goal
    }

    /// Looks where it can: what was asked for beyond the bounds is forgotten.
    fn keep(&mut self, picture: Size, stage: Size) {
        let sight = self.sight(picture, stage);
        let focus = |begin: f64, picture: f64, stage: f64| {
            let size = picture * sight.scale;
            if size <= stage {
                0.5
            } else {
                (stage / 2.0 - begin) / size
            }
        };
        self.focus = Point {
            x: focus(sight.x, picture.0, stage.0),
            y: focus(sight.y, picture.1, stage.1),
        };
    }
}

/// How much smaller than natural all of a picture is on a stage, at most 1.
fn fit(picture: Size, stage: Size) -> f64 {
    let wide = stage.0 / picture.0.max(1.0);
    wide.min(stage.1 / picture.1.max(1.0)).clamp(1e-3, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mqlab_kernel::Stream;

    const PICTURE: Size = (900.0, 400.0);
    const STAGE: Size = (600.0, 300.0);

    fn point(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    #[test]
    fn at_first_everything_is_seen() {
        let sight = Camera::default().sight(PICTURE, STAGE);
        let (first, last) = (sight.point(point(0.0, 0.0)), sight.point(point(900.0, 400.0)));
        assert!(first.x >= 0.0 && first.y >= 0.0 && last.x <= 600.0 + 1e-9 && last.y <= 300.0 + 1e-9);
        let small = Camera::default().sight((100.0, 100.0), STAGE);
        assert_eq!((small.scale, small.x, small.y), (1.0, 250.0, 100.0));
    }

    #[test]
    fn what_would_be_too_small_is_seen_from_its_begin() {
        let camera = Camera::opening((8000.0, 4000.0), STAGE);
        let sight = camera.sight((8000.0, 4000.0), STAGE);
        assert!(!camera.is_fitted());
        assert_eq!((sight.x, sight.y), (0.0, 0.0));
        assert!((sight.scale - LEGIBLE).abs() < 1e-9);
        assert_eq!(Camera::opening(PICTURE, STAGE), Camera::default());
    }

    #[test]
    fn what_is_under_the_pointer_stays_there() {
        let mut camera = Camera::default();
        camera.zoom_at(3.0, point(300.0, 150.0), PICTURE, STAGE);
        let at = point(250.0, 170.0);
        let held = camera.sight(PICTURE, STAGE).back(at);
        camera.zoom_at(1.5, at, PICTURE, STAGE);
        let there = camera.sight(PICTURE, STAGE).point(held);
        assert!((there.x - at.x).abs() < 1e-6 && (there.y - at.y).abs() < 1e-6);
    }

    #[test]
    fn nothing_can_be_lost() {
        let mut stream = Stream::new(1, "camera");
        let mut camera = Camera::default();
        for _ in 0..5_000 {
            let mut number = |most: f64| (stream.next_u64() % 10_000) as f64 / 10_000.0 * most;
            let at = point(number(600.0), number(300.0));
            if number(1.0) < 0.5 {
                camera.zoom_at(0.2 + number(3.0), at, PICTURE, STAGE);
            } else {
                camera.pan(
                    point(number(4_000.0) - 2_000.0, number(4_000.0) - 2_000.0),
                    PICTURE,
                    STAGE,
                );
            }
            let sight = camera.sight(PICTURE, STAGE);
            let end = sight.point(point(PICTURE.0, PICTURE.1));
            assert!(sight.scale <= SCALE_MAX && sight.scale >= fit(PICTURE, STAGE) - 1e-9);
            // The stage is filled, or all of the picture is on it.
            for (begin, end, stage) in [(sight.x, end.x, STAGE.0), (sight.y, end.y, STAGE.1)] {
                let is_filled = begin <= 1e-6 && end >= stage - 1e-6;
                let is_held = begin >= -1e-6 && end <= stage + 1e-6;
                assert!(is_filled || is_held, "{sight:?}");
            }
        }
        camera.zoom_at(1e-9, point(0.0, 0.0), PICTURE, STAGE);
        assert!(camera.is_fitted());
    }

    #[test]
    fn at_the_edge_a_pan_moves_nothing() {
        let mut camera = Camera::default();
        assert!(!camera.pan(point(50.0, 0.0), PICTURE, STAGE));
        camera.zoom_at(2.0, point(0.0, 0.0), PICTURE, STAGE);
        assert!(!camera.pan(point(50.0, 0.0), PICTURE, STAGE));
        assert!(camera.pan(point(-50.0, 0.0), PICTURE, STAGE));
    }

    #[test]
    fn what_is_looked_for_comes_onto_the_stage() {
        let mut camera = Camera::default();
        camera.zoom_at(4.0, point(0.0, 0.0), PICTURE, STAGE);
        let spot = Spot {
            center: point(850.0, 350.0),
            width: 40.0,
            height: 40.0,
        };
        camera.reveal(spot, PICTURE, STAGE);
        let seen = camera.sight(PICTURE, STAGE).spot(spot);
        assert!(seen.center.x > 0.0 && seen.center.x < 600.0 && seen.center.y > 0.0 && seen.center.y < 300.0);
    }

    #[test]
    fn it_arrives_where_it_goes() {
        let mut goal = Camera::default();
        goal.zoom_at(4.0, point(100.0, 100.0), PICTURE, STAGE);
        let mut camera = Camera::default();
        let mut steps = 0;
        while camera.approach(&goal) {
            steps += 1;
            assert!(steps < 60);
        }
        assert_eq!(camera, goal);
    }
}
