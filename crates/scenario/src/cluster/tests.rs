//! Tests of the views of a cluster of Kafka.

use super::*;
use crate::Runner;
use mqlab_kernel::SimTime;

const TEXT: &str = r#"
    title = "t"
    until = "60s"
    [broker.kafka]
    topic.orders = { partitions = 4, replication_factor = 2, segment_bytes = "1kB" }
    topic.events = {}
    [load.shop]
    to = "orders"
    rate = "10/s"
    count = 100
    size = "100B"
    key = "in-turn"
    keys = ["k"]
    numbered = 20
    producer = { linger = "0s" }
    [service.biller]
    consume = { topic = "orders", group = "billing", offset_reset = "earliest" }
    steps = []
    [[at]]
    time = "20s"
    crash = "kafka-controller"
    [[at]]
    time = "30s"
    restart = "kafka-controller"
"#;

fn runner(text: &str) -> Runner {
    let (scenario, found) = crate::parse(text);
    Runner::new(&scenario.unwrap_or_else(|| panic!("{found:#?}")), 0)
}

fn run_to(runner: &mut Runner, seconds: u64) {
    runner.advance(SimTime::from_nanos(seconds * 1_000_000_000), u64::MAX);
}

fn at(seconds: u64) -> Runner {
    let mut runner = runner(TEXT);
    run_to(&mut runner, seconds);
    runner
}

fn cluster(world: &World) -> NodeId {
    let place = world.places().named("kafka").expect("it is there");
    world.places().get(place).node
}

#[test]
fn every_replica_has_a_directory_called_as_its_partition() {
    let runner = at(15);
    let world = runner.world();
    let mut names: Vec<String> = Vec::new();
    for broker in brokers(world, cluster(world)) {
        let lines = files(world, broker);
        let own = lines.iter().filter(|line| line.depth == 0 && line.name.ends_with('/'));
        let own = own.map(|line| line.name.clone()).filter(|name| !name.starts_with("__"));
        names.extend(own);
    }
    names.sort();
    let twice = |name: &str| vec![format!("{name}/"); 2];
    let orders = ["orders-0", "orders-1", "orders-2", "orders-3"]
        .iter()
        .flat_map(|name| twice(name));
    let all: Vec<String> = ["events-0/".to_owned()].into_iter().chain(orders).collect();
    assert_eq!(names, all, "partitions x replicas");
}

/// The files of a directory.
fn within(lines: &[FileLine], directory: &str) -> Vec<FileLine> {
    let from = lines.iter().position(|line| line.name == directory);
    let from = from.unwrap_or_else(|| panic!("{directory} is not in {lines:#?}"));
    let inner = lines[from + 1..].iter().take_while(|line| line.depth == 1);
    inner.cloned().collect()
}

#[test]
fn each_new_segment_comes_with_a_snapshot_of_the_producers() {
    let runner = at(15);
    let world = runner.world();
    let lines = within(&files(world, brokers(world, cluster(world))[0]), "orders-0/");
    let of = |ending: &str| -> Vec<(String, u64)> {
        let of = lines
            .iter()
            .filter_map(|line| Some((line.name.strip_suffix(ending)?, line.bytes)));
        of.map(|(name, bytes)| (name.to_owned(), bytes)).collect()
    };
    let (logs, snapshots) = (of(".log"), of(".snapshot"));
    assert!(logs.len() > 1, "{lines:#?}");
    // All but the first; in each is the shop.
    let names: Vec<&String> = logs[1..].iter().map(|(name, _)| name).collect();
    assert_eq!(snapshots.iter().map(|(name, _)| name).collect::<Vec<_>>(), names);
    assert!(snapshots.iter().all(|(_, bytes)| *bytes == 10 + 46), "{snapshots:?}");
}

