//! A large system: two hundred services, fifty tables, and what they cost.
//! Counted in actions and not in seconds, so that it says the same anywhere.

use mqlab_scenario::{Checked, Runner, parse};
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
