//! One test per mistake that was found and mended, as small as it gets.

use mqlab_engine::{Argument, Metric, MetricKind, Outcome, Value, World};
use mqlab_kernel::SimTime;
use mqlab_scenario::{Scenario, parse};

fn scenario(text: &str) -> Scenario {
    let (scenario, found) = parse(text);
    scenario.unwrap_or_else(|| panic!("{found:#?}"))
}

fn world(text: &str) -> World {
    let mut world = World::new(&scenario(text).variants[0].plan);
    world.run_until(SimTime::MAX, u64::MAX);
    world
}

fn value(world: &World, kind: MetricKind, name: &str) -> Value {
    let place = world.places().named(name);
    assert!(place.is_some(), "there is no {name}");
    world.metric(&Metric {
        kind,
        place,
        argument: Argument::None,
    })
}

fn count(world: &World, kind: MetricKind, name: &str) -> u64 {
    match value(world, kind, name) {
        Value::Count(count) => count,
        other => panic!("{kind:?} of {name} is {other}"),
    }
}

#[test]
fn a_new_capacity_holds_from_the_next_operation_on() {
    let rows = |from: &str, to: &str, at: &str, until: &str| {
        let text = format!(
            r#"
title = "Capacity"
until = "{until}"
[broker.rabbitmq]
queue.q = {{}}
[table.t]
capacity = "{from}"
[service.s]
consume = {{ queue = "q", prefetch = 0 }}
workers = 1000
steps = [{{ insert = "t" }}, "ack"]
[load.l]
to = "q"
burst = [["0s", 100000]]
[[at]]
time = "{at}"
set = {{ "table.t.capacity" = "{to}" }}
"#
        );
        count(&world(&text), MetricKind::Rows, "t")
    };
    // 10 s at 1,000 a second, then 50 s at one; the one in progress is of the old rate.
    assert_eq!(rows("1000/s", "1/s", "10.0005s", "60s"), 10_001 + 49);
    // 100 s at one a second, the 101st ends at 101 s, then 10 a second.
    assert_eq!(rows("1/s", "10/s", "100.5s", "102s"), 101 + 9);
}

#[test]
fn two_workers_that_publish_the_same_message_get_a_confirm_each() {
    let text = r#"
title = "Twice"
until = "10s"
[links]
latency = "10ms"
[broker.rabbitmq]
queue.a = {}
queue.b = {}
[service.relay]
consume = { queue = "a", prefetch = 0 }
workers = 2
steps = [{ publish = "b", confirm = true }, "ack"]
[load.l]
to = "a"
burst = [["0s", 1]]
[[at]]
time = "35ms"
crash = "relay"
[[at]]
time = "36ms"
restart = "relay"
"#;
    let world = world(text);
    assert_eq!(count(&world, MetricKind::Busy, "relay"), 0);
    assert_eq!(count(&world, MetricKind::Depth, "a"), 0);
    // Published twice, and one obligation: nothing is in the system but it.
    assert_eq!(count(&world, MetricKind::Accepted, "b"), 1);
    assert_eq!(count(&world, MetricKind::InSystem, "b"), 1);
}

#[test]
fn who_starts_while_the_broker_is_down_is_told_so() {
    let text = r#"
title = "Down"
until = "10s"
[links]
latency = "1ms"
[broker.rabbitmq]
queue.q = {}
[service.s]
consume = { queue = "q" }
steps = ["ack"]
[load.l]
to = "q"
rate = [["00:00", "10/s"], ["00:00:05", "0/s"]]
[[at]]
time = "1s"
crash = "rabbitmq"
[[at]]
time = "1.5s"
crash = "l"
[[at]]
time = "1.6s"
restart = "l"
[[at]]
time = "3s"
restart = "rabbitmq"
"#;
    let world = world(text);
    let (refused, settled) = (
        count(&world, MetricKind::Refused, "l"),
        count(&world, MetricKind::Settled, "q"),
    );
    assert_eq!(refused + settled, count(&world, MetricKind::Offered, "l"));
    assert_eq!(count(&world, MetricKind::InSystem, "q"), 0);
}

