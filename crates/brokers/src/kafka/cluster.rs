//! What everybody in a cluster knows from the start: its brokers, its topics,
//! their settings and where replicas lie.

use super::Serving;
use super::defaults::{Owner, Value, default_of};
use super::{BrokerId, GroupId, GroupSettings, LogSettings, Replication, TopicPartition, Topics};
use alloc::string::String;
use alloc::vec::Vec;
use mqlab_kernel::SimSpan;
use mqlab_model::PlaceId;

/// A partition of any topic: its number among all of the cluster.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PartitionId(pub u32);

/// A set of brokers; there are at most 64.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Brokers(pub u64);

impl Brokers {
    /// Most brokers of a cluster.
    pub const MAX: u32 = 64;

    /// The set of these.
    pub fn of(brokers: &[BrokerId]) -> Brokers {
        Brokers(brokers.iter().fold(0, |set, one| set | 1 << one.0))
    }

    /// Whether it has this one.
    pub const fn has(self, broker: BrokerId) -> bool {
        self.0 >> broker.0 & 1 != 0
    }

    /// The set with one more.
    #[must_use]
    pub const fn with(self, broker: BrokerId) -> Brokers {
        Brokers(self.0 | 1 << broker.0)
    }

    /// The set without one.
    #[must_use]
    pub const fn without(self, broker: BrokerId) -> Brokers {
        Brokers(self.0 & !(1 << broker.0))
    }

    /// All of them, in order.
    pub fn iter(self) -> impl Iterator<Item = BrokerId> {
        (0..Self::MAX).map(BrokerId).filter(move |one| self.has(*one))
    }

    /// All of them, in order.
    pub fn to_vec(self) -> Vec<BrokerId> {
        self.iter().collect()
    }
}

/// A default of the reference as a length of time.
pub(super) fn span(owner: Owner, name: &str) -> SimSpan {
    SimSpan::from_millis(number(owner, name))
}

/// A default of the reference as a number.
pub(super) fn number(owner: Owner, name: &str) -> u64 {
    match default_of(owner, name) {
        Some(Value::Number(number)) => number.unsigned_abs(),
        other => panic!("{name} is {other:?}"),
    }
}

/// A topic.
#[derive(Clone, PartialEq, Debug)]
pub struct Topic {
    /// Its name.
    pub name: String,
    /// How many partitions it has.
    pub partitions: u32,
    /// How many replicas each of them has.
    pub replicas: u32,
    /// What its logs follow.
    pub log: LogSettings,
    /// What its replicas follow.
    pub rules: Replication,
    /// `unclean.leader.election.enable`.
    pub is_unclean: bool,
    /// The place of its first partition; the others follow. An internal topic,
    /// of which no facts are recorded, has none.
    pub place: Option<PlaceId>,
    /// Each group that reads it, with the place of what it owes of the first
    /// partition; the others follow.
    pub owners: Vec<(GroupId, PlaceId)>,
}

impl Topic {
    /// A topic with Kafka's own settings.
    pub fn new(name: &str, partitions: u32, replicas: u32) -> Topic {
        Topic {
            name: String::from(name),
            partitions,
            replicas,
            log: LogSettings::default(),
            rules: Replication::default(),
            is_unclean: false,
            place: None,
            owners: Vec::new(),
        }
    }
}

/// From where consumers may read.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Reads {
    /// From the leader only.
    #[default]
    Leader,
    /// From any replica, below the high watermark that it knows (KIP-392).
    Follower,
    /// From any replica, up to the end of its log: no Kafka does that.
    Anything,
}

