//! A load: users, sensors, other systems; whoever makes messages or requests.

mod at_once;
mod by_hand;
mod ramp;
mod schedule;
mod sender;
mod settings;
mod users;

use crate::client::{Part, Publisher, Route};
use crate::plan::{Burst, KeyPlan, LoadPlan, Segment};
use crate::wire::Wire;
use crate::world::Packed;
use alloc::boxed::Box;
use alloc::vec::Vec;
use mqlab_brokers::kafka::Frame;
use mqlab_brokers::parts::InFlight;
use mqlab_brokers::rabbitmq::{Frame as AmqpFrame, Head};
use mqlab_kernel::{Dist, Rate, SimSpan, SimTime, sort_by_key};
use mqlab_model::{
    Context, Crash, FactKind, Lifted, Message, MessageId, Node, PlaceId, Port, Purpose, Refusal, SourceId, TimerLane,
};

use ramp::Ramp;
use sender::Sender;
use users::{THINK, Users};

/// Where a load's messages go.
#[derive(Clone, Debug)]
enum Output {
    /// To a broker, where all messages go this way that have no key of their own.
    Publish(Publisher, Route),
    /// To a service, as calls, with those that are not answered yet.
    Call(Port, InFlight<MessageId>),
}

/// A source of messages or requests.
#[derive(Clone, Debug)]
pub(crate) struct Load {
    place: PlaceId,
    source: SourceId,
    output: Output,
    key: KeyPlan,
    persistent: bool,
    /// What its messages carry besides.
    properties: u16,
    /// Whether its channel is in confirm mode.
    confirms: bool,
    poisson: bool,
    ramp: bool,
    segments: Vec<Segment>,
    /// How many are offered at each arrival.
    each: u64,
    users: Option<Users>,
    sender: Option<Box<Sender>>,
    /// Bursts that are still to come, soonest last.
    bursts: Vec<Pending>,
    /// Most messages in all, by its plan.
    limit: u64,
    /// The same by the limit of the run, and whether that has stopped it.
    run_limit: u64,
    is_cut_off: bool,
    /// An arrival is armed, and counted in `in_segment` already.
    is_armed: bool,
    /// How many it has made.
    made: u64,
    segment: usize,
    /// Offers of this segment so far.
    in_segment: u64,
    /// Timers of an earlier rate are stale.
    generation: u32,
    /// Its arrivals come by its own clock.
    by_clock: bool,
}

/// A burst that is still to come.
#[derive(Clone, Copy, Debug)]
struct Pending {
    at: SimTime,
    count: u64,
    /// It is not of the plan: the plan's count does not hold for it.
    by_hand: bool,
}

const ARRIVALS: TimerLane = TimerLane(0);
const BURSTS: TimerLane = TimerLane(1);
const BURST: u64 = 1 << 32;
/// Of its client, if that has timers. The lane before it is that of users.
const CLIENT: TimerLane = TimerLane(3);
/// Lane and token of the timers of a load's client.
pub(crate) const LOAD_TIMER: (TimerLane, u64) = (CLIENT, 1 << 34);

/// Most messages that are made in one action.
const AT_ONCE: u64 = 1 << 16;

impl Load {
    /// How many timer lanes it has.
    pub(crate) fn lanes(&self) -> u16 {
        match &self.output {
            Output::Publish(publisher, _) if publisher.lanes() > 0 => CLIENT.0 + publisher.lanes(),
            _ => 2 + u16::from(self.users.is_some()),
        }
    }

