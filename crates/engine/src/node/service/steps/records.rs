//! Transactions of Kafka: what a handler publishes, and that it has handled what
//! it was given, count together or not at all.
//!
//! The loop is the one of Kafka's documentation: what was polled is worked on,
//! published, and committed with `sendOffsetsToTransaction`; if something fails
//! the transaction is aborted, and the consumer goes back to what is committed.

use super::{BEGIN, Flow};
use crate::node::service::Service;
use crate::node::service::workers::Job;
use crate::wire::Wire;
use mqlab_model::{Context, FactKind};

impl Service {
    /// Commits. The worker goes on when the transaction's coordinator has
    /// answered.
    pub(super) fn commit_records<C: Context<Wire>>(&mut self, cx: &mut C, index: u32, producer: usize) -> Flow {
        if self.workers.slot(index).phase != BEGIN {
            self.polling()
                .into_iter()
                .for_each(|consumer| consumer.end_within(true));
            return Flow::Next;
        }
        let Ok(offsets) = self.polling().map_or(Ok(None), |consumer| consumer.offsets_within()) else {
            return Flow::Fail;
        };
        let Some(publisher) = self.producers[producer].transactional() else {
            return Flow::Fail;
        };
        let number = publisher.commit(cx, offsets);
        let slot = self.workers.slot(index);
        (slot.phase, slot.pending) = (BEGIN + 1, 1);
        let token = self.workers.token(index, 0);
        self.awaited.insert((producer, number), token);
        Flow::Wait
    }

    /// What was published since the last commit never was, and what was
    /// acknowledged is not.
    pub(super) fn abort_records<C: Context<Wire>>(&mut self, cx: &mut C, producer: usize) {
        if let Some(publisher) = self.producers[producer].transactional() {
            publisher.abort(cx);
        }
        self.polling()
            .into_iter()
            .for_each(|consumer| consumer.end_within(false));
    }

    /// The delivery, and those that are merged with it, are acknowledged when the
    /// transaction is committed.
    pub(super) fn acknowledge_within(&mut self, index: u32, job: Job) -> Flow {
        for job in [job].into_iter().chain(self.along(index)) {
            if let (Some(delivery), Some(consumer)) = (job.as_delivery(), self.polling())
                && !consumer.acknowledge_within(&delivery)
            {
                return Flow::Fail;
            }
        }
        Flow::Next
    }

    /// A handler has failed: its consumer goes back to what is committed, and what
    /// waits for a worker will be polled once more.
    #[cold]
    #[inline(never)]
    pub(super) fn go_back<C: Context<Wire>>(&mut self, cx: &mut C) {
        let goes = |job: &Job| job.as_delivery().is_some();
        let dropped = match self.merge {
            Some(_) => self.drop_from_groups(goes),
            None => self.workers.drop_waiting(goes),
        };
        for job in dropped {
            cx.emit(self.inlet(&job), FactKind::Aborted, job.message().id, 0);
        }
        self.polling().into_iter().for_each(|consumer| consumer.go_back(cx));
    }
}
