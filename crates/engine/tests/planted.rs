//! Brokers with a bug on purpose are found out by faults at random, and one
//! without is never accused.
//!
//! What a broker promises here: with confirms that wait for the disk, durable
//! queues, persistent messages and acknowledgements after the work nothing
//! that was confirmed is lost, whatever process dies and whatever power fails;
//! a queue keeps its order, hands out what it has and nothing else, and takes
//! what it is bound for; and when all is well again, everything is handled.

#[expect(dead_code, reason = "the other test files use the rest")]
mod common;

use common::{BROKER, CONNECTIONS, QUEUE, SERVICE, Shape, cases, count, ms};
use mqlab_brokers::rabbitmq::{self, Binding, Bug, ExchangeConfig, ExchangeId, ExchangeKind, QueueId};
use mqlab_engine::plan::{Address, BrokerPlan, KeyPlan, NodeKind, Plan, RandomFaults, Target, Trouble, Wear, Wrong};
use mqlab_engine::{Hit, MetricKind, World};
use mqlab_kernel::{Dist, Rate, SimSpan, SimTime, Stream};
use mqlab_model::{Crash, DiskPlan, PlaceId};

/// Any span up to so many milliseconds, now and then none.
fn span(stream: &mut Stream, most_ms: u64) -> Dist {
    match stream.below(3) {
        0 => Dist::Constant(SimSpan::ZERO),
        1 => Dist::Constant(SimSpan::from_micros(stream.below(most_ms * 1000))),
        _ => Dist::Exponential {
            mean: SimSpan::from_micros(stream.below(most_ms * 500)),
        },
    }
}

/// A world for a second, and time enough to come to rest.
fn plan(seed: u64, bug: Option<Bug>) -> Plan {
    let mut stream = Stream::new(seed, "the shape of a world");
    let stream = &mut stream;
    let disk = DiskPlan {
        write: span(stream, 5),
        bandwidth: None,
        sync: span(stream, 20),
        batch: (stream.below(2) == 0).then(|| 1 + stream.below(20)),
        interval: SimSpan::from_millis(stream.below(30)),
        ..DiskPlan::IDEAL
    };
    let shape = Shape {
        seed,
        rate: 20 + stream.below(200),
        burst: stream.below(40),
        poisson: stream.below(2) == 0,
        prefetch: stream.below(20) as u32,
        work: span(stream, 10),
        latency: span(stream, 10),
        capacity: 200 + stream.below(2000),
        wear: match stream.below(3) {
            0 => Wear {
                bandwidth: (stream.below(2) == 0).then(|| 20_000 + stream.below(1_000_000)),
                loss: u64::MAX / (5 + stream.below(100)),
                resend: SimSpan::from_millis(stream.below(100)),
                ..Wear::NONE
            },
            _ => Wear::NONE,
        },
        disk: Some(disk),
        synced: true,
        ..Shape::default()
    };
    let mut plan = shape.plan();
    plan.until = ms(120_000);
    let mut key = None;
    if let NodeKind::Broker(BrokerPlan::Rabbit(config)) = &mut plan.nodes[usize::from(BROKER.0)].kind {
        config.bug = bug;
        config.exchanges.push(ExchangeConfig::new("shop", ExchangeKind::Topic));
        let pattern = config.intern("order.#");
        let binding = Binding::of_queue(ExchangeId(1), QueueId(0), pattern);
        key = Some(config.intern("order"));
        config.bindings.push(binding);
    }
    if let NodeKind::Load(load) = &mut plan.nodes[0].kind {
        load.to = Target::Broker {
            broker: BROKER,
            address: Address::Rabbit(rabbitmq::Address::Exchange(ExchangeId(1))),
        };
        load.key = KeyPlan::InTurn(key.into_iter().collect());
    }
    plan.commands = faults(stream).commands(&plan, 10_000).expect("they are not that many");
    plan
}

