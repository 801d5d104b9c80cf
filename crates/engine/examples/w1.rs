//! Peak shaving for T seconds, timed: for a look while tuning.
#![expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "a stopwatch")]
use mqlab_brokers::rabbitmq::{Config, QueueConfig, QueueId};
use mqlab_engine::plan::*;
use mqlab_engine::*;
use mqlab_kernel::*;
use mqlab_model::*;

fn bare(t: u64) -> (u64, f64) {
    use std::cmp::Reverse;
    use std::collections::{BinaryHeap, VecDeque};
    let begin = std::time::Instant::now();
    let end = t * 1_000_000_000;
    let mut heap: BinaryHeap<Reverse<(u64, u64, u8)>> = BinaryHeap::new();
    let mut queue: VecDeque<u64> = VecDeque::new();
    let (mut seq, mut busy, mut done, mut total, mut k) = (0u64, false, 0u64, 0u128, 0u64);
    heap.push(Reverse((0, seq, 0)));
    while let Some(Reverse((at, _, kind))) = heap.pop() {
        if kind == 0 {
            queue.push_back(at);
            k += 1;
            let next = if k < 5000 * t {
                k * 200_000
            } else {
                end + (k - 5000 * t) * 20_000_000
            };
            seq += 1;
            heap.push(Reverse((next, seq, 0)));
        } else {
            let offered = queue.pop_front().unwrap();
            total += u128::from(at - offered);
            done += 1;
            busy = false;
        }
        if !busy && !queue.is_empty() {
            busy = true;
            seq += 1;
            heap.push(Reverse((at + 500_000, seq, 1)));
        }
        if at >= end && queue.is_empty() && !busy {
            break;
        }
    }
    std::hint::black_box(total);
    (done, begin.elapsed().as_nanos() as f64 / done as f64)
}

fn main() {
    let t: u64 = std::env::args().nth(1).and_then(|t| t.parse().ok()).unwrap_or(600);
    let mut config = Config::new();
    config.queues.push(QueueConfig {
        name: "q".into(),
        place: PlaceId(0),
        durable: true,
    });
    let load = LoadPlan {
        to: Target::Queue {
            broker: NodeId(1),
            queue: QueueId(0),
        },
        arrivals: Arrivals {
            segments: vec![
                Segment {
                    start: SimTime::ZERO,
                    rate: Rate::parse("5000/s").unwrap(),
                },
                Segment {
                    start: SimTime::from_nanos(t * 1_000_000_000),
                    rate: Rate::parse("50/s").unwrap(),
                },
            ],
            poisson: false,
        },
        bursts: vec![],
        count: Some(5000 * t + (t * 1500 * 1000 / 975 / 1000) * 50),
        key: KeyPlan::None,
        persistent: true,
        confirms: true,
    };
    let service = ServicePlan {
        consume: Some(ConsumePlan {
            broker: NodeId(1),
            queue: QueueId(0),
            prefetch: 1000,
            ack: AckMode::Manual,
        }),
        workers: Workers::Count(1),
        steps: vec![StepPlan::Work(Dist::Constant(SimSpan::from_micros(500))), StepPlan::Ack],
    };
    let plan = Plan {
        seed: 7,
        until: SimTime::MAX,
        nodes: vec![
            NodePlan {
                name: "users".into(),
                kind: NodeKind::Load(load),
            },
            NodePlan {
                name: "rabbitmq".into(),
                kind: NodeKind::Rabbit(config),
            },
            NodePlan {
                name: "writer".into(),
                kind: NodeKind::Service(service),
            },
        ],
        links: vec![],
        commands: vec![],
        watches: vec![Watch {
            kind: WatchKind::Drained(PlaceId(3)),
            after: SimTime::from_nanos(t * 1_000_000_000),
        }],
        limits: Limits::default(),
    };
    if std::env::args().nth(2).is_some() {
        let mut world = World::new(&plan);
        world.run_until(SimTime::MAX, u64::MAX);
        println!("{:016x}", world.digest());
        return;
    }
    for _ in 0..3 {
        let mut world = World::new(&plan);
        let begin = std::time::Instant::now();
        let outcome = world.run_until(SimTime::MAX, u64::MAX);
        let took = begin.elapsed();
        let n = world.metric(&Metric {
            kind: MetricKind::Offered,
            place: Some(PlaceId(0)),
            argument: Argument::None,
        });
        let Value::Count(n) = n else { panic!() };
        let (bare_n, bare_ns) = bare(t);
        println!(
            "bare {bare_n} {bare_ns:.1} ns; ratio {:.3}",
            bare_ns / (took.as_nanos() as f64 / n as f64)
        );
        println!(
            "{outcome:?} {n} messages {:.1} ns/message {:.2} M/s, actions {} ({:.2}/msg) facts {} digest {:016x} end {}",
            took.as_nanos() as f64 / n as f64,
            n as f64 / took.as_secs_f64() / 1e6,
            world.actions(),
            world.actions() as f64 / n as f64,
            world.facts(),
            world.digest(),
            world.now()
        );
    }
    let mut world = World::new(&plan);
    world.run_until(SimTime::MAX, u64::MAX);
    for info in METRICS {
        for place in [0u16, 1, 2, 3] {
            let v = world.metric(&Metric {
                kind: info.kind,
                place: Some(PlaceId(place)),
                argument: if info.kind == MetricKind::Drained {
                    Argument::After(SimTime::from_nanos(t * 1_000_000_000))
                } else {
                    Argument::None
                },
            });
            if v != Value::Never && v != Value::Count(0) {
                print!("{}({place})={v} ", info.name);
            }
        }
    }
    println!();
}
