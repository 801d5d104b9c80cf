//! Kafka clusters in the scenario language: what is read, and what is said of
//! that which does not fit.

mod common;

use common::{assert_said, findings, holds};
use mqlab_brokers::kafka::{Acks, Assignor, Config, LagRule, OffsetReset, Partitioner};
use mqlab_engine::plan::{BrokerPlan, NodeKind, Plan, PublisherPlan, Subscription};
use mqlab_kernel::SimSpan;
use mqlab_scenario::parse;

/// A cluster of three with these definitions, a load and a consumer.
fn world(broker: &str, load: &str, consume: &str, steps: &str) -> String {
    format!(
        "title = \"Kafka\"\nuntil = \"60s\"\n[table.rows]\n[load.shop]\nto = \"orders\"\nburst = 4\n{load}\n\
         [service.worker]\nconsume = {{ topic = \"orders\", group = \"billing\"{consume} }}\nsteps = [{steps}]\n\
         [broker.kafka]\n{broker}\n"
    )
}

const ORDERS: &str = "topic.orders = {}";

fn plan(text: &str) -> Plan {
    let (scenario, found) = parse(text);
    let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
    assert!(found.is_empty(), "{found:#?}");
    scenario.variants[0].plan.clone()
}

fn config(plan: &Plan) -> &Config {
    let found = plan.nodes.iter().find_map(|node| match &node.kind {
        NodeKind::Broker(BrokerPlan::Kafka(config)) => Some(config),
        _ => None,
    });
    found.expect("there is a cluster")
}

#[test]
fn topics_have_the_settings_that_they_are_given() {
    let topic = "brokers = 5\nreplica_lag_time = \"10s\"\n[broker.kafka.topic.orders]\npartitions = 4\n\
                 replication_factor = 3\nmin_insync_replicas = 2\ncleanup_policy = \"compact,delete\"\n\
                 retention = \"1h\"\nretention_bytes = \"1MiB\"\nsegment_bytes = \"64KiB\"\nsegment = \"5m\"\n\
                 min_cleanable_dirty_ratio = \"25%\"\nmax_compaction_lag = \"30m\"\nunclean_leader_election = true";
    let plan = plan(&world(topic, "", "", ""));
    let config = config(&plan);
    let topic = &config.topics[0];
    assert_eq!((config.brokers, topic.partitions, topic.replicas), (5, 4, 3));
    assert_eq!((topic.rules.min_insync, topic.is_unclean), (2, true));
    assert_eq!(topic.rules.lag, LagRule::Time(SimSpan::from_secs(10)));
    assert_eq!(
        (topic.log.roll.bytes, topic.log.roll.time),
        (64 << 10, SimSpan::from_secs(300))
    );
    let retention = topic.log.retention;
    assert_eq!((retention.deletes, retention.bytes), (true, Some(1 << 20)));
    assert_eq!(retention.time, Some(SimSpan::from_secs(3_600)));
    let compaction = topic.log.compaction;
    assert!(compaction.compacts);
    assert_eq!(compaction.dirty_ratio_min.to_bits(), 0.25f64.to_bits());
    assert_eq!(compaction.lag_max, Some(SimSpan::from_secs(1_800)));
}

#[test]
fn what_is_not_given_is_kafkas_default() {
    let plan = plan(&world(ORDERS, "", "", ""));
    let config = config(&plan);
    assert_eq!(
        *config,
        Config {
            topics: config.topics.clone(),
            groups: config.groups.clone(),
            ..Config::default()
        }
    );
    assert_eq!(config.topics[0], mqlab_brokers::kafka::Topic::new("orders", 1, 1));
    let producers: Vec<&PublisherPlan> = plan
        .nodes
        .iter()
        .filter_map(|node| match &node.kind {
            NodeKind::Load(load) => Some(&load.producer),
            _ => None,
        })
        .collect();
    assert_eq!(producers, [&PublisherPlan::Kafka(Default::default())]);
}

