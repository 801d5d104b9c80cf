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

fn file(name: &str) -> CaseFile {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conform");
    CaseFile::parse(&fs::read_to_string(path.join(format!("{name}.json"))).unwrap()).unwrap()
}

/// Every case passes but those that are sentences for people; so do those of
/// our own wording, if there are any.
fn passes(topic: &str, sentences: &[&str]) {
    passes_in(topic, topic, sentences);
    if topic != "kafka_assignors" {
        passes_in(&format!("more_{topic}"), topic, &[]);
    }
}

fn passes_in(name: &str, topic: &str, sentences: &[&str]) {
    let file = file(name);
    assert_eq!(file.topic, topic);
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
    passes_in("more_recorded_kafka_assignors", "kafka_assignors", &[]);
}

#[test]
fn replicas_stay_together_as_those_of_kafka_do() {
    passes("kafka_replication", &[]);
}

#[test]
fn logs_keep_what_those_of_kafka_keep() {
    passes(
        "kafka_log",
        &["kafka_log/compaction/delete-half-keys", "kafka_log/roll/empty-batch"],
    );
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
        ("kafka_log", "retention", "deleted_bases", json!([77])),
        ("kafka_log", "retention_rule", "error", json!("tea")),
        ("kafka_log", "segment_roll", "segments_after", json!([77])),
        ("kafka_log", "compaction", "surviving_offsets", json!([77])),
        ("kafka_log", "compaction_rule", "batch_index", json!(77)),
        ("kafka_log", "compaction_txn", "offsets_after", json!([77])),
        ("kafka_log", "sequence", "results", json!(["tea"])),
        ("kafka_log", "txn_rule", "results", json!(["tea"])),
        ("kafka_log", "txn_rule", "error", json!("tea")),
        ("kafka_log", "lso", "lso", json!([77])),
        ("kafka_log", "lso", "first_unstable_after", json!([77])),
        ("kafka_log", "lso", "aborted_transactions", json!([77])),
        ("kafka_log", "lso_compute", "lso", json!(77)),
        ("kafka_replication", "default", "value", json!("tea")),
        ("kafka_replication", "acks", "appended", json!("tea")),
        ("kafka_replication", "election", "leader", json!(77)),
        ("kafka_replication", "election", "elr", json!([77])),
        ("kafka_replication", "hw_compute", "hw", json!(77_777)),
        (
            "kafka_replication",
            "hw_scenario",
            "values",
            json!([{"after": 1, "leo": 77}]),
        ),
        (
            "kafka_replication",
            "isr_scenario",
            "values",
            json!([{"after": 1, "hw": 77}]),
        ),
        ("kafka_replication", "isr_scenario", "under_min_isr", json!([])),
        ("kafka_replication", "truncation", "follower_truncates_to", json!(77)),
    ] {
        let outcome = judge(topic, &altered(topic, kind, name, value), &RUNS);
        assert!(matches!(outcome, Outcome::Failed(_)), "{topic} {kind}: {outcome:?}");
    }
}

#[test]
fn what_nobody_reads_or_expects_is_not_understood() {
    let steps = json!([{"op": "append", "records": 1}]);
    for (topic, kind, input, expected) in [
        ("kafka_partitioner", "to_positive", json!({"hash": 1}), json!({})),
        (
            "kafka_partitioner",
            "to_positive",
            json!({"hash": 1, "bits": 64}),
            json!({"positive": 1}),
        ),
        (
            "kafka_replication",
            "hw_scenario",
            json!({"steps": steps}),
            json!({"values": [{"after": 1, "hw": 0}]}),
        ),
        (
            "kafka_replication",
            "hw_scenario",
            json!({"steps": [{"op": "append", "records": 1, "epoch": 7}]}),
            json!({"values": [{"after": 0, "leo": 1}]}),
        ),
        (
            "kafka_assignors",
            "assign_range",
            json!({"partitions_per_topic": {"t": 1}, "members": [{"id": "a", "topics": ["t"], "rack": "r"}]}),
            json!({"assignment": {"a": ["t-0"]}}),
        ),
        (
            "kafka_assignors",
            "assign_range",
            json!({"partitions_per_topic": {"t": 1}, "members": [{"id": "a", "topics": ["t"]}]}),
            json!({"assignment": {"a": ["t-0"]}, "revoked": {"a": []}}),
        ),
        (
            "kafka_log",
            "lso",
            json!({"open": [{"pid": 1, "start": 3, "epoch": 1}], "complete_in_order": []}),
            json!({"lso": []}),
        ),
        (
            "kafka_log",
            "compaction_txn",
            json!({"log": [], "passes": ["clean under water"]}),
            json!({"offsets_after": [[]]}),
        ),
    ] {
        let case = json!({"id": "t", "kind": kind, "input": input, "expected": expected});
        let outcome = judge(topic, &serde_json::from_value(case).unwrap(), &RUNS);
        assert!(matches!(outcome, Outcome::NotUnderstood(_)), "{kind}: {outcome:?}");
    }
    let case = json!({"id": "t", "kind": "to_positive", "compare": "by eye", "input": {"hash": 1}, "expected": {"positive": 1}});
    let outcome = judge("kafka_partitioner", &serde_json::from_value(case).unwrap(), &RUNS);
    assert!(matches!(outcome, Outcome::NotUnderstood(_)), "{outcome:?}");
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
