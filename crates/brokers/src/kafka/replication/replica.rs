//! What a leader knows of one follower: what its fetches say.

use mqlab_kernel::SimTime;

/// Number of a broker.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct BrokerId(pub u32);

/// A follower as its leader sees it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Replica {
    /// Which broker has it.
    pub broker: BrokerId,
    /// Where its log ends: the offset of its last fetch. `None` before the
    /// first.
    pub log_end: Option<u64>,
    /// When it last had everything. `None` if it was not in sync when the
    /// leader began, and has not had everything since.
    pub caught_up: Option<SimTime>,
    /// Time of its last fetch, and where the leader's log ended then.
    last_fetch: Option<(SimTime, u64)>,
    /// Whether it may join the replicas in sync: the controller counts its
    /// broker as alive, and it is not shutting down.
    pub is_eligible: bool,
}

impl Replica {
    /// A follower at the moment in which its leader begins.
    pub const fn new(broker: BrokerId, is_in_sync: bool, now: SimTime) -> Replica {
        Replica {
            broker,
            log_end: None,
            caught_up: if is_in_sync { Some(now) } else { None },
            last_fetch: None,
            is_eligible: true,
        }
    }

    /// It asks for what comes from `offset` on.
    ///
    /// With that it has everything if the leader's log ends there. If it has
    /// what the leader had when it last asked, it had everything then: under
    /// steady load a follower is always a little behind and never slow.
    pub fn fetched(&mut self, offset: u64, leader_end: u64, now: SimTime) {
        let caught_up = if offset >= leader_end {
            Some(now)
        } else {
            let before = self.last_fetch.filter(|(_, end)| offset >= *end);
            before.map(|(time, _)| time)
        };
        self.caught_up = self.caught_up.max(caught_up);
        self.log_end = Some(offset);
        self.last_fetch = Some((now, leader_end));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mqlab_kernel::SimSpan;

    #[test]
    fn who_has_what_there_was_at_its_last_fetch_had_everything_then() {
        let at = |seconds: u64| SimTime::ZERO + SimSpan::from_secs(seconds);
        let mut replica = Replica::new(BrokerId(1), false, at(0));
        replica.fetched(5, 10, at(1));
        assert_eq!(replica.caught_up, None);
        replica.fetched(10, 15, at(2));
        assert_eq!(replica.caught_up, Some(at(1)));
        replica.fetched(14, 20, at(3));
        assert_eq!(replica.caught_up, Some(at(1)), "fifteen were there");
        replica.fetched(25, 25, at(4));
        assert_eq!(replica.caught_up, Some(at(4)));
    }
}
