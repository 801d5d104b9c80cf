//! What an application publishes.

use crate::MessageId;
use mqlab_kernel::SimTime;

/// A message as it travels: its identity, the instant its source offered it,
/// and its delivery mode. Sixteen bytes, because tens of millions of them wait
/// in queues.
///
/// Everything else that belongs to a message (key, size, work time, poison or
/// not) is drawn from its identity when it is needed and never stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Message {
    /// Which message this is.
    pub id: MessageId,
    /// Offer time in the lower 53 bits, the persistent flag in the highest, the
    /// properties in the ten bits between them.
    stamp: u64,
}

const PERSISTENT: u64 = 1 << 63;
const PROPERTIES: u32 = 53;
const TIME: u64 = (1 << 53) - 1;

impl Message {
    /// A message offered by its source at `offered`; `persistent` is AMQP's
    /// `deliveryMode = 2`.
    #[inline]
    pub const fn new(id: MessageId, offered: SimTime, persistent: bool) -> Self {
        let flag = if persistent { PERSISTENT } else { 0 };
        Message {
            id,
            stamp: offered.nanos() | flag,
        }
    }

    /// The largest number of properties that a message can have.
    pub const PROPERTIES_MAX: u16 = (1 << 10) - 1;

    /// The message with the properties of that number, which whoever knows what
    /// is published has numbered from 1; 0 is none.
    ///
    /// # Panics
    /// If the number is above [`Message::PROPERTIES_MAX`].
    #[must_use]
    pub const fn with_properties(self, number: u16) -> Self {
        assert!(number <= Self::PROPERTIES_MAX, "properties are numbered in ten bits");
        let mask = (Self::PROPERTIES_MAX as u64) << PROPERTIES;
        Message {
            id: self.id,
            stamp: self.stamp & !mask | (number as u64) << PROPERTIES,
        }
    }

    /// The number of its properties; 0 is none.
    #[inline]
    pub const fn properties(self) -> u16 {
        (self.stamp >> PROPERTIES) as u16 & Self::PROPERTIES_MAX
    }

    /// The message as two words, from which [`Message::from_words`] makes it
    /// again.
    #[inline]
    pub const fn to_words(self) -> [u64; 2] {
        [self.id.bits(), self.stamp]
    }

    /// The message that [`Message::to_words`] was asked of.
    #[inline]
    pub const fn from_words([id, stamp]: [u64; 2]) -> Self {
        Message {
            id: MessageId::from_bits(id),
            stamp,
        }
    }

    /// When its source offered it to the system.
    #[inline]
    pub const fn offered(self) -> SimTime {
        SimTime::from_nanos(self.stamp & TIME)
    }

    /// Whether it asked to survive a restart of the broker.
    #[inline]
    pub const fn is_persistent(self) -> bool {
        self.stamp & PERSISTENT != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SourceId;

    #[test]
    fn the_stamp_keeps_time_and_mode_apart() {
        let id = MessageId::new(SourceId(1), 2);
        let message = Message::new(id, SimTime::MAX, true);
        assert_eq!(message.offered(), SimTime::MAX);
        assert!(message.is_persistent());
        assert!(!Message::new(id, SimTime::MAX, false).is_persistent());
        assert_eq!(size_of::<Message>(), 16);
        for number in [0, 1, Message::PROPERTIES_MAX] {
            let with = message.with_properties(5).with_properties(number);
            assert_eq!((with.properties(), with.offered()), (number, SimTime::MAX));
            assert!(with.is_persistent());
        }
        assert_eq!(Message::from_words(message.to_words()), message);
    }
}
