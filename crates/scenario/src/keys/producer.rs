//! The keys of Kafka's producers, of loads and of services.

use super::Default::{Absent, Is};
use super::{Key, ValueKind as V, row};
use crate::limits;

/// When a record is safe.
pub(crate) const ACKS: &[&str] = &["all", "1", "0"];
/// How a record finds its partition.
pub(crate) const PARTITIONERS: &[&str] = &["default", "roundrobin"];

/// Those of loads.
pub(super) const OF_LOADS: &[Key] = &[
    row(
        "load.*.producer",
        V::Table,
        Absent,
        "What its producer is set to, if it publishes to Kafka.",
    ),
    row(
        "load.*.producer.acks",
        V::Choice(ACKS),
        Is("\"all\""),
        "When a record is safe. `all`: when all replicas in sync have it. `1`: when the leader has it. `0`: when it is sent; nobody hears of a failure.",
    ),
    row(
        "load.*.producer.linger",
        V::Span,
        Is("\"5ms\""),
        "`linger.ms`: how long a batch waits for more records.",
    ),
    row(
        "load.*.producer.batch_size",
        V::Bytes,
        Is("\"16KiB\""),
        "`batch.size`: a batch that has grown so large waits no longer.",
    ),
    row(
        "load.*.producer.buffer_memory",
        V::Bytes,
        Is("\"32MiB\""),
        "`buffer.memory`: how much may wait to be sent.",
    ),
    row(
        "load.*.producer.max_block",
        V::Span,
        Is("\"1m\""),
        "`max.block.ms`: how long a record waits at its application while the buffer is full. After that it is refused.",
    ),
    row(
        "load.*.producer.tombstones",
        V::Flag,
        Is("false"),
        "Whether its records have no value: each says that its key is gone. Compaction takes such a record out as well, `delete_retention` later.",
    ),
    row(
        "load.*.producer.max_request_size",
        V::Bytes,
        Is("\"1MiB\""),
        "`max.request.size`: how much one request carries.",
    ),
    row(
        "load.*.producer.max_in_flight",
        V::Integer(1, limits::IN_FLIGHT_MAX),
        Is("5"),
        "`max.in.flight.requests.per.connection`: how many requests may be without an answer. Without `idempotence`, more than one means that a batch that is sent again comes behind the next one.",
    ),
    row(
        "load.*.producer.retries",
        V::Integer(0, i32::MAX as u64),
        Is("2_147_483_647"),
        "How often a batch is sent again that failed. In the end `delivery_timeout` decides.",
    ),
    row(
        "load.*.producer.retry_backoff",
        V::Span,
        Is("\"100ms\""),
        "`retry.backoff.ms`: how long it waits before that; each time twice as long.",
    ),
    row(
        "load.*.producer.retry_backoff_max",
        V::Span,
        Is("\"1s\""),
        "`retry.backoff.max.ms`: the longest of these pauses.",
    ),
    row(
        "load.*.producer.request_timeout",
        V::Span,
        Is("\"30s\""),
        "`request.timeout.ms`: how long it waits for an answer.",
    ),
    row(
        "load.*.producer.delivery_timeout",
        V::Span,
        Is("\"2m\""),
        "`delivery.timeout.ms`: after so long a record that nobody has confirmed has failed.",
    ),
    row(
        "load.*.producer.idempotence",
        V::Flag,
        Is("true, unless another setting forbids it"),
        "`enable.idempotence`: whether brokers recognise what is sent again, and keep its order.",
    ),
    row(
        "load.*.producer.partitioner",
        V::Choice(PARTITIONERS),
        Is("\"default\""),
        "`partitioner.class`: how a record finds its partition. `default`: by its key, and without one a partition for each batch. `roundrobin`: one after the other, key or not.",
    ),
    row(
        "load.*.producer.adaptive_partitioning",
        V::Flag,
        Is("true"),
        "`partitioner.adaptive.partitioning.enable`: whether records without a key go rather to partitions with fewer batches waiting.",
    ),
    row(
        "load.*.producer.ignore_keys",
        V::Flag,
        Is("false"),
        "`partitioner.ignore.keys`: whether keys have no say in it.",
    ),
    row(
        "load.*.producer.compressed_to",
        V::Chance,
        Is("\"100%\""),
        "`compression.type`, as what it comes to: what is left of the size of a record, in batches, on connections and on disks.",
    ),
    row(
        "load.*.producer.flush_every",
        V::Integer(1, i32::MAX as u64),
        Is("never"),
        "Each so many records its application calls `flush`: what is collected is sent at once, however long it would linger.",
    ),
    row(
        "load.*.producer.transactional_id",
        V::Text,
        Absent,
        "`transactional.id`: it puts its records into transactions, which are there as a whole or not at all for whoever reads with `isolation = \"read_committed\"`. Of two producers with the same one, the older may write nothing any more.",
    ),
    row(
        "load.*.producer.transaction",
        V::Span,
        Is("\"100ms\""),
        "How long it puts records into one transaction before it ends that. Its sender is told of a record when the transaction has ended.",
    ),
    row(
        "load.*.producer.abort_every",
        V::Integer(1, i32::MAX as u64),
        Is("never"),
        "Each so many-th transaction is aborted in place of committed: its records are in the log, and refused.",
    ),
    row(
        "load.*.producer.transaction_timeout",
        V::Span,
        Is("\"1m\""),
        "`transaction.timeout.ms`: a transaction that is open for so long its coordinator aborts.",
    ),
];

