//! Queues and consumers that somebody has to himself.

mod common;

use common::{assert_said, findings, holds};

/// A node with the queue `a`, two services that consume it, and what is done to
/// them. Each takes a second for a message.
fn world(queue: &str, consume: [&str; 2], load: &str, expectations: &[&str], more: &str) -> String {
    let expect = |that: &&str| format!("[[expect]]\nthat = \"{that}\"\n");
    let expectations: String = expectations.iter().map(expect).collect();
    let service = |name: &str, consume: &str| {
        format!(
            "[service.{name}]\nconsume = {{ queue = \"a\"{consume} }}\n\
             steps = [{{ work = \"1s\" }}, {{ insert = \"{name}s\" }}, \"ack\"]\n[table.{name}s]\n"
        )
    };
    let [first, second] = consume;
    format!(
        "title = \"Exclusive\"\nuntil = \"60s\"\n[broker.rabbitmq]\nqueue.a = {{ {queue} }}\n\
         [load.shop]\nto = \"a\"\n{load}\n{}{}{expectations}\n{more}",
        service("owner", first),
        service("other", second)
    )
}

/// The same world with nine messages and with different things that happen to it: what
/// is expected of each.
fn each_holds(queue: &str, consume: [&str; 2], cases: &[(&str, &[&str])]) {
    for (more, expectations) in cases {
        holds(&world(queue, consume, NINE, expectations, more));
    }
}

const NINE: &str = "burst = [[\"1s\", 3], [\"12s\", 3], [\"30s\", 3]]";
const CRASH: &str = "[[at]]\ntime = \"9s\"\ncrash = \"owner\"\n[[at]]\ntime = \"20s\"\nrestart = \"owner\"\n";

#[test]
fn the_owner_of_a_queue_has_it_to_himself() {
    // It is gone with its owner, and somebody else declares it within five seconds.
    let cases: [(&str, &[&str]); 2] = [
        ("", &["rows(owners) == 9", "rows(others) == 0", "consumers(a) == 1"]),
        (
            CRASH,
            &["rows(owners) == 3", "rows(others) == 6", "unroutable(rabbitmq) == 0"],
        ),
    ];
    each_holds("exclusive = true", ["", ""], &cases);
}

#[test]
fn what_waits_in_a_queue_goes_with_its_owner() {
    let crash = "[[at]]\ntime = \"2.5s\"\ncrash = \"owner\"\n";
    // One is done, one is being worked on, one waits; its publisher was told that
    // they are safe.
    let expected = [
        "rows(owners) == 1",
        "lost == 2",
        "ready(a) == 0",
        "unacked(a) == 0",
        "unknown == 0",
    ];
    let consume = [", prefetch = 1", ", prefetch = 1"];
    holds(&world(
        "exclusive = true",
        consume,
        "burst = [[\"1s\", 3]]",
        &expected,
        crash,
    ));
}

#[test]
fn nobody_finds_a_queue_whose_owner_is_away() {
    let text = |restart: &str| {
        format!(
            "title = \"t\"\nuntil = \"60s\"\n[broker.rabbitmq]\nqueue.a = {{ exclusive = true }}\n\
             exchange.x = {{ type = \"fanout\" }}\nbinding = [{{ exchange = \"x\", queue = \"a\" }}]\n\
             [table.rows]\n[service.owner]\nconsume = {{ queue = \"a\" }}\nsteps = [{{ insert = \"rows\" }}, \"ack\"]\n\
             [load.shop]\nto = \"x\"\nburst = [[\"1s\", 1], [\"5s\", 2], [\"9s\", 4]]\n\
             [[at]]\ntime = \"3s\"\ncrash = \"owner\"\n{restart}"
        )
    };
    // What binds it goes with it, and comes again with it.
    let back = "[[at]]\ntime = \"7s\"\nrestart = \"owner\"\n\
                [[expect]]\nthat = \"rows(rows) == 5\"\n[[expect]]\nthat = \"unroutable(rabbitmq) == 2\"\n";
    holds(&text(back));
    holds(&text(
        "[[expect]]\nthat = \"rows(rows) == 1\"\n[[expect]]\nthat = \"unroutable(rabbitmq) == 6\"\n",
    ));
}

