//! The rules of a queue are the same at one node and in a cluster, wherever in it
//! the queues are.

mod common;

use common::holds;

/// What a queue is told to do with its messages, who uses it, and what comes of it.
#[derive(Clone, Copy)]
struct Case {
    version: &'static str,
    /// For which types of queues.
    kinds: &'static [&'static str],
    /// The arguments of the queue `a`, and of `b`, to which its dead letters go.
    queues: [&'static str; 2],
    /// Four messages come to `a` at 1 s; what more there is.
    rest: &'static str,
    expects: &'static [&'static str],
}

const ANY: &[&str] = &["classic", "quorum"];

impl Case {
    fn holds(&self) {
        for kind in self.kinds {
            for nodes in ["nodes = 1", "nodes = 3\nlatency = \"1ms\""] {
                holds(&self.text(kind, nodes));
            }
        }
    }

    fn text(&self, kind: &str, nodes: &str) -> String {
        let [a, b] = self.queues;
        let elsewhere = match nodes {
            "nodes = 1" => "",
            _ => ", node = \"rabbitmq-2\"",
        };
        let expect = |that: &&str| match that.split_once(" at ") {
            Some((that, at)) => format!("[[expect]]\nthat = \"{that}\"\nat = \"{at}\"\n"),
            None => format!("[[expect]]\nthat = \"{that}\"\n"),
        };
        let expects: String = self.expects.iter().map(expect).collect();
        let (rest, version) = (self.rest, self.version);
        format!(
            "title = \"Rules\"\nuntil = \"30s\"\n[table.rows]\n[table.others]\n\
             [broker.rabbitmq]\nversion = \"{version}\"\n{nodes}\n\
             queue.a = {{ type = \"{kind}\"{a} }}\nqueue.b = {{ type = \"{kind}\"{elsewhere}{b} }}\n\
             [load.shop]\nto = \"a\"\nburst = [[\"1s\", 4]]\n{rest}\n{expects}"
        )
    }
}

#[test]
fn a_message_waits_no_longer_than_its_queue_says() {
    let case = Case {
        version: "4.2",
        kinds: ANY,
        queues: [", message_ttl = \"10s\", dead_letter = \"b\"", ""],
        rest: "",
        expects: &[
            "ready(a) == 4 at 10.9s",
            "ready(b) == 4 at 11.2s",
            "dead_lettered(a) == 4",
            "lost == 0",
        ],
    };
    case.holds();
}

#[test]
fn nor_than_it_says_itself() {
    let case = Case {
        version: "4.2",
        kinds: ANY,
        queues: [", message_ttl = \"10s\"", ""],
        rest: "expiration = \"5s\"",
        expects: &["ready(a) == 4 at 5.9s", "ttl_expired(a) == 4 at 6.2s", "ready(a) == 0"],
    };
    case.holds();
}

/// What goes in a circle without any consumer ends: the story of a message goes with
/// it from queue to queue.
#[test]
fn a_circle_ends() {
    let case = Case {
        version: "4.2",
        kinds: ANY,
        queues: [
            ", message_ttl = \"2s\", dead_letter = \"b\"",
            ", message_ttl = \"3s\", dead_letter = \"a\"",
        ],
        rest: "",
        expects: &[
            "dead_lettered(a) == 4 at 3.2s",
            "ready(b) == 4 at 3.2s",
            "ttl_expired(b) == 4 at 6.2s",
            "ready(a) == 0",
        ],
    };
    case.holds();
}

#[test]
fn what_is_too_much_goes_from_the_head() {
    let case = Case {
        version: "4.2",
        kinds: ANY,
        queues: [", max_length = 1, dead_letter = \"b\"", ""],
        rest: "",
        expects: &["dead_lettered(a) == 3", "ready(a) == 1", "ready(b) == 3"],
    };
    case.holds();
}

