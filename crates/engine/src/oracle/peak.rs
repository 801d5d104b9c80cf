//! The largest backlog of an inlet: exactly, and not of samples.
//!
//! What counts is how many messages nobody works on when an instant is over. A
//! message that comes and is begun at once is in no backlog, so whatever rises
//! within an instant is looked at again at its end. Most of the time nothing
//! rises above the peak, and then this costs a comparison.

use super::{InletCounts, Oracle};
use alloc::vec::Vec;
use mqlab_kernel::SimTime;
use mqlab_model::PlaceId;

impl InletCounts {
    #[inline(always)]
    pub(super) fn is_above_peak(&self) -> bool {
        self.backlog() > self.peak.0
    }

    /// The backlog is above its peak, as long as this instant is not over.
    #[inline(never)]
    pub(super) fn rise(&mut self, inlet: PlaceId, risen: &mut Vec<PlaceId>) {
        if !self.rises {
            self.rises = true;
            risen.push(inlet);
        }
    }
}

impl Oracle {
    /// One message more is offered to an inlet.
    #[inline(always)]
    pub(super) fn offer(&mut self, inlet: PlaceId) {
        let counts = &mut self.counts[usize::from(inlet.0)];
        counts.offered += 1;
        if counts.is_above_peak() {
            counts.rise(inlet, &mut self.risen);
        }
    }

    /// The clock goes on: what the backlogs are now they were at the end of `instant`.
    #[inline(always)]
    pub(crate) fn end_instant(&mut self, instant: SimTime) {
        if !self.risen.is_empty() {
            self.note_peaks(instant);
        }
    }

    #[inline(never)]
    fn note_peaks(&mut self, instant: SimTime) {
        for inlet in self.risen.drain(..) {
            let counts = &mut self.counts[usize::from(inlet.0)];
            counts.rises = false;
            if counts.is_above_peak() {
                counts.peak = (counts.backlog(), instant);
            }
        }
    }

    /// The largest backlog of an inlet and the first instant at which it was so large,
    /// if it is `now`, and everything of that has happened.
    pub(crate) fn peak(&self, inlet: PlaceId, now: SimTime) -> (u64, SimTime) {
        let counts = self.inlet(inlet);
        if counts.is_above_peak() {
            (counts.backlog(), now)
        } else {
            counts.peak
        }
    }
}
