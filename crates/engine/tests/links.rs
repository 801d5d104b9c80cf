//! Connections that are narrow, or lose packets on the way.

#[expect(dead_code, reason = "the other test files use the rest")]
mod common;

use common::{BROKER, LOAD, QUEUE, SERVICE, Shape, count, ms};
use mqlab_engine::plan::{Command, Setting, TimedCommand, Wear};
use mqlab_engine::{FactRun, MetricKind, Trace, World};
use mqlab_kernel::{Dist, SimSpan, SimTime};
use mqlab_model::{FactKind, PlaceId};

/// When messages reached the queue, in microseconds.
fn arrivals(shape: &Shape) -> Vec<(u64, u64)> {
    let mut world = World::new(&shape.plan());
    world.set_trace(Some(Trace::new(None, usize::MAX)));
    world.run_until(SimTime::MAX, u64::MAX);
    let trace = world.trace().expect("it is traced");
    let facts = trace.runs().flat_map(FactRun::iter);
    facts
        .filter(|fact| fact.kind == FactKind::Enqueued && fact.place == QUEUE)
        .map(|fact| (fact.at.nanos() / 1_000, fact.message.number()))
        .collect()
}

/// A one-way delay of 8 ms.
fn shape(wear: Wear) -> Shape {
    Shape {
        rate: 0,
        latency: Dist::Constant(SimSpan::from_millis(8)),
        wear,
        ..Shape::default()
    }
}

/// Messages of 100 bytes at 100,000 bytes a second leave one a millisecond.
#[test]
fn a_narrow_connection_carries_one_after_the_other() {
    let narrow = Wear {
        bandwidth: Some(100_000),
        ..Wear::NONE
    };
    let burst = Shape {
        burst: 4,
        ..shape(narrow)
    };
    let expected: Vec<(u64, u64)> = (0..4).map(|n| (109_000 + n * 1_000, n)).collect();
    assert_eq!(arrivals(&burst), expected);
    // Wide enough again while two have not left yet: they keep their place.
    let wide = TimedCommand {
        at: ms(102),
        command: Command::Set {
            node: LOAD,
            setting: Setting::Bandwidth {
                peer: BROKER,
                most: None,
            },
        },
    };
    let later = TimedCommand {
        at: ms(102),
        command: Command::Publish {
            load: LOAD,
            count: 1,
            key: None,
            payload: None,
        },
    };
    let widened = Shape {
        commands: vec![wide, later],
        ..burst
    };
    assert_eq!(arrivals(&widened).last(), Some(&(112_000, 4)));
}

/// A lost packet is sent again after 20 ms, after 40 ms more if it was lost
/// again, and so on; what is behind it waits.
#[test]
fn a_lost_packet_comes_late_and_in_order() {
    let lossy = Wear {
        loss: u64::MAX / 2,
        resend: SimSpan::from_millis(20),
        ..Wear::NONE
    };
    let mut late = 0;
    for seed in 0..50 {
        let one = Shape {
            seed,
            burst: 1,
            ..shape(lossy)
        };
        let [(at, 0)] = arrivals(&one)[..] else {
            panic!("it arrives once");
        };
        // Its own losses, or those of what opened the channel at the start.
        let is_late = |sent: u64| {
            let waited = (at - sent - 8_000) / 20_000;
            (waited + 1).is_power_of_two() && (at - sent - 8_000).is_multiple_of(20_000)
        };
        assert!(is_late(100_000) || is_late(0), "{at}");
        late += u64::from(at > 108_000);
        let many = Shape {
            seed,
            burst: 30,
            ..shape(Wear {
                loss: u64::MAX / 4,
                ..lossy
            })
        };
        let arrivals = arrivals(&many);
        let numbers: Vec<u64> = arrivals.iter().map(|(_, number)| *number).collect();
        assert_eq!(numbers, (0..30).collect::<Vec<_>>());
        assert!(arrivals.is_sorted());
    }
    assert!((10..=40).contains(&late), "{late} of 50");
}

/// What is lost is counted, and nothing is lost for good.
#[test]
fn losses_delay_and_destroy_nothing() {
    let lossy = Wear {
        loss: u64::MAX / 10,
        ..Wear::NONE
    };
    let shape = Shape {
        rate: 200,
        ..shape(lossy)
    };
    let mut plan = shape.plan();
    plan.until = ms(60_000);
    let mut world = World::new(&plan);
    world.run_until(SimTime::MAX, u64::MAX);
    let losses = world.hits().losses;
    assert!(losses.hit > 10 && losses.all > losses.hit, "{losses:?}");
    assert_eq!(count(&world, MetricKind::Settled, Some(QUEUE)), 120);
    assert_eq!(count(&world, MetricKind::Reordered, None), 0);
    let offered = count(&world, MetricKind::Offered, Some(PlaceId(LOAD.0)));
    assert_eq!(count(&world, MetricKind::Confirmed, Some(PlaceId(LOAD.0))), offered);
    // On a connection that is well nothing is drawn and nothing is lost.
    let set = TimedCommand {
        at: ms(0),
        command: Command::Set {
            node: SERVICE,
            setting: Setting::Loss { peer: BROKER, share: 0 },
        },
    };
    let plain = Shape {
        commands: vec![set],
        wear: Wear::NONE,
        ..shape
    };
    let mut world = World::new(&plain.plan());
    world.run_until(SimTime::MAX, u64::MAX);
    assert_eq!(world.hits().losses.all, 0);
}

/// What a broker sends to a consumer that has died, and of which it has not
/// heard yet, goes nowhere, also if the consumer's next life is paused when it
/// comes and knows of nothing but a connection that is well when it goes on.
#[test]
fn what_was_sent_to_an_earlier_life_does_not_wait_for_the_next() {
    let commands = [
        (
            100,
            Command::CutOneWay {
                from: SERVICE,
                to: BROKER,
            },
        ),
        (110, Command::Crash(SERVICE)),
        (110, Command::Restart(SERVICE)),
        (111, Command::Pause(SERVICE)),
        (150, Command::Heal { a: SERVICE, b: BROKER }),
        (170, Command::Resume(SERVICE)),
    ];
    let at = |(at, command)| TimedCommand { at: ms(at), command };
    let shape = Shape {
        latency: Dist::Constant(SimSpan::from_millis(1)),
        commands: commands.map(at).to_vec(),
        ..Shape::default()
    };
    let mut world = World::new(&shape.plan());
    world.run_until(SimTime::MAX, u64::MAX);
    assert!(world.hits().pauses.hit > 0, "something came while it was paused");
    assert!(count(&world, MetricKind::Redelivered, None) > 0, "and comes again");
    assert_eq!(count(&world, MetricKind::DeliveredAgain, None), 0);
}
