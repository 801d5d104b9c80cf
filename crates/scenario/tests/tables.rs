//! Tables, their rows and what steps do to them, by scenarios of a few lines.

use mqlab_engine::plan::Command;
use mqlab_model::PlaceId;
use mqlab_scenario::{Diagnostic, Runner, parse};

const WORLD: &str = r#"
title = "Rows"
until = "10m"
[broker.rabbitmq]
queue.orders = {}
[table.rows]
[table.other]
[load.users]
to = "orders"
burst = [["0s", 3]]
"#;

/// A world with a writer that does `steps`, and `more` behind it.
fn world(steps: &str, more: &str) -> String {
    format!("{WORLD}[service.writer]\nconsume = {{ queue = \"orders\" }}\nsteps = [{steps}]\n{more}")
}

/// What does not hold of `expected` at the end, or is wrong with the text.
fn failing(text: &str, expected: &[&str]) -> Vec<String> {
    let mut text = text.to_owned();
    for that in expected {
        text.push_str(&format!("\n[[expect]]\nthat = \"{that}\"\n"));
    }
    let (scenario, found) = parse(&text);
    let Some(scenario) = scenario else {
        return found.iter().map(|one| one.message.to_string()).collect();
    };
    let mut runner = Runner::new(&scenario, 0);
    runner.finish();
    let failed = runner.results().iter().filter(|result| !result.is_held());
    failed
        .map(|result| format!("{}: {:?}", scenario.expectations[result.expectation].text, result.state))
        .collect()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(failing(text, expected), Vec::<String>::new());
}

fn findings(text: &str) -> Vec<String> {
    let (_, found) = parse(text);
    let told = |one: &Diagnostic| format!("{}: {}", one.code, one.message);
    found.iter().map(told).collect()
}

#[test]
fn rows_are_written_changed_and_deleted() {
    let steps = "{ insert = \"rows\" }, { update = \"rows\", set = \"done\" }, \"ack\"";
    check(
        &world(steps, ""),
        &[
            "rows(rows) == 3",
            "rows(rows, done) == 3",
            "rows(rows, new) == 0",
            "updated(rows) == 3",
        ],
    );
    let steps = "{ insert = \"rows\" }, { delete = \"rows\" }, { delete = \"rows\" }, \"ack\"";
    check(
        &world(steps, ""),
        &["rows(rows) == 0", "deleted(rows) == 3", "handled(orders) == 3"],
    );
}

#[test]
fn a_row_vanishes_when_its_time_is_over() {
    let text = world(
        "{ work = \"1s\" }, { insert = \"rows\" }, \"ack\"",
        "[table.rows]\nexpires = \"5s\"\n",
    );
    let text = text.replacen("[table.rows]\n", "", 1);
    let at = |time: &str, that: &str| format!("[[expect]]\nat = \"{time}\"\nthat = \"{that}\"\n");
    let late = [
        at("5.999s", "rows(rows) == 3"),
        at("6s", "rows(rows) == 2"),
        at("8s", "rows(rows) == 0"),
    ];
    check(&format!("{text}{}", late.concat()), &["deleted(rows) == 3"]);
    // A crash of the table forgets no row and no expiry.
    let crash = "[[at]]\ntime = \"3500ms\"\ncrash = \"rows\"\n[[at]]\ntime = \"10s\"\nrestart = \"rows\"\n";
    let late = [at("9s", "rows(rows) == 3"), at("10s", "rows(rows) == 0")];
    check(&format!("{text}{crash}{}", late.concat()), &["deleted(rows) == 3"]);
}

#[test]
fn a_second_row_for_a_unique_key_fails_or_is_skipped() {
    let unique = "[[at]]\ntime = \"1s\"\npublish = { load = \"users\" }\n[variant.only.table.rows]\nunique = true\n";
    let steps = "{ insert = \"rows\" }, { insert = \"rows\" }, \"ack\"";
    check(
        &world(steps, unique),
        &[
            "rows(rows) == 4",
            "repeated(rows) == 4",
            "handled(orders) == 0",
            "unacked(orders) == 4",
        ],
    );
    let steps = "{ insert = \"rows\" }, { insert = \"rows\", on_duplicate = \"skip\" }, \"ack\"";
    check(
        &world(steps, unique),
        &["rows(rows) == 4", "handled(orders) == 4", "duplicated == 0"],
    );
    check(&world(steps, ""), &["rows(rows) == 3", "handled(orders) == 3"]);
}

