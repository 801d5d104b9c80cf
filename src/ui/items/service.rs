//! A service: how many of its workers have something in hand, and the share
//! of time that they were busy lately.

use super::Drawing;
use crate::state::layout::{Point, Spot};
use crate::state::texts::Key;
use crate::state::{format, numbers};
use crate::ui::pen::Align;
use mqlab_engine::NodeView;

impl Drawing<'_> {
    pub(super) fn service(&self) -> Vec<String> {
        let pen = self.pen;
        let Spot { center, width, height } = self.spot;
        let (left, top) = (center.x - width / 2.0, center.y - height / 2.0);
        pen.round_box(left, top, width, height, 6.0);
        self.body();
        if self.is_down {
            self.hatch();
            pen.round_box(left, top, width, height, 6.0);
            self.outline();
            return Vec::new();
        }
        self.outline();
        let NodeView::Service { busy, workers, .. } = self.scene.lane.world().node(self.item.node) else {
            return Vec::new();
        };
        let Some(workers) = workers else {
            // Without a limit there is no share that could be busy.
            let at = Point {
                x: center.x,
                y: center.y + 4.0,
            };
            pen.text(
                &format::count(u64::from(busy)),
                at,
                13.0,
                &pen.colors.ink,
                Align::Center,
            );
            return vec![self.scene.language.text(Key::InHand).to_owned()];
        };
        let text = format!("{busy} / {}", format::count(u64::from(workers)));
        let at = Point {
            x: center.x,
            y: center.y - 2.0 * self.scale,
        };
        pen.text(&text, at, 13.0, &pen.colors.ink, Align::Center);
        let inner = width - 16.0 * self.scale;
        let share = self.scene.lane.busy_share(self.index).clamp(0.0, 1.0);
        let y = center.y + 8.0 * self.scale;
        pen.round_box(center.x - inner / 2.0, y, inner, 6.0, 3.0);
        pen.fill(&pen.colors.line);
        pen.cx.fill();
        if share > 0.0 {
            pen.round_box(center.x - inner / 2.0, y, (inner * share).max(2.0), 6.0, 3.0);
            pen.fill(&pen.colors.flight);
            pen.cx.fill();
        }
        vec![numbers::headline(self.scene.lane, self.index, self.scene.language)]
    }
}
