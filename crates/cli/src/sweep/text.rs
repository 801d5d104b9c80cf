//! A study for people: one table.

use super::grid::Grid;
use super::statistics::Summary;
use super::study::{Column, Row, Study};
use crate::notation::{cell, counted, grouped};
use crate::table::{Side, Table};
use mqlab_engine::{Unit, Value};
use mqlab_kernel::{SimSpan, SimTime};
use std::io::{self, Write};

/// Writes what is about to run.
pub(super) fn head(grid: &Grid, seeds: (u64, u64), runs: usize, out: &mut dyn Write) -> io::Result<()> {
    let (first, count) = seeds;
    let seeds = match count {
        1 => format!("seed {first}"),
        _ => format!("seeds {first} to {}", first + count - 1),
    };
    writeln!(out, "{}", grid.points[0].scenario.title)?;
    writeln!(out, "{}, {seeds}, {}\n", grid.input.name, counted(runs as u64, "run"))
}

/// Writes a study.
pub(super) fn text(study: &Study, out: &mut dyn Write) -> io::Result<()> {
    table(study).write(out, "  ")?;
    notes(study, out)
}

fn table(study: &Study) -> Table {
    let has_variants = study.rows.iter().any(|row| row.variant != study.rows[0].variant);
    let mut head: Vec<(&str, Side)> = study
        .axes
        .iter()
        .map(|(path, _)| (path.as_str(), Side::Right))
        .collect();
    if has_variants {
        head.push(("variant", Side::Left));
    }
    head.extend(study.columns.iter().map(|column| (column.name.as_str(), Side::Right)));
    let mut table = Table::new(&head);
    for row in &study.rows {
        let mut cells: Vec<String> = study
            .axes
            .iter()
            .zip(&row.at)
            .map(|((_, values), at)| values[*at].clone())
            .collect();
        if has_variants {
            cells.push(row.variant.clone());
        }
        let values = study.columns.iter().zip(&row.cells);
        cells.extend(values.map(|(column, summary)| shown(column, summary.as_ref(), row)));
        table.row(cells);
    }
    table
}

/// A mean with its interval; where some runs had nothing to measure, how many
/// had.
fn shown(column: &Column, summary: Option<&Summary>, row: &Row) -> String {
    let Some(summary) = summary else {
        return if row.runs == 0 { "not run" } else { "-" }.to_owned();
    };
    let mut text = number(column.unit, summary.mean);
    if let Some(half) = summary.half {
        // The width of an interval around an instant is a length of time.
        let unit = if column.unit == Unit::Time {
            Unit::Span
        } else {
            column.unit
        };
        text = format!("{text} \u{b1} {}", number(unit, half));
    }
    if summary.runs < row.runs {
        text = format!("{text} ({} of {})", summary.runs, row.runs);
    }
    text
}

/// A number in its unit, as short as it can be compared by eye.
fn number(unit: Unit, number: f64) -> String {
    match unit {
        Unit::Count => count(number),
        Unit::Span => cell(Value::Span(SimSpan::from_nanos_rounded(number))),
        Unit::Time => {
            // Whole milliseconds: a mean of instants is no instant of the run.
            let nanos = SimSpan::from_nanos_rounded((number / 1e6).round() * 1e6).nanos();
            SimTime::from_nanos(nanos).to_string()
        }
        Unit::Ratio => format!("{:.2}%", number * 100.0),
    }
}

/// A mean of counts: whole from a thousand on, with decimals below.
fn count(number: f64) -> String {
    let decimals = match number {
        n if n.fract() == 0.0 || n >= 1000.0 => 0,
        n if n >= 100.0 => 1,
        n if n >= 10.0 => 2,
        _ => 3,
    };
    if decimals == 0 {
        return grouped(number.round() as u64);
    }
    format!("{number:.decimals$}")
}

fn notes(study: &Study, out: &mut dyn Write) -> io::Result<()> {
    if study.seeds > 1 {
        writeln!(
            out,
            "\n  mean \u{b1} half the width of its {:.0} % confidence interval (Student's t over {} seeds)",
            study.confidence * 100.0,
            study.seeds
        )?;
    }
    for row in &study.rows {
        let setting = setting(study, row);
        if let Some((runs, hit)) = row.limited {
            let runs = counted(runs as u64, "run");
            writeln!(out, "  {setting}: {runs} ended by the limit `{}`", hit.name())?;
        }
        if (row.runs as u64) < study.seeds {
            writeln!(out, "  {setting}: stopped after {} of {} runs", row.runs, study.seeds)?;
        }
    }
    Ok(())
}

/// What a row stands for, in words.
fn setting(study: &Study, row: &Row) -> String {
    let set = study.axes.iter().zip(&row.at);
    let mut parts: Vec<String> = set
        .map(|((path, values), at)| format!("{path}={}", values[*at]))
        .collect();
    parts.push(row.variant.clone());
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_about_four_digits() {
        let shown = |number| count(number);
        assert_eq!(
            [0.0, 2.0, 0.5, 12.345, 123.456, 12_345.6].map(shown),
            ["0", "2", "0.500", "12.35", "123.5", "12,346"]
        );
        assert_eq!(number(Unit::Ratio, 0.8351), "83.51%");
        assert_eq!(number(Unit::Span, 9_012_345_678.0), "9.012s");
        assert_eq!(number(Unit::Time, 3_600_000_400_000.0), "01:00:00");
    }
}
