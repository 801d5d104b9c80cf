//! Small worlds with a cluster of Kafka: a load, a cluster, services of one
//! group.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use mqlab_brokers::kafka::{
    Acks, Address, CommitWhen, Config, ConsumerSettings, GroupId, GroupPlan, Internal, OffsetReset, ProducerSettings,
    Subscription as Records, Topic, TopicId,
};
use mqlab_engine::plan::{
    Address as AnyAddress, Arrivals, Bounds, BrokerPlan, Burst, Command, ConsumePlan, KeyPlan, Limits, LinkPlan,
    LoadPlan, NodeKind, NodePlan, Plan, PublisherPlan, Segment, SenderPlan, ServicePlan, StepPlan, Subscription,
    Target, TimedCommand, Wear, Workers,
};
use mqlab_engine::{Argument, Metric, MetricKind, Value, World};
use mqlab_kernel::{Bytes, Dist, Rate, SimSpan, SimTime, Sizes};
use mqlab_model::{DiskPlan, FactKind, NodeId};

pub const LOAD: NodeId = NodeId(0);
pub const CLUSTER: NodeId = NodeId(1);
pub const BROKERS: [NodeId; 3] = [NodeId(2), NodeId(3), NodeId(4)];
pub const CONTROLLER: NodeId = NodeId(5);
/// The first service; the others follow.
pub const SERVICE: NodeId = NodeId(6);

pub fn ms(millis: u64) -> SimTime {
    SimTime::ZERO + SimSpan::from_millis(millis)
}

/// What differs between the worlds of a test.
#[derive(Clone, Debug)]
pub struct Shape {
    pub seed: u64,
    pub partitions: u32,
    pub replicas: u32,
    pub min_insync: usize,
    pub unclean: bool,
    /// Messages a second, for so long.
    pub rate: u64,
    pub publishes_ms: u64,
    pub producer: ProducerSettings,
    /// By service, the number of its group.
    pub services: Vec<u16>,
    pub workers: u32,
    pub work: Dist,
    pub steps: Vec<StepPlan>,
    pub consumer: ConsumerSettings,
    pub commit: CommitWhen,
    pub latency: Dist,
    pub inside: Dist,
    pub wear: Wear,
    pub disk: Option<DiskPlan>,
    pub commands: Vec<TimedCommand>,
    pub until_ms: u64,
}

impl Default for Shape {
    fn default() -> Self {
        Shape {
            seed: 1,
            partitions: 3,
            replicas: 3,
            min_insync: 2,
            unclean: false,
            rate: 1_000,
            publishes_ms: 10_000,
            producer: ProducerSettings::default(),
            services: vec![0],
            workers: 1,
            work: Dist::Constant(SimSpan::ZERO),
            steps: vec![StepPlan::Ack],
            consumer: ConsumerSettings {
                auto_commit: None,
                reset: OffsetReset::Earliest,
                ..ConsumerSettings::default()
            },
            commit: CommitWhen::Polled,
            latency: Dist::Constant(SimSpan::from_millis(1)),
            inside: Dist::Constant(SimSpan::from_millis(1)),
            wear: Wear::NONE,
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

pub fn acks(acks: Acks) -> ProducerSettings {
    ProducerSettings {
        acks,
        is_idempotent: acks == Acks::All,
        ..ProducerSettings::default()
    }
}

impl Shape {
    pub fn plan(&self) -> Plan {
        let mut topic = Topic::new("orders", self.partitions, self.replicas);
        topic.rules.min_insync = self.min_insync;
        topic.is_unclean = self.unclean;
        let group_count = self.services.iter().map(|group| group + 1).max().unwrap_or(0);
        let group = |number: u16| GroupPlan {
            name: format!("group{number}"),
            topics: vec![TopicId(0)],
        };
        let config = Config {
            brokers: 3,
            topics: vec![topic],
            groups: (0..group_count).map(group).collect(),
            offsets: Internal {
                partitions: 3,
                replicas: 3,
            },
            transactions: self.producer.transactional.map(|_| Internal {
                partitions: 3,
                replicas: 3,
            }),
            disk: self.disk,
            ..Config::default()
        };
        let mut nodes = vec![NodePlan {
            name: "users".into(),
            kind: NodeKind::Load(self.load()),
        }];
        nodes.extend(NodePlan::broker(CLUSTER, "kafka", BrokerPlan::Kafka(config)));
        for (number, group) in self.services.iter().enumerate() {
            nodes.push(NodePlan {
                name: format!("service{number}"),
                kind: NodeKind::Service(self.service(*group)),
            });
        }
        let link = |a, latency| LinkPlan {
            a,
            b: CLUSTER,
            latency,
            wear: self.wear,
        };
        let services = (0..self.services.len() as u16).map(|number| NodeId(SERVICE.0 + number));
        let outside = services.chain([LOAD]).map(|node| link(node, self.latency));
        Plan {
            seed: self.seed,
            until: ms(self.until_ms),
            links: outside.chain([link(CLUSTER, self.inside)]).collect(),
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
                address: AnyAddress::Kafka(Address {
                    topic: TopicId(0),
                    partition: None,
                }),
            },
            arrivals: Arrivals {
                segments: vec![segment(0, self.rate), segment(self.publishes_ms, 0)],
                ..Arrivals::default()
            },
            users: None,
            sender: SenderPlan::default(),
            bursts: Vec::<Burst>::new(),
            count: None,
            key: KeyPlan::None,
            persistent: true,
            properties: 0,
            mandatory: false,
            confirms: self.producer.acks != Acks::None,
            producer: PublisherPlan::Kafka(self.producer),
            delay: None,
            size: Sizes::constant(Bytes(1000)),
            things: None,
        }
    }

    fn service(&self, group: u16) -> ServicePlan {
        let consume = ConsumePlan {
            broker: CLUSTER,
            subscription: Subscription::Kafka(Records {
                group: GroupId(group),
                topics: vec![TopicId(0)],
                settings: self.consumer,
                commit: self.commit,
                ahead: 0,
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
            steps: std::iter::once(StepPlan::Work(self.work))
                .chain(self.steps.clone())
                .collect(),
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
