//! The life of a message, fact by fact, per broker family. Read it to know
//! where a message goes next; it fails when the way changes.

use mqlab_engine::{Trace, World};
use mqlab_kernel::SimTime;
use mqlab_model::{MessageId, SourceId};
use mqlab_scenario::parse;

/// Every fact of the load's message with this number: when, where, what.
fn life(text: &str, variant: &str, number: u64) -> Vec<String> {
    let (scenario, found) = parse(text);
    let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
    let chosen = scenario
        .variants
        .iter()
        .find(|known| known.name == variant)
        .expect("the variant is there");
    let mut world = World::new(&chosen.plan);
    let family = world.sources().family(SourceId(0));
    world.set_trace(Some(Trace::new(Some((family, number)), 1000)));
    world.run_until(SimTime::MAX, u64::MAX);
    let name = |message: MessageId| {
        let source = &world.sources().get(message.source()).name;
        format!("{source}#{}", message.number())
    };
    let trace = world.trace().expect("it was set");
    let facts = trace.runs().flat_map(|run| run.iter().collect::<Vec<_>>());
    facts
        .map(|fact| {
            let place = world.places().get(fact.place);
            let since = fact.at.since(SimTime::ZERO);
            format!("{since} {} {} {}", place.name, fact.kind.word(), name(fact.message))
        })
        .collect()
}

const RABBITMQ: &str = r#"
title = "One message"

[broker.rabbitmq]
queue.orders = {}

[links]
latency = "1ms"

[table.mysql]
capacity = "100/s"

[service.writer]
consume = { queue = "orders", prefetch = 1 }
steps = [{ work = "5ms" }, { insert = "mysql" }, "ack"]

[load.users]
to = "orders"
burst = [["0s", 1]]

[variant.good]

[variant.crashing]

[[at]]
variant = "crashing"
time = "10ms"
crash = "writer"

[[at]]
variant = "crashing"
time = "30ms"
restart = "writer"
"#;

#[test]
fn rabbitmq_publishes_routes_delivers_and_forgets() {
    let expected = [
        "0s users offered users#0",
        "0s users sent users#0",
        "1ms orders enqueued users#0",
        "1ms orders dispatched users#0",
        "2ms writer received users#0",
        "2ms writer started users#0",
        "2ms users confirmed users#0",
        "17ms mysql written users#0",
        "17ms writer handled users#0",
        "18ms orders settled users#0",
    ];
    assert_eq!(life(RABBITMQ, "good", 0), expected);
}

#[test]
fn rabbitmq_hands_out_again_what_a_dead_consumer_had() {
    let expected = [
        "0s users offered users#0",
        "0s users sent users#0",
        "1ms orders enqueued users#0",
        "1ms orders dispatched users#0",
        "2ms writer received users#0",
        "2ms writer started users#0",
        "2ms users confirmed users#0",
        "10ms writer aborted users#0",
        "11ms orders requeued users#0",
        "17ms mysql written users#0",
        "31ms orders dispatched users#0",
        "32ms writer received users#0",
        "32ms writer started users#0",
        "47ms mysql written users#0",
        "47ms writer handled users#0",
        "48ms orders settled users#0",
    ];
    assert_eq!(life(RABBITMQ, "crashing", 0), expected);
}

#[test]
fn what_a_handler_publishes_belongs_to_the_life_of_what_it_handled() {
    let text = r#"
title = "Two queues"

[broker.rabbitmq]
queue.first = {}
queue.second = {}

[service.relay]
consume = { queue = "first" }
steps = [{ publish = "second", takes = "5ms" }, "ack"]

[service.sink]
consume = { queue = "second" }
steps = ["ack"]

[load.users]
to = "first"
burst = [["0s", 2]]
"#;
    let expected = [
        "0s users offered users#1",
        "0s users sent users#1",
        "0s first enqueued users#1",
        "0s first dispatched users#1",
        "0s users confirmed users#1",
        "0s relay received users#1",
        "5ms relay started users#1",
        "10ms relay offered relay>second#1",
        "10ms relay sent relay>second#1",
        "10ms relay handled users#1",
        "10ms second enqueued relay>second#1",
        "10ms first settled users#1",
        "10ms second dispatched relay>second#1",
        "10ms relay confirmed relay>second#1",
        "10ms sink received relay>second#1",
        "10ms sink started relay>second#1",
        "10ms sink handled relay>second#1",
        "10ms second settled relay>second#1",
    ];
    let mut life = life(text, "default", 1);
    // Facts of one instant at different places have no order of their own.
    let mut expected: Vec<String> = expected.iter().map(|fact| (*fact).to_owned()).collect();
    life.sort();
    expected.sort();
    assert_eq!(life, expected);
}
