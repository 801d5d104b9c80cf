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
    /// The producer in the lower half; above it, how much of its size compression
    /// has left, and what it is.
    producer: u32,
}

/// What compression leaves of a record's size, in parts of 4,096; never nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Compression(u16);

impl Compression {
    /// Everything is left.
    pub const NONE: Compression = Compression(0);
    const ALL: u128 = 4096;

    /// A share of 2^64, rounded.
    pub const fn leaving(share: u64) -> Compression {
        let parts = (share as u128 * Self::ALL + (1 << 63)) >> 64;
        match parts {
            0 => Compression(1),
            Self::ALL.. => Compression::NONE,
            parts => Compression(parts as u16),
        }
    }

    /// What is left of so many bytes: of any, one at least.
    pub const fn of(self, bytes: u64) -> u64 {
        if self.0 == 0 || bytes == 0 {
            return bytes;
        }
        let left = (bytes as u128 * self.0 as u128 + Self::ALL / 2) / Self::ALL;
        if left == 0 { 1 } else { left as u64 }
    }
}

/// No key.
const UNKEYED: u32 = u32::MAX;
const TOMBSTONE: u32 = 1 << 31;
const MARKER: u32 = 1 << 30;
const COMMITTED: u32 = 1 << 29;
const COMPRESSION: u32 = 16;
/// All of these bits: written in no transaction.
const NOBODY: u32 = (1 << COMPRESSION) - 1;

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

    /// The record as its producer has compressed it.
    #[must_use]
    pub const fn compressed(mut self, compression: Compression) -> Record {
        self.producer |= (compression.0 as u32) << COMPRESSION;
        self
    }

    /// How many bytes it takes up if its message has so many.
    pub const fn bytes(&self, size: u64) -> u64 {
        Compression((self.producer >> COMPRESSION & 0x1fff) as u16).of(size)
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
        let half = record.compressed(Compression::leaving(1 << 63));
        assert_eq!((half.bytes(1_000), half.bytes(1), half.bytes(0)), (500, 1, 0));
        assert_eq!(
            (half.transaction(), half.is_tombstone(), half.key()),
            (Some(ProducerId(3)), true, Some(7))
        );
        assert_eq!(record.bytes(1_000), 1_000);
        assert_eq!(plain.compressed(Compression::leaving(u64::MAX)).bytes(77), 77);
        assert_eq!(plain.compressed(Compression::leaving(0)).bytes(1_000), 1);
        let tenth = plain.compressed(Compression::leaving(u64::MAX / 10));
        assert_eq!((tenth.bytes(1_000), tenth.bytes(200), tenth.bytes(3)), (100, 20, 1));
        let marker = Record::marker(ProducerId(3), true, SimTime::ZERO);
        assert!(marker.is_marker() && marker.is_commit());
        assert_eq!(marker.transaction(), Some(ProducerId(3)));
        assert!(!Record::marker(ProducerId(3), false, SimTime::ZERO).is_commit());
    }
}
