//! Calls that fail, are made again, or are not made at all.

mod common;

use common::{assert_said, findings, holds};

fn expect(that: &str) -> String {
    format!("[[expect]]\nthat = \"{that}\"\n")
}

/// A shop that calls a bank with this patience, and what happens to the bank.
fn calls(patience: &str, bank: &str, load: &str, rest: &str, expectations: &[&str]) -> String {
    let expectations: String = expectations.iter().map(|that| expect(that)).collect();
    format!(
        "title = \"Calls\"\nuntil = \"60s\"\n\
         [service.shop]\nsteps = [{{ call = \"bank\"{patience} }}]\n\
         [service.bank]\nsteps = [{{ work = \"{bank}\" }}]\n\
         [load.users]\nto = \"shop\"\n{load}\n{rest}\n{expectations}"
    )
}

fn act(time: &str, what: &str) -> String {
    format!("[[at]]\ntime = \"{time}\"\n{what} = \"bank\"\n")
}

const ONE: &str = "burst = [[\"1s\", 1]]";

#[test]
fn a_failed_call_is_made_again_after_longer_and_longer() {
    let text = |expectations: &[&str]| {
        let patience = ", retries = 3, backoff = \"100ms\"";
        calls(patience, "0s", ONE, &act("0s", "crash"), expectations)
    };
    holds(&text(&[
        "failed_calls(shop) == 4",
        "retries(shop) == 3",
        "refused(users) == 1",
    ]));
    // 100, 200 and 400 ms after 1 s.
    for (until, retries) in [("1099ms", 0), ("1101ms", 1), ("1301ms", 2), ("1701ms", 3)] {
        let tries = format!("failed_calls(shop) == {}", retries + 1);
        holds(&text(&[&tries]).replace("60s", until));
    }
    // Back in time for the last one.
    let back = text(&["responded(users) == 1", "response_max(users) == 700ms"]);
    holds(&format!("{back}{}", act("1500ms", "restart")));
}

#[test]
fn a_call_without_patience_fails_at_once() {
    holds(&calls(
        "",
        "0s",
        ONE,
        &act("0s", "crash"),
        &["failed_calls(shop) == 1", "refused(users) == 1"],
    ));
    holds(&calls(
        "",
        "1s",
        ONE,
        &act("1500ms", "crash"),
        &["failed_calls(shop) == 1"],
    ));
}

#[test]
fn no_answer_in_time_is_a_failure() {
    let paused = calls(
        ", timeout = \"1s\", retries = 1",
        "100ms",
        ONE,
        &act("0s", "pause"),
        &["failed_calls(shop) == 2", "refused(users) == 1", "done(bank) == 0"],
    );
    holds(&paused);
    // Whoever wakes up late does for nobody what it was asked for, twice.
    let late = paused
        .replace("done(bank) == 0", "done(bank) == 2")
        .replace("until", "seed = 1\nuntil");
    holds(&format!("{late}{}", act("10s", "resume")));
    // Three tries of a second each; the bank needs two seconds for each.
    let slow = calls(
        ", timeout = \"1s\", retries = 2",
        "2s",
        ONE,
        "",
        &[
            "runs(bank) == 3",
            "done(bank) == 3",
            "duplicated(bank) == 1",
            "refused(users) == 1",
        ],
    );
    holds(&slow);
    let in_time = calls(
        ", timeout = \"1s\"",
        "1s",
        ONE,
        "",
        &["responded(users) == 1", "failed_calls(shop) == 0"],
    );
    holds(&in_time.replace("work = \"1s\"", "work = \"999ms\""));
}

