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
    /// Nothing: another setting counts, or there is none.
    Nothing,
}

use Value::{Flag, Nothing, Number, Ratio, Word};

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
    ("compression.gzip.level", Number(-1)),
    ("compression.lz4.level", Number(9)),
    ("compression.type", Word("producer")),
    ("compression.zstd.level", Number(3)),
    ("connection.failed.authentication.delay.ms", Number(100)),
    ("connections.max.idle.ms", Number(600_000)),
    ("controlled.shutdown.enable", Flag(true)),
    ("controller.quorum.append.linger.ms", Number(25)),
    ("controller.quorum.election.backoff.max.ms", Number(1_000)),
    ("controller.quorum.election.timeout.ms", Number(1_000)),
    ("controller.quorum.fetch.timeout.ms", Number(2_000)),
    ("controller.quorum.request.timeout.ms", Number(2_000)),
    ("controller.quorum.retry.backoff.ms", Number(20)),
    ("controller.socket.timeout.ms", Number(30_000)),
    ("default.replication.factor", Number(1)),
    ("delete.records.purgatory.purge.interval.requests", Number(1)),
    ("delete.topic.enable", Flag(true)),
    ("fetch.max.bytes", Number(57_671_680)),
    ("fetch.purgatory.purge.interval.requests", Number(1_000)),
    ("group.consumer.heartbeat.interval.ms", Number(5_000)),
    ("group.consumer.max.heartbeat.interval.ms", Number(15_000)),
    ("group.consumer.max.session.timeout.ms", Number(60_000)),
    ("group.consumer.max.size", Number(i32::MAX as i64)),
    ("group.consumer.migration.policy", Word("bidirectional")),
    ("group.consumer.min.heartbeat.interval.ms", Number(5_000)),
    ("group.consumer.min.session.timeout.ms", Number(45_000)),
    ("group.consumer.session.timeout.ms", Number(45_000)),
    ("group.coordinator.threads", Number(4)),
    ("group.initial.rebalance.delay.ms", Number(3_000)),
    ("group.max.session.timeout.ms", Number(1_800_000)),
    ("group.max.size", Number(i32::MAX as i64)),
    ("group.min.session.timeout.ms", Number(6_000)),
    ("initial.broker.registration.timeout.ms", Number(60_000)),
    ("leader.imbalance.check.interval.seconds", Number(300)),
    ("leader.imbalance.per.broker.percentage", Number(10)),
    ("log.cleaner.backoff.ms", Number(15_000)),
    ("log.cleaner.dedupe.buffer.size", Number(134_217_728)),
    ("log.cleaner.delete.retention.ms", Number(86_400_000)),
    ("log.cleaner.enable", Flag(true)),
    ("log.cleaner.io.buffer.load.factor", Ratio(0.9)),
    ("log.cleaner.io.buffer.size", Number(524_288)),
    ("log.cleaner.io.max.bytes.per.second", Ratio(f64::MAX)),
    ("log.cleaner.max.compaction.lag.ms", Number(NEVER)),
    ("log.cleaner.min.cleanable.ratio", Ratio(0.5)),
    ("log.cleaner.min.compaction.lag.ms", Number(0)),
    ("log.cleaner.threads", Number(1)),
    ("log.cleanup.policy", Word("delete")),
    ("log.dir", Word("/tmp/kafka-logs")),
    ("log.dirs", Nothing),
    ("log.flush.interval.messages", Number(NEVER)),
    ("log.flush.interval.ms", Nothing),
    ("log.flush.offset.checkpoint.interval.ms", Number(60_000)),
    ("log.flush.scheduler.interval.ms", Number(NEVER)),
    ("log.flush.start.offset.checkpoint.interval.ms", Number(60_000)),
    ("log.index.interval.bytes", Number(4_096)),
    ("log.index.size.max.bytes", Number(10_485_760)),
    ("log.local.retention.bytes", Number(-2)),
    ("log.local.retention.ms", Number(-2)),
    ("log.message.timestamp.after.max.ms", Number(3_600_000)),
    ("log.message.timestamp.before.max.ms", Number(NEVER)),
    ("log.message.timestamp.type", Word("CreateTime")),
    ("log.preallocate", Flag(false)),
    ("log.retention.bytes", Number(-1)),
    ("log.retention.check.interval.ms", Number(300_000)),
    ("log.retention.hours", Number(168)),
    ("log.retention.minutes", Nothing),
    ("log.retention.ms", Nothing),
    ("log.roll.hours", Number(168)),
    ("log.roll.jitter.hours", Number(0)),
    ("log.roll.jitter.ms", Nothing),
    ("log.roll.ms", Nothing),
    ("log.segment.bytes", Number(1_073_741_824)),
    ("log.segment.delete.delay.ms", Number(60_000)),
    ("max.connection.creation.rate", Number(i32::MAX as i64)),
    ("max.connections", Number(i32::MAX as i64)),
    ("max.connections.per.ip", Number(i32::MAX as i64)),
    ("max.incremental.fetch.session.cache.slots", Number(1_000)),
    ("max.request.partition.size.limit", Number(2_000)),
    ("message.max.bytes", Number(1_048_588)),
    ("metadata.log.max.record.bytes.between.snapshots", Number(20_971_520)),
    ("metadata.log.max.snapshot.interval.ms", Number(3_600_000)),
    ("metadata.log.segment.bytes", Number(1_073_741_824)),
    ("metadata.log.segment.ms", Number(604_800_000)),
    ("metadata.max.idle.interval.ms", Number(500)),
    ("metadata.max.retention.bytes", Number(104_857_600)),
    ("metadata.max.retention.ms", Number(604_800_000)),
    ("min.insync.replicas", Number(1)),
    ("num.io.threads", Number(8)),
    ("num.network.threads", Number(3)),
    ("num.partitions", Number(1)),
    ("num.recovery.threads.per.data.dir", Number(2)),
    ("num.replica.alter.log.dirs.threads", Nothing),
    ("num.replica.fetchers", Number(1)),
    ("offset.metadata.max.bytes", Number(4_096)),
    ("offsets.commit.timeout.ms", Number(5_000)),
    ("offsets.load.buffer.size", Number(5_242_880)),
    ("offsets.retention.check.interval.ms", Number(600_000)),
    ("offsets.retention.minutes", Number(10_080)),
    ("offsets.topic.compression.codec", Number(0)),
    ("offsets.topic.num.partitions", Number(50)),
    ("offsets.topic.replication.factor", Number(3)),
    ("offsets.topic.segment.bytes", Number(104_857_600)),
    ("producer.id.expiration.check.interval.ms", Number(600_000)),
    ("producer.id.expiration.ms", Number(86_400_000)),
    ("producer.purgatory.purge.interval.requests", Number(1_000)),
    ("queued.max.request.bytes", Number(-1)),
    ("queued.max.requests", Number(500)),
    ("quota.window.num", Number(11)),
    ("quota.window.size.seconds", Number(1)),
    ("remote.log.storage.system.enable", Flag(false)),
    ("replica.fetch.backoff.ms", Number(1_000)),
    ("replica.fetch.max.bytes", Number(1_048_576)),
    ("replica.fetch.min.bytes", Number(1)),
    ("replica.fetch.response.max.bytes", Number(10_485_760)),
    ("replica.fetch.wait.max.ms", Number(500)),
    ("replica.high.watermark.checkpoint.interval.ms", Number(5_000)),
    ("replica.lag.time.max.ms", Number(30_000)),
    ("replica.selector.class", Nothing),
    ("replica.socket.receive.buffer.bytes", Number(65_536)),
    ("replica.socket.timeout.ms", Number(30_000)),
    ("request.timeout.ms", Number(30_000)),
    ("socket.connection.setup.timeout.max.ms", Number(30_000)),
    ("socket.connection.setup.timeout.ms", Number(10_000)),
    ("socket.listen.backlog.size", Number(50)),
    ("socket.receive.buffer.bytes", Number(102_400)),
    ("socket.request.max.bytes", Number(104_857_600)),
    ("socket.send.buffer.bytes", Number(102_400)),
    (
        "transaction.abort.timed.out.transaction.cleanup.interval.ms",
        Number(10_000),
    ),
    ("transaction.max.timeout.ms", Number(900_000)),
    ("transaction.partition.verification.enable", Flag(true)),
    (
        "transaction.remove.expired.transaction.cleanup.interval.ms",
        Number(3_600_000),
    ),
    ("transaction.state.log.load.buffer.size", Number(5_242_880)),
    ("transaction.state.log.min.isr", Number(2)),
    ("transaction.state.log.num.partitions", Number(50)),
    ("transaction.state.log.replication.factor", Number(3)),
    ("transaction.state.log.segment.bytes", Number(104_857_600)),
    ("transaction.two.phase.commit.enable", Flag(false)),
    ("transactional.id.expiration.ms", Number(604_800_000)),
    ("unclean.leader.election.enable", Flag(false)),
    ("unclean.leader.election.interval.ms", Number(300_000)),
];

