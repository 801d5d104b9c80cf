//! Kafka's transactions: a coordinator, producers that fail, and readers of
//! `read_committed`.
#![allow(clippy::unwrap_used)]

mod kafka_world;

use kafka_world::app::App;
use kafka_world::{World, cases};
use mqlab_brokers::kafka::{
    BrokerSettings, Cluster, ConsumerSettings, GroupId, OffsetReset, PartitionId, ProducerSettings, Reader,
    Replication, Topic, TransactionalId,
};
use mqlab_kernel::SimSpan;
use mqlab_model::{Crash, MessageId, PlaceId};
use proptest::prelude::*;
use std::collections::BTreeSet;

const PRODUCER: usize = 0;
const RIVAL: usize = 1;
const COMMITTED: usize = 2;
const EVERYTHING: usize = 3;

/// A producer, another one with the same id, and a reader of each kind.
fn world() -> World {
    let rules = Replication {
        min_insync: 2,
        ..Replication::default()
    };
    let topic = |name: &str, partitions: u32| Topic {
        rules,
        ..Topic::new(name, partitions, 3)
    };
    let orders = Topic {
        place: Some(PlaceId(100)),
        ..topic("orders", 2)
    };
    let topics = vec![orders, topic("__consumer_offsets", 1), topic("__transaction_state", 2)];
    let cluster = Cluster::new(3, topics, BrokerSettings::default());
    let mut world = World::new(cluster, 4, |cluster, own, wiring| {
        let settings = ProducerSettings {
            transactional: Some(TransactionalId(7)),
            ..ProducerSettings::default()
        };
        let app = App::new(cluster, own, wiring, settings);
        let reading = |reader: Reader, group: u16| {
            let settings = ConsumerSettings {
                reset: OffsetReset::Earliest,
                reader,
                ..ConsumerSettings::default()
            };
            app.clone().consuming(cluster, wiring, GroupId(group), settings)
        };
        match own - 4 {
            COMMITTED => reading(Reader::Committed, 0),
            EVERYTHING => reading(Reader::Uncommitted, 1),
            _ => app.clone(),
        }
    });
    world.crash(4 + RIVAL, Crash::Killed);
    world.run(SimSpan::from_secs(10));
    world
}

fn got(world: &World, reader: usize) -> BTreeSet<MessageId> {
    world
        .client(reader)
        .polled
        .iter()
        .map(|one| one.record.message.id)
        .collect()
}

fn begin(world: &mut World, producer: usize) -> bool {
    world.with_producer(producer, |producer, _| producer.begin())
}

fn produce(world: &mut World, producer: usize, count: u32) -> BTreeSet<MessageId> {
    (0..count)
        .map(|number| world.produce(producer, Some(number % 2), None))
        .collect()
}

fn end(world: &mut World, producer: usize, is_committed: bool) {
    world.with_producer(producer, |producer, cx| producer.end(cx, is_committed));
}

fn ended(world: &mut World, producer: usize) -> Vec<bool> {
    world.with_producer(producer, |producer, _| producer.take_ended())
}

#[test]
fn what_is_not_committed_is_not_seen_before_and_what_is_aborted_never() {
    let mut world = world();
    assert!(begin(&mut world, PRODUCER));
    let first = produce(&mut world, PRODUCER, 10);
    world.run(SimSpan::from_secs(2));
    assert_eq!((got(&world, COMMITTED).len(), got(&world, EVERYTHING).len()), (0, 10));
    end(&mut world, PRODUCER, true);
    world.run(SimSpan::from_secs(2));
    assert_eq!(ended(&mut world, PRODUCER), [true]);
    assert_eq!(got(&world, COMMITTED), first);

    assert!(begin(&mut world, PRODUCER));
    produce(&mut world, PRODUCER, 10);
    world.run(SimSpan::from_secs(2));
    end(&mut world, PRODUCER, false);
    world.run(SimSpan::from_secs(2));
    assert_eq!(ended(&mut world, PRODUCER), [false]);
    assert!(begin(&mut world, PRODUCER));
    let third = produce(&mut world, PRODUCER, 10);
    end(&mut world, PRODUCER, true);
    world.run(SimSpan::from_secs(2));
    assert_eq!(got(&world, COMMITTED), first.union(&third).copied().collect());
    assert_eq!(got(&world, EVERYTHING).len(), 30);
}

