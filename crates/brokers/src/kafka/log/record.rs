//! What stands in a partition's log.

use super::cleaner::{Cleanable, What};
use super::producers::ProducerId;
use crate::parts::Stored;
use mqlab_kernel::SimTime;
use mqlab_model::{Message, MessageId};

/// A record: 24 bytes, because millions of them are kept. Key, value, headers
/// and size are those of its message; of the key it knows a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Record {
    /// The message. Its time is when it was offered (`CreateTime`).
    pub message: Message,
    key: u32,
    /// The producer in the lower bits, and what it is above them.
    producer: u32,
}

/// No key.
const UNKEYED: u32 = u32::MAX;
const TOMBSTONE: u32 = 1 << 31;
const MARKER: u32 = 1 << 30;
const COMMITTED: u32 = 1 << 29;
/// All of these bits: written in no transaction.
const NOBODY: u32 = (1 << 29) - 1;

impl Record {
    /// A message with the number of its key, if it has one.
    pub const fn new(message: Message, key: Option<u32>) -> Record {
        Record {
            message,
            key: match key {
                Some(key) => key,
                None => UNKEYED,
            },
            producer: NOBODY,
        }
    }

    /// A record with a key and without a value: its key is deleted.
    #[must_use]
    pub const fn tombstone(mut self) -> Record {
        self.producer |= TOMBSTONE;
        self
    }

    /// The record as its producer writes it in a transaction.
    #[must_use]
    pub fn in_transaction_of(mut self, producer: ProducerId) -> Record {
        assert!(producer.0 < NOBODY, "producers are numbered from 0");
        self.producer = self.producer & !NOBODY | producer.0;
        self
    }

    /// The marker that ends a transaction.
    pub fn marker(producer: ProducerId, is_committed: bool, now: SimTime) -> Record {
        let message = Message::new(MessageId::from_bits(0), now, true);
        let mut record = Record::new(message, None).in_transaction_of(producer);
        record.producer |= MARKER | if is_committed { COMMITTED } else { 0 };
        record
    }

    /// Number of its key.
    pub const fn key(&self) -> Option<u32> {
        if self.key == UNKEYED { None } else { Some(self.key) }
    }

    /// Whether it deletes its key.
    pub const fn is_tombstone(&self) -> bool {
        self.producer & TOMBSTONE != 0
    }

    /// Whether it is a marker: clients do not see those.
    pub const fn is_marker(&self) -> bool {
        self.producer & MARKER != 0
    }

    /// Whether it is the marker of a transaction that counts.
    pub const fn is_commit(&self) -> bool {
        self.producer & COMMITTED != 0
    }

    /// Whose transaction it belongs to.
    pub const fn transaction(&self) -> Option<ProducerId> {
        let producer = self.producer & NOBODY;
        if producer == NOBODY {
            None
        } else {
            Some(ProducerId(producer))
        }
    }

    /// What the cleaner has to know of it.
    pub const fn cleanable(&self, offset: u64) -> Cleanable {
        let what = match self.key() {
            _ if self.is_marker() => What::Marker,
            Some(key) => What::Keyed {
                key,
                is_tombstone: self.is_tombstone(),
            },
            None => What::Unkeyed,
        };
        Cleanable {
            offset,
            transaction: self.transaction(),
            what,
        }
    }
}

impl Stored for Record {
    fn time(&self) -> SimTime {
        self.message.offered()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mqlab_model::SourceId;

    #[test]
    fn a_record_is_small_and_keeps_everything_apart() {
        assert_eq!(size_of::<Record>(), 24);
        let message = Message::new(MessageId::new(SourceId(1), 2), SimTime::ZERO, true);
        let record = Record::new(message, Some(7))
            .tombstone()
            .in_transaction_of(ProducerId(3));
        assert_eq!(
            (record.message, record.key(), record.is_tombstone()),
            (message, Some(7), true)
        );
        assert_eq!((record.transaction(), record.is_marker()), (Some(ProducerId(3)), false));
        let plain = Record::new(message, None);
        assert_eq!(
            (plain.key(), plain.is_tombstone(), plain.transaction()),
            (None, false, None)
        );
        let marker = Record::marker(ProducerId(3), true, SimTime::ZERO);
        assert!(marker.is_marker() && marker.is_commit());
        assert_eq!(marker.transaction(), Some(ProducerId(3)));
        assert!(!Record::marker(ProducerId(3), false, SimTime::ZERO).is_commit());
    }
}
