//! Tests of `job`.

use super::*;

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

fn found(lab: &Lab, quest: Quest) -> Option<Answer> {
    let mut job = Job::begin(lab, quest)?;
    while job.answer().is_none() {
        assert!(job.progress().is_none_or(|share| (0.0..=1.0).contains(&share)));
        job.advance(10);
    }
    job.answer()
}

fn previous(lab: &Lab) -> Option<SimTime> {
    match found(lab, Quest::Previous)? {
        Answer::Previous(at) => at,
        _ => panic!("another answer"),
    }
}

#[test]
fn the_instant_before_is_found_from_an_instant_and_from_between() {
    let mut lab = lab();
    assert_eq!(previous(&lab), None, "nothing is before the beginning");
    lab.lanes[1].is_hidden = true;
    lab.advance(at(1_120), 100, |_| false);
    assert_eq!(previous(&lab), Some(at(1_100)));
    lab.advance(at(1_150), 100, |_| false);
    assert_eq!(previous(&lab), Some(at(1_100)));
    lab.jump(at(1_100));
    lab.advance(at(1_100), 100, |_| false);
    assert_eq!(previous(&lab), Some(at(1_050)));
}

#[test]
fn a_life_is_told_up_to_now() {
    let mut lab = lab();
    lab.advance(at(5_010), 100, |_| false);
    let message = MessageId::new(SourceId(0), 49);
    let Some(Answer::Life { facts, until, .. }) = found(&lab, Quest::Life { variant: 0, message }) else {
        panic!("it has a life");
    };
    assert_eq!(until, at(5_010));
    let kinds: Vec<FactKind> = facts.iter().map(|run| run.first.kind).collect();
    assert_eq!(kinds.first(), Some(&FactKind::Offered));
    assert_eq!(kinds.last(), Some(&FactKind::Settled));
    let nobody = MessageId::new(SourceId(99), 0);
    assert!(
        found(
            &lab,
            Quest::Life {
                variant: 0,
                message: nobody
            }
        )
        .is_none()
    );
}

#[test]
fn the_next_fact_of_a_place_is_found_and_what_happened_last() {
    let mut lab = lab();
    lab.advance(at(1_120), 100, |_| false);
    let place = lab.lanes[0].world().places().named("orders").expect("it is there");
    let Some(Answer::Next(next)) = found(&lab, Quest::Next { variant: 0, place }) else {
        panic!("it is looked for");
    };
    // The message of 1.1 s is acknowledged when its work is done.
    assert_eq!(next, Some(at(1_150)));
    let Some(Answer::Recent { facts, until, .. }) = found(&lab, Quest::Recent { variant: 0, place }) else {
        panic!("something happened");
    };
    assert_eq!(until, at(1_120));
    let last = facts.last().expect("something happened").first;
    assert_eq!((last.at, last.kind), (at(1_100), FactKind::Dispatched));
    lab.advance(SimTime::MAX, 1_000, |_| false);
    assert!(matches!(
        found(&lab, Quest::Next { variant: 0, place }),
        Some(Answer::Next(None))
    ));
}
