//! Tests of `marks`.

use super::*;

const SECOND: u64 = 1_000_000_000;

fn lab() -> Lab {
    let text = r#"
        title = "t"
        until = "100s"
        broker.rabbitmq.queue.orders = {}
        table.mysql = { capacity = "10/s", overload = "dies" }
        service.writer = { workers = 1, consume = { queue = "orders", prefetch = 1 }, steps = [{ insert = "mysql" }, "ack"] }
        load.users = { to = "orders", rate = "5/s" }
        [[at]]
        time = "20s"
        crash = "writer"
        [[at]]
        time = "30s"
        restart = "writer"
        [variant.queued]
        [variant.direct]
        load.users = { to = "handler", rate = "30/s" }
        service.handler = { steps = [{ insert = "mysql" }] }
    "#;
    let (scenario, found) = mqlab_scenario::parse(text);
    Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")))
}

fn to(lab: &mut Lab, seconds: u64) {
    lab.jump(SimTime::from_nanos(seconds * SECOND));
    lab.advance(SimTime::from_nanos(seconds * SECOND), u64::MAX, |_| false);
}

fn lines(seen: &Seen, lab: &Lab) -> Vec<String> {
    seen.marks(lab, Language::English).iter().map(Mark::line).collect()
}

#[test]
fn what_is_planned_is_known_before_and_what_happens_afterwards() {
    let mut lab = lab();
    let mut seen = Seen::default();
    seen.look(&lab, &[]);
    assert_eq!(lines(&seen, &lab), ["00:00:20 crash writer", "00:00:30 restart writer"]);
    to(&mut lab, 50);
    seen.look(&lab, &[]);
    let found = lines(&seen, &lab);
    assert!(
        found.contains(&"00:00:00.333333333 mysql dies · direct".to_owned()),
        "{found:?}"
    );
    assert!(
        !found.iter().any(|line| line.contains("writer dies")),
        "it is killed: {found:?}"
    );
}

#[test]
fn what_was_seen_stays_known_when_the_clock_goes_back() {
    let mut lab = lab();
    let mut seen = Seen::default();
    to(&mut lab, 50);
    seen.look(&lab, &[]);
    let before = lines(&seen, &lab);
    to(&mut lab, 10);
    seen.look(&lab, &[]);
    assert_eq!(lines(&seen, &lab), before);
    // Something else is done: what was to come may be otherwise.
    let act = Act {
        at: SimTime::from_nanos(5 * SECOND),
        variants: None,
        what: What::Pause("writer".to_owned()),
    };
    seen.look(&lab, &[act]);
    let now = lines(&seen, &lab);
    assert!(now.contains(&"00:00:05 by hand: pause writer".to_owned()), "{now:?}");
    let of_events = |lines: &[String]| lines.iter().any(|line| line.contains("first"));
    assert!(of_events(&before) && !of_events(&now), "{before:?}, {now:?}");
    assert!(
        now.contains(&before[0]),
        "what is behind the clock is seen again: {now:?}"
    );
}

#[test]
fn marks_that_meet_are_one() {
    let one = |seconds: u64, kind| mark(SimTime::from_nanos(seconds * SECOND), kind, "x".repeat(9));
    let marks = vec![
        one(10, MarkKind::Crash),
        one(11, MarkKind::Death),
        one(50, MarkKind::Change),
        one(55, MarkKind::Change),
    ];
    let found = clusters(marks, SimTime::from_nanos(100 * SECOND), 1000.0);
    let counts: Vec<usize> = found.iter().map(|cluster| cluster.marks.len()).collect();
    assert_eq!(counts, [2, 1, 1]);
    assert_eq!(
        found[0].lead().map(|mark| mark.kind),
        Some(MarkKind::Crash),
        "what matters most"
    );
    assert_eq!(found[0].label.as_deref(), Some("xxxxxxxxx +1"));
    assert_eq!(found[1].label, None, "it would meet the next one");
    assert!(found[2].label.is_some());
}

#[test]
fn faults_at_random_are_marked_as_that() {
    let text = r#"
        title = "t"
        until = "60s"
        broker.rabbitmq.queue.orders = {}
        service.writer = { consume = { queue = "orders" }, steps = ["ack"] }
        load.users = { to = "orders", rate = "1/s" }
        [faults.random]
        stop = "50s"
        crash = { rate = "6/m", lasts = "1s" }
        slow = { rate = "6/m", lasts = "1s", latency = "50ms" }
        [[at]]
        time = "55s"
        pause = "writer"
    "#;
    let (scenario, found) = mqlab_scenario::parse(text);
    let lab = Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")));
    let marks = Seen::default().marks(&lab, Language::English);
    let (random, written): (Vec<&Mark>, Vec<&Mark>) =
        marks.iter().partition(|mark| mark.text.starts_with("at random: "));
    assert_eq!(random.len(), lab.scenario.random_acts(0).len());
    assert!(random.len() > 4);
    assert!(
        random
            .iter()
            .any(|mark| mark.kind == MarkKind::Crash && mark.text.contains("crash "))
    );
    assert!(
        random
            .iter()
            .any(|mark| mark.kind == MarkKind::Change && mark.text.ends_with("latency = 50ms"))
    );
    let texts: Vec<&str> = written.iter().map(|mark| mark.text.as_str()).collect();
    assert_eq!(texts, ["pause writer"]);
}
