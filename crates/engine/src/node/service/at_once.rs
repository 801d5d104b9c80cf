//! What a service does that works and then acknowledges, when its broker is as
//! near as can be: see [`crate::world`]'s way of the same name.

use super::steps::work_time;
use super::workers::{Job, Token};
use super::{Service, Step, WORK};
use crate::client::Subscriber;
use crate::wire::Wire;
use mqlab_brokers::rabbitmq::ChannelId;
use mqlab_kernel::{Dist, SimTime};
use mqlab_model::{Context, Port};

/// Some work is done, and the next begun.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Done {
    /// What is to be acknowledged.
    pub(crate) tag: u64,
    /// When the next is done, and by which token: its timer is not armed yet.
    pub(crate) next: Option<(SimTime, u64)>,
}

impl Service {
    /// Port and channel of the acknowledgement, if a timer with this `token`
    /// ends some work, and to acknowledge is all that is left to do.
    #[inline(always)]
    pub(crate) fn acknowledges_on(&mut self, token: u64) -> Option<(Port, ChannelId)> {
        let [Step::Work { .. }, Step::Ack] = self.program[..] else {
            return None;
        };
        if self.is_sorted || self.poll.is_some() {
            return None;
        }
        let job = self.workers.expected(Token::unpack(token))?.job?;
        self.settles(&job)
    }

    /// Port and channel on which a job can be acknowledged, if it can.
    #[inline(always)]
    fn settles(&self, job: &Job) -> Option<(Port, ChannelId)> {
        let Subscriber::Rabbit(consumer) = self.consumer.as_ref()? else {
            return None;
        };
        let settles = consumer.settles(&job.as_delivery()?);
        settles.then(|| (consumer.port(), consumer.channel()))
    }

    /// The work is done. The acknowledgement is its caller's to bring to the
    /// broker; `None` if there is nothing to acknowledge.
    #[inline(never)]
    pub(crate) fn end_work<C: Context<Wire>>(&mut self, cx: &mut C, token: u64) -> Option<Done> {
        let index = Token::unpack(token).slot;
        let job = self.workers.slot(index).job?;
        let tag = job.as_delivery()?.tag;
        self.finish(cx, index, job);
        let Some(job) = self.workers.replace(index) else {
            self.workers.release(index, cx.now());
            return Some(Done { tag, next: None });
        };
        self.note_start(cx, index, &job);
        let next = self.work(cx, index, &job);
        Some(Done { tag, next })
    }

    /// The worker works: until when, and by which token.
    #[inline(always)]
    fn work<C: Context<Wire>>(&mut self, cx: &mut C, index: u32, job: &Job) -> Option<(SimTime, u64)> {
        let Some(Step::Work { takes, salt }) = self.program.first() else {
            return None;
        };
        let takes = match takes {
            Dist::Constant(takes) => *takes,
            _ => work_time(cx, takes, job.message().id, *salt),
        };
        let at = cx.now().saturating_add(takes);
        let token = self.note_work(index, 0);
        if self.settles(job).is_some() {
            return Some((at, token));
        }
        self.arm_work(cx, at, token);
        None
    }

    /// Arms the timer of [`Done::next`].
    #[inline(always)]
    pub(crate) fn arm_work<C: Context<Wire>>(&mut self, cx: &mut C, at: SimTime, token: u64) {
        cx.arm(WORK, at, token);
    }

    /// Whether a worker takes what comes in at once.
    #[inline(always)]
    pub(crate) fn has_free_worker(&self) -> bool {
        self.workers.has_free()
    }
}