/// Settings of brokers and of the controller.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct BrokerSettings {
    /// `broker.heartbeat.interval.ms`.
    pub heartbeat: SimSpan,
    /// `broker.session.timeout.ms`.
    pub session: SimSpan,
    /// `replica.fetch.wait.max.ms`.
    pub fetch_wait: SimSpan,
    /// `replica.fetch.min.bytes`.
    pub fetch_min: u32,
    /// `replica.fetch.backoff.ms`.
    pub fetch_backoff: SimSpan,
    /// `replica.socket.timeout.ms`.
    pub socket_timeout: SimSpan,
    /// `replica.fetch.max.bytes`: of one partition.
    pub fetch_max: u64,
    /// `replica.high.watermark.checkpoint.interval.ms`.
    pub checkpoint: SimSpan,
    /// `log.retention.check.interval.ms`.
    pub retention_check: SimSpan,
    /// `log.cleaner.backoff.ms`.
    pub cleaner_backoff: SimSpan,
    /// How long a produce request waits for replicas: the `request.timeout.ms`
    /// that producers send along.
    pub request_timeout: SimSpan,
    /// `leader.imbalance.check.interval.seconds`; `None` if
    /// `auto.leader.rebalance.enable` is off.
    pub imbalance_check: Option<SimSpan>,
    /// `unclean.leader.election.interval.ms`: how often the controller looks for
    /// partitions without a leader that have been allowed an unclean one meanwhile.
    pub unclean_check: SimSpan,
    /// `leader.imbalance.per.broker.percentage`.
    pub imbalance_percent: u64,
    /// `transaction.abort.timed.out.transaction.cleanup.interval.ms`.
    pub transaction_check: SimSpan,
    /// Settings of groups.
    pub groups: GroupSettings,
    /// From where consumers may read.
    pub reads: Reads,
    /// How many bytes of records there is room for on the disk of each broker.
    pub disk_size: Option<u64>,
    /// How what is fetched comes to the network.
    pub serving: Serving,
}

impl Default for BrokerSettings {
    fn default() -> Self {
        let span = |name: &str| span(Owner::Broker, name);
        let number = |name: &str| number(Owner::Broker, name);
        BrokerSettings {
            heartbeat: span("broker.heartbeat.interval.ms"),
            session: span("broker.session.timeout.ms"),
            fetch_wait: span("replica.fetch.wait.max.ms"),
            fetch_min: number("replica.fetch.min.bytes") as u32,
            fetch_backoff: span("replica.fetch.backoff.ms"),
            socket_timeout: span("replica.socket.timeout.ms"),
            fetch_max: number("replica.fetch.max.bytes"),
            checkpoint: span("replica.high.watermark.checkpoint.interval.ms"),
            retention_check: span("log.retention.check.interval.ms"),
            cleaner_backoff: span("log.cleaner.backoff.ms"),
            request_timeout: span("request.timeout.ms"),
            imbalance_check: Some(SimSpan::from_secs(number("leader.imbalance.check.interval.seconds"))),
            unclean_check: span("unclean.leader.election.interval.ms"),
            imbalance_percent: number("leader.imbalance.per.broker.percentage"),
            transaction_check: span("transaction.abort.timed.out.transaction.cleanup.interval.ms"),
            groups: GroupSettings::default(),
            reads: Reads::default(),
            disk_size: None,
            serving: Serving::default(),
        }
    }
}

/// A cluster as it is set up.
#[derive(Clone, PartialEq, Debug)]
pub struct Cluster {
    brokers: u32,
    topics: Vec<Topic>,
    /// The number of each topic's first partition, and of all.
    starts: Vec<u32>,
    /// The topic and the number in it of every partition.
    partitions: Vec<(u16, u32)>,
    /// Settings of all brokers.
    pub settings: BrokerSettings,
    /// Which topic keeps the offsets of groups (`__consumer_offsets`).
    offsets: Option<usize>,
    /// Which topic keeps transactions (`__transaction_state`).
    transactions: Option<usize>,
    /// The topics of the applications, as assignors know them.
    named: Topics,
    /// The index in `topics` of each of those.
    of_named: Vec<usize>,
}

