//! What can be seen of a cluster of Kafka: its partitions with their replicas,
//! and its groups. Read off the living brokers, whoever is down.

use super::super::Condition;
use super::broker::Level;
use super::{DeletedUnread, World};
use crate::client::RecordSubscriber;
use crate::node::AnyNode;
use crate::places::PlaceKind;
use crate::plan::Member;
use alloc::vec::Vec;
use mqlab_brokers::kafka::{
    self, Broker, BrokerId, Cluster, Controller, GroupId, GroupState, Marks, PartitionId, PartitionLog, Phase, Reader,
    Role,
};
use mqlab_model::{NodeId, PlaceId};

/// A replica of a partition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Replica {
    /// Its broker.
    pub node: NodeId,
    /// Whether it is in sync, as the controller knows it.
    pub in_sync: bool,
    /// Where its log starts.
    pub log_start: u64,
    /// Up to where it knows that its log is committed.
    pub high_watermark: u64,
    /// The offset of the record that is appended next.
    pub log_end: u64,
}

/// A partition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Partition {
    /// What facts of it are about.
    pub place: PlaceId,
    /// The topic that it belongs to.
    pub topic: PlaceId,
    /// Its number in it.
    pub number: u32,
    /// Who leads, as the controller knows it.
    pub leader: Option<NodeId>,
    /// In which epoch.
    pub leader_epoch: u16,
    /// Its replicas, the preferred leader first.
    pub replicas: Vec<Replica>,
    /// Of the leader, or of whoever has most: where the log starts.
    pub log_start: u64,
    /// Up to where it is committed.
    pub high_watermark: u64,
    /// Where it ends.
    pub log_end: u64,
    /// Up to where a consumer that reads committed transactions may read.
    pub last_stable: u64,
    /// Its leader wants other replicas to be in sync, and the controller has not
    /// confirmed it.
    pub is_changing: bool,
}

impl Partition {
    /// Whether replicas are missing among those in sync.
    pub fn is_under_replicated(&self) -> bool {
        self.replicas.iter().any(|replica| !replica.in_sync)
    }
}

/// How far a group is in a partition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Share {
    /// What the group owes there.
    pub place: PlaceId,
    /// The partition.
    pub partition: PlaceId,
    /// What it has committed, if anything.
    pub committed: Option<u64>,
    /// What its consumer reads next, if it has one that knows.
    pub position: Option<u64>,
    /// Where the committed log ends.
    pub high_watermark: u64,
    /// The service whose consumer it is assigned to.
    pub consumer: Option<NodeId>,
}

impl Share {
    /// How many records of the committed log the group has not committed; without
    /// any commit it is not known.
    pub fn lag(&self) -> Option<u64> {
        self.committed
            .map(|committed| self.high_watermark.saturating_sub(committed))
    }
}

/// A service that is meant for a group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupMember {
    /// Which one.
    pub service: NodeId,
    /// The generation that it has heard of; -1 outside of any.
    pub generation: i32,
    /// How far it has come with joining.
    pub phase: Phase,
    /// The partitions that it has.
    pub partitions: Vec<PlaceId>,
}

/// A group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// Its name is that of this place.
    pub place: PlaceId,
    /// What its coordinator says; empty if there is none now.
    pub state: GroupState,
    /// Its generation, as far as its coordinator knows.
    pub generation: i32,
    /// Who coordinates it, if anybody does.
    pub coordinator: Option<NodeId>,
    /// The services that are meant for it.
    pub members: Vec<GroupMember>,
    /// How far it is in each partition that it reads.
    pub shares: Vec<Share>,
}

/// A cluster.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClusterView {
    /// The partitions of its topics, in order.
    pub partitions: Vec<Partition>,
    /// Its groups, in order.
    pub groups: Vec<Group>,
    /// The brokers that the controller counts as alive.
    pub live: Vec<NodeId>,
    /// The controller's epoch.
    pub controller_epoch: u32,
    /// How many producer ids it has given.
    pub producers: u32,
}

impl World {
    /// Whether something is set of how a broker of Kafka brings what is fetched to
    /// the network.
    pub fn counts_copies(&self, node: NodeId) -> bool {
        let broker = self.kafka_node(node);
        broker.is_some_and(|broker| broker.serving() != kafka::Serving::default())
    }

    /// What a broker of Kafka has served; `None` of any other node.
    pub fn served(&self, node: NodeId) -> Option<kafka::Served> {
        self.kafka_node(node).map(Broker::served)
    }

