//! Clocks that are wrong: what goes by them, and what does not.

mod common;

use common::{assert_said, findings, holds};
use mqlab_scenario::{Act, Runner, Scenario, parse};

fn expect(those: &[&str]) -> String {
    let entry = |that: &&str| format!("[[expect]]\nthat = \"{that}\"\n");
    those.iter().map(entry).collect()
}

fn scenario(text: &str) -> Scenario {
    let (scenario, found) = parse(text);
    scenario.unwrap_or_else(|| panic!("{found:#?}\n{text}"))
}

fn digest(scenario: &Scenario, variant: usize) -> u64 {
    let mut runner = Runner::new(scenario, variant);
    runner.finish();
    runner.world().digest()
}

/// A shop that waits a second for a bank that takes 800 ms.
fn shop(rest: &str, expectations: &[&str]) -> String {
    format!(
        "title = \"Timeouts\"\nuntil = \"60s\"\n\
         [service.shop]\nsteps = [{{ call = \"bank\", timeout = \"1s\" }}]\n\
         [service.bank]\nsteps = [{{ work = \"800ms\" }}]\n\
         [load.users]\nto = \"shop\"\nburst = [[\"10s\", 1]]\n{rest}\n{}",
        expect(expectations)
    )
}

#[test]
fn a_timeout_is_as_long_as_the_clock_says() {
    let well = &["failed_calls(shop) == 0", "responded(users) == 1"];
    holds(&shop("", well));
    // Half as fast again: a second of it is 667 ms.
    let fast = "clock.shop.drift = \"500000ppm\"";
    holds(&format!("{fast}\n{}", shop("", &["failed_calls(shop) == 1"])));
    // By a quarter: exactly as long as the bank takes, which is too late.
    let quarter = |drift: &str| format!("clock.shop.drift = \"{drift}\"\n");
    holds(&format!("{}{}", quarter("249999ppm"), shop("", well)));
    holds(&format!(
        "{}{}",
        quarter("250001ppm"),
        shop("", &["failed_calls(shop) == 1"])
    ));
    // How far ahead it is does not matter, nor does it when it is set meanwhile.
    holds(&format!("clock.shop.offset = \"-1h\"\n{}", shop("", well)));
    let set = "[[at]]\ntime = \"10500ms\"\nset = { \"clock.shop.offset\" = \"1h\" }\n";
    holds(&shop(set, well));
    // The bank has no use for a clock, so its work takes as long as ever.
    let (scenario, found) = parse(&format!("clock.bank.drift = \"500000ppm\"\n{}", shop("", well)));
    assert!(scenario.is_some());
    assert_eq!(found.first().map(|one| one.code), Some("unused-clock"));
}

/// Rows of a cache that live for ten seconds, written at 1 s.
fn cache(rest: &str, expectations: &[&str]) -> String {
    format!(
        "title = \"Cache\"\nuntil = \"60s\"\n\
         [table.cache]\nexpires = \"10s\"\n\
         [service.web]\nsteps = [{{ insert = \"cache\" }}]\n\
         [load.users]\nto = \"web\"\nburst = [[\"1s\", 3], [\"8s\", 1]]\n{rest}\n{}",
        expect(expectations)
    )
}

#[test]
fn a_row_expires_by_the_clock_of_its_table() {
    let at = |time: &str, rows: u32| format!("[[expect]]\nat = \"{time}\"\nthat = \"rows(cache) == {rows}\"\n");
    holds(&cache(
        &[at("10999ms", 4), at("11s", 1), at("17999ms", 1), at("18s", 0)].concat(),
        &[],
    ));
    let slow = [at("20999ms", 4), at("21s", 1), at("27999ms", 1), at("28s", 0)].concat();
    holds(&format!("clock.cache.drift = \"-500000ppm\"\n{}", cache(&slow, &[])));
    holds(&format!(
        "clock.cache.offset = \"1h\"\n{}",
        cache(&at("10999ms", 4), &[])
    ));
    // Set five seconds ahead at 6 s: what is there is over by then.
    let ahead = "[[at]]\ntime = \"6s\"\nset = { \"clock.cache.offset\" = \"5s\" }\n";
    let times = [at("5999ms", 3), at("6s", 0), at("17999ms", 1), at("18s", 0)].concat();
    holds(&cache(&format!("{ahead}{times}"), &[]));
    // Set back by an hour at 6 s: the younger row goes in its time, the older ones wait.
    let back = ahead.replace("\"5s\"", "\"-20s\"");
    let times = [at("17999ms", 4), at("18s", 3), at("30999ms", 3), at("31s", 0)].concat();
    holds(&cache(&format!("{back}{times}"), &[]));
}

