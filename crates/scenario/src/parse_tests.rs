//! Whole texts: what they become, and what is said about broken ones.

use crate::{Overrides, Position, Scenario, Severity, parse, parse_with};
use mqlab_brokers::rabbitmq::{self, QueueId};
use mqlab_engine::plan::{
    BrokerPlan, Command, KeyPlan, NodeKind, Setting, StepPlan, Subscription, Target, WatchKind, Workers,
};
use mqlab_kernel::{Dist, Rate, SimSpan, SimTime};
use mqlab_model::NodeId;

const DAY: &str = r#"
title = "Peak shaving: a day of traffic in front of MySQL"
rows  = ["A5", "A6", "A7"]
seed  = 7
until = "24h"

[broker.rabbitmq]
queue.orders = { durable = true }

[table.mysql]
capacity = "2000/s"
overload = "dies"

[service.writer]
consume  = { queue = "orders", prefetch = 1000 }
workers  = 1
steps    = [{ insert = "mysql" }, "ack"]

[load.users]
to   = "orders"
rate = [["00:00", "50/s"], ["12:00", "5000/s"], ["13:00", "50/s"]]

[variant.with-queue]

[variant.without-queue]
load.users.to  = "direct"
service.direct = { steps = [{ insert = "mysql" }] }

[[expect]]
variant = "without-queue"
that    = "died_at(mysql) == 12:00:00.4"

[[expect]]
variant = "with-queue"
at      = "13:00:00"
that    = "backlog(orders) == 10_800_000"

[[expect]]
variant = "with-queue"
that    = "drained(orders, 12:00) == 14:32:18.462"

[[expect]]
variant = "with-queue"
that    = "lost == 0"
row     = "A5"
"#;

/// A small text that is fine, for others to be put into.
const SMALL: &str = r#"
title = "Small"
until = "10s"
[broker.rabbitmq]
queue.orders = {}
exchange.shop = {}
[table.mysql]
[service.writer]
consume = { queue = "orders" }
steps = [{ work = "1ms" }, { insert = "mysql" }, "ack"]
[load.users]
to = "orders"
rate = "10/s"
"#;

fn good(text: &str) -> Scenario {
    let (scenario, found) = parse(text);
    assert!(found.is_empty(), "{found:#?}");
    scenario.expect("no findings, so there is a scenario")
}

/// Every finding as `line:column code: message`.
fn findings(text: &str) -> Vec<String> {
    let (_, found) = parse(text);
    found
        .iter()
        .map(|one| {
            let Position { line, column } = one.position(text);
            format!("{line}:{column} {}: {}", one.code, one.message)
        })
        .collect()
}

/// The findings of `SMALL` with something behind it, as `code: message`.
fn with(more: &str) -> Vec<String> {
    let (_, found) = parse(&format!("{SMALL}{more}"));
    found
        .iter()
        .map(|one| format!("{}: {}", one.code, one.message))
        .collect()
}

/// The findings of `SMALL` with one text replaced.
fn replaced(from: &str, to: &str) -> Vec<String> {
    assert!(SMALL.contains(from));
    findings(&SMALL.replacen(from, to, 1))
}

#[test]
fn the_day_becomes_two_plans() {
    let day = good(DAY);
    assert_eq!(
        (day.seed, day.rows.len(), day.variants.len(), day.expectations.len()),
        (7, 3, 2, 4)
    );
    let names = |variant: usize| -> Vec<&str> {
        day.variants[variant]
            .plan
            .nodes
            .iter()
            .map(|node| node.name.as_str())
            .collect()
    };
    assert_eq!(names(0), ["rabbitmq", "mysql", "writer", "users"]);
    assert_eq!(
        names(1),
        ["rabbitmq", "mysql", "writer", "users", "direct"],
        "what a variant adds comes last"
    );
    let plan = &day.variants[0].plan;
    assert_eq!(plan.until, SimTime::parse_clock("24:00").unwrap());
    let NodeKind::Service(writer) = &plan.nodes[2].kind else {
        panic!("a service")
    };
    assert_eq!(writer.workers, Workers::Count(1));
    assert_eq!(
        writer.consume.as_ref().map(|consume| &consume.subscription),
        Some(&Subscription::Rabbit(rabbitmq::Subscription {
            queue: QueueId(0),
            prefetch: 1000,
            automatic: false,
            exclusive: false,
        }))
    );
    assert_eq!(writer.steps, [StepPlan::Insert(NodeId(1)), StepPlan::Ack]);
    assert_eq!(plan.watches.len(), 1);
    assert!(matches!(plan.watches[0].kind, WatchKind::Drained(_)));
    assert!(day.variants[1].plan.watches.is_empty());
    let NodeKind::Load(load) = &day.variants[1].plan.nodes[3].kind else {
        panic!("a load")
    };
    assert_eq!(load.to, Target::Service(NodeId(4)));
    assert_eq!(load.arrivals.segments.len(), 3);
}

