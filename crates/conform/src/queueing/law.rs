//! Laws that hold at any station, whatever its numbers: what a case asks for
//! in words is checked at stations of our own choice.

use super::measure::Run;
use super::model::{Service, Single};
use super::station::{mean, written};
use crate::case::Case;
use crate::outcome::{Mismatch, Outcome};
use crate::runs::{Observed, Runs};
use mqlab_model::FactKind;
use serde_json::Value;

/// Messages of a run.
const MESSAGES: u64 = 20_000;
/// Numbers in the system that are compared one by one.
const STATES: usize = 8;
/// How far two shares may lie apart.
const APART_MAX: f64 = 0.005;

/// What comes of a case.
pub(super) fn judge(case: &Case, runs: &dyn Runs) -> Result<Outcome, String> {
    let property = case
        .expected
        .get("property")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let is_about = |words: &[&str]| {
        let text = format!("{} {property}", case.id).to_lowercase();
        words.iter().any(|word| text.contains(word))
    };
    let station = |is_random, service, servers| Single {
        is_random,
        rate: 0.7 * f64::from(servers),
        service,
        servers: Some(servers),
        places: None,
    };
    // Poisson arrivals see time averages (Wolff), whatever the service is.
    if is_about(&["pasta", "arrivals finding", "see time averages"]) {
        let stations = [
            station(true, Service::Exponential(1.0), 1),
            station(true, Service::Gamma(1.0, 3.0), 1),
            station(true, Service::Constant(1.0), 2),
        ];
        return Ok(same_shares(&stations, runs).map_or(Outcome::Stopped, Outcome::of));
    }
    // Little: L = lambda W, whatever the arrivals and the service are.
    if is_about(&["little"]) {
        let stations = [
            station(true, Service::Gamma(1.0, 3.0), 1),
            station(false, Service::Exponential(1.0), 1),
            station(true, Service::Uniform(0.5, 1.5), 3),
        ];
        return Ok(little(&stations, runs).map_or(Outcome::Stopped, Outcome::of));
    }
    Ok(Outcome::Skipped(
        "a sentence for people, and no law that is known here".to_owned(),
    ))
}

/// Messages in the system over time: what arrivals found, what was there on
/// average, and how long they stayed.
fn observed(station: &Single, seed: u64, runs: &dyn Runs) -> Option<Observed> {
    let mut found = [0_u64; STATES];
    let mut time = [0.0; STATES];
    let (mut inside, mut last, mut arrivals, mut stays) = (0_usize, 0.0, 0_u64, 0.0);
    let mut area = 0.0;
    let run = Run::new(&written(std::slice::from_ref(station), MESSAGES, 1.0), seed);
    let load = run.load;
    run.watch(runs, |fact| {
        let is_arrival = fact.kind == FactKind::Offered && fact.place == load;
        if !is_arrival && fact.kind != FactKind::Handled {
            return;
        }
        let at = fact.at.nanos() as f64 / 1e9;
        // After the last arrival the station only empties.
        if arrivals < MESSAGES {
            area += (at - last) * inside as f64;
            if inside < STATES {
                time[inside] += at - last;
            }
            last = at;
        }
        if is_arrival {
            arrivals += 1;
            if inside < STATES {
                found[inside] += 1;
            }
            inside += 1;
        } else {
            stays += fact.value as f64 / 1e9;
            inside -= 1;
        }
    })?;
    let mut observed = Observed::new();
    for state in 0..STATES {
        let (seen, there) = (found[state] as f64 / arrivals as f64, time[state] / last);
        observed.insert(format!("apart {state}"), seen - there);
        observed.insert(format!("there {state}"), there);
    }
    observed.insert("L".to_owned(), area / last);
    observed.insert("lambda W".to_owned(), stays / last);
    Some(observed)
}

fn over_seeds(station: &Single, runs: &dyn Runs) -> Option<Vec<Observed>> {
    let seeds: Vec<u64> = (1..=runs.seeds()).collect();
    runs.each(&seeds, &|seed| observed(station, seed, runs))
}

/// Whether arrivals find each number in the system as often as it is there.
fn same_shares(stations: &[Single], runs: &dyn Runs) -> Option<Vec<Mismatch>> {
    let mut mismatches = Vec::new();
    for station in stations {
        let all = over_seeds(station, runs)?;
        for state in 0..STATES {
            let (apart, _) = mean(&all, &format!("apart {state}")).unwrap_or_default();
            let (there, _) = mean(&all, &format!("there {state}")).unwrap_or_default();
            if apart.abs() > APART_MAX {
                let what = format!("share of arrivals that find {state}, {:?}", station.service);
                mismatches.push(Mismatch::new(
                    what,
                    format!("{there:.5}"),
                    format!("{:.5}", there + apart),
                ));
            }
        }
    }
    Some(mismatches)
}

/// Whether the mean number in the system is the rate times the mean stay.
fn little(stations: &[Single], runs: &dyn Runs) -> Option<Vec<Mismatch>> {
    let mut mismatches = Vec::new();
    for station in stations {
        let all = over_seeds(station, runs)?;
        let (number, _) = mean(&all, "L").unwrap_or_default();
        let (product, _) = mean(&all, "lambda W").unwrap_or_default();
        // The stays of the last few reach beyond the window.
        if (number / product - 1.0).abs() > 0.005 {
            mismatches.push(Mismatch::new("L", format!("{product:.5}"), format!("{number:.5}")));
        }
    }
    Some(mismatches)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::Sequential;
    use serde_json::json;

    const RUNS: Sequential = Sequential {
        seeds: 10,
        messages_max: 0,
    };

    fn of(id: &str) -> Outcome {
        let case = json!({"id": id, "kind": "law", "input": {}, "expected": {"property": "as it is called"}});
        judge(&serde_json::from_value(case).unwrap(), &RUNS).unwrap()
    }

    #[test]
    fn laws_hold() {
        assert_eq!(of("queueing_theory/pasta/property"), Outcome::Passed);
        assert_eq!(of("queueing_theory/little"), Outcome::Passed);
        assert!(matches!(of("queueing_theory/other"), Outcome::Skipped(_)));
    }

    #[test]
    fn arrivals_in_equal_gaps_see_something_else() {
        let station = Single {
            is_random: false,
            rate: 0.7,
            service: Service::Exponential(1.0),
            servers: Some(1),
            places: None,
        };
        assert!(!same_shares(&[station], &RUNS).unwrap().is_empty());
    }
}
