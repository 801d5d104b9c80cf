//! The entrance of a service: which calls it takes when it has its hands full.
//!
//! Only calls are turned away. A delivery that a consumer cannot take would
//! have to go back to its broker, which would push it again at once; what
//! limits deliveries is the prefetch. Without it, a service that dies of too
//! much dies of deliveries as well.

use super::Service;
use super::workers::Job;
use crate::plan::{Bounds, Strain};
use crate::wire::Wire;
use alloc::vec::Vec;
use mqlab_kernel::SimSpan;
use mqlab_model::{Context, FactKind, Message, Port};

/// In the value of [`FactKind::TurnedAway`]: no worker and no place was free.
const FULL: u64 = 0;
/// It takes nothing more of this caller.
const BLACKLISTED: u64 = 1;
/// It has taken as many as it takes in all.
const ENOUGH: u64 = 2;

/// What a service knows about whom it lets in.
#[derive(Clone, Debug, Default)]
pub(super) struct Entrance {
    pub(super) bounds: Bounds,
    /// How many calls it has taken, in this life of its process.
    admitted: u64,
    /// Callers of whom it takes nothing more. That is written down somewhere:
    /// a restart does not make them welcome.
    blacklist: Vec<Port>,
}

impl Entrance {
    pub(super) fn new(bounds: Bounds) -> Self {
        Entrance {
            bounds,
            ..Entrance::default()
        }
    }

    /// The process is dead, and with it its counter.
    pub(super) fn forget(&mut self) {
        self.admitted = 0;
    }
}

impl Service {
    /// Somebody calls.
    pub(super) fn on_call<C: Context<Wire>>(&mut self, cx: &mut C, port: Port, token: u64, message: Message) {
        let Bounds { overload, admits, .. } = self.entrance.bounds;
        if self.entrance.blacklist.contains(&port) {
            return self.turn_away(cx, (port, token), message, BLACKLISTED);
        }
        if admits.is_some_and(|most| self.entrance.admitted >= most) {
            return self.turn_away(cx, (port, token), message, ENOUGH);
        }
        if !self.has_room() && overload != Strain::Slows {
            if overload == Strain::Blacklists {
                self.entrance.blacklist.push(port);
                cx.emit(self.place, FactKind::Blacklisted, message.id, u64::from(port.0));
            }
            self.turn_away(cx, (port, token), message, FULL);
            if overload == Strain::Dies {
                cx.die();
            }
            return;
        }
        self.entrance.admitted += 1;
        self.take(cx, Job::call(message, port, token), false);
    }

    /// A delivery is pushed that there is no room for, and that is the end.
    #[cold]
    #[inline(never)]
    pub(super) fn break_down<C: Context<Wire>>(&mut self, cx: &mut C, job: Job, redelivered: bool) {
        self.take(cx, job, redelivered);
        cx.die();
    }

    fn turn_away<C: Context<Wire>>(&mut self, cx: &mut C, (port, token): (Port, u64), message: Message, why: u64) {
        cx.emit(self.calls, FactKind::TurnedAway, message.id, why);
        let done = false;
        cx.send(port, Wire::Reply { token, message, done });
    }

    /// Whether one more job finds a worker or a place to wait. What waits now
    /// waits because every worker is busy.
    pub(super) fn has_room(&self) -> bool {
        let free = self.workers.has_free();
        let waiting = self.buffered() as u64;
        free || self.entrance.bounds.queue.is_none_or(|most| waiting < u64::from(most))
    }

    /// How long work takes that begins now and would take `span` with room to
    /// spare.
    pub(super) fn strained(&self, span: SimSpan) -> SimSpan {
        let Bounds { queue, .. } = self.entrance.bounds;
        let (Some(workers), Some(queue)) = (self.workers.limit(), queue) else {
            return span;
        };
        let bears = (u64::from(workers) + u64::from(queue)).max(1);
        let asked = u64::from(self.workers.busy()) + self.buffered() as u64;
        if asked <= bears {
            return span;
        }
        let nanos = u128::from(span.nanos()) * u128::from(asked) / u128::from(bears);
        let nanos = u64::try_from(nanos).unwrap_or(u64::MAX);
        SimSpan::checked_from_nanos(nanos).unwrap_or(SimSpan::MAX)
    }
}
