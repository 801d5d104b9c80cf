//! How much memory it costs that every source has to do with every place.
//!
//! A file of its own, because it replaces the allocator, and with one test,
//! because everything that the process allocates is counted.

use mqlab_engine::{Outcome, VerdictKind, World};
use mqlab_kernel::SimTime;
use mqlab_scenario::parse;
use peak_alloc::PeakAlloc;
use std::fmt::Write;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// So many loads, and so many queues that get everything from all of them:
/// nearly as many pairs as the limit allows.
const EACH: usize = 240;

/// Bytes that a pair may cost that has seen a message or two.
const BYTES_MAX: usize = 1024;

#[test]
fn a_pair_of_a_source_and_a_place_costs_little_until_there_is_much_to_remember() {
    let mut text = String::from("title = \"many pairs\"\nuntil = \"1s\"\n[broker.rabbitmq]\nexchange.all = {}\n");
    let mut bindings = String::new();
    for index in 0..EACH {
        writeln!(text, "queue.q{index} = {{}}").expect("a string takes it");
        write!(
            bindings,
            "{{ exchange = \"all\", queue = \"q{index}\", key = \"k\" }}, "
        )
        .expect("a string takes it");
    }
    writeln!(text, "binding = [{bindings}]").expect("a string takes it");
    for index in 0..EACH {
        let load = format!("[load.l{index}]\nto = \"all\"\nkeys = [\"k\"]\nrate = \"2/s\"\ncount = 2\n");
        text.push_str(&load);
    }
    let (scenario, found) = parse(&text);
    let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
    let mut world = World::new(&scenario.variants[0].plan);
    let empty = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    assert_eq!(world.run_until(SimTime::MAX, u64::MAX), Outcome::Ended);

    let pairs = EACH * EACH;
    let stuck = world.verdicts().find(|verdict| verdict.kind == VerdictKind::Stuck);
    assert_eq!(stuck.map(|verdict| verdict.count), Some(2 * pairs as u64));
    let each = (MEMORY.peak_usage() - empty) / pairs;
    println!("{each} bytes for each of {pairs} pairs");
    assert!(each <= BYTES_MAX, "{each} bytes for each pair");
}
