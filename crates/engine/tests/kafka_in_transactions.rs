//! Loads that put what they publish into transactions of Kafka, and readers of
//! both kinds.

mod kafka_plan;

use kafka_plan::{LOAD, SERVICE, Shape, at, count, whole};
use mqlab_brokers::kafka::{ConsumerSettings, ProducerSettings, Reader, TransactionalId};
use mqlab_engine::plan::Command;
use mqlab_engine::{MetricKind, World};
use mqlab_kernel::SimSpan;
use mqlab_model::FactKind;

/// A load in transactions of 100 ms, of which some are aborted, and a reader.
fn shape(abort_every: u32, reader: Reader) -> Shape {
    Shape {
        producer: ProducerSettings {
            transactional: Some(TransactionalId(0)),
            abort_every,
            ..ProducerSettings::default()
        },
        consumer: ConsumerSettings {
            reader,
            ..Shape::default().consumer
        },
        until_ms: 200_000,
        ..Shape::default()
    }
}

fn counts(world: &World) -> [u64; 4] {
    let kinds = [
        FactKind::Confirmed,
        FactKind::Refused,
        FactKind::Handled,
        FactKind::Voided,
    ];
    kinds.map(|kind| count(world, kind))
}

#[test]
fn what_is_committed_is_read() {
    for reader in [Reader::Committed, Reader::Uncommitted] {
        let world = shape(0, reader).run();
        assert_eq!(counts(&world), [10_000, 0, 10_000, 0], "{reader:?}");
        for bad in [MetricKind::Lost, MetricKind::Unknown, MetricKind::Duplicated] {
            assert_eq!(whole(&world, bad), 0, "{bad:?}");
        }
    }
}

#[test]
fn what_is_aborted_nobody_sees_who_reads_what_is_committed() {
    let world = shape(5, Reader::Committed).run();
    let [confirmed, refused, handled, voided] = counts(&world);
    assert!(refused > 1_000 && confirmed > 7_000, "{confirmed} and {refused}");
    assert_eq!((confirmed + refused, handled), (10_000, confirmed));
    assert!(voided <= refused, "{voided} of {refused}");
    for bad in [MetricKind::Lost, MetricKind::UnconfirmedLost, MetricKind::Unknown] {
        assert_eq!(whole(&world, bad), 0, "{bad:?}");
    }
}

#[test]
fn who_reads_everything_reads_what_is_aborted() {
    let world = shape(5, Reader::Uncommitted).run();
    let [confirmed, refused, handled, voided] = counts(&world);
    assert!(handled > confirmed && handled <= confirmed + refused);
    assert_eq!(voided, 0);
}

#[test]
fn a_dead_producer_leaves_nothing_half_done() {
    let shape = Shape {
        commands: vec![
            at(5_050, Command::Crash(LOAD)),
            at(9_000, Command::Crash(SERVICE)),
            at(9_500, Command::Restart(SERVICE)),
        ],
        ..shape(0, Reader::Committed)
    };
    let world = shape.run();
    let [confirmed, _, handled, voided] = counts(&world);
    // Its last transaction is aborted when its time is over.
    assert!(voided > 0);
    assert!(handled >= confirmed, "{handled} of {confirmed}");
    assert_eq!(whole(&world, MetricKind::Lost), 0);
}

#[test]
fn records_of_a_transaction_are_confirmed_when_it_ends() {
    let mut shape = shape(0, Reader::Committed);
    shape.producer.transaction = SimSpan::from_secs(4);
    let mut world = World::new(&shape.plan());
    world.run_until(kafka_plan::ms(3_900), u64::MAX);
    assert_eq!(counts(&world)[0], 0);
    assert!(count(&world, FactKind::Enqueued) > 3_000);
    world.run_until(kafka_plan::ms(4_500), u64::MAX);
    assert!(counts(&world)[0] > 3_000);
}
