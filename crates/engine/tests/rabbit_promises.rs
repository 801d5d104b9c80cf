//! What the kinds of queues of a RabbitMQ cluster promise, in random worlds in
//! which one thing after the other goes wrong and comes back.

mod rabbit_plan;

use mqlab_brokers::rabbitmq::Overflow;
use mqlab_brokers::rabbitmq::cluster::{MirrorRule, PartitionHandling, Promote};
use mqlab_engine::MetricKind;
use mqlab_engine::plan::{Command, PublishRule, Setting, TimedCommand};
use mqlab_kernel::{Dist, SimSpan};
use mqlab_model::{DiskPlan, FactKind, NodeId};
use proptest::prelude::*;
use rabbit_plan::{
    CLUSTER, Kept, LOAD, MEMBERS, Passing, SERVICE, Shape, Trouble, at, cases, commands, count,
    in_one_go_and_in_pieces, whole,
};

fn trouble() -> impl Strategy<Value = (Trouble, u64)> {
    let member = || prop::sample::select(MEMBERS.to_vec());
    let anybody = || prop::sample::select([MEMBERS.to_vec(), vec![SERVICE, LOAD]].concat());
    let kind = prop_oneof![
        3 => member().prop_map(Trouble::Crash),
        2 => member().prop_map(Trouble::Power),
        1 => Just(Trouble::Crash(SERVICE)),
        2 => prop::sample::select([MEMBERS.to_vec(), vec![SERVICE]].concat()).prop_map(Trouble::Pause),
        3 => (anybody(), member()).prop_filter("two", |(a, b)| a != b).prop_map(|(a, b)| Trouble::Cut(a, b)),
    ];
    (kind, 10u64..90_000)
}

/// A member that is killed, and comes back.
fn death() -> impl Strategy<Value = (Trouble, u64)> {
    let member = prop::sample::select(MEMBERS.to_vec());
    (member.prop_map(Trouble::Crash), 10u64..90_000)
}

fn shape(troubles: &[(Trouble, u64)], kept: Kept) -> Shape {
    Shape {
        kept,
        rate: 40,
        publishes_ms: 20_000 + 100_000 * troubles.len() as u64,
        work: Dist::Constant(SimSpan::from_millis(2)),
        disk: Some(DiskPlan {
            interval: SimSpan::from_millis(50),
            ..DiskPlan::IDEAL
        }),
        commands: commands(troubles),
        until_ms: 300_000 + 160_000 * troubles.len() as u64,
        ..Shape::default()
    }
}

/// What is set while it runs, and when.
fn sets(what: impl Strategy<Value = (NodeId, Setting)>) -> impl Strategy<Value = Vec<TimedCommand>> {
    let set = |(time, (node, setting)): (u64, (NodeId, Setting))| at(time, Command::Set { node, setting });
    prop::collection::vec((1_000u64..250_000, what).prop_map(set), 0..6)
}

/// How the queue is mirrored, by a mirror at least.
fn mirroring() -> impl Strategy<Value = (NodeId, Setting)> {
    let rule = prop_oneof![
        3 => (1u8..3).prop_map(MirrorRule::Count),
        1 => prop::sample::select(vec![Promote::Always, Promote::WhenSynced]).prop_map(MirrorRule::Promote),
        1 => any::<bool>().prop_map(MirrorRule::SyncedAtOnce),
    ];
    rule.prop_map(|rule| (CLUSTER, Setting::Mirroring { queue: 0, rule }))
}

/// What the load says with each message.
fn said_with_each(rule: impl Strategy<Value = PublishRule>) -> impl Strategy<Value = (NodeId, Setting)> {
    rule.prop_map(|rule| (LOAD, Setting::Publish(rule)))
}

/// With what is set while troubles come and go.
fn and_sets(mut shape: Shape, sets: Vec<TimedCommand>) -> Shape {
    shape.commands.extend(sets);
    shape.commands.sort_by_key(|timed| timed.at);
    shape
}

fn handling() -> impl Strategy<Value = PartitionHandling> {
    prop::sample::select(vec![
        PartitionHandling::Ignore,
        PartitionHandling::PauseMinority,
        PartitionHandling::Autoheal,
    ])
}

