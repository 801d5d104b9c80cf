//! Settings of Kafka that change while it runs, and what comes of it: each world is
//! run with the change and without.

mod common;

use common::{findings, holds, some_value};
use mqlab_scenario::{KEYS, parse};

/// A hundred records of 1 kB about one thing in the second from 10 s on, and one a
/// second about others from 12 s on, which begin new segments.
fn world(broker: &str, rest: &str) -> String {
    format!(
        "title = \"Live\"\nuntil = \"60s\"\n[broker.kafka]\n{broker}\n\
         [load.shop]\nto = \"orders\"\nrate = [[\"10s\", \"100/s\"]]\ncount = 100\nsize = \"1kB\"\nkeys = [\"a\"]\n\
         [load.tail]\nto = \"orders\"\nrate = [[\"12s\", \"1/s\"]]\ncount = 10\nsize = \"1kB\"\nkeys = [\"tail-\"]\n\
         numbered = 10\nkey = \"in-turn\"\n{rest}\n"
    )
}

/// Sets a key of the broker at an instant.
fn set(at: &str, key: &str, value: &str) -> String {
    format!("[[at]]\ntime = \"{at}\"\nset = {{ \"broker.kafka.{key}\" = {value} }}\n")
}

/// What is expected without the changes, and with them.
fn differs(broker: &str, rest: &str, changes: &str, (without, with): (&str, &str)) {
    for (changes, that) in [("", without), (changes, with)] {
        let expect = format!("[[expect]]\nthat = \"{that}\"\n");
        holds(&world(broker, &format!("{rest}{changes}{expect}")));
    }
}

const WHOLE: &str = "log_bytes(orders-0) == 110000";
/// The last of each key, and some of what is in the active segment.
const COMPACTED: &str = "log_bytes(orders-0) <= 13000";

fn compacted(topic: &str) -> String {
    format!("brokers = 1\ncleaner_backoff = \"1s\"\ntopic.orders = {{ segment = \"100ms\", {topic} }}")
}

#[test]
fn a_topic_begins_to_be_compacted() {
    let change = set("30s", "topic.orders.cleanup_policy", "\"compact\"");
    differs(&compacted("partitions = 1"), "", &change, (WHOLE, COMPACTED));
    let found = findings(&world(&compacted("delete_retention = \"1s\""), &change));
    assert_eq!(found, [""; 0], "it will have an effect");
}

#[test]
fn a_topic_begins_to_be_deleted() {
    let broker = compacted("cleanup_policy = \"compact\", retention = \"1s\"") + "\nretention_check_interval = \"1s\"";
    let change = set("30s", "topic.orders.cleanup_policy", "\"delete\"");
    differs(
        &broker,
        "",
        &change,
        ("log_start(orders-0) == 0", "log_start(orders-0) == 110"),
    );
}

/// After a first pass almost nothing is clean and almost everything dirty, but not all.
#[test]
fn how_much_has_to_be_dirty_changes() {
    let broker = compacted("cleanup_policy = \"compact\", min_cleanable_dirty_ratio = \"100%\"");
    let early =
        "[load.first]\nto = \"orders\"\nrate = [[\"1s\", \"10/s\"]]\ncount = 10\nsize = \"1kB\"\nkeys = [\"z\"]\n";
    let whole = "log_bytes(orders-0) >= 110000";
    for (key, value) in [
        ("min_cleanable_dirty_ratio", "\"1%\""),
        ("max_compaction_lag", "\"1s\""),
    ] {
        let change = set("30s", &format!("topic.orders.{key}"), value);
        differs(&broker, early, &change, (whole, "log_bytes(orders-0) <= 15000"));
    }
}

#[test]
fn how_old_records_have_to_be_changes() {
    let broker = compacted("cleanup_policy = \"compact\", min_compaction_lag = \"1h\"");
    let change = set("30s", "topic.orders.min_compaction_lag", "\"0s\"");
    differs(&broker, "", &change, (WHOLE, COMPACTED));
}

#[test]
fn how_long_tombstones_stay_changes() {
    let broker = compacted("cleanup_policy = \"compact\", min_cleanable_dirty_ratio = \"1%\"");
    // Without values, so that nothing is left of the hundred in the end.
    let rest = "[load.shop.producer]\ntombstones = true\n";
    let change = set("5s", "topic.orders.delete_retention", "\"1s\"");
    // Ten of the tail, and one that says that `a` is gone.
    differs(
        &broker,
        rest,
        &change,
        ("log_bytes(orders-0) == 11000", "log_bytes(orders-0) == 10000"),
    );
}

#[test]
fn how_often_the_cleaner_looks_changes_at_once() {
    let broker =
        compacted("cleanup_policy = \"compact\"").replace("cleaner_backoff = \"1s\"", "cleaner_backoff = \"1h\"");
    // It looks when it is told, however long it will wait then.
    let change = set("59s", "cleaner_backoff", "\"30m\"");
    differs(&broker, "", &change, (WHOLE, COMPACTED));
}

const THREE: &str = "topic.orders = { replication_factor = 3, min_insync_replicas = 2 }";

#[test]
fn fewer_have_to_be_in_sync() {
    let crashes = "[[at]]\ntime = \"1s\"\ncrash = \"kafka-2\"\n[[at]]\ntime = \"1s\"\ncrash = \"kafka-3\"\n";
    let change = set("40s", "topic.orders.min_insync_replicas", "1");
    differs(
        THREE,
        crashes,
        &change,
        ("confirmed(shop) == 0", "confirmed(shop) == 100"),
    );
}

