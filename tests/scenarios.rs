//! The scenario files can fail: for every row of the catalogue that a file
//! claims, something it expects does not hold in another variant or with one
//! setting changed. And the day's figures follow their formulas when the
//! database is another.
//!
//! That the files hold as they are is checked by running them.

use mqlab_engine::{Argument, Metric, MetricKind, Value, World};
use mqlab_kernel::{SimSpan, SimTime};
use mqlab_scenario::{Overrides, Runner, Scenario, State, parse_with};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn scenario(file: &str, set: &[(&str, &str)]) -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(file);
    let text = fs::read_to_string(&path).expect("the file can be read");
    let set = set
        .iter()
        .map(|(path, value)| ((*path).to_owned(), (*value).to_owned()))
        .collect();
    let (scenario, found) = parse_with(
        &text,
        &Overrides {
            set,
            ..Overrides::default()
        },
    );
    scenario.unwrap_or_else(|| panic!("{file}: {found:#?}"))
}

/// The rows of which something fails when every expectation is asked of every
/// variant.
fn rows_that_fail(scenario: &Scenario) -> BTreeSet<String> {
    let mut everywhere = scenario.clone();
    everywhere
        .expectations
        .iter_mut()
        .for_each(|expectation| expectation.variant = None);
    let mut rows = BTreeSet::new();
    for variant in 0..everywhere.variants.len() {
        let mut runner = Runner::new(&everywhere, variant);
        runner.finish();
        for result in runner
            .results()
            .iter()
            .filter(|result| matches!(result.state, State::Failed { .. }))
        {
            rows.extend(everywhere.expectations[result.expectation].row.clone());
        }
    }
    rows
}

/// Scenarios whose rows are shown to fail by tests of their own: a run of them
/// is long, or it takes a changed setting.
const ELSEWHERE: [&str; 4] = [
    "mm1.toml",
    "mm10.toml",
    "peak-shaving-day.toml",
    "ten-million-behind.toml",
];

#[test]
fn every_claimed_row_can_fail() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut files: Vec<String> = fs::read_dir(folder)
        .expect("the folder can be read")
        .map(|entry| entry.expect("the folder can be read").file_name())
        .filter_map(|name| name.into_string().ok())
        .filter(|name| name.ends_with(".toml"))
        .collect();
    files.sort_unstable();
    for exception in ELSEWHERE {
        assert!(files.iter().any(|file| file == exception), "{exception} is no scenario");
    }
    files.retain(|file| !ELSEWHERE.contains(&file.as_str()));
    for file in files {
        let scenario = scenario(&file, &[]);
        let failing = rows_that_fail(&scenario);
        for row in &scenario.rows {
            assert!(
                failing.contains(row),
                "nothing that {file} expects for row {row} fails in another variant"
            );
        }
    }
}

fn place(world: &World, name: &str) -> Option<mqlab_model::PlaceId> {
    world.places().named(name)
}

fn measured(world: &World, kind: MetricKind, name: &str, argument: Argument) -> Value {
    world.metric(&Metric {
        kind,
        place: place(world, name),
        argument,
    })
}

fn clock(text: &str) -> SimTime {
    SimTime::parse_clock(text).expect("it is a clock time")
}

