//! The comparison as a file.

use super::Comparison;
use crate::state::csv::{self, Csv};
use mqlab_engine::Value;
use mqlab_scenario::State;

/// The comparison with exact values: what every variant has, and how far it
/// is from the one that is compared with.
pub fn file(comparison: &Comparison) -> String {
    let mut csv = Csv::default();
    let base = comparison.variants.get(comparison.base).map_or("", String::as_str);
    let others = comparison.variants.iter().enumerate();
    let others: Vec<(usize, &String)> = others.filter(|(index, _)| *index != comparison.base).collect();
    let mut heads: Vec<String> = ["about", "metric", "unit"].map(str::to_owned).to_vec();
    heads.extend(comparison.variants.iter().map(|name| format!("value [{name}]")));
    for (_, name) in &others {
        heads.push(format!("difference [{name} - {base}]"));
        heads.push(format!("relative [{name} - {base}]"));
        heads.push(format!("judgement [{name} - {base}]"));
    }
    csv.row(heads);
    for group in &comparison.groups {
        for row in &group.rows {
            let known = row.values.iter().flatten().find(|value| **value != Value::Never);
            let unit = known.map_or("", |value| unit(*value));
            let mut fields = vec![group.name.clone(), row.id.clone(), unit.to_owned()];
            fields.extend(row.values.iter().map(|value| value.map_or_else(String::new, exact)));
            let differences = row.differences(comparison.base, Default::default());
            for (index, _) in &others {
                let difference = differences[*index].as_ref();
                let absolute = difference.and_then(|difference| difference.absolute);
                fields.push(absolute.map_or_else(String::new, |number| apart(unit, number)));
                let relative = difference.and_then(|difference| difference.relative);
                fields.push(relative.map_or_else(String::new, |share| share.to_string()));
                fields.push(
                    difference
                        .map_or("", |difference| difference.judgement.name())
                        .to_owned(),
                );
            }
            csv.row(fields);
        }
    }
    for promise in &comparison.promises {
        let mut fields = vec!["expectation".to_owned(), promise.text.clone(), promise.when.clone()];
        fields.extend(promise.states.iter().map(|state| match state {
            None => String::new(),
            Some(State::Pending) => "pending".to_owned(),
            Some(State::Held { .. }) => "holds".to_owned(),
            Some(State::Failed { .. }) => "fails".to_owned(),
        }));
        fields.extend(
            others
                .iter()
                .flat_map(|_| [String::new(), String::new(), String::new()]),
        );
        csv.row(fields);
    }
    csv.finish()
}

fn unit(value: Value) -> &'static str {
    match value {
        Value::Span(_) | Value::Time(_) => "s",
        Value::PerSecond(_) => "1/s",
        Value::Ratio(_) => "share",
        Value::Count(_) | Value::Never => "",
    }
}

fn exact(value: Value) -> String {
    match value {
        Value::Count(count) => count.to_string(),
        Value::Span(span) => csv::seconds(span.nanos()),
        Value::Time(at) => csv::seconds(at.nanos()),
        Value::Never => "never".to_owned(),
        Value::Ratio(number) | Value::PerSecond(number) => number.to_string(),
    }
}

/// A difference: of lengths of time in seconds, and exact, since nanoseconds
/// are whole numbers.
fn apart(unit: &str, number: f64) -> String {
    if unit != "s" {
        return number.to_string();
    }
    let sign = if number < 0.0 { "-" } else { "" };
    format!("{sign}{}", csv::seconds(number.abs() as u64))
}