#[test]
fn a_cluster_is_nodes_that_can_be_named() {
    let text = world(ORDERS, "", "", "") + "[[at]]\ntime = \"1s\"\ncrash = \"kafka-3\"\n";
    let names: Vec<String> = plan(&text).nodes.into_iter().map(|node| node.name).collect();
    let cluster = names
        .iter()
        .position(|name| name == "kafka")
        .expect("it has its own name");
    assert_eq!(names[cluster + 1..cluster + 4], ["kafka-1", "kafka-2", "kafka-3"]);
    let fourth = world(ORDERS, "", "", "") + "[[at]]\ntime = \"1s\"\ncrash = \"kafka-4\"\n";
    assert_said(&fourth, &["unknown-name", "kafka-4"]);
}

#[test]
fn a_producer_has_the_settings_that_it_is_given() {
    let producer = "producer = { acks = \"1\", linger = \"0s\", batch_size = \"1KiB\", retries = 3, max_in_flight = 1, \
                    partitioner = \"roundrobin\" }";
    let plan = plan(&world(ORDERS, producer, "", ""));
    let found = plan.nodes.iter().find_map(|node| match &node.kind {
        NodeKind::Load(load) => Some(load.producer),
        _ => None,
    });
    let Some(PublisherPlan::Kafka(settings)) = found else {
        panic!("{found:?}");
    };
    assert_eq!(
        (settings.acks, settings.retries, settings.in_flight_max),
        (Acks::Leader, 3, 1)
    );
    assert_eq!((settings.linger, settings.batch_size), (SimSpan::ZERO, 1 << 10));
    assert_eq!(settings.partitioner, Partitioner::RoundRobin);
    assert!(!settings.is_idempotent, "acks = 1 forbids it");
}

#[test]
fn a_consumer_has_the_settings_that_it_is_given() {
    let consume = ", assignor = \"sticky\", auto_commit_interval = \"1s\", offset_reset = \"earliest\", \
                   session_timeout = \"10s\", max_poll_records = 7, fetch_min = \"1KiB\", static_member = true";
    let plan = plan(&world(ORDERS, "", consume, ""));
    let found = plan.nodes.iter().find_map(|node| match &node.kind {
        NodeKind::Service(service) => service.consume.as_ref(),
        _ => None,
    });
    let Some(Subscription::Kafka(subscription)) = found.map(|consume| &consume.subscription) else {
        panic!("{found:?}");
    };
    let settings = subscription.settings;
    assert_eq!(
        (settings.assignor, settings.reset),
        (Assignor::Sticky, OffsetReset::Earliest)
    );
    assert_eq!(settings.auto_commit, Some(SimSpan::from_secs(1)));
    assert_eq!((settings.session, settings.poll_records), (SimSpan::from_secs(10), 7));
    assert_eq!((settings.fetch_min, settings.instance), (1 << 10, Some(1)));
    let groups = &config(&plan).groups;
    assert_eq!(
        (groups.len(), groups[0].name.as_str(), groups[0].topics.len()),
        (1, "billing", 1)
    );
}

#[test]
fn what_does_not_fit_in_a_cluster_is_said() {
    for (broker, words) in [
        (
            "topic.orders = { replication_factor = 4 }",
            &["replicas", "there are 3"][..],
        ),
        (
            "topic.orders = { replication_factor = 2, min_insync_replicas = 3 }",
            &["replicas", "no more than 2"],
        ),
        ("topic.orders = {}\ntopic.__own = {}", &["bad-name", "Kafka's own"]),
        (
            "topic.orders = { cleanup_policy = \"compact\", retention = \"1h\" }",
            &["no-effect", "`retention`"],
        ),
        (
            "topic.orders = { max_compaction_lag = \"1h\" }",
            &["no-effect", "compacts nothing"],
        ),
        (
            "topic.orders = { cleanup_policy = \"compact\", min_compaction_lag = \"2h\", max_compaction_lag = \"1h\" }",
            &["bad-value", "`min_compaction_lag`"],
        ),
        (
            "topic.orders = {}\nsession_timeout = \"1s\"",
            &["bad-value", "counts as dead"],
        ),
        (
            "topic.orders = {}\nreplica_lag_time = \"1s\"\nreplica_lag_messages = 4000",
            &["no-effect", "`replica_lag_time`"],
        ),
        (
            "topic.orders = {}\nleader_rebalance = false\nleader_rebalance_interval = \"1m\"",
            &["no-effect", "`leader_rebalance`"],
        ),
        (
            "topic.orders = { partitions = 3 }\ntopic.orders-1 = {}",
            &["duplicate-name", "a partition"],
        ),
        ("topic.orders = { partitions = 0 }", &["out-of-range"]),
        ("topic.orders = {}\nbrokers = 65", &["out-of-range"]),
    ] {
        assert_said(&world(broker, "", "", ""), words);
    }
}

