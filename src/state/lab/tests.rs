//! Tests of `lab`.

use super::*;
use mqlab_model::PlaceId;

fn lab() -> Lab {
    let text = r#"
        title = "t"
        until = "10s"
        broker.rabbitmq.queue.orders = {}
        service.writer = { consume = { queue = "orders" }, steps = [{ work = "50ms" }, "ack"] }
        load.users = { to = "orders", rate = "10/s" }
        variant.one = {}
        variant.fast = { load.users.rate = "1000/s" }
    "#;
    let (scenario, found) = mqlab_scenario::parse(text);
    Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")))
}

fn at(millis: u64) -> SimTime {
    SimTime::from_nanos(millis * 1_000_000)
}

fn digests(lab: &Lab) -> Vec<u64> {
    lab.lanes.iter().map(|lane| lane.world().digest()).collect()
}

#[test]
fn lanes_stay_on_one_clock() {
    let mut lab = lab();
    assert_eq!(lab.advance(at(1_500), 50, |_| false), Advance::Reached);
    assert_eq!(lab.clock(), at(1_500));
    assert!(lab.lanes.iter().all(|lane| lane.world().now() == at(1_500)));
    let (rate, failed) = lab.lanes[1].flow(1);
    assert!(rate > 0.0 && failed == 0.0, "{rate}");
}

#[test]
fn a_cut_advance_can_go_on_and_changes_nothing() {
    let mut whole = lab();
    whole.advance(SimTime::MAX, u64::MAX, |_| false);
    let mut cut = lab();
    while !cut.is_over() {
        let before = cut.clock();
        cut.advance(SimTime::MAX, 100, |_| true);
        assert!(cut.clock() >= before);
    }
    assert_eq!(digests(&whole), digests(&cut));
    assert_eq!((whole.clock(), cut.clock()), (at(10_000), at(10_000)));
}

#[test]
fn a_hidden_lane_waits_and_catches_up() {
    let mut lab = lab();
    lab.lanes[0].is_hidden = true;
    lab.advance(at(2_000), 1_000, |_| false);
    assert_eq!(lab.lanes[0].world().now(), SimTime::ZERO);
    lab.lanes[0].is_hidden = false;
    lab.advance(at(2_001), 1_000, |_| false);
    assert_eq!(lab.lanes[0].world().now(), at(2_001));
}

#[test]
fn steps_go_from_instant_to_instant() {
    let mut lab = lab();
    let mut instants = Vec::new();
    for _ in 0..4 {
        let next = lab.next_instant();
        lab.advance(next, u64::MAX, |_| false);
        instants.push(lab.clock());
    }
    assert_eq!(instants, [at(0), at(1), at(2), at(3)]);
}

#[test]
fn a_restart_is_the_same_run_again() {
    let mut lab = lab();
    lab.advance(at(3_000), 1_000, |_| false);
    let first = digests(&lab);
    lab.restart();
    assert_eq!((lab.clock(), lab.has_begun()), (SimTime::ZERO, false));
    lab.advance(at(3_000), 77, |_| false);
    assert_eq!(digests(&lab), first);
}

#[test]
fn charts_follow_what_is_selected_if_messages_wait_there() {
    let lab = lab();
    let lane = &lab.lanes[0];
    let place = |name| lane.world().places().named(name);
    assert_eq!(lane.followed(None), place("orders"));
    assert_eq!(lane.followed(place("writer")), place("orders"));
    assert_eq!(lane.followed(Some(PlaceId(999))), place("orders"));
}

#[test]
fn going_back_is_the_same_run() {
    let mut lab = lab();
    lab.advance(at(4_000), 1_000, |_| false);
    let first = digests(&lab);
    lab.advance(SimTime::MAX, 1_000, |_| false);
    assert!(lab.is_over());
    lab.jump(at(4_000));
    assert!(!lab.is_over() && lab.clock() <= at(4_000));
    lab.advance(at(4_000), 77, |_| false);
    assert_eq!((lab.clock(), digests(&lab)), (at(4_000), first));
}

#[test]
fn rates_are_of_the_last_moment_however_far_the_clock_went() {
    let text = r#"
        title = "t"
        until = "100s"
        broker.rabbitmq.queue.orders = {}
        load.users = { to = "orders", rate = [["0s", "10/s"], ["90s", "1000/s"]] }
    "#;
    let (scenario, found) = mqlab_scenario::parse(text);
    let mut lab = Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")));
    lab.advance(at(93_000), u64::MAX, |_| false);
    assert_eq!(lab.lanes[0].flow(0).0, 1_000.0);
    lab.jump(at(20_000));
    lab.advance(at(20_000), u64::MAX, |_| false);
    assert_eq!(lab.lanes[0].flow(0).0, 10.0);
}
