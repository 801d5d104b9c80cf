//! The things on the stage, each with its number on it.

mod load;
mod partition;
mod queue;
mod service;
mod table;

use super::pen::{Align, Pen};
use super::stage::Scene;
use crate::state::diagram::{Item, ItemKind, Shown};
use crate::state::layout::{Point, Spot};
use crate::state::numbers::{self, kafka};
use crate::state::texts::Key;
use mqlab_engine::Status;
use mqlab_model::Death;

/// Height of a line of words.
const LINE: f64 = 16.0;

/// A body smaller than this has no words in it.
const WORDS_FROM: f64 = 44.0;

/// Everything that is needed to draw one item.
struct Drawing<'a> {
    pen: &'a Pen<'a>,
    scene: &'a Scene<'a>,
    item: &'a Item,
    index: usize,
    spot: Spot,
    scale: f64,
    status: Status,
    is_down: bool,
}

/// Draws one item with its labels.
pub(crate) fn draw(pen: &Pen<'_>, scene: &Scene<'_>, index: usize) {
    let room = scene.sight.spot(scene.layout.rooms[index]);
    if !pen.sees(&room, 0.0) {
        return;
    }
    let item = &scene.lane.diagram.items[index];
    let status = numbers::item_status(scene.lane, index);
    let drawing = Drawing {
        pen,
        scene,
        item,
        index,
        spot: scene.sight.spot(scene.layout.spots[index]),
        scale: scene.sight.scale,
        status,
        is_down: matches!(status, Status::Down { .. }),
    };
    // Each says what stands below its name, line by line.
    let notes = match item.kind {
        ItemKind::Load => drawing.load(),
        ItemKind::Exchange => drawing.exchange(),
        ItemKind::Queue => drawing.queue(),
        ItemKind::Partition => drawing.partition(),
        ItemKind::Service => drawing.service(),
        ItemKind::Table => drawing.table(),
    };
    let state = || numbers::status_notes(status, scene.language);
    if let Status::Down { of, .. } = status {
        drawing.grave(of);
        drawing.labels(&state(), &pen.colors.lost);
    } else if status == Status::Paused {
        drawing.bars();
        drawing.labels(&state(), &pen.colors.delayed);
    } else {
        drawing.labels(&notes, &pen.colors.soft);
    }
}

/// Draws one item where all of them together are no larger than a few pixels: how it
/// stands, and nothing else.
pub(crate) fn speck(pen: &Pen<'_>, scene: &Scene<'_>, index: usize) {
    let Spot { center, width, height } = scene.sight.spot(scene.layout.spots[index]);
    let item = &scene.lane.diagram.items[index];
    let is_led = item.kind != ItemKind::Partition || scene.lane.world().leader_at(item.place).is_some();
    let selected = scene.selected.is_some() && scene.lane.diagram.thing(Shown::Item(index)) == scene.selected;
    let (color, least) = match numbers::item_status(scene.lane, index) {
        _ if selected => (&pen.colors.accent, 5.0),
        Status::Up if is_led => (&pen.colors.ink, 1.0),
        Status::Paused => (&pen.colors.delayed, 3.0),
        Status::Up | Status::Down { .. } => (&pen.colors.lost, 3.0),
    };
    let (width, height) = (width.max(least), height.max(least));
    if height >= OUTLINED {
        let (left, top) = (center.x - width / 2.0, center.y - height / 2.0);
        pen.fill(&pen.colors.panel);
        pen.cx.fill_rect(left, top, width, height);
        pen.fill(&pen.colors.ready);
        let (wide, tall) = filled(scene, item, (width, height));
        pen.cx.fill_rect(left, top + height - tall, wide, tall);
        pen.stroke(color, 1.0);
        pen.cx.stroke_rect(left, top, width, height);
        return;
    }
    pen.fill(color);
    pen.cx
        .fill_rect(center.x - width / 2.0, center.y - height / 2.0, width, height);
}

/// From this height on a speck has an outline, and shows how full it is.
const OUTLINED: f64 = 5.0;

/// How far what lies in something fills it, upward or to the right.
fn filled(scene: &Scene<'_>, item: &Item, (width, height): (f64, f64)) -> (f64, f64) {
    let world = scene.lane.world();
    match item.kind {
        ItemKind::Queue => {
            let queue = world.queue(item.place);
            let count = queue.map_or(0, |queue| queue.messages_ready + queue.messages_unacknowledged);
            (width, (count as f64 / scene.full_scale).min(1.0) * height)
        }
        ItemKind::Partition => {
            let end = world.partition_at(item.place).map_or(0, |partition| partition.log_end);
            ((end as f64 / scene.log_scale).min(1.0) * width, height)
        }
        _ => (0.0, 0.0),
    }
}

