//! The shape that programs get, whatever the format: names of fields, times
//! as texts, metrics in nanoseconds.

use super::{ExpectationReport, VariantReport, VerdictReport};
use crate::life::FactRow;
use mqlab_engine::{Hit, Value};
use serde::ser::{Serialize, SerializeMap, Serializer};

#[derive(serde::Serialize)]
struct Variant<'a> {
    name: &'a str,
    digest: String,
    steps: u64,
    facts: u64,
    messages: u64,
    #[serde(skip_serializing_if = "Entries::is_empty")]
    faults: Entries<'a, Faults>,
    ended: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<&'static str>,
    #[serde(skip_serializing_if = "is_false")]
    interrupted: bool,
    metrics: Entries<'a, Number>,
    verdicts: Entries<'a, &'a VerdictReport>,
    expectations: &'a [ExpectationReport],
}

#[derive(serde::Serialize)]
struct Faults {
    all: u64,
    hit: u64,
}

#[derive(serde::Serialize)]
struct Verdict<'a> {
    count: u64,
    first: Option<&'a FactRow>,
}

#[derive(serde::Serialize)]
struct Fact<'a> {
    at: String,
    place: &'a str,
    fact: &'static str,
    message: Option<&'a str>,
    value: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<&'a str>,
}

#[derive(serde::Serialize)]
struct Expectation<'a> {
    that: &'a str,
    at: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<&'a str>,
    actual: Option<String>,
    pass: Option<bool>,
    decided: Option<String>,
}

/// A map in the order in which its entries stand.
struct Entries<'a, T>(Vec<(&'a str, T)>);

/// A metric's value: whole where it counts something, in nanoseconds where it
/// is a time, nothing where there is nothing to measure.
struct Number(Value);

impl Serialize for VariantReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let faults = self.faults.kinds().into_iter().filter(|(_, hit)| hit.all > 0);
        let metrics = self.metrics.iter().map(|(name, value)| (name.as_str(), Number(*value)));
        let shape = Variant {
            name: &self.name,
            // A JavaScript number cannot hold it.
            digest: format!("{:016x}", self.digest),
            steps: self.steps,
            facts: self.facts,
            messages: self.messages,
            faults: Entries(
                faults
                    .map(|(kind, Hit { all, hit })| (kind, Faults { all, hit }))
                    .collect(),
            ),
            ended: self.ended.to_string(),
            limit: self.limit.map(|hit| hit.name()),
            interrupted: self.interrupted,
            metrics: Entries(metrics.collect()),
            verdicts: Entries(self.verdicts.iter().map(|verdict| (verdict.name, verdict)).collect()),
            expectations: &self.expectations,
        };
        shape.serialize(serializer)
    }
}

impl Serialize for VerdictReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shape = Verdict {
            count: self.count,
            first: self.first.as_ref(),
        };
        shape.serialize(serializer)
    }
}

impl Serialize for FactRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shape = Fact {
            at: self.fact.at.to_string(),
            place: &self.place,
            fact: self.fact.kind.word(),
            message: self.message.as_deref(),
            value: self.fact.value,
            payload: self.payload.as_deref(),
        };
        shape.serialize(serializer)
    }
}

impl Serialize for ExpectationReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shape = Expectation {
            that: &self.that,
            at: &self.at,
            row: self.row.as_deref(),
            actual: self.actual.map(|value| value.to_string()),
            pass: self.pass,
            decided: self.decided.map(|at| at.to_string()),
        };
        shape.serialize(serializer)
    }
}

impl<T> Entries<'_, T> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Serialize> Serialize for Entries<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Count(count) => serializer.serialize_u64(count),
            Value::Span(span) => serializer.serialize_u64(span.nanos()),
            Value::Time(time) => serializer.serialize_u64(time.nanos()),
            Value::Ratio(number) | Value::PerSecond(number) => serializer.serialize_f64(number),
            Value::Never => serializer.serialize_none(),
        }
    }
}

/// `serde` asks with a reference.
fn is_false(flag: &bool) -> bool {
    !flag
}
