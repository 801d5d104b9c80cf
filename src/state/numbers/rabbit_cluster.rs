//! What is said of a cluster of RabbitMQ: where its queues are, and which nodes
//! see each other.

use super::{Row, Rows};
use crate::state::format;
use crate::state::texts::{Key, Language};
use mqlab_engine::{Copies, HostedQueue, QueueMember, Status, World};
use mqlab_model::{NodeId, PlaceId};

/// What a node is to a queue, as a word.
pub fn member_word(queue: &HostedQueue, member: &QueueMember) -> Key {
    if !member.is_online {
        return Key::ClusterAway;
    }
    let has_it = queue.leaders.contains(&member.node);
    match (queue.copies, has_it, member.is_synchronised) {
        (Copies::One, ..) => Key::ClusterHome,
        (Copies::Mirrored, true, _) => Key::ClusterMaster,
        (Copies::Mirrored, false, true) => Key::ClusterMirror,
        (Copies::Mirrored, false, false) => Key::ClusterMirrorLags,
        (Copies::Quorum, true, _) => Key::ClusterLeads,
        (Copies::Quorum, false, true) => Key::ClusterFollows,
        (Copies::Quorum, false, false) => Key::ClusterLags,
    }
}

/// A node that has a queue or a copy of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Keeper {
    /// The node.
    pub node: NodeId,
    /// What it is to the queue, as a word.
    pub word: Key,
    /// Of a replica, how many entries its log has, and how many of them are agreed
    /// on.
    pub log: Option<[String; 2]>,
}

/// The nodes that have a queue or a copy of it; none if it is in no cluster.
pub fn members(world: &World, queue: PlaceId) -> Vec<Keeper> {
    let Some(hosted) = world.hosted(queue) else {
        return Vec::new();
    };
    let log = |member: &QueueMember| {
        let (_, entries, agreed) = member.log?;
        Some([entries, agreed].map(|count| format::count(u64::from(count))))
    };
    let member = |member: &QueueMember| Keeper {
        node: member.node,
        word: member_word(&hosted, member),
        log: log(member),
    };
    hosted.members.iter().map(member).collect()
}

/// How the nodes of a queue stand that are missing, if it does not work without them.
pub(super) fn away(world: &World, queue: PlaceId) -> Option<Status> {
    let hosted = world.hosted(queue).filter(|hosted| !hosted.works())?;
    let mut all = hosted.members.iter().map(|member| world.status(member.node));
    // Where all of them run, those that are apart have stopped themselves.
    Some(all.rfind(|status| *status != Status::Up).unwrap_or(Status::Paused))
}

/// The nodes of a cluster, each with whether it has stopped itself and with the
/// names of those that it counts as running; none of any other broker.
pub fn nodes(world: &World, cluster: NodeId) -> Vec<(NodeId, bool, String)> {
    if world.rabbit_cluster(cluster).is_none() {
        return Vec::new();
    }
    let name = |node: &NodeId| world.places().get(PlaceId(node.0)).name.as_str();
    let nodes = world.cluster_nodes(cluster).into_iter();
    nodes
        .map(|one| {
            let sees: Vec<&str> = one.sees.iter().map(name).collect();
            (one.node, one.is_paused, sees.join(", "))
        })
        .collect()
}

/// What is said of a node beside how it stands: how many queues are there, and how
/// many it has a copy of.
pub fn hosts(leads: u64, replicas: u64) -> Vec<Row> {
    vec![
        Row {
            name: Key::ClusterQueuesHere,
            value: format::count(leads),
        },
        Row {
            name: Key::ClusterCopiesHere,
            value: format::count(replicas),
        },
    ]
}

impl Rows<'_> {
    /// Who has the queue to himself: the connection that it belongs to, or its only
    /// consumer.
    pub(super) fn claims(&mut self) {
        let name = |node: NodeId| self.world.places().get(PlaceId(node.0)).name.clone();
        let owner = self.world.owner_of(self.place).map(name);
        let only = self.world.only_consumer_of(self.place).map(name);
        for (key, name) in [(Key::QueueOwner, owner), (Key::ExclusiveConsumer, only)] {
            if let Some(name) = name {
                self.push(key, name);
            }
        }
    }

    /// Where a queue of a cluster is; nothing of any other queue.
    pub(super) fn whereabouts(&mut self) {
        if let Some(hosted) = self.world.hosted(self.place) {
            let value = whereabouts(self.world, &hosted, self.language);
            self.push(Key::ClusterWhere, value);
        }
    }
}

