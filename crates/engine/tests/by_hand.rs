//! What can be done to a world by hand: connections are cut, queues purged,
//! messages published with a key and something in them.

#[expect(dead_code, reason = "the other test files use the rest")]
mod common;

use common::{BROKER, LOAD, QUEUE, SERVICE, Shape, count, ms, purge};
use mqlab_engine::plan::{Command, TimedCommand};
use mqlab_engine::{FactRun, MetricKind, Trace, World};
use mqlab_kernel::{Dist, SimSpan, SimTime};
use mqlab_model::{Fact, FactKind, MessageId, PlaceId, SourceId};

fn publish(count: u64, key: Option<&str>, payload: Option<&str>) -> Command {
    Command::Publish {
        load: LOAD,
        count,
        key: key.map(Into::into),
        payload: payload.map(Into::into),
    }
}

/// A quiet world: nothing happens but what is done to it.
fn quiet(commands: Vec<(u64, Command)>) -> World {
    let commands = commands
        .into_iter()
        .map(|(at, command)| TimedCommand { at: ms(at), command });
    let shape = Shape {
        rate: 1,
        latency: Dist::Constant(SimSpan::from_millis(8)),
        commands: commands.collect(),
        ..Shape::default()
    };
    let mut plan = shape.plan();
    if let mqlab_engine::plan::NodeKind::Load(load) = &mut plan.nodes[0].kind {
        load.arrivals.segments.clear();
        load.bursts.clear();
    }
    let mut world = World::new(&plan);
    world.set_trace(Some(Trace::new(None, usize::MAX)));
    world
}

/// When each of some facts happened, in milliseconds.
fn times(world: &World, kind: FactKind, place: PlaceId) -> Vec<(u64, u64)> {
    let trace = world.trace().expect("it is traced");
    let all = trace.runs().flat_map(FactRun::iter);
    let wanted = all.filter(|fact: &Fact| fact.kind == kind && fact.place == place);
    wanted
        .map(|fact| {
            (
                fact.at.nanos() / 1_000_000,
                if fact.message.is_some() {
                    fact.message.number()
                } else {
                    fact.value
                },
            )
        })
        .collect()
}

fn between(a: mqlab_model::NodeId, b: mqlab_model::NodeId) -> (Command, Command) {
    (Command::Cut { a, b }, Command::Heal { a, b })
}

#[test]
fn what_was_under_way_or_sent_arrives_one_delay_after_the_heal_in_order() {
    let (cut, heal) = between(LOAD, BROKER);
    let mut world = quiet(vec![
        // Under way when the connection is cut.
        (100, publish(1, None, None)),
        (104, cut.clone()),
        // Cut twice is cut once.
        (105, cut),
        // Sent while it is cut; the second has not come to its end when the
        // connection heals.
        (110, publish(1, None, None)),
        (195, publish(1, None, None)),
        (200, heal.clone()),
        (203, publish(1, None, None)),
        (300, heal),
    ]);
    world.run_until(ms(199), u64::MAX);
    let link = world
        .links()
        .find(|link| (link.from, link.to) == (LOAD, BROKER))
        .expect("they are connected");
    assert_eq!((link.is_cut, link.stranded, link.packets), (true, 2, 1));
    assert_eq!(times(&world, FactKind::Enqueued, QUEUE), []);
    world.run_until(SimTime::MAX, u64::MAX);
    assert_eq!(
        times(&world, FactKind::Enqueued, QUEUE),
        [(208, 0), (208, 1), (208, 2), (211, 3)]
    );
    // Both ends know, and who the other is.
    let (load, broker) = (PlaceId(LOAD.0), PlaceId(BROKER.0));
    assert_eq!(times(&world, FactKind::Cut, load), [(104, u64::from(BROKER.0))]);
    assert_eq!(times(&world, FactKind::Cut, broker), [(104, u64::from(LOAD.0))]);
    assert_eq!(times(&world, FactKind::Healed, load), [(200, u64::from(BROKER.0))]);
    // The confirms came back, too.
    assert_eq!(count(&world, MetricKind::Confirmed, Some(load)), 4);
    assert_eq!(count(&world, MetricKind::InSystem, Some(QUEUE)), 0);
}

