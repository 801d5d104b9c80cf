//! A service: an application that runs its steps for each delivery or call.

mod at_once;
mod breaker;
mod entrance;
mod merge;
mod ordered;
mod patience;
mod poll;
mod polled;
mod program;
mod scan;
mod settings;
mod steps;
mod workers;

pub(crate) use at_once::Done;
pub(crate) use polled::client_token;
pub(crate) use program::{Block, BlockKind, Output, Scan, StampPlan, Step};

use crate::client::{Publisher, RecordSubscriber, Subscriber};
use crate::plan::{Bounds, MergePlan, PollPlan, Strain};
use crate::things::Things;
use crate::wire::Wire;
use crate::world::Packed;
use alloc::boxed::Box;
use alloc::vec::Vec;
use entrance::Entrance;
use merge::Merge;
use mqlab_brokers::rabbitmq::{ChannelId, Frame, Head};
use mqlab_kernel::{SimSpan, SimTime, SortedMap, SortedSet};
use mqlab_model::{Context, Crash, FactKind, Message, MessageId, Node, PlaceId, Port, TimerLane};
use patience::Calls;
use poll::Poll;
use steps::Entry;
use workers::{Job, Token, Workers};

/// What a service is built from.
pub(crate) struct Parts {
    /// Where it sends from.
    pub(crate) place: PlaceId,
    /// Its subscription.
    pub(crate) subscription: PlaceId,
    /// Its direct calls.
    pub(crate) calls: PlaceId,
    /// Its steps.
    pub(crate) program: Vec<Step>,
    /// What failures of its steps mean, inner blocks first.
    pub(crate) blocks: Vec<Block>,
    /// The table that it looks through.
    pub(crate) scan: Option<Scan>,
    /// Most jobs at the same time.
    pub(crate) limit: Option<u32>,
    /// What else limits what it takes on.
    pub(crate) bounds: Bounds,
    /// What it takes on together.
    pub(crate) merge: Option<MergePlan>,
    /// Whether every worker has a queue of its own, by what messages are about.
    pub(crate) keeps_order: bool,
    /// What messages are about.
    pub(crate) things: Things,
    /// Its subscription's client.
    pub(crate) consumer: Option<Subscriber>,
    /// How it asks for messages, if they are not pushed.
    pub(crate) poll: Option<PollPlan>,
    /// Its publishing clients, one per broker.
    pub(crate) producers: Vec<Publisher>,
}

/// An application.
///
/// A handler that fails (a table refuses, a called service is gone, a message
/// cannot be published) leaves its delivery unacknowledged and goes on with
/// the next, as an application does that logs the error; a caller is told.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    place: PlaceId,
    subscription: PlaceId,
    calls: PlaceId,
    program: Vec<Step>,
    blocks: Vec<Block>,
    scan: Option<Scan>,
    /// When it looks through it next.
    next_tick: SimTime,
    /// Transactions in two phases that are decided and that not every table
    /// has heard of, by the worker's token: this outlives the process.
    decided: SortedSet<u64>,
    consumer: Option<Subscriber>,
    poll: Option<Poll>,
    /// It asks for messages whenever a worker is free.
    asks: bool,
    /// It makes transactions of Kafka.
    transacts: bool,
    /// It is dealing with what a poll has returned.
    is_polling: bool,
    producers: Vec<Publisher>,
    workers: Workers,
    /// How deliveries are put together, if they are.
    merge: Option<Box<Merge>>,
    /// What messages are about, if every worker has a queue of its own.
    order: Option<Things>,
    /// Either of the two: what comes in goes a longer way.
    is_sorted: bool,
    entrance: Entrance,
    calls_made: Calls,
    /// Who waits for which confirm: by the producer and the number by which it
    /// published, because two workers may publish the same message.
    awaited: SortedMap<(usize, u64), Token>,
}

/// The first lane of its clients, if they have timers.
pub(crate) const CLIENTS: TimerLane = TimerLane(2);

