//! Brokers and their clients, by family.

use super::{Builder, named};
use crate::client::{Part, Publisher, RecordPublisher, RecordRoute, RecordSubscriber, Route, Subscriber};
use crate::node::{AnyNode, CLIENTS, Cluster, client_token};
use crate::places::{PlaceKind, Places};
use crate::plan::{
    Address, BrokerPlan, ConsumePlan, Member, MemberPlan, NodeKind, NodePlan, Plan, PublisherPlan, Subscription,
};
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;
use mqlab_brokers::kafka;
use mqlab_brokers::rabbitmq::{self, ExchangeId, QueueId};
use mqlab_kernel::SortedMap;
use mqlab_model::{KeyId, NodeId, PlaceId, Port, TimerLane};

/// A broker's definitions with everything filled in that a plan leaves to the
/// engine: the places of its parts, and every key that it has to know. `None`
/// of any other node.
pub(super) fn definitions(plan: &Plan, places: &Places, node: NodeId) -> Option<BrokerPlan> {
    let NodeKind::Broker(broker) = &plan.nodes[usize::from(node.0)].kind else {
        return None;
    };
    let mut broker = broker.clone();
    match &mut broker {
        BrokerPlan::Rabbit(config) => {
            for index in 0..config.queues.len() {
                let name = config.queues[index].name.clone();
                config.intern(&name);
                let place = places.find(node, PlaceKind::Queue, index);
                config.queues[index].place = place.expect("every queue of a plan is a place");
            }
        }
        BrokerPlan::Kafka(config) => place_topics(config, node, places),
    }
    Some(broker)
}

#[inline(never)]
fn place_topics(config: &mut kafka::Config, node: NodeId, places: &Places) {
    for index in 0..config.topics.len() {
        let topic = places.find(node, PlaceKind::Topic, index);
        let topic = topic.expect("every topic of a plan is a place");
        let first = places.parts_of(topic).next();
        config.topics[index].place = first;
        config.topics[index].owners = first.map_or_else(Vec::new, |first| owners(places, node, first));
    }
}

/// The groups that read a partition, with what they owe there.
fn owners(places: &Places, node: NodeId, partition: PlaceId) -> Vec<(kafka::GroupId, PlaceId)> {
    let groups = places
        .iter()
        .filter(|(_, place)| place.node == node && place.kind == PlaceKind::Group);
    let owned = (0..)
        .map(kafka::GroupId)
        .zip(groups)
        .filter_map(|(number, (group, _))| {
            let mut owned = places.of_group(group);
            let owner = owned.find(|owner| places.get(*owner).of == Some(partition))?;
            Some((number, owner))
        });
    owned.collect()
}

/// By node, the cluster of Kafka that it is, or belongs to.
pub(super) fn clusters(plan: &Plan, brokers: &[Option<BrokerPlan>]) -> Vec<Option<Rc<kafka::Cluster>>> {
    let whole = |broker: &Option<BrokerPlan>| match broker {
        Some(BrokerPlan::Kafka(config)) => Some(Rc::new(config.cluster())),
        _ => None,
    };
    let wholes: Vec<Option<Rc<kafka::Cluster>>> = brokers.iter().map(whole).collect();
    let of = |index: usize| wholes[usize::from(plan.cluster_of(NodeId(index as u16)).0)].clone();
    (0..plan.nodes.len()).map(of).collect()
}

/// By node, the cluster of RabbitMQ that it is, or belongs to.
pub(super) fn rabbits(plan: &Plan, brokers: &[Option<BrokerPlan>]) -> Vec<Option<Rc<rabbitmq::cluster::Cluster>>> {
    let whole = |broker: &Option<BrokerPlan>| match broker {
        Some(BrokerPlan::Rabbit(config)) => rabbitmq::cluster::Cluster::of(config).map(Rc::new),
        _ => None,
    };
    let wholes: Vec<Option<Rc<rabbitmq::cluster::Cluster>>> = brokers.iter().map(whole).collect();
    let of = |index: usize| wholes[usize::from(plan.cluster_of(NodeId(index as u16)).0)].clone();
    (0..plan.nodes.len()).map(of).collect()
}

/// The keys that a broker knows, in the order of their ids.
pub(super) fn keys(broker: &BrokerPlan) -> Vec<Box<str>> {
    match broker {
        BrokerPlan::Rabbit(config) => config.keys.iter().map(|key| key.as_str().into()).collect(),
        BrokerPlan::Kafka(config) => config.keys.iter().map(|key| key.as_str().into()).collect(),
    }
}

