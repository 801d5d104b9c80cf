//! Who of a consumer group reads which partition: the assignors that Kafka's
//! consumers bring along (classic group protocol).
//!
//! One member, the leader, assigns for all. [`Assignor::Range`] and
//! [`Assignor::RoundRobin`] start anew each time; [`Assignor::Sticky`] keeps
//! what members own, as far as that stays balanced (KIP-54);
//! [`Assignor::CooperativeSticky`] besides takes away before it gives
//! (KIP-429): what changes hands is in nobody's assignment for one rebalance.
//! Racks are left out.

mod claims;
mod constrained;
mod general;
mod hash_order;
mod in_turn;
mod movements;

pub use in_turn::member_order;

use alloc::string::String;
use alloc::vec::Vec;
use claims::Claims;

/// A partition of a topic, which is its index in [`Topics`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TopicPartition {
    /// Index of the topic.
    pub topic: usize,
    /// Number of the partition.
    pub partition: u32,
}

/// The topics of a group, in order of their names, with the numbers of their
/// partitions.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Topics {
    list: Vec<(String, u32)>,
    /// How many partitions stand before each topic's first.
    starts: Vec<usize>,
    partitions: usize,
}

impl Topics {
    /// Topics with their numbers of partitions; each name once.
    pub fn new(mut list: Vec<(String, u32)>) -> Topics {
        mqlab_kernel::sort_by(&mut list, |a, b| a.0.cmp(&b.0));
        let mut partitions = 0;
        let mut starts = Vec::with_capacity(list.len());
        for (_, count) in &list {
            starts.push(partitions);
            partitions += *count as usize;
        }
        Topics {
            list,
            starts,
            partitions,
        }
    }

    /// The index of the topic called `name`.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.list.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()
    }

    /// The name of a topic.
    pub fn name(&self, topic: usize) -> &str {
        &self.list[topic].0
    }

    /// How many partitions a topic has.
    pub fn partitions(&self, topic: usize) -> u32 {
        self.list[topic].1
    }

    /// How many topics there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All partitions of a topic.
    fn of(&self, topic: usize) -> impl Iterator<Item = TopicPartition> + use<> {
        (0..self.list[topic].1).map(move |partition| TopicPartition { topic, partition })
    }

    /// The number of a partition among all, in order of topic and partition.
    fn number(&self, one: TopicPartition) -> usize {
        self.starts[one.topic] + one.partition as usize
    }

    /// The partition of a number.
    fn at(&self, number: usize) -> TopicPartition {
        // Topics without partitions share their start with the next one.
        let topic = self.starts.partition_point(|start| *start <= number) - 1;
        TopicPartition {
            topic,
            partition: (number - self.starts[topic]) as u32,
        }
    }
}

/// One member, as it says when it joins.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Member {
    /// The id that the coordinator gave it.
    pub id: String,
    /// `group.instance.id`, if it is a static member.
    pub instance: Option<String>,
    /// Names of the topics that it subscribed to.
    pub topics: Vec<String>,
    /// What it owned last.
    pub owned: Vec<TopicPartition>,
    /// The generation in which it owned that; -1 if it does not know.
    pub generation: i32,
}

impl Member {
    fn is_subscribed(&self, topic: &str) -> bool {
        self.topics.iter().any(|known| known == topic)
    }
}

/// `partition.assignment.strategy`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Assignor {
    /// A stretch of each topic for each member.
    Range,
    /// One partition after the other, in turn.
    RoundRobin,
    /// Balanced, and with as few moves as possible; everybody stops first.
    Sticky,
    /// The same, and nobody stops: what has to move is only taken away in
    /// this rebalance and given in the next.
    CooperativeSticky,
}

/// What came of one rebalance.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Assignment {
    /// What each member gets, in the order of the members.
    pub partitions: Vec<Vec<TopicPartition>>,
    /// What one member has to give up before another one gets it, with the
    /// index of the latter. Where the assignor is cooperative it is in
    /// nobody's list, and the group has to rebalance once more.
    pub transferring: Vec<(TopicPartition, usize)>,
}

impl Assignor {
    /// The name in `partition.assignment.strategy`.
    pub const fn name(self) -> &'static str {
        match self {
            Assignor::Range => "range",
            Assignor::RoundRobin => "roundrobin",
            Assignor::Sticky => "sticky",
            Assignor::CooperativeSticky => "cooperative-sticky",
        }
    }

    /// The assignor called `name`.
    pub fn by_name(name: &str) -> Option<Assignor> {
        let all = [
            Assignor::Range,
            Assignor::RoundRobin,
            Assignor::Sticky,
            Assignor::CooperativeSticky,
        ];
        all.into_iter().find(|one| one.name() == name)
    }

    /// Assigns the partitions of `topics`: those that the group subscribed to
    /// and nothing else. What nobody subscribed to might be assigned too, as
    /// Kafka's assignors would.
    pub fn assign(self, topics: &Topics, members: &[Member]) -> Assignment {
        if members.is_empty() {
            return Assignment::default();
        }
        match self {
            Assignor::Range => in_turn::range(topics, members),
            Assignor::RoundRobin => in_turn::round_robin(topics, members),
            Assignor::Sticky => stick(topics, &by_topic(topics, members)),
            Assignor::CooperativeSticky => take_first(stick(topics, members)),
        }
    }
}

/// What members own, topic by topic: so it stands in what they say of themselves with
/// the eager protocol, in the order of a hash map of topics.
fn by_topic(topics: &Topics, members: &[Member]) -> Vec<Member> {
    let regroup = |member: &Member| {
        let mut named: Vec<usize> = Vec::new();
        for one in &member.owned {
            if !named.contains(&one.topic) {
                named.push(one.topic);
            }
        }
        let order = hash_order::hash_order(named.iter().map(|topic| topics.name(*topic)));
        let of = |topic: usize| member.owned.iter().filter(move |one| one.topic == topic);
        let owned = order.into_iter().flat_map(|place| of(named[place])).copied().collect();
        Member {
            owned,
            ..member.clone()
        }
    };
    members.iter().map(regroup).collect()
}

/// Balanced with few moves.
fn stick(topics: &Topics, members: &[Member]) -> Assignment {
    let claims = Claims::of(topics, members);
    let assigned = if claims.is_uniform {
        constrained::assign(topics, members, &claims)
    } else {
        general::assign(topics, members, claims)
    };
    let places = |numbers: &Vec<usize>| numbers.iter().map(|number| topics.at(*number)).collect();
    let transferring = assigned.transferring.iter();
    Assignment {
        partitions: assigned.numbers.iter().map(places).collect(),
        transferring: transferring.map(|(number, to)| (topics.at(*number), *to)).collect(),
    }
}

/// What changes hands goes to nobody yet.
fn take_first(mut assignment: Assignment) -> Assignment {
    for (partition, to) in &assignment.transferring {
        assignment.partitions[*to].retain(|one| one != partition);
    }
    assignment
}

/// An assignment by numbers of partitions.
struct Numbered {
    numbers: Vec<Vec<usize>>,
    transferring: Vec<(usize, usize)>,
}

#[cfg(test)]
mod tests;