#[test]
fn more_have_to_be_in_sync() {
    let crash = "[[at]]\ntime = \"0.5s\"\ncrash = \"kafka-3\"\n";
    let change = set("1s", "topic.orders.min_insync_replicas", "3");
    differs(
        THREE,
        crash,
        &change,
        ("confirmed(shop) == 100", "confirmed(shop) == 0"),
    );
    // A new leader goes by what is set as well.
    let crash = "[[at]]\ntime = \"2s\"\ncrash = \"kafka-1\"\n";
    differs(
        THREE,
        crash,
        &change,
        ("confirmed(shop) == 100", "confirmed(shop) == 0"),
    );
}

/// Who was not in sync may lead from the controller's next look on, five minutes after
/// it was started, and what it does not have is lost.
#[test]
fn an_unclean_leader_is_allowed_and_elected() {
    let text = |change: &str, expect: &str| {
        let crashes = "[[at]]\ntime = \"1s\"\ncrash = \"kafka-2\"\n[[at]]\ntime = \"20s\"\ncrash = \"kafka-1\"\n\
                       [[at]]\ntime = \"25s\"\nrestart = \"kafka-2\"\n";
        world(
            "brokers = 2\ntopic.orders = { replication_factor = 2 }",
            &format!("{crashes}{change}{expect}"),
        )
        .replace("until = \"60s\"", "until = \"310s\"")
    };
    let expect = |at: &str, that: &str| format!("[[expect]]\nat = \"{at}\"\nthat = \"{that}\"\n");
    holds(&text("", &expect("310s", "leaderless(kafka) == 1")));
    let change = set("60s", "topic.orders.unclean_leader_election", "true");
    let elected = expect("299.9s", "leaderless(kafka) == 1") + &expect("300.1s", "leaderless(kafka) == 0");
    holds(&text(&change, &(elected + &expect("310s", "lost >= 100"))));
}

#[test]
fn the_page_cache_is_synced_more_often() {
    let broker = "brokers = 1\ntopic.orders = {}\ndisk = { interval = \"1h\" }";
    let cut = "[[at]]\ntime = \"30s\"\ncrash = \"kafka-1\"\nkind = \"power\"\n[[at]]\ntime = \"31s\"\nrestart = \"kafka-1\"\n";
    for (key, value) in [("disk.interval", "\"1s\""), ("disk.batch", "1")] {
        differs(broker, cut, &set("5s", key, value), ("lost == 110", "lost == 0"));
    }
}

/// A log that begins anew, because its leader has nothing left that it could go on
/// with, follows what its topic is set to by then.
#[test]
fn a_log_that_begins_anew_follows_what_was_changed() {
    let broker = "brokers = 2\nretention_check_interval = \"1s\"\nleader_rebalance = false\n\
                  topic.orders = { replication_factor = 2, segment = \"1s\", retention = \"1s\" }";
    // It is away while all that it could have read is deleted.
    let away = "[[at]]\ntime = \"9s\"\ncrash = \"kafka-2\"\n[[at]]\ntime = \"30s\"\nrestart = \"kafka-2\"\n\
                [[at]]\ntime = \"45s\"\nmove_leader = { partition = \"orders-0\", to = \"kafka-2\" }\n\
                [load.late]\nto = \"orders\"\nrate = [[\"59s\", \"100/s\"]]\ncount = 50\nsize = \"1kB\"\n";
    let keep = set("5s", "topic.orders.segment_bytes", "\"10kB\"");
    differs(
        broker,
        away,
        &keep,
        ("segments(orders-0) <= 2", "segments(orders-0) >= 5"),
    );
}

#[test]
fn what_does_not_go_together_is_said() {
    let of = |key: &str, value: &str, earlier: &str| {
        let found = findings(&world(THREE, &format!("{earlier}{}", set("5s", key, value))));
        found.join("\n")
    };
    let (min, max) = ("topic.orders.min_compaction_lag", "topic.orders.max_compaction_lag");
    assert!(of("topic.orders.min_insync_replicas", "4", "").contains("no more than 3"));
    assert_eq!(of(min, "\"2s\"", ""), "");
    assert!(of(min, "\"2s\"", &set("1s", max, "\"1s\"")).contains("`max_compaction_lag`"));
    assert!(of(max, "\"1s\"", &set("1s", min, "\"2s\"")).contains("`max_compaction_lag`"));
}

/// Whatever of a cluster or of its clients is not live says why.
#[test]
fn what_stays_as_it_is_says_why() {
    let broker = "topic.orders = {}\ntopic.mails = {}";
    let rest = "[service.worker]\nconsume = { topic = \"orders\", group = \"g\" }\nsteps = [{ publish = \"mails\" }]\n";
    let mut reasons = Vec::new();
    for key in KEYS.iter().filter(|key| !key.live) {
        let path = key
            .path
            .replace("load.*", "load.shop")
            .replace("service.*", "service.worker");
        let path = path.replace("topic.*", "topic.orders");
        let is_of_client = |above: &str| path.starts_with(above);
        let is_kafkas =
            is_of_client("broker.kafka.") || path.contains("r.producer.") || path.contains("shop.producer.");
        let Some(value) = some_value(key).filter(|_| is_kafkas) else {
            continue;
        };
        let set = format!("[[at]]\ntime = \"5s\"\nset = {{ \"{path}\" = {value} }}\n");
        let (_, found) = parse(&world(broker, &format!("{rest}{set}")));
        let said = found
            .iter()
            .find(|one| one.message.to_string().contains("cannot change"));
        let said = said.unwrap_or_else(|| panic!("{path}: {found:#?}"));
        let why = said.help.as_ref().map(ToString::to_string);
        let why = why.unwrap_or_else(|| panic!("{path} does not say why"));
        if !reasons.contains(&why) {
            reasons.push(why);
        }
    }
    assert_eq!(reasons.len(), 5, "{reasons:#?}");
}