#[test]
fn a_call_that_dies_on_its_way_is_refused() {
    let text = r#"
title = "Call"
until = "10s"
[link.slow]
between = ["u", "s"]
latency = "100ms"
[service.s]
steps = [{ work = "10ms" }]
[load.u]
to = "s"
burst = [["0s", 1], ["1s", 1]]
[[at]]
time = "50ms"
crash = "s"
"#;
    let world = world(text);
    assert_eq!(count(&world, MetricKind::Refused, "u"), 2);
    assert_eq!(count(&world, MetricKind::Backlog, "s"), 0);
}

#[test]
fn a_rate_set_while_a_load_is_down_counts_once() {
    let text = r#"
title = "Rate"
until = "11s"
[service.s]
steps = []
[load.u]
to = "s"
rate = "10/s"
[[at]]
time = "1ms"
crash = "u"
[[at]]
time = "500ms"
set = { "load.u.rate" = "100/s" }
[[at]]
time = "1s"
restart = "u"
[[at]]
time = "5s"
pause = "u"
[[at]]
time = "5.001s"
resume = "u"
"#;
    // One at 0, then 100 a second from 1 s to 11 s.
    let made = count(&world(text), MetricKind::Offered, "u");
    assert!((1000..=1002).contains(&made), "{made}");
}

#[test]
fn a_paused_service_finds_new_workers_when_it_goes_on() {
    let text = r#"
title = "Paused"
until = "1.5s"
[broker.rabbitmq]
queue.q = {}
[service.s]
consume = { queue = "q", prefetch = 0 }
steps = [{ work = "10s" }, "ack"]
[load.u]
to = "q"
burst = [["0s", 5]]
[[at]]
time = "1s"
pause = "s"
[[at]]
time = "1.1s"
set = { "service.s.workers" = 3 }
[[at]]
time = "2s"
resume = "s"
"#;
    assert_eq!(count(&world(text), MetricKind::Started, "q"), 1);
    let text = text.replace("until = \"1.5s\"", "until = \"3s\"");
    assert_eq!(count(&world(&text), MetricKind::Started, "q"), 3);
}

#[test]
fn a_queue_may_be_drained_by_rejection_and_without_an_end() {
    let text = r#"
title = "Rejected"
[broker.rabbitmq]
queue.q = {}
[service.s]
consume = { queue = "q" }
steps = [{ work = "1s" }, "nack"]
[load.u]
to = "q"
burst = [["0s", 3]]
[[expect]]
that = "drained(q) == 3s"
[[expect]]
that = "drained(q, 1h) == 01:00:00"
"#;
    let text = text
        .replace("\"nack\"", "{ nack = { requeue = false } }")
        .replace("== 3s", "== 00:00:03");
    let scenario = scenario(&text);
    let mut runner = mqlab_scenario::Runner::new(&scenario, 0);
    runner.finish();
    assert!(
        runner.results().iter().all(mqlab_scenario::Checked::is_held),
        "{:?}",
        runner.results()
    );
}

#[test]
fn a_huge_burst_ends_at_the_limit_and_not_in_memory() {
    let text = r#"
title = "Burst"
[limits]
waiting = 100_000
[broker.rabbitmq]
queue.q = {}
[load.u]
to = "q"
burst = [["0s", 100_000_000]]
"#;
    let (scenario, found) = parse(text);
    let Some(scenario) = scenario else {
        // Whoever refuses it before it runs is welcome to.
        assert!(found.iter().all(|finding| finding.code == "limit"), "{found:#?}");
        return;
    };
    let mut world = World::new(&scenario.variants[0].plan);
    let outcome = world.run_until(SimTime::MAX, u64::MAX);
    assert!(matches!(outcome, Outcome::Limit(_)), "{outcome:?}");
    assert!(count(&world, MetricKind::Offered, "u") < 1_000_000);
}

