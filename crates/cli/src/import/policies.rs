//! Policies: arguments that a broker gives to whatever has a name of some pattern
//! (docs: "Policies").

use super::definitions::{Arguments, Policy};
use regex_lite::Regex;
use serde_json::Value;

/// What a policy is meant for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Exchange,
    Classic,
    Quorum,
}

/// Policies whose patterns are read.
pub(super) struct Policies<'a> {
    known: Vec<(&'a Policy, Regex)>,
}

impl<'a> Policies<'a> {
    /// Reads the patterns; a pattern that cannot be read is told to `said`.
    pub(super) fn new(policies: &'a [Policy], mut said: impl FnMut(String)) -> Self {
        let read = policies.iter().filter_map(|policy| match Regex::new(&policy.pattern) {
            Ok(pattern) => Some((policy, pattern)),
            Err(_) => {
                said(format!(
                    "policy {:?}: its pattern {:?} is not understood",
                    policy.name, policy.pattern
                ));
                None
            }
        });
        Policies { known: read.collect() }
    }

    /// The one that applies, if any does: that of the highest priority.
    fn applies(&self, name: &str, kind: Kind) -> Option<&'a Policy> {
        let fits = |policy: &Policy| match policy.apply_to.as_deref() {
            None | Some("all") => true,
            Some("exchanges") => kind == Kind::Exchange,
            Some("queues") => kind != Kind::Exchange,
            Some("classic_queues") => kind == Kind::Classic,
            Some("quorum_queues") => kind == Kind::Quorum,
            Some(_) => false,
        };
        let known = self.known.iter();
        let matching = known.filter(|(policy, pattern)| fits(policy) && pattern.is_match(name));
        matching.map(|(policy, _)| *policy).max_by_key(|policy| policy.priority)
    }

    /// The arguments of something with those of its policy: its own come first, but
    /// of two numbers the smaller one counts.
    pub(super) fn merged(&self, name: &str, kind: Kind, own: &Arguments) -> Arguments {
        let mut all = own.clone();
        let Some(policy) = self.applies(name, kind) else {
            return all;
        };
        for (key, value) in &policy.definition {
            let key = argument(key);
            let smaller = match (all.get(&key).and_then(Value::as_u64), value.as_u64()) {
                (Some(own), Some(given)) => given < own,
                (Some(_), None) => false,
                (None, _) => !all.contains_key(&key),
            };
            if smaller {
                all.insert(key, value.clone());
            }
        }
        all
    }
}

/// The argument that a key of a policy stands for.
fn argument(key: &str) -> String {
    match key {
        "alternate-exchange" => key.to_owned(),
        _ => format!("x-{key}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn policy(pattern: &str, apply_to: &str, priority: i64, definition: Value) -> Policy {
        serde_json::from_value(json!({
            "name": pattern, "pattern": pattern, "apply-to": apply_to, "priority": priority, "definition": definition,
        }))
        .unwrap()
    }

    fn merged(policies: &[Policy], name: &str, kind: Kind, own: Value) -> Value {
        let policies = Policies::new(policies, |said| panic!("{said}"));
        Value::Object(policies.merged(name, kind, own.as_object().unwrap()))
    }

    #[test]
    fn the_highest_priority_applies_and_no_other() {
        let known = [
            policy("^a", "queues", 1, json!({ "max-length": 5 })),
            policy("^ab", "all", 2, json!({ "expires": 7 })),
            policy("", "exchanges", 9, json!({ "alternate-exchange": "x" })),
        ];
        assert_eq!(
            merged(&known, "abc", Kind::Classic, json!({})),
            json!({ "x-expires": 7 })
        );
        assert_eq!(
            merged(&known, "ac", Kind::Quorum, json!({})),
            json!({ "x-max-length": 5 })
        );
        assert_eq!(merged(&known, "b", Kind::Quorum, json!({})), json!({}));
        let exchange = merged(&known, "abc", Kind::Exchange, json!({}));
        assert_eq!(exchange, json!({ "alternate-exchange": "x" }));
    }

    #[test]
    fn its_own_arguments_come_first_and_the_smaller_number_counts() {
        let known = [policy(
            ".*",
            "all",
            0,
            json!({ "max-length": 5, "message-ttl": 9, "overflow": "drop-head" }),
        )];
        let own = json!({ "x-max-length": 7, "x-message-ttl": 3, "x-overflow": "reject-publish" });
        let expected = json!({ "x-max-length": 5, "x-message-ttl": 3, "x-overflow": "reject-publish" });
        assert_eq!(merged(&known, "q", Kind::Classic, own), expected);
    }

    #[test]
    fn some_kinds_of_queues_only() {
        let known = [policy(".*", "quorum_queues", 0, json!({ "delivery-limit": 5 }))];
        assert_eq!(merged(&known, "q", Kind::Classic, json!({})), json!({}));
        assert_eq!(
            merged(&known, "q", Kind::Quorum, json!({})),
            json!({ "x-delivery-limit": 5 })
        );
    }
}
