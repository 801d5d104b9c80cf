//! What a partition remembers of its idempotent producers (KIP-98).
//!
//! Each batch has the producer's id, its epoch and a sequence number. The
//! broker takes what comes next, knows the last five batches again and refuses
//! gaps and producers that were replaced.

use crate::kafka::Error;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// How many batches of a producer are known again.
pub const BATCHES_REMEMBERED: usize = 5;

/// The id of a producer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ProducerId(pub u32);

/// What an idempotent producer writes onto a batch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stamp {
    /// Who.
    pub producer: ProducerId,
    /// Which life of it.
    pub epoch: u16,
    /// Sequence number of the first record.
    pub sequence: i32,
    /// How many records.
    pub records: i32,
    /// Whether they belong to a transaction.
    pub is_transactional: bool,
}

impl Stamp {
    /// Sequence number of the last record: after the largest comes 0.
    pub const fn last_sequence(&self) -> i32 {
        following(self.sequence, self.records - 1)
    }
}

/// `sequence`, and so many on.
const fn following(sequence: i32, more: i32) -> i32 {
    sequence.wrapping_add(more) & i32::MAX
}

/// A batch that is known again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Batch {
    first: i32,
    last: i32,
    /// Offset of its first record.
    offset: u64,
}

/// One producer.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Producer {
    epoch: u16,
    /// Its last batches of this epoch, oldest first.
    batches: Vec<Batch>,
}

/// Every producer of a partition.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Producers {
    known: BTreeMap<ProducerId, Producer>,
}

impl Producers {
    /// Whether a batch may be written. `Some` offset: it was written there
    /// before, and the producer is told so as if it were new.
    ///
    /// A producer that is not known may begin anywhere: what it wrote before
    /// may have been deleted since.
    ///
    /// # Errors
    /// [`Error::InvalidProducerEpoch`] if it was replaced;
    /// [`Error::OutOfOrderSequenceNumber`] if something is missing before it.
    pub fn check(&self, stamp: &Stamp) -> Result<Option<u64>, Error> {
        let Some(known) = self.known.get(&stamp.producer) else {
            return Ok(None);
        };
        if stamp.epoch < known.epoch {
            return Err(Error::InvalidProducerEpoch);
        }
        let expected = match known.batches.last() {
            Some(batch) if stamp.epoch == known.epoch => following(batch.last, 1),
            _ => 0,
        };
        if stamp.epoch == known.epoch {
            let (first, last) = (stamp.sequence, stamp.last_sequence());
            let again = known
                .batches
                .iter()
                .find(|batch| (batch.first, batch.last) == (first, last));
            if let Some(batch) = again {
                return Ok(Some(batch.offset));
            }
        }
        if stamp.sequence == expected {
            Ok(None)
        } else {
            Err(Error::OutOfOrderSequenceNumber)
        }
    }

    /// A batch was written at `offset`.
    pub fn wrote(&mut self, stamp: &Stamp, offset: u64) {
        let known = self.of_epoch(stamp.producer, stamp.epoch);
        if known.batches.len() == BATCHES_REMEMBERED {
            known.batches.remove(0);
        }
        known.batches.push(Batch {
            first: stamp.sequence,
            last: stamp.last_sequence(),
            offset,
        });
    }

    /// Whether a transaction marker of this epoch may be written.
    ///
    /// # Errors
    /// [`Error::InvalidProducerEpoch`] if the producer has a later one.
    pub fn check_marker(&self, producer: ProducerId, epoch: u16) -> Result<(), Error> {
        match self.known.get(&producer) {
            Some(known) if epoch < known.epoch => Err(Error::InvalidProducerEpoch),
            _ => Ok(()),
        }
    }

    /// A marker was written: with a later epoch it shuts out the producer that
    /// was there before.
    pub fn marked(&mut self, producer: ProducerId, epoch: u16) {
        self.of_epoch(producer, epoch);
    }

    /// The producer in this epoch: with a later one than before it begins
    /// anew.
    fn of_epoch(&mut self, producer: ProducerId, epoch: u16) -> &mut Producer {
        let new = || Producer {
            epoch,
            batches: Vec::new(),
        };
        let known = self.known.entry(producer).or_insert_with(new);
        if known.epoch < epoch {
            *known = new();
        }
        known
    }

    /// The batches that are remembered and begin from `from` on and before
    /// `to`, in order of their offsets. Which of them belong to a transaction
    /// their records know.
    pub fn batches(&self, from: u64, to: u64) -> Vec<(u64, Stamp)> {
        let mut found = Vec::new();
        for (producer, known) in &self.known {
            let batches = known.batches.iter();
            for batch in batches.filter(|batch| (from..to).contains(&batch.offset)) {
                let stamp = Stamp {
                    producer: *producer,
                    epoch: known.epoch,
                    sequence: batch.first,
                    records: (batch.last.wrapping_sub(batch.first) & i32::MAX) + 1,
                    is_transactional: false,
                };
                found.push((batch.offset, stamp));
            }
        }
        mqlab_kernel::sort_by_key(&mut found, |(offset, _)| *offset);
        found
    }

    /// The sequence number that comes next of a producer in an epoch.
    pub fn next_sequence(&self, producer: ProducerId, epoch: u16) -> i32 {
        let known = self.known.get(&producer).filter(|known| known.epoch == epoch);
        let last = known.and_then(|known| known.batches.last());
        last.map_or(0, |batch| following(batch.last, 1))
    }

