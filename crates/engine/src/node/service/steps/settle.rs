//! The steps that settle the delivery.

use crate::node::service::Service;
use crate::node::service::workers::Job;
use crate::wire::Wire;
use mqlab_model::{Context, Lifted};

impl Service {
    #[inline(always)]
    pub(super) fn acknowledge<C: Context<Wire>>(&mut self, cx: &mut C, job: Job) {
        if let (Some(delivery), Some(consumer)) = (job.as_delivery(), &mut self.consumer) {
            consumer.ack(&mut Lifted::<_, Wire>::new(cx), &delivery);
        }
    }

    pub(super) fn reject<C: Context<Wire>>(&mut self, cx: &mut C, job: Job, requeue: bool) {
        if let (Some(delivery), Some(consumer)) = (job.as_delivery(), &mut self.consumer) {
            consumer.nack(&mut Lifted::<_, Wire>::new(cx), &delivery, requeue);
        }
    }
}
