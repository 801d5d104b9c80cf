//! Cases taken from Kafka's own tests, documents and classes.
//!
//! Every rule that is asked here is the very function of
//! `mqlab_brokers::kafka` that a node is made of.

mod assignors;
mod cleaning;
mod log;
mod partitioner;
mod read;
mod replication;
mod setting;
mod steps;
mod transactions;

use crate::case::Case;
use crate::outcome::Outcome;

/// What comes of a case.
pub(crate) fn judge(topic: &str, case: &Case) -> Outcome {
    let judged = case.says_only(names(&case.kind)).and_then(|()| match topic {
        "kafka_assignors" => assignors::judge(case),
        "kafka_log" => log::judge(case),
        "kafka_partitioner" => partitioner::judge(case),
        "kafka_replication" => replication::judge(case),
        other => Err(format!("no topic `{other}`")),
    });
    Outcome::from_result(judged)
}

/// What inputs of a kind say.
fn names(kind: &str) -> &'static [&'static str] {
    match kind {
        "murmur2_hash" | "key_to_partition" => &["key_hex", "key_utf8", "partitions"],
        "to_positive" => &["hash"],
        "keyed_rules" => &[
            "record",
            "partitions",
            "ignore_keys",
            "keys_hex",
            "partitions_before",
            "partitions_after",
        ],
        "unkeyed" => &[
            "adaptive",
            "queue_sizes",
            "excluded",
            "rounds_of_total_weight",
            "key",
            "partitions",
            "without_leader",
            "sticky_batch_size",
            "rounds",
            "records",
        ],
        "rebalance_sequence" => &["assignor", "rounds", "uniform_subscriptions"],
        "member_order" | "ownership_transfer" => &["members", "partitions_per_topic"],
        assign if assign.starts_with("assign_") => {
            &["assignor", "members", "partitions_per_topic", "uniform_subscriptions"]
        }
        "default" => &["setting"],
        "acks" => &[
            "acks",
            "isr_size",
            "isr_size_after_append",
            "min_insync_replicas",
            "replication_factor",
        ],
        "election" => &[
            "mode",
            "replicas",
            "isr",
            "leader",
            "eligible",
            "elr",
            "last_known_elr",
            "isr_before",
            "isr_after",
            "elr_before",
            "last_known_elr_before",
            "elr_enabled",
            "min_insync_replicas",
            "unclean_shutdown",
        ],
        "hw_compute" => &[
            "leader",
            "leader_leo",
            "follower_leo",
            "maximal_isr",
            "not_in_isr_but_caught_up_within_lag",
            "current_hw",
            "min_insync_replicas",
        ],
        "truncation" => &[
            "leader_epochs",
            "leader_leo",
            "follower_epochs",
            "follower_leo",
            "follower_hw",
        ],
        "hw_scenario" | "isr_scenario" => &[
            "leader",
            "replicas",
            "isr",
            "isr_cases",
            "leader_leo",
            "min_insync_replicas",
            "replica_lag_time_max_ms",
            "steps",
        ],
        "retention" => &[
            "segments",
            "now_ms",
            "retention_ms",
            "retention_bytes",
            "high_watermark",
            "log_start_offset",
            "cleanup_policy",
        ],
        "retention_rule" => &["delete_records_to", "high_watermark", "log_start_offset"],
        "segment_roll" => &["append", "segment_ms", "timestamps", "steps"],
        "compaction" => &[
            "records",
            "first_uncleanable_offset",
            "tombstones_within_delete_retention",
        ],
        "compaction_txn" => &["log", "passes"],
        "compaction_rule" => &["batch", "cleanup_policy", "keys", "tombstones_for"],
        "sequence" => &["appends"],
        "txn_rule" => &["appends", "steps", "producer_epoch", "marker_epoch"],
        "lso" | "lso_compute" => &[
            "log",
            "hw",
            "marker",
            "then",
            "fetch_from",
            "isolation",
            "open",
            "complete_in_order",
        ],
        _ => &[],
    }
}
