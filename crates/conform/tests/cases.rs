//! The files of cases in `tests/conform`: what can be judged within seconds.
//! `mqlab conform tests/conform/*.json` judges everything.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use mqlab_conform::{Case, CaseFile, Observed, Outcome, Runs, Sequential, judge};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

fn file(name: &str) -> CaseFile {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conform");
    let text = fs::read_to_string(path.join(format!("{name}.json"))).unwrap();
    CaseFile::parse(&text).unwrap()
}

/// Enough for the stations whose numbers do not vary much.
const RUNS: Sequential = Sequential {
    seeds: 30,
    messages_max: 20_000,
};

/// Stations whose tolerance asks for millions of messages.
const SLOW: &[&str] = &[
    "01-MM1",
    "07-MMc",
    "14-MD1",
    "15-MD1",
    "16-MD1",
    "24-MLN1",
    "42-tandem-MM1",
    "43-tandem-MM1",
];

#[test]
fn histories_are_judged_as_their_file_says() {
    let file = file("jepsen_kafka");
    let mut skipped = Vec::new();
    for case in &file.cases {
        match judge(&file.topic, case, &RUNS) {
            Outcome::Passed => {}
            Outcome::Skipped(_) => skipped.push(case.kind.as_str()),
            other => panic!("{}: {other:#?}", case.id),
        }
    }
    assert!(skipped.iter().all(|kind| *kind == "definition"), "{skipped:?}");
}

#[test]
fn stations_come_to_what_their_formulas_say() {
    let file = file("queueing_theory");
    let is_slow = |case: &&Case| SLOW.iter().any(|slow| case.id.ends_with(slow));
    assert_eq!(file.cases.iter().filter(is_slow).count(), SLOW.len());
    for case in file.cases.iter().filter(|case| !is_slow(case)) {
        match judge(&file.topic, case, &RUNS) {
            Outcome::Passed => {}
            Outcome::Skipped(why) if case.id.contains("priority") => assert!(why.contains("priority"), "{why}"),
            other => panic!("{}: {other:#?}", case.id),
        }
    }
}

