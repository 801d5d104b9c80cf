//! What travels between clients, brokers and the controller: the requests of
//! Kafka's protocol that are modelled, with numbers in place of names.
//!
//! A frame has a fixed size. What has a variable one (a batch of records, a
//! list of partitions) is one frame that says how many stand behind it; the
//! [`Inbox`] at the other end waits until all of them are there. A connection
//! keeps their order.

use super::cluster::{Brokers, PartitionId};
use super::{Acks, BrokerId, Error, MemberNumber, ProducerId, Reader, Record};
use alloc::vec::Vec;
use core::num::NonZeroU32;
use mqlab_kernel::SimTime;
use mqlab_model::{Message, MessageId, PlaceId};

/// By this number a client knows an answer for what it asked.
pub type Correlation = u32;

/// A consumer group, by its number in the cluster.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct GroupId(pub u16);

/// A producer's `transactional.id`, by its number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TransactionalId(pub u16);

/// A batch of records, which stand behind it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Batch {
    /// Of which partition.
    pub partition: PartitionId,
    /// Who wrote it, if that is an idempotent producer.
    pub producer: Option<Writer>,
    /// Sequence number of its first record.
    pub sequence: i32,
    /// In answers: the epoch of the leader that wrote it.
    pub epoch: u16,
    /// How many records.
    pub records: u16,
    /// In answers: the offset of its first record.
    pub first: u64,
}

/// An idempotent producer in one of its lives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Writer(NonZeroU32);

impl Writer {
    /// The last epoch that there can be.
    pub const EPOCH_MAX: u16 = u16::MAX - 1;

    /// The producer and its epoch, in 16 bits each.
    ///
    /// # Panics
    /// If there are too many producers.
    pub fn new(producer: ProducerId, epoch: u16) -> Writer {
        assert!(producer.0 < u32::from(u16::MAX), "{producer:?} is one too many");
        Writer(NonZeroU32::MIN.saturating_add(producer.0 << 16 | u32::from(epoch)))
    }

    /// The producer.
    pub const fn producer(self) -> ProducerId {
        ProducerId((self.0.get() - 1) >> 16)
    }

    /// Its epoch.
    pub const fn epoch(self) -> u16 {
        ((self.0.get() - 1) & 0xffff) as u16
    }
}

/// Who leads a partition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Leadership {
    /// Which partition.
    pub partition: PartitionId,
    /// Who leads; none is `u16::MAX`.
    leader: u16,
    /// One more with each leader.
    pub leader_epoch: u16,
    /// One more with each change at all.
    pub partition_epoch: u32,
    /// The replicas in sync.
    pub in_sync: Brokers,
}

impl Leadership {
    /// A partition that is led by `leader`, in its first epoch.
    pub fn new(partition: PartitionId, leader: Option<BrokerId>, in_sync: Brokers) -> Leadership {
        Leadership {
            partition,
            leader: leader.map_or(u16::MAX, |leader| leader.0 as u16),
            leader_epoch: 0,
            partition_epoch: 0,
            in_sync,
        }
    }

    /// Who leads, if anybody does.
    pub fn leader(&self) -> Option<BrokerId> {
        (self.leader < u16::MAX).then_some(BrokerId(u32::from(self.leader)))
    }

    /// Somebody else leads, or nobody: in a new epoch.
    pub fn set_leader(&mut self, leader: Option<BrokerId>) {
        self.leader = leader.map_or(u16::MAX, |leader| leader.0 as u16);
        self.leader_epoch += 1;
    }
}

/// The number that a consumer has in its group, if it has one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seat(u32);

impl From<Option<MemberNumber>> for Seat {
    fn from(member: Option<MemberNumber>) -> Seat {
        Seat(member.map_or(u32::MAX, |member| member.0))
    }
}

impl Seat {
    /// The number.
    pub const fn member(self) -> Option<MemberNumber> {
        if self.0 == u32::MAX {
            None
        } else {
            Some(MemberNumber(self.0))
        }
    }
}

