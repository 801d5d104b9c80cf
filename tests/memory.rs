//! How much memory a waiting message costs.
//!
//! A file of its own, because it replaces the allocator, and with one test,
//! because everything that the process allocates is counted.

use mqlab_engine::{MetricKind, Outcome, Value};
use mqlab_kernel::SimTime;
use mqlab_scenario::{MetricName, Runner, parse};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Bytes that a waiting message may cost, the oracle's notes about it and
/// spare capacity included.
const BYTES_MAX: f64 = 24.0;

#[test]
fn a_waiting_message_costs_few_bytes() {
    let (scenario, found) = parse(include_str!("../benches/scenarios/w1.toml"));
    let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
    let variant = scenario.variants.iter().position(|variant| variant.name == "t60");
    let variant = variant.expect("the file has the variant");

    let mut runner = Runner::new(&scenario, variant);
    // What an almost empty world needs, its charts and histograms included.
    assert_eq!(
        runner.advance(SimTime::from_nanos(1_000_000), u64::MAX),
        Outcome::Reached
    );
    let empty = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    assert_eq!(
        runner.advance(SimTime::from_nanos(60_000_000_000), u64::MAX),
        Outcome::Reached
    );
    let grown = MEMORY.peak_usage() - empty;

    let backlog = MetricName {
        kind: MetricKind::Backlog,
        subject: Some("orders".to_owned()),
        argument: Default::default(),
    };
    let world = runner.world();
    let backlog = backlog.resolve(&scenario.variants[variant].plan, world.places());
    let depth = world.metric(&backlog.expect("there is such a queue"));
    assert_eq!(depth, Value::Count(180_000));
    let each = grown as f64 / 180_000.0;
    println!("{each:.2} bytes for each of 180,000 waiting messages");
    assert!(each <= BYTES_MAX, "{each:.2} bytes for each waiting message");
}
