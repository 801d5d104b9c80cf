//! Settings of a producer.

use crate::kafka::cluster::{number, span};
use crate::kafka::defaults::Owner;
use crate::kafka::wire::TransactionalId;
use crate::kafka::{Acks, Compression};
use mqlab_kernel::SimSpan;

/// How records find their partition.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Partitioner {
    /// By key, and without one by sticking to a partition for a batch.
    #[default]
    Default,
    /// One record to each partition in turn, keyed or not.
    RoundRobin,
}

/// Settings of a producer, by their names in the reference.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ProducerSettings {
    /// `acks`.
    pub acks: Acks,
    /// `batch.size`.
    pub batch_size: u64,
    /// `linger.ms`.
    pub linger: SimSpan,
    /// `buffer.memory`.
    pub buffer_memory: u64,
    /// `max.block.ms`: how long the application's `send` waits for room in the buffer.
    pub max_block: SimSpan,
    /// `max.request.size`.
    pub request_size: u64,
    /// `max.in.flight.requests.per.connection`.
    pub in_flight_max: usize,
    /// `retries`.
    pub retries: u32,
    /// `retry.backoff.ms`; it doubles with each time.
    pub backoff: SimSpan,
    /// `retry.backoff.max.ms`.
    pub backoff_max: SimSpan,
    /// `request.timeout.ms`.
    pub request_timeout: SimSpan,
    /// `delivery.timeout.ms`.
    pub delivery_timeout: SimSpan,
    /// `transactional.id`, by its number. It makes the producer idempotent.
    pub transactional: Option<TransactionalId>,
    /// `transaction.timeout.ms`.
    pub transaction_timeout: SimSpan,
    /// How long an application puts records into one transaction before it ends
    /// it; nothing of Kafka's.
    pub transaction: SimSpan,
    /// Each so many-th transaction the application aborts; 0 is none.
    pub abort_every: u32,
    /// What `compression.type` leaves of a record's size.
    pub compression: Compression,
    /// Each so many records its application calls `flush`; 0 is never.
    pub flush_every: u32,
    /// `enable.idempotence`.
    pub is_idempotent: bool,
    /// `partitioner.class`.
    pub partitioner: Partitioner,
    /// `partitioner.adaptive.partitioning.enable`.
    pub is_adaptive: bool,
    /// `partitioner.ignore.keys`.
    pub ignores_keys: bool,
    /// Whether its application sends records without a value, each of which says
    /// that its key is gone.
    pub tombstones: bool,
}

impl Default for ProducerSettings {
    fn default() -> Self {
        let span = |name: &str| span(Owner::Producer, name);
        let number = |name: &str| number(Owner::Producer, name);
        ProducerSettings {
            acks: Acks::All,
            batch_size: number("batch.size"),
            linger: span("linger.ms"),
            buffer_memory: number("buffer.memory"),
            max_block: span("max.block.ms"),
            request_size: number("max.request.size"),
            in_flight_max: number("max.in.flight.requests.per.connection") as usize,
            retries: number("retries") as u32,
            backoff: span("retry.backoff.ms"),
            backoff_max: span("retry.backoff.max.ms"),
            request_timeout: span("request.timeout.ms"),
            delivery_timeout: span("delivery.timeout.ms"),
            transactional: None,
            transaction_timeout: span("transaction.timeout.ms"),
            transaction: SimSpan::from_millis(100),
            abort_every: 0,
            compression: Compression::NONE,
            flush_every: 0,
            is_idempotent: true,
            partitioner: Partitioner::default(),
            is_adaptive: true,
            ignores_keys: false,
            tombstones: false,
        }
    }
}