#[test]
fn what_is_refused_may_be_a_dead_letter() {
    let case = Case {
        version: "4.2",
        kinds: &["classic"],
        queues: [
            ", max_length = 1, overflow = \"reject-publish-dlx\", dead_letter = \"b\"",
            "",
        ],
        rest: "confirms = true",
        expects: &["refused(shop) == 3", "ready(a) == 1", "ready(b) == 3"],
    };
    case.holds();
}

#[test]
fn what_a_consumer_rejects_is_a_dead_letter() {
    let case = Case {
        version: "4.2",
        kinds: ANY,
        queues: [", dead_letter = \"b\"", ""],
        rest: "[service.worker]\nconsume = { queue = \"a\", prefetch = 1 }\n\
               steps = [{ fail = \"always\" }, \"ack\"]\non_failure = [{ nack = { requeue = false } }]",
        expects: &["started(a) == 4", "dead_lettered(a) == 4", "ready(b) == 4"],
    };
    case.holds();
}

#[test]
fn what_comes_back_too_often_is_one() {
    let case = Case {
        version: "4.2",
        kinds: &["quorum"],
        queues: [", delivery_limit = 2, dead_letter = \"b\"", ""],
        rest: "[service.worker]\nconsume = { queue = \"a\", prefetch = 1 }\n\
               steps = [{ fail = \"always\" }, \"ack\"]\non_failure = [\"nack\"]",
        expects: &["started(a) == 12", "dead_lettered(a) == 4", "ready(b) == 4"],
    };
    case.holds();
}

#[test]
fn a_purge_deletes_what_waits() {
    let case = Case {
        version: "4.2",
        kinds: ANY,
        queues: ["", ""],
        rest: "[[at]]\ntime = \"5s\"\npurge = \"a\"",
        expects: &["ready(a) == 4 at 4.9s", "purged(a) == 4 at 5.2s", "ready(a) == 0"],
    };
    case.holds();
}

#[test]
fn who_asks_gets_one_at_a_time_and_hears_when_there_is_none() {
    let case = Case {
        version: "4.2",
        kinds: ANY,
        queues: ["", ""],
        rest: "[service.worker]\nconsume = { queue = \"a\", every = \"2s\" }\n\
               steps = [{ insert = \"rows\" }, \"ack\"]",
        expects: &[
            "rows(rows) == 4",
            "empty_answers(a) > 5",
            "ready(a) == 0",
            "unacked(a) == 0",
        ],
    };
    case.holds();
}

#[test]
fn who_waits_for_one_and_cancels_keeps_what_it_has() {
    let case = Case {
        version: "4.2",
        kinds: ANY,
        queues: ["", ""],
        rest: "[service.worker]\nconsume = { queue = \"a\", hold = \"5s\" }\n\
               steps = [{ work = \"1s\" }, { insert = \"rows\" }, \"ack\"]",
        expects: &[
            "rows(rows) == 4",
            "started(a) == 4",
            "empty_answers(a) > 2",
            "unacked(a) == 0",
        ],
    };
    case.holds();
}

#[test]
fn a_single_active_consumer_gets_everything() {
    let case = Case {
        version: "4.2",
        kinds: ANY,
        queues: [", single_active_consumer = true", ""],
        rest: "[service.first]\nconsume = { queue = \"a\", prefetch = 10 }\n\
               steps = [{ insert = \"rows\" }, \"ack\"]\n\
               [service.second]\nconsume = { queue = \"a\", prefetch = 10 }\n\
               steps = [{ insert = \"others\" }, \"ack\"]",
        expects: &["rows(rows) == 4", "rows(others) == 0"],
    };
    case.holds();
}