#[test]
fn every_broker_has_the_controllers_log() {
    let size = |lines: &[FileLine]| lines[0].bytes;
    let all = [15, 20, 29, 31].map(|seconds| {
        let runner = at(seconds);
        let world = runner.world();
        let brokers = brokers(world, cluster(world));
        let own = brokers
            .iter()
            .map(|one| within(&files(world, *one), "__cluster_metadata-0/"));
        let own: Vec<Vec<FileLine>> = own.collect();
        assert_eq!(own[0], own[1]);
        own.into_iter().next().expect("there are brokers")
    });
    let text = |lines: &[FileLine], name: &str| {
        let found = lines.iter().find(|line| line.name == name);
        found.and_then(|line| line.text.clone()).expect("it is text")
    };
    assert!(size(&all[0]) < size(&all[1]), "records of nothing");
    assert_eq!(size(&all[1]), size(&all[2]), "nobody writes");
    let quorum = |lines: &[FileLine]| text(lines, "quorum-state");
    assert!(
        quorum(&all[2]).contains("\"leaderId\":4,\"leaderEpoch\":1,"),
        "{}",
        quorum(&all[2])
    );
    assert!(quorum(&all[3]).contains("\"leaderEpoch\":2,"), "{}", quorum(&all[3]));
    let epochs = text(&all[3], "leader-epoch-checkpoint");
    assert_eq!(epochs.lines().take(3).collect::<Vec<_>>(), ["0", "2", "1 0"]);
}

#[test]
fn files_are_called_after_the_first_offset_of_their_segment() {
    let runner = at(15);
    let world = runner.world();
    let lines = files(world, brokers(world, cluster(world))[0]);
    let first = lines
        .iter()
        .position(|line| line.name == "orders-0/")
        .expect("it is there");
    let inside: Vec<&FileLine> = lines[first + 1..].iter().take_while(|line| line.depth == 1).collect();
    let place = world.places().named("orders-0").expect("it is there");
    let log = world.log_view(place).expect("it is a partition");
    assert!(log.segments.len() > 1, "{log:?}");
    let of_segments = inside.iter().filter(|line| !line.name.ends_with(".snapshot"));
    let of_segments: Vec<&FileLine> = of_segments.copied().collect();
    for (segment, files) in log.segments.iter().zip(of_segments.chunks(3)) {
        let endings = ["log", "index", "timeindex"];
        for (file, ending) in files.iter().zip(endings) {
            assert_eq!(file.name, format!("{:020}.{ending}", segment.base));
        }
        assert_eq!(files[0].bytes, segment.bytes);
        // What is written to has room for its entries; nothing is indexed within 4 KiB,
        // but the youngest record of a sealed one.
        let sizes = if segment.is_active {
            [10_485_760, 10_485_756]
        } else {
            [0, 12]
        };
        assert_eq!([files[1].bytes, files[2].bytes], sizes);
    }
    let sum: u64 = inside.iter().map(|line| line.bytes).sum();
    assert_eq!(lines[first].bytes, sum);
    let epochs = inside.iter().find(|line| line.name == "leader-epoch-checkpoint");
    assert_eq!(epochs.and_then(|line| line.text.as_deref()), Some("0\n1\n0 0\n"));
}

#[test]
fn checkpoints_say_what_the_logs_say() {
    let runner = at(15);
    let world = runner.world();
    let lines = files(world, brokers(world, cluster(world))[0]);
    let text = |name: &str| {
        let line = lines
            .iter()
            .find(|line| line.name == name)
            .unwrap_or_else(|| panic!("no {name}"));
        assert_eq!(line.text.as_ref().map(|text| text.len() as u64), Some(line.bytes));
        line.text.clone().unwrap_or_default()
    };
    let end = |name: &str| {
        let place = world.places().named(name).expect("it is there");
        world.partition_at(place).expect("it is a partition").high_watermark
    };
    let high = text("replication-offset-checkpoint");
    assert!(high.contains(&format!("orders 0 {}\n", end("orders-0"))), "{high}");
    assert!(!high.contains("orders 1 "), "it is on the two other brokers: {high}");
    assert_eq!(
        text("log-start-offset-checkpoint"),
        "0\n0\n",
        "segments begin where logs do"
    );
    assert_eq!(text("meta.properties"), "node.id=1\nversion=1\n");
    let place = world.places().named("orders-0").expect("it is there");
    let log = world.log_view(place).expect("it is a partition");
    let active = log.segments.last().expect("there is one").base;
    let synced = text("recovery-point-offset-checkpoint");
    assert!(synced.contains(&format!("orders 0 {active}\n")), "{synced}");
}

#[test]
fn replicas_lie_apart_and_leaders_are_spread() {
    let runner = at(15);
    let world = runner.world();
    let placement = placement(world, cluster(world)).expect("it is a cluster");
    for (partition, cells) in &placement.rows {
        let view = world.partition_at(*partition).expect("it is a partition");
        assert_eq!(
            cells.iter().flatten().count(),
            view.replicas.len(),
            "on distinct brokers"
        );
        assert_eq!(cells.iter().flatten().filter(|cell| cell.is_preferred).count(), 1);
        assert_eq!(cells.iter().flatten().filter(|cell| cell.is_leader).count(), 1);
    }
    let leads: Vec<usize> = (0..3).map(|column| placement.leads(column)).collect();
    assert_eq!(
        leads,
        [3, 1, 1],
        "orders begin at the first broker, and so does the topic of one"
    );
    let hosts: usize = (0..3).map(|column| placement.hosts(column)).sum();
    assert_eq!(hosts, 9);
}

