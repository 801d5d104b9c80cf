//! A table of a database: serves operations one after the other, and knows
//! its limit.

mod rows;
mod stamps;
mod store;
mod transactions;
mod versions;

pub(crate) use store::StoreParts;

use crate::plan::{Overload, RowState, Setting, SettingKind, TablePlan};
use crate::statement::{Operation, Statement};
use crate::wire::Wire;
use crate::world::Packed;
use alloc::boxed::Box;
use alloc::vec::Vec;
use mqlab_kernel::{Rate, Ring, SimSpan, SimTime, SortedMap};
use mqlab_model::{Context, Crash, EFFECT, FactKind, Message, Node, PlaceId, Port, TimerLane};
use store::Store;

/// An operation that waits for its turn.
#[derive(Clone, Copy, Debug, Default)]
struct Pending {
    port: Port,
    token: u64,
    message: Message,
    writer: u64,
    /// A packed [`Statement`]; 0 is a plain row.
    statement: u32,
}

/// A table. Rows outlive its death; operations in progress do not.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    place: PlaceId,
    capacity: Option<Rate>,
    /// Most requests within a second of the clock that are within capacity.
    per_second: u64,
    overload: Overload,
    pending: Ring<Pending>,
    /// When the present busy period began, and how many operations of it are
    /// finished: the k-th of a period ends at its start + k / capacity, never
    /// at a sum of rounded periods.
    busy_since: SimTime,
    finished: u64,
    /// The capacity has changed since the present period began.
    is_new_rate: bool,
    /// The clock second in which requests are counted, and how many.
    second: u64,
    asked: u64,
    peak_asked: u64,
    generation: u32,
    /// Its rows, if somebody looks at them again. Otherwise nothing of a row
    /// is kept but the fact that it was written.
    store: Option<Box<Store>>,
    /// When the row that expires next does, which has a timer.
    expiry_at: Option<SimTime>,
    /// Rows that belong to what a client's worker asks for next.
    along: Along,
    /// Requests before the present second of the clock.
    asked_before: u64,
}

/// By port and token, the messages for which rows are asked for as well.
type Along = SortedMap<(Port, u64), Vec<Message>>;

const OPERATIONS: TimerLane = TimerLane(0);
/// In the token of a timer: it is about rows whose time is over.
const EXPIRY: u64 = 1 << 32;

impl Table {
    /// How many timer lanes a table has.
    pub(crate) const LANES: u16 = 1;

    /// A table that is not up yet.
    pub(crate) fn new(place: PlaceId, plan: &TablePlan, store: Option<StoreParts>) -> Self {
        Table {
            place,
            capacity: plan.capacity,
            per_second: per_second(plan.capacity),
            overload: plan.overload,
            pending: Ring::default(),
            busy_since: SimTime::ZERO,
            finished: 0,
            is_new_rate: false,
            second: u64::MAX,
            asked: 0,
            peak_asked: 0,
            generation: 0,
            store: store.map(|parts| Store::new(place, parts).into()),
            expiry_at: None,
            along: Along::new(),
            asked_before: 0,
        }
    }

    /// How many of its rows are in a state, if it knows them; else all are new.
    pub(crate) fn rows(&self, state: RowState) -> Option<u64> {
        self.store.as_ref().map(|store| store.count(state))
    }

    /// How many business ids transactions have locked.
    pub(crate) fn locked(&self) -> u64 {
        self.store.as_ref().map_or(0, |store| store.locked() as u64)
    }

    /// The longest time that a business id was locked.
    pub(crate) fn longest_lock(&self, now: SimTime) -> SimSpan {
        self.store
            .as_ref()
            .map_or(SimSpan::ZERO, |store| store.longest_lock(now))
    }

    /// Most requests within one second of the clock.
    pub(crate) fn peak_asked(&self) -> u64 {
        self.peak_asked.max(self.asked)
    }

    /// How many requests there were. A request for the rows of several messages
    /// is one.
    pub(crate) fn requests(&self) -> u64 {
        self.asked_before + self.asked
    }

    /// Rows that it keeps because somebody looks at them again.
    pub(crate) fn kept(&self) -> u64 {
        self.store.as_ref().map_or(0, |store| store.kept())
    }

    /// Things whose row was written for an older message than the youngest.
    pub(crate) fn outdated(&self) -> u64 {
        self.store.as_ref().map_or(0, |store| store.outdated())
    }

    /// How many operations it has not finished.
    pub(crate) fn pending(&self) -> usize {
        self.pending.len() + self.store.as_ref().map_or(0, |store| store.waiting())
    }

    /// What it can do.
    pub(crate) fn capacity(&self) -> Option<Rate> {
        self.capacity
    }

