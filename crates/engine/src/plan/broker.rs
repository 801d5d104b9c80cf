//! Brokers: what a plan says of them, in the words of their families.
//!
//! These sets are closed. A new family is a variant of each, and whatever has
//! to know of it does not compile until it does; everything else speaks of
//! brokers, addresses and subscriptions.

use crate::places::{PlaceKind, Places};
use alloc::vec::Vec;
use mqlab_brokers::rabbitmq;
use mqlab_model::{DiskPlan, NodeId, PlaceId};

/// A broker.
#[derive(Clone, PartialEq, Debug)]
pub enum BrokerPlan {
    /// A RabbitMQ node.
    Rabbit(rabbitmq::Config),
}

/// What a message is published to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Address {
    /// In RabbitMQ.
    Rabbit(rabbitmq::Address),
}

/// What a service subscribes to, and how.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Subscription {
    /// In RabbitMQ.
    Rabbit(rabbitmq::Subscription),
}

/// What is done to a broker by its operators.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BrokerCommand {
    /// To RabbitMQ.
    Rabbit(rabbitmq::Command),
}

impl BrokerPlan {
    /// The parts of it that messages lie in: name and kind, in the order of
    /// the scenario.
    pub(crate) fn parts(&self) -> Vec<(&str, PlaceKind)> {
        match self {
            BrokerPlan::Rabbit(config) => {
                let queues = config.queues.iter();
                queues.map(|queue| (queue.name.as_str(), PlaceKind::Queue)).collect()
            }
        }
    }

    /// What something in it is called, if there is such a thing.
    pub fn name(&self, address: Address) -> Option<&str> {
        match (self, address) {
            (BrokerPlan::Rabbit(config), Address::Rabbit(address)) => config.name(address),
        }
    }

    /// Its disk; `None` is an ideal one.
    pub fn disk(&self) -> Option<DiskPlan> {
        match self {
            BrokerPlan::Rabbit(config) => config.disk,
        }
    }
}

impl Address {
    /// The one place to which everything goes that is published to it at
    /// `broker`; `None` if that depends on the message.
    pub(crate) fn place(self, broker: NodeId, places: &Places) -> Option<PlaceId> {
        match self {
            Address::Rabbit(rabbitmq::Address::Queue(queue)) => {
                places.find(broker, PlaceKind::Queue, usize::from(queue.0))
            }
            Address::Rabbit(rabbitmq::Address::Exchange(_)) => None,
        }
    }
}

impl Address {
    /// Whether the key of a message has a say in where it goes.
    pub fn takes_key(self) -> bool {
        match self {
            Address::Rabbit(rabbitmq::Address::Queue(_)) => false,
            Address::Rabbit(rabbitmq::Address::Exchange(_)) => true,
        }
    }
}

impl Subscription {
    /// The place at `broker` from which it is served: what owes the handling
    /// of the messages.
    pub fn place(&self, broker: NodeId, places: &Places) -> Option<PlaceId> {
        match self {
            Subscription::Rabbit(subscription) => {
                places.find(broker, PlaceKind::Queue, usize::from(subscription.queue.0))
            }
        }
    }

    /// Most deliveries without acknowledgement, where a family limits them so;
    /// 0 is no limit. [`Setting::Prefetch`](super::Setting::Prefetch) changes it.
    pub fn prefetch(&self) -> Option<u32> {
        match self {
            Subscription::Rabbit(subscription) => Some(subscription.prefetch),
        }
    }

    /// Whether nobody acknowledges anything: the broker forgets a message when
    /// it has sent it.
    pub fn is_automatic(&self) -> bool {
        match self {
            Subscription::Rabbit(subscription) => subscription.automatic,
        }
    }
}
