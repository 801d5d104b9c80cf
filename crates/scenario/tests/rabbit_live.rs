//! What operators change while RabbitMQ runs (`rabbitmqctl set_policy`,
//! `clear_policy`, `set_vm_memory_high_watermark`; `queue.bind`, `queue.unbind`) has its
//! effects at once, with one node and in a cluster.

mod common;

use common::{assert_said_with_help, findings, holds, sets_and_expects};

/// A scenario about the queues `a` and `b`, whatever their type.
struct Case<'a> {
    kinds: &'static [&'static str],
    /// More of the node.
    broker: &'a str,
    /// More of the scenario.
    rest: &'static str,
    /// Instants with what is set then.
    sets: &'static [(&'static str, &'static str)],
    expects: &'static [&'static str],
}

const ANY: &[&str] = &["classic", "quorum"];

impl Case<'_> {
    fn holds(&self) {
        for kind in self.kinds {
            for nodes in ["nodes = 1", "nodes = 3\nlatency = \"1ms\""] {
                let broker = format!(
                    "{nodes}\nqueue.a = {{ type = \"{kind}\" }}\nqueue.b = {{ type = \"{kind}\" }}\n{}",
                    self.broker
                );
                holds(&text(&broker, self.rest, self.sets, self.expects));
            }
        }
    }
}

fn text(broker: &str, rest: &str, sets: &[(&str, &str)], expects: &[&str]) -> String {
    let changes = sets_and_expects("broker.rabbitmq.", sets, expects);
    format!(
        "title = \"Live\"\nuntil = \"40s\"\n[table.rows]\n[broker.rabbitmq]\nversion = \"4.2\"\n{broker}\n\
         [load.shop]\nto = \"a\"\nburst = [[\"1s\", 4], [\"10s\", 4]]\n{rest}\n{changes}"
    )
}

#[test]
fn a_lower_limit_takes_from_the_head_at_once() {
    let case = Case {
        kinds: ANY,
        broker: "policy.p = { pattern = \"^a$\", max_length = 100, dead_letter = \"b\" }",
        rest: "",
        sets: &[("5s", "policy.p.max_length = 1"), ("8s", "policy.p.max_length = 3")],
        expects: &[
            "ready(a) == 4 at 4.9s",
            "ready(a) == 1 at 5.1s",
            "ready(b) == 3 at 5.1s",
            "ready(a) == 3 at 11s",
            "ready(b) == 5",
        ],
    };
    case.holds();
}

/// `clear_policy`: what was limited is so no more, and a policy of a lower priority
/// applies that did not before.
#[test]
fn a_policy_comes_and_goes() {
    let case = Case {
        kinds: ANY,
        broker: "policy.p = { pattern = \"^a$\", priority = 1, max_length = 2 }\n\
                 policy.other = { pattern = \"a\", on = false, max_length = 1 }",
        rest: "",
        sets: &[
            ("5s", "policy.p.on = false"),
            ("15s", "policy.other.on = true"),
            ("20s", "policy.p.on = true"),
        ],
        expects: &[
            "ready(a) == 2 at 4.9s",
            "ready(a) == 6 at 11s",
            "ready(a) == 1 at 16s",
            "ready(a) == 1 at 21s",
        ],
    };
    case.holds();
}

#[test]
fn of_two_policies_the_one_of_the_higher_priority_applies_when_that_changes() {
    let case = Case {
        kinds: ANY,
        broker: "policy.p = { pattern = \"^a$\", max_length = 3 }\n\
                 policy.q = { pattern = \"^a$\", priority = 1, max_length = 9 }",
        rest: "",
        sets: &[("5s", "policy.p.priority = 2")],
        expects: &["ready(a) == 4 at 4.9s", "ready(a) == 3 at 5.1s"],
    };
    case.holds();
}

