//! Records of Kafka that are lost though nobody has thrown them away yet.
//!
//! A leader dies, and another one leads that does not have the end of its log.
//! When the dead one comes back it throws that away, and so nobody will ever
//! read it, whether it comes back or not. If nobody leads, the dead one may lead
//! again, and nothing is decided.

use super::{Condition, World};
use crate::plan::Member;
use alloc::vec::Vec;
use mqlab_brokers::kafka::{Cluster, PartitionId, PartitionLog, Reader, cut};
use mqlab_kernel::SortedSet;
use mqlab_model::{MessageId, NodeId, PlaceId};

/// What only brokers have that are down.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Doomed {
    /// Nobody will ever read it.
    pub(super) lost: u64,
    /// It has had its effect before: it was sent twice.
    pub(super) known: u64,
}

impl World {
    /// Of what one place owes, or of all: records that were confirmed and have no
    /// effect, and that only brokers have which are down while others lead without
    /// them; and how many are left there besides, of which all is known.
    pub(super) fn doomed(&self, only: Option<PlaceId>) -> Doomed {
        let clusters = self.core.frame.clusters.iter().zip(0..).filter_map(|(cluster, node)| {
            // Its members know it as well.
            let node = NodeId(node);
            let is_whole = self.member_is(node).is_none();
            cluster.as_ref().filter(|_| is_whole).map(|cluster| (node, cluster))
        });
        let mut all = Doomed::default();
        for (node, cluster) in clusters {
            self.doomed_in(node, cluster, only, &mut all);
        }
        all
    }

    fn doomed_in(&self, node: NodeId, cluster: &Cluster, only: Option<PlaceId>, all: &mut Doomed) {
        let members = self.core.frame.members[usize::from(node.0)].iter();
        let is_down = |member: &&NodeId| {
            let is_broker = matches!(self.member_is(**member), Some(Member::Broker(_)));
            is_broker && self.condition(**member) == Condition::Down
        };
        if members.filter(is_down).count() == 0 {
            return;
        }
        for one in cluster.partitions().filter(|one| cluster.place(*one).is_some()) {
            let found = self.doomed_at(node, cluster, one, only);
            all.lost += found.lost;
            all.known += found.known;
        }
    }

    fn doomed_at(&self, node: NodeId, cluster: &Cluster, one: PartitionId, only: Option<PlaceId>) -> Doomed {
        let owners = cluster.owners(one);
        let owners: Vec<PlaceId> = owners.filter(|owner| only.is_none_or(|only| only == *owner)).collect();
        let Some(leading) = self.leader_log(node, one).filter(|_| !owners.is_empty()) else {
            return Doomed::default();
        };
        let mut found: SortedSet<(PlaceId, MessageId)> = SortedSet::new();
        let mut known: SortedSet<(PlaceId, MessageId)> = SortedSet::new();
        for replica in cluster.replicas(one) {
            let Some(log) = self.log_of_dead(node, replica, one) else {
                continue;
            };
            let Ok(read) = log.read(parting(log, leading), Reader::Replica) else {
                continue;
            };
            for (_, record) in read.filter(|(_, record)| !record.is_marker()) {
                let id = record.message.id;
                for owner in &owners {
                    match self.core.recorder.oracle.would_be_lost(*owner, id) {
                        Some(true) => found.insert((*owner, id)),
                        Some(false) => known.insert((*owner, id)),
                        None => false,
                    };
                }
            }
        }
        // What its producer has sent again is there once more.
        if !found.is_empty()
            && let Ok(read) = leading.read(leading.marks().start(), Reader::Replica)
        {
            for (_, record) in read {
                for owner in &owners {
                    found.remove(&(*owner, record.message.id));
                }
            }
        }
        Doomed {
            lost: found.len() as u64,
            known: known.len() as u64,
        }
    }
}

/// Up to where a log is the leader's.
fn parting(log: &PartitionLog, leading: &PartitionLog) -> u64 {
    let (start, mut to) = (log.marks().start(), log.marks().end());
    while to > start {
        let Some(epoch) = log.epochs().at(to - 1) else { break };
        let answer = leading.epochs().end_of(epoch, leading.marks().end());
        let found = cut(log.epochs(), to, log.marks().high_watermark(), answer);
        let is_over = found.is_final || found.to >= to;
        to = found.to;
        if is_over {
            break;
        }
    }
    to.max(start)
}
