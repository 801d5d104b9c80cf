//! Tests of `acts`.

use super::*;
use mqlab_kernel::SimTime;

fn at(millis: u64) -> SimTime {
    SimTime::from_nanos(millis * 1_000_000)
}

const TEXT: &str = r#"
    title = "t"
    until = "10s"
    broker.rabbitmq.queue.orders = {}
    service.writer = { consume = { queue = "orders" }, steps = [{ work = "50ms" }, "ack"] }
    load.users = { to = "orders", rate = "10/s" }
    variant.one = {}
    variant.fast = { load.users.rate = "1000/s" }
    [variant.other]
    service.helper = { consume = { queue = "orders" }, steps = ["ack"] }
"#;

fn lab(text: &str) -> Lab {
    let (scenario, found) = mqlab_scenario::parse(text);
    Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")))
}

fn run(lab: &mut Lab, to: SimTime) {
    lab.advance(to, 500, |_| false);
}

fn digests(lab: &Lab) -> Vec<u64> {
    lab.lanes.iter().map(|lane| lane.world().digest()).collect()
}

fn crash(millis: u64) -> Act {
    Act {
        at: at(millis),
        variants: None,
        what: What::Crash("writer".to_owned()),
    }
}

#[test]
fn changes_are_undone_and_redone() {
    let mut acts = Acts::default();
    acts.add(crash(500));
    acts.add(crash(100));
    assert_eq!(acts.list(), [crash(100), crash(500)]);
    acts.remove(0);
    acts.remove(7);
    assert_eq!(acts.list(), [crash(500)]);
    acts.undo();
    acts.undo();
    assert_eq!((acts.list(), acts.can_redo()), (&[crash(500)][..], true));
    acts.redo();
    assert_eq!(acts.list().len(), 2);
    acts.clear();
    assert!(acts.list().is_empty() && acts.can_undo() && !acts.can_redo());
}

#[test]
fn an_act_is_about_the_variants_that_can_do_it() {
    let lab = lab(TEXT);
    let crash = |node: &str| What::Crash(node.to_owned());
    let variants = |what, reach| at_clock(&lab, what, reach).expect("somewhere it can be done").variants;
    assert_eq!(variants(crash("writer"), Reach::All), None);
    assert_eq!(variants(crash("helper"), Reach::All), Some(vec!["other".to_owned()]));
    assert_eq!(
        variants(crash("writer"), Reach::Variant(1)),
        Some(vec!["fast".to_owned()])
    );
    let found = at_clock(&lab, crash("nobody"), Reach::All).expect_err("there is no such node");
    assert!(found[0].message.to_string().contains("nobody"), "{found:?}");
}

#[test]
fn what_is_done_by_hand_is_what_the_exported_text_does() {
    let mut lab = lab(TEXT);
    let mut acts = Acts::default();
    let whats = [
        What::Crash("writer".to_owned()),
        What::Publish {
            load: "users".to_owned(),
            count: 5,
            key: None,
            payload: Some("a gift".to_owned()),
        },
        What::Cut {
            a: "users".to_owned(),
            b: "rabbitmq".to_owned(),
        },
        What::Restart("writer".to_owned()),
        What::Heal {
            a: "users".to_owned(),
            b: "rabbitmq".to_owned(),
        },
        What::Purge("orders".to_owned()),
        What::Set {
            path: "load.users.rate".to_owned(),
            value: "77/s".to_owned(),
        },
    ];
    for (index, what) in whats.into_iter().enumerate() {
        run(&mut lab, at(1_000 * index as u64 + 333));
        acts.add(at_clock(&lab, what, Reach::All).expect("it can be done"));
        assert!(lab.set_acts(acts.list()).is_empty());
        let clock = lab.clock();
        run(&mut lab, clock);
    }
    run(&mut lab, SimTime::MAX);
    let mut scripted = self::lab(&mqlab_scenario::with_acts(TEXT, acts.list()));
    run(&mut scripted, SimTime::MAX);
    assert_eq!(digests(&lab), digests(&scripted));
    // Undone, it is the run without.
    while acts.can_undo() {
        acts.undo();
    }
    lab.set_acts(acts.list());
    run(&mut lab, SimTime::MAX);
    let mut untouched = self::lab(TEXT);
    run(&mut untouched, SimTime::MAX);
    assert_eq!(digests(&lab), digests(&untouched));
}

#[test]
fn a_run_that_came_to_rest_goes_on_when_something_is_done() {
    let text = r#"
        title = "t"
        broker.rabbitmq.queue.orders = {}
        service.writer = { consume = { queue = "orders" }, steps = [{ work = "50ms" }, "ack"] }
        load.users = { to = "orders", burst = [["0s", 3]] }
        [[expect]]
        that = "handled(orders) == 4"
    "#;
    let mut lab = lab(text);
    run(&mut lab, SimTime::MAX);
    assert!(lab.is_over() && !is_too_late(&lab) && lab.lanes[0].runner().has_failed());
    let what = What::Publish {
        load: "users".to_owned(),
        count: 1,
        key: None,
        payload: None,
    };
    let act = at_clock(&lab, what, Reach::All).expect("it can be done");
    lab.set_acts(&[act]);
    run(&mut lab, SimTime::MAX);
    assert!(lab.is_over() && !lab.lanes[0].runner().has_failed());
}