    /// A load that is not up yet. `client` is what it publishes with, and
    /// where to, unless it calls a service; `limit` is the most it may make
    /// whatever its plan says; `by_clock` says whether it goes by its own clock.
    pub(crate) fn new(
        (place, source): (PlaceId, SourceId),
        plan: &LoadPlan,
        client: Option<(Publisher, Route)>,
        limit: u64,
        by_clock: bool,
    ) -> Self {
        let output = match client {
            Some((publisher, route)) => Output::Publish(publisher, route),
            None => Output::Call(Port(0), InFlight::default()),
        };
        let planned = |burst: &Burst| Pending {
            at: burst.at,
            count: burst.count,
            by_hand: false,
        };
        let mut bursts: Vec<Pending> = plan.bursts.iter().map(planned).collect();
        sort_by_key(&mut bursts, |burst| core::cmp::Reverse(burst.at));
        Load {
            place,
            source,
            output,
            key: plan.key.clone(),
            persistent: plan.persistent,
            properties: plan.properties,
            confirms: plan.confirms,
            poisson: plan.arrivals.poisson,
            ramp: plan.arrivals.ramp,
            segments: plan.arrivals.segments.clone(),
            each: plan.arrivals.each,
            users: plan.users.as_ref().map(Users::new),
            sender: Sender::new(plan.sender).map(Box::new),
            bursts,
            limit: plan.count.unwrap_or(u64::MAX),
            run_limit: limit,
            is_cut_off: false,
            is_armed: false,
            made: 0,
            segment: 0,
            in_segment: 0,
            generation: 0,
            by_clock,
        }
    }

    /// How many messages it has made.
    pub(crate) fn made(&self) -> u64 {
        self.made
    }

    /// The rate of the segment that `now` is in.
    pub(crate) fn rate(&self, now: SimTime) -> Option<Rate> {
        let begun = |segment: &&Segment| segment.start <= now;
        self.segments
            .iter()
            .take_while(begun)
            .last()
            .map(|segment| segment.rate)
    }

    /// How many messages are published and not confirmed.
    pub(crate) fn outstanding(&self) -> usize {
        match &self.output {
            Output::Publish(producer, _) => producer.outstanding(),
            Output::Call(_, unanswered) => unanswered.len(),
        }
    }

    /// How many messages wait at the load itself to be sent.
    pub(crate) fn held(&self) -> usize {
        self.sender.as_ref().map_or(0, |sender| sender.waiting())
    }

    /// How many users it has, if it is a closed loop.
    pub(crate) fn users(&self) -> Option<u32> {
        self.users.map(|users| users.wanted)
    }

    /// Makes `count` messages now. A great many are made in several actions
    /// of the same instant, so that limits are looked at in between.
    fn burst<C: Context<Wire>>(&mut self, cx: &mut C, count: u64, by_hand: bool) {
        let now = count.min(AT_ONCE);
        for _ in 0..now {
            if self.is_cut_off || self.made >= self.limit {
                return;
            }
            self.offer(cx);
        }
        if count > now {
            self.bursts.push(Pending {
                at: cx.now(),
                count: count - now,
                by_hand,
            });
            self.arm_burst(cx);
        }
    }

    /// Makes one message and sends it off; true if nobody will ever say what
    /// became of it, because that is known already.
    #[inline(always)]
    fn offer<C: Context<Wire>>(&mut self, cx: &mut C) -> bool {
        if !self.may_make_more() {
            self.offer_too_many(cx);
            return false;
        }
        let message = self.make(cx);
        match &mut self.output {
            Output::Call(port, unanswered) => {
                let token = unanswered.insert(message.id);
                cx.send(*port, Wire::Request { token, message });
                false
            }
            Output::Publish(producer, usual) => {
                let route = route(cx, &self.key, *usual, message.id);
                if self.sender.is_some() {
                    return self.send_or_hold(cx, message, route);
                }
                let sent = producer.publish(cx, route, message);
                sent.is_none() || !self.confirms
            }
        }
    }

    /// Whether neither its own plan nor the limit of the run forbids one more.
    #[inline(always)]
    pub(crate) fn may_make_more(&self) -> bool {
        self.made < self.limit.min(self.run_limit)
    }

    #[inline(always)]
    fn make<C: Context<Wire>>(&mut self, cx: &mut C) -> Message {
        let message = Message::new(MessageId::new(self.source, self.made), cx.now(), self.persistent)
            .with_properties(self.properties);
        self.made += 1;
        cx.emit(self.place, FactKind::Offered, message.id, 0);
        message
    }

