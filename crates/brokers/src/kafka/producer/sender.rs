//! What is due is sent; what is too old fails.

use super::accumulator::{Line, Pending};
use super::transaction::Transaction;
use super::{Flight, Identity, Producer, Wish};
use crate::kafka::cluster::PartitionId;
use crate::kafka::wire::{Batch, Frame};
use crate::kafka::{Acks, BrokerId, Error};
use alloc::vec::Vec;
use mqlab_kernel::SimTime;
use mqlab_model::{Context, FactKind, Port};

impl Producer {
    pub(super) fn wake_at<C: Context<Frame>>(&mut self, cx: &mut C, at: SimTime) {
        self.alarm.want(cx, self.lane, at, self.token);
    }

    /// Does what is due, and sees to being woken when more is.
    pub(super) fn run<C: Context<Frame>>(&mut self, cx: &mut C) {
        self.expire(cx);
        self.resolve();
        self.needs_leaders |= self.misses_leader();
        self.ask(cx);
        self.control(cx);
        self.drain(cx);
        self.refresh();
        if self.lines.is_empty() {
            self.is_flushing = false;
        }
        if let Some(at) = self.next_due(cx.now()) {
            self.wake_at(cx, at);
        }
    }

    /// Brings up to date what is known of the lines.
    pub(super) fn refresh(&mut self) {
        let leaders = &self.leaders;
        self.lines
            .refresh(|partition| leaders[partition.0 as usize].and_then(|known| known.leader()));
    }

    /// Asks for leaders and for an id, if there is somebody to ask.
    fn ask<C: Context<Frame>>(&mut self, cx: &mut C) {
        let now = cx.now();
        let backoff = self.settings.backoff;
        let may = |asked: Option<SimTime>| asked.is_none_or(|asked| asked.saturating_add(backoff) <= now);
        // Another one each time: this one may be cut off.
        let open: Vec<Port> = self
            .links
            .iter()
            .filter(|link| link.is_open)
            .map(|link| link.port)
            .collect();
        let Some(port) = open.get(self.next as usize % open.len().max(1)).copied() else {
            return;
        };
        if self.needs_leaders && may(self.asked_leaders) {
            self.asked_leaders = Some(now);
            self.next = self.next.wrapping_add(1);
            let topics = self.cluster.topics().len() as u16;
            for topic in 0..topics {
                cx.send(port, Frame::Metadata { topic });
            }
        }
        let may_again = |wish: Wish| {
            let waits = self.transaction.is_some() && !wish.is_refused;
            let patience = if waits { self.settings.request_timeout } else { backoff };
            wish.at.saturating_add(patience) <= now
        };
        if let Identity::Wanted(wish) = self.identity
            && wish.is_none_or(may_again)
        {
            self.next = self.next.wrapping_add(1);
            let correlation = self.next;
            self.identity = Identity::Wanted(Some(Wish {
                at: now,
                correlation,
                is_refused: false,
            }));
            if let Some(id) = self.transaction.as_ref().map(Transaction::id) {
                return self.ask_for_id(cx, id, correlation);
            }
            cx.send(
                port,
                Frame::InitProducer {
                    correlation,
                    id: None,
                    timeout_ms: 0,
                },
            );
        }
    }

    /// Sends what is ready to whoever leads.
    pub(super) fn drain<C: Context<Frame>>(&mut self, cx: &mut C) {
        if matches!(self.identity, Identity::Wanted(_)) {
            return;
        }
        for broker in (0..self.links.len() as u32).map(BrokerId) {
            while self.may_send(broker) {
                let batches = self.collect(cx, broker);
                if batches.is_empty() {
                    break;
                }
                self.send_batches(cx, broker, batches);
            }
        }
    }

    fn may_send(&self, broker: BrokerId) -> bool {
        let link = &self.links[broker.0 as usize];
        link.is_open && link.flights.len() < self.settings.in_flight_max
    }

    /// Whether the first batch of a partition has to wait no more.
    fn is_ready(&self, partition: PartitionId, line: &Line, now: SimTime) -> bool {
        let Some(first) = line.queue.front() else {
            return false;
        };
        let is_full = line.queue.len() > 1 || first.bytes >= self.settings.batch_size;
        let has_lingered = first.created.saturating_add(self.settings.linger) <= now;
        let is_pressed = self.is_flushing || self.buffered >= self.settings.buffer_memory;
        self.may_go(partition, line, now) && (is_full || has_lingered || first.attempts > 0 || is_pressed)
    }