#[test]
fn defaults_are_those_of_the_table_of_keys() {
    let small = good(SMALL);
    assert_eq!((small.seed, small.variants[0].name.as_str()), (1, "default"));
    let plan = &small.variants[0].plan;
    let NodeKind::Load(load) = &plan.nodes[3].kind else {
        panic!("a load")
    };
    assert!(load.persistent && load.confirms && !load.arrivals.poisson && load.key == KeyPlan::None);
    let NodeKind::Broker(BrokerPlan::Rabbit(config)) = &plan.nodes[0].kind else {
        panic!("a broker")
    };
    assert!(config.queues[0].durable && config.exchanges.len() == 2);
}

#[test]
fn variants_merge_replace_and_remove() {
    let text = format!(
        "{SMALL}[variant.plain]\n[variant.slow]\nlinks.latency = \"1ms\"\nremove = [\"table.mysql\"]\n\
         service.writer.steps = [\"ack\"]\nservice.writer.consume.prefetch = 5\n"
    );
    let scenario = good(&text);
    let slow = &scenario.variants[1].plan;
    assert_eq!(slow.nodes.len(), scenario.variants[0].plan.nodes.len() - 1);
    assert_eq!(slow.links.len(), 2, "load and service, each with the broker");
    let service = slow.nodes.iter().find_map(|node| match &node.kind {
        NodeKind::Service(service) => Some(service),
        _ => None,
    });
    let consume = service.and_then(|service| service.consume.as_ref());
    let prefetch = consume.and_then(|consume| consume.subscription.prefetch());
    assert_eq!(prefetch, Some(5));
}

#[test]
fn an_exchange_takes_keys_and_bindings() {
    let text = SMALL.replace("to = \"orders\"", "to = \"shop\"\nkeys = [\"eu\", \"us\"]\nkey = \"in-turn\"").replace(
        "exchange.shop = {}",
        "exchange.shop = {}\nbinding = [{ exchange = \"shop\", queue = \"orders\" }, { exchange = \"shop\", queue = \"orders\", key = \"us\" }]",
    );
    let scenario = good(&text);
    let plan = &scenario.variants[0].plan;
    let NodeKind::Broker(BrokerPlan::Rabbit(config)) = &plan.nodes[0].kind else {
        panic!("a broker")
    };
    assert_eq!(config.keys, ["orders", "us", "eu"]);
    assert_eq!(config.bindings.len(), 2);
    let NodeKind::Load(load) = &plan.nodes[3].kind else {
        panic!("a load")
    };
    let KeyPlan::InTurn(keys) = &load.key else {
        panic!("keys in turn")
    };
    assert_eq!(keys.iter().map(|key| key.0).collect::<Vec<_>>(), [2, 1]);
}

#[test]
fn links_by_name_win_over_the_general_one() {
    let more = "[links]\nlatency = \"1ms\"\n[link.db]\nbetween = [\"writer\", \"mysql\"]\nlatency = \"exp(2ms)\"\n\
                [link.near]\nbetween = [\"rabbitmq\", \"writer\"]\nlatency = \"3ms\"\n";
    let scenario = good(&format!("{SMALL}{more}"));
    let links = &scenario.variants[0].plan.links;
    let of = |a: u16, b: u16| {
        links
            .iter()
            .find(|link| (link.a.0, link.b.0) == (a, b))
            .map(|link| link.latency)
    };
    assert_eq!(of(0, 3), Some(Dist::Constant(SimSpan::from_millis(1))));
    assert_eq!(of(0, 2), Some(Dist::Constant(SimSpan::from_millis(3))));
    assert!(matches!(of(1, 2), Some(Dist::Exponential { .. })));
    assert_eq!(links.len(), 3);
}

