//! Cases about histories: which kinds there are and how each is judged.

use super::anomaly::{Anomaly, Kind, is_tolerated};
use super::operation::{self, Datum, Ending, Operation};
use super::{anomalies, lags, logs_of, unseen_after, values, worst};
use crate::case::Case;
use crate::outcome::{Mismatch, Outcome};
use crate::rpc;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What comes of a case.
pub(crate) fn judge(case: &Case) -> Outcome {
    Outcome::from_result(match case.kind.as_str() {
        "definition" => Ok(defined(case)),
        "allowed" => allowed(case),
        "history" => history(case),
        "unseen" => unseen(case),
        "realtime_lag" => realtime_lag(case),
        "helper" => helper(case),
        "rpc" => rpc::judge(case),
        other => Err(format!("no kind `{other}`")),
    })
}

/// A definition is a sentence for people. What it says is held by a test of
/// the checker, one for each kind of anomaly and each rule.
fn defined(case: &Case) -> Outcome {
    let name = ["name", "rule"]
        .iter()
        .find_map(|field| case.input.get(*field))
        .and_then(Value::as_str);
    let test = name.and_then(test_of);
    Outcome::Skipped(match test {
        Some(test) => format!("a sentence for people; held by the test history::tests::{test}"),
        None => "a sentence for people".to_owned(),
    })
}

/// The test that holds a definition or a rule.
pub(super) fn test_of(name: &str) -> Option<&'static str> {
    let rules = [
        ("offsets", "offsets_may_be_sparse"),
        ("recency", "nobody_has_to_see_a_value_soon"),
        ("skip", "a_new_assignment_forgets_positions"),
    ];
    let kinds = [
        ("duplicate", "duplicate"),
        ("inconsistent-offsets", "inconsistent_offsets"),
        ("G1a", "g1a"),
        ("precommitted-read", "precommitted_read"),
        ("lost-write", "lost_write"),
        ("int-poll-skip", "int_poll_skip"),
        ("int-nonmonotonic-poll", "int_nonmonotonic_poll"),
        ("int-send-skip", "int_send_skip"),
        ("int-nonmonotonic-send", "int_nonmonotonic_send"),
        ("poll-skip", "poll_skip"),
        ("nonmonotonic-poll", "nonmonotonic_poll"),
        ("nonmonotonic-send", "nonmonotonic_send"),
        ("unseen", "unseen"),
        ("G0", "g0"),
        ("G1c", "g1c"),
    ];
    let rule = rules
        .iter()
        .find(|(start, _)| name.split([' ', '-']).next() == Some(*start));
    let kind = kinds.iter().find(|(known, _)| *known == name);
    kind.or(rule).map(|(_, test)| *test)
}

fn allowed(case: &Case) -> Result<Outcome, String> {
    let error = case
        .input
        .get("error")
        .and_then(Value::as_str)
        .ok_or("`error` is missing")?;
    let wanted = case.expected.get("tolerated").ok_or("`tolerated` is missing")?;
    let options = case.input.get("test_options").unwrap_or(&Value::Null);
    // One way of subscribing, or several.
    let subscribes = match options.get("sub_via") {
        Some(Value::Array(ways)) => ways.contains(&json!("subscribe")),
        Some(way) => way == "subscribe",
        None => false,
    };
    let actual = json!(is_tolerated(error, subscribes, has_write_dependencies(options)));
    Ok(Outcome::of(
        Mismatch::of_values("tolerated", wanted, &actual).into_iter().collect(),
    ))
}

fn has_write_dependencies(options: &Value) -> bool {
    let names = ["ww_deps", "ww-deps"];
    names
        .iter()
        .find_map(|name| options.get(*name))
        .and_then(Value::as_bool)
        .unwrap_or(false)
}

fn operations(case: &Case) -> Result<Vec<Operation>, String> {
    let history = case.input.get("history").ok_or("`history` is missing")?;
    let mut operations = operation::read(history)?;
    operation::unify(&mut operations);
    Ok(operations)
}

