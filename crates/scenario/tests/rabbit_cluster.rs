//! RabbitMQ in several nodes in the scenario language: what is read, and what is
//! said of that which does not fit.

mod common;

use common::{assert_said, findings, holds};
use mqlab_brokers::rabbitmq::cluster::{Keeping, MemberId, PartitionHandling, Promote, Settings};
use mqlab_engine::plan::{BrokerPlan, NodeKind, Plan};
use mqlab_kernel::SimSpan;
use mqlab_scenario::parse;

/// Three nodes with these definitions, a load and a consumer of the queue `a`.
fn world(broker: &str, load: &str, consume: &str, rest: &str) -> String {
    format!(
        "title = \"Nodes\"\nuntil = \"60s\"\n[table.rows]\n[load.shop]\nto = \"a\"\nburst = [[\"1s\", 4]]\n{load}\n\
         [service.worker]\nconsume = {{ queue = \"a\"{consume} }}\nsteps = [{{ insert = \"rows\" }}, \"ack\"]\n\
         [broker.rabbitmq]\n{broker}\n{rest}"
    )
}

fn plan(text: &str) -> Plan {
    let (scenario, found) = parse(text);
    let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
    assert!(found.is_empty(), "{found:#?}");
    scenario.variants[0].plan.clone()
}

fn settings(plan: &Plan) -> &Settings {
    let found = plan.nodes.iter().find_map(|node| match &node.kind {
        NodeKind::Broker(BrokerPlan::Rabbit(config)) => config.cluster.as_deref(),
        _ => None,
    });
    found.expect("there is a cluster")
}

fn members(numbers: &[u8]) -> Vec<MemberId> {
    numbers.iter().copied().map(MemberId).collect()
}

#[test]
fn queues_are_where_they_are_said_to_be() {
    let broker = "nodes = 5\nversion = \"3.13\"\npartition_handling = \"pause_minority\"\nnet_ticktime = \"10s\"\n\
                  queue.a = {}\nqueue.b = { node = \"rabbitmq-4\" }\n\
                  queue.c = { node = \"rabbitmq-5\", mirrors = 2, promote = \"when-synced\" }\n\
                  queue.d = { type = \"quorum\", node = \"rabbitmq-4\" }\nqueue.e = { type = \"quorum\", group_size = 5 }";
    let plan = plan(&world(broker, "", "", ""));
    let settings = settings(&plan);
    assert_eq!(settings.members, 5);
    assert_eq!(settings.partition, PartitionHandling::PauseMinority);
    assert_eq!(settings.down_after, SimSpan::from_secs(10));
    let mirrored = Keeping::Mirrored {
        master: MemberId(4),
        mirrors: members(&[0, 1]),
        promote: Promote::WhenSynced,
        is_synced_at_once: false,
    };
    assert_eq!(
        settings.keeping,
        [
            Keeping::Home(MemberId(0)),
            Keeping::Home(MemberId(3)),
            mirrored,
            Keeping::Quorum(members(&[3, 4, 0])),
            Keeping::Quorum(members(&[0, 1, 2, 3, 4])),
        ]
    );
    let names: Vec<&str> = plan.nodes.iter().map(|node| node.name.as_str()).collect();
    assert!(names.ends_with(&[
        "rabbitmq",
        "rabbitmq-1",
        "rabbitmq-2",
        "rabbitmq-3",
        "rabbitmq-4",
        "rabbitmq-5"
    ]));
}

#[test]
fn nodes_have_names_that_faults_know() {
    let crash = "[[at]]\ntime = \"2s\"\ncrash = \"rabbitmq-3\"\n[[at]]\ntime = \"3s\"\ncut = [\"rabbitmq-1\", \"rabbitmq-2\"]\n\
                 [[at]]\ntime = \"4s\"\nheal = \"all\"\n[[expect]]\nthat = \"rows(rows) == 4\"\n";
    holds(&world(
        "nodes = 3\nlatency = \"1ms\"\nqueue.a = { type = \"quorum\" }",
        "",
        "",
        crash,
    ));
}

