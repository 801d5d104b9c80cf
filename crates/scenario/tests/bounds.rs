//! What a service does when it is asked for more than it can bear.

mod common;

use common::{assert_said, findings, holds};

/// Thirty calls at once to a service with two workers and three places.
fn overloaded(overload: &str, expectations: &[&str]) -> String {
    let expectations: String = expectations
        .iter()
        .map(|that| format!("[[expect]]\nthat = \"{that}\"\n"))
        .collect();
    format!(
        "title = \"Too much\"\nuntil = \"1m\"\n\
         [service.clerk]\nworkers = 2\nqueue = 3\noverload = \"{overload}\"\nsteps = [{{ work = \"1s\" }}]\n\
         [load.crowd]\nto = \"clerk\"\nburst = [[\"0s\", 30], [\"30s\", 1]]\n\
         [load.visitor]\nto = \"clerk\"\nburst = [[\"40s\", 1]]\n{expectations}"
    )
}

#[test]
fn a_full_service_refuses() {
    holds(&overloaded(
        "refuses",
        &[
            "turned_away(clerk) == 25",
            "handled(clerk) == 7",
            "refused(crowd) == 25",
            "first_refused(crowd) == 6",
            "first_refused(visitor) == never",
            "responded(visitor) == 1",
            "lost == 0",
        ],
    ));
}

#[test]
fn a_full_service_dies() {
    holds(&overloaded(
        "dies",
        &[
            "died_at(clerk) == 0s",
            "turned_away(clerk) == 1",
            "handled(clerk) == 0",
            "refused(crowd) == 31",
            "overloaded == 1",
        ],
    ));
}

#[test]
fn who_asks_too_much_of_a_strict_service_is_not_served_again() {
    holds(&overloaded(
        "blacklists",
        &[
            "blacklisted_at(clerk) == 0s",
            "handled(clerk) == 6",
            "turned_away(clerk) == 26",
            "refused(crowd) == 26",
            "responded(visitor) == 1",
        ],
    ));
}

#[test]
fn a_full_service_slows_down() {
    holds(&overloaded(
        "slows",
        &[
            "turned_away(clerk) == 0",
            "refused(crowd) == 0",
            "latency_max(clerk) > 31s",
        ],
    ));
    // Five is what it bears.
    let few = overloaded("slows", &["latency_max(clerk) == 3s"]).replace("[\"0s\", 30]", "[\"0s\", 5]");
    holds(&few);
    // Three calls for one worker without a place: the first takes 1 s, the
    // second begins with one more waiting and takes 2 s, the last takes 1 s.
    let one = |until: &str, handled: u32| {
        overloaded("slows", &[&format!("handled(clerk) == {handled}")])
            .replace("workers = 2", "workers = 1")
            .replace("queue = 3", "queue = 0")
            .replace("[\"0s\", 30], [\"30s\", 1]", "[\"0s\", 3]")
            .replace("until = \"1m\"", &format!("until = \"{until}\""))
    };
    for (until, handled) in [
        ("1s", 0),
        ("1001ms", 1),
        ("3s", 1),
        ("3001ms", 2),
        ("4s", 2),
        ("4001ms", 3),
    ] {
        holds(&one(until, handled));
    }
}

#[test]
fn bounds_change_while_the_service_runs() {
    let text = overloaded("refuses", &["turned_away(clerk) == 20", "handled(clerk) == 12"]);
    let wider = "[[at]]\ntime = \"0s\"\nset = { service.clerk.queue = 8 }\n";
    // The burst comes before what is done to the world in its instant.
    holds(&format!("{text}{wider}").replace("\"0s\", 30", "\"1ms\", 30"));
    let text = overloaded("refuses", &["died_at(clerk) == 1ms"]);
    let strict = "[[at]]\ntime = \"0s\"\nset = { service.clerk.overload = \"dies\" }\n";
    holds(&format!("{text}{strict}").replace("\"0s\", 30", "\"1ms\", 30"));
}

#[test]
fn who_has_enough_takes_no_more_until_it_comes_up_again() {
    let text = "title = \"Enough\"\nuntil = \"10s\"\n\
        [service.shop]\nadmits = 3\n\
        [load.crowd]\nto = \"shop\"\nburst = [[\"1s\", 5], [\"3s\", 5], [\"5s\", 5]]\n\
        [[at]]\ntime = \"2s\"\ncrash = \"shop\"\n[[at]]\ntime = \"2s\"\nrestart = \"shop\"\n\
        [[at]]\ntime = \"4s\"\nset = { service.shop.admits = 4 }\n\
        [[expect]]\nthat = \"accepted(shop) == 7\"\n[[expect]]\nthat = \"turned_away(shop) == 8\"\n";
    holds(text);
}

#[test]
fn bounds_without_meaning_are_said() {
    let service = |more: &str| {
        format!(
            "title = \"x\"\nuntil = \"1s\"\n[broker.rabbitmq]\nqueue.q = {{}}\n\
             [service.s]\n{more}\n[load.l]\nto = \"s\"\nburst = [[\"0s\", 1]]\n"
        )
    };
    assert_said(&service("queue = 3"), &["no-bound", "without a limit of workers"]);
    assert_said(
        &service("workers = 3\noverload = \"dies\""),
        &["no-bound", "room for everybody"],
    );
    assert_said(
        &service("workers = 3\nqueue = -1"),
        &["out-of-range", "`service.s.queue`"],
    );
    assert_said(&service("admits = \"many\""), &["wrong-type", "`service.s.admits`"]);
    assert_said(
        &service("workers = 1\nqueue = 1\noverload = \"explodes\""),
        &["bad-value", "explodes"],
    );
    let uncalled = service("consume.queue = \"q\"\nqueue = 3\nsteps = [\"ack\"]").replace("to = \"s\"", "to = \"q\"");
    assert_said(&uncalled, &["no-bound", "nobody calls `s`"]);
    assert_eq!(
        findings(&service("workers = 3\nqueue = 0\nadmits = 9")),
        Vec::<String>::new()
    );
}
