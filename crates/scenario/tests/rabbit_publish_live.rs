//! What a load says with each publish to RabbitMQ may change while it runs: each new
//! message carries the new value, and those before keep what they had.

mod common;

use common::{assert_said_with_help, findings, holds, sets_and_expects};
use mqlab_scenario::{LiveSetting, Runner, Scenario, parse};

/// Every case with classic and quorum queues, with one node and in a cluster.
fn case(broker: &str, rest: &str, sets: &[(&str, &str)], expects: &[&str]) {
    for kind in ["classic", "quorum"] {
        for nodes in ["nodes = 1", "nodes = 3\nlatency = \"1ms\""] {
            let queue = if kind == "classic" {
                "max_priority = 10"
            } else {
                "type = \"quorum\""
            };
            let broker = format!("{nodes}\nqueue.a = {{ {queue} }}\nqueue.b = {{ type = \"{kind}\" }}\n{broker}");
            holds(&text(&broker, rest, sets, expects));
        }
    }
}

fn text(broker: &str, rest: &str, sets: &[(&str, &str)], expects: &[&str]) -> String {
    let changes = sets_and_expects("", sets, expects);
    format!(
        "title = \"Live\"\nuntil = \"40s\"\n[table.rows]\n[broker.rabbitmq]\nversion = \"4.2\"\n{broker}\n\
         {rest}\n{changes}"
    )
}

const SHOP: &str = "[load.shop]\nto = \"a\"\nburst = [[\"1s\", 4], [\"10s\", 4]]\n";

#[test]
fn a_priority_is_that_of_what_comes_from_then_on() {
    let rest = "[load.shop]\nto = \"a\"\nburst = [[\"1s\", 10], [\"3.5s\", 2]]\n\
                [service.worker]\nconsume = { queue = \"a\", prefetch = 1 }\nsteps = [{ work = \"1s\" }, \"ack\"]\n";
    // One is handled each second. In the order of their coming the last of the first ten
    // waits for nine seconds; if the other two go first, for eleven.
    let goes_first = ["wait_max(a) >= 11s", "wait_max(a) < 11.1s"];
    case("", rest, &[("2s", "load.shop.priority = 9")], &goes_first);
    let in_order = ["wait_max(a) >= 9s", "wait_max(a) < 9.1s"];
    case("", rest, &[("3.6s", "load.shop.priority = 9")], &in_order);
}

#[test]
fn an_expiration_is_that_of_what_comes_from_then_on() {
    let rest = "[service.worker]\nconsume = { queue = \"a\", prefetch = 4 }\nworkers = 4\n\
                steps = [{ work = \"1m\" }, \"ack\"]";
    let expects = [
        "unacked(a) == 4 at 4.9s",
        "ready(a) == 4 at 11.9s",
        "ttl_expired(a) == 4 at 12.1s",
    ];
    let rest = format!("{SHOP}{rest}");
    case("", &rest, &[("5s", "load.shop.expiration = \"2s\"")], &expects);
    let late = ["ttl_expired(a) == 0", "ready(a) == 4"];
    case("", &rest, &[("10.1s", "load.shop.expiration = \"2s\"")], &late);
}

#[test]
fn headers_are_those_of_what_comes_from_then_on() {
    let broker = "exchange.x = { type = \"headers\" }\n\
                  binding = [{ exchange = \"x\", queue = \"a\", headers = { kind = \"one\" } }, \
                  { exchange = \"x\", queue = \"b\", headers = { kind = \"two\", urgent = true } }]";
    let rest = "[load.shop]\nto = \"x\"\nheaders = { kind = \"one\" }\n\
                burst = [[\"1s\", 4], [\"10s\", 4], [\"20s\", 4], [\"30s\", 1]]\n";
    let sets = [
        ("5s", "load.shop.headers = { kind = \"two\", urgent = true }"),
        ("15s", "load.shop.headers = { kind = \"one\" }"),
        ("25s", "load.shop.headers = {}"),
    ];
    let expects = [
        "ready(a) == 4 at 9s",
        "ready(b) == 4 at 11s",
        "ready(a) == 8 at 21s",
        "ready(a) == 8",
        "ready(b) == 4",
        "unroutable(rabbitmq) == 1",
    ];
    case(broker, rest, &sets, &expects);
}

/// What is on its way has the delay that it was given.
#[test]
fn a_delay_is_that_of_what_comes_from_then_on() {
    let rest = "[load.shop]\nto = \"x\"\ndelay = \"1s\"\nburst = [[\"1s\", 4], [\"10s\", 4]]\n\
                [links]\nlatency = \"100ms\"\n";
    let broker = "exchange.x = { type = \"fanout\", delayed = true }\nbinding = [{ exchange = \"x\", queue = \"a\" }]";
    let expects = [
        "ready(a) == 4 at 2.2s",
        "ready(a) == 4 at 14.9s",
        "ready(a) == 8 at 15.2s",
    ];
    let sets = [("1.05s", "load.shop.delay = \"5s\"")];
    case(broker, rest, &sets, &expects);
}

