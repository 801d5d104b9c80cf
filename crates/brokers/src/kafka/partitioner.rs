//! Which partition a record goes to, as Kafka's producer decides it.
//!
//! A partition that the application chose is taken as it is. A key is hashed
//! over all partitions, with or without a leader, so that it stays where it
//! is while leaders move. Records without a key stick to one partition until
//! a batch's worth of bytes went there (KIP-480, KIP-794), or go round robin.

use super::murmur::{murmur2, to_positive};
use alloc::vec::Vec;

/// What the producer knows of a topic.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TopicLeaders<'a> {
    /// How many partitions it has.
    pub partitions: u32,
    /// Those that have a leader, in order.
    pub with_leader: &'a [u32],
}

impl TopicLeaders<'_> {
    /// The `nth` partition of those that can take records now, counted round
    /// and round; of all, if none has a leader.
    fn nth(&self, nth: u32) -> u32 {
        let available = self.with_leader;
        match u32::try_from(available.len()) {
            Ok(0) | Err(_) => nth % self.partitions,
            Ok(length) => available[(nth % length) as usize],
        }
    }
}

/// The partition of a keyed record.
///
/// # Panics
/// If the topic has no partition.
pub fn partition_for_key(key: &[u8], partitions: u32) -> u32 {
    partition_for_hash(murmur2(key), partitions)
}

/// The partition of a record whose key has this murmur2 hash.
///
/// # Panics
/// If the topic has no partition.
pub fn partition_for_hash(hash: i32, partitions: u32) -> u32 {
    to_positive(hash) % partitions
}

/// The partition of a record whose place does not depend on what was sent
/// before; `None` if it has to stick ([`Sticky`]) or go round ([`RoundRobin`]).
/// `ignores_keys` is `partitioner.ignore.keys`.
pub fn settled_partition(chosen: Option<u32>, key: Option<&[u8]>, ignores_keys: bool, partitions: u32) -> Option<u32> {
    let by_key = || {
        key.filter(|_| !ignores_keys)
            .map(|key| partition_for_key(key, partitions))
    };
    chosen.or_else(by_key)
}

/// `RoundRobinPartitioner`: one record to each partition in turn, keyed or not.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct RoundRobin {
    sent: i32,
}

impl RoundRobin {
    /// The partition of the next record.
    pub fn next(&mut self, topic: TopicLeaders<'_>) -> u32 {
        let nth = to_positive(self.sent);
        self.sent = self.sent.wrapping_add(1);
        topic.nth(nth)
    }
}

/// How likely each partition is: the longer its queue of unsent batches, the
/// less (`partitioner.adaptive.partitioning.enable`).
///
/// Most queues are empty, and weigh the same: so no more is kept than those that are
/// not, and choosing costs nothing for the others.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Loads<'a> {
    available: &'a [u32],
    /// The longest queue.
    longest: u32,
    /// Queues that are not empty: where the partition stands among those available,
    /// and the queue's length.
    queues: Vec<(usize, u32)>,
}

impl<'a> Loads<'a> {
    /// Weights from queues of unsent batches: the longest queue counts one,
    /// an empty one its length plus one. `queues` are those that are not empty, by
    /// their partitions in order; those without a leader cannot be chosen. `None` where
    /// there is nothing to weigh: a single partition, none with a leader, or all queues
    /// equal.
    pub fn new(topic: TopicLeaders<'a>, queues: Vec<(u32, u32)>) -> Option<Loads<'a>> {
        let available = topic.with_leader;
        if topic.partitions < 2 || available.is_empty() {
            return None;
        }
        let place = |(partition, length)| Some((available.binary_search(&partition).ok()?, length));
        let queues: Vec<(usize, u32)> = queues.into_iter().filter_map(place).collect();
        let longest = queues.iter().map(|(_, length)| *length).max().unwrap_or(0);
        let is_whole = available.len() == topic.partitions as usize;
        let is_long = |(_, length): &(usize, u32)| *length == longest;
        let is_level = longest == 0 || queues.len() == available.len() && queues.iter().all(is_long);
        if is_level && is_whole {
            return None;
        }
        Some(Loads {
            available,
            longest,
            queues,
        })
    }

    /// The weight of each partition that may be chosen.
    pub fn weights(&self) -> impl Iterator<Item = u64> {
        let length = |place: usize| {
            let found = self.queues.binary_search_by_key(&place, |(one, _)| *one);
            found.map_or(0, |at| self.queues[at].1)
        };
        let longest = u64::from(self.longest);
        (0..self.available.len()).map(move |place| longest + 1 - u64::from(length(place)))
    }

    /// The partition that `random`, a number below 2^31, falls upon.
    pub fn choose(&self, random: u32) -> u32 {
        let empty = u64::from(self.longest) + 1;
        let taken = self.queues.iter().map(|(_, length)| u64::from(*length)).sum::<u64>();
        let mut at = u64::from(random) % (empty * self.available.len() as u64 - taken);
        let mut from = 0;
        for (place, length) in &self.queues {
            let before = empty * (place - from) as u64;
            let own = empty - u64::from(*length);
            if at < before {
                break;
            }
            if at < before + own {
                return self.available[*place];
            }
            at -= before + own;
            from = place + 1;
        }
        self.available[from + (at / empty) as usize]
    }
}

/// Where records without a key go: to one partition until enough bytes went
/// there, then to another one.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Sticky {
    partition: Option<u32>,
    bytes: u64,
}