/// A message has its time from when it came.
#[test]
fn a_time_to_live_is_of_what_comes_from_then_on() {
    let case = Case {
        kinds: ANY,
        broker: "policy.p = { pattern = \"^a$\" }",
        rest: "[service.worker]\nconsume = { queue = \"a\", prefetch = 4 }\nworkers = 4\n\
               steps = [{ work = \"1m\" }, \"ack\"]",
        sets: &[("5s", "policy.p.message_ttl = \"2s\"")],
        expects: &[
            "unacked(a) == 4 at 4.9s",
            "ready(a) == 4 at 11.9s",
            "ttl_expired(a) == 4 at 12.1s",
            "ready(a) == 0 at 12.1s",
        ],
    };
    case.holds();
    let stays = Case {
        kinds: ANY,
        broker: "policy.p = { pattern = \"^a$\" }",
        rest: "",
        sets: &[("5s", "policy.p.message_ttl = \"2s\"")],
        // What is at the head has no time, and what is behind it waits for it.
        expects: &["ttl_expired(a) == 0", "ready(a) == 8"],
    };
    stays.holds();
}

#[test]
fn what_is_given_up_goes_where_the_policy_says_by_then() {
    let case = Case {
        kinds: ANY,
        broker: "queue.c = {}\nexchange.x = { type = \"fanout\" }\nbinding = [{ exchange = \"x\", queue = \"c\" }]\n\
                 policy.p = { pattern = \"^a$\", max_length = 2, dead_letter = \"b\" }",
        rest: "",
        sets: &[("5s", "policy.p.dead_letter = \"x\"")],
        expects: &[
            "ready(b) == 2",
            "ready(c) == 4",
            "ready(a) == 2",
            "dead_lettered(a) == 6",
        ],
    };
    case.holds();
}

/// Queues that no longer match lose what the policy gave, those that now match get it
/// at once; a message that waited before anything was for its queue still has its key.
#[test]
fn a_pattern_is_for_others_at_once() {
    let case = Case {
        kinds: ANY,
        broker: "policy.p = { pattern = \"^a$\", max_length = 2 }",
        rest: "[load.other]\nto = \"b\"\nburst = [[\"2s\", 5], [\"12s\", 5]]",
        sets: &[
            ("5s", "policy.p.pattern = \"^b$\""),
            ("20s", "policy.p.pattern = \"^[ab]$\""),
            ("25s", "policy.p.pattern = \"nothing\""),
        ],
        expects: &[
            "ready(a) == 2 at 4.9s",
            "ready(b) == 5 at 4.9s",
            "ready(b) == 2 at 5.1s",
            "ready(a) == 6 at 11s",
            "ready(b) == 2 at 13s",
            "ready(a) == 2 at 20.1s",
            "ready(a) == 2",
        ],
    };
    case.holds();
    let keeps_keys = Case {
        kinds: ANY,
        broker: "queue.c = {}\nexchange.x = {}\nbinding = [{ exchange = \"x\", queue = \"c\", key = \"a\" }]\n\
                 policy.p = { pattern = \"^b$\", max_length_bytes = \"25B\", dead_letter = \"x\" }",
        rest: "size = \"10B\"",
        sets: &[("5s", "policy.p.pattern = \"^a$\"")],
        expects: &[
            "ready(a) == 4 at 4.9s",
            "ready(a) == 2 at 5.1s",
            "ready(c) == 2 at 5.2s",
            "ready(c) == 6",
        ],
    };
    keeps_keys.holds();
}

#[test]
fn what_of_its_names_a_policy_is_for_can_change() {
    let case = Case {
        kinds: &["quorum"],
        broker: "policy.p = { pattern = \"\", apply_to = \"exchanges\", max_length = 2 }",
        rest: "",
        sets: &[
            ("5s", "policy.p.apply_to = \"classic_queues\""),
            ("8s", "policy.p.apply_to = \"queues\""),
            ("15s", "policy.p.apply_to = \"all\""),
        ],
        expects: &["ready(a) == 4 at 7.9s", "ready(a) == 2 at 8.1s", "ready(a) == 2"],
    };
    case.holds();
}