/// Settings of a topic.
const TOPIC: &[(&str, Value)] = &[
    ("cleanup.policy", Word("delete")),
    ("compression.gzip.level", Number(-1)),
    ("compression.lz4.level", Number(9)),
    ("compression.type", Word("producer")),
    ("compression.zstd.level", Number(3)),
    ("delete.retention.ms", Number(86_400_000)),
    ("file.delete.delay.ms", Number(60_000)),
    ("flush.messages", Number(NEVER)),
    ("flush.ms", Number(NEVER)),
    ("index.interval.bytes", Number(4_096)),
    ("local.retention.bytes", Number(-2)),
    ("local.retention.ms", Number(-2)),
    ("max.compaction.lag.ms", Number(NEVER)),
    ("max.message.bytes", Number(1_048_588)),
    ("message.timestamp.after.max.ms", Number(3_600_000)),
    ("message.timestamp.before.max.ms", Number(NEVER)),
    ("message.timestamp.type", Word("CreateTime")),
    ("min.cleanable.dirty.ratio", Ratio(0.5)),
    ("min.compaction.lag.ms", Number(0)),
    ("min.insync.replicas", Number(1)),
    ("preallocate", Flag(false)),
    ("remote.log.copy.disable", Flag(false)),
    ("remote.log.delete.on.disable", Flag(false)),
    ("remote.storage.enable", Flag(false)),
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
    ("client.dns.lookup", Word("use_all_dns_ips")),
    ("client.id", Word("")),
    ("compression.gzip.level", Number(-1)),
    ("compression.lz4.level", Number(9)),
    ("compression.type", Word("none")),
    ("compression.zstd.level", Number(3)),
    ("connections.max.idle.ms", Number(540_000)),
    ("delivery.timeout.ms", Number(120_000)),
    ("enable.idempotence", Flag(true)),
    ("enable.metrics.push", Flag(true)),
    ("linger.ms", Number(5)),
    ("max.block.ms", Number(60_000)),
    ("max.in.flight.requests.per.connection", Number(5)),
    ("max.request.size", Number(1_048_576)),
    ("metadata.max.age.ms", Number(300_000)),
    ("metadata.max.idle.ms", Number(300_000)),
    ("metadata.recovery.rebootstrap.trigger.ms", Number(300_000)),
    ("metadata.recovery.strategy", Word("rebootstrap")),
    ("metrics.num.samples", Number(2)),
    ("metrics.recording.level", Word("INFO")),
    ("metrics.sample.window.ms", Number(30_000)),
    ("partitioner.adaptive.partitioning.enable", Flag(true)),
    ("partitioner.availability.timeout.ms", Number(0)),
    ("partitioner.class", Nothing),
    ("partitioner.ignore.keys", Flag(false)),
    ("receive.buffer.bytes", Number(32_768)),
    ("reconnect.backoff.max.ms", Number(1_000)),
    ("reconnect.backoff.ms", Number(50)),
    ("request.timeout.ms", Number(30_000)),
    ("retries", Number(i32::MAX as i64)),
    ("retry.backoff.max.ms", Number(1_000)),
    ("retry.backoff.ms", Number(100)),
    ("security.protocol", Word("PLAINTEXT")),
    ("send.buffer.bytes", Number(131_072)),
    ("socket.connection.setup.timeout.max.ms", Number(30_000)),
    ("socket.connection.setup.timeout.ms", Number(10_000)),
    ("transaction.timeout.ms", Number(60_000)),
    ("transaction.two.phase.commit.enable", Flag(false)),
    ("transactional.id", Nothing),
];

