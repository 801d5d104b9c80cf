//! What is done by hand is what the exported text says.

use mqlab_engine::Outcome;
use mqlab_kernel::{SimSpan, SimTime};
use mqlab_scenario::{Act, Runner, Scenario, What, parse, print, with_acts};
use proptest::prelude::*;

const TEXT: &str = r#"title = "By hand"
until = "2s"

[links]
latency = "exp(2ms)"

[link.db]
between = ["writer", "mysql"]
latency = "1ms"

[broker.rabbitmq]
queue.orders = {}
queue.mails = {}
exchange.shop = {}
binding = [{ exchange = "shop", queue = "orders", key = "eu" }]

[table.mysql]
capacity = "400/s"

[service.writer]
consume = { queue = "orders", prefetch = 5 }
workers = 2
steps = [{ work = "exp(4ms)" }, { insert = "mysql" }, "ack"]

[service.mailer]
consume = { queue = "mails" }
steps = [{ publish = "orders" }, "ack"]

[load.users]
to = "orders"
rate = "200/s"
arrivals = "poisson"
size = "uniform(100B, 1kB)"

[load.shops]
to = "shop"
rate = "20/s"
keys = ["eu", "us"]

[load.visitors]
to = "front"
rate = "9/s"

[service.front]

[[at]]
time = "700ms"
pause = "writer"

[[at]]
time = "900ms"
resume = "writer"

[variant.one]

[variant.two]
service.writer.workers = 1
"#;

fn scenario(text: &str) -> Scenario {
    let (scenario, found) = parse(text);
    scenario.unwrap_or_else(|| panic!("{found:#?}\n{text}"))
}

fn ms(millis: u64) -> SimTime {
    SimTime::ZERO + SimSpan::from_millis(millis)
}

fn act(at: SimTime, what: What) -> Act {
    Act {
        at,
        variants: None,
        what,
    }
}

/// Runs a variant and does the acts by hand where the clock stands at them.
fn by_hand(scenario: &Scenario, variant: usize, acts: &[Act]) -> u64 {
    let mut runner = Runner::new(scenario, variant);
    let mut sorted: Vec<&Act> = acts.iter().collect();
    sorted.sort_by_key(|act| act.at);
    for act in sorted {
        while runner.advance(act.at, 50) == Outcome::Budget {}
        for command in scenario.commands(variant, act).expect("the act is good") {
            runner.world_mut().give(command, act.at);
        }
    }
    runner.finish();
    runner.world().digest()
}

fn from_text(scenario: &Scenario, variant: usize) -> u64 {
    let mut runner = Runner::new(scenario, variant);
    runner.finish();
    runner.world().digest()
}

fn node() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["users", "shops", "rabbitmq", "writer", "mysql"]).prop_map(str::to_owned)
}

fn connection() -> impl Strategy<Value = (String, String)> {
    let ends = [
        ("users", "rabbitmq"),
        ("rabbitmq", "shops"),
        ("writer", "rabbitmq"),
        ("mysql", "writer"),
    ];
    prop::sample::select(ends.to_vec()).prop_map(|(a, b)| (a.to_owned(), b.to_owned()))
}

/// Some of the nodes in two groups.
fn groups() -> impl Strategy<Value = What> {
    let group = |all: Vec<(&str, u8)>, which: u8| {
        let ours = all.into_iter().filter(|(_, of)| *of == which);
        ours.map(|(name, _)| name.to_owned()).collect()
    };
    proptest::collection::vec(0u8..3, 4).prop_map(move |of| {
        let names = ["users", "rabbitmq", "writer", "mysql"].into_iter();
        let all: Vec<(&str, u8)> = names.zip(of).collect();
        What::Partition(vec![group(all.clone(), 0), group(all, 1)])
    })
}