fn tree(runner: &Runner) -> Vec<Znode> {
    let world = runner.world();
    znodes(world, cluster(world))
}

fn data(tree: &[Znode], path: &str) -> Option<String> {
    tree.iter().find(|znode| znode.path == path)?.data.clone()
}

#[test]
fn the_ten_nodes_of_zookeeper_are_there() {
    let tree = tree(&at(15));
    let mut names: Vec<&str> = tree
        .iter()
        .filter(|znode| znode.depth() == 0)
        .map(Znode::name)
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "admin",
            "brokers",
            "cluster",
            "config",
            "consumers",
            "controller",
            "controller_epoch",
            "isr_change_notification",
            "latest_producer_id_block",
            "zookeeper",
        ]
    );
    for (index, znode) in tree.iter().enumerate().filter(|(_, znode)| znode.depth() > 0) {
        let above = znode.path.rsplit_once('/').map_or("", |(above, _)| above);
        let stands = tree[..index].iter().any(|known| known.path == above);
        assert!(stands, "{} stands in nothing", znode.path);
    }
}

#[test]
fn nodes_of_zookeeper_say_what_the_cluster_is() {
    let before = tree(&at(15));
    assert_eq!(
        data(&before, "/brokers/topics/orders/partitions/1/state").as_deref(),
        Some(r#"{"leader":2,"leader_epoch":0,"isr":[2,3],"version":1}"#)
    );
    assert_eq!(
        data(&before, "/consumers/billing/owners/orders/0").as_deref(),
        Some("biller")
    );
    assert_eq!(
        data(&before, "/config/topics/orders").as_deref(),
        Some(r#"{"version":1,"config":{"segment.bytes":"1000"}}"#)
    );
    assert!(data(&before, "/latest_producer_id_block").is_some_and(|data| data.contains(r#""block_end":"999""#)));
    assert_eq!(
        before
            .iter()
            .filter(|znode| znode.path.starts_with("/brokers/ids/"))
            .count(),
        3
    );
}

#[test]
fn another_controller_begins_another_epoch() {
    let epoch = |tree: &[Znode]| data(tree, "/controller_epoch");
    let has = |tree: &[Znode]| {
        tree.iter()
            .any(|znode| znode.path == "/controller" && znode.is_ephemeral)
    };
    let [before, away, after] = [15, 25, 35].map(|seconds| tree(&at(seconds)));
    assert_eq!((epoch(&before).as_deref(), has(&before)), (Some("1"), true));
    assert_eq!(
        (epoch(&away).as_deref(), has(&away)),
        (Some("1"), false),
        "it goes with its session"
    );
    assert_eq!((epoch(&after).as_deref(), has(&after)), (Some("2"), true));
}

/// What is set stands in the cluster's metadata: also a broker that begins anew
/// with an empty disk goes by it.
#[test]
fn what_was_set_of_a_topic_outlives_a_disk() {
    let text = r#"
        title = "t"
        until = "60s"
        [broker.kafka]
        brokers = 1
        topic.orders = {}
        [load.shop]
        to = "orders"
        rate = "10/s"
        [[at]]
        time = "10s"
        set = { "broker.kafka.topic.orders.retention" = "15s", "broker.kafka.topic.orders.segment_bytes" = "1kB" }
        [[at]]
        time = "20s"
        crash = "kafka-1"
        kind = "disk"
        [[at]]
        time = "30s"
        restart = "kafka-1"
    "#;
    let mut runner = runner(text);
    for (seconds, set) in [
        (9, ""),
        (11, r#""retention.ms":"15000","segment.bytes":"1000""#),
        (40, r#""retention.ms":"15000","segment.bytes":"1000""#),
    ] {
        run_to(&mut runner, seconds);
        let told = data(&tree(&runner), "/config/topics/orders");
        assert_eq!(
            told,
            Some(format!(r#"{{"version":1,"config":{{{set}}}}}"#)),
            "at {seconds} s"
        );
    }
}
