//! What moves on a way. Where a connection takes time that can be seen, its
//! packets are real: each stands where it is. Where it takes none, or too
//! little at the speed of the run, messages leave marks that go along the way.

use super::marks::{Look, Marks};
use super::pen::{Align, Pen};
use super::stage::Scene;
use crate::state::connection::{Connection, Gap};
use crate::state::diagram::{Carries, Diagram, ItemKind, Way};
use crate::state::format;
use crate::state::lab::Lane;
use crate::state::layout::{Point, Route};
use crate::state::texts::Key;
use crate::state::trail::{self, Trail};
use mqlab_brokers::rabbitmq::{self, ExchangeId};
use mqlab_engine::plan::Address;
use mqlab_engine::{Packet, PlaceKind};
use mqlab_kernel::SimSpan;

/// How the picture moves. It is the screen's, not the engine's.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Motion {
    /// How far every mark has gone, in pixels of the picture.
    pub(crate) travelled: f64,
    /// Seconds since the picture before; 0 while the clock stands.
    pub(crate) elapsed: f64,
    /// Simulated seconds a second; 0 while the clock stands.
    pub(crate) pace: f64,
    /// Whether nothing is to move that need not.
    pub(crate) is_still: bool,
}

/// What takes less than this to arrive cannot be followed.
const SEEN_S: f64 = 0.2;

/// More packets than this on one connection are shown as a flow.
const PACKETS_MAX: usize = 20_000;

/// How far apart answers go from what they answer.
const BESIDE: f64 = 9.0;

/// How far beside a way anything of it is drawn, its words and its switch included.
pub(crate) const AROUND: f64 = 80.0;

/// Counts what has passed since the picture before.
pub(crate) fn look(lane: &Lane, trails: &mut [Trail], routes: &[Route], motion: Motion) {
    let world = lane.world();
    for (index, way) in lane.diagram.ways.iter().enumerate() {
        let passed = Diagram::count(world, way.passed);
        let bad = way.failed.map_or(0, |tally| Diagram::count(world, tally));
        let (rate, bad_rate) = lane.flow(index);
        // A refused write is not among the written ones.
        let (all, rate) = match way.carries {
            Carries::Effects => (passed + bad, rate + bad_rate),
            _ => (passed.max(bad), rate.max(bad_rate)),
        };
        if let (Some(trail), Some(route)) = (trails.get_mut(index), routes.get(index)) {
            trail.look((all, bad), rate, motion.elapsed, motion.travelled);
            trail.clear_beyond(route.length, motion.travelled);
        }
    }
}

/// Puts what is on a way among the marks.
pub(crate) fn draw(pen: &Pen<'_>, scene: &Scene<'_>, index: usize, marks: &mut Marks) {
    let Some(route) = scene.layout.routes.get(index) else {
        return;
    };
    // Of what is outside of the camera nothing has to be known.
    if !pen.sees(&scene.sight.spot(route.room), AROUND) {
        return;
    }
    let mut add = |look, share: f64, aside: f64| {
        let (at, heading) = (route.at(share), route.heading(share));
        let at = scene.sight.point(at);
        let at = Point {
            x: at.x - heading.y * aside,
            y: at.y + heading.x * aside,
        };
        // Outside of the camera nothing is drawn.
        if at.x > -8.0 && at.y > -8.0 && at.x < pen.width + 8.0 && at.y < pen.height + 8.0 {
            marks.add(look, at);
        }
    };
    let way = &scene.lane.diagram.ways[index];
    let ends = Connection::of(scene.lane, way);
    let gap = gap_in(scene, index, &ends);
    if let Some(gap) = gap {
        stranded(&ends, route, look_of(way), gap, &mut add);
    }
    if is_seen(&ends, scene.motion) {
        let size = ends.packets();
        each_packet(scene.lane, index, |packet, share, is_back| {
            let aside = match (packet.message, is_back) {
                (_, true) => BESIDE,
                (Some(message), _) => spread(message.number() as u32, size),
                (None, _) => 0.0,
            };
            let is_plain = packet.message.is_some() && !packet.is_answer;
            let share = gap.map_or(share, |gap| gap.halts(share, is_back));
            add(if is_plain { look_of(way) } else { Look::Answer }, share, aside);
        });
        return;
    }
    if scene.motion.is_still {
        still(scene, index, route, gap, &mut add);
    } else if let Some(trail) = scene.trails.get(index) {
        let (rate, bad) = scene.lane.flow(index);
        // When the clock stands, what passed a while ago is not shown as if
        // it were under way.
        if scene.motion.elapsed <= 0.0 && rate <= 0.0 && bad <= 0.0 {
            return;
        }
        let wide = band(rate);
        for mark in trail.marks(scene.motion.travelled) {
            let share = mark.gone(scene.motion.travelled) / route.length.max(1.0);
            if gap.is_some_and(|gap| share > gap.from) {
                continue;
            }
            let look = if mark.is_bad { Look::Lost } else { look_of(way) };
            add(look, share, trail::aside(mark.number) * wide * scene.sight.scale);
        }
    }
    if gap.is_none() {
        under_way(pen, scene, route, &ends);
    }
}

