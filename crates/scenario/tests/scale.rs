//! A large system: two hundred services, fifty tables, and what they cost.
//! Counted in actions and not in seconds, so that it says the same anywhere.

use mqlab_engine::{Outcome, PlaceKind};
use mqlab_kernel::SimTime;
use mqlab_scenario::{Checked, Runner, parse};
use std::collections::BTreeMap;
use std::fmt::Write;

const SERVICES: usize = 200;
const TABLES: usize = 50;
const MESSAGES: usize = 10_000;

/// Every service has a queue of its own and writes into one of the tables.
fn text(services: usize, tables: usize, messages: usize) -> String {
    let mut text = String::from("title = \"A large system\"\n[broker.rabbitmq]\n[broker.rabbitmq.exchange.all]\n");
    let mut keys = Vec::new();
    for service in 0..services {
        let table = service % tables;
        write!(
            text,
            "[broker.rabbitmq.queue.q{service}]\n\
             [[broker.rabbitmq.binding]]\nexchange = \"all\"\nqueue = \"q{service}\"\n\
             [service.s{service}]\nconsume = {{ queue = \"q{service}\", prefetch = 10 }}\n\
             steps = [{{ work = \"1ms\" }}, {{ insert = \"t{table}\" }}, \"ack\"]\n"
        )
        .expect("texts take everything");
        keys.push(format!("\"q{service}\""));
    }
    for table in 0..tables {
        writeln!(text, "[table.t{table}]").expect("texts take everything");
    }
    let keys = keys.join(", ");
    write!(
        text,
        "[load.shop]\nto = \"all\"\nkeys = [{keys}]\nkey = \"in-turn\"\nrate = \"10000/s\"\ncount = {messages}\n"
    )
    .expect("texts take everything");
    for (name, count) in [("handled(q", messages / services), ("settled(q", messages / services)] {
        for service in 0..services {
            writeln!(text, "[[expect]]\nthat = \"{name}{service}) == {count}\"").expect("texts take everything");
        }
    }
    for table in 0..tables {
        let rows = messages / tables;
        writeln!(text, "[[expect]]\nthat = \"rows(t{table}) == {rows}\"").expect("texts take everything");
    }
    text
}

fn actions(text: &str) -> u64 {
    let (scenario, found) = parse(text);
    let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
    let mut runner = Runner::new(&scenario, 0);
    runner.finish();
    assert!(runner.results().iter().all(Checked::is_held));
    runner.world().actions()
}

#[test]
fn two_hundred_services_and_fifty_tables_run_and_cost_no_more_a_message_than_two() {
    let small = actions(&text(2, 1, MESSAGES));
    let large = actions(&text(SERVICES, TABLES, MESSAGES));
    // What each service and queue needs to begin with is a few actions more.
    let beginning = 10 * SERVICES as u64;
    assert!(
        large <= small + beginning,
        "{large} actions in place of {small} for as many messages"
    );
    assert!(small <= 12 * MESSAGES as u64, "{small} actions");
}

/// So many consumers, of one queue or of one each.
fn consumers(count: usize, queues: usize) -> String {
    let mut text = String::from("title = \"Many consumers\"\n[broker.rabbitmq]\nexchange.all = {}\n");
    for queue in 0..queues {
        writeln!(text, "queue.q{queue} = {{}}").expect("texts take everything");
    }
    let bindings = (0..queues).map(|queue| format!("{{ exchange = \"all\", queue = \"q{queue}\" }}"));
    let bindings: Vec<String> = bindings.collect();
    writeln!(text, "binding = [{}]", bindings.join(", ")).expect("texts take everything");
    for consumer in 0..count {
        let queue = consumer % queues;
        writeln!(
            text,
            "[service.s{consumer}]\nconsume = {{ queue = \"q{queue}\", prefetch = 1 }}\nsteps = [{{ work = \"1ms\" }}, \"ack\"]"
        )
        .expect("texts take everything");
    }
    let keys: Vec<String> = (0..queues).map(|queue| format!("\"q{queue}\"")).collect();
    write!(
        text,
        "[load.shop]\nto = \"all\"\nkeys = [{}]\nkey = \"in-turn\"\nrate = \"1000/s\"\ncount = {MESSAGES}\n\
         [[expect]]\nthat = \"lost == 0\"\n[[expect]]\nthat = \"reordered == 0\"\n",
        keys.join(", ")
    )
    .expect("texts take everything");
    for queue in 0..queues {
        let handled = (MESSAGES + queues - 1 - queue) / queues;
        writeln!(text, "[[expect]]\nthat = \"handled(q{queue}) == {handled}\"").expect("texts take everything");
    }
    text
}

#[test]
fn with_many_lanes_a_run_is_the_same_one_action_at_a_time() {
    let (scenario, found) = parse(&consumers(400, 400));
    let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
    let digest = |budget: u64| {
        let mut runner = Runner::new(&scenario, 0);
        // Whoever may do one action only takes no short way.
        while runner.advance(SimTime::from_nanos(1_000_000_000), budget) == Outcome::Budget {}
        runner.world().digest()
    };
    assert_eq!(digest(1), digest(u64::MAX));
}

#[test]
fn a_message_costs_as_many_actions_with_a_thousand_consumers_and_queues() {
    let few = actions(&consumers(1, 1));
    let beginning = 10 * 1_000;
    for many in [consumers(1_000, 1), consumers(900, 900)] {
        let many = actions(&many);
        assert!(many <= few + beginning, "{many} actions in place of {few}");
    }
}

/// The kinds that have samples, with how many places of each.
fn charted(text: &str) -> Vec<(PlaceKind, usize)> {
    let (scenario, found) = parse(text);
    let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
    let runner = Runner::new(&scenario, 0);
    let (places, columns) = (runner.world().places(), runner.world().series().columns());
    assert!(columns.len() <= 400, "{} columns", columns.len());
    assert!(
        columns.is_sorted_by_key(|column| column.place),
        "in the order of the places"
    );
    let mut shown: Vec<_> = columns.iter().map(|column| column.place).collect();
    shown.dedup();
    let mut counts = BTreeMap::new();
    for place in shown {
        *counts.entry(places.get(place).kind).or_default() += 1;
    }
    counts.into_iter().collect()
}

/// However many partitions or queues there are, charts show something of everything.
#[test]
fn of_very_many_places_some_of_every_kind_are_charted() {
    let partitions = "title = \"Many partitions\"\n[broker.kafka]\ntopic.orders = { partitions = 1000 }\n\
         [load.shop]\nto = \"orders\"\nrate = \"10/s\"\ncount = 10\n\
         [service.billing]\nconsume = { topic = \"orders\", group = \"bills\" }\nsteps = [{ work = \"1ms\" }]\n";
    let kinds = charted(partitions);
    let of = |kind| {
        kinds
            .iter()
            .find(|(known, _)| *known == kind)
            .map_or(0, |(_, count)| *count)
    };
    assert_eq!(
        (of(PlaceKind::Load), of(PlaceKind::Service), of(PlaceKind::Calls)),
        (1, 1, 1)
    );
    assert_eq!(of(PlaceKind::Partition), of(PlaceKind::GroupPartition));
    assert!(of(PlaceKind::GroupPartition) > 30, "{kinds:?}");
    let kinds = charted(&text(300, TABLES, 10));
    assert!(
        kinds
            .iter()
            .all(|(kind, count)| *count >= 15 || *kind == PlaceKind::Load),
        "{kinds:?}"
    );
    assert_eq!(kinds.len(), 5, "load, services, tables, queues and calls: {kinds:?}");
}
