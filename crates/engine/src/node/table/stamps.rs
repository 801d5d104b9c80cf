//! Times that clients write into rows: until when a row is claimed, and when what
//! stands in it was written. They come from the clock of whoever wrote them, and are
//! compared with the clock of whoever asks next.

use mqlab_kernel::{SimSpan, SortedMap};
use mqlab_model::{LocalTime, Port};

/// What a client sends along with a statement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Stamp {
    /// What its clock shows; `None` if the table's clock counts.
    pub(super) shown: Option<LocalTime>,
    /// For how long it claims the row.
    pub(super) lease: SimSpan,
}

/// The stamps of a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Stamps {
    /// By port and token, of what is asked for next.
    asked: SortedMap<(Port, u64), Stamp>,
    /// By business id, until when its row is claimed.
    leases: SortedMap<u64, LocalTime>,
    /// By business id, when its row was written by the clock of whoever wrote it.
    written: SortedMap<u64, LocalTime>,
}

impl Stamps {
    /// A client sends the stamp of what it asks for next with this token.
    pub(super) fn expect(&mut self, port: Port, token: u64, stamp: Stamp) {
        self.asked.insert((port, token), stamp);
    }

    /// The stamp of what is asked for, if it has one.
    #[inline]
    pub(super) fn take(&mut self, port: Port, token: u64) -> Option<Stamp> {
        if self.asked.is_empty() {
            return None;
        }
        self.asked.remove(&(port, token))
    }

    /// Whether a row is claimed no longer, for somebody whose clock shows this.
    pub(super) fn is_over(&self, id: u64, now: LocalTime) -> bool {
        self.leases.get(&id).is_some_and(|until| *until <= now)
    }

    /// A row is claimed for so long.
    pub(super) fn lease(&mut self, id: u64, now: LocalTime, span: SimSpan) {
        self.leases.insert(id, now.saturating_add(span));
    }

    /// Whether what is written by this stamp stands; what has a later one does
    /// not give way.
    pub(super) fn stands(&mut self, id: u64, shown: LocalTime) -> bool {
        let latest = self.written.get_or_insert_with(id, || shown);
        let stands = *latest <= shown;
        *latest = (*latest).max(shown);
        stands
    }

    /// A row is gone.
    pub(super) fn forget(&mut self, id: u64) {
        self.leases.remove(&id);
        self.written.remove(&id);
    }

    /// The client at a port is gone.
    pub(super) fn close(&mut self, port: Port) {
        self.asked.retain(|(known, _), _| *known != port);
    }

    /// The table died, and forgets what it was going to be asked.
    pub(super) fn crash(&mut self) {
        self.asked.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: u64 = 7;

    fn at(second: i64) -> LocalTime {
        LocalTime::from_nanos(second * 1_000_000_000)
    }

    #[test]
    fn a_lease_is_over_by_the_clock_of_whoever_asks() {
        let mut stamps = Stamps::default();
        assert!(!stamps.is_over(ORDER, at(99)), "a row without a lease is for ever");
        stamps.lease(ORDER, at(0), SimSpan::from_secs(10));
        assert!(!stamps.is_over(ORDER, at(9)));
        assert!(stamps.is_over(ORDER, at(10)));
        stamps.forget(ORDER);
        assert!(!stamps.is_over(ORDER, at(10)));
    }

    #[test]
    fn the_latest_stamp_stands() {
        let mut stamps = Stamps::default();
        let mut stands = |second| stamps.stands(ORDER, at(second));
        assert!(stands(5) && stands(5) && stands(8));
        assert!(!stands(6), "its clock is behind");
        assert!(stands(9));
    }
}
