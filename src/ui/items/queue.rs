//! A queue: a box with its level to scale, or with every message by itself
//! while there are few.

use super::Drawing;
use crate::state::lab::measure;
use crate::state::layout::{Point, Spot};
use crate::state::texts::Key;
use crate::state::{format, local, numbers};
use crate::ui::pen::Align;
use mqlab_engine::{MetricKind, Value};

/// From one single message to the next.
const STEP: f64 = 11.0;

/// Above this scale a queue shows a level, up to it single messages.
const SINGLE_MAX: f64 = 60.0;

impl Drawing<'_> {
    pub(super) fn queue(&self) -> Vec<String> {
        let (pen, language) = (self.pen, self.scene.language);
        let Spot { center, width, height } = self.spot;
        let (left, top) = (center.x - width / 2.0, center.y - height / 2.0);
        let round = (6.0 * self.scale).clamp(2.0, 8.0);
        pen.round_box(left, top, width, height, round);
        self.body();
        let Some(queue) = self.scene.lane.world().queue(self.item.place) else {
            return Vec::new();
        };
        if self.is_down {
            self.hatch();
        } else if self.scene.full_scale > SINGLE_MAX {
            pen.clipped(|| self.level(queue.messages_ready, queue.messages_unacknowledged));
        } else {
            self.singles(queue.messages_ready, queue.messages_unacknowledged);
        }
        pen.round_box(left, top, width, height, round);
        self.outline();
        if self.is_down || !self.has_words() {
            return self.growth().into_iter().collect();
        }
        // Words stand above what lies at the bottom.
        let lying = match self.scene.full_scale > SINGLE_MAX {
            true => 0.0,
            false => self.rows(queue.messages_ready + queue.messages_unacknowledged) * STEP,
        };
        let low = center.y + height / 2.0 - lying;
        let middle = (top + low) / 2.0;
        let size = (24.0 * self.scale).min((low - top) * 0.45).clamp(13.0, 34.0);
        let ready = format::count(queue.messages_ready);
        // Not wider than its box either.
        let size = (size * (width - 10.0) / pen.width_of(&ready, size).max(1.0)).clamp(12.0, size);
        let is_pair = low - top >= size + 18.0;
        let at = Point {
            x: center.x,
            y: middle + size * 0.35 - if is_pair { 8.0 } else { 0.0 },
        };
        // Only the surface of the level may lie behind the number.
        let surface = center.y + height / 2.0
            - (queue.messages_ready + queue.messages_unacknowledged) as f64 / self.scene.full_scale * height;
        if (surface - at.y + size / 3.0).abs() < size / 2.0 {
            pen.rimmed(&ready, at, size, 300);
        } else {
            pen.weighted(&ready, at, size, 300, &pen.colors.ink, Align::Center);
        }
        let oldest = match measure(self.scene.lane.world(), MetricKind::Age, self.item.place) {
            Value::Span(age) if queue.head.is_some() => {
                Some(language.with(Key::OldestShort, &local::span(age.nanos() as f64, language)))
            }
            _ => None,
        };
        let word = language.text(Key::ReadyShort);
        // A small box has no room for both.
        let both = oldest.as_ref().map(|oldest| format!("{word} \u{b7} {oldest}"));
        let both = both.filter(|both| pen.width_of(both, 12.0) <= width - 12.0);
        let beside = if both.is_none() { oldest } else { None };
        if is_pair {
            let below = Point {
                x: center.x,
                y: at.y + 17.0,
            };
            let inside = both.unwrap_or_else(|| word.to_owned());
            pen.fitted(&inside, below, 12.0, &pen.colors.soft, Align::Center, width - 8.0);
        }
        self.growth().into_iter().chain(beside).collect()
    }

    /// How fast the queue grows or shrinks, if it does.
    fn growth(&self) -> Option<String> {
        let grows = numbers::inflow(self.scene.lane, self.index) - numbers::outflow(self.scene.lane, self.index);
        // What is handed out again has gone before, and an empty queue does
        // not shrink.
        let ready = self.scene.lane.world().queue(self.item.place);
        if grows < 0.0 && ready.is_none_or(|queue| queue.messages_ready == 0) {
            return None;
        }
        // What comes and goes in step makes the counters differ by a message.
        let sign = if grows > 0.0 { "+" } else { "\u{2212}" };
        (grows.abs() >= 1.5).then(|| format!("{sign}{}", local::rate(grows.abs().round(), self.scene.language)))
    }

    fn level(&self, ready: u64, unacked: u64) {
        let Spot { center, width, height } = self.spot;
        let (left, bottom) = (center.x - width / 2.0, center.y + height / 2.0);
        let cx = &self.pen.cx;
        let tall = |count: u64| (count as f64 / self.scene.full_scale).min(1.0) * height;
        let (unacked_tall, ready_tall) = (tall(unacked), tall(ready));
        let band = |from: f64, tall: f64, color: &str| {
            if tall <= 0.0 {
                return;
            }
            self.pen.fill(color);
            cx.set_global_alpha(0.22);
            cx.fill_rect(left, bottom - from - tall, width, tall);
            cx.set_global_alpha(1.0);
            self.pen.stroke(color, 2.0);
            let y = bottom - from - tall;
            self.pen.line(Point { x: left, y }, Point { x: left + width, y });
        };
        band(0.0, unacked_tall, &self.pen.colors.flight);
        band(unacked_tall, ready_tall, &self.pen.colors.ready);
    }

    /// How many single messages lie beside each other.
    fn columns(&self) -> u64 {
        ((self.spot.width - 12.0) / STEP).floor().max(1.0) as u64
    }

    /// In how many rows so many of them lie.
    fn rows(&self, count: u64) -> f64 {
        count.min(SINGLE_MAX as u64).div_ceil(self.columns()) as f64
    }

    /// Every message by itself: those that are delivered and not acknowledged
    /// first, since they are the head of the queue.
    fn singles(&self, ready: u64, unacked: u64) {
        const SIDE: f64 = 7.0;
        let Spot { center, width, height } = self.spot;
        let columns = self.columns();
        let rows = ((height - 12.0) / STEP).floor().max(1.0) as u64;
        let (right, bottom) = (center.x + width / 2.0 - 8.0, center.y + height / 2.0 - 8.0);
        for index in 0..(ready + unacked).min(SINGLE_MAX as u64).min(rows * columns) {
            let is_out = index < unacked;
            let colors = self.pen.colors;
            let x = right - (index % columns) as f64 * STEP - SIDE;
            let y = bottom - (index / columns) as f64 * STEP - SIDE;
            if is_out {
                self.pen.stroke(&colors.flight, 2.0);
                self.pen.cx.stroke_rect(x + 1.0, y + 1.0, SIDE - 2.0, SIDE - 2.0);
            } else {
                self.pen.fill(&colors.ready);
                self.pen.cx.fill_rect(x, y, SIDE, SIDE);
            }
        }
    }
}
