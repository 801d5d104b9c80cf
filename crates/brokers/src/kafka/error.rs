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
    /// The broker has no such partition, or does not lead it.
    NotLeaderOrFollower,
    /// Who asks believes in a leader of the past.
    FencedLeaderEpoch,
    /// Who asks knows of a leader that this broker has not heard of.
    UnknownLeaderEpoch,
    /// The broker does not coordinate the group or the transaction.
    NotCoordinator,
    /// The replicas did not follow in time; nobody knows what will come of it.
    RequestTimedOut,
    /// The connection is gone.
    NetworkException,
    /// Another one has taken the place of this producer.
    ProducerFenced,
    /// The transaction before is still being ended.
    ConcurrentTransactions,
    /// The broker cannot write to the directory of its logs.
    KafkaStorageError,
    /// A transaction that is not decided has offsets of the group.
    UnstableOffsetCommit,
}

impl Error {
    /// Whether the same request may succeed later.
    pub const fn is_retriable(self) -> bool {
        matches!(
            self,
            Error::OffsetNotAvailable
                | Error::NotEnoughReplicas
                | Error::NotEnoughReplicasAfterAppend
                | Error::NotLeaderOrFollower
                | Error::FencedLeaderEpoch
                | Error::UnknownLeaderEpoch
                | Error::NotCoordinator
                | Error::RequestTimedOut
                | Error::NetworkException
                | Error::ConcurrentTransactions
                | Error::KafkaStorageError
                | Error::UnstableOffsetCommit
        )
    }
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
            Error::NotLeaderOrFollower => "NOT_LEADER_OR_FOLLOWER",
            Error::FencedLeaderEpoch => "FENCED_LEADER_EPOCH",
            Error::UnknownLeaderEpoch => "UNKNOWN_LEADER_EPOCH",
            Error::NotCoordinator => "NOT_COORDINATOR",
            Error::RequestTimedOut => "REQUEST_TIMED_OUT",
            Error::NetworkException => "NETWORK_EXCEPTION",
            Error::ProducerFenced => "PRODUCER_FENCED",
            Error::ConcurrentTransactions => "CONCURRENT_TRANSACTIONS",
            Error::KafkaStorageError => "KAFKA_STORAGE_ERROR",
            Error::UnstableOffsetCommit => "UNSTABLE_OFFSET_COMMIT",
        }
    }
}
