//! What can be seen of a broker.

use super::Broker;
use super::hosted::Part;
use crate::kafka::cluster::PartitionId;
use crate::kafka::wire::{GroupId, Leadership};
use crate::kafka::{BrokerId, Group, Leader, Marks, PartitionLog};
use mqlab_model::PlaceId;

/// What a replica does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// It does not know who leads, or nobody does.
    Idle,
    /// It leads.
    Leader,
    /// It follows this one.
    Follower(BrokerId),
}

/// A replica of a partition.
#[derive(Clone, Debug)]
pub struct PartitionView<'a> {
    /// What it does.
    pub role: Role,
    /// Where its log starts, is committed and ends.
    pub marks: Marks,
    /// Up to where a reader of `read_committed` may read.
    pub last_stable: u64,
    /// Who leads and is in sync, as far as its broker has heard.
    pub known: Option<Leadership>,
    /// It leads, and waits for the controller's word on who is in sync.
    pub is_proposing: bool,
    /// Its log.
    pub log: &'a PartitionLog,
    /// What its leader knows of the others.
    pub leader: Option<&'a Leader>,
}

impl Broker {
    /// Which broker it is.
    pub const fn id(&self) -> BrokerId {
        self.id
    }

    /// What facts about it are about.
    pub const fn place(&self) -> PlaceId {
        self.place
    }

    /// Whether the controller counts it among the living, as far as it knows.
    pub const fn is_registered(&self) -> bool {
        self.is_registered
    }

    /// The epoch of the controller that it heard of last.
    pub const fn controller_epoch(&self) -> u32 {
        self.controller_epoch
    }

    /// Its replica of a partition, if it has one.
    pub fn partition(&self, partition: PartitionId) -> Option<PartitionView<'_>> {
        let hosted = self.hosted.get(partition.0 as usize)?.as_ref()?;
        let role = match hosted.part {
            Part::Idle => Role::Idle,
            Part::Leader(_) => Role::Leader,
            Part::Follower(leader) => Role::Follower(leader),
        };
        Some(PartitionView {
            role,
            marks: hosted.log.marks(),
            last_stable: hosted.log.last_stable_offset(),
            known: self.leaders[partition.0 as usize],
            is_proposing: hosted.is_proposing,
            log: &hosted.log,
            leader: hosted.leader(),
        })
    }

    /// Where the log of its replica starts, is committed and ends, if it has one.
    pub fn marks(&self, partition: PartitionId) -> Option<Marks> {
        let hosted = self.hosted.get(partition.0 as usize)?.as_ref()?;
        Some(hosted.log.marks())
    }

    /// Of how many partitions of the applications it is the leader, and of how
    /// many it has a replica.
    pub fn hosts(&self) -> (usize, usize) {
        let shown = self
            .cluster
            .partitions()
            .filter(|one| self.cluster.place(*one).is_some());
        let here = shown.filter_map(|one| self.hosted[one.0 as usize].as_ref());
        here.fold((0, 0), |(leads, all), one| {
            (leads + usize::from(one.leader().is_some()), all + 1)
        })
    }

    /// A group that it coordinates.
    pub fn group(&self, id: GroupId) -> Option<&Group> {
        self.groups.get(&id).map(|coordinated| &coordinated.group)
    }

    /// How many produce requests wait for replicas.
    pub fn waiting(&self) -> usize {
        self.requests.len()
    }
}
