//! A service that asks for messages in place of having them pushed: now and
//! then, or with a request that waits for one.
//!
//! It asks for one at a time, whenever a worker is free. A short poll is
//! `basic.get`. A request that waits at the broker, as those of Kafka and
//! RocketMQ do, AMQP does not have; the nearest to it is a subscription for one
//! message, which is cancelled when that has come or when it has waited long
//! enough.

use super::workers::Token;
use super::{Service, WORK};
use crate::plan::PollPlan;
use crate::wire::Wire;
use mqlab_kernel::SimTime;
use mqlab_model::{Context, FactKind, MessageId};

/// The slot and the part of its timers' tokens: no worker has them.
const SLOT: u32 = u32::MAX;
const PART: u8 = 1;

/// How a service asks, and whether it has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Poll {
    plan: PollPlan,
    /// A request is out, and not answered.
    is_asking: bool,
    /// There was nothing the last time: it waits for its next time.
    rests: bool,
    /// Timers of an earlier request, or of an earlier connection, are stale.
    generation: u32,
}

impl Poll {
    pub(super) fn new(plan: PollPlan) -> Self {
        Poll {
            plan,
            is_asking: false,
            rests: false,
            generation: 0,
        }
    }

    /// Nobody will answer any more, and no timer means anything.
    fn forget(&mut self) {
        self.is_asking = false;
        self.rests = false;
        self.generation = (self.generation + 1) & Token::GENERATIONS;
    }

    fn token(&self) -> u64 {
        let token = Token {
            slot: SLOT,
            generation: self.generation,
            part: PART,
        };
        token.pack()
    }
}

/// Whether a token is that of a request.
pub(super) fn is_poll(token: Token) -> bool {
    token.slot == SLOT && token.part == PART
}

impl Service {
    /// Its connection is there: it begins to ask, if it does.
    pub(super) fn start_polling<C: Context<Wire>>(&mut self, cx: &mut C) {
        let Some(poll) = &mut self.poll else {
            return self.poll_records(cx);
        };
        poll.forget();
        if let PollPlan::Every(_) = poll.plan {
            self.arm_next_poll(cx);
        }
        self.ask(cx);
    }

    /// Its connection is gone, or the process.
    pub(super) fn stop_polling(&mut self) {
        if let Some(poll) = &mut self.poll {
            poll.forget();
        }
    }

    /// Asks for a message, unless it has asked, no worker is free, or there was
    /// nothing this time.
    #[cold]
    #[inline(never)]
    pub(super) fn ask<C: Context<Wire>>(&mut self, cx: &mut C) {
        let is_free = self.workers.has_free() && self.workers.waiting() == 0;
        if self.poll.is_none() {
            return self.poll_records(cx);
        }
        let (Some(poll), Some(consumer)) = (&mut self.poll, &self.consumer) else {
            return;
        };
        if poll.is_asking || poll.rests || !is_free || !consumer.is_open() {
            return;
        }
        poll.is_asking = true;
        match poll.plan {
            PollPlan::Every(_) => consumer.get(cx),
            PollPlan::Hold(hold) => {
                consumer.ask_for_one(cx);
                let (at, token) = (cx.now().saturating_add(hold), poll.token());
                cx.arm(WORK, at, token);
            }
        }
    }

    /// Arms the next multiple of its interval.
    fn arm_next_poll<C: Context<Wire>>(&self, cx: &mut C) {
        let Some(poll) = &self.poll else { return };
        if let PollPlan::Every(every) = poll.plan {
            let every_ns = every.nanos().max(1);
            let last = SimTime::from_nanos(cx.now().nanos() / every_ns * every_ns);
            cx.arm(WORK, last.saturating_add(every), poll.token());
        }
    }

    /// It is time to ask again, or a request has waited long enough.
    pub(super) fn poll_timed<C: Context<Wire>>(&mut self, cx: &mut C, token: Token) {
        let Some(poll) = self.poll.as_mut().filter(|poll| poll.generation == token.generation) else {
            return;
        };
        match poll.plan {
            PollPlan::Every(_) => {
                poll.rests = false;
                self.arm_next_poll(cx);
            }
            PollPlan::Hold(_) => {
                poll.forget();
                self.end_request(cx);
                cx.emit(self.subscription, FactKind::FoundEmpty, MessageId::NONE, 0);
            }
        }
        self.ask(cx);
    }

    /// The broker had nothing.
    pub(super) fn found_empty<C: Context<Wire>>(&mut self, cx: &mut C) {
        if let Some(poll) = &mut self.poll {
            poll.is_asking = false;
            poll.rests = true;
            cx.emit(self.subscription, FactKind::FoundEmpty, MessageId::NONE, 0);
        }
    }

    /// A message has come for its request.
    #[cold]
    #[inline(never)]
    pub(super) fn poll_answered<C: Context<Wire>>(&mut self, cx: &mut C) {
        let Some(poll) = &mut self.poll else { return };
        match poll.plan {
            PollPlan::Every(_) => poll.is_asking = false,
            PollPlan::Hold(_) => {
                poll.forget();
                self.end_request(cx);
            }
        }
    }

    /// Cancels the subscription for one.
    fn end_request<C: Context<Wire>>(&self, cx: &mut C) {
        if let Some(consumer) = &self.consumer {
            consumer.end_request(cx);
        }
    }
}
