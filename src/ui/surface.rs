//! The canvas as a surface for charts.

use super::pen::{Align, Pen};
use crate::state::layout::Point;
use crate::state::plot::surface::{Anchor, Ink, Label, Stroke, Surface};

/// The size of all type in charts.
const SIZE: f64 = 12.0;

impl Pen<'_> {
    fn ink(&self, ink: Ink) -> &str {
        let colors = self.colors;
        match ink {
            Ink::Panel => &colors.panel,
            Ink::Ink => &colors.ink,
            Ink::Soft => &colors.soft,
            Ink::Line => &colors.line,
            Ink::Accent => &colors.accent,
            Ink::Ready => &colors.ready,
            Ink::Flight => &colors.flight,
            Ink::Settled => &colors.settled,
        }
    }

    fn trace(&self, points: &[Point]) {
        self.cx.begin_path();
        for point in points {
            self.cx.line_to(point.x, point.y);
        }
    }
}

impl Surface for Pen<'_> {
    fn width_of(&mut self, text: &str) -> f64 {
        Pen::width_of(self, text, SIZE)
    }

    fn path(&mut self, points: &[Point], stroke: Stroke) {
        self.trace(points);
        self.stroke(self.ink(stroke.ink), stroke.width);
        if stroke.dash.is_empty() {
            self.cx.stroke();
        } else {
            self.dash(stroke.dash);
            self.cx.stroke();
            self.dash(&[]);
        }
    }

    fn area(&mut self, points: &[Point], ink: Ink, opacity: f64) {
        self.trace(points);
        self.cx.close_path();
        self.cx.set_global_alpha(opacity);
        self.fill(self.ink(ink));
        self.cx.fill();
        self.cx.set_global_alpha(1.0);
    }

    fn label(&mut self, label: Label<'_>) {
        let align = match label.anchor {
            Anchor::Start => Align::Left,
            Anchor::Middle => Align::Center,
            Anchor::End => Align::Right,
        };
        let weight = if label.is_strong { 500 } else { 400 };
        self.weighted(label.text, label.at, SIZE, weight, self.ink(label.ink), align);
    }

    fn dot(&mut self, at: Point, radius: f64, ink: Ink) {
        self.circle(at, radius);
        self.fill(self.ink(ink));
        self.cx.fill();
        self.stroke(self.ink(Ink::Panel), 1.0);
        self.cx.stroke();
    }
}
