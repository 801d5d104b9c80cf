//! The life of a message, told from any of its parts.

use mqlab_engine::Trace;
use mqlab_kernel::SimTime;
use mqlab_model::{FactKind, MessageId};
use mqlab_scenario::life::{Born, Detail, Subject, life, message_name, told};
use mqlab_scenario::{Runner, Scenario, parse};

const TEXT: &str = r#"title = "Orders and mails"
until = "10s"

[broker.rabbitmq]
queue.orders = {}
queue.mails = {}

[service.orderer]
consume = { queue = "orders" }
steps = [{ work = "10ms" }, { publish = "mails" }, "ack"]

[service.mailer]
consume = { queue = "mails" }
steps = [{ work = "20ms" }, "ack"]

[load.shop]
to = "orders"
rate = "1/s"

[[at]]
time = "5500ms"
publish = { load = "shop", key = "mails", payload = "a \"letter\"" }

[[at]]
time = "6s"
cut = ["shop", "rabbitmq"]
"#;

fn runner() -> Runner {
    let (scenario, found) = parse(TEXT);
    let scenario: Scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
    Runner::new(&scenario, 0)
}

fn named(runner: &Runner, name: &str) -> Subject {
    Subject::parse(name, runner.world().sources()).expect("there is such a message")
}

#[test]
fn a_life_is_told_from_its_beginning_whichever_part_is_asked_for() {
    let mut runner = runner();
    let order = named(&runner, "shop#2");
    let mail = named(&runner, "orderer>mails#2");
    runner.world_mut().set_trace(Some(order.trace(1000)));
    runner.finish();
    let sources = runner.world().sources();
    let whole: Vec<_> = life(runner.world(), &order);
    let first = whole.first().expect("it has facts");
    assert_eq!((first.fact.kind, first.fact.message.number()), (FactKind::Offered, 2));
    assert!(whole.windows(2).all(|pair| pair[0].fact.at <= pair[1].fact.at));
    assert_eq!(told(runner.world()).count(), whole.len());

    let of_mail = life(runner.world(), &mail);
    assert!(!of_mail.is_empty() && of_mail.len() < whole.len());
    assert!(
        of_mail
            .iter()
            .all(|row| row.message.as_deref() == Some("orderer>mails#2"))
    );

    let made = of_mail[0].fact.message;
    assert_eq!(message_name(runner.world(), made), "orderer>mails#2");
    assert_eq!(Subject::whole(made, sources), order);
    assert_eq!(Subject::of(made, sources).sources, mail.sources);
    let from = first.fact.message;
    assert!(order.messages(sources).contains(&Born {
        message: made,
        from: Some(from)
    }));
    assert!(order.messages(sources).contains(&Born {
        message: from,
        from: None
    }));
    assert!(!order.has(MessageId::NONE));
}

#[test]
fn what_was_given_by_hand_is_told() {
    let mut runner = runner();
    runner.world_mut().set_trace(Some(Trace::new(None, 10_000)));
    runner.finish();
    let offered = told(runner.world()).find(|row| row.detail == Detail::OtherKey);
    let offered = offered.expect("a message was published with another key");
    assert_eq!(offered.payload.as_deref(), Some("a \"letter\""));
    assert_eq!(offered.remarks(), "with another key, carries \"a \\\"letter\\\"\"");
    let cut = told(runner.world())
        .find(|row| row.fact.kind == FactKind::Cut)
        .expect("it was cut");
    assert_eq!(
        (cut.place.as_str(), cut.remarks().as_str()),
        ("shop", "connection with rabbitmq")
    );
    let by_hand = life(
        runner.world(),
        &Subject::of(offered.fact.message, runner.world().sources()),
    );
    assert!(
        by_hand
            .iter()
            .any(|row| row.place == "mailer" && row.fact.kind == FactKind::Handled)
    );
    assert!(
        by_hand
            .iter()
            .all(|row| row.place != "orders" && row.fact.at < SimTime::MAX)
    );
}
