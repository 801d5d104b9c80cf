//! Tests of `curves`.

use super::*;

fn lab() -> Lab {
    let text = r#"
        title = "t"
        until = "100s"
        broker.rabbitmq.queue.orders = {}
        table.mysql = { capacity = "10/s", overload = "dies" }
        service.writer = { consume = { queue = "orders", prefetch = 1 }, steps = [{ insert = "mysql" }, "ack"] }
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

#[test]
fn the_same_arrivals_are_one_curve() {
    let curves = of_band(&lab(), Band::Rate, None, Language::English);
    let labels: Vec<&str> = curves.iter().map(|curve| curve.label.as_str()).collect();
    assert_eq!(labels, ["in 30/s", "out 10/s queued", "out 0/s direct"]);
    // The first sample holds both of its ends: 40 in the first second.
    assert_eq!(Band::Rate.scale(&curves), 50.0);
}

#[test]
fn a_backlog_ends_at_its_present_value() {
    let mut lab = lab();
    lab.lanes[1].is_hidden = true;
    let curves = of_band(&lab, Band::Backlog, None, Language::English);
    assert_eq!(curves.len(), 1);
    assert!((999.0..=1001.0).contains(&curves[0].now), "{}", curves[0].now);
    assert_eq!(curves[0].label, "1,000");
}

#[test]
fn deaths_are_marked() {
    let deaths = deaths(&lab());
    assert_eq!(deaths.len(), 1);
    assert_eq!((deaths[0].name.as_str(), deaths[0].at.nanos()), ("mysql", 333_333_333));
}
