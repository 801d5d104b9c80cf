//! `mqlab run`: runs every variant of every file and says how it went.

use crate::arguments::{ReportFormat, RunArguments};
use crate::chart::{Chart, svg};
use crate::drive::{End, drive};
use crate::ending::{Ending, Failure};
use crate::load::{Loaded, chosen, load};
use crate::report::{Detail, Report, VariantReport, json, junit, text};
use crate::{interrupt, output};
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Runs, reports, and says whether every expectation holds.
pub(crate) fn run(arguments: &RunArguments, out: &mut dyn Write) -> Result<Ending, Failure> {
    let loaded = load(&arguments.files, &arguments.changes, !arguments.quiet)?;
    let variants = all_chosen(&loaded, &arguments.variants)?;
    let drawings = match &arguments.svg {
        Some(to) => drawings(to, &loaded)?,
        None => Vec::new(),
    };
    interrupt::listen()?;
    let mut reports = Vec::new();
    let mut charts = Vec::new();
    for (one, variants) in loaded.iter().zip(&variants) {
        let (report, chart) = run_one(one, variants, arguments);
        if arguments.format == ReportFormat::Text {
            let detail = if arguments.quiet { Detail::Bad } else { Detail::Full };
            if detail.shows(&report) {
                if reports.iter().any(|before| detail.shows(before)) {
                    writeln!(out)?;
                }
                text(&report, detail, out)?;
                out.flush()?;
            }
        }
        charts.extend(chart);
        reports.push(report);
        if interrupt::is_requested() {
            break;
        }
    }
    match arguments.format {
        ReportFormat::Text => {}
        ReportFormat::Json => json(&reports, out)?,
        ReportFormat::Junit => junit(&reports, out)?,
    }
    // Last, so that a drawing that cannot be written costs nobody the report.
    for (to, chart) in drawings.iter().zip(&charts) {
        write_drawing(to, chart)?;
    }
    Ok(ending(&reports))
}

/// The variants to run, per file. Every name that is unknown is reported.
fn all_chosen(loaded: &[Loaded], names: &[String]) -> Result<Vec<Vec<usize>>, Failure> {
    let mut all = Vec::new();
    let mut messages = Vec::new();
    for one in loaded {
        match chosen(one, names) {
            Ok(variants) => all.push(variants),
            Err(Failure::Input(more)) => messages.extend(more),
            Err(other) => return Err(other),
        }
    }
    if messages.is_empty() {
        Ok(all)
    } else {
        Err(Failure::Input(messages))
    }
}

/// Runs variants one after the other; each world goes before the next one is
/// built, because a world may hold tens of millions of messages.
fn run_one(loaded: &Loaded, variants: &[usize], arguments: &RunArguments) -> (Report, Option<Chart>) {
    let mut report = Report::new(loaded);
    let mut chart = arguments.svg.is_some().then(|| Chart::new(&loaded.scenario.title));
    for &index in variants {
        if interrupt::is_requested() {
            break;
        }
        let run = drive(&loaded.scenario, index, !arguments.quiet);
        if let Some(chart) = &mut chart {
            let world = run.runner.world();
            chart.add(&loaded.scenario.variants[index].name, world.series(), world.places());
        }
        report
            .variants
            .push(VariantReport::of(&loaded.scenario, index, &run, &arguments.show));
    }
    (report, chart)
}

fn ending(reports: &[Report]) -> Ending {
    let mut variants = reports.iter().flat_map(|report| &report.variants);
    if interrupt::is_requested() || variants.clone().any(|variant| variant.end == End::Interrupted) {
        Ending::Interrupted
    } else if variants.all(VariantReport::is_good) {
        Ending::Held
    } else {
        Ending::Failed
    }
}

/// Where each scenario's drawing goes. Folders are made, or missed, before
/// anything runs.
fn drawings(to: &Path, loaded: &[Loaded]) -> Result<Vec<PathBuf>, Failure> {
    if loaded.len() == 1 && !to.is_dir() {
        output::expect_folder(to)?;
        return Ok(vec![to.to_owned()]);
    }
    let made = fs::create_dir_all(to);
    made.map_err(|error| Failure::input(format!("cannot make the folder {}: {error}", to.display())))?;
    let mut seen = BTreeSet::new();
    let mut paths = Vec::new();
    for one in loaded {
        let path = to.join(format!("{}.svg", one.input.stem));
        if !seen.insert(path.clone()) {
            let message = format!("two scenarios would be drawn to {}", path.display());
            return Err(Failure::input(message));
        }
        paths.push(path);
    }
    Ok(paths)
}

fn write_drawing(to: &Path, chart: &Chart) -> Result<(), Failure> {
    let drawing = svg(chart).map_err(Failure::input)?;
    output::write(to, &drawing)
}
