use super::*;
use mqlab_kernel::SimSpan;
use mqlab_model::{Message, MessageId, SourceId};
use proptest::prelude::*;

const ONE: ProducerId = ProducerId(1);

fn at(seconds: u64) -> SimTime {
    SimTime::ZERO + SimSpan::from_secs(seconds)
}

/// Every record has a hundred bytes.
fn bytes_of(_: &Record) -> u64 {
    100
}

fn record(number: u64, key: Option<u32>, seconds: u64) -> Record {
    Record::new(
        Message::new(MessageId::new(SourceId(0), number), at(seconds), true),
        key,
    )
}

fn log(settings: LogSettings) -> PartitionLog {
    PartitionLog::new(settings, 0, at(0))
}

/// Two records to a segment.
fn small() -> LogSettings {
    LogSettings {
        roll: Roll {
            bytes: 200,
            ..Roll::default()
        },
        ..LogSettings::default()
    }
}

fn write(log: &mut PartitionLog, record: Record) -> u64 {
    log.append(&[record], None, 0, &bytes_of, at(0)).unwrap().first
}

fn offsets(log: &PartitionLog, reader: Reader) -> Vec<u64> {
    log.read(log.marks().start(), reader)
        .unwrap()
        .map(|(offset, _)| offset)
        .collect()
}

fn stamp(sequence: i32, is_transactional: bool) -> Stamp {
    Stamp {
        producer: ONE,
        epoch: 0,
        sequence,
        records: 1,
        is_transactional,
    }
}

#[test]
fn each_reader_reads_as_far_as_it_may() {
    let mut log = log(small());
    let mine = record(1, None, 0).in_transaction_of(ONE);
    write(&mut log, record(0, None, 0));
    log.append(&[mine], Some(&stamp(0, true)), 0, &bytes_of, at(0)).unwrap();
    write(&mut log, record(2, None, 0));
    log.commit(2);
    assert_eq!(offsets(&log, Reader::Replica), [0, 1, 2]);
    assert_eq!(offsets(&log, Reader::Uncommitted), [0, 1]);
    assert_eq!(offsets(&log, Reader::Committed), [0]);
    assert_eq!(log.end_transaction((ONE, 0), false, 0, &bytes_of, at(0)), Ok(3));
    log.commit(4);
    assert_eq!(offsets(&log, Reader::Committed), [0, 1, 2, 3]);
    assert_eq!(
        log.aborted(0)
            .iter()
            .map(|ended| (ended.first, ended.marker))
            .collect::<Vec<_>>(),
        [(1, 3)]
    );
    assert!(log.read(5, Reader::Replica).is_err());
}

#[test]
fn what_is_sent_again_stands_once() {
    let mut log = log(small());
    let mut send = |sequence: i32| {
        log.append(
            &[record(0, None, 0)],
            Some(&stamp(sequence, false)),
            0,
            &bytes_of,
            at(0),
        )
    };
    assert_eq!(send(0).map(|sent| (sent.first, sent.is_duplicate)), Ok((0, false)));
    assert_eq!(send(0).map(|sent| (sent.first, sent.is_duplicate)), Ok((0, true)));
    assert_eq!(send(2), Err(Error::OutOfOrderSequenceNumber));
    assert_eq!(log.marks().end(), 1);
}

#[test]
fn old_segments_go_and_the_start_moves() {
    let mut log = log(LogSettings {
        retention: Retention {
            time: Some(SimSpan::from_secs(10)),
            ..Retention::default()
        },
        ..small()
    });
    for number in 0..6 {
        write(&mut log, record(number, None, number));
    }
    log.commit(4);
    assert_eq!(log.delete_old(at(12)), 1);
    assert_eq!(log.marks().start(), 2);
    assert_eq!(log.delete_old(at(100)), 1, "the rest is not committed");
    assert_eq!(log.read(1, Reader::Replica).err(), Some(Error::OffsetOutOfRange));
    log.commit(6);
    assert_eq!(log.delete_old(at(100)), 1);
    assert_eq!((log.marks().start(), log.marks().end()), (6, 6));
    assert_eq!(write(&mut log, record(6, None, 100)), 6);
}

#[test]
fn of_each_key_the_latest_stays_but_for_the_active_segment() {
    let mut log = log(LogSettings {
        compaction: Compaction {
            compacts: true,
            ..Compaction::default()
        },
        ..small()
    });
    for (number, key) in (0..).zip([1, 2, 1, 3, 2, 1]) {
        write(&mut log, record(number, Some(key), 0));
    }
    assert_eq!(
        log.append(&[record(9, None, 0)], None, 0, &bytes_of, at(0)),
        Err(Error::InvalidRecord)
    );
    assert_eq!(log.compact(&bytes_of, at(1)).len(), 0, "nothing is decided yet");
    log.commit(6);
    assert_eq!(log.compact(&bytes_of, at(1)).len(), 1);
    assert_eq!(offsets(&log, Reader::Replica), [1, 2, 3, 4, 5]);
}

#[test]
fn a_time_finds_the_first_record_that_is_not_older() {
    let mut log = log(small());
    for (number, seconds) in (0..).zip([1, 5, 3, 7]) {
        write(&mut log, record(number, None, seconds));
    }
    log.commit(3);
    assert_eq!(log.offset_at(at(4), Reader::Uncommitted), Some(1));
    assert_eq!(log.offset_at(at(6), Reader::Uncommitted), None, "it is not committed");
    assert_eq!(log.offset_at(at(6), Reader::Replica), Some(3));
}

proptest! {
    /// A log that was cut back is the log that never had more.
    #[test]
    fn cutting_back_leaves_no_trace(
        steps in proptest::collection::vec((0u32..4, 0u32..3), 1..30),
        cut in any::<prop::sample::Index>(),
    ) {
        let apply = |log: &mut PartitionLog, steps: &[(u32, u32)]| {
            let mut epoch = 0;
            for (number, (kind, later)) in (0..).zip(steps) {
                epoch += later;
                let mine = record(number, None, number).in_transaction_of(ONE);
                if *kind == 3 {
                    log.end_transaction((ONE, 0), later % 2 == 0, epoch, &bytes_of, at(number)).unwrap();
                } else {
                    log.append(&[mine], None, epoch, &bytes_of, at(number)).unwrap();
                    log.transactions.wrote(ONE, number);
                }
            }
        };
        let cut = cut.index(steps.len() + 1);
        let (mut long, mut short) = (log(small()), log(small()));
        apply(&mut long, &steps);
        apply(&mut short, &steps[..cut]);
        long.truncate(cut as u64, &bytes_of);
        let seen = |log: &PartitionLog| log.segments.iter_from(0).map(|(at, one)| (at, *one)).collect::<Vec<_>>();
        prop_assert_eq!(seen(&long), seen(&short));
        prop_assert_eq!(long.marks, short.marks);
        prop_assert_eq!(&long.epochs, &short.epochs);
        prop_assert_eq!(&long.transactions, &short.transactions);
    }
}