#[test]
fn a_cut_of_one_direction_leaves_the_other_open() {
    let one_way = Command::CutOneWay { from: LOAD, to: BROKER };
    let (_, heal) = between(LOAD, BROKER);
    let mut world = quiet(vec![
        (100, publish(1, None, None)),
        // The message is there, its confirm under way.
        (109, one_way.clone()),
        (120, publish(1, None, None)),
        (130, one_way),
        (200, heal),
    ]);
    world.run_until(ms(199), u64::MAX);
    let load = PlaceId(LOAD.0);
    assert_eq!(count(&world, MetricKind::Confirmed, Some(load)), 1);
    let cut: Vec<_> = world.links().filter(|link| link.is_cut).collect();
    assert_eq!(cut.len(), 1);
    assert_eq!((cut[0].from, cut[0].to, cut[0].stranded), (LOAD, BROKER, 1));
    world.run_until(SimTime::MAX, u64::MAX);
    assert_eq!(times(&world, FactKind::Cut, load), [(109, u64::from(BROKER.0))]);
    assert_eq!(times(&world, FactKind::Cut, PlaceId(BROKER.0)), []);
    assert_eq!(times(&world, FactKind::Healed, load), [(200, u64::from(BROKER.0))]);
    assert_eq!(times(&world, FactKind::Enqueued, QUEUE), [(108, 0), (208, 1)]);
    assert_eq!(count(&world, MetricKind::Confirmed, Some(load)), 2);
}

/// The broker sends to a service of which it has not heard that it died, and
/// dies itself before it does. What it sent belongs to a connection that is no
/// more: the service's next life gets nothing of it.
#[test]
fn what_was_sent_to_an_earlier_life_never_arrives_at_the_next() {
    let (cut, heal) = between(SERVICE, BROKER);
    let mut world = quiet(vec![
        (95, publish(1, None, None)),
        // It is handed out before the news comes.
        (100, Command::Crash(SERVICE)),
        (102, cut),
        (150, Command::Restart(SERVICE)),
        (200, Command::Crash(BROKER)),
        (250, Command::Restart(BROKER)),
        (300, heal),
    ]);
    world.run_until(SimTime::MAX, u64::MAX);
    let received = times(&world, FactKind::Received, PlaceId(5));
    let dispatched = times(&world, FactKind::Dispatched, QUEUE);
    // Both are one way after the heal, and the other way back.
    assert_eq!((dispatched.last(), received), (Some(&(316, 0)), vec![(324, 0)]));
    assert_eq!(count(&world, MetricKind::InSystem, Some(QUEUE)), 0);
}

#[test]
fn the_news_of_a_death_waits_for_the_heal() {
    let (cut, heal) = between(SERVICE, BROKER);
    let mut world = quiet(vec![
        (100, publish(3, None, None)),
        // Three deliveries are under way.
        (112, cut),
        (150, Command::Crash(SERVICE)),
        (160, Command::Restart(SERVICE)),
        (400, heal),
    ]);
    world.run_until(ms(399), u64::MAX);
    assert_eq!(
        count(&world, MetricKind::Unacked, Some(QUEUE)),
        3,
        "the broker knows of nothing"
    );
    assert_eq!(count(&world, MetricKind::Consumers, Some(QUEUE)), 1);
    assert_eq!(times(&world, FactKind::Received, PlaceId(5)), []);
    world.run_until(SimTime::MAX, u64::MAX);
    // What was under way to the dead is lost; the queue has it back one delay
    // after the heal, and hands it out anew.
    assert_eq!(times(&world, FactKind::Requeued, QUEUE), [(408, 0), (408, 1), (408, 2)]);
    assert_eq!(count(&world, MetricKind::Redelivered, None), 3);
    assert_eq!(count(&world, MetricKind::Lost, None), 0);
    assert_eq!(count(&world, MetricKind::Settled, Some(QUEUE)), 3);
}

