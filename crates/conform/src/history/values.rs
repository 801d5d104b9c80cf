//! Anomalies of single values: there twice, lost, seen too early, or never.

use super::anomaly::{Anomaly, Kind};
use super::logs::{Log, Seen, is_committed, reads, writes};
use super::operation::{Datum, Ending, Operation};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Offsets at which clients saw different values.
pub(super) fn inconsistent(logs: &BTreeMap<Datum, Log>) -> Vec<Anomaly> {
    let mut found = Vec::new();
    for (key, log) in logs {
        for (index, (offset, values)) in log.offsets.iter().enumerate() {
            if values.len() > 1 {
                let anomaly = Anomaly::of(Kind::InconsistentOffsets, key)
                    .with("offset", *offset)
                    .with("index", index);
                found.push(anomaly.with_all("values", values));
            }
        }
    }
    found
}

/// Values at several offsets.
pub(super) fn duplicates(logs: &BTreeMap<Datum, Log>) -> Vec<Anomaly> {
    let mut found = Vec::new();
    for (key, log) in logs {
        let mut offsets: BTreeMap<&Datum, Vec<u64>> = BTreeMap::new();
        for (offset, values) in &log.offsets {
            values
                .iter()
                .for_each(|value| offsets.entry(value).or_default().push(*offset));
        }
        for (value, offsets) in offsets.into_iter().filter(|(_, offsets)| offsets.len() > 1) {
            let anomaly = Anomaly::of(Kind::Duplicate, key).with("value", value.json());
            found.push(anomaly.with("count", offsets.len()).with("offsets", offsets));
        }
    }
    found
}

/// Values of failed transactions that somebody read.
pub(super) fn aborted_reads(history: &[Operation]) -> Vec<Anomaly> {
    let failed = writes(history, Ending::Fail);
    let mut found = Vec::new();
    for operation in history.iter().filter(|operation| operation.ending == Ending::Ok) {
        for (key, values) in operation.polled() {
            let is_failed = |value: &&&Datum| failed.get(key).is_some_and(|failed| failed.contains(**value));
            let bad = values.iter().filter(is_failed);
            found.extend(bad.map(|value| Anomaly::of(Kind::G1a, key).with("value", value.json())));
        }
    }
    found
}

/// Transactions that polled what they sent.
pub(super) fn precommitted_reads(history: &[Operation]) -> Vec<Anomaly> {
    let mut found = Vec::new();
    for operation in history {
        let polled = operation.polled();
        for (key, sent) in operation.sent() {
            let own = polled.get(key).into_iter().flatten().find(|value| sent.contains(value));
            found.extend(own.map(|value| Anomaly::of(Kind::PrecommittedRead, key).with("value", value.json())));
        }
    }
    found
}

/// Values that are committed, lie before the last that was read of their key,
/// and were read by nobody.
///
/// Where clients disagree about offsets, what was read counts from the first
/// place at which it was seen, and what should have been read to the last: so
/// nobody is accused for the disagreement.
pub(super) fn lost_writes(history: &[Operation], logs: &BTreeMap<Datum, Log>) -> Vec<Anomaly> {
    let read = reads(history, Ending::Ok);
    let committed = committed(history, &read);
    let mut found = Vec::new();
    for (key, values) in &read {
        let Some(log) = logs.get(key) else { continue };
        let extent = log.extent();
        let first = |value: &Datum| extent.get(value).map(|(first, _)| *first);
        let Some(bound) = values.iter().filter_map(first).max() else {
            continue;
        };
        let mut lost: Vec<(usize, usize, &Datum)> = extent
            .iter()
            .filter(|(value, (_, last))| *last <= bound && !values.contains(**value))
            .filter(|(value, _)| committed.get(key).is_some_and(|committed| committed.contains(**value)))
            .map(|(value, (first, last))| (*last, *first, *value))
            .collect();
        lost.sort();
        for (_, index, value) in lost {
            let anomaly = Anomaly::of(Kind::LostWrite, key).with("value", value.json());
            found.push(anomaly.with("index", index).with("max_read_index", bound));
        }
    }
    found
}

/// What was sent and is in the log for certain.
fn committed(history: &[Operation], read: &Seen) -> Seen {
    let mut committed = Seen::new();
    for operation in history.iter().filter(|operation| is_committed(operation, read)) {
        for (key, values) in operation.sent() {
            committed
                .entry(key.clone())
                .or_default()
                .extend(values.into_iter().cloned());
        }
    }
    committed
}

/// Values that were acknowledged and that nobody has polled yet, by key, after
/// each transaction that ended well. A key stays listed when all is seen.
pub fn unseen_after(history: &[Operation]) -> Vec<BTreeMap<Datum, BTreeSet<Datum>>> {
    let mut after = Vec::new();
    let mut unseen: BTreeMap<Datum, BTreeSet<Datum>> = BTreeMap::new();
    let mut polled: BTreeMap<Datum, BTreeSet<Datum>> = BTreeMap::new();
    let is_transaction = |operation: &&Operation| matches!(operation.act, super::operation::Act::Transaction(_));
    for operation in history
        .iter()
        .filter(|one| one.ending == Ending::Ok)
        .filter(is_transaction)
    {
        for (key, values) in operation.polled() {
            polled
                .entry(key.clone())
                .or_default()
                .extend(values.into_iter().cloned());
        }
        for (key, values) in operation.sent() {
            unseen
                .entry(key.clone())
                .or_default()
                .extend(values.into_iter().cloned());
        }
        for (key, values) in &mut unseen {
            if let Some(seen) = polled.get(key) {
                values.retain(|value| !seen.contains(value));
            }
        }
        after.push(unseen.clone());
    }
    after
}

/// What is unseen at the end, as one anomaly for each key.
pub(super) fn unseen(history: &[Operation]) -> Vec<Anomaly> {
    let last = unseen_after(history).pop().unwrap_or_default();
    let some = last.into_iter().filter(|(_, values)| !values.is_empty());
    let anomaly = |(key, values): (Datum, BTreeSet<Datum>)| {
        let anomaly = Anomaly::of(Kind::Unseen, &key).with("count", values.len());
        anomaly.with_all("messages", &values)
    };
    some.map(anomaly).collect()
}

/// Counts by key, as JSON.
pub(super) fn counts(unseen: &BTreeMap<Datum, BTreeSet<Datum>>) -> Value {
    let name = |key: &Datum| match key {
        Datum::Text(text) => text.clone(),
        Datum::Number(number) => number.to_string(),
        Datum::Other(json) => json.clone(),
    };
    let counts: Map<String, Value> = unseen
        .iter()
        .map(|(key, values)| (name(key), Value::from(values.len())))
        .collect();
    Value::Object(counts)
}