#[test]
fn what_does_not_fit_in_a_producer_is_said() {
    for (producer, words) in [
        (
            "{ acks = \"1\", idempotence = true }",
            &["bad-producer", "acks = \"all\""][..],
        ),
        (
            "{ idempotence = true, max_in_flight = 6 }",
            &["bad-producer", "at most 5"],
        ),
        ("{ idempotence = true, retries = 0 }", &["bad-producer", "`retries`"]),
        ("{ delivery_timeout = \"10s\" }", &["bad-producer", "30.005s"]),
        ("{ acks = \"2\" }", &["bad-value", "producer.acks"]),
        ("{ acks = \"0\", retries = 3 }", &["no-effect", "`retries`"]),
        (
            "{ partitioner = \"roundrobin\", ignore_keys = true }",
            &["no-effect", "`ignore_keys`"],
        ),
    ] {
        assert_said(&world(ORDERS, &format!("producer = {producer}"), "", ""), words);
    }
    let rabbit =
        "title = \"t\"\nbroker.rabbitmq.queue.a = {}\nload.l = { to = \"a\", burst = 1, producer = { acks = \"1\" } }";
    assert_said(rabbit, &["no-effect", "only Kafka's"]);
}

#[test]
fn what_does_not_fit_in_a_consumer_is_said() {
    for (consume, steps, words) in [
        (", queue = \"orders\"", "", &["missing-key", "only one of them"][..]),
        (", prefetch = 3", "", &["bad-consume", "`prefetch`", "RabbitMQ"]),
        (", auto_commit = false", "", &["never-acknowledged", "committed"]),
        ("", "\"ack\"", &["acknowledged-twice", "commits by itself"]),
        (
            ", auto_commit = false",
            "\"ack\", \"ack\"",
            &["acknowledged-twice", "once"],
        ),
        (
            ", auto_commit = false, auto_commit_interval = \"1s\"",
            "\"ack\"",
            &["no-effect"],
        ),
        (", commit = \"record\"", "", &["no-effect", "`commit`"]),
        (", session_timeout = \"2s\"", "", &["bad-value", "out of its group"]),
        (", assignor = \"fair\"", "", &["bad-value", "roundrobin"]),
    ] {
        assert_said(&world(ORDERS, "", consume, steps), words);
    }
    let groupless = world(ORDERS, "", "", "").replace(", group = \"billing\"", "");
    assert_said(&groupless, &["missing-key", "`group`"]);
    let twice = world(ORDERS, "", "", "").replace("topic = \"orders\"", "topic = [\"orders\", \"orders\"]");
    assert_said(&twice, &["bad-consume", "twice"]);
    let named = world(ORDERS, "", "", "").replace("group = \"billing\"", "group = \"worker\"");
    assert_said(&named, &["duplicate-name", "a service"]);
    let other = world(ORDERS, "", "", "")
        + "[service.other]\nconsume = { topic = \"orders\", group = \"billing\", assignor = \"sticky\" }\n";
    assert_said(&other, &["bad-consume", "\"range\""]);
}

#[test]
fn a_partition_is_chosen_by_its_name() {
    let to = |name: &str| {
        world("topic.orders = { partitions = 3 }", "", "", "").replace("to = \"orders\"", &format!("to = \"{name}\""))
    };
    assert_eq!(findings(&to("orders-2")), [""; 0]);
    assert_said(&to("orders-3"), &["unknown-name", "orders-3"]);
    let keyed = to("orders-2").replace("burst = 4", "burst = 4\nkeys = [\"k\"]");
    assert_said(&keyed, &["keys", "its partition is chosen"]);
}

