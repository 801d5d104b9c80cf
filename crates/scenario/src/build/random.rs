//! `[faults.random]`: faults that are drawn.

use super::Build;
use super::links::used_pairs;
use crate::diagnostic::Diagnostic;
use crate::keys::CRASHES;
use crate::limits::AT_MAX;
use crate::names::Named;
use crate::phrase::{Phrase, text};
use crate::read;
use crate::suggest::{did_you_mean, shown};
use crate::tree::{Entry, Table, Tree};
use mqlab_engine::plan::{Chance, NodeKind, Plan, RandomFaults, Targets, Wrong};
use mqlab_kernel::SimTime;
use mqlab_model::{Crash, NodeId};
use std::ops::Range;

impl Build<'_> {
    /// What a variant leaves to chance.
    pub(crate) fn random_faults(&mut self, plan: &Plan) -> Option<RandomFaults> {
        let faults = self.root.get("faults").and_then(Tree::table);
        let entry = faults.and_then(|faults| faults.entry("random"))?;
        self.settings(entry, entry.tree.table()?, plan)
    }

    /// Says whether it is too much, once it is known what changes of it.
    pub(crate) fn limit_random_faults(&mut self, plan: &Plan) {
        let faults = self.root.get("faults").and_then(Tree::table);
        let Some(entry) = faults.and_then(|faults| faults.entry("random")) else {
            return;
        };
        if plan.at_random(AT_MAX.saturating_sub(plan.commands.len())).is_none() {
            let message = text!(TooManyRandom, AT_MAX);
            self.found.push(Diagnostic::error("limit", &entry.key_span, message));
        }
    }

    fn settings(&mut self, entry: &Entry, table: &Table, plan: &Plan) -> Option<RandomFaults> {
        let time = |key: &str| table.get(key).map(read::time);
        let start = time("start").transpose().ok()?.unwrap_or(SimTime::ZERO);
        let stop = time("stop")?.ok()?;
        self.instants(table, (start, stop), plan);
        if Wrong::ALL.iter().all(|kind| table.get(kind.word()).is_none()) {
            let kinds = Wrong::ALL.map(|kind| format!("`{}`", kind.word())).join(", ");
            let message = text!(RandomNeedsOne, kinds);
            self.found.push(Diagnostic::error("one-of", &entry.key_span, message));
        }
        let mut settings = RandomFaults::none(start, stop);
        settings.targets = of_nodes(usual_nodes(plan), plan);
        for one in table.entries() {
            let inner = one.tree.table().filter(|_| Wrong::named(&one.key).is_some());
            match inner {
                Some(kind) => {
                    for inner in kind.entries() {
                        let key = format!("{}.{}", one.key, inner.key);
                        self.set_one(&mut settings, &key, &inner.tree, plan);
                    }
                }
                None => self.set_one(&mut settings, &one.key, &one.tree, plan),
            }
        }
        Some(settings)
    }

    /// What cannot be read is known to be wrong by its key already.
    fn set_one(&mut self, settings: &mut RandomFaults, key: &str, tree: &Tree, plan: &Plan) {
        match self.chance(key, tree, plan) {
            Some(Ok(change)) => settings.set(change),
            // That nothing at all gets through is said of no other key.
            Some(Err(wrong)) if key == "loss.share" && read::share(tree).is_ok() => self.found.push(wrong.into()),
            _ => {}
        }
    }

    /// A change of a setting by its key below `faults.random`; `None` if there is no such key.
    pub(super) fn chance(&mut self, key: &str, tree: &Tree, plan: &Plan) -> Option<read::Read<Chance>> {
        Some(match key {
            "nodes" => read::texts(tree).map(|names| Chance::Targets(of_nodes(self.concerned(names), plan))),
            "crash.kinds" => read::texts(tree).map(|names| Chance::Crashes(self.crashes(tree, names))),
            key => return crate::chance::read(key, tree),
        })
    }

    /// There must be a time for faults, and should be one after them.
    fn instants(&mut self, table: &Table, (start, stop): (SimTime, SimTime), plan: &Plan) {
        let Some(tree) = table.get("stop") else { return };
        if stop <= start {
            self.error("bad-value", tree, Phrase::RandomStopsBeforeStart);
        }
        if stop >= plan.until {
            let message = Phrase::EndsBeforeWell;
            let help = Phrase::GoOnAfterStop;
            self.found
                .push(Diagnostic::warning("too-late", &tree.span, message).help(help));
        }
    }

    /// The nodes that may be concerned.
    fn concerned(&mut self, names: Vec<(&str, &Range<usize>)>) -> Vec<NodeId> {
        let mut nodes = Vec::new();
        for name in names {
            let node = self.names.resolve(name, Phrase::ANode, Named::node, &mut self.found);
            nodes.extend(node.filter(|node| !nodes.contains(node)));
        }
        nodes
    }

    fn crashes(&mut self, tree: &Tree, names: Vec<(&str, &Range<usize>)>) -> Vec<Crash> {
        if names.is_empty() {
            self.error("bad-value", tree, Phrase::CrashNeedsKind);
        }
        let mut found = Vec::new();
        for (name, span) in names {
            match CRASHES.iter().position(|known| *known == name) {
                Some(0) => found.push(Crash::Killed),
                Some(1) => found.push(Crash::Power),
                Some(_) => found.push(Crash::Disk),
                None => {
                    let message = text!(NoSuchCrash, shown(name));
                    let help = did_you_mean(name, CRASHES.iter().copied());
                    let help = help.or_else(|| Some(text!(ThereIs, CRASHES.join(", ")).into()));
                    self.found
                        .push(Diagnostic::error("bad-value", span, message).maybe_help(help));
                }
            }
        }
        found
    }
}

/// The nodes that are concerned if none are named: what runs for others.
fn usual_nodes(plan: &Plan) -> Vec<NodeId> {
    let all = (0..).map(NodeId).zip(&plan.nodes);
    let is_usual = |kind: &NodeKind| match kind {
        // A cluster is what it consists of.
        NodeKind::Broker(broker) => broker.members().is_empty(),
        NodeKind::Member(_) | NodeKind::Service(_) => true,
        NodeKind::Load(_) | NodeKind::Table(_) => false,
    };
    let usual = all.filter(|(_, node)| is_usual(&node.kind));
    usual.map(|(id, _)| id).collect()
}

/// Nodes with the connections among them.
fn of_nodes(nodes: Vec<NodeId>, plan: &Plan) -> Targets {
    let among = |(a, b): &(NodeId, NodeId)| nodes.contains(a) && nodes.contains(b);
    let connections = used_pairs(&plan.nodes).into_iter().filter(among).collect();
    Targets { nodes, connections }
}
