//! Faults in the text: what they come to, and what is said of mistakes.

use mqlab_brokers::rabbitmq::ConfirmWhen;
use mqlab_engine::plan::{BrokerPlan, Command, NodeKind, Plan, Wear};
use mqlab_kernel::{Bytes, Dist, SimSpan, Sizes};
use mqlab_model::{DiskPlan, NodeId};
use mqlab_scenario::{Runner, Scenario, parse, print};

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
    let NodeKind::Broker(BrokerPlan::Rabbit(config)) = &plan.nodes[0].kind else {
        panic!("it is a broker")
    };
    let disk = DiskPlan {
        seek: SimSpan::ZERO,
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
            "bad-value: `broker.rabbitmq.disk.interval`: `-1ms` is not a length of time such as \
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
fn connections_are_narrow_and_lossy() {
    let links = "[links]\nlatency = \"1ms\"\nbandwidth = \"1MiB/s\"\nloss = \"1%\"\n\
                 [link.db]\nbetween = [\"writer\", \"mysql\"]\nloss = \"50%\"\nresend = \"30ms\"\n";
    let plan = plan(&format!("{TEXT}{links}"));
    let found: Vec<_> = plan.links.iter().map(|link| (link.a, link.b, link.wear)).collect();
    let percent = |percent: u128| ((percent << 64) / 100) as u64;
    let general = Wear {
        bandwidth: Some(1 << 20),
        loss: percent(1),
        resend: SimSpan::from_millis(200),
        ..Wear::NONE
    };
    let named = Wear {
        bandwidth: None,
        loss: percent(50),
        resend: SimSpan::from_millis(30),
        ..Wear::NONE
    };
    assert_eq!(
        found,
        [
            (BROKER, WRITER, general),
            (BROKER, USERS, general),
            (WRITER, TABLE, named)
        ]
    );
    assert_eq!(plan.links[2].latency, Dist::Constant(SimSpan::ZERO));
    let (_, wrong) = parse(&format!("{TEXT}{}", links.replace("50%", "100%")));
    let wrong: Vec<String> = wrong.iter().map(|one| one.message.to_string()).collect();
    assert_eq!(wrong, ["100% would let nothing through: use `cut`"]);
    let (commands, found) = commands(&[
        "set.\"links.writer.mysql.loss\" = \"5%\"",
        "set.\"links.bandwidth\" = \"1kB/s\"",
    ]);
    assert_eq!(found, [""; 0]);
    assert_eq!(commands.len(), 3, "{commands:?}");
}

#[test]
fn a_power_cut_at_an_ideal_disk_is_worth_a_warning() {
    let text = TEXT.replace("disk =", "#");
    let entry = "[[at]]\ntime = \"1s\"\ncrash = \"rabbitmq\"\nkind = \"power\"\n";
    let (scenario, found) = parse(&format!("{text}{entry}"));
    assert!(scenario.is_some());
    assert_eq!(found.iter().map(|one| one.code).collect::<Vec<_>>(), ["ideal-disk"]);
}

const RANDOM: &str = r#"
[faults.random]
start = "500ms"
stop = "5s"
stable = "10ms"
crash = { rate = "30/m", lasts = "exp(100ms)", kinds = ["killed", "power"] }
pause = { rate = "30/m", lasts = "50ms" }
full_disk = { rate = "20/m" }

[faults.random.cut]
rate = "200/m"
lasts = "uniform(10ms, 300ms)"
one_way = "50%"

[faults.random.slow]
rate = "30/m"
latency = "exp(20ms)"

[faults.random.slow_disk]
rate = "30/m"
sync = "80ms"

# What becomes of it.
[[expect]]
that = "in_system(orders) == 0"
"#;

fn scenario(text: &str) -> Scenario {
    let (scenario, found) = parse(text);
    scenario.unwrap_or_else(|| panic!("{found:#?}"))
}

fn digest(scenario: &Scenario, variant: usize) -> u64 {
    let mut runner = Runner::new(scenario, variant);
    runner.finish();
    runner.world().digest()
}

#[test]
fn random_faults_are_drawn_within_their_time_and_end_with_it() {
    let scenario = scenario(&format!("{TEXT}{RANDOM}"));
    let commands = &scenario.variants[0].plan.at_random(1000).expect("they are few");
    let clock = |millis| mqlab_kernel::SimTime::ZERO + SimSpan::from_millis(millis);
    assert!(commands.len() > 20, "{}", commands.len());
    assert!(
        commands
            .iter()
            .all(|timed| (clock(500)..=clock(5_000)).contains(&timed.at))
    );
    assert!(commands.is_sorted_by_key(|timed| timed.at));
    let count = |is_it: fn(&Command) -> bool| commands.iter().filter(|timed| is_it(&timed.command)).count();
    let deaths = count(|command| matches!(command, Command::Crash(_) | Command::PowerCut(_)));
    assert_eq!(count(|command| matches!(command, Command::Restart(_))), deaths);
    assert!(count(|command| matches!(command, Command::Crash(_))) > 0);
    assert!(count(|command| matches!(command, Command::PowerCut(_))) > 0);
    assert!(count(|command| matches!(command, Command::CutOneWay { .. })) > 0);
    assert!(count(|command| matches!(command, Command::Cut { .. })) > 0);
    // Neither the table nor the load is concerned unless it is named.
    let touches = |node| {
        move |timed: &mqlab_engine::plan::TimedCommand| match timed.command {
            Command::Crash(at) | Command::PowerCut(at) | Command::Pause(at) => at == node,
            Command::Cut { a, b } => a == node || b == node,
            _ => false,
        }
    };
    assert!(!commands.iter().any(touches(TABLE)) && !commands.iter().any(touches(USERS)));
    let mut runner = Runner::new(&scenario, 0);
    runner.finish();
    assert!(!runner.has_failed(), "{:?}", runner.results());
    assert!(runner.world().hits().crashes.hit > 0);
}

/// A thing more changes nothing for the others, and neither does a variant.
#[test]
fn every_thing_has_a_stream_of_its_own() {
    let more = format!("{TEXT}[service.idle]\nsteps = []\n[load.others]\nto = \"idle\"\nrate = \"1/s\"\n{RANDOM}");
    let few = scenario(&format!("{TEXT}{RANDOM}"));
    let more = scenario(&more);
    let of = |scenario: &Scenario| scenario.random_acts(0);
    let without = |act: &mqlab_scenario::Act| !format!("{:?}", act.what).contains("idle");
    let others: Vec<_> = of(&more).into_iter().filter(without).collect();
    assert_eq!(others, of(&few));
    let named = RANDOM.replace("stable", "nodes = [\"writer\", \"mysql\"]\nstable");
    let named = of(&scenario(&format!("{TEXT}{named}")));
    assert!(named.iter().any(|act| format!("{:?}", act.what).contains("mysql")));
    assert!(!named.iter().any(|act| format!("{:?}", act.what).contains("rabbitmq")));
}

#[test]
fn what_happens_at_random_can_be_spelled_out() {
    let variants = "[variant.one]\n[variant.two]\nfaults.random.crash.rate = \"60/m\"\n";
    for text in [format!("{TEXT}{RANDOM}"), format!("{TEXT}{RANDOM}{variants}")] {
        let random = scenario(&text);
        let spelled = random.spelled_out(&text).expect("it has a header of its own");
        let plain = scenario(&spelled);
        assert!(!spelled.contains("faults.random]"), "{spelled}");
        assert!(print(&spelled).contains("[[at]]"));
        for variant in 0..random.variants.len() {
            assert_eq!(digest(&plain, variant), digest(&random, variant));
        }
        assert_eq!(plain.expectations.len(), 1);
    }
    let in_line = |key: &str| {
        let faults = format!("{key} = {{ stop = \"2s\", pause = {{ rate = \"60/m\" }} }}");
        let text = TEXT.replace("until =", &format!("{faults}\nuntil ="));
        scenario(&text).spelled_out(&text)
    };
    assert!(in_line("faults.random").is_some());
    assert_eq!(in_line("\"faults\".random"), None);
    assert_eq!(scenario(TEXT).spelled_out(TEXT).as_deref(), Some(TEXT));
}

#[test]
fn mistakes_in_random_faults_are_named() {
    for (from, to, expected) in [
        ("stop = \"5s\"", "", "missing-key: `faults.random` needs a `stop`"),
        (
            "stop = \"5s\"",
            "stop = \"100ms\"",
            "bad-value: `faults.random.stop` is not after `start`: nothing goes wrong",
        ),
        (
            "stop = \"5s\"",
            "stop = \"10s\"",
            "too-late: the run ends before everything is well again: nothing shows what becomes of it",
        ),
        (
            "\"power\"]",
            "\"powr\"]",
            "bad-value: `faults.random.crash.kinds`: there is no crash \"powr\"",
        ),
        (
            "\"50%\"",
            "\"150%\"",
            "bad-value: `faults.random.cut.one_way`: `150%` is not a percentage such as \"25%\"",
        ),
        (
            "{ rate = \"20/m\" }",
            "{ rate = \"0/s\" }",
            "bad-value: `faults.random.full_disk.rate`: the rate must be above zero",
        ),
        (
            "{ rate = \"20/m\" }",
            "{ rate = \"1000000/s\" }",
            "limit: `faults.random` comes to more than 10000 commands",
        ),
        (
            "latency = \"exp(20ms)\"",
            "",
            "missing-key: `faults.random.slow` needs a `latency`",
        ),
        (
            "stable = \"10ms\"",
            "nodes = [\"orders\"]",
            "unknown-name: `orders` is a queue, here a node is needed",
        ),
    ] {
        let (_, found) = parse(&format!("{TEXT}{}", RANDOM.replacen(from, to, 1)));
        let found: Vec<String> = found
            .iter()
            .map(|one| format!("{}: {}", one.code, one.message))
            .collect();
        assert_eq!(found, [expected], "{to}");
    }
}
