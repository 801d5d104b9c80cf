//! A table whose rows somebody looks at again: what it does with each
//! operation.

use super::Pending;
use super::rows::Rows;
use super::stamps::{Stamp, Stamps};
use super::transactions::{Change, Owner, Transactions, owner};
use super::versions::Versions;
use crate::plan::RowState;
use crate::statement::{Ending, Operation, Statement};
use crate::things::Things;
use crate::wire::Wire;
use alloc::rc::Rc;
use alloc::vec::Vec;
use mqlab_kernel::{SimSpan, SimTime};
use mqlab_model::{Context, Deletion, FactKind, LocalTime, Message, MessageId, PlaceId, Port, SourceId};

/// What a store is built from.
#[derive(Clone, Debug)]
pub(crate) struct StoreParts {
    /// Who is at which port.
    pub(crate) peers: Vec<PlaceId>,
    /// The ports of the other tables of its database.
    pub(crate) members: Vec<Port>,
    /// By source, the load that its messages were made from at last.
    pub(crate) roots: Rc<[SourceId]>,
    /// What messages are about, if there is one row per thing.
    pub(crate) things: Option<Things>,
    /// At most one row per business id.
    pub(crate) unique: bool,
    /// How long a row lives.
    pub(crate) expires: Option<SimSpan>,
    /// It is a copy of another table: what is not there is worth a fact.
    pub(crate) is_copy: bool,
    /// Of what is written for a thing, what has the latest stamp stands.
    pub(crate) by_stamp: bool,
}

/// Rows, transactions, and who waits for a lock.
#[derive(Clone, Debug)]
pub(super) struct Store {
    place: PlaceId,
    parts: Rc<StoreParts>,
    rows: Rows,
    transactions: Transactions,
    waiting: Vec<(Pending, Vec<Message>)>,
    versions: Versions,
    stamps: Stamps,
}

impl Store {
    pub(super) fn new(place: PlaceId, parts: StoreParts) -> Self {
        Store {
            place,
            parts: Rc::new(parts),
            rows: Rows::default(),
            transactions: Transactions::default(),
            waiting: Vec::new(),
            versions: Versions::default(),
            stamps: Stamps::default(),
        }
    }

    pub(super) fn count(&self, state: RowState) -> u64 {
        self.rows.count(state)
    }

    pub(super) fn locked(&self) -> usize {
        self.transactions.locked()
    }

    pub(super) fn longest_lock(&self, now: SimTime) -> SimSpan {
        self.transactions.longest_lock(now)
    }

    /// How many rows there are.
    pub(super) fn kept(&self) -> u64 {
        RowState::ALL.into_iter().map(|state| self.rows.count(state)).sum()
    }

    /// Things whose row was written for an older message than the youngest.
    pub(super) fn outdated(&self) -> u64 {
        self.versions.outdated()
    }

    /// How many operations wait for a lock.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// When the next row's time is over, by the table's clock.
    pub(super) fn next_expiry(&self) -> Option<LocalTime> {
        let span = self.parts.expires?;
        Some(self.rows.oldest()?.1.saturating_add(span))
    }

    /// A client says by which clock it asks for something next.
    pub(super) fn expect_stamp(&mut self, port: Port, token: u64, shown: Option<LocalTime>, lease: SimSpan) {
        self.stamps.expect(port, token, Stamp { shown, lease });
    }

    /// What a message has its row by.
    fn id(&self, message: Message) -> u64 {
        self.parts.id(message)
    }

    /// Does an operation whose turn it is, for its message and for those that
    /// go along with it: for all or for none.
    pub(super) fn execute<C: Context<Wire>>(&mut self, cx: &mut C, pending: &Pending, along: Vec<Message>) {
        let Statement {
            operation,
            in_transaction,
        } = Statement::unpack(pending.statement);
        if let Operation::Scan { state, times } = operation {
            self.scan(cx, pending.port, state, times);
            return;
        }
        let id = self.id(pending.message);
        let client = self.parts.peers[usize::from(pending.port.0)];
        let by = in_transaction.then(|| owner(client, pending.token));
        let locks = operation != Operation::IsAbsent && (self.parts.unique || operation != Operation::Insert);
        let mut ids = along.iter().map(|message| self.id(*message)).chain([id]);
        if locks && ids.any(|id| self.transactions.is_locked(id, by)) {
            self.waiting.push((*pending, along));
            return;
        }
        if let Some(stamp) = self.stamps.take(pending.port, pending.token)
            && !self.stamped(cx, pending, (operation, id), stamp)
        {
            return;
        }
        let is_there = self.is_there(by, id);
        if operation == Operation::Insert && self.parts.unique && self.repeats(cx, pending, &along) {
            return;
        }
        let (port, token) = (pending.port, pending.token);
        match operation {
            Operation::IsAbsent => {
                let is_so = !is_there;
                if is_there {
                    cx.emit(self.place, FactKind::Known, pending.message.id, pending.writer);
                } else if self.parts.is_copy {
                    cx.emit(self.place, FactKind::Absent, pending.message.id, pending.writer);
                }
                cx.send(port, Wire::Found { token, is_so });
                return;
            }
            Operation::Claim | Operation::InsertIfNew if is_there => self.repeat(cx, pending, pending.message),
            _ => self.change(cx, pending, pending.message, (by, locks)),
        }
        for message in along {
            if operation == Operation::InsertIfNew && self.is_there(by, self.id(message)) {
                self.repeat(cx, pending, message);
            } else {
                self.change(cx, pending, message, (by, locks));
            }
        }
        let answer = match operation {
            Operation::Claim => Wire::Found {
                token,
                is_so: !is_there,
            },
            _ => Wire::Answer { token, done: true },
        };
        cx.send(port, answer);
    }

