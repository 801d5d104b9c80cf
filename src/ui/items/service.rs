//! A service: its workers one by one while they are few, as a number when they
//! are many, and the share of time that they were busy lately.

use super::Drawing;
use crate::state::layout::{Point, Spot};
use crate::state::texts::Key;
use crate::state::{format, numbers};
use crate::ui::pen::Align;
use mqlab_engine::NodeView;

/// Up to so many workers each have a box of their own.
const SINGLE_MAX: u32 = 8;

impl Drawing<'_> {
    pub(super) fn service(&self) -> Vec<String> {
        let pen = self.pen;
        let Spot { center, width, height } = self.spot;
        let (left, top) = (center.x - width / 2.0, center.y - height / 2.0);
        let round = (6.0 * self.scale).clamp(2.0, 8.0);
        pen.round_box(left, top, width, height, round);
        self.body();
        if self.is_down {
            self.hatch();
            pen.round_box(left, top, width, height, round);
            self.outline();
            return Vec::new();
        }
        self.outline();
        let world = self.scene.lane.world();
        let NodeView::Service {
            busy,
            workers,
            buffered,
            queue,
            ..
        } = world.node(self.item.node)
        else {
            return Vec::new();
        };
        let language = self.scene.language;
        let (waiting, is_full) = numbers::service_notes(world, self.item.node, language);
        if let Some(most) = queue.filter(|most| *most > 0) {
            self.tube(buffered as f64 / f64::from(most), is_full);
        }
        let Some(workers) = workers else {
            // Without a limit there is no share that could be busy.
            self.number(&format::count(u64::from(busy)), center.y + 4.5);
            let word = language.text(Key::InHand).to_owned();
            return std::iter::once(word).chain(waiting).collect::<Vec<_>>();
        };
        let aside = if queue.is_some_and(|most| most > 0) {
            12.0 * self.scale
        } else {
            0.0
        };
        if workers <= SINGLE_MAX {
            self.slots((busy, workers), aside);
        } else {
            let text = format!(
                "{} / {}",
                format::count(u64::from(busy)),
                format::count(u64::from(workers))
            );
            self.number(&text, center.y);
        }
        self.share(aside);
        let headline = numbers::headline(self.scene.lane, self.index, language);
        std::iter::once(headline).chain(waiting).collect()
    }

    /// The queue in front of the workers, filled as far as it is.
    fn tube(&self, share: f64, is_full: bool) {
        let pen = self.pen;
        let Spot { center, width, height } = self.spot;
        let wide = (8.0 * self.scale).clamp(4.0, 14.0);
        let tall = height - 12.0 * self.scale;
        let (left, top) = (center.x - width / 2.0 + 5.0 * self.scale, center.y - tall / 2.0);
        let full = tall * share.clamp(0.0, 1.0);
        pen.fill(if is_full { &pen.colors.lost } else { &pen.colors.ready });
        pen.cx.fill_rect(left, top + tall - full, wide, full);
        pen.stroke(if is_full { &pen.colors.lost } else { &pen.colors.edge }, 1.0);
        pen.cx.stroke_rect(left + 0.5, top + 0.5, wide - 1.0, tall - 1.0);
        if is_full {
            // A shape beside the colour, for those who only glance.
            let corner = Point {
                x: center.x - width / 2.0 + 2.0,
                y: center.y - height / 2.0 + 2.0,
            };
            pen.fill(&pen.colors.lost);
            pen.triangle(corner, (6.0 * self.scale).clamp(4.0, 9.0), true);
        }
    }

    fn number(&self, text: &str, y: f64) {
        if self.has_words() {
            let at = Point {
                x: self.spot.center.x,
                y,
            };
            let ink = &self.pen.colors.ink;
            self.pen
                .fitted(text, at, self.letters(), ink, Align::Center, self.spot.width - 6.0);
        }
    }

    /// One box per worker: full while it has something in hand, with the
    /// number of the message where one looks closely.
    /// They leave `aside` free at the left.
    fn slots(&self, (busy, workers): (u32, u32), aside: f64) {
        let pen = self.pen;
        let Spot { center, width, height } = self.spot;
        let inner = width - 12.0 * self.scale - aside;
        let step = (inner / f64::from(workers)).min(44.0 * self.scale);
        let side = (step - 4.0 * self.scale).min(13.0 * self.scale).max(2.0);
        let hand = self.scene.lane.world().in_hand(self.item.node);
        let first = center.x + aside / 2.0 - step * f64::from(workers) / 2.0 + step / 2.0;
        let y = center.y - height * 0.12;
        for worker in 0..workers {
            let x = first + step * f64::from(worker);
            if worker < busy {
                pen.fill(&pen.colors.flight);
                pen.cx.fill_rect(x - side / 2.0, y - side / 2.0, side, side);
            } else {
                pen.stroke(&pen.colors.edge, 1.0);
                pen.cx
                    .stroke_rect(x - side / 2.0 + 0.5, y - side / 2.0 + 0.5, side - 1.0, side - 1.0);
            }
            let Some(message) = hand.get(worker as usize).filter(|_| worker < busy) else {
                continue;
            };
            let text = format!("#{}", format::count(message.number()));
            let at = Point {
                x,
                y: y + side / 2.0 + 13.0,
            };
            let is_close = at.y + 3.0 < center.y + height / 2.0 - 13.0 * self.scale
                && pen.width_of(&text, 12.0) < step.max(inner / f64::from(workers));
            if is_close {
                pen.text(&text, at, 12.0, &pen.colors.ink, Align::Center);
            }
        }
    }

    /// The share of time that workers were busy lately, as a bar.
    fn share(&self, aside: f64) {
        let pen = self.pen;
        let Spot { center, width, height } = self.spot;
        let inner = width - 16.0 * self.scale - aside;
        let share = self.scene.lane.busy_share(self.index).clamp(0.0, 1.0);
        let thick = (6.0 * self.scale).clamp(2.0, 10.0);
        let y = center.y + height / 2.0 - thick - 7.0 * self.scale;
        pen.round_box(center.x + (aside - inner) / 2.0, y, inner, thick, thick / 2.0);
        pen.fill(&pen.colors.line);
        pen.cx.fill();
        if share > 0.0 {
            pen.round_box(
                center.x + (aside - inner) / 2.0,
                y,
                (inner * share).max(2.0),
                thick,
                thick / 2.0,
            );
            pen.fill(&pen.colors.flight);
            pen.cx.fill();
        }
    }
}
