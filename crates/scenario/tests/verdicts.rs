//! Every verdict has a run that shows it, with its first fact where it is about
//! something that happened, and a run beside it, one setting away, that does
//! not.

use mqlab_brokers::rabbitmq::Bug;
use mqlab_engine::plan::{BrokerPlan, NodeKind, Plan};
use mqlab_engine::{Verdict, VerdictKind, World};
use mqlab_kernel::SimTime;
use mqlab_model::FactKind;
use mqlab_scenario::{Overrides, parse_with};

/// A run that shows a verdict, and what makes it innocent.
struct Case {
    kind: VerdictKind,
    text: &'static str,
    /// How often it is shown.
    count: u64,
    /// What the first fact that shows it is; `None` where it is about what does
    /// not happen.
    first: Option<FactKind>,
    /// Settings with which it is not.
    innocent: &'static [(&'static str, &'static str)],
    /// What is wrong with the broker; nothing where it is innocent.
    bug: Option<Bug>,
}

/// Ten orders at once, 10 ms each, for a worker that dies at 35 ms and is back
/// at 1 s.
const CRASH: &str = r#"
until = "10s"
broker.rabbitmq.queue.orders = {}
table.rows = {}
load.shop = { to = "orders", burst = 10 }
[service.worker]
consume = { queue = "orders", prefetch = 5 }
steps = [{ work = "10ms" }, { insert = "rows" }, "ack"]
[[at]]
time = "35ms"
crash = "worker"
[[at]]
time = "1s"
restart = "worker"
"#;

/// An order of which a copy is made 10 ms later, looked up there after 5 ms.
const COPY: &str = r#"
until = "10s"
broker.rabbitmq.queue = { paid = {}, questions = {} }
table.orders = {}
table.copy = { expects = "orders" }
table.answers = {}
load.shop = { to = "paid", burst = 1 }
[service.writer]
consume = { queue = "paid", prefetch = 1 }
steps = [{ insert = "orders" }, { publish = "questions" }, { work = "10ms" }, { insert = "copy" }, "ack"]
[service.reader]
consume = { queue = "questions", prefetch = 1 }
steps = [{ work = "5ms" }, { unless = "copy", steps = [{ insert = "answers" }] }, "ack"]
"#;

/// An order is announced before the transaction is over in which it is written.
const EARLY: &str = r#"
until = "10s"
broker.rabbitmq.queue.paid = {}
table.orders = {}
load.users = { to = "shop", burst = 1 }
[service.shop]
steps = [{ transaction = [{ insert = "orders" }, { publish = "paid" }, { work = "10ms" }] }]
[service.ledger]
consume = { queue = "paid", prefetch = 1, expects = "orders" }
steps = ["ack"]
"#;

/// Ten orders in a queue, which the broker hands out once more.
const AGAIN: &str = r#"
until = "10s"
broker.rabbitmq.queue.orders = {}
load.shop = { to = "orders", rate = "100/s", count = 50 }
[service.worker]
consume = { queue = "orders", prefetch = 5 }
steps = [{ work = "1ms" }, "ack"]
[[at]]
time = "100ms"
crash = "worker"
[[at]]
time = "1s"
restart = "worker"
"#;

