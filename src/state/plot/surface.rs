//! What charts are drawn on: the canvas of the page, or a picture in a file.

use crate::state::curves::Meaning;
use crate::state::layout::Point;

/// A colour by what it means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ink {
    /// The ground.
    Panel,
    /// Text.
    Ink,
    /// Text that stands back.
    Soft,
    /// Hairlines.
    Line,
    /// The clock, and what is chosen.
    Accent,
    /// What waits.
    Ready,
    /// What is in somebody's hands.
    Flight,
    /// What is done.
    Settled,
}

impl From<Meaning> for Ink {
    fn from(meaning: Meaning) -> Ink {
        match meaning {
            Meaning::Ready => Ink::Ready,
            Meaning::Settled => Ink::Settled,
            Meaning::Flight => Ink::Flight,
        }
    }
}

/// How a line is drawn.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Stroke {
    /// In which colour.
    pub ink: Ink,
    /// How strong.
    pub width: f64,
    /// Lengths of dashes and gaps; none for a full line.
    pub dash: &'static [f64],
}

impl Stroke {
    /// A full line.
    pub const fn full(ink: Ink, width: f64) -> Stroke {
        Stroke { ink, width, dash: &[] }
    }
}

/// Where a text stands to its point.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Anchor {
    /// It begins there.
    Start,
    /// Its middle is there.
    Middle,
    /// It ends there.
    End,
}

/// A text with its place and its colour.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Label<'a> {
    /// What it says.
    pub text: &'a str,
    /// Where: on the line that letters stand on.
    pub at: Point,
    /// Which part of it is there.
    pub anchor: Anchor,
    /// In which colour.
    pub ink: Ink,
    /// Whether it stands out.
    pub is_strong: bool,
}

/// Something to draw charts on.
pub trait Surface {
    /// How wide a text is.
    fn width_of(&mut self, text: &str) -> f64;
    /// A line through points.
    fn path(&mut self, points: &[Point], stroke: Stroke);
    /// The inside of a line through points, at this opacity.
    fn area(&mut self, points: &[Point], ink: Ink, opacity: f64);
    /// A text.
    fn label(&mut self, label: Label<'_>);
    /// A dot with a rim in the colour of the ground.
    fn dot(&mut self, at: Point, radius: f64, ink: Ink);
}

/// A box as points.
pub fn corners(left: f64, top: f64, width: f64, height: f64) -> [Point; 4] {
    let point = |x, y| Point { x, y };
    [
        point(left, top),
        point(left + width, top),
        point(left + width, top + height),
        point(left, top + height),
    ]
}
