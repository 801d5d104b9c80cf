//! Metrics of brokers that consist of several nodes, of their disks, and of who speaks
//! with them.

use super::sum;
use crate::metric::{MetricKind, Value};
use crate::node::AnyNode;
use crate::world::{ClusterView, World};
use mqlab_brokers::kafka::Served;
use mqlab_model::PlaceId;

impl World {
    /// The value of one of these metrics. The page loads it later than the others.
    #[inline(never)]
    pub(super) fn clustered(&self, kind: MetricKind, place: PlaceId) -> Value {
        use MetricKind as Kind;
        match kind {
            Kind::Batches => self.of_batching(place, |(batches, _)| batches),
            Kind::ProduceRequests => self.of_batching(place, |(_, requests)| requests),
            Kind::Seeks => self.of_disk(place, |disk| disk.work.seeks),
            Kind::DiskReads => self.of_disk(place, |disk| disk.work.reads),
            Kind::Transfers => self.of_serving(place, |served| served.transfers),
            Kind::Copies => self.of_serving(place, |served| served.copies),
            Kind::ContextSwitches => self.of_serving(place, |served| served.switches),
            Kind::UnderReplicated => self.of_cluster(place, |cluster| {
                let partitions = cluster.partitions.iter();
                partitions.filter(|partition| partition.is_under_replicated()).count() as u64
            }),
            Kind::Leaderless => self.of_cluster(place, |cluster| {
                let partitions = cluster.partitions.iter();
                partitions.filter(|partition| partition.leader.is_none()).count() as u64
            }),
            Kind::LeaderChanges => self.of_cluster(place, |cluster| {
                let partitions = cluster.partitions.iter();
                partitions.map(|partition| u64::from(partition.leader_epoch)).sum()
            }),
            Kind::Rebalances => self.of_cluster(place, |cluster| {
                let groups = cluster.groups.iter();
                groups
                    .map(|group| u64::from(group.generation.max(0).unsigned_abs()))
                    .sum()
            }),
            Kind::ControllerEpoch => self.of_cluster(place, |cluster| u64::from(cluster.controller_epoch)),
            Kind::Leads | Kind::Hosts => self.of_broker(place, kind),
            Kind::Directories | Kind::Brokers | Kind::Segments | Kind::LogBytes | Kind::LogStart => {
                self.of_partition(place, kind)
            }
            Kind::BytesIn => {
                let node = self.places().get(place).node;
                let cluster = self.rabbit_cluster(node);
                cluster.map_or(Value::Never, |_| Value::Count(self.bytes_taken_in(node)))
            }
            Kind::Lag => {
                let lag = self.share(place).and_then(|share| share.lag());
                lag.map_or(Value::Never, Value::Count)
            }
            _ => unreachable!("it is asked for what clusters have, and nothing else"),
        }
    }

    /// Over what a broker of Kafka has served, or all of a cluster.
    fn of_serving(&self, place: PlaceId, pick: impl Fn(&Served) -> u64) -> Value {
        sum(self.nodes_at(place).filter_map(|node| self.served(node)), pick)
    }

    fn of_cluster(&self, place: PlaceId, pick: impl Fn(&ClusterView) -> u64) -> Value {
        let cluster = self.cluster(self.places().get(place).node);
        cluster.map_or(Value::Never, |cluster| Value::Count(pick(&cluster)))
    }

    /// What the load's producer has sent to Kafka, in batches and in requests.
    fn of_batching(&self, place: PlaceId, pick: impl Fn((u64, u64)) -> u64) -> Value {
        match self.nodes.get(usize::from(place.0)) {
            Some(AnyNode::Load(load)) => load.batching().map_or(Value::Never, |sent| Value::Count(pick(sent))),
            _ => Value::Never,
        }
    }
}
