//! Calls that arrive twice or in another order than they were made.

mod common;

use common::{assert_said, findings, holds};
use mqlab_engine::Hits;
use mqlab_scenario::{Act, Runner, Scenario, parse};

fn expect(those: &[&str]) -> String {
    let entry = |that: &&str| format!("[[expect]]\nthat = \"{that}\"\n");
    those.iter().map(entry).collect()
}

/// A hundred calls, ten milliseconds apart, over a line of one.
fn bank(line: &str, steps: &str, rest: &str, expectations: &[&str]) -> String {
    format!(
        "title = \"Calls\"\nuntil = \"60s\"\n\
         [link.line]\nbetween = [\"users\", \"bank\"]\nlatency = \"1ms\"\n{line}\n\
         [table.accounts]\n[table.seen]\n[service.bank]\nsteps = [{steps}]\n\
         [load.users]\nto = \"bank\"\nrate = \"100/s\"\ncount = 100\n{rest}\n{}",
        expect(expectations)
    )
}

const PAY: &str = "{ insert = \"accounts\" }";

fn scenario(text: &str) -> Scenario {
    let (scenario, found) = parse(text);
    scenario.unwrap_or_else(|| panic!("{found:#?}\n{text}"))
}

fn run(text: &str) -> (Hits, u64) {
    let scenario = scenario(text);
    let mut runner = Runner::new(&scenario, 0);
    runner.finish();
    (runner.world().hits(), runner.world().digest())
}

#[test]
fn a_call_that_arrives_twice_is_done_twice() {
    let twice = "duplicate = \"100%\"";
    let harm = ["rows(accounts) == 200", "duplicated == 100", "responded(users) == 100"];
    holds(&bank(twice, PAY, "", &harm));
    holds(&bank("", PAY, "", &["rows(accounts) == 100", "duplicated == 0"]));
    // Who has seen it before leaves it alone; and answers.
    let guarded = format!("{{ claim = \"seen\", steps = [{PAY}] }}");
    let fine = ["rows(accounts) == 100", "duplicated == 0", "responded(users) == 100"];
    holds(&bank(twice, &guarded, "", &fine));
    let (hits, _) = run(&bank(twice, PAY, "", &[]));
    // Both ways; an answer more does nothing.
    assert_eq!((hits.doubled.all, hits.doubled.hit), (300, 100));
    let some = bank(
        "duplicate = \"10%\"",
        PAY,
        "",
        &["rows(accounts) > 100", "rows(accounts) < 130"],
    );
    holds(&some);
}

#[test]
fn a_call_that_is_held_back_is_overtaken() {
    let text = |resend: &str, expectations: &[&str]| {
        let line = format!("reorder = \"20%\"\nresend = \"{resend}\"");
        bank(&line, PAY, "", expectations)
    };
    holds(&text(
        "15ms",
        &[
            "reordered > 5",
            "reordered < 40",
            "rows(accounts) == 100",
            "duplicated == 0",
        ],
    ));
    // The next one comes ten milliseconds later: nothing overtakes what is held back
    // for less, the call and its answer together.
    holds(&text("4ms", &["reordered == 0", "rows(accounts) == 100"]));
    let (far, _) = run(&text("15ms", &[]));
    assert!(
        far.overtaken.hit > 5 && far.overtaken.all >= far.overtaken.hit,
        "{far:?}"
    );
    let (near, _) = run(&text("4ms", &[]));
    assert!(near.overtaken.all > 20 && near.overtaken.hit == 0, "{near:?}");
}

#[test]
fn it_can_begin_and_end_during_a_run() {
    let act = |time: &str, key: &str, value: &str| {
        format!("[[at]]\ntime = \"{time}\"\nset = {{ \"{key}\" = \"{value}\" }}\n")
    };
    let acts = [
        act("95ms", "link.line.duplicate", "100%"),
        act("195ms", "link.line.duplicate", "0%"),
    ]
    .concat();
    holds(&bank("", PAY, &acts, &["rows(accounts) == 110"]));
    let acts = act("95ms", "links.users.bank.duplicate", "100%");
    holds(&bank("", PAY, &acts, &["rows(accounts) == 190"]));
    let scenario = scenario(&bank("", PAY, "", &[]));
    let plan = &scenario.variants[0].plan;
    let node = |name: &str| {
        let index = plan
            .nodes
            .iter()
            .position(|node| node.name == name)
            .expect("it is there");
        mqlab_model::NodeId(index as u16)
    };
    let paths: Vec<String> = (scenario.live_link(0, node("users"), node("bank")).into_iter())
        .map(|one| one.path)
        .collect();
    assert!(paths.contains(&"link.line.reorder".to_owned()), "{paths:?}");
}

