//! Policies: arguments that a node gives to whatever has a name of some pattern (docs:
//! "Policies").

use super::Build;
use crate::diagnostic::Diagnostic;
use crate::keys::APPLIES_TO;
use crate::names::{Named, Names};
use crate::phrase::Phrase;
use crate::read;
use crate::tree::{Entry, Table, Tree};
use mqlab_brokers::rabbitmq::{
    AppliesTo, Config, DeadLetter, Definition, DeliveryLimit, ExchangeId, Pattern, Policies, Policy, QueueId, QueueKind,
};
use mqlab_kernel::sort_by_key;
use regex_lite::Regex;

/// A policy that has not looked yet which names it is for.
pub(super) struct Unlaid<'a> {
    entry: &'a Entry,
    pattern: Regex,
    policy: Policy,
}

impl Build<'_> {
    /// The policies of a node.
    pub(super) fn policies<'a>(&mut self, node: &'a Table) -> Vec<Unlaid<'a>> {
        let entries = node.within("policy").iter();
        entries.filter_map(|entry| self.policy(entry)).collect()
    }

    fn policy<'a>(&mut self, entry: &'a Entry) -> Option<Unlaid<'a>> {
        let table = entry.tree.table()?;
        let tree = table.get("pattern")?;
        let pattern = match read::pattern(tree) {
            Ok(pattern) => pattern,
            Err(wrong) => {
                self.found.push(wrong.into());
                return None;
            }
        };
        let mut limits = self.changeable(table);
        let definition = Definition {
            message_ttl: limits.message_ttl,
            expires: limits.expires,
            max_length: limits.max_length,
            max_length_bytes: limits.max_length_bytes,
            overflow: table.get("overflow").map(|_| limits.overflow),
            dead_letter_key: limits.dead_letter.as_mut().and_then(own_key),
            dead_letter: limits.dead_letter,
            delivery_limit: match limits.delivery_limit {
                DeliveryLimit::At(limit) => Some(limit),
                DeliveryLimit::OfVersion | DeliveryLimit::Unlimited => None,
            },
            alternate: self.alternate(table),
        };
        let priority = table
            .get("priority")
            .and_then(|tree| read::integer(tree, 0, u64::MAX).ok());
        let on = table.get("on").and_then(|tree| read::flag(tree).ok());
        let policy = Policy {
            name: entry.key.clone(),
            applies_to: applies_to(table.get("apply_to").and_then(Tree::text)),
            priority: priority.map_or(0, |priority| priority.min(u64::from(u32::MAX)) as u32),
            is_set: on.unwrap_or(true),
            pattern: Pattern::default(),
            definition,
        };
        Some(Unlaid { entry, pattern, policy })
    }

    /// Lays the policies over what is defined.
    #[inline(never)]
    pub(super) fn lay_policies(&mut self, config: &mut Config, unlaid: Vec<Unlaid<'_>>, node: &Table) {
        let mut all = Vec::with_capacity(unlaid.len());
        for Unlaid {
            entry,
            pattern,
            mut policy,
        } in unlaid
        {
            policy.pattern = matching(&pattern, &self.names);
            self.policy_matches(entry, &policy, node);
            all.push(policy);
        }
        let tables: Vec<Option<&Table>> = node.within("queue").iter().map(|entry| entry.tree.table()).collect();
        let has_overflow = |QueueId(id): QueueId| {
            let table = tables.get(usize::from(id)).copied().flatten();
            table.is_some_and(|table| table.get("overflow").is_some())
        };
        let policies = Policies::over(all, &config.queues, &config.exchanges, has_overflow);
        config.policies = Some(policies.into());
        config.follow_policies();
    }

    /// Says so if a policy is for nothing that there is.
    fn policy_matches(&mut self, entry: &Entry, policy: &Policy, node: &Table) {
        let mut tables = node.within("queue").iter().map(|entry| entry.tree.table()).enumerate();
        let is_for_queue = tables.any(|(index, table)| {
            let kind = table.map_or(QueueKind::Classic, super::queue::kind);
            policy.applies_to.has_queue(kind) && policy.pattern.queues.contains(&QueueId(index as u16))
        });
        let is_for_exchange = policy.applies_to.has_exchange() && !policy.pattern.exchanges.is_empty();
        if !is_for_queue && !is_for_exchange {
            self.found.push(Diagnostic::warning(
                "no-effect",
                &entry.key_span,
                Phrase::PolicyForNothing,
            ));
        }
    }
}

/// What a node defines with names that match.
pub(crate) fn matching(pattern: &Regex, names: &Names<'_>) -> Pattern {
    let named: Vec<Named> = names
        .all()
        .filter(|(name, _)| pattern.is_match(name))
        .map(|(_, named)| named)
        .collect();
    let mut queues: Vec<QueueId> = named.iter().filter_map(|named| Some(named.queue()?.1)).collect();
    let mut exchanges: Vec<ExchangeId> = named.iter().filter_map(|named| named.exchange()).collect();
    sort_by_key(&mut queues, |queue| queue.0);
    sort_by_key(&mut exchanges, |exchange| exchange.0);
    Pattern {
        text: pattern.as_str().into(),
        queues,
        exchanges,
    }
}

/// The key that goes with an exchange: policies keep it apart.
fn own_key(to: &mut DeadLetter) -> Option<String> {
    match to.exchange.is_empty() {
        true => None,
        false => to.key.take(),
    }
}

/// What a policy is for, by its word.
pub(crate) fn applies_to(word: Option<&str>) -> AppliesTo {
    match word {
        Some("queues") => AppliesTo::Queues,
        Some("classic_queues") => AppliesTo::QueuesOf(QueueKind::Classic),
        Some("quorum_queues") => AppliesTo::QueuesOf(QueueKind::Quorum),
        Some("exchanges") => AppliesTo::Exchanges,
        _ => AppliesTo::All,
    }
}

/// The word of what a policy is for.
pub(crate) fn applies_to_word(what: AppliesTo) -> &'static str {
    let is_it = |word: &&&str| applies_to(Some(word)) == what;
    APPLIES_TO.iter().find(is_it).copied().unwrap_or("all")
}
