//! A cluster of Kafka in the engine: what happens to messages, and what the
//! oracle says of it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod kafka_plan;

use kafka_plan::{BROKERS, CLUSTER, SERVICE, Shape, acks, at, count, ms, whole};
use mqlab_brokers::kafka::{Acks, GroupState};
use mqlab_engine::plan::{Command, Plan};
use mqlab_engine::{BrokerView, ColumnKind, MetricKind, NodeView, PlaceKind, World};
use mqlab_kernel::{Dist, SimSpan, SimTime};
use mqlab_model::{DiskPlan, FactKind, NodeId};

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
    let members: Vec<_> = group.members.iter().map(|member| member.service).collect();
    assert_eq!(members, [SERVICE, NodeId(SERVICE.0 + 1)]);
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
fn lose_a_leader(producer: mqlab_brokers::kafka::ProducerSettings, death: fn(NodeId) -> Command) -> World {
    let mut world = World::new(&without_a_leader(producer, death));
    world.run_until(SimTime::MAX, u64::MAX);
    world
}

fn without_a_leader(producer: mqlab_brokers::kafka::ProducerSettings, death: fn(NodeId) -> Command) -> Plan {
    let [one, two, three] = BROKERS;
    let shape = Shape {
        partitions: 1,
        producer,
        commands: vec![
            at(5_000, Command::Cut { a: one, b: two }),
            at(5_000, Command::Cut { a: one, b: three }),
            at(6_000, death(one)),
            at(20_000, Command::Heal { a: one, b: two }),
            at(20_000, Command::Heal { a: one, b: three }),
            at(30_000, Command::Restart(one)),
        ],
        disk: Some(DiskPlan {
            interval: SimSpan::from_millis(500),
            ..DiskPlan::IDEAL
        }),
        until_ms: 200_000,
        ..Shape::default()
    };
    shape.plan()
}

#[test]
fn it_is_lost_as_soon_as_another_one_leads_also_if_it_never_comes_back() {
    let without_end = |acked| {
        let mut plan = without_a_leader(acks(acked), Command::Crash);
        plan.commands
            .retain(|timed| !matches!(timed.command, Command::Restart(_)));
        plan
    };
    let mut world = World::new(&without_end(Acks::Leader));
    // Dead, and nobody else leads yet: nobody can say.
    world.run_until(ms(8_000), u64::MAX);
    assert_eq!(whole(&world, MetricKind::Lost), 0);
    let back = lose_a_leader(acks(Acks::Leader), Command::Crash);
    world.run_until(SimTime::MAX, u64::MAX);
    assert_eq!(whole(&world, MetricKind::Lost), whole(&back, MetricKind::Lost));
    assert_eq!(whole(&world, MetricKind::Unknown), 0);
    // What was not confirmed is sent again, and lost to nobody.
    let mut world = World::new(&without_end(Acks::All));
    for until in [8_000, 14_000, 16_000, 17_000, 18_000, 20_000, 40_000, 200_000] {
        world.run_until(ms(until), u64::MAX);
        assert_eq!(whole(&world, MetricKind::Lost), 0, "after {until} ms");
    }
    assert_eq!(whole(&world, MetricKind::Unknown), 0);
}

#[test]
fn what_only_a_dead_leader_has_confirmed_is_lost() {
    for death in [Command::Crash, Command::PowerCut, Command::DiskLost] {
        lose_what_is_confirmed(death);
    }
}

