//! What a producer is told that asks for no answer (`acks=0`), and what is lost.

mod common;

use common::holds;
use mqlab_engine::{MetricKind, Value};
use mqlab_scenario::{Runner, parse, report};

/// Three brokers, a millisecond from the shop, which sends a record each
/// millisecond from 10 s on and asks for no answer; two groups that read.
fn world(partitions: u32, trouble: &str, expected: &[&str]) -> String {
    let links: String = (1..=3)
        .map(|one| format!("[link.way-{one}]\nbetween = [\"shop\", \"kafka-{one}\"]\nlatency = \"1ms\"\n"))
        .collect();
    let readers: String = ["billing", "mail"]
        .map(|group| {
            format!(
                "[table.{group}-rows]\nunique = true\n[service.{group}-reader]\n\
                 consume = {{ topic = \"orders\", group = \"{group}\", offset_reset = \"earliest\" }}\n\
                 steps = [{{ insert = \"{group}-rows\", on_duplicate = \"skip\" }}]\n"
            )
        })
        .concat();
    let expected: String = expected
        .iter()
        .map(|that| format!("[[expect]]\nthat = \"{that}\"\n"))
        .collect();
    format!(
        "title = \"No answer\"\nuntil = \"90s\"\n{links}{readers}\
         [load.shop]\nto = \"orders\"\nrate = [[\"10s\", \"1000/s\"]]\ncount = 20_000\nsize = \"200B\"\nkeys = [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\", \"h\"]\n\
         producer = {{ acks = \"0\", linger = \"0s\" }}\n\
         [broker.kafka]\nleader_rebalance_interval = \"3s\"\n\
         topic.orders = {{ partitions = {partitions}, replication_factor = 3, min_insync_replicas = 2 }}\n\
         {trouble}{expected}"
    )
}

const CRASH: &str = "[[at]]\ntime = \"10.5005s\"\ncrash = \"kafka-1\"\n";

#[test]
fn what_is_lost_with_a_broker_was_told_safe_in_every_partition() {
    for partitions in [1, 3] {
        holds(&world(
            partitions,
            CRASH,
            &[
                "refused(shop) == 0",
                "confirmed(shop) == 20_000",
                // Those that were under way, and what was written to the leader alone.
                "lost > 0",
                "unconfirmed_lost == 0",
                "unknown == 0",
                "duplicated == 0",
            ],
        ));
    }
}

/// What is measured of something at the end.
fn measured(text: &str, metrics: &[(MetricKind, &str)]) -> Vec<u64> {
    let (scenario, found) = parse(text);
    let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
    let mut runner = Runner::new(&scenario, 0);
    runner.finish();
    let value = |(kind, subject): &(MetricKind, &str)| {
        let plan = &scenario.variants[0].plan;
        let value = report::measured(runner.world(), plan, *kind, Some(subject));
        match value {
            Some(Value::Count(count)) => count,
            other => panic!("{subject}: {other:?}"),
        }
    };
    metrics.iter().map(value).collect()
}

#[test]
fn every_group_misses_what_did_not_arrive() {
    let read = |group: &'static str, table: &'static str| [(MetricKind::Lost, group), (MetricKind::Rows, table)];
    let all = [
        read("billing/orders-0", "billing-rows"),
        read("mail/orders-0", "mail-rows"),
    ];
    let counts = measured(&world(1, CRASH, &[]), all.as_flattened());
    let [billing_lost, billing_rows, mail_lost, mail_rows] = counts[..] else {
        panic!("{counts:?}")
    };
    assert!(billing_lost > 0, "{counts:?}");
    assert_eq!(billing_lost + billing_rows, 20_000, "{counts:?}");
    assert_eq!((billing_lost, billing_rows), (mail_lost, mail_rows));
}

#[test]
fn a_broker_that_leads_no_more_closes_the_connection() {
    // The leadership goes back to the first broker while the shop still sends to the
    // second one.
    let back = format!("{CRASH}[[at]]\ntime = \"21s\"\nrestart = \"kafka-1\"\n");
    holds(&world(
        1,
        &back,
        &[
            "refused(shop) == 0",
            "confirmed(shop) == 20_000",
            "lost > 0",
            // A hundred records for each group, and not the eight thousand that are
            // sent after that.
            "lost < 200",
            "unknown == 0",
        ],
    ));
}
