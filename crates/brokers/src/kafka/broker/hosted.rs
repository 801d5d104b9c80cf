//! One replica of a partition, as its broker holds it.

use crate::kafka::cluster::{Cluster, PartitionId};
use crate::kafka::wire::{Correlation, Frame, GroupId, TransactionalId, Writer};
use crate::kafka::{BrokerId, Leader, PartitionLog, ProducerId};
use alloc::collections::{BTreeMap, VecDeque};
use alloc::vec::Vec;
use mqlab_kernel::SimTime;
use mqlab_model::{MessageId, Port};

/// What the replica does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Part {
    /// Nothing: it does not know who leads, or nobody does.
    Idle,
    /// It leads.
    Leader(Leader),
    /// It fetches from this leader.
    Follower(BrokerId),
}

/// Who waits until something is replicated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Then {
    /// A produce request is answered.
    Produced(u64),
    /// Nobody waits.
    Nothing,
    /// A transactional producer gets its id and epoch.
    Initiated(TransactionalId, Port, Correlation),
    /// A transaction is decided; who asked for that may be told.
    Decided(TransactionalId, Option<(Port, Correlation)>),
    /// A transaction's marker is there: for a coordinator at this port, or for
    /// this broker's own; with whether it commits.
    Marked(Option<Port>, Writer, bool),
    /// The members of a group get their partitions.
    Assigned(GroupId),
    /// Who asked for something else hears that it is done.
    Heard { port: Port, correlation: Correlation },
}

/// A record that an offset of a group covers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Covered {
    pub(super) group: GroupId,
    pub(super) partition: PartitionId,
    pub(super) offset: u64,
    pub(super) message: MessageId,
    /// Its handling is within the same transaction.
    pub(super) is_within: bool,
}

/// What the offsets cover that a transaction has committed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Coverage {
    /// The epoch of the transaction.
    pub(super) epoch: u16,
    /// Where the first of these offsets stands in its log, the same in all replicas.
    pub(super) first: u64,
    pub(super) records: Vec<Covered>,
}

impl Covered {
    /// What a frame says is covered.
    pub(super) const fn of(frame: &Frame) -> Option<Covered> {
        match *frame {
            Frame::Covered {
                group,
                partition,
                offset,
                message,
                is_within,
            } => Some(Covered {
                group,
                partition,
                offset,
                message,
                is_within,
            }),
            _ => None,
        }
    }

    /// As it goes to a follower.
    pub(super) const fn frame(self) -> Frame {
        Frame::Covered {
            group: self.group,
            partition: self.partition,
            offset: self.offset,
            message: self.message,
            is_within: self.is_within,
        }
    }
}

/// Something that waits until the high watermark has passed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Waiting {
    pub(super) end: u64,
    /// The offset of its first record.
    pub(super) first: u64,
    pub(super) then: Then,
}

/// A replica.
#[derive(Clone, Debug)]
pub(super) struct Hosted {
    pub(super) log: PartitionLog,
    /// The high watermark as it stands on the disk.
    pub(super) checkpoint: u64,
    pub(super) part: Part,
    /// Connections whose fetches ask for it.
    pub(super) readers: Vec<Port>,
    pub(super) waiting: VecDeque<Waiting>,
    /// A proposal of who is in sync is on its way to the controller.
    pub(super) is_proposing: bool,
    /// What it wrote when it last led lies between these offsets.
    pub(super) led: (u64, u64),
    /// What it wrote when it led, and lost with its page cache or its disk: others
    /// may have it. By offset, with the leader's epoch: what was sent again may
    /// stand at the same offset. Nothing but facts looks at it.
    pub(super) doubted: Vec<(u64, Option<u32>, MessageId)>,
    /// What the offsets cover that the latest transaction of each producer has committed
    /// here: until that is told, and where this broker follows until the next
    /// transaction, since it cannot know whether its leader has told. Nothing but facts
    /// looks at it.
    pub(super) covered: BTreeMap<ProducerId, Coverage>,
    /// The controller's word for each follower that fetches: its broker epoch.
    pub(super) follower_epochs: Vec<(BrokerId, u16)>,
}

impl Hosted {
    pub(super) fn new(cluster: &Cluster, partition: PartitionId) -> Hosted {
        Hosted {
            log: PartitionLog::new(cluster.topic(partition).log, 0, SimTime::ZERO),
            checkpoint: 0,
            part: Part::Idle,
            readers: Vec::new(),
            waiting: VecDeque::new(),
            is_proposing: false,
            led: (0, 0),
            doubted: Vec::new(),
            covered: BTreeMap::new(),
            follower_epochs: Vec::new(),
        }
    }

    pub(super) fn leader(&self) -> Option<&Leader> {
        match &self.part {
            Part::Leader(leader) => Some(leader),
            _ => None,
        }
    }

    pub(super) fn leader_mut(&mut self) -> Option<&mut Leader> {
        match &mut self.part {
            Part::Leader(leader) => Some(leader),
            _ => None,
        }
    }

    /// A connection reads it no more.
    pub(super) fn forget_reader(&mut self, port: Port) {
        self.readers.retain(|reader| *reader != port);
    }

    /// The process died: what was in its memory is gone. The high watermark is
    /// what was written down last.
    pub(super) fn crash(&mut self) {
        if self.leader().is_some() {
            self.led.1 = self.log.marks().end();
        }
        self.part = Part::Idle;
        self.readers.clear();
        self.waiting.clear();
        self.is_proposing = false;
        self.follower_epochs.clear();
        self.log.follow_commit(self.checkpoint);
    }
}
