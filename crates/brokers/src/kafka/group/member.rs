//! A member of a group as its coordinator knows it, and what it is told.

use crate::kafka::{Error, Member, TopicPartition};
use alloc::string::String;
use alloc::vec::Vec;
use mqlab_kernel::{SimSpan, SimTime};

/// The member id that the coordinator gives out, as a number. Each is given
/// once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct MemberNumber(pub u32);

/// A request to join.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Join {
    /// Its number, if it was a member before.
    pub number: Option<MemberNumber>,
    /// What the assignor is given. Its id may be anything that names the
    /// client.
    pub member: Member,
    /// `session.timeout.ms`: so long without a heartbeat, and it is out.
    pub session: SimSpan,
    /// `max.poll.interval.ms`: so long it is waited for in a rebalance.
    pub rebalance: SimSpan,
}

/// What a member is told in answer to a request that had to wait.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Told {
    /// The rebalance has begun in earnest: who is there is known.
    Joined {
        /// Who is told.
        to: MemberNumber,
        /// The generation.
        generation: i32,
        /// For the leader: everybody, to assign partitions to. Empty for the
        /// others, and for whom it does not change.
        members: Vec<(MemberNumber, Member)>,
        /// Whether it is the leader.
        is_leader: bool,
    },
    /// The rebalance is over.
    Synced {
        /// Who is told.
        to: MemberNumber,
        /// Its partitions.
        partitions: Vec<TopicPartition>,
    },
    /// The request failed while it waited.
    Refused {
        /// Who is told.
        to: MemberNumber,
        /// Why.
        error: Error,
    },
}

/// One member.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) number: MemberNumber,
    pub(super) member: Member,
    pub(super) session: SimSpan,
    pub(super) rebalance: SimSpan,
    /// When it is out unless it is heard of.
    pub(super) expires: SimTime,
    /// It asked to join and was not answered.
    pub(super) is_joining: bool,
    /// It asked for its partitions and was not answered.
    pub(super) is_syncing: bool,
    /// It got the partitions of this generation.
    pub(super) is_synced: bool,
    pub(super) partitions: Vec<TopicPartition>,
}

impl Known {
    pub(super) fn new(number: MemberNumber, join: Join, now: SimTime) -> Known {
        Known {
            number,
            member: join.member,
            session: join.session,
            rebalance: join.rebalance,
            expires: now.saturating_add(join.session),
            is_joining: false,
            is_syncing: false,
            is_synced: false,
            partitions: Vec::new(),
        }
    }

    /// It was heard of.
    pub(super) fn heard(&mut self, now: SimTime) {
        self.expires = now.saturating_add(self.session);
    }

    /// Whether it waits for an answer: as long as that it cannot be late.
    pub(super) const fn is_waiting(&self) -> bool {
        self.is_joining || self.is_syncing
    }

    pub(super) fn instance(&self) -> Option<&String> {
        self.member.instance.as_ref()
    }
}