/// Work ends in the order in which it began as long as it takes equally long,
/// and the lane sorts what does not.
const WORK: TimerLane = TimerLane(0);

impl Service {
    /// How many timer lanes it has.
    pub(crate) fn lanes(&self) -> u16 {
        let own = 1 + u16::from(self.is_patient());
        let consumer = self.consumer.as_ref().map_or(0, Subscriber::lanes);
        let clients = consumer + self.producers.iter().map(Publisher::lanes).sum::<u16>();
        // The lane of the first one is its consumer's, whether that has timers or not.
        if clients > 0 {
            CLIENTS.0 + 1 + self.producers.len() as u16
        } else {
            own
        }
    }

    /// A service that is not up yet.
    pub(crate) fn new(parts: Parts) -> Self {
        Service {
            place: parts.place,
            subscription: parts.subscription,
            calls: parts.calls,
            transacts: (parts.program.iter()).any(|step| matches!(step, Step::CommitRecords { .. })),
            program: parts.program,
            blocks: parts.blocks,
            scan: parts.scan,
            next_tick: SimTime::ZERO,
            decided: SortedSet::new(),
            asks: parts.poll.is_some() || parts.consumer.as_ref().is_some_and(Subscriber::is_polled),
            is_polling: false,
            consumer: parts.consumer,
            poll: parts.poll.map(Poll::new),
            producers: parts.producers,
            workers: Workers::new(parts.limit, parts.keeps_order),
            is_sorted: parts.merge.is_some() || parts.keeps_order,
            order: parts.keeps_order.then(|| parts.things.clone()),
            merge: parts.merge.map(|plan| Merge::new(plan, parts.things).into()),
            entrance: Entrance::new(parts.bounds),
            calls_made: Calls::default(),
            awaited: SortedMap::new(),
        }
    }

    /// How many workers have something in hand.
    pub(crate) fn busy(&self) -> u32 {
        self.workers.busy()
    }

    /// How many workers are at each step.
    pub(crate) fn at_steps(&self) -> Vec<u32> {
        let mut counts = alloc::vec![0; self.program.len()];
        for step in self.workers.steps_in_hand() {
            if let Some(count) = counts.get_mut(usize::from(step)) {
                *count += 1;
            }
        }
        counts
    }

    /// How many jobs it has that no worker is at.
    pub(crate) fn buffered(&self) -> usize {
        match &self.merge {
            Some(merge) => merge.waiting().count(),
            None => self.workers.waiting(),
        }
    }

    /// Most jobs at the same time.
    pub(crate) fn limit(&self) -> Option<u32> {
        self.workers.limit()
    }

    /// Most jobs that wait for a worker.
    pub(crate) fn queue(&self) -> Option<u32> {
        self.entrance.bounds.queue
    }

    /// The consumer's prefetch.
    pub(crate) fn prefetch(&self) -> Option<u32> {
        self.consumer.as_ref().and_then(Subscriber::prefetch)
    }

    /// Share of the time up to `now` that workers had something in hand. For
    /// a service without a limit, of as many as were ever busy at once.
    pub(crate) fn utilisation(&self, now: SimTime) -> f64 {
        let available = self.workers() as f64 * now.nanos() as f64;
        if available > 0.0 {
            self.workers.busy_ns(now) as f64 / available
        } else {
            0.0
        }
    }

    /// How many workers there are; without a limit, how many there ever were
    /// at once.
    pub(crate) fn workers(&self) -> u64 {
        self.workers.limit().map_or(self.workers.most() as u64, u64::from)
    }

    /// How long workers had something in hand up to `now`, over all of them.
    pub(crate) fn worked(&self, now: SimTime) -> SimSpan {
        let nanos = u64::try_from(self.workers.busy_ns(now)).unwrap_or(u64::MAX);
        SimSpan::checked_from_nanos(nanos).unwrap_or(SimSpan::MAX)
    }

