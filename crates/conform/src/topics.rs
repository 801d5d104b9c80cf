//! Which module knows which topic.

use crate::case::Case;
use crate::outcome::Outcome;
use crate::runs::Runs;
use crate::{history, kafka, queueing};

/// The topics that are known.
pub const TOPICS: &[&str] = &[
    "jepsen_kafka",
    "kafka_assignors",
    "kafka_partitioner",
    "queueing_theory",
];

/// What comes of a case of a topic.
pub fn judge(topic: &str, case: &Case, runs: &dyn Runs) -> Outcome {
    match topic {
        "jepsen_kafka" => history::judge(case),
        "kafka_assignors" | "kafka_partitioner" => kafka::judge(topic, case),
        "queueing_theory" => queueing::judge(case, runs),
        _ => Outcome::NotUnderstood(format!("no topic `{topic}`; there are {}", TOPICS.join(", "))),
    }
}
