use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::string::ToString;

fn topics(counts: &[u32]) -> Topics {
    Topics::new(
        (1..)
            .zip(counts)
            .map(|(number, count)| (alloc::format!("t{number}"), *count))
            .collect(),
    )
}

fn member(id: &str, topics: &str) -> Member {
    Member {
        id: id.to_string(),
        topics: topics.split_whitespace().map(ToString::to_string).collect(),
        generation: -1,
        ..Member::default()
    }
}

/// What each member has, as `t1-0 t1-1`.
fn shown(topics: &Topics, assignment: &Assignment) -> Vec<String> {
    let name = |one: &TopicPartition| alloc::format!("{}-{}", topics.name(one.topic), one.partition);
    let list = |list: &Vec<TopicPartition>| list.iter().map(name).collect::<Vec<String>>().join(" ");
    assignment.partitions.iter().map(list).collect()
}

#[test]
fn range_gives_stretches_and_the_first_ones_one_more() {
    let topics = topics(&[3, 3]);
    let members = [member("b", "t1 t2"), member("a", "t1 t2")];
    let assignment = Assignor::Range.assign(&topics, &members);
    assert_eq!(shown(&topics, &assignment), ["t1-2 t2-2", "t1-0 t1-1 t2-0 t2-1"]);
}

#[test]
fn round_robin_passes_over_who_did_not_subscribe() {
    let topics = topics(&[3, 2]);
    let members = [member("a", "t1"), member("b", "t1 t2"), member("c", "t1")];
    let assignment = Assignor::RoundRobin.assign(&topics, &members);
    assert_eq!(shown(&topics, &assignment), ["t1-0", "t1-1 t2-0 t2-1", "t1-2"]);
}

#[test]
fn static_members_stand_first_whatever_their_ids() {
    let fixed = |id: &str, instance: &str| Member {
        instance: Some(instance.to_string()),
        ..member(id, "t1")
    };
    let members = [member("a", "t1"), fixed("z", "one"), fixed("b", "two")];
    assert_eq!(member_order(&members), [1, 2, 0]);
}

/// The members of the next round: those of the last one with what they got.
fn later(members: &[Member], assignment: &Assignment, generation: i32) -> Vec<Member> {
    let with = |(member, owned): (&Member, &Vec<TopicPartition>)| Member {
        owned: owned.clone(),
        generation,
        ..member.clone()
    };
    members.iter().zip(&assignment.partitions).map(with).collect()
}

#[test]
fn the_cooperative_assignor_takes_away_before_it_gives() {
    let topics = topics(&[4]);
    let alone = [member("a", "t1")];
    let first = Assignor::CooperativeSticky.assign(&topics, &alone);
    assert_eq!(shown(&topics, &first), ["t1-0 t1-1 t1-2 t1-3"]);
    let mut members = later(&alone, &first, 1);
    members.push(member("b", "t1"));
    let second = Assignor::CooperativeSticky.assign(&topics, &members);
    assert_eq!(shown(&topics, &second), ["t1-0 t1-1", ""]);
    assert_eq!(second.transferring.len(), 2);
    let third = Assignor::CooperativeSticky.assign(&topics, &later(&members, &second, 2));
    assert_eq!(shown(&topics, &third), ["t1-0 t1-1", "t1-2 t1-3"]);
    assert!(third.transferring.is_empty());
}

#[test]
fn of_two_claims_the_later_generation_wins_and_of_equal_ones_none() {
    let topics = topics(&[2]);
    let owned = alloc::vec![TopicPartition { topic: 0, partition: 1 }];
    let claims = |id: &str, generation: i32| Member {
        owned: owned.clone(),
        generation,
        ..member(id, "t1")
    };
    let later = Assignor::Sticky.assign(&topics, &[claims("a", 1), claims("b", 2)]);
    assert_eq!(shown(&topics, &later), ["t1-0", "t1-1"]);
    let equal = Assignor::Sticky.assign(&topics, &[claims("a", 2), claims("b", 2)]);
    assert_eq!(shown(&topics, &equal), ["t1-0", "t1-1"]);
    assert_eq!(equal.transferring, [(owned[0], 1)]);
}

#[test]
fn nobody_gets_nothing() {
    for assignor in ["range", "roundrobin", "sticky", "cooperative-sticky"].map(Assignor::by_name) {
        let assignment = assignor.unwrap().assign(&topics(&[3]), &[]);
        assert_eq!(assignment, Assignment::default());
    }
    assert_eq!(Assignor::by_name("tea"), None);
}

