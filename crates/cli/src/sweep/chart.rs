//! A study as a drawing: a panel for each metric over the values of one path,
//! a curve for each variant and combination of the other paths, and a bar for
//! each confidence interval.

use super::statistics::Summary;
use super::study::{Row, Study};
use super::values::positions;
use crate::chart::{self, Across, Chart, Curve, Panel, Quantity, Stroke};
use mqlab_engine::Unit;

/// Most panels of a drawing.
const PANELS_MAX: usize = 12;

/// The study as the text of an SVG file.
pub(super) fn svg(study: &Study) -> Result<String, String> {
    chart::svg(&drawn(study))
}

fn drawn(study: &Study) -> Chart {
    // What varies first is what the reader asked about.
    let axis = study.axes.iter().position(|(_, values)| values.len() > 1).unwrap_or(0);
    let (path, values) = study.axes.get(axis).cloned().unwrap_or_default();
    let places = match positions(&values) {
        Some((places, _)) => places,
        None => (0..values.len().max(1)).map(|place| place as f64).collect(),
    };
    let values: Vec<(f64, String)> = places
        .into_iter()
        .zip(values.into_iter().chain([String::new()]))
        .collect();
    let mut chart = Chart::new(&format!("{}: {path}", study.title));
    let curves = curves(study, axis);
    chart.variants = curves.len();
    chart.panels = (0..study.columns.len())
        .take(PANELS_MAX)
        .map(|column| panel(study, column, &curves, &values))
        .collect();
    chart.across = Across::Settings { path, values };
    chart
}

/// The rows of each curve, with its label.
fn curves(study: &Study, axis: usize) -> Vec<(String, Vec<&Row>)> {
    let mut curves: Vec<(String, Vec<&Row>)> = Vec::new();
    let has_variants = study.rows.iter().any(|row| row.variant != study.rows[0].variant);
    for row in &study.rows {
        let mut words: Vec<String> = Vec::new();
        for (index, ((path, values), at)) in study.axes.iter().zip(&row.at).enumerate() {
            if index != axis && values.len() > 1 {
                let name = path.rsplit('.').next().unwrap_or(path);
                words.push(format!("{name}={}", values[*at]));
            }
        }
        if has_variants {
            words.push(row.variant.clone());
        }
        let label = words.join(" ");
        match curves.iter_mut().find(|(known, _)| *known == label) {
            Some((_, rows)) => rows.push(row),
            None => curves.push((label, vec![row])),
        }
    }
    curves
}

fn panel(study: &Study, column: usize, curves: &[(String, Vec<&Row>)], values: &[(f64, String)]) -> Panel {
    let axis = study.axes.iter().position(|(_, values)| values.len() > 1).unwrap_or(0);
    let curve = |(variant, (label, rows)): (usize, &(String, Vec<&Row>))| {
        let mut measured: Vec<(f64, Summary)> = rows
            .iter()
            .filter_map(|row| Some((values[row.at.get(axis).copied().unwrap_or(0)].0, row.cells[column]?)))
            .collect();
        measured.sort_by(|a, b| a.0.total_cmp(&b.0));
        let interval = |(at, cell): &(f64, Summary)| cell.half.map(|half| (*at, cell.mean - half, cell.mean + half));
        Curve {
            label: label.clone(),
            variant,
            stroke: Stroke::Solid,
            points: measured.iter().map(|(at, cell)| (*at, cell.mean)).collect(),
            intervals: measured.iter().filter_map(interval).collect(),
        }
    };
    let mut panel = Panel {
        title: study.columns[column].name.clone(),
        quantity: match study.columns[column].unit {
            Unit::Count => Quantity::Count,
            Unit::Span => Quantity::Span,
            Unit::Time => Quantity::Instant,
            Unit::Ratio => Quantity::Share,
        },
        curves: curves.iter().enumerate().map(curve).collect(),
        left_out: 0,
    };
    panel.thin_out();
    panel
}
