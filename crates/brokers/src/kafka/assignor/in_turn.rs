//! Range and round robin: assignors that look at nothing but who is there.

use super::{Assignment, Member, TopicPartition, Topics};
use alloc::vec::Vec;
use core::cmp::Ordering;

/// Indices of members in the order in which they are served: static members
/// by their instance, then the others by their id.
pub fn member_order(members: &[Member]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..members.len()).collect();
    mqlab_kernel::sort_by(&mut order, |a, b| compare(&members[*a], &members[*b]));
    order
}

fn compare(a: &Member, b: &Member) -> Ordering {
    match (&a.instance, &b.instance) {
        (Some(a), Some(b)) => a.cmp(b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.id.cmp(&b.id),
    }
}

/// Topic by topic: a stretch for each who subscribed to it, and one more for
/// the first ones if it does not come out even.
pub(super) fn range(topics: &Topics, members: &[Member]) -> Assignment {
    let mut partitions = nothing(members);
    let order = member_order(members);
    for topic in 0..topics.len() {
        let name = topics.name(topic);
        let subscribed: Vec<usize> = order
            .iter()
            .copied()
            .filter(|one| members[*one].is_subscribed(name))
            .collect();
        let Some(share) = (topics.partitions(topic) as usize).checked_div(subscribed.len()) else {
            continue;
        };
        let extra = topics.partitions(topic) as usize % subscribed.len();
        let mut left = topics.of(topic);
        for (place, member) in subscribed.into_iter().enumerate() {
            partitions[member].extend(left.by_ref().take(share + usize::from(place < extra)));
        }
    }
    Assignment {
        partitions,
        transferring: Vec::new(),
    }
}

/// All partitions of all topics in one row, each to the next member in the
/// circle that subscribed to its topic.
pub(super) fn round_robin(topics: &Topics, members: &[Member]) -> Assignment {
    let mut partitions = nothing(members);
    let order = member_order(members);
    let mut turn = 0;
    for topic in 0..topics.len() {
        let name = topics.name(topic);
        if !members.iter().any(|member| member.is_subscribed(name)) {
            continue;
        }
        for partition in topics.of(topic) {
            while !members[order[turn]].is_subscribed(name) {
                turn = (turn + 1) % order.len();
            }
            partitions[order[turn]].push(partition);
            turn = (turn + 1) % order.len();
        }
    }
    Assignment {
        partitions,
        transferring: Vec::new(),
    }
}

fn nothing(members: &[Member]) -> Vec<Vec<TopicPartition>> {
    members.iter().map(|_| Vec::new()).collect()
}