fn cases() -> Vec<Case> {
    use VerdictKind as Kind;
    let case = |kind, text, count, first, innocent| Case {
        kind,
        text,
        count,
        first,
        innocent,
        bug: None,
    };
    vec![
        case(
            Kind::Lost,
            // The broker has not synced what it has confirmed.
            r#"
until = "10s"
[broker.rabbitmq]
queue.orders = {}
disk = { sync = "50ms" }
confirm = "written"
[load.shop]
to = "orders"
burst = 10
[[at]]
time = "10ms"
crash = "rabbitmq"
kind = "power"
"#,
            10,
            Some(FactKind::Destroyed),
            &[("broker.rabbitmq.confirm", "\"synced\"")],
        ),
        case(
            Kind::UnconfirmedLost,
            r#"
until = "10s"
broker.rabbitmq.queue.orders = {}
load.shop = { to = "orders", burst = 10, confirms = false, persistent = false }
[[at]]
time = "1s"
crash = "rabbitmq"
"#,
            10,
            Some(FactKind::Destroyed),
            &[("load.shop.persistent", "true")],
        ),
        case(
            Kind::Duplicated,
            // The crash comes between the row and the acknowledgement.
            r#"
until = "10s"
broker.rabbitmq.queue.orders = {}
table.rows = {}
load.shop = { to = "orders", burst = 1 }
[service.worker]
consume = { queue = "orders", prefetch = 1 }
steps = [{ insert = "rows" }, { work = "10ms" }, "ack"]
[[at]]
time = "5ms"
crash = "worker"
[[at]]
time = "1s"
restart = "worker"
"#,
            1,
            Some(FactKind::Written),
            &[(
                "service.worker.steps",
                "[{ work = \"10ms\" }, { insert = \"rows\" }, \"ack\"]",
            )],
        ),
        case(
            Kind::Reordered,
            r#"
until = "10s"
broker.rabbitmq.queue.orders = {}
table.rows = {}
load.shop = { to = "orders", burst = 2 }
[service.worker]
consume = { queue = "orders", prefetch = 2 }
steps = [{ fail = "first 1" }, { insert = "rows" }, "ack"]
on_failure = ["nack"]
"#,
            1,
            Some(FactKind::Written),
            &[("service.worker.consume.prefetch", "1")],
        ),
        case(
            Kind::DeliveredAgain,
            CRASH,
            5,
            Some(FactKind::Received),
            &[("until", "\"500ms\"")],
        ),
        case(
            Kind::Overloaded,
            r#"
until = "2s"
table.mysql = { capacity = "100/s", overload = "dies" }
load.users = { to = "shop", rate = "200/s" }
[service.shop]
steps = [{ insert = "mysql" }]
"#,
            1,
            Some(FactKind::Down),
            &[("table.mysql.capacity", "\"200/s\"")],
        ),
        case(
            Kind::Stuck,
            r#"
until = "1s"
broker.rabbitmq.queue = { orders = {}, others = {} }
load.shop = { to = "orders", burst = 3 }
[service.worker]
consume = { queue = "others" }
steps = ["ack"]
"#,
            3,
            None,
            &[("service.worker.consume.queue", "\"orders\"")],
        ),
        case(
            Kind::Inconsistent,
            r#"
until = "10s"
broker.rabbitmq.queue.orders = {}
table.rows = { expects = "shop" }
load.shop = { to = "orders", burst = 1 }
[service.worker]
consume = { queue = "orders", prefetch = 1 }
steps = [{ insert = "rows" }, { work = "1ms" }, { insert = "rows" }, "ack"]
"#,
            1,
            Some(FactKind::Written),
            &[("service.worker.steps", "[{ insert = \"rows\" }, \"ack\"]")],
        ),
        case(
            Kind::StaleRead,
            COPY,
            1,
            Some(FactKind::Absent),
            &[(
                "service.reader.steps",
                "[{ work = \"15ms\" }, { unless = \"copy\", steps = [{ insert = \"answers\" }] }, \"ack\"]",
            )],
        ),
        case(
            Kind::Skipped,
            // Three are done, a worker is at the fourth, and six wait there.
            r#"
until = "10s"
broker.rabbitmq.queue.orders = {}
load.shop = { to = "orders", burst = 10 }
[service.worker]
consume = { queue = "orders", ack = "auto" }
steps = [{ work = "10ms" }]
[[at]]
time = "35ms"
crash = "worker"
[[at]]
time = "1s"
restart = "worker"
"#,
            6,
            Some(FactKind::Aborted),
            &[
                ("service.worker.consume.ack", "\"manual\""),
                ("service.worker.steps", "[{ work = \"10ms\" }, \"ack\"]"),
            ],
        ),
        case(
            Kind::NonMonotonic,
            CRASH,
            4,
            Some(FactKind::Dispatched),
            &[("service.worker.consume.prefetch", "1")],
        ),
        case(
            Kind::OverDelivered,
            EARLY,
            1,
            Some(FactKind::Received),
            &[(
                "service.shop.steps",
                "[{ transaction = [{ insert = \"orders\" }, { work = \"10ms\" }] }, { publish = \"paid\" }]",
            )],
        ),
        case(
            Kind::Starved,
            r#"
until = "10s"
broker.rabbitmq.queue.orders = {}
load.shop = { to = "orders", burst = [["1s", 10]] }
[service.first]
consume = { queue = "orders", prefetch = 0 }
steps = [{ work = "100ms" }, "ack"]
[service.second]
consume = { queue = "orders", prefetch = 0 }
steps = [{ work = "100ms" }, "ack"]
[[at]]
time = "0s"
crash = "second"
[[at]]
time = "1100ms"
restart = "second"
"#,
            1,
            None,
            &[("service.first.consume.prefetch", "2")],
        ),
        case(
            Kind::Expired,
            // Whoever claims a message has it for 10 ms, and needs 20.
            r#"
until = "10s"
broker.rabbitmq.queue.orders = {}
table.claims = { expires = "10ms" }
table.rows = {}
load.shop = { to = "orders", burst = 1 }
[service.worker]
consume = { queue = "orders", prefetch = 1 }
steps = [{ claim = "claims", steps = [{ work = "20ms" }, { insert = "rows" }] }, "ack"]
"#,
            1,
            Some(FactKind::Deleted),
            &[("table.claims.expires", "\"30ms\"")],
        ),
        case(
            Kind::Unknown,
            // Three are done.
            r#"
until = "35ms"
broker.rabbitmq.queue.orders = {}
load.shop = { to = "orders", burst = 10 }
[service.worker]
consume = { queue = "orders", prefetch = 1 }
steps = [{ work = "10ms" }, "ack"]
"#,
            7,
            None,
            &[("until", "\"10s\"")],
        ),
        Case {
            bug: Some(Bug::RedeliversAfterAck),
            ..case(Kind::Phantom, AGAIN, 1, Some(FactKind::Dispatched), &[])
        },
    ]
}

