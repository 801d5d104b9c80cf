//! Small worlds with a cluster of RabbitMQ: a load, a cluster with one queue of a
//! kind, a service that consumes it.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

#[path = "../cluster_plan/mod.rs"]
mod cluster_plan;

pub use cluster_plan::*;

use mqlab_brokers::rabbitmq::cluster::{Keeping, MemberId, PartitionHandling, Promote, Settings};
use mqlab_brokers::rabbitmq::{
    Address, Config, DeadLetter, Overflow, QueueConfig, QueueId, QueueKind, Subscription as Pushed, Version,
};
use mqlab_engine::World;
use mqlab_engine::plan::{
    Address as AnyAddress, BrokerPlan, ConsumePlan, LoadPlan, NodeKind, NodePlan, Plan, PollPlan, PublisherPlan,
    ServicePlan, StepPlan, Subscription, TimedCommand, Wear,
};
use mqlab_kernel::{Dist, SimSpan, SimTime};
use mqlab_model::{DiskPlan, NodeId};

pub const MEMBERS: [NodeId; 3] = [NodeId(2), NodeId(3), NodeId(4)];
pub const SERVICE: NodeId = NodeId(5);

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

/// Why a queue does not stay.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Passing {
    /// It goes when nobody has used it for so many milliseconds.
    Expires(u64),
    /// It goes with its last consumer.
    AutoDelete,
    /// It belongs to the connection that declares it.
    Exclusive,
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
    /// What waits longer goes to a second queue of the same kind, which nobody reads.
    pub expires_ms: Option<u64>,
    pub passing: Option<Passing>,
    /// Most messages that wait, and what happens with more.
    pub most: Option<(u64, Overflow)>,
    /// How long the queue is busy with each message that it hands out, in microseconds.
    pub busy_us: Option<u64>,
    /// The service asks so often, in place of having messages pushed (`basic.get`).
    pub asks_ms: Option<u64>,
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
            expires_ms: None,
            passing: None,
            most: None,
            busy_us: None,
            asks_ms: None,
            commands: Vec::new(),
            until_ms: 60_000,
        }
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
                let arguments = queue.arguments.get_or_insert_default();
                arguments.kind = QueueKind::Quorum;
                Keeping::Quorum(all().collect())
            }
        });
        match self.passing {
            None => {}
            Some(Passing::Exclusive) => queue.exclusive = true,
            Some(Passing::AutoDelete) => queue.arguments.get_or_insert_default().auto_delete = true,
            Some(Passing::Expires(unused)) => {
                queue.arguments.get_or_insert_default().expires = Some(SimSpan::from_millis(unused));
            }
        }
        if let Some((most, overflow)) = self.most {
            let arguments = queue.arguments.get_or_insert_default();
            (arguments.max_length, arguments.overflow) = (Some(most), overflow);
        }
        if let Some(busy) = self.busy_us {
            queue.arguments.get_or_insert_default().dequeue = Some(SimSpan::from_nanos(busy * 1_000));
        }
        if let Some(expires) = self.expires_ms {
            let mut letters = queue.clone();
            letters.name = "letters".into();
            letters
                .arguments
                .as_mut()
                .into_iter()
                .for_each(|own| own.max_length = None);
            settings.keeping.push(settings.keeping[0].clone());
            let arguments = queue.arguments.get_or_insert_default();
            arguments.message_ttl = Some(SimSpan::from_millis(expires));
            arguments.dead_letter = Some(DeadLetter {
                exchange: String::new(),
                key: Some("letters".into()),
            });
            config.queues.push(queue);
            config.queues.push(letters);
            for key in ["orders", "letters"] {
                config.intern(key);
            }
        } else {
            config.queues.push(queue);
        }
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
        let outside = [LOAD, SERVICE].map(|node| link(node, self.latency, Wear::NONE));
        let links = outside.into_iter().chain([link(CLUSTER, self.inside, Wear::NONE)]);
        plan(self.seed, self.until_ms, nodes, links.collect(), self.commands.clone())
    }

    fn load(&self) -> LoadPlan {
        let address = AnyAddress::Rabbit(Address::Queue(QueueId(0)));
        // By then the members have heard of each other.
        let times = (1_000, 1_000 + self.publishes_ms);
        LoadPlan {
            confirms: self.confirms,
            ..load(address, self.rate, times, PublisherPlan::Plain)
        }
    }

    fn service(&self) -> ServicePlan {
        let consume = ConsumePlan {
            broker: CLUSTER,
            subscription: Subscription::Rabbit(Pushed {
                queue: QueueId(0),
                prefetch: self.prefetch,
                automatic: self.automatic,
                exclusive: false,
            }),
            poll: self.asks_ms.map(|every| PollPlan::Every(SimSpan::from_millis(every))),
            expects: None,
        };
        service(consume, self.workers, vec![StepPlan::Work(self.work), StepPlan::Ack])
    }

    pub fn run(&self) -> World {
        let mut world = World::new(&self.plan());
        world.run_until(SimTime::MAX, u64::MAX);
        world
    }
}