#[test]
fn commands_are_read_with_quoted_and_dotted_paths() {
    let more = r#"
[[at]]
time = "1s"
crash = "writer"
[[at]]
time = "00:00:02"
set = { "service.writer.consume.prefetch" = 10, service.writer.steps.0.work = "5ms", load.users.rate = "1/s" }
[[at]]
time = "3s"
publish = { load = "users", count = 10 }
"#;
    let scenario = good(&format!("{SMALL}{more}"));
    let commands: Vec<Command> = scenario.variants[0]
        .plan
        .commands
        .iter()
        .map(|timed| timed.command.clone())
        .collect();
    let work = Setting::Work {
        step: 0,
        takes: Dist::Constant(SimSpan::from_millis(5)),
    };
    assert_eq!(
        commands,
        [
            Command::Crash(NodeId(2)),
            Command::Set {
                node: NodeId(2),
                setting: Setting::Prefetch(10)
            },
            Command::Set {
                node: NodeId(2),
                setting: work
            },
            Command::Set {
                node: NodeId(3),
                setting: Setting::Rate(Rate::parse("1/s").unwrap())
            },
            Command::Publish {
                load: NodeId(3),
                count: 10,
                key: None,
                payload: None,
            },
        ]
    );
}

#[test]
fn all_mistakes_come_at_once_with_places_and_advice() {
    let text = "titel = \"x\"\nuntil = 24\n[load.users]\nto = \"order\"\nrate = \"5000\"\n[broker.rabbitmq]\nqueue.orders = { durabel = true }\n";
    assert_eq!(
        findings(text),
        [
            "1:1 missing-key: the scenario needs a `title`",
            "1:1 unknown-key: unknown key `titel`",
            "2:9 wrong-type: `until`: expected a clock time such as \"12:00:00\" or a length of time such as \"350ms\", found an integer",
            "4:6 unknown-name: there is nothing called `order`; here a queue, an exchange, a topic or a service is needed",
            "5:8 bad-value: `load.users.rate`: `5000` is a number without a unit, expected a rate such as \"5000/s\"",
            "7:18 unknown-key: unknown key `broker.rabbitmq.queue.orders.durabel`",
        ]
    );
    let (scenario, found) = parse(text);
    assert!(scenario.is_none());
    let helps: Vec<String> = found
        .iter()
        .filter_map(|one| Some(one.help.as_ref()?.to_string()))
        .collect();
    for help in [
        "did you mean `title`?",
        "did you mean `orders`?",
        "did you mean `durable`?",
    ] {
        assert!(helps.iter().any(|one| one == help), "{helps:?}");
    }
}

#[test]
fn broken_toml_is_reported_without_a_train_of_guesses() {
    let found = findings("title = \"x\nuntil = \"1s\"\n[load.users]\nto = \"orders\"\nrat = \"5/s\"\n");
    assert!(found[0].starts_with("1:"), "{found:?}");
    assert!(
        found.iter().any(|one| one.contains("unknown key `load.users.rat`")),
        "{found:?}"
    );
    assert!(!found.iter().any(|one| one.contains("orders")), "{found:?}");
}