impl Cluster {
    /// A cluster of so many brokers with these topics, of which
    /// `__consumer_offsets` keeps the offsets of groups and `__transaction_state`
    /// the transactions of producers.
    ///
    /// # Panics
    /// If there are more than 64 brokers, or a topic has more replicas than
    /// there are brokers.
    pub fn new(brokers: u32, topics: Vec<Topic>, settings: BrokerSettings) -> Cluster {
        assert!((1..=Brokers::MAX).contains(&brokers), "a cluster has 1 to 64 brokers");
        let mut starts = alloc::vec![0];
        let mut partitions = Vec::new();
        for (index, topic) in (0..).zip(&topics) {
            assert!(
                (1..=brokers).contains(&topic.replicas),
                "replicas are on distinct brokers"
            );
            partitions.extend((0..topic.partitions).map(|number| (index, number)));
            starts.push(partitions.len() as u32);
        }
        let offsets = topics.iter().position(|topic| topic.name == "__consumer_offsets");
        let transactions = topics.iter().position(|topic| topic.name == "__transaction_state");
        let is_shown = |topic: &&Topic| !topic.name.starts_with("__");
        let shown = topics.iter().filter(is_shown);
        let named = Topics::new(shown.map(|topic| (topic.name.clone(), topic.partitions)).collect());
        let index_of = |number: usize| topics.iter().position(|topic| topic.name == named.name(number));
        let of_named = (0..named.len()).filter_map(index_of).collect();
        Cluster {
            brokers,
            topics,
            starts,
            partitions,
            settings,
            offsets,
            transactions,
            named,
            of_named,
        }
    }

    /// How many brokers there are.
    pub const fn brokers(&self) -> u32 {
        self.brokers
    }

    /// A topic, whose settings change. Its name, its partitions and its replicas may
    /// not: by these everything is numbered.
    pub fn topic_mut(&mut self, topic: usize) -> Option<&mut Topic> {
        self.topics.get_mut(topic)
    }

    /// All topics.
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// The topics of the applications, as assignors know them.
    pub const fn named(&self) -> &Topics {
        &self.named
    }

    /// All partitions.
    pub fn partitions(&self) -> impl Iterator<Item = PartitionId> + use<> {
        (0..self.partitions.len() as u32).map(PartitionId)
    }

    /// The partition of a topic by its number there.
    pub fn partition(&self, topic: usize, number: u32) -> PartitionId {
        PartitionId(self.starts[topic] + number)
    }

    /// The partitions of a topic.
    pub fn of_topic(&self, topic: usize) -> impl Iterator<Item = PartitionId> + use<> {
        (self.starts[topic]..self.starts[topic + 1]).map(PartitionId)
    }

    /// The index of a partition's topic, and its number there.
    pub fn place_in_topic(&self, id: PartitionId) -> (usize, u32) {
        let (topic, number) = self.partitions[id.0 as usize];
        (usize::from(topic), number)
    }

    /// A partition's topic.
    pub fn topic(&self, id: PartitionId) -> &Topic {
        &self.topics[usize::from(self.partitions[id.0 as usize].0)]
    }

    /// What facts of a partition are about; `None` if it is internal.
    pub fn place(&self, id: PartitionId) -> Option<PlaceId> {
        let (topic, number) = self.place_in_topic(id);
        self.topics[topic].place.map(|first| PlaceId(first.0 + number as u16))
    }

    /// The partition whose facts happen at a place.
    pub fn at(&self, place: PlaceId) -> Option<PartitionId> {
        let topics = self.topics.iter().zip(&self.starts);
        let mut found = topics.filter_map(|(topic, start)| {
            let number = u32::from(place.0.checked_sub(topic.place?.0)?);
            (number < topic.partitions).then_some(PartitionId(start + number))
        });
        found.next()
    }

    /// Where the handling of a partition's records is owed: by each group that
    /// reads it, or else by nobody but the partition, which keeps them.
    pub fn owners(&self, id: PartitionId) -> impl Iterator<Item = PlaceId> {
        let (topic, number) = self.place_in_topic(id);
        let Topic { place, owners, .. } = &self.topics[topic];
        let alone = place.filter(|_| owners.is_empty());
        let firsts = owners.iter().map(|(_, place)| *place).chain(alone);
        firsts.map(move |first| PlaceId(first.0 + number as u16))
    }

    /// Where a group owes the handling of a partition's records, if it reads it.
    pub fn owner(&self, id: PartitionId, group: GroupId) -> Option<PlaceId> {
        let (topic, number) = self.place_in_topic(id);
        let owner = self.topics[topic].owners.iter().find(|(owner, _)| *owner == group);
        owner.map(|(_, first)| PlaceId(first.0 + number as u16))
    }