impl Builder<'_> {
    fn definitions(&self, broker: NodeId) -> &BrokerPlan {
        let definitions = self.brokers[usize::from(broker.0)].as_ref();
        definitions.expect("a plan's brokers have definitions")
    }

    /// The node itself.
    pub(super) fn broker(&self, id: NodeId) -> AnyNode {
        match self.definitions(id) {
            BrokerPlan::Rabbit(config) if config.cluster.is_some() => AnyNode::Cluster(Cluster),
            BrokerPlan::Rabbit(config) => {
                AnyNode::Rabbit(rabbitmq::Broker::new(PlaceId(id.0), config, self.ports.count(id)).into())
            }
            BrokerPlan::Kafka(_) => AnyNode::Cluster(Cluster),
        }
    }

    /// A node of a cluster.
    #[inline(never)]
    pub(super) fn member(&self, id: NodeId, member: MemberPlan) -> AnyNode {
        let place = PlaceId(id.0);
        if let (Some(cluster), Member::Broker(number)) = (&self.rabbits[usize::from(id.0)], member.is) {
            let own = rabbitmq::cluster::MemberId(number as u8);
            let ports = self.ports_to(id, member.of);
            let node = rabbitmq::cluster::Member::new(cluster.clone(), own, place, &ports);
            return AnyNode::RabbitMember(node.into());
        }
        let cluster = self.cluster(id).clone();
        let wiring = self.wiring(id, member.of);
        match member.is {
            Member::Broker(number) => {
                let broker = kafka::Broker::new(cluster, kafka::BrokerId(number), place, wiring);
                AnyNode::Kafka(broker.into())
            }
            Member::Controller => AnyNode::Controller(kafka::Controller::new(cluster, place, wiring).into()),
        }
    }

    /// Where a node's connections to the members of a cluster are.
    fn ports_to(&self, node: NodeId, cluster: NodeId) -> Vec<Option<Port>> {
        let peers = self.ports.peers(node);
        let port = |other: NodeId| peers.contains(&other).then(|| self.ports.to(node, other));
        self.plan.serving(cluster).map(port).collect()
    }

    /// The nodes of a RabbitMQ cluster that a client knows: all of them. Who
    /// comes after another in a plan begins with the next one, as if something
    /// that spreads connections stood before the cluster.
    fn roaming(&self, node: NodeId, cluster: NodeId, timer: (TimerLane, u64)) -> Box<rabbitmq::Roaming> {
        let before = (0..node.0).map(NodeId);
        let first = before
            .filter(|other| named(self.plan, *other).contains(&cluster))
            .count();
        let ports = self.ports_to(node, cluster).into_iter().flatten();
        rabbitmq::Roaming::new(ports.collect(), first, timer)
    }

    fn cluster(&self, node: NodeId) -> &Rc<kafka::Cluster> {
        let cluster = self.clusters[usize::from(node.0)].as_ref();
        cluster.expect("a plan's clusters are built")
    }

    /// Where a node's connections to a cluster are.
    fn wiring(&self, node: NodeId, cluster: NodeId) -> kafka::Wiring {
        let peers = self.ports.peers(node);
        let port = |other: NodeId| peers.contains(&other).then(|| self.ports.to(node, other));
        let brokers = self.plan.serving(cluster);
        let controller = self.plan.members(cluster).last();
        kafka::Wiring {
            controller: controller
                .filter(|_| self.plan.cluster_of(node) == cluster)
                .and_then(port),
            brokers: brokers.map(port).collect(),
        }
    }

    /// A client of `node` that publishes to a broker. If it has timers they come
    /// as `timer` says.
    pub(super) fn publisher(
        &self,
        (node, part): (NodeId, Part),
        (broker, settings): (NodeId, &PublisherPlan),
        confirms: bool,
        timer: (TimerLane, u64),
    ) -> Publisher {
        let place = PlaceId(node.0);
        match self.definitions(broker) {
            BrokerPlan::Rabbit(config) if config.cluster.is_some() => {
                let producer = rabbitmq::Producer::new(place, Port(0), part.channel(), confirms);
                Publisher::Rabbit(producer.roaming(self.roaming(node, broker, timer)))
            }
            BrokerPlan::Rabbit(_) => {
                let port = self.ports.to(node, broker);
                Publisher::Rabbit(rabbitmq::Producer::new(place, port, part.channel(), confirms))
            }
            BrokerPlan::Kafka(config) => {
                let publisher = self.record_publisher((node, part), (broker, config), settings, timer);
                Publisher::Kafka(publisher.into())
            }
        }
    }

    /// A producer of Kafka.
    #[inline(never)]
    fn record_publisher(
        &self,
        (node, part): (NodeId, Part),
        (broker, config): (NodeId, &kafka::Config),
        settings: &PublisherPlan,
        timer: (TimerLane, u64),
    ) -> RecordPublisher {
        let place = PlaceId(node.0);
        let settings = match settings {
            PublisherPlan::Plain => kafka::ProducerSettings::default(),
            PublisherPlan::Kafka(settings) => *settings,
        };
        let wiring = self.wiring(node, broker);
        let producer = kafka::Producer::new(self.cluster(broker).clone(), settings, place, &wiring, timer);
        let producer = producer.beside_consumer();
        let hashes = config.hashes().into();
        let waits = part == Part::Publishes;
        RecordPublisher::new((producer, &settings), place, hashes, timer, waits)
    }

    /// A client of `node` that consumes.
    pub(super) fn subscriber(&self, node: NodeId, consume: &ConsumePlan) -> Subscriber {
        let subscriber = match &consume.subscription {
            Subscription::Rabbit(subscription) => {
                let BrokerPlan::Rabbit(config) = self.definitions(consume.broker) else {
                    unreachable!("a subscription is of its broker's family");
                };
                let is_cluster = config.cluster.is_some();
                let port = if is_cluster {
                    Port(0)
                } else {
                    self.ports.to(node, consume.broker)
                };
                let consumer = rabbitmq::Consumer::new(port, Part::Consumes.channel(), *subscription);
                let consumer = consumer.declaring(config.may_go(subscription.queue));
                let timer = (CLIENTS, client_token(0));
                Subscriber::Rabbit(if is_cluster {
                    consumer.roaming(self.roaming(node, consume.broker, timer))
                } else if self.is_contested(consume.broker, subscription.queue) {
                    consumer.roaming(rabbitmq::Roaming::new([port].into(), 0, timer))
                } else {
                    consumer
                })
            }
            Subscription::Kafka(subscription) => Subscriber::Kafka(self.polled(node, consume, subscription).into()),
        };
        match consume.poll {
            Some(_) => subscriber.pulling(),
            None => subscriber,
        }
    }

    /// Whether a queue may refuse who wants to consume it, because somebody has it
    /// to himself.
    fn is_contested(&self, broker: NodeId, queue: QueueId) -> bool {
        let BrokerPlan::Rabbit(config) = self.definitions(broker) else {
            return false;
        };
        let is_exclusive = |node: &NodePlan| {
            let NodeKind::Service(service) = &node.kind else {
                return false;
            };
            let consume = service.consume.as_ref().filter(|consume| consume.broker == broker);
            let subscription = consume.map(|consume| &consume.subscription);
            matches!(subscription, Some(Subscription::Rabbit(one)) if one.exclusive && one.queue == queue)
        };
        config.queues[usize::from(queue.0)].exclusive || self.plan.nodes.iter().any(is_exclusive)
    }

    /// A consumer of Kafka.
    #[inline(never)]
    fn polled(&self, node: NodeId, consume: &ConsumePlan, subscription: &kafka::Subscription) -> RecordSubscriber {
        let cluster = self.cluster(consume.broker);
        let kafka::Subscription {
            group,
            topics,
            settings,
            commit,
            ahead,
        } = subscription;
        let (lane, token) = (CLIENTS, client_token(0));
        let topics = topics.iter().map(|topic| usize::from(topic.0)).collect();
        let wiring = self.wiring(node, consume.broker);
        let member = (*group, topics);
        let consumer = kafka::Consumer::new(cluster.clone(), *settings, member, &wiring, (lane, token));
        // As many as the service has subscriptions, in their order.
        let owned = |partition| Some((cluster.owner(partition, *group)?, partition));
        let by_owner: SortedMap<PlaceId, kafka::PartitionId> = cluster.partitions().filter_map(owned).collect();
        let owners = consume.places(&self.places).into_iter();
        let read = owners.filter_map(|owner| by_owner.get(&owner).copied());
        RecordSubscriber::new(
            consumer,
            cluster.clone(),
            (*group, read.collect()),
            (*commit, settings.auto_commit.is_some(), *ahead),
            token,
        )
    }

    /// The way to an address, with a key where that has a say.
    pub(super) fn route(&self, broker: NodeId, address: Address, key: Option<KeyId>) -> Route {
        match (self.definitions(broker), address) {
            (BrokerPlan::Rabbit(config), Address::Rabbit(rabbitmq::Address::Queue(queue))) => Route::Rabbit {
                exchange: ExchangeId::DEFAULT,
                key: queue_key(config, queue),
            },
            (BrokerPlan::Rabbit(_), Address::Rabbit(rabbitmq::Address::Exchange(exchange))) => Route::Rabbit {
                exchange,
                key: key.unwrap_or(KeyId::UNBOUND),
            },
            (BrokerPlan::Kafka(_), Address::Kafka(address)) => Route::Kafka(RecordRoute {
                topic: address.topic.0,
                partition: address.partition,
                key: key.unwrap_or(KeyId::UNBOUND),
            }),
            (BrokerPlan::Rabbit(_), Address::Kafka(_)) | (BrokerPlan::Kafka(_), Address::Rabbit(_)) => {
                unreachable!("an address is of its broker's family")
            }
        }
    }
}

/// The key by which the default exchange knows a queue.
fn queue_key(config: &rabbitmq::Config, queue: QueueId) -> KeyId {
    let name = &config.queues[usize::from(queue.0)].name;
    let index = config.keys.iter().position(|key| key == name);
    KeyId(index.expect("queue names are interned") as u16)
}