#[test]
fn a_schedule_goes_by_the_clock_of_its_machine() {
    let text = |rest: &str, expectations: &[&str]| {
        format!(
            "title = \"Timer\"\nuntil = \"10m\"\n{rest}\n\
             [table.done]\n[service.job]\nsteps = [{{ insert = \"done\" }}]\n\
             [load.timer]\nto = \"job\"\nevery = \"1m\"\noffset = \"30s\"\ncount = 3\n{}",
            expect(expectations)
        )
    };
    holds(&text("", &["row_at(done) == 30s", "row_at(done, 3) == 150s"]));
    let behind = "clock.timer.offset = \"-10s\"";
    holds(&text(behind, &["row_at(done) == 40s", "row_at(done, 3) == 160s"]));
    let slow = "clock.timer.drift = \"-500000ppm\"";
    holds(&text(slow, &["row_at(done) == 60s", "row_at(done, 2) == 180s"]));
    // Set a minute and a half ahead at 1:00, it shows 2:30, which is a tick; the
    // one at 1:30 of the clock never is.
    let set = |offset: &str| format!("{{ time = \"1m\", set = {{ \"clock.timer.offset\" = \"{offset}\" }} }}");
    let ahead = format!("at = [{}]", set("90s"));
    holds(&text(&ahead, &["row_at(done, 2) == 60s", "row_at(done, 3) == 120s"]));
    // Set back, it does nothing twice.
    let back = format!("at = [{}]", set("-45s"));
    holds(&text(&back, &["row_at(done, 2) == 135s", "rows(done) == 3"]));
}

#[test]
fn a_scan_goes_by_the_clock_of_its_service() {
    let text = |clock: &str, sent: &str| {
        format!(
            "title = \"Scan\"\nuntil = \"5m\"\n{clock}\n[table.outbox]\n\
             [service.shop]\nsteps = [{{ insert = \"outbox\" }}]\n\
             [service.relay]\nscan = {{ table = \"outbox\", every = \"1m\", state = \"new\" }}\n\
             steps = [{{ update = \"outbox\", set = \"sent\" }}]\n\
             [load.users]\nto = \"shop\"\nburst = [[\"1s\", 1]]\n\
             [[expect]]\nat = \"{sent}\"\nthat = \"rows(outbox, sent) == 1\"\n\
             [[expect]]\nat = \"{}\"\nthat = \"rows(outbox, sent) == 0\"\n",
            before(sent)
        )
    };
    holds(&text("", "60s"));
    holds(&text("clock.relay.offset = \"-20s\"", "20s"));
    holds(&text("clock.relay.drift = \"-200000ppm\"", "75s"));
    // At 10 s it is told that it is 0:55.
    let set = "at = [{ time = \"10s\", set = { \"clock.relay.offset\" = \"45s\" } }]";
    holds(&text(set, "15s"));
    // Killed and started again it still has its clock.
    let killed = "clock.relay.offset = \"-20s\"\nat = [{ time = \"5s\", crash = \"relay\" }, { time = \"30s\", restart = \"relay\" }]";
    holds(&text(killed, "80s"));
}

fn before(time: &str) -> String {
    let seconds: u64 = time.trim_end_matches('s').parse().expect("it is a number");
    format!("{}ms", seconds * 1000 - 1)
}

/// Two writers in turn about one customer, a second apart.
fn profile(rest: &str, expectations: &[&str]) -> String {
    format!(
        "title = \"Last write wins\"\n{rest}\n[broker.rabbitmq]\nqueue.changes = {{}}\n\
         [table.profile]\nper_thing = true\nreplace_by = \"stamp\"\n\
         [service.left]\nconsume = {{ queue = \"changes\", prefetch = 1 }}\nsteps = [{{ insert = \"profile\" }}, \"ack\"]\n\
         [service.right]\nconsume = {{ queue = \"changes\", prefetch = 1 }}\nsteps = [{{ insert = \"profile\" }}, \"ack\"]\n\
         [load.users]\nto = \"changes\"\nthings = 1\nrate = \"1/s\"\ncount = 10\n{}",
        expect(expectations)
    )
}