#[test]
fn a_key_stands_for_many_with_numbers() {
    let load = "keys = [\"order-\", \"claim-\"]\nnumbered = 3";
    let plan = plan(&world(ORDERS, load, "", ""));
    assert_eq!(
        config(&plan).keys,
        ["order-1", "order-2", "order-3", "claim-1", "claim-2", "claim-3"]
    );
    assert_said(&world(ORDERS, "numbered = 3", "", ""), &["keys", "`numbered`"]);
    let many = "keys = [\"a\", \"b\"]\nnumbered = 10000";
    assert_said(&world(ORDERS, many, "", ""), &["limit", "keys"]);
}

#[test]
fn kafkas_own_names_lead_to_those_of_the_language() {
    let help = |text: &str, of: &str| -> String {
        let (_, found) = parse(text);
        let one = found.iter().find(|one| one.message.to_string().contains(of));
        let help = one.and_then(|one| one.help.as_ref()).map(ToString::to_string);
        help.unwrap_or_else(|| panic!("{found:#?}"))
    };
    let topic = |line: &str| world(&format!("[broker.kafka.topic.orders]\n{line}"), "", "", "");
    for (line, of, said) in [
        ("min.insync.replicas = 2", "min", "`min_insync_replicas = 2` here"),
        ("retention.ms = 60000", "retention", "`retention = \"60000ms\"` here"),
        ("segment.bytes = 1000", "segment", "`segment_bytes = \"1000B\"` here"),
        (
            "\"cleanup.policy\" = \"compact\"",
            "cleanup.policy",
            "`cleanup_policy` here",
        ),
        ("preallocate = true", "preallocate", ""),
        ("flush.messages = 1", "flush", "not simulated"),
        ("linger.ms = 5", "linger", "`linger = \"5ms\"` in `load.NAME.producer`"),
    ] {
        let help = help(&topic(line), of);
        assert!(help.contains(said), "{line}: {help}");
    }
    let consume = world(ORDERS, "", ", enable.auto.commit = true", "");
    assert!(help(&consume, "enable").contains("`auto_commit = true` here"));
}

#[test]
fn who_leads_can_be_said_by_hand() {
    let at = |act: &str| {
        world("topic.orders = { partitions = 3, replication_factor = 2 }", "", "", "")
            + &format!("[[at]]\ntime = \"1s\"\n{act}\n")
    };
    let moved = |partition: &str, to: &str| {
        at(&format!(
            "move_leader = {{ partition = \"{partition}\", to = \"{to}\" }}"
        ))
    };
    assert_eq!(findings(&moved("orders-0", "kafka-2")), [""; 0]);
    assert_said(&moved("orders-0", "kafka-3"), &["replicas", "orders-0"]);
    assert_said(&moved("orders", "kafka-2"), &["unknown-name", "a partition"]);
    assert_said(
        &moved("orders-0", "kafka"),
        &["unknown-name", "a broker of the cluster"],
    );
    assert_eq!(findings(&at("elect_preferred = \"kafka\"")), [""; 0]);
    assert_said(
        &at("elect_preferred = \"kafka-1\""),
        &["unknown-name", "a Kafka cluster"],
    );
}

#[test]
fn a_consumer_can_be_sent_elsewhere() {
    let at = |seek: &str| world(ORDERS, "", "", "") + &format!("[[at]]\ntime = \"1s\"\nseek = {{ {seek} }}\n");
    for good in ["to = \"beginning\"", "to = \"end\"", "offset = 3", "since = \"500ms\""] {
        assert_eq!(findings(&at(&format!("service = \"worker\", {good}"))), [""; 0]);
        let start = world(ORDERS, "", &format!(", seek = {{ {good} }}"), "");
        assert_eq!(findings(&start), [""; 0]);
    }
    let all = "service = \"worker\", partition = \"orders-0\", to = \"end\"";
    assert_eq!(findings(&at(all)), [""; 0]);
    assert_said(&at("service = \"worker\""), &["bad-seek", "`to`, `offset` and `since`"]);
    assert_said(
        &at("service = \"worker\", to = \"end\", offset = 1"),
        &["bad-seek", "`to`, `offset` and `since`"],
    );
    assert_said(&at("service = \"shop\", to = \"end\""), &["unknown-name", "a service"]);
    assert_said(
        &at("service = \"worker\", partition = \"orders\", to = \"end\""),
        &["unknown-name", "a partition"],
    );
    let other = world("topic.orders = {}\ntopic.other = {}", "", "", "")
        + "[[at]]\ntime = \"1s\"\nseek = { service = \"worker\", partition = \"other-0\", to = \"end\" }\n";
    assert_said(&other, &["bad-seek", "does not read this topic"]);
    let called = world(ORDERS, "", "", "")
        + "[service.called]\nsteps = [\"respond\"]\n[[at]]\ntime = \"1s\"\nseek = { service = \"called\", to = \"end\" }\n";
    let (_, found) = parse(&called);
    assert!(
        found
            .iter()
            .any(|one| one.message.to_string().contains("reads no topic")),
        "{found:#?}"
    );
}

