//! Who leads a partition next: what the controller decides.

use super::replica::BrokerId;
use alloc::vec::Vec;

/// Why there is an election.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Election {
    /// A leader is wanted, and it must have everything.
    Online,
    /// The same, but any leader is better than none
    /// (`unclean.leader.election.enable`).
    Unclean,
    /// The first replica of the assignment should lead again.
    Preferred,
}

/// What the controller knows of a partition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Electorate<'a> {
    /// All replicas, in the order of the assignment.
    pub replicas: &'a [BrokerId],
    /// Those in sync.
    pub in_sync: &'a [BrokerId],
    /// Those that are not in sync any more and have everything all the same
    /// ([`Eligible`]).
    pub eligible: &'a [BrokerId],
    /// Who led last, while nobody has everything for certain.
    pub last_known: Option<BrokerId>,
    /// Who leads.
    pub leader: Option<BrokerId>,
    /// Brokers that are alive.
    pub live: &'a [BrokerId],
}

/// Who was elected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Elected {
    /// The leader.
    pub leader: BrokerId,
    /// Whether it may lack records that were committed. Then it alone is in
    /// sync from now on.
    pub is_unclean: bool,
}

impl Electorate<'_> {
    fn is_live(&self, broker: BrokerId) -> bool {
        self.live.contains(&broker)
    }

    /// Whether a broker has everything and is alive.
    fn is_clean(&self, broker: BrokerId) -> bool {
        (self.in_sync.contains(&broker) || self.eligible.contains(&broker)) && self.is_live(broker)
    }

    /// Holds an election; `None` if nobody can lead.
    pub fn elect(&self, election: Election) -> Option<Elected> {
        let first = self.replicas.first().copied();
        let preferred = first.filter(|one| election == Election::Preferred && self.is_clean(*one));
        // Without need nobody is replaced.
        let present = || self.leader.filter(|one| self.is_clean(*one));
        let clean = || self.replicas.iter().copied().find(|one| self.is_clean(*one));
        if let Some(leader) = preferred.or_else(present).or_else(clean) {
            return Some(Elected {
                leader,
                is_unclean: false,
            });
        }
        let is_nobody_left = self.in_sync.is_empty() && self.eligible.is_empty();
        let last = self.last_known.filter(|one| is_nobody_left && self.is_live(*one));
        let any = || {
            let live = self.replicas.iter().copied().find(|one| self.is_live(*one));
            live.filter(|_| election == Election::Unclean)
        };
        let leader = last.or_else(any)?;
        Some(Elected {
            leader,
            is_unclean: true,
        })
    }
}

/// Replicas that left those in sync while fewer than `min.insync.replicas`
/// were: nothing is committed meanwhile, so they still have everything and may
/// lead (KIP-966, on for new clusters since Kafka 4.1). In order of numbers.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Eligible {
    /// They have everything.
    pub eligible: Vec<BrokerId>,
    /// They had, and then lost their disk's unsynced end.
    pub last_known: Vec<BrokerId>,
}

