//! What a broker of Kafka has on its disk, and how replicas are spread over
//! brokers.

use super::World;
use crate::metric::{MetricKind, Value};
use crate::node::AnyNode;
use crate::plan::{Setting, SettingKind};
use crate::world::Condition;
use crate::world::context::Cx;
use alloc::rc::Rc;
use alloc::vec::Vec;
use mqlab_brokers::kafka::{Broker, Cluster, Folder, LogDir, LogSettings, PartitionLog, Reader, Record};
use mqlab_brokers::parts::Segment;
use mqlab_kernel::SimTime;
use mqlab_model::{NodeId, PlaceId};

/// A segment of a partition's log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SegmentView {
    /// The offset of its first record when it was written, after which its file
    /// is called.
    pub base: u64,
    /// The offset after its last one, be it there or not.
    pub end: u64,
    /// How many records it holds.
    pub records: u64,
    /// Their size.
    pub bytes: u64,
    /// The time of the youngest; of an empty segment when it was begun.
    pub newest: SimTime,
    /// It is written to.
    pub is_active: bool,
    /// The next look at old segments deletes it.
    pub is_due: bool,
}

/// What stands at an offset.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Slot {
    /// A record.
    Record,
    /// A record without a value: its key is gone.
    Tombstone,
    /// The end of a transaction.
    Marker,
    /// Nothing: compaction took it.
    Gap,
}

/// The log of a partition.
#[derive(Clone, PartialEq, Debug)]
pub struct LogView {
    /// Its segments, oldest first.
    pub segments: Vec<SegmentView>,
    /// What it follows.
    pub settings: LogSettings,
    /// Where the part begins that was not compacted yet.
    pub first_dirty: u64,
    /// What stands at each offset from the start on, of a log that is short
    /// enough to be shown so.
    pub slots: Vec<Slot>,
}

/// Records that logs deleted before somebody had read them who has to, by what may
/// have deleted them.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct DeletedUnread {
    /// `cleanup.policy` is `delete`.
    pub by_retention: u64,
    /// It is `compact`: a younger record of the same key stays.
    pub by_compaction: u64,
    /// It is both.
    pub by_either: u64,
}

/// Longest log of which every offset is looked at.
const SLOTS_MAX: u64 = 400;

impl World {
    /// The log of a partition in its segments: of its leader, or of whoever has
    /// most.
    pub fn log_view(&self, place: PlaceId) -> Option<LogView> {
        let log = self.log_at(place)?;
        Some(LogView {
            segments: self.segments_of(log),
            settings: *log.settings(),
            first_dirty: log.first_dirty(),
            slots: slots(log),
        })
    }

    /// What logs deleted before it was read, where there are any.
    #[inline(never)]
    pub(super) fn deleted_by_logs(&self) -> DeletedUnread {
        let mut all = DeletedUnread::default();
        for cluster in self.core.frame.clusters.iter().flatten() {
            for id in cluster.partitions() {
                let owners = cluster.owners(id).filter(|_| cluster.place(id).is_some());
                let unread = owners
                    .map(|owner| self.core.recorder.oracle.inlet(owner).unread)
                    .sum::<u64>();
                let log = cluster
                    .place(id)
                    .filter(|_| unread > 0)
                    .and_then(|place| self.log_at(place));
                let Some(settings) = log.map(PartitionLog::settings) else {
                    continue;
                };
                match (settings.retention.deletes, settings.compaction.compacts) {
                    (true, true) => all.by_either += unread,
                    (false, true) => all.by_compaction += unread,
                    (_, false) => all.by_retention += unread,
                }
            }
        }
        all
    }

    /// The directory of a broker's logs; `None` of any other node. A dead one has
    /// it still.
    pub fn log_dir(&self, broker: NodeId) -> Option<LogDir> {
        let mut dir = self.kafka_node(broker).map(Broker::log_dir)?;
        dir.folders.extend(self.metadata_folder(broker));
        Some(dir)
    }

    /// The controller's log, which every node of its cluster has.
    fn metadata_folder(&self, broker: NodeId) -> Option<Folder> {
        let mut clusters = self.core.frame.members.iter();
        let members = clusters.find(|members| members.len() > 1 && members.contains(&broker))?;
        members
            .iter()
            .find_map(|member| match &self.nodes[usize::from(member.0)] {
                AnyNode::Controller(controller) => Some(controller.metadata_folder(self.now())),
                _ => None,
            })
    }

    /// The segments of a partition's log alone, oldest first; empty of what is no
    /// partition.
    pub fn segments_at(&self, place: PlaceId) -> Vec<SegmentView> {
        self.log_at(place).map_or_else(Vec::new, |log| self.segments_of(log))
    }

    fn segments_of(&self, log: &PartitionLog) -> Vec<SegmentView> {
        let due = log.deletable(self.now());
        let count = log.segments().count();
        let segment = |(index, one): (usize, &Segment<Record>)| SegmentView {
            base: one.base(),
            end: one.end(),
            records: one.len() as u64,
            bytes: one.bytes(),
            newest: one.newest().unwrap_or_else(|| one.begun()),
            is_active: index + 1 == count,
            is_due: index < due,
        };
        log.segments().enumerate().map(segment).collect()
    }