    /// Whether it may be sent, ready or along with one that is.
    fn may_go(&self, partition: PartitionId, line: &Line, now: SimTime) -> bool {
        let is_held_back = self.settings.in_flight_max == 1 && line.flying > 0;
        let may_go = line.queue.front().is_some_and(|first| first.not_before <= now);
        let is_in_turn = match self.identity {
            Identity::Known(_, epoch) => line.is_in_turn(epoch),
            Identity::Unneeded => true,
            Identity::Wanted(_) => false,
        };
        let is_added = self.transaction.as_ref().is_none_or(|one| one.allows(partition));
        may_go && !is_held_back && is_in_turn && is_added
    }

    /// One batch of each partition that a broker leads, if one of them is ready.
    fn collect<C: Context<Frame>>(&mut self, cx: &mut C, broker: BrokerId) -> Vec<(PartitionId, Pending)> {
        let now = cx.now();
        self.refresh();
        let own = || self.lines.waiting_for(Some(broker));
        let is_so = |id: PartitionId, is_so: fn(&Producer, PartitionId, &Line, SimTime) -> bool| {
            self.lines.get(id).is_some_and(|line| is_so(self, id, line, now))
        };
        if !own().any(|id| is_so(id, Producer::is_ready)) {
            return Vec::new();
        }
        let going: Vec<PartitionId> = own().filter(|id| is_so(*id, Producer::may_go)).collect();
        let mut batches = Vec::new();
        let mut bytes = 0;
        for partition in going {
            let Some(line) = self.lines.get_mut(partition) else {
                continue;
            };
            let Some(first) = line.queue.front() else { continue };
            if bytes > 0 && bytes + first.bytes > self.settings.request_size {
                break;
            }
            bytes += first.bytes;
            if let Some(pending) = line.queue.pop_front() {
                batches.push((partition, pending));
            }
        }
        batches
    }

    fn send_batches<C: Context<Frame>>(&mut self, cx: &mut C, broker: BrokerId, batches: Vec<(PartitionId, Pending)>) {
        let now = cx.now();
        self.next = self.next.wrapping_add(1);
        let mut flight = Flight {
            correlation: self.next,
            sent: now,
            batches,
        };
        self.sent.0 += flight.batches.len() as u64;
        self.sent.1 += 1;
        for (partition, pending) in &mut flight.batches {
            self.stamp(*partition, pending);
            pending.attempts += 1;
        }
        let port = self.links[broker.0 as usize].port;
        let more = flight
            .batches
            .iter()
            .map(|(_, pending)| pending.records.len() + 1)
            .sum::<usize>();
        let head = Frame::Produce {
            acks: self.settings.acks,
            correlation: flight.correlation,
            more: more as u32,
        };
        cx.send(port, head);
        for (partition, pending) in &flight.batches {
            cx.send(
                port,
                Frame::Batch(Batch {
                    partition: *partition,
                    producer: self.writer(pending),
                    sequence: pending.stamped.map_or(0, |(_, sequence)| sequence),
                    epoch: 0,
                    records: pending.records.len() as u16,
                    first: 0,
                }),
            );
            for record in &pending.records {
                cx.send(port, Frame::Record(*record));
            }
        }
        if self.settings.acks == Acks::None {
            for (partition, pending) in flight.batches {
                self.landed(&partition, &pending);
                self.done(cx, partition, &pending, Ok(None));
            }
        } else {
            self.links[broker.0 as usize].flights.push_back(flight);
        }
    }

    /// An idempotent producer numbers what it sends.
    fn stamp(&mut self, partition: PartitionId, pending: &mut Pending) {
        let line = self.lines.line(partition);
        line.flying += 1;
        let Identity::Known(_, epoch) = self.identity else {
            return;
        };
        if pending.stamped.is_none() {
            if line.epoch != epoch {
                (line.epoch, line.next_sequence, line.acknowledged) = (epoch, 0, 0);
            }
            pending.stamped = Some((epoch, line.next_sequence));
            line.next_sequence = line.next_sequence.wrapping_add(pending.records.len() as i32) & i32::MAX;
        }
        line.in_flight.extend(pending.stamped.map(|(_, sequence)| sequence));
    }

