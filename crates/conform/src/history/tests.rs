//! What the checker's rules say, one by one. The names are those that skipped
//! definitions point to.

use super::cases::test_of;
use super::operation::{read, unify};
use super::*;
use serde_json::{Value, json};

fn history(operations: Value) -> Vec<Operation> {
    let mut history = read(&operations).unwrap();
    unify(&mut history);
    history
}

/// The anomalies of one kind.
fn of(kind: Kind, operations: Value) -> Vec<Value> {
    of_with(kind, operations, false)
}

fn of_with(kind: Kind, operations: Value, has_write_dependencies: bool) -> Vec<Value> {
    let found = anomalies(&history(operations), has_write_dependencies);
    found
        .iter()
        .filter(|anomaly| anomaly.kind == kind)
        .map(Anomaly::json)
        .collect()
}

fn op(process: i64, ending: &str, steps: Value) -> Value {
    json!({"process": process, "type": ending, "f": "txn", "value": steps})
}

fn sends(pairs: &[(u64, &str)]) -> Value {
    let steps: Vec<Value> = pairs
        .iter()
        .map(|(offset, value)| json!(["send", "x", [offset, value]]))
        .collect();
    json!(steps)
}

fn polls(pairs: &[(u64, &str)]) -> Value {
    let pairs: Vec<Value> = pairs.iter().map(|(offset, value)| json!([offset, value])).collect();
    json!([["poll", {"x": pairs}]])
}

/// Everything that is in the log, sent by somebody else.
fn all(values: &[(u64, &str)]) -> Value {
    op(9, "ok", sends(values))
}

#[test]
fn duplicate() {
    let twice = json!([op(0, "ok", sends(&[(0, "a")])), op(1, "ok", polls(&[(3, "a")]))]);
    let found = of(Kind::Duplicate, twice);
    assert_eq!(
        found,
        [json!({"type": "duplicate", "key": "x", "value": "a", "count": 2, "offsets": [0, 3]})]
    );
    // To read one offset twice is no duplicate.
    let again = json!([op(0, "ok", polls(&[(0, "a")])), op(1, "ok", polls(&[(0, "a")]))]);
    assert!(of(Kind::Duplicate, again).is_empty());
    // A failed send's offset says nothing; a failed poll's does.
    let failed = json!([
        op(0, "ok", sends(&[(1, "a")])),
        op(0, "fail", sends(&[(2, "b")])),
        op(1, "fail", polls(&[(11, "a"), (12, "b")])),
    ]);
    let found = of(Kind::Duplicate, failed);
    assert_eq!(
        found,
        [json!({"type": "duplicate", "key": "x", "value": "a", "count": 2, "offsets": [1, 11]})]
    );
}

#[test]
fn inconsistent_offsets() {
    let sent = |ending| {
        vec![
            op(0, ending, json!([["send", "x", [0, 1]], ["send", "y", 1]])),
            op(1, "ok", json!([["send", "x", [0, 2]]])),
        ]
    };
    assert_eq!(of(Kind::InconsistentOffsets, json!(sent("ok"))).len(), 1);
    // Nobody knows whether the first took place, so nothing is wrong ...
    assert!(of(Kind::InconsistentOffsets, json!(sent("info"))).is_empty());
    // ... until one of its values is read.
    let mut read = sent("info");
    read.push(op(2, "ok", json!([["poll", {"y": [[5, 1]]}]])));
    let found = of(Kind::InconsistentOffsets, json!(read));
    assert_eq!(found[0]["values"], json!([1, 2]));
}

#[test]
fn g1a() {
    let read = |ending| {
        json!([
            op(0, ending, json!([["send", "x", "a"]])),
            op(1, "ok", polls(&[(0, "a")]))
        ])
    };
    assert_eq!(
        of(Kind::G1a, read("fail")),
        [json!({"type": "G1a", "key": "x", "value": "a"})]
    );
    assert!(of(Kind::G1a, read("info")).is_empty());
}

#[test]
fn precommitted_read() {
    let own = op(0, "ok", json!([["send", "x", [0, "a"]], ["poll", {"x": [[0, "a"]]}]]));
    assert_eq!(of(Kind::PrecommittedRead, json!([own])).len(), 1);
    let next = json!([op(0, "ok", sends(&[(0, "a")])), op(0, "ok", polls(&[(0, "a")]))]);
    assert!(of(Kind::PrecommittedRead, next).is_empty());
}