proptest! {
    #![proptest_config(cases(24, 13))]

    /// A quorum queue: as long as a majority is there or comes back, nothing that
    /// was confirmed is lost, all of it is handled in the end, and nothing is handed
    /// out that is not there.
    #[test]
    fn a_quorum_queue_keeps_what_it_has_confirmed(
        troubles in prop::collection::vec(trouble(), 1..4),
        partition in handling(),
        most in prop::option::of((5u64..200).prop_map(|most| (most, Overflow::RejectPublish))),
        busy_us in prop::option::of(100u64..5_000),
        asks_ms in prop::option::of(5u64..500),
        sets in sets(said_with_each((0u8..10).prop_map(PublishRule::Priority))),
    ) {
        // Each message that is asked for waits for a sync of its own.
        let rate = if asks_ms.is_some() { 10 } else { 40 };
        let shape = Shape { rate, partition, most, busy_us, asks_ms, ..shape(&troubles, Kept::Quorum) };
        let world = and_sets(shape, sets).run();
        prop_assert_eq!(whole(&world, MetricKind::Lost), 0);
        prop_assert_eq!(whole(&world, MetricKind::Phantom), 0);
        prop_assert_eq!(whole(&world, MetricKind::Unknown), 0, "all is over in the end");
        let confirmed = count(&world, FactKind::Confirmed);
        prop_assert!(count(&world, FactKind::Handled) >= confirmed);
        prop_assert!(confirmed > 0);
    }

    /// One whose messages expire and are dead-lettered: every one that was confirmed is
    /// handled, or waits as a dead letter, or was given up by a leader that did not
    /// live to send it on, and those are counted.
    #[test]
    fn what_expires_is_a_dead_letter_or_dropped(
        troubles in prop::collection::vec(trouble(), 1..4),
        most in prop::option::of((5u64..50).prop_map(|most| (most, Overflow::DropHead))),
        busy_us in prop::option::of(100u64..5_000),
        sets in sets(said_with_each(
            (100u64..2_000).prop_map(|millis| PublishRule::Expiration(SimSpan::from_millis(millis))),
        )),
    ) {
        // More comes than is handled: there is always something that waits too long.
        let work = Dist::Constant(SimSpan::from_millis(30));
        let shape = Shape { expires_ms: Some(400), work, most, busy_us, ..shape(&troubles, Kept::Quorum) };
        let world = and_sets(shape, sets).run();
        prop_assert_eq!(whole(&world, MetricKind::Phantom), 0);
        let dead = count(&world, FactKind::DeadLettered);
        let letters = world.places().iter().find(|(_, place)| place.name == "letters");
        let letters = letters.expect("it is a place").0;
        let arrived = world.fact_count(letters, FactKind::Enqueued);
        prop_assert!(dead > 0);
        prop_assert!(arrived <= dead, "once at most: {} of {}", arrived, dead);
        let dropped = count(&world, FactKind::Dropped);
        prop_assert!(arrived + dropped >= dead, "{} of {}, and {}", arrived, dead, dropped);
        prop_assert_eq!(world.level(letters).expect("it is a queue").ready, arrived);
    }

    /// A mirrored queue that has always a mirror, however many: nodes that are killed one
    /// after the other take nothing along that was confirmed.
    #[test]
    fn a_mirrored_queue_outlives_one_node_at_a_time(
        troubles in prop::collection::vec(death(), 1..4),
        sets in sets(mirroring()),
    ) {
        let world = and_sets(shape(&troubles, Kept::Mirrored(Promote::Always)), sets).run();
        prop_assert_eq!(whole(&world, MetricKind::Lost), 0);
        prop_assert_eq!(whole(&world, MetricKind::Phantom), 0);
        prop_assert_eq!(whole(&world, MetricKind::Unknown), 0, "all is over in the end");
        prop_assert!(count(&world, FactKind::Confirmed) > 0);
    }

    /// A classic queue keeps what its node's disk has.
    #[test]
    fn a_classic_queue_is_back_with_its_node(troubles in prop::collection::vec(death(), 1..4)) {
        let world = shape(&troubles, Kept::Home(0)).run();
        prop_assert_eq!(whole(&world, MetricKind::Lost), 0);
        prop_assert_eq!(whole(&world, MetricKind::Unknown), 0, "all is over in the end");
    }

    /// A queue that does not stay: what it has when it goes is gone, and what comes while
    /// it is not there finds none. It is there again as soon as its consumer is, and
    /// hands out nothing that it has not.
    #[test]
    fn a_queue_that_comes_and_goes_is_there_for_its_consumer(
        troubles in prop::collection::vec(trouble(), 1..4),
        passing in prop::sample::select(vec![
            Passing::Expires(2_000), Passing::Expires(20_000), Passing::AutoDelete, Passing::Exclusive,
        ]),
        quorum in any::<bool>(),
        home in 0u8..3,
    ) {
        let kept = match passing {
            Passing::Expires(_) if quorum => Kept::Quorum,
            _ => Kept::Home(home),
        };
        let world = Shape { passing: Some(passing), ..shape(&troubles, kept) }.run();
        prop_assert_eq!(whole(&world, MetricKind::Phantom), 0);
        // Of what finds no queue nobody can say what should have become of it.
        let unroutable = count(&world, FactKind::Unroutable);
        prop_assert!(whole(&world, MetricKind::Unknown) <= unroutable, "all else is over in the end");
        let queue = world.places().named("orders").expect("it is a place");
        let view = world.queue(queue).expect("it is a queue");
        prop_assert_eq!((view.messages_ready, view.messages_unacknowledged), (0, 0));
        prop_assert_eq!(view.consumers, 1);
        prop_assert_eq!(world.owner_of(queue).is_some(), passing == Passing::Exclusive);
        prop_assert!(count(&world, FactKind::Handled) > 0);
    }

    /// However a run is cut into stretches and taken over by copies, it is the
    /// same run.
    #[test]
    fn a_run_is_the_same_in_one_go_and_in_pieces(
        troubles in prop::collection::vec(trouble(), 1..3),
        stops in prop::collection::vec(0u64..150_000, 1..6),
        kept in prop::sample::select(vec![Kept::Home(1), Kept::Mirrored(Promote::Always), Kept::Quorum]),
        expires_ms in prop::option::of(100u64..2_000),
        goes in any::<bool>(),
        sets in sets(mirroring()),
    ) {
        let expires_ms = expires_ms.filter(|_| kept == Kept::Quorum);
        let passing = (goes && matches!(kept, Kept::Home(_))).then_some(Passing::Exclusive);
        let shape = and_sets(Shape { expires_ms, passing, ..shape(&troubles, kept) }, sets);
        let (whole_run, world) = in_one_go_and_in_pieces(&shape.plan(), stops);
        prop_assert_eq!(world.digest(), whole_run.digest());
        prop_assert_eq!(world.facts(), whole_run.facts());
    }
}