    /// What logs deleted before it was read, of all partitions. Of one that groups read
    /// each of them counts.
    pub fn deleted_unread(&self) -> DeletedUnread {
        match self.core.frame.clusters.iter().any(Option::is_some) {
            true => self.deleted_by_logs(),
            false => DeletedUnread::default(),
        }
    }

    /// A cluster as it stands now; `None` if the node is none.
    pub fn cluster(&self, node: NodeId) -> Option<ClusterView> {
        let cluster = self.kafka_cluster(node)?;
        let controller = self.controller(node)?;
        let live = controller
            .live()
            .iter()
            .filter_map(|broker| self.broker_node(node, broker));
        Some(ClusterView {
            partitions: self.partitions(node).collect(),
            groups: self.groups(node, cluster),
            live: live.collect(),
            controller_epoch: controller.epoch(),
            producers: controller.producers(),
        })
    }

    /// The partitions of a cluster's topics; none of another node.
    pub(in crate::world) fn partitions(&self, node: NodeId) -> impl Iterator<Item = Partition> {
        let all = self.kafka_cluster(node).into_iter().flat_map(Cluster::partitions);
        all.filter_map(move |one| self.partition(node, one))
    }

    /// A partition as it stands now; `None` if the place is none.
    pub fn partition_at(&self, place: PlaceId) -> Option<Partition> {
        let (cluster, id) = self.partition_id(place)?;
        self.partition(cluster, id)
    }

    /// Which partition a place is, and of which cluster.
    pub(super) fn partition_id(&self, place: PlaceId) -> Option<(NodeId, PartitionId)> {
        let known = self.places().get(place);
        let is_one = known.kind == PlaceKind::Partition;
        let cluster = self.kafka_cluster(known.node);
        Some((known.node, cluster.filter(|_| is_one)?.at(place)?))
    }

    /// Who leads the partition at a place, as far as the controller knows; `None` if the
    /// place is no partition, or nobody does.
    pub fn leader_at(&self, place: PlaceId) -> Option<NodeId> {
        let known = self.places().get(place);
        if known.kind != PlaceKind::Partition {
            return None;
        }
        let cluster = self.kafka_cluster(known.node)?;
        let leader = self.controller(known.node)?.leadership(cluster.at(place)?).leader()?;
        self.broker_node(known.node, leader)
    }

    /// The nodes of a cluster; of any other node itself.
    pub fn members(&self, cluster: NodeId) -> &[NodeId] {
        &self.core.frame.members[usize::from(cluster.0)]
    }

    fn controller(&self, cluster: NodeId) -> Option<&Controller> {
        let last = self.members(cluster).last()?;
        match &self.nodes[usize::from(last.0)] {
            AnyNode::Controller(controller) => Some(controller),
            _ => None,
        }
    }

    fn broker_node(&self, cluster: NodeId, broker: BrokerId) -> Option<NodeId> {
        self.members(cluster).get(broker.0 as usize).copied()
    }

    pub(super) fn kafka(&self, cluster: NodeId, broker: BrokerId) -> Option<&Broker> {
        self.kafka_node(self.broker_node(cluster, broker)?)
    }

    /// A node that is a broker of Kafka.
    pub(super) fn kafka_node(&self, node: NodeId) -> Option<&Broker> {
        match self.nodes.get(usize::from(node.0))? {
            AnyNode::Kafka(broker) => Some(broker),
            _ => None,
        }
    }

    fn partition(&self, node: NodeId, id: PartitionId) -> Option<Partition> {
        let cluster = self.kafka_cluster(node)?;
        let known = self.controller(node)?.leadership(id);
        let place = cluster.place(id)?;
        let replica = |broker: BrokerId| {
            let marks = self.kafka(node, broker)?.marks(id)?;
            Some(Replica {
                node: self.broker_node(node, broker)?,
                in_sync: known.in_sync.has(broker),
                log_start: marks.start(),
                high_watermark: marks.high_watermark(),
                log_end: marks.end(),
            })
        };
        let best = self.best_replica(node, id)?;
        let shown = self.kafka(node, best)?.partition(id)?;
        Some(Partition {
            place,
            topic: self.places().get(place).of?,
            number: cluster.place_in_topic(id).1,
            leader: known.leader().and_then(|leader| self.broker_node(node, leader)),
            leader_epoch: known.leader_epoch,
            replicas: cluster.replicas(id).into_iter().filter_map(replica).collect(),
            log_start: shown.marks.start(),
            high_watermark: shown.marks.high_watermark(),
            log_end: shown.marks.end(),
            last_stable: shown.last_stable,
            is_changing: shown.is_proposing,
        })
    }

