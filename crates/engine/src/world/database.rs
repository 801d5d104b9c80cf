//! Databases: tables that live and die together.

use super::build::Builder;
use crate::node::StoreParts;
use crate::plan::{Expects, NodeKind, Plan, StepPlan, TablePlan};
use crate::things::Things;
use alloc::rc::Rc;
use alloc::vec::Vec;
use mqlab_model::{NodeId, PlaceId, SourceId};

/// The other tables of the database that `node` is a table of.
pub(super) fn others(plan: &Plan, node: NodeId) -> Vec<NodeId> {
    let database = |node: usize| match plan.nodes[node].kind {
        NodeKind::Table(table) => table.database,
        _ => None,
    };
    let Some(ours) = database(usize::from(node.0)) else {
        return Vec::new();
    };
    let nodes = (0..plan.nodes.len()).filter(|other| database(*other) == Some(ours));
    nodes
        .map(|other| NodeId(other as u16))
        .filter(|other| *other != node)
        .collect()
}

/// The nodes that live and die with a node: the other tables of its database,
/// or the members of the cluster that it is the name of.
pub(super) fn fellows(plan: &Plan, node: NodeId) -> Vec<NodeId> {
    let members = plan.members(node).filter(|member| *member != node);
    members.chain(others(plan, node)).collect()
}

/// Every pair of tables of one database.
pub(super) fn database_pairs(plan: &Plan) -> Vec<(NodeId, NodeId)> {
    let mut pairs = Vec::new();
    for node in (0..plan.nodes.len()).map(|index| NodeId(index as u16)) {
        let others = others(plan, node).into_iter().filter(|other| *other > node);
        pairs.extend(others.map(|other| (node, other)));
    }
    pairs
}

impl Builder<'_> {
    /// What a table needs to keep its rows; `None` if nobody looks at them
    /// again.
    pub(super) fn store(&self, id: NodeId, table: &TablePlan) -> Option<StoreParts> {
        let is_used = self.plan.nodes.iter().any(|node| match &node.kind {
            NodeKind::Service(service) => {
                let scanned = service.scan.is_some_and(|scan| scan.table == id);
                let has_transactions = service.steps.iter().any(|step| matches!(step, StepPlan::Begin { .. }));
                let steps = service.steps.iter().filter(|step| step.table() == Some(id));
                let looks = |step: &StepPlan| has_transactions || !matches!(step, StepPlan::Insert(_));
                scanned || steps.into_iter().any(looks)
            }
            _ => false,
        });
        let keeps = is_used || table.unique || table.per_thing || table.expires.is_some();
        keeps.then(|| StoreParts {
            peers: self.ports.peers(id).iter().map(|peer| PlaceId(peer.0)).collect(),
            members: others(self.plan, id)
                .into_iter()
                .map(|other| self.ports.to(id, other))
                .collect(),
            roots: self.roots(),
            things: table.per_thing.then(|| Things::of(self.plan, &self.sources)),
            unique: table.unique,
            expires: table.expires,
            by_stamp: table.by_stamp,
            is_copy: matches!(table.expects, Some(Expects::Table(_))),
        })
    }

    fn roots(&self) -> Rc<[SourceId]> {
        (0..self.sources.len() as u16)
            .map(|source| self.sources.root(SourceId(source)))
            .collect()
    }
}
