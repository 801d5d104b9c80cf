//! Copies of a message beyond the first in one queue, and what is handed out
//! that is not there.
//!
//! Whoever sends a message again may put a second copy into a queue that still
//! has the first. The state of an obligation knows of one; how many more there
//! are is noted here. They are few.

use super::{Oracle, VerdictKind, What, change};
use crate::oracle::state::Change;
use mqlab_kernel::SortedMap;
use mqlab_model::{Fact, PlaceId};

/// How many copies more than one there are, by track and number.
#[derive(Clone, Debug, Default)]
pub(super) struct Copies {
    more: SortedMap<(usize, u64), u32>,
}

impl Copies {
    /// Whether no message is in a queue twice.
    #[inline(always)]
    pub(super) fn is_empty(&self) -> bool {
        self.more.is_empty()
    }

    fn add(&mut self, track: usize, number: u64) {
        *self.more.get_or_insert_with((track, number), || 0) += 1;
    }

    /// Takes one away; false if there is only the first.
    fn take(&mut self, track: usize, number: u64) -> bool {
        let Some(more) = self.more.get_mut(&(track, number)) else {
            return false;
        };
        *more -= 1;
        if *more == 0 {
            self.more.remove(&(track, number));
        }
        true
    }
}

impl Oracle {
    /// A queue took a message.
    pub(super) fn enqueue(&mut self, fact: Fact) -> Option<PlaceId> {
        let track = self.track(fact.place, fact.message.source());
        let number = fact.message.number();
        let state = self.tracks[track].segments.get(&self.pages, number);
        if state.is_accepted() && !state.is_gone() {
            self.copies.add(track, number);
        }
        self.accept(fact)
    }

    /// A copy is over. The message is when there is no other.
    pub(super) fn end(&mut self, fact: Fact, change: &Change) -> Option<PlaceId> {
        let track = self.track(fact.place, fact.message.source());
        if self.copies.take(track, fact.message.number()) {
            return None;
        }
        self.update_track(fact, track, change).1
    }

    /// A log has deleted a record, read or not.
    pub(super) fn delete_from_log(&mut self, fact: Fact) -> Option<PlaceId> {
        let track = self.track(fact.place, fact.message.source());
        if self.copies.take(track, fact.message.number()) {
            return None;
        }
        let (before, emptied) = self.update_track(fact, track, &change::DELETE);
        if !before.is_gone() && !before.is_received() {
            let inlet = self.inlet_of(fact.place);
            self.counts[usize::from(inlet.0)].unread += 1;
        }
        emptied
    }

    /// A copy is over, and what its handling has come to was committed along with
    /// that: it has its effect, whether its handler was told or not.
    pub(super) fn settle_within(&mut self, fact: Fact) -> Option<PlaceId> {
        let track = self.track(fact.place, fact.message.source());
        if self.copies.take(track, fact.message.number()) {
            return self.effect(fact, fact.place, &change::HAS_EFFECT);
        }
        self.effect(fact, fact.place, &change::SETTLE_WITHIN)
    }

    /// A queue hands a message out, which it must have.
    pub(super) fn dispatch(&mut self, fact: Fact) -> Option<PlaceId> {
        let track = self.track(fact.place, fact.message.source());
        let (before, emptied) = self.update_track(fact, track, &change::DISPATCH);
        // A log keeps what was settled, and may be read once more.
        let is_kept = self.role(fact.place).is_log && before.is_received();
        if (before.is_gone() && !is_kept) || !before.is_accepted() {
            self.counts[usize::from(fact.place.0)].phantom += 1;
            self.note(VerdictKind::Phantom, fact.at, What::of(fact), fact.message);
        }
        let number = fact.message.number();
        let newest = &mut self.tracks[track].next_dispatch;
        if number + 1 < *newest {
            self.counts[usize::from(fact.place.0)].non_monotonic += 1;
            self.note(VerdictKind::NonMonotonic, fact.at, What::of(fact), fact.message);
        }
        let newest = &mut self.tracks[track].next_dispatch;
        *newest = (*newest).max(number + 1);
        emptied
    }
}
