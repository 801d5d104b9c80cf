//! Consumers of Kafka that go on elsewhere.

use super::Build;
use crate::diagnostic::Diagnostic;
use crate::names::Named;
use crate::phrase::{Phrase, text};
use crate::read;
use crate::tree::Tree;
use mqlab_brokers::kafka::{self, Seek, Spot, TopicId};
use mqlab_engine::plan::{Command, ConsumerCommand, NodeKind, Plan, Subscription};
use mqlab_model::NodeId;

/// The keys of which one says where.
const WHERE: [&str; 3] = ["to", "offset", "since"];

impl Build<'_> {
    /// Where an application goes on.
    pub(super) fn seek_spot(&mut self, tree: &Tree) -> Option<Seek> {
        let table = tree.table()?;
        let mut given = WHERE.iter().filter_map(|key| table.entry(key));
        let (Some(entry), None) = (given.next(), given.next()) else {
            let message = Phrase::SeekNeedsOne;
            self.found.push(Diagnostic::error("bad-seek", &tree.span, message));
            return None;
        };
        match entry.key.as_str() {
            "to" => match entry.tree.text()? {
                "beginning" => Some(Seek::Spot(Spot::Earliest)),
                _ => Some(Seek::Spot(Spot::Latest)),
            },
            "offset" => read::integer(&entry.tree, 0, u64::MAX).ok().map(Seek::Offset),
            _ => read::time(&entry.tree).ok().map(|at| Seek::Spot(Spot::At(at))),
        }
    }

    /// The command of a `seek`.
    pub(super) fn seek(&mut self, tree: &Tree, plan: &Plan) -> Option<Command> {
        let table = tree.table()?;
        let to = self.seek_spot(tree);
        let pick = |named| match named {
            Named::Service(node) => Some(node),
            _ => None,
        };
        let name = table.get("service")?;
        let service = self.names.resolve_tree(name, Phrase::AService, pick, &mut self.found)?;
        let Some((broker, topics)) = read_by(plan, service) else {
            let message = text!(ReadsNoTopic, self.names.node_name(service));
            self.found.push(Diagnostic::error("bad-seek", &name.span, message));
            return None;
        };
        let partition = match table.get("partition") {
            Some(tree) => {
                let (of, topic, number) =
                    self.names
                        .resolve_tree(tree, Phrase::APartition, Named::partition, &mut self.found)?;
                if of != broker || !topics.contains(&topic) {
                    let message = text!(ReadsOtherTopic, self.names.node_name(service));
                    self.found.push(Diagnostic::error("bad-seek", &tree.span, message));
                    return None;
                }
                Some((topic, number))
            }
            None => None,
        };
        let command = ConsumerCommand::Kafka(kafka::ConsumerCommand::Seek { partition, to: to? });
        Some(Command::Consumer { service, command })
    }
}

/// The topics of Kafka that a service reads, with their broker.
fn read_by(plan: &Plan, service: NodeId) -> Option<(NodeId, &[TopicId])> {
    let NodeKind::Service(service) = &plan.nodes.get(usize::from(service.0))?.kind else {
        return None;
    };
    let consume = service.consume.as_ref()?;
    match &consume.subscription {
        Subscription::Kafka(subscription) => Some((consume.broker, &subscription.topics)),
        Subscription::Rabbit(_) => None,
    }
}
