//! RabbitMQ nodes.

use super::{Build, queue};
use crate::limits::{EXCHANGES_MAX, QUEUES_MAX};
use crate::names::Named;
use crate::phrase::Phrase;
use crate::read;
use crate::tree::{Table, Tree};
use mqlab_brokers::rabbitmq::{Config, ConfirmWhen, ExchangeConfig, ExchangeKind};
use mqlab_model::DiskPlan;

impl Build<'_> {
    /// The definitions of one node. Its keys are filled in at the end.
    pub(super) fn rabbit(&mut self, table: &Table) -> Config {
        let mut config = Config::new();
        if let Some(version) = table.get("version").and_then(Tree::text) {
            config.version = queue::version(version);
        }
        for entry in table.within("exchange").iter().take(EXCHANGES_MAX) {
            let exchange = self.exchange_config(&entry.key, entry.tree.table());
            config.exchanges.push(exchange);
        }
        for entry in table.within("queue").iter().take(QUEUES_MAX) {
            let queue = self.queue_config(&entry.key, entry.tree.table());
            config.queues.push(queue);
        }
        config.disk = table.get("disk").and_then(Tree::table).map(disk);
        if table.get("confirm").and_then(Tree::text) == Some("synced") {
            config.confirm = ConfirmWhen::Synced;
        }
        self.bindings(table, &mut config);
        config
    }

    fn exchange_config(&mut self, name: &str, table: Option<&Table>) -> ExchangeConfig {
        let mut exchange = ExchangeConfig::new(name, exchange_kind(table));
        if let Some(tree) = table.and_then(|table| table.get("alternate")) {
            let known = self
                .names
                .resolve_tree(tree, Phrase::AnExchange, Named::exchange, &mut self.found);
            exchange.alternate = known.and_then(|_| tree.text()).map(str::to_owned);
        }
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