/// A node that stands still for so long that the others give up its connections finds
/// them closed: it does not keep their consumers beside those that come anew.
#[test]
fn a_node_that_goes_on_knows_that_the_others_have_given_it_up() {
    let troubles = [(Trouble::Pause(MEMBERS[0]), 60_250)];
    let world = Shape {
        passing: Some(Passing::AutoDelete),
        ..shape(&troubles, Kept::Home(0))
    }
    .run();
    let queue = world.places().named("orders").expect("it is a place");
    assert_eq!(world.queue(queue).expect("it is a queue").consumers, 1);
    assert_eq!(whole(&world, MetricKind::Unknown), 0);
}

/// The weaker kind does lose in the same worlds: with the disk of its node its
/// messages are gone, and with one of three disks those of a quorum queue are not.
#[test]
fn a_disk_takes_a_classic_queue_along_and_no_quorum_queue() {
    let with = |kept| {
        let shape = Shape {
            kept,
            work: Dist::Constant(SimSpan::from_millis(50)),
            commands: vec![
                at(5_000, Command::DiskLost(MEMBERS[0])),
                at(15_000, Command::Restart(MEMBERS[0])),
            ],
            until_ms: 120_000,
            ..shape(&[], kept)
        };
        whole(&shape.run(), MetricKind::Lost)
    };
    assert!(with(Kept::Home(0)) > 0);
    assert_eq!(with(Kept::Quorum), 0);
}