fn lose_what_is_confirmed(death: fn(NodeId) -> Command) {
    let world = lose_a_leader(acks(Acks::Leader), death);
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
    let world = lose_a_leader(acks(Acks::All), Command::Crash);
    assert_eq!(BAD.map(|kind| whole(&world, kind)), [0; 7]);
    let all = count(&world, FactKind::Confirmed) + count(&world, FactKind::Refused);
    assert_eq!(all, 10_000);
    // It was sent again to the next leader, and is handled there.
    assert!(count(&world, FactKind::Destroyed) > 0);
    assert_eq!(count(&world, FactKind::Handled), count(&world, FactKind::Confirmed));
    for death in [Command::PowerCut, Command::DiskLost] {
        let world = lose_a_leader(acks(Acks::All), death);
        assert_eq!(BAD.map(|kind| whole(&world, kind)), [0; 7]);
    }
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

/// Every fact of one record: when, where, what.
fn life(world: &mut World, number: u64) -> Vec<String> {
    let source = world.sources().family(mqlab_model::SourceId(0));
    world.set_trace(Some(mqlab_engine::Trace::new(Some((source, number)), 1000)));
    world.run_until(SimTime::MAX, u64::MAX);
    let places = world.places();
    let trace = world.trace().unwrap();
    let facts = trace.runs().flat_map(|run| run.iter().collect::<Vec<_>>());
    facts
        .map(|fact| {
            let place = &places.get(fact.place).name;
            format!("{} {place} {}", fact.at.since(SimTime::ZERO), fact.kind.word())
        })
        .collect()
}

#[test]
fn a_record_lives_from_its_batch_to_the_commit_that_covers_it() {
    let shape = Shape {
        partitions: 1,
        rate: 1,
        publishes_ms: 20_000,
        work: Dist::Constant(SimSpan::from_millis(20)),
        services: vec![0, 1],
        ..Shape::default()
    };
    let mut world = World::new(&shape.plan());
    // It lingers for 5 ms, is copied by the followers, which the leader learns with
    // their next fetch, and both groups get it when it is committed.
    let expected = [
        "15s users offered",
        "15s users sent",
        "15.006s group0/orders-0 enqueued",
        "15.006s group1/orders-0 enqueued",
        "15.008s group0/orders-0 dispatched",
        "15.008s group1/orders-0 dispatched",
        "15.009s users confirmed",
        "15.009s service0 received",
        "15.009s service0 started",
        "15.009s service1 received",
        "15.009s service1 started",
        "15.029s service0 handled",
        "15.029s service1 handled",
        "15.03s group0/orders-0 settled",
        "15.03s group1/orders-0 settled",
    ];
    assert_eq!(life(&mut world, 15), expected);
}

#[test]
fn what_is_done_to_the_cluster_is_done_to_its_members() {
    let shape = Shape {
        commands: vec![at(4_000, Command::Crash(CLUSTER)), at(8_000, Command::Restart(CLUSTER))],
        until_ms: 200_000,
        ..Shape::default()
    };
    let mut world = World::new(&shape.plan());
    world.run_until(ms(5_000), u64::MAX);
    for member in BROKERS {
        assert!(matches!(world.status(member), mqlab_engine::Status::Down { .. }));
    }
    world.run_until(SimTime::MAX, u64::MAX);
    // Killed processes leave their page caches behind: nothing is lost.
    assert_eq!(whole(&world, MetricKind::Lost), 0);
    assert_eq!(whole(&world, MetricKind::Unknown), 0);
    assert_eq!(count(&world, FactKind::Confirmed), 10_000);
}

#[test]
fn a_leader_moves_when_an_operator_says_so() {
    use mqlab_brokers::kafka::{BrokerId, Command as Kafka, TopicId};
    use mqlab_engine::plan::BrokerCommand;
    let tell = |command| Command::Broker {
        broker: CLUSTER,
        command: BrokerCommand::Kafka(command),
    };
    let shape = Shape {
        commands: vec![
            at(
                4_000,
                tell(Kafka::MoveLeader {
                    topic: TopicId(0),
                    partition: 0,
                    to: BrokerId(2),
                }),
            ),
            at(6_000, tell(Kafka::ElectPreferred)),
        ],
        ..Shape::default()
    };
    let mut world = World::new(&shape.plan());
    let leader = |world: &World| view(world).partitions[0].leader;
    world.run_until(ms(5_000), u64::MAX);
    assert_eq!(leader(&world), Some(BROKERS[2]));
    world.run_until(ms(7_000), u64::MAX);
    assert_eq!(leader(&world), Some(BROKERS[0]));
    world.run_until(SimTime::MAX, u64::MAX);
    assert_eq!(BAD.map(|kind| whole(&world, kind)), [0; 7]);
    assert_eq!(count(&world, FactKind::Handled), 10_000);
}

#[test]
fn what_was_sent_again_without_idempotence_is_there_twice() {
    // The leader writes, and what it says of that is lost with the connection.
    let lose = |broker| Command::Lose {
        a: broker,
        b: kafka_plan::LOAD,
        kind: mqlab_engine::plan::Loss::Confirm,
        next: 3,
    };
    let shape = |producer| Shape {
        partitions: 1,
        producer,
        commands: vec![at(5_000, lose(CLUSTER))],
        until_ms: 300_000,
        ..Shape::default()
    };
    let idempotent = shape(acks(Acks::All)).run();
    assert_eq!(BAD.map(|kind| whole(&idempotent, kind)), [0; 7]);
    let forgetful = mqlab_brokers::kafka::ProducerSettings {
        is_idempotent: false,
        ..acks(Acks::All)
    };
    let twice = shape(forgetful).run();
    assert!(whole(&twice, MetricKind::Duplicated) > 0);
    assert_eq!(whole(&twice, MetricKind::Lost), 0);
}

/// A metric of the cluster, or of a part of it.
fn metric(world: &World, kind: MetricKind, name: &str) -> u64 {
    let metric = mqlab_engine::Metric {
        kind,
        place: world.places().named(name),
        argument: mqlab_engine::Argument::None,
    };
    match world.metric(&metric) {
        mqlab_engine::Value::Count(count) => count,
        other => panic!("{kind:?} is {other:?}"),
    }
}

#[test]
fn a_broker_that_is_gone_shows_in_the_metrics_of_its_cluster() {
    let shape = Shape {
        partitions: 1,
        commands: vec![at(7_000, Command::Crash(BROKERS[0]))],
        until_ms: 30_000,
        ..Shape::default()
    };
    let mut world = World::new(&shape.plan());
    let of_cluster = |world: &World| {
        let kinds = [
            MetricKind::UnderReplicated,
            MetricKind::Leaderless,
            MetricKind::LeaderChanges,
        ];
        kinds.map(|kind| metric(world, kind, "kafka"))
    };
    world.run_until(ms(6_999), u64::MAX);
    assert_eq!(of_cluster(&world), [0, 0, 0]);
    assert_eq!(metric(&world, MetricKind::Rebalances, "kafka"), 1);
    assert!(metric(&world, MetricKind::Lag, "group0/orders-0") < 100);
    // Its session is nine seconds long.
    world.run_until(ms(20_000), u64::MAX);
    assert_eq!(of_cluster(&world), [1, 0, 1]);
}

/// The last sample of everything that has a chart is what is seen at that instant.
#[test]
fn what_lies_at_a_partition_is_sampled_as_it_is_seen() {
    let shape = Shape {
        commands: vec![at(1_000, Command::Crash(BROKERS[0]))],
        ..Shape::default()
    };
    let mut world = World::new(&shape.plan());
    // A sample is taken when the clock leaves its instant.
    world.run_until(ms(3_000).saturating_add(SimSpan::from_nanos(1)), u64::MAX);
    let series = world.series();
    let sampled = SimTime::ZERO.saturating_add(series.step().checked_mul(series.len() as u64).unwrap());
    assert_eq!(sampled, ms(3_000), "a sample shows this instant");
    let mut partitions = 0;
    for column in series.columns().iter().filter(|one| one.kind == ColumnKind::Ready) {
        let level = world.level(column.place).unwrap();
        assert_eq!(column.values.last(), Some(&level.ready));
        let kind = world.places().get(column.place).kind;
        partitions += u64::from(kind == PlaceKind::Partition && level.ready > 0);
    }
    assert!(partitions > 1, "records lie in several");
}