/// Packets that have come to the end of a connection that is cut wait at the
/// break, one behind the other; how many they are says a word beside it.
fn stranded(ends: &Connection, route: &Route, look: Look, gap: Gap, add: &mut impl FnMut(Look, f64, f64)) {
    const MOST: usize = 8;
    let apart = 6.0 / route.length.max(1.0);
    let back = (ends.back, Look::Answer, gap.to, apart);
    for (link, look, from, apart) in [(ends.forth, look, gap.from, -apart), back] {
        for place in 0..link.map_or(0, |link| link.stranded.min(MOST)) {
            add(look, from + place as f64 * apart, 0.0);
        }
    }
}

/// How many are under way, where they are too many or too fast to be shown.
fn under_way(pen: &Pen<'_>, scene: &Scene<'_>, route: &Route, ends: &Connection) {
    let packets = ends.forth.map_or(0, |link| link.packets);
    if packets == 0 || route.length * scene.sight.scale < 60.0 {
        return;
    }
    let text = scene.language.with(Key::InFlight, &format::count(packets as u64));
    words(pen, scene, (route, 0.5), &text, &pen.colors.soft);
}

/// Words at a share of a way: above it, or beside it where it goes down.
pub(crate) fn words(pen: &Pen<'_>, scene: &Scene<'_>, (route, share): (&Route, f64), text: &str, color: &str) {
    let (middle, heading) = (scene.sight.point(route.at(share)), route.heading(share));
    let (at, align) = if heading.y.abs() > heading.x.abs() {
        (
            Point {
                x: middle.x + 16.0,
                y: middle.y + 4.0,
            },
            Align::Left,
        )
    } else {
        (
            Point {
                x: middle.x,
                y: middle.y - 20.0,
            },
            Align::Center,
        )
    };
    pen.text(text, at, 12.0, color, align);
}

/// Marks that stand still, as many as the rate says.
fn still(scene: &Scene<'_>, index: usize, route: &Route, gap: Option<Gap>, add: &mut impl FnMut(Look, f64, f64)) {
    let (rate, bad) = scene.lane.flow(index);
    let all = rate.max(bad);
    if all < 0.05 {
        return;
    }
    let way = &scene.lane.diagram.ways[index];
    let count = (trail::marks_per_second(all) * route.length / trail::SPEED)
        .round()
        .max(1.0) as u32;
    let bad_share = match way.carries {
        Carries::Effects => bad / (rate + bad),
        _ => bad / all,
    };
    for mark in 0..count {
        let is_bad = f64::from(mark) + 0.5 < bad_share * f64::from(count);
        let look = if is_bad { Look::Lost } else { look_of(way) };
        // Multiples of the golden ratio spread evenly however many there are.
        let share = (f64::from(mark) * 0.618_033_988_749_895).fract();
        let share = share * gap.map_or(1.0, |gap| gap.from);
        add(look, share, trail::aside(mark) * band(all) * scene.sight.scale);
    }
}

/// How far marks stray from their way: a narrow line or a broad river.
fn band(rate: f64) -> f64 {
    ((trail::marks_per_second(rate) - 8.0) * 0.45).clamp(0.0, 12.0)
}