#[test]
fn dead_letters_have_the_key_that_the_policy_says_by_then() {
    let bound = "queue.c = {}\nexchange.x = {}\n\
                 binding = [{ exchange = \"x\", queue = \"b\", key = \"one\" }, { exchange = \"x\", queue = \"c\", key = \"two\" }]\n";
    let case = Case {
        kinds: ANY,
        broker: &format!(
            "{bound}policy.p = {{ pattern = \"^a$\", max_length = 2, dead_letter = \"x\", dead_letter_key = \"one\" }}"
        ),
        rest: "",
        sets: &[
            ("5s", "policy.p.dead_letter_key = \"two\""),
            ("15s", "policy.p.max_length = 1"),
            ("14s", "policy.p.dead_letter_key = \"nowhere\""),
        ],
        expects: &[
            "ready(b) == 2",
            "ready(c) == 4",
            "ready(a) == 1",
            "dead_lettered(a) == 6",
        ],
    };
    case.holds();
    // The key is looked up by itself: it is also for an exchange that the queue says.
    let own = "[load.other]\nto = \"d\"\nburst = [[\"1s\", 4], [\"10s\", 4]]";
    let apart = Case {
        kinds: ANY,
        broker: &format!(
            "{bound}queue.d = {{ max_length = 2, dead_letter = \"x\" }}\npolicy.p = {{ pattern = \"^d$\" }}"
        ),
        rest: own,
        sets: &[("5s", "policy.p.dead_letter_key = \"two\"")],
        expects: &["ready(b) == 0", "ready(c) == 4", "ready(d) == 2"],
    };
    apart.holds();
}

#[test]
fn what_a_full_queue_does_can_change() {
    // A quorum queue refuses when it has become too full.
    let both: [(&[&str], &[&str]); 2] = [
        (
            &["classic"],
            &["ready(a) == 4", "evicted(a) == 0", "refused(shop) == 4"],
        ),
        (&["quorum"], &["ready(a) == 5", "evicted(a) == 0", "refused(shop) == 3"]),
    ];
    for (kinds, expects) in both {
        let case = Case {
            kinds,
            broker: "policy.p = { pattern = \"^a$\", max_length = 4 }",
            rest: "confirms = true",
            sets: &[("5s", "policy.p.overflow = \"reject-publish\"")],
            expects,
        };
        case.holds();
    }
    let bytes = Case {
        kinds: ANY,
        broker: "policy.p = { pattern = \"^a$\" }",
        rest: "size = \"10B\"",
        sets: &[("5s", "policy.p.max_length_bytes = \"25B\"")],
        expects: &["ready(a) == 4 at 4.9s", "ready(a) == 2 at 5.1s", "ready(a) == 2"],
    };
    bytes.holds();
}

#[test]
fn a_delivery_limit_counts_what_has_come_back_before() {
    let case = Case {
        kinds: &["quorum"],
        broker: "policy.p = { pattern = \"^a$\", dead_letter = \"b\" }",
        rest: "[service.worker]\nconsume = { queue = \"a\", prefetch = 1 }\n\
               steps = [{ work = \"1s\" }, { fail = \"always\" }, \"ack\"]\non_failure = [\"nack\"]",
        sets: &[("3.5s", "policy.p.delivery_limit = 1")],
        expects: &[
            "started(a) == 3 at 3.5s",
            "dead_lettered(a) == 0 at 3.5s",
            "dead_lettered(a) == 8",
        ],
    };
    case.holds();
}

#[test]
fn what_no_queue_gets_goes_to_the_alternate_of_the_policy() {
    let case = Case {
        kinds: ANY,
        broker: "exchange.x = { type = \"direct\" }\nexchange.y = { type = \"fanout\" }\n\
                 binding = [{ exchange = \"y\", queue = \"b\" }]\n\
                 policy.p = { pattern = \"^x$\", apply_to = \"exchanges\" }",
        rest: "[load.other]\nto = \"x\"\nkeys = [\"nobody\"]\nburst = [[\"1s\", 4], [\"10s\", 4]]",
        sets: &[("5s", "policy.p.alternate = \"y\"")],
        expects: &["ready(b) == 0 at 4.9s", "ready(b) == 4"],
    };
    case.holds();
}

#[test]
fn a_binding_comes_and_goes() {
    let case = Case {
        kinds: ANY,
        broker: "exchange.x = { type = \"fanout\" }\n\
                 binding = [{ exchange = \"x\", queue = \"a\" }, { exchange = \"x\", queue = \"b\", bound = false }]",
        rest: "[load.other]\nto = \"x\"\nburst = [[\"1s\", 1], [\"10s\", 1], [\"20s\", 1]]",
        sets: &[("5s", "binding.1.bound = true"), ("15s", "binding.0.bound = false")],
        expects: &[
            "ready(b) == 0 at 4.9s",
            "ready(b) == 1 at 11s",
            "ready(b) == 2",
            "ready(a) == 10",
        ],
    };
    case.holds();
}