#[test]
fn a_look_up_and_a_claim_let_through_once() {
    for guard in ["unless = \"rows\"", "claim = \"other\""] {
        let twice = format!("{{ {guard}, steps = [{{ insert = \"rows\" }}] }}");
        check(
            &world(&format!("{twice}, {twice}, \"ack\""), ""),
            &["rows(rows) == 3", "handled(orders) == 3", "duplicated == 0"],
        );
    }
}

#[test]
fn a_transaction_is_there_as_a_whole_or_not_at_all() {
    let both = "[variant.only.table]\nrows.database = \"one\"\nother.database = \"one\"\n";
    let steps = "{ transaction = [{ insert = \"rows\" }, { work = \"1s\" }, { insert = \"other\" }, { work = \"1s\" }] }, \"ack\"";
    let at = |time: &str, that: &str| format!("[[expect]]\nat = \"{time}\"\nthat = \"{that}\"\n");
    let early = [
        at("1999ms", "rows(rows) == 0"),
        at("1999ms", "locked(rows) == 0"),
        at("2s", "rows(rows) == 1"),
        at("2s", "rows(other) == 1"),
    ];
    check(
        &world(steps, &format!("{both}{}", early.concat())),
        &["rows(rows) == 3", "rows(other) == 3"],
    );
    // The writer dies in the middle of the second one; the broker delivers it
    // again, and the third.
    let crash = "[[at]]\ntime = \"3500ms\"\ncrash = \"writer\"\n[[at]]\ntime = \"5s\"\nrestart = \"writer\"\n";
    check(
        &world(
            steps,
            &format!("{both}{crash}{}", at("3500ms", "rolled_back(rows) == 1")),
        ),
        &[
            "rows(rows) == 3",
            "rows(other) == 3",
            "rolled_back(other) == 1",
            "duplicated == 0",
        ],
    );
    // So does the database: what it had of the second is gone, its commit
    // fails, and nobody acknowledges.
    let crash = "[[at]]\ntime = \"2500ms\"\ncrash = \"other\"\n[[at]]\ntime = \"2600ms\"\nrestart = \"rows\"\n";
    check(
        &world(steps, &format!("{both}{crash}")),
        &[
            "rows(rows) == 2",
            "rows(other) == 2",
            "deaths(rows) == 1",
            "unacked(orders) == 1",
        ],
    );
}

#[test]
fn a_transaction_ends_where_it_says_so() {
    let both = "[variant.only.table]\nrows = { database = \"one\", expects = \"users\" }\nother.database = \"one\"\n";
    let steps = |end: &str| {
        let list =
            format!("{{ insert = \"rows\" }}, {{ work = \"1s\" }}, {end}, {{ update = \"rows\", set = \"done\" }}");
        world(
            &format!("{{ transaction = [{list}] }}, {{ work = \"2s\" }}, \"ack\""),
            both,
        )
    };
    // What stands behind the end is not done, and the handler goes on.
    check(
        &steps("\"commit\""),
        &[
            "rows(rows) == 3",
            "rows(rows, done) == 0",
            "row_at(rows) == 1s",
            "lost == 0",
        ],
    );
    // Nobody waits for rows that never were, and whoever acknowledges has lost
    // the message.
    check(
        &steps("\"rollback\""),
        &[
            "rows(rows) == 0",
            "rolled_back(rows) == 3",
            "locked(rows) == 0",
            "lost == 3",
            "missing(rows) == 3",
            "done(writer) == 3",
        ],
    );
    // Out of a block within it, too.
    let once = "{ attempts = 2, steps = [{ transaction = [{ insert = \"rows\" }, { unless = \"other\", steps = [\"commit\"] }, \"rollback\"] }] }, \"ack\"";
    check(&world(once, both), &["rows(rows) == 3", "rolled_back(rows) == 0"]);
}

#[test]
fn who_wants_the_same_row_waits_for_the_transaction() {
    let text = r#"
title = "Locks"
[broker.rabbitmq]
queue.orders = {}
[table.rows]
unique = true
[load.users]
to = "maker"
burst = [["0s", 1]]
[service.maker]
steps = [{ publish = ["orders", "orders"], confirm = true }]
[service.writer]
consume = { queue = "orders" }
workers = 2
steps = [{ transaction = [{ insert = "rows", on_duplicate = "skip" }, { work = "1s" }] }, "ack"]
[[expect]]
at = "999ms"
that = "locked(rows) == 1"
[[expect]]
at = "999ms"
that = "rows(rows) == 0"
"#;
    check(
        text,
        &[
            "rows(rows) == 1",
            "repeated(rows) == 1",
            "lock_max(rows) == 1s",
            "locked(rows) == 0",
        ],
    );
    let finished = |steps: &str| {
        text.replace(
            "{ insert = \"rows\", on_duplicate = \"skip\" }, { work = \"1s\" }",
            steps,
        )
    };
    // A failure lets the next one in.
    let fails = finished("{ insert = \"rows\", on_duplicate = \"skip\" }, { work = \"1s\" }, { fail = \"first 1\" }");
    check(
        &fails,
        &[
            "rows(rows) == 1",
            "repeated(rows) == 0",
            "rolled_back(rows) == 1",
            "handled(orders) == 1",
        ],
    );
}

