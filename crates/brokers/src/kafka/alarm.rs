//! One timer that is moved to and fro.

use mqlab_kernel::SimTime;
use mqlab_model::{Context, TimerLane};

/// Wakes its owner no later than it was last wanted. There is no disarming, so
/// it may go off for nothing: whoever is woken looks what is due.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Alarm {
    armed: Option<SimTime>,
}

impl Alarm {
    /// It is to go off at `at`.
    pub(super) fn want<W, C: Context<W>>(&mut self, cx: &mut C, lane: TimerLane, at: SimTime, token: u64) {
        if self.armed.is_none_or(|armed| at < armed) {
            self.armed = Some(at);
            cx.arm(lane, at, token);
        }
    }

    /// It went off. False if that was an earlier one.
    pub(super) fn rang(&mut self, now: SimTime) -> bool {
        let is_due = self.armed.is_some_and(|armed| armed <= now);
        if is_due {
            self.armed = None;
        }
        is_due
    }

    /// Its owner died: timers of an earlier life never arrive.
    pub(super) fn clear(&mut self) {
        self.armed = None;
    }
}
