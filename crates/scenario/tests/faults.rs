//! Faults in the text: what they come to, and what is said of mistakes.

use mqlab_brokers::rabbitmq::ConfirmWhen;
use mqlab_engine::plan::{Command, NodeKind, Plan};
use mqlab_kernel::{Bytes, Dist, SimSpan, Sizes};
use mqlab_model::{DiskPlan, NodeId};
use mqlab_scenario::parse;

const TEXT: &str = r#"title = "Faults"
until = "10s"
[broker.rabbitmq]
queue.orders = {}
disk = { sync = "exp(5ms)", write = "10us", bandwidth = "1MiB/s", batch = 100, interval = "20ms" }
confirm = "synced"
[service.writer]
consume = { queue = "orders" }
steps = [{ insert = "mysql" }, "ack"]
[table.mysql]
[load.users]
to = "orders"
rate = "10/s"
size = "uniform(1KiB, 4KiB)"
"#;

const BROKER: NodeId = NodeId(0);
const WRITER: NodeId = NodeId(1);
const TABLE: NodeId = NodeId(2);
const USERS: NodeId = NodeId(3);

fn plan(text: &str) -> Plan {
    let (scenario, found) = parse(text);
    let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
    scenario.variants[0].plan.clone()
}

/// The commands of `[[at]]` entries, and what was found on the way.
fn commands(entries: &[&str]) -> (Vec<Command>, Vec<String>) {
    let entries: String = entries
        .iter()
        .map(|entry| format!("[[at]]\ntime = \"1s\"\n{entry}\n"))
        .collect();
    let (scenario, found) = parse(&format!("{TEXT}{entries}"));
    let commands = scenario.map(|scenario| scenario.variants[0].plan.commands.clone());
    let commands = commands.unwrap_or_default().into_iter().map(|timed| timed.command);
    let found = found.iter().map(|one| format!("{}: {}", one.code, one.message));
    (commands.collect(), found.collect())
}

#[test]
fn a_disk_and_sizes_are_read() {
    let plan = plan(TEXT);
    let NodeKind::Rabbit(config) = &plan.nodes[0].kind else {
        panic!("it is a broker")
    };
    let disk = DiskPlan {
        write: Dist::Constant(SimSpan::from_micros(10)),
        bandwidth: Some(1 << 20),
        sync: Dist::Exponential {
            mean: SimSpan::from_millis(5),
        },
        batch: Some(100),
        interval: SimSpan::from_millis(20),
    };
    assert_eq!((config.disk, config.confirm), (Some(disk), ConfirmWhen::Synced));
    let NodeKind::Load(load) = &plan.nodes[3].kind else {
        panic!("it is a load")
    };
    assert_eq!(Some(load.size), Sizes::parse("uniform(1KiB, 4KiB)"));
    assert_eq!(load.size.mean(), Bytes(2560));
}

#[test]
fn faults_become_commands() {
    let (commands, found) = commands(&[
        "crash = \"rabbitmq\"\nkind = \"killed\"",
        "crash = \"rabbitmq\"\nkind = \"power\"",
        "crash = \"writer\"\nkind = \"disk\"",
        "disk_full = \"rabbitmq\"",
        "disk_free = \"rabbitmq\"",
        "cut = { from = \"writer\", to = \"mysql\" }",
        "partition = [[\"users\", \"rabbitmq\"], [\"writer\", \"mysql\"]]",
        "partition = [[\"users\"], [\"rabbitmq\"], [\"writer\"]]",
        "heal = \"all\"",
    ]);
    assert_eq!(found, [""; 0]);
    let cut = |a, b| Command::Cut { a, b };
    let heal = |a, b| Command::Heal { a, b };
    assert_eq!(
        commands,
        [
            Command::Crash(BROKER),
            Command::PowerCut(BROKER),
            Command::DiskLost(WRITER),
            Command::FillDisk(BROKER),
            Command::FreeDisk(BROKER),
            Command::CutOneWay {
                from: WRITER,
                to: TABLE
            },
            cut(BROKER, WRITER),
            cut(BROKER, WRITER),
            cut(BROKER, USERS),
            heal(BROKER, WRITER),
            heal(BROKER, USERS),
            heal(WRITER, TABLE),
        ]
    );
}

