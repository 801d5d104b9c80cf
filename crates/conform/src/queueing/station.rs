//! Cases about one station: what it should come to, against what it does.

use super::measure::{Run, Watch};
use super::model::{Model, Single};
use crate::case::Case;
use crate::outcome::{Mismatch, Outcome};
use crate::runs::{Observed, Runs};
use serde_json::Value;
use std::fmt::Write;

/// Messages of a run of the first attempt.
const MESSAGES_MIN: u64 = 20_000;

/// How many standard errors have to fit into the tolerance: with four of them
/// chance alone fails one case in sixteen thousand.
const ERRORS_IN_TOLERANCE: f64 = 4.0;

/// The tolerance of a case that names none.
const TOLERANCE: f64 = 0.05;

/// What comes of a case.
pub(super) fn judge(case: &Case, runs: &dyn Runs) -> Result<Outcome, String> {
    let stages = match Model::read(&case.input)? {
        Model::Single(single) => vec![single],
        Model::Tandem(stages) => stages,
        Model::Priority(classes, is_preemptive) => {
            let how = if is_preemptive {
                "preemptive"
            } else {
                "head of the line"
            };
            let reason = format!(
                "{} classes of priority, {how}: no service of the engine tells classes apart",
                classes.len()
            );
            return Ok(Outcome::Skipped(reason));
        }
    };
    let wanted = wanted(case)?;
    possible(&stages)?;
    let tolerance = case
        .expected
        .get("suggested_rel_tol")
        .and_then(Value::as_f64)
        .unwrap_or(TOLERANCE);
    let mut messages = MESSAGES_MIN.min(runs.messages_max());
    loop {
        let Some(all) = observe(&stages, messages, &wanted, runs) else {
            return Ok(Outcome::Stopped);
        };
        let needed = needed(&all, &wanted, tolerance);
        if needed <= 1.0 || messages >= runs.messages_max() {
            return compared(&wanted, &all, tolerance);
        }
        // What the errors say is needed, and a quarter more, because they are
        // estimates themselves.
        let grown = (messages as f64 * needed * 1.25) as u64;
        messages = grown.clamp(messages * 3 / 2, runs.messages_max());
    }
}

/// Whether the engine takes the station: not every number that can be written
/// is one of servers or a rate.
fn possible(stages: &[Single]) -> Result<(), String> {
    let first = stages.first().ok_or("no stage, so nothing to go through")?;
    let text = written(stages, MESSAGES_MIN, first.service.mean());
    let (scenario, found) = mqlab_scenario::parse(&text);
    match (scenario, found.first()) {
        (None, Some(finding)) => Err(format!("no station can be like this: {}", finding.message)),
        _ => Ok(()),
    }
}

/// The names that have to come out, with their values.
fn wanted(case: &Case) -> Result<Vec<(String, f64)>, String> {
    let fields = case.expected.iter().filter(|(name, _)| *name != "suggested_rel_tol");
    let number = |(name, value): (&String, &Value)| match value.as_f64() {
        Some(number) => Ok((name.clone(), number)),
        None => Err(format!("`{name}` is a number")),
    };
    fields.map(number).collect()
}

/// What every seed shows.
fn observe(stages: &[Single], messages: u64, wanted: &[(String, f64)], runs: &dyn Runs) -> Option<Vec<Observed>> {
    let seeds: Vec<u64> = (1..=runs.seeds()).collect();
    let scale = stages[0].service.mean();
    let text = written(stages, messages, scale);
    let names: Vec<String> = wanted.iter().map(|(name, _)| name.clone()).collect();
    let one = |seed: u64| {
        let mut watches: Vec<Watch> = stages
            .iter()
            .map(|stage| Watch::new(messages, stage.rate * scale))
            .collect();
        let run = Run::new(&text, seed);
        let (load, inlets) = (run.load, run.inlets.clone());
        run.watch(runs, |fact| {
            let known = inlets.iter().find(|(inlet, _)| *inlet == fact.place);
            if fact.place == load {
                watches[0].see(fact);
            } else if let Some((_, stage)) = known {
                watches[*stage].see(fact);
            }
        })?;
        let stages = stages.iter().zip(watches);
        let mut observed: Vec<Observed> = stages
            .map(|(stage, watch)| watch.observed(stage, scale, &names))
            .collect();
        let total: f64 = observed.iter().map(|stage| stage["W"]).sum();
        let mut first = observed.swap_remove(0);
        first.insert("W_total".to_owned(), total);
        Some(first)
    };
    runs.each(&seeds, &one)
}