fn history(case: &Case) -> Result<Outcome, String> {
    let operations = operations(case)?;
    let options = case.input.get("options").unwrap_or(&Value::Null);
    let found = anomalies(&operations, has_write_dependencies(options));
    let wanted = case
        .expected
        .get("errors")
        .and_then(Value::as_array)
        .ok_or("`errors` is missing")?;
    if wanted.is_empty() {
        return absent(case, &found);
    }
    let mut left: Vec<&Anomaly> = found.iter().collect();
    let mut mismatches = Vec::new();
    for wanted in wanted {
        let fields = wanted.as_object().ok_or("an error is an object with `type`")?;
        match left.iter().position(|anomaly| anomaly.fits(fields)) {
            // Each is matched once: two of a kind are two.
            Some(index) => drop(left.remove(index)),
            None => {
                let name = fields.get("type").and_then(Value::as_str).unwrap_or_default();
                let alike: Vec<String> = found
                    .iter()
                    .filter(|anomaly| anomaly.kind.name() == name)
                    .map(|anomaly| anomaly.json().to_string())
                    .collect();
                let actual = if alike.is_empty() {
                    format!("no {name}")
                } else {
                    alike.join(", ")
                };
                mismatches.push(Mismatch::new("errors", wanted.to_string(), actual));
            }
        }
    }
    Ok(Outcome::of(mismatches))
}

/// An empty list says that the anomaly which the case is about is absent. It
/// is named by the note, the case or the test that it is from.
fn absent(case: &Case, found: &[Anomaly]) -> Result<Outcome, String> {
    let note = case
        .note
        .as_deref()
        .and_then(|note| note.strip_prefix("no "))
        .unwrap_or_default();
    let test = case.source.test.as_deref().unwrap_or_default();
    // The longest name that fits: `int-poll-skip` is no `poll-skip`.
    let named = |text: &str| {
        let kinds = Kind::ALL
            .iter()
            .filter(|kind| text.to_lowercase().starts_with(&kind.name().to_lowercase()));
        kinds.max_by_key(|kind| kind.name().len())
    };
    let kind = named(note).or_else(|| named(case.tail())).or_else(|| named(test));
    let kind = kind.ok_or("neither note nor name says which anomaly is absent")?;
    let present = found.iter().filter(|anomaly| anomaly.kind == *kind);
    let mismatch =
        |anomaly: &Anomaly| Mismatch::new("errors", format!("no {}", kind.name()), anomaly.json().to_string());
    Ok(Outcome::of(present.map(mismatch).collect()))
}

fn unseen(case: &Case) -> Result<Outcome, String> {
    let after = unseen_after(&operations(case)?);
    let actual: Vec<Value> = after.iter().map(values::counts).collect();
    let wanted = case.expected.get("unseen_after").ok_or("`unseen_after` is missing")?;
    let mismatch = Mismatch::of_values("unseen_after", wanted, &Value::Array(actual));
    Ok(Outcome::of(mismatch.into_iter().collect()))
}

fn realtime_lag(case: &Case) -> Result<Outcome, String> {
    let found = lags(&operations(case)?).ok_or("the operations have no times, or offsets are too large")?;
    let lag =
        |lag: &super::Lag| json!({"time": lag.time, "process": lag.process, "key": lag.key.json(), "lag": lag.lag});
    let all = Value::Array(found.iter().map(lag).collect());
    let largest = worst(&found).map_or(Value::Null, lag);
    let mut mismatches = Vec::new();
    for (name, wanted) in &case.expected {
        let actual = match (name.contains("worst"), wanted) {
            (true, Value::Object(_)) => largest.clone(),
            (true, Value::Number(_)) => largest.get("lag").cloned().unwrap_or(json!(0)),
            (false, Value::Array(_)) => all.clone(),
            _ => return Err(format!("`{name}` is neither a list of lags nor the worst of them")),
        };
        if !fits(wanted, &actual) {
            mismatches.push(Mismatch::new(name, wanted.to_string(), actual.to_string()));
        }
    }
    Ok(Outcome::of(mismatches))
}

/// Whether `actual` has everything that `wanted` has.
fn fits(wanted: &Value, actual: &Value) -> bool {
    match (wanted, actual) {
        (Value::Object(wanted), Value::Object(actual)) => wanted
            .iter()
            .all(|(name, value)| actual.get(name).is_some_and(|actual| fits(value, actual))),
        (Value::Array(wanted), Value::Array(actual)) => {
            wanted.len() == actual.len() && wanted.iter().zip(actual).all(|(wanted, actual)| fits(wanted, actual))
        }
        _ => wanted == actual,
    }
}