fn what() -> impl Strategy<Value = What> {
    let load = prop::sample::select(vec!["users", "shops"]).prop_map(str::to_owned);
    let key = prop::sample::select(vec![
        None,
        Some("orders"),
        Some("mails"),
        Some("eu"),
        Some("nowhere"),
        Some(""),
    ]);
    let payload = prop::option::of(any::<String>());
    let setting = prop_oneof![
        (1u32..9).prop_map(|count| ("service.writer.workers", count.to_string())),
        (0u32..9).prop_map(|count| ("service.writer.consume.prefetch", count.to_string())),
        (0u32..9).prop_map(|millis| ("service.writer.steps.0.work", format!("\"{millis}ms\""))),
        (1u32..900).prop_map(|rate| ("load.users.rate", format!("\"{rate}/s\""))),
        (1u32..900).prop_map(|rate| ("table.mysql.capacity", format!("\"{rate}/s\""))),
        Just(("table.mysql.overload", "\"dies\"".to_owned())),
        Just(("service.writer.workers", "\"unlimited\"".to_owned())),
        Just(("load.users.arrivals", "\"even\"".to_owned())),
        Just(("load.shops.arrivals", "\"poisson\"".to_owned())),
        Just(("load.shops.persistent", "false".to_owned())),
        (0u32..200).prop_map(|count| ("load.users.count", count.to_string())),
        (0u32..9).prop_map(|millis| ("links.latency", format!("\"{millis}ms\""))),
        (0u32..9).prop_map(|millis| ("links.users.rabbitmq.latency", format!("\"{millis}ms\""))),
        (1u32..20).prop_map(|millis| ("link.db.latency", format!("\"exp({millis}ms)\""))),
        (0u32..40).prop_map(|percent| ("links.loss", format!("\"{percent}%\""))),
        (1u32..40).prop_map(|kilo| ("links.writer.rabbitmq.bandwidth", format!("\"{kilo}kB/s\""))),
        (1u32..20).prop_map(|millis| ("broker.rabbitmq.disk.sync", format!("\"{millis}ms\""))),
        (1u32..20).prop_map(|most| ("broker.rabbitmq.disk.batch", most.to_string())),
        (1u32..20).prop_map(|most| ("broker.rabbitmq.disk.bandwidth", format!("\"{most}MiB/s\""))),
    ];
    prop_oneof![
        2 => node().prop_map(What::Crash),
        1 => node().prop_map(What::PowerCut),
        1 => node().prop_map(What::DiskLost),
        1 => Just(What::DiskFull("rabbitmq".to_owned())),
        1 => Just(What::DiskFree("rabbitmq".to_owned())),
        1 => connection().prop_map(|(from, to)| What::CutOneWay { from, to }),
        1 => Just(What::HealAll),
        1 => groups(),
        3 => node().prop_map(What::Restart),
        1 => node().prop_map(What::Pause),
        2 => node().prop_map(What::Resume),
        3 => (load, 1u64..20, key, payload).prop_map(|(load, count, key, payload)| What::Publish {
            load,
            count,
            key: key.map(str::to_owned),
            payload,
        }),
        2 => connection().prop_map(|(a, b)| What::Cut { a, b }),
        2 => connection().prop_map(|(a, b)| What::Heal { a, b }),
        1 => prop::sample::select(vec!["orders", "mails"]).prop_map(|queue| What::Purge(queue.to_owned())),
        4 => setting.prop_map(|(path, value)| What::Set { path: path.to_owned(), value }),
    ]
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let variants = prop_oneof![
        3 => Just(None),
        1 => Just(Some(vec!["two".to_owned()])),
        1 => Just(Some(vec!["one".to_owned(), "two".to_owned()])),
    ];
    // Few instants, so that several acts share one; 700 ms has one of the text.
    let at = prop::sample::select(vec![0u64, 100, 350, 700, 701, 900, 1500]).prop_map(ms);
    let act = (at, variants, what()).prop_map(|(at, variants, what)| Act { at, variants, what });
    proptest::collection::vec(act, 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn a_run_with_acts_by_hand_is_the_run_of_the_exported_text(acts in acts()) {
        let scenario_by_hand = scenario(TEXT);
        let text = with_acts(TEXT, &acts);
        prop_assert_eq!(print(&text), text.clone());
        let exported = scenario(&text);
        for variant in 0..2 {
            prop_assert_eq!(by_hand(&scenario_by_hand, variant, &acts), from_text(&exported, variant));
        }
    }

    #[test]
    fn an_act_comes_back_from_its_text(acts in acts(), nanos in 0u64..10_000_000_000_000_000 ) {
        for mut act in acts {
            act.at = SimTime::from_nanos(nanos.min(SimTime::MAX.nanos()));
            let text = act.to_toml();
            prop_assert_eq!(print(&text), text.clone());
            prop_assert_eq!(Act::parse(&text), Ok(act));
        }
    }

    /// Whatever stands in the names and values of an act, its text is one
    /// entry and nothing else.
    #[test]
    fn no_text_breaks_out_of_an_act(path: String, value: String, name: String) {
        let whats = [
            What::Crash(name.clone()),
            What::Publish { load: name.clone(), count: 2, key: Some(value.clone()), payload: Some(path.clone()) },
            What::Cut { a: name.clone(), b: value.clone() },
            What::Purge(name.clone()),
            What::Set { path, value },
        ];
        let scenario = scenario(TEXT);
        for what in whats {
            let act = Act { at: ms(1), variants: Some(vec![name.clone()]), what };
            let read = Act::parse(&act.to_toml());
            if let Ok(read) = &read {
                prop_assert_eq!(Act::parse(&read.to_toml()), Ok(read.clone()));
            }
            prop_assert!(scenario.commands(0, &act).is_err());
        }
    }
}

#[test]
fn a_text_without_acts_stays_as_it_is() {
    assert_eq!(with_acts(TEXT, &[]), TEXT);
    assert_eq!(with_acts("title = 'x'", &[]), "title = 'x'");
}

#[test]
fn acts_stand_in_order_of_time_behind_everything_else() {
    let acts = [
        act(ms(1500), What::Restart("writer".into())),
        act(
            ms(500),
            What::Publish {
                load: "users".into(),
                count: 1,
                key: Some("a \"b\"".into()),
                payload: None,
            },
        ),
        Act {
            at: ms(500),
            variants: Some(vec!["two".into()]),
            what: What::Set {
                path: "load.users.rate".into(),
                value: "5/s".into(),
            },
        },
    ];
    let added = with_acts("title = \"x\"", &acts);
    assert_eq!(
        added,
        "title = \"x\"\n\n[[at]]\ntime = \"00:00:00.5\"\npublish = { load = \"users\", key = \"a \\\"b\\\"\" }\n\n\
         [[at]]\ntime = \"00:00:00.5\"\nvariant = \"two\"\nset = { \"load.users.rate\" = \"5/s\" }\n\n\
         [[at]]\ntime = \"00:00:01.5\"\nrestart = \"writer\"\n"
    );
}

/// TOML lets no `[[at]]` be added to `at = [..]`.
#[test]
fn acts_are_added_to_a_list_in_brackets_as_well() {
    let base = TEXT.split("[[at]]").next().expect("the text has entries");
    let acts = [
        act(ms(100), What::Crash("writer".into())),
        act(ms(200), What::Restart("writer".into())),
    ];
    for list in [
        "at = []",
        "at = [{ time = \"1s\", crash = \"mysql\" }]",
        "at = [\n  { time = \"1s\", crash = \"mysql\" }, # the end, not a comma: ,\n]",
        "at = [{ time = \"1s\", crash = \"mysql\" } # ]\n]",
        "\"at\"  = [ ] # ]",
    ] {
        let text = format!("{list}\n{base}");
        let before = scenario(&text);
        let added = scenario(&with_acts(&text, &acts));
        assert_eq!(
            added.variants[0].plan.commands.len(),
            before.variants[0].plan.commands.len() + 2
        );
        assert_eq!(by_hand(&before, 0, &acts), from_text(&added, 0));
    }
}

/// What is wrong with an act is what is wrong with the entry in the text.
#[test]
fn a_bad_act_gets_the_findings_of_the_text() {
    let set = |path: &str, value: &str| What::Set {
        path: path.into(),
        value: value.into(),
    };
    let publish = |load: &str, count| What::Publish {
        load: load.into(),
        count,
        key: None,
        payload: None,
    };
    let carry = |load: &str, count, key: &str, payload: &str| What::Publish {
        load: load.into(),
        count,
        key: Some(key.into()),
        payload: Some(payload.into()),
    };
    let cut = |a: &str, b: &str| What::Cut {
        a: a.into(),
        b: b.into(),
    };
    let scenario = scenario(TEXT);
    for what in [
        What::Crash("wrter".into()),
        What::Pause("orders".into()),
        What::Purge("writer".into()),
        cut("users", "mysql"),
        cut("users", "users"),
        cut("users", "orders"),
        carry("users", 1, &"k".repeat(256), ""),
        carry("users", 1, "", &"p".repeat(1025)),
        carry("users", 10_001, "", ""),
        carry("visitors", 1, "eu", ""),
        publish("writer", 1),
        publish("users", 0),
        publish("users", 1_000_000_000_000),
        set("service.writer.prefetch", "1"),
        set("service.writer.consume.prefetch", "70000"),
        set("service.writer.steps.1.work", "1ms"),
        set("load.users.rate", "often"),
        set("title", "\"x\""),
        set("link.wan.latency", "1ms"),
        set("links.users.mysql.latency", "1ms"),
        set("links.users.latency", "1ms"),
        set("links.latency", "soon"),
        set("service.writer.steps.0.confirm", "true"),
        set("load.users.count", "1000000000"),
        set("", "1"),
        set("load.users.rate", "1\n[[at]]"),
    ] {
        let act = act(ms(300), what);
        let wrong = scenario.commands(0, &act).expect_err("the act is bad");
        let (none, found) = parse(&with_acts(TEXT, std::slice::from_ref(&act)));
        assert!(none.is_none());
        let key = |found: &mqlab_scenario::Diagnostic| (found.code, found.message.clone(), found.help.clone());
        assert_eq!(
            wrong.iter().map(key).collect::<Vec<_>>(),
            found.iter().map(key).collect::<Vec<_>>()
        );
    }
}

/// A key by hand that names another queue takes the message there, and what
/// that queue's consumer makes of it goes on.
#[test]
fn a_message_by_hand_goes_where_its_key_says() {
    let acts = [
        act(
            ms(100),
            What::Publish {
                load: "users".into(),
                count: 3,
                key: Some("mails".into()),
                payload: Some("a letter".into()),
            },
        ),
        act(ms(500), What::Crash("mailer".into())),
        act(
            ms(600),
            What::Publish {
                load: "users".into(),
                count: 2,
                key: Some("mails".into()),
                payload: None,
            },
        ),
        act(ms(700), What::Purge("mails".into())),
    ];
    let ends: String = [
        "settled(mails) == 3",
        "accepted(mails) == 5",
        "purged(mails) == 2",
        "backlog(mails) == 0",
        "in_system(mails) == 0",
        "backlog(orders) == 0",
        "in_system(orders) == 0",
        "lost == 0",
        "unconfirmed_lost == 0",
        "offered(mailer) == 3",
    ]
    .iter()
    .map(|that| format!("[[expect]]\nvariant = \"one\"\nthat = \"{that}\"\n"))
    .collect();
    let text = TEXT.replace("rate = \"200/s\"", "rate = \"200/s\"\ncount = 10");
    let scenario = scenario(&format!("{}\n{ends}", with_acts(&text, &acts)));
    let mut runner = Runner::new(&scenario, 0);
    runner.finish();
    for (checked, expectation) in runner.results().iter().zip(&scenario.expectations) {
        assert!(checked.is_held(), "{}: {:?}", expectation.text, checked.state);
    }
}

#[test]
fn an_act_about_another_variant_does_nothing() {
    let scenario = scenario(TEXT);
    let act = |variant: &str| Act {
        at: ms(1),
        variants: Some(vec![variant.into()]),
        what: What::Crash("writer".into()),
    };
    assert_eq!(scenario.commands(0, &act("two")), Ok(Vec::new()));
    assert_eq!(scenario.commands(1, &act("two")).map(|commands| commands.len()), Ok(1));
    assert!(scenario.commands(0, &act("three")).is_err());
}

#[test]
fn a_text_that_is_no_single_act_is_refused() {
    for text in [
        "",
        "[[at]]",
        "[[at]]\ntime = \"1s\"",
        "[[at]]\ntime = \"1s\"\ncrash = \"a\"\n[[at]]\ntime = \"2s\"\ncrash = \"a\"",
        "[[at]]\ntime = \"1s\"\ncrash = \"a\"\npause = \"a\"",
        "[[at]]\ntime = \"1s\"\nset = { a = 1, b = 2 }",
        "title = \"x\"\n[[at]]\ntime = \"1s\"\ncrash = \"a\"",
        "at = 3",
        "at = [3]",
        "[[at]]\ntime = 1\ncrash = \"a\"",
        "[[at",
    ] {
        let found = Act::parse(text).expect_err("this is no act");
        assert!(!found.is_empty(), "{text}");
    }
}
