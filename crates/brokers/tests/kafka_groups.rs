//! Kafka's consumers and the coordinators of their groups, in a world in which
//! all of them may fail.
#![allow(clippy::unwrap_used)]

mod kafka_world;

use kafka_world::app::App;
use kafka_world::{World, cases};
use mqlab_brokers::kafka::{
    Assignor, BrokerSettings, Cluster, Compaction, ConsumerSettings, Frame, GroupId, LogSettings, OffsetReset,
    PartitionId, ProducerSettings, Replication, Retention, Seek, Spot, Topic,
};
use mqlab_kernel::SimSpan;
use mqlab_model::{Crash, MessageId, PlaceId};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const GROUP: GroupId = GroupId(0);

fn cluster(partitions: u32) -> Cluster {
    let rules = Replication {
        min_insync: 2,
        ..Replication::default()
    };
    let orders = Topic {
        rules,
        place: Some(PlaceId(100)),
        ..Topic::new("orders", partitions, 3)
    };
    let offsets = Topic {
        rules,
        log: LogSettings {
            retention: Retention {
                deletes: false,
                ..Retention::default()
            },
            compaction: Compaction {
                compacts: true,
                ..Compaction::default()
            },
            ..LogSettings::default()
        },
        ..Topic::new("__consumer_offsets", 3, 3)
    };
    Cluster::new(3, vec![orders, offsets], BrokerSettings::default())
}

/// A producer and so many consumers of one group.
fn world(partitions: u32, consumers: usize, settings: ConsumerSettings) -> World {
    let mut world = World::new(cluster(partitions), consumers + 1, |cluster, own, wiring| {
        let app = App::new(cluster, own, wiring, ProducerSettings::default());
        if own == 4 {
            app
        } else {
            app.consuming(cluster, wiring, GROUP, settings)
        }
    });
    world.run(SimSpan::from_secs(20));
    world
}

fn earliest(assignor: Assignor) -> ConsumerSettings {
    ConsumerSettings {
        reset: OffsetReset::Earliest,
        assignor,
        ..ConsumerSettings::default()
    }
}

fn produce(world: &mut World, count: usize) -> Vec<MessageId> {
    (0..count)
        .map(|number| world.produce(0, None, Some(number as u32)))
        .collect()
}

fn assigned(world: &World, consumer: usize) -> Vec<PartitionId> {
    let consumer = world.client(consumer).consumer.as_ref().unwrap();
    consumer.assignment().map(|(partition, _)| partition).collect()
}

fn got(world: &World, consumer: usize) -> Vec<MessageId> {
    world
        .client(consumer)
        .polled
        .iter()
        .map(|one| one.record.message.id)
        .collect()
}

#[test]
fn a_group_divides_the_partitions_and_reads_everything_once() {
    for assignor in [
        Assignor::Range,
        Assignor::RoundRobin,
        Assignor::Sticky,
        Assignor::CooperativeSticky,
    ] {
        let mut world = world(4, 2, earliest(assignor));
        let made: BTreeSet<MessageId> = produce(&mut world, 100).into_iter().collect();
        world.run(SimSpan::from_secs(5));
        assert_eq!(
            (assigned(&world, 1).len(), assigned(&world, 2).len()),
            (2, 2),
            "{assignor:?}"
        );
        let all: Vec<MessageId> = got(&world, 1).into_iter().chain(got(&world, 2)).collect();
        assert_eq!(all.len(), 100);
        assert_eq!(all.into_iter().collect::<BTreeSet<_>>(), made);
    }
}

/// A fetch of very many partitions must not cost more than one of few: it says what
/// has changed since the last one (KIP-227).
#[test]
fn a_fetch_says_only_what_has_changed() {
    let mut world = world(60, 1, earliest(Assignor::Range));
    produce(&mut world, 10);
    world.run(SimSpan::from_secs(5));
    world.on_sent = |frame| match frame {
        Frame::Wanted(wanted) => u64::from(wanted.last_epoch == u32::MAX),
        Frame::Forgotten { .. } => 1 << 32,
        _ => 0,
    };
    world.counted = 0;
    produce(&mut world, 10);
    world.run(SimSpan::from_secs(5));
    let (wanted, forgotten) = (world.counted % (1 << 32), world.counted >> 32);
    assert_eq!(got(&world, 1).len(), 20);
    // Each answer brings records of a partition or more; those are not wanted until
    // they are polled, and then from another offset on.
    assert!((1..=10).contains(&forgotten), "{forgotten}");
    assert!(
        wanted > 0 && wanted <= forgotten,
        "{wanted} of 60 partitions, {forgotten}"
    );
}

