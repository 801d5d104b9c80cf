//! One lane on its canvas: ways first, then what moves on them, frames of
//! brokers, and things.

use super::backdrop::Backdrop;
use super::flow::{self, Motion};
use super::items;
use super::marks::Marks;
use super::pen::{Align, Pen};
use crate::state::camera::Sight;
use crate::state::connection::{Connection, Gap};
use crate::state::diagram::{Carries, Shown};
use crate::state::lab::Lane;
use crate::state::layout::{Layout, Point, Spot, clear_of};
use crate::state::selection::Thing;
use crate::state::texts::Language;
use crate::state::trail::Trail;
use crate::state::{numbers, steps};
use mqlab_engine::{BreakerState, Status};
use mqlab_model::NodeId;

/// How a lane is drawn.
pub(crate) struct Scene<'a> {
    pub(crate) lane: &'a Lane,
    pub(crate) layout: &'a Layout,
    pub(crate) sight: Sight,
    pub(crate) trails: &'a [Trail],
    pub(crate) language: Language,
    /// At how many messages a queue is full.
    pub(crate) full_scale: f64,
    /// How many records the whole length of a partition's logs stands for.
    pub(crate) log_scale: f64,
    pub(crate) selected: Option<Thing>,
    pub(crate) motion: Motion,
}

/// At this scale and below, things are specks of a few pixels, and many ways are one line.
const SPECKS: f64 = 0.03;

/// The same where there are very many of them: nothing can be read that small.
const SMALL: f64 = 0.25;
const MANY: usize = 480;

/// Draws a lane.
pub(crate) fn draw(pen: &Pen<'_>, scene: &Scene<'_>, marks: &mut Marks, backdrop: &mut Backdrop) {
    let ways = ways(scene);
    for index in backdrop.draw(pen, scene, &ways) {
        way(pen, scene, index);
    }
    for index in &ways {
        flow::draw(pen, scene, *index, marks);
    }
    marks.draw(pen);
    // Nothing crosses the name of a broker or the nodes of a cluster.
    for index in 0..scene.layout.frames.len() {
        frame(pen, scene, index);
    }
    selected_packets(pen, scene);
    let count = scene.lane.diagram.items.len();
    let specks = if count > MANY { SMALL } else { SPECKS };
    for index in 0..count {
        if scene.sight.scale > specks {
            items::draw(pen, scene, index);
        } else {
            items::speck(pen, scene, index);
        }
    }
}

/// The ways that are drawn: of those that would cover each other one.
fn ways(scene: &Scene<'_>) -> Vec<usize> {
    let all = 0..scene.layout.routes.len();
    if scene.sight.scale > SPECKS {
        return all.collect();
    }
    let selected =
        |index: usize| scene.selected.is_some() && scene.lane.diagram.thing(Shown::Way(index)) == scene.selected;
    let mut before = None;
    all.filter(|index| {
        let route = &scene.layout.routes[*index];
        let dots = [0.0, 1.0].map(|share| {
            let Point { x, y } = scene.sight.point(route.at(share));
            ((x / 2.0) as i64, (y / 2.0) as i64)
        });
        before.replace(dots) != Some(dots) || selected(*index)
    })
    .collect()
}

/// What stands at a point of a lane's canvas; `reach` is how far beside it a
/// finger may be.
pub(crate) fn hit(scene: &Scene<'_>, point: Point, reach: f64) -> Option<Thing> {
    let (diagram, layout) = (&scene.lane.diagram, scene.layout);
    let spots = layout.spots.iter();
    if let Some(item) = spots
        .map(|spot| scene.sight.spot(*spot))
        .position(|spot| spot.contains(point, reach / 2.0))
    {
        return diagram.thing(Shown::Item(item));
    }
    let mut members = layout.members.iter().map(|spot| scene.sight.spot(*spot));
    if let Some(member) = members.position(|spot| spot.contains(point, reach / 2.0)) {
        return diagram.thing(Shown::Member(member));
    }
    packet_at(scene, point, reach).or_else(|| {
        let there = scene.sight.back(point);
        let near = layout.routes.iter().enumerate().filter_map(|(index, route)| {
            let (distance, _) = route.nearest(there)?;
            Some((index, distance * scene.sight.scale)).filter(|(_, distance)| *distance <= reach + 6.0)
        });
        let way = near.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(way, _)| Shown::Way(way));
        let mut frames = layout.frames.iter();
        let mut frame = || frames.find(|frame| scene.sight.spot(frame.spot).contains(point, reach));
        let shown = way.or_else(|| frame().map(|frame| Shown::Broker(frame.broker)));
        shown.and_then(|shown| diagram.thing(shown))
    })
}