#[test]
fn variants_share_the_work_of_a_message() {
    let text = r#"
title = "Shared"
[broker.rabbitmq]
queue.q = {}
[service.s]
consume = { queue = "q" }
steps = [{ work = "exp(1s)" }, "ack"]
[load.other]
to = "q"
burst = [["10000s", 1]]
[load.u]
to = "q"
burst = [["0s", 1]]
[table.t]
[variant.both]
[variant.one]
remove = ["load.other"]
[variant.longer]
remove = ["load.other"]
service.s.steps = [{ insert = "t" }, { work = "exp(1s)" }, "ack"]
"#;
    let scenario = scenario(text);
    let took = |variant: usize| {
        let mut world = World::new(&scenario.variants[variant].plan);
        world.run_until(SimTime::MAX, u64::MAX);
        value(&world, MetricKind::LatencyMax, "q")
    };
    // The other load's message may take longer than this one's.
    let (one, longer) = (took(1), took(2));
    assert_eq!(one, longer);
    let mut world = World::new(&scenario.variants[0].plan);
    world.run_until(SimTime::parse_clock("01:00").expect("a clock time"), u64::MAX);
    assert_eq!(value(&world, MetricKind::LatencyMax, "q"), one);
}

#[test]
fn a_restarted_load_keeps_its_next_arrival() {
    let text = r#"
title = "Hourly"
until = "3h"
[service.s]
steps = []
[load.u]
to = "s"
rate = "1/h"
[[at]]
time = "70m"
crash = "u"
[[at]]
time = "80m"
restart = "u"
"#;
    // 0:00, 1:00 and 2:00.
    assert_eq!(count(&world(text), MetricKind::Offered, "u"), 3);
}

#[test]
fn a_load_that_is_done_is_not_cut_off() {
    let text = r#"
title = "Count"
[limits]
messages = 10
[service.s]
steps = []
[load.u]
to = "s"
rate = "1/s"
count = 10
"#;
    let scenario = scenario(text);
    let mut world = World::new(&scenario.variants[0].plan);
    assert_eq!(world.run_until(SimTime::MAX, u64::MAX), Outcome::Ended);
}

#[test]
fn what_was_acknowledged_when_it_was_sent_is_worked_on_without_the_broker() {
    let text = r#"
title = "Automatic"
until = "10s"
[broker.rabbitmq]
queue.q = {}
[service.s]
consume = { queue = "q", ack = "auto" }
steps = [{ work = "100ms" }]
[load.u]
to = "q"
burst = [["0s", 10]]
[[at]]
time = "50ms"
crash = "rabbitmq"
"#;
    let world = world(text);
    assert_eq!(count(&world, MetricKind::Handled, "q"), 10);
    assert_eq!(count(&world, MetricKind::Lost, "q"), 0);
}

#[test]
fn a_rate_of_nearly_nothing_makes_no_arrival() {
    for rate in ["0.001/d", "0.5/100d"] {
        let text = format!(
            r#"
title = "Rare"
until = "1h"
[broker.rabbitmq]
queue.q = {{}}
[load.u]
to = "q"
arrivals = "poisson"
rate = "{rate}"
"#
        );
        assert_eq!(count(&world(&text), MetricKind::Offered, "u"), 0, "{rate}");
    }
}

#[test]
fn a_transaction_has_room_for_its_databases() {
    let text = |databases: usize| {
        let tables: String = (0..databases).map(|n| format!("[table.t{n}]\n")).collect();
        let inserts: Vec<String> = (0..databases).map(|n| format!("{{ insert = \"t{n}\" }}")).collect();
        format!(
            r#"
title = "Many databases"
until = "10s"
[broker.rabbitmq]
queue.q = {{}}
[service.s]
consume = {{ queue = "q" }}
steps = [{{ transaction = [{}], two_phase = true }}, "ack"]
[load.u]
to = "q"
burst = [["0s", 1]]
{tables}"#,
            inserts.join(", ")
        )
    };
    let world = world(&text(63));
    assert_eq!(count(&world, MetricKind::Rows, "t0"), 1);
    assert_eq!(count(&world, MetricKind::Rows, "t62"), 1);
    let (refused, found) = parse(&text(64));
    assert!(
        refused.is_none() && found.iter().any(|finding| finding.code == "limit"),
        "{found:#?}"
    );
}
