//! What a broker answers when it does not do what it was asked.

/// An error of Kafka's protocol.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Error {
    /// The offset is not in the log, or may not be reached.
    OffsetOutOfRange,
    /// A new leader does not know yet up to where records are committed.
    OffsetNotAvailable,
    /// `acks` is neither 0 nor 1 nor all.
    InvalidRequiredAcks,
    /// Fewer replicas are in sync than `min.insync.replicas` asks for; nothing
    /// was written.
    NotEnoughReplicas,
    /// The same, found out after the record was written.
    NotEnoughReplicasAfterAppend,
    /// A gap in the sequence of an idempotent producer.
    OutOfOrderSequenceNumber,
    /// A producer, or a marker, of an epoch that was replaced.
    InvalidProducerEpoch,
    /// A producer writes outside of the transaction that it began.
    InvalidTxnState,
    /// A record without a key in a compacted topic.
    InvalidRecord,
    /// The group does not know the member, or not any more.
    UnknownMemberId,
    /// The group is in another generation.
    IllegalGeneration,
    /// The group rebalances: its members have to join again.
    RebalanceInProgress,
    /// Another one took the place of a static member.
    FencedInstanceId,
    /// The group has as many members as it may.
    GroupMaxSizeReached,
}

impl Error {
    /// Its name in the protocol.
    pub const fn name(self) -> &'static str {
        match self {
            Error::OffsetOutOfRange => "OFFSET_OUT_OF_RANGE",
            Error::OffsetNotAvailable => "OFFSET_NOT_AVAILABLE",
            Error::InvalidRequiredAcks => "INVALID_REQUIRED_ACKS",
            Error::NotEnoughReplicas => "NOT_ENOUGH_REPLICAS",
            Error::NotEnoughReplicasAfterAppend => "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
            Error::OutOfOrderSequenceNumber => "OUT_OF_ORDER_SEQUENCE_NUMBER",
            Error::InvalidProducerEpoch => "INVALID_PRODUCER_EPOCH",
            Error::InvalidTxnState => "INVALID_TXN_STATE",
            Error::InvalidRecord => "INVALID_RECORD",
            Error::UnknownMemberId => "UNKNOWN_MEMBER_ID",
            Error::IllegalGeneration => "ILLEGAL_GENERATION",
            Error::RebalanceInProgress => "REBALANCE_IN_PROGRESS",
            Error::FencedInstanceId => "FENCED_INSTANCE_ID",
            Error::GroupMaxSizeReached => "GROUP_MAX_SIZE_REACHED",
        }
    }
}
