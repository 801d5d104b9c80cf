//! A table of a database: a drum, filled to the share of its capacity that is
//! written now.

use super::Drawing;
use crate::state::layout::{Point, Spot};
use crate::state::texts::Key;
use crate::state::{local, numbers};
use crate::ui::pen::Align;
use mqlab_engine::NodeView;

impl Drawing<'_> {
    pub(super) fn table(&self) -> Vec<String> {
        let (pen, scene) = (self.pen, self.scene);
        let Spot { center, width, height } = self.spot;
        let cap = (14.0 * self.scale).min(height * 0.16);
        let (top, bottom) = (center.y - height / 2.0 + cap, center.y + height / 2.0 - cap);
        self.drum(top, bottom, cap);
        self.body();
        let rate = numbers::inflow(scene.lane, self.index);
        let NodeView::Table { capacity, locked, .. } = scene.lane.world().node(self.item.node) else {
            return Vec::new();
        };
        let load = capacity.map(|capacity| rate / capacity.per_second_f64().max(f64::MIN_POSITIVE));
        if self.is_down {
            self.hatch();
        } else if let Some(load) = load.filter(|load| *load > 0.0) {
            let surface = bottom - (bottom - top) * load.min(1.0);
            self.drum(surface, bottom, cap);
            pen.cx.set_global_alpha(0.25);
            pen.fill(&pen.colors.settled);
            pen.cx.fill();
            pen.cx.set_global_alpha(1.0);
        }
        self.drum(top, bottom, cap);
        self.outline();
        pen.ellipse(Point { x: center.x, y: top }, width / 2.0, cap);
        self.body();
        self.outline();
        if self.is_down {
            return Vec::new();
        }
        let at = Point {
            x: center.x,
            y: (top + bottom) / 2.0 + cap / 2.0 + 4.5,
        };
        let (mut notes, is_wrong) = numbers::table_notes(scene.lane.world(), self.item.place, scene.language);
        let mut text = numbers::headline(scene.lane, self.index, scene.language);
        let mut color = &pen.colors.ink;
        if let (true, Some(wrong)) = (is_wrong, notes.first_mut()) {
            // There may be no room for a second line: what is wrong comes first.
            std::mem::swap(&mut text, wrong);
            color = &pen.colors.lost;
        }
        if self.has_words() {
            let room = width - 6.0;
            let size = self.letters();
            // A little smaller is better than cut.
            let size = if pen.width_of(&text, size) > room { 12.0 } else { size };
            pen.fitted(&text, at, size, color, Align::Center, room);
        }
        let is_at_limit = load.is_some_and(|load| load >= 0.99);
        if is_wrong || is_at_limit {
            // A shape beside the word, for those who only glance.
            let corner = Point {
                x: center.x + width / 2.0 - 2.0,
                y: center.y - height / 2.0 + 2.0,
            };
            pen.fill(&pen.colors.lost);
            pen.triangle(corner, (6.0 * self.scale).clamp(4.0, 9.0), true);
        }
        if locked > 0 {
            self.padlock();
        }
        if is_at_limit {
            notes.push(scene.language.text(Key::AtLimit).to_owned());
        } else if let Some(capacity) = capacity {
            notes.push(format!("/ {}", local::rate(capacity.per_second_f64(), scene.language)));
        }
        notes
    }

    /// A padlock on the lid: rows are locked.
    fn padlock(&self) {
        let pen = self.pen;
        let Spot { center, height, .. } = self.spot;
        let size = (5.0 * self.scale).clamp(3.0, 8.0);
        let at = Point {
            x: center.x,
            y: center.y - height / 2.0 + size * 2.4,
        };
        pen.stroke(&pen.colors.ink, 1.5);
        pen.circle(
            Point {
                x: at.x,
                y: at.y - size * 0.6,
            },
            size * 0.7,
        );
        pen.cx.stroke();
        pen.fill(&pen.colors.ink);
        pen.cx.fill_rect(at.x - size, at.y - size * 0.4, 2.0 * size, size * 1.4);
    }

    /// The side of a drum as the present path.
    fn drum(&self, top: f64, bottom: f64, cap: f64) {
        use std::f64::consts::PI;
        let Spot { center, width, .. } = self.spot;
        let cx = &self.pen.cx;
        cx.begin_path();
        cx.move_to(center.x - width / 2.0, top);
        cx.line_to(center.x - width / 2.0, bottom);
        let _ = cx.ellipse_with_anticlockwise(center.x, bottom, width / 2.0, cap, 0.0, PI, 0.0, true);
        cx.line_to(center.x + width / 2.0, top);
        let _ = cx.ellipse(center.x, top, width / 2.0, cap, 0.0, 0.0, PI);
    }
}