#[test]
fn of_two_writes_the_later_stamp_stands() {
    holds(&profile("", &["outdated(profile) == 0", "repeated(profile) == 0"]));
    let ahead = "clock.left.offset = \"10s\"";
    // All that the other writes after its first message is forgotten.
    let wrong = &[
        "outdated(profile) == 1",
        "repeated(profile) == 5",
        "settled(changes) == 10",
        "lost == 0",
    ];
    holds(&profile(ahead, wrong));
    let by_arrival = profile(ahead, &["outdated(profile) == 0"]).replace("\"stamp\"", "\"arrival\"");
    let (scenario, found) = parse(&by_arrival);
    assert!(scenario.is_some(), "{found:?}");
    holds(&by_arrival);
}

/// Two machines, one lock, one job at 1 s.
fn lock(rest: &str, lease: &str, expectations: &[&str]) -> String {
    format!(
        "title = \"Lock\"\nuntil = \"10m\"\n{rest}\n[table.locks]\n[table.done]\n\
         [service.signal]\nsteps = [{{ call = [\"left\", \"right\"], parallel = true }}]\n\
         [service.left]\nsteps = [{{ claim = \"locks\"{lease}, steps = [{{ call = \"job\" }}] }}]\n\
         [service.right]\nsteps = [{{ work = \"3s\" }}, {{ claim = \"locks\"{lease}, steps = [{{ call = \"job\" }}] }}]\n\
         [service.job]\nsteps = [{{ work = \"20s\" }}, {{ insert = \"done\" }}]\n\
         [load.timer]\nto = \"signal\"\nburst = [[\"1s\", 1]]\n{}",
        expect(expectations)
    )
}

#[test]
fn a_lease_is_over_by_the_clock_that_it_goes_by() {
    let once = &["rows(done) == 1", "rows(locks) == 1", "repeated(locks) == 1"];
    let twice = &["rows(done) == 2", "rows(locks) == 1", "deleted(locks) == 1"];
    holds(&lock("", "", once));
    holds(&lock("", ", lease = \"4s\"", once));
    // It is over before the job is.
    holds(&lock("", ", lease = \"3s\"", twice));
    holds(&lock("clock.right.offset = \"1s\"", ", lease = \"4s\"", twice));
    holds(&lock("clock.right.offset = \"999ms\"", ", lease = \"4s\"", once));
    holds(&lock("clock.left.offset = \"-1s\"", ", lease = \"4s\"", twice));
    let by_table = ", lease = \"4s\", lease_by = \"table\"";
    holds(&lock("clock.right.offset = \"1h\"", by_table, once));
    // The one clock that counts is too fast.
    holds(&lock("clock.locks.drift = \"500000ppm\"", by_table, twice));
}

#[test]
fn clocks_go_wrong_at_random_and_are_right_again() {
    let random = "[faults.random]\nstop = \"60s\"\nnodes = [\"left\", \"right\", \"timer\"]\n\
                  skew = { rate = \"6/m\", lasts = \"2s\", offset = \"exp(10s)\" }\n";
    let text = lock("", ", lease = \"4s\"", &[]).replace("burst = [[\"1s\", 1]]", "every = \"1s\"\ncount = 100");
    let text = format!("{text}{random}");
    let scenario = scenario(&text);
    let acts: Vec<String> = scenario.random_acts(0).iter().map(Act::to_toml).collect();
    assert!(acts.len() > 10, "{acts:?}");
    let of = |name: &str| {
        acts.iter()
            .filter(|act| act.contains(name))
            .cloned()
            .collect::<Vec<_>>()
    };
    let left = of("clock.left.offset");
    assert!(left.len() >= 4 && left.len().is_multiple_of(2), "{left:?}");
    assert!(
        left.iter().skip(1).step_by(2).all(|act| act.contains("= \"0s\"")),
        "{left:?}"
    );
    assert!(of("= \"-").len() > 1, "some are behind: {acts:?}");
    let mut runner = Runner::new(&scenario, 0);
    runner.finish();
    let hits = runner.world().hits();
    assert!(hits.skews.all > hits.skews.hit && hits.skews.hit > 0, "{hits:?}");
    let spelled = scenario.spelled_out(&text).expect("it has a header of its own");
    assert_eq!(digest(&self::scenario(&spelled), 0), runner.world().digest());
}

