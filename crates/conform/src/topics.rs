//! Which module knows which topic.

use crate::case::Case;
use crate::outcome::Outcome;
use crate::runs::Runs;
use crate::{history, kafka, queueing, rabbitmq};

/// The topics that are known.
pub const TOPICS: &[&str] = &[
    "jepsen_kafka",
    "kafka_assignors",
    "kafka_log",
    "kafka_partitioner",
    "kafka_replication",
    "queueing_theory",
    "rabbitmq_queues",
    "rabbitmq_routing",
];

/// The ways in which what is expected is compared.
const COMPARES: &[&str] = &["", "exact", "set", "property", "range", "tolerance"];

/// What comes of a case of a topic.
pub fn judge(topic: &str, case: &Case, runs: &dyn Runs) -> Outcome {
    if !COMPARES.contains(&&case.compare[..]) {
        return Outcome::NotUnderstood(format!("nothing compares by `{}`", case.compare));
    }
    match topic {
        "jepsen_kafka" => history::judge(case),
        "kafka_assignors" | "kafka_log" | "kafka_partitioner" | "kafka_replication" => kafka::judge(topic, case),
        "queueing_theory" => queueing::judge(case, runs),
        "rabbitmq_queues" | "rabbitmq_routing" => rabbitmq::judge(case),
        _ => Outcome::NotUnderstood(format!("no topic `{topic}`; there are {}", TOPICS.join(", "))),
    }
}
