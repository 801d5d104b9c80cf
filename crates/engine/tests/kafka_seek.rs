//! Consumers of Kafka that go on elsewhere than where their group has read to.

mod kafka_plan;

use kafka_plan::{SERVICE, Shape, at, count, ms, whole};
use mqlab_brokers::kafka::{self, ConsumerSettings, OffsetReset, Seek, Spot, TopicId};
use mqlab_engine::plan::{Command, ConsumerCommand};
use mqlab_engine::{MetricKind, World};
use mqlab_kernel::{Dist, SimSpan};
use mqlab_model::FactKind;

/// The first service goes elsewhere when everything is done.
fn seek(partition: Option<(TopicId, u32)>, to: Seek) -> Command {
    Command::Consumer {
        service: SERVICE,
        command: ConsumerCommand::Kafka(kafka::ConsumerCommand::Seek { partition, to }),
    }
}

fn handled_after(partition: Option<(TopicId, u32)>, to: Seek) -> World {
    let shape = Shape {
        commands: vec![at(30_000, seek(partition, to))],
        ..Shape::default()
    };
    let world = shape.run();
    for bad in [MetricKind::Lost, MetricKind::Phantom, MetricKind::Unknown] {
        assert_eq!(whole(&world, bad), 0, "{bad:?}");
    }
    world
}

#[test]
fn from_the_beginning_everything_comes_once_more() {
    let world = handled_after(None, Seek::Spot(Spot::Earliest));
    assert_eq!(count(&world, FactKind::Handled), 20_000);
    assert_eq!(whole(&world, MetricKind::DeliveredAgain), 10_000);
    // It was settled before, and nobody owes it a second time.
    assert_eq!(count(&world, FactKind::Settled), 10_000);
}

#[test]
fn one_partition_may_be_read_again_from_an_offset() {
    let world = handled_after(Some((TopicId(0), 1)), Seek::Offset(100));
    let again = count(&world, FactKind::Handled) - 10_000;
    let places = world.places();
    let second = places.named("orders-1").expect("it has three partitions");
    let end = world.partition_at(second).expect("it is one").log_end;
    assert_eq!(again, end - 100);
}

#[test]
fn since_a_time_comes_what_was_written_since() {
    let world = handled_after(None, Seek::Spot(Spot::At(ms(9_000))));
    let again = count(&world, FactKind::Handled) - 10_000;
    // A thousand a second were offered until 10 s.
    assert!((990..=1_010).contains(&again), "{again}");
}

#[test]
fn at_the_end_there_is_nothing() {
    let world = handled_after(None, Seek::Spot(Spot::Latest));
    assert_eq!(count(&world, FactKind::Handled), 10_000);
}

#[test]
fn who_is_down_goes_nowhere() {
    let shape = Shape {
        commands: vec![
            at(30_000, Command::Crash(SERVICE)),
            at(31_000, seek(None, Seek::Spot(Spot::Earliest))),
            at(32_000, Command::Restart(SERVICE)),
        ],
        until_ms: 200_000,
        ..Shape::default()
    };
    assert_eq!(count(&shape.run(), FactKind::Handled), 10_000);
}

#[test]
fn a_start_counts_once_in_each_life() {
    let shape = Shape {
        consumer: ConsumerSettings {
            start: Some(Seek::Spot(Spot::Earliest)),
            ..Shape::default().consumer
        },
        // A second member comes and goes: what the first one has again then it
        // does not begin anew.
        services: vec![0, 0],
        commands: vec![
            at(30_000, Command::Crash(kafka_second())),
            at(120_000, Command::Crash(SERVICE)),
            at(121_000, Command::Restart(SERVICE)),
        ],
        until_ms: 300_000,
        ..Shape::default()
    };
    let world = shape.run();
    // The first reads what the second had from its beginning, because it was
    // never given that before, and everything once more in its second life.
    let places = world.places();
    let ends = (0..3).map(|number| {
        let place = places.named(&format!("orders-{number}")).expect("there are three");
        world.partition_at(place).expect("it is one").log_end
    });
    let ends: Vec<u64> = ends.collect();
    let moved = count(&world, FactKind::Handled) - 20_000;
    assert!(ends.contains(&moved), "{moved} of {ends:?}");
}

#[test]
fn what_a_group_leaves_out_is_skipped_and_not_unknown() {
    let shape = Shape {
        consumer: ConsumerSettings {
            reset: OffsetReset::Latest,
            ..Shape::default().consumer
        },
        commands: vec![at(100, Command::Crash(SERVICE)), at(6_000, Command::Restart(SERVICE))],
        until_ms: 80_000,
        ..Shape::default()
    };
    let world = shape.run();
    let (skipped, handled) = (whole(&world, MetricKind::Skipped), count(&world, FactKind::Handled));
    assert!(skipped > 5_000, "{skipped}");
    assert_eq!(skipped + handled, 10_000);
    assert_eq!(count(&world, FactKind::PassedOver), skipped);
    for bad in [MetricKind::Lost, MetricKind::Unknown, MetricKind::Phantom] {
        assert_eq!(whole(&world, bad), 0, "{bad:?}");
    }
}

#[test]
fn who_jumps_ahead_skips_what_lies_between() {
    let shape = Shape {
        work: Dist::Constant(SimSpan::from_millis(5)),
        partitions: 1,
        publishes_ms: 20_000,
        commands: vec![at(15_000, seek(None, Seek::Spot(Spot::Latest)))],
        until_ms: 100_000,
        ..Shape::default()
    };
    let world = shape.run();
    let (skipped, handled) = (whole(&world, MetricKind::Skipped), count(&world, FactKind::Handled));
    assert!(skipped > 1_000, "{skipped}");
    assert_eq!(skipped + handled, 20_000);
    assert_eq!(whole(&world, MetricKind::Unknown), 0);
}

fn kafka_second() -> mqlab_model::NodeId {
    mqlab_model::NodeId(SERVICE.0 + 1)
}
