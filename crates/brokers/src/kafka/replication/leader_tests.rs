use super::*;
use proptest::prelude::*;

const LEADER: BrokerId = BrokerId(0);

fn at(milliseconds: u64) -> SimTime {
    SimTime::ZERO + SimSpan::from_millis(milliseconds)
}

fn brokers(numbers: &[u32]) -> Vec<BrokerId> {
    numbers.iter().copied().map(BrokerId).collect()
}

fn leader(in_sync: &[u32], rules: Replication, log_end: u64) -> Leader {
    Leader::new(LEADER, &brokers(&[0, 1, 2]), &brokers(in_sync), rules, log_end, at(0))
}

#[test]
fn a_replica_joins_when_the_controller_says_so() {
    let mut leader = leader(&[0, 2], Replication::default(), 5);
    leader.fetched(BrokerId(1), 4, 7, 1, at(1));
    assert_eq!(leader.proposed(), None, "it has not yet the leader's beginning");
    leader.fetched(BrokerId(1), 5, 7, 1, at(2));
    assert_eq!(leader.proposed(), Some(brokers(&[0, 1, 2]).as_slice()));
    assert_eq!(leader.in_sync(), brokers(&[0, 2]));
    leader.confirmed(&brokers(&[0, 1, 2]));
    assert_eq!(
        (leader.in_sync(), leader.proposed()),
        (brokers(&[0, 1, 2]).as_slice(), None)
    );
}

#[test]
fn a_fenced_broker_does_not_join() {
    let mut leader = leader(&[0], Replication::default(), 0);
    leader.set_eligible(BrokerId(1), false);
    leader.fetched(BrokerId(1), 5, 5, 0, at(1));
    assert_eq!(leader.proposed(), None);
    leader.set_eligible(BrokerId(1), true);
    leader.fetched(BrokerId(1), 5, 5, 0, at(2));
    assert_eq!(leader.proposed(), Some(brokers(&[0, 1]).as_slice()));
}

#[test]
fn who_should_leave_is_waited_for_until_the_controller_has_confirmed() {
    let mut leader = leader(&[0, 1, 2], Replication::default(), 0);
    for time in [0, 20_000, 40_000] {
        leader.fetched(BrokerId(1), 10, 10, 0, at(time));
    }
    leader.fetched(BrokerId(2), 4, 10, 0, at(0));
    assert!(!leader.shrink(10, at(30_000)), "thirty seconds are not yet over");
    assert!(leader.shrink(10, at(30_001)));
    assert!(!leader.shrink(10, at(30_002)), "one question at a time");
    assert_eq!(leader.high_watermark(0, 10, at(30_002)), 4);
    leader.confirmed(&brokers(&[0, 1]));
    assert_eq!(leader.high_watermark(4, 10, at(30_003)), 10);
}

#[test]
fn who_keeps_up_outside_is_waited_for_too() {
    let mut leader = leader(&[0], Replication::default(), 0);
    leader.set_eligible(BrokerId(2), false);
    leader.fetched(BrokerId(1), 8, 8, 0, at(1));
    leader.fetched(BrokerId(2), 8, 8, 0, at(1));
    leader.refused();
    assert_eq!(leader.high_watermark(0, 12, at(2)), 8);
    // It had everything a second too long ago.
    assert_eq!(leader.high_watermark(8, 12, at(31_000)), 12);
}

#[test]
fn below_the_least_number_the_high_watermark_stands_still_since_3_7() {
    let rules = |freezes_below_min: bool| Replication {
        min_insync: 2,
        freezes_below_min,
        ..Replication::default()
    };
    assert_eq!(leader(&[0], rules(true), 0).high_watermark(3, 9, at(1)), 3);
    assert_eq!(leader(&[0], rules(false), 0).high_watermark(3, 9, at(1)), 9);
}

#[test]
fn counting_records_throws_followers_out_in_every_burst() {
    let rules = |lag: LagRule| Replication {
        lag,
        ..Replication::default()
    };
    for (lag, leaves) in [
        (LagRule::Records(4_000), true),
        (LagRule::Time(SimSpan::from_secs(10)), false),
    ] {
        let mut leader = leader(&[0, 1], rules(lag), 0);
        leader.fetched(BrokerId(1), 100, 100, 0, at(0));
        assert_eq!(leader.shrink(5_000, at(1)), leaves, "{lag:?}");
    }
}

#[test]
fn a_new_leader_does_not_say_what_it_does_not_know() {
    let leader = leader(&[0, 1], Replication::default(), 5);
    assert_eq!(leader.latest_offset(2), Err(Error::OffsetNotAvailable));
    assert_eq!(leader.latest_offset(5), Ok(5));
}

#[derive(Clone, Debug)]
enum Step {
    Append(u64),
    Fetch(u32, u64),
    Pause(u64),
    Shrink,
    Confirm,
    Refuse,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (1u64..20).prop_map(Step::Append),
        6 => (1u32..3, 0u64..30).prop_map(|(who, more)| Step::Fetch(who, more)),
        2 => (1u64..20_000).prop_map(Step::Pause),
        1 => Just(Step::Shrink),
        2 => Just(Step::Confirm),
        1 => Just(Step::Refuse),
    ]
}

proptest! {
    /// The model knows where every log really ends and, as a controller, what
    /// it confirmed: whoever it could elect has everything below the high
    /// watermark. That is what the high watermark is for.
    #[test]
    fn whoever_may_lead_next_has_what_is_committed(steps in proptest::collection::vec(step(), 1..80)) {
        let mut leader = leader(&[0, 1, 2], Replication::default(), 0);
        let (mut now, mut end, mut high_watermark) = (0, 0, 0);
        let mut ends = [0, 0, 0];
        for step in steps {
            match step {
                Step::Append(records) => end += records,
                Step::Fetch(who, more) => {
                    let own = &mut ends[who as usize];
                    *own = (*own + more).min(end);
                    leader.fetched(BrokerId(who), *own, end, high_watermark, at(now));
                }
                Step::Pause(milliseconds) => now += milliseconds,
                Step::Shrink => {
                    leader.shrink(end, at(now));
                }
                Step::Confirm => {
                    if let Some(proposed) = leader.proposed().map(<[BrokerId]>::to_vec) {
                        leader.confirmed(&proposed);
                    }
                }
                Step::Refuse => leader.refused(),
            }
            ends[0] = end;
            let risen = leader.high_watermark(high_watermark, end, at(now));
            prop_assert!(risen >= high_watermark && risen <= end);
            high_watermark = risen;
            for broker in leader.maximal_in_sync() {
                prop_assert!(ends[broker.0 as usize] >= high_watermark);
            }
        }
    }
}
