//! What is said of a cluster of Kafka: its partitions, its groups and the
//! nodes that it consists of.

use super::{Row, Rows, status_word};
use crate::state::diagram::{Diagram, ItemKind};
use crate::state::format;
use crate::state::lab::Lane;
use crate::state::local;
use crate::state::texts::{Key, Language};
use mqlab_brokers::kafka::{GroupState, Phase};
use mqlab_engine::plan::Member;
use mqlab_engine::{BrokerView, ClusterView, MetricKind, NodeView, Partition, Replica, Share, Status, World};
use mqlab_model::{NodeId, PlaceId};

/// What stands in place of a number that nobody knows.
const UNKNOWN: &str = "\u{2013}";

/// What the members of a cluster are called on its frame: the number at the end
/// of the name, as in `kafka-2`, and a letter for the controller.
pub fn short_name(world: &World, member: NodeId) -> String {
    match world.node(member) {
        NodeView::Member {
            is: Member::Broker(_), ..
        } => {
            let name = &world.places().get(PlaceId(member.0)).name;
            name.rsplit('-').next().unwrap_or(name).to_owned()
        }
        _ => "C".to_owned(),
    }
}

/// What a partition is called where its name has no room: less and less of its topic, and
/// at last its number alone, which tells it from those beside it.
pub fn shorter(name: &str) -> impl Iterator<Item = String> + '_ {
    let (topic, number) = name.rsplit_once('-').unwrap_or(("", name));
    let letters = topic.char_indices().map(|(at, _)| at).rev();
    let cut = letters
        .filter(|at| *at > 0)
        .map(move |at| format!("{}\u{2026}{number}", &topic[..at]));
    std::iter::once(name.to_owned())
        .chain(cut)
        .chain(std::iter::once(number.to_owned()))
}

/// What kind of node it is, as a word.
pub const fn member_word(is: Member) -> Key {
    match is {
        Member::Broker(_) => Key::KafkaBroker,
        Member::Controller => Key::KafkaController,
    }
}

/// How a group stands, as a word.
pub const fn group_word(state: GroupState) -> Key {
    match state {
        GroupState::Empty => Key::KafkaEmpty,
        GroupState::PreparingRebalance => Key::KafkaPreparing,
        GroupState::CompletingRebalance => Key::KafkaCompleting,
        GroupState::Stable => Key::KafkaStable,
    }
}

/// How far a member has come with joining its group, as a word.
pub const fn phase_word(phase: Phase) -> Key {
    match phase {
        Phase::Out => Key::KafkaPhaseOut,
        Phase::Joining => Key::KafkaPhaseJoining,
        Phase::Syncing => Key::KafkaPhaseSyncing,
        Phase::Resuming => Key::KafkaPhaseResuming,
        Phase::Stable => Key::KafkaStable,
    }
}

/// What a replica is, as a word: the leader, a follower in sync, or another.
pub fn replica_word(partition: &Partition, replica: &Replica) -> Key {
    if partition.leader == Some(replica.node) {
        Key::KafkaIsLeader
    } else if replica.in_sync {
        Key::KafkaFollows
    } else {
        Key::KafkaLags
    }
}

/// An offset, or that it is not known.
pub fn offset(known: Option<u64>) -> String {
    known.map_or_else(|| UNKNOWN.to_owned(), format::count)
}

/// The one number that stands on a partition: who leads it.
pub(super) fn headline(world: &World, place: PlaceId, language: Language) -> String {
    match world.leader_at(place) {
        Some(leader) => language.with(Key::KafkaLedShort, &short_name(world, leader)),
        None => language.text(Key::KafkaNoLeader).to_owned(),
    }
}

/// The replicas of a partition that are in sync, by their short names.
pub fn in_sync(world: &World, partition: &Partition) -> String {
    let replicas = partition.replicas.iter().filter(|replica| replica.in_sync);
    let names: Vec<String> = replicas.map(|replica| short_name(world, replica.node)).collect();
    names.join(", ")
}

/// How far each group is in a partition, in the order of the groups, by name.
pub fn shares(world: &World, partition: PlaceId) -> Vec<(String, Share)> {
    let owners = world.places().parts_of(partition);
    let shares = owners.filter_map(|owner| {
        let name = &world.places().get(owner).name;
        let group = name.rsplit_once('/').map_or(name.as_str(), |(group, _)| group);
        Some((group.to_owned(), world.share(owner)?))
    });
    shares.collect()
}

/// What is said beside a partition. The flag says that something is wrong: it
/// has no leader, or a replica is not in sync.
pub fn notes(world: &World, place: PlaceId, language: Language) -> (Vec<String>, bool) {
    let Some(partition) = world.partition_at(place) else {
        return (Vec::new(), false);
    };
    let is_wrong = partition.leader.is_none() || partition.is_under_replicated();
    let isr = language.with(Key::KafkaInSyncShort, &in_sync(world, &partition));
    let behind = shares(world, place).into_iter().filter_map(|(group, share)| {
        let lag = share.lag().filter(|lag| *lag > 0)?;
        Some(format!(
            "{group} {}",
            language.with(Key::KafkaLagShort, &format::count(lag))
        ))
    });
    (std::iter::once(isr).chain(behind).collect(), is_wrong)
}