    /// A setting of a cluster of Kafka changes at its controller and at all brokers,
    /// also at those that are down: it stands in the cluster's metadata. The new value
    /// as a number for the record; `None` if it is another setting.
    #[inline(never)]
    pub(in crate::world) fn set_cluster(&mut self, node: NodeId, setting: &Setting) -> Option<u64> {
        let mut cluster = (**self.present_cluster(node)?).clone();
        let value = match *setting {
            Setting::Topic { topic, rule } => rule.change(cluster.topic_mut(usize::from(topic))?),
            Setting::CleanerBackoff(backoff) => {
                cluster.settings.cleaner_backoff = backoff;
                backoff.nanos()
            }
            _ => return None,
        };
        let cluster = Rc::new(cluster);
        for member in self.core.frame.members[usize::from(node.0)].clone() {
            let index = usize::from(member.0);
            let is_up = self.conditions[index] == Condition::Up;
            let mut cx = Cx::new(&mut self.core, member);
            match &mut self.nodes[index] {
                AnyNode::Kafka(broker) => broker.reconfigure(&mut cx, cluster.clone(), is_up),
                AnyNode::Controller(controller) => controller.reconfigure(&mut cx, cluster.clone(), is_up),
                _ => {}
            }
        }
        Some(value)
    }

    /// A cluster as its brokers know it: with what was changed while it runs.
    fn present_cluster(&self, node: NodeId) -> Option<&Rc<Cluster>> {
        let members = &self.core.frame.members[usize::from(node.0)];
        members
            .iter()
            .find_map(|member| self.kafka_node(*member).map(Broker::cluster))
    }

    /// A setting of a cluster as it is now.
    #[inline(never)]
    pub(super) fn cluster_setting(&self, node: NodeId, kind: SettingKind) -> Option<Setting> {
        match kind {
            SettingKind::Topic(topic, rule) => {
                let found = self.present_cluster(node)?.topics().get(usize::from(topic))?;
                Some(Setting::Topic {
                    topic,
                    rule: rule.of(found),
                })
            }
            SettingKind::CleanerBackoff => {
                let settings = &self.present_cluster(node)?.settings;
                Some(Setting::CleanerBackoff(settings.cleaner_backoff))
            }
            _ => None,
        }
    }

    /// The log of a partition: of its leader, or of whoever has most.
    pub fn log_at(&self, place: PlaceId) -> Option<&PartitionLog> {
        let (cluster, id) = self.partition_id(place)?;
        let best = self.best_replica(cluster, id)?;
        Some(self.kafka(cluster, best)?.partition(id)?.log)
    }

    /// The brokers that have a directory for a partition.
    fn keepers(&self, place: PlaceId) -> Option<Vec<NodeId>> {
        let (cluster, id) = self.partition_id(place)?;
        let has = |node: &&NodeId| {
            self.kafka_node(**node)
                .is_some_and(|broker| broker.partition(id).is_some())
        };
        Some(self.members(cluster).iter().filter(has).copied().collect())
    }

    /// What is measured of a partition and its log.
    pub(in crate::world) fn of_partition(&self, place: PlaceId, kind: MetricKind) -> Value {
        let of_log = |pick: fn(&PartitionLog) -> u64| self.log_at(place).map(pick);
        let found = match kind {
            MetricKind::Segments => of_log(|log| log.segments().count() as u64),
            MetricKind::LogBytes => of_log(PartitionLog::bytes),
            MetricKind::LogStart => of_log(|log| log.marks().start()),
            _ => self.keepers(place).map(|keepers| keepers.len() as u64),
        };
        found.map_or(Value::Never, Value::Count)
    }

    /// How many brokers have a replica of any partition of a topic.
    pub(in crate::world) fn brokers_of(&self, topic: PlaceId) -> Value {
        let parts = self.places().parts_of(topic);
        let mut all: Vec<u16> = parts
            .filter_map(|part| self.keepers(part))
            .flatten()
            .map(|node| node.0)
            .collect();
        mqlab_kernel::sort_by_key(&mut all, |node| *node);
        all.dedup();
        Value::Count(all.len() as u64)
    }

    /// How many partitions a broker leads as the controller knows it, or has a
    /// replica of.
    pub(in crate::world) fn of_broker(&self, place: PlaceId, kind: MetricKind) -> Value {
        let known = self.places().get(place);
        let cluster = known.of.map(|cluster| NodeId(cluster.0));
        let Some(cluster) = cluster.filter(|node| self.kafka_cluster(*node).is_some()) else {
            return Value::Never;
        };
        let count = self.partitions(cluster).filter(|partition| match kind {
            MetricKind::Leads => partition.leader == Some(known.node),
            _ => partition.replicas.iter().any(|replica| replica.node == known.node),
        });
        Value::Count(count.count() as u64)
    }
}

fn slots(log: &PartitionLog) -> Vec<Slot> {
    let (start, end) = (log.marks().start(), log.marks().end());
    let mut slots = alloc::vec![Slot::Gap; (end - start) as usize * usize::from(end - start <= SLOTS_MAX)];
    let Ok(records) = log.read(start, Reader::Replica) else {
        return slots;
    };
    for (offset, record) in records.take(slots.len()) {
        slots[(offset - start) as usize] = match record {
            record if record.is_marker() => Slot::Marker,
            record if record.is_tombstone() => Slot::Tombstone,
            _ => Slot::Record,
        };
    }
    slots
}
