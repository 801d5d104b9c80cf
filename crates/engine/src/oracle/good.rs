//! The short way of a fact that belongs to a good life: a message that is
//! taken, confirmed, handed out, begun, handled and settled, once and in order.
//!
//! Nearly all facts of nearly all runs are such, and the oracle knows
//! beforehand what one of them changes. So it looks whether it is one, and
//! moves the state and the one counter concerned; what is not is left to
//! [`Oracle::see`], which knows everything. Which way a fact goes makes no
//! difference to what the oracle says.

use super::pages::{Mark, Page};
use super::state::{BEGUN, Change, ENDED, OWED, QUIET};
use super::{NO_TRACK, Oracle, Takers, VerdictKind, change};
use mqlab_model::{EFFECT, FactKind, MessageId, PlaceId};

/// Which obligations a fact is about: the stretch of messages that is on one
/// page, and what else decides on which: of a row of a table, who wrote it.
#[inline(always)]
const fn row_of(message: MessageId, which: u64) -> u64 {
    message.bits() >> 16 | which << 48
}

impl Oracle {
    /// Takes note of a fact, unless it needs a closer look: then it changes
    /// nothing and returns false. `mark` is the one of the fact's stream.
    ///
    /// Always inlined: the kind is known wherever a fact is made, so what is
    /// left is the one arm.
    #[inline(always)]
    pub(crate) fn see_good(
        &mut self,
        mark: &mut Mark,
        place: PlaceId,
        kind: FactKind,
        message: MessageId,
        value: u64,
    ) -> bool {
        match kind {
            FactKind::Sent => true,
            FactKind::Offered => value == 0 && self.offered(message),
            FactKind::Enqueued => self.enqueued(mark, place, message),
            FactKind::Confirmed => self.confirmed(mark, message),
            FactKind::Dispatched => value == 0 && self.dispatched(mark, place, message),
            FactKind::Received => self.received(mark, place, message),
            FactKind::Started => self.started(mark, place, message),
            FactKind::Written => value & EFFECT == 0 || self.written(mark, message, value & (EFFECT - 1)),
            FactKind::Handled => self.handled(mark, place, message),
            FactKind::Settled => value == 0 && self.settled(mark, place, message),
            _ => false,
        }
    }

    /// Changes what `place` has to do with the message, if that is simple.
    /// Returns the page, and the classes that it has changed.
    #[inline(always)]
    fn step(
        &mut self,
        mark: &mut Mark,
        place: PlaceId,
        message: MessageId,
        change: &Change,
        (expected, free): (u8, u8),
    ) -> Option<(&mut Page, u8)> {
        if mark.row != row_of(message, 0) {
            *mark = self.find(place, message, row_of(message, 0))?;
        }
        let page = self.pages.page(mark.page)?;
        let changed = page.step(message.number(), change, expected, free)?;
        Some((page, changed))
    }

    /// The page of what `place` has to do with the message, if there is one.
    #[cold]
    #[inline(never)]
    fn find(&self, place: PlaceId, message: MessageId, row: u64) -> Option<Mark> {
        let track = self.lookup[self.lookup_index(place, message.source())];
        let page = self.tracks.get(usize::from(track))?.segments.page(message.number())?;
        Some(Mark { row, page })
    }

    /// A change that moves a message on and is not counted.
    #[inline(always)]
    fn moves(&mut self, mark: &mut Mark, place: PlaceId, message: MessageId, change: &Change) -> bool {
        self.step(mark, place, message, change, (0, 0)).is_some()
    }

    /// A queue hands a message out for the first time, and in order.
    #[inline(always)]
    fn dispatched(&mut self, mark: &mut Mark, queue: PlaceId, message: MessageId) -> bool {
        if mark.row != row_of(message, 0) {
            match self.find(queue, message, row_of(message, 0)) {
                Some(found) => *mark = found,
                None => return false,
            }
        }
        let number = message.number();
        let Oracle { pages, tracks, .. } = self;
        let Some(page) = pages.page(mark.page) else {
            return false;
        };
        let track = &mut tracks[usize::from(page.track)];
        if number < track.next_dispatch || page.step(number, &change::DISPATCH, 0, 0).is_none() {
            return false;
        }
        track.next_dispatch = number + 1;
        true
    }

