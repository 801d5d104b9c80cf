use super::*;
use crate::kafka::{Assignor, Member, Topics};
use alloc::string::ToString;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn at(seconds: u64) -> SimTime {
    SimTime::ZERO + SimSpan::from_secs(seconds)
}

/// A request of a client with a session of 10 and a rebalance timeout of 60
/// seconds.
fn join(id: &str, number: Option<MemberNumber>) -> Join {
    Join {
        number,
        member: Member {
            id: id.to_string(),
            topics: alloc::vec!["t".to_string()],
            generation: -1,
            ..Member::default()
        },
        session: SimSpan::from_secs(10),
        rebalance: SimSpan::from_secs(60),
    }
}

fn fixed(instance: &str) -> Join {
    let mut join = join("c", None);
    join.member.instance = Some(instance.to_string());
    join
}

fn topics() -> Topics {
    Topics::new(alloc::vec![("t".to_string(), 4)])
}

/// What the leader brings along after it was told who is there.
fn assigned(members: &[(MemberNumber, Member)]) -> Vec<(MemberNumber, Vec<TopicPartition>)> {
    let list: Vec<Member> = members.iter().map(|(_, member)| member.clone()).collect();
    let partitions = Assignor::Range.assign(&topics(), &list).partitions;
    members.iter().map(|(number, _)| *number).zip(partitions).collect()
}

/// Answers whoever was told that it joined, with a sync, until nobody is told
/// anything.
fn settle(group: &mut Group, now: SimTime) {
    loop {
        let told = group.take_told();
        if told.is_empty() {
            return;
        }
        for told in told {
            if let Told::Joined {
                to,
                generation,
                members,
                ..
            } = told
            {
                group.sync(to, generation, assigned(&members), now).unwrap();
            }
        }
    }
}

/// A stable group of two dynamic members.
fn pair() -> (Group, MemberNumber, MemberNumber) {
    let mut group = Group::new(GroupSettings::default());
    let one = group.join(join("a", None), at(0)).unwrap();
    let two = group.join(join("b", None), at(1)).unwrap();
    assert!(group.take_told().is_empty(), "a new group waits");
    group.tick(at(3));
    group.tick(at(6));
    settle(&mut group, at(6));
    assert_eq!((group.state(), group.generation()), (GroupState::Stable, 1));
    (group, one, two)
}

fn sizes(group: &Group) -> Vec<usize> {
    group.members().map(|(_, partitions)| partitions.len()).collect()
}

#[test]
fn a_new_group_waits_for_others_as_long_as_some_come() {
    let mut group = Group::new(GroupSettings::default());
    group.join(join("a", None), at(0)).unwrap();
    assert_eq!(group.deadline(), Some(at(3)));
    group.tick(at(3));
    assert_eq!(group.deadline(), Some(at(6)), "one came");
    group.tick(at(6));
    assert_eq!(group.state(), GroupState::CompletingRebalance);
}

#[test]
fn members_hear_of_a_rebalance_by_their_heartbeats() {
    let (mut group, one, two) = pair();
    assert_eq!(sizes(&group), [2, 2]);
    let three = group.join(join("c", None), at(7)).unwrap();
    assert_eq!(group.heartbeat(one, 1, at(8)), Err(Error::RebalanceInProgress));
    group.join(join("a", Some(one)), at(8)).unwrap();
    assert_eq!(group.state(), GroupState::PreparingRebalance, "one is missing");
    group.join(join("b", Some(two)), at(9)).unwrap();
    settle(&mut group, at(9));
    assert_eq!((group.generation(), sizes(&group)), (2, alloc::vec![2, 1, 1]));
    assert_eq!(group.heartbeat(three, 2, at(10)), Ok(()));
    assert_eq!(group.heartbeat(one, 1, at(10)), Err(Error::IllegalGeneration));
}