fn verdict(case: &Case, set: &[(&str, &str)], bug: Option<Bug>) -> Verdict {
    let set = set
        .iter()
        .map(|(path, value)| ((*path).to_owned(), (*value).to_owned()))
        .collect();
    let text = format!("title = \"{}\"\n{}", case.kind.name(), case.text);
    let (scenario, found) = parse_with(&text, &Overrides { seed: None, set });
    let scenario = scenario.unwrap_or_else(|| panic!("{}: {found:#?}", case.kind.name()));
    let mut plan: Plan = scenario.variants[0].plan.clone();
    for node in &mut plan.nodes {
        if let NodeKind::Broker(BrokerPlan::Rabbit(config)) = &mut node.kind {
            config.bug = bug;
        }
    }
    let mut world = World::new(&plan);
    world.run_until(SimTime::MAX, u64::MAX);
    let mut verdicts = world.verdicts();
    verdicts
        .find(|verdict| verdict.kind == case.kind)
        .expect("every kind is judged")
}

#[test]
fn every_verdict_is_given_where_it_is_due_and_nowhere_else() {
    let cases = cases();
    let mut wrong = Vec::new();
    for kind in VerdictKind::ALL {
        let case = cases.iter().find(|case| case.kind == *kind);
        let case = case.unwrap_or_else(|| panic!("nothing shows `{}`", kind.name()));
        let guilty = verdict(case, &[], case.bug);
        if (guilty.count, guilty.first.map(|fact| fact.kind)) != (case.count, case.first) {
            wrong.push(format!("guilty, and {guilty:?}"));
        }
        let innocent = verdict(case, case.innocent, None);
        if (innocent.count, innocent.first) != (0, None) {
            wrong.push(format!("innocent, and {innocent:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(cases.len(), VerdictKind::ALL.len());
}