/// What a paused node has got already is not cut off from it.
#[test]
fn a_paused_node_finds_what_had_arrived_before_the_cut() {
    let (cut, heal) = between(LOAD, BROKER);
    let mut world = quiet(vec![
        (90, Command::Pause(BROKER)),
        (100, publish(1, None, None)),
        (110, cut),
        (120, publish(1, None, None)),
        (200, Command::Resume(BROKER)),
        (300, heal),
    ]);
    world.run_until(SimTime::MAX, u64::MAX);
    assert_eq!(times(&world, FactKind::Enqueued, QUEUE), [(200, 0), (308, 1)]);
}

#[test]
fn a_purge_deletes_what_waits_and_nothing_else() {
    let purge = purge();
    let mut world = quiet(vec![
        (100, publish(30, None, None)),
        (112, purge.clone()),
        (113, Command::Crash(BROKER)),
        (114, purge.clone()),
        (150, Command::Restart(BROKER)),
        (200, Command::Pause(BROKER)),
        (210, purge),
        (220, Command::Resume(BROKER)),
    ]);
    world.run_until(ms(112), u64::MAX);
    let queue = world.queue(QUEUE).expect("it is there");
    assert_eq!((queue.messages_ready, queue.messages_unacknowledged), (0, 10));
    let purged: Vec<u64> = times(&world, FactKind::Purged, QUEUE)
        .into_iter()
        .map(|(_, number)| number)
        .collect();
    assert_eq!(purged, (10..30).collect::<Vec<_>>());
    assert_eq!(
        count(&world, MetricKind::Lost, None) + count(&world, MetricKind::UnconfirmedLost, None),
        0
    );
    assert_eq!(count(&world, MetricKind::Backlog, Some(QUEUE)), 10);
    world.run_until(SimTime::MAX, u64::MAX);
    assert_eq!(
        world.fact_count(QUEUE, FactKind::Purged),
        20,
        "a broker that is down does nothing"
    );
    assert_eq!(count(&world, MetricKind::Settled, Some(QUEUE)), 10);
    assert_eq!(
        count(&world, MetricKind::Lost, None) + count(&world, MetricKind::UnconfirmedLost, None),
        0
    );
    assert_eq!(count(&world, MetricKind::InSystem, Some(QUEUE)), 0);
}

#[test]
fn a_key_by_hand_takes_messages_elsewhere_and_a_payload_stays_with_them() {
    let mut world = quiet(vec![
        (100, publish(2, Some("nowhere"), Some("lost letter"))),
        (100, publish(1, Some("orders"), Some("a book"))),
        (100, publish(1, None, None)),
    ]);
    world.run_until(SimTime::MAX, u64::MAX);
    let (load, broker) = (PlaceId(LOAD.0), PlaceId(BROKER.0));
    assert_eq!(count(&world, MetricKind::Offered, Some(load)), 4);
    assert_eq!(count(&world, MetricKind::Unroutable, Some(broker)), 2);
    // A broker confirms what it cannot route.
    assert_eq!(count(&world, MetricKind::Confirmed, Some(load)), 4);
    assert_eq!(count(&world, MetricKind::Settled, Some(QUEUE)), 2);
    assert_eq!(count(&world, MetricKind::Backlog, Some(QUEUE)), 0);
    assert_eq!(count(&world, MetricKind::InSystem, Some(QUEUE)), 0);
    let payload = |number| world.payload(MessageId::new(SourceId(0), number));
    assert_eq!(
        [payload(0), payload(1), payload(2), payload(3)],
        [Some("lost letter"), Some("lost letter"), Some("a book"), None]
    );
}
