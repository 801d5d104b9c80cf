//! Stepping from fact to fact shows every fact, at its instant.

use mqlab_engine::{FactRun, Outcome, Trace};
use mqlab_kernel::SimTime;
use mqlab_model::Fact;
use mqlab_scenario::{Runner, Scenario, parse};

const TEXT: &str = r#"title = "Steps"
until = "60s"

[links]
latency = "1ms"

[broker.rabbitmq]
queue.orders = {}

[service.writer]
consume = { queue = "orders", prefetch = 2 }
steps = [{ work = "exp(2ms)" }, "ack"]

[load.users]
to = "orders"
rate = "400/s"
arrivals = "poisson"

[[expect]]
that = "ready(orders) < 3"
always = true
"#;

fn runner() -> Runner {
    let (scenario, found) = parse(TEXT);
    let scenario: Scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
    Runner::new(&scenario, 0)
}

fn facts(wanted: &Trace) -> Vec<Fact> {
    let mut runner = runner();
    runner.world_mut().set_trace(Some(wanted.clone()));
    runner.finish();
    let trace = runner.world().trace().expect("the run is traced");
    trace.runs().flat_map(FactRun::iter).collect()
}

/// The first fact of each instant that has one.
fn firsts(facts: &[Fact]) -> Vec<Fact> {
    let mut firsts: Vec<Fact> = Vec::new();
    for fact in facts {
        // What happens before the world first runs is no step of the run.
        if firsts.last().is_none_or(|last| last.at < fact.at) {
            firsts.push(*fact);
        }
    }
    firsts
}

#[test]
fn the_next_fact_of_a_message_is_found_and_not_passed() {
    let source = mqlab_model::SourceId(0);
    for number in [0, 7, 20_000] {
        let wanted = Trace::new(Some((vec![source], number)), 1000);
        let expected = firsts(&facts(&wanted));
        let mut stepping = runner();
        let mut found = Vec::new();
        while let (Outcome::Reached, Some(fact)) = stepping.advance_to_fact(&wanted, SimTime::MAX, u64::MAX) {
            assert_eq!(stepping.world().now(), fact.at);
            found.push(fact);
            let mut same = runner();
            same.advance(fact.at, u64::MAX);
            assert_eq!(stepping.world().digest(), same.world().digest());
            assert_eq!(stepping.results(), same.results());
        }
        assert_eq!(found, expected, "message {number}");
        let mut whole = runner();
        whole.finish();
        assert_eq!(stepping.world().digest(), whole.world().digest());
    }
}

#[test]
fn a_step_may_be_cut_and_traced() {
    let wanted = Trace::new(Some((vec![mqlab_model::SourceId(0)], 9_000)), 1000);
    let place = mqlab_model::PlaceId(0);
    let watching = Trace::new(None, usize::MAX).at(vec![place]);
    let mut stepping = runner();
    stepping.world_mut().set_trace(Some(watching.clone()));
    let fact = loop {
        match stepping.advance_to_fact(&wanted, SimTime::MAX, 1000) {
            (Outcome::Budget, None) => {}
            (_, fact) => break fact.expect("there is such a message"),
        }
    };
    assert_eq!(Some(&fact), facts(&wanted).first());
    stepping.finish();
    let trace = stepping.world().trace().expect("it is traced still");
    let seen: Vec<Fact> = trace.runs().flat_map(FactRun::iter).collect();
    assert_eq!(seen, facts(&watching));
    let everything = facts(&Trace::new(None, usize::MAX));
    assert!(seen.iter().eq(everything.iter().filter(|fact| fact.place == place)));
}
