//! What the values of facts mean, where they are numbers of a list.

/// An enum whose numbers are the values of a kind of fact. Digests know the
/// numbers: what is new comes last.
macro_rules! meanings {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// All of them, in the order of their numbers.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// It as the value of a fact.
            pub const fn value(self) -> u64 {
                self as u64
            }

            /// What a value means; `None` if it means nothing.
            pub fn of(value: u64) -> Option<$name> {
                Self::ALL.get(usize::try_from(value).ok()?).copied()
            }
        }
    };
}

meanings! {
    /// What a node has died of, which decides what it has lost: the value of
    /// [`FactKind::Down`](crate::FactKind::Down).
    Death {
        /// Its process was killed: its memory is gone.
        Killed,
        /// More was asked of it than it can bear.
        Overload,
        /// The power was cut: so is what was not synced.
        Power,
        /// Its disk is lost, with all that was on it.
        Disk,
    }
}

meanings! {
    /// Why a sender was told that a message was not taken: the value of
    /// [`FactKind::Refused`](crate::FactKind::Refused).
    Refusal {
        /// Nobody was there, or who was called did not do it.
        Declined,
        /// The connection closed before there was an answer.
        Unanswered,
        /// There was no room for it: in the sender's own buffer, or in a queue.
        NoRoom,
    }
}

meanings! {
    /// Why a service did not take a call: the value of
    /// [`FactKind::TurnedAway`](crate::FactKind::TurnedAway).
    TurnedAway {
        /// It had no room.
        NoRoom,
        /// It takes nothing of this caller any more.
        Blacklisted,
        /// It has taken as many as it takes in all.
        Enough,
    }
}

meanings! {
    /// Why a call failed: the value of
    /// [`FactKind::CallFailed`](crate::FactKind::CallFailed).
    CallFailure {
        /// It was refused, or nobody was there.
        Refused,
        /// No answer came in time.
        TimedOut,
        /// It was not even made, because the breaker is open.
        NotTried,
    }
}

meanings! {
    /// Why a row is gone: the value of
    /// [`FactKind::Deleted`](crate::FactKind::Deleted).
    Deletion {
        /// Somebody deleted it.
        Asked,
        /// Its time was over.
        Expired,
        /// The claim that it stood for was over, and somebody else has claimed it.
        LeaseOver,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meaning_survives_as_a_value() {
        for death in Death::ALL {
            assert_eq!(Death::of(death.value()), Some(*death));
        }
        assert_eq!(Death::of(4), None);
        assert_eq!(Refusal::of(u64::MAX), None);
    }
}
