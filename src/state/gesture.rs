//! What fingers and the mouse mean on the stage: a tap, a drag, a pinch.

use super::layout::Point;

/// Further than this a press is a drag and not a tap.
const SLOP: f64 = 6.0;

/// Pointers that are down, and what they did.
#[derive(Clone, Debug, Default)]
pub struct Gesture {
    pointers: Vec<(i32, Point)>,
    began: Point,
    has_moved: bool,
}

/// What a movement means.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Meaning {
    /// Nothing.
    None,
    /// Something was pointed at.
    Tap(Point),
    /// The picture is moved and, with two fingers, made larger around a point.
    Move {
        /// How far.
        by: Point,
        /// How much larger.
        factor: f64,
        /// Around which point.
        at: Point,
    },
}

impl Gesture {
    /// Whether a pointer is down.
    pub fn is_going_on(&self) -> bool {
        !self.pointers.is_empty()
    }

    /// A pointer goes down.
    pub fn down(&mut self, id: i32, at: Point) {
        if self.pointers.is_empty() {
            self.began = at;
            self.has_moved = false;
        } else {
            // A second finger never taps.
            self.has_moved = true;
        }
        self.pointers.retain(|(other, _)| *other != id);
        self.pointers.push((id, at));
    }

    /// A pointer moves.
    pub fn moved(&mut self, id: i32, at: Point) -> Meaning {
        let Some(index) = self.pointers.iter().position(|(other, _)| *other == id) else {
            return Meaning::None;
        };
        let before = self.hold();
        let was = std::mem::replace(&mut self.pointers[index].1, at);
        if !self.has_moved && distance(self.began, at) <= SLOP {
            self.pointers[index].1 = was;
            return Meaning::None;
        }
        self.has_moved = true;
        let after = self.hold();
        let factor = if before.1 > 1.0 && after.1 > 1.0 {
            after.1 / before.1
        } else {
            1.0
        };
        Meaning::Move {
            by: Point {
                x: after.0.x - before.0.x,
                y: after.0.y - before.0.y,
            },
            factor,
            at: after.0,
        }
    }

    /// A pointer goes up.
    pub fn up(&mut self, id: i32) -> Meaning {
        let known = self.pointers.len();
        self.pointers.retain(|(other, _)| *other != id);
        let was_last = known == 1 && self.pointers.is_empty();
        if was_last && !self.has_moved {
            Meaning::Tap(self.began)
        } else {
            Meaning::None
        }
    }

    /// The browser takes the pointers for itself.
    pub fn cancel(&mut self) {
        self.pointers.clear();
        self.has_moved = true;
    }

    /// The middle of the pointers, and how far the first two are apart.
    fn hold(&self) -> (Point, f64) {
        match self.pointers.as_slice() {
            [] => (Point::default(), 0.0),
            [(_, only)] => (*only, 0.0),
            [(_, a), (_, b), ..] => {
                let middle = Point {
                    x: (a.x + b.x) / 2.0,
                    y: (a.y + b.y) / 2.0,
                };
                (middle, distance(*a, *b))
            }
        }
    }
}

fn distance(a: Point, b: Point) -> f64 {
    (b.x - a.x).hypot(b.y - a.y)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    #[test]
    fn a_press_that_hardly_moves_is_a_tap() {
        let mut gesture = Gesture::default();
        gesture.down(1, point(10.0, 10.0));
        assert_eq!(gesture.moved(1, point(12.0, 11.0)), Meaning::None);
        assert_eq!(gesture.up(1), Meaning::Tap(point(10.0, 10.0)));
        assert!(!gesture.is_going_on());
    }

    #[test]
    fn a_drag_moves_the_picture_and_taps_nothing() {
        let mut gesture = Gesture::default();
        gesture.down(1, point(0.0, 0.0));
        let Meaning::Move { by, factor, .. } = gesture.moved(1, point(20.0, 5.0)) else {
            panic!("it moves");
        };
        assert_eq!((by, factor), (point(20.0, 5.0), 1.0));
        assert_eq!(gesture.up(1), Meaning::None);
    }

    #[test]
    fn two_fingers_pinch_around_their_middle() {
        let mut gesture = Gesture::default();
        gesture.down(1, point(0.0, 0.0));
        gesture.down(2, point(100.0, 0.0));
        let Meaning::Move { factor, at, .. } = gesture.moved(2, point(200.0, 0.0)) else {
            panic!("it moves");
        };
        assert_eq!((factor, at), (2.0, point(100.0, 0.0)));
        assert_eq!((gesture.up(1), gesture.up(2)), (Meaning::None, Meaning::None));
    }

    #[test]
    fn what_the_browser_takes_means_nothing() {
        let mut gesture = Gesture::default();
        gesture.down(1, point(0.0, 0.0));
        gesture.cancel();
        assert_eq!(gesture.up(1), Meaning::None);
        assert_eq!(gesture.moved(1, point(50.0, 0.0)), Meaning::None);
    }
}
