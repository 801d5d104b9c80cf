//! When loads offer their messages, and what they hold back.

mod common;

use common::{assert_said, findings, holds};

/// A load at a queue, with a consumer that takes no time.
fn load(keys: &str, rest: &str) -> String {
    format!(
        "title = \"Loads\"\nuntil = \"10s\"\n[broker.rabbitmq]\nqueue.q = {{}}\n\
         [service.s]\nconsume.queue = \"q\"\nsteps = [\"ack\"]\n[load.l]\nto = \"q\"\n{keys}\n{rest}"
    )
}

fn expect(that: &str) -> String {
    format!("[[expect]]\nthat = \"{that}\"\n")
}

fn expect_at(at: &str, that: &str) -> String {
    format!("[[expect]]\nat = \"{at}\"\nthat = \"{that}\"\n")
}

#[test]
fn a_timer_ticks_from_its_offset_on() {
    let ticks = load(
        "every = \"3s\"\noffset = \"500ms\"",
        &[
            expect_at("499ms", "offered(l) == 0"),
            expect_at("500ms", "offered(l) == 1"),
            expect_at("3499ms", "offered(l) == 1"),
            expect_at("3500ms", "offered(l) == 2"),
            expect("offered(l) == 4"),
        ]
        .concat(),
    );
    holds(&ticks);
    holds(
        &ticks
            .replace("offset", "each = 5\noffset")
            .replace("== 1", "== 5")
            .replace("== 2", "== 10")
            .replace("== 4", "== 20"),
    );
}

#[test]
fn a_batch_ends_with_the_count() {
    holds(&load(
        "rate = \"10/s\"\neach = 7\ncount = 25",
        &expect("offered(l) == 25"),
    ));
    let more = "[[at]]\ntime = \"0s\"\nset = { load.l.each = 2 }\n";
    holds(&load(
        "rate = \"10/s\"\neach = 7",
        &format!("{more}{}", expect("offered(l) == 205")),
    ));
}

#[test]
fn a_ramp_offers_the_mean_of_its_ends() {
    let ramp = "rate = [[\"0s\", \"0/s\"], [\"5s\", \"100/s\"], [\"10s\", \"0/s\"]]\nramp = true";
    holds(&load(
        ramp,
        &[expect_at("5s", "offered(l) == 251"), expect("offered(l) == 500")].concat(),
    ));
    // At random, 500 with a spread of about 22.
    let text = load(
        &format!("{ramp}\narrivals = \"poisson\""),
        &expect("offered(l) == 500 +- 70"),
    );
    holds(&text);
    holds(&text.replace("title", "seed = 2\ntitle"));
    // Half of the way up, most of the rate is still to come.
    holds(&load(ramp, &expect_at("2500ms", "offered(l) == 63")));
}

/// Arrivals that were due while the load was down are not made up for.
#[test]
fn a_ramp_goes_on_where_the_clock_is() {
    let ramp = "rate = [[\"0s\", \"0/s\"], [\"10s\", \"100/s\"]]\nramp = true";
    let acts = "[[at]]\ntime = \"0s\"\ncrash = \"l\"\n[[at]]\ntime = \"5s\"\nrestart = \"l\"\n";
    // 500 in all, of which 125 are before 5 s; the one at 0 s was offered.
    holds(&load(ramp, &format!("{acts}{}", expect("offered(l) == 376"))));
}

#[test]
fn recorded_arrivals_are_offered() {
    let csv = "csv = \"\"\"\ntime,count\n# a comment\n0.5,2\n00:00:03\n1s,10\n9999ms,0\n\"\"\"";
    let text = load(
        csv,
        &[
            expect_at("499ms", "offered(l) == 0"),
            expect_at("500ms", "offered(l) == 2"),
            expect_at("1s", "offered(l) == 12"),
            expect("offered(l) == 13"),
        ]
        .concat(),
    );
    holds(&text);
    assert_said(&text.replace("1s,10", "1s;10"), &["bad-value", "line 5", "`1s;10`"]);
    assert_said(&text.replace("1s,10", "1s,many"), &["bad-value", "line 5"]);
    assert_said(&text.replace("1s,10", "1s,-1"), &["bad-value", "line 5"]);
    // One line may be a heading, and something has to come after it.
    assert_said(&text.replace("# a comment", "x,y"), &["bad-value", "line 2", "`x,y`"]);
    for empty in ["csv = \"\"", "csv = \"time,count\""] {
        assert_said(&load(empty, ""), &["bad-value", "there is no arrival in it"]);
    }
}

#[test]
fn a_burst_is_a_number_or_a_list() {
    holds(&load("burst = 100", &expect_at("0s", "offered(l) == 100")));
    holds(&load("burst = [[\"1s\", 3]]", &expect_at("0s", "offered(l) == 0")));
    assert_said(&load("burst = 0", ""), &["out-of-range", "`load.l.burst`"]);
}