fn whereabouts(world: &World, hosted: &HostedQueue, language: Language) -> String {
    let name = |node: &NodeId| world.places().get(PlaceId(node.0)).name.as_str();
    let leaders: Vec<&str> = hosted.leaders.iter().map(name).collect();
    match (hosted.leaders.is_empty(), hosted.works()) {
        (true, _) => language.text(Key::ClusterNoLeader).to_owned(),
        (false, false) => language.text(Key::ClusterNoMajority).to_owned(),
        (false, true) => leaders.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::scenarios;
    use mqlab_kernel::{SimSpan, SimTime};

    /// The world of a variant of a scenario after so many seconds.
    fn world(stem: &str, variant: &str, seconds: u64) -> World {
        let found = scenarios::SCENARIOS.iter().find(|one| one.stem == stem);
        let scenario = mqlab_scenario::parse(found.expect("it exists").text())
            .0
            .expect("it is right");
        let variant = scenario
            .variants
            .iter()
            .find(|one| one.name == variant)
            .expect("it has one");
        let mut world = World::new(&variant.plan);
        world.run_until(SimTime::ZERO + SimSpan::from_secs(seconds), u64::MAX);
        world
    }

    fn place(world: &World, name: &str) -> PlaceId {
        let mut places = world.places().iter();
        places.find(|(_, place)| place.name == name).expect("it is there").0
    }

    fn words(world: &World, queue: &str) -> Vec<Key> {
        let members = members(world, place(world, queue));
        members.into_iter().map(|keeper| keeper.word).collect()
    }

    #[test]
    fn a_queue_says_what_each_node_is_to_it() {
        let stem = "four-ways-to-keep-a-queue";
        let before = world(stem, "quorum", 10);
        assert_eq!(
            words(&before, "orders"),
            [Key::ClusterLeads, Key::ClusterFollows, Key::ClusterFollows]
        );
        let after = world(stem, "quorum", 30);
        let known = words(&after, "orders");
        assert_eq!(known[0], Key::ClusterAway);
        assert!(known.contains(&Key::ClusterLeads));
        assert_eq!(words(&world(stem, "mirrored", 30), "orders")[0], Key::ClusterAway);
        assert_eq!(words(&world(stem, "ordinary", 30), "orders"), [Key::ClusterAway]);
        assert_eq!(words(&world(stem, "single", 5), "orders"), []);
    }

    #[test]
    fn a_cluster_says_who_sees_whom() {
        let after = world("four-ways-to-keep-a-queue", "quorum", 30);
        let cluster = NodeId(place(&after, "rabbitmq").0);
        let sees: Vec<String> = nodes(&after, cluster).into_iter().map(|(_, _, sees)| sees).collect();
        assert_eq!(sees, ["rabbitmq-1, rabbitmq-2", "rabbitmq-1, rabbitmq-2", ""]);
    }

    #[test]
    fn without_a_majority_a_queue_says_so() {
        let after = world("four-ways-to-keep-a-queue", "without-majority", 30);
        let queue = after.hosted(place(&after, "mails")).expect("a queue");
        assert!(!queue.works());
        let gone = world("four-ways-to-keep-a-queue", "ordinary", 30);
        let queue = gone.hosted(place(&gone, "orders")).expect("a queue");
        assert_eq!(whereabouts(&gone, &queue, Language::English), "nobody has it");
        // On the stage they are as dead as the node that took them along.
        let stands = |world: &World, name: &str| away(world, place(world, name));
        assert!(matches!(
            stands(&after, "mails"),
            Some(Status::Down { since: Some(_), .. })
        ));
        assert!(matches!(stands(&gone, "orders"), Some(Status::Down { .. })));
        assert_eq!(stands(&gone, "mails"), None);
        assert_eq!(
            stands(&world("four-ways-to-keep-a-queue", "quorum", 30), "orders"),
            None
        );
    }
}
