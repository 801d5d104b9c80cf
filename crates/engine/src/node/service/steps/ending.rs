//! How a job ends, and what its caller is told.

use crate::node::service::Service;
use crate::node::service::workers::Job;
use crate::wire::Wire;
use mqlab_model::{Context, FactKind, Message, Port};

impl Service {
    #[inline(always)]
    pub(super) fn respond<C: Context<Wire>>(&mut self, cx: &mut C, index: u32, job: Job, done: bool) {
        if let Some((port, token)) = job.as_call() {
            self.reply(cx, index, (port, token), job.message(), done);
        }
    }

    #[inline(never)]
    pub(super) fn reply<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        index: u32,
        (port, token): (Port, u64),
        message: Message,
        done: bool,
    ) {
        if self.merge.is_some() {
            self.respond_along(cx, index, done);
        }
        let slot = self.workers.slot(index);
        if !slot.responded {
            slot.responded = true;
            cx.send(port, Wire::Reply { token, message, done });
        }
    }

    #[inline(always)]
    pub(in super::super) fn finish<C: Context<Wire>>(&mut self, cx: &mut C, index: u32, job: Job) {
        let took = cx.now().since(job.message().offered());
        cx.emit(self.inlet(&job), FactKind::Handled, job.message().id, took.nanos());
        if self.merge.is_some() {
            self.end_group(cx, index, FactKind::Handled);
        }
        self.respond(cx, index, job, true);
    }

    #[inline(never)]
    pub(super) fn fail<C: Context<Wire>>(&mut self, cx: &mut C, index: u32) {
        let Some(job) = self.workers.slot(index).job else {
            return;
        };
        cx.emit(self.inlet(&job), FactKind::Failed, job.message().id, 0);
        if self.merge.is_some() {
            self.end_group(cx, index, FactKind::Failed);
        }
        self.respond(cx, index, job, false);
        if self.transacts {
            self.go_back(cx);
        }
    }
}
