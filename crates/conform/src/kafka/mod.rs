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
    Outcome::from_result(match topic {
        "kafka_assignors" => assignors::judge(case),
        "kafka_log" => log::judge(case),
        "kafka_partitioner" => partitioner::judge(case),
        "kafka_replication" => replication::judge(case),
        other => Err(format!("no topic `{other}`")),
    })
}
