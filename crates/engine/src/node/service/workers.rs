//! Workers: what each has in hand, and what waits for one.

use crate::client::subscription_of;
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use mqlab_brokers::parts::Delivery;
use mqlab_kernel::{Ring, SimTime};
use mqlab_model::{Message, Port};

/// Something to do: a delivery of the subscription or a call, in four words
/// (see [`mqlab_brokers::rabbitmq::Frame::to_words`] for why words).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Job {
    message: [u64; 2],
    /// Delivery tag, or the caller's token.
    token: u64,
    /// Bit 0: a call. Then the caller's port, or the life of the connection.
    origin: u64,
}

impl Job {
    #[inline(always)]
    pub(super) fn delivery(delivery: Delivery) -> Self {
        let origin = u64::from(delivery.life) << 32;
        Job {
            message: delivery.message.to_words(),
            token: delivery.tag,
            origin,
        }
    }

    /// A row that was found: like a delivery of no queue, which nobody settles.
    pub(super) fn row(message: Message) -> Self {
        Job {
            message: message.to_words(),
            token: 0,
            origin: 0,
        }
    }

    #[inline(always)]
    pub(super) fn call(message: Message, port: Port, token: u64) -> Self {
        Job {
            message: message.to_words(),
            token,
            origin: 1 | u64::from(port.0) << 32,
        }
    }

    #[inline(always)]
    pub(super) fn message(&self) -> Message {
        Message::from_words(self.message)
    }

    #[inline(always)]
    pub(super) fn is_call(&self) -> bool {
        self.origin & 1 != 0
    }

    /// Which of its service's subscriptions it came by, unless it is a call.
    #[inline(always)]
    pub(super) fn subscription(&self) -> u16 {
        subscription_of(self.token)
    }

    /// The delivery to settle, unless it is a call.
    #[inline(always)]
    pub(super) fn as_delivery(&self) -> Option<Delivery> {
        let delivery = Delivery {
            message: self.message(),
            tag: self.token,
            life: (self.origin >> 32) as u32,
        };
        (!self.is_call()).then_some(delivery)
    }

    /// Whom to answer, and by which token, if it is a call.
    #[inline(always)]
    pub(super) fn as_call(&self) -> Option<(Port, u64)> {
        self.is_call().then_some((Port((self.origin >> 32) as u16), self.token))
    }
}

/// One worker.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    /// What it has in hand.
    pub(super) job: Option<Job>,
    /// The step that it is at.
    pub(super) step: u16,
    /// How far it is within the step.
    pub(super) phase: u16,
    /// Counts its jobs: what an earlier job waited for is stale.
    pub(super) generation: u32,
    /// Calls or confirms of this step that are still to come, a bit each.
    pub(super) pending: u64,
    /// The caller has its answer.
    pub(super) responded: bool,
    /// A table has forgotten what the worker's transaction did there.
    pub(super) is_doomed: bool,
    /// How often the steps of a block are being tried, with this time.
    pub(super) attempt: u16,
}

impl Slot {
    /// What the worker `index`, which this is, waits for.
    #[inline(always)]
    pub(super) fn token(&self, index: u32, part: u8) -> Token {
        Token {
            slot: index,
            generation: self.generation & Token::GENERATIONS,
            part,
        }
    }

    /// Goes on to `step`, in `phase` of it.
    #[inline(always)]
    pub(super) fn enter(&mut self, step: usize, phase: u16) {
        self.step = step as u16;
        self.phase = phase;
        self.pending = 0;
    }
}

/// The workers of one service.
#[derive(Clone, Debug)]
pub(super) struct Workers {
    slots: Vec<Slot>,
    free: Vec<u32>,
    pub(super) waiting: Ring<Job>,
    /// What waits for each worker, if each has a queue of its own.
    lanes: Option<Vec<VecDeque<Job>>>,
    limit: Option<u32>,
    busy: u32,
    /// The instants at which jobs ended less those at which jobs began: with
    /// the busy workers' present instant it is the time they were busy.
    balance_ns: i128,
}

impl Workers {
    pub(super) fn new(limit: Option<u32>, has_lanes: bool) -> Self {
        Workers {
            slots: Vec::new(),
            free: Vec::new(),
            waiting: Ring::default(),
            lanes: has_lanes.then(Vec::new),
            limit,
            busy: 0,
            balance_ns: 0,
        }
    }

    /// Whether there is both a job that waits and a worker for it.
    #[inline(always)]
    pub(super) fn can_assign(&self) -> bool {
        self.limit.is_none_or(|limit| self.busy < limit) && !self.waiting.is_empty()
    }

