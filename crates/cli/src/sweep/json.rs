//! A study for programs. The shape is described in `docs/sweep.md`.

use super::csv::unit;
use super::statistics::Summary;
use super::study::{Row, Study};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

#[derive(Serialize)]
struct StudyJson<'a> {
    scenario: &'a str,
    file: &'a str,
    engine: &'static str,
    seed: u64,
    seeds: u64,
    confidence: f64,
    rows: Vec<RowJson<'a>>,
}

#[derive(Serialize)]
struct RowJson<'a> {
    set: BTreeMap<&'a str, &'a str>,
    variant: &'a str,
    runs: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<&'static str>,
    limited: usize,
    metrics: BTreeMap<&'a str, CellJson>,
}

#[derive(Serialize)]
struct CellJson {
    unit: &'static str,
    measured: usize,
    mean: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    deviation: Option<f64>,
    least: Option<f64>,
    most: Option<f64>,
}

/// Writes a study.
pub(super) fn json(study: &Study, out: &mut dyn Write) -> io::Result<()> {
    let whole = StudyJson {
        scenario: &study.title,
        file: &study.file,
        engine: env!("CARGO_PKG_VERSION"),
        seed: study.seed,
        seeds: study.seeds,
        confidence: study.confidence,
        rows: study.rows.iter().map(|row| of_row(study, row)).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    writeln!(out)
}

fn of_row<'a>(study: &'a Study, row: &'a Row) -> RowJson<'a> {
    let set = study.axes.iter().zip(&row.at);
    let cells = study.columns.iter().zip(&row.cells);
    RowJson {
        set: set
            .map(|((path, values), at)| (path.as_str(), values[*at].as_str()))
            .collect(),
        variant: &row.variant,
        runs: row.runs,
        limit: row.limited.map(|(_, hit)| hit.name()),
        limited: row.limited.map_or(0, |(runs, _)| runs),
        metrics: cells
            .map(|(column, cell)| (column.name.as_str(), of_cell(unit(column.unit), cell.as_ref())))
            .collect(),
    }
}

fn of_cell(unit: &'static str, cell: Option<&Summary>) -> CellJson {
    let half = |sign: f64| cell.and_then(|cell| Some(cell.mean + sign * cell.half?));
    CellJson {
        unit,
        measured: cell.map_or(0, |cell| cell.runs),
        mean: cell.map(|cell| cell.mean),
        low: half(-1.0),
        high: half(1.0),
        deviation: cell.map(|cell| cell.deviation),
        least: cell.map(|cell| cell.least),
        most: cell.map(|cell| cell.most),
    }
}
