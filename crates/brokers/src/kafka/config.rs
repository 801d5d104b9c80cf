//! A cluster, as a scenario defines it.

use super::{BrokerSettings, Cluster, GroupId, Topic, TopicId, murmur2};
use alloc::string::String;
use alloc::vec::Vec;
use mqlab_model::DiskPlan;

/// A consumer group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupPlan {
    /// Its `group.id`.
    pub name: String,
    /// The topics that its members subscribe to, each once.
    pub topics: Vec<TopicId>,
}

/// A topic that the cluster keeps for itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Internal {
    /// How many partitions it has.
    pub partitions: u32,
    /// How many replicas each of them has; no more than there are brokers.
    pub replicas: u32,
}

/// A cluster: so many brokers and a controller, each of which is a node.
#[derive(Clone, PartialEq, Debug)]
pub struct Config {
    /// How many brokers there are, 1 to 64.
    pub brokers: u32,
    /// The topics of the applications, none of which begins with `__`.
    pub topics: Vec<Topic>,
    /// The groups that read them.
    pub groups: Vec<GroupPlan>,
    /// Keys that messages may carry, in the order of their ids.
    pub keys: Vec<String>,
    /// Settings of all brokers and of the controller.
    pub settings: BrokerSettings,
    /// `__consumer_offsets`, which every cluster with groups has.
    pub offsets: Internal,
    /// `__transaction_state`, if a producer has a `transactional.id`.
    pub transactions: Option<Internal>,
    /// The disk of each broker; `None` is an ideal one.
    pub disk: Option<DiskPlan>,
}

impl Default for Config {
    /// Three brokers without topics.
    fn default() -> Self {
        Config {
            brokers: 3,
            topics: Vec::new(),
            groups: Vec::new(),
            keys: Vec::new(),
            settings: BrokerSettings::default(),
            offsets: Internal {
                partitions: 50,
                replicas: 3,
            },
            transactions: None,
            disk: None,
        }
    }
}

impl Config {
    /// The topic of this name.
    pub fn topic(&self, name: &str) -> Option<TopicId> {
        let index = self.topics.iter().position(|topic| topic.name == name);
        index.map(|index| TopicId(index as u16))
    }

    /// The group of this name.
    pub fn group(&self, name: &str) -> Option<GroupId> {
        let index = self.groups.iter().position(|group| group.name == name);
        index.map(|index| GroupId(index as u16))
    }

    /// What a partition is called: as the directory of its log.
    pub fn partition_name(&self, topic: TopicId, partition: u32) -> String {
        alloc::format!("{}-{partition}", self.topics[usize::from(topic.0)].name)
    }

    /// The hash by which the partitioner finds the partition of each key.
    pub fn hashes(&self) -> Vec<i32> {
        self.keys.iter().map(|key| murmur2(key.as_bytes())).collect()
    }

    /// The cluster that its brokers, its controller and its clients know. What
    /// it keeps for itself stands behind the topics of the applications.
    pub fn cluster(&self) -> Cluster {
        let mut topics = self.topics.clone();
        let own = |name: &str, Internal { partitions, replicas }: Internal| {
            let mut topic = Topic::new(name, partitions, replicas.min(self.brokers));
            // What is in it does not grow old here: `offsets.retention.minutes` and
            // `transactional.id.expiration.ms` are a matter of days.
            topic.log.retention.deletes = false;
            topic
        };
        if !self.groups.is_empty() {
            topics.push(own("__consumer_offsets", self.offsets));
        }
        topics.extend(
            self.transactions
                .map(|transactions| own("__transaction_state", transactions)),
        );
        Cluster::new(self.brokers, topics, self.settings)
    }
}
