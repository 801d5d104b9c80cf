//! A hunt for programs.

use super::Hunt;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::io::{self, Write};

#[derive(Serialize)]
struct HuntJson<'a> {
    scenario: &'a str,
    file: &'a str,
    engine: &'static str,
    seed: u64,
    seeds: u64,
    promises: &'a [String],
    runs: usize,
    limited: usize,
    faults: Map<String, Value>,
    found: Option<FoundJson<'a>>,
}

#[derive(Serialize)]
struct FoundJson<'a> {
    seed: u64,
    variant: &'a str,
    broken: Vec<Value>,
    verdicts: Map<String, Value>,
    faults: usize,
    needed: usize,
    acts: Vec<String>,
    trials: usize,
    written: String,
}

/// Writes a hunt.
pub(super) fn json(hunt: &Hunt, out: &mut dyn Write) -> io::Result<()> {
    let hits = hunt.hits.iter();
    let whole = HuntJson {
        scenario: &hunt.title,
        file: &hunt.input.name,
        engine: env!("CARGO_PKG_VERSION"),
        seed: hunt.first_seed,
        seeds: hunt.seeds,
        promises: &hunt.promises,
        runs: hunt.runs,
        limited: hunt.limited,
        faults: hits
            .map(|(kind, (all, hit))| ((*kind).to_owned(), json!({"all": all, "hit": hit})))
            .collect(),
        found: hunt.found.as_ref().map(|found| FoundJson {
            seed: found.seed,
            variant: &found.variant,
            broken: found
                .broken
                .iter()
                .map(|one| json!({"that": one.that, "actual": one.actual}))
                .collect(),
            verdicts: found
                .verdicts
                .iter()
                .map(|(name, count, _)| ((*name).to_owned(), json!(count)))
                .collect(),
            faults: found.faults,
            needed: found.needed,
            acts: found.acts.iter().map(mqlab_scenario::Act::to_toml).collect(),
            trials: found.trials,
            written: found.file.display().to_string(),
        }),
    };
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    writeln!(out)
}
