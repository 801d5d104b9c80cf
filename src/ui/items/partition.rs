//! A partition: the log of each of its replicas as a bar, to one scale, with
//! the high watermark and what each group has committed as marks on it.

use super::Drawing;
use crate::state::layout::{Point, Spot};
use crate::state::numbers::kafka;
use crate::ui::pen::Align;
use mqlab_engine::{Partition, Replica, Status};

/// Room for the number of a broker, left of its log.
const NUMBER: f64 = 24.0;

/// Room for the marks of groups, below the logs.
const MARKS: f64 = 9.0;

/// Groups that are not further apart share the place for their letters.
const SHARED: f64 = 14.0;

/// Where one log lies, and how offsets become pixels.
#[derive(Clone, Copy)]
struct Bar {
    left: f64,
    top: f64,
    tall: f64,
    per_record: f64,
    /// Where the body ends.
    right: f64,
}

impl Bar {
    fn x(&self, offset: u64) -> f64 {
        self.left + offset as f64 * self.per_record
    }
}

impl Drawing<'_> {
    pub(super) fn partition(&self) -> Vec<String> {
        let Spot { center, width, height } = self.spot;
        let (left, top) = (center.x - width / 2.0, center.y - height / 2.0);
        let round = (6.0 * self.scale).clamp(2.0, 8.0);
        self.pen.round_box(left, top, width, height, round);
        self.body();
        self.outline();
        let (world, language) = (self.scene.lane.world(), self.scene.language);
        let Some(partition) = world.partition_at(self.item.place) else {
            return Vec::new();
        };
        let records = kafka::log_scale(world, &self.scene.lane.diagram);
        let aside = NUMBER.min(width / 4.0);
        let bar = Bar {
            left: left + aside,
            top: top + 4.0,
            tall: (height - 8.0 - MARKS) / partition.replicas.len().max(1) as f64,
            per_record: (width - aside - 6.0) / records,
            right: left + width,
        };
        for (row, replica) in partition.replicas.iter().enumerate() {
            let top = bar.top + row as f64 * bar.tall;
            self.replica(&partition, replica, Bar { top, ..bar }, aside);
        }
        self.committed(bar, top + height - MARKS - 3.0);
        let (mut notes, _) = kafka::notes(world, self.item.place, language);
        let sign = if partition.leader.is_none() { "\u{2715} " } else { "" };
        let headline = crate::state::numbers::headline(self.scene.lane, self.index, language);
        notes.insert(0, format!("{sign}{headline}"));
        notes
    }

    /// One log: what is committed is filled, what is not is only outlined; the
    /// outline of a replica that is not in sync is broken.
    fn replica(&self, partition: &Partition, replica: &Replica, bar: Bar, aside: f64) {
        let (pen, colors) = (self.pen, self.pen.colors);
        let status = self.scene.lane.world().status(replica.node);
        let is_down = matches!(status, Status::Down { .. });
        let is_leader = partition.leader == Some(replica.node);
        let (top, tall) = (bar.top + 1.5, (bar.tall - 3.0).max(2.0));
        let (from, end) = (bar.x(replica.log_start), bar.x(replica.log_end));
        let known = bar.x(replica.high_watermark.min(replica.log_end));
        if is_down {
            pen.fill(&colors.shade);
            pen.cx.fill_rect(from, top, end - from, tall);
        } else if replica.in_sync {
            pen.fill(&colors.ready);
            pen.cx.set_global_alpha(if is_leader { 0.45 } else { 0.22 });
            pen.cx.fill_rect(from, top, (known - from).max(0.0), tall);
            pen.cx.set_global_alpha(1.0);
        }
        let color = match (is_down, replica.in_sync) {
            (true, _) => &colors.dead,
            (_, true) => &colors.ready,
            (_, false) => &colors.delayed,
        };
        pen.stroke(color, if is_leader { 2.0 } else { 1.0 });
        if !replica.in_sync || is_down {
            pen.dash(&[3.0, 3.0]);
        }
        pen.cx.stroke_rect(from, top, (end - from).max(1.0), tall);
        pen.dash(&[]);
        if is_leader {
            self.segments(bar, (top, tall));
            self.last_stable(partition, bar, (top, tall));
            pen.stroke(&colors.ink, 1.5);
            let (high, low) = (
                Point { x: known, y: top - 1.5 },
                Point {
                    x: known,
                    y: top + tall + 1.5,
                },
            );
            pen.line(high, low);
        }
        self.broker_number(replica, is_leader, is_down, (bar, aside));
    }

    /// Where the leader's segments begin, if there is room between them; those that
    /// the next look at old ones deletes are crossed out.
    fn segments(&self, bar: Bar, (top, tall): (f64, f64)) {
        let (pen, colors) = (self.pen, self.pen.colors);
        for segment in self.scene.lane.world().segments_at(self.item.place) {
            let (from, to) = (bar.x(segment.base), bar.x(segment.end));
            if to - from < 4.0 {
                continue;
            }
            pen.stroke(&colors.ready, 1.0);
            let across = |x: f64, until: f64| {
                (
                    Point { x, y: top },
                    Point {
                        x: until,
                        y: top + tall,
                    },
                )
            };
            let (high, low) = across(from, from);
            pen.line(high, low);
            if segment.is_due {
                pen.stroke(&colors.lost, 1.0);
                let (high, low) = across(from, to);
                pen.line(high, low);
            }
        }
    }

    /// Up to where committed transactions may be read, if that is not all that is
    /// committed.
    fn last_stable(&self, partition: &Partition, bar: Bar, (top, tall): (f64, f64)) {
        if partition.last_stable >= partition.high_watermark {
            return;
        }
        let (pen, x) = (self.pen, bar.x(partition.last_stable));
        pen.stroke(&pen.colors.delayed, 1.5);
        pen.dash(&[2.0, 2.0]);
        pen.line(Point { x, y: top }, Point { x, y: top + tall });
        pen.dash(&[]);
    }

    /// The number of a replica's broker: heavy with a point for the leader,
    /// behind a cross for the dead.
    fn broker_number(&self, replica: &Replica, is_leader: bool, is_down: bool, (bar, aside): (Bar, f64)) {
        let (pen, colors) = (self.pen, self.pen.colors);
        if bar.tall < 9.0 || aside < 20.0 {
            return;
        }
        let name = kafka::short_name(self.scene.lane.world(), replica.node);
        let (text, weight, color) = match (is_leader, is_down) {
            (_, true) => (format!("\u{2715}{name}"), 400, &colors.lost),
            (true, _) => (format!("\u{25b8}{name}"), 700, &colors.ink),
            _ => (name, 400, &colors.soft),
        };
        let size = bar.tall.clamp(9.0, 12.0);
        let at = Point {
            x: bar.left - 4.0,
            y: bar.top + bar.tall / 2.0 + size * 0.36,
        };
        pen.weighted(&text, at, size, weight, color, Align::Right);
    }

    /// What each group has committed: a mark below the logs for each, with the
    /// first letters of those who share it where there is room.
    fn committed(&self, bar: Bar, top: f64) {
        let (pen, colors) = (self.pen, self.pen.colors);
        let shares = kafka::shares(self.scene.lane.world(), self.item.place);
        let is_named = shares.len() > 1 && self.scale >= 0.8;
        let mut names: Vec<(f64, String)> = Vec::new();
        for (group, share) in &shares {
            let Some(committed) = share.committed else { continue };
            let x = bar.x(committed);
            pen.fill(&colors.settled);
            pen.closed(&[
                Point { x, y: top },
                Point {
                    x: x + 4.0,
                    y: top + 7.0,
                },
                Point {
                    x: x - 4.0,
                    y: top + 7.0,
                },
            ]);
            pen.cx.fill();
            let letter: String = group.chars().take(1).filter(|_| is_named).collect();
            match names.iter_mut().find(|(at, _)| (at - x).abs() < SHARED) {
                Some((_, letters)) if !letters.contains(&letter) => *letters += &letter,
                Some(_) => {}
                None => names.push((x, letter)),
            }
        }
        for (x, letters) in names {
            // At the end of the log they stand before the mark.
            let is_last = x + 6.0 + pen.width_of(&letters, 10.0) > bar.right;
            let (aside, align) = if is_last {
                (-6.0, Align::Right)
            } else {
                (6.0, Align::Left)
            };
            let at = Point {
                x: x + aside,
                y: top + 8.0,
            };
            pen.text(&letters, at, 10.0, &colors.soft, align);
        }
    }
}