/// N users with thinking Z and a response R make N / (R + Z) requests a second.
fn closed_loop(users: u32, workers: u32, expectations: &str) -> String {
    format!(
        "title = \"Users\"\nuntil = \"100s\"\n\
         [service.site]\nworkers = {workers}\nsteps = [{{ work = \"200ms\" }}]\n\
         [load.people]\nto = \"site\"\nusers = {users}\nthink = \"800ms\"\n{expectations}"
    )
}

#[test]
fn users_wait_for_their_answers() {
    // Everybody comes through at once: one request a second for each. The
    // first come after 0.8 s.
    holds(&closed_loop(10, 10, &expect("offered(people) == 1000")));
    // One worker does five a second, and does no more for forty users; they
    // wait 8 s each less what they think.
    holds(&closed_loop(
        40,
        1,
        &[expect("handled(site) == 495"), expect("wait_max(site) == 7.8s")].concat(),
    ));
    // Never more are asked for than there are users.
    let always = "[[expect]]\nalways = true\nthat = \"outstanding(people) <= 40\"\n";
    holds(&closed_loop(40, 1, always));
}

#[test]
fn users_come_and_go() {
    let set = |users: u32| format!("[[at]]\ntime = \"50s\"\nset = {{ load.people.users = {users} }}\n");
    holds(&closed_loop(
        10,
        100,
        &format!("{}{}", set(20), expect("offered(people) == 1500")),
    ));
    holds(&closed_loop(
        10,
        100,
        &format!("{}{}", set(0), expect("offered(people) == 500")),
    ));
    let think = "[[at]]\ntime = \"50s\"\nset = { load.people.think = \"4.8s\" }\n";
    holds(&closed_loop(
        10,
        100,
        &format!("{think}{}", expect("offered(people) == 600")),
    ));
}

#[test]
fn refused_users_think_again_and_come_back_with_their_service() {
    let acts = "[[at]]\ntime = \"10s\"\ncrash = \"site\"\n[[at]]\ntime = \"20s\"\nrestart = \"site\"\n";
    let expectations = [
        expect("refused(people) > 100"),
        expect_at("30s", "outstanding(people) <= 10"),
        expect("handled(site) == 900 +- 20"),
    ]
    .concat();
    holds(&closed_loop(10, 10, &format!("{acts}{expectations}")));
}

#[test]
fn what_is_done_by_hand_is_no_user() {
    let act = "[[at]]\ntime = \"10s\"\npublish = { load = \"people\", count = 50 }\n";
    // Fifty more requests, and no more users than before.
    holds(&closed_loop(
        10,
        100,
        &format!("{act}{}", expect("offered(people) == 1050")),
    ));
}

#[test]
fn users_of_a_broker_wait_for_the_confirm() {
    let text = load("users = 4\nthink = \"90ms\"", &expect("offered(l) == 400 +- 4"));
    holds(&text.replace("[broker", "[links]\nlatency = \"5ms\"\n[broker"));
}

/// A connection with a round trip of 10 ms.
fn windowed(keys: &str, rest: &str) -> String {
    load(keys, rest).replace("[broker", "[links]\nlatency = \"5ms\"\n[broker")
}

#[test]
fn a_window_limits_what_is_not_confirmed() {
    for (window, confirmed) in [(1, 999), (5, 4995), (20, 19_980)] {
        let always = format!("[[expect]]\nalways = true\nthat = \"outstanding(l) <= {window}\"\n");
        let end = expect(&format!("confirmed(l) == {confirmed}"));
        holds(&windowed(
            &format!("rate = \"4000/s\"\nwindow = {window}"),
            &format!("{always}{end}"),
        ));
    }
    // A window that is large enough changes nothing.
    holds(&windowed("rate = \"4000/s\"\nwindow = 40", &expect("held(l) == 0")));
    let wider = "[[at]]\ntime = \"5s\"\nset = { load.l.window = 2 }\n";
    holds(&windowed(
        "rate = \"4000/s\"\nwindow = 1",
        &format!("{wider}{}", expect("confirmed(l) == 1498")),
    ));
}

#[test]
fn a_full_buffer_refuses() {
    let text = windowed(
        "burst = 100\nwindow = 10\nbuffer = 30",
        &[
            expect("refused(l) == 60"),
            expect("confirmed(l) == 40"),
            expect("first_refused(l) == 41"),
            expect("lost == 0"),
            expect("unconfirmed_lost == 0"),
        ]
        .concat(),
    );
    holds(&text);
}

/// The broker is down from 2 s to 5 s: 300 messages.
fn outage(keys: &str, expectations: &[&str]) -> String {
    let acts = "[[at]]\ntime = \"2s\"\ncrash = \"rabbitmq\"\n[[at]]\ntime = \"5s\"\nrestart = \"rabbitmq\"\n";
    let expectations: String = expectations.iter().map(|that| expect(that)).collect();
    load(&format!("rate = \"100/s\"\n{keys}"), &format!("{acts}{expectations}"))
}

