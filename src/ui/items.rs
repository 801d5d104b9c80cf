//! The things on the stage, each with its number on it.

use super::pen::{Align, Pen};
use super::stage::Scene;
use crate::state::diagram::{Item, ItemKind};
use crate::state::layout::{Layout, Point, Spot};
use crate::state::texts::Key;
use crate::state::{format, numbers};
use mqlab_engine::{MetricKind, NodeView, Status, Value};

/// From this scale on a queue shows a level, below it single messages.
const SINGLE_MAX: f64 = 60.0;

/// Everything that is needed to draw one item.
struct Drawing<'a> {
    pen: &'a Pen<'a>,
    scene: &'a Scene<'a>,
    item: &'a Item,
    index: usize,
    spot: Spot,
    scale: f64,
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
        is_down: matches!(status, Status::Down { .. }),
    };
    let note = match item.kind {
        ItemKind::Load => drawing.load(),
        ItemKind::Exchange => drawing.exchange(),
        ItemKind::Queue => drawing.queue(),
        ItemKind::Service => drawing.service(),
        ItemKind::Table => drawing.table(),
    };
    let mut note = (note, pen.colors.soft.as_str());
    if drawing.is_down {
        drawing.cross();
        note = (numbers::state_word(scene.lane, index, scene.language), &pen.colors.lost);
    } else if status == Status::Paused {
        drawing.bars();
        note = (
            numbers::state_word(scene.lane, index, scene.language),
            &pen.colors.delayed,
        );
    }
    drawing.labels(layout.is_vertical, &note.0, note.1);
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

    fn load(&self) -> String {
        self.pen.circle(self.spot.center, self.spot.width / 2.0);
        self.body();
        self.outline();
        numbers::headline(self.scene.lane, self.index, self.scene.language)
    }

    fn exchange(&self) -> String {
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
        self.scene.language.text(Key::Exchange).to_owned()
    }

    fn queue(&self) -> String {
        let (pen, language) = (self.pen, self.scene.language);
        let Spot { center, width, height } = self.spot;
        let (left, top) = (center.x - width / 2.0, center.y - height / 2.0);
        pen.round_box(left, top, width, height, 6.0);
        self.body();
        let Some(queue) = self.scene.lane.world().queue(self.item.place) else {
            return String::new();
        };
        if self.is_down {
            self.hatch();
        } else if self.scene.full_scale > SINGLE_MAX {
            pen.clipped(|| self.level(queue.messages_ready, queue.messages_unacknowledged));
        } else {
            self.singles(queue.messages_ready, queue.messages_unacknowledged);
        }
        pen.round_box(left, top, width, height, 6.0);
        self.outline();
        if self.is_down {
            return String::new();
        }
        let size = (24.0 * self.scale).max(18.0);
        let ready = format::count(queue.messages_ready);
        pen.weighted(&ready, center, size, 300, &pen.colors.ink, Align::Center);
        let oldest = match crate::state::lab::measure(self.scene.lane.world(), MetricKind::Age, self.item.place) {
            Value::Span(age) if queue.head.is_some() => {
                let age = format::span(age.nanos() as f64);
                format!(" · {}", language.with(Key::OldestShort, &age))
            }
            _ => String::new(),
        };
        let below = Point {
            x: center.x,
            y: center.y + 20.0,
        };
        let text = format!("{}{oldest}", language.text(Key::ReadyShort));
        pen.text(&text, below, 12.0, &pen.colors.soft, Align::Center);
        let grows = numbers::inflow(self.scene.lane, self.index) - numbers::outflow(self.scene.lane, self.index);
        // What comes and goes in step makes the counters differ by one message.
        if grows.abs() < 1.5 {
            return String::new();
        }
        format!("{}{}", if grows > 0.0 { "+" } else { "" }, format::rate(grows.round()))
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

    /// Every message by itself: those that are delivered and not acknowledged
    /// first, since they are the head of the queue.
    fn singles(&self, ready: u64, unacked: u64) {
        const SIDE: f64 = 7.0;
        const STEP: f64 = 11.0;
        let Spot { center, width, height } = self.spot;
        let columns = ((width - 12.0) / STEP).floor().max(1.0) as u64;
        let (right, bottom) = (center.x + width / 2.0 - 8.0, center.y + height / 2.0 - 8.0);
        for index in 0..(ready + unacked).min(SINGLE_MAX as u64) {
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

    fn service(&self) -> String {
        let pen = self.pen;
        let Spot { center, width, height } = self.spot;
        let (left, top) = (center.x - width / 2.0, center.y - height / 2.0);
        pen.round_box(left, top, width, height, 6.0);
        self.body();
        if self.is_down {
            self.hatch();
            pen.round_box(left, top, width, height, 6.0);
            self.outline();
            return String::new();
        }
        self.outline();
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
        if let NodeView::Service { busy, workers, .. } = self.scene.lane.world().node(self.item.node) {
            let workers = workers.map_or_else(|| "∞".to_owned(), |most| format::count(u64::from(most)));
            let text = format!("{busy} / {workers}");
            let at = Point {
                x: center.x,
                y: center.y - 2.0 * self.scale,
            };
            pen.text(&text, at, 13.0, &pen.colors.ink, Align::Center);
        }
        numbers::headline(self.scene.lane, self.index, self.scene.language)
    }

    fn table(&self) -> String {
        let (pen, scene) = (self.pen, self.scene);
        let Spot { center, width, height } = self.spot;
        let cap = 14.0 * self.scale;
        let (top, bottom) = (center.y - height / 2.0 + cap, center.y + height / 2.0 - cap);
        self.drum(top, bottom, cap);
        self.body();
        let rate = numbers::inflow(scene.lane, self.index);
        let NodeView::Table { capacity, .. } = scene.lane.world().node(self.item.node) else {
            return String::new();
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
            return String::new();
        }
        let at = Point {
            x: center.x,
            y: center.y + cap,
        };
        pen.text(&format::rate(rate), at, 13.0, &pen.colors.ink, Align::Center);
        match (load, capacity) {
            (Some(load), _) if load >= 0.99 => scene.language.text(Key::AtLimit).to_owned(),
            (_, Some(capacity)) => format!("/ {}", format::rate(capacity.per_second_f64())),
            _ => String::new(),
        }
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

    /// Name and note: below the thing, or beside it where messages flow down.
    fn labels(&self, is_vertical: bool, note: &str, color: &str) {
        let Spot { center, width, height } = self.spot;
        let (name, note_at, align) = if is_vertical {
            let x = center.x + width / 2.0 + 12.0;
            (Point { x, y: center.y }, Point { x, y: center.y + 18.0 }, Align::Left)
        } else {
            let y = center.y + height / 2.0 + 18.0;
            (
                Point { x: center.x, y },
                Point {
                    x: center.x,
                    y: y + 17.0,
                },
                Align::Center,
            )
        };
        self.pen.text(&self.item.name, name, 13.0, &self.pen.colors.ink, align);
        self.pen.text(note, note_at, 12.0, color, align);
    }
}
