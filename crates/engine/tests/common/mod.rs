//! Small worlds for the tests of the engine: made by hand, or at random.

use mqlab_brokers::rabbitmq::{self, Config, ConfirmWhen, QueueConfig, QueueId};
use mqlab_engine::plan::{
    Address, Arrivals, Bounds, BrokerCommand, BrokerPlan, Burst, Command, ConsumePlan, KeyPlan, Limits, LinkPlan,
    LoadPlan, NodeKind, NodePlan, Overload, Plan, PublisherPlan, Segment, SenderPlan, ServicePlan, Setting, StepPlan,
    Subscription, TablePlan, Target, TimedCommand, Wear, Workers,
};
use mqlab_engine::{Argument, Metric, MetricKind, Value, World};
use mqlab_kernel::{Bytes, Dist, Rate, SimSpan, SimTime, Sizes};
use mqlab_model::{DiskPlan, NodeId, PlaceId};
use proptest::prelude::*;

/// The load of every world here.
pub(crate) const LOAD: NodeId = NodeId(0);
/// The broker.
pub(crate) const BROKER: NodeId = NodeId(1);
/// The service that consumes the queue.
pub(crate) const SERVICE: NodeId = NodeId(2);
/// The table that it writes to.
pub(crate) const TABLE: NodeId = NodeId(3);
/// Which of them are connected.
pub(crate) const CONNECTIONS: [(NodeId, NodeId); 3] = [(LOAD, BROKER), (BROKER, SERVICE), (SERVICE, TABLE)];
/// The queue's place: the first after the nodes.
pub(crate) const QUEUE: PlaceId = PlaceId(4);

/// How many random worlds a test tries: `usual`, or `MQLAB_CASES` for a long
/// hunt.
pub(crate) fn cases(usual: u32) -> u32 {
    std::env::var("MQLAB_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(usual)
}

pub(crate) fn ms(millis: u64) -> SimTime {
    SimTime::ZERO + SimSpan::from_millis(millis)
}

/// What differs between the worlds of a test.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) seed: u64,
    pub(crate) rate: u64,
    pub(crate) burst: u64,
    pub(crate) poisson: bool,
    pub(crate) persistent: bool,
    pub(crate) durable: bool,
    pub(crate) confirms: bool,
    pub(crate) prefetch: u32,
    pub(crate) workers: u32,
    pub(crate) automatic: bool,
    pub(crate) work: Dist,
    pub(crate) ack_first: bool,
    pub(crate) capacity: u64,
    pub(crate) dies: bool,
    pub(crate) latency: Dist,
    pub(crate) wear: Wear,
    pub(crate) disk: Option<DiskPlan>,
    pub(crate) synced: bool,
    pub(crate) sender: SenderPlan,
    pub(crate) commands: Vec<TimedCommand>,
}

impl Default for Shape {
    fn default() -> Self {
        Shape {
            seed: 1,
            rate: 100,
            burst: 0,
            poisson: false,
            persistent: true,
            durable: true,
            confirms: true,
            prefetch: 10,
            workers: 1,
            automatic: false,
            work: Dist::Constant(SimSpan::from_millis(5)),
            ack_first: false,
            capacity: 1000,
            dies: false,
            latency: Dist::Constant(SimSpan::ZERO),
            wear: Wear::NONE,
            disk: None,
            synced: false,
            sender: SenderPlan::default(),
            commands: Vec::new(),
        }
    }
}

