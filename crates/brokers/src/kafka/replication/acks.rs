//! When a producer is told that its records are safe.

use crate::kafka::Error;

/// `acks` of a producer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Acks {
    /// It waits for nothing (0).
    None,
    /// The leader has written (1).
    Leader,
    /// All replicas in sync have written (all, or -1).
    All,
}

/// When a produce request is answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// Never.
    Never,
    /// When the leader has written.
    AfterAppend,
    /// When the high watermark has passed the last record.
    AfterHighWatermark,
}

/// Whether fewer replicas are in sync than are asked for. No more can be asked
/// for than there are.
pub const fn is_under_min_isr(in_sync: usize, min_insync: usize, replicas: usize) -> bool {
    let least = if min_insync < replicas { min_insync } else { replicas };
    in_sync < least
}

impl Acks {
    /// `acks` as it stands in a request.
    ///
    /// # Errors
    /// [`Error::InvalidRequiredAcks`] for all but 0, 1 and -1.
    pub const fn of(number: i64) -> Result<Acks, Error> {
        match number {
            0 => Ok(Acks::None),
            1 => Ok(Acks::Leader),
            -1 => Ok(Acks::All),
            _ => Err(Error::InvalidRequiredAcks),
        }
    }

    /// Whether the leader writes, and when it answers. Only who waits for all
    /// is refused for want of replicas.
    ///
    /// # Errors
    /// [`Error::NotEnoughReplicas`]: nothing may be written.
    pub const fn admit(self, is_under_min_isr: bool) -> Result<Answer, Error> {
        match self {
            Acks::None => Ok(Answer::Never),
            Acks::Leader => Ok(Answer::AfterAppend),
            Acks::All if is_under_min_isr => Err(Error::NotEnoughReplicas),
            Acks::All => Ok(Answer::AfterHighWatermark),
        }
    }
}

impl Answer {
    /// What a producer that waits for the high watermark is told now: its
    /// records end at `end`. `None` if it has to wait. If replicas fell out of
    /// sync in the meantime the records are there and the producer gets an
    /// error all the same.
    pub const fn due(end: u64, high_watermark: u64, is_under_min_isr: bool) -> Option<Result<(), Error>> {
        if high_watermark < end {
            None
        } else if is_under_min_isr {
            Some(Err(Error::NotEnoughReplicasAfterAppend))
        } else {
            Some(Ok(()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_waits_for_all_needs_enough_replicas() {
        for (acks, enough, few) in [
            (0, Ok(Answer::Never), Ok(Answer::Never)),
            (1, Ok(Answer::AfterAppend), Ok(Answer::AfterAppend)),
            (-1, Ok(Answer::AfterHighWatermark), Err(Error::NotEnoughReplicas)),
        ] {
            let acks = Acks::of(acks).unwrap();
            assert_eq!((acks.admit(false), acks.admit(true)), (enough, few));
        }
        assert_eq!(Acks::of(2), Err(Error::InvalidRequiredAcks));
        assert_eq!(Acks::of(-2), Err(Error::InvalidRequiredAcks));
    }

    #[test]
    fn no_more_replicas_can_be_asked_for_than_there_are() {
        assert!(is_under_min_isr(1, 2, 3));
        assert!(!is_under_min_isr(1, 2, 1));
    }

    #[test]
    fn the_answer_comes_with_the_high_watermark() {
        assert_eq!(Answer::due(5, 4, false), None);
        assert_eq!(Answer::due(5, 4, true), None);
        assert_eq!(Answer::due(5, 5, false), Some(Ok(())));
        assert_eq!(Answer::due(5, 5, true), Some(Err(Error::NotEnoughReplicasAfterAppend)));
    }
}
