//! A study for spreadsheets: a line for each point, variant and metric.
//!
//! Times are nanoseconds, shares are of 1, fields are quoted where RFC 4180
//! asks for it.

use super::study::Study;
use mqlab_engine::Unit;
use std::io::{self, Write};

/// Writes a study.
pub(super) fn csv(study: &Study, out: &mut dyn Write) -> io::Result<()> {
    let fixed = ["variant", "metric", "unit", "runs", "measured", "limited"];
    let numbers = ["mean", "low", "high", "deviation", "least", "most"];
    let paths = study.axes.iter().map(|(path, _)| path.as_str());
    line(paths.chain(fixed).chain(numbers), out)?;
    for row in &study.rows {
        for (column, cell) in study.columns.iter().zip(&row.cells) {
            let mut fields: Vec<String> = study
                .axes
                .iter()
                .zip(&row.at)
                .map(|((_, values), at)| values[*at].clone())
                .collect();
            fields.extend([
                row.variant.clone(),
                column.name.clone(),
                unit(column.unit).to_owned(),
                row.runs.to_string(),
                cell.map_or(0, |cell| cell.runs).to_string(),
                row.limited.map_or(0, |(runs, _)| runs).to_string(),
            ]);
            match cell {
                Some(cell) => {
                    let half = cell.half;
                    let (low, high) = (half.map(|half| cell.mean - half), half.map(|half| cell.mean + half));
                    let interval = |end: Option<f64>| end.map_or(String::new(), |end| end.to_string());
                    fields.extend([cell.mean.to_string(), interval(low), interval(high)]);
                    fields.extend([cell.deviation, cell.least, cell.most].map(|number| number.to_string()));
                }
                None => fields.extend([const { String::new() }; 6]),
            }
            line(fields.iter().map(String::as_str), out)?;
        }
    }
    Ok(())
}

/// What numbers of a unit are, in a word.
pub(super) const fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Count => "count",
        Unit::Span | Unit::Time => "ns",
        Unit::Ratio => "ratio",
    }
}

fn line<'a>(fields: impl Iterator<Item = &'a str>, out: &mut dyn Write) -> io::Result<()> {
    let fields: Vec<String> = fields.map(quoted).collect();
    writeln!(out, "{}", fields.join(","))
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        let mut out = Vec::new();
        line(["a", "b,c", "d\"e", ""].into_iter(), &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "a,\"b,c\",\"d\"\"e\",\n");
    }
}