impl Sticky {
    /// The partition that it has chosen, if it has one: it takes the next record
    /// whatever became of the topic.
    pub const fn stuck(&self) -> Option<u32> {
        self.partition
    }

    /// The partition of the next record. `random` is asked for a number below
    /// 2^31 where a new one has to be chosen.
    pub fn partition(
        &mut self,
        topic: TopicLeaders<'_>,
        loads: Option<&Loads<'_>>,
        random: impl FnOnce() -> u32,
    ) -> u32 {
        *self.partition.get_or_insert_with(|| {
            let random = random();
            loads.map_or_else(|| topic.nth(random), |loads| loads.choose(random))
        })
    }

    /// `bytes` went to the partition. It is left after `batch_size` bytes if
    /// `is_batch_full`, so that no half batch stays behind, and after twice as
    /// many in any case.
    pub fn sent(&mut self, bytes: u64, batch_size: u64, is_batch_full: bool) {
        self.bytes += bytes;
        if self.bytes >= batch_size && is_batch_full || self.bytes >= batch_size.saturating_mul(2) {
            *self = Sticky::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [u32; 3] = [0, 1, 2];

    fn topic(with_leader: &[u32]) -> TopicLeaders<'_> {
        TopicLeaders {
            partitions: 3,
            with_leader,
        }
    }

    #[test]
    fn a_chosen_partition_wins_over_a_key_and_a_key_over_nothing() {
        let key = Some(b"abc".as_slice());
        assert_eq!(settled_partition(Some(5), key, false, 8), Some(5));
        assert_eq!(
            settled_partition(None, key, false, 8),
            Some(partition_for_key(b"abc", 8))
        );
        assert_eq!(settled_partition(None, key, true, 8), None);
        assert_eq!(settled_partition(None, None, false, 8), None);
        // An empty key is a key.
        assert!(settled_partition(None, Some(b""), false, 8).is_some());
    }

    #[test]
    fn round_robin_takes_turns_among_those_with_a_leader() {
        let mut turns = RoundRobin::default();
        assert_eq!([(); 4].map(|()| turns.next(topic(&ALL))), [0, 1, 2, 0]);
        assert_eq!([(); 3].map(|()| turns.next(topic(&[0, 2]))), [0, 2, 0]);
        assert_eq!([(); 2].map(|()| turns.next(topic(&[]))), [1, 2]);
    }

    #[test]
    fn it_sticks_for_a_batch_and_at_most_for_two() {
        let mut sticky = Sticky::default();
        assert_eq!(sticky.partition(topic(&ALL), None, || 7), 1);
        sticky.sent(99, 100, true);
        assert_eq!(sticky.partition(topic(&ALL), None, || 5), 1, "not enough yet");
        sticky.sent(50, 100, false);
        assert_eq!(sticky.partition(topic(&ALL), None, || 5), 1, "a batch is open");
        sticky.sent(1, 100, true);
        assert_eq!(sticky.partition(topic(&ALL), None, || 5), 2);
        sticky.sent(200, 100, false);
        assert_eq!(sticky.partition(topic(&ALL), None, || 3), 0);
    }

    #[test]
    fn partitions_without_a_leader_get_nothing_unless_none_has_one() {
        for random in 0..100 {
            let chosen = |leaders: &[u32]| Sticky::default().partition(topic(leaders), None, || random);
            assert_eq!(chosen(&[1]), 1);
            assert_eq!(chosen(&[]), random % 3);
        }
    }

    #[test]
    fn where_nothing_is_to_be_weighed_there_are_no_loads() {
        let of = |partitions, with_leader: &[u32], queues: &[(u32, u32)]| {
            let topic = TopicLeaders {
                partitions,
                with_leader,
            };
            Loads::new(topic, queues.to_vec()).is_some()
        };
        assert!(!of(1, &[0], &[(0, 9)]));
        assert!(!of(2, &[0, 1], &[(0, 4), (1, 4)]));
        assert!(!of(2, &[0, 1], &[]));
        assert!(!of(2, &[], &[(0, 4)]));
        // A partition that has no leader is left out.
        assert!(of(2, &[1], &[(0, 9), (1, 4)]));
        assert!(of(2, &[0, 1], &[(1, 4)]));
    }

    proptest! {
        /// Over all random numbers of one turn each partition is chosen as
        /// often as its queue is shorter than the longest, plus once.
        #[test]
        fn a_partition_is_chosen_by_its_weight(lengths in proptest::collection::vec(0u32..20, 2..8)) {
            let all: Vec<u32> = (0..lengths.len() as u32).collect();
            let queues = (0..).zip(lengths.iter().copied()).filter(|(_, length)| *length > 0).collect();
            let topic = TopicLeaders { partitions: all.len() as u32, with_leader: &all };
            let longest = *lengths.iter().max().unwrap();
            let expected: Vec<u64> = lengths.iter().map(|length| u64::from(longest - length + 1)).collect();
            let Some(loads) = Loads::new(topic, queues) else {
                prop_assert!(lengths.iter().all(|length| *length == longest));
                return Ok(());
            };
            prop_assert_eq!(loads.weights().collect::<Vec<u64>>(), expected.clone());
            let mut counts = alloc::vec![0; lengths.len()];
            let all: u64 = expected.iter().sum();
            for random in 0..all as u32 {
                counts[loads.choose(random) as usize] += 1;
            }
            prop_assert_eq!(counts, expected);
        }
    }
}
