//! Services and their steps.

use super::Build;
use crate::diagnostic::Diagnostic;
use crate::limits::{STEPS_MAX, TARGETS_MAX};
use crate::names::Named;
use crate::read;
use crate::tree::{Item, Table, Tree};
use mqlab_brokers::rabbitmq::{KeyId, QueueId};
use mqlab_engine::plan::{AckMode, ConsumePlan, ServicePlan, StepPlan, Target, Workers};
use mqlab_kernel::SimSpan;
use mqlab_model::NodeId;
use std::ops::Range;

impl Build<'_> {
    /// One service.
    pub(super) fn service(&mut self, table: &Table) -> ServicePlan {
        let consume_tree = table.get("consume");
        let consume = consume_tree
            .and_then(Tree::table)
            .and_then(|consume| self.consume(consume));
        let given = table.get("workers").and_then(|tree| read::workers(tree).ok());
        let default = if consume_tree.is_some() {
            Workers::Count(1)
        } else {
            Workers::Unlimited
        };
        let trees = table.elements("steps");
        let steps: Vec<Option<StepPlan>> = trees.iter().take(STEPS_MAX).map(|tree| self.step(tree)).collect();
        if steps.iter().all(Option::is_some) {
            self.acknowledgements(consume.as_ref(), consume_tree, trees, &steps);
        }
        let workers = given.unwrap_or(default);
        ServicePlan {
            consume,
            workers,
            bounds: self.bounds(table, workers),
            steps: steps.into_iter().flatten().collect(),
        }
    }

    fn consume(&mut self, table: &Table) -> Option<ConsumePlan> {
        let (broker, queue) = self.queue(table.get("queue")?)?;
        let prefetch = table
            .get("prefetch")
            .and_then(|tree| read::integer(tree, 0, u64::MAX).ok())
            .unwrap_or(0);
        let automatic = table.get("ack").and_then(Tree::text) == Some("auto");
        Some(ConsumePlan {
            broker,
            queue,
            prefetch: u32::try_from(prefetch).unwrap_or(u32::MAX),
            ack: if automatic { AckMode::Automatic } else { AckMode::Manual },
        })
    }

    /// The queue that a value names.
    pub(super) fn queue(&mut self, tree: &Tree) -> Option<(NodeId, QueueId)> {
        self.names.resolve_tree(tree, "a queue", as_queue, &mut self.found)
    }

    fn step(&mut self, tree: &Tree) -> Option<StepPlan> {
        let table = match &tree.item {
            Item::Text(word) => return plain_step(word),
            Item::Table(table) => table,
            _ => return None,
        };
        self.only_with(table, "publish", &["takes", "confirm", "key"]);
        self.only_with(table, "call", super::patience::KEYS);
        if let Some(work) = table.get("work") {
            return Some(StepPlan::Work(read::dist(work).ok()?));
        }
        if let Some(insert) = table.get("insert") {
            let pick = |named| match named {
                Named::Table(node) => Some(node),
                _ => None,
            };
            let node = self.names.resolve_tree(insert, "a table", pick, &mut self.found)?;
            return Some(StepPlan::Insert(node));
        }
        let flag = |key: &str, default| table.get(key).and_then(|tree| read::flag(tree).ok()).unwrap_or(default);
        if let Some(publish) = table.get("publish") {
            let to = self.targets(publish, |build, name| build.publish_target(name))?;
            let takes = table
                .get("takes")
                .and_then(|tree| read::span(tree).ok())
                .unwrap_or(SimSpan::ZERO);
            return Some(StepPlan::Publish {
                key: self.publish_key_of(table, publish, &to),
                to,
                takes,
                confirm: flag("confirm", false),
            });
        }
        if let Some(call) = table.get("call") {
            let services = self.targets(call, |build, name| {
                let pick = |named| match named {
                    Named::Service(node) => Some(node),
                    _ => None,
                };
                build.names.resolve(name, "a service", pick, &mut build.found)
            })?;
            return Some(StepPlan::Call {
                services,
                parallel: flag("parallel", false),
                patience: self.patience(table),
            });
        }
        let nack = table.get("nack")?.table()?;
        let requeue = nack
            .get("requeue")
            .and_then(|tree| read::flag(tree).ok())
            .unwrap_or(true);
        Some(StepPlan::Nack { requeue })
    }

    /// Keys that mean something beside one action only.
    fn only_with(&mut self, table: &Table, action: &str, keys: &[&str]) {
        if table.get(action).is_some() {
            return;
        }
        for key in keys {
            if let Some(entry) = table.entry(key) {
                let message = format!("`{key}` belongs to a `{action}` step");
                self.found.push(Diagnostic::error("bad-step", &entry.key_span, message));
            }
        }
    }

    /// The names of a publish or call step, all resolved.
    fn targets<T>(
        &mut self,
        tree: &Tree,
        resolve: impl Fn(&mut Self, (&str, &Range<usize>)) -> Option<T>,
    ) -> Option<Vec<T>> {
        let names = read::names(tree).ok()?;
        if names.is_empty() {
            self.error("bad-step", tree, "this step needs at least one name");
            return None;
        }
        if names.len() > TARGETS_MAX {
            self.error(
                "limit",
                tree,
                format!("{} names in one step, the limit is {TARGETS_MAX}", names.len()),
            );
            return None;
        }
        let resolved: Vec<Option<T>> = names.into_iter().map(|name| resolve(self, name)).collect();
        resolved.into_iter().collect()
    }

    fn publish_target(&mut self, name: (&str, &Range<usize>)) -> Option<Target> {
        let pick = |named: Named| named.target().filter(|target| !matches!(target, Target::Service(_)));
        self.names
            .resolve(name, "a queue or an exchange", pick, &mut self.found)
    }

    /// The routing key of a publish step: an exchange wants one.
    fn publish_key_of(&mut self, step: &Table, publish: &Tree, to: &[Target]) -> Option<KeyId> {
        let is_exchange = to.iter().any(|target| matches!(target, Target::Exchange { .. }));
        match (step.entry("key"), is_exchange) {
            (Some(entry), true) => self.intern(entry.tree.text()?, &entry.tree),
            (None, true) => {
                let message = "an exchange needs a `key` to route by";
                let help = "{ publish = \"orders\", key = \"created\" }";
                self.found
                    .push(Diagnostic::error("keys", &publish.span, message).help(help));
                None
            }
            (Some(entry), false) => {
                let message = "this `key` has no effect: only an exchange looks at keys";
                self.found.push(Diagnostic::warning("keys", &entry.key_span, message));
                None
            }
            (None, false) => None,
        }
    }

    /// A delivery is acknowledged once, by the steps or by nobody.
    fn acknowledgements(
        &mut self,
        consume: Option<&ConsumePlan>,
        consume_tree: Option<&Tree>,
        trees: &[Tree],
        steps: &[Option<StepPlan>],
    ) {
        let settles = |step: &Option<StepPlan>| matches!(step, Some(StepPlan::Ack | StepPlan::Nack { .. }));
        let settling: Vec<&Tree> = trees
            .iter()
            .zip(steps)
            .filter(|(_, step)| settles(step))
            .map(|(tree, _)| tree)
            .collect();
        let mode = consume.map(|consume| consume.ack);
        match (mode, settling.as_slice()) {
            (Some(AckMode::Manual), []) => {
                let Some(tree) = consume_tree else { return };
                let message = "no step acknowledges: every delivery stays unacknowledged for ever";
                let help = "add an \"ack\" step, or consume with ack = \"auto\"";
                self.found
                    .push(Diagnostic::warning("never-acknowledged", &tree.span, message).help(help));
            }
            (Some(AckMode::Manual), [_, second, ..]) => {
                let message = "a delivery can be acknowledged once; the broker would close the channel here";
                self.error("acknowledged-twice", second, message);
            }
            (Some(AckMode::Automatic), [first, ..]) => {
                let message =
                    "with ack = \"auto\" there is nothing to acknowledge; the broker would close the channel here";
                self.error("acknowledged-twice", first, message);
            }
            (None, [first, ..]) if consume_tree.is_none() => {
                let message = "this service consumes no queue, so there is nothing to acknowledge";
                self.found
                    .push(Diagnostic::warning("nothing-to-acknowledge", &first.span, message));
            }
            _ => {}
        }
        let mut answers = trees
            .iter()
            .zip(steps)
            .filter(|(_, step)| matches!(step, Some(StepPlan::Respond)));
        if let Some((second, _)) = answers.nth(1) {
            self.error("bad-step", second, "a call is answered once");
        }
    }
}

fn plain_step(word: &str) -> Option<StepPlan> {
    match word {
        "ack" => Some(StepPlan::Ack),
        "nack" => Some(StepPlan::Nack { requeue: true }),
        "respond" => Some(StepPlan::Respond),
        _ => None,
    }
}

fn as_queue(named: Named) -> Option<(NodeId, QueueId)> {
    match named {
        Named::Queue { broker, queue } => Some((broker, queue)),
        _ => None,
    }
}