    /// A batch is not under way any more.
    pub(super) fn landed(&mut self, partition: &PartitionId, pending: &Pending) {
        let Some(line) = self.lines.get_mut(*partition) else {
            return;
        };
        line.flying -= 1;
        if let Some((_, sequence)) = pending.stamped
            && let Some(at) = line.in_flight.iter().position(|one| *one == sequence)
        {
            line.in_flight.remove(at);
        }
    }

    /// What has waited for longer than `delivery.timeout.ms` fails, sent or
    /// not; and who does not answer for `request.timeout.ms` is given up.
    fn expire<C: Context<Frame>>(&mut self, cx: &mut C) {
        let now = cx.now();
        let timeout = self.settings.request_timeout;
        for broker in (0..self.links.len() as u32).map(BrokerId) {
            let oldest = self.links[broker.0 as usize].flights.front();
            if oldest.is_some_and(|flight| flight.sent.saturating_add(timeout) <= now) {
                self.fail_flights(cx, broker);
                self.needs_leaders = true;
            }
        }
        let limit = self.settings.delivery_timeout;
        self.refresh();
        if !self.lines.has_as_old(limit, now) {
            return;
        }
        let is_over = |pending: &Pending| pending.created.saturating_add(limit) <= now;
        let is_late = |line: &Line| line.queue.iter().any(is_over);
        let waiting: Vec<PartitionId> = self.lines.waiting().collect();
        for partition in waiting {
            let Some(line) = self.lines.get_mut(partition).filter(|line| is_late(line)) else {
                continue;
            };
            let (over, rest): (Vec<Pending>, Vec<Pending>) =
                core::mem::take(&mut line.queue).into_iter().partition(is_over);
            line.queue = rest.into();
            line.is_unresolved |= over.iter().any(|pending| pending.stamped.is_some());
            for pending in over {
                self.done(cx, partition, &pending, Err(Error::RequestTimedOut));
            }
        }
    }

    /// What comes after a batch that was given up would be a gap.
    fn resolve(&mut self) {
        self.refresh();
        let mut has_gap = false;
        for partition in self.lines.unresolved() {
            has_gap |= self.lines.get_mut(partition).is_some_and(Line::has_gap);
        }
        if has_gap {
            self.begin_epoch();
        }
    }

    /// The producer counts anew, in a new epoch.
    pub(super) fn begin_epoch(&mut self) {
        if let Some(transaction) = &mut self.transaction {
            // Its coordinator gives it a new one when the transaction is over.
            return transaction.fail();
        }
        if let Identity::Known(producer, epoch) = self.identity {
            self.identity = Identity::Known(producer, epoch + 1);
        }
    }

    /// What came of a batch.
    pub(super) fn done<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        partition: PartitionId,
        pending: &Pending,
        result: Result<Option<u64>, Error>,
    ) {
        self.buffered -= pending.bytes;
        if let (Err(_), Some(transaction)) = (result, &mut self.transaction) {
            transaction.fail();
        }
        // Of a record in a transaction it is not known yet. With `acks=0` its callback is
        // told that all is well as soon as it is sent (`Sender.handleProduceResponse`).
        let is_told = self.transaction.is_none();
        for (nth, record) in (0..).zip(&pending.records) {
            let message = record.message.id;
            match result {
                Ok(_) if !is_told => {}
                Ok(_) => cx.emit(self.place, FactKind::Confirmed, message, 1),
                Err(_) => cx.emit(self.place, FactKind::Refused, message, 1),
            }
            let outcome = result.map(|first| (partition, first.map(|first| first + nth)));
            self.outcomes.push((message, outcome));
        }
    }

    /// When something will be due.
    fn next_due(&self, now: SimTime) -> Option<SimTime> {
        let mut next: Option<SimTime> = None;
        let mut at = |time: SimTime| next = Some(next.map_or(time, |next| next.min(time)));
        let settings = &self.settings;
        for link in &self.links {
            if let Some(oldest) = link.flights.front() {
                at(oldest.sent.saturating_add(settings.request_timeout));
            }
        }
        if let Some(created) = self.lines.first_younger_than(settings.linger, now) {
            at(created.saturating_add(settings.linger));
        }
        if let Some(created) = self.lines.first_created() {
            at(created.saturating_add(settings.delivery_timeout));
        }
        if let Some(time) = self.lines.first_held(now) {
            at(time);
        }
        let is_waiting = self.needs_leaders || self.is_controlling() || matches!(self.identity, Identity::Wanted(_));
        if is_waiting && self.links.iter().any(|link| link.is_open) {
            at(now.saturating_add(settings.backoff));
        }
        next
    }
}