/// What a reader wants of a partition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// Which partition.
    pub partition: PartitionId,
    /// The epoch of the leader that it believes in.
    pub epoch: u32,
    /// The epoch of its own last record, if it is a replica: `u32::MAX` else.
    pub last_epoch: u32,
    /// From which offset on.
    pub offset: u64,
}

/// Which offset is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Spot {
    /// The log start offset.
    Earliest,
    /// Up to where may be read.
    Latest,
    /// Of the first record that is not older.
    At(SimTime),
}

macro_rules! frames {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty),* $(,)? }),+ $(,)?) => {
        /// One frame on a connection.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[allow(missing_docs)]
        pub enum Frame {
            /// A batch: its records stand behind it.
            Batch(Batch),
            /// A record of a batch.
            Record(Record),
            /// Who leads a partition: in answers, and from the controller.
            Leader(Leadership),
            /// Behind a fetch: what is wanted of one partition.
            Wanted(Wanted),
            $($(#[$doc])* $name { $($(#[$field_doc])* $field: $kind),* }),+
        }
    };
}

frames! {
    // Between clients and brokers.
    /// Who leads the partitions of a topic? The answer is `Leaders`.
    Metadata { topic: u16 },
    /// A `Leader` for each partition stands behind it.
    Leaders { more: u32 },
    /// Batches stand behind it. The answer is `Produced`, unless `acks` is 0
    /// and all goes well.
    Produce { acks: Acks, correlation: Correlation, more: u32 },
    /// An `Outcome` for each batch stands behind it.
    Produced { correlation: Correlation, more: u32 },
    /// What came of a batch: the offset of its first record.
    Outcome { partition: PartitionId, error: Option<Error>, first: u64 },
    /// `Wanted` stand behind it: all, or what has changed since the last fetch
    /// on this connection, with what is `Forgotten` (KIP-227). The answer is
    /// `Fetched`.
    Fetch {
        correlation: Correlation,
        more: u32,
        is_all: bool,
        reader: Reader,
        replica: Option<BrokerId>,
        /// The epoch of a replica's broker, or the group of a consumer: Kafka's
        /// fetch does not say that, and nothing but facts looks at it.
        number: u16,
        max_wait_ms: u32,
        min_bytes: u32,
    },
    /// Behind a fetch: this partition is not wanted for now.
    Forgotten { partition: PartitionId },
    /// Behind a fetch: its group reads on at `to`, and nobody in it will be given
    /// what lies between. Kafka sends no such thing, and nothing but facts looks
    /// at it.
    Passed { partition: PartitionId, from: u64, to: u64 },
    /// For each partition a `Read` stands behind it.
    Fetched { correlation: Correlation, more: u32 },
    /// What there is of a partition; batches and aborted transactions stand
    /// behind it. With an error: where the log starts.
    Read { partition: PartitionId, error: Option<Error>, high_watermark: u64, start: u64 },
    /// The follower's log is not the leader's: `epoch` ended there at `end`.
    Diverging { partition: PartitionId, is_known: bool, epoch: u32, end: u64 },
    /// An aborted transaction, from its first record to its marker.
    Aborted { partition: PartitionId, producer: ProducerId, first: u64, marker: u64 },
    /// Which offset? The answer is `Offset`.
    ListOffset { correlation: Correlation, partition: PartitionId, reader: Reader, spot: Spot },
    /// An offset, if there is such a record.
    Offset { correlation: Correlation, partition: PartitionId, error: Option<Error>, offset: Option<u64> },
    /// A producer wants an id. The answer is `Producer`.
    InitProducer { correlation: Correlation, id: Option<TransactionalId>, timeout_ms: u32 },
    /// The producer's id and epoch.
    Producer { correlation: Correlation, error: Option<Error>, producer: ProducerId, epoch: u16 },
    /// Who coordinates a group? The answer is `Coordinator`.
    FindCoordinator { correlation: Correlation, group: GroupId },
    /// The broker that coordinates it, if there is one now.
    Coordinator { correlation: Correlation, broker: Option<BrokerId> },
    /// A consumer joins its group: `Topic`s and what it owned stand behind it.
    /// The answer is `Joined`.
    Join {
        correlation: Correlation,
        group: GroupId,
        member: Seat,
        instance: Option<u16>,
        generation: i32,
        session_ms: u32,
        rebalance_ms: u32,
        more: u16,
    },
    /// The group is complete. For the leader everybody stands behind it.
    Joined {
        correlation: Correlation,
        error: Option<Error>,
        is_leader: bool,
        member: MemberNumber,
        generation: i32,
        more: u32,
    },
    /// A member: its `Topic`s and `Owned` partitions stand behind it.
    Member { member: MemberNumber, instance: Option<u16>, generation: i32, more: u32 },
    /// A subscription.
    Topic { topic: u16 },
    /// A partition that somebody owns.
    Owned { partition: PartitionId },
    /// A member asks for its partitions; the leader says who gets what: `Member`s
    /// stand behind it. The answer is `Synced`.
    Sync { correlation: Correlation, group: GroupId, member: MemberNumber, generation: i32, more: u32 },
    /// `Owned` partitions stand behind it.
    Synced { correlation: Correlation, error: Option<Error>, more: u32 },
    /// A member lives. The answer is `Heard`.
    Heartbeat { correlation: Correlation, group: GroupId, member: MemberNumber, generation: i32 },
    /// A member leaves. The answer is `Heard`.
    Leave { correlation: Correlation, group: GroupId, member: MemberNumber },
    /// `Position`s stand behind it. The answer is `Heard`.
    Commit { correlation: Correlation, group: GroupId, member: Option<MemberNumber>, generation: i32, more: u32 },
    /// The answer to what has none of its own.
    Heard { correlation: Correlation, error: Option<Error> },
    /// How far has the group read? `Position`s stand behind it, and behind the
    /// answer, which is `Committed`.
    CommittedWanted { correlation: Correlation, group: GroupId, is_stable: bool, more: u32 },
    /// The answer.
    Committed { correlation: Correlation, error: Option<Error>, more: u32 },
    /// How far a group has read.
    Position { partition: PartitionId, offset: Option<u64> },
    /// Behind a commit: a record that the application has been given and that
    /// the commit covers. Kafka sends no such thing, and nothing but facts looks
    /// at it.
    Covered {
        group: GroupId,
        partition: PartitionId,
        offset: u64,
        message: MessageId,
        /// Its handling is in the same transaction.
        is_within: bool,
    },
    /// A transaction writes to these partitions: `Owned` stand behind it. The
    /// answer is `Heard`.
    AddPartitions { correlation: Correlation, id: TransactionalId, writer: Writer, more: u32 },
    /// Offsets of a group that count when the transaction is committed
    /// (`TxnOffsetCommit`): `Position`s stand behind it. The answer is `Heard`.
    CommitInTransaction {
        correlation: Correlation,
        group: GroupId,
        member: Seat,
        generation: i32,
        writer: Writer,
        more: u32,
    },
    /// A transaction ends. The answer is `Heard`.
    EndTransaction { correlation: Correlation, id: TransactionalId, writer: Writer, is_committed: bool },
    // Between brokers and the controller.
    /// A transaction coordinator wants its marker written. The answer is
    /// `MarkerWritten`.
    WriteMarker { partition: PartitionId, writer: Writer, is_committed: bool },
    /// A marker is written, and replicated.
    MarkerWritten { partition: PartitionId, writer: Writer, error: Option<Error> },
    /// A broker is there, in so manieth life. The answer is `Registered`.
    Register { broker: BrokerId, life: u32 },
    /// The broker belongs to the cluster. All partitions follow.
    Registered { broker_epoch: u16, controller_epoch: u32 },
    /// A broker lives.
    Alive { broker: BrokerId, broker_epoch: u16 },
    /// Who counts as alive.
    Live { brokers: Brokers },
    /// A leader proposes who is in sync. What is accepted comes as `Leader`.
    Alter { proposed: Leadership, joining_epoch: u16 },
    /// The proposal that was made in this epoch is refused.
    AlterRefused { partition: PartitionId, partition_epoch: u32 },
    /// A broker wants a producer id for somebody. The answer is `ProducerIdGiven`.
    WantProducerId { request: u64 },
    /// A new producer id.
    ProducerIdGiven { request: u64, producer: ProducerId },
}

impl Frame {
    /// How many frames stand behind it in all.
    pub const fn more(&self) -> u32 {
        match *self {
            Frame::Join { more, .. } => more as u32,
            Frame::Leaders { more }
            | Frame::Produce { more, .. }
            | Frame::Produced { more, .. }
            | Frame::Fetch { more, .. }
            | Frame::Fetched { more, .. }
            | Frame::Joined { more, .. }
            | Frame::Sync { more, .. }
            | Frame::Synced { more, .. }
            | Frame::Commit { more, .. }
            | Frame::CommitInTransaction { more, .. }
            | Frame::CommittedWanted { more, .. }
            | Frame::Committed { more, .. }
            | Frame::AddPartitions { more, .. } => more,
            _ => 0,
        }
    }

    /// The message on board. What is on board is gone when the receiver is.
    pub fn cargo(&self) -> Option<(Message, Option<PlaceId>)> {
        match self {
            Frame::Record(record) if !record.is_marker() && record.message.id.is_some() => Some((record.message, None)),
            _ => None,
        }
    }
}

/// The batches that stand behind a request, with their records.
pub(super) fn batches(behind: &[Frame]) -> Vec<(Batch, Vec<Record>)> {
    let mut found: Vec<(Batch, Vec<Record>)> = Vec::new();
    for frame in behind {
        match frame {
            Frame::Batch(batch) => found.push((*batch, Vec::with_capacity(usize::from(batch.records)))),
            Frame::Record(record) => {
                if let Some((_, records)) = found.last_mut() {
                    records.push(*record);
                }
            }
            _ => {}
        }
    }
    found
}

/// Frames of one connection, put together.
#[derive(Clone, Debug, Default)]
pub struct Inbox {
    head: Option<Frame>,
    left: u32,
    behind: Vec<Frame>,
}

impl Inbox {
    /// One more frame. Returns a request or an answer when it is complete, with
    /// what stands behind it.
    pub fn take(&mut self, frame: Frame) -> Option<(Frame, Vec<Frame>)> {
        if self.left == 0 {
            self.left = frame.more();
            if self.left == 0 {
                return Some((frame, Vec::new()));
            }
            self.head = Some(frame);
            self.behind.reserve(self.left as usize);
            return None;
        }
        self.behind.push(frame);
        self.left -= 1;
        if self.left > 0 {
            return None;
        }
        let head = self.head.take()?;
        Some((head, core::mem::take(&mut self.behind)))
    }

    /// The connection is gone, and with it what was only half there.
    pub fn clear(&mut self) {
        *self = Inbox::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mqlab_model::SourceId;

    #[test]
    fn a_frame_is_half_a_cache_line() {
        assert!(size_of::<Frame>() <= 32, "{}", size_of::<Frame>());
    }

    #[test]
    fn what_stands_behind_a_frame_comes_with_it() {
        let mut inbox = Inbox::default();
        let message = Message::new(MessageId::new(SourceId(0), 1), SimTime::ZERO, true);
        let record = Frame::Record(Record::new(message, None));
        let alone = Frame::Metadata { topic: 3 };
        let fetched = Frame::Fetched {
            correlation: 1,
            more: 2,
        };
        assert_eq!(inbox.take(alone), Some((alone, Vec::new())));
        assert_eq!(inbox.take(fetched), None);
        assert_eq!(inbox.take(record), None);
        assert_eq!(inbox.take(record), Some((fetched, alloc::vec![record, record])));
        assert_eq!(inbox.take(fetched), None);
        inbox.clear();
        assert_eq!(inbox.take(alone), Some((alone, Vec::new())));
        assert_eq!(record.cargo(), Some((message, None)));
    }

    #[test]
    fn a_writer_keeps_its_two_parts() {
        let writer = Writer::new(ProducerId(65_534), Writer::EPOCH_MAX);
        assert_eq!(
            (writer.producer(), writer.epoch()),
            (ProducerId(65_534), Writer::EPOCH_MAX)
        );
    }
}
