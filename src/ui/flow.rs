//! What moves on a way. Where a connection takes time the packets are real:
//! each stands where it is. Where it takes none nothing is ever under way, and
//! marks show the measured rate: the more a second, the denser.

use super::pen::{Align, Pen};
use super::stage::Scene;
use crate::state::diagram::{Carries, Way};
use crate::state::format;
use crate::state::layout::{Curve, Point};
use crate::state::texts::Key;
use mqlab_engine::{LinkView, World};
use mqlab_kernel::SimSpan;

/// How marks move. The way they went is the screen's, not the engine's.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Motion {
    /// How far every mark has moved, in CSS pixels.
    pub(crate) travelled: f64,
}

/// More packets than this are shown as a flow with their number.
const PACKETS_MAX: usize = 240;

/// Draws what is on a way.
pub(crate) fn draw(pen: &Pen<'_>, scene: &Scene<'_>, index: usize, curve: &Curve) {
    let way = &scene.lane.diagram.ways[index];
    let world = scene.lane.world();
    let items = &scene.lane.diagram.items;
    let (from, to) = (items[way.from].node, items[way.to].node);
    let slow = |a, b| {
        let mut links = world.links().filter(move |link| link.latency > SimSpan::ZERO);
        links.find(move |link| (link.from, link.to) == (a, b))
    };
    // Parts of one broker have no connection between them.
    let forth = slow(from, to).filter(|_| from != to);
    let back = slow(to, from).filter(|_| from != to);
    if let Some(forth) = &forth
        && forth.packets <= PACKETS_MAX
    {
        packets(pen, world, forth, way, curve, false);
        if let Some(back) = back.filter(|back| back.packets <= PACKETS_MAX) {
            packets(pen, world, &back, way, curve, true);
        }
        return;
    }
    marks(pen, scene, index, curve);
    if let Some(forth) = forth {
        let middle = curve.at(0.5);
        let text = scene.language.with(Key::InFlight, &format::count(forth.packets as u64));
        let at = Point {
            x: middle.x,
            y: middle.y - 20.0,
        };
        pen.text(&text, at, 12.0, &pen.colors.soft, Align::Center);
    }
}

fn packets(pen: &Pen<'_>, world: &World, link: &LinkView, way: &Way, curve: &Curve, is_back: bool) {
    let now = world.now();
    let latency = link.latency.nanos().max(1) as f64;
    for packet in world.packets(link) {
        let left = packet.arrives.saturating_since(now).nanos() as f64 / latency;
        let gone = (1.0 - left).clamp(0.0, 1.0);
        let mut at = curve.at(if is_back { 1.0 - gone } else { gone });
        if packet.is_answer || is_back {
            // Answers run beside the messages, hollow and small.
            let is_upright = (curve.0[3].x - curve.0[0].x).abs() < (curve.0[3].y - curve.0[0].y).abs();
            if is_upright {
                at.x += 9.0;
            } else {
                at.y += 9.0;
            }
            pen.stroke(&pen.colors.soft, 1.0);
            pen.cx.stroke_rect(at.x - 1.5, at.y - 1.5, 3.0, 3.0);
        } else {
            pen.fill(color(pen, way.carries));
            pen.cx.fill_rect(at.x - 3.0, at.y - 3.0, 6.0, 6.0);
        }
    }
}

fn marks(pen: &Pen<'_>, scene: &Scene<'_>, index: usize, curve: &Curve) {
    let way = &scene.lane.diagram.ways[index];
    let (rate, failed) = scene.lane.flow(index);
    // Below one in ten seconds nothing would be seen to move.
    if rate < 0.1 && failed < 0.1 {
        return;
    }
    let all = match way.carries {
        // A refused write is not among the written ones.
        Carries::Effects => rate + failed,
        _ => rate.max(failed),
    };
    let bad_share = failed / all;
    let length = curve.length().max(1.0);
    let per_100 = (0.9 * all.powf(0.45)).clamp(1.0, 60.0);
    let count = (per_100 * length / 100.0).round().max(1.0) as u32;
    let width = (per_100 * 0.3).min(11.0);
    for mark in 0..count {
        // Multiples of the golden ratio spread evenly however many there are.
        let start = f64::from(mark) * 0.618_033_988_749_895;
        let share = (start + scene.motion.travelled / length).fract();
        let at = curve.at(share);
        let aside = (scatter(mark) - 0.5) * 2.0 * width;
        let ahead = curve.at((share + 0.01).min(1.0));
        let (dx, dy) = (ahead.x - at.x, ahead.y - at.y);
        let norm = dx.hypot(dy).max(1e-6);
        let (x, y) = (at.x - dy / norm * aside, at.y + dx / norm * aside);
        if scatter(mark.wrapping_add(7919)) < bad_share {
            pen.fill(&pen.colors.lost);
            pen.triangle(Point { x, y }, 3.5, true);
        } else {
            pen.fill(color(pen, way.carries));
            pen.cx.fill_rect(x - 2.5, y - 2.5, 5.0, 5.0);
        }
    }
}

fn color<'a>(pen: &'a Pen<'_>, carries: Carries) -> &'a str {
    match carries {
        Carries::Messages | Carries::Calls => &pen.colors.ready,
        Carries::Deliveries => &pen.colors.flight,
        Carries::Effects => &pen.colors.settled,
    }
}

/// A number in 0..1 that belongs to a mark: the same in every picture.
fn scatter(mark: u32) -> f64 {
    let mut bits = mark.wrapping_mul(0x9e37_79b9) ^ 0x5bd1_e995;
    bits ^= bits >> 15;
    bits = bits.wrapping_mul(0x2c1b_3c6d);
    bits ^= bits >> 12;
    f64::from(bits) / f64::from(u32::MAX)
}