#[test]
fn it_outlives_no_node_however_durable() {
    let crash = "[[at]]\ntime = \"2.5s\"\ncrash = \"rabbitmq\"\n[[at]]\ntime = \"4s\"\nrestart = \"rabbitmq\"\n";
    let load = "burst = [[\"1s\", 3], [\"10s\", 2]]";
    let consume = [", prefetch = 1", ", prefetch = 1"];
    // One is done, one is being worked on, whose row comes all the same, and one
    // waits.
    let expected = ["lost == 1", "rows(owners) == 4", "rows(others) == 0"];
    holds(&world(
        "exclusive = true, durable = true",
        consume,
        load,
        &expected,
        crash,
    ));
    holds(&world("durable = true", consume, load, &["lost == 0"], crash));
}

#[test]
fn the_only_consumer_of_a_queue_leaves_what_is_in_it_to_the_next() {
    let consume = [", exclusive = true, prefetch = 1", ", exclusive = true, prefetch = 1"];
    let crash = "[[at]]\ntime = \"2.5s\"\ncrash = \"owner\"\n[[at]]\ntime = \"6s\"\nrestart = \"owner\"\n";
    let cases: [(&str, &[&str]); 2] = [
        ("", &["rows(owners) == 9", "rows(others) == 0", "consumers(a) == 1"]),
        (crash, &["rows(owners) == 1", "rows(others) == 8", "lost == 0"]),
    ];
    each_holds("", consume, &cases);
}

#[test]
fn who_wants_to_be_the_only_one_waits_for_the_others_to_go() {
    let crash = "[[at]]\ntime = \"8s\"\ncrash = \"owner\"\n";
    let stays: (&str, &[&str]) = ("", &["rows(owners) == 9", "rows(others) == 0"]);
    let goes: (&str, &[&str]) = (crash, &["rows(owners) == 3", "rows(others) == 6"]);
    each_holds("", ["", ", exclusive = true"], &[stays, goes]);
    each_holds("", [", exclusive = true", ""], &[stays]);
}

#[test]
fn a_node_that_comes_back_is_asked_at_once() {
    let crash = "[[at]]\ntime = \"8s\"\ncrash = \"rabbitmq\"\n[[at]]\ntime = \"11s\"\nrestart = \"rabbitmq\"\n";
    let expected = ["rows(owners) == 9", "row_at(owners, 4) == 13s", "rows(others) == 0"];
    let consume = [", exclusive = true", ", exclusive = true"];
    holds(&world("", consume, NINE, &expected, crash));
}

#[test]
fn who_asks_for_messages_may_own_a_queue() {
    let consume = [", every = \"1s\"", ", every = \"1s\""];
    let cases: [(&str, &[&str]); 2] = [
        ("", &["rows(owners) == 9", "rows(others) == 0"]),
        (CRASH, &["rows(owners) == 3", "rows(others) == 6"]),
    ];
    each_holds("exclusive = true", consume, &cases);
}

#[test]
fn some_things_do_not_go_together() {
    let said = |queue: &str, consume: &str, words: &[&str]| {
        assert_said(&world(queue, [consume, ""], "burst = 1", &[], ""), words);
    };
    said(
        "type = \"quorum\", exclusive = true",
        "",
        &["queue-type", "`exclusive`", "classic"],
    );
    said("type = \"quorum\"", ", exclusive = true", &["queue-type", "no effect"]);
    said("", ", exclusive = true, every = \"1s\"", &["polling", "`exclusive`"]);
    said("", ", exclusive = true, hold = \"1s\"", &["polling", "`exclusive`"]);
    let alone = "title = \"t\"\n[broker.rabbitmq]\nqueue.a = { exclusive = true }\nqueue.b = { exclusive = false }\n\
                 [load.shop]\nto = \"a\"\nburst = 1\n";
    assert_said(alone, &["queue-type", "`a`", "no service consumes it"]);
    assert_eq!(findings(alone).len(), 1, "{:#?}", findings(alone));
}
