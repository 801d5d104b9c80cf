//! RabbitMQ: cases recorded from a real one, and facts from its tests.
//!
//! A client sends the frames that applications send to a [`Broker`], the node
//! that worlds run, and reads its answers. The client is all that is written
//! here: what a queue does is never said a second time. Its connection takes no
//! time, so that the node is at rest after every step, and the clock moves on
//! `wait` only.
//!
//! [`Broker`]: mqlab_brokers::rabbitmq::Broker

mod bench;
mod client;
mod experiments;
mod facts;
mod facts_tests;
mod routing;
mod steps;
mod value;

use crate::case::Case;
use crate::outcome::{Mismatch, Outcome};
use mqlab_brokers::rabbitmq::Version;
use serde_json::{Map, Value, json};

/// How a kind of cases is judged.
type Judge = fn(&Case, Version) -> Result<Outcome, String>;

/// What comes of a case.
pub(crate) fn judge(case: &Case) -> Outcome {
    let version = version(case);
    let (names, result, judge): (&[&str], &str, Judge) = match case.kind.as_str() {
        "topic_match" => (&["bindings", "routing_key"], "matched", routing::topic_match),
        "topic_match_queues" => (&["bindings", "routing_key"], "queues", routing::topic_match_queues),
        "topic_binding_limit" => (&["binding_key"], "accepted", routing::topic_binding_limit),
        "headers_match" => (&["bindings", "message_headers"], "matched", routing::headers_match),
        // They say and expect what they like.
        "headers_bind" => {
            let is_read = case.says_only(&["x_match"]);
            return Outcome::from_result(is_read.and_then(|()| routing::headers_bind(case, version)));
        }
        "version_fact" => return Outcome::from_result(facts::judge(case, version)),
        kind if kind == "routing_scenario" || kind.starts_with("scenario_") => {
            (&["steps", "queue_type"], "observations", scenario)
        }
        other => return Outcome::NotUnderstood(format!("no kind `{other}`")),
    };
    let is_read = case.says_only(names).and_then(|()| case.expects_only(&[result]));
    Outcome::from_result(is_read.and_then(|()| judge(case, version)))
}

/// Steps, and what is seen of them.
fn scenario(case: &Case, version: Version) -> Result<Outcome, String> {
    let steps = case
        .input
        .get("steps")
        .and_then(Value::as_array)
        .ok_or("`steps` is missing")?;
    let expected = case.expected.get("observations").and_then(Value::as_array);
    let expected = expected.ok_or("`expected.observations` is missing")?;
    let is_seen = |name: &String| ["step", "result"].contains(&&name[..]);
    let names = expected.iter().filter_map(Value::as_object).flat_map(Map::keys);
    if let Some(other) = names.into_iter().find(|name| !is_seen(name)) {
        return Err(format!("no observation has a `{other}`"));
    }
    let shown = steps::run(steps, version)?;
    let mut mismatches = Vec::new();
    if expected.len() != shown.len() {
        let (expected, shown) = (expected.len().to_string(), shown.len().to_string());
        mismatches.push(Mismatch::new("observations", expected, shown));
    }
    for (expected, actual) in expected.iter().zip(&shown) {
        let op = actual["step"]
            .as_u64()
            .and_then(|step| steps[step as usize].get("op")?.as_str());
        let what = format!("step {} ({})", actual["step"], op.unwrap_or("?"));
        let (expected, actual) = (seen(expected), seen(actual));
        mismatches.extend(Mismatch::of_values(&what, &expected, &actual));
    }
    Ok(Outcome::of(mismatches))
}

/// An observation without what it does not say.
fn seen(observation: &Value) -> Value {
    json!([observation["step"], observation["result"]])
}

/// The version that a case is about: the first two numbers with a dot between
/// them in what it says, or the newest.
fn version(case: &Case) -> Version {
    let text = case.version.as_deref().unwrap_or_default();
    let words = text.split(|letter: char| !letter.is_ascii_digit() && letter != '.');
    let mut versions = words.filter_map(|word| {
        let mut numbers = word.split('.').map(str::parse::<u16>);
        Some(Version::new(numbers.next()?.ok()?, numbers.next()?.ok()?))
    });
    versions.next().unwrap_or(Version::NEWEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::CaseFile;
    use mqlab_brokers::rabbitmq::Bug;
    use mqlab_engine::plan::{BrokerPlan, NodeKind};
    use mqlab_scenario::Runner;
    use std::cell::Cell;

    thread_local! {
        /// What is wrong with the nodes of this test.
        pub(super) static BUG: Cell<Option<Bug>> = const { Cell::new(None) };
    }

    /// Whether an expectation of a scenario fails whose nodes have a bug.
    fn fails(scenario: &str, bug: Option<Bug>) -> bool {
        let (scenario, found) = mqlab_scenario::parse(scenario);
        let mut scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
        for variant in &mut scenario.variants {
            for node in &mut variant.plan.nodes {
                if let NodeKind::Broker(BrokerPlan::Rabbit(config)) = &mut node.kind {
                    config.bug = bug;
                }
            }
        }
        (0..scenario.variants.len()).any(|variant| {
            let mut runner = Runner::new(&scenario, variant);
            runner.finish();
            runner.has_failed()
        })
    }

    /// Cases and scenarios run one node: a bug in a mechanism, here of how topics
    /// are matched (`parts/topic.rs`), is found by both.
    #[test]
    fn a_bug_in_a_mechanism_makes_a_case_and_a_scenario_fail() {
        let scenario = include_str!("../../../../scenarios/which-queues-match.toml");
        assert!(!fails(scenario, None));
        assert!(fails(scenario, Some(Bug::HashWantsAWord)));
        let file = CaseFile::parse(include_str!("../../../../tests/conform/rabbitmq_routing.json")).unwrap();
        let is_failed = |case: &Case| matches!(judge(case), Outcome::Failed(_));
        assert!(!file.cases.iter().any(is_failed));
        BUG.set(Some(Bug::HashWantsAWord));
        let has_failed = file.cases.iter().any(is_failed);
        BUG.set(None);
        assert!(has_failed);
    }

    #[test]
    fn a_case_says_its_version_in_many_ways() {
        for (text, major, minor) in [
            ("RabbitMQ 3.10.8 (Erlang 25, Debian package, single node)", 3, 10),
            ("RabbitMQ main 2026-08 (4.3/4.4 line)", 4, 3),
            ("4.0 change", 4, 0),
            ("RabbitMQ 4.0-4.2", 4, 0),
            ("RabbitMQ 3.13+ (older versions removed it)", 3, 13),
            ("RabbitMQ", 4, 3),
        ] {
            let case = json!({"id": "t", "kind": "t", "version": text, "input": {}, "expected": {}});
            assert_eq!(
                version(&serde_json::from_value(case).unwrap()),
                Version::new(major, minor),
                "{text}"
            );
        }
    }
}