#[test]
fn lost_write() {
    let lost = |ending| {
        json!([
            op(0, ending, sends(&[(0, "a")])),
            op(1, "ok", sends(&[(2, "c")])),
            op(2, "ok", polls(&[(2, "c")]))
        ])
    };
    let found = of(Kind::LostWrite, lost("ok"));
    assert_eq!(
        found,
        [json!({"type": "lost-write", "key": "x", "value": "a", "index": 0, "max_read_index": 1})]
    );
    // Nobody was told that it is safe.
    assert!(of(Kind::LostWrite, lost("info")).is_empty());
    assert!(of(Kind::LostWrite, lost("fail")).is_empty());
    // What lies behind everything that was read may still come.
    let behind = json!([all(&[(0, "a"), (1, "b")]), op(1, "ok", polls(&[(0, "a")]))]);
    assert!(of(Kind::LostWrite, behind).is_empty());
    // One value overwritten by another is lost although its offset is read.
    let over = json!([
        op(0, "ok", sends(&[(0, "a")])),
        op(0, "ok", sends(&[(0, "b"), (2, "c")])),
        op(1, "ok", polls(&[(0, "b"), (2, "c")])),
    ]);
    let found = of(Kind::LostWrite, over);
    assert_eq!(
        (found.len(), &found[0]["value"], &found[0]["max_read_index"]),
        (1, &json!("a"), &json!(1))
    );
}

#[test]
fn int_poll_skip() {
    let known = all(&[(1, "a"), (2, "b"), (4, "d")]);
    let found = of(
        Kind::IntPollSkip,
        json!([known, op(0, "ok", polls(&[(1, "a"), (4, "d")]))]),
    );
    let skip = json!({"type": "int-poll-skip", "key": "x", "values": ["a", "d"], "skipped": ["b"], "delta": 2});
    assert_eq!(found, std::slice::from_ref(&skip));
    // Over two polls of one operation as well, even if it failed.
    let apart = json!([
        known,
        op(
            0,
            "fail",
            json!([["poll", {"x": [[1, "a"]]}], ["poll", {"x": [[4, "d"]]}]])
        )
    ]);
    assert_eq!(of(Kind::IntPollSkip, apart), [skip]);
    // Not where the client was given other keys meanwhile.
    let mut moved = op(0, "ok", polls(&[(1, "a"), (4, "d")]));
    moved["rebalance-log"] = json!([{"keys": ["x"]}]);
    assert!(of(Kind::IntPollSkip, json!([known, moved])).is_empty());
}

#[test]
fn int_nonmonotonic_poll() {
    let known = all(&[(1, "a"), (2, "b"), (3, "c")]);
    let back = json!([
        known,
        op(0, "ok", polls(&[(3, "c"), (1, "a")])),
        op(1, "ok", polls(&[(2, "b"), (2, "b")]))
    ]);
    let found = of(Kind::IntNonmonotonicPoll, back);
    let deltas: Vec<&Value> = found.iter().map(|anomaly| &anomaly["delta"]).collect();
    assert_eq!(deltas, [&json!(-2), &json!(0)]);
}

#[test]
fn int_send_skip() {
    // The offset of `c` is known from a poll.
    let mixed = json!([
        op(0, "ok", json!([["send", "x", [1, "a"]], ["send", "x", "c"]])),
        op(1, "info", json!([["send", "x", "b"]])),
        op(2, "ok", polls(&[(2, "b"), (3, "c")])),
    ]);
    let skip = json!({"type": "int-send-skip", "key": "x", "values": ["a", "c"], "skipped": ["b"], "delta": 2});
    assert_eq!(of(Kind::IntSendSkip, mixed), [skip]);
}

#[test]
fn int_nonmonotonic_send() {
    let found = of(
        Kind::IntNonmonotonicSend,
        json!([op(0, "ok", sends(&[(3, "c"), (1, "a")]))]),
    );
    assert_eq!(found[0]["delta"], -1);
    assert!(
        of(
            Kind::IntNonmonotonicSend,
            json!([op(0, "ok", sends(&[(1, "a"), (3, "c")]))])
        )
        .is_empty()
    );
}