/// Whoever consumes it declares it again.
#[test]
fn a_queue_that_nobody_uses_expires() {
    let unused = Case {
        version: "4.2",
        kinds: &["classic"],
        queues: [", expires = \"5s\"", ""],
        rest: "",
        expects: &[
            "ready(a) == 4 at 4.9s",
            "ttl_expired(a) == 4 at 5.2s",
            "ready(a) == 0",
            "dead_lettered(a) == 0",
        ],
    };
    unused.holds();
    let used = Case {
        rest: "[service.worker]\nconsume = { queue = \"a\", prefetch = 1 }\n\
               steps = [{ work = \"1s\" }, { insert = \"rows\" }, \"ack\"]\n\
               [[at]]\ntime = \"2.5s\"\ncrash = \"worker\"\n[[at]]\ntime = \"15s\"\nrestart = \"worker\"\n\
               [[at]]\ntime = \"20s\"\npublish = { load = \"shop\" }",
        // Five seconds after the worker has gone, and what comes when it is back.
        expects: &[
            "ready(a) == 3 at 7.4s",
            "ready(a) == 0 at 7.7s",
            "ttl_expired(a) == 3 at 7.7s",
            "rows(rows) == 2",
        ],
        ..unused
    };
    used.holds();
    // A quorum queue looks every five seconds.
    let kinds = &["quorum"];
    let expects = &["ready(a) == 4 at 4.9s", "ttl_expired(a) == 4 at 10.2s", "ready(a) == 0"];
    Case {
        kinds,
        expects,
        ..unused
    }
    .holds();
    let expects = &[
        "ready(a) == 3 at 7.4s",
        "ttl_expired(a) == 3 at 12.7s",
        "rows(rows) == 2",
    ];
    Case { kinds, expects, ..used }.holds();
}

#[test]
fn a_queue_goes_with_its_last_consumer() {
    let case = Case {
        version: "4.2",
        kinds: &["classic"],
        queues: [", auto_delete = true", ""],
        rest: "[service.worker]\nconsume = { queue = \"a\", prefetch = 1 }\n\
               steps = [{ work = \"1s\" }, { insert = \"rows\" }, \"ack\"]\n\
               [[at]]\ntime = \"2.5s\"\ncrash = \"worker\"\n[[at]]\ntime = \"10s\"\nrestart = \"worker\"\n\
               [[at]]\ntime = \"5s\"\npublish = { load = \"shop\" }\n\
               [[at]]\ntime = \"20s\"\npublish = { load = \"shop\" }",
        // Three went with the queue, and the fourth found none.
        expects: &["ready(a) == 0 at 2.7s", "lost == 4", "rows(rows) == 2"],
    };
    case.holds();
}

/// Who has it to himself is asked by nobody else, and takes it with him.
#[test]
fn a_queue_may_belong_to_a_connection() {
    let case = Case {
        version: "4.2",
        kinds: &["classic"],
        queues: [", exclusive = true", ""],
        rest: "[service.owner]\nconsume = { queue = \"a\", prefetch = 1 }\n\
               steps = [{ work = \"1s\" }, { insert = \"rows\" }, \"ack\"]\n\
               [service.other]\nconsume = { queue = \"a\", prefetch = 1 }\n\
               steps = [{ work = \"1s\" }, { insert = \"others\" }, \"ack\"]\n\
               [[at]]\ntime = \"2.5s\"\ncrash = \"owner\"\n\
               [[at]]\ntime = \"20s\"\npublish = { load = \"shop\" }",
        expects: &[
            "consumers(a) == 1 at 2s",
            "ready(a) == 0 at 2.7s",
            "rows(rows) == 1",
            "lost == 3",
            "rows(others) == 1",
            "consumers(a) == 1",
        ],
    };
    case.holds();
}

