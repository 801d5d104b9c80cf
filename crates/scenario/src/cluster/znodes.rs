//! What ZooKeeper held of a cluster until Kafka 4.0 took it out: the same things
//! as the metadata of today, in the shape of its nodes.
//!
//! It is a view: nothing in the run reads it. What has no counterpart here is empty
//! (`/admin`, `/zookeeper`), and the controller, one of the brokers at that time,
//! is the cluster's own.

use super::brokers;
use mqlab_brokers::kafka::{GroupState, LogSettings};
use mqlab_engine::plan::Member;
use mqlab_engine::{ClusterView, Group, Partition, Status, World};
use mqlab_model::{NodeId, PlaceId};

/// How many producer ids a broker was given at a time.
const PRODUCER_BLOCK: u32 = 1_000;

/// A node of ZooKeeper.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Znode {
    /// Where it stands.
    pub path: String,
    /// What is in it, if there is anything.
    pub data: Option<String>,
    /// It goes with the session of whoever made it.
    pub is_ephemeral: bool,
}

impl Znode {
    /// How deep it stands: 0 is below the root.
    pub fn depth(&self) -> usize {
        self.path.matches('/').count() - 1
    }

    /// The last part of its path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// The nodes, each behind the one that it stands in; empty of what is no cluster of
/// Kafka.
pub fn znodes(world: &World, cluster: NodeId) -> Vec<Znode> {
    let Some(view) = world.cluster(cluster) else {
        return Vec::new();
    };
    let mut tree = Tree {
        world,
        cluster,
        view,
        nodes: Vec::new(),
    };
    tree.add("/cluster", None);
    let id = format!(r#"{{"version":"1","id":"{}"}}"#, tree.name(cluster));
    tree.add("/cluster/id", Some(id));
    tree.controller();
    tree.brokers();
    tree.add("/zookeeper", None);
    tree.add("/zookeeper/quota", None);
    tree.add("/admin", None);
    tree.add("/admin/delete_topics", None);
    tree.changes();
    tree.consumers();
    tree.producer_ids();
    tree.config();
    tree.nodes
}

struct Tree<'a> {
    world: &'a World,
    cluster: NodeId,
    view: ClusterView,
    nodes: Vec<Znode>,
}

impl Tree<'_> {
    fn add(&mut self, path: &str, data: Option<String>) {
        self.push(path.to_owned(), data, false);
    }

    fn push(&mut self, path: String, data: Option<String>, is_ephemeral: bool) {
        self.nodes.push(Znode {
            path,
            data,
            is_ephemeral,
        });
    }

    fn name(&self, node: NodeId) -> &str {
        &self.world.places().get(PlaceId(node.0)).name
    }

    fn place(&self, place: PlaceId) -> &str {
        &self.world.places().get(place).name
    }

    /// Brokers are numbered from 1, and their nodes follow the cluster.
    fn number(&self, broker: NodeId) -> u16 {
        broker.0 - self.cluster.0
    }

    fn numbers(&self, brokers: impl Iterator<Item = NodeId>) -> String {
        let numbers: Vec<String> = brokers.map(|broker| self.number(broker).to_string()).collect();
        format!("[{}]", numbers.join(","))
    }