/// What may happen to a group between two rebalances.
#[derive(Clone, Debug)]
enum Event {
    Join(u8),
    Leave(prop::sample::Index),
    Grow(prop::sample::Index, u32),
    Subscribe(prop::sample::Index, u8),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => (1u8..8).prop_map(Event::Join),
        2 => any::<prop::sample::Index>().prop_map(Event::Leave),
        1 => (any::<prop::sample::Index>(), 1u32..4).prop_map(|(topic, more)| Event::Grow(topic, more)),
        1 => (any::<prop::sample::Index>(), 1u8..8).prop_map(|(who, topics)| Event::Subscribe(who, topics)),
    ]
}

/// Topics of a bit mask.
fn subscription(mask: u8) -> String {
    let names = (0..3)
        .filter(|bit| mask & 1 << bit != 0)
        .map(|bit| alloc::format!("t{}", bit + 1));
    names.collect::<Vec<String>>().join(" ")
}

/// Lets a group live through events, and shows every assignment to `check`.
fn live(
    assignor: Assignor,
    counts: &[u32],
    is_uniform: bool,
    events: &[Event],
    mut check: impl FnMut(&Topics, &[Member], &Assignment) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    let mut counts = counts.to_vec();
    let mask = |mask: u8| if is_uniform { 7 } else { mask };
    let mut members = alloc::vec![member("m0", &subscription(mask(3)))];
    for (round, event) in (1..).zip(events) {
        match event {
            Event::Join(topics) => members.push(member(&alloc::format!("m{round}"), &subscription(mask(*topics)))),
            Event::Leave(who) if members.len() > 1 => {
                members.remove(who.index(members.len()));
            }
            Event::Grow(topic, more) => {
                let topic = topic.index(counts.len());
                counts[topic] += more;
            }
            Event::Subscribe(who, topics) => {
                let who = who.index(members.len());
                members[who].topics = member("", &subscription(mask(*topics))).topics;
            }
            Event::Leave(_) => {}
        }
        // Only what somebody subscribed to is assigned.
        let is_wanted = |topic: usize| {
            members
                .iter()
                .any(|one| one.is_subscribed(&alloc::format!("t{}", topic + 1)))
        };
        let there_is = |topic: usize| if is_wanted(topic) { counts[topic] } else { 0 };
        let topics = topics(&[0, 1, 2].map(there_is));
        // A cooperative group goes on until nothing has to move any more.
        for _ in 0..8 {
            let assignment = assignor.assign(&topics, &members);
            check(&topics, &members, &assignment)?;
            members = later(&members, &assignment, round);
            if assignor != Assignor::CooperativeSticky || assignment.transferring.is_empty() {
                break;
            }
        }
    }
    Ok(())
}

/// Everything that members may read and nobody has.
fn unread(topics: &Topics, members: &[Member], assignment: &Assignment) -> BTreeSet<TopicPartition> {
    let mut left = BTreeSet::new();
    for topic in 0..topics.len() {
        if members.iter().any(|member| member.is_subscribed(topics.name(topic))) {
            topics.of(topic).for_each(|one| assert!(left.insert(one)));
        }
    }
    for one in assignment.partitions.iter().flatten() {
        assert!(left.remove(one), "{one:?} is assigned twice, or nobody's");
    }
    left
}