impl Eligible {
    /// Those in sync change from `before` to `after`, and `is_under_min` of
    /// the latter. Brokers in `unclean` did not shut down properly.
    pub fn changed(
        &self,
        before: &[BrokerId],
        after: &[BrokerId],
        is_under_min: bool,
        unclean: &[BrokerId],
    ) -> Eligible {
        if !is_under_min {
            return Eligible::default();
        }
        let mut known: Vec<BrokerId> = Vec::new();
        for one in before.iter().chain(&self.eligible) {
            if !known.contains(one) && !after.contains(one) {
                known.push(*one);
            }
        }
        mqlab_kernel::sort_by_key(&mut known, |one| *one);
        let (last_known, eligible) = known.into_iter().partition::<Vec<_>, _>(|one| unclean.contains(one));
        let older = self
            .last_known
            .iter()
            .filter(|one| !after.contains(one) && !eligible.contains(one));
        let mut last_known: Vec<BrokerId> = older.copied().chain(last_known).collect();
        mqlab_kernel::sort_by_key(&mut last_known, |one| *one);
        last_known.dedup();
        Eligible { eligible, last_known }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn brokers(numbers: &[u32]) -> Vec<BrokerId> {
        numbers.iter().copied().map(BrokerId).collect()
    }

    fn elect(in_sync: &[u32], leader: u32, live: &[u32], election: Election) -> Option<(u32, bool)> {
        let electorate = Electorate {
            replicas: &brokers(&[2, 1, 3]),
            in_sync: &brokers(in_sync),
            eligible: &[],
            last_known: None,
            leader: Some(BrokerId(leader)),
            live: &brokers(live),
        };
        electorate
            .elect(election)
            .map(|elected| (elected.leader.0, elected.is_unclean))
    }

    #[test]
    fn nobody_is_replaced_without_need_but_for_the_preferred() {
        assert_eq!(elect(&[1, 2, 3], 3, &[1, 2, 3], Election::Online), Some((3, false)));
        assert_eq!(elect(&[1, 2, 3], 3, &[1, 2, 3], Election::Preferred), Some((2, false)));
        assert_eq!(elect(&[1, 3], 3, &[1, 2, 3], Election::Preferred), Some((3, false)));
        assert_eq!(elect(&[1, 3], 3, &[1, 2], Election::Preferred), Some((1, false)));
    }

    #[test]
    fn without_anybody_in_sync_only_an_unclean_leader_is_left() {
        assert_eq!(elect(&[3], 3, &[1, 2], Election::Online), None);
        assert_eq!(elect(&[3], 3, &[1, 2], Election::Unclean), Some((2, true)));
        assert_eq!(elect(&[3], 3, &[], Election::Unclean), None);
        assert_eq!(
            elect(&[1], 3, &[1, 2], Election::Unclean),
            Some((1, false)),
            "not before it must be"
        );
    }

    #[test]
    fn who_left_while_nothing_was_committed_may_still_lead() {
        let (in_sync, eligible) = (brokers(&[1]), brokers(&[3]));
        let electorate = Electorate {
            replicas: &brokers(&[1, 2, 3]),
            in_sync: &in_sync,
            eligible: &eligible,
            last_known: None,
            leader: Some(BrokerId(1)),
            live: &brokers(&[2, 3]),
        };
        let elected = electorate.elect(Election::Online);
        assert_eq!(
            elected.map(|elected| (elected.leader.0, elected.is_unclean)),
            Some((3, false))
        );
    }

    #[test]
    fn those_that_left_are_kept_until_enough_are_back() {
        let none = Eligible::default();
        let few = none.changed(&brokers(&[1, 2, 3, 4]), &brokers(&[1, 2]), true, &[]);
        assert_eq!(few.eligible, brokers(&[3, 4]));
        let fewer = few.changed(&brokers(&[1, 2]), &brokers(&[1]), true, &brokers(&[3]));
        assert_eq!(
            (fewer.eligible.clone(), fewer.last_known.clone()),
            (brokers(&[2, 4]), brokers(&[3]))
        );
        assert_eq!(fewer.changed(&brokers(&[1]), &brokers(&[1, 2, 3]), false, &[]), none);
    }

    proptest! {
        /// Whatever the state: an unclean leader is elected only where it was
        /// asked for and nobody has everything; a clean one has everything.
        #[test]
        fn clean_means_in_sync_and_alive(in_sync in 0u32..8, live in 0u32..8, leader in 1u32..4, kind in 0usize..3) {
            let of = |mask: u32| (1u32..4).filter(|one| mask & 1 << (one - 1) != 0).collect::<Vec<_>>();
            let election = [Election::Online, Election::Unclean, Election::Preferred][kind];
            let clean = of(in_sync & live);
            match elect(&of(in_sync), leader, &of(live), election) {
                Some((elected, false)) => prop_assert!(clean.contains(&elected)),
                Some((elected, true)) => {
                    prop_assert!(clean.is_empty() && election == Election::Unclean);
                    prop_assert!(of(live).contains(&elected));
                }
                None => prop_assert!(clean.is_empty() && (live == 0 || election != Election::Unclean)),
            }
        }
    }
}