    /// The brokers of a partition's replicas, the preferred leader first: one
    /// partition after the other begins one broker further.
    pub fn replicas(&self, id: PartitionId) -> Vec<BrokerId> {
        let (topic, number) = self.place_in_topic(id);
        let replicas = self.topics[topic].replicas;
        (0..replicas)
            .map(|nth| BrokerId((number + nth) % self.brokers))
            .collect()
    }

    /// The partition as assignors name it.
    ///
    /// # Panics
    /// For an internal topic.
    pub fn to_named(&self, id: PartitionId) -> TopicPartition {
        let (topic, partition) = self.place_in_topic(id);
        let named = self.named.index(&self.topics[topic].name);
        TopicPartition {
            topic: named.expect("applications do not read internal topics"),
            partition,
        }
    }

    /// The partition that assignors name so.
    pub fn from_named(&self, one: TopicPartition) -> PartitionId {
        self.partition(self.of_named[one.topic], one.partition)
    }

    /// The partition whose leader coordinates a group.
    ///
    /// # Panics
    /// If the cluster has no topic for offsets.
    pub fn coordinating(&self, group: u16) -> PartitionId {
        let topic = self.offsets.expect("groups need a topic for their offsets");
        self.partition(topic, u32::from(group) % self.topics[topic].partitions)
    }

    /// The partition whose leader coordinates the transactions of a producer.
    ///
    /// # Panics
    /// If the cluster has no topic for transactions.
    pub fn deciding(&self, id: u16) -> PartitionId {
        let topic = self.transactions.expect("transactions need a topic of their own");
        self.partition(topic, u32::from(id) % self.topics[topic].partitions)
    }

    /// Whether a partition keeps transactions.
    pub fn keeps_transactions(&self, id: PartitionId) -> bool {
        Some(self.place_in_topic(id).0) == self.transactions
    }

    /// Whether a partition keeps offsets of groups.
    pub fn keeps_offsets(&self, id: PartitionId) -> bool {
        Some(self.place_in_topic(id).0) == self.offsets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster() -> Cluster {
        let topics = alloc::vec![
            Topic::new("orders", 3, 2),
            Topic::new("__consumer_offsets", 2, 3),
            Topic::new("events", 2, 1),
        ];
        Cluster::new(3, topics, BrokerSettings::default())
    }

    #[test]
    fn partitions_are_numbered_through() {
        let cluster = cluster();
        assert_eq!(cluster.partitions().count(), 7);
        assert_eq!(cluster.place_in_topic(PartitionId(6)), (2, 1));
        assert_eq!(cluster.partition(2, 1), PartitionId(6));
        assert_eq!(
            cluster.of_topic(1).collect::<Vec<_>>(),
            [PartitionId(3), PartitionId(4)]
        );
        for id in [0, 1, 2, 5, 6].map(PartitionId) {
            assert_eq!(cluster.from_named(cluster.to_named(id)), id);
        }
        assert_eq!(cluster.coordinating(3), PartitionId(4));
        assert!(cluster.keeps_offsets(PartitionId(4)) && !cluster.keeps_offsets(PartitionId(5)));
    }

    #[test]
    fn replicas_lie_on_distinct_brokers_and_leaders_spread() {
        let cluster = cluster();
        let replicas = |id: u32| {
            cluster
                .replicas(PartitionId(id))
                .iter()
                .map(|one| one.0)
                .collect::<Vec<_>>()
        };
        assert_eq!([replicas(0), replicas(1), replicas(2)], [[0, 1], [1, 2], [2, 0]]);
        assert_eq!(replicas(4), [1, 2, 0]);
    }

    #[test]
    fn settings_are_those_of_the_reference() {
        let settings = BrokerSettings::default();
        assert_eq!(
            (settings.heartbeat, settings.session),
            (SimSpan::from_secs(2), SimSpan::from_secs(9))
        );
        assert_eq!(settings.imbalance_check, Some(SimSpan::from_secs(300)));
    }

    #[test]
    fn a_set_of_brokers_is_what_was_put_into_it() {
        let set = Brokers::of(&[BrokerId(3), BrokerId(63)])
            .with(BrokerId(0))
            .without(BrokerId(3));
        assert_eq!(set.to_vec(), [BrokerId(0), BrokerId(63)]);
        assert!(set.has(BrokerId(63)) && !set.has(BrokerId(3)));
    }
}