    /// One more than there may be, by its own plan or by the limit of the run.
    #[cold]
    #[inline(never)]
    fn offer_too_many<C: Context<Wire>>(&mut self, cx: &mut C) {
        if self.made < self.limit {
            self.is_cut_off = true;
            cx.run_out();
        }
    }

    /// Arms the next arrival, in this segment or in a later one.
    #[inline(always)]
    fn arm_arrival<C: Context<Wire>>(&mut self, cx: &mut C) {
        if self.made < self.limit
            && let Some(at) = self.next_arrival(cx)
        {
            self.arm_at(cx, at);
        }
    }

    #[inline]
    pub(crate) fn arm_at<C: Context<Wire>>(&mut self, cx: &mut C, at: SimTime) {
        self.is_armed = true;
        cx.arm(ARRIVALS, at, u64::from(self.generation));
    }

    #[inline(always)]
    fn next_arrival<C: Context<Wire>>(&mut self, cx: &mut C) -> Option<SimTime> {
        loop {
            let segment = self.segments.get(self.segment)?;
            let end = self
                .segments
                .get(self.segment + 1)
                .map_or(SimTime::MAX, |next| next.start);
            let next = self.segments.get(self.segment + 1).filter(|_| self.ramp);
            let at = if let Some(next) = next {
                ramp_arrival(cx, segment, next, (!self.poisson).then_some(self.in_segment))
            } else if self.poisson {
                poisson_arrival(cx, segment)
            } else {
                segment
                    .rate
                    .offset(self.in_segment)
                    .and_then(|offset| segment.start.checked_add(offset))
            };
            let now = self.own_time(cx);
            if at.is_some_and(|at| at < now) {
                // It was due while the load was down or held its breath.
                self.skip_to(now);
                continue;
            }
            if let Some(at) = at.filter(|at| *at < end) {
                self.in_segment += 1;
                return Some(self.really(cx, at));
            }
            self.segment += 1;
            self.in_segment = 0;
        }
    }

    fn arm_burst<C: Context<Wire>>(&mut self, cx: &mut C) {
        if let Some(burst) = self.bursts.last() {
            cx.arm(BURSTS, burst.at, BURST);
        }
    }
}

impl Load {
    /// A confirm as it comes off the wire, of which there is one for every
    /// message; false for everything else.
    #[inline(always)]
    pub(crate) fn on_words<C: Context<Wire>>(&mut self, cx: &mut C, packet: Packed) -> bool {
        let words = packet.words();
        let head = Head::of(words);
        if head.is_confirm() {
            self.on_confirm(cx, words[1], head.queues());
        }
        head.is_confirm()
    }

    /// The broker confirms what was published by this number.
    #[inline(never)]
    pub(crate) fn on_confirm<C: Context<Wire>>(&mut self, cx: &mut C, sequence: u64, queues: u16) {
        if let Output::Publish(Publisher::Rabbit(producer), _) = &mut self.output {
            let confirmed = producer.on_confirm(&mut Lifted::<_, Wire>::new(cx), sequence, queues);
            if let Some(message) = confirmed
                && (self.sender.is_some() || self.users.is_some())
            {
                self.after_confirm(cx, message);
            }
        }
    }
}

/// Where a message goes: the `usual` way, or that of its key.
#[inline(always)]
fn route<C: Context<Wire>>(cx: &C, plan: &KeyPlan, usual: Route, message: MessageId) -> Route {
    match plan {
        KeyPlan::None => usual,
        KeyPlan::InTurn(keys) => usual.with(keys[(message.number() % keys.len() as u64) as usize]),
        KeyPlan::OneOf(keys) => {
            let bits = cx.draw(message, Purpose::Key, 0);
            // The high bits, scaled: no key is favoured.
            usual.with(keys[((u128::from(bits) * keys.len() as u128) >> 64) as usize])
        }
    }
}

impl Load {
    /// A parcel of a broker.
    pub(crate) fn on_parcel<C: Context<Wire>>(&mut self, cx: &mut C, port: Port, frames: &[Frame]) {
        if let Output::Publish(publisher, _) = &mut self.output
            && publisher.on_parcel(cx, port, frames)
        {
            self.hear(cx);
        }
    }

