//! The steps that work on rows of tables.

use super::Flow;
use crate::node::service::Service;
use crate::node::service::workers::Job;
use crate::wire::Wire;
use mqlab_model::{Context, Port};

impl Service {
    pub(super) fn insert<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        index: u32,
        job: &Job,
        table: Port,
        effect: bool,
    ) -> Flow {
        let writer = self.inlet(job);
        self.workers.slot(index).pending = 1;
        let token = self.workers.token(index, 0).pack();
        cx.send(
            table,
            Wire::Query {
                token,
                message: job.message(),
                writer,
                effect,
            },
        );
        Flow::Wait
    }
}
