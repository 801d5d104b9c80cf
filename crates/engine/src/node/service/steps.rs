//! How a worker goes through its steps.

mod call;
mod ending;
mod failure;
mod publish;
mod records;
mod rows;
mod settle;
mod transaction;

use super::workers::{Job, Token};
use super::{Service, Step, WORK};
use crate::wire::Wire;
use alloc::vec::Vec;
use failure::Recovery;
use mqlab_kernel::{Dist, SimSpan, SimTime};
use mqlab_model::{Context, MessageId, Port, Purpose};

/// What a step came to.
enum Flow {
    /// The next step follows at once.
    Next,
    /// Something has to happen first.
    Wait,
    /// The step has failed.
    Fail,
    /// The handler goes on at this step.
    GoOn(usize),
    /// The handler ends, well or not.
    End(bool),
}

/// Phases of a step that waits.
const BEGIN: u16 = 0;
const TIMED: u16 = 1;

/// How long a step works on `message`.
#[inline(never)]
pub(super) fn work_time<C: Context<Wire>>(cx: &C, dist: &Dist, message: MessageId, salt: u32) -> SimSpan {
    dist.sample(cx.draw(message, Purpose::Work, salt))
}

/// How a worker gets to a step.
#[derive(Clone, Copy)]
pub(super) enum Entry {
    /// It has not been there.
    New(usize),
    /// It is there already and has waited.
    Again(usize),
}

impl Service {
    /// Goes on with the worker's job until it has to wait; true if instead the
    /// job is over. What the worker does then is the caller's part.
    ///
    /// The two steps that nearly every handler has are done here, with the job
    /// in registers; the others find it at the worker, where it is noted how
    /// far the worker is only when it has to wait.
    #[inline(always)]
    pub(super) fn advance<C: Context<Wire>>(&mut self, cx: &mut C, index: u32, job: Job, entry: Entry) -> bool {
        let (mut step, mut is_new) = match entry {
            Entry::New(step) => (step, true),
            Entry::Again(step) => (step, false),
        };
        while let Some(next) = self.program.get(step) {
            match next {
                Step::Work { takes, salt } => {
                    let takes = match takes {
                        Dist::Constant(takes) => *takes,
                        _ => work_time(cx, takes, job.message().id, *salt),
                    };
                    self.wait_until(cx, index, step, cx.now().saturating_add(takes));
                    return false;
                }
                Step::Ack => self.acknowledge(cx, index, job),
                _ => match self.run_step(cx, index, step, is_new) {
                    Flow::Next => {}
                    Flow::Wait => return false,
                    Flow::Fail => match self.recover(cx, index) {
                        Recovery::GoOn(next) => {
                            (step, is_new) = (next, true);
                            continue;
                        }
                        Recovery::Wait => return false,
                        Recovery::Over => {
                            self.fail(cx, index);
                            return true;
                        }
                    },
                    Flow::GoOn(next) => {
                        (step, is_new) = (next, true);
                        continue;
                    }
                    Flow::End(true) => break,
                    Flow::End(false) => {
                        self.fail(cx, index);
                        return true;
                    }
                },
            }
            step += 1;
            is_new = true;
        }
        self.finish(cx, index, job);
        true
    }

    #[inline(never)]
    fn run_step<C: Context<Wire>>(&mut self, cx: &mut C, index: u32, step: usize, is_new: bool) -> Flow {
        if is_new {
            self.workers.slot(index).enter(step, BEGIN);
        }
        let Some(job) = self.workers.slot(index).job else {
            return Flow::Wait;
        };
        match &self.program[step] {
            Step::Work { takes, salt } => {
                let takes = work_time(cx, takes, job.message().id, *salt);
                self.wait_until(cx, index, step, cx.now().saturating_add(takes));
                Flow::Wait
            }
            Step::StrainedWork { takes, salt } => {
                let takes = self.strained(work_time(cx, takes, job.message().id, *salt));
                self.wait_until(cx, index, step, cx.now().saturating_add(takes));
                Flow::Wait
            }
            Step::Insert { table, effect } => {
                let (table, effect) = (*table, *effect);
                self.insert(cx, index, &job, table, effect)
            }
            Step::Publish { takes, .. } => {
                let at = cx.now().saturating_add(*takes);
                if self.workers.slot(index).phase == BEGIN && at > cx.now() {
                    self.wait_until(cx, index, step, at);
                    Flow::Wait
                } else {
                    self.publish(cx, index, &job, step)
                }
            }
            Step::Call { .. } => self.call(cx, index, &job, step),
            Step::Row {
                table,
                statement,
                effect,
                stamp,
            }
            | Step::When {
                table,
                statement,
                effect,
                stamp,
                ..
            } => {
                let (what, stamp) = ((*table, *statement, *effect), *stamp);
                self.state(cx, index, &job, what, stamp)
            }
            Step::Begin => {
                self.workers.slot(index).is_doomed = false;
                Flow::Next
            }
            Step::Commit { .. } => self.commit(cx, index, step),
            Step::CommitRecords { producer } => {
                let producer = *producer;
                self.commit_records(cx, index, producer)
            }
            Step::AckWithin => self.acknowledge_within(index, job),
            Step::Leave { commits, commit } => {
                let (commits, commit) = (*commits, *commit);
                self.leave(cx, index, commits, commit)
            }
            Step::Retry => self.begin_attempts(index),
            Step::Fail { .. } => match self.fails(cx, step, job.message().id) {
                true => Flow::Fail,
                false => Flow::Next,
            },
            Step::End { well } => Flow::End(*well),
            Step::Ack => {
                self.acknowledge(cx, index, job);
                Flow::Next
            }
            Step::Nack { requeue } => {
                let requeue = *requeue;
                self.reject(cx, index, job, requeue);
                Flow::Next
            }
            Step::Respond => {
                self.respond(cx, index, job, true);
                Flow::Next
            }
        }
    }