    /// What its client has heard since the last time.
    fn hear<C: Context<Wire>>(&mut self, cx: &mut C) {
        let Output::Publish(publisher, _) = &mut self.output else {
            return;
        };
        for heard in publisher.take_heard() {
            if self.sender.is_some() || self.users.is_some() {
                self.after_confirm(cx, heard.message);
            }
        }
    }

    /// A message is answered for, and somebody may have waited for that.
    #[cold]
    #[inline(never)]
    fn after_confirm<C: Context<Wire>>(&mut self, cx: &mut C, message: MessageId) {
        if let Some(sender) = &mut self.sender {
            sender.confirmed(message);
            self.send_waiting(cx);
        }
        self.users_hear(cx);
    }
}

/// The next arrival on a ramp: the one by its number, or by chance the first
/// after now. Behind its end it is `None` and the next segment begins.
#[inline(never)]
fn ramp_arrival<C: Context<Wire>>(
    cx: &mut C,
    segment: &Segment,
    next: &Segment,
    number: Option<u64>,
) -> Option<SimTime> {
    let ramp = Ramp::new(segment, next);
    let arrivals = match number {
        Some(number) => number as f64,
        None => {
            let now = cx.now().max(segment.start);
            let mean = SimSpan::from_secs(1);
            let one = Dist::Exponential { mean }.sample(cx.random());
            ramp.arrivals(now.since(segment.start)) + one.as_secs_f64()
        }
    };
    segment.start.checked_add(ramp.offset(arrivals)?)
}

#[inline(never)]
fn poisson_arrival<C: Context<Wire>>(cx: &mut C, segment: &Segment) -> Option<SimTime> {
    if segment.rate.is_zero() {
        return None;
    }
    let mean = SimSpan::from_nanos_rounded(segment.rate.mean_gap_ns());
    let gap = Dist::Exponential { mean }.sample(cx.random());
    cx.now().max(segment.start).checked_add(gap)
}

impl Node<Wire> for Load {
    fn start<C: Context<Wire>>(&mut self, cx: &mut C) {
        if let Output::Publish(producer, _) = &mut self.output {
            producer.open(cx);
        }
        // Arrivals that were due while it was down are not made up for.
        let now = self.own_time(cx);
        while self
            .segments
            .get(self.segment + 1)
            .is_some_and(|next| next.start <= now)
        {
            self.segment += 1;
            self.in_segment = 0;
        }
        self.bursts.retain(|burst| burst.at >= cx.now());
        self.arm_arrival(cx);
        self.arm_burst(cx);
        self.users_come(cx);
    }

    #[inline(never)]
    fn on_packet<C: Context<Wire>>(&mut self, cx: &mut C, port: Port, wire: Wire) {
        match wire {
            // A node of a cluster goes on without it.
            Wire::Amqp(AmqpFrame::Close { .. }) => {
                if let Output::Publish(publisher, _) = &self.output
                    && publisher.lanes() > 0
                    && publisher.is_at(port)
                {
                    self.disconnect(cx, port);
                }
            }
            Wire::Amqp(_) => {
                if let Output::Publish(producer, _) = &mut self.output
                    && let Some(heard) = producer.hear(cx, wire)
                {
                    // A refusal makes room in its window all the same.
                    self.after_confirm(cx, heard.message);
                }
            }
            Wire::Reply { token, message, done } => {
                let Output::Call(_, unanswered) = &mut self.output else {
                    return;
                };
                if unanswered.take(token).is_none() {
                    return;
                }
                if done {
                    let took = cx.now().since(message.offered());
                    cx.emit(self.place, FactKind::Responded, message.id, took.nanos());
                } else {
                    cx.emit(self.place, FactKind::Refused, message.id, Refusal::Declined.value());
                }
                self.users_hear(cx);
            }
            // Of tables, which no load asks anything, and calls of services.
            Wire::Kafka(_)
            | Wire::Peer(_)
            | Wire::Request { .. }
            | Wire::Query { .. }
            | Wire::Statement { .. }
            | Wire::Along { .. }
            | Wire::Stamp { .. }
            | Wire::End { .. }
            | Wire::Found { .. }
            | Wire::Row { .. }
            | Wire::Answer { .. } => {}
        }
    }