    /// Its consumer, if it polls one of Kafka.
    pub(crate) fn polled(&self) -> Option<&RecordSubscriber> {
        match self.consumer.as_ref()? {
            Subscriber::Kafka(consumer) => Some(consumer),
            Subscriber::Rabbit(_) => None,
        }
    }

    /// The messages in hand.
    pub(crate) fn in_hand(&self) -> impl Iterator<Item = MessageId> {
        self.workers.in_hand().map(|(_, job)| job.message().id)
    }

    /// The inlet that a job came in by.
    #[inline(always)]
    fn inlet(&self, job: &Job) -> PlaceId {
        if job.is_call() {
            self.calls
        } else {
            PlaceId(self.subscription.0 + job.subscription())
        }
    }

    #[inline(always)]
    fn take<C: Context<Wire>>(&mut self, cx: &mut C, job: Job, redelivered: bool) {
        let redelivered = u64::from(redelivered);
        cx.emit(self.inlet(&job), FactKind::Received, job.message().id, redelivered);
        if self.is_sorted {
            return self.sort(cx, job);
        }
        if self.workers.takes_at_once() {
            let index = self.workers.employ(cx.now(), job);
            return self.begin(cx, index, job);
        }
        self.workers.waiting.push_back(job);
        self.start_waiting(cx);
    }

    /// Gives what waits to free workers. Due whenever there may be a free
    /// worker and something that waits.
    #[inline(always)]
    fn start_waiting<C: Context<Wire>>(&mut self, cx: &mut C) {
        while self.workers.can_assign() {
            self.start_next(cx);
        }
    }

    #[inline(never)]
    fn start_next<C: Context<Wire>>(&mut self, cx: &mut C) {
        if let Some((index, job)) = self.workers.assign(cx.now()) {
            self.begin(cx, index, job);
        }
    }

    /// The worker begins with a job, and goes on with what waits as long as
    /// its jobs end at once.
    #[inline(never)]
    fn begin<C: Context<Wire>>(&mut self, cx: &mut C, index: u32, job: Job) {
        let mut next = Some(job);
        while let Some(job) = next {
            self.note_start(cx, index, &job);
            if !self.advance(cx, index, job, Entry::New(0)) {
                return;
            }
            next = self.workers.replace(index);
        }
        self.release(cx, index);
    }

    /// The worker has nothing to do.
    #[inline(always)]
    fn release<C: Context<Wire>>(&mut self, cx: &mut C, index: u32) {
        self.workers.release(index, cx.now());
        if self.asks {
            self.ask(cx);
        }
    }

    /// A worker begins with a job.
    #[inline(always)]
    fn note_start<C: Context<Wire>>(&mut self, cx: &mut C, index: u32, job: &Job) {
        let message = job.message();
        let waited = cx.now().since(message.offered());
        cx.emit(self.inlet(job), FactKind::Started, message.id, waited.nanos());
        if self.merge.is_some() {
            self.begin_group(cx, index);
        }
    }

    /// The worker has ended its job.
    #[inline(always)]
    fn start_after<C: Context<Wire>>(&mut self, cx: &mut C, index: u32) {
        match self.workers.replace(index) {
            Some(job) => self.begin(cx, index, job),
            None => self.release(cx, index),
        }
    }

    /// A delivery or the answer of a table as it comes off the wire; false for
    /// everything else.
    #[inline(always)]
    pub(crate) fn on_words<C: Context<Wire>>(&mut self, cx: &mut C, packet: Packed) -> bool {
        let words = packet.words();
        let head = Head::of(words);
        let [_, tag, id, stamp] = words;
        if head.is_deliver() {
            self.on_deliver(cx, Message::from_words([id, stamp]), tag, head.redelivered());
        } else if let Some((token, done)) = packet.answer() {
            self.answered(cx, token, done);
        } else {
            return false;
        }
        true
    }

