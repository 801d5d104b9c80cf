//! Which key each message of a load carries.

use super::Build;
use super::broker::exchange_kind;
use crate::diagnostic::Diagnostic;
use crate::limits::KEYS_MAX;
use crate::phrase::{Phrase, Text, text};
use crate::read;
use crate::tree::{Table, Tree};
use mqlab_brokers::rabbitmq::ExchangeKind;
use mqlab_engine::plan::{Address, KeyPlan, Target};
use mqlab_model::KeyId;

impl Build<'_> {
    /// The keys of a load's messages: for an exchange to route by, or for a
    /// topic's partitions.
    pub(super) fn key_plan(&mut self, name: &str, table: &Table, to: Option<Target>) -> KeyPlan {
        let keys = table.entry("keys");
        if let (Some(entry), None) = (table.entry("numbered"), keys) {
            let message = Phrase::NumberedAlone;
            self.found
                .push(Diagnostic::error("keys", &entry.key_span, message).help(Text::code("keys = [\"order-\"]")));
        }
        match (to.map(|to| to.takes_key()), keys) {
            (Some(true), Some(entry)) => {
                let ids = self.key_ids(&entry.tree, table.get("numbered"));
                if entry.tree.list().is_some_and(<[Tree]>::is_empty) {
                    self.error("keys", &entry.tree, text!(LoadNeedsOneKey, name));
                }
                match table.get("key").and_then(Tree::text) {
                    Some("in-turn") => KeyPlan::InTurn(ids),
                    _ => KeyPlan::OneOf(ids),
                }
            }
            // A record needs no key.
            (Some(true), None) if is_topic(to) => KeyPlan::None,
            (Some(true), None) if self.is_blind(table.get("to")) => {
                let any = table.get("to").and_then(|tree| self.intern("", tree));
                any.map_or(KeyPlan::None, |key| KeyPlan::InTurn(vec![key]))
            }
            (Some(true), None) => {
                if let Some(to) = table.get("to") {
                    let message = text!(LoadNeedsKeys, name);
                    let help = Phrase::KeysForExample;
                    self.found.push(Diagnostic::error("keys", &to.span, message).help(help));
                }
                KeyPlan::None
            }
            (Some(false), Some(entry)) => {
                let message = match to {
                    _ if is_topic(to) => text!(PartitionChosen, name),
                    _ => text!(LoadKeysUnused, name),
                };
                self.found.push(Diagnostic::warning("keys", &entry.key_span, message));
                KeyPlan::None
            }
            (Some(false) | None, None) | (None, Some(_)) => KeyPlan::None,
        }
    }

    /// The ids of keys, each with its numbers if they are numbered.
    fn key_ids(&mut self, keys: &Tree, numbered: Option<&Tree>) -> Vec<KeyId> {
        let count = numbered.map(|tree| read::integer(tree, 1, KEYS_MAX as u64));
        let mut ids = Vec::new();
        for element in keys.list().unwrap_or(&[]) {
            let Some(key) = element.text() else { continue };
            match count {
                None => ids.extend(self.intern(key, element)),
                Some(Err(_)) => {}
                Some(Ok(count)) => {
                    for number in 1..=count {
                        match self.intern(&format!("{key}{number}"), element) {
                            Some(id) => ids.push(id),
                            // There are too many, which has been said.
                            None => return ids,
                        }
                    }
                }
            }
        }
        ids
    }

    /// Whether an exchange ignores keys.
    fn is_blind(&self, to: Option<&Tree>) -> bool {
        let kind = self.exchange_entry(to).map(|entry| exchange_kind(entry.tree.table()));
        matches!(kind, Some(ExchangeKind::Fanout | ExchangeKind::Headers))
    }
}

/// Whether messages go to a topic of Kafka.
pub(super) fn is_topic(to: Option<Target>) -> bool {
    matches!(
        to,
        Some(Target::Broker {
            address: Address::Kafka(_),
            ..
        })
    )
}
