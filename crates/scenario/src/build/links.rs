//! Connections that are not ideal.

use super::Build;
use crate::diagnostic::Diagnostic;
use crate::names::{Kind, Named};
use crate::phrase::{Phrase, text};
use crate::read;
use crate::tree::{Table, Tree};
use mqlab_engine::plan::{LinkPlan, Member, NodeKind, NodePlan, Plan, StepPlan, Target, Wear};
use mqlab_kernel::{Dist, SimSpan};
use mqlab_kernel::{SortedMap, SortedSet};
use mqlab_model::NodeId;

/// The two ends, the lower id first.
pub(super) fn pair(a: NodeId, b: NodeId) -> (NodeId, NodeId) {
    (a.min(b), a.max(b))
}

impl Build<'_> {
    /// Every connection with a delay, in the order of its ends.
    pub(super) fn links(&mut self, nodes: &[NodePlan]) -> Vec<LinkPlan> {
        let used = used_pairs(nodes);
        let mut roads = SortedMap::new();
        if let Some(general) = self.root.get("links").and_then(Tree::table) {
            let road = self.road(general);
            let is_broker = |node: NodeId| {
                let node = nodes.get(usize::from(node.0));
                node.is_some_and(|node| node.kind.broker().is_some())
            };
            let with_broker = used.iter().filter(|(a, b)| is_broker(*a) || is_broker(*b));
            roads.extend(with_broker.map(|ends| (*ends, road)));
        }
        self.inner_roads(&mut roads);
        let mut named = SortedSet::new();
        for entry in self.root.within("link") {
            let Some(table) = entry.tree.table() else { continue };
            let Some((a, b)) = self.ends(table) else { continue };
            let ends = pair(a, b);
            let road = self.road(table);
            if !named.insert(ends) {
                let message = text!(LinkTwice, entry.key);
                self.found
                    .push(Diagnostic::error("duplicate-link", &entry.key_span, message));
            }
            if !used.contains(&ends) && !self.found.has_errors() {
                let message = text!(LinkUnused, entry.key);
                self.found
                    .push(Diagnostic::warning("unused-link", &entry.key_span, message));
            }
            self.only_calls(table, nodes, ends);
            roads.insert(ends, road);
        }
        let plan = |((a, b), (latency, wear))| LinkPlan { a, b, latency, wear };
        roads.into_iter().map(plan).collect()
    }

    /// The connections between the nodes of a cluster.
    fn inner_roads(&self, roads: &mut SortedMap<(NodeId, NodeId), (Dist, Wear)>) {
        for (index, declared) in self.names.nodes.iter().enumerate() {
            let latency = declared.entry.tree.table().and_then(|table| table.get("latency"));
            let latency = latency.and_then(|tree| read::dist(tree).ok());
            if let (Kind::Kafka | Kind::Rabbit, Some(latency)) = (declared.kind, latency) {
                let cluster = NodeId(index as u16);
                roads.insert((cluster, cluster), (latency, Wear::NONE));
            }
        }
    }

    /// What calls do, nothing else does.
    fn only_calls(&mut self, link: &Table, nodes: &[NodePlan], (a, b): (NodeId, NodeId)) {
        let is_end = |node: NodeId| {
            let node = nodes.get(usize::from(node.0)).map(|node| &node.kind);
            matches!(node, Some(NodeKind::Load(_) | NodeKind::Service(_)))
        };
        if is_end(a) && is_end(b) {
            return;
        }
        for key in ["duplicate", "reorder"] {
            if let Some(entry) = link.entry(key) {
                let message = text!(AboutCallsOnly, key);
                let help = Phrase::WhatElseGoesWrong;
                self.found
                    .push(Diagnostic::error("bad-value", &entry.key_span, message).help(help));
            }
        }
    }

    /// What connections are like.
    fn road(&mut self, table: &Table) -> (Dist, Wear) {
        let latency = table.get("latency").and_then(|tree| read::dist(tree).ok());
        let loss = table
            .get("loss")
            .filter(|tree| read::share(tree).is_ok())
            .map(read::loss);
        let loss = loss.and_then(|loss| loss.map_err(|wrong| self.found.push(wrong.into())).ok());
        let resend = table.get("resend").and_then(|tree| read::span(tree).ok());
        let share = |key: &str| table.get(key).and_then(|tree| read::share(tree).ok()).unwrap_or(0);
        let wear = Wear {
            bandwidth: table.get("bandwidth").and_then(|tree| read::bandwidth(tree).ok()),
            loss: loss.unwrap_or(0),
            resend: resend.unwrap_or(Wear::NONE.resend),
            duplicate: share("duplicate"),
            reorder: share("reorder"),
        };
        (latency.unwrap_or(Dist::Constant(SimSpan::ZERO)), wear)
    }

    /// The two nodes of a link.
    pub(super) fn ends(&mut self, link: &Table) -> Option<(NodeId, NodeId)> {
        let between = link.get("between")?;
        let names = read::ends(between).ok()?;
        let [a, b] = names.map(|name| self.names.resolve(name, Phrase::ANode, Named::node, &mut self.found));
        let (a, b) = (a?, b?);
        if a == b {
            self.error("bad-value", between, Phrase::LinkOfOneNode);
            return None;
        }
        Some((a, b))
    }
}