    /// How many jobs wait for a worker.
    pub(super) fn waiting(&self) -> usize {
        let in_lanes = self.lanes.iter().flatten().map(VecDeque::len);
        self.waiting.len() + in_lanes.sum::<usize>()
    }

    /// The jobs that wait for a worker; of each lane in order.
    pub(super) fn all_waiting(&self) -> Vec<Job> {
        let in_lanes = self.lanes.iter().flatten().flatten();
        self.waiting.iter().chain(in_lanes).copied().collect()
    }

    /// The same, and they do not wait any more.
    pub(super) fn take_waiting(&mut self) -> Vec<Job> {
        let waiting = self.all_waiting();
        self.waiting.clear();
        self.lanes.iter_mut().flatten().for_each(VecDeque::clear);
        waiting
    }

    /// Takes out of what waits what `goes`.
    pub(super) fn drop_waiting(&mut self, goes: impl Fn(&Job) -> bool) -> Vec<Job> {
        let mut dropped = Vec::new();
        let mut stays = |job: &Job| {
            let goes = goes(job);
            if goes {
                dropped.push(*job);
            }
            !goes
        };
        self.waiting.retain(&mut stays);
        for lane in self.lanes.iter_mut().flatten() {
            lane.retain(&mut stays);
        }
        dropped
    }

    /// A job waits for the worker `lane`.
    pub(super) fn queue_up(&mut self, lane: u32, job: Job) {
        let Some(lanes) = &mut self.lanes else { return };
        if lanes.len() <= lane as usize {
            lanes.resize_with(lane as usize + 1, VecDeque::new);
        }
        lanes[lane as usize].push_back(job);
    }

    /// Gives the worker `lane` the next job of its queue, if it has nothing in
    /// hand.
    pub(super) fn assign_in(&mut self, lane: u32, now: SimTime) -> Option<Job> {
        while self.slots.len() <= lane as usize {
            self.hire();
        }
        if self.slots[lane as usize].job.is_some() {
            return None;
        }
        let job = self.lanes.as_mut()?.get_mut(lane as usize)?.pop_front()?;
        self.balance_ns -= i128::from(now.nanos());
        self.busy += 1;
        let slot = &mut self.slots[lane as usize];
        slot.job = Some(job);
        slot.responded = false;
        Some(job)
    }

    /// Whether a worker is free.
    #[inline]
    pub(super) fn has_free(&self) -> bool {
        self.limit.is_none_or(|limit| self.busy < limit)
    }

    /// Gives the next waiting job to a free worker; only after
    /// [`Workers::can_assign`].
    #[inline(always)]
    pub(super) fn assign(&mut self, now: SimTime) -> Option<(u32, Job)> {
        let job = self.waiting.pop_front()?;
        Some((self.employ(now, job), job))
    }

    /// Whether a worker takes a job that comes now, before all others.
    #[inline(always)]
    pub(super) fn takes_at_once(&self) -> bool {
        self.has_free() && self.waiting.is_empty()
    }

    /// Gives a job to a free worker; only if there is one.
    #[inline(always)]
    pub(super) fn employ(&mut self, now: SimTime, job: Job) -> u32 {
        self.balance_ns -= i128::from(now.nanos());
        self.busy += 1;
        let index = match self.free.pop() {
            Some(index) => index,
            None => self.hire(),
        };
        let slot = &mut self.slots[index as usize];
        slot.job = Some(job);
        slot.responded = false;
        index
    }

    /// Gives the worker that has ended its job the next one; `None` if nothing
    /// waits or there are too many workers: then it is to be released. That it
    /// stays busy saves nearly all of what a release and an assignment do.
    #[inline(always)]
    pub(super) fn replace(&mut self, index: u32) -> Option<Job> {
        if self.limit.is_some_and(|limit| self.busy > limit) && self.lanes.is_none() {
            return None;
        }
        let job = match &mut self.lanes {
            None => self.waiting.pop_front()?,
            Some(lanes) => lanes.get_mut(index as usize)?.pop_front()?,
        };
        let slot = &mut self.slots[index as usize];
        slot.job = Some(job);
        slot.generation = slot.generation.wrapping_add(1);
        slot.responded = false;
        Some(job)
    }

    /// One more worker.
    #[cold]
    #[inline(never)]
    fn hire(&mut self) -> u32 {
        self.slots.push(Slot {
            job: None,
            step: 0,
            phase: 0,
            generation: 0,
            pending: 0,
            responded: false,
            is_doomed: false,
            attempt: 0,
        });
        (self.slots.len() - 1) as u32
    }

