//! Queues that end, fill up, wait or take their time, exchanges that keep back, and
//! a node that watches its memory.

mod common;

use common::{assert_said, holds};

/// A node with these definitions, a load, a consumer of the queue `a` with these
/// steps, and more.
fn world(broker: &str, load: &str, steps: &str, expectations: &[&str], more: &str) -> String {
    let expect = |that: &&str| format!("[[expect]]\nthat = \"{that}\"\n");
    let expectations: String = expectations.iter().map(expect).collect();
    format!(
        "title = \"Queues\"\nuntil = \"60s\"\n[table.rows]\n[load.shop]\n{load}\n\
         [service.worker]\nconsume = {{ queue = \"a\" }}\nsteps = [{steps}]\n\
         [broker.rabbitmq]\n{broker}\n{expectations}\n{more}"
    )
}

const INSERT: &str = "{ insert = \"rows\" }, \"ack\"";
const FOUR_TO_A: &str = "to = \"a\"\nburst = 4";
const FOUR_TO_B: &str = "to = \"b\"\nburst = 4";

#[test]
fn a_queue_that_nobody_uses_goes_with_what_is_in_it() {
    let broker = "queue.a = {}\nqueue.b = { expires = \"5s\" }";
    let load = "to = \"b\"\nburst = [[\"1s\", 4], [\"10s\", 3]]";
    // What is published later finds no queue. Publishing is no use of it.
    let expected = ["ttl_expired(b) == 4", "unroutable(rabbitmq) == 3", "ready(b) == 0"];
    holds(&world(broker, load, INSERT, &expected, ""));
    // One that is consumed stays.
    let consumed = "queue.a = { expires = \"5s\" }";
    let load = "to = \"a\"\nburst = [[\"1s\", 4], [\"10s\", 3]]";
    holds(&world(consumed, load, INSERT, &["rows(rows) == 7"], ""));
}

#[test]
fn a_queue_that_goes_with_its_last_consumer_comes_back_with_the_next() {
    let broker = "queue.a = { auto_delete = true }";
    let load = "to = \"a\"\nburst = [[\"1s\", 4], [\"7s\", 3], [\"12s\", 2]]";
    let crash = "[[at]]\ntime = \"5s\"\ncrash = \"worker\"\n[[at]]\ntime = \"10s\"\nrestart = \"worker\"\n";
    let expected = ["rows(rows) == 6", "unroutable(rabbitmq) == 3", "lost == 3"];
    holds(&world(broker, load, INSERT, &expected, crash));
}

#[test]
fn what_waits_in_a_queue_that_goes_is_gone() {
    let broker = "queue.a = { auto_delete = true }";
    let load = "to = \"a\"\nburst = [[\"1s\", 4]]";
    let crash = "[[at]]\ntime = \"1.5s\"\ncrash = \"worker\"\n";
    // One is being worked on, and comes back when the worker dies.
    let expected = ["rows(rows) == 0", "ready(a) == 0", "unacked(a) == 0"];
    let steps = "{ work = \"1s\" }, { insert = \"rows\" }, \"ack\"";
    holds(&world(broker, load, steps, &expected, crash));
}

#[test]
fn what_was_handed_out_by_a_queue_that_is_gone_is_not_of_the_new_one() {
    // The queue goes while one message of it is still being worked on; then it is
    // declared again, and only after that the message is acknowledged.
    let text = |acks: &str, expected: &[&str]| {
        let expect = |that: &&str| format!("[[expect]]\nthat = \"{that}\"\n");
        let expected: String = expected.iter().map(expect).collect();
        format!(
            "title = \"Again\"\nuntil = \"60s\"\n[broker.rabbitmq]\nqueue.a = {{ expires = \"2s\" }}\n\
             [load.shop]\nto = \"a\"\nburst = [[\"1s\", 1], [\"15s\", 3]]\n[table.slow]\n[table.quick]\n\
             [service.holder]\nconsume = {{ queue = \"a\", hold = \"1m\" }}\n\
             steps = [{{ work = \"20s\" }}, {{ insert = \"slow\" }}, {acks}]\n\
             [service.asker]\nconsume = {{ queue = \"a\", every = \"1s\" }}\n\
             steps = [{{ insert = \"quick\" }}, \"ack\"]\n\
             [[at]]\ntime = \"11s\"\nrestart = \"asker\"\n[[at]]\ntime = \"0.5s\"\ncrash = \"asker\"\n{expected}"
        )
    };
    let expected = ["unacked(a) == 0", "rows(slow) == 1", "rows(quick) == 3"];
    holds(&text("\"ack\"", &expected));
    // It cannot come back to a queue that it is not of.
    holds(&text("{ nack = { requeue = true } }", &expected));
}

#[test]
fn a_queue_is_full_by_bytes() {
    let sized = "to = \"b\"\nburst = 4\nsize = \"10B\"";
    let broker = |more: &str| format!("queue.a = {{}}\nqueue.b = {{ max_length_bytes = \"25B\"{more} }}");
    let expected = ["evicted(b) == 2", "ready(b) == 2"];
    holds(&world(&broker(""), sized, INSERT, &expected, ""));
    let expected = ["refused(shop) == 2", "ready(b) == 2"];
    holds(&world(
        &broker(", overflow = \"reject-publish\""),
        sized,
        INSERT,
        &expected,
        "",
    ));
    // What is refused goes where dead letters go all the same.
    let letters = ", overflow = \"reject-publish-dlx\", dead_letter = \"a\"";
    let expected = ["refused(shop) == 2", "rows(rows) == 2"];
    holds(&world(&broker(letters), sized, INSERT, &expected, ""));
}