#[test]
fn an_open_transaction_holds_up_readers_until_it_times_out() {
    let mut world = world();
    assert!(begin(&mut world, PRODUCER));
    produce(&mut world, PRODUCER, 10);
    world.run(SimSpan::from_secs(2));
    let view = world.broker(0).partition(PartitionId(0)).unwrap();
    assert_eq!((view.last_stable, view.marks.high_watermark()), (0, 5));
    world.crash(4 + PRODUCER, Crash::Killed);
    world.run(SimSpan::from_secs(80));
    let view = world.broker(0).partition(PartitionId(0)).unwrap();
    assert_eq!(view.last_stable, view.marks.high_watermark());
    assert_eq!(got(&world, COMMITTED).len(), 0);
}

#[test]
fn who_takes_the_id_shuts_out_who_had_it() {
    let mut world = world();
    assert!(begin(&mut world, PRODUCER));
    produce(&mut world, PRODUCER, 10);
    world.run(SimSpan::from_secs(2));
    world.restart(4 + RIVAL);
    world.run(SimSpan::from_secs(5));
    assert!(begin(&mut world, RIVAL));
    let own = produce(&mut world, RIVAL, 10);
    end(&mut world, RIVAL, true);
    produce(&mut world, PRODUCER, 10);
    end(&mut world, PRODUCER, true);
    world.run(SimSpan::from_secs(5));
    assert!(world.with_producer(PRODUCER, |producer, _| producer.is_fenced()));
    assert_eq!(ended(&mut world, RIVAL), [true]);
    assert_eq!(got(&world, COMMITTED), own);
}

/// Each request for a transactional id is a new life of the producer. So who waits for the
/// answer asks once: if it asked again, an answer to the first request would give it an
/// epoch that the second one has shut out.
#[test]
fn who_waits_long_for_its_id_asks_once() {
    let mut world = world();
    // Nothing is replicated: so the coordinator cannot say that the new life is known.
    let apart = [(0, 1), (0, 2), (1, 2)];
    apart.into_iter().for_each(|(a, b)| world.cut(a, b));
    world.restart(4 + RIVAL);
    world.run(SimSpan::from_secs(2));
    assert!(!begin(&mut world, RIVAL), "nobody knows it yet");
    apart.into_iter().for_each(|(a, b)| world.heal(a, b));
    world.run(SimSpan::from_secs(5));
    let epochs = |world: &World| {
        let state = [3, 4]
            .map(PartitionId)
            .map(|one| world.leader(one).map(|leader| world.log(leader, one).len()));
        state.map(|length| length.unwrap_or(0)).iter().sum::<usize>()
    };
    // The first producer's id, and the second one's life.
    assert_eq!(epochs(&world), 2, "lives that are written down");
    writes_a_transaction(&mut world);
}

/// The rival has an epoch that nobody has shut out.
fn writes_a_transaction(world: &mut World) {
    assert!(begin(world, RIVAL));
    let own = produce(world, RIVAL, 10);
    end(world, RIVAL, true);
    world.run(SimSpan::from_secs(5));
    assert!(!world.with_producer(RIVAL, |producer, _| producer.is_fenced()));
    assert_eq!(ended(world, RIVAL), [true]);
    assert_eq!(got(world, COMMITTED), own);
}

/// Who has not been answered for `request.timeout.ms` asks again. If the first answer
/// arrives then, its epoch is one that the second request shuts out.
#[test]
fn who_asks_again_for_its_id_waits_for_the_last_answer() {
    let mut world = world();
    let replicas = [(0, 1), (0, 2), (1, 2)];
    replicas.into_iter().for_each(|(a, b)| world.cut(a, b));
    world.restart(4 + RIVAL);
    world.run(SimSpan::from_secs(2));
    // The first request is there; its answer is on its way when nothing arrives any
    // more, and neither does the second request.
    (0..3).for_each(|broker| world.cut(broker, 4 + RIVAL));
    replicas.into_iter().for_each(|(a, b)| world.heal(a, b));
    world.run(SimSpan::from_secs(35));
    assert!(!begin(&mut world, RIVAL));
    (0..3).for_each(|broker| world.heal(broker, 4 + RIVAL));
    world.run(SimSpan::from_secs(5));
    writes_a_transaction(&mut world);
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Transaction(u32, u64, bool),
    Wait(u64),
    CrashProducer,
    CrashBroker(usize, bool),
    Restart,
    Cut(usize, usize),
    Heal,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (1u32..30, 0u64..500, any::<bool>()).prop_map(|(count, wait, commit)| Step::Transaction(count, wait, commit)),
        6 => (0u64..3_000).prop_map(Step::Wait),
        2 => (3_000u64..40_000).prop_map(Step::Wait),
        1 => Just(Step::CrashProducer),
        1 => (0usize..3, any::<bool>()).prop_map(|(who, is_power)| Step::CrashBroker(who, is_power)),
        2 => Just(Step::Restart),
        1 => (0usize..5, 0usize..5).prop_map(|(a, b)| Step::Cut(a, b)),
        2 => Just(Step::Heal),
    ]
}