#[test]
fn what_cannot_be_routed_comes_back_from_then_on() {
    let broker = "exchange.x = { type = \"direct\" }";
    let rest = "[load.shop]\nto = \"x\"\nkeys = [\"nobody\"]\nburst = [[\"1s\", 4], [\"10s\", 4], [\"20s\", 1]]\n";
    let sets = [
        ("5s", "load.shop.mandatory = true"),
        ("15s", "load.shop.mandatory = false"),
    ];
    let expects = [
        "returned(shop) == 0 at 9s",
        "returned(shop) == 4 at 11s",
        "returned(shop) == 4",
    ];
    case(broker, rest, &sets, &expects);
}

/// What was published before is never confirmed, and what comes then counts from 1.
#[test]
fn a_channel_can_be_put_into_confirm_mode() {
    let rest = "[load.shop]\nto = \"a\"\nconfirms = false\nburst = [[\"1s\", 4], [\"10s\", 4], [\"20s\", 3]]\n\
                [links]\nlatency = \"100ms\"\n";
    // The first one is confirmed before anything of the queue is.
    let sets = [("10.05s", "load.shop.confirms = true")];
    let expects = [
        "confirmed(shop) == 0 at 19s",
        "outstanding(shop) == 0 at 19s",
        "outstanding(shop) == 3 at 20.1s",
        "confirmed(shop) == 3",
        "outstanding(shop) == 0",
        "ready(a) == 11",
    ];
    case("", rest, &sets, &expects);
}

/// `confirm.select` stands behind what is not read yet.
#[test]
fn what_is_not_read_is_not_confirmed_by_a_later_select() {
    let rest = "[load.shop]\nto = \"a\"\nconfirms = false\nburst = [[\"10s\", 4], [\"20s\", 3]]\n\
                [[at]]\ntime = \"5s\"\ndisk_full = \"rabbitmq\"\n[[at]]\ntime = \"30s\"\ndisk_free = \"rabbitmq\"\n";
    let sets = [("15s", "load.shop.confirms = true")];
    let expects = [
        "ready(a) == 0 at 25s",
        "outstanding(shop) == 3 at 25s",
        "confirmed(shop) == 3",
        "outstanding(shop) == 0",
        "ready(a) == 7",
    ];
    for kind in ["classic", "quorum"] {
        let broker = format!("queue.a = {{ type = \"{kind}\" }}");
        holds(&text(&broker, rest, &sets, &expects));
    }
}

/// A channel that is opened anew is in confirm mode from its beginning, and what is lost
/// with a connection is refused from then on.
#[test]
fn confirm_mode_outlives_a_connection() {
    let rest = "[load.shop]\nto = \"a\"\nconfirms = false\nburst = [[\"1s\", 4], [\"20s\", 3]]\n\
                [[at]]\ntime = \"5s\"\ncrash = \"rabbitmq\"\n[[at]]\ntime = \"12s\"\nrestart = \"rabbitmq\"\n";
    let sets = [("8s", "load.shop.confirms = true")];
    let broker = "queue.a = {}";
    holds(&text(
        broker,
        rest,
        &sets,
        &["confirmed(shop) == 3", "ready(a) == 7", "lost == 0"],
    ));
}

/// What is lost on its way is refused when the connection closes, if it was published in
/// confirm mode.
#[test]
fn what_is_lost_on_its_way_is_refused_from_then_on() {
    let rest = "[load.shop]\nto = \"a\"\nconfirms = false\nburst = [[\"1s\", 1], [\"10s\", 1]]\n\
                [[at]]\ntime = \"0.5s\"\nlose = { between = [\"shop\", \"rabbitmq\"], what = \"publish\" }\n\
                [[at]]\ntime = \"9s\"\nlose = { between = [\"shop\", \"rabbitmq\"], what = \"publish\" }\n";
    let sets = [("8s", "load.shop.confirms = true")];
    let expects = [
        "refused(shop) == 1",
        "unconfirmed_lost == 1",
        "lost == 0",
        "ready(a) == 0",
    ];
    holds(&text("queue.a = {}", rest, &sets, &expects));
}

fn live(text: &str) -> (Scenario, Vec<LiveSetting>) {
    let (scenario, found) = parse(text);
    let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
    let world = Runner::new(&scenario, 0);
    let places = world.world().places();
    let load = places
        .iter()
        .find(|(_, place)| place.name == "shop")
        .expect("there is a load");
    let settings = scenario.live(0, load.0);
    (scenario, settings)
}