/// The message whose packet is nearest to a point.
fn packet_at(scene: &Scene<'_>, point: Point, reach: f64) -> Option<Thing> {
    let mut best: Option<(f64, Thing)> = None;
    for (index, route) in scene.layout.routes.iter().enumerate() {
        let ends = Connection::of(scene.lane, &scene.lane.diagram.ways[index]);
        if !flow::is_seen(&ends, scene.motion) {
            continue;
        }
        let gap = flow::gap(scene, index);
        flow::each_packet(scene.lane, index, |packet, share, is_back| {
            let share = gap.map_or(share, |gap| gap.halts(share, is_back));
            let at = scene.sight.point(route.at(share));
            let distance = (at.x - point.x).hypot(at.y - point.y);
            let Some(message) = packet.message.filter(|_| !is_back && distance <= reach) else {
                return;
            };
            if best.is_none_or(|(before, _)| distance < before) {
                best = Some((distance, Thing::Message(message)));
            }
        });
    }
    best.map(|(_, thing)| thing)
}

fn selected_packets(pen: &Pen<'_>, scene: &Scene<'_>) {
    let Some(Thing::Message(selected)) = scene.selected else {
        return;
    };
    for (index, route) in scene.layout.routes.iter().enumerate() {
        let gap = flow::gap(scene, index);
        flow::each_packet(scene.lane, index, |packet, share, is_back| {
            let share = gap.map_or(share, |gap| gap.halts(share, is_back));
            if packet.message == Some(selected) && !is_back {
                pen.stroke(&pen.colors.accent, 2.0);
                pen.circle(scene.sight.point(route.at(share)), 8.0);
                pen.cx.stroke();
            }
        });
    }
}

/// Whether a way is nothing but a line: not selected, not cut, without a switch in it.
pub(crate) fn is_plain(scene: &Scene<'_>, index: usize) -> bool {
    let diagram = &scene.lane.diagram;
    let way = &diagram.ways[index];
    way.carries != Carries::Calls
        && (scene.selected.is_none() || diagram.thing(Shown::Way(index)) != scene.selected)
        && !Connection::of(scene.lane, way).is_cut()
}

/// Whether somebody reads what comes this way.
pub(crate) fn is_read(scene: &Scene<'_>, index: usize) -> bool {
    scene.lane.diagram.members.is_empty() || numbers::kafka::is_read(scene.lane, index)
}