#[test]
fn steps_are_tried_again_and_then_the_failure_is_handled() {
    let steps = "{ attempts = 3, pause = \"1s\", steps = [{ work = \"10ms\" }, { fail = \"first 2\" }, { insert = \"rows\" }] }, \"ack\"";
    check(
        &world(steps, ""),
        &["rows(rows) == 3", "row_at(rows) == 2.03s", "handled(orders) == 3"],
    );
    let steps = "{ insert = \"rows\" }, { attempts = 3, pause = \"1s\", steps = [{ fail = \"message 2\" }] }, \"ack\"\n]\non_failure = [{ delete = \"rows\" }, { insert = \"other\" }, \"ack\"";
    check(
        &world(steps, ""),
        &[
            "rows(rows) == 2",
            "rows(other) == 1",
            "row_at(other) == 2s",
            "handled(orders) == 2",
            "unacked(orders) == 0",
        ],
    );
    // Back into the queue, and done the next time.
    let steps = "{ fail = \"first 4\" }, { insert = \"rows\" }, \"ack\"\n]\non_failure = [{ work = \"1s\" }, \"nack\"";
    check(&world(steps, ""), &["rows(rows) == 3", "redelivered == 4", "lost == 0"]);
}

#[test]
fn a_chance_fails_now_and_then_and_may_change_while_it_runs() {
    let steps = "{ attempts = 10_000, pause = \"1ms\", steps = [{ fail = \"25%\" }] }, { work = \"1ms\" }, { insert = \"rows\" }, \"ack\"";
    let text = world(steps, "").replace("[[\"0s\", 3]]", "[[\"0s\", 4000]]");
    let (scenario, found) = parse(&text);
    let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
    let mut runner = Runner::new(&scenario, 0);
    runner.finish();
    // A third of a millisecond on top: 4,000 x 1 ms + 4,000 / 3 ms.
    let last = runner.world().last_instant().nanos() / 1_000_000;
    assert!((5_200..5_470).contains(&last), "{last}");
    let set = "[[at]]\ntime = \"0s\"\nset = { \"service.writer.steps.0.steps.0.fail\" = \"never\" }\n";
    let (scenario, found) = parse(&format!("{text}{set}"));
    let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
    assert!(matches!(
        scenario.variants[0].plan.commands[0].command,
        Command::Set { .. }
    ));
    let mut runner = Runner::new(&scenario, 0);
    runner.finish();
    let last = runner.world().last_instant().nanos() / 1_000_000;
    assert!((4_000..4_010).contains(&last), "{last}");
}

#[test]
fn settings_of_inner_steps_have_the_paths_of_the_text() {
    let steps = "{ transaction = [{ insert = \"rows\" }, { work = \"1s\" }] }, { unless = \"rows\", steps = [{ work = \"2s\" }] }, \"ack\"\n]\non_failure = [{ work = \"3s\" }";
    let (scenario, found) = parse(&world(steps, ""));
    let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
    let writer = PlaceId(4);
    let live = scenario.live(0, writer);
    let works: Vec<(&str, Option<&str>)> = live
        .iter()
        .filter(|setting| setting.path.ends_with("work"))
        .map(|setting| (setting.path.as_str(), setting.planned.as_deref()))
        .collect();
    assert_eq!(
        works,
        [
            ("service.writer.steps.0.transaction.1.work", Some("\"1s\"")),
            ("service.writer.steps.1.steps.0.work", Some("\"2s\"")),
            ("service.writer.on_failure.0.work", Some("\"3s\"")),
        ]
    );
}

