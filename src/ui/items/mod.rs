//! The things on the stage, each with its number on it.

mod queue;
mod service;
mod table;

use super::pen::{Align, Pen};
use super::stage::Scene;
use crate::state::diagram::{Item, ItemKind};
use crate::state::layout::{Layout, Point, Spot};
use crate::state::numbers;
use crate::state::texts::Key;
use mqlab_engine::Status;

/// Everything that is needed to draw one item.
struct Drawing<'a> {
    pen: &'a Pen<'a>,
    scene: &'a Scene<'a>,
    item: &'a Item,
    index: usize,
    spot: Spot,
    scale: f64,
    is_vertical: bool,
    is_down: bool,
}

/// Draws one item with its labels.
pub(crate) fn draw(pen: &Pen<'_>, scene: &Scene<'_>, layout: &Layout, index: usize) {
    let item = &scene.lane.diagram.items[index];
    let status = scene.lane.world().status(item.node);
    let drawing = Drawing {
        pen,
        scene,
        item,
        index,
        spot: layout.spots[index],
        scale: layout.scale,
        is_vertical: layout.is_vertical,
        is_down: matches!(status, Status::Down { .. }),
    };
    // Each says what stands below its name, line by line.
    let notes = match item.kind {
        ItemKind::Load => drawing.load(),
        ItemKind::Exchange => drawing.exchange(),
        ItemKind::Queue => drawing.queue(),
        ItemKind::Service => drawing.service(),
        ItemKind::Table => drawing.table(),
    };
    let state = || vec![numbers::state_word(scene.lane, index, scene.language)];
    if drawing.is_down {
        drawing.cross();
        drawing.labels(&state(), &pen.colors.lost);
    } else if status == Status::Paused {
        drawing.bars();
        drawing.labels(&state(), &pen.colors.delayed);
    } else {
        drawing.labels(&notes, &pen.colors.soft);
    }
}

impl Drawing<'_> {
    fn is_selected(&self) -> bool {
        self.scene.selected == Some(self.item.place) && self.item.kind != ItemKind::Exchange
    }

    /// The body of a thing whose outline is the present path.
    fn body(&self) {
        let colors = self.pen.colors;
        self.pen.fill(if self.is_down { &colors.shade } else { &colors.panel });
        self.pen.cx.fill();
    }

    /// The outline of a thing as the present path.
    fn outline(&self) {
        let colors = self.pen.colors;
        if self.is_down {
            self.pen.stroke(&colors.dead, 1.5);
            self.pen.dash(&[4.0, 3.0]);
        } else if self.is_selected() {
            self.pen.stroke(&colors.accent, 2.0);
        } else {
            self.pen.stroke(&colors.ink, 1.5);
        }
        self.pen.cx.stroke();
        self.pen.dash(&[]);
    }

    /// Hatches the inside of the present path.
    fn hatch(&self) {
        let Spot { center, width, height } = self.spot;
        self.pen.clipped(|| {
            self.pen.stroke(&self.pen.colors.line, 1.5);
            let reach = width + height;
            let mut offset = -reach;
            while offset < reach {
                let x = center.x + offset;
                let from = Point {
                    x,
                    y: center.y - height,
                };
                self.pen.line(
                    from,
                    Point {
                        x: x - 2.0 * height,
                        y: center.y + height,
                    },
                );
                offset += 8.0;
            }
        });
    }

    fn cross(&self) {
        let Point { x, y } = self.spot.center;
        self.pen.stroke(&self.pen.colors.lost, 3.0);
        let arm = 14.0 * self.scale;
        let point = |x, y| Point { x, y };
        self.pen.line(point(x - arm, y - arm), point(x + arm, y + arm));
        self.pen.line(point(x + arm, y - arm), point(x - arm, y + arm));
    }

    fn bars(&self) {
        let Point { x, y } = self.spot.center;
        self.pen.fill(&self.pen.colors.delayed);
        let tall = 20.0 * self.scale;
        self.pen.cx.fill_rect(x - 8.0, y - tall / 2.0, 5.0, tall);
        self.pen.cx.fill_rect(x + 3.0, y - tall / 2.0, 5.0, tall);
    }

    fn load(&self) -> Vec<String> {
        self.pen.circle(self.spot.center, self.spot.width / 2.0);
        self.body();
        self.outline();
        vec![numbers::headline(self.scene.lane, self.index, self.scene.language)]
    }

    fn exchange(&self) -> Vec<String> {
        let Spot { center, width, .. } = self.spot;
        let cx = &self.pen.cx;
        cx.begin_path();
        cx.move_to(center.x, center.y - width / 2.0);
        cx.line_to(center.x + width / 2.0, center.y);
        cx.line_to(center.x, center.y + width / 2.0);
        cx.line_to(center.x - width / 2.0, center.y);
        cx.close_path();
        self.body();
        self.outline();
        vec![self.scene.language.text(Key::Exchange).to_owned()]
    }

    /// Name and notes: below the thing, or beside it where messages flow down.
    fn labels(&self, notes: &[String], color: &str) {
        let Spot { center, width, height } = self.spot;
        let (x, mut y, align) = if self.is_vertical {
            let lines = notes.len() as f64;
            (center.x + width / 2.0 + 12.0, center.y + 4.0 - lines * 8.5, Align::Left)
        } else {
            (center.x, center.y + height / 2.0 + 18.0, Align::Center)
        };
        self.pen
            .text(&self.item.name, Point { x, y }, 13.0, &self.pen.colors.ink, align);
        for note in notes {
            y += 17.0;
            self.pen.text(note, Point { x, y }, 12.0, color, align);
        }
    }
}
