//! The controller's log, `__cluster_metadata-0`, as every node of a KRaft cluster has it
//! in its directory of logs: brokers read it as observers (KIP-500, KIP-595).
//!
//! What stands in it is not kept, but counted. Sizes are those of the records' values by
//! their schemas (`metadata/src/main/resources/common/metadata/*.json` in Kafka's
//! repository), without the heads of records and batches, as in the other logs here.
//! Left out: features, topics' and brokers' settings of the beginning, and snapshots,
//! of which the first comes after an hour or 20 MiB
//! (`metadata.log.max.snapshot.interval.ms`,
//! `metadata.log.max.record.bytes.between.snapshots`).

use super::cluster::{Cluster, Topic};
use alloc::vec::Vec;
use mqlab_kernel::{SimSpan, SimTime};

/// `metadata.max.idle.interval.ms`: how often the controller writes a record that says
/// nothing, so that who reads knows how far it is.
const NO_OP_EVERY: SimSpan = SimSpan::from_millis(500);
/// The frame of a record: its own version, its type, and the type's version.
const FRAME: u64 = 3;
/// The number of tagged fields at the end, and an empty array, each a byte.
const ONE: u64 = 1;
const ID: u64 = 16;

/// A record of the controller's log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MetadataRecord {
    /// `PartitionChangeRecord` with so many replicas in sync; its leader is new too.
    PartitionChange {
        /// In sync by then.
        in_sync: u32,
    },
    /// `RegisterBrokerRecord`.
    RegisterBroker,
    /// `BrokerRegistrationChangeRecord`: it is fenced, or no more.
    BrokerChange,
    /// `ProducerIdsRecord`: a broker gets a block of ids.
    ProducerIds,
    /// `ConfigRecord` of a topic or of all brokers.
    Config,
}

impl MetadataRecord {
    /// Bytes of its value.
    const fn bytes(self) -> u64 {
        match self {
            // Partition and topic; then, tagged, who is in sync and who leads.
            MetadataRecord::PartitionChange { in_sync } => {
                FRAME + 4 + ID + ONE + (2 + ONE + 4 * in_sync as u64) + (2 + 4)
            }
            // Broker, incarnation and epoch; a listener with its name, host, port and
            // protocol; no features, no rack; two flags and one directory.
            MetadataRecord::RegisterBroker => FRAME + 4 + ID + 8 + (ONE + 10 + 8 + 2 + 2 + ONE) + 4 + (ONE + ID) + ONE,
            // Broker, epoch, and, tagged, whether it is fenced.
            MetadataRecord::BrokerChange => FRAME + 4 + 8 + ONE + 3,
            // Broker, its epoch, and the next id of all.
            MetadataRecord::ProducerIds => FRAME + 4 + 8 + 8 + ONE,
            // A type, a resource, a name and a value, the longest of about 20 letters.
            MetadataRecord::Config => FRAME + 1 + 3 * 20 + ONE,
        }
    }
}

/// What the controller has written to its log, in numbers.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct MetadataLog {
    records: u64,
    bytes: u64,
    /// Each epoch of the controller, and the offset at which it begins.
    epochs: Vec<(u32, u64)>,
    /// Since when the present controller writes records of nothing; none writes while
    /// it is away.
    idle_since: Option<SimTime>,
}

impl MetadataLog {
    /// A controller takes over in an epoch. The first one of a cluster writes down its
    /// topics.
    pub(super) fn begin(&mut self, epoch: u32, cluster: &Cluster, now: SimTime) {
        let is_first = self.epochs.is_empty();
        self.epochs.push((epoch, self.records));
        // A `LeaderChangeMessage`: its version, the leader, and no voters by name.
        self.add(1, 2 + 4 + 3 * ONE);
        if is_first {
            for topic in cluster.topics() {
                self.add(1, FRAME + ONE + topic.name.len() as u64 + ID + ONE);
                self.add(u64::from(topic.partitions), of_partition(topic));
            }
        }
        self.idle_since = Some(now);
    }

    /// The controller is gone.
    pub(super) fn end(&mut self, now: SimTime) {
        (self.records, self.bytes) = self.at(now);
        self.idle_since = None;
    }

    /// It has written a record.
    pub(super) fn wrote(&mut self, record: MetadataRecord) {
        self.add(1, record.bytes());
    }

    const fn add(&mut self, count: u64, bytes: u64) {
        self.records += count;
        self.bytes += count * bytes;
    }

    /// How many records are in it, and their size.
    pub fn at(&self, now: SimTime) -> (u64, u64) {
        let idle = self.idle_since.map_or(0, |since| now.saturating_since(since).nanos());
        let count = idle / NO_OP_EVERY.nanos();
        (self.records + count, self.bytes + count * (FRAME + ONE))
    }

    /// Each epoch with the offset at which it begins.
    pub fn epochs(&self) -> &[(u32, u64)] {
        &self.epochs
    }
}

/// Bytes of a `PartitionRecord`: the partition and its topic, replicas and those in
/// sync, nobody who comes or goes, leader and epochs, and a directory for each replica.
fn of_partition(topic: &Topic) -> u64 {
    let replicas = u64::from(topic.replicas);
    FRAME + 4 + ID + 2 * (ONE + 4 * replicas) + 2 * ONE + 3 * 4 + (ONE + ID * replicas) + ONE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kafka::BrokerSettings;

    fn at(millis: u64) -> SimTime {
        SimTime::ZERO + SimSpan::from_millis(millis)
    }

    #[test]
    fn every_epoch_begins_where_the_log_ended() {
        let cluster = Cluster::new(3, alloc::vec![Topic::new("orders", 2, 3)], BrokerSettings::default());
        let mut log = MetadataLog::default();
        log.begin(1, &cluster, at(0));
        // Who leads, a topic and its partitions; and a record of nothing twice a second.
        assert_eq!(log.at(at(999)).0, 1 + 3 + 1);
        log.wrote(MetadataRecord::PartitionChange { in_sync: 2 });
        log.end(at(1_000));
        assert_eq!(log.at(at(9_000)).0, 1 + 3 + 1 + 2, "nobody writes while it is away");
        log.begin(2, &cluster, at(9_000));
        assert_eq!(log.epochs(), [(1, 0), (2, 7)]);
        assert_eq!(log.at(at(9_600)).0, 7 + 1 + 1);
        let (_, before) = log.at(at(9_600));
        log.wrote(MetadataRecord::PartitionChange { in_sync: 3 });
        // 3 + 4 + 16 + 1, three brokers of four bytes behind three of tag, size and
        // length, and the leader behind two.
        assert_eq!(log.at(at(9_600)).1 - before, 24 + 15 + 6);
    }
}