    /// The log of whoever leads a partition, if its broker is up.
    pub(in crate::world) fn leader_log(&self, node: NodeId, id: PartitionId) -> Option<&PartitionLog> {
        let leader = self.controller(node)?.leadership(id).leader()?;
        let is_up = self.condition(self.broker_node(node, leader)?) == Condition::Up;
        let view = self.kafka(node, leader).filter(|_| is_up)?.partition(id)?;
        (view.role == Role::Leader).then_some(view.log)
    }

    /// The log of a partition at a broker that is down.
    pub(in crate::world) fn log_of_dead(
        &self,
        node: NodeId,
        broker: BrokerId,
        id: PartitionId,
    ) -> Option<&PartitionLog> {
        let is_down = self.condition(self.broker_node(node, broker)?) == Condition::Down;
        Some(self.kafka(node, broker).filter(|_| is_down)?.partition(id)?.log)
    }

    /// The leader of a partition, or else the replica in sync that has most.
    pub(super) fn best_replica(&self, node: NodeId, id: PartitionId) -> Option<BrokerId> {
        let cluster = self.kafka_cluster(node)?;
        let known = self.controller(node)?.leadership(id);
        let end = |broker: &BrokerId| {
            let view = self.kafka(node, *broker).and_then(|one| one.partition(id));
            (known.in_sync.has(*broker), view.map_or(0, |view| view.marks.end()))
        };
        let most = || cluster.replicas(id).into_iter().max_by_key(end);
        known.leader().or_else(most)
    }

    /// The marks of that replica.
    fn best_marks(&self, node: NodeId, id: PartitionId) -> Option<Marks> {
        self.kafka(node, self.best_replica(node, id)?)?.marks(id)
    }

    /// The cluster of Kafka that a node stands for, if it does.
    pub(in crate::world) fn kafka_cluster(&self, node: NodeId) -> Option<&Cluster> {
        self.core.frame.clusters.get(usize::from(node.0))?.as_deref()
    }

    /// The epoch of a cluster's controller, 0 of any other node.
    pub(in crate::world) fn controller_epoch(&self, node: NodeId) -> u64 {
        let controller = self.controller(node);
        controller.map_or(0, |controller| u64::from(controller.epoch()))
    }

    /// The generations of a cluster's groups, added up.
    pub(in crate::world) fn generations(&self, node: NodeId) -> u64 {
        let Some(cluster) = self.kafka_cluster(node) else {
            return 0;
        };
        let generation = |(id, _): (GroupId, PlaceId)| {
            let (_, known) = self.coordinated(node, cluster, id)?;
            Some(u64::from(known?.generation().max(0).unsigned_abs()))
        };
        self.groups_of(node).filter_map(generation).sum()
    }

    /// The groups of a cluster, with their places.
    fn groups_of(&self, node: NodeId) -> impl Iterator<Item = (GroupId, PlaceId)> {
        let places = self.places().iter();
        let groups = places.filter(move |(_, place)| place.node == node && place.kind == PlaceKind::Group);
        (0..).map(GroupId).zip(groups.map(|(place, _)| place))
    }

    /// Who coordinates a group, and what is known of the group there.
    fn coordinated(
        &self,
        node: NodeId,
        cluster: &Cluster,
        id: GroupId,
    ) -> Option<(Option<BrokerId>, Option<&kafka::Group>)> {
        let coordinator = self.controller(node)?.leadership(cluster.coordinating(id.0)).leader();
        let known = coordinator.and_then(|broker| self.kafka(node, broker)?.group(id));
        Some((coordinator, known))
    }

    fn groups(&self, node: NodeId, cluster: &Cluster) -> Vec<Group> {
        let places = self.places();
        let group = |(id, place): (GroupId, PlaceId)| {
            let (coordinator, known) = self.coordinated(node, cluster, id)?;
            let members = self.consumers_in(node, id);
            Some(Group {
                place,
                state: known.map_or(GroupState::Empty, |group| group.state()),
                generation: known.map_or(0, |group| group.generation()),
                coordinator: coordinator.and_then(|broker| self.broker_node(node, broker)),
                members: members.map(|(service, one)| member(cluster, service, one)).collect(),
                shares: places.of_group(place).filter_map(|owner| self.share(owner)).collect(),
            })
        };
        self.groups_of(node).filter_map(group).collect()
    }

