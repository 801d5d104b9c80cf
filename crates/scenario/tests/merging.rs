//! What is taken on together, what is kept in order, and rows of things.

mod common;

use common::{assert_said, holds};
use mqlab_engine::Outcome;
use mqlab_engine::plan::LimitHit;
use proptest::prelude::*;

fn expect(that: &str) -> String {
    format!("[[expect]]\nthat = \"{that}\"\n")
}

/// A worker with these keys, and a load with those.
fn world(service: &str, load: &str, rest: &str, expectations: &[&str]) -> String {
    let expectations: String = expectations.iter().map(|that| expect(that)).collect();
    format!(
        "title = \"Merging\"\nuntil = \"60s\"\n\
         [broker.rabbitmq]\nqueue.events = {{}}\nqueue.more = {{}}\n\
         [table.rows]\ncapacity = \"1000/s\"\n[table.things]\nper_thing = true\n[table.ids]\nunique = true\n\
         [service.worker]\nconsume = {{ queue = \"events\", prefetch = 100 }}\n{service}\n\
         [load.shop]\nto = \"events\"\n{load}\n{rest}\n{expectations}"
    )
}

const WRITES: &str = "steps = [{ insert = \"rows\" }, \"ack\"]\n";

#[test]
fn so_many_begin_at_once_and_the_rest_when_its_time_is_over() {
    let service = format!("{WRITES}merge = {{ most = 10, wait = \"5s\" }}");
    holds(&world(
        &service,
        "burst = 25",
        "",
        &[
            "requests(rows) == 3",
            "rounds(worker) == 3",
            "row_at(rows, 10) == 1ms",
            "row_at(rows, 11) == 2ms",
            "row_at(rows, 21) == 5001ms",
            "settled(events) == 25",
            "started(events) == 25",
        ],
    ));
}

#[test]
fn who_waits_for_a_worker_still_takes_more() {
    // The first group is in hand from 0 to 1 s; what comes meanwhile is one more.
    let service = "steps = [{ work = \"1s\" }, \"ack\"]\nmerge = { wait = \"0s\" }";
    holds(&world(
        service,
        "rate = \"10/s\"\ncount = 10",
        "",
        &["rounds(worker) == 2", "handled(events) == 10"],
    ));
}

#[test]
fn every_caller_is_answered() {
    let rest = "[load.users]\nto = \"door\"\nburst = 7\n\
                [service.door]\nworkers = 1\nsteps = [{ insert = \"rows\" }, { call = \"mail\" }]\n\
                merge = { most = 7, wait = \"1s\" }\n[service.mail]\n";
    holds(&world(
        WRITES,
        "burst = 1\ncount = 0",
        rest,
        &[
            "responded(users) == 7",
            "response_max(users) == 1ms",
            "requests(rows) == 1",
            "rows(rows) == 7",
            "started(mail) == 1",
        ],
    ));
}

#[test]
fn a_group_fails_as_a_whole() {
    let service = "steps = [{ insert = \"rows\" }, { fail = \"first 1\" }, \"ack\"]\n\
                   on_failure = [{ nack = { requeue = true } }]\nmerge = { most = 5, wait = \"1s\" }";
    holds(&world(
        service,
        "burst = 5",
        "",
        &[
            "started(events) == 10",
            "redelivered(events) == 5",
            "rows(rows) == 10",
            "duplicated == 5",
            "settled(events) == 5",
        ],
    ));
}

#[test]
fn who_dies_with_a_group_in_hand_gets_all_of_it_again() {
    let service = "steps = [{ work = \"1s\" }, { insert = \"rows\" }, \"ack\"]\nmerge = { most = 4, wait = \"1s\" }";
    let rest = "[[at]]\ntime = \"500ms\"\ncrash = \"worker\"\n[[at]]\ntime = \"2s\"\nrestart = \"worker\"\n";
    holds(&world(
        service,
        "burst = 6",
        rest,
        &[
            "rows(rows) == 6",
            "lost == 0",
            "duplicated == 0",
            "settled(events) == 6",
            "requests(rows) == 2",
        ],
    ));
}

#[test]
fn what_a_broker_takes_back_leaves_its_group() {
    let service = format!("{WRITES}merge = {{ most = 10, wait = \"5s\" }}");
    let rest = "[[at]]\ntime = \"1s\"\ncrash = \"rabbitmq\"\n[[at]]\ntime = \"2s\"\nrestart = \"rabbitmq\"\n";
    // The old group is empty at 5 s; the new one begins at 7 s.
    holds(&world(
        &service,
        "burst = 3",
        rest,
        &["rows(rows) == 3", "row_at(rows) == 7001ms", "rounds(worker) == 1"],
    ));
}

#[test]
fn rows_that_are_written_together_are_refused_together() {
    let service = "steps = [{ insert = \"ids\" }, \"ack\"]\nmerge = { most = 3, wait = \"1s\" }";
    // Of two copies of each message both are in one group.
    let rest = "[load.twice]\nto = \"relay\"\nburst = 1\n\
                [service.relay]\nsteps = [{ publish = [\"events\", \"events\"] }]\n";
    holds(&world(
        service,
        "burst = 1",
        rest,
        &[
            "rows(ids) == 0",
            "repeated(ids) == 1",
            "requests(ids) == 1",
            "settled(events) == 0",
        ],
    ));
    let skips = service.replace("\"ids\"", "\"ids\", on_duplicate = \"skip\"");
    holds(&world(
        &skips,
        "burst = 1",
        rest,
        &[
            "rows(ids) == 2",
            "repeated(ids) == 1",
            "requests(ids) == 1",
            "settled(events) == 3",
        ],
    ));
}

