//! A cluster of RabbitMQ in the world: where queues are, what is left of them when
//! a node dies, and what copies cost.

mod rabbit_plan;

use mqlab_brokers::rabbitmq::cluster::{PartitionHandling, Promote};
use mqlab_engine::plan::{Command, Setting};
use mqlab_engine::{Copies, MetricKind, NodeView, World};
use mqlab_kernel::{Dist, SimSpan, SimTime};
use mqlab_model::{DiskPlan, FactKind, NodeId};
use rabbit_plan::{CLUSTER, Kept, LOAD, MEMBERS, SERVICE, Shape, at, count, ms, whole};

fn queue(world: &World) -> mqlab_model::PlaceId {
    let queue = world.places().iter().find(|(_, place)| place.name == "orders");
    queue.expect("the queue is a place").0
}

fn all_kinds() -> [Kept; 4] {
    [
        Kept::Home(0),
        Kept::Home(2),
        Kept::Mirrored(Promote::Always),
        Kept::Quorum,
    ]
}

#[test]
fn every_kind_of_queue_hands_on_what_it_is_given_once() {
    for kept in all_kinds() {
        let world = Shape {
            kept,
            ..Shape::default()
        }
        .run();
        for kind in [
            FactKind::Sent,
            FactKind::Confirmed,
            FactKind::Enqueued,
            FactKind::Dispatched,
            FactKind::Received,
            FactKind::Handled,
            FactKind::Settled,
        ] {
            assert_eq!(count(&world, kind), 1_000, "{kind:?} of {kept:?}");
        }
        assert_eq!(whole(&world, MetricKind::Unknown), 0, "{kept:?}");
    }
}

/// With the home of a classic queue its messages are away; with one of three that
/// have copies nothing is.
#[test]
fn a_node_is_killed_in_each() {
    for kept in all_kinds() {
        let victim = match kept {
            Kept::Home(home) => MEMBERS[usize::from(home)],
            _ => MEMBERS[0],
        };
        let world = Shape {
            kept,
            commands: vec![at(5_000, Command::Crash(victim))],
            ..Shape::default()
        }
        .run();
        let refused = count(&world, FactKind::Refused);
        let handled = count(&world, FactKind::Handled);
        assert_eq!(whole(&world, MetricKind::Lost), 0, "{kept:?}");
        match kept {
            Kept::Home(_) => assert!(refused > 400 && handled < 600, "{kept:?}: {refused} {handled}"),
            // Whoever was connected to it looks for another one for 5 s.
            _ => assert!(handled >= count(&world, FactKind::Confirmed), "{kept:?}: {refused}"),
        }
        let hosted = world.hosted(queue(&world)).expect("it is in a cluster");
        assert_eq!(hosted.leaders.is_empty(), matches!(kept, Kept::Home(_)));
        assert!(!hosted.leaders.contains(&victim));
    }
}

#[test]
fn who_is_connected_elsewhere_does_not_miss_a_node() {
    // The load is at the first member and the service at the second.
    let world = Shape {
        commands: vec![at(5_000, Command::Crash(MEMBERS[2]))],
        ..Shape::default()
    }
    .run();
    assert_eq!(count(&world, FactKind::Confirmed), 1_000);
    assert_eq!(count(&world, FactKind::Refused), 0);
    assert_eq!(count(&world, FactKind::Handled), 1_000);
}

#[test]
fn a_majority_goes_on_and_a_minority_does_not() {
    let shape = Shape {
        commands: vec![
            at(5_000, Command::Crash(MEMBERS[1])),
            at(5_000, Command::Crash(MEMBERS[2])),
            at(30_000, Command::Restart(MEMBERS[2])),
        ],
        ..Shape::default()
    };
    let mut world = World::new(&shape.plan());
    world.run_until(ms(29_000), u64::MAX);
    let before = count(&world, FactKind::Confirmed);
    assert!((390..=410).contains(&before), "{before}");
    world.run_until(SimTime::MAX, u64::MAX);
    assert_eq!(count(&world, FactKind::Confirmed), 1_000, "what waited is agreed on");
    assert_eq!(count(&world, FactKind::Handled), 1_000);
    assert_eq!(whole(&world, MetricKind::Unknown), 0);
}

