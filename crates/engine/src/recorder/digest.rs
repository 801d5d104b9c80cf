//! The digest of a run: every fact, in order, in a few words.

use crate::oracle::Mark;
use alloc::vec::Vec;
use mqlab_kernel::{SimTime, mix};
use mqlab_model::{FactKind, MessageId, PlaceId};

/// One stream of facts: those of one kind at one place. The oracle's mark lies
/// beside it, so that most facts touch one line of memory.
#[derive(Clone, Copy, Debug, Default)]
struct StreamState {
    hash: u64,
    count: u64,
    mark: Mark,
}

/// The first kinds: their streams are named by place and kind in one number.
const KINDS_BY_PLACE: usize = 25;

/// What a stream is known by in the fold. Later kinds have names above all
/// others, so that a new kind changes no digest of a run without it.
fn name(index: usize) -> u64 {
    let (place, kind) = (index / KINDS, index % KINDS);
    let name = if kind < KINDS_BY_PLACE {
        place * KINDS_BY_PLACE + kind
    } else {
        kind << 24 | place
    };
    name as u64
}

/// Hashes single facts in order per stream, and folds the streams by their
/// id.
///
/// The order of facts in different streams within one instant does not matter
/// to it, everything else does: each update is a bijection of the stream's
/// state for a given fact, and of each field for a given state, so a changed
/// field cannot go unnoticed.
#[derive(Clone, Debug)]
pub(crate) struct Digest {
    /// By place and kind.
    streams: Vec<[StreamState; KINDS]>,
}

const KINDS: usize = FactKind::ALL.len();

impl Digest {
    pub(crate) fn new(places: usize) -> Self {
        Digest {
            streams: alloc::vec![[StreamState::default(); KINDS]; places],
        }
    }

    /// Adds a fact; returns the oracle's mark in its stream.
    #[inline(always)]
    pub(crate) fn add(
        &mut self,
        at: SimTime,
        place: PlaceId,
        kind: FactKind,
        message: MessageId,
        value: u64,
    ) -> &mut Mark {
        let stream = &mut self.streams[usize::from(place.0)][kind as usize];
        // Odd multipliers keep each field's contribution a bijection.
        let fact = at
            .nanos()
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .wrapping_add(message.bits().wrapping_mul(0xc2b2_ae3d_27d4_eb4f))
            .wrapping_add(value.wrapping_mul(0x1656_67b1_9e37_79f9));
        let mixed = (stream.hash ^ fact).wrapping_mul(0xd6e8_feb8_6659_fd93);
        stream.hash = mixed ^ (mixed >> 32);
        stream.count += 1;
        &mut stream.mark
    }

    /// How many facts of a kind happened at a place.
    #[inline]
    pub(crate) fn count(&self, place: PlaceId, kind: FactKind) -> u64 {
        self.streams[usize::from(place.0)][kind as usize].count
    }

    /// How many facts of all kinds happened.
    pub(crate) fn facts(&self) -> u64 {
        self.streams.iter().flatten().map(|stream| stream.count).sum()
    }

    /// The digest of everything so far.
    pub(crate) fn fold(&self) -> u64 {
        let streams = self
            .streams
            .iter()
            .flatten()
            .enumerate()
            .filter(|(_, stream)| stream.count > 0);
        let sum = streams.fold(0u64, |sum, (index, stream)| {
            let keyed = stream.hash ^ mix(name(index) << 32 ^ mix(stream.count));
            sum.wrapping_add(mix(keyed))
        });
        mix(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mqlab_model::{Fact, SourceId};
    use proptest::prelude::*;
    use std::vec::Vec;

    fn digest(facts: &[Fact]) -> u64 {
        let mut digest = Digest::new(4);
        for fact in facts {
            digest.add(fact.at, fact.place, fact.kind, fact.message, fact.value);
        }
        digest.fold()
    }

    fn fact() -> impl Strategy<Value = Fact> {
        (0u64..50, 0u16..4, 0usize..KINDS, 0u64..50, 0u64..3).prop_map(|(at, place, kind, number, value)| Fact {
            at: SimTime::from_nanos(at),
            place: PlaceId(place),
            kind: FactKind::ALL[kind],
            message: MessageId::new(SourceId(0), number),
            value,
        })
    }

    #[test]
    fn every_stream_has_a_name_of_its_own() {
        // As many places as the ids allow.
        let mut names: Vec<u64> = (0..(1 << 16) * KINDS).map(name).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(names.last().is_some_and(|last| *last < 1 << 32));
    }

    proptest! {
        #[test]
        fn any_changed_field_changes_it(facts in proptest::collection::vec(fact(), 1..60), which: prop::sample::Index, field in 0..5) {
            let mut other = facts.clone();
            let changed = &mut other[which.index(facts.len())];
            match field {
                0 => changed.at = SimTime::from_nanos(changed.at.nanos() + 1),
                1 => changed.place = PlaceId((changed.place.0 + 1) % 4),
                2 => changed.kind = FactKind::ALL[(changed.kind as usize + 1) % KINDS],
                3 => changed.message = MessageId::new(SourceId(0), changed.message.number() + 1),
                _ => changed.value += 1,
            }
            prop_assert_ne!(digest(&facts), digest(&other));
        }

        #[test]
        fn a_missing_fact_changes_it(facts in proptest::collection::vec(fact(), 1..60), which: prop::sample::Index) {
            let mut other = facts.clone();
            other.remove(which.index(facts.len()));
            prop_assert_ne!(digest(&facts), digest(&other));
        }

        #[test]
        fn order_counts_within_a_stream_only(facts in proptest::collection::vec(fact(), 2..60)) {
            // A stable sort by stream keeps the order inside each.
            let mut sorted: Vec<Fact> = facts.clone();
            sorted.sort_by_key(|fact| (fact.place, fact.kind));
            prop_assert_eq!(digest(&facts), digest(&sorted));
            let mut swapped = facts.clone();
            swapped.swap(0, 1);
            let same_stream = (facts[0].place, facts[0].kind) == (facts[1].place, facts[1].kind);
            prop_assert_eq!(digest(&facts) == digest(&swapped), !same_stream || facts[0] == facts[1]);
        }
    }
}