/// The same for packets, so that a full connection does not look like a line.
fn spread(number: u32, packets: usize) -> f64 {
    let wide = ((packets as f64).sqrt() - 6.0).clamp(0.0, 22.0);
    trail::aside(number) * wide
}

fn look_of(way: &Way) -> Look {
    match way.carries {
        Carries::Messages | Carries::Calls => Look::Ready,
        Carries::Deliveries => Look::Flight,
        Carries::Effects => Look::Settled,
    }
}

/// Whether the packets of a connection can be seen on their way.
pub(crate) fn is_seen(connection: &Connection, motion: Motion) -> bool {
    let Some(forth) = connection.forth.filter(|link| link.latency > SimSpan::ZERO) else {
        return false;
    };
    let seconds = forth.latency.as_secs_f64();
    connection.packets() <= PACKETS_MAX && (motion.pace <= 0.0 || seconds / motion.pace >= SEEN_S)
}

/// The gap in a way, if it is cut.
pub(crate) fn gap(scene: &Scene<'_>, index: usize) -> Option<Gap> {
    gap_in(
        scene,
        index,
        &Connection::of(scene.lane, &scene.lane.diagram.ways[index]),
    )
}

fn gap_in(scene: &Scene<'_>, index: usize, ends: &Connection) -> Option<Gap> {
    let (diagram, route) = (&scene.lane.diagram, &scene.layout.routes[index]);
    let length = (route.length * scene.sight.scale).max(1.0);
    let half = ((10.0 * scene.sight.scale).clamp(5.0, 14.0) / length).min(0.2);
    ends.is_cut().then(|| Gap::of(diagram, index, half))
}

/// Goes through the packets of a way, with the share of the way that each has
/// behind it and whether it goes back.
pub(crate) fn each_packet(lane: &Lane, index: usize, mut found: impl FnMut(&Packet, f64, bool)) {
    let way = &lane.diagram.ways[index];
    let ends = Connection::of(lane, way);
    let now = lane.world().now();
    for (link, is_back) in [(ends.forth, false), (ends.back, true)] {
        let Some(link) = link.filter(|link| link.latency > SimSpan::ZERO) else {
            continue;
        };
        let latency = link.latency.nanos().max(1) as f64;
        for packet in lane.world().packets(&link) {
            if packet.is_answer != is_back || !belongs(lane, index, &packet) {
                continue;
            }
            let left = packet.arrives.saturating_since(now).nanos() as f64 / latency;
            let gone = (1.0 - left).clamp(0.0, 1.0);
            found(&packet, if is_back { 1.0 - gone } else { gone }, is_back);
        }
    }
}

/// Whether a packet goes this way: several ways may share one connection.
fn belongs(lane: &Lane, index: usize, packet: &Packet) -> bool {
    let diagram = &lane.diagram;
    let way = &diagram.ways[index];
    let (from, to) = (&diagram.items[way.from], &diagram.items[way.to]);
    if let Some(queue) = packet.queue {
        return matches!(from.kind, ItemKind::Queue | ItemKind::Partition) && from.place == queue;
    }
    if let Some(Address::Kafka(address)) = packet.address
        && let Some(number) = address.partition
    {
        let places = lane.world().places();
        let topic = places.find(to.node, PlaceKind::Topic, usize::from(address.topic.0));
        let partition = topic.and_then(|topic| places.parts_of(topic).nth(number as usize));
        return to.kind == ItemKind::Partition && partition == Some(to.place);
    }
    let exchange = packet.address.and_then(|address| match address {
        Address::Rabbit(rabbitmq::Address::Exchange(exchange)) => Some(exchange),
        Address::Rabbit(rabbitmq::Address::Queue(_)) | Address::Kafka(_) => None,
    });
    if let Some(exchange) = exchange.filter(|exchange| *exchange != ExchangeId::DEFAULT) {
        return to.exchange == Some(exchange);
    }
    // What says nothing of its way is shown on the first.
    let is_same = |other: &&Way| {
        diagram.items[other.from].node == from.node
            && diagram.items[other.to].node == to.node
            && (exchange.is_none() || diagram.items[other.to].exchange.is_none())
    };
    diagram.ways.iter().find(is_same) == Some(way)
}
