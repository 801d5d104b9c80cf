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

impl World {
    /// Records that were confirmed and have no effect, and that only brokers have
    /// which are down while others lead without them: of what one place owes, or
    /// of all.
    pub(super) fn doomed(&self, only: Option<PlaceId>) -> u64 {
        let clusters = self.core.frame.clusters.iter().zip(0..).filter_map(|(cluster, node)| {
            // Its members know it as well.
            let node = NodeId(node);
            let is_whole = self.member_is(node).is_none();
            cluster.as_ref().filter(|_| is_whole).map(|cluster| (node, cluster))
        });
        clusters
            .map(|(node, cluster)| self.doomed_in(node, cluster, only))
            .sum()
    }

    fn doomed_in(&self, node: NodeId, cluster: &Cluster, only: Option<PlaceId>) -> u64 {
        let members = self.core.frame.members[usize::from(node.0)].iter();
        let is_down = |member: &&NodeId| {
            let is_broker = matches!(self.member_is(**member), Some(Member::Broker(_)));
            is_broker && self.condition(**member) == Condition::Down
        };
        if members.filter(is_down).count() == 0 {
            return 0;
        }
        let partitions = cluster.partitions().filter(|one| cluster.place(*one).is_some());
        partitions.map(|one| self.doomed_at(node, cluster, one, only)).sum()
    }

    fn doomed_at(&self, node: NodeId, cluster: &Cluster, one: PartitionId, only: Option<PlaceId>) -> u64 {
        let owners = cluster.owners(one);
        let owners: Vec<PlaceId> = owners.filter(|owner| only.is_none_or(|only| only == *owner)).collect();
        let Some(leading) = self.leader_log(node, one).filter(|_| !owners.is_empty()) else {
            return 0;
        };
        let mut found: SortedSet<(PlaceId, MessageId)> = SortedSet::new();
        for replica in cluster.replicas(one) {
            let Some(log) = self.log_of_dead(node, replica, one) else {
                continue;
            };
            let Ok(read) = log.read(parting(log, leading), Reader::Replica) else {
                continue;
            };
            for (_, record) in read.filter(|(_, record)| !record.is_marker()) {
                let id = record.message.id;
                let oracle = &self.core.recorder.oracle;
                let owed = owners.iter().filter(|owner| oracle.is_told_and_owed(**owner, id));
                for owner in owed {
                    found.insert((*owner, id));
                }
            }
        }
        if found.is_empty() {
            return 0;
        }
        // What its producer has sent again is there once more.
        if let Ok(read) = leading.read(leading.marks().start(), Reader::Replica) {
            for (_, record) in read {
                for owner in &owners {
                    found.remove(&(*owner, record.message.id));
                }
            }
        }
        found.len() as u64
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