/// Draws a way.
pub(crate) fn way(pen: &Pen<'_>, scene: &Scene<'_>, index: usize) {
    let route = &scene.layout.routes[index];
    if !pen.sees(&scene.sight.spot(route.room), flow::AROUND) {
        return;
    }
    let is_selected = scene.selected.is_some() && scene.lane.diagram.thing(Shown::Way(index)) == scene.selected;
    let (color, width) = if is_selected {
        (&pen.colors.accent, 2.5)
    } else {
        (&pen.colors.edge, 1.25)
    };
    pen.stroke(color, width);
    // What no consumer of the group is assigned to now is only hinted at.
    pen.cx.set_global_alpha(match (is_selected, is_read(scene, index)) {
        (true, _) => 1.0,
        (_, true) => 0.5,
        (_, false) => 0.18,
    });
    let gap = flow::gap(scene, index);
    if let Some(gap) = gap {
        let length = route.length * scene.sight.scale;
        pen.dash(&[length * gap.from, length * (gap.to - gap.from), length, 0.0]);
    }
    pen.cx.begin_path();
    for (position, curve) in route.curves.iter().enumerate() {
        let [a, b, c, d] = curve.map(|point| scene.sight.point(point));
        // Each begins where the one before ends: one line, and one gap in it.
        if position == 0 {
            pen.cx.move_to(a.x, a.y);
        }
        if gap.is_none() && !pen.sees(&between(a, d), NEAR) {
            pen.cx.move_to(d.x, d.y);
        } else {
            pen.cx.bezier_curve_to(b.x, b.y, c.x, c.y, d.x, d.y);
        }
    }
    pen.cx.stroke();
    pen.dash(&[]);
    pen.cx.set_global_alpha(1.0);
    if let Some(gap) = gap {
        broken(pen, scene, index, gap);
    }
    breaker(pen, scene, index);
    // Which way it goes is seen when nothing moves, too.
    let (tip, heading) = (scene.sight.point(route.at(1.0)), route.heading(1.0));
    let long = (7.0 * scene.sight.scale).clamp(3.0, 8.0);
    let wing = |side: f64| Point {
        x: tip.x - heading.x * long - heading.y * side,
        y: tip.y - heading.y * long + heading.x * side,
    };
    let (left, right) = (wing(long * 0.5), wing(-long * 0.5));
    pen.fill(if is_selected {
        &pen.colors.accent
    } else {
        &pen.colors.edge
    });
    pen.cx.begin_path();
    pen.cx.move_to(tip.x, tip.y);
    pen.cx.line_to(left.x, left.y);
    pen.cx.line_to(right.x, right.y);
    pen.cx.fill();
}

/// How far a curve may reach beyond its ends, with its line.
const NEAR: f64 = 16.0;

/// What two points have between them.
fn between(a: Point, b: Point) -> Spot {
    Spot {
        center: Point {
            x: (a.x + b.x) / 2.0,
            y: (a.y + b.y) / 2.0,
        },
        width: (a.x - b.x).abs(),
        height: (a.y - b.y).abs(),
    }
}

/// The circuit breaker of calls: a switch in the way, which lies in it, stands
/// open, or is about to.
fn breaker(pen: &Pen<'_>, scene: &Scene<'_>, index: usize) {
    let way = &scene.lane.diagram.ways[index];
    if way.carries != Carries::Calls {
        return;
    }
    let [from, to] = [way.from, way.to].map(|item| scene.lane.diagram.items[item].node);
    let Some(state) = steps::breaker_between(&scene.lane.world().breakers(from), to) else {
        return;
    };
    let route = &scene.layout.routes[index];
    let long = (14.0 * scene.sight.scale).clamp(8.0, 18.0);
    // Where ways leave together it would be anybody's.
    let is_alone = scene
        .lane
        .diagram
        .ways
        .iter()
        .filter(|other| other.from == way.from)
        .count()
        == 1;
    let share = if is_alone { 0.3 } else { 0.7 };
    let (at, heading) = (scene.sight.point(route.at(share)), route.heading(share));
    // The sine and the cosine of how far it leans: by 0, 20 and 43 degrees.
    let ((sine, cosine), color) = match state {
        BreakerState::Closed { .. } => ((0.0, 1.0), &pen.colors.ink),
        BreakerState::HalfOpen => ((-0.343, 0.939), &pen.colors.delayed),
        BreakerState::Open { .. } => ((-0.682, 0.732), &pen.colors.lost),
    };
    let end = Point {
        x: at.x + heading.x * long,
        y: at.y + heading.y * long,
    };
    let tip = Point {
        x: at.x + (heading.x * cosine - heading.y * sine) * long,
        y: at.y + (heading.x * sine + heading.y * cosine) * long,
    };
    // What a switch keeps apart is not drawn as one line.
    pen.stroke(&pen.colors.bg, 4.0);
    pen.line(at, end);
    pen.stroke(color, 2.5);
    pen.line(at, tip);
    pen.fill(color);
    for point in [at, end] {
        pen.circle(point, 2.5);
        pen.cx.fill();
    }
}

