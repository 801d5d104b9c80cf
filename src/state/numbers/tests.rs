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

/// The words beside a thing of this text, some milliseconds after its begin.
fn words_of(text: &str, name: &str, millis: u64) -> String {
    let (scenario, found) = mqlab_scenario::parse(text);
    let mut lab = Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")));
    lab.advance(SimTime::from_nanos(millis * 1_000_000), u64::MAX, |_| false);
    let lane = &lab.lanes[0];
    words(lane, item(lane, name), Language::English)
}

#[test]
fn a_queue_in_front_of_workers_says_how_full_it_is() {
    let text = r#"
        title = "t"
        until = "10s"
        service.handler = { workers = 1, queue = 5, steps = [{ work = "5s" }] }
        load.users = { to = "handler", rate = "10/s" }
    "#;
    assert!(words_of(text, "handler", 0).ends_with("0 / 5 waiting"));
    assert!(words_of(text, "handler", 250).ends_with("2 / 5 waiting"));
    assert!(words_of(text, "handler", 900).ends_with("5 / 5 waiting, no room"));
}

#[test]
fn a_load_says_what_it_holds_back() {
    let text = r#"
        title = "t"
        until = "10s"
        broker.rabbitmq.queue.orders = {}
        service.writer = { consume = { queue = "orders", prefetch = 1 }, steps = ["ack"] }
        load.shop = { to = "orders", rate = "10/s", window = 2, buffer = 50 }
        links.latency = "1s"
    "#;
    assert!(words_of(text, "shop", 950).ends_with("2 / 2 unconfirmed, 8 / 50 held back"));
    let text = r#"
        title = "t"
        until = "10s"
        service.handler = { steps = [{ work = "5s" }] }
        load.users = { to = "handler", users = 3, think = "1s" }
    "#;
    assert!(words_of(text, "users", 900).ends_with("3 users"));
}

#[test]
fn a_table_says_what_is_missing_and_too_much() {
    let text = |steps: &str| {
        format!(
            r#"
            title = "t"
            until = "10s"
            table.orders = {{}}
            table.bills = {{ expects = "orders" }}
            service.shop = {{ steps = [{steps}] }}
            load.users = {{ to = "shop", rate = "1/s", count = 2 }}
        "#
        )
    };
    let one = r#"{ insert = "orders" }, { fail = "always" }, { insert = "bills" }"#;
    let right = r#"{ insert = "orders" }, { insert = "bills" }"#;
    let twice = format!(r#"{right}, {{ insert = "bills" }}"#);
    assert!(words_of(&text(one), "bills", 5_000).ends_with("2 missing"));
    assert!(words_of(&text(right), "bills", 5_000).ends_with("as expected"));
    assert!(words_of(&text(&twice), "bills", 5_000).ends_with("2 too many"));
    assert!(
        !words_of(&text(one), "orders", 5_000).contains("expected"),
        "nothing is expected of it"
    );
}

#[test]
fn a_disk_says_what_it_has_still_to_do_and_that_it_is_full() {
    let text = r#"
        title = "t"
        until = "10s"
        [broker.rabbitmq]
        queue.orders = {}
        disk = { write = "100ms", sync = "1s", interval = "1s" }
        [service.writer]
        consume = { queue = "orders", prefetch = 1 }
        steps = ["ack"]
        [load.shop]
        to = "orders"
        burst = [["0s", 20]]
        [[at]]
        time = "5s"
        disk_full = "rabbitmq"
    "#;
    let (scenario, found) = mqlab_scenario::parse(text);
    let mut lab = Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")));
    let mut words_at = |millis: u64| {
        lab.advance(SimTime::from_nanos(millis * 1_000_000), u64::MAX, |_| false);
        let lane = &lab.lanes[0];
        disk_words(lane.world(), lane.diagram.brokers[0].node, Language::English).join(", ")
    };
    assert_eq!(words_at(550), "15 to write, 5 to sync");
    assert_eq!(words_at(5_500), "disk full");
}

#[test]
fn a_death_is_said_with_its_cause() {
    for (kind, word) in [("killed", "killed"), ("power", "no power"), ("disk", "disk lost")] {
        let text = format!(
            r#"
            title = "t"
            until = "10s"
            broker.rabbitmq.queue.orders = {{}}
            service.writer = {{ consume = {{ queue = "orders" }}, steps = ["ack"] }}
            load.users = {{ to = "orders", rate = "1/s" }}
            [[at]]
            time = "2s"
            crash = "rabbitmq"
            kind = "{kind}"
        "#
        );
        let (scenario, found) = mqlab_scenario::parse(&text);
        let mut lab = Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")));
        lab.advance(SimTime::from_nanos(5_000_000_000), u64::MAX, |_| false);
        let lane = &lab.lanes[0];
        let status = lane.world().status(lane.diagram.brokers[0].node);
        assert_eq!(status_notes(status, Language::English), [word, "since 00:00:02"]);
        assert!(status_word(status, Language::English).ends_with("since 00:00:02"));
    }
}

#[test]
fn what_a_publisher_holds_back_has_not_come_in() {
    let text = r#"
        title = "t"
        until = "10s"
        broker.rabbitmq.queue.orders = {}
        service.writer = { consume = { queue = "orders", prefetch = 1 }, steps = ["ack"] }
        load.shop = { to = "orders", rate = "100/s", window = 1 }
        links.latency = "50ms"
    "#;
    let (scenario, found) = mqlab_scenario::parse(text);
    let mut lab = Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")));
    lab.advance(SimTime::from_nanos(5_000_000_000), u64::MAX, |_| false);
    let lane = &lab.lanes[0];
    // One every two delays, of the hundred that are offered.
    let rate = inflow(lane, item(lane, "orders"));
    assert!((9.0..=11.0).contains(&rate), "{rate}");
    assert!((outflow(lane, item(lane, "shop")) - 100.0).abs() < 1.5);
}
