//! Metrics of brokers that consist of several nodes, of their disks, and of who speaks
//! with them.

use super::sum;
use crate::metric::{MetricKind, Value};
use crate::node::AnyNode;
use crate::world::Partition;
use crate::world::World;
use mqlab_brokers::kafka::Served;
use mqlab_model::{NodeId, PlaceId};

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
            Kind::UnderReplicated => self.over_partitions(place, |one| u64::from(one.is_under_replicated())),
            Kind::Leaderless => self.over_partitions(place, |one| u64::from(one.leader.is_none())),
            Kind::LeaderChanges => self.over_partitions(place, |one| u64::from(one.leader_epoch)),
            Kind::Rebalances => self.of_cluster(place, |node| self.generations(node)),
            Kind::ControllerEpoch => self.of_cluster(place, |node| self.controller_epoch(node)),
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

    /// The sum over the partitions of a cluster of Kafka.
    fn over_partitions(&self, place: PlaceId, pick: impl Fn(&Partition) -> u64) -> Value {
        self.of_cluster(place, |node| {
            self.partitions(node).map(|partition| pick(&partition)).sum()
        })
    }

    /// What there is of a cluster of Kafka; never of any other node.
    fn of_cluster(&self, place: PlaceId, pick: impl Fn(NodeId) -> u64) -> Value {
        let node = self.places().get(place).node;
        let cluster = self.kafka_cluster(node);
        cluster.map_or(Value::Never, |_| Value::Count(pick(node)))
    }

    /// What the load's producer has sent to Kafka, in batches and in requests.
    fn of_batching(&self, place: PlaceId, pick: impl Fn((u64, u64)) -> u64) -> Value {
        match self.nodes.get(usize::from(place.0)) {
            Some(AnyNode::Load(load)) => load.batching().map_or(Value::Never, |sent| Value::Count(pick(sent))),
            _ => Value::Never,
        }
    }
}
