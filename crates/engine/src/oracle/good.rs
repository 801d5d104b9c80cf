//! The short way of a fact that belongs to a good life: a message that is
//! taken, confirmed, handed out, begun, handled and settled, once and in order.
//!
//! Nearly all facts of nearly all runs are such, and the oracle knows
//! beforehand what one of them changes. So it looks whether it is one, and
//! moves the state and the one counter concerned; what is not is left to
//! [`Oracle::see`], which knows everything. Which way a fact goes makes no
//! difference to what the oracle says.

use super::state::{BEGUN, Change, ENDED, OWED, QUIET};
use super::{NO_TRACK, Oracle, Track, VerdictKind, change};
use mqlab_model::{EFFECT, FactKind, MessageId, PlaceId};

impl Oracle {
    /// Takes note of a fact, unless it needs a closer look: then it changes
    /// nothing and returns false.
    ///
    /// Always inlined: the kind is known wherever a fact is made, so what is
    /// left is the one arm.
    #[inline(always)]
    pub(crate) fn see_good(&mut self, place: PlaceId, kind: FactKind, message: MessageId, value: u64) -> bool {
        match kind {
            FactKind::Sent => true,
            FactKind::Offered => value == 0 && self.offered(message),
            FactKind::Enqueued => self.enqueued(place, message),
            FactKind::Confirmed => !self.watches_rows && self.confirmed(message),
            FactKind::Dispatched => value == 0 && self.moves(place, message, &change::DISPATCH),
            FactKind::Received => !self.role(place).calls && self.moves(place, message, &change::RECEIVE),
            FactKind::Started => self.started(place, message),
            FactKind::Written => {
                let writer = PlaceId((value & (EFFECT - 1)) as u16);
                !self.watches_rows && (value & EFFECT == 0 || self.takes_effect(writer, message, &change::TAKE_EFFECT))
            }
            FactKind::Handled => self.handled(place, message),
            FactKind::Settled => self.settled(place, message),
            _ => false,
        }
    }

    /// The track of what `place` has to do with the message, if there is one.
    #[inline(always)]
    fn known_track(&mut self, place: PlaceId, message: MessageId) -> Option<&mut Track> {
        let source = message.source();
        let account = &self.accounts[usize::from(place.0)];
        let track = if account.source == source {
            account.track
        } else {
            self.lookup[self.lookup_index(place, source)]
        };
        self.tracks.get_mut(usize::from(track))
    }

    /// A change that moves a message on and is not counted.
    #[inline(always)]
    fn moves(&mut self, place: PlaceId, message: MessageId, change: &Change) -> bool {
        let track = self.known_track(place, message);
        track.is_some_and(|track| track.segments.step(message.number(), change, 0, 0).is_some())
    }

    #[inline(always)]
    fn offered(&mut self, message: MessageId) -> bool {
        if let Some(inlet) = self.offers(message.source()) {
            self.counts[usize::from(inlet.0)].offered += 1;
        }
        true
    }

    #[inline(always)]
    fn enqueued(&mut self, queue: PlaceId, message: MessageId) -> bool {
        let is_offered = self.offers(message.source()) == Some(queue);
        let Some(track) = self.known_track(queue, message) else {
            return false;
        };
        if track
            .segments
            .step(message.number(), &change::ACCEPT, OWED, 0)
            .is_none()
        {
            return false;
        }
        let counts = &mut self.counts[usize::from(queue.0)];
        counts.owed += 1;
        counts.offered += u64::from(!is_offered);
        true
    }

    #[inline(always)]
    fn confirmed(&mut self, message: MessageId) -> bool {
        let track = self.origins[usize::from(message.source().0)].direct_track;
        if track == NO_TRACK {
            return self.confirmed_by_all(message);
        }
        let track = &mut self.tracks[usize::from(track)];
        track.segments.step(message.number(), &change::TELL, 0, 0).is_some()
    }

    /// Every queue that has taken the message is concerned.
    #[inline(never)]
    fn confirmed_by_all(&mut self, message: MessageId) -> bool {
        let number = message.number();
        // A queue that was told already may be told again: whatever comes after
        // a false is done once more.
        self.origins[usize::from(message.source().0)]
            .tracks
            .iter()
            .all(|track| {
                let track = &mut self.tracks[usize::from(*track)];
                track.segments.step(number, &change::TELL_TAKER, 0, 0).is_some()
            })
    }

    #[inline(always)]
    fn started(&mut self, place: PlaceId, message: MessageId) -> bool {
        let Some(track) = self.known_track(place, message) else {
            return false;
        };
        if track
            .segments
            .step(message.number(), &change::START, BEGUN, 0)
            .is_none()
        {
            return false;
        }
        let inlet = usize::from(track.inlet.0);
        self.counts[inlet].begun += 1;
        true
    }

    #[inline(always)]
    fn handled(&mut self, place: PlaceId, message: MessageId) -> bool {
        let role = self.role(place);
        if role.writes {
            self.moves(place, message, role.finish)
        } else {
            self.takes_effect(place, message, role.finish)
        }
    }

    /// The first effect of a message.
    #[inline(always)]
    fn takes_effect(&mut self, place: PlaceId, message: MessageId, change: &Change) -> bool {
        let number = message.number();
        let Some(track) = self.known_track(place, message) else {
            return false;
        };
        if number < track.next_effect {
            return self.takes_effect_late(place, message, change);
        }
        if track.segments.step(number, change, 0, 0).is_none() {
            return false;
        }
        track.next_effect = number + 1;
        true
    }

    /// The same after one of a later message: many workers, work that takes
    /// now longer, now shorter. Only the first time it is worth a note.
    #[inline(never)]
    fn takes_effect_late(&mut self, place: PlaceId, message: MessageId, change: &Change) -> bool {
        if self.first(VerdictKind::Reordered).is_none() {
            return false;
        }
        let Some(track) = self.known_track(place, message) else {
            return false;
        };
        if track.segments.step(message.number(), change, 0, 0).is_none() {
            return false;
        }
        let inlet = usize::from(track.inlet.0);
        self.counts[inlet].reordered += 1;
        true
    }

    /// A message is over; the last one that an inlet has is not for here.
    #[inline(always)]
    fn settled(&mut self, queue: PlaceId, message: MessageId) -> bool {
        if self.counts[usize::from(queue.0)].in_system() <= 1 {
            return false;
        }
        let number = message.number();
        let Some(track) = self.known_track(queue, message) else {
            return false;
        };
        let Some(changed) = track.segments.step(number, &change::END, ENDED, QUIET) else {
            return false;
        };
        if changed & QUIET != 0 {
            track.segments.count_quiet(number, true);
        }
        self.counts[usize::from(queue.0)].ended += 1;
        true
    }
}