    /// The worker is free again.
    #[inline(always)]
    pub(super) fn release(&mut self, index: u32, now: SimTime) {
        self.balance_ns += i128::from(now.nanos());
        self.busy -= 1;
        let slot = &mut self.slots[index as usize];
        slot.job = None;
        slot.generation = slot.generation.wrapping_add(1);
        if self.lanes.is_none() {
            self.free.push(index);
        }
    }

    #[inline]
    pub(super) fn slot(&mut self, index: u32) -> &mut Slot {
        &mut self.slots[index as usize]
    }

    /// The worker that a token means, if it is still at the same job.
    #[inline]
    pub(super) fn expected(&mut self, token: Token) -> Option<&mut Slot> {
        let slot = self.slots.get_mut(token.slot as usize)?;
        (slot.job.is_some() && slot.generation & Token::GENERATIONS == token.generation).then_some(slot)
    }

    pub(super) fn token(&self, index: u32, part: u8) -> Token {
        self.slots[index as usize].token(index, part)
    }

    pub(super) fn set_limit(&mut self, limit: Option<u32>) {
        self.limit = limit;
    }

    pub(super) fn limit(&self) -> Option<u32> {
        self.limit
    }

    pub(super) fn busy(&self) -> u32 {
        self.busy
    }

    /// Time that workers had something in hand, added up over them.
    pub(super) fn busy_ns(&self, now: SimTime) -> u128 {
        (self.balance_ns + i128::from(self.busy) * i128::from(now.nanos())).unsigned_abs()
    }

    /// How many workers there ever were at once, for a service without limit.
    pub(super) fn most(&self) -> usize {
        self.slots.len()
    }

    /// Everything in hand, by worker.
    pub(super) fn in_hand(&self) -> impl Iterator<Item = (u32, &Job)> {
        self.slots
            .iter()
            .enumerate()
            .filter_map(|(index, slot)| slot.job.as_ref().map(|job| (index as u32, job)))
    }

    /// The step of everything in hand.
    pub(super) fn steps_in_hand(&self) -> impl Iterator<Item = u16> {
        let busy = self.slots.iter().filter(|slot| slot.job.is_some());
        busy.map(|slot| slot.step)
    }

    /// Forgets everything: the process is dead. Generations go on counting.
    pub(super) fn clear(&mut self, now: SimTime) {
        self.balance_ns += i128::from(self.busy) * i128::from(now.nanos());
        self.busy = 0;
        self.waiting.clear();
        self.lanes.iter_mut().flatten().for_each(VecDeque::clear);
        self.free.clear();
        for index in (0..self.slots.len()).rev() {
            let slot = &mut self.slots[index];
            slot.job = None;
            slot.generation = slot.generation.wrapping_add(1);
            self.free.push(index as u32);
        }
    }
}

/// What a worker waits for, in one word: worker, job and which of several
/// answers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Token {
    pub(super) slot: u32,
    pub(super) generation: u32,
    pub(super) part: u8,
}

impl Token {
    pub(super) const GENERATIONS: u32 = (1 << 24) - 1;

    #[inline]
    pub(super) fn pack(self) -> u64 {
        u64::from(self.slot) | u64::from(self.generation) << 32 | u64::from(self.part) << 56
    }

    #[inline]
    pub(super) fn unpack(bits: u64) -> Self {
        let generation = (bits >> 32) as u32 & Self::GENERATIONS;
        Token {
            slot: bits as u32,
            generation,
            part: (bits >> 56) as u8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mqlab_model::{MessageId, SourceId};

    #[test]
    fn a_job_keeps_where_it_came_from() {
        let message = Message::new(MessageId::new(SourceId(1), 2), SimTime::from_nanos(3), true);
        let delivery = Delivery {
            message,
            tag: 4,
            life: u32::MAX,
        };
        let job = Job::delivery(delivery);
        assert_eq!((job.as_delivery(), job.as_call()), (Some(delivery), None));
        let job = Job::call(message, Port(0xffff), u64::MAX);
        assert_eq!(
            (job.as_delivery(), job.as_call()),
            (None, Some((Port(0xffff), u64::MAX)))
        );
    }

    #[test]
    fn a_token_survives_packing() {
        let token = Token {
            slot: 99_999,
            generation: 0xab_cdef,
            part: 63,
        };
        assert_eq!(Token::unpack(token.pack()), token);
    }
}