#[test]
fn poll_skip() {
    let known = all(&[(0, "a"), (1, "b"), (2, "c")]);
    let found = of(
        Kind::PollSkip,
        json!([known, op(0, "ok", polls(&[(0, "a")])), op(0, "ok", polls(&[(2, "c")]))]),
    );
    assert_eq!((&found[0]["delta"], &found[0]["skipped"]), (&json!(2), &json!(["b"])));
    // A failed operation is held to where the last good one left off, and the
    // next one too.
    let abort = json!([
        known,
        op(0, "ok", polls(&[(0, "a")])),
        op(0, "fail", polls(&[(1, "b")])),
        op(0, "info", polls(&[(2, "c")])),
        op(0, "ok", polls(&[(1, "b")])),
    ]);
    assert_eq!(of(Kind::PollSkip, abort).len(), 1);
    // Another process skips nothing.
    assert!(
        of(
            Kind::PollSkip,
            json!([known, op(0, "ok", polls(&[(0, "a")])), op(1, "ok", polls(&[(2, "c")]))])
        )
        .is_empty()
    );
}

#[test]
fn nonmonotonic_poll() {
    let known = all(&[(0, "a"), (1, "b")]);
    let again = json!([
        known,
        op(0, "ok", polls(&[(0, "a"), (1, "b")])),
        op(0, "ok", polls(&[(1, "b")]))
    ]);
    let found = of(Kind::NonmonotonicPoll, again);
    assert_eq!(
        (found.len(), &found[0]["values"], &found[0]["delta"]),
        (1, &json!(["b", "b"]), &json!(0))
    );
    let empty = json!([
        known,
        op(0, "ok", polls(&[(1, "b")])),
        op(0, "ok", json!([["poll", {"x": []}]])),
        op(0, "ok", polls(&[(0, "a")]))
    ]);
    assert_eq!(
        of(Kind::NonmonotonicPoll, empty).len(),
        1,
        "an empty poll moves nothing"
    );
}

#[test]
fn nonmonotonic_send() {
    let back = |first, second| json!([op(0, first, sends(&[(3, "c")])), op(0, second, sends(&[(1, "a")]))]);
    assert_eq!(of(Kind::NonmonotonicSend, back("ok", "ok")).len(), 1);
    assert!(of(Kind::NonmonotonicSend, back("fail", "ok")).is_empty());
    // Where it stands in the log is not known.
    assert!(of(Kind::NonmonotonicSend, back("info", "ok")).is_empty());
}

#[test]
fn a_new_assignment_forgets_positions() {
    let known = all(&[(0, "a"), (1, "b"), (2, "c")]);
    let between = |act: Value| {
        let history = json!([
            known,
            op(0, "ok", polls(&[(0, "a")])),
            act,
            op(0, "ok", polls(&[(2, "c")]))
        ]);
        of(Kind::PollSkip, history).len()
    };
    for f in ["assign", "subscribe"] {
        let act = |ending, keys| json!({"process": 0, "type": ending, "f": f, "value": keys});
        assert_eq!(between(act("ok", json!(["y"]))), 0);
        assert_eq!(between(act("info", json!(["y"]))), 0);
        assert_eq!(between(act("ok", json!(["x", "y"]))), 1);
        assert_eq!(between(act("fail", json!(["y"]))), 1);
    }
}

#[test]
fn offsets_may_be_sparse() {
    let sparse = json!([
        all(&[(0, "a"), (5, "b"), (9, "c")]),
        op(0, "ok", polls(&[(0, "a"), (5, "b"), (9, "c")]))
    ]);
    assert!(anomalies(&history(sparse), true).is_empty());
}

#[test]
fn nobody_has_to_see_a_value_soon() {
    let late = json!([
        all(&[(0, "a")]),
        op(0, "ok", json!([["poll", {}]])),
        op(0, "ok", json!([["poll", {"x": []}]]))
    ]);
    let found = anomalies(&history(late), true);
    let kinds: Vec<Kind> = found.iter().map(|anomaly| anomaly.kind).collect();
    assert_eq!(kinds, [Kind::Unseen], "it is not lost, only unseen so far");
}

#[test]
fn unseen() {
    let sent = json!([
        all(&[(0, "a"), (1, "b")]),
        op(9, "info", json!([["send", "x", "c"]])),
        op(0, "ok", polls(&[(1, "b")]))
    ]);
    let found = of(Kind::Unseen, sent);
    assert_eq!(
        found,
        [json!({"type": "unseen", "key": "x", "count": 1, "messages": ["a"]})]
    );
}

