//! The files of cases about Kafka in `tests/conform`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use mqlab_conform::{Case, CaseFile, Outcome, Sequential, judge};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// Nothing about Kafka is about chance.
const RUNS: Sequential = Sequential {
    seeds: 1,
    messages_max: 1,
};

fn file(topic: &str) -> CaseFile {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conform");
    CaseFile::parse(&fs::read_to_string(path.join(format!("{topic}.json"))).unwrap()).unwrap()
}

/// Every case passes but those that are sentences for people.
fn passes(topic: &str, sentences: &[&str]) {
    let file = file(topic);
    let mut failed = Vec::new();
    let mut skipped = Vec::new();
    for case in &file.cases {
        match judge(topic, case, &RUNS) {
            Outcome::Passed => {}
            Outcome::Skipped(_) => skipped.push(case.id.as_str()),
            other => failed.push((case.id.as_str(), other)),
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
    assert_eq!(skipped, sentences);
}

#[test]
fn records_find_their_partition() {
    passes("kafka_partitioner", &[]);
}

#[test]
fn groups_are_assigned_as_the_assignors_of_kafka_do_it() {
    passes("kafka_assignors", &[]);
}

/// The first case of a kind, with something else expected.
fn altered(topic: &str, kind: &str, name: &str, value: Value) -> Case {
    let file = file(topic);
    let mut case = file
        .cases
        .into_iter()
        .find(|case| case.kind == kind && case.expected.contains_key(name))
        .unwrap();
    case.expected.insert(name.to_owned(), value);
    case
}

#[test]
fn a_case_that_expects_something_else_fails() {
    for (topic, kind, name, value) in [
        ("kafka_partitioner", "murmur2_hash", "hash", json!(1)),
        ("kafka_partitioner", "to_positive", "positive", json!(1)),
        ("kafka_partitioner", "key_to_partition", "partition", json!(1_000)),
        ("kafka_partitioner", "keyed_rules", "partition", json!(1_000)),
        ("kafka_partitioner", "unkeyed", "weights", json!([])),
        ("kafka_assignors", "assign_range", "assignment", json!({"nobody": []})),
        ("kafka_assignors", "assign_sticky", "assignment", json!({"nobody": []})),
        ("kafka_assignors", "member_order", "order", json!([])),
        ("kafka_assignors", "ownership_transfer", "transferring", json!({})),
    ] {
        let outcome = judge(topic, &altered(topic, kind, name, value), &RUNS);
        assert!(matches!(outcome, Outcome::Failed(_)), "{topic} {kind}: {outcome:?}");
    }
}

#[test]
fn what_is_not_known_is_not_understood() {
    for (topic, kind) in [
        ("kafka_partitioner", "tea"),
        ("kafka_assignors", "assign_tea"),
        ("kafka_log", "tea"),
    ] {
        let case: Case = serde_json::from_value(json!({"id": "t", "kind": kind, "input": {}, "expected": {}})).unwrap();
        let outcome = judge(topic, &case, &RUNS);
        assert!(
            matches!(outcome, Outcome::NotUnderstood(_)),
            "{topic} {kind}: {outcome:?}"
        );
    }
}
