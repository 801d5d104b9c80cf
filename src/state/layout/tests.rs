//! Layouts of small diagrams, and rules that hold for every diagram.

use super::*;
use crate::state::diagram::{Broker, Carries, Item, ItemKind, Member, Tally, Way};
use mqlab_kernel::Stream;
use mqlab_model::{FactKind, NodeId, PlaceId};

/// Queues and exchanges belong to a broker of their own, node 100.
fn diagram(kinds: &[ItemKind], ways: &[(usize, usize)]) -> Diagram {
    let is_part = |kind: ItemKind| matches!(kind, ItemKind::Queue | ItemKind::Partition | ItemKind::Exchange);
    let item = |(index, kind): (usize, &ItemKind)| Item {
        kind: *kind,
        node: NodeId(if is_part(*kind) { 100 } else { index as u16 }),
        place: PlaceId(index as u16),
        exchange: None,
        name: format!("n{index}"),
    };
    let way = |&(from, to): &(usize, usize)| Way {
        from,
        to,
        carries: Carries::Messages,
        passed: Tally {
            place: PlaceId(0),
            kind: FactKind::Sent,
        },
        failed: None,
    };
    Diagram {
        items: kinds.iter().enumerate().map(item).collect(),
        ways: ways.iter().map(way).collect(),
        brokers: vec![Broker {
            node: NodeId(100),
            name: "rabbitmq".to_owned(),
            has_foot: false,
        }],
        members: Vec::new(),
    }
}

/// The table stands first in the plan: layers follow the ways, not the file.
fn chain() -> Diagram {
    use ItemKind::{Load, Queue, Service, Table};
    diagram(&[Table, Queue, Service, Load], &[(3, 1), (1, 2), (2, 0)])
}

/// The frame of the cluster is the lowest that there is, and its nodes hang over it.
#[test]
fn the_nodes_of_a_cluster_have_room_in_the_picture() {
    use ItemKind::{Load, Queue};
    let mut cluster = diagram(&[Load, Queue], &[(0, 1)]);
    let member = |number: u16| Member {
        node: NodeId(100 + number),
        cluster: NodeId(100),
        name: format!("rabbitmq-{number}"),
        is: mqlab_engine::plan::Member::Broker(u32::from(number)),
    };
    cluster.members = (1..4).map(member).collect();
    cluster.brokers[0].has_foot = true;
    for (width, height) in [(900.0, 150.0), (900.0, 600.0), (390.0, 700.0)] {
        let layout = place(&cluster, width, height);
        for spot in &layout.members {
            assert!(
                spot.center.y + spot.height / 2.0 + 5.0 <= layout.height,
                "{spot:?} of {}",
                layout.height
            );
            for room in &layout.rooms {
                assert!(!spot.overlaps(room), "{spot:?} covers the words in {room:?}");
            }
        }
    }
}

/// On a phone what comes from above crosses the line that the broker's name stands on.
#[test]
fn nothing_moves_over_the_name_of_a_broker() {
    const NAME: f64 = 56.0;
    let layout = place(&chain(), 390.0, 700.0);
    let frame = layout.frames[0].spot;
    let (left, right) = (frame.center.x - frame.width / 2.0, frame.center.x + frame.width / 2.0);
    let [way] = layout.lids[0][..] else {
        panic!("one way leads in from above: {:?}", layout.lids)
    };
    assert!((way - layout.spots[1].center.x).abs() < 1.0, "{way}");
    let begin = clear_of([way].into_iter(), NAME, (left + 12.0, right - 12.0));
    assert!(begin + NAME + 14.0 < way || way + 14.0 < begin, "{begin} beside {way}");
    assert!(begin > left && begin + NAME < right);
    let layout = place(&chain(), 900.0, 300.0);
    assert_eq!(layout.lids, [Vec::<f64>::new()], "here they come from the side");
}

