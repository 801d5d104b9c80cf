//! The step that publishes.

use super::Flow;
use crate::node::service::workers::Job;
use crate::node::service::{Service, Step};
use crate::wire::Wire;
use alloc::vec::Vec;
use mqlab_model::{Context, FactKind, Message, MessageId};

impl Service {
    pub(super) fn publish<C: Context<Wire>>(&mut self, cx: &mut C, index: u32, job: &Job, step: usize) -> Flow {
        let Step::Publish { to, confirm, .. } = &self.program[step] else {
            return Flow::Fail;
        };
        let (confirm, mut pending, mut failed) = (*confirm, 0u64, false);
        let mut awaited: Vec<(usize, u64, u8)> = Vec::new();
        // Of jobs that are merged there is one message each.
        let along = if self.merge.is_some() {
            self.along(index)
        } else {
            Vec::new()
        };
        let jobs = [*job].into_iter().chain(along);
        let outputs = jobs.flat_map(|job| to.iter().map(move |output| (output, job.message().id)));
        for (which, (output, parent)) in outputs.enumerate() {
            let Some(source) = output.source(parent.source()) else {
                continue;
            };
            let id = MessageId::new(source, parent.number());
            let message = Message::new(id, cx.now(), true);
            cx.emit(self.place, FactKind::Offered, id, 0);
            let producer = &mut self.producers[output.producer];
            match producer.publish(cx, output.route, message) {
                Some(sequence) => awaited.push((output.producer, sequence, which as u8)),
                None => failed = true,
            }
            pending |= 1 << which;
        }
        if failed {
            return Flow::Fail;
        }
        if !confirm || pending == 0 {
            return Flow::Next;
        }
        self.workers.slot(index).pending = pending;
        for (producer, sequence, which) in awaited {
            let token = self.workers.token(index, which);
            self.awaited.insert((producer, sequence), token);
        }
        Flow::Wait
    }
}
