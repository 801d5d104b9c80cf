//! Going about the stage by keyboard: along the ways from thing to thing, and
//! from one thing to the next beside it.

use super::diagram::{Diagram, Shown};
use super::layout::{Layout, Point};
use mqlab_kernel::sort_by;

/// A key that leads somewhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arrow {
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// Up.
    Up,
    /// Down.
    Down,
    /// To the first of all.
    First,
    /// To the last of all.
    Last,
}

/// Everything that can be selected, in the order in which messages come by:
/// each thing and then the ways that lead on from it; a broker comes before
/// the first of its parts.
pub fn order(diagram: &Diagram, layout: &Layout) -> Vec<Shown> {
    let mut items: Vec<usize> = (0..diagram.items.len().min(layout.spots.len())).collect();
    sort_by(&mut items, |a, b| {
        let (a, b) = (
            flow(layout, layout.spots[*a].center),
            flow(layout, layout.spots[*b].center),
        );
        a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    let mut ways_of: Vec<Vec<Shown>> = vec![Vec::new(); diagram.items.len()];
    for (index, way) in diagram.ways.iter().enumerate() {
        ways_of[way.from].push(Shown::Way(index));
    }
    let mut is_listed = vec![false; diagram.brokers.len()];
    let mut all = Vec::new();
    for item in items {
        let broker = diagram.broker_of(item);
        if let Some(broker) = broker.filter(|broker| !std::mem::replace(&mut is_listed[*broker], true)) {
            all.push(Shown::Broker(broker));
            all.extend(diagram.members_of(broker).map(|(member, _)| Shown::Member(member)));
        }
        all.push(Shown::Item(item));
        all.append(&mut ways_of[item]);
    }
    all
}

/// Where a key leads from something; to itself where there is nothing.
pub fn next(diagram: &Diagram, layout: &Layout, from: Shown, arrow: Arrow) -> Shown {
    let found = match (arrow, layout.is_vertical) {
        (Arrow::First, _) => order(diagram, layout).first().copied(),
        (Arrow::Last, _) => order(diagram, layout).last().copied(),
        (Arrow::Right, false) | (Arrow::Down, true) => along(diagram, layout, from, true),
        (Arrow::Left, false) | (Arrow::Up, true) => along(diagram, layout, from, false),
        (Arrow::Down, false) | (Arrow::Right, true) => beside(diagram, layout, from, 1.0),
        (Arrow::Up, false) | (Arrow::Left, true) => beside(diagram, layout, from, -1.0),
    };
    found.unwrap_or(from)
}

/// A point as how far along the flow and how far across it is.
fn flow(layout: &Layout, point: Point) -> (f64, f64) {
    if layout.is_vertical {
        (point.y, point.x)
    } else {
        (point.x, point.y)
    }
}

fn along(diagram: &Diagram, layout: &Layout, from: Shown, is_forward: bool) -> Option<Shown> {
    match from {
        Shown::Way(way) => {
            let way = diagram.ways.get(way)?;
            Some(Shown::Item(if is_forward { way.to } else { way.from }))
        }
        Shown::Item(item) => {
            let here = flow(layout, layout.spots.get(item)?.center).1;
            let ways = diagram.ways.iter().enumerate();
            let ways = ways.filter_map(|(index, way)| {
                let (near, far) = if is_forward {
                    (way.from, way.to)
                } else {
                    (way.to, way.from)
                };
                (near == item).then_some((index, far))
            });
            let aside = |&(_, far): &(usize, usize)| (flow(layout, layout.spots[far].center).1 - here).abs();
            let straight = ways.min_by(|a, b| aside(a).total_cmp(&aside(b)));
            straight.map(|(way, _)| Shown::Way(way))
        }
        Shown::Broker(broker) => part(diagram, layout, broker, is_forward),
        // They stand side by side.
        Shown::Member(member) => {
            let index = diagram.members.get(member).map(|member| member.cluster)?;
            let other = if is_forward {
                member.checked_add(1)
            } else {
                member.checked_sub(1)
            };
            let other = other.filter(|other| diagram.members.get(*other).is_some_and(|other| other.cluster == index));
            other.map(Shown::Member)
        }
    }
}

/// The first or the last part of a broker.
fn part(diagram: &Diagram, layout: &Layout, broker: usize, is_first: bool) -> Option<Shown> {
    let is_part = |shown: &Shown| shown.item().is_some_and(|item| diagram.broker_of(item) == Some(broker));
    let mut parts = order(diagram, layout).into_iter().filter(is_part);
    if is_first { parts.next() } else { parts.next_back() }
}

/// The nearest of the same kind to one side; beside the outermost part of a
/// broker stands the broker.
fn beside(diagram: &Diagram, layout: &Layout, from: Shown, side: f64) -> Option<Shown> {
    let here = flow(layout, layout.spot(from)?.center);
    if let Shown::Broker(broker) = from {
        return part(diagram, layout, broker, side > 0.0);
    }
    if let Shown::Member(member) = from {
        let cluster = diagram.members.get(member)?.cluster;
        let broker = diagram.brokers.iter().position(|broker| broker.node == cluster);
        return broker.map(Shown::Broker);
    }
    let is_same = |shown: &Shown| std::mem::discriminant(shown) == std::mem::discriminant(&from);
    let others = order(diagram, layout)
        .into_iter()
        .filter(|shown| is_same(shown) && *shown != from);
    let placed = others.filter_map(|shown| {
        let there = flow(layout, layout.spot(shown)?.center);
        let (ahead, aside) = (there.0 - here.0, (there.1 - here.1) * side);
        (aside > 1.0 && aside > ahead.abs() / 3.0).then_some((shown, aside + 2.0 * ahead.abs()))
    });
    let nearest = placed.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(shown, _)| shown);
    let broker = || from.item().and_then(|item| diagram.broker_of(item)).map(Shown::Broker);
    nearest.or_else(broker)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::layout;
    use mqlab_engine::Places;

    fn diagram() -> Diagram {
        let text = r#"
            title = "t"
            until = "1m"
            broker.rabbitmq.queue.orders = {}
            broker.rabbitmq.queue.mails = {}
            table.mysql = {}
            service.shop = { steps = [{ publish = ["orders", "mails"] }] }
            service.writer = { consume = { queue = "orders" }, steps = [{ insert = "mysql" }, "ack"] }
            service.mailer = { consume = { queue = "mails" }, steps = ["ack"] }
            load.users = { to = "shop", rate = "1/s" }
        "#;
        let (scenario, found) = mqlab_scenario::parse(text);
        let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
        Diagram::of(&scenario.variants[0].plan, &Places::of(&scenario.variants[0].plan))
    }

    fn item(diagram: &Diagram, name: &str) -> Shown {
        Shown::Item(diagram.items.iter().position(|item| item.name == name).expect(name))
    }

    #[test]
    fn arrows_follow_the_ways() {
        let diagram = diagram();
        for (width, on, back) in [(1000.0, Arrow::Right, Arrow::Left), (390.0, Arrow::Down, Arrow::Up)] {
            let layout = layout::place(&diagram, width, 600.0);
            let mut at = item(&diagram, "orders");
            for name in ["writer", "mysql"] {
                let way = next(&diagram, &layout, at, on);
                assert!(matches!(way, Shown::Way(_)));
                at = next(&diagram, &layout, way, on);
                assert_eq!(at, item(&diagram, name));
                assert_eq!(next(&diagram, &layout, next(&diagram, &layout, at, back), on), at);
            }
            assert_eq!(next(&diagram, &layout, at, on), at, "behind a table there is nothing");
        }
    }

    #[test]
    fn arrows_go_from_neighbour_to_neighbour_and_to_the_broker() {
        let diagram = diagram();
        let layout = layout::place(&diagram, 1000.0, 600.0);
        let (orders, mails) = (item(&diagram, "orders"), item(&diagram, "mails"));
        let (upper, lower) = if layout.spot(orders).expect("it is placed").center.y
            < layout.spot(mails).expect("it is placed").center.y
        {
            (orders, mails)
        } else {
            (mails, orders)
        };
        assert_eq!(next(&diagram, &layout, upper, Arrow::Down), lower);
        assert_eq!(next(&diagram, &layout, lower, Arrow::Up), upper);
        assert_eq!(next(&diagram, &layout, upper, Arrow::Up), Shown::Broker(0));
        assert_eq!(next(&diagram, &layout, Shown::Broker(0), Arrow::Down), upper);
    }

    #[test]
    fn everything_is_in_the_order_once() {
        let diagram = diagram();
        let layout = layout::place(&diagram, 1000.0, 600.0);
        let mut all = order(&diagram, &layout);
        assert_eq!(all[0], item(&diagram, "users"));
        assert_eq!(next(&diagram, &layout, all[3], Arrow::First), all[0]);
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(
            (all.len(), count),
            (count, diagram.items.len() + diagram.ways.len() + 1)
        );
    }
}