/// What a control of the page shows: the value of the plan, and the present one.
#[test]
fn they_are_shown_as_they_are_written() {
    let broker = "exchange.x = { type = \"headers\", delayed = true }\nqueue.a = {}";
    let load = "[load.shop]\nto = \"x\"\nconfirms = false\nexpiration = \"2s\"\nburst = [[\"1s\", 4]]\n";
    let sets = [
        ("5s", "load.shop.priority = 7"),
        (
            "5s",
            "load.shop.headers = { kind = \"a \\\"b\\\"\", urgent = true, size = 3 }",
        ),
        ("5s", "load.shop.delay = \"exp(1s)\""),
        ("5s", "load.shop.mandatory = true"),
        ("5s", "load.shop.confirms = true"),
        ("6s", "load.shop.expiration = \"1m\""),
    ];
    let (scenario, settings) = live(&text(broker, load, &sets, &[]));
    let mut runner = Runner::new(&scenario, 0);
    runner.finish();
    let shown = |key: &str| {
        let setting = settings.iter().find(|one| one.path == format!("load.shop.{key}"));
        let setting = setting.unwrap_or_else(|| panic!("{key} is not live"));
        (setting.planned.clone(), setting.present(runner.world()))
    };
    let both = |planned: &str, present: &str| (Some(planned.to_owned()), Some(present.to_owned()));
    assert_eq!(shown("priority"), both("0", "7"));
    assert_eq!(shown("expiration"), both("\"2s\"", "\"1m\""));
    let headers = "{ \"kind\" = \"a \\\"b\\\"\", \"urgent\" = true, \"size\" = 3 }";
    assert_eq!(shown("headers"), (None, Some(headers.to_owned())));
    assert_eq!(shown("delay"), both("\"0s\"", "\"exp(1s)\""));
    assert_eq!(shown("mandatory"), both("false", "true"));
    assert_eq!(shown("confirms"), both("false", "true"));
}

#[test]
fn what_cannot_change_says_why() {
    let said = |load: &str, set: &str, words: &[&str]| {
        let broker = "queue.a = {}\nexchange.x = { type = \"fanout\" }\n\
                      [broker.kafka]\nlatency = \"1ms\"\ntopic.orders = {}\n[service.desk]\nsteps = []";
        let rest = format!("[load.shop]\n{load}\nrate = \"1/s\"\n");
        assert_said_with_help(&text(broker, &rest, &[("5s", set)], &[]), words);
    };
    let to_queue = "to = \"a\"";
    said(
        to_queue,
        "load.shop.confirms = false",
        &["bad-setting", "confirm.select"],
    );
    said(
        to_queue,
        "load.shop.delay = \"1s\"",
        &["bad-setting", "`delayed` exchange"],
    );
    let unconfirmed = "to = \"a\"\nconfirms = false";
    said(
        unconfirmed,
        "load.shop.confirms = false",
        &["bad-setting", "confirm.select"],
    );
    said(unconfirmed, "load.shop.confirms = 1", &["wrong-type", "true or false"]);
    said(to_queue, "load.shop.priority = 256", &["out-of-range", "255"]);
    said(
        to_queue,
        "load.shop.expiration = \"1.5us\"",
        &["bad-value", "milliseconds"],
    );
    said(to_queue, "load.shop.expiration = 7", &["wrong-type", "length of time"]);
    said(to_queue, "load.shop.headers = 7", &["wrong-type", "headers"]);
    said(to_queue, "load.shop.headers = { a = [] }", &["wrong-type"]);
    said(
        to_queue,
        "load.shop.mandatory = \"yes\"",
        &["wrong-type", "true or false"],
    );
    said("to = \"orders\"", "load.shop.priority = 3", &["bad-setting", "Kafka"]);
    said(
        "to = \"desk\"",
        "load.shop.priority = 3",
        &["bad-setting", "a call is not published"],
    );
}

/// Of a load whose target is unknown that is said, and not that it calls somebody.
#[test]
fn a_load_that_goes_nowhere_is_no_caller() {
    let text = "title = \"t\"\nuntil = \"9s\"\n[broker.rabbitmq]\nqueue.orders = {}\n[load.shop]\nto = \"order\"\nrate = \"1/s\"\n\
                [[at]]\ntime = \"5s\"\nset = { \"load.shop.confirms\" = true }\n";
    let (_, found) = parse(text);
    let codes: Vec<&str> = found.iter().map(|one| one.code).collect();
    assert_eq!(codes, ["unknown-name"], "{found:#?}");
}

/// A setting of headers may be written with dots.
#[test]
fn headers_can_be_written_with_dots() {
    let dotted = "[[at]]\ntime = \"5s\"\nset.load.shop.headers.kind = \"two\"\n";
    let broker = "exchange.x = { type = \"headers\" }\nqueue.b = {}\n\
                  binding = [{ exchange = \"x\", queue = \"b\", headers = { kind = \"two\" } }]";
    let rest = format!("[load.shop]\nto = \"x\"\nburst = [[\"10s\", 4]]\n{dotted}");
    let text = text(broker, &rest, &[], &["ready(b) == 4"]);
    assert_eq!(findings(&text), Vec::<String>::new());
    holds(&text);
}