#[test]
fn a_consumer_may_be_the_only_one() {
    let case = Case {
        version: "4.2",
        kinds: &["classic"],
        queues: ["", ""],
        rest: "[service.first]\nconsume = { queue = \"a\", prefetch = 1, exclusive = true }\n\
               steps = [{ work = \"1s\" }, { insert = \"rows\" }, \"ack\"]\n\
               [service.second]\nconsume = { queue = \"a\", prefetch = 1 }\n\
               steps = [{ work = \"1s\" }, { insert = \"others\" }, \"ack\"]\n\
               [[at]]\ntime = \"2.5s\"\ncrash = \"first\"",
        // What it had not settled and what waited goes to the other one.
        expects: &[
            "consumers(a) == 1 at 2s",
            "rows(rows) == 1",
            "rows(others) == 3",
            "lost == 0",
        ],
    };
    case.holds();
}

/// The exchange keeps a message back for as long as that says.
#[test]
fn an_exchange_may_keep_messages_back() {
    let case = Case {
        version: "4.2",
        kinds: ANY,
        queues: ["", ""],
        rest: "[broker.rabbitmq.exchange.later]\ntype = \"fanout\"\ndelayed = true\n\
               [[broker.rabbitmq.binding]]\nexchange = \"later\"\nqueue = \"b\"\n\
               [load.alarm]\nto = \"later\"\nburst = [[\"1s\", 2]]\ndelay = \"5s\"",
        expects: &["ready(b) == 0 at 5.9s", "ready(b) == 2 at 6.2s"],
    };
    case.holds();
}

/// Each member looks for itself what it has; the alarm of one stops all publishers, also
/// those of the others.
#[test]
fn the_memory_alarm_of_a_node_stops_all_publishers() {
    let case = Case {
        version: "4.2",
        kinds: ANY,
        queues: ["", ""],
        rest: "size = \"100B\"\n\
               [broker.rabbitmq.policy.x]\npattern = \"nobody\"\n\
               [load.other]\nto = \"b\"\nburst = [[\"3s\", 2]]\n\
               [[at]]\ntime = \"8s\"\npurge = \"a\"",
        // It looks every 2.5 s.
        expects: &[
            "ready(a) == 4 at 2.6s",
            "ready(b) == 0 at 9.9s",
            "ready(b) == 2 at 10.2s",
        ],
    };
    let memory = |text: String| text.replace("[broker.rabbitmq]\n", "[broker.rabbitmq]\nmemory = \"500B\"\n");
    for kind in case.kinds {
        for nodes in ["nodes = 1", "nodes = 3\nlatency = \"1ms\""] {
            holds(&memory(case.text(kind, nodes)));
        }
    }
}

#[test]
fn what_comes_back_may_have_to_wait() {
    let case = Case {
        version: "4.3",
        kinds: &["quorum"],
        queues: [", delayed_retry = { min = \"5s\" }", ""],
        rest: "[service.worker]\nconsume = { queue = \"a\", prefetch = 4 }\n\
               steps = [{ fail = \"first 4\" }, { insert = \"rows\" }, \"ack\"]\n\
               on_failure = [{ nack = { requeue = true } }]",
        expects: &[
            "started(a) == 4 at 5.9s",
            "rows(rows) == 0 at 5.9s",
            "rows(rows) == 4 at 6.2s",
        ],
    };
    case.holds();
}

/// A queue is one process: it is busy with each message that it hands out, however many
/// consumers there are.
#[test]
fn a_queue_hands_out_one_message_after_the_other() {
    let case = Case {
        version: "4.2",
        kinds: ANY,
        queues: [", dequeue = \"2s\"", ""],
        rest: "[service.worker]\nconsume = { queue = \"a\", prefetch = 10 }\nworkers = 10\n\
               steps = [{ work = \"10ms\" }, \"ack\"]",
        expects: &[
            "started(a) == 1 at 2.9s",
            "started(a) == 2 at 3.1s",
            "started(a) == 3 at 5.1s",
            "started(a) == 3 at 6.9s",
            "started(a) == 4 at 7.1s",
            "settled(a) == 4",
        ],
    };
    case.holds();
}