/// Some kinds of faults, and others not.
fn faults(stream: &mut Stream) -> RandomFaults {
    let mut trouble = |most_per_minute: u64| {
        let rate = Rate::per(1 + stream.below(most_per_minute), SimSpan::from_secs(60))?;
        let lasts = span(stream, 300);
        (stream.below(4) > 0).then_some((rate, lasts))
    };
    let (crash, pause, cut) = (trouble(240), trouble(200), trouble(200));
    let (slow, slow_disk, full_disk) = (trouble(120), trouble(120), trouble(60));
    let (loss, strays, skew) = (trouble(120), trouble(60), trouble(60));
    let mut faults = RandomFaults::none(SimTime::ZERO, ms(1_000));
    faults.stable = SimSpan::from_millis(stream.below(100));
    // Not the table: a handler that fails leaves its message behind and goes on with the
    // next, which is the application's doing.
    faults.targets.nodes = vec![BROKER, SERVICE];
    faults.targets.connections = CONNECTIONS.to_vec();
    faults.crashes = vec![Crash::Killed, Crash::Power];
    let mut set = |kind, often: Option<(Rate, Dist)>, span: Option<Dist>, share: Option<u64>| {
        if let Some((rate, lasts)) = often {
            *faults.trouble_mut(kind) = Trouble {
                rate,
                lasts,
                span,
                share,
            };
        }
    };
    set(Wrong::Crash, crash, None, None);
    set(Wrong::Pause, pause, None, None);
    set(Wrong::Cut, cut, None, Some(u64::MAX / 2));
    set(Wrong::FullDisk, full_disk, None, None);
    for (kind, often, most) in [(Wrong::Slow, slow, 40), (Wrong::SlowDisk, slow_disk, 100)] {
        let takes = often.map(|_| span(stream, most));
        set(kind, often, takes, None);
    }
    let share = loss.map(|_| u64::MAX / (2 + stream.below(20)));
    set(Wrong::Loss, loss, None, share);
    // On a connection with a broker nothing comes twice or is overtaken.
    set(Wrong::Duplicate, strays, None, Some(u64::MAX / 2));
    set(Wrong::Reorder, strays, None, Some(u64::MAX / 2));
    let by = skew.map(|_| span(stream, 10_000));
    set(Wrong::Skew, skew, by, None);
    faults
}

/// What a run shows that a correct broker never does.
fn accusations(world: &World) -> Vec<&'static str> {
    let broker = Some(PlaceId(BROKER.0));
    let all = [
        ("lost", count(world, MetricKind::Lost, None)),
        ("out of nowhere", count(world, MetricKind::Phantom, None)),
        ("out of order", count(world, MetricKind::Reordered, None)),
        ("unroutable", count(world, MetricKind::Unroutable, broker)),
        ("not handled", count(world, MetricKind::InSystem, Some(QUEUE))),
    ];
    let found = all.iter().filter(|(_, count)| *count > 0);
    found.map(|(what, _)| *what).collect()
}

fn run(seed: u64, bug: Option<Bug>) -> World {
    let mut world = World::new(&plan(seed, bug));
    world.run_until(SimTime::MAX, u64::MAX);
    world
}

#[test]
fn every_planted_bug_is_found_within_a_hundred_seeds() {
    for bug in Bug::ALL {
        let found = (0..100).find_map(|seed| {
            let accusations = accusations(&run(seed, Some(bug)));
            (!accusations.is_empty()).then_some((seed, accusations))
        });
        let (seed, accusations) = found.unwrap_or_else(|| panic!("{bug:?} stays undiscovered"));
        println!("{bug:?}: seed {seed}: {}", accusations.join(", "));
    }
}

/// `MQLAB_CASES=10000` is the full hunt.
#[test]
fn a_correct_broker_is_never_accused() {
    let mut total = [("", Hit::default()); 5];
    let runs = u64::from(cases(200));
    for seed in 0..runs {
        let world = run(seed, None);
        assert_eq!(accusations(&world), [""; 0], "seed {seed}");
        let strays = (world.hits().doubled, world.hits().overtaken);
        assert_eq!(strays, <(Hit, Hit)>::default(), "no calls pass here");
        for (sum, (name, more)) in total.iter_mut().zip(world.hits().kinds()) {
            sum.0 = name;
            sum.1.all += more.all;
            sum.1.hit += more.hit;
        }
    }
    for (name, Hit { all, hit }) in total {
        println!("{name}: {all} in {runs} runs, {hit} of them hit");
        assert!(hit >= runs / 20, "{name}: only {hit} of {all} hit anything");
    }
}
