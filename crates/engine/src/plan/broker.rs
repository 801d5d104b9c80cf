//! Brokers: what a plan says of them, in the words of their families.
//!
//! These sets are closed. A new family is a variant of each, and whatever has
//! to know of it does not compile until it does; everything else speaks of
//! brokers, addresses and subscriptions.

use crate::places::{PlaceKind, Places};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use mqlab_brokers::{kafka, rabbitmq};
use mqlab_model::{DiskPlan, NodeId, PlaceId};

/// A broker.
#[derive(Clone, PartialEq, Debug)]
pub enum BrokerPlan {
    /// A RabbitMQ node, or a cluster of nodes: see [`BrokerPlan::members`].
    Rabbit(rabbitmq::Config),
    /// A Kafka cluster: its brokers and its controller are nodes of their own,
    /// see [`BrokerPlan::members`].
    Kafka(kafka::Config),
}

/// What a node of a cluster is in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Member {
    /// The broker of this number, from 0.
    Broker(u32),
    /// It decides who leads.
    Controller,
}

/// What a publisher is set to, in the words of its broker's family.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub enum PublisherPlan {
    /// Whatever the family's clients do that are told nothing.
    #[default]
    Plain,
    /// A producer of Kafka with these settings. With a `transactional.id` a load
    /// puts its messages into transactions; of a service its steps say what
    /// belongs to one.
    Kafka(kafka::ProducerSettings),
}

impl PublisherPlan {
    /// Whether it takes what it has sent to be safe, and asks nobody (`acks=0`).
    pub(crate) fn trusts(&self) -> bool {
        matches!(self, PublisherPlan::Kafka(producer) if producer.acks == kafka::Acks::None)
    }
}

/// A part of a broker that messages lie in, or where their handling is owed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) kind: PlaceKind,
    /// The part that it is a part of, by its index among all parts of the broker.
    pub(crate) of: Option<usize>,
}

/// What a message is published to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Address {
    /// In RabbitMQ.
    Rabbit(rabbitmq::Address),
    /// In Kafka.
    Kafka(kafka::Address),
}

/// What a service subscribes to, and how.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Subscription {
    /// In RabbitMQ.
    Rabbit(rabbitmq::Subscription),
    /// In Kafka.
    Kafka(kafka::Subscription),
}

/// What is done to a broker by its operators.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BrokerCommand {
    /// To RabbitMQ.
    Rabbit(rabbitmq::Command),
    /// To Kafka.
    Kafka(kafka::Command),
}

/// What a service is made to do with what it consumes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ConsumerCommand {
    /// From Kafka.
    Kafka(kafka::ConsumerCommand),
}

impl BrokerPlan {
    /// The parts of it that messages lie in, and those that owe their handling,
    /// in the order of the scenario.
    pub(crate) fn parts(&self) -> Vec<Part> {
        match self {
            BrokerPlan::Rabbit(config) => {
                let queues = config.queues.iter();
                let part = |queue: &rabbitmq::QueueConfig| Part {
                    name: queue.name.clone(),
                    kind: PlaceKind::Queue,
                    of: None,
                };
                queues.map(part).collect()
            }
            BrokerPlan::Kafka(config) => kafka_parts(config),
        }
    }

    /// The nodes that it consists of beside the one with its own name, by what
    /// they are and what is behind its name in theirs: `kafka-1` to `kafka-3`,
    /// `kafka-controller`. They stand right behind it among the nodes of a plan.
    /// A family whose broker is one process has none.
    pub fn members(&self) -> Vec<(Member, String)> {
        let broker = |number| (Member::Broker(number), format!("{}", number + 1));
        match self {
            BrokerPlan::Rabbit(config) => {
                let count = config.cluster.as_ref().map_or(0, |cluster| u32::from(cluster.members));
                (0..count).map(broker).collect()
            }
            BrokerPlan::Kafka(config) => {
                let controller = (Member::Controller, String::from("controller"));
                (0..config.brokers).map(broker).chain([controller]).collect()
            }
        }
    }

    /// What something in it is called, if there is such a thing.
    pub fn name(&self, address: Address) -> Option<&str> {
        match (self, address) {
            (BrokerPlan::Rabbit(config), Address::Rabbit(address)) => config.name(address),
            (BrokerPlan::Kafka(config), Address::Kafka(address)) => {
                let topic = config.topics.get(usize::from(address.topic.0));
                topic.map(|topic| topic.name.as_str())
            }
            (BrokerPlan::Rabbit(_) | BrokerPlan::Kafka(_), _) => None,
        }
    }

    /// Its disk, or that of each of its brokers; `None` is an ideal one.
    pub fn disk(&self) -> Option<DiskPlan> {
        match self {
            BrokerPlan::Rabbit(config) => config.disk,
            BrokerPlan::Kafka(config) => config.disk,
        }
    }
}

