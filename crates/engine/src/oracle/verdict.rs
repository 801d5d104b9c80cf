//! Verdicts: what the oracle says of a run.

use mqlab_model::Fact;

macro_rules! verdicts {
    ($($(#[$doc:meta])* $kind:ident = $word:literal),+ $(,)?) => {
        /// What can be said of a run.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum VerdictKind { $($(#[$doc])* $kind),+ }

        impl VerdictKind {
            /// Every kind.
            pub const ALL: &'static [VerdictKind] = &[$(VerdictKind::$kind),+];

            /// Its name: also the name of the metric that counts it.
            pub const fn name(self) -> &'static str {
                match self { $(VerdictKind::$kind => $word),+ }
            }
        }
    };
}

verdicts! {
    /// Told safe, never took effect, and nowhere any more.
    Lost = "lost",
    /// The same, but the sender was not told.
    UnconfirmedLost = "unconfirmed_lost",
    /// Took effect more than once.
    Duplicated = "duplicated",
    /// Took effect after a younger message of its source; if its load says what
    /// messages are about, after one about the same thing.
    Reordered = "reordered",
    /// A consumer received it a second time. A counter, not a fault.
    DeliveredAgain = "delivered_again",
    /// A node died of more than it can bear.
    Overloaded = "overloaded",
    /// Messages sit where no consumer looks.
    Stuck = "stuck",
    /// A queue handed it out though it was gone, or had never been there.
    Phantom = "phantom",
    /// A table has too many or too few rows of a business id.
    Inconsistent = "inconsistent",
    /// A copy of a table was looked up and did not say what is so.
    StaleRead = "stale_read",
    /// A queue was rid of it before any worker had begun, and none will.
    Skipped = "skipped",
    /// A queue handed it out after a younger one of the same source.
    NonMonotonic = "non_monotonic",
    /// A consumer received it before what it tells of was there.
    OverDelivered = "over_delivered",
    /// A consumer got nothing, and others got all.
    Starved = "starved",
    /// A row's time was over before the message that it was written for was.
    Expired = "expired",
    /// The run has not come far enough to tell. Not a fault.
    Unknown = "unknown",
}

/// One verdict of a run, up to now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// Which.
    pub kind: VerdictKind,
    /// How often; 0 means that it does not hold.
    pub count: u64,
    /// The first fact that showed it. `None` while the count has always been
    /// 0, and for `stuck`, `starved` and `unknown`, which are about what does
    /// not happen.
    pub first: Option<Fact>,
}
