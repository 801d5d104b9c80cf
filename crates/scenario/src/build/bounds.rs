//! How much a service can bear.

use super::Build;
use crate::diagnostic::Diagnostic;
use crate::keys::STRAINS;
use crate::limits::SAFE_INTEGER_MAX;
use crate::phrase::{Phrase, text};
use crate::read::{self, Read};
use crate::tree::{Table, Tree};
use mqlab_engine::plan::{Bounds, NodeKind, Plan, StepPlan, Strain, Target, Workers};
use mqlab_model::NodeId;

/// Reads what a service does when it is asked for more than it can bear.
pub(crate) fn strain(tree: &Tree) -> Read<Strain> {
    Ok(match read::choice(tree, STRAINS)? {
        "dies" => Strain::Dies,
        "slows" => Strain::Slows,
        "blacklists" => Strain::Blacklists,
        _ => Strain::Refuses,
    })
}

/// How it is written.
pub(crate) fn strain_word(strain: Strain) -> &'static str {
    match strain {
        Strain::Refuses => "refuses",
        Strain::Dies => "dies",
        Strain::Slows => "slows",
        Strain::Blacklists => "blacklists",
    }
}

impl Build<'_> {
    /// The bounds of one service.
    pub(super) fn bounds(&mut self, table: &Table, workers: Workers) -> Bounds {
        let queue = table.entry("queue");
        let overload = table.entry("overload");
        if let (Some(entry), Workers::Unlimited) = (queue.or(overload), workers) {
            let message = text!(NothingWaitsWithoutWorkers, entry.key);
            let help = Phrase::GiveWorkers;
            let finding = Diagnostic::error("no-bound", &entry.key_span, message).help(help);
            self.found.push(finding);
        } else if let (Some(entry), None) = (overload, queue) {
            let message = Phrase::NoOverloadWithoutLimit;
            let help = Phrase::SayHowManyWait;
            let finding = Diagnostic::error("no-bound", &entry.key_span, message).help(help);
            self.found.push(finding);
        }
        let number = |key: &str| {
            let tree = table.get(key)?;
            read::integer(tree, 0, SAFE_INTEGER_MAX).ok()
        };
        Bounds {
            queue: number("queue").map(|most| u32::try_from(most).unwrap_or(u32::MAX)),
            overload: overload.and_then(|entry| strain(&entry.tree).ok()).unwrap_or_default(),
            admits: number("admits"),
        }
    }

    /// Bounds hold for calls: where nobody calls they change nothing, unless it
    /// dies of what is pushed.
    pub(super) fn unused_bounds(&mut self, plan: &Plan) {
        for (index, declared) in self.names.nodes.iter().enumerate() {
            let Some(NodeKind::Service(service)) = plan.nodes.get(index).map(|node| &node.kind) else {
                continue;
            };
            if service.bounds == Bounds::default() || is_called(NodeId(index as u16), plan) {
                continue;
            }
            let table = declared.entry.tree.table();
            let dies = service.consume.is_some() && service.bounds.overload == Strain::Dies;
            let entry = ["queue", "admits"]
                .iter()
                .filter(|key| !dies || **key != "queue")
                .find_map(|key| table.and_then(|table| table.entry(key)));
            if let Some(entry) = entry {
                let message = text!(NobodyCalls, declared.entry.key, entry.key);
                let help = Phrase::PushedIsLimited;
                let finding = Diagnostic::warning("no-bound", &entry.key_span, message).help(help);
                self.found.push(finding);
            }
        }
    }
}

/// Whether a load or a step of another service calls this one.
fn is_called(service: NodeId, plan: &Plan) -> bool {
    plan.nodes.iter().any(|node| match &node.kind {
        NodeKind::Load(load) => load.to == Target::Service(service),
        NodeKind::Service(caller) => caller.steps.iter().any(|step| match step {
            StepPlan::Call { services, .. } => services.contains(&service),
            _ => false,
        }),
        NodeKind::Broker(_) | NodeKind::Member(_) | NodeKind::Table(_) => false,
    })
}
