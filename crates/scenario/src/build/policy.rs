//! Policies: arguments that a node gives to whatever has a name of some pattern (docs:
//! "Policies").

use super::Build;
use super::pattern;
use crate::diagnostic::Diagnostic;
use crate::phrase::{Phrase, text};
use crate::read;
use crate::tree::{Entry, Table, Tree};
use mqlab_brokers::rabbitmq::{DeliveryLimit, Overflow, QueueArguments, QueueKind};
use regex_lite::Regex;

/// What a policy may be meant for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Subject {
    /// An exchange.
    Exchange,
    /// A queue of this type.
    Queue(QueueKind),
}

/// One policy.
struct Policy {
    name: String,
    pattern: Regex,
    applies_to: String,
    priority: u64,
    /// Of a queue: what it gives.
    arguments: QueueArguments,
    /// Whether it says what a full queue does.
    has_overflow: bool,
    /// Of an exchange: its alternate.
    alternate: Option<String>,
}

/// The policies of a node.
#[derive(Default)]
pub(super) struct Policies(Vec<Policy>);

impl Policy {
    fn is_for(&self, subject: Subject) -> bool {
        match self.applies_to.as_str() {
            "exchanges" => subject == Subject::Exchange,
            "queues" => subject != Subject::Exchange,
            "classic_queues" => subject == Subject::Queue(QueueKind::Classic),
            "quorum_queues" => subject == Subject::Queue(QueueKind::Quorum),
            _ => true,
        }
    }
}

impl Policies {
    /// The one that applies, if any does: of those that match, that of the highest
    /// priority; among several of that, the first by name. One only: they do not add
    /// up.
    fn applies(&self, name: &str, subject: Subject) -> Option<&Policy> {
        let matching = self
            .0
            .iter()
            .filter(|one| one.is_for(subject) && one.pattern.is_match(name));
        matching.reduce(|best, one| {
            let is_better = (one.priority, &best.name) > (best.priority, &one.name);
            if is_better { one } else { best }
        })
    }

    /// The arguments of a queue with those of its policy: of two limits the lower one
    /// counts, and of anything else what the queue says itself
    /// (`rabbit_queue_type_util:args_policy_lookup`).
    pub(super) fn complete(&self, name: &str, own: &mut QueueArguments, has_overflow: bool) {
        let Some(policy) = self.applies(name, Subject::Queue(own.kind)) else {
            return;
        };
        let given = &policy.arguments;
        own.message_ttl = lower(own.message_ttl, given.message_ttl);
        own.expires = lower(own.expires, given.expires);
        own.max_length = lower(own.max_length, given.max_length);
        own.max_length_bytes = lower(own.max_length_bytes, given.max_length_bytes);
        if !has_overflow && policy.has_overflow {
            own.overflow = match (given.overflow, own.kind) {
                // A quorum queue has no such thing, and drops its head.
                (Overflow::RejectPublishDeadLetter, QueueKind::Quorum) => Overflow::DropHead,
                (overflow, _) => overflow,
            };
        }
        own.dead_letter = own.dead_letter.take().or_else(|| given.dead_letter.clone());
        if own.kind == QueueKind::Quorum {
            own.delivery_limit = match (own.delivery_limit, given.delivery_limit) {
                (DeliveryLimit::At(own), DeliveryLimit::At(given)) => DeliveryLimit::At(own.min(given)),
                (DeliveryLimit::OfVersion, given) => given,
                (own, _) => own,
            };
        }
    }

    /// The alternate of an exchange that has none itself.
    pub(super) fn alternate(&self, name: &str) -> Option<String> {
        self.applies(name, Subject::Exchange)?.alternate.clone()
    }
}

fn lower<T: Ord>(own: Option<T>, given: Option<T>) -> Option<T> {
    match (own, given) {
        (Some(own), Some(given)) => Some(own.min(given)),
        (own, given) => own.or(given),
    }
}

impl Build<'_> {
    /// The policies of a node.
    pub(super) fn policies(&mut self, node: &Table) -> Policies {
        let entries = node.within("policy").iter();
        Policies(entries.filter_map(|entry| self.policy(entry, node)).collect())
    }

    fn policy(&mut self, entry: &Entry, node: &Table) -> Option<Policy> {
        let table = entry.tree.table()?;
        let tree = table.get("pattern")?;
        let Some(pattern) = pattern::read(tree.text()?) else {
            let message = text!(PatternUnknown, tree.text()?);
            self.found
                .push(Diagnostic::error("bad-value", &tree.span, message).help(Phrase::PatternForExample));
            return None;
        };
        self.not_in_a_cluster(table, &super::rabbit_cluster::NOT_OF_THEIR_QUEUES);
        let number = |key: &str| table.get(key).and_then(|tree| read::integer(tree, 0, u64::MAX).ok());
        let span = |key: &str| table.get(key).and_then(|tree| read::span(tree).ok());
        let dead_letter = self.dead_letter(table);
        let alternate = self.alternate(table);
        let policy = Policy {
            name: entry.key.clone(),
            pattern,
            applies_to: table.get("apply_to").and_then(Tree::text).unwrap_or("all").to_owned(),
            priority: number("priority").unwrap_or(0),
            arguments: QueueArguments {
                message_ttl: span("message_ttl"),
                expires: span("expires"),
                max_length: number("max_length"),
                max_length_bytes: table.get("max_length_bytes").and_then(|tree| read::bytes(tree).ok()),
                overflow: super::queue::overflow(table),
                dead_letter,
                delivery_limit: super::queue::delivery_limit(table),
                ..QueueArguments::default()
            },
            has_overflow: table.get("overflow").is_some(),
            alternate,
        };
        self.policy_matches(entry, &policy, node);
        Some(policy)
    }

    /// Says so if a policy is for nothing that there is; and refuses what a queue
    /// that it is for does not have yet.
    fn policy_matches(&mut self, entry: &Entry, policy: &Policy, node: &Table) {
        let queues = node.within("queue").iter();
        let matching: Vec<&Entry> = queues
            .filter(|queue| {
                let kind = queue.tree.table().map_or(QueueKind::Classic, super::queue::kind);
                policy.is_for(Subject::Queue(kind)) && policy.pattern.is_match(&queue.key)
            })
            .collect();
        let mut exchanges = node.within("exchange").iter();
        let is_for_exchange =
            exchanges.any(|one| policy.is_for(Subject::Exchange) && policy.pattern.is_match(&one.key));
        if matching.is_empty() && !is_for_exchange {
            self.found.push(Diagnostic::warning(
                "no-effect",
                &entry.key_span,
                Phrase::PolicyForNothing,
            ));
        }
        let is_mirrored = |queue: &&Entry| queue.tree.table().is_some_and(|table| table.get("mirrors").is_some());
        if let (true, Some(table)) = (matching.iter().any(is_mirrored), entry.tree.table()) {
            self.not_of_mirrors(table);
        }
    }
}
