//! Anomalies of order: polls and sends that skip, repeat or go back.

use super::anomaly::{Anomaly, Kind};
use super::logs::Log;
use super::operation::{Act, Datum, Ending, Operation};
use std::collections::BTreeMap;

type Logs = BTreeMap<Datum, Log>;

/// How far `second` stands behind `first` in their key's log; 1, which is as
/// it should be, where that is not known.
fn delta(log: Option<&Log>, first: &Datum, second: &Datum) -> i64 {
    let place = |value| log.and_then(|log| log.place(value)).map(|place| place as i64);
    match (place(first), place(second)) {
        (Some(first), Some(second)) => second - first,
        _ => 1,
    }
}

/// The values that a log has between two others.
fn skipped<'a>(log: Option<&'a Log>, first: &Datum, second: &Datum) -> &'a [Datum] {
    let Some(log) = log else { return &[] };
    match (log.place(first), log.place(second)) {
        (Some(first), Some(second)) => log.between(first, second),
        _ => &[],
    }
}

/// Within single operations. `skip` and `back` are what it is called.
fn within<'a>(
    history: &'a [Operation],
    logs: &Logs,
    of: impl Fn(&'a Operation) -> BTreeMap<&'a Datum, Vec<&'a Datum>>,
    (skip, back): (Kind, Kind),
    excuses_rebalance: bool,
) -> Vec<Anomaly> {
    let mut found = Vec::new();
    for operation in history {
        for (key, values) in of(operation) {
            if excuses_rebalance && operation.rebalanced.contains(key) {
                continue;
            }
            let log = logs.get(key);
            for pair in values.windows(2) {
                let delta = delta(log, pair[0], pair[1]);
                let kind = match delta {
                    1 => continue,
                    2.. => skip,
                    _ => back,
                };
                let anomaly = Anomaly::of(kind, key)
                    .with_all("values", pair.iter().copied())
                    .with("delta", delta);
                found.push(if kind == skip {
                    anomaly.with_all("skipped", skipped(log, pair[0], pair[1]))
                } else {
                    anomaly
                });
            }
        }
    }
    found
}

/// Polls within single operations. Nothing is said of a key that the client
/// was given or lost meanwhile.
pub(super) fn polls_within(history: &[Operation], logs: &Logs) -> Vec<Anomaly> {
    let kinds = (Kind::IntPollSkip, Kind::IntNonmonotonicPoll);
    within(history, logs, Operation::polled, kinds, true)
}

/// Sends within single operations.
pub(super) fn sends_within(history: &[Operation], logs: &Logs) -> Vec<Anomaly> {
    let kinds = (Kind::IntSendSkip, Kind::IntNonmonotonicSend);
    within(history, logs, Operation::sent, kinds, false)
}

/// The last value of each key that a process had to do with.
type Last<'a> = BTreeMap<i64, BTreeMap<&'a Datum, &'a Datum>>;

/// Forgets what a process may no longer be held to: a new assignment keeps
/// only the keys that it covers.
fn reassigned(last: &mut Last<'_>, operation: &Operation) {
    let (Act::Assign(keys) | Act::Subscribe(keys)) = &operation.act else {
        return;
    };
    // One whose end is not known may have taken place.
    if operation.ending != Ending::Fail
        && let Some(known) = last.get_mut(&operation.process)
    {
        known.retain(|key, _| keys.contains(key));
    }
}

/// Polls between the operations of a process. An operation that failed or
/// crashed does not move its position, and is held to it all the same.
pub(super) fn polls_between(history: &[Operation], logs: &Logs) -> Vec<Anomaly> {
    let mut last = Last::new();
    let mut found = Vec::new();
    for operation in history {
        reassigned(&mut last, operation);
        let known = last.entry(operation.process).or_default();
        for (key, values) in operation.polled() {
            let log = logs.get(key);
            if let (Some(before), Some(first)) = (known.get(key), values.first()) {
                let delta = delta(log, before, first);
                let anomaly = |kind| {
                    Anomaly::of(kind, key)
                        .with("delta", delta)
                        .with_all("values", [*before, *first])
                };
                match delta {
                    1 => {}
                    2.. => found.push(anomaly(Kind::PollSkip).with_all("skipped", skipped(log, before, first))),
                    _ => found.push(anomaly(Kind::NonmonotonicPoll)),
                }
            }
            if let (Ending::Ok, Some(end)) = (operation.ending, values.last()) {
                known.insert(key, end);
            }
        }
    }
    found
}

/// Sends between the operations of a process that did not fail.
pub(super) fn sends_between(history: &[Operation], logs: &Logs) -> Vec<Anomaly> {
    let mut last = Last::new();
    let mut found = Vec::new();
    for operation in history.iter().filter(|operation| operation.ending != Ending::Fail) {
        reassigned(&mut last, operation);
        let known = last.entry(operation.process).or_default();
        for (key, values) in operation.sent() {
            if let (Some(before), Some(first)) = (known.get(key), values.first()) {
                let delta = delta(logs.get(key), before, first);
                if delta < 1 {
                    let anomaly = Anomaly::of(Kind::NonmonotonicSend, key).with("delta", delta);
                    found.push(anomaly.with_all("values", [*before, *first]));
                }
            }
            if let Some(end) = values.last() {
                known.insert(key, end);
            }
        }
    }
    found
}
