//! Log compaction.

use super::log::{error, sentence};
use super::read::{Fields, Object, held};
use crate::outcome::Outcome;
use mqlab_brokers::kafka::{Cleanable, Cleaner, Ended, ProducerId, Transactions, What, check_keys};
use mqlab_kernel::{SimSpan, SimTime};
use serde_json::{Value, json};

/// `delete.retention.ms` of all cases.
const RETENTION: SimSpan = SimSpan::from_secs(3_600);

/// The same with a value or without.
fn with(what: What, is_tombstone: bool) -> What {
    match what {
        What::Keyed { key, .. } => What::Keyed { key, is_tombstone },
        other => other,
    }
}

/// A log that is cleaned now and then.
#[derive(Default)]
struct Log {
    records: Vec<Cleanable>,
    /// Keys that occurred: the cleaner knows them by number.
    keys: Vec<Value>,
    transactions: Transactions,
    cleaner: Cleaner,
    now: SimTime,
}

impl Log {
    fn key(&mut self, key: &Value) -> What {
        if key.is_null() {
            return What::Unkeyed;
        }
        let known = self.keys.iter().position(|known| known == key);
        let key = known.unwrap_or_else(|| {
            self.keys.push(key.clone());
            self.keys.len() - 1
        });
        What::Keyed {
            key: u32::try_from(key).unwrap_or(u32::MAX),
            is_tombstone: false,
        }
    }

    fn end(&self) -> u64 {
        self.records.last().map_or(0, |record| record.offset + 1)
    }

    /// A pass below `end`, so long after the last one.
    fn clean(&mut self, end: u64, later: SimSpan) {
        self.now = self.now + later;
        let aborted: Vec<Ended> = self.transactions.aborted(0, end);
        let records = &self.records;
        let gone = self
            .cleaner
            .pass(|| records.iter().copied(), end, &aborted, RETENTION, self.now);
        self.records.retain(|record| !gone.contains(&record.offset));
    }

    fn offsets(&self) -> Vec<u64> {
        self.records.iter().map(|record| record.offset).collect()
    }

    /// A record or a marker in a transaction.
    fn write(&mut self, offset: u64, producer: ProducerId, what: What) {
        self.records.push(Cleanable {
            offset,
            transaction: Some(producer),
            what,
        });
        if what != What::Marker {
            self.transactions.wrote(producer, offset);
        }
    }

    fn mark(&mut self, offset: u64, producer: ProducerId, marker: &str) -> Result<(), String> {
        if !["COMMIT", "ABORT"].contains(&marker) {
            return Err(format!("no marker `{marker}`"));
        }
        self.write(offset, producer, What::Marker);
        self.transactions.marked(producer, offset, marker == "COMMIT");
        Ok(())
    }
}

pub(super) fn compaction(input: Fields<'_>, expected: &Object) -> Result<Outcome, String> {
    let mut log = Log::default();
    for record in input.list("records")? {
        let Some([offset, key, value]) = record.as_array().map(Vec::as_slice) else {
            return Err(format!("a record is offset, key and value, not {record}"));
        };
        let what = with(log.key(key), value.is_null());
        log.records.push(Cleanable {
            offset: offset.as_u64().ok_or_else(|| format!("no offset {offset}"))?,
            transaction: None,
            what,
        });
    }
    let end = input.count("first_uncleanable_offset")?;
    log.clean(end, SimSpan::ZERO);
    if !input.flag("tombstones_within_delete_retention")? {
        log.clean(end, RETENTION);
    }
    held(expected, &|name| {
        (name == "surviving_offsets").then(|| json!(log.offsets()))
    })
}

/// How long before each of the passes of a sentence: `clean`, `two later
/// passes after the delete horizon`, `clean far in the future`.
fn waits(sentence: &str) -> Result<Vec<SimSpan>, String> {
    let mut later = SimSpan::ZERO;
    let mut passes = None;
    for word in sentence.split_whitespace() {
        match word {
            "clean" | "once" | "pass" => passes = passes.or(Some(1)),
            "two" | "twice" => passes = Some(2),
            "three" => passes = Some(3),
            "later" | "far" | "future" | "horizon" | "after" => later = RETENTION,
            "again" | "same" | "time" | "in" | "the" | "at" | "delete" | "past" | "passes" => {}
            _ => return Err(format!("no pass `{sentence}`")),
        }
    }
    let passes = passes.ok_or_else(|| format!("no pass `{sentence}`"))?;
    Ok(vec![later; passes])
}

/// Passes written in words, over a log with transactions.
pub(super) fn passes(input: Fields<'_>, expected: &Object) -> Result<Outcome, String> {
    let mut log = Log::default();
    let mut producer = ProducerId(0);
    for entry in input.list("log")? {
        let entry = Fields::of(entry)?;
        entry.has_only(&["o", "pid", "key", "value", "marker"])?;
        let offset = entry.count("o")?;
        if entry.has("pid") {
            producer = ProducerId(entry.small("pid")?);
        }
        if entry.has("marker") {
            log.mark(offset, producer, entry.text("marker")?)?;
            continue;
        }
        // Who says nothing of the value writes one.
        let is_tombstone = entry.0.get("value").is_some_and(Value::is_null);
        let what = with(log.key(entry.value("key")?), is_tombstone);
        if entry.has("pid") {
            log.write(offset, producer, what);
        } else {
            log.records.push(Cleanable {
                offset,
                transaction: None,
                what,
            });
        }
    }
    let mut offsets = Vec::new();
    for pass in input.texts("passes")? {
        let (appended, pass) = match pass.strip_prefix("append ").and_then(|rest| rest.split_once(" then ")) {
            Some((appended, pass)) => (appended, pass),
            None => ("", pass),
        };
        for part in appended.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (what, offset) = part.split_once('@').ok_or_else(|| format!("no record `{part}`"))?;
            let offset = offset.parse().map_err(|_| format!("no offset `{offset}`"))?;
            match what.parse::<u64>() {
                Ok(key) => {
                    let what = log.key(&json!(key));
                    log.write(offset, producer, what);
                }
                Err(_) => log.mark(offset, producer, what)?,
            }
        }
        for later in waits(pass)? {
            log.clean(log.end(), later);
        }
        offsets.push(log.offsets());
    }
    held(expected, &|name| (name == "offsets_after").then(|| json!(offsets)))
}

pub(super) fn rule(input: Fields<'_>, expected: &Object) -> Result<Outcome, String> {
    if !input.has("batch") {
        return Ok(sentence(
            "kafka::log::cleaner::tests::a_tombstone_takes_all_values_of_its_key",
        ));
    }
    let is_compacted = input
        .text("cleanup_policy")?
        .split(',')
        .any(|policy| policy.trim() == "compact");
    let batch = input.list("batch")?;
    for record in batch {
        Fields::of(record)?.has_only(&["key", "value"])?;
    }
    let has_key = batch
        .iter()
        .map(|record| record.get("key").is_some_and(|key| !key.is_null()));
    let refused = check_keys(has_key).err().filter(|_| is_compacted);
    held(expected, &|name| match name {
        "error" => Some(refused.map_or(Value::Null, |(why, _)| error(why))),
        "batch_index" => Some(json!(refused.map(|(_, place)| place))),
        "whole_batch_rejected" => Some(json!(refused.is_some())),
        _ => None,
    })
}