impl Drawing<'_> {
    fn is_selected(&self) -> bool {
        let thing = self.scene.lane.diagram.thing(Shown::Item(self.index));
        self.scene.selected.is_some() && self.scene.selected == thing
    }

    /// Whether there is room for a word in the body.
    fn has_words(&self) -> bool {
        self.spot.width >= WORDS_FROM && self.spot.height >= 30.0
    }

    /// The size of ordinary words: a little larger where one looks closely.
    fn letters(&self) -> f64 {
        (13.0 * self.scale).clamp(12.0, 16.0)
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

    /// A sign of what it has died of.
    fn grave(&self, of: Death) {
        let Point { x, y } = self.spot.center;
        let pen = self.pen;
        let arm = (14.0 * self.scale).clamp(6.0, 24.0);
        let point = |across: f64, down: f64| Point {
            x: x + across * arm,
            y: y + down * arm,
        };
        // Nothing behind a sign may look like a part of it.
        pen.circle(self.spot.center, arm * 1.5);
        pen.fill(&pen.colors.shade);
        pen.cx.fill();
        pen.stroke(&pen.colors.lost, 3.0);
        let cross = |size: f64| {
            pen.line(point(-size, -size), point(size, size));
            pen.line(point(size, -size), point(-size, size));
        };
        match of {
            Death::Killed => cross(1.0),
            Death::Overload => {
                pen.closed(&[point(0.0, -1.1), point(1.15, 0.95), point(-1.15, 0.95)]);
                pen.cx.stroke();
                pen.line(point(0.0, -0.35), point(0.0, 0.3));
                pen.line(point(0.0, 0.6), point(0.0, 0.7));
            }
            Death::Power => {
                pen.closed(&[
                    point(0.35, -1.2),
                    point(-0.75, 0.2),
                    point(-0.05, 0.2),
                    point(-0.35, 1.2),
                    point(0.75, -0.25),
                    point(0.05, -0.25),
                ]);
                pen.fill(&pen.colors.lost);
                pen.cx.fill();
            }
            Death::Disk => {
                pen.ellipse(self.spot.center, arm * 1.15, arm * 1.15);
                pen.cx.stroke();
                cross(0.5);
            }
        }
    }

    fn bars(&self) {
        let Point { x, y } = self.spot.center;
        self.pen.fill(&self.pen.colors.delayed);
        let tall = (20.0 * self.scale).clamp(12.0, 36.0);
        self.pen.cx.fill_rect(x - 8.0, y - tall / 2.0, 5.0, tall);
        self.pen.cx.fill_rect(x + 3.0, y - tall / 2.0, 5.0, tall);
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
        vec![
            self.scene.language.text(Key::Exchange).to_owned(),
            numbers::headline(self.scene.lane, self.index, self.scene.language),
        ]
    }

    /// How far words may go where messages flow down and nothing stands beside.
    fn free_beside(&self) -> Option<f64> {
        if !self.scene.layout.has_words_beside {
            return None;
        }
        let rooms = &self.scene.layout.rooms;
        let own = rooms[self.index];
        let is_beside = |other: &Spot| {
            other.center.x > own.center.x && (other.center.y - own.center.y).abs() < (other.height + own.height) / 2.0
        };
        let begin = self.spot.center.x + self.spot.width / 2.0 + 8.0;
        (!rooms.iter().any(is_beside)).then_some(self.pen.width - begin - 6.0)
    }

    /// Name and notes: below the thing, or beside it where messages flow down.
    /// Where there is no room for all of them the last ones are left out, and
    /// no word ever becomes too small to be read.
    fn labels(&self, notes: &[String], color: &str) {
        let Spot { center, width, height } = self.spot;
        let room = self.scene.sight.spot(self.scene.layout.rooms[self.index]);
        // Nobody else's words reach into the gap between two layers.
        let aside = if self.scene.layout.is_vertical { 0.0 } else { 38.0 };
        let most = (self.scene.layout.words[self.index] + aside) * self.scale;
        let most = self.free_beside().map_or(most, |free| free.max(most));
        // Of a partition even a number says which.
        let is_partition = self.item.kind == ItemKind::Partition;
        if most < if is_partition { 14.0 } else { 32.0 } {
            return;
        }
        let is_beside = self.scene.layout.has_words_beside;
        let (lines, x, mut y, align) = if is_beside {
            let lines = ((room.height + 8.0) / LINE).floor().min(notes.len() as f64 + 1.0);
            let x = center.x + width / 2.0 + 8.0;
            (lines, x, center.y + 4.5 - (lines - 1.0) * LINE / 2.0, Align::Left)
        } else {
            let free = room.center.y + room.height / 2.0 - center.y - height / 2.0;
            // Nothing stands right below: a line may hang over a little.
            let lines = ((free + 4.0) / LINE).floor();
            (lines, center.x, center.y + height / 2.0 + LINE, Align::Center)
        };
        if lines < 1.0 {
            return;
        }
        let ink = &self.pen.colors.ink;
        let name_size = if is_beside { 13.0 } else { self.letters() };
        let line = |text: &str, y: f64, size: f64, color: &str| {
            if self.scene.layout.is_vertical && !is_beside {
                self.plate(text, Point { x, y }, size, most);
            }
            self.pen.fitted(text, Point { x, y }, size, color, align, most);
        };
        if lines < 2.0 && self.status != Status::Up {
            // Of two words the one that says how it stands must not be lost.
            let text = format!("{} \u{b7} {}", self.item.name, notes.first().map_or("", String::as_str));
            line(&text, y, 12.0, color);
            return;
        }
        let fits = |name: &String| self.pen.width_of(name, name_size) <= most;
        let short = is_partition
            .then(|| kafka::shorter(&self.item.name).find(fits))
            .flatten();
        line(short.as_ref().unwrap_or(&self.item.name), y, name_size, ink);
        for note in notes.iter().filter(|note| !note.is_empty()).take(lines as usize - 1) {
            y += LINE;
            line(note, y, 12.0, color);
        }
    }

    /// Where ways leave downward they pass behind the words.
    fn plate(&self, text: &str, at: Point, size: f64, most: f64) {
        let wide = self.pen.width_of(text, size).min(most) + 4.0;
        self.pen.fill(&self.pen.colors.bg);
        self.pen
            .cx
            .fill_rect(at.x - wide / 2.0, at.y - size + 1.0, wide, size + 3.0);
    }
}
