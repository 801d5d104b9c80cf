//! Reports for programs. The shape is described in `docs/report.md`, and a
//! test holds it to the example there.

use super::Report;
use mqlab_scenario::report::VariantReport;
use std::io::{self, Write};

#[derive(serde::Serialize)]
struct ScenarioJson<'a> {
    scenario: &'a str,
    file: &'a str,
    seed: u64,
    engine: &'static str,
    variants: Vec<&'a VariantReport>,
}

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
        variants: report.variants.iter().map(|variant| &variant.data).collect(),
    }
}
