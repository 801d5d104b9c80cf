//! Faults at random whose settings change while the run goes on.

use mqlab_engine::plan::TimedCommand;
use mqlab_engine::{History, Status, World};
use mqlab_kernel::{SimSpan, SimTime};
use mqlab_model::NodeId;
use mqlab_scenario::{Act, Runner, Scenario, Severity, What, parse, with_acts};
use proptest::prelude::*;

const TEXT: &str = r#"title = "A nemesis that changes its mind"
until = "12s"
seed = 5

[links]
latency = "exp(2ms)"

[broker.rabbitmq]
queue.orders = {}
confirm = "synced"
disk = { sync = "1ms" }

[table.mysql]

[service.writer]
consume = { queue = "orders", prefetch = 5 }
steps = [{ work = "exp(4ms)" }, { insert = "mysql" }, "ack"]

[load.users]
to = "orders"
rate = "100/s"
count = 500

[faults.random]
stop = "8s"
stable = "10ms"
crash = { rate = "60/m", lasts = "exp(100ms)", kinds = ["killed", "power"] }
pause = { rate = "60/m", lasts = "exp(100ms)" }
cut = { rate = "60/m", lasts = "exp(100ms)", one_way = "50%" }
slow = { rate = "30/m", lasts = "exp(200ms)", latency = "20ms" }
"#;

