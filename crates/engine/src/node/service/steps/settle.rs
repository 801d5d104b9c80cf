//! The steps that settle the delivery.

use crate::node::service::Service;
use crate::node::service::workers::Job;
use crate::wire::Wire;
use mqlab_model::Context;

impl Service {
    #[inline(always)]
    pub(super) fn acknowledge<C: Context<Wire>>(&mut self, cx: &mut C, index: u32, job: Job) {
        self.acknowledge_one(cx, job);
        if self.merge.is_some() {
            for job in self.along(index) {
                self.acknowledge_one(cx, job);
            }
        }
    }

    #[inline(always)]
    fn acknowledge_one<C: Context<Wire>>(&mut self, cx: &mut C, job: Job) {
        if let (Some(delivery), Some(consumer)) = (job.as_delivery(), &mut self.consumer) {
            consumer.acknowledge(cx, &delivery);
        }
    }

    pub(super) fn reject<C: Context<Wire>>(&mut self, cx: &mut C, index: u32, job: Job, requeue: bool) {
        for job in [job].into_iter().chain(self.along(index)) {
            if let (Some(delivery), Some(consumer)) = (job.as_delivery(), &mut self.consumer) {
                consumer.reject(cx, &delivery, requeue);
            }
        }
    }
}
