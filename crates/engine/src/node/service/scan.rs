//! A service that looks through a table from time to time.

use super::Service;
use super::workers::Token;
use super::{Scan, WORK};
use crate::wire::Wire;
use mqlab_kernel::SimTime;
use mqlab_model::{Context, Message, MessageId};

/// The token of its timer: no worker has it.
pub(super) const TICK: Token = Token {
    slot: u32::MAX,
    generation: 0,
    part: 0,
};

impl Service {
    /// Arms the next multiple of the interval.
    pub(super) fn arm_tick<C: Context<Wire>>(&mut self, cx: &mut C) {
        let Some(Scan { every, .. }) = self.scan else { return };
        let every_ns = every.nanos().max(1);
        let last = SimTime::from_nanos(cx.now().nanos() / every_ns * every_ns);
        cx.arm(WORK, last.saturating_add(every), TICK.pack());
    }

    /// It is time to look, unless the rows of the last time are still in hand.
    pub(super) fn tick<C: Context<Wire>>(&mut self, cx: &mut C) {
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
