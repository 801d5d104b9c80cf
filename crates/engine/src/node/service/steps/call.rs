//! The step that calls services.

use super::Flow;
use crate::node::service::workers::Job;
use crate::node::service::{Service, Step};
use crate::wire::Wire;
use alloc::vec::Vec;
use mqlab_model::{Context, Port};

impl Service {
    pub(super) fn call<C: Context<Wire>>(&mut self, cx: &mut C, index: u32, job: &Job, step: usize) -> Flow {
        let Step::Call {
            services,
            parallel,
            patience,
            ..
        } = &self.program[step]
        else {
            return Flow::Fail;
        };
        let is_patient = patience.is_some();
        let first = usize::from(self.workers.slot(index).phase);
        if first >= services.len() {
            return Flow::Next;
        }
        let last = if *parallel { services.len() } else { first + 1 };
        let mut pending = 0;
        let mut patient: Vec<(u8, Port)> = Vec::new();
        for (which, port) in services.iter().enumerate().take(last).skip(first) {
            pending |= 1 << which;
            if is_patient {
                patient.push((which as u8, *port));
                continue;
            }
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
        for (which, port) in patient {
            let waits = self.workers.token(index, which);
            self.call_patiently(cx, waits, (step as u16, port), job.message());
        }
        Flow::Wait
    }
}
