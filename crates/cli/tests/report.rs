//! Reports for programs: what `docs/report.md` promises of them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn mqlab(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mqlab"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .output()
        .unwrap()
}

fn report(arguments: &[&str]) -> Value {
    let output = mqlab(&[&["run", "--format", "json"], arguments].concat());
    serde_json::from_slice(&output.stdout).unwrap()
}

const PARCELS: &str = "tests/scenarios/parcels.toml";
const FAILS: &str = "tests/scenarios/fails.toml";
const LIMIT: &str = "tests/scenarios/limit.toml";

/// The example of the documentation.
fn example() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/report.md");
    let text = fs::read_to_string(path).unwrap();
    let example = text.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    serde_json::from_str(example).unwrap()
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn fields(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn the_documented_example_has_the_shape_of_a_report() {
    let (example, real) = (example(), report(&[PARCELS, "--variant", "one-clerk"]));
    let (example, real) = (&example[0], &real[0]);
    assert_eq!(fields(example), fields(real));
    let (example, real) = (&example["variants"][0], &real["variants"][0]);
    assert_eq!(fields(example), fields(real));
    for name in fields(example) {
        assert_eq!(kind(&example[name]), kind(&real[name]), "{name}");
    }
    for (name, value) in example["metrics"].as_object().unwrap() {
        assert_eq!(&real["metrics"][name], value, "{name}");
    }
    let known = fields(&real["verdicts"]);
    assert!(fields(&example["verdicts"]).is_subset(&known), "{known:?}");
    assert_eq!(fields(&example["verdicts"]["lost"]), fields(&real["verdicts"]["lost"]));
    assert_eq!(example["expectations"][0], real["expectations"][0]);
}

#[test]
fn a_verdict_shows_its_first_fact_as_documented() {
    let real = report(&["../../scenarios/crash-before-ack.toml", "--variant", "between"]);
    let real = &real[0]["variants"][0]["verdicts"]["delivered_again"];
    let example = example();
    let example = &example[0]["variants"][0]["verdicts"]["delivered_again"];
    assert_eq!(fields(example), fields(real));
    assert_eq!(fields(&example["first"]), fields(&real["first"]));
}

#[test]
fn equal_runs_give_equal_reports() {
    for format in ["json", "junit"] {
        let once = || mqlab(&["run", "--format", format, PARCELS, FAILS]).stdout;
        assert_eq!(once(), once(), "{format}");
    }
}

#[test]
fn every_number_of_files_gives_an_array() {
    assert_eq!(report(&[PARCELS]).as_array().unwrap().len(), 1);
    let several = report(&[PARCELS, FAILS, LIMIT]);
    let files = several
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["file"].as_str().unwrap());
    assert!(files.eq([PARCELS, FAILS, LIMIT]));
}

#[test]
fn a_limit_is_named_and_nothing_counts_as_shown() {
    let report = report(&[LIMIT]);
    let variant = &report[0]["variants"][0];
    assert_eq!(variant["limit"], "messages");
    assert_eq!(variant["expectations"][0]["pass"], false);
    assert_eq!(variant["messages"], 1000);
}

#[test]
fn a_failed_expectation_says_when_and_what() {
    let report = report(&[FAILS]);
    let failed = &report[0]["variants"][0]["expectations"][0];
    assert_eq!(failed["pass"], false);
    assert_eq!(failed["actual"], "21");
    assert_eq!(failed["at"], "always");
    assert_eq!(failed["decided"], "00:00:02");
}

#[test]
fn a_digest_has_sixteen_digits_everywhere() {
    let report = report(&[PARCELS]);
    let lines = String::from_utf8(mqlab(&["digests", PARCELS]).stdout).unwrap();
    for (line, variant) in lines.lines().zip(report[0]["variants"].as_array().unwrap()) {
        let digest = variant["digest"].as_str().unwrap();
        assert!(digest.len() == 16 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_eq!(line, format!("parcels {} {digest}", variant["name"].as_str().unwrap()));
    }
    assert_eq!(lines.lines().count(), 2);
}

#[test]
fn a_trace_for_programs_is_json_whatever_it_shows() {
    for more in [&["--limit", "0"][..], &["--limit", "1"], &["--from", "9s"], &[]] {
        let output = mqlab(&[&["trace", "--format", "json", PARCELS], more].concat());
        let trace: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(trace["facts"].is_array(), "{more:?}");
    }
}