#[test]
fn a_minority_that_is_cut_off_pauses() {
    let others = [MEMBERS[1], MEMBERS[2]];
    let cut = |other| {
        at(
            2_000,
            Command::Cut {
                a: MEMBERS[0],
                b: other,
            },
        )
    };
    let shape = Shape {
        partition: PartitionHandling::PauseMinority,
        publishes_ms: 120_000,
        rate: 20,
        commands: others.map(cut).to_vec(),
        until_ms: 180_000,
        ..Shape::default()
    };
    let world = shape.run();
    let nodes = world.cluster_nodes(CLUSTER);
    let paused: Vec<bool> = nodes.iter().map(|node| node.is_paused).collect();
    assert_eq!(paused, [true, false, false]);
    assert_eq!(nodes[1].sees, others);
    assert_eq!(whole(&world, MetricKind::Lost), 0);
    assert!(count(&world, FactKind::Handled) >= count(&world, FactKind::Confirmed));
    assert!(count(&world, FactKind::Confirmed) > 1_000, "the load has moved on");
}

/// The content of a message goes to its publisher's node, and from there to each
/// copy once.
#[test]
fn copies_cost_bytes_on_the_wire() {
    let bytes = |kept| {
        let shape = Shape {
            kept,
            prefetch: 1,
            ..Shape::default()
        };
        let mut plan = shape.plan();
        // Nobody consumes: what is handed out would count as well.
        plan.nodes.truncate(usize::from(SERVICE.0));
        plan.links.remove(1);
        let mut world = World::new(&plan);
        world.run_until(SimTime::MAX, u64::MAX);
        let level = world.level(queue(&world)).expect("it has a level");
        assert_eq!(level.ready, 1_000, "{kept:?}");
        world.bytes_taken_in(CLUSTER)
    };
    assert_eq!(bytes(Kept::Home(0)), 1_000_000);
    assert_eq!(bytes(Kept::Mirrored(Promote::Always)), 3_000_000);
    // It goes through the publisher's node.
    assert_eq!(bytes(Kept::Home(1)), 2_000_000);
    assert_eq!(bytes(Kept::Quorum), 3_000_000);
}

#[test]
fn a_cluster_shows_where_its_queues_are() {
    let mut world = World::new(&Shape::default().plan());
    world.run_until(ms(5_000), u64::MAX);
    let hosted = world.hosted(queue(&world)).expect("it is in a cluster");
    assert_eq!(hosted.copies, Copies::Quorum);
    assert_eq!(hosted.leaders.len(), 1);
    let nodes: Vec<NodeId> = hosted.members.iter().map(|member| member.node).collect();
    assert_eq!(nodes, MEMBERS);
    assert!(
        hosted
            .members
            .iter()
            .all(|member| member.is_online && member.log.is_some())
    );
    let consumers: Vec<NodeId> = world.consumers_of(queue(&world)).map(|one| one.service).collect();
    assert_eq!(consumers, [SERVICE]);
    for member in MEMBERS {
        let NodeView::Member { leads, replicas, .. } = world.node(member) else {
            panic!("{member:?} is a member");
        };
        assert_eq!((leads, replicas), (u64::from(hosted.leaders[0] == member), 1));
    }
    let load = world.links().filter(|link| link.from == LOAD).count();
    assert_eq!(load, 3, "it knows every member");
}

/// What is said of the disk of a cluster is said of the disk of each of its nodes.
#[test]
fn disks_of_a_cluster_are_changed_together() {
    let slow = Command::Set {
        node: CLUSTER,
        setting: Setting::DiskSync(Dist::Constant(SimSpan::from_secs(3))),
    };
    let shape = Shape {
        disk: Some(DiskPlan::IDEAL),
        publishes_ms: 1_000,
        commands: vec![at(500, slow)],
        ..Shape::default()
    };
    let mut world = World::new(&shape.plan());
    world.run_until(ms(3_900), u64::MAX);
    assert_eq!(count(&world, FactKind::Confirmed), 0, "no majority has synced anything");
    world.run_until(SimTime::MAX, u64::MAX);
    assert_eq!(count(&world, FactKind::Confirmed), 100);
}

/// A full disk of one node keeps everybody from publishing.
#[test]
fn a_full_disk_is_the_alarm_of_the_cluster() {
    for victim in [MEMBERS[2], CLUSTER] {
        let shape = Shape {
            commands: vec![
                at(3_000, Command::FillDisk(victim)),
                at(8_000, Command::FreeDisk(victim)),
            ],
            disk: Some(DiskPlan::IDEAL),
            ..Shape::default()
        };
        let mut world = World::new(&shape.plan());
        world.run_until(ms(7_900), u64::MAX);
        let confirmed = count(&world, FactKind::Confirmed);
        assert!((195..=205).contains(&confirmed), "{victim:?}: {confirmed}");
        world.run_until(SimTime::MAX, u64::MAX);
        assert_eq!(count(&world, FactKind::Confirmed), 1_000);
        assert_eq!(count(&world, FactKind::Refused), 0);
    }
}
