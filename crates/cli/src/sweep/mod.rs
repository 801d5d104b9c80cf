//! `mqlab sweep`: one scenario under many settings and seeds, in numbers that
//! say how well they are known.

mod chart;
mod csv;
mod grid;
mod json;
mod runs;
mod statistics;
mod study;
mod text;
mod values;

use crate::arguments::{SweepArguments, SweepFormat};
use crate::ending::{Ending, Failure, warn};
use crate::load::chosen_of;
use crate::{diagnose, interrupt, output, threads};
use grid::{Grid, RUNS_MAX};
use mqlab_scenario::{MetricName, Severity};
use std::io::Write;
use study::{Metrics, Study};

/// Runs the study and writes what it came to.
pub(crate) fn sweep(arguments: &SweepArguments, out: &mut dyn Write) -> Result<Ending, Failure> {
    let mut grid = Grid::read(arguments)?;
    let variants = chosen_of(&grid.points[0].scenario, &grid.input.name, &arguments.variants)?;
    let metrics = metrics(&mut grid, &variants, &arguments.metrics)?;
    let seeds = arguments.seed..arguments.seed + arguments.seeds;
    let runs = grid.points.len() * variants.len() * usize::try_from(arguments.seeds).unwrap_or(usize::MAX);
    if runs > RUNS_MAX {
        let message = format!("{runs} runs, the limit of a study is {RUNS_MAX}; take fewer values or seeds");
        return Err(Failure::input(message));
    }
    if let Some(to) = &arguments.svg {
        output::expect_folder(to)?;
    }
    let jobs = runs::jobs(&grid, &variants, seeds);
    let pool = threads::pool(arguments.threads)?;
    interrupt::listen()?;
    if arguments.format == SweepFormat::Text {
        text::head(&grid, (arguments.seed, arguments.seeds), jobs.len(), out)?;
        out.flush()?;
    }
    let measured = runs::run_all(&grid, &jobs, &metrics.names, &pool, !arguments.quiet);
    let confidence = f64::from(arguments.confidence) / 100.0;
    let study = Study::of(
        &grid,
        &jobs,
        &measured,
        &metrics,
        (arguments.seed, arguments.seeds),
        confidence,
    );
    match arguments.format {
        SweepFormat::Text => text::text(&study, out)?,
        SweepFormat::Csv => csv::csv(&study, out)?,
        SweepFormat::Json => json::json(&study, out)?,
    }
    out.flush()?;
    // Last, so that a drawing that cannot be written costs nobody the study.
    if let Some(to) = &arguments.svg {
        let drawing = chart::svg(&study).map_err(Failure::input)?;
        output::write(to, &drawing)?;
    }
    Ok(ending(&study, arguments))
}

/// The metrics that were asked for, made ready at every point; or those that
/// are of interest.
fn metrics(grid: &mut Grid, variants: &[usize], asked: &[String]) -> Result<Metrics, Failure> {
    if asked.is_empty() {
        return Ok(Metrics::chosen(grid, variants));
    }
    let mut names: Vec<MetricName> = Vec::new();
    let mut is_good = true;
    for text in asked {
        let mut found = None;
        let mut why = Vec::new();
        for point in &mut grid.points {
            match point.scenario.measure(text) {
                Ok(name) => found = Some(name),
                Err(findings) => why = findings,
            }
        }
        match found {
            Some(name) if names.contains(&name) => {}
            Some(name) => names.push(name),
            None => {
                is_good = false;
                why.retain(|finding| finding.severity == Severity::Error);
                diagnose::show(&grid.input, &why);
            }
        }
    }
    if is_good {
        Ok(Metrics { names, is_asked: true })
    } else {
        Err(Failure::Said)
    }
}

fn ending(study: &Study, arguments: &SweepArguments) -> Ending {
    let limited = study.rows.iter().filter(|row| row.limited.is_some()).count();
    if interrupt::is_requested() {
        Ending::Interrupted
    } else if limited > 0 {
        if !arguments.quiet {
            warn("a limit ended some runs; what they came to until then is counted in");
        }
        Ending::Failed
    } else {
        Ending::Held
    }
}