#[test]
fn what_rows_are_there_for_is_compared_with_what_there_is() {
    let expects = "[variant.only.table]\nother.expects = \"rows\"\nrows.expects = \"users\"\n";
    let steps = "{ work = \"1s\" }, { insert = \"rows\" }, { work = \"1s\" }, { insert = \"other\" }, \"ack\"";
    let at = |time: &str, that: &str| format!("[[expect]]\nat = \"{time}\"\nthat = \"{that}\"\n");
    let early = [
        at("0s", "missing(rows) == 3"),
        at("0s", "expected(rows) == 3"),
        at("1s", "missing(other) == 1"),
        at("1s", "inconsistent == 3"),
    ];
    check(
        &world(steps, &format!("{expects}{}", early.concat())),
        &[
            "inconsistent == 0",
            "inconsistent_at(rows) == 0s",
            "consistent_at(rows) == 5s",
            "inconsistent_at(other) == 1s",
            "consistent_at(other) == 6s",
        ],
    );
    // The writer dies between its two rows, once: the first one is there twice.
    let crash = "[[at]]\ntime = \"1500ms\"\ncrash = \"writer\"\n[[at]]\ntime = \"2s\"\nrestart = \"writer\"\n";
    check(
        &world(steps, &format!("{expects}{crash}")),
        &[
            "extra(rows) == 1",
            "extra(other) == 0",
            "missing(other) == 0",
            "duplicated == 0",
        ],
    );
}

#[test]
fn a_scan_hands_out_what_is_due_and_gives_up() {
    let text = |steps: &str, scan: &str| {
        let writer = world("{ insert = \"rows\" }, \"ack\"", "");
        format!("{writer}[service.scanner]\nscan = {{ table = \"rows\", every = \"10s\"{scan} }}\nsteps = [{steps}]\n")
    };
    let passed_on = text("{ update = \"rows\", set = \"sent\" }", "");
    check(&passed_on, &["found(rows) == 3", "rows(rows, sent) == 3"]);
    let fails = text(
        "{ fail = \"message 2\" }, { update = \"rows\", set = \"sent\" }",
        ", retries = 2",
    );
    check(
        &fails,
        &["found(rows) == 5", "rows(rows, sent) == 2", "rows(rows, failed) == 1"],
    );
    // A worker that is still at it is not given the same again.
    let slow = text("{ work = \"25s\" }, { update = \"rows\", set = \"sent\" }", "");
    check(&slow, &["found(rows) == 3", "rows(rows, sent) == 3"]);
    let other = text("{ update = \"rows\", set = \"sent\" }", ", state = \"pending\"");
    check(&other, &["found(rows) == 0", "rows(rows, new) == 3"]);
}

#[test]
fn a_prepared_transaction_stays_locked_until_its_coordinator_is_back() {
    let steps = "{ transaction = [{ insert = \"rows\" }, { insert = \"other\" }, { work = \"1s\" }], two_phase = true }, \"ack\"";
    // With 10 ms to each table the promises are asked for at 1.02 s and given
    // at 1.04 s; the commits arrive at 1.05 s.
    let links = "[link.a]\nbetween = [\"writer\", \"rows\"]\nlatency = \"10ms\"\n[link.b]\nbetween = [\"writer\", \"other\"]\nlatency = \"10ms\"\n";
    let unique = "[variant.only.table]\nrows.unique = true\nother.unique = true\n";
    let crash = |time: &str| {
        format!("[[at]]\ntime = \"{time}\"\ncrash = \"writer\"\n[[at]]\ntime = \"30s\"\nrestart = \"writer\"\n")
    };
    let at = |time: &str, that: &str| format!("[[expect]]\nat = \"{time}\"\nthat = \"{that}\"\n");
    check(
        &world(steps, unique),
        &["rows(rows) == 3", "rows(other) == 3", "lock_max(rows) == 1s"],
    );
    // It dies when both have promised and nothing is decided: they are locked
    // for as long as it is down, and then it never was.
    let undecided = [
        at("29s", "locked(rows) == 1"),
        at("29s", "rows(rows) == 0"),
        at("30.01s", "locked(other) == 0"),
    ];
    check(
        &world(
            steps,
            &format!("{links}{unique}{}{}", crash("1.055s"), undecided.concat()),
        ),
        &["rows(rows) == 3", "rows(other) == 3", "rolled_back(rows) == 1"],
    );
    // It dies when it has decided and told them: they commit by themselves.
    let decided = [at("29s", "locked(rows) == 0"), at("29s", "rows(rows) == 1")];
    check(
        &world(
            steps,
            &format!("{links}{unique}{}{}", crash("1.065s"), decided.concat()),
        ),
        &["rolled_back(rows) == 0"],
    );
}

