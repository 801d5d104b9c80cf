//! A RabbitMQ broker of several nodes: where its queues are, and what a cluster
//! does not have yet.

use super::Build;
use crate::diagnostic::Diagnostic;
use crate::live::mirrors;
use crate::names::{Named, rabbit_nodes};
use crate::phrase::{Phrase, text};
use crate::read;
use crate::tree::{Entry, Table, Tree};
use mqlab_brokers::rabbitmq::Version;
use mqlab_brokers::rabbitmq::cluster::{Keeping, MemberId, PartitionHandling, Settings};
use mqlab_model::NodeId;

/// How many replicas a quorum queue has that says nothing of it
/// (`x-quorum-initial-group-size`).
const GROUP_SIZE: u8 = 3;
/// What needs more than one node, of a broker and of a queue.
const OF_CLUSTERS: [&str; 3] = ["latency", "partition_handling", "net_ticktime"];
const OF_THEIR_QUEUES: [&str; 5] = ["node", "group_size", "mirrors", "promote", "mirror_sync"];
/// What a broker of several nodes does not have yet.
const NOT_OF_CLUSTERS: [&str; 1] = ["confirm"];

impl Build<'_> {
    /// What makes a broker a cluster, if it has more than one node.
    pub(super) fn rabbit_cluster(&mut self, table: &Table, version: Version) -> Option<Box<Settings>> {
        let nodes = rabbit_nodes(table);
        let queues = table.within("queue");
        if nodes < 2 {
            for key in OF_CLUSTERS {
                self.without_effect(table, key, true, Phrase::OneNode);
            }
            for queue in queues.iter().filter_map(|entry| entry.tree.table()) {
                for key in OF_THEIR_QUEUES {
                    self.without_effect(queue, key, true, Phrase::OneNode);
                }
            }
            return None;
        }
        self.not_in_a_cluster(table, &NOT_OF_CLUSTERS);
        let mut settings = Settings::new(nodes);
        settings.partition = match table.get("partition_handling").and_then(Tree::text) {
            Some("pause_minority") => PartitionHandling::PauseMinority,
            Some("autoheal") => PartitionHandling::Autoheal,
            _ => PartitionHandling::Ignore,
        };
        settings.down_after = self.span_or(table, "net_ticktime", settings.down_after);
        for entry in queues {
            let keeping = self.keeping(entry, nodes, version);
            settings.keeping.push(keeping);
        }
        Some(settings.into())
    }

    /// Where a queue is.
    fn keeping(&mut self, entry: &Entry, nodes: u8, version: Version) -> Keeping {
        let empty = Table::default();
        let table = entry.tree.table().unwrap_or(&empty);
        let first = self.home(table);
        // The others follow in turn.
        let in_turn = (0..nodes).map(|step| MemberId((first + step) % nodes));
        if table.get("type").and_then(Tree::text) == Some("quorum") {
            let count = self.copies(table, "group_size", nodes, 0);
            let count = count.unwrap_or(GROUP_SIZE.min(nodes));
            for key in ["mirrors", "promote", "mirror_sync"] {
                self.without_effect(table, key, true, Phrase::QuorumHasReplicas);
            }
            return Keeping::Quorum(in_turn.take(usize::from(count)).collect());
        }
        self.without_effect(table, "group_size", true, Phrase::OnlyQuorumAgrees);
        let Some(count) = self.copies(table, "mirrors", nodes, 1) else {
            for key in ["promote", "mirror_sync"] {
                self.without_effect(table, key, true, Phrase::NoMirrors);
            }
            return Keeping::Home(MemberId(first));
        };
        if let (Some(given), false) = (table.entry("mirrors"), version < mirrors::GONE) {
            let message = Phrase::MirrorsAreGone;
            let help = Phrase::MirrorsOrQuorum;
            self.found
                .push(Diagnostic::error("queue-type", &given.key_span, message).help(help));
        }
        self.not_of_mirrors(table);
        Keeping::Mirrored {
            master: MemberId(first),
            mirrors: in_turn.skip(1).take(usize::from(count)).collect(),
            promote: mirrors::promotion(table.get("promote").and_then(Tree::text)),
            is_synced_at_once: mirrors::is_synced_at_once(table.get("mirror_sync").and_then(Tree::text)),
        }
    }

    /// Refuses what no queue with mirrors is.
    fn not_of_mirrors(&mut self, queue: &Table) {
        if let Some(entry) = queue.entry("exclusive") {
            let message = text!(NotWithMirrors, entry.key);
            let help = Phrase::WithoutMirrors;
            self.found
                .push(Diagnostic::error("cluster", &entry.key_span, message).help(help));
        }
    }

    /// The number of the node at which a queue begins.
    fn home(&mut self, queue: &Table) -> u8 {
        let Some(tree) = queue.get("node") else { return 0 };
        let pick = |named| match named {
            Named::Member(node) => Some(node),
            _ => None,
        };
        let found = self
            .names
            .resolve_tree(tree, Phrase::ANodeOfACluster, pick, &mut self.found);
        let Some(number) = found.and_then(|node| self.number_in_cluster(node)) else {
            return 0;
        };
        number
    }

    /// Which member of the RabbitMQ cluster a node is.
    fn number_in_cluster(&self, node: NodeId) -> Option<u8> {
        let is_rabbit = |declared: &crate::names::Declared<'_>| declared.kind == crate::names::Kind::Rabbit;
        let cluster = self.names.nodes.iter().position(is_rabbit)?;
        let behind = usize::from(node.0).checked_sub(cluster + 1)?;
        u8::try_from(behind).ok()
    }

    /// How many copies a queue has, which need as many nodes, beside `others`.
    fn copies(&mut self, table: &Table, key: &str, nodes: u8, others: u8) -> Option<u8> {
        let tree = table.get(key)?;
        // A queue may begin with no mirrors.
        let count = read::integer(tree, 1 - u64::from(others), u64::MAX).ok()?;
        let most = nodes - others;
        if count > u64::from(most) {
            let message = text!(TooManyCopies, count + u64::from(others), u64::from(nodes));
            self.error("replicas", tree, message);
        }
        Some(count.min(u64::from(most)) as u8)
    }

    /// Refuses what works with one node only.
    pub(super) fn not_in_a_cluster(&mut self, table: &Table, keys: &[&str]) {
        if !self.has_rabbit_cluster() {
            return;
        }
        for entry in keys.iter().filter_map(|key| table.entry(key)) {
            self.refuse_in_cluster(entry);
        }
    }

    fn refuse_in_cluster(&mut self, entry: &Entry) {
        let message = text!(NotInACluster, entry.key);
        let help = Phrase::WithOneNode;
        self.found
            .push(Diagnostic::error("cluster", &entry.key_span, message).help(help));
    }

    fn has_rabbit_cluster(&self) -> bool {
        let brokers = self.names.nodes.iter();
        let mut rabbits = brokers.filter(|declared| declared.kind == crate::names::Kind::Rabbit);
        rabbits.any(|declared| declared.entry.tree.table().is_some_and(|table| rabbit_nodes(table) > 1))
    }
}
