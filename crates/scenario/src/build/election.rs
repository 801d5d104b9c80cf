//! Leaders of partitions that are changed by hand.

use super::Build;
use crate::diagnostic::Diagnostic;
use crate::names::{Kind, Named};
use crate::phrase::{Phrase, text};
use crate::tree::{Table, Tree};
use mqlab_brokers::kafka::{self, BrokerId};
use mqlab_engine::plan::{BrokerCommand, Command, Member, NodeKind, Plan};
use mqlab_model::NodeId;

impl Build<'_> {
    /// The commands of a `move_leader` or an `elect_preferred`.
    #[inline(never)]
    pub(super) fn elections(&mut self, entry: &Table, plan: &Plan) -> Option<Command> {
        if let Some(tree) = entry.get("elect_preferred") {
            let broker = self.cluster(tree)?;
            let command = BrokerCommand::Kafka(kafka::Command::ElectPreferred);
            return Some(Command::Broker { broker, command });
        }
        let moved = entry.get("move_leader")?.table()?;
        self.move_leader(moved, plan)
    }

    fn cluster(&mut self, tree: &Tree) -> Option<NodeId> {
        let is_kafka = |node: NodeId| {
            let declared = self.names.nodes.get(usize::from(node.0));
            declared.is_some_and(|declared| declared.kind == Kind::Kafka)
        };
        let pick = |named| match named {
            Named::Broker(node) if is_kafka(node) => Some(node),
            _ => None,
        };
        self.names
            .resolve_tree(tree, Phrase::AKafkaCluster, pick, &mut self.found)
    }

    fn move_leader(&mut self, table: &Table, plan: &Plan) -> Option<Command> {
        let (partition_tree, to_tree) = (table.get("partition")?, table.get("to")?);
        let (broker, topic, partition) =
            self.names
                .resolve_tree(partition_tree, Phrase::APartition, Named::partition, &mut self.found)?;
        let pick = |named| match named {
            Named::Member(node) => broker_number(plan, node),
            _ => None,
        };
        let to = self
            .names
            .resolve_tree(to_tree, Phrase::ABrokerOfACluster, pick, &mut self.found)?;
        self.has_replica(plan, (broker, topic, partition), to, to_tree)?;
        let command = BrokerCommand::Kafka(kafka::Command::MoveLeader { topic, partition, to });
        Some(Command::Broker { broker, command })
    }

    /// Who has no replica can never lead.
    fn has_replica(
        &mut self,
        plan: &Plan,
        (broker, topic, partition): (NodeId, kafka::TopicId, u32),
        to: BrokerId,
        tree: &Tree,
    ) -> Option<()> {
        let node = &plan.nodes.get(usize::from(broker.0))?.kind;
        let NodeKind::Broker(mqlab_engine::plan::BrokerPlan::Kafka(config)) = node else {
            return None;
        };
        let cluster = config.cluster();
        let replicas = cluster.replicas(cluster.partition(usize::from(topic.0), partition));
        if replicas.contains(&to) {
            return Some(());
        }
        let name = config.partition_name(topic, partition);
        let has_one =
            |member: &Member| matches!(member, Member::Broker(number) if replicas.contains(&BrokerId(*number)));
        let first = usize::from(broker.0) + 1;
        let members = plan.nodes.iter().skip(first);
        let names: Vec<&str> = members
            .filter(|node| matches!(&node.kind, NodeKind::Member(member) if has_one(&member.is)))
            .map(|node| node.name.as_str())
            .collect();
        let message = text!(NoReplica, name);
        let help = text!(ReplicaOn, names.join(", "));
        self.found
            .push(Diagnostic::error("replicas", &tree.span, message).help(help));
        None
    }
}

/// The number of a broker in its cluster.
fn broker_number(plan: &Plan, node: NodeId) -> Option<BrokerId> {
    match plan.nodes.get(usize::from(node.0))?.kind {
        NodeKind::Member(member) => match member.is {
            Member::Broker(number) => Some(BrokerId(number)),
            Member::Controller => None,
        },
        _ => None,
    }
}