    #[inline(never)]
    fn on_timer<C: Context<Wire>>(&mut self, cx: &mut C, token: u64) {
        if token == BURST {
            let now = cx.now();
            if self.bursts.last().is_some_and(|burst| burst.at <= now)
                && let Some(burst) = self.bursts.pop()
            {
                match burst.by_hand {
                    true => self.burst_by_hand(cx, burst.count),
                    false => self.burst(cx, burst.count, false),
                }
            }
            self.arm_burst(cx);
        } else if token == u64::from(self.generation) {
            self.is_armed = false;
            if self.each == 1 {
                self.offer(cx);
            } else {
                self.burst(cx, self.each, false);
            }
            self.arm_arrival(cx);
        } else if token == THINK {
            self.ask(cx);
        } else if let Output::Publish(publisher, _) = &mut self.output {
            if publisher.on_timer(cx, token) {
                self.hear(cx);
            } else if publisher.on_recovery(cx, token) {
                self.send_waiting(cx);
            }
        }
    }

    fn on_closed<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        if let Output::Publish(publisher, _) = &mut self.output {
            publisher.on_gone(port);
            if publisher.loses_outstanding() && !publisher.is_at(port) {
                return;
            }
        }
        self.disconnect(cx, port);
    }

    fn on_opened<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        if let Output::Publish(producer, _) = &mut self.output {
            producer.on_opened(cx, port);
        }
        self.hear(cx);
        self.send_waiting(cx);
    }

    fn crash<C: Context<Wire>>(&mut self, cx: &mut C, _crash: Crash) {
        self.forget_held(cx);
        self.generation += 1;
        if self.is_armed {
            // The arrival that was armed is still to come.
            self.is_armed = false;
            self.in_segment = self.in_segment.saturating_sub(1);
        }
        match &mut self.output {
            Output::Publish(producer, _) => producer.forget(cx),
            Output::Call(_, unanswered) => *unanswered = InFlight::default(),
        }
    }
}

impl Load {
    /// Its connection is gone.
    fn disconnect<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        if let Output::Publish(publisher, _) = &mut self.output
            && !publisher.loses_outstanding()
        {
            publisher.on_closed(cx, port);
            return self.hear(cx);
        }
        let unanswered = self.outstanding();
        let is_kept = self.take_back();
        match &mut self.output {
            Output::Publish(producer, _) if is_kept => return producer.abandon(cx),
            Output::Publish(producer, _) => producer.on_closed(cx, port),
            // Nobody will answer: the caller sees its calls fail.
            Output::Call(_, unanswered) => {
                let place = self.place;
                unanswered.take_up_to(0, |message| {
                    cx.emit(place, FactKind::Refused, message, Refusal::Unanswered.value())
                });
            }
        }
        if self.users.is_some() {
            (0..unanswered).for_each(|_| self.users_hear(cx));
        }
    }
}

impl Load {
    /// Moves on to the first arrival of this segment that is not before `now`.
    fn skip_to(&mut self, now: SimTime) {
        let Some(segment) = self.segments.get(self.segment) else {
            return;
        };
        let (rate, start) = (segment.rate, segment.start);
        let next = self.segments.get(self.segment + 1).filter(|_| self.ramp);
        let ramp = next.map(|next| Ramp::new(segment, next));
        if start >= now || (rate.is_zero() && ramp.is_none()) {
            return;
        }
        let missed = |index: u64| {
            let offset = match &ramp {
                Some(ramp) => ramp.offset(index as f64),
                None => rate.offset(index),
            };
            offset.is_some_and(|offset| start.saturating_add(offset) < now)
        };
        // The instants grow with the index: search for the first that is due.
        let (mut low, mut high) = (0u64, 1u64);
        while missed(high) {
            low = high;
            high = high.saturating_mul(2);
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if missed(middle) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        self.in_segment = low;
    }
}