/// Rules that hold for every layout.
fn check(diagram: &Diagram, layout: &Layout) {
    let within = |spot: &Spot| {
        spot.center.x - spot.width / 2.0 >= -1e-6
            && spot.center.y - spot.height / 2.0 >= -1e-6
            && spot.center.x + spot.width / 2.0 <= layout.width + 1e-6
            && spot.center.y + spot.height / 2.0 <= layout.height + 1e-6
    };
    for (index, room) in layout.rooms.iter().enumerate() {
        assert!(within(room), "{index} is outside: {room:?}");
        for other in index + 1..layout.rooms.len() {
            let other_room = &layout.rooms[other];
            assert!(
                !room.overlaps(other_room),
                "{index} and {other}: {room:?} {other_room:?}"
            );
        }
        let broker = diagram.broker_of(index);
        for frame in &layout.frames {
            let is_inside = frame.spot.contains(room.center, 0.0);
            assert!(
                !is_inside || broker == Some(frame.broker),
                "{index} stands in a foreign frame"
            );
            assert!(is_inside || !frame.spot.overlaps(room), "{index} touches a frame");
        }
    }
    for (index, frame) in layout.frames.iter().enumerate() {
        assert!(within(&frame.spot));
        let mut others = layout.frames[index + 1..].iter();
        assert!(others.all(|other| !frame.spot.overlaps(&other.spot)), "frames overlap");
    }
    for (way, route) in diagram
        .ways
        .iter()
        .zip(&layout.routes)
        .enumerate()
        .map(|(index, (_, route))| (index, route))
    {
        check_way(diagram, layout, way, route);
    }
}

fn check_way(diagram: &Diagram, layout: &Layout, way: usize, route: &Route) {
    let ends = &diagram.ways[way];
    let (from, to) = (layout.spots[ends.from], layout.spots[ends.to]);
    let goes_on = if layout.is_vertical {
        from.center.y + from.height / 2.0 <= to.center.y - to.height / 2.0
    } else {
        from.center.x + from.width / 2.0 <= to.center.x - to.width / 2.0
    };
    assert!(goes_on || layout.is_back[way], "{ends:?} does not go on");
    for step in 0..=60 {
        let at = route.at(f64::from(step) / 60.0);
        assert!(
            at.x >= 0.0 && at.y >= 0.0 && at.x <= layout.width && at.y <= layout.height,
            "{ends:?} leaves the stage at {at:?}"
        );
        for (item, spot) in layout.spots.iter().enumerate() {
            assert!(!spot.contains(at, 0.0), "{ends:?} passes through {item} at {at:?}");
        }
    }
}

#[test]
fn a_chain_runs_from_left_to_right_without_touching() {
    for (width, height) in [(840.0, 280.0), (720.0, 200.0), (560.0, 190.0)] {
        let layout = place(&chain(), width, height);
        assert!(!layout.is_vertical);
        check(&chain(), &layout);
        let x = |item: usize| layout.spots[item].center.x;
        assert!(x(3) < x(1) && x(1) < x(2) && x(2) < x(0));
        // As large as the height allows it is not wider than the stage.
        let scale = (height / layout.height).min(1.0);
        assert!(
            layout.width * scale <= width.max(720.0) + 1e-6,
            "{} in {width}",
            layout.width
        );
    }
}

#[test]
fn a_narrow_stage_flows_downward() {
    let height = height_needed(&chain(), 390.0);
    let layout = place(&chain(), 390.0, height);
    assert!(layout.is_vertical);
    check(&chain(), &layout);
    assert!(layout.spots[3].center.y < layout.spots[1].center.y);
    assert!(
        layout.height <= height + 1e-6 && layout.width <= 390.0,
        "{} {}",
        layout.width,
        layout.height
    );
}