/// Parts of the checker that have published results of their own: the log that
/// it sees, the first and last places of values in one, and the largest
/// offsets of an operation.
fn helper(case: &Case) -> Result<Outcome, String> {
    let mut mismatches = Vec::new();
    for (name, wanted) in &case.expected {
        let actual = if let Some(log) = case.input.get("log") {
            extents(log, wanted)?
        } else if case.expected.contains_key("raw_log") {
            let logs = logs_of(&operations(case)?);
            let (_, log) = logs.first_key_value().ok_or("the history shows no log")?;
            match name.as_str() {
                "raw_log" => raw(log),
                "errors" => Value::Array(inconsistent(&logs)),
                _ => return Err(format!("nothing is known of `{name}`")),
            }
        } else {
            largest_offsets(&case.input)?
        };
        let is_equal = if name == "errors" {
            fits(wanted, &actual)
        } else {
            *wanted == actual
        };
        if !is_equal {
            mismatches.push(Mismatch::new(name, wanted.to_string(), actual.to_string()));
        }
    }
    Ok(Outcome::of(mismatches))
}

/// The values at each offset from 0 on, `null` where none was seen.
fn raw(log: &super::Log) -> Value {
    let end = log.offsets.last_key_value().map_or(0, |(offset, _)| offset + 1);
    let at = |offset: u64| match log.offsets.get(&offset) {
        Some(values) => Value::Array(values.iter().map(Datum::json).collect()),
        None => Value::Null,
    };
    Value::Array((0..end.min(super::OFFSETS_MAX as u64)).map(at).collect())
}

fn inconsistent(logs: &BTreeMap<Datum, super::Log>) -> Vec<Value> {
    values::inconsistent(logs)
        .into_iter()
        .map(|anomaly| Value::Object(anomaly.fields))
        .collect()
}

/// Of a raw log: as a list, the values whose last place each place is; as an
/// object, the first place of each value.
fn extents(log: &Value, wanted: &Value) -> Result<Value, String> {
    let offsets = log.as_array().ok_or("a log is a list with the values of each offset")?;
    let values = |value: &Value| -> Vec<Value> { value.as_array().cloned().unwrap_or_default() };
    // A history of polls that shows exactly this log.
    let pairs = offsets.iter().enumerate().flat_map(|(offset, at)| {
        let values = values(at);
        values.into_iter().map(move |value| json!([offset, value]))
    });
    let poll = json!(["poll", {"log": pairs.collect::<Vec<Value>>()}]);
    let history = json!([{"process": 0, "type": "ok", "f": "poll", "value": [poll]}]);
    let logs = logs_of(&operation::read(&history)?);
    let log = logs.into_values().next().unwrap_or_default();
    let extent = log.extent();
    if wanted.is_object() {
        let first = extent.iter().map(|(value, (first, _))| {
            let name = value.json();
            (name.as_str().map_or(name.to_string(), str::to_owned), json!(first))
        });
        return Ok(Value::Object(first.collect()));
    }
    let places = extent.values().map(|(_, last)| last + 1).max().unwrap_or(0);
    let at = |place: usize| {
        let last = extent.iter().filter(|(_, (_, last))| *last == place);
        let values: Vec<Value> = last.map(|(value, _)| value.json()).collect();
        if values.is_empty() {
            Value::Null
        } else {
            Value::Array(values)
        }
    };
    Ok(Value::Array((0..places).map(at).collect()))
}

/// The largest offset of each key that one operation sent to or polled.
fn largest_offsets(input: &Map<String, Value>) -> Result<Value, String> {
    let operation = input.get("op").or_else(|| input.get("operation")).cloned();
    let operation = operation.unwrap_or_else(|| Value::Object(input.clone()));
    let history = operation::read(&json!([operation]))?;
    let mut largest = Map::new();
    for operation in history.iter().filter(|operation| operation.ending != Ending::Fail) {
        for (key, offset) in operation.offsets_max() {
            let name = key.json();
            largest.insert(name.as_str().map_or(name.to_string(), str::to_owned), json!(offset));
        }
    }
    Ok(Value::Object(largest))
}
