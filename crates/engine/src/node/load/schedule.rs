//! A schedule by a clock of its own: the ticks of a timer come when the clock of its
//! machine says so.

use super::Load;
use crate::wire::Wire;
use mqlab_kernel::SimTime;
use mqlab_model::{Context, LocalTime};

impl Load {
    /// What time it is for the load: by its clock, if its schedule goes by that.
    #[inline(always)]
    pub(super) fn own_time<C: Context<Wire>>(&self, cx: &mut C) -> SimTime {
        if self.by_clock { local(cx) } else { cx.now() }
    }

    /// When it really is so late.
    #[inline(always)]
    pub(super) fn really<C: Context<Wire>>(&self, cx: &mut C, own: SimTime) -> SimTime {
        if self.by_clock {
            cx.when(LocalTime::right(own))
        } else {
            own
        }
    }

    /// The clock was set: the next tick is at another time. What the clock jumps
    /// over is left out, and what it shows a second time is not done again.
    pub(crate) fn rearm_by_clock<C: Context<Wire>>(&mut self, cx: &mut C) {
        self.by_clock = true;
        if self.is_armed {
            self.generation += 1;
            self.is_armed = false;
            self.in_segment = self.in_segment.saturating_sub(1);
            self.arm_arrival(cx);
        }
    }
}

#[cold]
fn local<C: Context<Wire>>(cx: &mut C) -> SimTime {
    let shown = u64::try_from(cx.clock().nanos()).unwrap_or(0);
    SimTime::from_nanos(shown.min(SimTime::MAX.nanos()))
}
