//! The keys of Kafka clusters.
//!
//! They are called what Kafka calls them, with `_` for its dots and without the
//! unit, which stands with the value: `retention.ms` is `retention`.

use super::Default::{Absent, Is};
use super::{Key, ValueKind as V, live, row};
use crate::limits;

/// What happens to old records.
pub(crate) const CLEANUPS: &[&str] = &["delete", "compact", "compact,delete"];
/// From where consumers read.
pub(crate) const READS: &[&str] = &["leader", "follower", "anything"];
/// How partitions are divided.
pub(crate) const ASSIGNORS: &[&str] = &["range", "roundrobin", "sticky", "cooperative-sticky"];
/// When a consumer commits that does not do so by itself.
pub(crate) const COMMITS: &[&str] = &["poll", "record"];
/// Where a consumer begins.
pub(crate) const OFFSET_RESETS: &[&str] = &["latest", "earliest", "none"];
/// Where an application goes on in a partition.
pub(crate) const SPOTS: &[&str] = &["beginning", "end"];
/// What the three ways to name a place of a log mean, at the start and by an act.
pub(super) const SEEK_TO: &str = "`seekToBeginning`: the first record that is there. `seekToEnd`: behind the last one. This, `offset` or `since` is needed.";
pub(super) const SEEK_OFFSET: &str = "`seek`: this offset. If the log does not have it, `offset_reset` says where.";
pub(super) const SEEK_SINCE: &str =
    "`offsetsForTimes`: the first record that is not older than this instant; without one, the end.";
/// What a consumer reads of transactions.
pub(crate) const ISOLATIONS: &[&str] = &["read_uncommitted", "read_committed"];

