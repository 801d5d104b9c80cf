//! Queueing theory checks the engine's numbers: the mean wait over thirty
//! seeds, chosen by nobody, against the closed formulas.

use mqlab_engine::{Argument, Metric, MetricKind, Value};
use mqlab_scenario::{Overrides, Runner, parse_with};
use std::fs;
use std::path::Path;

/// Mean wait in seconds of one variant with one seed.
fn wait(text: &str, variant: &str, seed: u64) -> f64 {
    let (scenario, found) = parse_with(
        text,
        &Overrides {
            seed: Some(seed),
            ..Overrides::default()
        },
    );
    let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
    let index = scenario.variants.iter().position(|known| known.name == variant);
    let mut runner = Runner::new(&scenario, index.expect("the variant is there"));
    runner.finish();
    let world = runner.world();
    let (queue, _) = world
        .places()
        .iter()
        .find(|(_, place)| place.kind == mqlab_engine::PlaceKind::Queue)
        .expect("there is a queue");
    match world.metric(&Metric {
        kind: MetricKind::WaitMean,
        place: Some(queue),
        argument: Argument::None,
    }) {
        Value::Span(span) => span.as_secs_f64(),
        other => panic!("the mean wait is {other}"),
    }
}

/// Erlang C: the probability that a job has to wait, with `servers` servers
/// and `load` erlangs.
fn erlang_c(servers: u32, load: f64) -> f64 {
    let mut blocking = 1.0;
    for server in 1..=servers {
        blocking = load * blocking / (f64::from(server) + load * blocking);
    }
    let utilisation = load / f64::from(servers);
    blocking / (1.0 - utilisation * (1.0 - blocking))
}

fn mean_over_seeds(file: &str, variant: &str) -> f64 {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(file);
    let text = fs::read_to_string(path).expect("the file can be read");
    let waits: Vec<f64> = (1..=30).map(|seed| wait(&text, variant, seed)).collect();
    waits.iter().sum::<f64>() / waits.len() as f64
}

fn assert_close(actual: f64, formula: f64) {
    let difference = (actual / formula - 1.0).abs();
    assert!(
        difference <= 0.015,
        "{actual} s against {formula} s: {:.2} %",
        difference * 100.0
    );
}

#[test]
fn one_server_waits_as_pollaczek_and_khinchine_say() {
    // rho / (1 - rho) x service time, with rho = 0.9 and 1 s.
    assert_close(mean_over_seeds("mm1.toml", "busy"), 0.9 / 0.1);
}

#[test]
fn ten_servers_wait_as_erlang_says() {
    // C(10, 9) / (servers x mu - lambda), with mu = 1/s and lambda = 9/s.
    assert_close(mean_over_seeds("mm10.toml", "ten"), erlang_c(10, 9.0) / (10.0 - 9.0));
}
