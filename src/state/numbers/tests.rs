//! Tests of `numbers`.

use super::*;
use mqlab_kernel::SimTime;

fn lab() -> Lab {
    let text = r#"
        title = "t"
        until = "10s"
        broker.rabbitmq.queue.orders = {}
        table.mysql = { capacity = "10/s" }
        service.writer = { consume = { queue = "orders", prefetch = 1 }, steps = [{ insert = "mysql" }, "ack"] }
        load.users = { to = "orders", rate = "30/s" }
    "#;
    let (scenario, found) = mqlab_scenario::parse(text);
    let mut lab = Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")));
    lab.advance(SimTime::from_nanos(5_000_000_000), u64::MAX, |_| false);
    lab
}

fn item(lane: &Lane, name: &str) -> usize {
    let found = lane.diagram.items.iter().position(|item| item.name == name);
    found.unwrap_or_else(|| panic!("{name} is drawn"))
}

#[test]
fn headlines_say_what_the_engine_measured() {
    let lab = lab();
    let lane = &lab.lanes[0];
    let line = |name| headline(lane, item(lane, name), Language::English);
    assert_eq!(line("orders"), "100 ready");
    assert_eq!(line("mysql"), "10/s");
    assert_eq!(line("writer"), "100 % busy");
}

#[test]
fn every_item_has_numbers_in_every_language() {
    let lab = lab();
    let lane = &lab.lanes[0];
    for item in 0..lane.diagram.items.len() {
        for language in Language::ALL {
            let rows = of_item(lane, item, language);
            assert!(rows.len() > 3 && rows.iter().all(|row| !row.value.is_empty()));
        }
    }
}

#[test]
fn levels_are_drawn_to_a_round_scale() {
    assert_eq!(full_scale(&lab()), 120.0);
}
