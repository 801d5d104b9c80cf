//! Fan-out with acknowledgements, timed: for a look while tuning. Poisson
//! arrivals at 36,000/s, four keys in turn, each bound to three queues; every
//! queue has one consumer that works on up to 100 messages at a time, Exp(10
//! ms) each. The bare loop does the same with one heap and nothing else.
#![expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "a stopwatch")]
use mqlab_brokers::rabbitmq::{Binding, Config, ExchangeConfig, ExchangeId, ExchangeKind, QueueConfig, QueueId};
use mqlab_engine::plan::*;
use mqlab_engine::*;
use mqlab_kernel::*;
use mqlab_model::*;

const KEYS: usize = 4;
const GROUPS: usize = 3;
const WINDOW: usize = 100;

/// Deliveries and nanoseconds per delivery.
fn bare(count: u64) -> (u64, f64) {
    use std::cmp::Reverse;
    use std::collections::{BinaryHeap, VecDeque};
    let begin = std::time::Instant::now();
    let gap = Dist::Exponential {
        mean: SimSpan::from_nanos(1_000_000_000 / 36_000),
    };
    let work = Dist::Exponential {
        mean: SimSpan::from_millis(10),
    };
    let mut stream = Stream::new(7, "bare");
    let mut heap: BinaryHeap<Reverse<(u64, u64, u32)>> = BinaryHeap::new();
    let mut queues: Vec<VecDeque<u64>> = vec![VecDeque::new(); KEYS * GROUPS];
    let mut busy = [0usize; KEYS * GROUPS];
    let (mut seq, mut made, mut done, mut total) = (0u64, 0u64, 0u64, 0u128);
    const ARRIVAL: u32 = u32::MAX;
    heap.push(Reverse((0, seq, ARRIVAL)));
    let mut start = |heap: &mut BinaryHeap<_>, seq: &mut u64, at: u64, queue: usize| {
        *seq += 1;
        let takes = work.sample(stream.next_u64()).nanos();
        heap.push(Reverse((at + takes, *seq, queue as u32)));
    };
    let mut arrivals = Stream::new(7, "arrivals");
    while let Some(Reverse((at, _, what))) = heap.pop() {
        if what == ARRIVAL {
            let key = (made % KEYS as u64) as usize;
            made += 1;
            for group in 0..GROUPS {
                let queue = group * KEYS + key;
                if busy[queue] < WINDOW {
                    busy[queue] += 1;
                    start(&mut heap, &mut seq, at, queue);
                } else {
                    queues[queue].push_back(at);
                }
            }
            if made < count {
                seq += 1;
                heap.push(Reverse((at + gap.sample(arrivals.next_u64()).nanos(), seq, ARRIVAL)));
            }
        } else {
            let queue = what as usize;
            done += 1;
            match queues[queue].pop_front() {
                Some(offered) => {
                    total += u128::from(at - offered);
                    start(&mut heap, &mut seq, at, queue);
                }
                None => busy[queue] -= 1,
            }
        }
    }
    std::hint::black_box(total);
    (done, begin.elapsed().as_nanos() as f64 / done as f64)
}

fn plan(count: u64) -> Plan {
    let mut config = Config::new();
    config.exchanges.push(ExchangeConfig {
        name: "logs".into(),
        kind: ExchangeKind::Direct,
    });
    let keys: Vec<_> = (0..KEYS).map(|key| config.intern(&format!("k{key}"))).collect();
    for queue in 0..KEYS * GROUPS {
        config.queues.push(QueueConfig {
            name: format!("q{queue}"),
            place: PlaceId(0),
            durable: true,
        });
        config.bindings.push(Binding {
            exchange: ExchangeId(1),
            queue: QueueId(queue as u16),
            key: keys[queue % KEYS],
        });
    }
    let load = LoadPlan {
        to: Target::Exchange {
            broker: NodeId(1),
            exchange: ExchangeId(1),
        },
        arrivals: Arrivals {
            segments: vec![Segment {
                start: SimTime::ZERO,
                rate: Rate::parse("36000/s").unwrap(),
            }],
            poisson: true,
        },
        bursts: vec![],
        count: Some(count),
        key: KeyPlan::InTurn(keys),
        persistent: true,
        confirms: true,
    };
    let mut nodes = vec![
        NodePlan {
            name: "users".into(),
            kind: NodeKind::Load(load),
        },
        NodePlan {
            name: "rabbitmq".into(),
            kind: NodeKind::Rabbit(config),
        },
    ];
    for queue in 0..KEYS * GROUPS {
        let service = ServicePlan {
            consume: Some(ConsumePlan {
                broker: NodeId(1),
                queue: QueueId(queue as u16),
                prefetch: WINDOW as u32,
                ack: AckMode::Manual,
            }),
            workers: Workers::Count(WINDOW as u32),
            steps: vec![
                StepPlan::Work(Dist::Exponential {
                    mean: SimSpan::from_millis(10),
                }),
                StepPlan::Ack,
            ],
        };
        nodes.push(NodePlan {
            name: format!("worker{queue}"),
            kind: NodeKind::Service(service),
        });
    }
    Plan {
        seed: 7,
        until: SimTime::MAX,
        nodes,
        links: vec![],
        commands: vec![],
        watches: vec![],
        limits: Limits::default(),
    }
}

fn main() {
    let count: u64 = std::env::args()
        .nth(1)
        .and_then(|count| count.parse().ok())
        .unwrap_or(1_000_000);
    let plan = plan(count);
    let once = std::env::args().nth(2).is_some();
    for _ in 0..if once { 1 } else { 3 } {
        let mut world = World::new(&plan);
        let begin = std::time::Instant::now();
        let outcome = world.run_until(SimTime::MAX, u64::MAX);
        let took = begin.elapsed().as_nanos() as f64 / (count * GROUPS as u64) as f64;
        println!(
            "{outcome:?} {took:.1} ns/delivery, actions {} facts {} digest {:016x} end {}",
            world.actions(),
            world.facts(),
            world.digest(),
            world.now()
        );
        if !once {
            let (deliveries, bare_ns) = bare(count);
            println!(
                "bare {deliveries} deliveries {bare_ns:.1} ns; ratio {:.3}",
                bare_ns / took
            );
        }
    }
}
