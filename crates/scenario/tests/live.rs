//! Live settings: every one can be read, changed by its path, and read again.

use mqlab_kernel::{SimSpan, SimTime};
use mqlab_model::{NodeId, PlaceId};
use mqlab_scenario::{Act, KEYS, LiveSetting, Runner, Scenario, ValueKind, What, parse};

const TEXT: &str = r#"title = "Everything that can change"
until = "10s"

[links]
latency = "exp(2ms)"

[link.db]
between = ["writer", "mysql"]
latency = "1ms"

[broker.rabbitmq]
memory = "1GiB"
watermark = "50%"
queue.orders = {}
queue.mails = {}
exchange.x = {}
exchange.y = {}
exchange.later = { type = "fanout", delayed = true }
binding = [{ exchange = "x", queue = "mails" }, { exchange = "later", queue = "mails" }]
policy.limits = { pattern = "^nothing$" }

[table.mysql]
capacity = "400/s"

[table.log]

[service.writer]
consume = { queue = "orders", prefetch = 5 }
steps = [
    { work = "exp(4ms)" },
    { publish = "mails", takes = "2ms" },
    { call = "front", timeout = "1s", retries = 2, backoff = "50ms" },
    { insert = "mysql" },
    { insert = "log" },
    { fail = "2.5%" },
    { nack = { requeue = false } },
]

[service.front]
workers = 3
queue = 7
admits = 1000
merge = { most = 4, wait = "5ms" }

[load.users]
to = "orders"
rate = [["00:00:01", "10/s"], ["00:00:05", "20/s"]]
count = 1000
window = 50
buffer = 9

[load.reminders]
to = "later"
rate = "1/s"
confirms = false

[load.visitors]
to = "front"
burst = [["1s", 3]]
users = 5
think = "exp(1s)"

[faults.random]
stop = "8s"
crash = { rate = "1/s" }
"#;

/// A cluster has the rules of its topics, which belong to the partitions, and some of its
/// own.
const OF_KAFKA: &str = r#"title = "The rules of a topic"
until = "10s"

[broker.kafka]
brokers = 7

[broker.kafka.topic.orders]
partitions = 1
replication_factor = 7
retention = "1h"
retention_bytes = "1GB"
segment = "1m"
segment_bytes = "1MB"

[load.shop]
to = "orders"
rate = "10/s"
"#;

/// A cluster has the mirrors of its queues.
const OF_MIRRORS: &str = r#"title = "Mirrors"
until = "10s"

[broker.rabbitmq]
version = "3.13"
nodes = 8
queue.orders = {}
queue.mails = { mirrors = 3, promote = "when-synced", mirror_sync = "automatic" }

[load.shop]
to = "orders"
rate = "10/s"
"#;

fn scenario_of(text: &str) -> Scenario {
    let (scenario, found) = parse(text);
    scenario.unwrap_or_else(|| panic!("{found:#?}"))
}

fn scenario() -> Scenario {
    scenario_of(TEXT)
}

fn named(scenario: &Scenario, name: &str) -> PlaceId {
    let places = mqlab_engine::Places::of(&scenario.variants[0].plan);
    places.named(name).expect("it is there")
}

fn all(scenario: &Scenario) -> Vec<LiveSetting> {
    let names = [
        "writer",
        "front",
        "users",
        "reminders",
        "visitors",
        "mysql",
        "log",
        "rabbitmq",
        "orders",
    ];
    let of_nodes = names.iter().flat_map(|name| scenario.live(0, named(scenario, name)));
    let node = |name: &str| NodeId(named(scenario, name).0);
    let links = [
        ("users", "rabbitmq"),
        ("rabbitmq", "writer"),
        ("mysql", "writer"),
        ("writer", "front"),
    ];
    let of_links = links.iter().flat_map(|(a, b)| scenario.live_link(0, node(a), node(b)));
    of_nodes.chain(of_links).chain(scenario.live_chance(0)).collect()
}

fn at(millis: u64) -> SimTime {
    SimTime::ZERO + SimSpan::from_millis(millis)
}

/// Another value than the present one.
fn another(setting: &LiveSetting) -> String {
    let text = |text: &str| format!("\"{text}\"");
    match setting.kind {
        ValueKind::Integer(..) => "7".into(),
        ValueKind::Workers if setting.planned.as_deref() == Some("1") => text("unlimited"),
        ValueKind::Workers => "3".into(),
        ValueKind::Rate => text("0.5/s"),
        ValueKind::Failure => text("first 3"),
        ValueKind::Dist => text("uniform(1ms, 9ms)"),
        ValueKind::Bandwidth => text("3MiB/s"),
        ValueKind::Bytes => text("3MiB"),
        ValueKind::Chance => text("2.5%"),
        ValueKind::Span => text("9ms"),
        ValueKind::Offset => text("-9ms"),
        ValueKind::Drift => text("-200ppm"),
        ValueKind::Time => text("00:00:09"),
        // A dead letter may go to a queue, too; an alternate is an exchange.
        ValueKind::Name => text("y"),
        ValueKind::Text => text("^a\\\\.b"),
        ValueKind::Names => "[\"writer\", \"mysql\"]".into(),
        ValueKind::Headers => "{ \"kind\" = \"urgent\", \"tries\" = 3 }".into(),
        ValueKind::Texts => "[\"power\", \"disk\"]".into(),
        ValueKind::Flag if setting.planned.as_deref() == Some("true") => "false".into(),
        ValueKind::Flag => "true".into(),
        ValueKind::Choice([first, second]) if setting.planned == Some(text(first)) => text(second),
        ValueKind::Choice([first, ..]) => text(first),
        other => panic!("{other:?} needs a control"),
    }
}