    /// A delivery; a call is more than that, and never marked.
    #[inline(always)]
    fn received(&mut self, mark: &mut Mark, place: PlaceId, message: MessageId) -> bool {
        if mark.row != row_of(message, 0) && self.role(place).calls {
            return false;
        }
        self.moves(mark, place, message, &change::RECEIVE)
    }

    #[inline(always)]
    fn offered(&mut self, message: MessageId) -> bool {
        if let Some(inlet) = self.offers(message.source()) {
            self.offer(inlet);
        }
        true
    }

    #[inline(always)]
    fn enqueued(&mut self, mark: &mut Mark, queue: PlaceId, message: MessageId) -> bool {
        if self.origins[usize::from(message.source().0)].trusts {
            return false;
        }
        if self.step(mark, queue, message, &change::ACCEPT, (OWED, 0)).is_none() {
            return false;
        }
        if let (Some(taken), Some(page)) = (
            &mut self.origins[usize::from(message.source().0)].taken,
            self.pages.page(mark.page),
        ) {
            taken.take(message.number(), page.track);
        }
        let is_offered = self.offers(message.source()) == Some(queue);
        self.counts[usize::from(queue.0)].owed += 1;
        if !is_offered {
            self.offer(queue);
        }
        true
    }

    #[inline(always)]
    fn confirmed(&mut self, mark: &mut Mark, message: MessageId) -> bool {
        // A mark from before a message went astray is not of this row.
        let row = row_of(message, self.stray_sources);
        if mark.row != row {
            let origin = &self.origins[usize::from(message.source().0)];
            let (track, direct) = (origin.direct_track, origin.direct);
            if track == NO_TRACK {
                return self.confirmed_by_all(message);
            }
            let found = direct.and_then(|direct| self.find(direct, message, row));
            let Some(found) = found else { return false };
            *mark = found;
        }
        let page = self.pages.page(mark.page);
        page.is_some_and(|page| page.step(message.number(), &change::TELL, 0, 0).is_some())
    }

    /// Every queue that has taken the message is concerned.
    #[inline(never)]
    fn confirmed_by_all(&mut self, message: MessageId) -> bool {
        let number = message.number();
        let source = usize::from(message.source().0);
        if let Some(taken) = &mut self.origins[source].taken {
            let Some(mut tracks) = taken.tell(number) else {
                return false;
            };
            let Oracle { tracks: all, pages, .. } = self;
            return tracks.all(|track| {
                let page = all[usize::from(track)].segments.page(number);
                let page = page.and_then(|page| pages.page(page));
                page.is_some_and(|page| page.step(number, &change::TELL, 0, 0).is_some())
            });
        }
        let takers = &self.origins[source].takers;
        if (takers.row, takers.changes) != (row_of(message, 0), self.pages.changes()) {
            let Some(takers) = self.find_takers(message) else {
                return false;
            };
            self.origins[source].takers = takers;
        }
        // A queue that was told already may be told again: whatever comes after
        // a false is done once more.
        let Oracle { origins, pages, .. } = self;
        origins[source].takers.pages.iter().all(|page| {
            // Most of them have not taken it.
            !pages.get(*page, number).is_accepted()
                || pages
                    .page(*page)
                    .is_some_and(|page| page.step(number, &change::TELL, 0, 0).is_some())
        })
    }

    /// The pages on which a message may be, unless some are closed.
    #[cold]
    #[inline(never)]
    fn find_takers(&self, message: MessageId) -> Option<Takers> {
        let number = message.number();
        let tracks = self.origins[usize::from(message.source().0)].tracks.iter();
        let mut segments = tracks.map(|track| &self.tracks[usize::from(*track)].segments);
        if segments.clone().any(|segments| segments.is_off_pages(number)) {
            return None;
        }
        let pages = segments.by_ref().filter_map(|segments| segments.page(number));
        Some(Takers {
            row: row_of(message, 0),
            changes: self.pages.changes(),
            pages: pages.collect(),
        })
    }