/// Settings of a consumer.
const CONSUMER: &[(&str, Value)] = &[
    ("allow.auto.create.topics", Flag(true)),
    ("auto.commit.interval.ms", Number(5_000)),
    ("auto.offset.reset", Word("latest")),
    ("check.crcs", Flag(true)),
    ("client.dns.lookup", Word("use_all_dns_ips")),
    ("client.id", Word("")),
    ("client.rack", Word("")),
    ("connections.max.idle.ms", Number(540_000)),
    ("default.api.timeout.ms", Number(60_000)),
    ("enable.auto.commit", Flag(true)),
    ("enable.metrics.push", Flag(true)),
    ("exclude.internal.topics", Flag(true)),
    ("fetch.max.bytes", Number(52_428_800)),
    ("fetch.max.wait.ms", Number(500)),
    ("fetch.min.bytes", Number(1)),
    ("group.id", Nothing),
    ("group.instance.id", Nothing),
    ("group.protocol", Word("classic")),
    ("group.remote.assignor", Nothing),
    ("heartbeat.interval.ms", Number(3_000)),
    ("isolation.level", Word("read_uncommitted")),
    ("max.partition.fetch.bytes", Number(1_048_576)),
    ("max.poll.interval.ms", Number(300_000)),
    ("max.poll.records", Number(500)),
    ("metadata.max.age.ms", Number(300_000)),
    ("metadata.recovery.rebootstrap.trigger.ms", Number(300_000)),
    ("metadata.recovery.strategy", Word("rebootstrap")),
    ("metrics.num.samples", Number(2)),
    ("metrics.recording.level", Word("INFO")),
    ("metrics.sample.window.ms", Number(30_000)),
    ("receive.buffer.bytes", Number(65_536)),
    ("reconnect.backoff.max.ms", Number(1_000)),
    ("reconnect.backoff.ms", Number(50)),
    ("request.timeout.ms", Number(30_000)),
    ("retry.backoff.max.ms", Number(1_000)),
    ("retry.backoff.ms", Number(100)),
    ("security.protocol", Word("PLAINTEXT")),
    ("send.buffer.bytes", Number(131_072)),
    ("session.timeout.ms", Number(45_000)),
    ("socket.connection.setup.timeout.max.ms", Number(30_000)),
    ("socket.connection.setup.timeout.ms", Number(10_000)),
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