impl Shape {
    /// A load, a queue, a service and a table, for one second.
    pub(crate) fn plan(&self) -> Plan {
        let mut config = Config::new();
        config.queues.push(QueueConfig {
            durable: self.durable,
            ..QueueConfig::new("orders")
        });
        config.disk = self.disk;
        if self.synced {
            config.confirm = ConfirmWhen::Synced;
        }
        let queue = QueueId(0);
        let rate = |per_second| Rate::per(per_second, SimSpan::from_secs(1)).expect("it is not too large");
        let load = LoadPlan {
            is_timer: false,
            to: Target::Broker {
                broker: BROKER,
                address: Address::Rabbit(rabbitmq::Address::Queue(queue)),
            },
            arrivals: Arrivals {
                segments: vec![
                    Segment {
                        start: SimTime::ZERO,
                        rate: rate(self.rate),
                    },
                    Segment {
                        start: ms(600),
                        rate: Rate::ZERO,
                    },
                ],
                poisson: self.poisson,
                ..Arrivals::default()
            },
            users: None,
            sender: self.sender,
            bursts: vec![Burst {
                at: ms(100),
                count: self.burst,
            }],
            count: None,
            key: KeyPlan::None,
            persistent: self.persistent,
            properties: 0,
            mandatory: false,
            confirms: self.confirms,
            producer: PublisherPlan::Plain,
            size: Sizes::constant(Bytes(100)),
            delay: None,
            things: None,
        };
        let effect = [StepPlan::Work(self.work), StepPlan::Insert(TABLE)];
        let steps = match (self.automatic, self.ack_first) {
            (true, _) => effect.to_vec(),
            (false, true) => [vec![StepPlan::Ack], effect.to_vec()].concat(),
            (false, false) => [effect.to_vec(), vec![StepPlan::Ack]].concat(),
        };
        let consume = ConsumePlan {
            poll: None,
            broker: BROKER,
            subscription: Subscription::Rabbit(rabbitmq::Subscription {
                queue,
                prefetch: self.prefetch,
                automatic: self.automatic,
                exclusive: false,
            }),
            expects: None,
        };
        let service = ServicePlan {
            producers: Vec::new(),
            consume: Some(consume),
            workers: Workers::Count(self.workers),
            scan: None,
            on_failure: None,
            bounds: Bounds::default(),
            merge: None,
            keeps_order: false,
            steps,
        };
        let overload = if self.dies { Overload::Dies } else { Overload::Slows };
        let table = TablePlan {
            capacity: Some(rate(self.capacity)),
            overload,
            unique: false,
            per_thing: false,
            by_stamp: false,
            expires: None,
            database: None,
            expects: None,
        };
        let node = |name: &str, kind| NodePlan {
            name: name.into(),
            kind,
        };
        Plan {
            seed: self.seed,
            until: ms(3000),
            nodes: vec![
                node("users", NodeKind::Load(load)),
                node("rabbitmq", NodeKind::Broker(BrokerPlan::Rabbit(config))),
                node("writer", NodeKind::Service(service)),
                node("mysql", NodeKind::Table(table)),
            ],
            links: vec![
                LinkPlan {
                    a: LOAD,
                    b: BROKER,
                    latency: self.latency,
                    wear: self.wear,
                },
                LinkPlan {
                    a: SERVICE,
                    b: BROKER,
                    latency: self.latency,
                    wear: self.wear,
                },
            ],
            commands: self.commands.clone(),
            random: None,
            clocks: Vec::new(),
            watches: Vec::new(),
            limits: Limits::default(),
        }
    }
}