    /// How many producers are known.
    pub fn count(&self) -> u32 {
        self.known.len() as u32
    }

    /// The epoch of a producer.
    pub fn epoch(&self, producer: ProducerId) -> Option<u16> {
        self.known.get(&producer).map(|known| known.epoch)
    }

    /// A producer that was silent for `producer.id.expiration.ms` is
    /// forgotten.
    pub fn forget(&mut self, producer: ProducerId) {
        self.known.remove(&producer);
    }

    /// The log was cut back to end at `end`: batches from there on were never
    /// written. Of whom nothing is left nothing is known: Kafka finds older
    /// batches in snapshots, which are not modelled.
    pub fn truncate(&mut self, end: u64) {
        self.known.retain(|_, known| {
            let was_empty = known.batches.is_empty();
            known.batches.retain(|batch| batch.offset < end);
            was_empty || !known.batches.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stamp(epoch: u16, sequence: i32, records: i32) -> Stamp {
        Stamp {
            producer: ProducerId(1),
            epoch,
            sequence,
            records,
            is_transactional: false,
        }
    }

    fn written(stamps: &[Stamp]) -> Producers {
        let mut producers = Producers::default();
        for (offset, stamp) in (0..).zip(stamps) {
            assert_eq!(producers.check(stamp), Ok(None));
            producers.wrote(stamp, offset);
        }
        producers
    }

    #[test]
    fn five_batches_are_known_again_and_a_sixth_is_a_gap() {
        let producers = written(&[0, 1, 2, 3, 4, 5].map(|sequence| stamp(0, sequence, 1)));
        assert_eq!(producers.check(&stamp(0, 1, 1)), Ok(Some(1)));
        assert_eq!(producers.check(&stamp(0, 0, 1)), Err(Error::OutOfOrderSequenceNumber));
        assert_eq!(producers.check(&stamp(0, 4, 2)), Err(Error::OutOfOrderSequenceNumber));
        assert_eq!(producers.check(&stamp(0, 6, 2)), Ok(None));
    }

    #[test]
    fn a_new_producer_begins_anywhere_and_a_new_epoch_at_zero() {
        let producers = written(&[stamp(3, 77, 2)]);
        assert_eq!(producers.check(&stamp(4, 79, 1)), Err(Error::OutOfOrderSequenceNumber));
        assert_eq!(producers.check(&stamp(4, 0, 1)), Ok(None));
        assert_eq!(producers.check(&stamp(2, 0, 1)), Err(Error::InvalidProducerEpoch));
    }

    #[test]
    fn after_the_largest_number_comes_zero() {
        let producers = written(&[stamp(0, i32::MAX - 1, 3)]);
        assert_eq!(producers.check(&stamp(0, 1, 1)), Ok(None));
        assert_eq!(stamp(0, i32::MAX, 2).last_sequence(), 0);
    }

    #[test]
    fn a_marker_of_a_later_epoch_shuts_the_producer_out() {
        let mut producers = written(&[stamp(0, 0, 1)]);
        producers.marked(ProducerId(1), 1);
        assert_eq!(producers.check(&stamp(0, 1, 1)), Err(Error::InvalidProducerEpoch));
        assert_eq!(producers.check(&stamp(1, 1, 1)), Err(Error::OutOfOrderSequenceNumber));
        assert_eq!(producers.check(&stamp(1, 0, 1)), Ok(None));
        assert_eq!(
            producers.check_marker(ProducerId(1), 0),
            Err(Error::InvalidProducerEpoch)
        );
    }

    proptest! {
        /// Batches that are sent any number of times, up to five at once and
        /// each batch in turn: every record is written once and in order.
        #[test]
        fn five_in_flight_never_duplicate_nor_reorder(
            sizes in proptest::collection::vec(1i32..4, 1..30),
            sends in proptest::collection::vec(any::<prop::sample::Index>(), 0..200),
        ) {
            let mut producers = Producers::default();
            let mut batches = Vec::new();
            let mut sequence = 0;
            for records in sizes {
                batches.push(stamp(0, sequence, records));
                sequence += records;
            }
            let mut log = Vec::new();
            // A producer has five batches under way at most, and goes on when
            // the oldest is answered.
            let mut oldest = 0;
            for send in sends {
                let window = (batches.len() - oldest).min(BATCHES_REMEMBERED);
                let Some(at) = (window > 0).then(|| oldest + send.index(window)) else { break };
                match producers.check(&batches[at]) {
                    Ok(None) => {
                        // One batch follows another without a gap only in order.
                        prop_assert!(log.is_empty() && at < BATCHES_REMEMBERED || at == log.len() + log.first().copied().unwrap_or(0));
                        producers.wrote(&batches[at], log.len() as u64);
                        log.push(at);
                    }
                    Ok(Some(offset)) => {
                        prop_assert_eq!(log[offset as usize], at);
                        oldest += usize::from(at == oldest);
                    }
                    Err(error) => prop_assert_eq!(error, Error::OutOfOrderSequenceNumber),
                }
            }
            let mut once = log.clone();
            once.dedup();
            prop_assert_eq!(&once, &log);
            prop_assert!(log.is_sorted());
        }
    }
}
