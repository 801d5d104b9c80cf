//! What the pump says of itself.

use crate::state::job::Answer;

/// What the pump tells the page.
pub(crate) enum Event {
    /// The panels are out of date.
    Refresh,
    /// The run is over, or where it was to stop.
    Arrived,
    /// What was looked for is found.
    Found(Answer),
}

/// What is known of the pace so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pulse {
    /// Longest time from one picture to the next while playing.
    pub(crate) frame_ms_max: f64,
    /// Longest time that one picture with its slice of the run took.
    pub(crate) work_ms_max: f64,
    /// Time spent playing.
    pub(crate) wall_ms: f64,
}
