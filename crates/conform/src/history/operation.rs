//! Histories: what clients of a log asked for and were told.
//!
//! A client has a sending and a polling side. An operation is a transaction of
//! sends and polls, or a change of the keys that the client polls. A key is
//! one log (a partition), a value is one message; values are unique per key.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A key or a value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Datum {
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
    /// Anything else, as JSON text.
    Other(String),
}

impl Datum {
    fn of(value: &Value) -> Datum {
        match value {
            Value::Number(number) if number.is_i64() => Datum::Number(number.as_i64().unwrap_or_default()),
            Value::String(text) => Datum::Text(text.clone()),
            other => Datum::Other(other.to_string()),
        }
    }

    /// As JSON.
    pub fn json(&self) -> Value {
        match self {
            Datum::Number(number) => Value::from(*number),
            Datum::Text(text) => Value::from(text.as_str()),
            Datum::Other(json) => serde_json::from_str(json).unwrap_or(Value::Null),
        }
    }
}

/// How an operation ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// It did what it says.
    Ok,
    /// Nobody knows whether it did.
    Info,
    /// It did not.
    Fail,
}

/// What an operation is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Act {
    /// Sends and polls, as one transaction.
    Transaction(Vec<Step>),
    /// From now on the client polls these keys, as it chose itself.
    Assign(Vec<Datum>),
    /// From now on it polls what it is given of these keys.
    Subscribe(Vec<Datum>),
    /// Nothing that matters here.
    Other,
}

/// One send or poll of a transaction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// A value was sent.
    Send {
        /// To which key.
        key: Datum,
        /// Where in the log it went, if the client was told.
        offset: Option<u64>,
        /// The value.
        value: Datum,
    },
    /// Values came back, with their offsets, in order.
    Poll(BTreeMap<Datum, Vec<(Option<u64>, Datum)>>),
}

/// An operation that has ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Operation {
    /// Who did it: one client process.
    pub process: i64,
    /// How it ended.
    pub ending: Ending,
    /// What it was.
    pub act: Act,
    /// Keys that the client was given or lost while it went on.
    pub rebalanced: BTreeSet<Datum>,
    /// When it began.
    pub began: Option<i64>,
    /// When it ended.
    pub ended: Option<i64>,
}

impl Operation {
    /// An operation of which no times are known.
    pub fn new(process: i64, ending: Ending, act: Act) -> Self {
        Operation {
            process,
            ending,
            act,
            rebalanced: BTreeSet::new(),
            began: None,
            ended: None,
        }
    }

    /// Its sends and polls.
    pub fn steps(&self) -> &[Step] {
        match &self.act {
            Act::Transaction(steps) => steps,
            _ => &[],
        }
    }

    /// The values that it sent, by key, in order.
    pub fn sent(&self) -> BTreeMap<&Datum, Vec<&Datum>> {
        let mut sent: BTreeMap<&Datum, Vec<&Datum>> = BTreeMap::new();
        for step in self.steps() {
            if let Step::Send { key, value, .. } = step {
                sent.entry(key).or_default().push(value);
            }
        }
        sent
    }

    /// The values that it polled, by key, in order, over all its polls.
    pub fn polled(&self) -> BTreeMap<&Datum, Vec<&Datum>> {
        let mut polled: BTreeMap<&Datum, Vec<&Datum>> = BTreeMap::new();
        for step in self.steps() {
            let Step::Poll(keys) = step else { continue };
            for (key, pairs) in keys.iter().filter(|(_, pairs)| !pairs.is_empty()) {
                polled
                    .entry(key)
                    .or_default()
                    .extend(pairs.iter().map(|(_, value)| value));
            }
        }
        polled
    }

    /// The largest offset of each key that it sent to or polled.
    pub fn offsets_max(&self) -> BTreeMap<&Datum, u64> {
        let mut largest: BTreeMap<&Datum, u64> = BTreeMap::new();
        let mut see = |key, offset: u64| {
            let known = largest.entry(key).or_default();
            *known = (*known).max(offset);
        };
        for step in self.steps() {
            match step {
                Step::Send { key, offset, .. } => offset.iter().for_each(|offset| see(key, *offset)),
                Step::Poll(keys) => {
                    for (key, pairs) in keys {
                        pairs
                            .iter()
                            .filter_map(|(offset, _)| *offset)
                            .for_each(|offset| see(key, offset));
                    }
                }
            }
        }
        largest
    }
}

