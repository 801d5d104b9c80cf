//! Brokers and their clients, by family.

use super::Builder;
use crate::client::{Part, Publisher, Route, Subscriber};
use crate::node::AnyNode;
use crate::places::{PlaceKind, Places};
use crate::plan::{Address, BrokerPlan, ConsumePlan, NodeKind, Plan};
use alloc::boxed::Box;
use alloc::vec::Vec;
use mqlab_brokers::rabbitmq::{self, ExchangeId, QueueId};
use mqlab_model::{KeyId, NodeId, PlaceId};

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
    }
    Some(broker)
}

/// The keys that a broker knows, in the order of their ids.
pub(super) fn keys(broker: &BrokerPlan) -> Vec<Box<str>> {
    match broker {
        BrokerPlan::Rabbit(config) => config.keys.iter().map(|key| key.as_str().into()).collect(),
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
            BrokerPlan::Rabbit(config) => {
                AnyNode::Rabbit(rabbitmq::Broker::new(PlaceId(id.0), config, self.ports.count(id)).into())
            }
        }
    }

    /// A client of `node` that publishes to a broker.
    pub(super) fn publisher(&self, node: NodeId, broker: NodeId, part: Part, confirms: bool) -> Publisher {
        let (place, port) = (PlaceId(node.0), self.ports.to(node, broker));
        match self.definitions(broker) {
            BrokerPlan::Rabbit(_) => Publisher::Rabbit(rabbitmq::Producer::new(place, port, part.channel(), confirms)),
        }
    }

    /// A client of `node` that consumes.
    pub(super) fn subscriber(&self, node: NodeId, consume: &ConsumePlan) -> Subscriber {
        let port = self.ports.to(node, consume.broker);
        let subscriber = match consume.subscription {
            crate::plan::Subscription::Rabbit(subscription) => {
                let BrokerPlan::Rabbit(config) = self.definitions(consume.broker);
                let consumer = rabbitmq::Consumer::new(port, Part::Consumes.channel(), subscription);
                Subscriber::Rabbit(consumer.declaring(config.may_go(subscription.queue)))
            }
        };
        match consume.poll {
            Some(_) => subscriber.pulling(),
            None => subscriber,
        }
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
        }
    }
}

/// The key by which the default exchange knows a queue.
fn queue_key(config: &rabbitmq::Config, queue: QueueId) -> KeyId {
    let name = &config.queues[usize::from(queue.0)].name;
    let index = config.keys.iter().position(|key| key == name);
    KeyId(index.expect("queue names are interned") as u16)
}