#[test]
fn who_is_silent_for_a_session_is_out() {
    let (mut group, one, two) = pair();
    group.heartbeat(one, 1, at(15)).unwrap();
    group.tick(at(16));
    assert_eq!(group.heartbeat(two, 1, at(16)), Err(Error::UnknownMemberId));
    assert_eq!(group.heartbeat(one, 1, at(16)), Err(Error::RebalanceInProgress));
    group.join(join("a", Some(one)), at(17)).unwrap();
    settle(&mut group, at(17));
    assert_eq!((group.generation(), sizes(&group)), (2, alloc::vec![4]));
}

#[test]
fn who_does_not_join_in_time_is_out() {
    let (mut group, one, two) = pair();
    let three = group.join(join("c", None), at(7)).unwrap();
    // They live, and are busy with what they polled.
    for second in 8..=67 {
        for number in [one, two] {
            let _ = group.heartbeat(number, 1, at(second));
        }
        group.tick(at(second));
    }
    settle(&mut group, at(67));
    assert_eq!(group.members().map(|(number, _)| number).collect::<Vec<_>>(), [three]);
}

#[test]
fn a_commit_of_an_older_generation_is_refused() {
    let (mut group, one, two) = pair();
    let partition = TopicPartition { topic: 0, partition: 0 };
    group.commit(one, 1, &[(partition, 5)], at(7)).unwrap();
    group.leave(two, at(8)).unwrap();
    group.commit(one, 1, &[(partition, 6)], at(8)).unwrap();
    group.join(join("a", Some(one)), at(9)).unwrap();
    assert_eq!(
        group.commit(one, 1, &[(partition, 7)], at(9)),
        Err(Error::IllegalGeneration)
    );
    assert_eq!(
        group.commit(one, 2, &[(partition, 7)], at(9)),
        Err(Error::RebalanceInProgress)
    );
    assert_eq!(
        group.commit(two, 2, &[(partition, 7)], at(9)),
        Err(Error::UnknownMemberId)
    );
    assert_eq!(group.committed().of(partition), Some(6));
    assert!(group.reset(&[(partition, 0)]).is_err(), "somebody is there");
}

#[test]
fn a_static_member_that_comes_back_disturbs_nobody() {
    let mut group = Group::new(GroupSettings::default());
    let one = group.join(fixed("one"), at(0)).unwrap();
    group.join(fixed("two"), at(0)).unwrap();
    group.tick(at(3));
    group.tick(at(6));
    settle(&mut group, at(6));
    let again = group.join(fixed("one"), at(9)).unwrap();
    settle(&mut group, at(9));
    assert_eq!(
        (group.state(), group.generation(), sizes(&group)),
        (GroupState::Stable, 1, alloc::vec![2, 2])
    );
    assert_eq!(group.heartbeat(one, 1, at(10)), Err(Error::UnknownMemberId));
    assert_eq!(group.heartbeat(again, 1, at(10)), Ok(()));
    let mut old = fixed("one");
    old.number = Some(one);
    assert_eq!(group.join(old, at(10)), Err(Error::FencedInstanceId));
}

#[test]
fn a_leader_that_never_assigns_is_out() {
    let mut group = Group::new(GroupSettings::default());
    let one = group.join(join("a", None), at(0)).unwrap();
    let two = group.join(join("b", None), at(0)).unwrap();
    group.tick(at(3));
    group.tick(at(6));
    assert_eq!(group.leader(), Some(one));
    group.sync(two, 1, Vec::new(), at(7)).unwrap();
    for second in 8..=66 {
        let _ = group.heartbeat(one, 1, at(second));
        group.tick(at(second));
    }
    let refused = Told::Refused {
        to: two,
        error: Error::RebalanceInProgress,
    };
    assert!(group.take_told().contains(&refused));
    assert_eq!(group.heartbeat(one, 1, at(67)), Err(Error::UnknownMemberId));
}

#[test]
fn a_full_group_takes_nobody() {
    let mut group = Group::new(GroupSettings {
        members_max: 1,
        ..GroupSettings::default()
    });
    group.join(join("a", None), at(0)).unwrap();
    assert_eq!(group.join(join("b", None), at(0)), Err(Error::GroupMaxSizeReached));
}

/// A client as the property plays it.
#[derive(Clone, Copy, Default, Debug)]
struct Client {
    number: Option<MemberNumber>,
    generation: i32,
}