#[test]
fn values_and_rules_are_checked() {
    for (from, to, message) in [
        (
            "\"10/s\"",
            "\"0/s\"",
            "13:8 bad-value: `load.users.rate`: the rate must be above zero",
        ),
        (
            "\"10/s\"",
            "[[\"1s\", \"1/s\"], [\"1s\", \"2/s\"]]",
            "13:25 segments: `load.users.rate`: the segments are not in order of time",
        ),
        (
            "until = \"10s\"\n",
            "",
            "12:8 endless: `load.users` never ends, and neither does the run",
        ),
        (
            "\"orders\" }",
            "\"mysql\" }",
            "9:21 unknown-name: `mysql` is a table, here a queue is needed",
        ),
        (
            "\"ack\"",
            "\"akc\"",
            "10:50 bad-step: `service.writer.steps`: there is no step \"akc\"",
        ),
        (
            "\"ack\"",
            "\"rollback\", \"ack\"",
            "10:50 bad-step: there is no transaction here that could end",
        ),
        (
            ", \"ack\"",
            "",
            "9:11 never-acknowledged: no step acknowledges: every delivery stays unacknowledged for ever",
        ),
        (
            "\"ack\"",
            "\"ack\", \"nack\"",
            "10:57 acknowledged-twice: a delivery can be acknowledged once; the broker would close the channel here",
        ),
        (
            "{ work = \"1ms\" }",
            "{ work = \"1ms\", takes = \"1s\" }",
            "10:26 bad-step: `takes` belongs to a `publish` step",
        ),
        (
            "{ work = \"1ms\" }",
            "{ publish = \"shop\" }",
            "10:22 keys: an exchange needs a `key` to route by",
        ),
        (
            "{ work = \"1ms\" }",
            "{ work = \"1ms\", insert = \"mysql\" }",
            "10:10 one-of: `service.writer.steps`: needs exactly one of `work`, `insert`, `update`, `delete`, `unless`, `claim`, `transaction`, `attempts`, `fail`, `publish`, `call`, `nack`, not 2 of them",
        ),
        (
            "to = \"orders\"",
            "to = \"shop\"",
            "12:6 keys: `load.users` publishes to an exchange and needs `keys`",
        ),
        (
            "[load.users]",
            "[load.mysql]",
            "11:7 duplicate-name: `mysql` is a table already; names are unique in a scenario",
        ),
        (
            "[load.users]",
            "[load.\"a b\"]",
            "11:7 bad-name: `a b` is no name: ' ' is neither a letter, a digit, nor one of `_ - .`",
        ),
        (
            "title = \"Small\"",
            "title = \"Small\"\nseed = -1",
            "3:8 out-of-range: `seed`: -1 is not between 0 and 9007199254740991",
        ),
        (
            "until = \"10s\"",
            "until = \"0s\"",
            "3:9 bad-value: `until`: nothing happens before the start; a run needs some time",
        ),
        (
            "title = \"Small\"",
            "title = \"Small\"\nrows = [\"A5\", \"x\"]",
            "3:15 bad-value: `rows`: `x` is not a row of the catalogue such as \"A5\"",
        ),
    ] {
        let found = replaced(from, to);
        assert!(
            found.iter().any(|one| one == message),
            "{to}\nexpected {message}\nfound {found:#?}"
        );
    }
}

#[test]
fn commands_and_expectations_are_checked_against_every_variant() {
    for (more, message) in [
        (
            "[[at]]\ntime = \"1s\"\n",
            "one-of: `at`: needs exactly one of `crash`, `restart`, `pause`, `resume`, `cut`, `partition`, `heal`, `lose`, `disk_full`, `disk_free`, `purge`, `move_leader`, `elect_preferred`, `seek`, `publish`, `set`, not 0 of them",
        ),
        (
            "[[at]]\ntime = \"10s\"\ncrash = \"mysql\"\n",
            "too-late: this is at the end of the run or later; it never happens",
        ),
        (
            "[[at]]\ntime = \"1s\"\nset.\"service.writer.prefetch\" = 1\n",
            "bad-setting: `service.writer.prefetch` cannot change during a run",
        ),
        (
            "[[at]]\ntime = \"1s\"\nset.\"service.writer.steps.1.work\" = \"1s\"\n",
            "bad-setting: `service.writer.steps.1.work` is no work step; steps count from 0",
        ),
        (
            "[[at]]\ntime = \"1s\"\nset.\"table.mysql.capacity\" = \"1s\"\n",
            "bad-value: `table.mysql.capacity`: `1s` is a length of time, expected a rate such as \"5000/s\"",
        ),
        (
            "[[expect]]\nthat = \"backlog(order) == 1\"\n",
            "unknown-subject: there is nothing called `order`",
        ),
        (
            "[[expect]]\nthat = \"rows(orders) == 1\"\n",
            "unknown-subject: `rows` is measured of a table; `orders` is something else",
        ),
        (
            "[[expect]]\nthat = \"backlog(writer) == 1\"\n",
            "unknown-subject: `backlog` is measured of a queue, or a service that is called; `writer` is something else",
        ),
        (
            "[[expect]]\nthat = \"lost == 0\"\nvariant = \"x\"\n",
            "unknown-variant: there is no variant `x`",
        ),
        (
            "[[expect]]\nthat = \"lost == 0\"\nat = \"11s\"\n",
            "too-late: 00:00:11 is after the end of the run (00:00:10); it would never be checked",
        ),
        (
            "[[expect]]\nthat = \"lost == 0\"\nat = \"1s\"\nalways = true\n",
            "one-of: `at` and `always` exclude each other",
        ),
        (
            "[variant.a]\n[variant.b]\nremove = [\"table.mysql\"]\n",
            "unknown-name: there is nothing called `mysql`; here a table is needed (in variant `b`)",
        ),
        (
            "[variant.a]\nload.users.to = \"nowhere\"\n",
            "unknown-name: there is nothing called `nowhere`; here a queue, an exchange, a topic or a service is needed",
        ),
        (
            "[variant.a]\ntitle = \"x\"\n",
            "shared-key: `title` is the same in every variant; write it outside",
        ),
        (
            "[variant.a]\nremove = [\"service.writter\"]\n",
            "unknown-name: there is no `service.writter` to remove",
        ),
        (
            "[variant.a]\nservice.writter.workers = 3\n",
            "new-name: this adds a new service `writter`",
        ),
    ] {
        let found = with(more);
        assert_eq!(found, [message], "{more}");
    }
}

