//! Exchanges, queues with arguments, and consumers that ask: what goes where,
//! and what is said of that which does not fit.

mod common;

use common::{assert_said, findings, holds};

/// A node with these definitions, a load with those keys, and a consumer of the
/// queue `a`.
fn world(broker: &str, load: &str, consume: &str, expectations: &[&str]) -> String {
    let expect = |that: &&str| format!("[[expect]]\nthat = \"{that}\"\n");
    let expectations: String = expectations.iter().map(expect).collect();
    format!(
        "title = \"Rabbit\"\nuntil = \"60s\"\n[table.rows]\n[load.shop]\n{load}\n\
         [service.worker]\nconsume = {{ queue = \"a\"{consume} }}\nsteps = [{{ insert = \"rows\" }}, \"ack\"]\n\
         [broker.rabbitmq]\n{broker}\n{expectations}"
    )
}

const QUEUES: &str = "queue.a = {}\nqueue.b = {}\n";
const TO_A: &str = "to = \"a\"\nburst = 4";
const TO_X: &str = "to = \"x\"\nburst = 4\nkeys = [\"k\"]";

fn bound(kind: &str, binding: &str) -> String {
    format!("{QUEUES}exchange.x = {{ type = \"{kind}\" }}\nexchange.y = {{}}\nbinding = [{binding}]")
}

#[test]
fn a_blind_exchange_needs_no_keys() {
    let fanout = bound("fanout", "{ exchange = \"x\", queue = \"a\" }");
    holds(&world(&fanout, "to = \"x\"\nburst = 4", "", &["rows(rows) == 4"]));
    let direct = bound("direct", "{ exchange = \"x\", queue = \"a\" }");
    assert_said(
        &world(&direct, "to = \"x\"\nburst = 4", "", &[]),
        &["keys", "needs `keys`"],
    );
}

#[test]
fn headers_are_compared_with_their_types() {
    let wanted = "{ exchange = \"x\", queue = \"a\", headers = { n = 1, f = true } }";
    let sent = |headers: &str| format!("to = \"x\"\nburst = 4\nheaders = {headers}");
    let with = |headers: &str, rows: &str| world(&bound("headers", wanted), &sent(headers), "", &[rows]);
    holds(&with("{ n = 1, f = true, more = \"m\" }", "rows(rows) == 4"));
    holds(&with("{ n = \"1\", f = true }", "rows(rows) == 0"));
    holds(&with("{ f = true }", "rows(rows) == 0"));
    assert_said(&with("{ n = 1.5 }", "rows(rows) == 0"), &["wrong-type", "headers"]);
    assert_said(&with("{ n = [1] }", "rows(rows) == 0"), &["wrong-type", "headers"]);
}

#[test]
fn a_binding_leads_to_one_thing() {
    for (binding, words) in [
        (
            "{ exchange = \"x\", queue = \"a\", to = \"y\" }",
            &["bad-binding", "only one"][..],
        ),
        ("{ exchange = \"x\" }", &["bad-binding", "has one"]),
        ("{ exchange = \"x\", to = \"a\" }", &["unknown-name", "an exchange"]),
        (
            "{ exchange = \"x\", queue = \"a\", match = \"any\" }",
            &["bad-binding", "no effect"],
        ),
    ] {
        assert_said(&world(&bound("direct", binding), TO_X, "", &[]), words);
    }
    let own = "{ exchange = \"x\", queue = \"a\", headers = { x-match = \"any\" } }";
    assert_said(
        &world(&bound("headers", own), TO_X, "", &[]),
        &["bad-binding", "beside its headers"],
    );
    let twice = "{ exchange = \"x\", queue = \"a\", key = \"k\" }, { exchange = \"x\", queue = \"a\", key = \"k\" }";
    assert_said(&world(&bound("direct", twice), TO_X, "", &[]), &["duplicate-binding"]);
}

#[test]
fn some_versions_take_few_hashes() {
    let pattern = bound("topic", "{ exchange = \"x\", queue = \"a\", key = \"#.k.#.#\" }");
    assert_said(&world(&pattern, TO_X, "", &[]), &["bad-binding", "3 words `#`"]);
    let older = format!("version = \"4.2\"\n{pattern}");
    holds(&world(&older, TO_X, "", &["rows(rows) == 4"]));
}

#[test]
fn what_leads_nowhere_comes_back_if_it_is_wanted() {
    let nowhere = bound("direct", "{ exchange = \"x\", queue = \"a\", key = \"other\" }");
    let wanted = format!("{TO_X}\nmandatory = true");
    holds(&world(
        &nowhere,
        &wanted,
        "",
        &[
            "returned(shop) == 4",
            "confirmed(shop) == 4",
            "unroutable(rabbitmq) == 4",
        ],
    ));
    holds(&world(&nowhere, TO_X, "", &["returned(shop) == 0"]));
    assert_said(
        &world(QUEUES, "to = \"worker\"\nburst = 1\nmandatory = true", "", &[]),
        &["mandatory", "no effect"],
    );
}