fn scenario(text: &str) -> Scenario {
    let (scenario, found) = parse(text);
    let errors: Vec<_> = found.iter().filter(|one| one.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    scenario.expect("there are no errors")
}

fn at(millis: u64) -> SimTime {
    SimTime::ZERO + SimSpan::from_millis(millis)
}

fn set(millis: u64, key: &str, value: &str) -> Act {
    Act {
        at: at(millis),
        variants: None,
        what: What::Set {
            path: format!("faults.random.{key}"),
            value: value.to_owned(),
        },
    }
}

/// The acts are done by hand, each where the clock stands.
fn by_hand(scenario: &Scenario, acts: &[Act]) -> World {
    let mut history = History::new(World::new(&scenario.variants[0].plan));
    for act in acts {
        history.run_until(act.at, u64::MAX);
        for command in scenario.commands(0, act).unwrap_or_else(|found| panic!("{found:#?}")) {
            history.give(command);
        }
    }
    history.run_until(SimTime::MAX, u64::MAX);
    history.run().clone()
}

fn whole(scenario: &Scenario) -> World {
    let mut runner = Runner::new(scenario, 0);
    runner.finish();
    runner.world().clone()
}

fn drawn(world: &World) -> Vec<TimedCommand> {
    world.at_random().cloned().collect()
}

/// All in all one of each kind of change.
const CHANGES: &[(&str, &str)] = &[
    ("on", "false"),
    ("on", "true"),
    ("start", "\"5s\""),
    ("stop", "\"3s\""),
    ("stop", "\"9s\""),
    ("stable", "\"500ms\""),
    ("nodes", "[\"writer\"]"),
    ("nodes", "[\"writer\", \"mysql\", \"rabbitmq\", \"users\"]"),
    ("crash.rate", "\"0/s\""),
    ("crash.rate", "\"5/s\""),
    ("crash.lasts", "\"10ms\""),
    ("crash.kinds", "[\"disk\"]"),
    ("pause.rate", "\"0.5/s\""),
    ("cut.one_way", "\"100%\""),
    ("cut.rate", "\"3/s\""),
    ("slow.latency", "\"60ms\""),
    ("slow_disk.sync", "\"50ms\""),
    ("slow_disk.rate", "\"2/s\""),
    ("skew.offset", "\"2s\""),
    ("skew.rate", "\"2/s\""),
    ("loss.share", "\"40%\""),
    ("loss.rate", "\"2/s\""),
    ("full_disk.rate", "\"1/s\""),
];

#[test]
fn what_has_begun_stays_and_the_rest_is_drawn_anew() {
    let scenario = scenario(TEXT);
    let before = drawn(&whole(&scenario));
    let until_then = |all: &[TimedCommand]| -> Vec<TimedCommand> {
        all.iter().filter(|timed| timed.at <= at(2000)).cloned().collect()
    };
    for (key, value) in CHANGES {
        let act = set(2000, key, value);
        let after = drawn(&by_hand(&scenario, std::slice::from_ref(&act)));
        assert_eq!(until_then(&before), until_then(&after), "{key} = {value}");
        let is_said = !matches!(
            *key,
            "slow_disk.sync" | "slow_disk.rate" | "skew.offset" | "skew.rate" | "loss.share" | "loss.rate"
        ) && (*key, *value) != ("on", "true");
        if is_said {
            assert_ne!(before, after, "{key} = {value}");
        }
    }
}

#[test]
fn a_kind_more_or_less_shifts_no_other() {
    let scenario = scenario(TEXT);
    let of = |acts: &[Act]| {
        let world = by_hand(&scenario, acts);
        let acts = scenario.drawn_acts(0, &mut world.at_random());
        let cuts = acts
            .into_iter()
            .filter(|act| matches!(act.what, What::Cut { .. } | What::CutOneWay { .. } | What::Heal { .. }));
        cuts.collect::<Vec<_>>()
    };
    let cuts = of(&[]);
    assert!(cuts.len() > 20, "{}", cuts.len());
    let others = [
        set(1000, "crash.rate", "\"0/s\""),
        set(2000, "pause.rate", "\"5/s\""),
        set(3000, "skew.offset", "\"1s\""),
        set(3000, "skew.rate", "\"5/s\""),
        set(4000, "crash.kinds", "[\"disk\"]"),
    ];
    assert_eq!(of(&others), cuts);
    // Twice as many from then on, and the first of them sooner.
    let more = of(&[set(2000, "cut.rate", "\"120/m\"")]);
    let next = |cuts: &[Act]| cuts.iter().map(|act| act.at).find(|then| *then > at(2000));
    assert!(
        more.len() > cuts.len() && next(&more) <= next(&cuts),
        "{} {}",
        more.len(),
        cuts.len()
    );
}

#[test]
fn off_lets_what_has_begun_end_and_a_stop_ends_it() {
    let scenario = scenario(TEXT);
    let off = by_hand(&scenario, &[set(2000, "on", "false")]);
    assert_eq!(off.metric(&lost()), mqlab_engine::Value::Count(0));
    let begun = drawn(&off).iter().filter(|timed| timed.at > at(2000)).count();
    let stopped = by_hand(&scenario, &[set(2000, "stop", "\"1s\"")]);
    let late = drawn(&stopped).into_iter().filter(|timed| timed.at > at(2000));
    let late: Vec<_> = late.collect();
    assert_eq!(late.len(), begun, "each of them ends");
    assert!(
        late.iter().all(|timed| timed.at == at(2000) + SimSpan::from_nanos(1)),
        "{late:?}"
    );
    // For a while, and as before again.
    let paused = [set(2000, "on", "false"), set(4000, "on", "true")];
    let again = drawn(&by_hand(&scenario, &paused));
    assert!(again.iter().any(|timed| timed.at > at(4000)));
    let between = again.iter().filter(|timed| timed.at > at(2000) && timed.at <= at(4000));
    assert_eq!(between.count(), begun);
}

fn lost() -> mqlab_engine::Metric {
    mqlab_engine::Metric {
        kind: mqlab_engine::MetricKind::Lost,
        place: None,
        argument: mqlab_engine::Argument::None,
    }
}

/// An act at the very instant at which something random ends comes after it, by hand
/// and in the text.
#[test]
fn what_is_done_by_hand_comes_after_what_happens_at_random() {
    let scenario = scenario(TEXT);
    let act = Act {
        at: at(8000),
        variants: None,
        what: What::Crash("writer".into()),
    };
    let text = TEXT.replace("\"exp(100ms)\"", "\"100s\"");
    let long = self::scenario(&text);
    for (scenario, text) in [(scenario, TEXT), (long, text.as_str())] {
        let hand = by_hand(&scenario, std::slice::from_ref(&act));
        let written = self::scenario(&with_acts(text, std::slice::from_ref(&act)));
        assert_eq!(hand.digest(), whole(&written).digest());
        let spelled = written.spelled_out(&with_acts(text, std::slice::from_ref(&act)));
        let spelled = self::scenario(&spelled.expect("it has a header of its own"));
        assert_eq!(hand.digest(), whole(&spelled).digest());
    }
}

#[test]
fn a_text_with_changes_can_be_spelled_out() {
    let acts = [set(2000, "crash.rate", "\"5/s\""), set(3000, "nodes", "[\"writer\"]")];
    let text = with_acts(TEXT, &acts);
    let changed = scenario(&text);
    let spelled = changed.spelled_out(&text).expect("every entry is about chance");
    assert!(!spelled.contains("faults.random"), "{spelled}");
    assert_eq!(whole(&scenario(&spelled)).digest(), whole(&changed).digest());
}

#[test]
fn mistakes_are_named() {
    for (set, expected) in [
        (
            "\"faults.random.crash.rte\" = \"1/s\"",
            "bad-setting: `faults.random.crash.rte` cannot change during a run",
        ),
        (
            "\"faults.random.crash\" = \"1/s\"",
            "bad-setting: `faults.random.crash` cannot change during a run",
        ),
        ("\"faults.random.crash.rate\" = \"-1/s\"", "is not a rate"),
        ("\"faults.random.loss.share\" = \"100%\"", "would let nothing through"),
        ("\"faults.random.cut.one_way\" = \"101%\"", "is not a percentage"),
        ("\"faults.random.crash.lasts\" = \"-1s\"", "is not a"),
        (
            "\"faults.random.nodes\" = [\"writr\"]",
            "there is nothing called `writr`",
        ),
        ("\"faults.random.crash.kinds\" = []", "needs at least one kind"),
        (
            "\"faults.random.crash.kinds\" = [\"fire\"]",
            "there is no crash \"fire\"",
        ),
        (
            "\"faults.random.crash.rate\" = \"1000000/s\"",
            "comes to more than 10000 commands",
        ),
        (
            "\"faults.random.skew.rate\" = \"1/s\"",
            "missing-key: `faults.random.skew.rate`: nothing happens until there is a `skew.offset`",
        ),
    ] {
        let text = format!("{TEXT}[[at]]\ntime = \"2s\"\nset = {{ {set} }}\n");
        let (_, found) = parse(&text);
        let said: Vec<String> = found
            .iter()
            .map(|one| format!("{}: {}", one.code, one.message))
            .collect();
        assert!(said.iter().any(|one| one.contains(expected)), "{set}: {said:#?}");
        let begin = text.find("[[at]]").expect("it is there");
        assert!(found.iter().all(|one| one.span.start > begin), "{set}: {found:#?}");
    }
    let (_, found) = parse(&format!(
        "{}[[at]]\ntime = \"2s\"\nset = {{ \"faults.random.on\" = false }}\n",
        TEXT.split("[faults.random]")
            .next()
            .expect("it begins with something else")
    ));
    assert_eq!(
        found[0].message.to_string(),
        "`faults.random.on`: there is no `[faults.random]` here"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever is changed and when: by hand it is the same run as in the text, in one
    /// go, in pieces, and after a way back.
    #[test]
    fn changes_by_hand_are_the_run_of_the_text(
        seed in 1u64..1000,
        mut picked in prop::collection::vec((0u64..9000, 0..CHANGES.len()), 0..6),
    ) {
        picked.sort_by_key(|(millis, _)| *millis);
        let acts: Vec<Act> = picked.iter().map(|(millis, index)| {
            let (key, value) = CHANGES[*index];
            set(*millis, key, value)
        }).collect();
        let text = TEXT.replace("seed = 5", &format!("seed = {seed}"));
        let plain = scenario(&text);
        let written = scenario(&with_acts(&text, &acts));
        let expected = whole(&written);
        let hand = by_hand(&plain, &acts);
        prop_assert_eq!(hand.digest(), expected.digest());
        let list = written.variants[0].plan.at_random(10_000).expect("they are few");
        prop_assert_eq!(&drawn(&hand), &list);
        prop_assert_eq!(&drawn(&expected), &list);
        // Whatever went wrong is well again in the end.
        for node in (0..expected.node_count() as u16).map(NodeId) {
            prop_assert_eq!(expected.status(node), Status::Up);
        }

        // Undone, the run is what it was.
        let mut history = History::new(World::new(&plain.variants[0].plan));
        for act in &acts {
            history.run_until(act.at, u64::MAX);
            for command in plain.commands(0, act).expect("they are settings") {
                history.give(command);
            }
        }
        history.run_until(at(11_000), u64::MAX);
        history.set_acts(Vec::new());
        history.run_until(SimTime::MAX, u64::MAX);
        prop_assert_eq!(history.run().digest(), whole(&plain).digest());
    }
}