/// Six of them have room for their names side by side, which stand below them then.
#[test]
fn partitions_side_by_side_can_be_read_on_a_phone() {
    use ItemKind::{Load, Partition, Service};
    let mut kinds = vec![Load, Service];
    kinds.extend([Partition; 6]);
    let ways: Vec<(usize, usize)> = (2..8).flat_map(|partition| [(0, partition), (partition, 1)]).collect();
    let topic = diagram(&kinds, &ways);
    let layout = place(&topic, 390.0, height_needed(&topic, 390.0));
    check(&topic, &layout);
    assert!(layout.is_vertical && !layout.has_words_beside);
    assert!(390.0 / layout.width >= LEGIBLE, "{} px wide", layout.width);
    let alone = place(&chain(), 390.0, 600.0);
    assert!(alone.is_vertical && alone.has_words_beside);
}

#[test]
fn a_circle_is_laid_out_too() {
    use ItemKind::{Load, Queue, Service};
    let circle = diagram(&[Load, Queue, Service], &[(0, 1), (1, 2), (2, 1)]);
    let layout = place(&circle, 800.0, 300.0);
    check(&circle, &layout);
    assert!(layout.spots[1].center.x < layout.spots[2].center.x);
    assert_eq!(layout.is_back, [false, false, true]);
    let back = &layout.routes[2];
    assert!(back.at(0.5).y > layout.spots[2].center.y, "the way back runs below");
}

#[test]
fn queues_of_one_broker_share_a_frame() {
    use ItemKind::{Exchange, Load, Queue};
    let fan = diagram(&[Load, Exchange, Queue, Queue], &[(0, 1), (1, 2), (1, 3), (0, 3)]);
    let layout = place(&fan, 900.0, height_needed(&fan, 900.0));
    check(&fan, &layout);
    let (upper, lower) = (layout.spots[2], layout.spots[3]);
    assert_eq!(upper.center.x, lower.center.x);
    assert_eq!(layout.frames.len(), 1);
    let held = [1, 2, 3]
        .iter()
        .all(|item| layout.frames[0].spot.contains(layout.spots[*item].center, 0.0));
    assert!(held && !layout.frames[0].spot.contains(layout.spots[0].center, 0.0));
}

#[test]
fn a_broker_that_messages_come_back_to_is_drawn_in_parts() {
    use ItemKind::{Load, Queue, Service};
    let line = diagram(
        &[Load, Queue, Service, Queue, Service],
        &[(0, 1), (1, 2), (2, 3), (3, 4)],
    );
    let layout = place(&line, 1000.0, 300.0);
    check(&line, &layout);
    assert_eq!(layout.frames.len(), 2);
    assert!(layout.is_back.iter().all(|is_back| !is_back));
}

#[test]
fn thirty_services_and_twenty_queues_find_room() {
    use ItemKind::{Load, Queue, Service, Table};
    let mut kinds = vec![Load, Table];
    kinds.extend([Queue; 20]);
    kinds.extend([Service; 30]);
    let mut ways: Vec<(usize, usize)> = (0..20).map(|queue| (0, 2 + queue)).collect();
    ways.extend((0..30).map(|service| (2 + service % 20, 22 + service)));
    ways.extend((0..30).map(|service| (22 + service, 1)));
    let many = diagram(&kinds, &ways);
    for (width, height) in [(840.0, 400.0), (390.0, 700.0)] {
        check(&many, &place(&many, width, height));
    }
}

/// A hundred times load, queue, service and the service that it calls, and a
/// table for every two of them.
#[test]
fn two_hundred_services_and_fifty_tables_find_room() {
    use ItemKind::{Load, Queue, Service, Table};
    let mut kinds = vec![Load; 100];
    kinds.extend([Queue; 100]);
    kinds.extend([Service; 200]);
    kinds.extend([Table; 50]);
    let lines = (0..100).map(|line| [line, 100 + line, 200 + line, 300 + line, 400 + line / 2]);
    let ways: Vec<(usize, usize)> = lines
        .flat_map(|line| [0, 1, 2, 3].map(|at| (line[at], line[at + 1])))
        .collect();
    let many = diagram(&kinds, &ways);
    for (width, height) in [(1000.0, 400.0), (390.0, 700.0)] {
        let layout = place(&many, width, height);
        check(&many, &layout);
        assert!(layout.is_back.iter().all(|is_back| !is_back));
        // In one strip it would be a hundred queues high: 0.04.
        let scale = (width / layout.width).min(height / layout.height);
        assert!(scale > 0.1, "{scale}");
        assert!(layout.frames.len() > 1);
    }
}

