//! The names of a Kafka cluster: its nodes, topics, partitions and groups.

use super::{Named, Names};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::limits::{GROUPS_MAX, KAFKA_BROKERS_MAX, PARTITIONS_MAX, TOPICS_MAX};
use crate::phrase::text;
use crate::read;
use crate::tree::{Entry, Table, Tree};
use mqlab_brokers::kafka::{Address, Config, GroupId, TopicId};
use mqlab_engine::plan::{self, BrokerPlan};
use mqlab_model::NodeId;
use std::borrow::Cow;

/// How many brokers a cluster has.
pub(crate) fn brokers(cluster: &Table) -> u32 {
    let given = cluster.get("brokers");
    let given = given.and_then(|tree| read::integer(tree, 1, KAFKA_BROKERS_MAX).ok());
    given.map_or(Config::default().brokers, |count| count as u32)
}

/// How many partitions a topic has.
pub(crate) fn partitions(topic: &Tree) -> u32 {
    let given = topic.table().and_then(|table| table.get("partitions"));
    let given = given.and_then(|tree| read::integer(tree, 1, PARTITIONS_MAX as u64).ok());
    given.map_or(1, |count| count as u32)
}

/// The names of the nodes that a cluster consists of.
pub(super) fn members(entry: &Entry) -> Vec<String> {
    let brokers = entry.tree.table().map_or(0, brokers);
    let plan = BrokerPlan::Kafka(Config {
        brokers,
        ..Config::default()
    });
    let members = plan.members().into_iter();
    members.map(|(_, behind)| format!("{}-{behind}", entry.key)).collect()
}

impl<'a> Names<'a> {
    /// Topics, and partitions under the names of their logs.
    pub(super) fn kafka(&mut self, config: &'a Table, broker: NodeId, found: &mut Diagnostics) {
        let topics = config.within("topic");
        if let Some(first) = topics.get(TOPICS_MAX) {
            let message = text!(TooManyTopics, topics.len(), TOPICS_MAX);
            found.push(Diagnostic::error("limit", &first.key_span, message));
        }
        let mut all = 0;
        for (index, entry) in topics.iter().take(TOPICS_MAX).enumerate() {
            let topic = TopicId(index as u16);
            let named = |partition| Named::Address {
                broker,
                address: plan::Address::Kafka(Address { topic, partition }),
            };
            self.declare_entry(entry, named(None), found);
            let partitions = partitions(&entry.tree);
            all += partitions as usize;
            if all > PARTITIONS_MAX {
                let message = text!(TooManyPartitions, PARTITIONS_MAX);
                found.push(Diagnostic::error("limit", &entry.key_span, message));
                return;
            }
            for partition in 0..partitions {
                let name = Cow::Owned(format!("{}-{partition}", entry.key));
                self.declare((name, &entry.key_span), named(Some(partition)), found);
            }
        }
    }

    /// The groups that services belong to, in the order in which they come.
    pub(super) fn groups(&mut self, root: &'a Table, found: &mut Diagnostics) {
        let mut next = 0;
        for entry in root.within("service") {
            let consume = entry.tree.table().and_then(|service| service.get("consume"));
            let Some(tree) = consume.and_then(Tree::table).and_then(|consume| consume.get("group")) else {
                continue;
            };
            let Some(name) = tree.text() else { continue };
            if let Some(message) = read::bad_name(name) {
                found.push(Diagnostic::error("bad-name", &tree.span, message));
                continue;
            }
            let Some(broker) = self.cluster() else { return };
            if matches!(self.get(name), Some(Named::Group { .. })) {
                continue;
            }
            if usize::from(next) >= GROUPS_MAX {
                let message = text!(TooManyGroups, GROUPS_MAX);
                found.push(Diagnostic::error("limit", &tree.span, message));
                return;
            }
            let group = GroupId(next);
            next += 1;
            self.declare((Cow::Borrowed(name), &tree.span), Named::Group { broker, group }, found);
        }
    }

    /// The Kafka cluster, if there is one.
    fn cluster(&self) -> Option<NodeId> {
        let index = self
            .nodes
            .iter()
            .position(|declared| declared.kind == super::Kind::Kafka)?;
        Some(NodeId(index as u16))
    }
}

impl Named {
    /// The topic of Kafka that it is, with its broker.
    pub(crate) fn topic(self) -> Option<(NodeId, TopicId)> {
        match self {
            Named::Address {
                broker,
                address: plan::Address::Kafka(Address { topic, partition: None }),
            } => Some((broker, topic)),
            _ => None,
        }
    }

    /// The partition that it is, with its broker and topic.
    pub(crate) fn partition(self) -> Option<(NodeId, TopicId, u32)> {
        match self {
            Named::Address {
                broker,
                address:
                    plan::Address::Kafka(Address {
                        topic,
                        partition: Some(partition),
                    }),
            } => Some((broker, topic, partition)),
            _ => None,
        }
    }

    /// The consumer group that it is.
    pub(crate) fn group(self) -> Option<GroupId> {
        match self {
            Named::Group { group, .. } => Some(group),
            _ => None,
        }
    }
}