#[test]
fn topics_and_groups_are_measured_by_their_parts() {
    let text = world(
        "topic.orders = { partitions = 3 }",
        "keys = [\"order-\"]\nnumbered = 4\nkey = \"in-turn\"",
        ", offset_reset = \"earliest\"",
        "{ insert = \"rows\" }",
    );
    let expects = [
        "depth(orders) == 4",
        "accepted(orders) == 4",
        "settled(billing) == 4",
        "lag(billing) == 0",
        "consumers(billing) == 1",
        "lost(billing) == 0",
    ];
    let expects = expects.map(|that| format!("[[expect]]\nthat = \"{that}\"\n"));
    holds(&(text.clone() + &expects.concat()));
    for bad in [
        "wait_mean(orders) < 1s",
        "lag(orders) == 0",
        "peak_backlog(billing) == 0",
        "consumers(orders) == 1",
    ] {
        assert_said(
            &(text.clone() + &format!("[[expect]]\nthat = \"{bad}\"\n")),
            &["unknown-subject"],
        );
    }
}

#[test]
fn a_line_of_the_shell_is_answered_with_a_key() {
    let line = "kafka-topics.sh --create --zookeeper h:2181 --replication-factor 2 --partitions 3 --topic sixsix";
    let (_, found) = parse(&format!("title = \"t\"\n{line}\n"));
    let help = found.iter().find_map(|one| one.help.as_ref()).map(ToString::to_string);
    let wanted = "topic.sixsix = { partitions = 3, replication_factor = 2 }";
    assert!(help.is_some_and(|help| help.contains(wanted)), "{found:#?}");
}

#[test]
fn a_load_may_make_transactions() {
    let of = |producer: &str| world(ORDERS, &format!("producer = {{ {producer} }}"), "", "");
    let text = of("transactional_id = \"shop\", transaction = \"1s\", abort_every = 3");
    let found = plan(&text);
    assert!(config(&found).transactions.is_some());
    let settings = found.nodes.iter().find_map(|node| match &node.kind {
        NodeKind::Load(load) => match load.producer {
            PublisherPlan::Kafka(settings) => Some(settings),
            PublisherPlan::Plain => None,
        },
        _ => None,
    });
    let settings = settings.expect("there is a load");
    assert_eq!((settings.transaction, settings.abort_every), (SimSpan::from_secs(1), 3));
    assert!(settings.transactional.is_some() && settings.is_idempotent);
    assert!(config(&plan(&world(ORDERS, "", "", ""))).transactions.is_none());
    assert_said(&of("transaction = \"1s\""), &["no-effect", "transactional_id"]);
    assert_said(
        &of("transactional_id = \"shop\", acks = \"1\""),
        &["bad-producer", "idempotent"],
    );
}

#[test]
fn a_topic_is_read_by_every_group_once() {
    let text = world(
        "topic.orders = { partitions = 3 }",
        "",
        ", offset_reset = \"earliest\"",
        "{ insert = \"rows\" }",
    );
    holds(&(text + "[[expect]]\nthat = \"rows(rows) == 4\"\n"));
}

#[test]
fn what_only_rabbitmq_looks_at_is_said() {
    for key in [
        "priority = 3",
        "expiration = \"1s\"",
        "headers = { a = 1 }",
        "mandatory = true",
        "persistent = false",
        "confirms = false",
    ] {
        let name = key.split(' ').next().expect("a key");
        assert_said(
            &world(ORDERS, key, "", "{ insert = \"rows\" }"),
            &["no-effect", name, "RabbitMQ"],
        );
    }
}
