//! Kafka clusters and their topics.

use super::Build;
use crate::diagnostic::Diagnostic;
use crate::live;
use crate::names::kafka::{brokers, partitions};
use crate::phrase::{Phrase, text};
use crate::read;
use crate::suggest::shown;
use crate::tree::{Entry, Table, Tree};
use mqlab_brokers::kafka::{
    BrokerSettings, Compaction, Config, LagRule, LogSettings, Reads, Replication, Retention, Roll, Serving, Topic,
};
use mqlab_engine::plan::{BrokerPlan, Command, NodeKind, Plan, Setting, TopicRule};
use mqlab_kernel::SimSpan;
use mqlab_model::NodeId;

impl Build<'_> {
    /// The definitions of a cluster. Its keys and groups are filled in at the end.
    #[inline(never)]
    pub(super) fn kafka(&mut self, table: &Table) -> Config {
        let brokers = brokers(table);
        let lag = self.lag_rule(table);
        let mut topics = Vec::new();
        for entry in table.within("topic") {
            topics.push(self.topic(entry, brokers, lag));
        }
        let disk = table.get("disk").and_then(Tree::table);
        let size = disk.and_then(|disk| read::bytes(disk.get("size")?).ok());
        Config {
            brokers,
            topics,
            disk: disk.map(super::broker::disk),
            settings: BrokerSettings {
                disk_size: size,
                serving: self.serving(table),
                ..self.broker_settings(table)
            },
            ..Config::default()
        }
    }

    fn broker_settings(&mut self, table: &Table) -> BrokerSettings {
        let defaults = BrokerSettings::default();
        let span = |key: &str, default: SimSpan| self.span_or(table, key, default);
        let heartbeat = span("heartbeat_interval", defaults.heartbeat);
        let session = span("session_timeout", defaults.session);
        let retention_check = span("retention_check_interval", defaults.retention_check);
        let cleaner_backoff = span("cleaner_backoff", defaults.cleaner_backoff);
        let mut groups = defaults.groups;
        groups.initial_delay = span("initial_rebalance_delay", groups.initial_delay);
        groups.offsets_retention = span("offsets_retention", groups.offsets_retention);
        let is_balanced = table
            .get("leader_rebalance")
            .and_then(|tree| read::flag(tree).ok())
            .unwrap_or(true);
        let interval = defaults.imbalance_check.unwrap_or(SimSpan::MAX);
        let interval = span("leader_rebalance_interval", interval);
        self.without_effect(table, "leader_rebalance_interval", !is_balanced, Phrase::RebalanceIsOff);
        let is_by_followers = table.get("reads").and_then(Tree::text) == Some("follower");
        let nobody_is_near = is_by_followers && !self.is_anybody_near();
        self.without_effect(table, "reads", nobody_is_near, Phrase::NobodyIsNear);
        if heartbeat >= session
            && let Some(entry) = table.entry("heartbeat_interval").or(table.entry("session_timeout"))
        {
            let message = text!(BrokerHeartbeatTooSlow, heartbeat.to_string(), session.to_string());
            let help = Phrase::HeartbeatShorter;
            self.found
                .push(Diagnostic::error("bad-value", &entry.tree.span, message).help(help));
        }
        BrokerSettings {
            heartbeat,
            session,
            retention_check,
            cleaner_backoff,
            imbalance_check: is_balanced.then_some(interval),
            groups,
            reads: match table.get("reads").and_then(Tree::text) {
                Some("follower") => Reads::Follower,
                Some("anything") => Reads::Anything,
                _ => Reads::Leader,
            },
            ..defaults
        }
    }

    /// How what is fetched comes to the network.
    fn serving(&mut self, table: &Table) -> Serving {
        let flag = |key: &str, default: bool| table.get(key).and_then(|tree| read::flag(tree).ok()).unwrap_or(default);
        let bandwidth = |key: &str| table.get(key).and_then(|tree| read::bandwidth(tree).ok());
        let serving = Serving {
            zero_copy: flag("zero_copy", true),
            gather: flag("gather", true),
            tls: flag("tls", false),
            copy: bandwidth("copy_bandwidth"),
            cipher: bandwidth("cipher_bandwidth"),
            switch: self.span_or(table, "context_switch", SimSpan::ZERO),
            page_cache: table.get("page_cache").and_then(|tree| read::bytes(tree).ok()),
        };
        let is_through = serving.is_through_application();
        self.without_effect(table, "gather", is_through, Phrase::ThroughApplication);
        self.without_effect(table, "zero_copy", serving.tls, Phrase::ThroughApplication);
        self.without_effect(table, "cipher_bandwidth", !serving.tls, Phrase::NothingEncrypted);
        serving
    }

    /// Whether a consumer says which broker is nearest to it.
    fn is_anybody_near(&self) -> bool {
        self.root.within("service").iter().any(|service| {
            let consume = service.tree.table().and_then(|table| table.get("consume"));
            let consume = consume.and_then(Tree::table);
            consume.is_some_and(|consume| consume.get("client_rack").is_some())
        })
    }

    /// When a follower is no longer in sync.
    fn lag_rule(&mut self, table: &Table) -> LagRule {
        let records = table.entry("replica_lag_messages");
        let is_by_count = records.is_some();
        self.without_effect(table, "replica_lag_time", is_by_count, Phrase::MessagesTakePlace);
        match records.map(|entry| read::integer(&entry.tree, 0, u64::MAX)) {
            Some(Ok(count)) => LagRule::Records(count),
            _ => match (
                table.get("replica_lag_time").map(read::span),
                Replication::default().lag,
            ) {
                (Some(Ok(time)), _) => LagRule::Time(time),
                (_, default) => default,
            },
        }
    }

    fn topic(&mut self, entry: &Entry, brokers: u32, lag: LagRule) -> Topic {
        let empty = Table::default();
        let table = entry.tree.table().unwrap_or(&empty);
        if entry.key.starts_with("__") {
            let message = text!(OwnTopic, shown(&entry.key));
            self.found.push(Diagnostic::error("bad-name", &entry.key_span, message));
        }
        let replicas = self.replication_factor(table, brokers);
        let rules = Replication {
            lag,
            min_insync: self.min_insync(table, replicas),
            ..Replication::default()
        };
        let unclean = table.get("unclean_leader_election");
        Topic {
            log: self.log_settings(table),
            rules,
            is_unclean: unclean.and_then(|tree| read::flag(tree).ok()).unwrap_or(false),
            ..Topic::new(&entry.key, partitions(&entry.tree), replicas)
        }
    }

    fn replication_factor(&mut self, table: &Table, brokers: u32) -> u32 {
        let Some(tree) = table.get("replication_factor") else {
            return 1;
        };
        let Ok(factor) = read::integer(tree, 1, u64::MAX) else {
            return 1;
        };
        if factor > u64::from(brokers) {
            let message = text!(TooManyReplicas, factor, brokers);
            let help = text!(MoreBrokers, factor);
            self.found
                .push(Diagnostic::error("replicas", &tree.span, message).help(help));
            return brokers;
        }
        factor as u32
    }

    fn min_insync(&mut self, table: &Table, replicas: u32) -> usize {
        let Some(tree) = table.get("min_insync_replicas") else {
            return Replication::default().min_insync;
        };
        let Ok(least) = read::integer(tree, 1, u64::MAX) else {
            return Replication::default().min_insync;
        };
        if least > u64::from(replicas) {
            let message = text!(TooManyInSync, replicas);
            let help = text!(MoreReplicas, least);
            self.found
                .push(Diagnostic::error("replicas", &tree.span, message).help(help));
        }
        least as usize
    }

    fn log_settings(&mut self, table: &Table) -> LogSettings {
        let policy = table.get("cleanup_policy").and_then(Tree::text).unwrap_or("delete");
        let (deletes, compacts) = live::topic::policy(policy);
        let bytes = |key: &str| table.get(key).and_then(|tree| read::bytes(tree).ok());
        let roll = Roll::default();
        let retention = Retention::default();
        LogSettings {
            roll: Roll {
                bytes: bytes("segment_bytes").unwrap_or(roll.bytes),
                time: self.span_or(table, "segment", roll.time),
            },
            retention: Retention {
                deletes,
                time: self.span(table, "retention").or(retention.time),
                bytes: bytes("retention_bytes"),
            },
            compaction: Compaction {
                compacts,
                ..self.compaction(table)
            },
        }
    }

    fn compaction(&mut self, table: &Table) -> Compaction {
        let defaults = Compaction::default();
        let ratio = table.get("min_cleanable_dirty_ratio");
        let ratio = ratio.and_then(|tree| read::share(tree).ok());
        let lag_min = self.span_or(table, "min_compaction_lag", defaults.lag_min);
        let lag_max = self.span(table, "max_compaction_lag");
        if let (Some(most), Some(tree)) = (lag_max, table.get("max_compaction_lag"))
            && most < lag_min
        {
            let message = text!(LessThanLagMin, lag_min.to_string());
            self.found.push(Diagnostic::error("bad-value", &tree.span, message));
        }
        Compaction {
            delete_retention: self.span_or(table, "delete_retention", defaults.delete_retention),
            dirty_ratio_min: ratio.map_or(defaults.dirty_ratio_min, live::topic::of_one),
            lag_min,
            lag_max,
            ..defaults
        }
    }

    /// Says which settings of topics have no effect because of their
    /// `cleanup_policy`: that of the beginning, and those that commands set.
    pub(crate) fn check_policies(&mut self, plan: &Plan) {
        let root = self.root;
        let kafka = (0..)
            .map(NodeId)
            .zip(&plan.nodes)
            .find_map(|(id, node)| match &node.kind {
                NodeKind::Broker(BrokerPlan::Kafka(config)) => Some((id, &node.name, config)),
                _ => None,
            });
        let Some((id, name, config)) = kafka else { return };
        let table = root.get("broker").and_then(Tree::table);
        let table = table.and_then(|brokers| brokers.get(name)?.table());
        for (number, entry) in (0..).zip(table.map_or(&[][..], |table| table.within("topic"))) {
            let (Some(topic), Some(table)) = (config.topics.get(usize::from(number)), entry.tree.table()) else {
                continue;
            };
            let (deletes, compacts) = policies(plan, id, number, &topic.log);
            for key in ["retention", "retention_bytes"] {
                self.without_effect(table, key, !deletes, Phrase::PolicyDeletesNothing);
            }
            for key in [
                "delete_retention",
                "min_cleanable_dirty_ratio",
                "min_compaction_lag",
                "max_compaction_lag",
            ] {
                self.without_effect(table, key, !compacts, Phrase::PolicyCompactsNothing);
            }
        }
    }

    pub(super) fn span(&self, table: &Table, key: &str) -> Option<SimSpan> {
        table.get(key).and_then(|tree| read::span(tree).ok())
    }

    pub(super) fn span_or(&self, table: &Table, key: &str, default: SimSpan) -> SimSpan {
        self.span(table, key).unwrap_or(default)
    }

    /// Says that a key has no effect, if so, and why.
    pub(super) fn without_effect(&mut self, table: &Table, key: &str, is_so: bool, why: Phrase) {
        if let Some(entry) = table.entry(key).filter(|_| is_so) {
            let message = text!(NoEffectBecause, key, why);
            self.found
                .push(Diagnostic::warning("no-effect", &entry.key_span, message));
        }
    }
}

/// Whether a topic is ever deleted from, and ever compacted.
fn policies(plan: &Plan, cluster: NodeId, number: u16, log: &LogSettings) -> (bool, bool) {
    let of_command = plan.commands.iter().filter_map(|timed| match timed.command {
        Command::Set {
            node,
            setting:
                Setting::Topic {
                    topic,
                    rule: TopicRule::Policy { deletes, compacts },
                },
        } if (node, topic) == (cluster, number) => Some((deletes, compacts)),
        _ => None,
    });
    let first = (log.retention.deletes, log.compaction.compacts);
    of_command.fold(first, |known, one| (known.0 || one.0, known.1 || one.1))
}
