//! How fast scenarios run, beside a bare loop that does the same.
//!
//! ```text
//! cargo bench                      the table
//! cargo bench -- --quick           a shorter one
//! cargo bench -- --json FILE       and the figures for `benches/node.mjs`
//! cargo bench -- --once NAME       one workload once, as messages a second
//! ```
//!
//! The simulator runs scenario files as everybody runs them: default settings,
//! the oracle, all metrics and the digest on. Both programs take turns in one
//! process, and a ratio is the median of what each pair of runs gives, because
//! the speed of a shared machine changes from minute to minute.

mod bare;

use bare::Figures;
use mqlab_engine::{Outcome, World};
use mqlab_kernel::SimTime;
use mqlab_model::FactKind;
use mqlab_scenario::{Runner, Scenario, parse};
use serde_json::json;
use std::env;
use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// A workload.
struct Workload {
    name: &'static str,
    /// The scenario's file, from the root of the project.
    file: &'static str,
    text: &'static str,
    variant: &'static str,
    bare: fn() -> Figures,
    /// Where both end at the same instant, which one; random ones do not.
    end: Option<u64>,
    /// Runs that are timed together, so that a short one takes long enough.
    times: u32,
    is_quick: bool,
}

macro_rules! scenario {
    ($file:literal) => {
        ($file, include_str!(concat!("../", $file)))
    };
}

const W1: (&str, &str) = scenario!("benches/scenarios/w1.toml");
const W2: (&str, &str) = scenario!("benches/scenarios/w2.toml");
const W3: (&str, &str) = scenario!("benches/scenarios/w3.toml");
const W4: (&str, &str) = scenario!("benches/scenarios/w4.toml");
const DAY: (&str, &str) = scenario!("scenarios/peak-shaving-day.toml");

const WORKLOADS: [Workload; 8] = [
    workload("W1, T = 6 s", W1, "t6", || bare::peak(6, 30_462))
        .ending(15_231_000_000)
        .times(30),
    workload("W1, T = 60 s", W1, "t60", || bare::peak(60, 304_616))
        .ending(152_308_000_000)
        .times(3),
    workload("W1, T = 600 s", W1, "t600", || bare::peak(600, 3_046_154))
        .ending(1_523_077_000_000)
        .slow(),
    workload("W2", W2, "default", || bare::ten_servers(1_000_000)),
    workload("W3", W3, "default", || bare::fan_out(1_000_000)),
    workload("W4", W4, "full", || bare::partitions(1_000_000, 250_000)),
    workload("W4, sparse", W4, "sparse", || bare::partitions(1_000_000, 20_000)),
    workload("Day", DAY, "with-queue", bare::day).slow(),
];

const fn workload(
    name: &'static str,
    (file, text): (&'static str, &'static str),
    variant: &'static str,
    bare: fn() -> Figures,
) -> Workload {
    Workload {
        name,
        file,
        text,
        variant,
        bare,
        end: None,
        times: 1,
        is_quick: true,
    }
}

impl Workload {
    const fn ending(self, end: u64) -> Self {
        Workload { end: Some(end), ..self }
    }

    const fn times(self, times: u32) -> Self {
        Workload { times, ..self }
    }

    const fn slow(self) -> Self {
        Workload {
            is_quick: false,
            ..self
        }
    }
}

/// What a workload came to.
struct Measured {
    messages: u64,
    actions: u64,
    facts: u64,
    digest: u64,
    /// Messages a second.
    bare: f64,
    ours: f64,
    ratio: f64,
}

/// What the command line asks for.
#[derive(Default)]
struct Arguments {
    is_quick: bool,
    json: Option<String>,
    once: Option<String>,
}

fn main() {
    let arguments = arguments();
    match &arguments.once {
        Some(name) => once(name),
        None => table(&arguments),
    }
}

/// Runs one workload once: `benches/node.mjs` takes turns with this.
fn once(name: &str) {
    let workload = WORKLOADS.iter().find(|workload| workload.name == name);
    let workload = workload.unwrap_or_else(|| panic!("there is no workload `{name}`"));
    let (scenario, variant) = read(workload);
    let (measured, time) = run_ours(workload, &scenario, variant);
    println!("{}", speed(measured.messages, time, workload.times));
}

fn table(arguments: &Arguments) {
    println!(
        "{:<14} {:>11} {:>10} {:>10} {:>7} {:>9} {:>7}  {:<16}",
        "", "messages", "bare M/s", "mqlab M/s", "ratio", "actions", "facts", "digest"
    );
    let mut entries = Vec::new();
    let mut shaving = Vec::new();
    for workload in WORKLOADS.iter().filter(|one| one.is_quick || !arguments.is_quick) {
        // The shorter a run, the more of it whatever else the machine does can spoil.
        let pairs = match (arguments.is_quick, workload.is_quick) {
            (true, _) => 1,
            (false, true) => 5,
            (false, false) => 3,
        };
        let measured = measure(workload, pairs);
        let per_message = |count: u64| count as f64 / measured.messages as f64;
        println!(
            "{:<14} {:>11} {:>10.2} {:>10.2} {:>7.3} {:>9.2} {:>7.2}  {:016x}",
            workload.name,
            measured.messages,
            measured.bare / 1e6,
            measured.ours / 1e6,
            measured.ratio,
            per_message(measured.actions),
            per_message(measured.facts),
            measured.digest,
        );
        if workload.file == W1.0 {
            shaving.push(measured.ratio);
        }
        entries.push(json!({
            "name": workload.name,
            "file": workload.file,
            "variant": workload.variant,
            "times": workload.times,
            "pairs": pairs,
            "messages": measured.messages,
            "bare": measured.bare,
            "native": measured.ours,
            "ratio": measured.ratio,
            "digest": format!("{:016x}", measured.digest),
        }));
    }
    // The bare loop is as fast with any T, and the machine is not the same all
    // the time: so ratios are compared.
    if let [first, .., last] = shaving[..] {
        let share = last / first * 100.0;
        println!("\nW1 with the longest T has {share:.0} % of the ratio with the shortest.");
    }
    println!("ratio: mqlab over bare; actions and facts: for each message.");
    costs(arguments);
    if let Some(path) = &arguments.json {
        let program = env::current_exe().expect("the program has a path");
        let figures = json!({ "program": program, "workloads": entries });
        fs::write(path, format!("{figures:#}\n")).expect("the file can be written");
    }
}