#[test]
fn every_live_key_is_offered_read_changed_and_read_again() {
    let (rabbitmq, kafka) = (scenario(), scenario_of(OF_KAFKA));
    let mut settings = all(&rabbitmq);
    change_each(&rabbitmq, &settings);
    for place in ["orders-0", "kafka"] {
        let own = kafka.live(0, named(&kafka, place));
        change_each(&kafka, &own);
        settings.extend(own);
    }
    let mirrors = scenario_of(OF_MIRRORS);
    let own = mirrors.live(0, named(&mirrors, "rabbitmq"));
    change_each(&mirrors, &own);
    settings.extend(own);
    for key in KEYS.iter().filter(|key| key.live) {
        assert!(settings.iter().any(|setting| setting.key == key), "{}", key.path);
    }
}

fn change_each(scenario: &Scenario, settings: &[LiveSetting]) {
    let mut runner = Runner::new(scenario, 0);
    runner.advance(at(2000), u64::MAX);
    for setting in settings {
        let path = &setting.path;
        if path != "load.users.rate" {
            assert_eq!(setting.present(runner.world()), setting.planned, "{path}");
        }
        let value = another(setting);
        let act = Act {
            at: at(2000),
            variants: None,
            what: What::Set {
                path: path.clone(),
                value: value.clone(),
            },
        };
        let commands = scenario.commands(0, &act).unwrap_or_else(|found| panic!("{found:#?}"));
        for command in commands {
            runner.world_mut().give(command, at(2000));
        }
        runner.advance(at(2000), u64::MAX);
        assert_eq!(setting.present(runner.world()), Some(value), "{path}");
    }
}

#[test]
fn the_rate_of_a_load_is_that_of_the_present_segment() {
    let scenario = scenario();
    let settings = scenario.live(0, named(&scenario, "users"));
    let rate = settings.iter().find(|setting| setting.path.ends_with("rate"));
    let rate = rate.expect("a load has a rate");
    let planned = "[[\"00:00:01\", \"10/s\"], [\"00:00:05\", \"20/s\"]]";
    assert_eq!(rate.planned.as_deref(), Some(planned));
    let mut runner = Runner::new(&scenario, 0);
    for (millis, expected) in [
        (500, None),
        (1000, Some("\"10/s\"")),
        (4999, Some("\"10/s\"")),
        (5000, Some("\"20/s\"")),
    ] {
        runner.advance(at(millis), u64::MAX);
        assert_eq!(rate.present(runner.world()).as_deref(), expected, "{millis}");
    }
}

#[test]
fn places_without_settings_have_none() {
    let scenario = scenario();
    assert_eq!(scenario.live(0, named(&scenario, "orders")), []);
    assert_eq!(scenario.live(0, PlaceId(9999)), []);
    let node = |name: &str| NodeId(named(&scenario, name).0);
    assert_eq!(scenario.live_link(0, node("users"), node("mysql")), []);
}

/// One delay for all connections with brokers, but for those with a link of
/// their own.
#[test]
fn the_general_latency_leaves_named_links_alone() {
    let scenario = scenario();
    let mut runner = Runner::new(&scenario, 0);
    let act = Act {
        at: SimTime::ZERO,
        variants: None,
        what: What::Set {
            path: "links.latency".into(),
            value: "9ms".into(),
        },
    };
    let commands = scenario.commands(0, &act).expect("it is a setting");
    // Two loads and a service have a connection with the broker.
    assert_eq!(commands.len(), 3);
    for command in commands {
        runner.world_mut().give(command, SimTime::ZERO);
    }
    runner.advance(SimTime::ZERO, u64::MAX);
    let node = |name: &str| NodeId(named(&scenario, name).0);
    for (a, b, expected) in [
        ("users", "rabbitmq", "\"9ms\""),
        ("writer", "rabbitmq", "\"9ms\""),
        ("writer", "mysql", "\"1ms\""),
        ("writer", "log", "\"0s\""),
    ] {
        for (a, b) in [(a, b), (b, a)] {
            let settings = scenario.live_link(0, node(a), node(b));
            let keys: Vec<&str> = settings.iter().map(|setting| setting.key.name()).collect();
            assert_eq!(keys, ["latency", "bandwidth", "loss"]);
            assert_eq!(
                settings[0].present(runner.world()).as_deref(),
                Some(expected),
                "{a} {b}"
            );
        }
    }
}