fn duration() -> impl Strategy<Value = Dist> {
    prop_oneof![
        Just(Dist::Constant(SimSpan::ZERO)),
        (1u64..20).prop_map(|millis| Dist::Constant(SimSpan::from_millis(millis))),
        (1u64..20_000).prop_map(|micros| Dist::Exponential {
            mean: SimSpan::from_micros(micros)
        }),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    let key = prop::sample::select(vec![None, Some("orders"), Some("nowhere")]);
    let connection = || prop::sample::select(CONNECTIONS.to_vec());
    let node = || prop_oneof![2 => Just(BROKER), 3 => Just(SERVICE), 1 => Just(TABLE), 1 => Just(LOAD)];
    let setting = prop_oneof![
        (0u32..20).prop_map(|prefetch| Command::Set {
            node: SERVICE,
            setting: Setting::Prefetch(prefetch)
        }),
        (1u32..5).prop_map(|workers| Command::Set {
            node: SERVICE,
            setting: Setting::Workers(Workers::Count(workers))
        }),
        Just(Command::Set {
            node: SERVICE,
            setting: Setting::Workers(Workers::Unlimited)
        }),
        (0u64..2, 0u64..200).prop_map(|(which, value)| Command::Set {
            node: LOAD,
            setting: match which {
                0 => Setting::Poisson(value % 2 == 0),
                _ => Setting::Count(value),
            }
        }),
        (1u64..3000).prop_map(|rate| Command::Set {
            node: TABLE,
            setting: Setting::Capacity(Rate::per(rate, SimSpan::from_secs(1)))
        }),
        duration().prop_map(|latency| Command::Set {
            node: SERVICE,
            setting: Setting::Latency { peer: BROKER, latency }
        }),
        (0u64..2, 0u64..40).prop_map(|(which, value)| Command::Set {
            node: SERVICE,
            setting: match which {
                0 => Setting::Loss {
                    peer: BROKER,
                    share: value << 56
                },
                _ => Setting::Bandwidth {
                    peer: BROKER,
                    most: (value > 20).then_some(value * 1000)
                },
            }
        }),
        (0u64..4, 1u64..60).prop_map(|(which, value)| Command::Set {
            node: BROKER,
            setting: match which {
                0 => Setting::DiskWrite(Dist::Constant(SimSpan::from_millis(value / 20))),
                1 => Setting::DiskSync(Dist::Constant(SimSpan::from_millis(value))),
                2 => Setting::DiskBatch((value < 40).then_some(value)),
                _ => Setting::DiskInterval(SimSpan::from_millis(value)),
            }
        }),
    ];
    prop_oneof![
        3 => node().prop_map(Command::Crash),
        1 => node().prop_map(Command::PowerCut),
        1 => node().prop_map(Command::DiskLost),
        1 => node().prop_map(Command::FillDisk),
        2 => node().prop_map(Command::FreeDisk),
        4 => node().prop_map(Command::Restart),
        2 => node().prop_map(Command::Pause),
        3 => node().prop_map(Command::Resume),
        1 => (0u64..30, key, any::<bool>()).prop_map(|(count, key, payload)| Command::Publish {
            load: LOAD,
            count,
            key: key.map(Into::into),
            payload: payload.then(|| "by hand".into()),
        }),
        2 => connection().prop_map(|(a, b)| Command::Cut { a, b }),
        1 => (connection(), any::<bool>()).prop_map(|((a, b), back)| match back {
            false => Command::CutOneWay { from: a, to: b },
            true => Command::CutOneWay { from: b, to: a },
        }),
        4 => connection().prop_map(|(a, b)| Command::Heal { a, b }),
        1 => Just(purge()),
        2 => setting,
    ]
}

/// The queue is purged.
pub(crate) fn purge() -> Command {
    Command::Broker {
        broker: BROKER,
        command: BrokerCommand::Rabbit(rabbitmq::Command::Purge(QueueId(0))),
    }
}

/// Mostly none.
fn wear() -> impl Strategy<Value = Wear> {
    let worn = (prop::option::of(1_000u64..1_000_000), 0u64..u64::MAX / 4, 0u64..50);
    prop_oneof![
        3 => Just(Wear::NONE),
        1 => worn.prop_map(|(bandwidth, loss, resend)| Wear {
            bandwidth,
            loss,
            resend: SimSpan::from_millis(resend),
            ..Wear::NONE
        }),
    ]
}

/// Mostly one that holds nothing back.
fn sender() -> impl Strategy<Value = SenderPlan> {
    let holds = (prop::option::of(1u32..50), prop::option::of(0u64..200));
    prop_oneof![
        3 => Just(SenderPlan::default()),
        1 => holds.prop_map(|(window, buffer)| SenderPlan { window, buffer }),
    ]
}

/// Any disk.
pub(crate) fn disk() -> impl Strategy<Value = DiskPlan> {
    let batch = prop::option::of(1u64..30);
    (duration(), duration(), batch, 0u64..50).prop_map(|(write, sync, batch, interval)| DiskPlan {
        write,
        bandwidth: None,
        sync,
        batch,
        interval: SimSpan::from_millis(interval),
        seek: SimSpan::from_millis(interval / 10),
    })
}

/// Any world of this shape, with any faults.
pub(crate) fn shapes() -> impl Strategy<Value = Shape> {
    let flags = (
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
    );
    let sizes = (1u64..400, 0u64..60, 0u32..20, 1u32..6, 1u64..1500);
    let commands = proptest::collection::vec((0u64..1500, command()), 0..14);
    (
        any::<u64>(),
        flags,
        sizes,
        duration(),
        duration(),
        commands,
        any::<bool>(),
        (prop::option::of(disk()), any::<bool>(), wear(), sender()),
    )
        .prop_map(
            |(seed, flags, sizes, work, latency, commands, dies, (disk, synced, wear, sender))| {
                let (poisson, persistent, durable, confirms, automatic, ack_first) = flags;
                let (rate, burst, prefetch, workers, capacity) = sizes;
                let commands = commands
                    .into_iter()
                    .map(|(at, command)| TimedCommand { at: ms(at), command })
                    .collect();
                Shape {
                    seed,
                    rate,
                    burst,
                    poisson,
                    persistent,
                    durable,
                    confirms,
                    prefetch,
                    workers,
                    automatic,
                    work,
                    ack_first,
                    capacity,
                    dies,
                    latency,
                    wear,
                    disk,
                    synced,
                    sender,
                    commands,
                }
            },
        )
}

/// A count of the world, or of one place.
pub(crate) fn count(world: &World, kind: MetricKind, place: Option<PlaceId>) -> u64 {
    match world.metric(&Metric {
        kind,
        place,
        argument: Argument::None,
    }) {
        Value::Count(count) => count,
        other => panic!("{kind:?} is not a count but {other:?}"),
    }
}