/// A break in a way: a slanted stroke at either end of the gap, and a word.
fn broken(pen: &Pen<'_>, scene: &Scene<'_>, index: usize, gap: Gap) {
    let route = &scene.layout.routes[index];
    let long = (9.0 * scene.sight.scale).clamp(6.0, 12.0);
    pen.stroke(&pen.colors.lost, 2.5);
    for share in [gap.from, gap.to] {
        let (at, heading) = (scene.sight.point(route.at(share)), route.heading(share));
        let slant = Point {
            x: (heading.x * 0.4 + heading.y) * long,
            y: (heading.y * 0.4 - heading.x) * long,
        };
        let end = |side: f64| Point {
            x: at.x + slant.x * side,
            y: at.y + slant.y * side,
        };
        pen.line(end(-1.0), end(1.0));
    }
    let words = Connection::of(scene.lane, &scene.lane.diagram.ways[index]).cut_words(scene.language);
    if let Some(words) = words.filter(|_| route.length * scene.sight.scale >= 60.0) {
        flow::words(pen, scene, (route, gap.middle()), &words, &pen.colors.lost);
    }
}

/// A broker: a hairline around what it holds, with its name on it.
fn frame(pen: &Pen<'_>, scene: &Scene<'_>, index: usize) {
    let frame = &scene.layout.frames[index];
    let broker = &scene.lane.diagram.brokers[frame.broker];
    let Spot { center, width, height } = scene.sight.spot(frame.spot);
    let (left, top) = (center.x - width / 2.0, center.y - height / 2.0);
    let is_selected =
        scene.selected.is_some() && scene.lane.diagram.thing(Shown::Broker(frame.broker)) == scene.selected;
    let status = scene.lane.world().status(broker.node);
    let is_down = matches!(status, Status::Down { .. });
    match (is_selected, is_down) {
        (true, _) => pen.stroke(&pen.colors.accent, 2.0),
        (_, true) => pen.stroke(&pen.colors.dead, 1.5),
        _ => {
            pen.stroke(&pen.colors.edge, 1.0);
            pen.cx.set_global_alpha(0.5);
        }
    }
    if is_down {
        pen.dash(&[4.0, 3.0]);
    }
    pen.round_box(left, top, width, height, 8.0);
    pen.cx.stroke();
    pen.cx.set_global_alpha(1.0);
    pen.dash(&[]);
    let word = numbers::status_notes(status, scene.language).swap_remove(0);
    let (text, color) = match status {
        Status::Up => (broker.name.clone(), &pen.colors.soft),
        Status::Paused => (format!("\u{2016} {} \u{b7} {word}", broker.name), &pen.colors.delayed),
        Status::Down { .. } => (format!("\u{2715} {} \u{b7} {word}", broker.name), &pen.colors.lost),
    };
    let (begin, end) = (left + 12.0, left + width - 12.0);
    if end - begin < 24.0 {
        return;
    }
    let crossed = scene.layout.lids.get(index).into_iter().flatten();
    let crossed = crossed.map(|x| scene.sight.point(Point { x: *x, y: 0.0 }).x);
    let wide = pen.width_of(&text, 12.0);
    let x = clear_of(crossed, wide, (begin, end));
    on_line(pen, &text, Point { x, y: top }, color, end - x);
    if members(pen, scene, frame.broker) {
        if let Some(words) = numbers::kafka::rebalances(scene.lane.world(), broker.node, scene.language) {
            let x = x + wide + 16.0;
            on_line(
                pen,
                &format!("\u{21c4} {words}"),
                Point { x, y: top },
                &pen.colors.delayed,
                end - x,
            );
        }
        return;
    }
    if status == Status::Up {
        let at = Point {
            x: begin,
            y: top + height,
        };
        disk(pen, scene, broker.node, at, end - begin);
    }
}

