//! Clocks that are not right, and what goes by them.

use super::Build;
use crate::diagnostic::Diagnostic;
use crate::names::Named;
use crate::phrase::{Phrase, Text, text};
use crate::read;
use crate::tree::{Entry, Table, Tree};
use mqlab_engine::plan::{Lease, NodeKind, Plan, RowTest, ServicePlan, StepPlan};
use mqlab_kernel::SimSpan;
use mqlab_model::{NodeId, Skew};

impl Build<'_> {
    /// The clocks that are wrong from the start.
    pub(super) fn clocks(&mut self) -> Vec<(NodeId, Skew)> {
        let root = self.root;
        let mut clocks = Vec::new();
        for entry in root.within("clock") {
            let path = (entry.key.as_str(), &entry.key_span);
            let Some(node) = self.names.resolve(path, Phrase::ANode, Named::node, &mut self.found) else {
                continue;
            };
            let table = entry.tree.table();
            let value = |key: &str| table.and_then(|table| table.get(key));
            let skew = Skew {
                offset: value("offset").and_then(|tree| read::offset(tree).ok()).unwrap_or(0),
                drift: value("drift").and_then(|tree| read::drift(tree).ok()).unwrap_or(0),
            };
            clocks.push((node, skew));
        }
        clocks
    }

    /// Whether the clocks that are spoken of matter, and what goes by them can.
    pub(super) fn check_clocks(&mut self, plan: &Plan) {
        let root = self.root;
        let named: Vec<(NodeId, &Entry)> = (plan.clocks.iter().map(|(node, _)| *node))
            .zip(root.within("clock"))
            .collect();
        for (node, entry) in named {
            let name = self.names.node_name(node);
            if Self::has_no_clock(plan, node) {
                let message = text!(NoClockOfItsOwn, name);
                let help = Phrase::WhoHasClocks;
                self.found
                    .push(Diagnostic::error("bad-clock", &entry.key_span, message).help(help));
            } else if !reads_clock(plan, node) {
                let message = text!(ClockUnused, name);
                let help = Phrase::WhatGoesByClocks;
                self.found
                    .push(Diagnostic::warning("unused-clock", &entry.key_span, message).help(help));
            }
        }
        for node in (0..plan.nodes.len()).filter_map(|index| u16::try_from(index).ok()) {
            if let NodeKind::Service(service) = &plan.nodes[usize::from(node)].kind {
                self.check_stamps(plan, NodeId(node), service);
            }
        }
    }

    fn has_no_clock(plan: &Plan, node: NodeId) -> bool {
        match &plan.nodes[usize::from(node.0)].kind {
            NodeKind::Broker(_) | NodeKind::Member(_) => true,
            NodeKind::Load(load) => !load.is_timer,
            NodeKind::Service(_) | NodeKind::Table(_) => false,
        }
    }

    /// A stamp is of one row, and stands as soon as the row does.
    fn check_stamps(&mut self, plan: &Plan, node: NodeId, service: &ServicePlan) {
        let stamped = |step: &StepPlan| step.writes().filter(|table| by_stamp(plan, *table));
        let mut covered = 0u16;
        for step in &service.steps {
            let in_transaction = covered > 0;
            covered = covered.saturating_sub(1);
            if let StepPlan::Begin { covers } = step {
                covered = *covers;
            }
            let Some(table) = stamped(step) else { continue };
            let (name, table) = (self.names.node_name(node), self.names.node_name(table));
            let message = match (in_transaction, service.merge) {
                (true, _) => text!(StampInTransaction, name, table),
                (_, Some(_)) => text!(StampTogether, name, table),
                _ => continue,
            };
            let declared = self.names.nodes.get(usize::from(node.0));
            let Some(span) = declared.map(|declared| declared.entry.key_span.clone()) else {
                continue;
            };
            self.found.push(Diagnostic::error("bad-step", &span, message));
        }
    }

    /// For how long a step claims a row, if not for ever.
    pub(super) fn lease(&mut self, step: &Table, in_transaction: bool) -> Option<Lease> {
        let by_table = step.get("lease_by").and_then(Tree::text) == Some("table");
        let Some(entry) = step.entry("lease") else {
            if let Some(by) = step.entry("lease_by") {
                let message = Phrase::LeaseByWithoutLease;
                self.found.push(Diagnostic::error("needs-key", &by.key_span, message));
            }
            return None;
        };
        let span = read::span(&entry.tree).ok()?;
        if span == SimSpan::ZERO {
            self.error("bad-value", &entry.tree, Phrase::ClaimOverAtOnce);
        }
        if in_transaction {
            let message = Phrase::LeaseInTransaction;
            self.found.push(Diagnostic::error("bad-step", &entry.key_span, message));
        }
        Some(Lease { span, by_table })
    }

    /// Whether what is written into a table stands by its stamp.
    pub(super) fn by_stamp(&mut self, name: &str, table: &Table, per_thing: bool) -> bool {
        let entry = table.entry("replace_by");
        let is_stamp = entry.and_then(|entry| entry.tree.text()) == Some("stamp");
        if let (Some(entry), true, false) = (entry, is_stamp, per_thing) {
            let message = text!(NothingReplaced, name);
            let help = Text::code(format!("table.{name}.per_thing = true"));
            self.found
                .push(Diagnostic::error("needs-key", &entry.key_span, message).help(help));
        }
        is_stamp
    }
}

fn by_stamp(plan: &Plan, table: NodeId) -> bool {
    matches!(&plan.nodes[usize::from(table.0)].kind, NodeKind::Table(table) if table.by_stamp)
}

/// Whether something that a node does goes by its clock.
pub(crate) fn reads_clock(plan: &Plan, node: NodeId) -> bool {
    match &plan.nodes[usize::from(node.0)].kind {
        NodeKind::Broker(_) | NodeKind::Member(_) => false,
        NodeKind::Load(load) => load.is_timer,
        NodeKind::Table(table) => table.expires.is_some() || is_judge(plan, node),
        NodeKind::Service(service) => {
            let steps = service.steps.iter();
            service.scan.is_some() || service.merge.is_some() || steps.into_iter().any(|step| goes_by_clock(plan, step))
        }
    }
}

/// Whether a table says when a claim is over.
fn is_judge(plan: &Plan, node: NodeId) -> bool {
    let judged = |step: &StepPlan| {
        let StepPlan::When { table, test, .. } = step else {
            return false;
        };
        *table == node && matches!(test, RowTest::Claim(Some(lease)) if lease.by_table)
    };
    plan.nodes.iter().any(|other| match &other.kind {
        NodeKind::Service(service) => service.steps.iter().any(judged),
        _ => false,
    })
}

fn goes_by_clock(plan: &Plan, step: &StepPlan) -> bool {
    match step {
        StepPlan::Call { patience, .. } => {
            patience.timeout.is_some() || patience.breaker.is_some() || !patience.backoff.is_zero()
        }
        StepPlan::Retry { pause, .. } => !pause.is_zero(),
        StepPlan::When { test, .. } => matches!(test, RowTest::Claim(Some(_))),
        _ => step.writes().is_some_and(|table| by_stamp(plan, table)),
    }
}
