//! Small worlds with a cluster of Kafka: a load, a cluster, services of one
//! group.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

#[path = "../cluster_plan/mod.rs"]
mod cluster_plan;

pub use cluster_plan::*;

use mqlab_brokers::kafka::{
    Acks, Address, CommitWhen, Config, ConsumerSettings, GroupId, GroupPlan, Internal, OffsetReset, ProducerSettings,
    Subscription as Records, Topic, TopicId,
};
use mqlab_engine::World;
use mqlab_engine::plan::{
    Address as AnyAddress, BrokerPlan, ConsumePlan, LoadPlan, NodeKind, NodePlan, Plan, PublisherPlan, ServicePlan,
    StepPlan, Subscription, TimedCommand, Wear,
};
use mqlab_kernel::{Dist, SimSpan, SimTime};
use mqlab_model::{DiskPlan, NodeId};

pub const BROKERS: [NodeId; 3] = [NodeId(2), NodeId(3), NodeId(4)];
pub const CONTROLLER: NodeId = NodeId(5);
/// The first service; the others follow.
pub const SERVICE: NodeId = NodeId(6);

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
        let services = (0..self.services.len() as u16).map(|number| NodeId(SERVICE.0 + number));
        let outside = services.chain([LOAD]).map(|node| link(node, self.latency, self.wear));
        let links = outside.chain([link(CLUSTER, self.inside, self.wear)]);
        plan(self.seed, self.until_ms, nodes, links.collect(), self.commands.clone())
    }

    fn load(&self) -> LoadPlan {
        let address = AnyAddress::Kafka(Address {
            topic: TopicId(0),
            partition: None,
        });
        let producer = PublisherPlan::Kafka(self.producer);
        LoadPlan {
            confirms: self.producer.acks != Acks::None,
            ..load(address, self.rate, (0, self.publishes_ms), producer)
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
        let work = std::iter::once(StepPlan::Work(self.work));
        service(consume, self.workers, work.chain(self.steps.clone()).collect())
    }

    pub fn run(&self) -> World {
        let mut world = World::new(&self.plan());
        world.run_until(SimTime::MAX, u64::MAX);
        world
    }
}
