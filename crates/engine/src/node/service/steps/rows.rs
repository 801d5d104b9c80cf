//! The steps that work on rows of tables.

use super::Flow;
use crate::node::service::program::StampPlan;
use crate::node::service::workers::{Job, Token};
use crate::node::service::{Service, Step};
use crate::statement::Statement;
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
        if self.merge.is_some() {
            self.send_along(cx, index, table);
        }
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

    pub(super) fn state<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        index: u32,
        job: &Job,
        (table, statement, effect): (Port, Statement, bool),
        stamp: Option<StampPlan>,
    ) -> Flow {
        let writer = self.inlet(job);
        self.workers.slot(index).pending = 1;
        let token = self.workers.token(index, 0).pack();
        if self.merge.is_some() {
            self.send_along(cx, index, table);
        }
        if let Some(StampPlan { is_own, lease }) = stamp {
            let shown = is_own.then(|| cx.clock());
            cx.send(table, Wire::Stamp { token, shown, lease });
        }
        cx.send(
            table,
            Wire::Statement {
                token,
                message: job.message(),
                writer,
                effect,
                statement,
            },
        );
        Flow::Wait
    }

    /// A table says whether something is so: the steps that depend on it are
    /// next, or those behind them.
    pub(in crate::node::service) fn found<C: Context<Wire>>(&mut self, cx: &mut C, token: u64, is_so: bool) {
        let token = Token::unpack(token);
        let Some(slot) = self.workers.expected(token) else {
            return;
        };
        let step = usize::from(slot.step);
        let (Some(job), true) = (slot.job, slot.pending & 1 != 0) else {
            return;
        };
        let next = match self.program.get(step) {
            Some(Step::When { otherwise, .. }) if !is_so => *otherwise,
            _ => step + 1,
        };
        slot.pending = 0;
        if self.advance(cx, token.slot, job, super::Entry::New(next)) {
            self.start_after(cx, token.slot);
        }
    }
}
