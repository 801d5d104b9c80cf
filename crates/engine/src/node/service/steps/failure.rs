//! Steps that fail, and what happens then.

use super::{BEGIN, Flow};
use crate::node::service::{BlockKind, Service, Step};
use crate::plan::FailPlan;
use crate::wire::Wire;
use mqlab_model::{Context, MessageId};

/// What becomes of a worker whose step has failed.
pub(super) enum Recovery {
    /// It goes on at this step.
    GoOn(usize),
    /// It waits until it tries again.
    Wait,
    /// Nothing is to be done: the handler has failed.
    Over,
}

impl Service {
    /// Whether a step that fails now and then fails now.
    pub(super) fn fails<C: Context<Wire>>(&mut self, cx: &mut C, step: usize, message: MessageId) -> bool {
        let Some(Step::Fail { plan, times }) = self.program.get_mut(step) else {
            return false;
        };
        *times += 1;
        match *plan {
            FailPlan::Never => false,
            FailPlan::Always => true,
            FailPlan::Chance(chance) => cx.random() < chance,
            FailPlan::First(count) => *times <= count,
            FailPlan::Message(number) => message.number() + 1 == number,
        }
    }

    /// The step that a worker is at has failed.
    pub(super) fn recover<C: Context<Wire>>(&mut self, cx: &mut C, index: u32) -> Recovery {
        let slot = *self.workers.slot(index);
        let step = usize::from(slot.step);
        for which in 0..self.blocks.len() {
            let block = &self.blocks[which];
            if !(block.first..block.end).contains(&step) {
                continue;
            }
            match &block.kind {
                BlockKind::Transaction(tables) => {
                    let tables = tables.clone();
                    self.roll_back(cx, index, &tables);
                }
                BlockKind::Records(producer) => {
                    let producer = *producer;
                    self.abort_records(cx, producer);
                }
                BlockKind::Retry { attempts, pause } if slot.attempt < *attempts => {
                    let (first, at) = (block.first, cx.later(*pause));
                    self.workers.slot(index).attempt += 1;
                    if at == cx.now() {
                        return Recovery::GoOn(first);
                    }
                    // The step before the block is the one that it begins with.
                    self.wait_until(cx, index, first - 1, at);
                    return Recovery::Wait;
                }
                BlockKind::Retry { .. } => {}
                BlockKind::Otherwise(next) => return Recovery::GoOn(*next),
            }
        }
        Recovery::Over
    }

    /// A block is begun, or begun once more after a pause.
    pub(super) fn begin_attempts(&mut self, index: u32) -> Flow {
        let slot = self.workers.slot(index);
        if slot.phase == BEGIN {
            slot.attempt = 1;
        }
        Flow::Next
    }
}