#[test]
fn one_consumer_more_than_partitions_is_idle() {
    let world = world(3, 4, earliest(Assignor::Range));
    let counts: Vec<usize> = (1..5).map(|one| assigned(&world, one).len()).collect();
    assert_eq!(counts.iter().sum::<usize>(), 3);
    assert_eq!(counts.iter().filter(|count| **count == 0).count(), 1, "{counts:?}");
}

#[test]
fn a_dead_members_partitions_go_to_the_others_after_its_session_from_the_commit_on() {
    let mut world = world(2, 2, earliest(Assignor::Range));
    produce(&mut world, 50);
    world.run(SimSpan::from_secs(10));
    let before = got(&world, 1).len() + got(&world, 2).len();
    assert_eq!(before, 50);
    world.crash(6, Crash::Killed);
    let made = produce(&mut world, 50);
    world.run(SimSpan::from_secs(40));
    assert!(got(&world, 1).len() < 100, "the session is 45 seconds long");
    world.run(SimSpan::from_secs(20));
    assert_eq!(assigned(&world, 1).len(), 2);
    let got: BTreeSet<MessageId> = got(&world, 1).into_iter().collect();
    assert!(made.iter().all(|one| got.contains(one)));
}

#[test]
fn where_nothing_was_committed_the_reset_decides() {
    for (reset, expected) in [(OffsetReset::Earliest, 30), (OffsetReset::Latest, 10)] {
        let settings = ConsumerSettings {
            reset,
            ..ConsumerSettings::default()
        };
        let mut world = World::new(cluster(1), 2, |cluster, own, wiring| {
            let app = App::new(cluster, own, wiring, ProducerSettings::default());
            if own == 4 {
                app
            } else {
                app.consuming(cluster, wiring, GROUP, settings)
            }
        });
        world.crash(5, Crash::Killed);
        produce(&mut world, 20);
        world.run(SimSpan::from_secs(5));
        world.restart(5);
        world.run(SimSpan::from_secs(20));
        produce(&mut world, 10);
        world.run(SimSpan::from_secs(5));
        assert_eq!(got(&world, 1).len(), expected, "{reset:?}");
    }
}

#[test]
fn a_cursor_goes_back_by_offset_and_by_time() {
    let mut world = world(1, 1, earliest(Assignor::Range));
    produce(&mut world, 10);
    world.run(SimSpan::from_secs(10));
    let second = world.now;
    produce(&mut world, 10);
    world.run(SimSpan::from_secs(10));
    assert_eq!(got(&world, 1).len(), 20);
    world.consume(1, |consumer, cx| consumer.seek(cx, PartitionId(0), Seek::Offset(5)));
    world.run(SimSpan::from_secs(2));
    assert_eq!(got(&world, 1).len(), 35);
    world.consume(1, |consumer, cx| {
        consumer.seek(cx, PartitionId(0), Seek::Spot(Spot::At(second)))
    });
    world.run(SimSpan::from_secs(2));
    assert_eq!(got(&world, 1).len(), 45);
}

/// What is on its way when the cursor moves is of the old place.
#[test]
fn nothing_is_skipped_when_the_cursor_moves_during_a_fetch() {
    for wait in 0..15 {
        let mut world = world(1, 1, earliest(Assignor::Range));
        produce(&mut world, 20);
        world.run(SimSpan::from_secs(10));
        produce(&mut world, 10);
        world.run(SimSpan::from_millis(wait));
        let before = world.client(1).polled.len();
        world.consume(1, |consumer, cx| consumer.seek(cx, PartitionId(0), Seek::Offset(5)));
        world.run(SimSpan::from_secs(2));
        let after: Vec<u64> = world.client(1).polled[before..].iter().map(|one| one.offset).collect();
        assert_eq!(after, (5..30).collect::<Vec<u64>>(), "after {wait} ms");
    }
}