/// How much of a run is the oracle and the metrics: of runs in turns, one as
/// always and one that only hashes its facts.
fn costs(arguments: &Arguments) {
    println!("\noracle and metrics, as a share of the time of a run");
    for workload in WORKLOADS.iter().filter(|one| one.is_quick || !arguments.is_quick) {
        let (scenario, variant) = read(workload);
        let run = |is_blind: bool| {
            let mut spent = Duration::ZERO;
            let mut digest = 0;
            for _ in 0..workload.times {
                let start = Instant::now();
                let mut world = World::new(&scenario.variants[variant].plan);
                if is_blind {
                    world.set_blind();
                }
                let outcome = world.run_until(SimTime::MAX, u64::MAX);
                spent += start.elapsed();
                assert_eq!(outcome, Outcome::Ended, "{}", workload.name);
                digest = world.digest();
            }
            (spent.as_secs_f64(), digest)
        };
        let share = |_| {
            let ((full, said), (blind, hashed)) = (run(false), run(true));
            assert_eq!(
                said, hashed,
                "{}: who is not looked at does something else",
                workload.name
            );
            1.0 - blind / full
        };
        let pairs = if arguments.is_quick { 1 } else { 5 };
        let share = median((0..pairs).map(share).collect());
        println!("{:<14} {:>5.1} %", workload.name, share * 100.0);
    }
}

fn arguments() -> Arguments {
    let mut found = Arguments::default();
    let mut words = env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--quick" => found.is_quick = true,
            "--json" => found.json = words.next(),
            "--once" => found.once = words.next(),
            // Cargo adds this one.
            "--bench" => {}
            other => panic!("there is no option `{other}`; there are --quick, --json FILE and --once NAME"),
        }
    }
    found
}

/// The workload's scenario and the place of its variant.
fn read(workload: &Workload) -> (Scenario, usize) {
    let (scenario, found) = parse(workload.text);
    let scenario = scenario.unwrap_or_else(|| panic!("{}: {found:#?}", workload.file));
    let mut variants = scenario.variants.iter();
    let variant = variants.position(|one| one.name == workload.variant);
    let variant = variant.expect("the file has the variant");
    (scenario, variant)
}

/// Runs both in turns.
fn measure(workload: &Workload, pairs: usize) -> Measured {
    let (scenario, variant) = read(workload);
    let mut bare = Vec::new();
    let mut ours = Vec::new();
    let mut ratios = Vec::new();
    let mut last: Option<Measured> = None;
    for _ in 0..pairs {
        let (figures, time) = run_bare(workload);
        if let Some(end) = workload.end {
            assert_eq!(figures.end, end, "{}: the bare loop ends elsewhere", workload.name);
        }
        let bare_speed = speed(figures.messages, time, workload.times);
        let (mut measured, time) = run_ours(workload, &scenario, variant);
        assert_eq!(
            measured.messages, figures.messages,
            "{}: not the same workload",
            workload.name
        );
        if let Some(last) = &last {
            assert_eq!(measured.digest, last.digest, "{}: two runs differ", workload.name);
        }
        measured.ours = speed(measured.messages, time, workload.times);
        bare.push(bare_speed);
        ours.push(measured.ours);
        ratios.push(measured.ours / bare_speed);
        last = Some(measured);
    }
    Measured {
        bare: median(bare),
        ours: median(ours),
        ratio: median(ratios),
        ..last.expect("there is at least one pair")
    }
}

fn run_bare(workload: &Workload) -> (Figures, Duration) {
    let start = Instant::now();
    for _ in 1..workload.times {
        black_box((workload.bare)().total);
    }
    let figures = (workload.bare)();
    black_box(figures.total);
    (figures, start.elapsed())
}

/// Runs the variant to its end; what the scenario expects must hold.
fn run_ours(workload: &Workload, scenario: &Scenario, variant: usize) -> (Measured, Duration) {
    let mut spent = Duration::ZERO;
    let mut last = None;
    for _ in 0..workload.times {
        // A world is taken apart outside the time that counts.
        drop(last.take());
        let start = Instant::now();
        let mut runner = Runner::new(scenario, variant);
        let outcome = runner.finish();
        spent += start.elapsed();
        assert_eq!(outcome, Outcome::Ended, "{}", workload.name);
        assert!(!runner.has_failed(), "{}: {:#?}", workload.name, runner.results());
        last = Some(runner);
    }
    let runner = last.expect("it runs at least once");
    let world = runner.world();
    let offered = world
        .places()
        .iter()
        .map(|(id, _)| world.fact_count(id, FactKind::Offered));
    let measured = Measured {
        messages: offered.sum(),
        actions: world.actions(),
        facts: world.facts(),
        digest: world.digest(),
        bare: 0.0,
        ours: 0.0,
        ratio: 0.0,
    };
    (measured, spent)
}

fn speed(messages: u64, time: Duration, times: u32) -> f64 {
    messages as f64 * f64::from(times) / time.as_secs_f64()
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}