/// The station as a scenario in which the first service takes a second on
/// average. Servers with room without end consume a queue; others are called
/// and refuse what finds no place.
pub(super) fn written(stages: &[Single], messages: u64, scale: f64) -> String {
    let mut text = String::from("title = \"A station\"\n");
    let mut line = |line: std::fmt::Arguments<'_>| {
        // Writing to a text does not fail.
        let _ = writeln!(text, "{line}");
    };
    for (index, stage) in stages.iter().enumerate() {
        let work = stage.service.written(scale);
        let workers = stage
            .servers
            .map_or("\"unlimited\"".to_owned(), |servers| servers.to_string());
        match stage.places.zip(stage.servers) {
            Some((places, servers)) => {
                line(format_args!(
                    "[service.server{index}]\nworkers = {workers}\nqueue = {}",
                    places - servers
                ));
                line(format_args!(
                    "overload = \"refuses\"\nsteps = [{{ work = \"{work}\" }}]"
                ));
            }
            None => {
                let prefetch = stage.servers.unwrap_or(0);
                line(format_args!(
                    "[broker.rabbitmq.queue.line{index}]\n[service.server{index}]\nworkers = {workers}"
                ));
                line(format_args!(
                    "consume = {{ queue = \"line{index}\", prefetch = {prefetch} }}"
                ));
                let next = if index + 1 < stages.len() {
                    format!("{{ publish = \"line{}\" }}, ", index + 1)
                } else {
                    String::new()
                };
                line(format_args!("steps = [{{ work = \"{work}\" }}, {next}\"ack\"]"));
            }
        }
    }
    let to = if stages[0].places.is_some() { "server0" } else { "line0" };
    let arrivals = if stages[0].is_random {
        "\narrivals = \"poisson\""
    } else {
        ""
    };
    let rate = stages[0].rate * scale;
    line(format_args!(
        "[load.arrivals]\nto = \"{to}\"\nrate = \"{rate:.9}/s\"{arrivals}\ncount = {messages}"
    ));
    text
}

/// Mean over the seeds, and its standard error.
pub(super) fn mean(all: &[Observed], name: &str) -> Option<(f64, f64)> {
    let values: Option<Vec<f64>> = all.iter().map(|observed| observed.get(name).copied()).collect();
    let values = values?;
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let error = if values.len() > 1 {
        (squares / (count - 1.0) / count).sqrt()
    } else {
        0.0
    };
    Some((mean, error))
}

/// How many times as many messages the least well known number needs.
fn needed(all: &[Observed], wanted: &[(String, f64)], tolerance: f64) -> f64 {
    let of = |(name, value): &(String, f64)| {
        let (_, error) = mean(all, name)?;
        // What should be nothing is nothing, or wrong.
        (*value != 0.0).then(|| (ERRORS_IN_TOLERANCE * error / (tolerance * value)).powi(2))
    };
    wanted.iter().filter_map(of).fold(0.0, f64::max)
}

fn compared(wanted: &[(String, f64)], all: &[Observed], tolerance: f64) -> Result<Outcome, String> {
    let mut mismatches = Vec::new();
    for (name, value) in wanted {
        let (mean, error) = mean(all, name).ok_or(format!("nothing is known of `{name}`"))?;
        let is_close = if *value == 0.0 {
            mean == 0.0
        } else {
            (mean / value - 1.0).abs() <= tolerance
        };
        if !is_close {
            let expected = format!("{value} within {} %", tolerance * 100.0);
            mismatches.push(Mismatch::new(
                name,
                expected,
                format!("{mean} (standard error {error})"),
            ));
        }
    }
    Ok(Outcome::of(mismatches))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::Sequential;
    use serde_json::json;

    const FEW: Sequential = Sequential {
        seeds: 10,
        messages_max: 40_000,
    };

    fn of(input: Value, expected: Value) -> Outcome {
        let case = json!({"id": "t", "kind": "station", "input": input, "expected": expected});
        let case: Case = serde_json::from_value(case).unwrap();
        judge(&case, &FEW).unwrap_or_else(Outcome::NotUnderstood)
    }

    #[test]
    fn a_station_is_what_its_formula_says_and_nothing_else() {
        let input = json!({"model": "M/M/1", "lam": 30, "mu": 60});
        let right = json!({"W": 1.0 / 30.0, "Wq": 1.0 / 60.0, "L": 1.0, "Lq": 0.5, "p_wait": 0.5, "p_loss": 0.0,
                           "rho": 0.5, "throughput": 30, "W_p95": 0.099_858, "suggested_rel_tol": 0.04});
        assert_eq!(of(input.clone(), right), Outcome::Passed);
        for wrong in [
            json!({"W": 0.036}),
            json!({"L": 0.9}),
            json!({"p_loss": 0.01}),
            json!({"W_p95": 0.09}),
        ] {
            assert!(
                matches!(of(input.clone(), wrong.clone()), Outcome::Failed(_)),
                "{wrong}"
            );
        }
        assert!(matches!(of(input, json!({"beauty": 1})), Outcome::NotUnderstood(_)));
    }

    #[test]
    fn a_full_station_refuses() {
        let input = json!({"model": "M/M/c/c", "lam": 1, "mu": 1, "c": 1});
        let expected = json!({"p_loss": 0.5, "throughput": 0.5, "Wq": 0.0, "p_wait": 0.0, "L": 0.5, "rho": 1.0});
        assert_eq!(of(input, expected), Outcome::Passed);
    }

    #[test]
    fn stages_add_up() {
        let input = json!({"model": "tandem-M/M/1", "lam": 10, "mus": [20, 40]});
        assert_eq!(of(input.clone(), json!({"W_total": 0.1 + 1.0 / 30.0})), Outcome::Passed);
        assert!(matches!(of(input, json!({"W_total": 0.1})), Outcome::Failed(_)));
    }

    #[test]
    fn nobody_waits_for_one_of_endless_servers() {
        let input = json!({"model": "M/M/inf", "lam": 3, "mu": 1});
        assert_eq!(
            of(input, json!({"L": 3.0, "W": 1.0, "Wq": 0.0, "p_wait": 0.0, "rho": 0.0})),
            Outcome::Passed
        );
    }
}