    /// The services of this cluster whose consumers are meant for a group.
    fn consumers_in(&self, cluster: NodeId, group: GroupId) -> impl Iterator<Item = (NodeId, &RecordSubscriber)> {
        let services = (0..).map(NodeId).zip(&self.nodes);
        services.filter_map(move |(id, node)| {
            let AnyNode::Service(service) = node else { return None };
            let consumer = service.polled().filter(|consumer| consumer.group() == group)?;
            let frame = &self.core.frame;
            let first = frame.first_link[usize::from(id.0)] as usize;
            let end = frame.first_link[usize::from(id.0) + 1] as usize;
            let members = self.members(cluster);
            let is_connected = self.core.links[first..end]
                .iter()
                .any(|link| members.contains(&link.to));
            is_connected.then_some((id, consumer))
        })
    }

    /// How far a group is in a partition; `None` if the place is not what a group
    /// owes there.
    pub fn share(&self, place: PlaceId) -> Option<Share> {
        let known = self.places().get(place);
        let partition = known.of.filter(|_| known.kind == PlaceKind::GroupPartition)?;
        let node = known.node;
        let cluster = self.kafka_cluster(node)?;
        let id = cluster.at(partition)?;
        let (group, _) = *cluster
            .topic(id)
            .owners
            .iter()
            .find(|(group, _)| cluster.owner(id, *group) == Some(place))?;
        let (_, told) = self.coordinated(node, cluster, group)?;
        let committed = told.and_then(|group| group.committed().of(cluster.to_named(id)));
        let marks = self.best_marks(node, id)?;
        let mut assigned = self.consumers_in(node, group).filter(|(_, one)| one.consumer().has(id));
        let assigned = assigned.next();
        let position = assigned.and_then(|(_, one)| one.position(id));
        Some(Share {
            place,
            partition,
            committed,
            position,
            high_watermark: marks.high_watermark(),
            consumer: assigned.map(|(service, _)| service),
        })
    }

    /// How many records lie at a partition up to its high watermark: what of
    /// [`World::level`] is sampled of partitions. `None` if the place is none.
    pub(in crate::world) fn committed_in_log(&self, place: PlaceId) -> Option<u64> {
        let (node, id) = self.partition_id(place)?;
        let marks = self.best_marks(node, id)?;
        Some(marks.high_watermark().saturating_sub(marks.start()))
    }

    /// What lies at a partition, or for a group at one.
    pub(super) fn level_in_log(&self, place: PlaceId) -> Option<Level> {
        let known = self.places().get(place);
        let (node, kind) = (known.node, known.kind);
        let cluster = self.kafka_cluster(node)?;
        let partition = if kind == PlaceKind::Partition { place } else { known.of? };
        let id = cluster.at(partition)?;
        let best = self.best_replica(node, id)?;
        let log = self.kafka(node, best)?.partition(id)?;
        let (start, end) = (log.marks.start(), log.marks.high_watermark());
        let (position, committed, consumers) = match kind {
            PlaceKind::Partition => (start, start, 0),
            _ => {
                let share = self.share(place)?;
                let committed = share.committed.unwrap_or(start);
                let position = share.position.unwrap_or(committed).max(committed);
                (position, committed, u64::from(share.consumer.is_some()))
            }
        };
        let (position, committed) = (
            position.clamp(start, end.max(start)),
            committed.clamp(start, end.max(start)),
        );
        let first = log.log.read(position, Reader::Uncommitted).ok();
        let oldest = first.and_then(|mut read| read.find(|(_, record)| !record.is_marker()));
        Some(Level {
            place,
            ready: end.saturating_sub(position),
            unacked: position.saturating_sub(committed),
            consumers,
            oldest: oldest.map(|(_, record)| record.message),
        })
    }

    /// How many partitions of Kafka a service was given that it did not have before.
    pub(in crate::world) fn partitions_gained(&self, service: NodeId) -> u64 {
        let subscriber = match &self.nodes[usize::from(service.0)] {
            AnyNode::Service(service) => service.polled(),
            _ => None,
        };
        subscriber.map_or(0, |subscriber| u64::from(subscriber.consumer().gained()))
    }

    /// What a member of a cluster is in it; `None` of any other node.
    pub fn member_is(&self, node: NodeId) -> Option<Member> {
        match &self.nodes[usize::from(node.0)] {
            AnyNode::Kafka(broker) => Some(Member::Broker(broker.id().0)),
            AnyNode::RabbitMember(member) => Some(Member::Broker(u32::from(member.id().0))),
            AnyNode::Controller(_) => Some(Member::Controller),
            _ => None,
        }
    }
}

fn member(cluster: &Cluster, service: NodeId, subscriber: &RecordSubscriber) -> GroupMember {
    let consumer = subscriber.consumer();
    let own = cluster.partitions().filter(|one| consumer.has(*one));
    GroupMember {
        service,
        generation: consumer.generation(),
        phase: consumer.phase(),
        partitions: own.filter_map(|one| cluster.place(one)).collect(),
    }
}
