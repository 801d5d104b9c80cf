//! A load: a circle, filled as far as its buffer is, in a ring that closes as
//! its window fills.

use super::Drawing;
use crate::state::numbers;
use mqlab_engine::NodeView;

impl Drawing<'_> {
    pub(super) fn load(&self) -> Vec<String> {
        let (pen, scene) = (self.pen, self.scene);
        let (center, radius) = (self.spot.center, self.spot.width / 2.0);
        pen.circle(center, radius);
        self.body();
        let world = scene.lane.world();
        let mut notes = vec![numbers::headline(scene.lane, self.index, scene.language)];
        if self.is_down {
            self.outline();
            return notes;
        }
        let (window, buffer) = numbers::sender(world, self.item.node);
        if let NodeView::Load { outstanding, held, .. } = world.node(self.item.node) {
            if let Some(buffer) = buffer {
                let tall = 2.0 * radius * share(held, buffer);
                pen.clipped(|| {
                    pen.fill(&pen.colors.delayed);
                    pen.cx.set_global_alpha(0.3);
                    pen.cx
                        .fill_rect(center.x - radius, center.y + radius - tall, 2.0 * radius, tall);
                    pen.cx.set_global_alpha(1.0);
                });
            }
            pen.circle(center, radius);
            self.outline();
            if let Some(window) = window {
                self.ring(share(outstanding, u64::from(window)));
            }
        }
        notes.extend(numbers::load_notes(world, self.item.node, scene.language));
        notes
    }

    /// How much of the window is used, around the circle.
    fn ring(&self, share: f64) {
        use std::f64::consts::{FRAC_PI_2, TAU};
        let (pen, center) = (self.pen, self.spot.center);
        let radius = self.spot.width / 2.0 + 4.0;
        for (color, share) in [(&pen.colors.line, 1.0), (&pen.colors.flight, share)] {
            pen.stroke(color, 3.0);
            pen.cx.begin_path();
            // The radius is not negative, the only thing it may refuse.
            let _ = pen
                .cx
                .arc(center.x, center.y, radius, -FRAC_PI_2, TAU * share - FRAC_PI_2);
            pen.cx.stroke();
        }
    }
}

fn share(count: u64, most: u64) -> f64 {
    (count as f64 / most.max(1) as f64).min(1.0)
}
