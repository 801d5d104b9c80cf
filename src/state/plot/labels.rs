//! Labels that never stand on each other: pushed apart, and the least
//! important left out where there is no room.

use super::surface::{Anchor, Ink, Label, Surface, corners};
use crate::state::chart;
use crate::state::layout::Point;
use mqlab_kernel::sort_by_key;

/// From one label to the next.
const GAP: f64 = 14.0;

/// A label that wants to stand somewhere.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Wish {
    pub(super) text: String,
    /// Where, from the top.
    pub(super) y: f64,
    pub(super) ink: Ink,
    /// Which ones go first if there is no room: the largest.
    pub(super) rank: usize,
}

/// A label with its place.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Placed {
    pub(super) text: String,
    pub(super) y: f64,
    pub(super) ink: Ink,
}

/// Finds a place for the labels of one chart between two heights. What has no
/// room is counted at the end: `+2`.
pub(super) fn place(mut wishes: Vec<Wish>, (top, bottom): (f64, f64)) -> Vec<Placed> {
    let room = (((bottom - top) / GAP).floor().max(0.0)) as usize + 1;
    if wishes.len() > room {
        // The order within a rank is that of the variants.
        sort_by_key(&mut wishes, |wish| wish.rank);
        let left_out = wishes.split_off(room.saturating_sub(1).max(1));
        let lowest = wishes.iter().map(|wish| wish.y).fold(top, f64::max);
        let more = format!("+{}", left_out.len());
        if room > 1 {
            wishes.push(Wish {
                text: more,
                y: lowest + 0.1,
                ink: Ink::Soft,
                rank: usize::MAX,
            });
        } else if let Some(first) = wishes.first_mut() {
            first.text = format!("{} {more}", first.text);
        }
    }
    let wanted: Vec<f64> = wishes.iter().map(|wish| wish.y).collect();
    let placed = chart::spread(&wanted, GAP, (top, bottom));
    let together = wishes.into_iter().zip(placed);
    let found = together.map(|(wish, y)| Placed {
        text: wish.text,
        y,
        ink: wish.ink,
    });
    found.collect()
}

/// Where labels may stand beside a line at `x`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Beside {
    pub(super) x: f64,
    /// How far to the left and to the right there is room.
    pub(super) left: f64,
    pub(super) right: f64,
}

/// Between the line and its labels.
const APART: f64 = 8.0;

impl Beside {
    /// Where labels stand that are so wide at most, and which end of them is there: to
    /// the right of the line if they fit there, else to its left. If they fit on neither
    /// side they lie across the line, so that they need not be cut.
    fn stand(self, widest: f64) -> (f64, Anchor) {
        let (before, after) = (self.x - APART, self.x + APART);
        if widest <= self.right - after {
            (after, Anchor::Start)
        } else if widest <= before - self.left {
            (before, Anchor::End)
        } else if self.right - after >= before - self.left {
            (self.right, Anchor::End)
        } else {
            (self.left, Anchor::Start)
        }
    }
}

/// Draws labels beside a vertical line. Only what is wider than the whole picture is cut.
pub(super) fn draw(surface: &mut impl Surface, labels: &[Placed], beside: Beside) {
    let room = beside.right - beside.left;
    let texts: Vec<String> = labels.iter().map(|label| fitted(surface, &label.text, room)).collect();
    let widths: Vec<f64> = texts.iter().map(|text| surface.width_of(text)).collect();
    let (x, anchor) = beside.stand(widths.iter().copied().fold(0.0, f64::max));
    for ((label, text), wide) in labels.iter().zip(&texts).zip(widths) {
        // Behind a label lies the colour of the panel, or lines cross it out.
        let left = if anchor == Anchor::Start { x } else { x - wide };
        surface.area(&corners(left - 2.0, label.y - 11.0, wide + 4.0, GAP), Ink::Panel, 0.85);
        surface.label(Label {
            text,
            at: Point { x, y: label.y },
            anchor,
            ink: label.ink,
            is_strong: true,
        });
    }
}

/// A text, cut to a width.
pub(super) fn fitted(surface: &mut impl Surface, text: &str, width: f64) -> String {
    if surface.width_of(text) <= width {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let cut = |count: usize| letters[..count].iter().collect::<String>() + "\u{2026}";
    let mut fits = 0;
    let mut fails = letters.len();
    while fails - fits > 1 {
        let middle = usize::midpoint(fits, fails);
        if surface.width_of(&cut(middle)) <= width {
            fits = middle;
        } else {
            fails = middle;
        }
    }
    cut(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(text: &str, y: f64, rank: usize) -> Wish {
        Wish {
            text: text.to_owned(),
            y,
            ink: Ink::Ink,
            rank,
        }
    }

    fn texts(placed: &[Placed]) -> Vec<&str> {
        placed.iter().map(|label| label.text.as_str()).collect()
    }

    #[test]
    fn the_least_important_are_counted() {
        let wishes = vec![
            wish("a", 5.0, 1),
            wish("b", 5.0, 0),
            wish("c", 5.0, 2),
            wish("d", 5.0, 0),
        ];
        let placed = place(wishes.clone(), (0.0, 30.0));
        assert_eq!(texts(&placed), ["b", "d", "+2"]);
        let mut heights: Vec<f64> = placed.iter().map(|label| label.y).collect();
        heights.sort_by(f64::total_cmp);
        assert!(heights.windows(2).all(|pair| pair[1] - pair[0] >= GAP), "{heights:?}");
        assert!(heights[0] >= 0.0 && heights[2] <= 30.0);
        assert_eq!(texts(&place(wishes.clone(), (0.0, 100.0))).len(), 4);
        assert_eq!(texts(&place(wishes, (0.0, 5.0))), ["b +3"]);
        assert!(place(Vec::new(), (0.0, 5.0)).is_empty());
    }
}