#[test]
fn a_clock_can_be_set_by_hand() {
    let text = lock("", ", lease = \"4s\"", &["rows(done) == 1"]);
    let plain = scenario(&text);
    let place = plain.variants[0]
        .plan
        .nodes
        .iter()
        .position(|node| node.name == "right")
        .expect("it is there");
    let live = plain.live(0, mqlab_model::PlaceId(place as u16));
    let told: Vec<(&str, Option<&str>)> = (live.iter())
        .map(|one| (one.path.as_str(), one.planned.as_deref()))
        .filter(|(path, _)| path.starts_with("clock"))
        .collect();
    assert_eq!(
        told,
        [
            ("clock.right.offset", Some("\"0s\"")),
            ("clock.right.drift", Some("\"0ppm\""))
        ]
    );
    let act = Act::parse("[[at]]\ntime = \"2s\"\nset = { \"clock.right.offset\" = \"10s\" }\n").expect("it is there");
    assert!(act.to_toml().contains("\"clock.right.offset\" = \"10s\""));
    holds(&format!(
        "{}{}",
        text.replace("rows(done) == 1", "rows(done) == 2"),
        act.to_toml()
    ));
}

#[test]
fn what_is_wrong_with_clocks_is_said() {
    let lease = ", lease = \"4s\"";
    for (rest, lease, words) in [
        ("clock.nobody.offset = \"1s\"", lease, &["unknown-name", "nobody"][..]),
        (
            "clock.left.offset = \"1\"",
            lease,
            &["bad-value", "clock.left.offset", "length of time"],
        ),
        ("clock.left.offset = \"--1s\"", lease, &["bad-value"]),
        ("clock.left.drift = \"200\"", lease, &["bad-value", "200ppm"]),
        (
            "clock.left.drift = \"600000ppm\"",
            lease,
            &["out-of-range", "500000ppm"],
        ),
        (
            "clock.left.speed = \"1ppm\"",
            lease,
            &["unknown-key", "clock.left.speed"],
        ),
        ("clock.timer.offset = \"1s\"", lease, &["bad-clock", "timer"]),
        ("clock.job.offset = \"1s\"", lease, &["unused-clock", "clock.job"]),
        ("", ", lease = \"0s\"", &["bad-value", "over at once"]),
        ("", ", lease_by = \"table\"", &["needs-key", "lease_by"]),
        ("", ", lease = \"1s\", lease_by = \"nobody\"", &["bad-value", "nobody"]),
        ("table.done.replace_by = \"stamp\"", lease, &["needs-key", "table.done"]),
        (
            "at = [{ time = \"1s\", set = { \"clock.job.offset\" = \"1s\" } }]",
            lease,
            &["bad-setting", "clock.job.offset"],
        ),
        (
            "at = [{ time = \"1s\", set = { \"clock.left.rate\" = \"1s\" } }]",
            lease,
            &["bad-setting", "clock.left.rate"],
        ),
    ] {
        assert_said(
            &lock(rest, lease, &[]).replace(
                "[table.done]\n",
                if rest.contains("table.done") {
                    ""
                } else {
                    "[table.done]\n"
                },
            ),
            words,
        );
    }
    let text = lock("", lease, &[]).replace(
        "steps = [{ claim = \"locks\", lease = \"4s\", steps = [{ call = \"job\" }] }]",
        "steps = [{ transaction = [{ claim = \"locks\", lease = \"4s\", steps = [{ call = \"job\" }] }] }]",
    );
    assert_said(&text, &["bad-step", "lease within a transaction"]);
    let merged = profile("", &[]).replace("[service.left]\n", "[service.left]\nmerge = { wait = \"1s\" }\n");
    assert_said(&merged, &["bad-step", "together with others"]);
    let broker = profile("clock.rabbitmq.offset = \"1s\"", &[]);
    assert_said(&broker, &["bad-clock", "rabbitmq"]);
    assert_eq!(findings(&lock("clock.left.offset = \"1s\"", lease, &[])), [""; 0]);
}