    #[inline(always)]
    fn started(&mut self, mark: &mut Mark, place: PlaceId, message: MessageId) -> bool {
        let stepped = self.step(mark, place, message, &change::START, (BEGUN, 0));
        let Some((page, _)) = stepped else { return false };
        let inlet = usize::from(page.inlet.0);
        self.counts[inlet].begun += 1;
        true
    }

    #[inline(always)]
    fn handled(&mut self, mark: &mut Mark, place: PlaceId, message: MessageId) -> bool {
        let role = self.role(place);
        if role.writes {
            self.moves(mark, place, message, role.finish)
        } else if mark.row == row_of(message, 0) || self.remember(mark, place, message, 0) {
            self.takes_effect(*mark, message, role.finish)
        } else {
            false
        }
    }

    /// A row that is the effect of a handler.
    #[inline(always)]
    fn written(&mut self, mark: &mut Mark, message: MessageId, writer: u64) -> bool {
        // The table knows the writer; the writer's place knows the obligation.
        let place = PlaceId(writer as u16);
        if mark.row == row_of(message, writer) || self.remember(mark, place, message, writer) {
            self.takes_effect(*mark, message, &change::TAKE_EFFECT)
        } else {
            false
        }
    }

    /// Finds the page of what `place` has to do with the message; false if
    /// there is none.
    #[cold]
    #[inline(never)]
    fn remember(&self, mark: &mut Mark, place: PlaceId, message: MessageId, writer: u64) -> bool {
        let found = self.find(place, message, row_of(message, writer));
        *mark = found.unwrap_or_default();
        found.is_some()
    }

    /// The first effect of a message.
    #[inline(always)]
    fn takes_effect(&mut self, mark: Mark, message: MessageId, change: &Change) -> bool {
        let number = message.number();
        let Some(page) = self.pages.page(mark.page) else {
            return false;
        };
        let track = &mut self.tracks[usize::from(page.track)];
        if number < track.next_effect {
            return self.takes_effect_late(mark, message, change);
        }
        if page.step(number, change, 0, 0).is_none() {
            return false;
        }
        track.next_effect = number + 1;
        true
    }

    /// The same after one of a later message: many workers, work that takes
    /// now longer, now shorter. Only the first time it is worth a note.
    #[inline(never)]
    fn takes_effect_late(&mut self, mark: Mark, message: MessageId, change: &Change) -> bool {
        if self.first(VerdictKind::Reordered).is_none() {
            return false;
        }
        let Some(page) = self.pages.page(mark.page) else {
            return false;
        };
        // What came before it of the same thing is not known here.
        if self.tracks[usize::from(page.track)].by_thing.is_some() {
            return false;
        }
        if page.step(message.number(), change, 0, 0).is_none() {
            return false;
        }
        let inlet = usize::from(page.inlet.0);
        self.counts[inlet].reordered += 1;
        true
    }

    /// A message is over; the last one that an inlet has is not for here if anybody
    /// waits for that, nor is one of which there may be another copy.
    #[inline(always)]
    fn settled(&mut self, mark: &mut Mark, queue: PlaceId, message: MessageId) -> bool {
        let Oracle {
            counts,
            pages,
            tracks,
            copies,
            is_watched,
            ..
        } = self;
        let counts = &mut counts[usize::from(queue.0)];
        if counts.offered <= counts.ended + u64::from(*is_watched) || !copies.is_empty() {
            return false;
        }
        if mark.row != row_of(message, 0) {
            return self.settled_elsewhere(mark, queue, message);
        }
        let number = message.number();
        let Some(page) = pages.page(mark.page) else {
            return false;
        };
        let Some(changed) = page.step(number, &change::END, ENDED, QUIET) else {
            return false;
        };
        counts.ended += 1;
        if changed & QUIET != 0 && page.count_quiet(true) {
            let track = usize::from(page.track);
            tracks[track].segments.retire(pages, number);
        }
        true
    }

    /// The same for the first message on a page.
    #[cold]
    #[inline(never)]
    fn settled_elsewhere(&mut self, mark: &mut Mark, queue: PlaceId, message: MessageId) -> bool {
        self.remember(mark, queue, message, 0) && self.settled(mark, queue, message)
    }
}