#[test]
fn who_does_not_poll_is_out_and_joins_with_the_next_poll() {
    let settings = ConsumerSettings {
        poll_interval: SimSpan::from_secs(30),
        ..earliest(Assignor::Range)
    };
    let mut world = world(2, 2, settings);
    world.busy(1, true);
    world.run(SimSpan::from_secs(60));
    assert_eq!((assigned(&world, 1).len(), assigned(&world, 2).len()), (0, 2));
    world.busy(1, false);
    world.run(SimSpan::from_secs(40));
    assert_eq!((assigned(&world, 1).len(), assigned(&world, 2).len()), (1, 1));
}

#[test]
fn a_group_goes_on_from_its_commits_with_another_coordinator() {
    let mut world = world(2, 1, earliest(Assignor::Range));
    produce(&mut world, 50);
    world.run(SimSpan::from_secs(10));
    // Partition 2 is the first of the offsets topic: its leader coordinates.
    let coordinator = world.leader(PartitionId(2)).unwrap();
    world.crash(coordinator, Crash::Power);
    world.run(SimSpan::from_secs(30));
    produce(&mut world, 50);
    world.run(SimSpan::from_secs(30));
    let all = got(&world, 1);
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 100);
    assert_eq!(all.len(), 100, "it was committed before the coordinator died");
    assert_ne!(world.leader(PartitionId(2)), Some(coordinator));
}

#[test]
fn cooperation_moves_less_than_stopping_everybody() {
    let moved = |assignor: Assignor| {
        let mut world = world(6, 3, earliest(assignor));
        let before: Vec<Vec<PartitionId>> = (1..3).map(|one| assigned(&world, one)).collect();
        world.crash(7, Crash::Killed);
        world.run(SimSpan::from_secs(80));
        let after: Vec<Vec<PartitionId>> = (1..3).map(|one| assigned(&world, one)).collect();
        assert_eq!(after.iter().flatten().count(), 6);
        let kept = before
            .iter()
            .zip(&after)
            .map(|(before, after)| before.iter().filter(|one| after.contains(one)).count());
        before.iter().flatten().count() - kept.sum::<usize>()
    };
    assert_eq!(moved(Assignor::CooperativeSticky), 0);
    assert_eq!(moved(Assignor::Sticky), 0);
    assert!(moved(Assignor::RoundRobin) > 0);
}

#[test]
fn who_is_back_at_once_knows_a_broker_that_is_back_at_once() {
    let mut world = world(4, 3, earliest(Assignor::RoundRobin));
    for who in [6, 1, 5] {
        world.crash(who, Crash::Killed);
    }
    (0..8).for_each(|who| world.restart(who));
    // Long enough for it to be in sync again, and to lead in a moment.
    world.run(SimSpan::from_millis(10_008));
    let made: BTreeSet<MessageId> = produce(&mut world, 1).into_iter().collect();
    // Now the broker has to be asked that was away.
    world.crash(2, Crash::Killed);
    world.restart(2);
    world.run(SimSpan::from_secs(200));
    let seen: BTreeSet<MessageId> = (1..4).flat_map(|one| got(&world, one)).collect();
    assert_eq!(seen, made);
}

