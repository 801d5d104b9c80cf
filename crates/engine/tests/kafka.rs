//! A cluster of Kafka in the engine: what happens to messages, and what the
//! oracle says of it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod kafka_plan;

use kafka_plan::{BROKERS, CLUSTER, SERVICE, Shape, acks, at, count, ms, whole};
use mqlab_brokers::kafka::{Acks, GroupState};
use mqlab_engine::plan::Command;
use mqlab_engine::{BrokerView, MetricKind, NodeView, World};
use mqlab_kernel::{Dist, SimSpan, SimTime};
use mqlab_model::FactKind;

/// Verdicts that no good run has.
const BAD: [MetricKind; 7] = [
    MetricKind::Lost,
    MetricKind::UnconfirmedLost,
    MetricKind::Duplicated,
    MetricKind::DeliveredAgain,
    MetricKind::Phantom,
    MetricKind::Stuck,
    MetricKind::Unknown,
];

#[test]
fn every_record_is_handled_once_and_settled_by_a_commit() {
    let world = Shape::default().run();
    let facts = [
        FactKind::Offered,
        FactKind::Sent,
        FactKind::Enqueued,
        FactKind::Confirmed,
        FactKind::Dispatched,
        FactKind::Received,
        FactKind::Started,
        FactKind::Handled,
        FactKind::Settled,
    ];
    let counts = facts.map(|kind| (kind, count(&world, kind)));
    assert_eq!(counts, facts.map(|kind| (kind, 10_000)));
    let verdicts = BAD.map(|kind| (kind, whole(&world, kind)));
    assert_eq!(verdicts, BAD.map(|kind| (kind, 0)));
}

/// The messages of a load that were refused, and those that never got anywhere.
fn facts_of(world: &World, kinds: &[FactKind]) -> Vec<u64> {
    kinds.iter().map(|kind| count(world, *kind)).collect()
}

#[test]
fn two_groups_owe_every_record_each() {
    let shape = Shape {
        services: vec![0, 1, 1],
        ..Shape::default()
    };
    let world = shape.run();
    let each = [FactKind::Enqueued, FactKind::Handled, FactKind::Settled];
    assert_eq!(facts_of(&world, &each), [20_000; 3]);
    assert_eq!(BAD.map(|kind| whole(&world, kind)), [0; 7]);
}

#[test]
fn a_topic_that_nobody_reads_keeps_everything_and_owes_nothing() {
    let shape = Shape {
        services: Vec::new(),
        ..Shape::default()
    };
    let world = shape.run();
    assert_eq!(facts_of(&world, &[FactKind::Enqueued, FactKind::Settled]), [10_000, 0]);
    assert_eq!(BAD.map(|kind| whole(&world, kind)), [0; 7]);
    let kept: u64 = view(&world).partitions.iter().map(|one| one.high_watermark).sum();
    assert_eq!(kept, 10_000);
}