#[derive(Clone, Debug)]
enum Step {
    Start,
    Crash(prop::sample::Index),
    Leave(prop::sample::Index),
    Beat(prop::sample::Index),
    Pass(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Start),
        1 => any::<prop::sample::Index>().prop_map(Step::Crash),
        1 => any::<prop::sample::Index>().prop_map(Step::Leave),
        8 => any::<prop::sample::Index>().prop_map(Step::Beat),
        4 => (0u64..8).prop_map(Step::Pass),
    ]
}

proptest! {
    /// Whatever happens: within a generation a partition is given to one
    /// member, a generation never comes twice, and once everybody lives and
    /// beats, everything is assigned.
    #[test]
    fn in_a_generation_a_partition_has_one_owner(steps in proptest::collection::vec(step(), 1..80)) {
        let mut group = Group::new(GroupSettings::default());
        let mut clients: Vec<Client> = Vec::new();
        let mut owners: BTreeMap<(i32, TopicPartition), MemberNumber> = BTreeMap::new();
        let mut now = 0;
        // In the end everybody beats for two rebalance timeouts.
        let quiet = (0..140).flat_map(|_| (0..24).map(|_| None).chain([Some(1)]));
        let steps = steps.into_iter().map(Ok).chain(quiet.map(Err));
        let mut turn = 0;
        for step in steps {
            let step = match step {
                Ok(step) => step,
                Err(Some(seconds)) => Step::Pass(seconds),
                Err(None) => {
                    turn += 1;
                    if clients.is_empty() {
                        continue;
                    }
                    let at = turn % clients.len();
                    beat(&mut group, &mut clients[at], now);
                    Step::Pass(0)
                }
            };
            match step {
                Step::Start if clients.len() < 6 => {
                    let number = group.join(join("c", None), at(now)).unwrap();
                    clients.push(Client { number: Some(number), generation: -1 });
                }
                Step::Crash(who) if !clients.is_empty() => {
                    clients.swap_remove(who.index(clients.len()));
                }
                Step::Leave(who) if !clients.is_empty() => {
                    let client = clients.swap_remove(who.index(clients.len()));
                    if let Some(number) = client.number {
                        let _ = group.leave(number, at(now));
                    }
                }
                Step::Beat(who) if !clients.is_empty() => {
                    let who = who.index(clients.len());
                    beat(&mut group, &mut clients[who], now);
                }
                Step::Pass(seconds) => {
                    now += seconds;
                    group.tick(at(now));
                }
                _ => {}
            }
            loop {
                let told = group.take_told();
                if told.is_empty() {
                    break;
                }
                for told in told {
                    match told {
                        Told::Joined { to, generation, members, .. } => {
                            let Some(client) = clients.iter_mut().find(|one| one.number == Some(to)) else { continue };
                            client.generation = generation;
                            let _ = group.sync(to, generation, assigned(&members), at(now));
                        }
                        Told::Synced { to, partitions } => {
                            for partition in partitions {
                                let owner = *owners.entry((group.generation(), partition)).or_insert(to);
                                prop_assert_eq!(owner, to);
                            }
                        }
                        Told::Refused { .. } => {}
                    }
                }
            }
        }
        let shares: usize = sizes(&group).into_iter().sum();
        let is_empty = clients.is_empty();
        prop_assert_eq!(group.state(), if is_empty { GroupState::Empty } else { GroupState::Stable });
        prop_assert_eq!(shares, if is_empty { 0 } else { 4 });
    }
}

/// A client beats, and does what the answer says.
fn beat(group: &mut Group, client: &mut Client, now: u64) {
    let result = match client.number {
        Some(number) => group.heartbeat(number, client.generation, at(now)),
        None => Err(Error::UnknownMemberId),
    };
    match result {
        Ok(()) => {}
        Err(Error::RebalanceInProgress) => {
            let _ = group.join(join("c", client.number), at(now));
        }
        Err(Error::UnknownMemberId) => {
            client.number = group.join(join("c", None), at(now)).ok();
        }
        // It waits for an answer, or has to begin again.
        Err(_) => {
            let _ = group.join(join("c", client.number), at(now));
        }
    }
}
