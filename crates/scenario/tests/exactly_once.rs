//! Read, made into something, written: with a transaction nothing is there twice
//! and nothing is missing, whatever dies; without one both can be.

mod common;

use common::{assert_said, findings, holds};
use mqlab_scenario::{Runner, parse};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::cell::Cell;

/// A shop, a biller that makes an invoice of each order, and an auditor who comes
/// when all is over and looks what is committed.
fn world(biller: &str, rest: &str) -> String {
    format!(
        "title = \"Once\"\nuntil = \"6m\"\n\
         [broker.kafka]\n\
         topic.orders = {{ partitions = 2, replication_factor = 3, min_insync_replicas = 2 }}\n\
         topic.invoices = {{ partitions = 2, replication_factor = 3, min_insync_replicas = 2 }}\n\
         [load.shop]\nto = \"orders\"\nrate = [[\"10s\", \"20/s\"]]\ncount = 1200\n\
         [service.auditor]\n\
         consume = {{ topic = \"invoices\", group = \"audit\", offset_reset = \"earliest\", isolation = \"read_committed\" }}\n\
         steps = []\n{biller}\n[links]\nlatency = \"3ms\"\n\
         [[at]]\ntime = \"1ms\"\ncrash = \"auditor\"\n[[at]]\ntime = \"5m\"\nrestart = \"auditor\"\n{rest}\n"
    )
}

const CONSUME: &str = "consume = { topic = \"orders\", group = \"billing\", offset_reset = \"earliest\", auto_commit = false, session_timeout = \"6s\", heartbeat_interval = \"2s\", max_poll_interval = \"20s\" }";
const STEPS: &str = "[{ transaction = [{ publish = \"invoices\" }, { work = \"20ms\" }, \"ack\"] }]";

fn biller(name: &str, id: &str) -> String {
    format!(
        "[service.{name}]\n{CONSUME}\nproducer = {{ transactional_id = \"{id}\", transaction_timeout = \"10s\" }}\nsteps = {STEPS}\n"
    )
}

fn plain(name: &str) -> String {
    let steps = STEPS.replace("{ transaction = [", "").replace("] }", "");
    format!("[service.{name}]\n{CONSUME}\nsteps = {steps}]\n").replace("\"ack\"]]", "\"ack\"]")
}

const ONCE: &str = "[[expect]]\nthat = \"done(auditor) == 1200\"\n[[expect]]\nthat = \"duplicated(audit) == 0\"\n[[expect]]\nthat = \"lost == 0\"\n";

#[test]
fn what_is_read_and_what_is_made_of_it_are_committed_together() {
    holds(&world(&biller("biller", "biller"), ONCE));
    let two = biller("biller", "one") + &biller("other", "two");
    holds(&world(&two, ONCE));
}

#[test]
fn a_step_that_fails_takes_all_of_it_back() {
    let fails = biller("biller", "biller").replace("\"ack\"]", "{ fail = \"first 20\" }, \"ack\"]");
    holds(&world(&fails, ONCE));
    // So does one that says so, and what it has read it reads again.
    let again = format!("{ONCE}[[expect]]\nthat = \"delivered_again > 0\"\n");
    holds(&world(&fails, &again));
}

#[test]
fn of_two_with_the_same_id_the_older_is_shut_out() {
    let both = biller("biller", "same") + &biller("other", "same");
    // Whoever comes second works, and the first one leaves the group in the end.
    let expect = "[[expect]]\nthat = \"duplicated(audit) == 0\"\n[[expect]]\nthat = \"lost == 0\"\n";
    holds(&world(&both, expect));
}

#[test]
fn what_a_transaction_cannot_hold_is_said() {
    let of = |steps: &str, more: &str| {
        let biller = format!(
            "[service.biller]\n{CONSUME}\nproducer = {{ transactional_id = \"biller\" }}\nsteps = {steps}\n{more}\n"
        );
        world(&biller, "[table.rows]\n")
    };
    assert_eq!(findings(&of(STEPS, "")), [""; 0]);
    let outside = "[{ publish = \"invoices\" }, \"ack\"]";
    assert_said(&of(outside, ""), &["bad-step", "publishes in transactions only"]);
    let with_rows = "[{ transaction = [{ insert = \"rows\" }, { publish = \"invoices\" }] }, \"ack\"]";
    assert_said(&of(with_rows, ""), &["bad-step", "of Kafka alone"]);
    let confirmed = "[{ transaction = [{ publish = \"invoices\", confirm = true }, \"ack\"] }]";
    assert_said(&of(confirmed, ""), &["bad-step", "would wait for ever"]);
    assert_said(&of(STEPS, "workers = 2"), &["bad-producer", "one worker"]);
    let nack = "[{ transaction = [{ publish = \"invoices\" }, \"nack\"] }]";
    assert_said(&of(nack, ""), &["bad-step", "rollback"]);
    let two = "[{ transaction = [{ publish = \"invoices\" }, \"ack\"], two_phase = true }]";
    assert_said(&of(two, ""), &["bad-step", "`two_phase` is about databases"]);
    let without_id = of(STEPS, "").replace("producer = { transactional_id = \"biller\" }", "");
    assert_said(&without_id, &["bad-step", "nothing in this transaction"]);
    let timeout = of(outside, "").replace("transactional_id = \"biller\"", "transaction_timeout = \"1m\"");
    assert_said(&timeout, &["no-effect", "`transaction_timeout`"]);
}

