//! How often a message was given up, where and why.

use alloc::vec::Vec;

/// Why a queue gave a message up.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Reason {
    /// A consumer did not want it.
    Rejected,
    /// It waited too long.
    Expired,
    /// The queue was full.
    Full,
    /// It came back too often.
    Returned,
}

impl Reason {
    /// All of them, in the order of the values of
    /// [`FactKind::DeadLettered`](mqlab_model::FactKind::DeadLettered).
    pub const ALL: [Reason; 4] = [Reason::Rejected, Reason::Expired, Reason::Full, Reason::Returned];
}

/// What happened to a message in one queue for one reason, however often.
/// `Q` names queues, and `D` is what is kept of the first time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Death<Q, D> {
    /// The queue.
    pub queue: Q,
    /// Why.
    pub reason: Reason,
    /// How often.
    pub count: u32,
    /// What is kept of the first time.
    pub details: D,
}

/// The deaths of a message, the newest first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deaths<Q, D> {
    newest_first: Vec<Death<Q, D>>,
    first: Option<(Q, Reason)>,
}

impl<Q, D> Default for Deaths<Q, D> {
    fn default() -> Self {
        Deaths {
            newest_first: Vec::new(),
            first: None,
        }
    }
}

impl<Q: Copy + PartialEq, D> Deaths<Q, D> {
    /// One more. It joins one of the same queue and reason.
    pub fn add(&mut self, queue: Q, reason: Reason, details: D) {
        self.first.get_or_insert((queue, reason));
        let same = |death: &Death<Q, D>| death.queue == queue && death.reason == reason;
        let death = match self.newest_first.iter().position(same) {
            Some(index) => {
                let mut death = self.newest_first.remove(index);
                death.count += 1;
                death
            }
            None => Death {
                queue,
                reason,
                count: 1,
                details,
            },
        };
        self.newest_first.insert(0, death);
    }

    /// What is known from somebody else: it is newer than all that was added before.
    pub fn remember(&mut self, death: Death<Q, D>, is_first: bool) {
        if is_first {
            self.first = Some((death.queue, death.reason));
        }
        self.newest_first.insert(0, death);
    }

    /// Whether a message that just died would go in a circle that nobody
    /// stands in if it came to `queue`: it died there before, and no consumer
    /// has rejected it since.
    pub fn goes_in_a_circle(&self, queue: Q) -> bool {
        let Some(last) = self.newest_first.iter().position(|death| death.queue == queue) else {
            return false;
        };
        self.newest_first[..=last]
            .iter()
            .all(|death| death.reason != Reason::Rejected)
    }

    /// All of them, the newest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Death<Q, D>> {
        self.newest_first.iter()
    }

    /// Where and why it died first.
    pub fn first(&self) -> Option<(Q, Reason)> {
        self.first
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::vec::Vec;

    #[test]
    fn a_circle_without_a_rejection_is_one() {
        let mut deaths = Deaths::default();
        deaths.add(1, Reason::Rejected, ());
        deaths.add(2, Reason::Expired, ());
        assert!(!deaths.goes_in_a_circle(1), "a consumer stood in it");
        assert!(deaths.goes_in_a_circle(2), "into the queue it comes from");
        assert!(!deaths.goes_in_a_circle(3));
        deaths.add(3, Reason::Full, ());
        assert!(deaths.goes_in_a_circle(2) && !deaths.goes_in_a_circle(1));
    }

    fn reason() -> impl Strategy<Value = Reason> {
        prop_oneof![Just(Reason::Rejected), Just(Reason::Expired), Just(Reason::Full)]
    }

    proptest! {
        /// The model keeps every single death.
        #[test]
        fn it_is_a_summary_of_all_deaths(all in proptest::collection::vec((0u8..4, reason()), 0..30)) {
            let mut deaths = Deaths::default();
            for (index, (queue, reason)) in all.iter().enumerate() {
                deaths.add(*queue, *reason, index);
            }
            let mut expected: Vec<(u8, Reason, u32, usize)> = Vec::new();
            for (queue, reason) in all.iter().rev() {
                if expected.iter().all(|known| (known.0, known.1) != (*queue, *reason)) {
                    let same = || all.iter().filter(|death| *death == &(*queue, *reason));
                    let first = all.iter().position(|death| death == &(*queue, *reason)).unwrap();
                    expected.push((*queue, *reason, same().count() as u32, first));
                }
            }
            let seen: Vec<_> = deaths.iter().map(|death| (death.queue, death.reason, death.count, death.details)).collect();
            prop_assert_eq!(seen, expected);
            prop_assert_eq!(deaths.first(), all.first().copied());
        }
    }
}