/// A transaction as its producer knows it.
struct Known {
    messages: BTreeSet<MessageId>,
    outcome: Option<bool>,
}

fn note(world: &mut World, known: &mut [Known], next: &mut usize) {
    for is_committed in ended(world, PRODUCER) {
        known[*next].outcome = Some(is_committed);
        *next += 1;
    }
}

fn has_come_back(world: &World) -> bool {
    let is_back = |id: usize| world.is_up[id] && world.broker(id).is_registered();
    let has_all = |one: u32| world.controller().leadership(PartitionId(one)).in_sync.iter().count() == 3;
    (0..3).all(is_back) && (0..5).all(has_all)
}

proptest! {
    #![proptest_config(cases(100))]

    /// Whatever fails: of a transaction that was committed the reader sees
    /// everything, of one that was aborted nothing, and of one whose producer
    /// never heard of its end all or nothing. Nothing is there twice.
    #[test]
    fn a_reader_of_what_is_committed_sees_all_of_a_transaction_or_nothing(
        steps in proptest::collection::vec(step(), 1..30),
    ) {
        let mut world = world();
        let (mut known, mut next): (Vec<Known>, usize) = (Vec::new(), 0);
        for step in steps {
            match step {
                Step::Transaction(count, wait, is_committed) => {
                    note(&mut world, &mut known, &mut next);
                    if !world.is_up[4 + PRODUCER] || !begin(&mut world, PRODUCER) {
                        continue;
                    }
                    let messages = produce(&mut world, PRODUCER, count);
                    next = known.len();
                    known.push(Known { messages, outcome: None });
                    world.run(SimSpan::from_millis(wait));
                    end(&mut world, PRODUCER, is_committed);
                }
                Step::Wait(milliseconds) => world.run(SimSpan::from_millis(milliseconds)),
                Step::CrashProducer => {
                    note(&mut world, &mut known, &mut next);
                    world.crash(4 + PRODUCER, Crash::Killed);
                }
                Step::CrashBroker(who, is_power) if has_come_back(&world) => {
                    world.crash(who, if is_power { Crash::Power } else { Crash::Killed });
                }
                Step::CrashBroker(..) => {}
                Step::Restart => [0, 1, 2, 3, 4].into_iter().for_each(|who| world.restart(who)),
                Step::Cut(a, b) if a != b => world.cut(a, b),
                Step::Cut(..) => {}
                Step::Heal => world.heal_all(),
            }
        }
        world.heal_all();
        [0, 1, 2, 3, 4].into_iter().for_each(|who| world.restart(who));
        world.run(SimSpan::from_secs(300));
        note(&mut world, &mut known, &mut next);
        let seen = got(&world, COMMITTED);
        // A reader may read a record again, but not two records of a message.
        let polled = world.client(COMMITTED).polled.iter();
        let places: BTreeSet<(PartitionId, u64)> = polled.map(|one| (one.partition, one.offset)).collect();
        prop_assert_eq!(places.len(), seen.len(), "something was written twice");
        for one in &known {
            let count = one.messages.intersection(&seen).count();
            match one.outcome {
                Some(true) => prop_assert_eq!(count, one.messages.len()),
                Some(false) => prop_assert_eq!(count, 0),
                None => prop_assert!(count == 0 || count == one.messages.len(), "{} of {}", count, one.messages.len()),
            }
        }
        for partition in [0, 1].map(PartitionId) {
            let leader = world.leader(partition).unwrap();
            let view = world.broker(leader).partition(partition).unwrap();
            prop_assert_eq!(view.last_stable, view.marks.end(), "nothing stays open");
        }
    }
}