#[test]
fn a_metric_of_some_variants_only_must_say_so() {
    let variants = "[variant.a]\nservice.extra = {}\n[variant.b]\n";
    let all = with(&format!("{variants}[[expect]]\nthat = \"deaths(extra) == 0\"\n"));
    assert_eq!(
        all,
        ["unknown-subject: there is nothing called `extra` (in variant `b`)"]
    );
    assert!(
        with(&format!(
            "{variants}[[expect]]\nvariant = \"a\"\nthat = \"deaths(extra) == 0\"\n"
        ))
        .is_empty()
    );
}

#[test]
fn circles_of_calls_are_refused() {
    let more = "[service.a]\nsteps = [{ call = \"b\" }]\n[service.b]\nsteps = [{ call = [\"c\"] }]\n[service.c]\nsteps = [{ call = \"b\" }]\n";
    assert_eq!(
        with(more),
        ["call-cycle: a circle of calls would wait for itself: b calls c calls b"]
    );
    let itself = "[service.a]\nsteps = [{ call = \"a\" }]\n";
    assert_eq!(
        with(itself),
        ["call-cycle: a circle of calls would wait for itself: a calls a"]
    );
}

#[test]
fn overrides_change_what_is_there() {
    let set = |path: &str, value: &str| {
        let overrides = Overrides {
            seed: Some(99),
            set: vec![(path.into(), value.into())],
        };
        parse_with(SMALL, &overrides)
    };
    let (scenario, found) = set("service.writer.workers", "3");
    assert!(found.is_empty());
    let scenario = scenario.unwrap();
    assert_eq!(scenario.seed, 99);
    let NodeKind::Service(writer) = &scenario.variants[0].plan.nodes[2].kind else {
        panic!("a service")
    };
    assert_eq!(writer.workers, Workers::Count(3));
    for (path, value) in [
        ("load.users.rate", "100/s"),
        ("service.writer.steps.0.work", "5ms"),
        ("links.latency", "\"1ms\""),
        ("until", "1m"),
    ] {
        assert!(set(path, value).1.is_empty(), "{path}: {:?}", set(path, value).1);
    }
    for (path, value, message) in [
        (
            "service.writter.workers",
            "3",
            "--set service.writter.workers: there is no `writter`",
        ),
        (
            "service.writer.wokers",
            "3",
            "--set service.writer.wokers: there is no key `wokers` here",
        ),
        (
            "service.writer.steps.9.work",
            "1ms",
            "--set service.writer.steps.9.work: `9` is no place in a list of 3; they count from 0",
        ),
        ("title", "x", "--set title: `title` cannot be set this way"),
        (
            "a=1\nb",
            "x",
            "--set a=1 b: this is no path such as service.writer.workers",
        ),
        (
            "service.writer.workers",
            "many",
            "`service.writer.workers`: expected a whole number such as 4, or \"unlimited\", found a text",
        ),
    ] {
        let (scenario, found) = set(path, value);
        assert!(scenario.is_none());
        assert_eq!(
            found.iter().map(|one| one.message.to_string()).collect::<Vec<_>>(),
            [message]
        );
    }
}

