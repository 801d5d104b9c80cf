//! Reports for programs. The shape is described in `docs/report.md`, and a
//! test holds it to the example there.

use super::{ExpectationRow, Report, VariantReport, VerdictRow};
use crate::drive::End;
use crate::notation;
use mqlab_engine::{Hit, Value};
use mqlab_scenario::life::FactRow;
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::io::{self, Write};

#[derive(serde::Serialize)]
struct ScenarioJson<'a> {
    scenario: &'a str,
    file: &'a str,
    seed: u64,
    engine: &'static str,
    variants: Vec<VariantJson<'a>>,
}

#[derive(serde::Serialize)]
struct VariantJson<'a> {
    name: &'a str,
    digest: String,
    steps: u64,
    facts: u64,
    messages: u64,
    #[serde(skip_serializing_if = "Entries::is_empty")]
    faults: Entries<'a, HitJson>,
    ended: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<&'static str>,
    #[serde(skip_serializing_if = "is_false")]
    interrupted: bool,
    metrics: Entries<'a, Number>,
    verdicts: Entries<'a, VerdictJson<'a>>,
    expectations: Vec<ExpectationJson<'a>>,
}

#[derive(serde::Serialize)]
struct HitJson {
    all: u64,
    hit: u64,
}

#[derive(serde::Serialize)]
struct VerdictJson<'a> {
    count: u64,
    first: Option<FactJson<'a>>,
}

/// A fact, as reports and traces write it.
#[derive(serde::Serialize)]
pub(crate) struct FactJson<'a> {
    at: String,
    place: &'a str,
    fact: &'static str,
    message: Option<&'a str>,
    value: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<&'a str>,
}

#[derive(serde::Serialize)]
struct ExpectationJson<'a> {
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

impl<T> Entries<'_, T> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A metric's value: whole where it counts something, in nanoseconds where it
/// is a time, `null` where there is nothing to measure.
struct Number(Value);

/// Writes all reports as one array, whatever their number.
pub(crate) fn json(reports: &[Report], out: &mut dyn Write) -> io::Result<()> {
    let scenarios: Vec<ScenarioJson> = reports.iter().map(scenario).collect();
    serde_json::to_writer_pretty(&mut *out, &scenarios)?;
    writeln!(out)
}

fn scenario(report: &Report) -> ScenarioJson<'_> {
    ScenarioJson {
        scenario: &report.title,
        file: &report.file,
        seed: report.seed,
        engine: env!("CARGO_PKG_VERSION"),
        variants: report.variants.iter().map(variant).collect(),
    }
}

/// The kinds of faults that there were.
fn faults(report: &VariantReport) -> Entries<'_, HitJson> {
    let all = report.faults.kinds().into_iter().filter(|(_, hit)| hit.all > 0);
    let json = |Hit { all, hit }| HitJson { all, hit };
    Entries(all.map(|(kind, hit)| (kind, json(hit))).collect())
}

fn variant(report: &VariantReport) -> VariantJson<'_> {
    let metrics = report.metrics.iter();
    let verdicts = report.verdicts.iter();
    VariantJson {
        name: &report.name,
        digest: notation::digest(report.digest),
        steps: report.actions,
        facts: report.facts,
        messages: report.messages,
        faults: faults(report),
        ended: report.now.to_string(),
        limit: match report.end {
            End::Limit(hit) => Some(hit.name()),
            End::Over | End::Interrupted => None,
        },
        interrupted: report.end == End::Interrupted,
        metrics: Entries(metrics.map(|(name, value)| (name.as_str(), Number(*value))).collect()),
        verdicts: Entries(verdicts.map(|row| (row.name, verdict(row))).collect()),
        expectations: report.expectations.iter().map(expectation).collect(),
    }
}

fn verdict(row: &VerdictRow) -> VerdictJson<'_> {
    VerdictJson {
        count: row.count,
        first: row.first.as_ref().map(FactJson::of),
    }
}

fn expectation(row: &ExpectationRow) -> ExpectationJson<'_> {
    ExpectationJson {
        that: &row.that,
        at: &row.at,
        row: row.row.as_deref(),
        actual: row.actual.map(|value| value.to_string()),
        pass: row.pass,
        decided: row.decided.map(|at| at.to_string()),
    }
}

impl<'a> FactJson<'a> {
    /// A fact.
    pub(crate) fn of(row: &'a FactRow) -> Self {
        FactJson {
            at: row.fact.at.to_string(),
            place: &row.place,
            fact: row.fact.kind.word(),
            message: row.message.as_deref(),
            value: row.fact.value,
            payload: row.payload.as_deref(),
        }
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
