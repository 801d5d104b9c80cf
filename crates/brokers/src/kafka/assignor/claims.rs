//! What members say they own, and who is believed.

use super::hash_order::hash_order;
use super::{Member, Topics};
use alloc::vec::Vec;

/// What members own, as far as they are believed.
pub(super) struct Claims {
    /// Whether all subscribed to the same topics.
    pub(super) is_uniform: bool,
    /// Numbers of partitions that each member owns.
    pub(super) owned: Vec<Vec<usize>>,
    /// By number: whether two claimed a partition in one generation, so that
    /// nobody is believed.
    pub(super) is_disputed: Vec<bool>,
    /// Members in the order in which they are looked at.
    pub(super) order: Vec<usize>,
    /// The highest generation that was claimed.
    pub(super) generation_max: i32,
}

impl Claims {
    /// Who claims in the higher generation is believed; who claims the same
    /// in the same generation is not.
    pub(super) fn of(topics: &Topics, members: &[Member]) -> Claims {
        let order = hash_order(members.iter().map(|member| member.id.as_str()));
        let mut claims = Claims {
            is_uniform: is_uniform(members, &order),
            owned: members.iter().map(|_| Vec::new()).collect(),
            is_disputed: alloc::vec![false; topics.partitions],
            generation_max: members.iter().map(|member| member.generation).fold(-1, i32::max),
            order,
        };
        let mut owners: Vec<Option<usize>> = alloc::vec![None; topics.partitions];
        for index in claims.order.clone() {
            let there_is = |one: &&super::TopicPartition| one.partition < topics.partitions(one.topic);
            for partition in members[index].owned.iter().filter(there_is) {
                let number = topics.number(*partition);
                let before = owners[number];
                let generation = before.map(|owner| members[owner].generation);
                if generation.is_some_and(|generation| generation > members[index].generation) {
                    continue;
                }
                owners[number] = Some(index);
                if let Some(before) = before {
                    claims.owned[before].retain(|one| *one != number);
                }
                if generation == Some(members[index].generation) {
                    claims.is_disputed[number] = true;
                } else {
                    claims.owned[index].push(number);
                }
            }
        }
        claims
    }
}

/// Whether all subscribed to the same topics. Members without any subscription
/// that are looked at first do not count: Kafka sees them as not yet there.
fn is_uniform(members: &[Member], order: &[usize]) -> bool {
    let mut others = order.iter().map(|index| &members[*index]);
    let Some(first) = others.find(|member| !member.topics.is_empty()) else {
        return true;
    };
    others.all(|member| {
        member.topics.len() == first.topics.len() && member.topics.iter().all(|topic| first.is_subscribed(topic))
    })
}