proptest! {
    /// Whatever the assignor: in one generation a partition has one reader,
    /// who subscribed to it; only what has to be given up first has none.
    #[test]
    fn each_partition_has_one_reader(
        counts in proptest::collection::vec(0u32..9, 3),
        is_uniform: bool,
        events in proptest::collection::vec(event(), 1..10),
    ) {
        for assignor in [Assignor::Range, Assignor::RoundRobin, Assignor::Sticky, Assignor::CooperativeSticky] {
            live(assignor, &counts, is_uniform, &events, |topics, members, assignment| {
                let left = unread(topics, members, assignment);
                let mut waiting = BTreeSet::new();
                if assignor == Assignor::CooperativeSticky {
                    assignment.transferring.iter().for_each(|(one, _)| assert!(waiting.insert(*one)));
                }
                prop_assert_eq!(left, waiting);
                for (member, has) in members.iter().zip(&assignment.partitions) {
                    prop_assert!(has.iter().all(|one| member.is_subscribed(topics.name(one.topic))));
                }
                Ok(())
            })?;
        }
    }

    /// Shares of members with equal subscriptions differ by one at most, and
    /// what a sticky group moves is what it must: what had no owner, and what
    /// an owner has too much of.
    #[test]
    fn equal_members_share_alike_and_keep_what_they_can(
        counts in proptest::collection::vec(0u32..9, 3),
        events in proptest::collection::vec(event(), 1..10),
    ) {
        live(Assignor::Sticky, &counts, true, &events, |topics, members, assignment| {
            let sizes = || assignment.partitions.iter().map(Vec::len);
            let (least, most) = (sizes().min().unwrap(), sizes().max().unwrap());
            prop_assert!(most - least <= 1);
            let extra = topics.partitions % members.len();
            let mut owned: Vec<usize> = members.iter().map(|member| member.owned.len()).collect();
            owned.sort_unstable_by(|a, b| b.cmp(a));
            let can_keep = |(place, owned): (usize, &usize)| (*owned).min(least + usize::from(place < extra));
            let kept_at_best: usize = owned.iter().enumerate().map(can_keep).sum();
            let kept = members.iter().zip(&assignment.partitions);
            let kept: usize = kept.map(|(member, has)| has.iter().filter(|one| member.owned.contains(one)).count()).sum();
            prop_assert_eq!(kept, kept_at_best);
            Ok(())
        })?;
    }

    /// However subscriptions differ: nobody has two more than another one who
    /// could have one of them.
    #[test]
    fn no_move_makes_it_more_level(
        counts in proptest::collection::vec(0u32..9, 3),
        events in proptest::collection::vec(event(), 1..10),
    ) {
        live(Assignor::Sticky, &counts, false, &events, |topics, members, assignment| {
            for (member, has) in members.iter().zip(&assignment.partitions) {
                for other in &assignment.partitions {
                    let could_move = other.iter().any(|one| member.is_subscribed(topics.name(one.topic)));
                    prop_assert!(!could_move || other.len() <= has.len() + 1);
                }
            }
            Ok(())
        })?;
    }

    /// Where nothing happened nothing moves.
    #[test]
    fn a_second_rebalance_changes_nothing(
        counts in proptest::collection::vec(0u32..9, 3),
        is_uniform: bool,
        events in proptest::collection::vec(event(), 1..10),
    ) {
        live(Assignor::Sticky, &counts, is_uniform, &events, |topics, members, assignment| {
            let again = Assignor::Sticky.assign(topics, &later(members, assignment, 99));
            prop_assert!(again.transferring.is_empty());
            for (first, second) in assignment.partitions.iter().zip(&again.partitions) {
                let sorted = |list: &Vec<TopicPartition>| {
                    let mut list = list.clone();
                    list.sort_unstable();
                    list
                };
                prop_assert_eq!(sorted(first), sorted(second));
            }
            Ok(())
        })?;
    }

    /// Range and round robin against counting by hand.
    #[test]
    fn shares_in_turn_are_what_counting_gives(
        counts in proptest::collection::vec(0u32..9, 3),
        masks in proptest::collection::vec(1u8..8, 1..6),
    ) {
        let topics = topics(&counts);
        let members: Vec<Member> = (0..).zip(&masks).map(|(n, mask)| member(&alloc::format!("m{n}"), &subscription(*mask))).collect();
        let mut range: BTreeMap<TopicPartition, usize> = BTreeMap::new();
        let mut robin = range.clone();
        let mut circle = (0..members.len()).cycle().peekable();
        for (topic, count) in counts.iter().enumerate() {
            let readers: Vec<usize> = (0..members.len()).filter(|one| masks[*one] & 1 << topic != 0).collect();
            for one in topics.of(topic).filter(|_| !readers.is_empty()) {
                robin.insert(one, circle.find(|who| readers.contains(who)).unwrap());
                // The reader whose stretch ends after this partition.
                let share = |n: usize| (*count as usize + readers.len() - 1 - n) / readers.len();
                let ends = |n: usize| (0..=n).map(share).sum::<usize>();
                let place = (0..readers.len()).find(|n| ends(*n) > one.partition as usize).unwrap();
                range.insert(one, readers[place]);
            }
        }
        for (assignor, naive) in [(Assignor::Range, range), (Assignor::RoundRobin, robin)] {
            let mut found = BTreeMap::new();
            for (index, list) in assignor.assign(&topics, &members).partitions.iter().enumerate() {
                list.iter().for_each(|one| assert_eq!(found.insert(*one, index), None));
            }
            prop_assert_eq!(found, naive);
        }
    }
}
