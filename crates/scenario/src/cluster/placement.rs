//! Where the replicas of each partition lie.

use mqlab_engine::World;
use mqlab_model::{NodeId, PlaceId};

/// A replica at its broker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Placed {
    /// It leads.
    pub is_leader: bool,
    /// It is the first one of its partition, which is to lead if it can.
    pub is_preferred: bool,
    /// It is in sync.
    pub is_in_sync: bool,
}

/// The partitions of a cluster by broker.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Placement {
    /// The columns.
    pub brokers: Vec<NodeId>,
    /// The rows: a partition, and what each broker has of it.
    pub rows: Vec<(PlaceId, Vec<Option<Placed>>)>,
}

impl Placement {
    /// How many partitions the broker of a column leads.
    pub fn leads(&self, column: usize) -> usize {
        self.count(column, |placed| placed.is_leader)
    }

    /// Of how many it has a replica.
    pub fn hosts(&self, column: usize) -> usize {
        self.count(column, |_| true)
    }

    fn count(&self, column: usize, counts: impl Fn(Placed) -> bool) -> usize {
        let cells = self.rows.iter().filter_map(|(_, cells)| cells[column]);
        cells.filter(|placed| counts(*placed)).count()
    }
}

/// The placement of a cluster; `None` of any other node.
pub fn placement(world: &World, cluster: NodeId) -> Option<Placement> {
    let view = world.cluster(cluster)?;
    let brokers = super::brokers(world, cluster);
    let rows = view.partitions.iter().map(|partition| {
        let cell = |broker: &NodeId| {
            let index = partition.replicas.iter().position(|replica| replica.node == *broker)?;
            Some(Placed {
                is_leader: partition.leader == Some(*broker),
                is_preferred: index == 0,
                is_in_sync: partition.replicas[index].in_sync,
            })
        };
        (partition.place, brokers.iter().map(cell).collect())
    });
    Some(Placement {
        rows: rows.collect(),
        brokers,
    })
}