    #[inline(never)]
    pub(crate) fn on_deliver<C: Context<Wire>>(&mut self, cx: &mut C, message: Message, tag: u64, redelivered: bool) {
        if self.poll.is_some() {
            self.poll_answered(cx);
        }
        if let Some(consumer) = &self.consumer {
            let job = Job::delivery(consumer.on_deliver(message, tag));
            if self.entrance.bounds.overload == Strain::Dies && !self.has_room() {
                return self.break_down(cx, job, redelivered);
            }
            self.take(cx, job, redelivered);
            if self.poll.is_some() {
                self.ask(cx);
            }
        }
    }

    /// What a broker says of something that a step may have published.
    fn on_confirm<C: Context<Wire>>(&mut self, cx: &mut C, port: Port, wire: Wire) {
        let mut producers = self.producers.iter_mut();
        let Some(index) = producers.position(|producer| producer.is_at(port)) else {
            return;
        };
        if let Some(heard) = self.producers[index].hear(cx, wire)
            && let Some(token) = self.awaited.remove(&(index, heard.sequence))
        {
            self.answered(cx, token.pack(), heard.is_taken);
        }
    }

    /// Jobs of a connection that is gone: what no worker has begun is dropped,
    /// because the broker will deliver it again. What it has forgotten when it
    /// sent it stays.
    fn drop_buffered<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        let automatic = self.consumer.as_ref().is_some_and(Subscriber::is_automatic);
        let consumer = self.consumer.as_ref();
        let is_consumer = consumer.is_some_and(|consumer| consumer.is_at(port) && consumer.loses_delivered());
        let goes = |job: &Job| match job.as_call() {
            None => is_consumer && !automatic,
            Some((caller, _)) => caller == port,
        };
        let dropped = match self.merge {
            Some(_) => self.drop_from_groups(goes),
            None => self.workers.drop_waiting(goes),
        };
        for job in dropped {
            cx.emit(self.inlet(&job), FactKind::Aborted, job.message().id, 0);
        }
    }
}

impl Node<Wire> for Service {
    fn start<C: Context<Wire>>(&mut self, cx: &mut C) {
        for producer in &mut self.producers {
            producer.open(cx);
        }
        if let Some(consumer) = &mut self.consumer {
            consumer.open(cx);
        }
        self.start_polling(cx);
        self.arm_tick(cx);
        self.recover_transactions(cx, None);
    }

    #[inline(never)]
    fn on_packet<C: Context<Wire>>(&mut self, cx: &mut C, port: Port, wire: Wire) {
        match wire {
            Wire::Amqp(Frame::Deliver {
                tag,
                redelivered,
                message,
                ..
            }) => self.on_deliver(cx, message, tag, redelivered),
            Wire::Amqp(Frame::GetEmpty { .. }) => self.found_empty(cx),
            // Somebody else has the queue, or may not have it beside others.
            Wire::Amqp(Frame::Close { channel, .. }) if self.insists(port, channel) => self.lose_subscription(cx, port),
            // A node of a cluster goes on without it, or without its queue.
            Wire::Amqp(Frame::Close { .. }) if self.roams(port) => self.disconnect(cx, port),
            Wire::Amqp(Frame::Cancel { .. }) if self.roams(port) => self.lose_subscription(cx, port),
            Wire::Amqp(_) => self.on_confirm(cx, port, wire),
            Wire::Request { token, message } => {
                self.on_call(cx, port, token, message);
            }
            Wire::Reply { token, done, .. } if patience::is_try(token) => self.try_answered(cx, token, done),
            Wire::Reply { token, done, .. } | Wire::Answer { token, done } => {
                self.answered(cx, token, done);
            }
            Wire::Found { token, is_so } => self.found(cx, token, is_so),
            Wire::Row { message } => self.take(cx, Job::row(message), false),
            Wire::Kafka(_)
            | Wire::Peer(_)
            | Wire::Query { .. }
            | Wire::Statement { .. }
            | Wire::Along { .. }
            | Wire::Stamp { .. }
            | Wire::End { .. } => {}
        }
    }