#[test]
fn the_network_goes_wrong_at_random_and_is_well_again() {
    let random = "[faults.random]\nstop = \"900ms\"\nnodes = [\"users\", \"bank\"]\n\
                  loss = { rate = \"600/m\", lasts = \"20ms\", share = \"50%\" }\n\
                  duplicate = { rate = \"600/m\", lasts = \"20ms\", share = \"50%\" }\n\
                  reorder = { rate = \"600/m\", lasts = \"20ms\", share = \"50%\" }\n";
    let text = bank("duplicate = \"1%\"\nresend = \"15ms\"", PAY, random, &[]);
    let scenario = scenario(&text);
    let acts: Vec<String> = scenario.random_acts(0).iter().map(Act::to_toml).collect();
    for (path, usual) in [("loss", "0%"), ("duplicate", "1%"), ("reorder", "0%")] {
        let path = format!("links.bank.users.{path}");
        let of: Vec<&String> = acts.iter().filter(|act| act.contains(&path)).collect();
        assert!(of.len() >= 4, "{path}: {acts:?}");
        let ends = of.iter().skip(1).step_by(2);
        assert!(
            ends.into_iter().all(|act| act.contains(&format!("\"{usual}\""))),
            "{of:?}"
        );
    }
    let (hits, digest) = run(&text);
    assert!(
        hits.losses.hit > 0 && hits.doubled.hit > 0 && hits.overtaken.all > 0,
        "{hits:?}"
    );
    let spelled = scenario.spelled_out(&text).expect("it has a header of its own");
    assert_eq!(run(&spelled).1, digest);
}

#[test]
fn what_is_wrong_with_strays_is_said() {
    let queue = |line: &str, rest: &str| {
        format!(
            "title = \"Queue\"\nuntil = \"1s\"\n[broker.rabbitmq]\nqueue.orders = {{}}\n\
             [link.line]\nbetween = [\"users\", \"rabbitmq\"]\n{line}\n\
             [load.users]\nto = \"orders\"\nrate = \"1/s\"\n\
             [service.writer]\nconsume = {{ queue = \"orders\" }}\nsteps = [\"ack\"]\n{rest}"
        )
    };
    for key in ["duplicate", "reorder"] {
        let said = format!("`{key}` is about calls");
        assert_said(&queue(&format!("{key} = \"1%\""), ""), &["bad-value", &said]);
        let set = |path: &str| format!("[[at]]\ntime = \"0s\"\nset = {{ \"{path}.{key}\" = \"1%\" }}\n");
        assert_said(&queue("", &set("link.line")), &["bad-setting", "link.line"]);
        assert_said(&queue("", &set("links.users.rabbitmq")), &["bad-setting", "no calls"]);
        assert_said(&queue("", &set("links")), &["bad-setting", "links"]);
        assert_said(
            &bank(&format!("{key} = \"101%\""), PAY, "", &[]),
            &["bad-value", "101%"],
        );
    }
    let random = |kind: &str| format!("[faults.random]\nstop = \"1s\"\n{kind}\n");
    let all = random("loss = { rate = \"1/m\", share = \"100%\" }");
    assert_said(&bank("", PAY, &all, &[]), &["bad-value", "cut"]);
    let none = random("duplicate = { rate = \"1/m\" }");
    assert_said(&bank("", PAY, &none, &[]), &["missing-key", "share"]);
    assert_eq!(
        findings(&bank("duplicate = \"1%\"\nreorder = \"1%\"", PAY, "", &[])),
        [""; 0]
    );
}
