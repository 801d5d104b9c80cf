//! Workers with a queue of their own each, by what messages are about.
//!
//! Workers that take from one queue finish in another order than they begin.
//! If each has a queue of its own, and what is about the same thing always
//! comes into the same one, then of each thing everything is done in order,
//! and different things at the same time. When the number of workers changes,
//! what waits is sorted anew; of what is in hand then the order may break.

use super::Service;
use super::workers::Job;
use crate::wire::Wire;
use mqlab_model::Context;

impl Service {
    /// What came in goes where it belongs: to a group, or into the queue of
    /// the worker that does what is about this thing.
    #[cold]
    #[inline(never)]
    pub(super) fn sort<C: Context<Wire>>(&mut self, cx: &mut C, job: Job) {
        if self.merge.is_some() {
            return self.put_together(cx, job);
        }
        let lane = self.lane(&job);
        self.workers.queue_up(lane, job);
        self.start_lane(cx, lane);
    }

    /// The worker that does what is about the same as a job.
    fn lane(&self, job: &Job) -> u32 {
        let id = job.message().id;
        let about = self.order.as_ref().and_then(|things| things.number(id));
        let number = about.map_or(id.number(), |(number, _)| number);
        let workers = u64::from(self.workers.limit().unwrap_or(1).max(1));
        (number % workers) as u32
    }

    /// A worker that has nothing in hand looks into its queue.
    fn start_lane<C: Context<Wire>>(&mut self, cx: &mut C, lane: u32) {
        if let Some(job) = self.workers.assign_in(lane, cx.now()) {
            self.begin(cx, lane, job);
        }
    }

    /// There are more workers now, or fewer: what waits is sorted anew.
    #[cold]
    pub(super) fn sort_anew<C: Context<Wire>>(&mut self, cx: &mut C) {
        let waiting = self.workers.take_waiting();
        for job in waiting {
            let lane = self.lane(&job);
            self.workers.queue_up(lane, job);
        }
        for lane in 0..self.workers.limit().unwrap_or(1) {
            self.start_lane(cx, lane);
        }
    }
}
