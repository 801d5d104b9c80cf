//! RabbitMQ nodes.

use super::policy::Policies;
use super::{Build, queue};
use crate::diagnostic::Diagnostic;
use crate::limits::{EXCHANGES_MAX, QUEUES_MAX};
use crate::names::Named;
use crate::phrase::Phrase;
use crate::read;
use crate::tree::{Table, Tree};
use mqlab_brokers::rabbitmq::{Config, ConfirmWhen, ExchangeConfig, ExchangeKind, Version};
use mqlab_model::DiskPlan;

impl Build<'_> {
    /// The definitions of one node. Its keys are filled in at the end.
    pub(super) fn rabbit(&mut self, table: &Table) -> Config {
        let mut config = Config::new();
        if let Some(version) = table.get("version").and_then(Tree::text) {
            config.version = queue::version(version);
        }
        let policies = self.policies(table);
        for entry in table.within("exchange").iter().take(EXCHANGES_MAX) {
            let exchange = self.exchange_config(&entry.key, entry.tree.table(), &policies);
            config.exchanges.push(exchange);
        }
        for entry in table.within("queue").iter().take(QUEUES_MAX) {
            let queue = self.queue_config(&entry.key, entry.tree.table(), config.version, &policies);
            config.queues.push(queue);
        }
        config.disk = table.get("disk").and_then(Tree::table).map(disk);
        if table.get("confirm").and_then(Tree::text) == Some("synced") {
            config.confirm = ConfirmWhen::Synced;
        }
        config.memory_limit = self.memory_limit(table, config.version);
        self.bindings(table, &mut config);
        config.cluster = self.rabbit_cluster(table, config.version);
        config
    }

    /// From how many bytes on the memory alarm is on.
    fn memory_limit(&mut self, table: &Table, version: Version) -> Option<u64> {
        let watermark = table.entry("watermark");
        let Some(memory) = table.get("memory") else {
            if let Some(entry) = watermark {
                let message = Phrase::WatermarkAlone;
                self.found.push(Diagnostic::warning("memory", &entry.key_span, message));
            }
            return None;
        };
        let memory = read::bytes(memory).ok()?;
        let share = match watermark {
            Some(entry) => read::share(&entry.tree).ok()?,
            None => default_watermark(version),
        };
        Some(((u128::from(memory) * u128::from(share)) >> 64) as u64)
    }

    /// The exchange that gets what another one routes to nothing.
    pub(super) fn alternate(&mut self, table: &Table) -> Option<String> {
        let tree = table.get("alternate")?;
        self.names
            .resolve_tree(tree, Phrase::AnExchange, Named::exchange, &mut self.found)?;
        tree.text().map(str::to_owned)
    }

    fn exchange_config(&mut self, name: &str, table: Option<&Table>, policies: &Policies) -> ExchangeConfig {
        let mut exchange = ExchangeConfig::new(name, exchange_kind(table));
        let own = table.and_then(|table| self.alternate(table));
        exchange.alternate = own.or_else(|| policies.alternate(name));
        let delayed = table.and_then(|table| table.get("delayed"));
        exchange.is_delayed = delayed.is_some_and(|tree| read::flag(tree).unwrap_or(false));
        exchange
    }
}

/// The type of an exchange.
pub(super) fn exchange_kind(table: Option<&Table>) -> ExchangeKind {
    match table.and_then(|table| table.get("type")).and_then(Tree::text) {
        Some("fanout") => ExchangeKind::Fanout,
        Some("topic") => ExchangeKind::Topic,
        Some("headers") => ExchangeKind::Headers,
        _ => ExchangeKind::Direct,
    }
}

/// A disk. What is not given takes no time and has no limit.
pub(super) fn disk(table: &Table) -> DiskPlan {
    let ideal = DiskPlan::IDEAL;
    let dist = |key: &str| table.get(key).and_then(|tree| read::dist(tree).ok());
    DiskPlan {
        write: dist("write").unwrap_or(ideal.write),
        bandwidth: table.get("bandwidth").and_then(|tree| read::bandwidth(tree).ok()),
        seek: table
            .get("seek")
            .and_then(|tree| read::span(tree).ok())
            .unwrap_or(ideal.seek),
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

/// `vm_memory_high_watermark` as a share of 2^64: 0.6 since 4.0, 0.4 before.
fn default_watermark(version: Version) -> u64 {
    let fifths = if version < Version::new(4, 0) { 2 } else { 3 };
    u64::MAX / 5 * fifths
}
