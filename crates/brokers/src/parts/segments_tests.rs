use super::*;
use alloc::collections::BTreeMap;
use mqlab_kernel::SimSpan;
use proptest::prelude::*;

/// A record that is its time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct At(u64);

impl Stored for At {
    fn time(&self) -> SimTime {
        SimTime::ZERO + SimSpan::from_millis(self.0)
    }
}

/// So that sizes differ.
fn bytes_of(record: &At) -> u64 {
    record.0 % 7 + 1
}

#[test]
fn a_clone_shares_what_is_sealed() {
    let mut log = Segments::new(0, SimTime::ZERO);
    for number in 0..10 {
        log.push(At(number), 1);
        if number % 4 == 3 {
            log.roll(SimTime::ZERO);
        }
    }
    let clone = log.clone();
    for (ours, theirs) in log.sealed.iter().zip(&clone.sealed) {
        assert!(Rc::ptr_eq(ours, theirs));
    }
    log.truncate(2, &bytes_of);
    assert_eq!((log.end(), clone.end()), (2, 10));
}

#[test]
fn all_segments_can_be_deleted_and_the_log_goes_on() {
    let mut log = Segments::new(5, SimTime::ZERO);
    log.push(At(1), 1);
    log.roll(SimTime::ZERO);
    log.push(At(2), 1);
    log.delete_oldest(2, SimTime::ZERO);
    assert!(log.is_empty());
    assert_eq!(log.push(At(3), 1), 7);
}

#[derive(Clone, Debug)]
enum Step {
    Push(u64),
    Roll,
    Delete(usize),
    Truncate(u64),
    ThinOut(u64, u64),
    Fork,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (0u64..100).prop_map(Step::Push),
        4 => Just(Step::Roll),
        1 => (0usize..4).prop_map(Step::Delete),
        2 => (0u64..60).prop_map(Step::Truncate),
        3 => (0u64..60, 2u64..5).prop_map(|(end, nth)| Step::ThinOut(end, nth)),
        1 => Just(Step::Fork),
    ]
}

/// The model: records by offset, and where each segment begins.
#[derive(Clone, Default, Debug)]
struct Naive {
    records: BTreeMap<u64, At>,
    end: u64,
}

proptest! {
    /// The model is a map from offsets to records.
    #[test]
    fn it_is_a_map_from_offsets_to_records(steps in proptest::collection::vec(step(), 0..80), asked in 0u64..100) {
        let mut log = Segments::new(0, SimTime::ZERO);
        let mut naive = Naive::default();
        let mut forked = None;
        for step in steps {
            match step {
                Step::Push(time) => {
                    prop_assert_eq!(log.push(At(time), bytes_of(&At(time))), naive.end);
                    naive.records.insert(naive.end, At(time));
                    naive.end += 1;
                }
                Step::Roll => log.roll(SimTime::ZERO),
                Step::Delete(count) => {
                    let start = log.iter().nth(count).map_or(naive.end, Segment::base);
                    log.delete_oldest(count, SimTime::ZERO);
                    naive.records.retain(|offset, _| *offset >= start);
                }
                Step::Truncate(end) => {
                    log.truncate(end, &bytes_of);
                    naive.records.retain(|offset, _| *offset < end);
                    naive.end = naive.end.min(end);
                }
                Step::ThinOut(end, nth) => {
                    let end = end.min(log.active().base());
                    let is_gone = |offset: u64| offset.is_multiple_of(nth);
                    log.thin_out(end, &is_gone, &bytes_of);
                    naive.records.retain(|offset, _| *offset >= end || !is_gone(*offset));
                }
                Step::Fork => forked = Some((log.clone(), naive.clone())),
            }
            prop_assert_eq!(log.end(), naive.end);
            prop_assert_eq!(log.len(), naive.records.len());
        }
        for (log, naive) in [Some((log, naive)), forked].into_iter().flatten() {
            let all: Vec<(u64, At)> = log.iter_from(0).map(|(offset, record)| (offset, *record)).collect();
            prop_assert!(all.iter().copied().eq(naive.records.iter().map(|(offset, record)| (*offset, *record))));
            let from: Vec<u64> = log.iter_from(asked).map(|(offset, _)| offset).collect();
            prop_assert!(from.iter().eq(naive.records.range(asked..).map(|(offset, _)| offset)));
            let late = naive.records.iter().find(|(_, record)| record.0 >= asked).map(|(offset, _)| *offset);
            let time = SimTime::ZERO + SimSpan::from_millis(asked);
            prop_assert_eq!(log.at_time(time).map(|(offset, _)| offset), late);
            let bytes: u64 = log.iter().map(Segment::bytes).sum();
            prop_assert_eq!(bytes, naive.records.values().map(bytes_of).sum::<u64>());
        }
    }
}
