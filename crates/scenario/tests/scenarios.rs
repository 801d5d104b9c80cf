//! The scenario files of the project: they are read without a finding, every
//! row they claim has an expectation, and what is short enough to run in a
//! test holds.

use mqlab_engine::Outcome;
use mqlab_kernel::SimTime;
use mqlab_scenario::{Runner, Scenario, parse};
use std::fs;
use std::path::Path;

/// What a variant may use here. `MQLAB_SCENARIOS=all` runs everything to the
/// end.
const ACTIONS_MAX: u64 = 3_000_000;

fn files() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut files: Vec<(String, String)> = entries
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("the file can be read"))
        })
        .collect();
    files.sort();
    assert!(files.len() >= 7);
    files
}

fn read(name: &str, text: &str) -> Scenario {
    let (scenario, found) = parse(text);
    assert!(found.is_empty(), "{name}: {found:#?}");
    scenario.expect("without findings there is a scenario")
}

#[test]
fn every_file_is_read_without_a_finding_and_explains_itself() {
    for (name, text) in files() {
        let scenario = read(&name, &text);
        assert!(
            scenario.about.is_some_and(|about| about.len() > 80),
            "{name} says nothing about itself"
        );
    }
}

#[test]
fn every_claimed_row_has_an_expectation() {
    for (name, text) in files() {
        let scenario = read(&name, &text);
        for row in &scenario.rows {
            let proven = scenario
                .expectations
                .iter()
                .any(|expectation| expectation.row.as_ref() == Some(row));
            assert!(proven, "{name} claims {row} and expects nothing of it");
        }
    }
}

#[test]
fn expectations_hold() {
    let everything = std::env::var("MQLAB_SCENARIOS").is_ok_and(|which| which == "all");
    let actions_max = if everything { u64::MAX } else { ACTIONS_MAX };
    let mut wrong = Vec::new();
    let mut finished = 0;
    for (name, text) in files() {
        let scenario = read(&name, &text);
        for variant in 0..scenario.variants.len() {
            let mut runner = Runner::new(&scenario, variant);
            let outcome = runner.advance(SimTime::MAX, actions_max);
            finished += usize::from(outcome == Outcome::Ended);
            let variant = &scenario.variants[variant].name;
            if !matches!(outcome, Outcome::Ended | Outcome::Budget) {
                wrong.push(format!("{name} {variant}: {outcome:?}"));
            }
            for result in runner.results().iter().filter(|result| result.is_failed()) {
                let expectation = &scenario.expectations[result.expectation];
                wrong.push(format!("{name} {variant}: {} but {:?}", expectation.text, result.state));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(finished >= 8, "{finished} variants ran to their end");
}
