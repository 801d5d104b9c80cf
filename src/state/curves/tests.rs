//! Tests of `curves`.

use super::*;

fn lab() -> Lab {
    let text = r#"
        title = "t"
        until = "100s"
        broker.rabbitmq.queue.orders = {}
        table.mysql = { capacity = "10/s", overload = "dies" }
        service.writer = { workers = 2, consume = { queue = "orders", prefetch = 1 }, steps = [{ insert = "mysql" }, "ack"] }
        load.users = { to = "orders", rate = "30/s" }
        variant.queued = {}
        [variant.direct]
        load.users.to = "handler"
        service.handler = { steps = [{ insert = "mysql" }] }
    "#;
    let (scenario, found) = mqlab_scenario::parse(text);
    let mut lab = Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")));
    lab.advance(SimTime::from_nanos(50_000_000_000), u64::MAX, |_| false);
    lab
}

fn asked(lab: &Lab) -> Asked<'_> {
    Asked {
        lab,
        selection: None,
        percentiles: &[Percentile::P50, Percentile::P99],
        language: Language::English,
    }
}

fn labels(curves: &[Curve]) -> Vec<String> {
    curves.iter().map(Curve::label).collect()
}

#[test]
fn the_same_arrivals_are_one_curve() {
    let lab = lab();
    let curves = asked(&lab).curves(Band::Rate);
    assert_eq!(labels(&curves), ["in 30/s", "out 10/s queued", "out 0/s direct"]);
    // The first sample holds both of its ends: 40 in the first second.
    assert_eq!(Band::Rate.scale(&curves), 50.0);
}

#[test]
fn a_backlog_ends_at_its_present_value() {
    let mut lab = lab();
    lab.lanes[1].is_hidden = true;
    let curves = asked(&lab).curves(Band::Backlog);
    assert!((999.0..=1001.0).contains(&curves[0].now), "{}", curves[0].now);
    assert_eq!(labels(&curves), ["1,000", "unacked 1"]);
}

#[test]
fn waits_show_the_percentiles_that_are_chosen() {
    let mut lab = lab();
    lab.lanes[1].is_hidden = true;
    let curves = asked(&lab).curves(Band::Wait);
    let columns: Vec<&str> = curves.iter().map(|curve| curve.column.as_str()).collect();
    assert_eq!(columns, ["wait_p99_s", "wait_p50_s"], "the telling one first");
    assert!(labels(&curves)[0].starts_with("p99 3"), "{:?}", labels(&curves));
    let ages = asked(&lab).curves(Band::Age);
    assert_eq!(labels(&ages), ["33.3 s"]);
}

#[test]
fn what_is_in_use_is_a_share_of_what_there_is() {
    let mut lab = lab();
    lab.lanes[1].is_hidden = true;
    let curves = asked(&lab).curves(Band::Load);
    // One at a time, by prefetch, of two workers; a table at its limit.
    assert_eq!(labels(&curves), ["writer 50 %", "mysql 100 %"]);
    assert_eq!(Band::Load.scale(&curves), 1.0);
}

#[test]
fn the_value_at_an_instant_is_that_of_the_sample_before() {
    let lab = lab();
    let curves = asked(&lab).curves(Band::Backlog);
    let at = |nanos: u64| curves[0].at(SimTime::from_nanos(nanos));
    assert_eq!(at(10_000_000_000), at(10_050_000_000));
    assert_eq!(at(10_000_000_000), Some(curves[0].values[99]));
    assert_eq!(at(0), None);
}