/// A node that died and came back has what was set last.
#[test]
fn what_was_set_survives_its_node() {
    let case = Case {
        kinds: ANY,
        broker: "policy.p = { pattern = \"^b$\", max_length = 100 }",
        rest: "[[at]]\ntime = \"6s\"\ncrash = \"rabbitmq\"\n[[at]]\ntime = \"7s\"\nrestart = \"rabbitmq\"",
        sets: &[("5s", "policy.p.max_length = 3"), ("5s", "policy.p.pattern = \"^a$\"")],
        expects: &["ready(a) == 3 at 5.1s", "ready(a) == 3"],
    };
    for (kind, node) in [("classic", "rabbitmq"), ("quorum", "rabbitmq")] {
        let broker = format!("queue.a = {{ type = \"{kind}\" }}\nqueue.b = {{}}\n{}", case.broker);
        let rest = case.rest.replace("rabbitmq", node);
        holds(&text(&broker, &rest, case.sets, case.expects));
    }
    let cluster = format!(
        "nodes = 3\nlatency = \"1ms\"\nqueue.a = {{ type = \"quorum\" }}\nqueue.b = {{}}\n{}",
        case.broker
    );
    let rest = "[[at]]\ntime = \"4s\"\ncrash = \"rabbitmq-1\"\n[[at]]\ntime = \"8s\"\nrestart = \"rabbitmq-1\"";
    let late = &["ready(a) == 3"];
    holds(&text(&cluster, rest, case.sets, late));
}

#[test]
fn what_cannot_change_says_why() {
    let said = |set: &str, words: &[&str]| {
        let broker = "queue.a = { max_length = 5 }\nqueue.b = {}\nexchange.x = {}\n\
                      policy.p = { pattern = \"a\", max_length = 7 }";
        assert_said_with_help(&text(broker, "", &[("5s", set)], &[]), words);
    };
    said(
        "queue.a.max_length = 3",
        &["bad-setting", "406", "policy.NAME.max_length"],
    );
    said("queue.a.durable = false", &["bad-setting", "406", "deletes it"]);
    said("queue.a.type = \"quorum\"", &["bad-setting", "406", "deletes it"]);
    said("exchange.x.type = \"fanout\"", &["bad-setting", "406", "deletes it"]);
    said(
        "exchange.x.alternate = \"x\"",
        &["bad-setting", "policy.NAME.alternate"],
    );
    said(
        "policy.p.pattern = \"(b\"",
        &["bad-value", "`broker.rabbitmq.policy.p.pattern`", "bracket"],
    );
    said("policy.p.pattern = \"(?=b)\"", &["bad-value", "looks around"]);
    said("policy.p.pattern = 7", &["wrong-type", "text in quotes"]);
    said("policy.p.apply_to = \"tables\"", &["bad-value", "classic_queues"]);
    said("policy.p.dead_letter_key = true", &["wrong-type", "text in quotes"]);
    said("version = \"3.13\"", &["bad-setting", "started with"]);
    said("policy.p.max_length = \"3\"", &["wrong-type", "whole number"]);
    said("policy.p.overflow = \"drop-tail\"", &["bad-value", "drop-head"]);
    said("policy.p.dead_letter = \"nobody\"", &["unknown-name", "nobody"]);
    said("policy.p.alternate = \"a\"", &["unknown-name", "exchange"]);
    said("policy.q.on = false", &["bad-setting", "policy.p.on"]);
    said("binding.0.bound = false", &["bad-setting"]);
    said("watermark = \"50%\"", &["bad-setting"]);
}

/// The text of a policy that is not set warns of nothing.
#[test]
fn a_policy_may_be_set_later() {
    let broker = "queue.a = { overflow = \"reject-publish\" }\nqueue.b = {}\n\
                  policy.p = { pattern = \"a\", on = false, max_length = 1 }";
    assert_eq!(findings(&text(broker, "", &[], &[])), Vec::<String>::new());
}
