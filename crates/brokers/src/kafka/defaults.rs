//! Kafka's settings and what they are unless somebody sets them, in one place
//! (Kafka 4.2: reference of broker, topic, producer and consumer settings).
//!
//! Names are those of the reference; times are milliseconds, sizes bytes, and
//! -1 is no limit, as there.

/// What a setting is unless somebody sets it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Value {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A fraction.
    Ratio(f64),
    /// A word.
    Word(&'static str),
}

use Value::{Flag, Number, Ratio, Word};

/// Whose setting it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Owner {
    /// A broker or a controller, for all its topics.
    Broker,
    /// One topic.
    Topic,
    /// A producer.
    Producer,
    /// A consumer.
    Consumer,
}

/// A setting: whose, its name, its default.
pub type Setting = (Owner, &'static str, Value);

/// `Long.MAX_VALUE`, which is how Kafka writes "never".
const NEVER: i64 = i64::MAX;

/// Settings of a broker and of the controller.
const BROKER: &[(&str, Value)] = &[
    ("auto.create.topics.enable", Flag(true)),
    ("auto.leader.rebalance.enable", Flag(true)),
    ("background.threads", Number(10)),
    ("broker.heartbeat.interval.ms", Number(2_000)),
    ("broker.session.timeout.ms", Number(9_000)),
    ("connections.max.idle.ms", Number(600_000)),
    ("controlled.shutdown.enable", Flag(true)),
    ("default.replication.factor", Number(1)),
    ("delete.topic.enable", Flag(true)),
    ("fetch.max.bytes", Number(57_671_680)),
    ("group.consumer.heartbeat.interval.ms", Number(5_000)),
    ("group.consumer.session.timeout.ms", Number(45_000)),
    ("group.initial.rebalance.delay.ms", Number(3_000)),
    ("group.max.session.timeout.ms", Number(1_800_000)),
    ("group.max.size", Number(i32::MAX as i64)),
    ("group.min.session.timeout.ms", Number(6_000)),
    ("leader.imbalance.check.interval.seconds", Number(300)),
    ("leader.imbalance.per.broker.percentage", Number(10)),
    ("log.cleaner.backoff.ms", Number(15_000)),
    ("log.cleaner.delete.retention.ms", Number(86_400_000)),
    ("log.cleaner.enable", Flag(true)),
    ("log.cleaner.max.compaction.lag.ms", Number(NEVER)),
    ("log.cleaner.min.cleanable.ratio", Ratio(0.5)),
    ("log.cleaner.min.compaction.lag.ms", Number(0)),
    ("log.cleaner.threads", Number(1)),
    ("log.cleanup.policy", Word("delete")),
    ("log.flush.interval.messages", Number(NEVER)),
    ("log.flush.offset.checkpoint.interval.ms", Number(60_000)),
    ("log.flush.scheduler.interval.ms", Number(NEVER)),
    ("log.flush.start.offset.checkpoint.interval.ms", Number(60_000)),
    ("log.index.interval.bytes", Number(4_096)),
    ("log.message.timestamp.type", Word("CreateTime")),
    ("log.retention.bytes", Number(-1)),
    ("log.retention.check.interval.ms", Number(300_000)),
    ("log.retention.hours", Number(168)),
    ("log.roll.hours", Number(168)),
    ("log.segment.bytes", Number(1_073_741_824)),
    ("log.segment.delete.delay.ms", Number(60_000)),
    ("max.incremental.fetch.session.cache.slots", Number(1_000)),
    ("message.max.bytes", Number(1_048_588)),
    ("num.io.threads", Number(8)),
    ("num.network.threads", Number(3)),
    ("num.partitions", Number(1)),
    ("num.replica.fetchers", Number(1)),
    ("offsets.commit.timeout.ms", Number(5_000)),
    ("offsets.retention.check.interval.ms", Number(600_000)),
    ("offsets.retention.minutes", Number(10_080)),
    ("offsets.topic.num.partitions", Number(50)),
    ("offsets.topic.replication.factor", Number(3)),
    ("offsets.topic.segment.bytes", Number(104_857_600)),
    ("producer.id.expiration.ms", Number(86_400_000)),
    ("queued.max.requests", Number(500)),
    ("replica.fetch.backoff.ms", Number(1_000)),
    ("replica.fetch.max.bytes", Number(1_048_576)),
    ("replica.fetch.min.bytes", Number(1)),
    ("replica.fetch.response.max.bytes", Number(10_485_760)),
    ("replica.fetch.wait.max.ms", Number(500)),
    ("replica.high.watermark.checkpoint.interval.ms", Number(5_000)),
    ("replica.lag.time.max.ms", Number(30_000)),
    ("replica.socket.timeout.ms", Number(30_000)),
    ("request.timeout.ms", Number(30_000)),
    (
        "transaction.abort.timed.out.transaction.cleanup.interval.ms",
        Number(10_000),
    ),
    ("transaction.max.timeout.ms", Number(900_000)),
    ("transaction.partition.verification.enable", Flag(true)),
    ("transaction.state.log.min.isr", Number(2)),
    ("transaction.state.log.num.partitions", Number(50)),
    ("transaction.state.log.replication.factor", Number(3)),
    ("transactional.id.expiration.ms", Number(604_800_000)),
];

/// Settings of a topic.
const TOPIC: &[(&str, Value)] = &[
    ("cleanup.policy", Word("delete")),
    ("compression.type", Word("producer")),
    ("delete.retention.ms", Number(86_400_000)),
    ("file.delete.delay.ms", Number(60_000)),
    ("flush.messages", Number(NEVER)),
    ("flush.ms", Number(NEVER)),
    ("index.interval.bytes", Number(4_096)),
    ("max.compaction.lag.ms", Number(NEVER)),
    ("max.message.bytes", Number(1_048_588)),
    ("message.timestamp.type", Word("CreateTime")),
    ("min.cleanable.dirty.ratio", Ratio(0.5)),
    ("min.compaction.lag.ms", Number(0)),
    ("min.insync.replicas", Number(1)),
    ("preallocate", Flag(false)),
    ("retention.bytes", Number(-1)),
    ("retention.ms", Number(604_800_000)),
    ("segment.bytes", Number(1_073_741_824)),
    ("segment.index.bytes", Number(10_485_760)),
    ("segment.jitter.ms", Number(0)),
    ("segment.ms", Number(604_800_000)),
    ("unclean.leader.election.enable", Flag(false)),
];

/// Settings of a producer.
const PRODUCER: &[(&str, Value)] = &[
    ("acks", Word("all")),
    ("batch.size", Number(16_384)),
    ("buffer.memory", Number(33_554_432)),
    ("compression.type", Word("none")),
    ("connections.max.idle.ms", Number(540_000)),
    ("delivery.timeout.ms", Number(120_000)),
    ("enable.idempotence", Flag(true)),
    ("linger.ms", Number(5)),
    ("max.block.ms", Number(60_000)),
    ("max.in.flight.requests.per.connection", Number(5)),
    ("max.request.size", Number(1_048_576)),
    ("metadata.max.age.ms", Number(300_000)),
    ("metadata.max.idle.ms", Number(300_000)),
    ("partitioner.adaptive.partitioning.enable", Flag(true)),
    ("partitioner.availability.timeout.ms", Number(0)),
    ("partitioner.ignore.keys", Flag(false)),
    ("reconnect.backoff.max.ms", Number(1_000)),
    ("reconnect.backoff.ms", Number(50)),
    ("request.timeout.ms", Number(30_000)),
    ("retries", Number(i32::MAX as i64)),
    ("retry.backoff.max.ms", Number(1_000)),
    ("retry.backoff.ms", Number(100)),
    ("transaction.timeout.ms", Number(60_000)),
];

/// Settings of a consumer.
const CONSUMER: &[(&str, Value)] = &[
    ("allow.auto.create.topics", Flag(true)),
    ("auto.commit.interval.ms", Number(5_000)),
    ("auto.offset.reset", Word("latest")),
    ("check.crcs", Flag(true)),
    ("connections.max.idle.ms", Number(540_000)),
    ("default.api.timeout.ms", Number(60_000)),
    ("enable.auto.commit", Flag(true)),
    ("exclude.internal.topics", Flag(true)),
    ("fetch.max.bytes", Number(52_428_800)),
    ("fetch.max.wait.ms", Number(500)),
    ("fetch.min.bytes", Number(1)),
    ("group.protocol", Word("classic")),
    ("heartbeat.interval.ms", Number(3_000)),
    ("isolation.level", Word("read_uncommitted")),
    ("max.partition.fetch.bytes", Number(1_048_576)),
    ("max.poll.interval.ms", Number(300_000)),
    ("max.poll.records", Number(500)),
    ("metadata.max.age.ms", Number(300_000)),
    ("reconnect.backoff.max.ms", Number(1_000)),
    ("reconnect.backoff.ms", Number(50)),
    ("request.timeout.ms", Number(30_000)),
    ("retry.backoff.max.ms", Number(1_000)),
    ("retry.backoff.ms", Number(100)),
    ("session.timeout.ms", Number(45_000)),
];

/// Every setting that is known.
pub fn settings() -> impl Iterator<Item = Setting> {
    let of = |owner: Owner, table: &'static [(&'static str, Value)]| {
        table.iter().map(move |(name, value)| (owner, *name, *value))
    };
    of(Owner::Broker, BROKER)
        .chain(of(Owner::Topic, TOPIC))
        .chain(of(Owner::Producer, PRODUCER))
        .chain(of(Owner::Consumer, CONSUMER))
}

/// The default of a setting.
pub fn default_of(owner: Owner, name: &str) -> Option<Value> {
    let found = settings().find(|(whose, known, _)| *whose == owner && *known == name)?;
    Some(found.2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_name_stands_once_with_its_owner() {
        let names: BTreeSet<(u8, &str)> = settings().map(|(owner, name, _)| (owner as u8, name)).collect();
        assert_eq!(names.len(), settings().count());
    }

    #[test]
    fn the_same_name_has_a_value_per_owner() {
        assert_eq!(default_of(Owner::Broker, "fetch.max.bytes"), Some(Number(57_671_680)));
        assert_eq!(default_of(Owner::Consumer, "fetch.max.bytes"), Some(Number(52_428_800)));
        assert_eq!(default_of(Owner::Producer, "acks"), Some(Word("all")));
        assert_eq!(default_of(Owner::Producer, "tea"), None);
    }
}