#[test]
fn a_breaker_opens_tries_and_closes() {
    let patience = ", breaker = { failures = 3, open = \"10s\" }";
    let text = |rest: &str, expectations: &[&str]| calls(patience, "0s", "rate = \"10/s\"", rest, expectations);
    // Trials at 10.2 s, 20.2 s and so on fail.
    let dead = text(
        &act("0s", "crash"),
        &[
            "breaker_opened_at(shop) == 300ms",
            "breakers_opened(shop) == 6",
            "refused(users) == 599",
        ],
    );
    holds(&dead);
    // Back at 15 s: the trial of 20.3 s succeeds, and everything after it.
    let back = text(
        &[act("0s", "crash"), act("15s", "restart")].concat(),
        &[
            "breakers_opened(shop) == 2",
            "refused(users) == 202",
            "responded(users) == 398",
        ],
    );
    holds(&back);
    // What is not asked does not suffer: three calls, and two trials.
    let slow = calls(
        ", timeout = \"100ms\", breaker = { failures = 3, open = \"20s\" }",
        "1s",
        "rate = \"10/s\"",
        "",
        &["runs(bank) < 12", "failed_calls(shop) >= 595"],
    );
    holds(&slow);
}

#[test]
fn a_crash_of_the_caller_forgets_its_calls_and_breakers() {
    let shop = |time: &str, what: &str| act(time, what).replace("bank", "shop");
    let rest = [
        act("0s", "crash"),
        act("20s", "restart"),
        shop("20s", "crash"),
        shop("20s", "restart"),
    ]
    .concat();
    let text = calls(
        ", retries = 2, backoff = \"30s\", breaker = { failures = 1, open = \"1h\" }",
        "0s",
        "burst = [[\"1s\", 1], [\"30s\", 1]]",
        &rest,
        &[
            "refused(users) == 1",
            "responded(users) == 1",
            "failed_calls(shop) == 1",
        ],
    );
    holds(&text);
}

#[test]
fn jitter_keeps_callers_apart() {
    let crowd = |jitter: &str, handled: &str| {
        let patience = format!(", retries = 1, backoff = \"1s\"{jitter}");
        calls(&patience, "10ms", "burst = [[\"1s\", 100]]", "", &[handled])
            .replace("[service.bank]", "[service.bank]\nworkers = 1\nqueue = 0")
    };
    // One gets in each time.
    holds(&crowd("", "done(bank) == 2"));
    holds(&crowd(", jitter = \"1s\"", "done(bank) > 30"));
}

#[test]
fn one_after_the_other_and_all_at_once() {
    let three = |how: &str, rest: &str, expectations: &[&str]| {
        calls("", "100ms", ONE, rest, expectations)
            .replace("call = \"bank\"", &format!("call = [\"bank\", \"post\", \"stock\"]{how}"))
            .replace(
                "[load.users]",
                "[service.post]\nsteps = [{ work = \"100ms\" }]\n[service.stock]\nsteps = [{ work = \"100ms\" }]\n[load.users]",
            )
    };
    let patience = ", retries = 5, backoff = \"200ms\"";
    let away = [act("1050ms", "crash"), act("1100ms", "restart")].concat();
    // It fails at 1050, is made again at 1250 and answered at 1350.
    holds(&three(
        patience,
        &away,
        &["response_max(users) == 550ms", "runs(post) == 1"],
    ));
    let parallel = format!("{patience}, parallel = true");
    holds(&three(
        &parallel,
        &away,
        &["response_max(users) == 350ms", "runs(post) == 1"],
    ));
    // One that fails for good fails them all, and the others are not waited for.
    let gone = act("0s", "crash");
    let parallel = ", retries = 1, parallel = true";
    holds(&three(
        parallel,
        &gone,
        &["refused(users) == 1", "done(post) == 1", "failed_calls(shop) == 2"],
    ));
}

#[test]
fn patience_changes_while_the_service_runs() {
    let set = |key: &str, value: &str| {
        format!("[[at]]\ntime = \"500ms\"\nset = {{ \"service.shop.steps.0.{key}\" = {value} }}\n")
    };
    let text = |rest: &str, expectations: &[&str]| {
        let patience = ", timeout = \"1s\", retries = 3, backoff = \"100ms\"";
        calls(patience, "5s", ONE, rest, expectations)
    };
    holds(&text("", &["failed_calls(shop) == 4"]));
    holds(&text(&set("retries", "1"), &["failed_calls(shop) == 2"]));
    holds(&text(&set("timeout", "\"6s\""), &["failed_calls(shop) == 0"]));
    holds(&text(&set("backoff", "\"10s\""), &["failed_calls(shop) == 3"]).replace("60s", "40s"));
}