#[test]
fn mistakes_are_named() {
    for (entry, expected) in [
        (
            "kind = \"power\"\nrestart = \"writer\"",
            "one-of: `at.kind` says what a `crash` is, and there is none here",
        ),
        (
            "crash = \"writer\"\nkind = \"fire\"",
            "bad-value: `at.kind`: expected \"killed\" or \"power\" or \"disk\", found \"fire\"",
        ),
        (
            "disk_full = \"mysql\"",
            "unknown-name: `mysql` is a table, here a broker is needed",
        ),
        (
            "cut = { from = \"users\", to = \"mysql\" }",
            "no-connection: `users` and `mysql` have no connection with each other",
        ),
        ("cut = { from = \"users\" }", "missing-key: `at.cut` needs a `to`"),
        (
            "cut = { from = \"users\", to = \"rabbitmq\", both = true }",
            "unknown-key: unknown key `at.cut.both`",
        ),
        (
            "partition = [[\"users\"]]",
            "bad-value: `at.partition`: expected at least two groups: a list of groups such as \
             [[\"users\", \"rabbitmq\"], [\"writer\"]]",
        ),
        (
            "partition = [[\"users\"], [\"writer\", \"users\"]]",
            "bad-value: `users` stands in the groups twice",
        ),
        (
            "partition = [[\"users\"], [\"writer\"]]",
            "no-connection: no connection is between these groups: nothing is cut",
        ),
        (
            "heal = \"everything\"",
            "bad-value: `at.heal`: expected the names of two nodes, such as [\"writer\", \"mysql\"]",
        ),
        (
            "set.\"broker.rabbitmq.disk.batch\" = 0",
            "out-of-range: `broker.rabbitmq.disk.batch`: 0 is not between 1 and 9007199254740991",
        ),
        (
            "set.\"broker.rabbitmq.disk.bandwidth\" = \"1MiB\"",
            "bad-value: `broker.rabbitmq.disk.bandwidth`: `1MiB` is a number of bytes, expected bytes per second \
             such as \"100MiB/s\"",
        ),
        (
            "set.\"broker.rabbitmq.confirm\" = \"written\"",
            "bad-setting: `broker.rabbitmq.confirm` cannot change during a run",
        ),
    ] {
        assert_eq!(commands(&[entry]).1, [expected], "{entry}");
    }
}

#[test]
fn values_of_disks_and_sizes_are_checked() {
    for (from, to, expected) in [
        (
            "\"1MiB/s\"",
            "\"0B/s\"",
            "bad-value: `broker.rabbitmq.disk.bandwidth`: the bandwidth must be above zero",
        ),
        (
            "\"20ms\"",
            "\"-1ms\"",
            "bad-value: `broker.rabbitmq.disk.interval`: `-1ms` is not one, expected a length of time such as \
             \"3ms\" or \"1h30m\"",
        ),
        (
            "\"uniform(1KiB, 4KiB)\"",
            "\"1024\"",
            "bad-value: `load.users.size`: `1024` is a number without a unit, expected a size such as \"1KiB\" or \
             a distribution such as \"exp(1KiB)\"",
        ),
        (
            "\"synced\"",
            "\"flushed\"",
            "bad-value: `broker.rabbitmq.confirm`: expected \"written\" or \"synced\", found \"flushed\"",
        ),
    ] {
        let (_, found) = parse(&TEXT.replace(from, to));
        let found: Vec<String> = found
            .iter()
            .map(|one| format!("{}: {}", one.code, one.message))
            .collect();
        assert_eq!(found, [expected], "{to}");
    }
}

#[test]
fn a_power_cut_at_an_ideal_disk_is_worth_a_warning() {
    let text = TEXT.replace("disk =", "#");
    let entry = "[[at]]\ntime = \"1s\"\ncrash = \"rabbitmq\"\nkind = \"power\"\n";
    let (scenario, found) = parse(&format!("{text}{entry}"));
    assert!(scenario.is_some());
    assert_eq!(found.iter().map(|one| one.code).collect::<Vec<_>>(), ["ideal-disk"]);
}
