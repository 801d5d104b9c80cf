//! Policies of a RabbitMQ node: arguments by the pattern of a name.

mod common;

use common::{assert_said, findings};
use mqlab_brokers::rabbitmq::{Config, DeliveryLimit, Overflow, QueueArguments, QueueKind};
use mqlab_engine::plan::{BrokerPlan, NodeKind};
use mqlab_kernel::SimSpan;
use mqlab_scenario::parse;

fn text(broker: &str) -> String {
    format!("title = \"t\"\nuntil = \"60s\"\n[broker.rabbitmq]\n{broker}\n[load.shop]\nto = \"a\"\nburst = 1\n")
}

/// The node's definitions; nothing may be wrong with them.
fn node(broker: &str) -> Config {
    let (scenario, found) = parse(&text(broker));
    assert!(found.is_empty(), "{found:#?}");
    let scenario = scenario.expect("nothing is wrong");
    let mut nodes = scenario.variants[0].plan.nodes.iter();
    let config = nodes.find_map(|node| match &node.kind {
        NodeKind::Broker(BrokerPlan::Rabbit(config)) => Some(config.clone()),
        _ => None,
    });
    config.expect("there is a node")
}

fn arguments(config: &Config, queue: &str) -> QueueArguments {
    let id = config.queue(queue).expect("it is declared");
    let arguments = config.queues[usize::from(id.0)].arguments.clone();
    arguments.map(|arguments| *arguments).unwrap_or_default()
}

#[test]
fn the_policy_of_the_highest_priority_applies_and_no_other() {
    let config = node(
        "queue.a = {}\nqueue.\"tmp.b\" = {}\npolicy.short = { pattern = \"^tmp\", max_length = 5 }\n\
         policy.other = { pattern = \"b$\", priority = 1, message_ttl = \"3s\" }",
    );
    assert_eq!(arguments(&config, "a"), QueueArguments::default());
    let both = arguments(&config, "tmp.b");
    assert_eq!((both.message_ttl, both.max_length), (Some(SimSpan::from_secs(3)), None));
    // Among those of one priority, the first by name.
    let config = node(
        "queue.a = {}\npolicy.y = { pattern = \"a\", max_length = 5 }\npolicy.x = { pattern = \"a\", max_length = 7 }",
    );
    assert_eq!(arguments(&config, "a").max_length, Some(7));
}

#[test]
fn the_lower_limit_counts_and_else_the_queues_own_word() {
    let policy = "policy.p = { pattern = \"\", max_length = 5, max_length_bytes = \"9B\", message_ttl = \"9s\", \
                  expires = \"9s\", overflow = \"reject-publish\", dead_letter = \"dead\", delivery_limit = 3 }\n\
                  exchange.dead = { type = \"fanout\" }\nexchange.own = { type = \"fanout\" }\n";
    let own = "queue.a = { max_length = 7, message_ttl = \"3s\", overflow = \"drop-head\", dead_letter = \"own\" }\n\
               queue.q = { type = \"quorum\", delivery_limit = 8 }";
    let config = node(&format!("{policy}{own}"));
    let a = arguments(&config, "a");
    assert_eq!(
        (a.max_length, a.max_length_bytes, a.overflow),
        (Some(5), Some(9), Overflow::DropHead)
    );
    assert_eq!(
        (a.message_ttl, a.expires),
        (Some(SimSpan::from_secs(3)), Some(SimSpan::from_secs(9)))
    );
    assert_eq!(a.dead_letter.map(|target| target.exchange).as_deref(), Some("own"));
    assert_eq!(a.delivery_limit, DeliveryLimit::OfVersion, "a classic queue has none");
    let q = arguments(&config, "q");
    assert_eq!((q.kind, q.delivery_limit), (QueueKind::Quorum, DeliveryLimit::At(3)));
    assert_eq!(q.overflow, Overflow::RejectPublish);
    assert_eq!(q.dead_letter.map(|target| target.exchange).as_deref(), Some("dead"));
}

#[test]
fn it_may_be_for_some_kinds_only() {
    let broker = |apply_to: &str| {
        format!(
            "queue.a = {{}}\nqueue.q = {{ type = \"quorum\" }}\nexchange.x = {{ type = \"fanout\" }}\n\
             exchange.others = {{ type = \"fanout\" }}\n\
             policy.p = {{ pattern = \"^[aqx]$\", apply_to = \"{apply_to}\", max_length = 5, alternate = \"others\" }}"
        )
    };
    let seen = |apply_to: &str| {
        let config = node(&broker(apply_to));
        let x = config.exchange("x").expect("it is declared");
        let alternate = config.exchanges[usize::from(x.0)].alternate.is_some();
        ["a", "q"]
            .map(|queue| arguments(&config, queue).max_length.is_some())
            .into_iter()
            .chain([alternate])
            .collect::<Vec<bool>>()
    };
    assert_eq!(seen("all"), [true, true, true]);
    assert_eq!(seen("queues"), [true, true, false]);
    assert_eq!(seen("classic_queues"), [true, false, false]);
    assert_eq!(seen("quorum_queues"), [false, true, false]);
    assert_eq!(seen("exchanges"), [false, false, true]);
}

#[test]
fn what_a_policy_says_happens() {
    let world = "[table.rows]\n[service.worker]\nconsume = { queue = \"dead\" }\nsteps = [{ insert = \"rows\" }, \"ack\"]\n\
                 [[expect]]\nthat = \"rows(rows) == 2\"\n[[expect]]\nthat = \"ready(a) == 1\"\n";
    let broker =
        "queue.a = {}\nqueue.dead = {}\npolicy.p = { pattern = \"^a$\", max_length = 1, dead_letter = \"dead\" }";
    common::holds(&format!("{}{world}", text(broker).replace("burst = 1", "burst = 3")));
}

#[test]
fn what_is_wrong_with_a_policy_is_said() {
    let said = |broker: &str, words: &[&str]| assert_said(&text(&format!("queue.a = {{}}\n{broker}")), words);
    said("policy.p = { max_length = 1 }", &["missing-key", "pattern"]);
    said("policy.p = { pattern = \"(?=a)\" }", &["bad-value", "(?=a)"]);
    said(
        "policy.p = { pattern = \"^b\", max_length = 1 }",
        &["no-effect", "nothing"],
    );
    said(
        "policy.p = { pattern = \"a\", dead_letter = \"nobody\" }",
        &["unknown-name", "nobody"],
    );
    let mirrored = "title = \"t\"\n[broker.rabbitmq]\nnodes = 3\nversion = \"3.13\"\nqueue.a = { mirrors = 1 }\nqueue.b = {}\n\
                    policy.p = { pattern = \"a\", dead_letter = \"b\" }\n[load.shop]\nto = \"a\"\nburst = 1\n";
    assert_eq!(
        findings(mirrored),
        Vec::<String>::new(),
        "its mirrors know where it goes"
    );
    // A limit by policy is a limit: what to do when it is reached has an effect.
    let limited = text("queue.a = { overflow = \"reject-publish\" }\npolicy.p = { pattern = \"a\", max_length = 1 }");
    assert_eq!(findings(&limited), Vec::<String>::new());
}