#[test]
fn a_node_does_what_a_real_one_did() {
    let mut wrong = Vec::new();
    for name in [
        "rabbitmq_routing",
        "rabbitmq_queues",
        "more_rabbitmq_routing",
        "more_rabbitmq_queues",
        "more_recorded_rabbitmq",
    ] {
        let file = file(name);
        for case in &file.cases {
            match judge(&file.topic, case, &RUNS) {
                Outcome::Passed | Outcome::Skipped(_) => {}
                other => wrong.push((case.id.clone(), other)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}: {wrong:#?}", wrong.len());
}

/// A case with another expectation.
fn altered(case: &Case, name: &str, value: Value) -> Case {
    let mut case = case.clone();
    case.expected.insert(name.to_owned(), value);
    case
}

#[test]
fn a_case_that_expects_something_else_fails() {
    let file = file("jepsen_kafka");
    let first = |kind: &str| file.cases.iter().find(|case| case.kind == kind).unwrap();
    for (kind, name, value) in [
        ("allowed", "tolerated", json!(false)),
        ("history", "errors", json!([{"type": "G1a", "key": "x", "value": 0}])),
        ("unseen", "unseen_after", json!([])),
        ("helper", "raw_log", json!([["a"]])),
        ("rpc", "type", json!("poll_ok")),
    ] {
        let outcome = judge(&file.topic, &altered(first(kind), name, value), &RUNS);
        assert!(matches!(outcome, Outcome::Failed(_)), "{kind}: {outcome:?}");
    }
    // An anomaly that the file says is absent, in a history that has it.
    let skip = file.cases.iter().find(|case| case.id.ends_with("/poll-skip")).unwrap();
    let outcome = judge(&file.topic, &altered(skip, "errors", json!([])), &RUNS);
    assert!(matches!(outcome, Outcome::Failed(_)), "{outcome:?}");
}

#[test]
fn a_step_that_should_have_shown_something_else_fails() {
    let file = file("rabbitmq_queues");
    let mut case = file
        .cases
        .iter()
        .find(|case| case.id.ends_with("/ttl-dlx-head-only"))
        .unwrap()
        .clone();
    let seen = case
        .expected
        .get_mut("observations")
        .and_then(Value::as_array_mut)
        .unwrap();
    let last = seen.last_mut().unwrap();
    last["result"] = json!(0);
    let outcome = judge(&file.topic, &case, &RUNS);
    let Outcome::Failed(found) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(found.len(), 1, "{found:?}");
    // What nobody looks at.
    let mut seen = case.clone();
    seen.expected["observations"][0]["after_ms"] = json!(5);
    let mut expected = case.clone();
    expected.expected.insert("log".to_owned(), json!([]));
    for case in [seen, expected] {
        assert!(matches!(judge(&file.topic, &case, &RUNS), Outcome::NotUnderstood(_)));
    }
    // What should not have been seen at all.
    case.expected["observations"] = json!([]);
    assert!(matches!(judge(&file.topic, &case, &RUNS), Outcome::Failed(_)));
    // What nobody knows how to do, and what would be another step without it.
    for step in [
        json!({"op": "tea"}),
        json!({"op": "count", "queue": "q", "policy": {}}),
        json!({"op": "publish", "key": "q", "props": {"user_id": "guest"}}),
        json!({"op": "publish", "key": "q", "props": {"priority": "high"}}),
        json!({"op": "get", "queue": "q", "auto_ack": "yes"}),
        json!({"op": "consume", "queue": "q", "tag": "A", "channel": "b"}),
    ] {
        let consume = json!({"op": "consume", "queue": "q", "tag": "A", "channel": "a"});
        case.input["steps"] = json!([{"op": "declare_queue", "queue": "q"}, consume, step]);
        let outcome = judge(&file.topic, &case, &RUNS);
        assert!(matches!(outcome, Outcome::NotUnderstood(_)), "{step}: {outcome:?}");
    }
}

fn case(kind: &str, input: Value, expected: Value) -> Case {
    serde_json::from_value(json!({"id": "t", "kind": kind, "input": input, "expected": expected})).unwrap()
}

#[test]
fn what_is_not_known_is_not_understood() {
    for (topic, kind, input) in [
        ("tea", "history", json!({})),
        ("jepsen_kafka", "tea", json!({})),
        ("jepsen_kafka", "history", json!({})),
        ("jepsen_kafka", "history", json!({"history": [{"type": "maybe"}]})),
        ("queueing_theory", "station", json!({"model": "tea"})),
        (
            "queueing_theory",
            "station",
            json!({"model": "M/M/0", "lam": 1, "mu": 2}),
        ),
        (
            "queueing_theory",
            "station",
            json!({"model": "M/M/1/0", "lam": 1, "mu": 2}),
        ),
        (
            "queueing_theory",
            "station",
            json!({"model": "M/M/200000", "lam": 1, "mu": 2}),
        ),
        (
            "queueing_theory",
            "station",
            json!({"model": "M/M/1", "lam": 1e-300, "mu": 2}),
        ),
        (
            "queueing_theory",
            "station",
            json!({"model": "tandem-M/M/1", "lam": 1, "mus": []}),
        ),
    ] {
        let outcome = judge(topic, &case(kind, input, json!({})), &RUNS);
        assert!(
            matches!(outcome, Outcome::NotUnderstood(_)),
            "{topic} {kind}: {outcome:?}"
        );
    }
}

#[test]
fn lags_and_helpers_are_judged() {
    let send = json!({"process": 1, "type": "ok", "f": "send", "time": 3, "value": [["send", "x", [0, "a"]]]});
    let assign = json!({"process": 0, "type": "ok", "f": "assign", "time": 1, "value": ["x"]});
    let poll = json!({"process": 0, "type": "ok", "f": "poll", "time": 8, "invoke_time": 7,
                      "value": [["poll", {"x": []}]]});
    let history = json!({"history": [assign, send, poll]});
    let lag = |lag: u64| json!({"time": 7, "process": 0, "key": "x", "lag": lag});
    let log = json!({"log": [null, ["a"], ["a", "b", "c"], null, ["c"], ["c", "d"], ["d"]]});
    let operation = json!({"op": {"process": 0, "type": "ok", "f": "txn", "value": [
        ["poll", {"x": [[2, null], [5, null], [4, null]]}], ["send", "y", [2, null]], ["send", "y", [3, null]],
    ]}});
    for (kind, input, right, wrong) in [
        (
            "realtime_lag",
            &history,
            json!({"lags": [lag(4)], "worst": lag(4)}),
            json!({"lags": [lag(5)]}),
        ),
        (
            "realtime_lag",
            &history,
            json!({"worst_lag": 4}),
            json!({"worst": {"lag": 1}}),
        ),
        (
            "helper",
            &log,
            json!({"first_index": {"a": 0, "b": 1, "c": 1, "d": 3}}),
            json!({"first_index": {"a": 1}}),
        ),
        (
            "helper",
            &log,
            json!({"last_index": [null, ["a", "b"], null, ["c"], ["d"]]}),
            json!({"last_index": []}),
        ),
        (
            "helper",
            &operation,
            json!({"max_offsets": {"x": 5, "y": 3}}),
            json!({"max_offsets": {"x": 4, "y": 3}}),
        ),
    ] {
        assert_eq!(
            judge("jepsen_kafka", &case(kind, input.clone(), right), &RUNS),
            Outcome::Passed
        );
        let outcome = judge("jepsen_kafka", &case(kind, input.clone(), wrong), &RUNS);
        assert!(matches!(outcome, Outcome::Failed(_)), "{kind}: {outcome:?}");
    }
}

struct Stopped;

impl Runs for Stopped {
    fn seeds(&self) -> u64 {
        2
    }

    fn messages_max(&self) -> u64 {
        1_000
    }

    fn each(&self, seeds: &[u64], one: &(dyn Fn(u64) -> Option<Observed> + Sync)) -> Option<Vec<Observed>> {
        seeds.iter().map(|seed| one(*seed)).collect()
    }

    fn is_stopped(&self) -> bool {
        true
    }
}

#[test]
fn somebody_who_stops_a_run_stops_it() {
    let file = file("queueing_theory");
    assert_eq!(judge(&file.topic, &file.cases[0], &Stopped), Outcome::Stopped);
}
