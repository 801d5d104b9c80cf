//! What a service takes on together, and what it keeps in order.

use super::Build;
use super::steps::Steps;
use crate::diagnostic::Diagnostic;
use crate::limits::MERGE_MAX;
use crate::phrase::{Phrase, Text, text};
use crate::read;
use crate::tree::{Table, Tree};
use mqlab_engine::plan::{MergePlan, NodeKind, Plan, StepPlan, Workers};
use mqlab_kernel::SimSpan;
use mqlab_model::NodeId;

/// Confirms that one worker can wait for: a bit each in a word.
const CONFIRMS_MAX: u64 = 64;

impl Build<'_> {
    /// What a service takes on together.
    pub(super) fn merge(&mut self, service: &Table, steps: &Steps<'_>) -> Option<MergePlan> {
        let entry = service.entry("merge")?;
        let table = entry.tree.table()?;
        let most = table
            .get("most")
            .and_then(|tree| read::integer(tree, 1, MERGE_MAX).ok());
        let wait = table.get("wait").and_then(|tree| read::span(tree).ok());
        for (step, tree) in &steps.steps {
            self.merged_step(step, tree, most);
        }
        let consume = service.get("consume").and_then(Tree::table);
        let prefetch = consume.and_then(|consume| consume.get("prefetch"));
        let allowed = prefetch.and_then(|tree| read::integer(tree, 0, u64::MAX).ok());
        if let (Some(most), Some(allowed @ 1..), Some(tree)) = (most, allowed, prefetch)
            && allowed < most
        {
            let message = text!(NeverThatManyMerged, allowed, most);
            let help = text!(PrefetchOrMore, most);
            self.found
                .push(Diagnostic::warning("bad-value", &tree.span, message).help(help));
        }
        Some(MergePlan {
            most: most
                .and_then(|most| u32::try_from(most).ok())
                .unwrap_or(MERGE_MAX as u32),
            wait: wait.unwrap_or(SimSpan::ZERO),
            by_thing: table.get("by").and_then(Tree::text) == Some("thing"),
        })
    }

    /// Whether a step can be done once for several messages.
    fn merged_step(&mut self, step: &StepPlan, tree: &Tree, most: Option<u64>) {
        match step {
            StepPlan::When { .. } => {
                let message = Phrase::StepsMayDiffer;
                let help = Phrase::SkipLeavesOut;
                self.found
                    .push(Diagnostic::error("bad-step", &tree.span, message).help(help));
            }
            StepPlan::Publish { to, confirm: true, .. } => {
                let confirms = (to.len() as u64).saturating_mul(most.unwrap_or(MERGE_MAX));
                if confirms > CONFIRMS_MAX {
                    let message = text!(TooManyConfirms, CONFIRMS_MAX, confirms);
                    let help = Text::code(format!("merge.most = {}", CONFIRMS_MAX / (to.len() as u64).max(1)));
                    self.found
                        .push(Diagnostic::error("bad-step", &tree.span, message).help(help));
                }
            }
            _ => {}
        }
    }

    /// Whether each worker has a queue of its own.
    pub(super) fn keeps_order(&mut self, service: &Table, workers: Workers) -> bool {
        let Some(entry) = service.entry("keep_order") else {
            return false;
        };
        if !read::flag(&entry.tree).unwrap_or(false) {
            return false;
        }
        if let Workers::Unlimited = workers {
            let message = Phrase::WhoDoesWhat;
            let help = Text::code("workers = 4");
            self.found
                .push(Diagnostic::error("no-bound", &entry.key_span, message).help(help));
        }
        if service.get("merge").is_some() {
            let message = Phrase::OrderAndMerge;
            self.found
                .push(Diagnostic::error("bad-value", &entry.key_span, message));
        }
        true
    }

    /// What goes by things is idle where nothing says what messages are about.
    pub(super) fn unused_things(&mut self, plan: &Plan) {
        let says = |node: &mqlab_engine::plan::NodePlan| match &node.kind {
            NodeKind::Load(load) => load.things.is_some(),
            _ => false,
        };
        if plan.nodes.iter().any(says) {
            return;
        }
        for (index, node) in plan.nodes.iter().enumerate() {
            let key = match &node.kind {
                NodeKind::Service(service) if service.keeps_order => "keep_order",
                NodeKind::Service(service) if service.merge.is_some_and(|merge| merge.by_thing) => "merge",
                NodeKind::Table(table) if table.per_thing => "per_thing",
                _ => continue,
            };
            let declared = self
                .names
                .nodes
                .get(index)
                .and_then(|declared| declared.entry.tree.table());
            if let Some(entry) = declared.and_then(|table| table.entry(key)) {
                let name = self.names.node_name(NodeId(index as u16));
                let message = text!(AboutItself, name);
                let help = Text::code("load.NAME.things = 100");
                let finding = Diagnostic::warning("needs-key", &entry.key_span, message).help(help);
                self.found.push(finding);
            }
        }
    }
}