/// Topics with their partitions, and groups with what they owe at each
/// partition that they read.
fn kafka_parts(config: &kafka::Config) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut firsts = Vec::new();
    for (topic, number) in config.topics.iter().zip(0..) {
        let of = Some(parts.len());
        parts.push(Part {
            name: topic.name.clone(),
            kind: PlaceKind::Topic,
            of: None,
        });
        firsts.push(parts.len());
        parts.extend((0..topic.partitions).map(|partition| Part {
            name: config.partition_name(kafka::TopicId(number), partition),
            kind: PlaceKind::Partition,
            of,
        }));
    }
    for group in &config.groups {
        parts.push(Part {
            name: group.name.clone(),
            kind: PlaceKind::Group,
            of: None,
        });
        for topic in &group.topics {
            let partitions = config.topics[usize::from(topic.0)].partitions;
            parts.extend((0..partitions).map(|partition| Part {
                name: format!("{}/{}", group.name, config.partition_name(*topic, partition)),
                kind: PlaceKind::GroupPartition,
                of: Some(firsts[usize::from(topic.0)] + partition as usize),
            }));
        }
    }
    parts
}

impl Address {
    /// The one place to which everything goes that is published to it at
    /// `broker`; `None` if that depends on the message, or there are several
    /// that owe its handling.
    pub(crate) fn place(self, broker: NodeId, places: &Places) -> Option<PlaceId> {
        match self {
            Address::Rabbit(rabbitmq::Address::Queue(queue)) => {
                places.find(broker, PlaceKind::Queue, usize::from(queue.0))
            }
            Address::Rabbit(rabbitmq::Address::Exchange(_)) => None,
            Address::Kafka(kafka::Address { topic, partition }) => {
                let topic = places.find(broker, PlaceKind::Topic, usize::from(topic.0))?;
                let mut partitions = places.parts_of(topic);
                let partition = match partition {
                    Some(chosen) => partitions.nth(chosen as usize)?,
                    None => partitions.next().filter(|_| partitions.next().is_none())?,
                };
                let mut owners = places.parts_of(partition);
                match (owners.next(), owners.next()) {
                    (None, _) => Some(partition),
                    (only, None) => only,
                    (Some(_), Some(_)) => None,
                }
            }
        }
    }

    /// Whether the key of a message has a say in where it goes.
    pub fn takes_key(self) -> bool {
        match self {
            Address::Rabbit(rabbitmq::Address::Queue(_)) => false,
            Address::Rabbit(rabbitmq::Address::Exchange(_)) => true,
            Address::Kafka(address) => address.partition.is_none(),
        }
    }
}

impl Subscription {
    /// The places at `broker` from which it is served: what owes the handling
    /// of the messages. Of RabbitMQ that is the queue; of Kafka, what the group
    /// owes at each partition of the topics.
    pub fn places(&self, broker: NodeId, places: &Places) -> Vec<PlaceId> {
        match self {
            Subscription::Rabbit(subscription) => {
                let queue = places.find(broker, PlaceKind::Queue, usize::from(subscription.queue.0));
                queue.into_iter().collect()
            }
            Subscription::Kafka(subscription) => {
                let group = places.find(broker, PlaceKind::Group, usize::from(subscription.group.0));
                let topic = |topic: &kafka::TopicId| places.find(broker, PlaceKind::Topic, usize::from(topic.0));
                let topics: Vec<PlaceId> = subscription.topics.iter().filter_map(topic).collect();
                let is_of = |owner: PlaceId| {
                    let partition = places.get(owner).of;
                    let topic = partition.and_then(|partition| places.get(partition).of);
                    topic.is_some_and(|topic| topics.contains(&topic))
                };
                let owed = group.into_iter().flat_map(|group| places.of_group(group));
                owed.filter(|owner| is_of(*owner)).collect()
            }
        }
    }

    /// The one place from which it is served, if it is one.
    pub fn place(&self, broker: NodeId, places: &Places) -> Option<PlaceId> {
        let found = self.places(broker, places);
        found.first().copied().filter(|_| found.len() == 1)
    }

    /// Most deliveries without acknowledgement, where a family limits them so;
    /// 0 is no limit. [`Setting::Prefetch`](super::Setting::Prefetch) changes it.
    pub fn prefetch(&self) -> Option<u32> {
        match self {
            Subscription::Rabbit(subscription) => Some(subscription.prefetch),
            Subscription::Kafka(_) => None,
        }
    }

    /// Whether nobody acknowledges anything: the broker forgets a message when
    /// it has sent it, or the consumer commits by itself.
    pub fn is_automatic(&self) -> bool {
        match self {
            Subscription::Rabbit(subscription) => subscription.automatic,
            Subscription::Kafka(subscription) => subscription.settings.auto_commit.is_some(),
        }
    }
}