/// Calls without any pause at somebody who is not there.
#[test]
fn a_storm_of_retries_ends_at_a_limit() {
    let text = calls(", retries = 1_000_000", "0s", ONE, &act("0s", "crash"), &["lost == 0"]);
    let text = text.replace(
        "[service.shop]",
        "[limits]\nactions_per_instant = 10_000\n[service.shop]",
    );
    let (scenario, found) = mqlab_scenario::parse(&text);
    let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
    let mut runner = mqlab_scenario::Runner::new(&scenario, 0);
    runner.finish();
    let hit = runner.world().limit_hit();
    assert_eq!(hit.map(|hit| hit.name()), Some("actions_per_instant"));
}

#[test]
fn patience_that_makes_no_sense_is_refused() {
    let said: [(&str, &[&str]); 7] = [
        (", backoff = \"1s\"", &["needs-key", "`backoff`", "`retries`"]),
        (", jitter = \"1s\"", &["needs-key", "`jitter`"]),
        (", timeout = \"0s\"", &["bad-value", "`timeout`"]),
        (", timeout = \"-1s\"", &["bad-value", "timeout"]),
        (", retries = -1", &["out-of-range", "retries"]),
        (
            ", breaker = { failures = 0, open = \"1s\" }",
            &["out-of-range", "failures"],
        ),
        (", breaker = { failures = 1 }", &["missing-key", "`open`"]),
    ];
    for (patience, words) in said {
        assert_said(&calls(patience, "1s", ONE, "", &[]), words);
    }
    let work = calls("", "1s\", retries = 3, x = \"", ONE, "", &[]);
    assert_said(&work, &["bad-step", "`retries` belongs to a `call` step"]);
    let fine =
        ", timeout = \"1s\", retries = 2, backoff = \"1s\", jitter = \"1s\", breaker = { failures = 1, open = \"1s\" }";
    assert_eq!(findings(&calls(fine, "1s", ONE, "", &[])), Vec::<String>::new());
}

/// A service publishes to an exchange, and bindings say who gets it.
#[test]
fn a_service_publishes_to_an_exchange() {
    let text = |step: &str| {
        format!(
            "title = \"Exchange\"\n[broker.rabbitmq]\nqueue.b = {{}}\nqueue.c = {{}}\nqueue.other = {{}}\nexchange.orders = {{}}\n\
             binding = [{{ exchange = \"orders\", queue = \"b\", key = \"made\" }}, {{ exchange = \"orders\", queue = \"c\", key = \"made\" }}]\n\
             [service.a]\nsteps = [{step}]\n\
             [service.reader]\nconsume.queue = \"b\"\nsteps = [\"ack\"]\n\
             [load.users]\nto = \"a\"\nburst = 10\n\
             [[expect]]\nthat = \"handled(b) == 10\"\n[[expect]]\nthat = \"ready(c) == 10\"\n\
             [[expect]]\nthat = \"ready(other) == 0\"\n[[expect]]\nthat = \"confirmed(a) == 10\"\n\
             [[expect]]\nthat = \"edges(a) == 1\"\n[[expect]]\nthat = \"lost == 0\"\n"
        )
    };
    let publish = "{ publish = \"orders\", key = \"made\", confirm = true }";
    holds(&text(publish));
    assert_said(&text("{ publish = \"orders\" }"), &["keys", "needs a `key`"]);
    assert_said(&text("{ publish = \"b\", key = \"x\" }"), &["keys", "no effect"]);
    assert_said(
        &text("{ publish = \"reader\" }"),
        &["unknown-name", "a queue, an exchange or a topic"],
    );
    assert_said(
        &text("{ work = \"1s\", key = \"x\" }"),
        &["bad-step", "`key` belongs to a `publish` step"],
    );
}