#[test]
fn of_each_a_message_is_published() {
    let service = "steps = [{ publish = \"more\", confirm = true }, \"ack\"]\nmerge = { most = 8, wait = \"1s\" }";
    holds(&world(
        service,
        "burst = 20",
        "",
        &["accepted(more) == 20", "settled(events) == 20", "rounds(worker) == 3"],
    ));
}

#[test]
fn a_thing_has_one_row_and_it_may_be_old() {
    let service = "steps = [{ insert = \"things\" }, \"ack\"]";
    let load = "burst = 30\nthings = 4\nkey = \"in-turn\"";
    holds(&world(
        service,
        load,
        "",
        &["rows(things) == 4", "outdated(things) == 0"],
    ));
    // The second message is written at 1 s, and at 10 s the first over it.
    let rest = "[service.late]\nsteps = [{ work = \"10s\" }, { insert = \"things\" }]\n\
                [load.first]\nto = \"fork\"\nrate = \"1/s\"\ncount = 2\nthings = 1\n\
                [service.fork]\nsteps = [{ fail = \"message 2\" }, { call = \"late\" }]\n\
                on_failure = [{ insert = \"things\" }]\n";
    holds(&world(
        service,
        "burst = 1\ncount = 0",
        rest,
        &["rows(things) == 1", "outdated(things) == 1"],
    ));
}

#[test]
fn the_number_of_rows_kept_has_a_limit_with_a_name() {
    let steps = "steps = [{ insert = \"ids\" }, \"ack\"]";
    let text = world(steps, "burst = 1000", "", &["rows(ids) == 1000"]);
    let text = format!("limits.rows = 500\n{text}");
    let (scenario, found) = mqlab_scenario::parse(&text);
    let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
    let mut runner = mqlab_scenario::Runner::new(&scenario, 0);
    assert_eq!(runner.finish(), Outcome::Limit(LimitHit::Rows));
    assert_eq!(LimitHit::Rows.name(), "rows");
    holds(&text.replace("limits.rows = 500", "limits.rows = 1000"));
}

#[test]
fn what_cannot_be_merged_is_said() {
    let merge = "merge = { most = 10, wait = \"1s\" }\n";
    let said = |service: &str, what: &str| assert_said(&world(service, "burst = 1", "", &[]), &[what]);
    said(
        &format!("{merge}steps = [{{ unless = \"rows\", steps = [{{ insert = \"rows\" }}] }}, \"ack\"]"),
        "may differ from message to message",
    );
    said(
        "merge = { wait = \"1s\" }\nsteps = [{ publish = \"more\", confirm = true }, \"ack\"]",
        "at most 64 confirms",
    );
    said(
        "merge = { most = 1000, wait = \"1s\" }\nsteps = [\"ack\"]",
        "never 1000",
    );
    said("merge = { most = 10 }\nsteps = [\"ack\"]", "wait");
    said(
        "keep_order = true\nworkers = \"unlimited\"\nsteps = [\"ack\"]",
        "number of `workers`",
    );
    said(
        &format!("{merge}keep_order = true\nworkers = 2\nsteps = [\"ack\"]"),
        "not modelled",
    );
    said(
        "keep_order = true\nworkers = 2\nsteps = [\"ack\"]",
        "each is about itself",
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// However it is merged, the same rows are there, everything is settled,
    /// and the table is asked as often as counting on one's fingers says.
    #[test]
    fn merging_changes_requests_and_nothing_else(
        most in 1u64..12,
        count in 1u64..60,
        things in 1u64..9,
        by_thing in any::<bool>(),
    ) {
        let by = if by_thing { "thing" } else { "any" };
        let service = format!("{WRITES}merge = {{ most = {most}, wait = \"10s\", by = \"{by}\" }}");
        let load = format!("burst = {count}\nthings = {things}\nkey = \"in-turn\"");
        let requests = if by_thing {
            (0..things).map(|thing| (count / things + u64::from(thing < count % things)).div_ceil(most)).sum()
        } else {
            count.div_ceil(most)
        };
        holds(&world(&service, &load, "", &[
            &format!("rows(rows) == {count}"),
            &format!("settled(events) == {count}"),
            &format!("requests(rows) == {requests}"),
            &format!("rounds(worker) == {requests}"),
            "lost == 0",
            "duplicated == 0",
        ]));
    }

    /// Of one thing everything is done in order, however long it takes, also
    /// when a worker dies and when there are suddenly more of them with
    /// nothing in hand.
    #[test]
    fn queues_by_thing_keep_the_order(workers in 1u32..9, things in 1u64..30, seed in 0u64..1000) {
        let service = format!(
            "workers = {workers}\nkeep_order = true\n\
             steps = [{{ work = \"exp(50ms)\" }}, {{ insert = \"things\" }}, \"ack\"]"
        );
        let load = format!("rate = \"50/s\"\ncount = 100\nthings = {things}");
        let text = world(&service, &load, "", &[
            "reordered == 0",
            "outdated(things) == 0",
            "handled(events) == 100",
            "settled(events) == 100",
        ]);
        holds(&format!("seed = {seed}\n{text}"));
    }
}
