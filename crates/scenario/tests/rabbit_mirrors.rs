//! How a classic queue is mirrored changes while its cluster runs: each world with the
//! change and without.

mod common;

use common::{assert_said_with_help, findings, holds};

/// A hundred messages for a queue that nobody reads, and its first node dies at 20s for
/// good: what is counted is what is left.
fn world(queue: &str, sets: &[(&str, &str)], expects: &[&str]) -> String {
    let set = |(time, what): &(&str, &str)| format!("[[at]]\ntime = \"{time}\"\nset = {{ {what} }}\n");
    let sets: String = sets.iter().map(set).collect();
    let expect = |that: &&str| format!("[[expect]]\nthat = \"{that}\"\n");
    let expects: String = expects.iter().map(expect).collect();
    format!(
        "title = \"Mirrors\"\nuntil = \"30s\"\n\
         [broker.rabbitmq]\nversion = \"3.13\"\nnodes = 3\nlatency = \"1ms\"\nqueue.a = {{ {queue} }}\n\
         [load.shop]\nto = \"a\"\nrate = \"10/s\"\ncount = 100\npersistent = false\n{sets}\
         [[at]]\ntime = \"20s\"\ncrash = \"rabbitmq-1\"\n{expects}"
    )
}

const MIRRORS: &str = "\"broker.rabbitmq.queue.a.mirrors\"";
const PROMOTE: &str = "\"broker.rabbitmq.queue.a.promote\"";
const SYNC: &str = "\"broker.rabbitmq.queue.a.mirror_sync\"";

#[test]
fn a_mirror_that_joins_has_what_comes_from_then_on_or_all() {
    let joins = format!("{MIRRORS} = 1");
    holds(&world("mirrors = 0", &[], &["ready(a) == 0", "lost == 100"]));
    holds(&world(
        "mirrors = 0",
        &[("5s", &joins)],
        &["ready(a) == 49", "lost == 51"],
    ));
    holds(&world(
        "mirrors = 0, mirror_sync = \"automatic\"",
        &[("5s", &joins)],
        &["ready(a) == 100", "lost == 0"],
    ));
    let both = format!("{MIRRORS} = 1, {SYNC} = \"automatic\"");
    holds(&world("", &[("5s", &both)], &["ready(a) == 100"]));
    // It gets the rest later.
    let later = [("5s", joins.as_str()), ("15s", &format!("{SYNC} = \"automatic\""))];
    holds(&world("", &later, &["ready(a) == 100"]));
}

#[test]
fn mirrors_that_are_too_many_take_nothing_over() {
    let none = format!("{MIRRORS} = 0");
    holds(&world("mirrors = 2", &[], &["ready(a) == 100", "lost == 0"]));
    holds(&world("mirrors = 2", &[("5s", &none)], &["lost == 100"]));
    let one = format!("{MIRRORS} = 1");
    holds(&world("mirrors = 2", &[("5s", &one)], &["ready(a) == 100"]));
    let again = [("5s", none.as_str()), ("7s", &format!("{MIRRORS} = 2"))];
    holds(&world("mirrors = 2", &again, &["ready(a) == 29", "lost == 71"]));
}

#[test]
fn who_may_take_over_is_what_is_said_when_the_master_dies() {
    // The only mirror has not everything.
    let joins = ("5s", format!("{MIRRORS} = 1"));
    let world = |queue: &str, then: &str, expects: &[&str]| {
        let sets = [(joins.0, joins.1.as_str()), ("15s", then)];
        let sets = if then.is_empty() { &sets[..1] } else { &sets };
        holds(&world(queue, sets, expects));
    };
    let (always, synced) = (
        format!("{PROMOTE} = \"always\""),
        format!("{PROMOTE} = \"when-synced\""),
    );
    world("mirrors = 0", "", &["ready(a) == 49"]);
    world("mirrors = 0", &synced, &["ready(a) == 0"]);
    world("mirrors = 0, promote = \"when-synced\"", "", &["ready(a) == 0"]);
    world("mirrors = 0, promote = \"when-synced\"", &always, &["ready(a) == 49"]);
}

#[test]
fn what_has_no_mirrors_says_why() {
    let said = |queue: &str, version: &str, set: &str, words: &[&str]| {
        let text = world(queue, &[("5s", set)], &[]).replace("\"3.13\"", version);
        assert_said_with_help(&text, words);
    };
    let more = format!("{MIRRORS} = 1");
    let wrong = "bad-setting";
    said("type = \"quorum\"", "\"3.13\"", &more, &[wrong, "group_size"]);
    said("", "\"4.0\"", &more, &[wrong, "no mirrored queues since 4.0"]);
    said("exclusive = true", "\"3.13\"", &more, &[wrong, "never mirrored"]);
    said(
        "",
        "\"3.13\"",
        &format!("{MIRRORS} = 3"),
        &["replicas", "4 copies need as many nodes"],
    );
    said("", "\"3.13\"", &format!("{MIRRORS} = -1"), &["out-of-range"]);
    said("", "\"3.13\"", &format!("{PROMOTE} = \"never\""), &["when-synced"]);
    said(
        "",
        "\"3.13\"",
        "\"broker.rabbitmq.queue.b.mirrors\" = 1",
        &[wrong, "`a`"],
    );
    let one_node = world("", &[("5s", &more)], &[]).replace("nodes = 3\nlatency = \"1ms\"\n", "");
    assert_said_with_help(&one_node, &[wrong, "there is one node"]);
    let whole = world("mirrors = 0, promote = \"when-synced\"", &[("5s", &more)], &[]);
    assert_eq!(findings(&whole), Vec::<String>::new());
}