#[test]
fn lost_packets_take_their_connection_along() {
    let lose = |what: &str| {
        format!(
            "[[at]]\ntime = \"0s\"\nlose = {{ between = [\"writer\", \"rabbitmq\"], what = \"{what}\", next = 1 }}\n"
        )
    };
    let steps = "{ work = \"1s\" }, { insert = \"rows\" }, \"ack\"";
    let later = |text: String| text.replace("[[\"0s\", 3]]", "[[\"1s\", 3]]");
    check(
        &later(world(steps, &lose("delivery"))),
        &["rows(rows) == 3", "redelivered == 1"],
    );
    // The worker has begun with the second one already: it does that twice, too.
    check(
        &later(world(steps, &lose("ack"))),
        &["rows(rows) == 5", "duplicated == 2", "lost == 0"],
    );
}

#[test]
fn mistakes_are_said() {
    let with = |steps: &str| findings(&world(&format!("{steps}, \"ack\""), ""));
    for (steps, message) in [
        (
            "{ update = \"rows\" }",
            "missing-key: `update` needs `set`: the state that the rows get",
        ),
        (
            "{ insert = \"rows\", set = \"sent\" }",
            "bad-step: `set` belongs to a `update` step",
        ),
        (
            "{ unless = \"rows\" }",
            "missing-key: `unless` needs `steps`: what depends on it",
        ),
        (
            "{ work = \"1s\", steps = [] }",
            "bad-step: `steps` belongs to a `unless` or `claim` or `attempts` step",
        ),
        (
            "{ claim = \"orders\", steps = [] }",
            "unknown-name: `orders` is a queue, here a table is needed",
        ),
        ("\"rollback\"", "bad-step: there is no transaction here that could end"),
        (
            "{ transaction = [{ work = \"1s\" }] }",
            "bad-step: nothing in this transaction has to do with a table",
        ),
        (
            "{ transaction = [{ insert = \"rows\" }, { insert = \"other\" }] }",
            "two-databases: `rows` and `other` are not in one database, so no transaction holds both",
        ),
        (
            "{ transaction = [{ transaction = [{ insert = \"rows\" }] }] }",
            "bad-step: a transaction within a transaction",
        ),
        (
            "{ attempts = 2, steps = [{ attempts = 2, steps = [] }] }",
            "bad-step: attempts within attempts are not modelled",
        ),
        (
            "{ insert = \"rows\", on_duplicate = \"fail\" }",
            "bad-step: `rows` takes as many rows as there are: nothing is a duplicate there",
        ),
        (
            "{ unless = \"rows\", steps = [{ inset = \"rows\" }] }",
            "unknown-key: unknown key `service.writer.steps.steps.inset`",
        ),
    ] {
        let found = with(steps);
        assert!(found.iter().any(|one| one == message), "{steps}: {found:#?}");
    }
    let chance = with("{ fail = \"101%\" }");
    assert!(
        chance
            .iter()
            .any(|one| one.starts_with("bad-value: `service.writer.steps.fail`: `101%`")),
        "{chance:?}"
    );
    let more = |more: &str| findings(&world("{ insert = \"rows\" }, \"ack\"", more));
    for (text, message) in [
        (
            "[service.scanner]\nscan = { table = \"orders\", every = \"1s\" }\n",
            "unknown-name: `orders` is a queue, here a table is needed",
        ),
        (
            "[service.scanner]\nscan = { table = \"rows\", every = \"0s\" }\n",
            "bad-value: it would do nothing but look: the time must be above zero",
        ),
        (
            "[variant.only.service.writer]\nscan = { table = \"rows\", every = \"1s\" }\n",
            "bad-scan: a service consumes a queue or looks through a table, not both",
        ),
        (
            "[variant.only.table.rows]\nexpects = \"rows\"\n",
            "bad-value: a table cannot be there for its own rows",
        ),
        (
            "[variant.only.table.rows]\nexpects = \"writer\"\n",
            "unknown-name: `writer` is a service, here a load or another table is needed",
        ),
        (
            "[[expect]]\nthat = \"missing(rows) == 0\"\n",
            "unknown-subject: `rows` does not say what its rows are there for",
        ),
        (
            "[[at]]\ntime = \"1s\"\nlose = { between = [\"writer\", \"rows\"], what = \"ack\" }\n",
            "bad-value: none of the two is a broker: nothing of this kind passes between them",
        ),
    ] {
        let found = more(text);
        assert!(found.iter().any(|one| one == message), "{text}: {found:#?}");
    }
    let endless = WORLD.replace("until = \"10m\"\n", "");
    let found = findings(&format!(
        "{endless}[service.scanner]\nscan = {{ table = \"rows\", every = \"1s\" }}\n"
    ));
    assert!(found.iter().any(|one| one.starts_with("endless:")), "{found:?}");
}
