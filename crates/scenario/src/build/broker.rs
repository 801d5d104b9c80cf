//! RabbitMQ nodes.

use super::{Build, queue};
use crate::diagnostic::Diagnostic;
use crate::limits::{EXCHANGES_MAX, QUEUES_MAX};
use crate::names::Named;
use crate::phrase::Phrase;
use crate::read;
use crate::tree::{Table, Tree};
use mqlab_brokers::rabbitmq::{Config, ConfirmWhen, ExchangeConfig, ExchangeKind, MemoryPlan, QueueId, Version};
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
            let exchange = self.exchange_config(&entry.key, entry.tree.table());
            config.exchanges.push(exchange);
        }
        let queues = table.within("queue").iter().take(QUEUES_MAX);
        for entry in queues.clone() {
            let queue = self.queue_config(&entry.key, entry.tree.table());
            config.queues.push(queue);
        }
        if !policies.is_empty() {
            self.lay_policies(&mut config, policies, table);
        }
        for (entry, queue) in queues.zip(0..) {
            let empty = Table::default();
            let has_limit = has_limit(&config, QueueId(queue));
            self.queue_makes_sense(entry.tree.table().unwrap_or(&empty), config.version, has_limit);
        }
        config.disk = table.get("disk").and_then(Tree::table).map(disk);
        if table.get("confirm").and_then(Tree::text) == Some("synced") {
            config.confirm = ConfirmWhen::Synced;
        }
        config.memory = self.memory(table, config.version);
        self.bindings(table, &mut config);
        config.cluster = self.rabbit_cluster(table, config.version);
        config
    }

    /// How much memory it has, and from which part of it on the alarm is on.
    fn memory(&mut self, table: &Table, version: Version) -> Option<MemoryPlan> {
        let watermark = table.entry("watermark");
        let Some(memory) = table.get("memory") else {
            if let Some(entry) = watermark {
                let message = Phrase::WatermarkAlone;
                self.found.push(Diagnostic::warning("memory", &entry.key_span, message));
            }
            return None;
        };
        Some(MemoryPlan {
            bytes: read::bytes(memory).ok()?,
            watermark: match watermark {
                Some(entry) => read::share(&entry.tree).ok()?,
                None => default_watermark(version),
            },
        })
    }

    /// The exchange that gets what another one routes to nothing.
    pub(super) fn alternate(&mut self, table: &Table) -> Option<String> {
        let tree = table.get("alternate")?;
        self.names
            .resolve_tree(tree, Phrase::AnExchange, Named::exchange, &mut self.found)?;
        tree.text().map(str::to_owned)
    }

    fn exchange_config(&mut self, name: &str, table: Option<&Table>) -> ExchangeConfig {
        let mut exchange = ExchangeConfig::new(name, exchange_kind(table));
        exchange.alternate = table.and_then(|table| self.alternate(table));
        let delayed = table.and_then(|table| table.get("delayed"));
        exchange.is_delayed = delayed.is_some_and(|tree| read::flag(tree).unwrap_or(false));
        exchange
    }
}

/// Whether a queue may have too much: it says so itself, or a policy does that is for it,
/// set or not.
fn has_limit(config: &Config, id: QueueId) -> bool {
    let own = config.queues[usize::from(id.0)].arguments.as_ref();
    let policies = config.policies.iter().flat_map(|policies| policies.for_queue(id));
    let mut given = policies.map(|policy| &policy.definition);
    own.is_some_and(|own| own.max_length.or(own.max_length_bytes).is_some())
        || given.any(|given| given.max_length.or(given.max_length_bytes).is_some())
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
