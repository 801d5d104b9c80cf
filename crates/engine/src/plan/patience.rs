//! How a caller bears with those it calls.

use mqlab_kernel::SimSpan;

/// What a call step does when an answer does not come, or is a refusal.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Patience {
    /// After this long without an answer the call has failed. What the called
    /// service does all the same, it does for nobody.
    pub timeout: Option<SimSpan>,
    /// How often a failed call is made again.
    pub retries: u32,
    /// The pause before the first of these; each further one is twice as long.
    pub backoff: SimSpan,
    /// At most so much is added to a pause, drawn for each.
    pub jitter: SimSpan,
    /// When not even to try.
    pub breaker: Option<BreakerPlan>,
}

/// A circuit breaker, one for each service that a step calls. After some
/// failures in a row it is open: calls fail without being made. Then one call
/// is let through, and what becomes of it decides how it goes on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BreakerPlan {
    /// How many failures in a row open it; at least 1.
    pub failures: u32,
    /// How long it stays open.
    pub open: SimSpan,
}