/// The broker came back while the consumer was away: the next life knows nothing of
/// a connection that the last one had lost.
#[test]
fn who_comes_back_after_a_broker_asks_that_broker_too() {
    let mut world = world(2, 1, earliest(Assignor::Range));
    let leader = world.leader(PartitionId(0)).unwrap();
    world.crash(leader, Crash::Killed);
    world.run(SimSpan::from_millis(10));
    world.crash(5, Crash::Killed);
    world.run(SimSpan::from_millis(10));
    world.restart(leader);
    world.run(SimSpan::from_millis(10));
    world.restart(5);
    // Until it leads again, and for as long as a session that nobody ended.
    world.run(SimSpan::from_secs(400));
    assert_eq!(world.leader(PartitionId(0)), Some(leader));
    let made: BTreeSet<MessageId> = produce(&mut world, 20).into_iter().collect();
    world.run(SimSpan::from_secs(10));
    assert_eq!(got(&world, 1).into_iter().collect::<BTreeSet<_>>(), made);
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Produce(u8),
    Wait(u64),
    CrashConsumer(usize),
    CrashBroker(usize, bool),
    Restart,
    Cut(usize, usize),
    Heal,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (1u8..30).prop_map(Step::Produce),
        6 => (0u64..3_000).prop_map(Step::Wait),
        2 => (3_000u64..60_000).prop_map(Step::Wait),
        2 => (1usize..4).prop_map(Step::CrashConsumer),
        1 => (0usize..3, any::<bool>()).prop_map(|(who, is_power)| Step::CrashBroker(who, is_power)),
        2 => Just(Step::Restart),
        1 => (0usize..8, 0usize..8).prop_map(|(a, b)| Step::Cut(a, b)),
        2 => Just(Step::Heal),
    ]
}

/// No partition is in the hands of two members of one generation.
fn check_owners(world: &World) {
    let mut owners: BTreeMap<(i32, Option<u32>, PartitionId), usize> = BTreeMap::new();
    for one in 1..4 {
        let Some(consumer) = world.client(one).consumer.as_ref().filter(|_| world.is_up[4 + one]) else {
            continue;
        };
        let coordinator = consumer.coordinator().map(|broker| broker.0);
        for (partition, _) in consumer.assignment() {
            let key = (consumer.generation(), coordinator, partition);
            let other = owners.insert(key, one);
            assert_eq!(other, None, "{key:?} belongs to {other:?} and {one}");
        }
    }
}

proptest! {
    #![proptest_config(cases(100))]

    /// Whatever fails: in the end the group has seen every confirmed record,
    /// and at no time did two members of a generation have one partition. What
    /// is committed is what was polled, so nothing is left out.
    #[test]
    fn a_group_leaves_nothing_out_and_owns_everything_once(
        steps in proptest::collection::vec(step(), 1..30),
        assignor in 0usize..4,
    ) {
        let assignor = [Assignor::Range, Assignor::RoundRobin, Assignor::Sticky, Assignor::CooperativeSticky][assignor];
        // Nothing may depend on a wait as long as that: an answer that never comes.
        let settings = ConsumerSettings {
            poll_interval: SimSpan::from_secs(3_600),
            ..earliest(assignor)
        };
        let mut world = world(4, 3, settings);
        let mut made = 0;
        for step in steps {
            match step {
                Step::Produce(count) => {
                    for number in 0..count {
                        world.produce(0, None, Some(u32::from(number)));
                        made += 1;
                    }
                }
                Step::Wait(milliseconds) => world.run(SimSpan::from_millis(milliseconds)),
                Step::CrashConsumer(who) => world.crash(4 + who, Crash::Killed),
                Step::CrashBroker(who, is_power) => {
                    let is_back = |id: usize| world.is_up[id] && world.broker(id).is_registered();
                    let has_all = |one: u32| world.controller().leadership(PartitionId(one)).in_sync.iter().count() == 3;
                    if (0..3).all(is_back) && (0..7).all(has_all) {
                        world.crash(who, if is_power { Crash::Power } else { Crash::Killed });
                    }
                }
                Step::Restart => (0..8).for_each(|who| world.restart(who)),
                Step::Cut(a, b) if a != b => world.cut(a, b),
                Step::Cut(..) => {}
                Step::Heal => world.heal_all(),
            }
            check_owners(&world);
        }
        world.heal_all();
        (0..8).for_each(|who| world.restart(who));
        for _ in 0..40 {
            world.run(SimSpan::from_secs(10));
            check_owners(&world);
        }
        let seen: BTreeSet<MessageId> = (1..4).flat_map(|one| got(&world, one)).collect();
        for message in world.emitted(mqlab_model::FactKind::Confirmed) {
            prop_assert!(seen.contains(&message), "{message:?} of {made} was left out");
        }
        let owned: BTreeSet<PartitionId> = (1..4).flat_map(|one| assigned(&world, one)).collect();
        prop_assert_eq!(owned.len(), 4, "everything is read by somebody in the end");
    }
}
