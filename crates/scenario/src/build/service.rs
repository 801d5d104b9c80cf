//! Services and their steps.

use super::Build;
use super::keys::is_topic;
use super::steps::Steps;
use crate::diagnostic::Diagnostic;
use crate::limits::TARGETS_MAX;
use crate::names::Named;
use crate::phrase::{Phrase, Text, text};
use crate::read;
use crate::tree::{Item, Table, Tree};
use mqlab_brokers::rabbitmq::QueueId;
use mqlab_engine::plan::{ServicePlan, StepPlan, Target, Workers};
use mqlab_kernel::SimSpan;
use mqlab_model::{KeyId, NodeId};
use std::ops::Range;

impl Build<'_> {
    /// One service.
    pub(super) fn service(&mut self, table: &Table) -> ServicePlan {
        let consume_tree = table.get("consume");
        let consume = consume_tree.and_then(|tree| self.consume(tree));
        let given = table.get("workers").and_then(|tree| read::workers(tree).ok());
        let default = if consume_tree.is_some() || table.get("scan").is_some() {
            Workers::Count(1)
        } else {
            Workers::Unlimited
        };
        let scan = self.scan(table);
        let mut steps = Steps::default();
        self.add_steps(table.elements("steps"), &mut steps);
        let main = steps.steps.len();
        let rest = table.elements("on_failure");
        let on_failure = (!rest.is_empty()).then_some(main + 1);
        if let Some(first) = rest.first() {
            steps.steps.push((StepPlan::Done, first));
            self.add_steps(rest, &mut steps);
        }
        if !steps.is_broken {
            let (main, rest) = steps.steps.split_at(main);
            self.acknowledgements(consume.as_ref(), consume_tree, main, rest);
        }
        self.asks_alone(table);
        let workers = given.unwrap_or(default);
        let merge = self.merge(table, &steps);
        let producers = self.producers(table, &steps);
        self.records_transactions(table, &steps, (consume.as_ref(), workers));
        ServicePlan {
            consume,
            producers,
            workers,
            bounds: self.bounds(table, workers),
            merge,
            keeps_order: self.keeps_order(table, workers),
            scan,
            steps: steps.steps.into_iter().map(|(step, _)| step).collect(),
            on_failure: on_failure.and_then(|first| u16::try_from(first).ok()),
        }
    }

    /// The queue that a value names.
    pub(super) fn queue(&mut self, tree: &Tree) -> Option<(NodeId, QueueId)> {
        self.names
            .resolve_tree(tree, Phrase::AQueue, Named::queue, &mut self.found)
    }

    pub(super) fn step(&mut self, tree: &Tree) -> Option<StepPlan> {
        let table = match &tree.item {
            Item::Text(word) => return plain_step(word),
            Item::Table(table) => table,
            _ => return None,
        };
        for (actions, keys) in [
            (&["publish"][..], &["takes", "confirm", "key"][..]),
            (&["call"], super::patience::KEYS),
            (&["insert"], &["on_duplicate"]),
            (&["update"], &["set"]),
            (&["unless", "claim", "attempts"], &["steps"]),
            (&["attempts"], &["pause"]),
            (&["claim"], &["lease", "lease_by"]),
            (&["transaction"], &["two_phase"]),
        ] {
            self.only_with(table, actions, keys);
        }
        if let Some(work) = table.get("work") {
            return Some(StepPlan::Work(read::dist(work).ok()?));
        }
        if let Some(fail) = table.get("fail") {
            return Some(StepPlan::Fail(read::failure(fail).ok()?));
        }
        if let Some(row_step) = self.row_step(tree, table) {
            return row_step;
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
                build.names.resolve(name, Phrase::AService, pick, &mut build.found)
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
    fn only_with(&mut self, table: &Table, actions: &[&str], keys: &[&str]) {
        if actions.iter().any(|action| table.get(action).is_some()) {
            return;
        }
        for key in keys {
            if let Some(entry) = table.entry(key) {
                let actions = actions.iter().map(|action| Text::code(format!("`{action}`")));
                let message = text!(KeyOfOtherStep, key, Text::joined(Phrase::Either, actions));
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
            self.error("bad-step", tree, Phrase::StepNeedsName);
            return None;
        }
        if names.len() > TARGETS_MAX {
            self.error("limit", tree, text!(TooManyNames, names.len(), TARGETS_MAX));
            return None;
        }
        let resolved: Vec<Option<T>> = names.into_iter().map(|name| resolve(self, name)).collect();
        resolved.into_iter().collect()
    }

    fn publish_target(&mut self, name: (&str, &Range<usize>)) -> Option<Target> {
        let pick = |named: Named| named.target().filter(|target| !matches!(target, Target::Service(_)));
        let wanted = Phrase::QueueExchangeOrTopic;
        self.names.resolve(name, wanted, pick, &mut self.found)
    }

    /// The routing key of a publish step, which an exchange wants, or the key of
    /// a record.
    fn publish_key_of(&mut self, step: &Table, publish: &Tree, to: &[Target]) -> Option<KeyId> {
        let takes_key = to.iter().any(Target::takes_key);
        let is_exchange = to.iter().any(|to| to.takes_key() && !is_topic(Some(*to)));
        match step.entry("key") {
            Some(entry) if takes_key => self.intern(entry.tree.text()?, &entry.tree),
            None if is_exchange => {
                let message = Phrase::ExchangeNeedsKey;
                let help = Text::code("{ publish = \"orders\", key = \"created\" }");
                self.found
                    .push(Diagnostic::error("keys", &publish.span, message).help(help));
                None
            }
            Some(entry) => {
                let message = Phrase::KeyUnused;
                self.found.push(Diagnostic::warning("keys", &entry.key_span, message));
                None
            }
            None => None,
        }
    }
}

fn plain_step(word: &str) -> Option<StepPlan> {
    match word {
        "ack" => Some(StepPlan::Ack),
        "nack" => Some(StepPlan::Nack { requeue: true }),
        "respond" => Some(StepPlan::Respond),
        "commit" => Some(StepPlan::Leave { commits: true }),
        "rollback" => Some(StepPlan::Leave { commits: false }),
        _ => None,
    }
}