/// Whether something passes between two nodes.
pub(crate) fn are_connected(plan: &Plan, a: NodeId, b: NodeId) -> bool {
    used_pairs(&plan.nodes).contains(&pair(a, b))
}

/// Every pair of nodes that something passes between. Who uses a cluster is
/// connected with the cluster, and with each of its brokers.
pub(super) fn used_pairs(nodes: &[NodePlan]) -> SortedSet<(NodeId, NodeId)> {
    let mut used = SortedSet::new();
    for (index, node) in nodes.iter().enumerate() {
        let id = NodeId(u16::try_from(index).unwrap_or(u16::MAX));
        match &node.kind {
            NodeKind::Load(load) => drop(used.insert(pair(id, load.to.node()))),
            NodeKind::Service(service) => {
                used.extend(service.consume.iter().map(|consume| pair(id, consume.broker)));
                used.extend(service.tables().map(|table| pair(id, table)));
                for step in &service.steps {
                    match step {
                        StepPlan::Publish { to, .. } => used.extend(to.iter().map(|to: &Target| pair(id, to.node()))),
                        StepPlan::Call { services, .. } => used.extend(services.iter().map(|called| pair(id, *called))),
                        _ => {}
                    }
                }
            }
            NodeKind::Broker(_) => {
                let members: Vec<NodeId> = members_of(nodes, id).collect();
                for one in &members {
                    let others = members.iter().filter(|other| one < *other);
                    used.extend(others.map(|other| pair(*one, *other)));
                }
            }
            NodeKind::Member(_) | NodeKind::Table(_) => {}
        }
    }
    let with_brokers: Vec<(NodeId, NodeId)> = used.iter().flat_map(|ends| in_full(nodes, *ends)).collect();
    used.extend(with_brokers);
    used
}

/// The nodes that a cluster consists of.
fn members_of(nodes: &[NodePlan], cluster: NodeId) -> impl Iterator<Item = NodeId> {
    let behind = (cluster.0 + 1..).zip(nodes.iter().skip(usize::from(cluster.0) + 1));
    let own = behind.take_while(move |(_, node)| matches!(node.kind, NodeKind::Member(member) if member.of == cluster));
    own.map(|(index, _)| NodeId(index))
}

/// The connections that one with a cluster consists of.
fn in_full(nodes: &[NodePlan], (a, b): (NodeId, NodeId)) -> Vec<(NodeId, NodeId)> {
    let is_broker = |node: &NodeId| match nodes.get(usize::from(node.0)).map(|node| &node.kind) {
        Some(NodeKind::Member(member)) => matches!(member.is, Member::Broker(_)),
        _ => false,
    };
    let with = |cluster: NodeId, other: NodeId| {
        let brokers = members_of(nodes, cluster).filter(is_broker);
        brokers.map(move |broker| pair(broker, other)).collect::<Vec<_>>()
    };
    let mut all = with(a, b);
    all.extend(with(b, a));
    all
}
