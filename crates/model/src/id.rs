//! Typed identifiers. All of them are dense indices that the plan hands out in
//! file order, so that tables can be arrays and ranks are structural.

use core::fmt;

/// A node of the world: a load, a broker, a service or a table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(pub u16);

/// A place that facts are about: a node, a queue of a broker, or the inlet of
/// a service (one subscription, or its direct calls).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PlaceId(pub u16);

/// What messages come from: a load, or one publish step of a service.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SourceId(pub u16);

/// One end of a connection, counted per node from 0. The two ends of a
/// connection have a port each.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Port(pub u16);

/// One of a node's own timer lanes, counted from 0. Timers that fire in the
/// order in which they are armed belong on one lane.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TimerLane(pub u16);

/// A key that a message carries, by its number in its broker's list of keys.
/// What it means is the broker's: a routing key, a record's key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct KeyId(pub u16);

impl KeyId {
    /// A key that is in no list: nothing is bound with it.
    pub const UNBOUND: KeyId = KeyId(u16::MAX);
}

/// The identity of a message: the source and its running number there. Equal
/// across variants of a scenario and across resends of the same message.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(u64);

impl MessageId {
    /// The largest running number a source can reach.
    pub const NUMBER_MAX: u64 = (1 << 48) - 1;

    /// Stands in facts that are about no message (a node went down, say).
    pub const NONE: MessageId = MessageId(u64::MAX);

    /// The message that `source` made as its `number`-th, counted from 0.
    ///
    /// # Panics
    /// If `number` is above [`MessageId::NUMBER_MAX`].
    #[inline]
    pub const fn new(source: SourceId, number: u64) -> Self {
        assert!(number <= Self::NUMBER_MAX, "a source ran out of numbers");
        MessageId((source.0 as u64) << 48 | number)
    }

    /// What made the message.
    #[inline]
    pub const fn source(self) -> SourceId {
        SourceId((self.0 >> 48) as u16)
    }

    /// Its running number at the source, counted from 0.
    #[inline]
    pub const fn number(self) -> u64 {
        self.0 & Self::NUMBER_MAX
    }

    /// Both in one word: the source above, the number in the lower 48 bits.
    #[inline]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// The identity that [`MessageId::bits`] was asked of.
    #[inline]
    pub const fn from_bits(bits: u64) -> Self {
        MessageId(bits)
    }

    /// Whether this names a message at all.
    #[inline]
    pub const fn is_some(self) -> bool {
        self.0 != Self::NONE.0
    }
}

impl fmt::Debug for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_some() {
            write!(f, "{}#{}", self.source().0, self.number())
        } else {
            f.write_str("none")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_keeps_its_two_parts() {
        let id = MessageId::new(SourceId(513), 10_800_000);
        assert_eq!((id.source(), id.number()), (SourceId(513), 10_800_000));
        assert!(id.is_some() && !MessageId::NONE.is_some());
    }
}