    pub(crate) fn set(&mut self, setting: &Setting) -> Option<u64> {
        match *setting {
            Setting::Capacity(capacity) => {
                self.capacity = capacity;
                self.per_second = per_second(capacity);
                self.is_new_rate = true;
                // The operation in progress ends as it began; the next one
                // begins a period at the new rate.
                Some(capacity.map_or(0, |capacity| capacity.period().nanos()))
            }
            Setting::Overload(overload) => {
                self.overload = overload;
                Some(u64::from(overload == Overload::Dies))
            }
            _ => None,
        }
    }

    /// A setting as it is now; `None` if it has no such setting.
    pub(crate) fn setting(&self, kind: SettingKind) -> Option<Setting> {
        match kind {
            SettingKind::Capacity => Some(Setting::Capacity(self.capacity)),
            SettingKind::Overload => Some(Setting::Overload(self.overload)),
            _ => None,
        }
    }

    /// A row as it comes off the wire; false for everything else.
    #[inline(always)]
    pub(crate) fn on_words<C: Context<Wire>>(&mut self, cx: &mut C, port: Port, packet: Packed) -> bool {
        let Some((token, message, writer, effect)) = packet.query() else {
            return false;
        };
        self.ask(cx, (port, token), message, (writer, effect), 0);
        true
    }

    /// Somebody wants a row to be written.
    #[inline(never)]
    fn ask<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        (port, token): (Port, u64),
        message: Message,
        (writer, effect): (PlaceId, bool),
        statement: u32,
    ) {
        if self.is_too_many(cx.now()) {
            cx.emit(self.place, FactKind::WriteRefused, message.id, 0);
            cx.send(port, Wire::Answer { token, done: false });
            cx.die();
            return;
        }
        let writer = u64::from(writer.0) | if effect { EFFECT } else { 0 };
        let operation = Pending {
            port,
            token,
            message,
            writer,
            statement,
        };
        let Some(capacity) = self.capacity else {
            self.write(cx, &operation);
            return;
        };
        self.pending.push_back(operation);
        if self.pending.len() == 1 {
            self.begin_period(cx.now());
            self.arm(cx, capacity);
        }
    }

    /// Counts a request; whether it is one too many for this second.
    #[inline]
    fn is_too_many(&mut self, now: SimTime) -> bool {
        let second = now.second();
        if second != self.second {
            self.peak_asked = self.peak_asked.max(self.asked);
            self.second = second;
            self.asked_before += self.asked;
            self.asked = 0;
        }
        self.asked += 1;
        self.overload == Overload::Dies && self.asked > self.per_second
    }

    #[inline]
    fn write<C: Context<Wire>>(&mut self, cx: &mut C, operation: &Pending) {
        if self.store.is_some() {
            self.execute(cx, operation);
            return;
        }
        cx.emit(self.place, FactKind::Written, operation.message.id, operation.writer);
        if !self.along.is_empty() {
            self.write_along(cx, operation);
        }
        cx.send(
            operation.port,
            Wire::Answer {
                token: operation.token,
                done: true,
            },
        );
    }

    /// The other rows of an operation.
    #[cold]
    #[inline(never)]
    fn write_along<C: Context<Wire>>(&mut self, cx: &mut C, operation: &Pending) {
        let along = self.along.remove(&(operation.port, operation.token));
        for message in along.unwrap_or_default() {
            cx.emit(self.place, FactKind::Written, message.id, operation.writer);
        }
    }

    #[cold]
    #[inline(never)]
    fn execute<C: Context<Wire>>(&mut self, cx: &mut C, operation: &Pending) {
        if let Some(store) = &mut self.store {
            let along = self.along.remove(&(operation.port, operation.token));
            store.execute(cx, operation, along.unwrap_or_default());
        }
        self.arm_expiry(cx);
    }

    /// Sees to it that the row that expires next has a timer.
    fn arm_expiry<C: Context<Wire>>(&mut self, cx: &mut C) {
        let next = self.store.as_ref().and_then(|store| store.next_expiry());
        let Some(shown) = next else { return };
        let at = cx.when(shown);
        // After a clock was set back a younger row may be gone before an older one.
        if self.expiry_at.is_none_or(|armed| at < armed) {
            self.expiry_at = Some(at);
            cx.arm(OPERATIONS, at, EXPIRY);
        }
    }

    /// The same when the clock was set: an earlier timer means nothing any more.
    pub(crate) fn arm_expiry_anew<C: Context<Wire>>(&mut self, cx: &mut C) {
        self.expiry_at = None;
        self.arm_expiry(cx);
    }

    fn begin_period(&mut self, now: SimTime) {
        self.busy_since = now;
        self.finished = 0;
        self.is_new_rate = false;
    }

    /// Arms the end of the operation at the head.
    #[inline]
    fn arm<C: Context<Wire>>(&mut self, cx: &mut C, capacity: Rate) {
        let mut at = self.end_of_next(capacity);
        if at < cx.now() {
            // It held its breath: the operation begins now.
            self.begin_period(cx.now());
            at = self.end_of_next(capacity);
        }
        cx.arm(OPERATIONS, at, u64::from(self.generation));
    }

    #[inline]
    fn end_of_next(&self, capacity: Rate) -> SimTime {
        let offset = capacity.offset(self.finished + 1);
        offset
            .and_then(|offset| self.busy_since.checked_add(offset))
            .unwrap_or(SimTime::MAX)
    }
}

