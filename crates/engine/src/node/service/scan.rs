//! A service that looks through a table from time to time.

use super::Service;
use super::workers::Token;
use super::{Scan, WORK};
use crate::wire::Wire;
use mqlab_model::{Context, LocalTime, Message, MessageId};

/// The token of its timer: no worker has it.
pub(super) const TICK: Token = Token {
    slot: u32::MAX,
    generation: 0,
    part: 0,
};

impl Service {
    /// Arms the next multiple of the interval on the service's own clock.
    pub(crate) fn arm_tick<C: Context<Wire>>(&mut self, cx: &mut C) {
        let Some(Scan { every, .. }) = self.scan else { return };
        let every_ns = every.nanos().max(1).cast_signed();
        let last = cx.clock().nanos().div_euclid(every_ns) * every_ns;
        let next = LocalTime::from_nanos(last).saturating_add(every);
        let at = cx.when(next);
        self.next_tick = at;
        cx.arm(WORK, at, TICK.pack());
    }

    /// It is time to look, unless the rows of the last time are still in hand,
    /// or the clock was set since this was armed.
    pub(super) fn tick<C: Context<Wire>>(&mut self, cx: &mut C) {
        if cx.now() < self.next_tick {
            return;
        }
        self.arm_tick(cx);
        let Some(Scan { table, statement, .. }) = self.scan else {
            return;
        };
        if self.workers.busy() == 0 && self.buffered() == 0 {
            let nobody = Message::new(MessageId::NONE, cx.now(), false);
            cx.send(
                table,
                Wire::Statement {
                    token: TICK.pack(),
                    message: nobody,
                    writer: self.subscription,
                    effect: false,
                    statement,
                },
            );
        }
    }
}
