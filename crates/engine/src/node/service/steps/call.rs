//! The step that calls services.

use super::Flow;
use crate::node::service::workers::Job;
use crate::node::service::{Service, Step};
use crate::wire::Wire;
use mqlab_model::Context;

impl Service {
    pub(super) fn call<C: Context<Wire>>(&mut self, cx: &mut C, index: u32, job: &Job, step: usize) -> Flow {
        let Step::Call { services, parallel } = &self.program[step] else {
            return Flow::Fail;
        };
        let first = usize::from(self.workers.slot(index).phase);
        if first >= services.len() {
            return Flow::Next;
        }
        let last = if *parallel { services.len() } else { first + 1 };
        let mut pending = 0;
        for (which, port) in services.iter().enumerate().take(last).skip(first) {
            pending |= 1 << which;
            let token = self.workers.token(index, which as u8).pack();
            cx.send(
                *port,
                Wire::Request {
                    token,
                    message: job.message(),
                },
            );
        }
        let slot = self.workers.slot(index);
        slot.pending = pending;
        slot.phase = last as u16;
        Flow::Wait
    }
}