#[test]
fn g0() {
    let crossed = json!([
        op(0, "ok", json!([["send", "x", [0, "a"]], ["send", "y", [1, "a"]]])),
        op(1, "ok", json!([["send", "x", [1, "b"]], ["send", "y", [0, "b"]]])),
    ]);
    let found = of_with(Kind::G0, crossed.clone(), true);
    assert_eq!(found, [json!({"type": "G0", "transactions": 2})]);
    assert!(
        of_with(Kind::G0, crossed, false).is_empty(),
        "offsets are not trusted for it"
    );
    let straight = json!([
        op(0, "ok", sends(&[(0, "a")])),
        op(1, "ok", sends(&[(1, "b")])),
        op(0, "ok", sends(&[(2, "c")]))
    ]);
    assert!(
        anomalies(&history(straight), true)
            .iter()
            .all(|anomaly| anomaly.kind != Kind::G0)
    );
}

#[test]
fn g1c() {
    let crossed = |a: &str, b: &str| {
        json!([
            op(0, "ok", json!([["send", "x", [0, "a"]], ["poll", {"y": [[0, b]]}]])),
            op(1, "ok", json!([["send", "y", [0, "b"]], ["poll", {"x": [[0, a]]}]])),
        ])
    };
    assert_eq!(
        of(Kind::G1c, crossed("a", "b")),
        [json!({"type": "G1c", "transactions": 2})]
    );
    assert!(of(Kind::G1c, crossed("a", "z")).is_empty());
    // A ring of three.
    let ring = |process: i64, own: &str, seen: &str| {
        op(
            process,
            "ok",
            json!([["send", own, [0, own]], ["poll", {seen: [[0, seen]]}]]),
        )
    };
    let found = of(
        Kind::G1c,
        json!([ring(0, "x", "z"), ring(1, "y", "x"), ring(2, "z", "y")]),
    );
    assert_eq!(found, [json!({"type": "G1c", "transactions": 3})]);
}

#[test]
fn a_process_sees_its_own_past() {
    // It reads a value before it sends that value.
    let past = json!([op(0, "ok", polls(&[(0, "a")])), op(0, "ok", sends(&[(0, "a")]))]);
    assert_eq!(of(Kind::G1cProcess, past.clone()).len(), 1);
    assert!(of(Kind::G1c, past).is_empty());
}

#[test]
fn lag_is_how_long_the_last_value_has_not_been_the_last() {
    let at = |time: i64, process: i64, ending: &str, f: &str, value: Value| json!({"time": time, "process": process, "type": ending, "f": f, "value": value});
    let story = history(json!([
        at(1, 0, "ok", "assign", json!(["x"])),
        at(2, 0, "invoke", "poll", json!([["poll"]])),
        at(3, 0, "ok", "poll", json!([["poll", {"x": []}]])),
        at(
            5,
            1,
            "ok",
            "send",
            json!([["send", "x", [0, "a"]], ["send", "x", [2, "c"]]])
        ),
        at(6, 0, "invoke", "poll", json!([["poll"]])),
        at(7, 0, "ok", "poll", json!([["poll", {"x": [[0, "a"]]}]])),
        at(8, 0, "ok", "assign", json!(["y", "x"])),
        at(9, 0, "invoke", "poll", json!([["poll"]])),
        at(10, 0, "ok", "poll", json!([["poll", {}]])),
        at(11, 0, "ok", "assign", json!(["y"])),
        at(12, 0, "ok", "assign", json!(["x"])),
        at(14, 0, "invoke", "poll", json!([["poll"]])),
        at(15, 0, "ok", "poll", json!([["poll"]])),
    ]));
    let lags = lags(&story).unwrap();
    let found: Vec<(i64, i64)> = lags.iter().map(|lag| (lag.time, lag.lag)).collect();
    // Nothing was there; then `a` was not the last from 5 on; `y` has nothing;
    // at last the position is lost and it is behind since the first value.
    assert_eq!(found, [(2, 0), (6, 1), (9, 4), (9, 0), (14, 9)]);
    assert_eq!(worst(&lags).map(|lag| (lag.time, lag.lag)), Some((14, 9)));
    assert_eq!(super::lags(&history(json!([op(0, "ok", polls(&[(0, "a")]))]))), None);
}

#[test]
fn every_definition_points_to_a_test_that_is_here() {
    let source = include_str!("tests.rs");
    let rules = ["offsets", "recency", "skip and monotonicity tracking is reset by"];
    let kinds = Kind::ALL
        .iter()
        .map(|kind| kind.name())
        .filter(|name| !name.ends_with("-process"));
    for name in kinds.chain(rules) {
        let test = test_of(name).unwrap();
        assert!(source.contains(&format!("fn {test}() {{")), "{name}: {test}");
    }
}
