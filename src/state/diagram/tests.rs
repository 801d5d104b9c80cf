//! Tests of `diagram`.

use super::*;

fn diagram(text: &str) -> Diagram {
    let (scenario, found) = mqlab_scenario::parse(text);
    let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
    let plan = &scenario.variants[0].plan;
    Diagram::of(plan, &Places::of(plan))
}

fn ways(diagram: &Diagram) -> Vec<(String, String)> {
    let name = |index: usize| diagram.items[index].name.clone();
    diagram.ways.iter().map(|way| (name(way.from), name(way.to))).collect()
}

const CHAIN: &str = r#"
    title = "t"
    broker.rabbitmq.queue.orders = {}
    table.mysql = {}
    service.writer = { consume = { queue = "orders" }, steps = [{ insert = "mysql" }, "ack"] }
    load.users = { to = "orders", rate = "1/s" }
    until = "1m"
"#;

#[test]
fn a_chain_is_drawn_from_load_to_table() {
    let diagram = diagram(CHAIN);
    let pairs = [("orders", "writer"), ("writer", "mysql"), ("users", "orders")];
    let pairs = pairs.map(|(from, to)| (from.to_owned(), to.to_owned()));
    let found = ways(&diagram);
    assert!(
        found.len() == 3 && pairs.iter().all(|pair| found.contains(pair)),
        "{found:?}"
    );
}

#[test]
fn what_no_load_reaches_is_not_drawn() {
    let text = format!("{CHAIN}\nservice.idle = {{ steps = [{{ insert = \"mysql\" }}] }}");
    assert!(diagram(&text).items.iter().all(|item| item.name != "idle"));
}

#[test]
fn everything_that_is_drawn_can_be_selected() {
    let text = CHAIN.replace(
        "broker.rabbitmq.queue.orders = {}",
        "broker.rabbitmq = { queue.orders = {}, exchange.shop = { type = \"direct\" }, binding = [{ exchange = \"shop\", queue = \"orders\", key = \"k\" }] }",
    );
    let diagram = diagram(&text.replace("to = \"orders\"", "to = \"shop\", keys = [\"k\"]"));
    assert_eq!(diagram.brokers.len(), 1, "{diagram:#?}");
    let items = (0..diagram.items.len()).map(Shown::Item);
    let ways = (0..diagram.ways.len()).map(Shown::Way);
    for shown in items.chain(ways).chain([Shown::Broker(0)]) {
        let thing = diagram.thing(shown).expect("what is shown has a name");
        assert_eq!(diagram.find(thing), Some(shown));
    }
}

#[test]
fn what_a_queue_gives_up_has_its_way_and_whoever_takes_it_is_drawn() {
    let text = CHAIN.replace(
        "broker.rabbitmq.queue.orders = {}",
        "broker.rabbitmq = { queue.orders = { dead_letter = \"parked\" }, queue.parked = {} }
         service.clerk = { consume = { queue = \"parked\" }, steps = [\"ack\"] }",
    );
    let diagram = diagram(&text);
    let found = ways(&diagram);
    for (from, to) in [("orders", "parked"), ("parked", "clerk")] {
        assert!(found.contains(&(from.to_owned(), to.to_owned())), "{found:?}");
    }
}

#[test]
fn an_exchange_hands_on_to_its_alternate() {
    let text = CHAIN.replace(
        "broker.rabbitmq.queue.orders = {}",
        "broker.rabbitmq = { queue.orders = {}, exchange.shop = { alternate = \"rest\" }, exchange.rest = { type = \"fanout\" }, binding = [{ exchange = \"rest\", queue = \"orders\" }] }",
    );
    let diagram = diagram(&text.replace("to = \"orders\"", "to = \"shop\", keys = [\"k\"]"));
    let found = ways(&diagram);
    for (from, to) in [("users", "shop"), ("shop", "rest"), ("rest", "orders")] {
        assert!(found.contains(&(from.to_owned(), to.to_owned())), "{found:?}");
    }
}
