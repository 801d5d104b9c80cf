//! RabbitMQ nodes.

use super::Build;
use crate::diagnostic::Diagnostic;
use crate::limits::{BINDINGS_MAX, EXCHANGES_MAX, QUEUES_MAX};
use crate::names::Named;
use crate::read;
use crate::tree::{Table, Tree};
use mqlab_brokers::rabbitmq::{Binding, Config, ConfirmWhen, ExchangeConfig, ExchangeKind, QueueConfig};
use mqlab_model::DiskPlan;
use std::collections::BTreeSet;

impl Build<'_> {
    /// The definitions of one node. Its keys are filled in at the end.
    pub(super) fn rabbit(&mut self, table: &Table) -> Config {
        let mut config = Config::new();
        for entry in table.within("exchange").iter().take(EXCHANGES_MAX) {
            config
                .exchanges
                .push(ExchangeConfig::new(&entry.key, ExchangeKind::Direct));
        }
        for entry in table.within("queue").iter().take(QUEUES_MAX) {
            let durable = entry.tree.table().and_then(|queue| queue.get("durable"));
            config.queues.push(QueueConfig {
                durable: durable.and_then(|tree| read::flag(tree).ok()).unwrap_or(true),
                ..QueueConfig::new(&entry.key)
            });
        }
        config.disk = table.get("disk").and_then(Tree::table).map(disk);
        if table.get("confirm").and_then(Tree::text) == Some("synced") {
            config.confirm = ConfirmWhen::Synced;
        }
        let bindings = table.elements("binding");
        if let Some(first) = bindings.get(BINDINGS_MAX) {
            self.error(
                "limit",
                first,
                format!("{} bindings, the limit is {BINDINGS_MAX}", bindings.len()),
            );
        }
        let mut seen = BTreeSet::new();
        for tree in bindings.iter().take(BINDINGS_MAX) {
            let Some(binding) = self.binding(tree) else { continue };
            if !seen.insert((binding.exchange, binding.target, binding.key)) {
                let message = "this binding is there already; a broker ignores the second one";
                self.found
                    .push(Diagnostic::warning("duplicate-binding", &tree.span, message));
                continue;
            }
            config.bindings.push(binding);
        }
        config
    }

    fn binding(&mut self, tree: &Tree) -> Option<Binding> {
        let table = tree.table()?;
        let exchange = table.get("exchange").and_then(|tree| {
            self.names
                .resolve_tree(tree, "an exchange", Named::exchange, &mut self.found)
        });
        let queue_tree = table.get("queue")?;
        let (_, queue) = self.queue(queue_tree)?;
        let key = match table.get("key") {
            Some(key) => self.intern(key.text()?, key)?,
            None => self.intern(queue_tree.text()?, queue_tree)?,
        };
        Some(Binding::of_queue(exchange?, queue, key))
    }
}

/// A disk. What is not given takes no time and has no limit.
fn disk(table: &Table) -> DiskPlan {
    let ideal = DiskPlan::IDEAL;
    let dist = |key: &str| table.get(key).and_then(|tree| read::dist(tree).ok());
    DiskPlan {
        write: dist("write").unwrap_or(ideal.write),
        bandwidth: table.get("bandwidth").and_then(|tree| read::bandwidth(tree).ok()),
        sync: dist("sync").unwrap_or(ideal.sync),
        batch: table
            .get("batch")
            .and_then(|tree| read::integer(tree, 1, u64::MAX).ok()),
        interval: table
            .get("interval")
            .and_then(|tree| read::span(tree).ok())
            .unwrap_or(ideal.interval),
    }
}