/// Reads a history. The beginnings of operations, if they are listed, give the
/// completions their `began`.
pub(super) fn read(history: &Value) -> Result<Vec<Operation>, String> {
    let list = history.as_array().ok_or("a history is a list of operations")?;
    let mut began: BTreeMap<i64, i64> = BTreeMap::new();
    let mut operations = Vec::new();
    for (index, entry) in list.iter().enumerate() {
        let at = |why: &str| format!("operation {index}: {why}");
        let process = entry.get("process").and_then(Value::as_i64).unwrap_or(index as i64);
        let time = entry.get("time").and_then(Value::as_i64);
        let ending = match entry.get("type").and_then(Value::as_str) {
            Some("ok") => Ending::Ok,
            Some("info") => Ending::Info,
            Some("fail") => Ending::Fail,
            Some("invoke") => {
                began.extend(time.map(|time| (process, time)));
                continue;
            }
            _ => return Err(at("`type` is ok, info or fail")),
        };
        let mut operation = Operation::new(process, ending, act(entry).map_err(|why| at(&why))?);
        operation.rebalanced = rebalanced(entry);
        operation.ended = time;
        let own = ["invoke_time", "invoked", "began", "start"];
        let own = own.iter().find_map(|name| entry.get(*name).and_then(Value::as_i64));
        operation.began = own.or_else(|| began.remove(&process));
        operations.push(operation);
    }
    Ok(operations)
}

fn act(entry: &Value) -> Result<Act, String> {
    let value = entry.get("value").unwrap_or(&Value::Null);
    let keys = || {
        value
            .as_array()
            .map(|keys| keys.iter().map(Datum::of).collect())
            .unwrap_or_default()
    };
    match entry.get("f").and_then(Value::as_str) {
        Some("assign") => Ok(Act::Assign(keys())),
        Some("subscribe") => Ok(Act::Subscribe(keys())),
        Some("send" | "poll" | "txn") => {
            let steps = value.as_array().map(Vec::as_slice).unwrap_or_default();
            Ok(Act::Transaction(steps.iter().map(step).collect::<Result<_, _>>()?))
        }
        Some(_) => Ok(Act::Other),
        None => Err("`f` says what it is: send, poll, txn, assign or subscribe".to_owned()),
    }
}

fn step(step: &Value) -> Result<Step, String> {
    let parts = step.as_array().map(Vec::as_slice).unwrap_or_default();
    match (parts.first().and_then(Value::as_str), parts) {
        (Some("send"), [_, key, value]) => {
            // A pair is an offset with the value, if the offset is known.
            let (offset, value) = match value.as_array().map(Vec::as_slice) {
                Some([offset, value]) => (offset.as_u64(), value),
                _ => (None, value),
            };
            Ok(Step::Send {
                key: Datum::of(key),
                offset,
                value: Datum::of(value),
            })
        }
        // A poll of which nothing came back may have nothing behind it.
        (Some("poll"), [_]) => Ok(Step::Poll(BTreeMap::new())),
        (Some("poll"), [_, keys]) => {
            let mut polled = BTreeMap::new();
            for (key, pairs) in keys.as_object().into_iter().flatten() {
                let pairs = pairs.as_array().ok_or("a poll has a list of pairs for each key")?;
                let pair = |pair: &Value| match pair.as_array().map(Vec::as_slice) {
                    Some([offset, value]) => Ok((offset.as_u64(), Datum::of(value))),
                    _ => Err("a poll has pairs of offset and value".to_owned()),
                };
                let pairs = pairs.iter().map(pair).collect::<Result<Vec<_>, _>>()?;
                polled.insert(key_of(key), pairs);
            }
            Ok(Step::Poll(polled))
        }
        _ => Err(format!("`{step}` is neither a send nor a poll")),
    }
}

/// The key that a field's name stands for: JSON has no numbers there, and the
/// sends of a history may.
fn key_of(name: &str) -> Datum {
    Datum::Text(name.to_owned())
}

fn rebalanced(entry: &Value) -> BTreeSet<Datum> {
    let names = ["rebalance-log", "rebalance_log", "rebalanced"];
    let log = names.iter().find_map(|name| entry.get(*name)).and_then(Value::as_array);
    let mut keys = BTreeSet::new();
    for event in log.into_iter().flatten() {
        match event.get("keys").and_then(Value::as_array) {
            Some(list) => keys.extend(list.iter().map(Datum::of)),
            None => drop(keys.insert(Datum::of(event))),
        }
    }
    keys
}

/// Keys that are numbers in sends are texts in polls, because JSON has no
/// numbers as names: brings them together.
pub(super) fn unify(operations: &mut [Operation]) {
    let as_text = |key: &mut Datum| {
        if let Datum::Number(number) = key {
            *key = Datum::Text(number.to_string());
        }
    };
    for operation in operations {
        match &mut operation.act {
            Act::Assign(keys) | Act::Subscribe(keys) => keys.iter_mut().for_each(as_text),
            Act::Transaction(steps) => {
                for step in steps {
                    if let Step::Send { key, .. } = step {
                        as_text(key);
                    }
                }
            }
            Act::Other => {}
        }
        operation.rebalanced = std::mem::take(&mut operation.rebalanced)
            .into_iter()
            .map(|mut key| {
                as_text(&mut key);
                key
            })
            .collect();
    }
}
