//! Small worlds with a cluster of RabbitMQ: a load, a cluster with one queue of a
//! kind, a service that consumes it.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use mqlab_brokers::rabbitmq::cluster::{Keeping, MemberId, PartitionHandling, Promote, Settings};
use mqlab_brokers::rabbitmq::{
    Address, Config, QueueArguments, QueueConfig, QueueId, QueueKind, Subscription as Pushed, Version,
};
use mqlab_engine::plan::{
    Address as AnyAddress, Arrivals, Bounds, BrokerPlan, Command, ConsumePlan, KeyPlan, Limits, LinkPlan, LoadPlan,
    NodeKind, NodePlan, Plan, PublisherPlan, Segment, SenderPlan, ServicePlan, StepPlan, Subscription, Target,
    TimedCommand, Wear, Workers,
};
use mqlab_engine::{Argument, Metric, MetricKind, Value, World};
use mqlab_kernel::{Bytes, Dist, Rate, SimSpan, SimTime, Sizes};
use mqlab_model::{DiskPlan, FactKind, NodeId};

pub const LOAD: NodeId = NodeId(0);
pub const CLUSTER: NodeId = NodeId(1);
pub const MEMBERS: [NodeId; 3] = [NodeId(2), NodeId(3), NodeId(4)];
pub const SERVICE: NodeId = NodeId(5);

pub fn ms(millis: u64) -> SimTime {
    SimTime::ZERO + SimSpan::from_millis(millis)
}

/// How the queue is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kept {
    /// At this member.
    Home(u8),
    /// At the first one, with mirrors at the others.
    Mirrored(Promote),
    /// By replicas everywhere.
    Quorum,
}

/// What differs between the worlds of a test.
#[derive(Clone, Debug)]
pub struct Shape {
    pub seed: u64,
    pub kept: Kept,
    pub partition: PartitionHandling,
    /// Messages a second, for so long.
    pub rate: u64,
    pub publishes_ms: u64,
    pub confirms: bool,
    pub prefetch: u32,
    pub automatic: bool,
    pub workers: u32,
    pub work: Dist,
    pub latency: Dist,
    pub inside: Dist,
    pub disk: Option<DiskPlan>,
    pub commands: Vec<TimedCommand>,
    pub until_ms: u64,
}

impl Default for Shape {
    fn default() -> Self {
        Shape {
            seed: 1,
            kept: Kept::Quorum,
            partition: PartitionHandling::Ignore,
            rate: 100,
            publishes_ms: 10_000,
            confirms: true,
            prefetch: 20,
            automatic: false,
            workers: 1,
            work: Dist::Constant(SimSpan::ZERO),
            latency: Dist::Constant(SimSpan::from_millis(1)),
            inside: Dist::Constant(SimSpan::from_millis(1)),
            disk: None,
            commands: Vec::new(),
            until_ms: 60_000,
        }
    }
}

pub fn at(millis: u64, command: Command) -> TimedCommand {
    TimedCommand {
        at: ms(millis),
        command,
    }
}

impl Shape {
    fn config(&self) -> Config {
        let mut config = Config::new();
        let mut queue = QueueConfig::new("orders");
        let mut settings = Settings::new(3);
        settings.partition = self.partition;
        let all = || (0..3).map(MemberId);
        settings.keeping.push(match self.kept {
            Kept::Home(home) => Keeping::Home(MemberId(home)),
            Kept::Mirrored(promote) => {
                config.version = Version::new(3, 10);
                Keeping::Mirrored {
                    master: MemberId(0),
                    mirrors: all().skip(1).collect(),
                    promote,
                    is_synced_at_once: false,
                }
            }
            Kept::Quorum => {
                queue.arguments = Some(Box::new(QueueArguments {
                    kind: QueueKind::Quorum,
                    ..QueueArguments::default()
                }));
                Keeping::Quorum(all().collect())
            }
        });
        config.queues.push(queue);
        config.disk = self.disk;
        config.cluster = Some(settings.into());
        config
    }

    pub fn plan(&self) -> Plan {
        let mut nodes = vec![NodePlan {
            name: "users".into(),
            kind: NodeKind::Load(self.load()),
        }];
        nodes.extend(NodePlan::broker(CLUSTER, "rabbitmq", BrokerPlan::Rabbit(self.config())));
        nodes.push(NodePlan {
            name: "mailer".into(),
            kind: NodeKind::Service(self.service()),
        });
        let link = |a, latency| LinkPlan {
            a,
            b: CLUSTER,
            latency,
            wear: Wear::NONE,
        };
        Plan {
            seed: self.seed,
            until: ms(self.until_ms),
            links: vec![
                link(LOAD, self.latency),
                link(SERVICE, self.latency),
                link(CLUSTER, self.inside),
            ],
            nodes,
            commands: self.commands.clone(),
            random: None,
            clocks: Vec::new(),
            watches: Vec::new(),
            limits: Limits::default(),
        }
    }

    fn load(&self) -> LoadPlan {
        let segment = |start, rate| Segment {
            start: ms(start),
            rate: Rate::per(rate, SimSpan::from_secs(1)).unwrap(),
        };
        LoadPlan {
            is_timer: false,
            to: Target::Broker {
                broker: CLUSTER,
                address: AnyAddress::Rabbit(Address::Queue(QueueId(0))),
            },
            arrivals: Arrivals {
                // By then the members have heard of each other.
                segments: vec![segment(1_000, self.rate), segment(1_000 + self.publishes_ms, 0)],
                ..Arrivals::default()
            },
            users: None,
            sender: SenderPlan::default(),
            bursts: Vec::new(),
            count: None,
            key: KeyPlan::None,
            persistent: true,
            properties: 0,
            mandatory: false,
            confirms: self.confirms,
            producer: PublisherPlan::Plain,
            delay: None,
            size: Sizes::constant(Bytes(1000)),
            things: None,
        }
    }

    fn service(&self) -> ServicePlan {
        let consume = ConsumePlan {
            broker: CLUSTER,
            subscription: Subscription::Rabbit(Pushed {
                queue: QueueId(0),
                prefetch: self.prefetch,
                automatic: self.automatic,
            }),
            poll: None,
            expects: None,
        };
        ServicePlan {
            consume: Some(consume),
            producers: Vec::new(),
            workers: Workers::Count(self.workers),
            scan: None,
            bounds: Bounds::default(),
            merge: None,
            keeps_order: false,
            steps: vec![StepPlan::Work(self.work), StepPlan::Ack],
            on_failure: None,
        }
    }

    pub fn run(&self) -> World {
        let mut world = World::new(&self.plan());
        world.run_until(SimTime::MAX, u64::MAX);
        world
    }
}

/// A metric of the whole world.
pub fn whole(world: &World, kind: MetricKind) -> u64 {
    let metric = Metric {
        kind,
        place: None,
        argument: Argument::None,
    };
    match world.metric(&metric) {
        Value::Count(count) => count,
        other => panic!("{kind:?} is {other:?}"),
    }
}

/// How often something happened, anywhere.
pub fn count(world: &World, kind: FactKind) -> u64 {
    world
        .places()
        .iter()
        .map(|(place, _)| world.fact_count(place, kind))
        .sum()
}