/// With 2,500 rows a second in place of 2,000, by formula:
/// - the 2,501st request of the second kills it: 2,500 / 5,000 s after noon;
/// - at 13:00:00, 20,160,001 are offered and 2,160,000 + 2,500 x 3,600 + 1 are
///   begun;
/// - the message of 13:00:00 is number 18,000,001 of the busy period: it waits
///   18,000,000 x 0.4 ms - 1 h;
/// - the period ends with the first j for which (18,000,000 + j) x 0.4 ms is
///   before the arrival of the next, 1 h + j x 20 ms: j = 183,674.
#[test]
fn the_days_figures_follow_the_capacity() {
    let scenario = scenario("peak-shaving-day.toml", &[("table.mysql.capacity", "\"2500/s\"")]);
    let variant = |name: &str| {
        let found = scenario.variants.iter().position(|variant| variant.name == name);
        found.expect("the variant is there")
    };
    let mut direct = Runner::new(&scenario, variant("without-queue"));
    direct.advance(clock("12:00:01"), u64::MAX);
    let died = measured(direct.world(), MetricKind::DiedAt, "mysql", Argument::None);
    assert_eq!(died, Value::Time(clock("12:00:00.5")));

    let mut queued = Runner::new(&scenario, variant("with-queue"));
    queued.advance(clock("13:00"), u64::MAX);
    let backlog = measured(queued.world(), MetricKind::Backlog, "orders", Argument::None);
    assert_eq!(backlog, Value::Count(20_160_001 - 2_160_000 - 2_500 * 3_600 - 1));
    queued.finish();
    let world = queued.world();
    let drained = measured(world, MetricKind::Drained, "orders", Argument::After(clock("13:00")));
    let busy = SimSpan::from_micros(400 * (18_000_000 + 183_674));
    assert_eq!(drained, Value::Time(clock("12:00") + busy));
    let longest = measured(world, MetricKind::WaitMax, "orders", Argument::None);
    assert_eq!(
        longest,
        Value::Span(SimSpan::from_micros(400 * 18_000_000) - SimSpan::from_secs(3_600))
    );
    assert_eq!(
        measured(world, MetricKind::PeakRate, "mysql", Argument::None),
        Value::Count(2_500)
    );
    assert_eq!(
        measured(world, MetricKind::Handled, "orders", Argument::None),
        Value::Count(22_140_000)
    );

    // And what the file says of 2,000 a second no longer holds, row by row.
    let failed = queued.results().iter().filter(|result| result.is_failed());
    let rows: BTreeSet<_> = failed
        .filter_map(|result| scenario.expectations[result.expectation].row.clone())
        .collect();
    assert!(scenario.rows.iter().all(|row| rows.contains(row)), "{rows:?}");
}

/// With a hundredth of the messages: T = B / (what the narrowest place does).
#[test]
fn the_way_out_of_a_backlog_follows_the_narrowest_place() {
    let rate = "[[\"1s\", \"100/s\"], [\"1001s\", \"0/s\"]]";
    let scenario = scenario("ten-million-behind.toml", &[("load.shop.rate", rate)]);
    let repaired = SimTime::ZERO + SimSpan::from_secs(1001);
    let after = |nanos: u64| Value::Time(repaired + SimSpan::from_nanos(nanos));
    let thirds = 100_000_000_000_000 / 3;
    // What a worker does before it asks the database.
    let work = 666_667;
    for (name, queue, since, expected) in [
        // Each of three workers does one in a millisecond, and one of them one more.
        ("as-it-is", "orders", 1001, after(33_334 * 1_000_000)),
        ("more-workers", "orders", 1001, after(work + thirds / 1000)),
        // The relay's first message comes after 20 us, its last after 2 s.
        ("relay", "orders", 1001, after(2_000_000_000)),
        ("relay", "temporary", 1002, after(20_000 + work + thirds / 10_000)),
    ] {
        let variant = scenario.variants.iter().position(|variant| variant.name == name);
        let mut runner = Runner::new(&scenario, variant.expect("the variant is there"));
        runner.finish();
        let since = Argument::After(SimTime::ZERO + SimSpan::from_secs(since));
        let drained = measured(runner.world(), MetricKind::Drained, queue, since);
        assert_eq!(drained, expected, "{name}: {queue}");
    }
    // And what the file says of ten million does not hold.
    assert!(rows_that_fail(&scenario).contains("O1+"));
}

/// The workers of the file are as slow as its database: neither alone helps.
#[test]
fn a_larger_database_alone_leaves_the_workers_as_they_are() {
    let rate = "[[\"1s\", \"100/s\"], [\"1001s\", \"0/s\"]]";
    let large = [("load.shop.rate", rate), ("table.database.capacity", "\"30000/s\"")];
    let scenario = scenario("ten-million-behind.toml", &large);
    // 0.7 ms for each in place of 1 ms; and with ten times the workers as well
    // the database is the narrow place again.
    for (name, seconds, nanos) in [("as-it-is", 23, 333_800_000), ("more-workers", 3, 334_000_000)] {
        let variant = scenario.variants.iter().position(|variant| variant.name == name);
        let mut runner = Runner::new(&scenario, variant.expect("the variant is there"));
        runner.finish();
        let since = SimTime::ZERO + SimSpan::from_secs(1001);
        let drained = measured(runner.world(), MetricKind::Drained, "orders", Argument::After(since));
        let expected = since + SimSpan::from_nanos(seconds * 1_000_000_000 + nanos);
        assert_eq!(drained, Value::Time(expected), "{name}");
    }
}