    /// `/controller` is there while it lives, and its epoch for ever.
    fn controller(&mut self) {
        let world = self.world;
        let mut members = world.members(self.cluster).iter().copied();
        let controller = members.find(|node| world.member_is(*node) == Some(Member::Controller));
        let up = controller.filter(|node| !matches!(world.status(*node), Status::Down { .. }));
        if let Some(node) = up {
            let data = format!(r#"{{"version":1,"brokerid":"{}"}}"#, self.name(node));
            self.push("/controller".to_owned(), Some(data), true);
        }
        let epoch = self.view.controller_epoch.to_string();
        self.add("/controller_epoch", Some(epoch));
    }

    fn brokers(&mut self) {
        self.add("/brokers", None);
        self.add("/brokers/ids", None);
        let mut live = brokers(self.world, self.cluster);
        live.retain(|broker| self.view.live.contains(broker));
        for broker in live {
            let data = format!(r#"{{"host":"{}","port":9092,"version":5}}"#, self.name(broker));
            self.push(format!("/brokers/ids/{}", self.number(broker)), Some(data), true);
        }
        self.add("/brokers/seqid", None);
        self.add("/brokers/topics", None);
        let partitions = self.view.partitions.clone();
        for of_topic in partitions.chunk_by(|one, next| one.topic == next.topic) {
            self.topic(of_topic);
        }
    }

    fn topic(&mut self, partitions: &[Partition]) {
        let Some(first) = partitions.first() else { return };
        let path = format!("/brokers/topics/{}", self.place(first.topic));
        let assigned = partitions.iter().map(|one| {
            let replicas = self.numbers(one.replicas.iter().map(|replica| replica.node));
            format!(r#""{}":{replicas}"#, one.number)
        });
        let assigned: Vec<String> = assigned.collect();
        let data = format!(r#"{{"version":2,"partitions":{{{}}}}}"#, assigned.join(","));
        self.push(path.clone(), Some(data), false);
        self.push(format!("{path}/partitions"), None, false);
        for one in partitions {
            let in_sync = one.replicas.iter().filter(|replica| replica.in_sync);
            let isr = self.numbers(in_sync.map(|replica| replica.node));
            let leader = one.leader.map_or(-1, |leader| i32::from(self.number(leader)));
            let data = format!(
                r#"{{"leader":{leader},"leader_epoch":{},"isr":{isr},"version":1}}"#,
                one.leader_epoch
            );
            self.push(format!("{path}/partitions/{}", one.number), None, false);
            self.push(format!("{path}/partitions/{}/state", one.number), Some(data), false);
        }
    }

    /// What leaders want to change about who is in sync, and nobody has confirmed.
    fn changes(&mut self) {
        self.add("/isr_change_notification", None);
        let waiting = self.view.partitions.iter().filter(|partition| partition.is_changing);
        let found: Vec<String> = waiting
            .map(|one| format!(r#"{{"topic":"{}","partition":{}}}"#, self.place(one.topic), one.number))
            .collect();
        for (index, one) in found.into_iter().enumerate() {
            let data = format!(r#"{{"version":1,"partitions":[{one}]}}"#);
            self.push(
                format!("/isr_change_notification/isr_change_{index:010}"),
                Some(data),
                false,
            );
        }
    }

    /// Where consumers kept their offsets before brokers did (0.9).
    fn consumers(&mut self) {
        self.add("/consumers", None);
        for group in self.view.groups.clone() {
            let path = format!("/consumers/{}", self.place(group.place));
            self.push(path.clone(), None, false);
            self.members(&group, &path);
            self.push(format!("{path}/owners"), None, false);
            self.shares(&group, &format!("{path}/owners"), true);
            self.push(format!("{path}/offsets"), None, false);
            self.shares(&group, &format!("{path}/offsets"), false);
        }
    }

    fn members(&mut self, group: &Group, path: &str) {
        self.push(format!("{path}/ids"), None, false);
        let joined = group.members.iter().filter(|member| member.generation >= 0);
        if group.state == GroupState::Empty {
            return;
        }
        for member in joined {
            let name = self.name(member.service).to_owned();
            self.push(format!("{path}/ids/{name}"), None, true);
        }
    }

    /// Below each topic a node for each partition: who owns it, or what is
    /// committed.
    fn shares(&mut self, group: &Group, path: &str, is_owner: bool) {
        let mut above = None;
        for share in &group.shares {
            let Some(partition) = self.view.partitions.iter().find(|one| one.place == share.partition) else {
                continue;
            };
            let data = match is_owner {
                true => share.consumer.map(|service| self.name(service).to_owned()),
                false => share.committed.map(|offset| offset.to_string()),
            };
            let (topic, number) = (partition.topic, partition.number);
            let Some(data) = data else { continue };
            let of_topic = format!("{path}/{}", self.place(topic));
            if above != Some(topic) {
                self.push(of_topic.clone(), None, false);
                above = Some(topic);
            }
            self.push(format!("{of_topic}/{number}"), Some(data), is_owner);
        }
    }

    /// Producer ids were given to brokers in blocks.
    fn producer_ids(&mut self) {
        let last = self.view.producers.checked_sub(1);
        let block = last.map(|last| last / PRODUCER_BLOCK * PRODUCER_BLOCK);
        let data = block.map(|start| {
            let end = start + PRODUCER_BLOCK - 1;
            format!(r#"{{"version":1,"block_start":"{start}","block_end":"{end}"}}"#)
        });
        self.add("/latest_producer_id_block", data);
    }

    fn config(&mut self) {
        self.add("/config", None);
        for kind in ["brokers", "changes", "clients", "topics"] {
            self.push(format!("/config/{kind}"), None, false);
        }
        let partitions = self.view.partitions.clone();
        for of_topic in partitions.chunk_by(|one, next| one.topic == next.topic) {
            let Some(first) = of_topic.first() else { continue };
            let log = self.world.log_at(first.place);
            let set: Vec<String> = log.map_or_else(Vec::new, |log| changed(log.settings()));
            let data = format!(r#"{{"version":1,"config":{{{}}}}}"#, set.join(","));
            self.push(format!("/config/topics/{}", self.place(first.topic)), Some(data), false);
        }
        self.add("/config/users", None);
    }
}

/// The settings of a topic that are not Kafka's own.
fn changed(settings: &LogSettings) -> Vec<String> {
    let own = LogSettings::default();
    let millis = |span: mqlab_kernel::SimSpan| (span.nanos() / 1_000_000).to_string();
    let limit = |bytes: Option<u64>| bytes.map_or("-1".to_owned(), |bytes| bytes.to_string());
    let policy = match (settings.retention.deletes, settings.compaction.compacts) {
        (true, true) => "compact,delete",
        (false, true) => "compact",
        _ => "delete",
    };
    let time = |time: Option<mqlab_kernel::SimSpan>| time.map_or("-1".to_owned(), millis);
    let all = [
        ("cleanup.policy", policy.to_owned(), "delete".to_owned()),
        (
            "retention.bytes",
            limit(settings.retention.bytes),
            limit(own.retention.bytes),
        ),
        ("retention.ms", time(settings.retention.time), time(own.retention.time)),
        (
            "segment.bytes",
            settings.roll.bytes.to_string(),
            own.roll.bytes.to_string(),
        ),
        ("segment.ms", millis(settings.roll.time), millis(own.roll.time)),
    ];
    let set = all.into_iter().filter(|(_, value, own)| value != own);
    set.map(|(name, value, _)| format!(r#""{name}":"{value}""#)).collect()
}