#[test]
fn limits_are_named() {
    let many = |count: usize, line: &dyn Fn(usize) -> String| (0..count).map(line).collect::<String>();
    for (more, message) in [
        (
            many(1_201, &|index| format!("[service.s{index}]\n")),
            "1205 nodes, the limit is 1200",
        ),
        (
            many(2_001, &|index| format!("[broker.rabbitmq.queue.q{index}]\n")),
            "2002 queues, the limit is 2000",
        ),
        (
            many(17, &|index| format!("[variant.v{index}]\n")),
            "17 variants, the limit is 16",
        ),
        (
            many(1_001, &|_| "[[expect]]\nthat = \"lost == 0\"\n".into()),
            "1001 entries of `expect`, the limit is 1000",
        ),
        (
            format!("[service.a]\nsteps = [{}]\n", "\"respond\", ".repeat(101)),
            "`service.a.steps` has 101 steps, the limit is 100",
        ),
        (
            format!("[service.a]\nsteps = [{}1{}]\n", "[".repeat(100), "]".repeat(100)),
            "tables and lists nest deeper than 64 levels here",
        ),
        (" ".repeat(1 << 20), "the text has 1048821 bytes, the limit is 1048576"),
        (
            "[service.a]\nworkers = 100_001\n".into(),
            "`service.a.workers`: 100001 is not between 1 and 100000",
        ),
        (
            "[load.big]\nto = \"orders\"\ncount = 600_000_000\n".into(),
            "`load.big` offers 600000000 messages, `limits.messages` is 500000000",
        ),
    ] {
        let (scenario, found) = parse(&format!("{SMALL}{more}"));
        assert!(scenario.is_none());
        assert!(
            found.iter().any(|one| one.message.to_string() == message),
            "expected {message}\nfound {found:#?}"
        );
        assert!(found.len() <= 100);
    }
}

#[test]
fn a_cascade_that_multiplies_its_sources_is_refused() {
    let cascade = |loads: usize, services: usize| {
        let mut text = String::from("title = \"t\"\n");
        for index in 0..=services {
            text += &format!("[broker.rabbitmq.queue.q{index}]\n");
        }
        for index in 0..loads {
            text += &format!("[load.l{index}]\nto = \"q0\"\n");
        }
        for index in 0..services {
            let next = index + 1;
            text += &format!(
                "[service.s{index}]\nconsume.queue = \"q{index}\"\nsteps = [{{ publish = \"q{next}\" }}, \"ack\"]\n"
            );
        }
        text
    };
    assert!(findings(&cascade(80, 50)).is_empty(), "4,080 sources");
    let found = findings(&cascade(81, 50));
    assert!(
        found[0].starts_with("1:1 limit: loads and publish steps make too many sources"),
        "{found:#?}"
    );
}

#[test]
fn warnings_do_not_stop_a_scenario() {
    let (scenario, found) = parse(&SMALL.replace(", \"ack\"", ""));
    assert!(scenario.is_some());
    assert_eq!(
        found.iter().map(|one| one.severity).collect::<Vec<_>>(),
        [Severity::Warning]
    );
}

/// Following the advice of a finding is the end of it.
#[test]
fn a_proposed_name_can_be_put_in() {
    let right = r#"title = "Names"
[broker.rabbitmq]
queue.orders = {}
[table.mysql]
[service.writer]
consume = { queue = "orders", prefetch = 5, ack = "auto" }
steps = [{ insert = "mysql" }]
[load.shop]
to = "orders"
arrivals = "poisson"
rate = "5/s"
count = 9
[variant.small]
service.writer.workers = 2
[[at]]
time = "1s"
set = { "service.writer.workers" = 3 }
[[expect]]
variant = "small"
that = "lost(orders) == 0"
"#;
    assert_eq!(parse(right).1, []);
    for (name, slip) in [
        ("count", "cuont"),
        ("prefetch", "prefech"),
        ("\"orders\"\narr", "\"oders\"\narr"),
        ("poisson", "posson"),
        ("\"service.writer.workers\"", "\"service.writer.wrokers\""),
        ("\"small\"", "\"smal\""),
        ("lost", "losd"),
        ("(orders)", "(oders)"),
        ("\"mysql\"", "'msyql'"),
        ("small]\nservice.writer", "small]\nservice.writre"),
    ] {
        let wrong = right.replacen(name, slip, 1);
        let (_, found) = parse(&wrong);
        let with = found
            .iter()
            .find_map(|finding| Some((finding, finding.replacement(&wrong)?)));
        let (finding, replacement) = with.unwrap_or_else(|| panic!("{slip}: {found:?}"));
        let mut mended = wrong.clone();
        mended.replace_range(finding.span.clone(), &replacement);
        assert_eq!(mended.replace('\'', "\""), right, "{slip}");
    }
}
