//! Tests of `steps`.

use super::*;
use mqlab_kernel::SimTime;
use mqlab_scenario::parse;

const TEXT: &str = r#"
    title = "t"
    until = "60s"
    [broker.rabbitmq]
    queue.orders = {}
    [table.rows]
    [table.jobs]
    [load.users]
    to = "front"
    rate = "1/s"
    [service.front]
    workers = 4
    steps = [
        { work = "2500ms" },
        { transaction = [{ insert = "rows" }, { update = "rows", set = "done" }] },
        { call = "back", timeout = "1s", breaker = { failures = 2, open = "20s" } },
        { publish = "orders", confirm = true },
    ]
    on_failure = [{ delete = "rows" }]
    [service.back]
    workers = 1
    steps = [{ work = "10s" }]
    [service.writer]
    consume = { queue = "orders", prefetch = 5 }
    steps = [{ insert = "jobs", on_duplicate = "skip" }, "ack"]
"#;

fn lab(at: u64) -> Lab {
    let (scenario, found) = parse(TEXT);
    let mut lab = Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")));
    lab.advance(SimTime::from_nanos(at * 1_000_000), u64::MAX, |_| false);
    lab
}

fn node(lab: &Lab, name: &str) -> NodeId {
    let nodes = &lab.plan(0).nodes;
    let found = nodes.iter().position(|node| node.name == name);
    NodeId(found.unwrap_or_else(|| panic!("{name} is there")) as u16)
}

fn rows(lab: &Lab, name: &str) -> Vec<StepRow> {
    of_service(lab, 0, node(lab, name), Language::English)
}

#[test]
fn steps_are_said_in_the_words_of_the_language() {
    let lab = lab(0);
    let said: Vec<(usize, bool, String)> = rows(&lab, "front")
        .into_iter()
        .map(|row| (row.depth, row.is_on_failure, row.words))
        .collect();
    let expected = [
        (0, false, "work 2.5s"),
        (0, false, "transaction"),
        (1, false, "insert rows"),
        (1, false, "update rows, set done"),
        (1, false, "commit rows"),
        (0, false, "call back"),
        (0, false, "publish orders, confirm"),
        (0, true, "delete rows"),
    ];
    assert_eq!(
        said,
        expected.map(|(depth, failed, words)| (depth, failed, words.to_owned()))
    );
    let writer: Vec<String> = rows(&lab, "writer").into_iter().map(|row| row.words).collect();
    assert_eq!(writer, ["insert jobs, on_duplicate skip", "ack"]);
    assert!(rows(&lab, "rows").is_empty(), "a table has no steps");
}

#[test]
fn workers_are_counted_at_the_step_that_they_are_at() {
    // Offers at 0, 1, 2, ... s; each worker works for 2.5 s and calls then.
    let lab = lab(2_400);
    assert_eq!(counts(&lab), [3, 0, 0, 0, 0, 0, 0, 0]);
    let lab = self::lab(2_700);
    assert_eq!(counts(&lab), [2, 0, 0, 0, 0, 1, 0, 0]);
    let world = lab.lanes[0].world();
    let in_hand = world.in_hand(node(&lab, "front")).len() as u32;
    assert_eq!(counts(&lab).iter().sum::<u32>(), in_hand);
}

fn counts(lab: &Lab) -> Vec<u32> {
    rows(lab, "front").iter().map(|row| row.workers).collect()
}

#[test]
fn a_breaker_is_told_with_the_step_that_calls() {
    let breaker = |at| rows(&lab(at), "front")[5].breakers.join("|");
    assert_eq!(breaker(0), "breaker closed");
    // The first call has no answer at 3.5 s, the second none at 4.5 s.
    assert_eq!(breaker(3_600), "breaker closed, 1 failed in a row");
    assert_eq!(breaker(4_600), "breaker open until 00:00:24.5");
    let lab = lab(4_600);
    let found = lab.lanes[0].world().breakers(node(&lab, "front"));
    let state = breaker_between(&found, node(&lab, "back"));
    assert!(matches!(state, Some(BreakerState::Open { .. })), "{state:?}");
    assert_eq!(breaker_between(&found, node(&lab, "rows")), None);
}

#[test]
fn a_scan_is_told() {
    let text = r#"
        title = "t"
        until = "10s"
        table.outbox = {}
        service.shop = { steps = [{ insert = "outbox" }] }
        service.relay = { scan = { table = "outbox", every = "5s", state = "new" }, steps = [{ update = "outbox", set = "sent" }] }
        load.users = { to = "shop", rate = "1/s" }
    "#;
    let (scenario, found) = parse(text);
    let lab = Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")));
    let told = |name| scan(&lab, 0, node(&lab, name), Language::English);
    assert_eq!(told("relay").as_deref(), Some("looks through outbox (new, 5 s)"));
    assert_eq!(told("shop"), None);
}