/// Whoever has been told that a quorum queue is full waits until it is down to four
/// fifths; who publishes to it for the first time is told how things stand.
#[test]
fn a_full_quorum_queue_tells_each_channel_by_itself() {
    let case = Case {
        version: "4.2",
        kinds: &["quorum"],
        queues: [", max_length = 5, overflow = \"reject-publish\"", ""],
        // One message is at the worker, who is done with it at 12 s.
        rest: "[load.old]\nto = \"a\"\nburst = [[\"2s\", 4], [\"14s\", 1]]\n\
               [load.new]\nto = \"a\"\nburst = [[\"13s\", 2]]\n\
               [service.worker]\nconsume = { queue = \"a\", prefetch = 1 }\nsteps = [{ work = \"11s\" }, \"ack\"]",
        expects: &[
            "refused(old) == 1 at 11s",
            "ready(a) == 6 at 11s",
            "ready(a) == 5 at 12.9s",
            "ready(a) == 6 at 13.5s",
            "refused(new) == 1",
            "refused(old) == 2",
        ],
    };
    case.holds();
}

/// A channel that is opened anew is a new one.
#[test]
fn who_connects_anew_is_told_how_full_it_is() {
    let case = Case {
        version: "4.2",
        kinds: &["quorum"],
        queues: [", max_length = 5, overflow = \"reject-publish\"", ""],
        rest: "[load.old]\nto = \"a\"\nburst = [[\"2s\", 4], [\"20s\", 1]]\n\
               [service.worker]\nconsume = { queue = \"a\", prefetch = 1 }\nsteps = [{ work = \"11s\" }, \"ack\"]\n\
               [[at]]\ntime = \"14s\"\ncrash = \"old\"\n[[at]]\ntime = \"15s\"\nrestart = \"old\"",
        expects: &["refused(old) == 1", "ready(a) == 6 at 21s"],
    };
    case.holds();
}

/// What is dead-lettered comes from no channel that could be told.
#[test]
fn a_quorum_queue_takes_dead_letters_however_full_it_is() {
    let case = Case {
        version: "4.2",
        kinds: &["quorum"],
        queues: [
            ", message_ttl = \"1s\", dead_letter = \"b\"",
            ", max_length = 1, overflow = \"reject-publish\"",
        ],
        rest: "",
        expects: &["ready(b) == 4", "dead_lettered(a) == 4", "lost == 0"],
    };
    case.holds();
}

/// A message waits when both have no room: who has it again first, is first.
#[test]
fn who_was_full_is_the_last() {
    let case = Case {
        version: "4.2",
        kinds: ANY,
        queues: ["", ""],
        // Three of four go to `fast`, who is done with them at 4 s; `slow` is at 6 s.
        rest: "[load.late]\nto = \"a\"\nburst = [[\"10s\", 1]]\n\
               [service.slow]\nconsume = { queue = \"a\", prefetch = 1 }\nsteps = [{ work = \"5s\" }, \"ack\"]\n\
               [service.fast]\nconsume = { queue = \"a\", prefetch = 1 }\nsteps = [{ work = \"1s\" }, \"ack\"]",
        expects: &["runs(fast) == 4", "runs(slow) == 1"],
    };
    case.holds();
}

/// Until 3.13 a window grows with what is put back once too often.
#[test]
fn a_window_grew_with_what_came_back_too_often() {
    let case = |version, expects| Case {
        version,
        kinds: &["quorum"],
        queues: [", delivery_limit = 1", ""],
        // The worker fails four times, and keeps what it gets then for a long time.
        rest: "[service.worker]\nconsume = { queue = \"a\", prefetch = 1 }\nworkers = 9\n\
               steps = [{ work = \"1s\" }, { fail = \"first 4\" }, { work = \"1m\" }, \"ack\"]\non_failure = [\"nack\"]",
        expects,
    };
    case("3.13", &["unacked(a) == 2", "ready(a) == 1"]).holds();
    case("4.2", &["unacked(a) == 1", "ready(a) == 1"]).holds();
}