#[test]
fn what_comes_back_to_a_quorum_queue_may_have_to_wait() {
    let queue = |retry: &str| format!("queue.a = {{ type = \"quorum\", delayed_retry = {retry} }}");
    // A nack with `requeue` is what a consumer puts back; it fails the first time.
    let steps = "{ fail = \"first 2\" }, { insert = \"rows\" }, \"ack\"";
    let load = "to = \"a\"\nburst = [[\"1s\", 1]]";
    let at = |retry: &str, when: &str| {
        let text = world(&queue(retry), load, steps, &[&format!("row_at(rows) == {when}")], "");
        let put_back = "on_failure = [{ nack = { requeue = true } }]\n[broker.rabbitmq]";
        holds(&text.replace("[broker.rabbitmq]", put_back));
    };
    at("{ min = \"3s\" }", "7s");
    at("{ type = \"returned\", min = \"3s\" }", "7s");
    at("{ type = \"failed\", min = \"3s\" }", "1s");
    let classic = "queue.a = { delayed_retry = { min = \"3s\" } }";
    assert_said(&world(classic, load, INSERT, &[], ""), &["queue-type", "quorum"]);
    let old = "version = \"4.2\"\nqueue.a = { type = \"quorum\", delayed_retry = { min = \"3s\" } }";
    assert_said(&world(old, load, INSERT, &[], ""), &["queue-type", "4.3"]);
}

#[test]
fn a_queue_takes_its_time_with_each() {
    let broker = "queue.a = { dequeue = \"2s\" }";
    let expected = ["row_at(rows, 1) == 0s", "row_at(rows, 4) == 6s"];
    holds(&world(broker, FOUR_TO_A, INSERT, &expected, ""));
}

const LATER: &str = "queue.a = {}\nexchange.x = { type = \"fanout\", delayed = true }\n\
                     binding = [{ exchange = \"x\", queue = \"a\" }]";

#[test]
fn what_an_exchange_keeps_back_survives_the_node() {
    let load = "to = \"x\"\nburst = 4\ndelay = \"10s\"";
    let crash = "[[at]]\ntime = \"5s\"\ncrash = \"rabbitmq\"\n[[at]]\ntime = \"6s\"\nrestart = \"rabbitmq\"\n";
    let expected = ["row_at(rows, 4) == 10s", "rows(rows) == 4", "lost == 0"];
    holds(&world(LATER, load, INSERT, &expected, crash));
}

#[test]
fn what_is_kept_back_does_not_fill_a_queue() {
    let broker = LATER.replace("queue.a = {}", "queue.a = { max_length = 1 }");
    let load = "to = \"x\"\nburst = [[\"0s\", 1], [\"1s\", 1], [\"2s\", 1]]\ndelay = \"10s\"";
    holds(&world(
        &broker,
        load,
        INSERT,
        &["rows(rows) == 3", "evicted(a) == 0"],
        "",
    ));
}

#[test]
fn what_is_kept_back_is_on_the_disk_where_it_ends_up() {
    let broker = format!("{LATER}\ndisk = {{ write = \"1ms\", sync = \"5ms\" }}\nconfirm = \"synced\"");
    let load = "to = \"x\"\nburst = 4\ndelay = \"uniform(1ms, 20ms)\"";
    let expected = ["confirmed(shop) == 4", "rows(rows) == 4", "unsynced(rabbitmq) == 0"];
    holds(&world(&broker, load, INSERT, &expected, ""));
}

#[test]
fn a_delay_wants_an_exchange_that_keeps_back() {
    let load = "to = \"a\"\nburst = 4\ndelay = \"10s\"";
    assert_said(&world("queue.a = {}", load, INSERT, &[], ""), &["delay", "no effect"]);
    let quorum = "queue.a = {}\nqueue.b = { type = \"quorum\", max_length = 1, overflow = \"reject-publish-dlx\" }";
    assert_said(&world(quorum, FOUR_TO_B, INSERT, &[], ""), &["queue-type", "classic"]);
}

#[test]
fn a_watermark_wants_a_memory() {
    let broker = "queue.a = {}\nwatermark = \"50%\"";
    assert_said(&world(broker, FOUR_TO_A, INSERT, &[], ""), &["memory", "no effect"]);
}

#[test]
fn a_node_that_dies_of_nothing_forgets_its_alarm() {
    let broker = "version = \"3.10\"\nmemory = \"100B\"\nqueue.a = {}\nqueue.b = {}";
    let load = "to = \"b\"\nburst = [[\"0s\", 10], [\"10s\", 1]]\nsize = \"10B\"\npersistent = false";
    // 100 bytes of 40: the alarm is on from 2.5 s; transient messages die with the node.
    let crash = "[[at]]\ntime = \"5s\"\ncrash = \"rabbitmq\"\n[[at]]\ntime = \"6s\"\nrestart = \"rabbitmq\"\n";
    holds(&world(
        broker,
        load,
        INSERT,
        &["ready(b) == 1", "blocked(rabbitmq) == 0"],
        crash,
    ));
    holds(&world(
        broker,
        load,
        INSERT,
        &["ready(b) == 10", "unread(rabbitmq) == 1"],
        "",
    ));
}
