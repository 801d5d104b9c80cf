//! Queues of RabbitMQ that somebody has to himself.

use super::Build;
use crate::diagnostic::Diagnostic;
use crate::names::{Declared, Kind};
use crate::phrase::{Phrase, text};
use crate::tree::{Entry, Tree};
use mqlab_brokers::rabbitmq::{Config, QueueConfig, QueueId, QueueKind};
use mqlab_engine::plan::{BrokerPlan, NodeKind, Plan, Subscription};
use mqlab_model::NodeId;

impl Build<'_> {
    /// An exclusive queue is declared by who consumes it, so somebody has to; and a
    /// quorum queue takes no notice of a consumer that wants to be the only one.
    pub(super) fn exclusive(&mut self, plan: &Plan) {
        let subscriptions = plan.nodes.iter().zip(0..).filter_map(|(node, index)| match &node.kind {
            NodeKind::Service(service) => Some((index, service.consume.as_ref()?)),
            _ => None,
        });
        let mut consumed = Vec::new();
        for (index, consume) in subscriptions {
            let Subscription::Rabbit(subscription) = &consume.subscription else {
                continue;
            };
            consumed.push((consume.broker, subscription.queue));
            let config = rabbit(plan, usize::from(consume.broker.0));
            let queue = config.and_then(|config| config.queues.get(usize::from(subscription.queue.0)));
            if subscription.exclusive && queue.is_some_and(is_quorum) {
                self.warn_at_consumer(index);
            }
        }
        for index in 0..plan.nodes.len() {
            let Some(config) = rabbit(plan, index) else { continue };
            let broker = NodeId(index as u16);
            for (queue, id) in config.queues.iter().zip(0..) {
                if queue.exclusive && !consumed.contains(&(broker, QueueId(id))) {
                    self.nobody_declares(index, &queue.name);
                }
            }
        }
    }

    fn nobody_declares(&mut self, broker: usize, name: &str) {
        let Some(table) = self.names.nodes.get(broker).and_then(|node| node.entry.tree.table()) else {
            return;
        };
        let queue = table.within("queue").iter().find(|entry| entry.key == name);
        let entry = queue
            .and_then(|entry| entry.tree.table())
            .and_then(|table| table.entry("exclusive"));
        if let Some(entry) = entry {
            let message = text!(NobodyDeclares, name);
            let help = Phrase::ConsumerDeclares;
            self.found
                .push(Diagnostic::error("queue-type", &entry.key_span, message).help(help));
        }
    }

    fn warn_at_consumer(&mut self, index: usize) {
        let is_service = |node: &&Declared<'_>| node.kind == Kind::Service;
        let declared = self.names.nodes.get(index).filter(is_service);
        let consume = declared
            .and_then(|node| node.entry.tree.table())
            .and_then(|table| table.get("consume"))
            .and_then(Tree::table);
        let entry: Option<&Entry> = consume.and_then(|consume| consume.entry("exclusive"));
        if let Some(entry) = entry {
            let message = Phrase::QuorumIsForAll;
            let help = Phrase::SingleActiveInstead;
            self.found
                .push(Diagnostic::warning("queue-type", &entry.key_span, message).help(help));
        }
    }
}

fn rabbit(plan: &Plan, node: usize) -> Option<&Config> {
    match &plan.nodes.get(node)?.kind {
        NodeKind::Broker(BrokerPlan::Rabbit(config)) => Some(config),
        _ => None,
    }
}

fn is_quorum(queue: &QueueConfig) -> bool {
    let arguments = queue.arguments.as_ref();
    arguments.is_some_and(|arguments| arguments.kind == QueueKind::Quorum)
}