impl Table {
    #[cold]
    fn expire<C: Context<Wire>>(&mut self, cx: &mut C) {
        // A timer that is older than the clock means nothing.
        if self.expiry_at.is_none_or(|at| at > cx.now()) {
            return;
        }
        self.expiry_at = None;
        if let Some(store) = &mut self.store {
            store.expire(cx);
        }
        self.arm_expiry(cx);
    }
}

/// How many operations a second of the clock can hold.
fn per_second(capacity: Option<Rate>) -> u64 {
    capacity.map_or(u64::MAX, |capacity| capacity.count_before(SimSpan::from_secs(1)))
}

impl Node<Wire> for Table {
    fn start<C: Context<Wire>>(&mut self, cx: &mut C) {
        self.arm_expiry(cx);
    }

    fn on_packet<C: Context<Wire>>(&mut self, cx: &mut C, port: Port, wire: Wire) {
        match wire {
            Wire::Query {
                token,
                message,
                writer,
                effect,
            } => self.ask(cx, (port, token), message, (writer, effect), 0),
            Wire::Statement {
                token,
                message,
                writer,
                effect,
                statement,
            } => self.ask(cx, (port, token), message, (writer, effect), statement.pack()),
            Wire::Stamp { token, shown, lease } => {
                if let Some(store) = &mut self.store {
                    store.expect_stamp(port, token, shown, lease);
                }
            }
            Wire::Along { token, message } => self.along.get_or_default((port, token)).push(message),
            Wire::End { token, client, ending } => {
                if let Some(store) = &mut self.store {
                    store.end(cx, port, (token, client), ending);
                }
                self.arm_expiry(cx);
            }
            // Nobody says any of this to a table.
            Wire::Amqp(_)
            | Wire::Kafka(_)
            | Wire::Peer(_)
            | Wire::Request { .. }
            | Wire::Reply { .. }
            | Wire::Found { .. }
            | Wire::Row { .. }
            | Wire::Answer { .. } => {}
        }
    }

    #[inline]
    fn on_timer<C: Context<Wire>>(&mut self, cx: &mut C, token: u64) {
        if token != u64::from(self.generation) {
            if token == EXPIRY {
                self.expire(cx);
            }
            return;
        }
        let Some(operation) = self.pending.pop_front() else {
            return;
        };
        self.finished += 1;
        if self.is_new_rate {
            self.begin_period(cx.now());
        }
        self.write(cx, &operation);
        if self.pending.is_empty() {
            return;
        }
        match self.capacity {
            Some(capacity) => self.arm(cx, capacity),
            // The limit was taken away: nothing waits any more.
            None => {
                while let Some(operation) = self.pending.pop_front() {
                    self.write(cx, &operation);
                }
            }
        }
    }

    fn on_closed<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        // What is asked for already is still done, as a whole.
        let pending = &self.pending;
        let is_asked = |key: &(Port, u64)| pending.iter().any(|one| (one.port, one.token) == *key);
        self.along.retain(|key, _| key.0 != port || is_asked(key));
        let Some(store) = &mut self.store else { return };
        // A transaction whose client is gone does not begin any more.
        let never = Statement {
            operation: Operation::IsAbsent,
            in_transaction: false,
        };
        for mut operation in core::mem::take(&mut self.pending).iter().copied() {
            if operation.port == port && Statement::unpack(operation.statement).in_transaction {
                operation.statement = never.pack();
            }
            self.pending.push_back(operation);
        }
        store.close(cx, port);
    }

    fn on_opened<C: Context<Wire>>(&mut self, _cx: &mut C, _port: Port) {}

    fn crash<C: Context<Wire>>(&mut self, cx: &mut C, _crash: Crash) {
        self.pending.clear();
        self.along.clear();
        self.generation += 1;
        self.expiry_at = None;
        if let Some(store) = &mut self.store {
            store.crash(cx);
        }
    }
}
