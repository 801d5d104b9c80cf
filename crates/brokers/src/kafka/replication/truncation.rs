//! Where a follower cuts its log back before it follows a new leader
//! (KIP-101, KIP-279).
//!
//! It asks where the latest epoch that it knows ended. The leader says where
//! that epoch, or the last one before it that the leader knows, ended in its
//! own log. What lies behind that in the follower's log never was committed.

use crate::parts::Epochs;

/// Where to cut, and whether that was the last question.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cut {
    /// The follower's log ends there afterwards.
    pub to: u64,
    /// Whether both logs are the same up to there. If not, the follower asks
    /// again with the latest epoch that it then has.
    pub is_final: bool,
}

/// Where a follower with these epochs, whose log ends at `log_end`, cuts it
/// back after the leader's answer: an epoch with its end
/// ([`Epochs::end_of`]), or nothing, in which case only what is committed
/// stays.
pub fn cut(epochs: &Epochs, log_end: u64, high_watermark: u64, answer: Option<(u32, u64)>) -> Cut {
    let last = |to: u64| Cut {
        to: to.min(log_end),
        is_final: true,
    };
    let Some((epoch, leader_end)) = answer else {
        return last(high_watermark);
    };
    match epochs.end_of(epoch, log_end) {
        Some((known, end)) if known == epoch => last(end.min(leader_end)),
        // The follower never saw that epoch: back to the end of the one
        // before, and on from there.
        Some((_, end)) => Cut {
            to: end.min(log_end),
            is_final: false,
        },
        None => last(leader_end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    /// The epochs of a log, given the epoch of each record.
    fn epochs(log: &[u32]) -> Epochs {
        Epochs::new((0..).zip(log).map(|(offset, epoch)| (*epoch, offset)))
    }

    /// How a follower ends up.
    fn truncated(leader: &[u32], follower: &[u32], high_watermark: u64) -> usize {
        let mut log = follower.to_vec();
        let mut leader_epochs = epochs(leader);
        // Whoever leads has an epoch of its own, with or without records.
        let latest = leader.iter().chain(follower).max().copied().unwrap_or(0);
        leader_epochs.begin(latest + 1, leader.len() as u64);
        for _ in 0..=follower.len() {
            let own = epochs(&log);
            let Some(latest) = own.latest() else {
                return log.len();
            };
            let answer = leader_epochs.end_of(latest, leader.len() as u64);
            let cut = cut(&own, log.len() as u64, high_watermark, answer);
            log.truncate(cut.to as usize);
            if cut.is_final {
                return log.len();
            }
        }
        panic!("a follower asks at most once for each epoch");
    }

    #[test]
    fn who_is_only_behind_keeps_everything() {
        assert_eq!(truncated(&[0, 0, 1, 1, 1], &[0, 0, 1], 0), 3);
    }

    #[test]
    fn what_a_dead_leader_wrote_alone_goes() {
        // The follower led in epoch 1 and wrote two records that nobody got.
        assert_eq!(truncated(&[0, 0, 2, 2, 2], &[0, 0, 1, 1], 2), 2);
    }

    #[test]
    fn several_lonely_epochs_take_several_questions() {
        assert_eq!(truncated(&[0, 3, 5, 5], &[0, 2, 4, 4, 4], 1), 1);
    }

    #[test]
    fn what_a_leader_has_nothing_of_goes() {
        assert_eq!(truncated(&[], &[0, 0, 0], 2), 0);
        // Both began alone: the follower in epoch 2, the leader in epoch 1.
        assert_eq!(truncated(&[1], &[2], 0), 0);
    }

    #[test]
    fn a_leader_of_the_past_leaves_what_is_committed() {
        let own = epochs(&[0, 0, 0]);
        assert_eq!(cut(&own, 3, 2, None), Cut { to: 2, is_final: true });
    }

    proptest! {
        /// Logs share a beginning; from there on each has epochs that the
        /// other one has not. What is left is what they share.
        #[test]
        fn what_is_left_is_what_both_have(
            shared in proptest::collection::vec(0u32..2, 1..8),
            theirs in proptest::collection::vec(0u32..2, 0..8),
            ours in proptest::collection::vec(0u32..2, 0..8),
        ) {
            let mut log: Vec<u32> = Vec::new();
            let mut epoch = 0;
            for step in shared {
                epoch += 2 * step;
                log.push(epoch);
            }
            let tail = |first: u32, steps: &[u32]| {
                let mut epoch = first;
                let mut tail = Vec::new();
                for step in steps {
                    epoch += 2 * step;
                    tail.push(epoch);
                }
                tail
            };
            let common = log.len();
            let mut leader = log.clone();
            leader.extend(tail(epoch + 2, &theirs));
            log.extend(tail(epoch + 1, &ours));
            prop_assert_eq!(truncated(&leader, &log, 0), common);
        }
    }
}
