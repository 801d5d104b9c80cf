//! Faults of `[[at]]`: crashes, disks, and what happens to connections.

use super::Build;
use super::links::used_pairs;
use crate::diagnostic::Diagnostic;
use crate::names::Named;
use crate::phrase::{Phrase, text};
use crate::read::{self, Way};
use crate::suggest::shown;
use crate::tree::{Table, Tree};
use mqlab_engine::plan::{Command, Plan};
use mqlab_kernel::SortedMap;
use mqlab_model::NodeId;

impl Build<'_> {
    /// The commands of the fault that an entry may be.
    pub(super) fn faults(&mut self, entry: &Table, plan: &Plan) -> Vec<Command> {
        let mut all: Vec<Command> = Vec::new();
        if let (Some(kind), None) = (entry.entry("kind"), entry.get("crash")) {
            let message = Phrase::KindWithoutCrash;
            self.found.push(Diagnostic::error("one-of", &kind.key_span, message));
        }
        if let Some(crash) = entry.get("crash") {
            all.extend(self.crash(crash, entry.get("kind"), plan));
        }
        for (action, command) in [
            ("disk_full", Command::FillDisk as fn(NodeId) -> Command),
            ("disk_free", Command::FreeDisk),
        ] {
            if let Some(tree) = entry.get(action) {
                all.extend(self.broker(tree).map(command));
            }
        }
        if let Some(way) = entry.get("cut").and_then(|tree| read::way(tree).ok()) {
            all.extend(self.cut(way, plan));
        }
        if let Some(tree) = entry.get("partition") {
            all.extend(self.partition(tree, plan));
        }
        match entry.get("heal").map(read::ends_or_all) {
            Some(Ok(Some([first, second]))) => {
                let ends = self.connected(first, second, plan);
                all.extend(ends.map(|(a, b)| Command::Heal { a, b }));
            }
            Some(Ok(None)) => {
                let everything = used_pairs(&plan.nodes).into_iter();
                all.extend(everything.map(|(a, b)| Command::Heal { a, b }));
            }
            _ => {}
        }
        all
    }

    fn crash(&mut self, tree: &Tree, kind: Option<&Tree>, plan: &Plan) -> Option<Command> {
        let node = self
            .names
            .resolve_tree(tree, Phrase::ANode, Named::node, &mut self.found)?;
        match kind.and_then(Tree::text) {
            Some("power") => {
                self.ideal_disk(kind?, node, plan);
                Some(Command::PowerCut(node))
            }
            Some("disk") => Some(Command::DiskLost(node)),
            _ => Some(Command::Crash(node)),
        }
    }

    /// On an ideal disk everything is synced: a cut of the power is no more
    /// than a killed process.
    fn ideal_disk(&mut self, kind: &Tree, node: NodeId, plan: &Plan) {
        let Some(broker) = plan.nodes.get(usize::from(node.0)).and_then(|node| node.kind.broker()) else {
            return;
        };
        if broker.disk().is_none() {
            let name = self.names.node_name(node);
            let message = text!(IdealDisk, name);
            let help = text!(DiskThatSyncs, name);
            self.found
                .push(Diagnostic::warning("ideal-disk", &kind.span, message).help(help));
        }
    }

    fn broker(&mut self, tree: &Tree) -> Option<NodeId> {
        let pick = |named| match named {
            Named::Broker(node) | Named::Member(node) => Some(node),
            _ => None,
        };
        self.names.resolve_tree(tree, Phrase::ABroker, pick, &mut self.found)
    }

    fn cut(&mut self, way: Way<'_>, plan: &Plan) -> Option<Command> {
        Some(match way {
            Way::Both([first, second]) => {
                let (a, b) = self.connected(first, second, plan)?;
                Command::Cut { a, b }
            }
            Way::From(from, to) => {
                let (from, to) = self.connected(from, to, plan)?;
                Command::CutOneWay { from, to }
            }
        })
    }

    /// Cuts between all groups.
    fn partition(&mut self, tree: &Tree, plan: &Plan) -> Vec<Command> {
        let Ok(groups) = read::groups(tree) else {
            return Vec::new();
        };
        let mut group_of: SortedMap<NodeId, usize> = SortedMap::new();
        for (index, group) in groups.iter().enumerate() {
            for name in group {
                let Some(node) = self.names.resolve(*name, Phrase::ANode, Named::node, &mut self.found) else {
                    continue;
                };
                if group_of.insert(node, index).is_some() {
                    let message = text!(TwiceInGroups, shown(name.0));
                    self.found.push(Diagnostic::error("bad-value", name.1, message));
                }
            }
        }
        let apart = |(a, b): &(NodeId, NodeId)| match (group_of.get(a), group_of.get(b)) {
            (Some(one), Some(other)) => one != other,
            _ => false,
        };
        let cuts: Vec<Command> = used_pairs(&plan.nodes)
            .into_iter()
            .filter(apart)
            .map(|(a, b)| Command::Cut { a, b })
            .collect();
        if cuts.is_empty() && !self.found.has_errors() {
            let message = Phrase::NothingCut;
            self.found
                .push(Diagnostic::warning("no-connection", &tree.span, message));
        }
        cuts
    }
}