#[test]
fn an_empty_diagram_has_an_empty_layout() {
    assert!(place(&Diagram::default(), 100.0, 100.0).spots.is_empty());
}

#[test]
fn a_way_is_measured() {
    let layout = place(&chain(), 840.0, 280.0);
    let route = &layout.routes[0];
    let (first, last) = (route.at(0.0), route.at(1.0));
    assert_eq!(
        (first, last),
        (route.curves[0][0], route.curves[route.curves.len() - 1][3])
    );
    assert!(route.length >= last.x - first.x - 0.001);
    let (distance, share) = route.nearest(route.at(0.5)).expect("it has points");
    assert!(distance < 5.0 && (share - 0.5).abs() < 0.2);
}

/// A diagram of chance: any kinds, ways from anywhere to anywhere that a
/// scenario could have.
pub(super) fn random(seed: u64) -> Diagram {
    let mut stream = Stream::new(seed, "diagram");
    let mut below = |most: u64| (stream.next_u64() % most) as usize;
    let kinds: Vec<ItemKind> = (0..1 + below(24))
        .map(|_| match below(8) {
            0 | 1 => ItemKind::Load,
            2 => ItemKind::Exchange,
            3 | 4 => ItemKind::Queue,
            5 | 6 => ItemKind::Service,
            _ => ItemKind::Table,
        })
        .collect();
    let mut ways: Vec<(usize, usize)> = Vec::new();
    for _ in 0..below(2 * kinds.len() as u64 + 1) {
        let (from, to) = (below(kinds.len() as u64), below(kinds.len() as u64));
        let fits = matches!(
            (kinds[from], kinds[to]),
            (
                ItemKind::Load | ItemKind::Service,
                ItemKind::Exchange | ItemKind::Queue | ItemKind::Service
            ) | (ItemKind::Exchange, ItemKind::Exchange | ItemKind::Queue)
                | (
                    ItemKind::Queue,
                    ItemKind::Service | ItemKind::Exchange | ItemKind::Queue
                )
                | (ItemKind::Service, ItemKind::Table)
        );
        if fits && !ways.contains(&(from, to)) {
            ways.push((from, to));
        }
    }
    diagram(&kinds, &ways)
}

#[test]
fn no_diagram_has_overlaps_or_ways_through_things() {
    for seed in 0..90 {
        let random = random(seed);
        for (width, height) in [(1000.0, 260.0), (390.0, 600.0)] {
            check(&random, &place(&random, width, height));
        }
        if seed % 10 == 0 {
            assert_eq!(
                place(&random, 700.0, 500.0),
                place(&random, 700.0, 500.0),
                "seed {seed}"
            );
        }
    }
}

/// A thousand would take a minute otherwise.
#[test]
fn many_items_are_placed_in_one_way() {
    use ItemKind::{Load, Queue, Service};
    let tried = |items: usize| {
        let diagram = diagram(&vec![Load; items], &[]);
        [900.0, 390.0].map(|width| candidates(&diagram, (width, 500.0)).len())
    };
    assert_eq!((tried(2_000), tried(400)), ([1, 1], [25, 8]));
    let mut kinds = vec![Load];
    kinds.extend([Queue; 300]);
    kinds.extend([Service; 300]);
    let ways: Vec<(usize, usize)> = (1..301).flat_map(|queue| [(0, queue), (queue, queue + 300)]).collect();
    let many = diagram(&kinds, &ways);
    for (width, height) in [(900.0, 420.0), (390.0, 600.0)] {
        check(&many, &place(&many, width, height));
    }
}