#[test]
fn a_buffer_keeps_what_cannot_be_sent() {
    holds(&outage("", &["refused(l) == 300", "handled(q) == 700"]));
    holds(&outage(
        "buffer = 1000",
        &[
            "refused(l) == 0",
            "handled(q) == 1000",
            "duplicated == 0",
            "reordered == 0",
        ],
    ));
    holds(&outage("buffer = 100", &["refused(l) == 200", "handled(q) == 800"]));
}

/// With a delay there is always something under way: it is sent again, though
/// the queue may have it.
#[test]
fn what_is_not_confirmed_is_sent_again() {
    let text = outage(
        "buffer = 1000",
        &["lost == 0", "refused(l) == 0", "delivered_again > 0"],
    );
    let text = text.replace("[broker", "[links]\nlatency = \"50ms\"\n[broker");
    holds(&text);
    let without = text
        .replace("buffer = 1000", "")
        .replace("refused(l) == 0", "refused(l) > 0")
        .replace("delivered_again > 0", "unconfirmed_lost == 0");
    holds(&without);
}

#[test]
fn a_sender_that_dies_takes_its_buffer_with_it() {
    let acts = "[[at]]\ntime = \"4s\"\ncrash = \"l\"\n";
    let text = outage(
        "buffer = 1000",
        &["unconfirmed_lost == 200", "lost == 0", "in_system(q) == 0"],
    );
    holds(&format!("{text}{acts}"));
}

#[test]
fn loads_that_make_no_sense_are_refused() {
    let said: [(&str, &[&str]); 9] = [
        ("rate = \"1/s\"\nevery = \"1s\"", &["one-of", "`rate` and `every`"]),
        ("rate = \"1/s\"\nusers = 3", &["one-of", "`rate` and `users`"]),
        ("think = \"1s\"", &["needs-key", "`load.l.think`", "`users`"]),
        (
            "rate = \"1/s\"\noffset = \"1s\"",
            &["needs-key", "`load.l.offset`", "`every`"],
        ),
        ("rate = \"1/s\"\nramp = true", &["needs-key", "two points"]),
        ("every = \"0s\"", &["bad-value", "`every`"]),
        ("rate = \"1/s\"\nwindow = 0", &["out-of-range", "`load.l.window`"]),
        (
            "rate = \"1/s\"\nwindow = 1\nconfirms = false",
            &["needs-key", "without confirms"],
        ),
        ("every = \"-1s\"", &["bad-value", "`load.l.every`"]),
    ];
    for (keys, words) in said {
        assert_said(&load(keys, ""), words);
    }
    let called = load("rate = \"1/s\"\nwindow = 1", "").replace("to = \"q\"", "to = \"s\"");
    assert_said(&called, &["needs-key", "a call is not published"]);
    let endless = load("users = 3", "").replace("until = \"10s\"\n", "");
    assert_said(&endless, &["endless"]);
    let endless = load("every = \"3s\"", "").replace("until = \"10s\"\n", "");
    assert_said(&endless, &["endless"]);
    assert_eq!(
        findings(&load("users = 3\nthink = \"exp(1s)\"", "")),
        Vec::<String>::new()
    );
}

/// A loop without any delay ends at a limit with a name.
#[test]
fn users_who_never_think_end_at_a_limit() {
    let text = load("users = 1", "").replace("[broker", "[limits]\nactions_per_instant = 1000\n[broker");
    let (scenario, found) = mqlab_scenario::parse(&text);
    let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
    let mut runner = mqlab_scenario::Runner::new(&scenario, 0);
    runner.finish();
    let hit = runner.world().limit_hit();
    assert_eq!(hit.map(|hit| hit.name()), Some("actions_per_instant"));
}

#[test]
fn keys_beyond_the_limit_are_not_called_missing() {
    let bindings: String = (0..10_000)
        .map(|number| format!("{{ exchange = \"e\", queue = \"q\", key = \"k{number}\" }},\n"))
        .collect();
    let text = format!(
        "title = \"Keys\"\nuntil = \"1s\"\n[broker.rabbitmq]\nqueue.q = {{}}\nexchange.e = {{}}\n\
         binding = [{bindings}]\n[load.l]\nto = \"e\"\nburst = 1\nkeys = KEYS\n"
    );
    let said = |keys: &str| findings(&text.replace("KEYS", keys));
    let [limit] = &said("[\"one-more\"]")[..] else {
        panic!("one thing is wrong")
    };
    assert!(limit.starts_with("limit: "), "{limit}");
    assert_said(&text.replace("KEYS", "[]"), &["keys: ", "at least one key"]);
}