    /// Something is asked for with a stamp; false if it comes to nothing by it.
    #[cold]
    fn stamped<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        pending: &Pending,
        (operation, id): (Operation, u64),
        stamp: Stamp,
    ) -> bool {
        let now = stamp.shown.unwrap_or_else(|| cx.clock());
        if operation == Operation::Claim {
            if self.stamps.is_over(id, now) {
                self.delete(cx, id, Deletion::LeaseOver);
            }
            if !self.rows.has(id) {
                self.stamps.lease(id, now, stamp.lease);
            }
        } else if self.parts.by_stamp && !self.stamps.stands(id, now) {
            self.versions.note_refused(id, pending.message.id.number());
            self.repeat(cx, pending, pending.message);
            let token = pending.token;
            cx.send(pending.port, Wire::Answer { token, done: true });
            return false;
        }
        true
    }

    /// The rows of an id go.
    fn delete<C: Context<Wire>>(&mut self, cx: &mut C, id: u64, why: Deletion) {
        self.versions.forget(id);
        self.stamps.forget(id);
        for message in self.rows.delete(id) {
            cx.emit(self.place, FactKind::Deleted, message.id, why.value());
        }
    }

    /// Whether there is a row, as the owner of a transaction sees it.
    fn is_there(&self, by: Option<Owner>, id: u64) -> bool {
        by.and_then(|owner| self.transactions.sees(owner, id))
            .unwrap_or_else(|| self.rows.has(id))
    }

    /// Changes what there is of a message, or will when the transaction is
    /// committed.
    fn change<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        pending: &Pending,
        message: Message,
        (by, locks): (Option<Owner>, bool),
    ) {
        let change = Change {
            operation: Statement::unpack(pending.statement).operation,
            id: self.id(message),
            message,
            writer: pending.writer,
        };
        if let (Some(owner), true) = (by, locks) {
            self.transactions.lock(change.id, owner, cx.now());
        }
        match by {
            Some(owner) => self.transactions.stage(owner, change),
            None => self.apply(cx, change),
        }
    }

    /// Whether one of the rows that are to be written is there already, or
    /// twice among them: then the table refuses all of them.
    fn repeats<C: Context<Wire>>(&mut self, cx: &mut C, pending: &Pending, along: &[Message]) -> bool {
        let Statement { in_transaction, .. } = Statement::unpack(pending.statement);
        let client = self.parts.peers[usize::from(pending.port.0)];
        let by = in_transaction.then(|| owner(client, pending.token));
        let mut seen: Vec<u64> = Vec::new();
        let mut any = false;
        for message in [pending.message].iter().chain(along) {
            let id = self.id(*message);
            if self.is_there(by, id) || seen.contains(&id) {
                any = true;
                self.repeat(cx, pending, *message);
            }
            if !along.is_empty() {
                seen.push(id);
            }
        }
        if any {
            let token = pending.token;
            cx.send(pending.port, Wire::Answer { token, done: false });
        }
        any
    }

    /// There is a row already.
    fn repeat<C: Context<Wire>>(&self, cx: &mut C, pending: &Pending, message: Message) {
        cx.emit(self.place, FactKind::Repeated, message.id, pending.writer);
    }

    /// A change is there from now on.
    fn apply<C: Context<Wire>>(&mut self, cx: &mut C, change: Change) {
        let Change {
            operation,
            id,
            message,
            writer,
        } = change;
        match operation {
            Operation::Insert | Operation::InsertIfNew | Operation::Claim => {
                let kind = self.write(id, message, cx.clock());
                cx.emit(self.place, kind, message.id, writer);
            }
            Operation::Set(state) => {
                for message in self.rows.set(id, state) {
                    cx.emit(self.place, FactKind::Updated, message.id, state as u64);
                }
            }
            Operation::Delete => self.delete(cx, id, Deletion::Asked),
            Operation::IsAbsent | Operation::Scan { .. } => {}
        }
    }

    /// Writes a row, in place of the one of the same thing if there is one row
    /// per thing; what that is as a fact.
    fn write(&mut self, id: u64, message: Message, now: LocalTime) -> FactKind {
        let replaces = self.parts.things.is_some() && self.rows.has(id);
        if replaces {
            self.rows.delete(id);
        }
        if self.parts.things.is_some() {
            self.versions.note(id, message.id.number());
        }
        self.rows.insert(id, message, now);
        if replaces {
            FactKind::Replaced
        } else {
            FactKind::Written
        }
    }

    /// Hands out the rows in a state, but for those that a transaction is at.
    fn scan<C: Context<Wire>>(&mut self, cx: &mut C, port: Port, state: RowState, times: u16) {
        for (number, row) in self.rows.in_state(state) {
            let message = row.message;
            if self.transactions.is_locked(self.id(message), None) {
                continue;
            }
            if times > 0 && row.found >= times {
                self.rows.set_one(number, RowState::Failed);
                cx.emit(self.place, FactKind::Updated, message.id, RowState::Failed as u64);
            } else {
                let found = self.rows.find(number);
                cx.emit(self.place, FactKind::Found, message.id, u64::from(found));
                cx.send(port, Wire::Row { message });
            }
        }
    }

    /// A transaction ends, or is promised: by the client itself, or passed on
    /// by another table of the database, which takes no time and is one thing.
    pub(super) fn end<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        port: Port,
        (token, client): (u64, PlaceId),
        ending: Ending,
    ) {
        let who = owner(client, token);
        match ending {
            Ending::Prepare => self.transactions.prepare(who),
            Ending::Commit => {
                let changes = self.transactions.end(who, cx.now());
                changes.into_iter().for_each(|change| self.apply(cx, change));
            }
            Ending::Rollback => self.roll_back(cx, who),
            Ending::Forget => {
                for who in self.transactions.of(Some(client), true) {
                    self.roll_back(cx, who);
                }
            }
        }
        if self.parts.peers[usize::from(port.0)] == client {
            let parts = Rc::clone(&self.parts);
            for member in &parts.members {
                cx.send(*member, Wire::End { token, client, ending });
            }
            if matches!(ending, Ending::Prepare | Ending::Commit) {
                cx.send(port, Wire::Answer { token, done: true });
            }
        }
        self.try_again(cx);
    }

    fn roll_back<C: Context<Wire>>(&mut self, cx: &mut C, who: Owner) {
        let changes = self.transactions.end(who, cx.now());
        if let Some(first) = changes.first() {
            let count = changes.len() as u64;
            cx.emit(self.place, FactKind::RolledBack, first.message.id, count);
        }
    }

    /// A lock may have gone: who waits for one tries again, in order.
    fn try_again<C: Context<Wire>>(&mut self, cx: &mut C) {
        for (pending, along) in core::mem::take(&mut self.waiting) {
            self.execute(cx, &pending, along);
        }
    }

    /// The client at a port is gone, and with it what it had not finished.
    pub(super) fn close<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        let client = self.parts.peers[usize::from(port.0)];
        self.waiting.retain(|(pending, _)| pending.port != port);
        self.stamps.close(port);
        for who in self.transactions.of(Some(client), false) {
            self.roll_back(cx, who);
        }
        self.try_again(cx);
    }

    /// The table died: what was not committed or promised never was.
    pub(super) fn crash<C: Context<Wire>>(&mut self, cx: &mut C) {
        self.waiting.clear();
        self.stamps.crash();
        for who in self.transactions.of(None, false) {
            self.roll_back(cx, who);
        }
    }

    /// The time of rows is over.
    pub(super) fn expire<C: Context<Wire>>(&mut self, cx: &mut C) {
        let parts = Rc::clone(&self.parts);
        let Some(span) = parts.expires else { return };
        let id = |message| parts.id(message);
        let now = cx.clock();
        while let Some(message) = self.rows.expire(now, span, id) {
            self.versions.forget(id(message));
            self.stamps.forget(id(message));
            cx.emit(self.place, FactKind::Deleted, message.id, Deletion::Expired.value());
        }
    }
}

impl StoreParts {
    /// What a message has its row by: the thing that it is about, or the
    /// message of the load from which it was made.
    fn id(&self, message: Message) -> u64 {
        let thing = self.things.as_ref().and_then(|things| things.of_message(message.id));
        thing.unwrap_or_else(|| {
            let root = self.roots[usize::from(message.id.source().0)];
            MessageId::new(root, message.id.number()).bits()
        })
    }
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