#[test]
fn what_a_cluster_does_not_have_is_refused() {
    let broker = "nodes = 3\nconfirm = \"synced\"\nqueue.a = {}\nqueue.b = {}";
    assert_said(
        &world(broker, "", "", ""),
        &["`confirm` is not there yet in a cluster of several nodes"],
    );
}

#[test]
fn a_mirror_does_not_know_what_became_of_a_message_before() {
    for (queue, key) in [
        ("dead_letter = \"b\"", "dead_letter"),
        ("exclusive = true", "exclusive"),
        ("max_length = 5, overflow = \"reject-publish-dlx\"", "overflow"),
    ] {
        let broker = format!("nodes = 3\nversion = \"3.13\"\nqueue.a = {{ mirrors = 1, {queue} }}\nqueue.b = {{}}");
        assert_said(
            &world(&broker, "", "", ""),
            &[&format!("`{key}` is not there yet in a queue with mirrors")],
        );
    }
}

#[test]
fn copies_need_nodes_and_mirrors_their_time() {
    assert_said(
        &world("nodes = 3\nversion = \"3.13\"\nqueue.a = { mirrors = 3 }", "", "", ""),
        &["4 copies need as many nodes, and there are 3"],
    );
    assert_said(
        &world("nodes = 3\nqueue.a = { type = \"quorum\", group_size = 5 }", "", "", ""),
        &["5 copies need as many nodes, and there are 3"],
    );
    assert_said(
        &world("nodes = 3\nqueue.a = { mirrors = 1 }", "", "", ""),
        &["there are no mirrored queues since 4.0"],
    );
    assert_said(
        &world("nodes = 3\nqueue.a = { group_size = 2 }", "", "", ""),
        &["only queues with `type = \"quorum\"` have replicas that agree"],
    );
}

#[test]
fn one_node_is_no_cluster() {
    assert_said(
        &world(
            "partition_handling = \"autoheal\"\nqueue.a = { mirrors = 1 }",
            "",
            "",
            "",
        ),
        &["this `partition_handling` has no effect: there is one node"],
    );
    let one = world("queue.a = { mirrors = 1 }", "", "", "");
    assert_said(&one, &["this `mirrors` has no effect: there is one node"]);
    let found = findings(&world("nodes = 3\nqueue.a = { node = \"rabbitmq-4\" }", "", "", ""));
    assert!(!found.is_empty(), "there is no fourth node");
}

/// What is sent to a queue whose home is down goes nowhere, and is confirmed, before 4.2:
/// it is lost, also for whoever takes it for safe when it is sent. Whoever asks for it back
/// knows.
#[test]
fn what_goes_nowhere_is_counted_and_judged() {
    let text = |version: &str, load: &str, expects: &[&str]| {
        let broker = format!(
            "nodes = 3\nversion = \"{version}\"\nlatency = \"1ms\"\nqueue.a = {{ node = \"rabbitmq-2\" }}\nexchange.x = {{}}"
        );
        let rest: String = expects
            .iter()
            .map(|that| format!("[[expect]]\nthat = \"{that}\"\n"))
            .collect();
        let rest = format!(
            "[load.other]\nto = \"x\"\nkeys = [\"nobody\"]\nburst = [[\"1s\", 3]]\n\
             [[at]]\ntime = \"500ms\"\ncrash = \"rabbitmq-2\"\n{rest}"
        );
        world(&broker, load, "", &rest)
    };
    let nowhere = "unroutable(rabbitmq) == 7";
    for (version, load, expects) in [
        (
            "3.13",
            "confirms = true",
            &[nowhere, "unknown == 0", "lost == 4", "confirmed(shop) == 4"][..],
        ),
        ("3.13", "", &[nowhere, "unknown == 0", "lost == 4"][..]),
        (
            "3.13",
            "confirms = true\nmandatory = true",
            &[nowhere, "unknown == 0", "lost == 0", "returned(shop) == 4"][..],
        ),
        (
            "4.2",
            "confirms = true",
            &[
                "unroutable(rabbitmq) == 3",
                "unknown == 0",
                "lost == 0",
                "refused(shop) == 4",
            ][..],
        ),
    ] {
        holds(&text(version, load, expects));
    }
}