/// Those of services.
pub(super) const OF_SERVICES: &[Key] = &[
    row(
        "service.*.producer",
        V::Table,
        Absent,
        "What its producer is set to, if it publishes to Kafka.",
    ),
    row(
        "service.*.producer.acks",
        V::Choice(ACKS),
        Is("\"all\""),
        "As for `load.*.producer`.",
    ),
    row(
        "service.*.producer.linger",
        V::Span,
        Is("\"5ms\""),
        "As for `load.*.producer`.",
    ),
    row(
        "service.*.producer.batch_size",
        V::Bytes,
        Is("\"16KiB\""),
        "As for `load.*.producer`.",
    ),
    row(
        "service.*.producer.buffer_memory",
        V::Bytes,
        Is("\"32MiB\""),
        "As for `load.*.producer`.",
    ),
    row(
        "service.*.producer.max_block",
        V::Span,
        Is("\"1m\""),
        "As for `load.*.producer`.",
    ),
    row(
        "service.*.producer.max_request_size",
        V::Bytes,
        Is("\"1MiB\""),
        "As for `load.*.producer`.",
    ),
    row(
        "service.*.producer.max_in_flight",
        V::Integer(1, limits::IN_FLIGHT_MAX),
        Is("5"),
        "As for `load.*.producer`.",
    ),
    row(
        "service.*.producer.retries",
        V::Integer(0, i32::MAX as u64),
        Is("2_147_483_647"),
        "As for `load.*.producer`.",
    ),
    row(
        "service.*.producer.retry_backoff",
        V::Span,
        Is("\"100ms\""),
        "As for `load.*.producer`.",
    ),
    row(
        "service.*.producer.retry_backoff_max",
        V::Span,
        Is("\"1s\""),
        "As for `load.*.producer`.",
    ),
    row(
        "service.*.producer.request_timeout",
        V::Span,
        Is("\"30s\""),
        "As for `load.*.producer`.",
    ),
    row(
        "service.*.producer.delivery_timeout",
        V::Span,
        Is("\"2m\""),
        "As for `load.*.producer`.",
    ),
    row(
        "service.*.producer.idempotence",
        V::Flag,
        Is("true, unless another setting forbids it"),
        "As for `load.*.producer`.",
    ),
    row(
        "service.*.producer.partitioner",
        V::Choice(PARTITIONERS),
        Is("\"default\""),
        "As for `load.*.producer`.",
    ),
    row(
        "service.*.producer.adaptive_partitioning",
        V::Flag,
        Is("true"),
        "As for `load.*.producer`.",
    ),
    row(
        "service.*.producer.ignore_keys",
        V::Flag,
        Is("false"),
        "As for `load.*.producer`.",
    ),
    row(
        "service.*.producer.compressed_to",
        V::Chance,
        Is("\"100%\""),
        "As for `load.*.producer`.",
    ),
    row(
        "service.*.producer.flush_every",
        V::Integer(1, i32::MAX as u64),
        Is("never"),
        "As for `load.*.producer`.",
    ),
    row(
        "service.*.producer.transactional_id",
        V::Text,
        Absent,
        "`transactional.id`: it publishes in transactions, `{ transaction = [{ publish = \"out\" }, \"ack\"] }`. What is acknowledged in one is committed with it (`sendOffsetsToTransaction`). If a step fails nothing of it ever was, and the service reads again from what is committed.",
    ),
    row(
        "service.*.producer.transaction_timeout",
        V::Span,
        Is("\"1m\""),
        "As for `load.*.producer`.",
    ),
];