/// What stands on the frame of a cluster: which of its groups rebalance.
pub fn rebalances(world: &World, cluster: NodeId, language: Language) -> Option<String> {
    let groups = world.cluster(cluster)?.groups;
    let rebalance = |state| matches!(state, GroupState::PreparingRebalance | GroupState::CompletingRebalance);
    let names: Vec<&str> = groups
        .iter()
        .filter(|group| rebalance(group.state))
        .map(|group| world.places().get(group.place).name.as_str())
        .collect();
    (!names.is_empty()).then(|| language.with(Key::KafkaRebalances, &names.join(", ")))
}

/// The most records that a log on the stage has had: all of its logs are drawn
/// to this scale.
pub fn log_scale(world: &World, diagram: &Diagram) -> f64 {
    let partitions = diagram.items.iter().filter(|item| item.kind == ItemKind::Partition);
    let ends = partitions.filter_map(|item| world.partition_at(item.place));
    let most = ends.map(|partition| {
        let replicas = partition.replicas.iter().map(|replica| replica.log_end);
        replicas.max().unwrap_or(0).max(partition.log_end)
    });
    crate::state::chart::nice_ceiling(most.max().unwrap_or(0).max(10) as f64)
}

/// Whether a consumer reads what comes this way; ways of other brokers and from
/// anything else are always in use.
pub fn is_read(lane: &Lane, way: usize) -> bool {
    let world = lane.world();
    let way = &lane.diagram.ways[way];
    let owner = world.places().get(way.passed.place).of;
    let share = owner.and_then(|owner| world.share(owner));
    share.is_none_or(|share| share.consumer == Some(lane.diagram.items[way.to].node))
}

/// The numbers of a node of a cluster.
pub fn of_member(world: &World, member: NodeId, language: Language) -> Vec<Row> {
    let mut table = Rows {
        world,
        place: PlaceId(member.0),
        language,
        rows: Vec::new(),
    };
    table.push(Key::State, status_word(world.status(member), language));
    let NodeView::Member {
        is,
        leads,
        replicas,
        waiting,
    } = world.node(member)
    else {
        return table.rows;
    };
    let is_down = matches!(world.status(member), Status::Down { .. });
    if world.rabbit_cluster(member).is_some() {
        if !is_down {
            table.rows.extend(super::rabbit_cluster::hosts(leads, replicas));
        }
        table.disk(member);
        return table.rows;
    }
    // What a dead one knows is nothing.
    if matches!(is, Member::Broker(_)) && !is_down {
        table.push(Key::KafkaLeads, format::count(leads));
        table.push(Key::KafkaHosts, format::count(replicas));
        table.push(Key::KafkaWaiting, format::count(waiting));
    }
    table.disk(member);
    if let Some(served) = world.served(member).filter(|served| served.transfers > 0) {
        table.push(Key::KafkaTransfers, format::count(served.transfers));
        table.push(Key::KafkaCopies, format::count(served.copies));
        table.push(Key::KafkaSwitches, format::count(served.switches));
    }
    if let Some(disk) = world.disk(member).filter(|disk| disk.work.seeks > 0) {
        table.push(Key::KafkaSeeks, format::count(disk.work.seeks));
        table.push(Key::KafkaDiskReads, format::count(disk.work.reads));
    }
    table.rows
}

impl Rows<'_> {
    pub(super) fn partition(&mut self, lane: &Lane, item: usize) {
        let Some(partition) = self.world.partition_at(self.place) else {
            return;
        };
        let leader = partition
            .leader
            .map(|leader| &self.world.places().get(PlaceId(leader.0)).name);
        let leader = leader.map_or(self.language.text(Key::KafkaNoLeader), String::as_str);
        self.push(Key::KafkaLeader, leader.to_owned());
        self.push(Key::KafkaEpoch, partition.leader_epoch.to_string());
        self.push(Key::KafkaInSync, in_sync(self.world, &partition));
        self.push(Key::KafkaLogStart, format::count(partition.log_start));
        self.push(Key::KafkaHighWatermark, format::count(partition.high_watermark));
        self.push(Key::KafkaLogEnd, format::count(partition.log_end));
        if partition.last_stable != partition.high_watermark {
            self.push(Key::KafkaLastStable, format::count(partition.last_stable));
        }
        self.push(Key::PublishRate, local::rate(super::inflow(lane, item), self.language));
        self.push(Key::DeliverRate, local::rate(super::outflow(lane, item), self.language));
        self.notable(Key::Oldest, MetricKind::Age);
    }

    /// What there is to say of a whole cluster; nothing of any other broker.
    pub(super) fn cluster(&mut self) {
        let NodeView::Broker(BrokerView::Kafka(cluster)) = self.world.node(NodeId(self.place.0)) else {
            return;
        };
        let ClusterView {
            partitions,
            live,
            controller_epoch,
            ..
        } = cluster;
        let count = |found: &dyn Fn(&Partition) -> bool| {
            let found = partitions.iter().filter(|partition| found(partition));
            format::count(found.count() as u64)
        };
        self.push(Key::KafkaLive, format::count(live.len() as u64));
        self.push(Key::KafkaControllerEpoch, controller_epoch.to_string());
        self.push(Key::KafkaPartitions, count(&|_| true));
        self.push(Key::KafkaUnderReplicated, count(&Partition::is_under_replicated));
        self.push(Key::KafkaLeaderless, count(&|partition| partition.leader.is_none()));
    }
}

#[cfg(test)]
mod tests;
