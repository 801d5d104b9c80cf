use alloc::collections::BinaryHeap;
use alloc::vec::Vec;
use core::cmp::Reverse;

use proptest::prelude::*;

use super::*;

fn at(nanos: u64) -> SimTime {
    SimTime::from_nanos(nanos)
}

#[test]
fn equal_times_go_by_lane_and_then_by_push() {
    let mut agenda = Agenda::new(3);
    for (lane, nanos, action) in [(2, 5, 'd'), (1, 5, 'b'), (1, 5, 'c'), (0, 6, 'e'), (2, 4, 'a')] {
        agenda.push(LaneId(lane), at(nanos), action);
    }
    let popped: Vec<char> = core::iter::from_fn(|| agenda.pop_until(SimTime::MAX))
        .map(|p| p.2)
        .collect();
    assert_eq!(popped, ['a', 'b', 'c', 'd', 'e']);
    assert!(agenda.is_empty());
}

#[test]
fn an_action_pushed_during_its_instant_still_belongs_to_it() {
    let mut agenda = Agenda::new(2);
    agenda.push(LaneId(0), at(5), 'a');
    agenda.push(LaneId(1), at(5), 'c');
    assert_eq!(agenda.pop_until(at(5)).map(|p| p.2), Some('a'));
    agenda.push(LaneId(0), at(5), 'b');
    assert_eq!(agenda.pop_until(at(5)).map(|p| p.2), Some('b'));
    assert_eq!(agenda.pop_until(at(5)).map(|p| p.2), Some('c'));
}

#[test]
fn the_limit_is_inclusive_and_leaves_the_rest() {
    let mut agenda = Agenda::new(1);
    agenda.push(LaneId(0), at(5), ());
    assert_eq!(agenda.pop_until(at(4)), None);
    assert_eq!(agenda.next_time(), Some(at(5)));
    assert_eq!(agenda.pop_until(at(5)), Some((at(5), LaneId(0), ())));
    assert_eq!(agenda.next_time(), None);
}

#[test]
#[should_panic(expected = "index out of bounds")]
fn a_lane_that_does_not_exist_panics() {
    Agenda::new(2).push(LaneId(2), SimTime::ZERO, ());
}

#[test]
fn a_hundred_thousand_lanes_work() {
    let count = 100_000;
    let mut agenda = Agenda::new(count);
    for lane in 0..count {
        agenda.push(LaneId(lane), at(u64::from(lane * 7_919 % count)), lane);
    }
    let mut last = None;
    let mut popped = 0;
    while let Some((time, lane, action)) = agenda.pop_until(SimTime::MAX) {
        assert_eq!(lane.0, action);
        assert!(last < Some((time, lane)));
        last = Some((time, lane));
        popped += 1;
    }
    assert_eq!(popped, count);
}

/// One heap ordered by (time, lane, index in lane): the agenda's definition.
#[derive(Clone, Default)]
struct Naive {
    heap: BinaryHeap<Reverse<(u64, u32, u64, u16)>>,
    pushed: u64,
}

impl Naive {
    fn push(&mut self, lane: u32, nanos: u64, action: u16) {
        self.heap.push(Reverse((nanos, lane, self.pushed, action)));
        self.pushed += 1;
    }

    fn pop_until(&mut self, limit: u64) -> Option<(SimTime, LaneId, u16)> {
        let Reverse((nanos, lane, _, action)) = *self.heap.peek()?;
        if nanos > limit {
            return None;
        }
        self.heap.pop();
        Some((at(nanos), LaneId(lane), action))
    }

    fn lane(&self, lane: u32) -> Vec<(u64, u16)> {
        let mut all: Vec<_> = self.heap.iter().map(|r| r.0).filter(|e| e.1 == lane).collect();
        all.sort_unstable();
        all.iter().map(|e| (e.0, e.3)).collect()
    }
}

#[derive(Clone, Debug)]
enum Step {
    /// Pushes after the lane's previous push, as a well-behaved source does.
    InOrder(u32, u64),
    /// Pushes anywhere.
    Anywhere(u32, u64),
    Pop(u64),
    Clear(u32),
    Look(u32),
    Fork,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0u32.., 0..4u64).prop_map(|(lane, later)| Step::InOrder(lane, later)),
        4 => (0u32.., 0..60u64).prop_map(|(lane, nanos)| Step::Anywhere(lane, nanos)),
        10 => (0..80u64).prop_map(Step::Pop),
        1 => (0u32..).prop_map(Step::Clear),
        1 => (0u32..).prop_map(Step::Look),
        1 => Just(Step::Fork),
    ]
}

/// Applies `step` to both and compares what can be seen.
fn apply(step: &Step, number: u16, lane_count: u32, agenda: &mut Agenda<u16>, naive: &mut Naive) {
    let lane_of = |lane: u32| lane % lane_count;
    match *step {
        Step::InOrder(lane, later) => {
            let lane = lane_of(lane);
            let last = naive.lane(lane).last().map_or(0, |e| e.0);
            agenda.push(LaneId(lane), at(last + later), number);
            naive.push(lane, last + later, number);
        }
        Step::Anywhere(lane, nanos) => {
            agenda.push(LaneId(lane_of(lane)), at(nanos), number);
            naive.push(lane_of(lane), nanos, number);
        }
        Step::Pop(limit) => assert_eq!(agenda.pop_until(at(limit)), naive.pop_until(limit)),
        Step::Clear(lane) => {
            let lane = lane_of(lane);
            let mut cleared = Vec::new();
            agenda.clear_lane(LaneId(lane), |at, action| cleared.push((at.nanos(), action)));
            assert_eq!(cleared, naive.lane(lane));
            naive.heap.retain(|r| r.0.1 != lane);
        }
        Step::Look(lane) => {
            let lane = lane_of(lane);
            let seen: Vec<_> = agenda.iter_lane(LaneId(lane)).map(|(at, a)| (at.nanos(), *a)).collect();
            assert_eq!(seen, naive.lane(lane));
            assert_eq!(agenda.lane_len(LaneId(lane)), seen.len());
        }
        Step::Fork => {}
    }
    assert_eq!(agenda.len(), naive.heap.len());
    assert_eq!(agenda.next_time(), naive.heap.peek().map(|r| at(r.0.0)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]
    #[test]
    fn agrees_with_one_heap_and_so_do_clones(
        lane_count in prop_oneof![1..9u32, Just(16u32), 1_020..1_030u32, Just(3_000u32)],
        steps in proptest::collection::vec(step(), 1..300),
    ) {
        let (mut agenda, mut naive) = (Agenda::new(lane_count), Naive::default());
        let mut forks = Vec::new();
        for (number, step) in steps.iter().enumerate() {
            apply(step, number as u16, lane_count, &mut agenda, &mut naive);
            if matches!(step, Step::Fork) {
                forks.push((agenda.clone(), naive.clone()));
            }
        }
        forks.push((agenda, naive));
        for (mut agenda, mut naive) in forks {
            while let Some(expected) = naive.pop_until(u64::MAX) {
                prop_assert_eq!(agenda.pop_until(SimTime::MAX), Some(expected));
            }
            prop_assert!(agenda.is_empty());
        }
    }
}