#[test]
fn arguments_that_do_not_fit_are_said() {
    let queue = |arguments: &str| format!("queue.b = {{}}\nqueue.a = {{ {arguments} }}");
    for (arguments, words) in [
        ("delivery_limit = 3", &["queue-type", "quorum"][..]),
        ("type = \"quorum\", max_priority = 3", &["queue-type", "classic"]),
        ("overflow = \"reject-publish\"", &["queue-length", "max_length"]),
        ("dead_letter_key = \"k\"", &["dead-letter", "dead_letter"]),
        (
            "dead_letter = \"b\", dead_letter_key = \"k\"",
            &["dead-letter", "no effect"],
        ),
        ("dead_letter = \"nowhere\"", &["unknown-name", "a queue or an exchange"]),
        ("dead_letter = \"worker\"", &["unknown-name", "a service"]),
    ] {
        assert_said(&world(&queue(arguments), TO_A, "", &[]), words);
    }
}

#[test]
fn a_sender_with_a_window_goes_on_after_a_refusal() {
    let full = "queue.a = {}\nqueue.b = { max_length = 2, overflow = \"reject-publish\" }";
    let load = "to = \"b\"\nburst = 5\nwindow = 1";
    holds(&world(
        full,
        load,
        "",
        &["confirmed(shop) == 2", "refused(shop) == 3", "held(shop) == 0"],
    ));
}

#[test]
fn who_handles_dead_letters_may_publish_them_again() {
    let broker = "queue.a = {}\nqueue.b = { message_ttl = \"1s\", dead_letter = \"c\" }\nqueue.c = {}";
    let text = world(
        broker,
        "to = \"b\"\nburst = 4",
        "",
        &[
            "rows(rows) == 4",
            "row_at(rows) == 3s",
            "lost == 0",
            "dead_lettered(b) == 4",
        ],
    );
    holds(&format!(
        "{text}\n[service.clerk]\nconsume = {{ queue = \"c\" }}\nworkers = 4\nsteps = [{{ work = \"2s\" }}, {{ publish = \"a\" }}, \"ack\"]\n"
    ));
}

#[test]
fn a_consumer_that_asks_gets_everything_in_time() {
    // At 0 s there is nothing yet; at 10 s it takes all four, one by one.
    let load = "to = \"a\"\nburst = [[\"3s\", 4]]";
    holds(&world(
        QUEUES,
        load,
        ", every = \"10s\"",
        &[
            "row_at(rows, 1) == 10s",
            "row_at(rows, 4) == 10s",
            "empty_answers(a) == 6",
        ],
    ));
    // 0 s to 3 s, and then every 15 s: 18 s, 33 s, 48 s.
    holds(&world(
        QUEUES,
        load,
        ", hold = \"15s\"",
        &["row_at(rows, 4) == 3s", "empty_answers(a) == 3", "unacked(a) == 0"],
    ));
}

#[test]
fn a_consumer_that_asks_comes_back_after_a_crash() {
    let load = "to = \"a\"\nrate = \"1/s\"\ncount = 30";
    for how in [", every = \"2s\"", ", hold = \"15s\""] {
        let text = world(QUEUES, load, how, &["rows(rows) == 30", "lost == 0"]);
        let faults = [
            ("5500ms", "crash = \"worker\""),
            ("8500ms", "restart = \"worker\""),
            ("12500ms", "crash = \"rabbitmq\""),
            ("12600ms", "restart = \"rabbitmq\""),
        ];
        let faults: String = faults
            .iter()
            .map(|(time, what)| format!("[[at]]\ntime = \"{time}\"\n{what}\n"))
            .collect();
        holds(&format!("{text}{faults}"));
    }
}

#[test]
fn asking_goes_with_little_else() {
    for (consume, words) in [
        (", every = \"1s\", hold = \"1s\"", &["polling", "not both"][..]),
        (", every = \"1s\", prefetch = 3", &["polling", "no effect"]),
        (", hold = \"0s\"", &["bad-value", "above zero"]),
    ] {
        assert_said(&world(QUEUES, TO_A, consume, &[]), words);
    }
    let asks = world(QUEUES, TO_A, ", hold = \"1s\"", &[]);
    let merged = asks.replace("steps = [", "merge = { wait = \"1s\" }\nsteps = [");
    assert_said(&merged, &["polling", "merge"]);
    let endless = asks.replace("until = \"60s\"\n", "");
    assert_said(&endless, &["endless", "until"]);
    assert_eq!(findings(&asks), Vec::<String>::new());
}

#[test]
fn who_dies_of_too_much_dies_of_what_is_pushed() {
    let dies = |prefetch: &str, expected: &str| {
        let text = world(QUEUES, "to = \"a\"\nburst = 10", prefetch, &[expected]);
        text.replace(
            "steps = [",
            "queue = 5\noverload = \"dies\"\nsteps = [{ work = \"1s\" }, ",
        )
    };
    holds(&dies("", "deaths(worker) == 1"));
    holds(&dies(", prefetch = 6", "deaths(worker) == 0"));
    holds(&dies(", prefetch = 7", "deaths(worker) == 1"));
    assert_eq!(findings(&dies("", "lost == 0")), Vec::<String>::new());
}