/// In the order of the reference page.
pub(super) const ROWS: &[Key] = &[
    row(
        "broker.kafka",
        V::Table,
        Absent,
        "A Kafka cluster, called `kafka`. Settings have Kafka's own names and defaults (4.2), with `_` for dots and without the unit: `retention.ms` is `retention`.",
    ),
    row(
        "broker.kafka.brokers",
        V::Integer(1, limits::KAFKA_BROKERS_MAX),
        Is("3"),
        "How many brokers it has. They are called `kafka-1`, `kafka-2` and so on, and each can be crashed, stopped and cut off by itself.",
    ),
    row(
        "broker.kafka.latency",
        V::Dist,
        Is("\"0s\""),
        "One-way delay of every connection between its nodes; see `link`.",
    ),
    row("broker.kafka.topic", V::Map, Absent, "Its topics."),
    row(
        "broker.kafka.topic.*",
        V::Table,
        Absent,
        "One topic. Its partitions are called as the directories of their logs, `NAME-0` and so on.",
    ),
    row(
        "broker.kafka.topic.*.partitions",
        V::Integer(1, limits::PARTITIONS_MAX as u64),
        Is("1"),
        "How many partitions it has. The key of a record decides in which one it lies.",
    ),
    row(
        "broker.kafka.topic.*.replication_factor",
        V::Integer(1, limits::KAFKA_BROKERS_MAX),
        Is("1"),
        "How many brokers keep each partition. One of them leads it, and the others fetch from that one.",
    ),
    live(
        "broker.kafka.topic.*.min_insync_replicas",
        V::Integer(1, limits::KAFKA_BROKERS_MAX),
        Is("1"),
        "`min.insync.replicas`: a producer that waits for all is refused (`NOT_ENOUGH_REPLICAS`) while fewer are in sync.",
    ),
    live(
        "broker.kafka.topic.*.unclean_leader_election",
        V::Flag,
        Is("false"),
        "`unclean.leader.election.enable`: whether a replica that was not in sync may lead when no other is there. What it does not have is lost.",
    ),
    live(
        "broker.kafka.topic.*.cleanup_policy",
        V::Choice(CLEANUPS),
        Is("\"delete\""),
        "`cleanup.policy`: `delete` old segments, or `compact`, so that of each key the latest record stays; or both.",
    ),
    live(
        "broker.kafka.topic.*.retention",
        V::Span,
        Is("\"7d\""),
        "`retention.ms`: a segment whose youngest record is older than that is deleted, whether anybody has read it or not.",
    ),
    live(
        "broker.kafka.topic.*.retention_bytes",
        V::Bytes,
        Is("no limit"),
        "`retention.bytes`: a partition that is larger loses its oldest segments.",
    ),
    live(
        "broker.kafka.topic.*.segment_bytes",
        V::Bytes,
        Is("\"1GiB\""),
        "`segment.bytes`: how large a segment of the log grows. Only whole segments are deleted or compacted.",
    ),
    live(
        "broker.kafka.topic.*.segment",
        V::Span,
        Is("\"7d\""),
        "`segment.ms`: after how long a new segment begins in any case.",
    ),
    live(
        "broker.kafka.topic.*.delete_retention",
        V::Span,
        Is("\"1d\""),
        "`delete.retention.ms`: how long compaction keeps a record without value, which says that its key is gone.",
    ),
    live(
        "broker.kafka.topic.*.min_cleanable_dirty_ratio",
        V::Chance,
        Is("\"50%\""),
        "`min.cleanable.dirty.ratio`: how much of a log must not have been compacted before it is.",
    ),
    live(
        "broker.kafka.topic.*.min_compaction_lag",
        V::Span,
        Is("\"0s\""),
        "`min.compaction.lag.ms`: what is younger stays as it is.",
    ),
    live(
        "broker.kafka.topic.*.max_compaction_lag",
        V::Span,
        Is("no limit"),
        "`max.compaction.lag.ms`: what is older is compacted in any case.",
    ),
    row(
        "broker.kafka.replica_lag_time",
        V::Span,
        Is("\"30s\""),
        "`replica.lag.time.max.ms`: a follower that has not had everything for longer than this is no longer in sync.",
    ),
    row(
        "broker.kafka.replica_lag_messages",
        V::Integer(0, super::COUNT_MAX),
        Absent,
        "`replica.lag.max.messages`, the rule up to Kafka 0.8 in place of that time: a follower that is more than so many records behind is no longer in sync.",
    ),
    row(
        "broker.kafka.session_timeout",
        V::Span,
        Is("\"9s\""),
        "`broker.session.timeout.ms`: a broker of which the controller has heard nothing for so long counts as dead, and others lead in its place.",
    ),
    row(
        "broker.kafka.heartbeat_interval",
        V::Span,
        Is("\"2s\""),
        "`broker.heartbeat.interval.ms`: how often a broker says that it lives.",
    ),
    row(
        "broker.kafka.leader_rebalance",
        V::Flag,
        Is("true"),
        "`auto.leader.rebalance.enable`: whether the first replica of a partition leads it again, some time after it is back.",
    ),
    row(
        "broker.kafka.leader_rebalance_interval",
        V::Span,
        Is("\"5m\""),
        "`leader.imbalance.check.interval.seconds`: how often the controller looks for that.",
    ),
    row(
        "broker.kafka.initial_rebalance_delay",
        V::Span,
        Is("\"3s\""),
        "`group.initial.rebalance.delay.ms`: how long an empty group waits for more consumers than the first.",
    ),
    row(
        "broker.kafka.retention_check_interval",
        V::Span,
        Is("\"5m\""),
        "`log.retention.check.interval.ms`: how often a broker looks for segments to delete.",
    ),
    row(
        "broker.kafka.offsets_retention",
        V::Span,
        Is("\"7d\""),
        "`offsets.retention.minutes`: for so long it is kept what a group has committed that nobody belongs to. After that `offset_reset` decides where its consumers begin. Brokers look for that as often as for old segments.",
    ),
    live(
        "broker.kafka.cleaner_backoff",
        V::Span,
        Is("\"15s\""),
        "`log.cleaner.backoff.ms`: how often a broker looks for logs to compact.",
    ),
    row(
        "broker.kafka.disk",
        V::Table,
        Is("ideal: what is written is synced, and that at once"),
        "The disk of each of its brokers. Nobody waits for it: what is written is in the page cache, from where it is read and replicated. A cut of the power takes what was not synced.",
    ),
    live(
        "broker.kafka.disk.write",
        V::Dist,
        Is("\"0s\""),
        "How long it takes to write one batch, whatever its size.",
    ),
    live(
        "broker.kafka.disk.bandwidth",
        V::Bandwidth,
        Is("no limit"),
        "Bytes per second that it can write on top of that; see `load.*.size`.",
    ),
    live(
        "broker.kafka.disk.sync",
        V::Dist,
        Is("\"0s\""),
        "How long a sync takes.",
    ),
    row(
        "broker.kafka.disk.seek",
        V::Span,
        Is("\"0s\""),
        "How long it takes to get to another place than the one where it was last: the log of another partition, or records in the middle of one.",
    ),
    live(
        "broker.kafka.disk.batch",
        V::Integer(1, super::COUNT_MAX),
        Is("no limit"),
        "Most batches that one sync covers; it begins as soon as so many wait for it. `log.flush.interval.messages` counts records in their place.",
    ),
    live(
        "broker.kafka.disk.interval",
        V::Span,
        Is("\"0s\""),
        "How long a batch lies in the page cache before a sync begins: `log.flush.interval.ms`, or when the operating system likes; Linux does after 30 s.",
    ),
    row(
        "broker.kafka.disk.size",
        V::Bytes,
        Is("no limit"),
        "How many bytes of records each broker has room for. The directory of its logs is full with the next one, and a broker that cannot write stops.",
    ),
    row(
        "broker.kafka.page_cache",
        V::Bytes,
        Is("no limit"),
        "How many bytes of records each broker's machine has in its memory: those that were written last. What is older is read from the disk, which takes as long as a write of that size and goes ahead of writes.",
    ),
    row(
        "broker.kafka.zero_copy",
        V::Flag,
        Is("true"),
        "Whether what is fetched goes from the page cache to the network by `sendfile`, as Kafka does it, and not through the application.",
    ),
    row(
        "broker.kafka.gather",
        V::Flag,
        Is("true"),
        "Whether the network card gathers what it sends from the page cache. If it does not, the processor copies it into the buffer of the socket.",
    ),
    row(
        "broker.kafka.tls",
        V::Flag,
        Is("false"),
        "Whether connections are encrypted. Then what is fetched comes through the application, for it is there that it is encrypted.",
    ),
    row(
        "broker.kafka.copy_bandwidth",
        V::Bandwidth,
        Is("no limit"),
        "Bytes per second that a broker's processor copies. A broker answers one fetch after the other.",
    ),
    row(
        "broker.kafka.cipher_bandwidth",
        V::Bandwidth,
        Is("no limit"),
        "Bytes per second that it encrypts.",
    ),
    row(
        "broker.kafka.context_switch",
        V::Span,
        Is("\"0s\""),
        "How long it takes to get from the application into the kernel, or back: four times for each partition in an answer that comes through the application, twice else.",
    ),
    row(
        "broker.kafka.reads",
        V::Choice(READS),
        Is("\"leader\""),
        "From where consumers read. `leader`: from the leader of a partition. `follower`: from any replica, below the high watermark that it knows. `anything`: from any replica, up to the end of its log; no Kafka does that.",
    ),
];