    #[inline(always)]
    fn wait_until<C: Context<Wire>>(&mut self, cx: &mut C, index: u32, step: usize, at: SimTime) {
        let token = self.note_work(index, step);
        cx.arm(WORK, at, token);
    }

    /// Notes that the worker waits for time to pass; returns the timer's token.
    #[inline(always)]
    pub(super) fn note_work(&mut self, index: u32, step: usize) -> u64 {
        let slot = self.workers.slot(index);
        slot.enter(step, TIMED);
        slot.token(index, 0).pack()
    }

    /// The time of a step has passed; true if that ends the job.
    #[inline(always)]
    pub(super) fn timed<C: Context<Wire>>(&mut self, cx: &mut C, index: u32, job: Job, step: usize) -> bool {
        let entry = match self.program.get(step) {
            Some(Step::Work { .. } | Step::StrainedWork { .. }) => Entry::New(step + 1),
            // A publish step goes on in its second phase.
            _ => Entry::Again(step),
        };
        self.advance(cx, index, job, entry)
    }

    /// Something that a worker waited for is answered.
    #[inline(never)]
    pub(super) fn answered<C: Context<Wire>>(&mut self, cx: &mut C, token: u64, done: bool) {
        let token = Token::unpack(token);
        let Some(slot) = self.workers.expected(token) else {
            return;
        };
        let bit = 1u64 << token.part;
        let (Some(job), true) = (slot.job, slot.pending & bit != 0) else {
            return;
        };
        slot.pending &= !bit;
        let left = slot.pending;
        if !done {
            self.note_plain_failure(cx, token.slot, job);
        }
        let is_over = if !done && !self.has_decided(token.slot) {
            self.workers.slot(token.slot).pending = 0;
            self.failed(cx, token.slot, job)
        } else if left == 0 {
            // A serial call goes on with the next service; every other step
            // that waits for answers is over.
            let step = usize::from(self.workers.slot(token.slot).step);
            let entry = match self.program.get(step) {
                Some(Step::Call { .. } | Step::Commit { .. } | Step::CommitRecords { .. }) => Entry::Again(step),
                _ => Entry::New(step + 1),
            };
            self.advance(cx, token.slot, job, entry)
        } else {
            false
        };
        if is_over {
            self.start_after(cx, token.slot);
        }
    }

    /// The step that a worker waits at has failed; true if that ends the job.
    #[cold]
    fn failed<C: Context<Wire>>(&mut self, cx: &mut C, index: u32, job: Job) -> bool {
        match self.recover(cx, index) {
            Recovery::GoOn(next) => self.advance(cx, index, job, Entry::New(next)),
            Recovery::Wait => false,
            Recovery::Over => {
                self.fail(cx, index);
                true
            }
        }
    }

    /// Who waits for an answer from the peer at `port`.
    pub(super) fn waiting_for(&mut self, port: Port) -> Vec<Token> {
        let mut tokens = Vec::new();
        let busy: Vec<u32> = self.workers.in_hand().map(|(index, _)| index).collect();
        for index in busy {
            let slot = *self.workers.slot(index);
            let waits = |part: usize| slot.pending & (1 << part) != 0;
            match self.program.get(usize::from(slot.step)) {
                Some(Step::Insert { table, .. } | Step::Row { table, .. } | Step::When { table, .. })
                    if *table == port && waits(0) =>
                {
                    tokens.push(self.workers.token(index, 0));
                }
                Some(
                    Step::Call {
                        services,
                        patience: None,
                        ..
                    }
                    | Step::Commit { tables: services, .. },
                ) => {
                    let part = services
                        .iter()
                        .enumerate()
                        .position(|(part, called)| *called == port && waits(part));
                    tokens.extend(part.map(|part| self.workers.token(index, part as u8)));
                }
                _ => {}
            }
        }
        tokens
    }
}