/// Whichever broker dies, and however far the transactions are then that are open: what
/// they have read is settled when they are committed, once. The hard moments are while
/// a follower has the marker and the leader does not know it: who takes over has to say
/// what nobody has said. And right after that, with a leader that coordinates the
/// transaction as well, as it does of `two`: nobody who is left knows that it has said it.
#[test]
fn what_is_committed_is_settled_whoever_coordinates_by_then() {
    let expect = "[[expect]]\nthat = \"settled(billing) == 1200\"\n";
    let billers = [
        biller("biller", "biller"),
        biller("biller", "one") + &biller("other", "two"),
    ];
    let hard = (12_004..12_011).chain(12_055..12_061).map(|time| (2, time));
    let any = (1..=3).flat_map(|broker| (12_000..12_100).step_by(14).map(move |time| (broker, time)));
    for (broker, time) in hard.chain(any) {
        for billers in &billers {
            let back = time + 12_000;
            let dies = format!(
                "[[at]]\ntime = \"{time}ms\"\ncrash = \"kafka-{broker}\"\n\
                 [[at]]\ntime = \"{back}ms\"\nrestart = \"kafka-{broker}\"\n"
            );
            let text = world(billers, &(dies + expect));
            let text = text.replace("[broker.kafka]\n", "[broker.kafka]\nlatency = \"1ms\"\n");
            assert_eq!(held(&text), (1, 1), "broker {broker} at {time} ms");
        }
    }
}

/// What goes wrong: who, how, for how many milliseconds, and how long after the
/// end of the one before.
fn troubles() -> impl Strategy<Value = Vec<(&'static str, &'static str, u64, u64)>> {
    let one = prop_oneof![
        4 => (Just("biller"), Just("crash"), 10u64..9_000, 500u64..12_000),
        2 => (Just("biller"), Just("pause"), 10u64..20_000, 500u64..12_000),
        2 => (prop::sample::select(vec!["kafka-1", "kafka-2", "kafka-3"]), Just("crash"), 10u64..9_000, 15_000u64..20_000),
        1 => (prop::sample::select(vec!["kafka-1", "kafka-2", "kafka-3"]), Just("pause"), 10u64..15_000, 15_000u64..20_000),
        2 => (Just("other"), Just("crash"), 10u64..9_000, 500u64..12_000),
    ];
    prop::collection::vec(one, 1..5)
}

fn acts(troubles: &[(&str, &str, u64, u64)]) -> String {
    let mut now = 11_000;
    let mut text = String::new();
    for (who, what, lasts, after) in troubles {
        now += after;
        let end = if *what == "crash" { "restart" } else { "resume" };
        text += &format!("[[at]]\ntime = \"{now}ms\"\n{what} = \"{who}\"\n");
        now += lasts;
        text += &format!("[[at]]\ntime = \"{now}ms\"\n{end} = \"{who}\"\n");
    }
    text
}

/// How many of these expectations hold in a world.
fn held(text: &str) -> (usize, usize) {
    let (scenario, found) = parse(text);
    let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
    let mut runner = Runner::new(&scenario, 0);
    runner.finish();
    let held = runner.results().iter().filter(|one| one.is_held());
    (held.count(), scenario.expectations.len())
}

/// Whatever dies or stands still in between: two billers of one group, each with
/// its own id, bill every order once. The same without transactions, in the same
/// worlds, bill some twice.
#[test]
fn whatever_dies_every_order_is_billed_once() {
    let cases = std::env::var("MQLAB_CASES").ok().and_then(|cases| cases.parse().ok());
    let config = ProptestConfig {
        cases: cases.unwrap_or(16),
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(5),
        ..ProptestConfig::default()
    };
    let (twice, courses, faults) = (Cell::new(0), Cell::new(0), Cell::new(0));
    TestRunner::new(config)
        .run(&troubles(), |troubles| {
            let acts = acts(&troubles);
            let within = biller("biller", "one") + &biller("other", "two");
            let (held_there, all) = held(&world(&within, &(ONCE.to_owned() + &acts)));
            prop_assert_eq!(held_there, all, "{}", acts);
            let once = "[[expect]]\nthat = \"duplicated(audit) == 0\"\n";
            let behind = plain("biller") + &plain("other");
            let (held_here, all) = held(&world(&behind, &(once.to_owned() + &acts)));
            twice.set(twice.get() + all - held_here);
            courses.set(courses.get() + 1);
            faults.set(faults.get() + troubles.len());
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
    println!(
        "{} courses with {} faults; without transactions {} of them bill something twice",
        courses.get(),
        faults.get(),
        twice.get()
    );
    assert!(twice.get() > 0, "nothing hit the others");
}
