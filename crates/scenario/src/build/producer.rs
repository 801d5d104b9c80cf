//! What Kafka's producers are set to.

use super::Build;
use super::keys::is_topic;
use super::steps::Steps;
use crate::diagnostic::Diagnostic;
use crate::phrase::{Phrase, Text, text};
use crate::read;
use crate::tree::{Table, Tree};
use mqlab_brokers::kafka::{Acks, Compression, Partitioner, ProducerSettings, TransactionalId};
use mqlab_engine::plan::{Address, PublisherPlan, StepPlan, Target};
use mqlab_model::NodeId;

/// Most requests in flight with which a producer can be idempotent: brokers
/// remember so many batches.
const IN_FLIGHT_IDEMPOTENT: usize = mqlab_brokers::kafka::BATCHES_REMEMBERED;

impl Build<'_> {
    /// What the producer of a load is set to.
    pub(super) fn producer(&mut self, table: &Table, to: Option<Target>) -> PublisherPlan {
        let entry = table.entry("producer");
        let settings = entry.and_then(|entry| entry.tree.table());
        let settings = settings.map(|table| {
            let settings = self.producer_settings(table);
            self.transactions(table, settings)
        });
        match to {
            Some(_) if is_topic(to) => PublisherPlan::Kafka(settings.unwrap_or_default()),
            Some(_) => {
                self.without_effect(table, "producer", true, Phrase::OnlyKafkasClients);
                PublisherPlan::Plain
            }
            None => PublisherPlan::Plain,
        }
    }

    /// What the producers of a service are set to.
    pub(super) fn producers(&mut self, table: &Table, steps: &Steps<'_>) -> Vec<(NodeId, PublisherPlan)> {
        let settings = table.get("producer").and_then(Tree::table);
        let settings = settings.map(|table| {
            let settings = self.producer_settings(table);
            let id = table.get("transactional_id");
            self.without_effect(table, "transaction_timeout", id.is_none(), Phrase::MakesNoTransactions);
            self.transactional(table, settings)
        });
        let targets = steps.steps.iter().filter_map(|(step, _)| match step {
            StepPlan::Publish { to, .. } => Some(to),
            _ => None,
        });
        let broker = targets.flatten().find_map(|target| match target {
            Target::Broker {
                broker,
                address: Address::Kafka(_),
            } => Some(*broker),
            _ => None,
        });
        match broker {
            Some(broker) => vec![(broker, PublisherPlan::Kafka(settings.unwrap_or_default()))],
            None => {
                self.without_effect(table, "producer", true, Phrase::NoStepToKafka);
                Vec::new()
            }
        }
    }

    /// The settings of a producer, which stand in a table of their own.
    #[inline(never)]
    fn producer_settings(&mut self, table: &Table) -> ProducerSettings {
        let defaults = ProducerSettings::default();
        let flag = |key: &str| table.get(key).and_then(|tree| read::flag(tree).ok());
        let bytes = |key: &str| table.get(key).and_then(|tree| read::bytes(tree).ok());
        let number = |key: &str| table.get(key).and_then(|tree| read::integer(tree, 0, u64::MAX).ok());
        let mut settings = ProducerSettings {
            acks: match table.get("acks").and_then(Tree::text) {
                Some("0") => Acks::None,
                Some("1") => Acks::Leader,
                _ => Acks::All,
            },
            batch_size: bytes("batch_size").unwrap_or(defaults.batch_size),
            linger: self.span_or(table, "linger", defaults.linger),
            buffer_memory: bytes("buffer_memory").unwrap_or(defaults.buffer_memory),
            max_block: self.span_or(table, "max_block", defaults.max_block),
            request_size: bytes("max_request_size").unwrap_or(defaults.request_size),
            in_flight_max: number("max_in_flight").map_or(defaults.in_flight_max, |most| most as usize),
            retries: number("retries").map_or(defaults.retries, |most| most as u32),
            backoff: self.span_or(table, "retry_backoff", defaults.backoff),
            backoff_max: self.span_or(table, "retry_backoff_max", defaults.backoff_max),
            request_timeout: self.span_or(table, "request_timeout", defaults.request_timeout),
            delivery_timeout: self.span_or(table, "delivery_timeout", defaults.delivery_timeout),
            partitioner: match table.get("partitioner").and_then(Tree::text) {
                Some("roundrobin") => Partitioner::RoundRobin,
                _ => Partitioner::Default,
            },
            compression: table
                .get("compressed_to")
                .and_then(|tree| read::share(tree).ok())
                .map_or(defaults.compression, Compression::leaving),
            flush_every: number("flush_every").map_or(defaults.flush_every, |every| every as u32),
            is_adaptive: flag("adaptive_partitioning").unwrap_or(defaults.is_adaptive),
            ignores_keys: flag("ignore_keys").unwrap_or(defaults.ignores_keys),
            tombstones: flag("tombstones").unwrap_or(defaults.tombstones),
            ..defaults
        };
        settings.is_idempotent = self.idempotence(table, &settings);
        self.delivery_timeout(table, &settings);
        for key in ["adaptive_partitioning", "ignore_keys"] {
            let is_in_turn = settings.partitioner == Partitioner::RoundRobin;
            self.without_effect(table, key, is_in_turn, Phrase::LooksAtNeither);
        }
        let has_none = settings.acks == Acks::None;
        self.without_effect(table, "retries", has_none, Phrase::LearnsOfNoFailure);
        settings
    }

    /// The same with the transactions that a load makes.
    fn transactions(&mut self, table: &Table, settings: ProducerSettings) -> ProducerSettings {
        let id = table.get("transactional_id");
        for key in ["transaction", "abort_every", "transaction_timeout"] {
            self.without_effect(table, key, id.is_none(), Phrase::MakesNoTransactions);
        }
        let every = table.get("abort_every");
        let every = every.and_then(|tree| read::integer(tree, 1, u64::MAX).ok());
        ProducerSettings {
            transaction: self.span_or(table, "transaction", settings.transaction),
            abort_every: every.map_or(0, |every| every as u32),
            ..self.transactional(table, settings)
        }
    }

    /// The same with its `transactional_id`, if it has one.
    fn transactional(&mut self, table: &Table, settings: ProducerSettings) -> ProducerSettings {
        let Some(id) = table.get("transactional_id").and_then(Tree::text) else {
            return settings;
        };
        let entry = table.entry("idempotence").or(table.entry("acks"));
        let entry = entry.or(table.entry("retries")).or(table.entry("max_in_flight"));
        if let Some(entry) = entry.filter(|_| !settings.is_idempotent) {
            let message = Phrase::TransactionsNeedIdempotence;
            self.found
                .push(Diagnostic::error("bad-producer", &entry.tree.span, message));
        }
        let known = self.transactional.iter().position(|known| known == id);
        let number = known.unwrap_or_else(|| {
            self.transactional.push(id.to_owned());
            self.transactional.len() - 1
        });
        ProducerSettings {
            transactional: Some(TransactionalId(number as u16)),
            transaction_timeout: self.span_or(table, "transaction_timeout", settings.transaction_timeout),
            is_idempotent: true,
            ..settings
        }
    }

    /// Whether a producer is idempotent: it is unless something forbids it, and
    /// then it must not say that it is (KIP-679).
    fn idempotence(&mut self, table: &Table, settings: &ProducerSettings) -> bool {
        let given = table.entry("idempotence");
        let wanted = given.and_then(|entry| read::flag(&entry.tree).ok());
        let against: Option<Text> = if settings.acks != Acks::All {
            Some(Phrase::IdempotentNeedsAcks.into())
        } else if settings.retries == 0 {
            Some(Phrase::IdempotentNeedsRetries.into())
        } else if settings.in_flight_max > IN_FLIGHT_IDEMPOTENT {
            Some(text!(IdempotentNeedsFew, IN_FLIGHT_IDEMPOTENT))
        } else {
            None
        };
        if let (Some(needed), Some(true), Some(entry)) = (&against, wanted, given) {
            self.found
                .push(Diagnostic::error("bad-producer", &entry.tree.span, needed.clone()));
        }
        wanted.unwrap_or(against.is_none())
    }

    /// Kafka refuses a producer that would give up before it has heard once.
    fn delivery_timeout(&mut self, table: &Table, settings: &ProducerSettings) {
        let least = settings.linger.saturating_add(settings.request_timeout);
        let given = ["delivery_timeout", "request_timeout", "linger"];
        let entry = given.iter().find_map(|key| table.entry(key));
        if let Some(entry) = entry.filter(|_| settings.delivery_timeout < least) {
            let message = text!(
                DeliveryTimeoutTooShort,
                settings.delivery_timeout.to_string(),
                least.to_string()
            );
            self.found
                .push(Diagnostic::error("bad-producer", &entry.tree.span, message));
        }
    }
}
