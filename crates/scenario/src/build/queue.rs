//! Queues of a RabbitMQ node, and what messages carry for them.

use super::Build;
use crate::diagnostic::Diagnostic;
use crate::names::Named;
use crate::phrase::{Phrase, text};
use crate::read;
use crate::tree::{Table, Tree};
use mqlab_brokers::rabbitmq::{
    DeadLetter, DelayedRetry, DeliveryLimit, Overflow, Properties, QueueArguments, QueueConfig, QueueKind, Version,
};
use mqlab_kernel::SimSpan;
use mqlab_model::Message;

/// A version by its numbers.
pub(super) fn version(text: &str) -> Version {
    let mut numbers = text.split('.').filter_map(|number| number.parse().ok());
    match (numbers.next(), numbers.next()) {
        (Some(major), Some(minor)) => Version::new(major, minor),
        _ => Version::NEWEST,
    }
}

impl Build<'_> {
    /// One queue.
    pub(super) fn queue_config(&mut self, name: &str, table: Option<&Table>) -> QueueConfig {
        let empty = Table::default();
        let table = table.unwrap_or(&empty);
        let flag = |key: &str| table.get(key).and_then(|tree| read::flag(tree).ok());
        let number = |key: &str| table.get(key).and_then(|tree| read::integer(tree, 0, u64::MAX).ok());
        let arguments = QueueArguments {
            kind: kind(table),
            auto_delete: flag("auto_delete").unwrap_or(false),
            delayed_retry: table.get("delayed_retry").and_then(Tree::table).and_then(delayed_retry),
            dequeue: table
                .get("dequeue")
                .and_then(|tree| read::span(tree).ok())
                .filter(|takes| *takes > SimSpan::ZERO),
            max_priority: number("max_priority").and_then(|highest| u8::try_from(highest).ok()),
            single_active_consumer: flag("single_active_consumer").unwrap_or(false),
            ..self.changeable(table)
        };
        QueueConfig {
            durable: flag("durable").unwrap_or(true),
            exclusive: flag("exclusive").unwrap_or(false),
            arguments: (arguments != QueueArguments::default()).then(|| arguments.into()),
            ..QueueConfig::new(name)
        }
    }

    /// What a queue and a policy say in the same words.
    pub(super) fn changeable(&mut self, table: &Table) -> QueueArguments {
        let span = |key: &str| table.get(key).and_then(|tree| read::span(tree).ok());
        let number = |key: &str| table.get(key).and_then(|tree| read::integer(tree, 0, u64::MAX).ok());
        let overflow = table.get("overflow").and_then(Tree::text);
        let delivery_limit = number("delivery_limit").and_then(|limit| u32::try_from(limit).ok());
        QueueArguments {
            message_ttl: span("message_ttl"),
            expires: span("expires"),
            max_length: number("max_length"),
            max_length_bytes: table.get("max_length_bytes").and_then(|tree| read::bytes(tree).ok()),
            overflow: overflow.map_or(Overflow::DropHead, overflow_named),
            dead_letter: self.dead_letter(table),
            delivery_limit: delivery_limit.map_or(DeliveryLimit::OfVersion, DeliveryLimit::At),
            ..QueueArguments::default()
        }
    }

    /// Where a queue sends what it gives up: another queue by its name, which
    /// is its key in the default exchange, or an exchange.
    fn dead_letter(&mut self, table: &Table) -> Option<DeadLetter> {
        let key = table.entry("dead_letter_key");
        let Some(tree) = table.get("dead_letter") else {
            if let Some(key) = key {
                let message = Phrase::DeadLetterKeyAlone;
                self.found
                    .push(Diagnostic::error("dead-letter", &key.key_span, message));
            }
            return None;
        };
        let pick = |named: Named| {
            let is_queue = named.queue().is_some();
            (is_queue || named.exchange().is_some()).then_some(is_queue)
        };
        let is_queue = self
            .names
            .resolve_tree(tree, Phrase::QueueOrExchange, pick, &mut self.found)?;
        let name = tree.text()?;
        if is_queue {
            if let Some(key) = key {
                let message = Phrase::DeadLetterKeyUnused;
                self.found
                    .push(Diagnostic::warning("dead-letter", &key.key_span, message));
            }
            self.intern(name, tree)?;
            return Some(DeadLetter {
                exchange: String::new(),
                key: Some(name.to_owned()),
            });
        }
        let key = key.and_then(|entry| Some((entry.tree.text()?, &entry.tree)));
        let key = match key {
            Some((key, tree)) => self.intern(key, tree).map(|_| key.to_owned()),
            None => None,
        };
        Some(DeadLetter {
            exchange: name.to_owned(),
            key,
        })
    }

    /// Says which keys of a queue do not go together.
    pub(super) fn queue_makes_sense(&mut self, table: &Table, version: Version, has_limit: bool) {
        let kind = kind(table);
        let (wrong, other): (&[&str], _) = match kind {
            QueueKind::Classic => (&["delivery_limit", "delayed_retry"], "quorum"),
            QueueKind::Quorum => (&["max_priority", "auto_delete", "exclusive"], "classic"),
        };
        for (wrong, entry) in wrong.iter().filter_map(|key| Some((key, table.entry(key)?))) {
            let message = text!(QueueOfOtherType, *wrong, other);
            self.found
                .push(Diagnostic::error("queue-type", &entry.key_span, message));
        }
        if let (Some(entry), true) = (table.entry("delayed_retry"), version < Version::new(4, 3)) {
            let message = Phrase::RetryTooOld;
            self.found
                .push(Diagnostic::error("queue-type", &entry.key_span, message));
        }
        let overflow = table.entry("overflow").map(|entry| (entry, entry.tree.text()));
        if let (Some((entry, Some("reject-publish-dlx"))), QueueKind::Quorum) = (overflow, kind) {
            let message = Phrase::OverflowOfClassic;
            self.found
                .push(Diagnostic::error("queue-type", &entry.tree.span, message));
        }
        if let (Some(entry), false) = (table.entry("overflow"), has_limit) {
            let message = Phrase::OverflowUnused;
            self.found
                .push(Diagnostic::warning("queue-length", &entry.key_span, message));
        }
    }

    /// The number of what a load's messages carry: 0 for nothing.
    pub(super) fn properties(&mut self, table: &Table) -> u16 {
        let priority = table.get("priority").and_then(|tree| read::integer(tree, 0, 255).ok());
        let expiration = table.get("expiration").and_then(|tree| {
            let span = read::span(tree).ok()?;
            if let Err(problem) = read::expiration(tree) {
                self.found.push(problem.into());
            }
            Some((span.nanos() / 1_000_000).to_string())
        });
        let properties = Properties {
            priority: priority.and_then(|priority| u8::try_from(priority).ok()),
            expiration,
            headers: table
                .get("headers")
                .and_then(|tree| read::headers(tree).ok())
                .unwrap_or_default(),
        };
        if properties == Properties::default() {
            return 0;
        }
        let known = self.properties.iter().position(|known| *known == properties);
        let index = known.unwrap_or_else(|| {
            self.properties.push(properties);
            self.properties.len() - 1
        });
        // There are fewer loads than properties can be numbered.
        u16::try_from(index + 1).map_or(0, |number| number.min(Message::PROPERTIES_MAX))
    }
}

/// The type of a queue.
pub(super) fn kind(table: &Table) -> QueueKind {
    match table.get("type").and_then(Tree::text) {
        Some("quorum") => QueueKind::Quorum,
        _ => QueueKind::Classic,
    }
}

/// What a full queue does.
pub(crate) fn overflow_named(word: &str) -> Overflow {
    match word {
        "reject-publish" => Overflow::RejectPublish,
        "reject-publish-dlx" => Overflow::RejectPublishDeadLetter,
        _ => Overflow::DropHead,
    }
}

/// What waits before it is handed out again.
fn delayed_retry(table: &Table) -> Option<DelayedRetry> {
    let span = |key: &str| table.get(key).and_then(|tree| read::span(tree).ok());
    let which = table.get("type").and_then(Tree::text);
    Some(DelayedRetry {
        of_returned: which != Some("failed"),
        of_failed: which != Some("returned"),
        min: span("min")?,
        max: span("max").unwrap_or(SimSpan::from_secs(86_400)),
    })
}