    #[inline(never)]
    fn on_timer<C: Context<Wire>>(&mut self, cx: &mut C, token: u64) {
        if patience::is_try(token) {
            return self.try_timed(cx, token);
        }
        if merge::is_group(token) {
            return self.group_timed(cx, token);
        }
        if polled::is_of_client(token) {
            return self.client_timed(cx, token);
        }
        let token = Token::unpack(token);
        if let Some(slot) = self.workers.expected(token) {
            let (step, job) = (usize::from(slot.step), slot.job);
            if let Some(job) = job
                && self.timed(cx, token.slot, job, step)
            {
                self.start_after(cx, token.slot);
            }
        } else if token == scan::TICK {
            self.tick(cx);
        } else if poll::is_poll(token) {
            self.poll_timed(cx, token);
        }
    }

    fn on_closed<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        self.producers.iter_mut().for_each(|producer| producer.on_gone(port));
        self.consumer.iter_mut().for_each(|consumer| consumer.on_gone(port));
        self.disconnect(cx, port);
    }

    fn on_opened<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        for producer in self.producers.iter_mut().filter(|producer| producer.knows(port)) {
            producer.on_opened(cx, port);
        }
        if let Some(consumer) = self.consumer.as_mut().filter(|consumer| consumer.knows(port)) {
            consumer.on_opened(cx, port);
            self.start_polling(cx);
        }
        self.hear_clients(cx);
        self.recover_transactions(cx, Some(port));
    }

    fn crash<C: Context<Wire>>(&mut self, cx: &mut C, _crash: Crash) {
        for (_, job) in self.workers.in_hand() {
            cx.emit(self.inlet(job), FactKind::Aborted, job.message().id, 1);
        }
        if self.merge.is_some() {
            self.forget_groups(cx);
        } else {
            for job in self.workers.all_waiting() {
                cx.emit(self.inlet(&job), FactKind::Aborted, job.message().id, 0);
            }
        }
        self.workers.clear(cx.now());
        self.entrance.forget();
        self.calls_made.forget();
        self.awaited.clear();
        self.stop_polling();
        self.producers.iter_mut().for_each(|producer| producer.forget(cx));
        if let Some(consumer) = &mut self.consumer {
            consumer.forget(cx);
        }
    }
}

impl Service {
    /// Whether it has clients that go from one node of a cluster to another, and
    /// one of them is connected here.
    fn roams(&self, port: Port) -> bool {
        let consumer = self.consumer.as_ref();
        let consumes = consumer.is_some_and(|consumer| consumer.roams() && consumer.is_at(port));
        let mut producers = self.producers.iter();
        consumes || producers.any(|producer| producer.lanes() > 0 && producer.is_at(port))
    }

    /// Whether its consumer tries again, whose channel was closed.
    fn insists(&self, port: Port, channel: ChannelId) -> bool {
        let consumer = self.consumer.as_ref();
        consumer.is_some_and(|consumer| consumer.insists(port, channel))
    }

    /// Nothing is delivered to it any more.
    fn lose_subscription<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        self.drop_buffered(cx, port);
        if let Some(consumer) = self.consumer.as_mut().filter(|consumer| consumer.is_at(port)) {
            consumer.on_closed(cx, port);
            self.stop_polling();
        }
    }

    /// A connection is gone.
    fn disconnect<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        self.lose_subscription(cx, port);
        let mut producers = self.producers.iter_mut();
        let at = producers.position(|producer| producer.is_at(port));
        let mut waiting: Vec<Token> = Vec::new();
        if let Some(index) = at {
            let producer = &mut self.producers[index];
            producer.on_closed(cx, port);
            if producer.loses_outstanding() {
                let unconfirmed = self.awaited.range((index, 0)..=(index, u64::MAX));
                waiting.extend(unconfirmed.map(|(_, token)| *token));
                self.awaited.retain(|(known, _), _| *known != index);
            }
        }
        waiting.extend(self.waiting_for(port));
        self.doom_transactions(port);
        for token in waiting {
            self.answered(cx, token.pack(), false);
        }
        self.tries_closed(cx, port);
        self.hear_clients(cx);
    }
}