fn view(world: &World) -> mqlab_engine::ClusterView {
    match world.node(CLUSTER) {
        NodeView::Broker(BrokerView::Kafka(cluster)) => cluster,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_cluster_shows_who_leads_and_how_far_its_groups_are() {
    let shape = Shape {
        services: vec![0, 0],
        ..Shape::default()
    };
    let mut world = World::new(&shape.plan());
    world.run_until(ms(8_000), u64::MAX);
    let cluster = view(&world);
    let leaders: Vec<_> = cluster.partitions.iter().map(|one| one.leader.unwrap()).collect();
    assert_eq!(leaders, BROKERS);
    assert_eq!(cluster.live, BROKERS);
    for partition in &cluster.partitions {
        assert!(!partition.is_under_replicated() && partition.replicas.len() == 3);
        assert!(partition.log_end >= partition.high_watermark && partition.high_watermark > 1_000);
    }
    let [group] = cluster.groups.as_slice() else {
        panic!("there is one group");
    };
    assert_eq!(group.state, GroupState::Stable);
    let members: Vec<_> = group.members.iter().map(|(service, _)| *service).collect();
    assert_eq!(members, [SERVICE, mqlab_model::NodeId(SERVICE.0 + 1)]);
    assert!(group.shares.iter().all(|share| share.consumer.is_some()));
    // Both read, and what is committed is never ahead of what was read.
    for service in members {
        assert!(group.shares.iter().any(|share| share.consumer == Some(service)));
    }
    for share in &group.shares {
        assert!(share.committed.unwrap() <= share.position.unwrap());
        assert!(share.lag().unwrap() < 100, "{share:?}");
    }
}

/// A leader that nobody has copied from dies: what only it has confirmed is
/// lost as soon as it comes back and throws it away.
fn lose_a_leader(producer: mqlab_brokers::kafka::ProducerSettings) -> World {
    let [one, two, three] = BROKERS;
    let shape = Shape {
        partitions: 1,
        producer,
        commands: vec![
            at(5_000, Command::Cut { a: one, b: two }),
            at(5_000, Command::Cut { a: one, b: three }),
            at(6_000, Command::Crash(one)),
            at(20_000, Command::Heal { a: one, b: two }),
            at(20_000, Command::Heal { a: one, b: three }),
            at(30_000, Command::Restart(one)),
        ],
        until_ms: 200_000,
        ..Shape::default()
    };
    shape.run()
}

#[test]
fn what_only_a_dead_leader_has_confirmed_is_lost() {
    let world = lose_a_leader(acks(Acks::Leader));
    let lost = whole(&world, MetricKind::Lost);
    assert!((900..1_100).contains(&lost), "{lost} lost");
    assert_eq!(whole(&world, MetricKind::Duplicated), 0);
    let first = world
        .verdicts()
        .find(|verdict| verdict.kind == mqlab_engine::VerdictKind::Lost);
    let first = first.unwrap().first.unwrap();
    assert_eq!(first.kind, FactKind::Destroyed);
    assert!(first.at >= ms(30_000));
}

#[test]
fn what_all_in_sync_have_confirmed_is_not() {
    let world = lose_a_leader(acks(Acks::All));
    assert_eq!(BAD.map(|kind| whole(&world, kind)), [0; 7]);
    let all = count(&world, FactKind::Confirmed) + count(&world, FactKind::Refused);
    assert_eq!(all, 10_000);
    // It was sent again to the next leader, and is handled there.
    assert!(count(&world, FactKind::Destroyed) > 0);
    assert_eq!(count(&world, FactKind::Handled), count(&world, FactKind::Confirmed));
}

/// A consumer that dies in the middle of its work.
fn crash_a_consumer(shape: Shape) -> World {
    let shape = Shape {
        partitions: 1,
        rate: 100,
        publishes_ms: 30_000,
        work: Dist::Constant(SimSpan::from_millis(300)),
        commands: vec![
            at(25_000, Command::Crash(SERVICE)),
            at(26_000, Command::Restart(SERVICE)),
        ],
        until_ms: 300_000,
        ..shape
    };
    shape.run()
}

#[test]
fn a_commit_before_the_work_loses_what_a_crash_interrupts() {
    // Auto commit, and polls that return much: what was polled is committed with
    // the next poll, whether it is done or not.
    let automatic = mqlab_brokers::kafka::ConsumerSettings {
        auto_commit: Some(SimSpan::from_millis(100)),
        poll_records: 500,
        ..Shape::default().consumer
    };
    let world = crash_a_consumer(Shape {
        consumer: automatic,
        steps: Vec::new(),
        workers: 50,
        ..Shape::default()
    });
    assert!(whole(&world, MetricKind::Lost) > 0);
    let after = crash_a_consumer(Shape {
        workers: 50,
        ..Shape::default()
    });
    assert_eq!(whole(&after, MetricKind::Lost), 0);
    // What was in hand, and what was done and not committed, comes once more.
    assert!(whole(&after, MetricKind::DeliveredAgain) > 0);
    assert_eq!(whole(&after, MetricKind::Unknown), 0);
}

#[test]
fn a_world_goes_on_from_a_checkpoint_as_if_nothing_had_been() {
    let shape = Shape {
        services: vec![0, 0],
        commands: vec![
            at(4_000, Command::PowerCut(BROKERS[1])),
            at(15_000, Command::Restart(BROKERS[1])),
        ],
        ..Shape::default()
    };
    let whole_run = shape.run();
    let mut world = World::new(&shape.plan());
    for millis in [100, 3_999, 4_000, 4_001, 13_000, 20_000] {
        world.run_until(ms(millis), u64::MAX);
        let copy = world.clone();
        world = copy;
    }
    world.run_until(SimTime::MAX, u64::MAX);
    assert_eq!(world.digest(), whole_run.digest());
    let other = Shape { seed: 2, ..shape }.run();
    assert_ne!(other.digest(), whole_run.digest());
}
