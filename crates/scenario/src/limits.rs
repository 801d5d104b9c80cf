//! Limits of a scenario text: an over-large one is refused by name.

/// Bytes of a scenario text.
pub const TEXT_BYTES_MAX: usize = 1 << 20;
/// Loads, brokers, services and tables of one variant, all together.
pub const NODES_MAX: usize = 1_200;
/// Variants.
pub const VARIANTS_MAX: usize = 16;
/// Queues of one variant.
pub const QUEUES_MAX: usize = 2_000;
/// Nodes of one RabbitMQ broker.
pub const RABBIT_NODES_MAX: u64 = mqlab_brokers::rabbitmq::cluster::MEMBERS_MAX as u64;
/// Brokers of one Kafka cluster.
pub const KAFKA_BROKERS_MAX: u64 = mqlab_brokers::kafka::Brokers::MAX as u64;
/// Topics of one variant.
pub const TOPICS_MAX: usize = 500;
/// Consumer groups of one variant.
pub const GROUPS_MAX: usize = 500;
/// Partitions of one variant, all topics together.
pub const PARTITIONS_MAX: usize = 2_000;
/// Requests that a producer may leave without an answer, by broker.
pub const IN_FLIGHT_MAX: u64 = 1_000;
/// Exchanges of one variant.
pub const EXCHANGES_MAX: usize = 2_000;
/// Bindings of one variant.
pub const BINDINGS_MAX: usize = 10_000;
/// Expectations.
pub const EXPECTATIONS_MAX: usize = 1_000;
/// `[[at]]` entries; a `set` of several settings counts once for each.
pub const AT_MAX: usize = 10_000;
/// Steps of one service.
pub const STEPS_MAX: usize = 100;
/// Targets of one publish or call step.
pub const TARGETS_MAX: usize = 64;
/// Databases of one transaction in two phases.
pub const TRANSACTION_DATABASES_MAX: usize = 63;
/// Different routing and binding keys of one variant.
pub const KEYS_MAX: usize = 10_000;
/// Segments of one load's rate, and entries of its `burst`.
pub const SEGMENTS_MAX: usize = 10_000;
/// Sources of messages: loads, and publish steps once for every source whose
/// messages reach them.
pub const SOURCES_MAX: usize = 4_096;
/// Pairs of a source and a queue or service that its messages reach.
pub const SOURCE_PLACES_MAX: usize = 60_000;
/// Workers of one service.
pub const WORKERS_MAX: u64 = 100_000;
/// Calls and deliveries that may wait for a worker of one service.
pub const PLACES_MAX: u64 = 1_000_000_000;
/// How often a failed call may be made again.
pub const RETRIES_MAX: u64 = 1_000_000;
/// Users of one load.
pub const USERS_MAX: u64 = 1_000_000;
/// Lines of recorded arrivals.
pub const CSV_LINES_MAX: usize = 100_000;
/// Things that the messages of a load are about.
pub const THINGS_MAX: u64 = 1_000_000;
/// Deliveries and calls that a service takes on together.
pub const MERGE_MAX: u64 = 100_000;
/// Messages that a sender may leave unconfirmed.
pub const WINDOW_MAX: u64 = 1_000_000_000;
/// Messages that a sender may keep for itself.
pub const BUFFER_MAX: u64 = 1_000_000_000;
/// Prefetch of one consumer: `basic.qos` carries it in 16 bits.
pub const PREFETCH_MAX: u64 = 65_535;
/// Bytes of what a message that is published by hand carries.
pub const PAYLOAD_BYTES_MAX: usize = 1_024;
/// Messages that are published by hand at a time, if they are given a key or
/// something to carry.
pub const PUBLISH_MAX: u64 = mqlab_engine::plan::PUBLISH_MAX;
/// Bytes of a routing or binding key: AMQP carries it as a short string.
pub const KEY_BYTES_MAX: usize = 255;
/// How deep tables and lists may stand in each other.
pub const NESTING_MAX: usize = 64;
/// Characters of a name.
pub const NAME_CHARS_MAX: usize = 64;
/// Diagnostics that are reported.
pub const DIAGNOSTICS_MAX: usize = 100;
/// Largest number that a JavaScript reader of a report keeps exact.
pub const SAFE_INTEGER_MAX: u64 = (1 << 53) - 1;