/// The nodes of a cluster on the lower line of its frame, each with its number
/// and how it stands. Says whether there are any.
fn members(pen: &Pen<'_>, scene: &Scene<'_>, broker: usize) -> bool {
    let diagram = &scene.lane.diagram;
    let mut has_any = false;
    for (index, member) in diagram.members_of(broker) {
        let Some(spot) = scene.layout.members.get(index) else {
            continue;
        };
        has_any = true;
        let Spot { center, width, height } = scene.sight.spot(*spot);
        let world = scene.lane.world();
        let (sign, color) = match world.status(member.node) {
            Status::Up => ("", &pen.colors.ink),
            Status::Paused => ("\u{2016}", &pen.colors.delayed),
            Status::Down { .. } => ("\u{2715}", &pen.colors.lost),
        };
        let is_selected = scene.selected.is_some() && diagram.thing(Shown::Member(index)) == scene.selected;
        let is_down = matches!(world.status(member.node), Status::Down { .. });
        // Where everything is small the numbers still have to be read.
        let (width, height) = (width.max(14.0), height.max(14.0));
        pen.round_box(center.x - width / 2.0, center.y - height / 2.0, width, height, 4.0);
        pen.fill(if is_down { &pen.colors.shade } else { &pen.colors.panel });
        pen.cx.fill();
        match (is_selected, is_down) {
            (true, _) => pen.stroke(&pen.colors.accent, 2.0),
            (_, true) => pen.stroke(&pen.colors.dead, 1.5),
            _ => pen.stroke(&pen.colors.edge, 1.0),
        }
        if is_down {
            pen.dash(&[4.0, 3.0]);
        }
        pen.cx.stroke();
        pen.dash(&[]);
        let text = format!("{sign}{}", numbers::kafka::short_name(world, member.node));
        let at = Point {
            x: center.x,
            y: center.y + 4.0,
        };
        pen.fitted(&text, at, 12.0, color, Align::Center, width - 2.0);
    }
    has_any
}

/// Words on the line of a frame.
fn on_line(pen: &Pen<'_>, text: &str, at: Point, color: &str, room: f64) {
    let wide = pen.width_of(text, 12.0).min(room);
    pen.fill(&pen.colors.bg);
    pen.cx.fill_rect(at.x - 4.0, at.y - 7.0, wide + 8.0, 14.0);
    let at = Point { y: at.y + 4.0, ..at };
    pen.fitted(text, at, 12.0, color, Align::Left, room);
}

/// A broker's disk on the lower line of its frame: what it has still to do, and
/// an alarm if it is full.
fn disk(pen: &Pen<'_>, scene: &Scene<'_>, broker: NodeId, at: Point, room: f64) {
    let Some(disk) = scene.lane.world().disk(broker) else {
        return;
    };
    let words = numbers::disk_words(scene.lane.world(), broker, scene.language);
    if numbers::is_alarmed(scene.lane.world(), broker) {
        let text = format!("\u{26a0}\u{fe0e} {}", words.join(" "));
        let wide = pen.width_of(&text, 12.0).min(room);
        pen.fill(&pen.colors.lost);
        pen.round_box(at.x - 6.0, at.y - 10.0, wide + 12.0, 20.0, 4.0);
        pen.cx.fill();
        let at = Point { y: at.y + 4.0, ..at };
        pen.fitted(&text, at, 12.0, &pen.colors.panel, Align::Left, room);
        return;
    }
    if words.is_empty() {
        return;
    }
    on_line(
        pen,
        &format!("     {}", words.join(" \u{b7} ")),
        at,
        &pen.colors.soft,
        room,
    );
    // A platter, with its hub full while it syncs.
    let center = Point { x: at.x + 5.0, y: at.y };
    pen.stroke(&pen.colors.soft, 1.5);
    pen.circle(center, 5.5);
    pen.cx.stroke();
    pen.fill(if disk.is_syncing {
        &pen.colors.flight
    } else {
        &pen.colors.panel
    });
    pen.circle(center, 2.5);
    pen.cx.fill();
    pen.cx.stroke();
}
