//! A table whose rows somebody looks at again: what it does with each
//! operation.

use super::Pending;
use super::rows::Rows;
use super::transactions::{Change, Owner, Transactions, owner};
use crate::plan::RowState;
use crate::statement::{Ending, Operation, Statement};
use crate::wire::Wire;
use alloc::rc::Rc;
use alloc::vec::Vec;
use mqlab_kernel::{SimSpan, SimTime};
use mqlab_model::{Context, FactKind, Message, MessageId, PlaceId, Port, SourceId};

/// What a store is built from.
#[derive(Clone, Debug)]
pub(crate) struct StoreParts {
    /// Who is at which port.
    pub(crate) peers: Vec<PlaceId>,
    /// The ports of the other tables of its database.
    pub(crate) members: Vec<Port>,
    /// By source, the load that its messages were made from at last.
    pub(crate) roots: Rc<[SourceId]>,
    /// At most one row per business id.
    pub(crate) unique: bool,
    /// How long a row lives.
    pub(crate) expires: Option<SimSpan>,
    /// It is a copy of another table: what is not there is worth a fact.
    pub(crate) is_copy: bool,
}

/// Rows, transactions, and who waits for a lock.
#[derive(Clone, Debug)]
pub(super) struct Store {
    place: PlaceId,
    parts: Rc<StoreParts>,
    rows: Rows,
    transactions: Transactions,
    waiting: Vec<Pending>,
}

impl Store {
    pub(super) fn new(place: PlaceId, parts: StoreParts) -> Self {
        Store {
            place,
            parts: Rc::new(parts),
            rows: Rows::default(),
            transactions: Transactions::default(),
            waiting: Vec::new(),
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

    /// How many operations wait for a lock.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// When the next row's time is over.
    pub(super) fn next_expiry(&self) -> Option<SimTime> {
        Some(self.rows.oldest()?.saturating_add(self.parts.expires?))
    }

    /// What a message is about: the message of the load from which it was made.
    fn id(&self, message: Message) -> u64 {
        business_id(&self.parts.roots, message)
    }

    /// Does an operation whose turn it is.
    pub(super) fn execute<C: Context<Wire>>(&mut self, cx: &mut C, pending: &Pending) {
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
        if locks && self.transactions.is_locked(id, by) {
            self.waiting.push(*pending);
            return;
        }
        let is_there = by
            .and_then(|owner| self.transactions.sees(owner, id))
            .unwrap_or_else(|| self.rows.has(id));
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
            Operation::Claim | Operation::InsertIfNew if is_there => self.repeat(cx, pending, false),
            Operation::Insert if is_there && self.parts.unique => {
                self.repeat(cx, pending, true);
                return;
            }
            _ => {
                let change = Change {
                    operation,
                    id,
                    message: pending.message,
                    writer: pending.writer,
                };
                if let (Some(owner), true) = (by, locks) {
                    self.transactions.lock(id, owner, cx.now());
                }
                match by {
                    Some(owner) => self.transactions.stage(owner, change),
                    None => self.apply(cx, change),
                }
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

    /// There is a row already.
    fn repeat<C: Context<Wire>>(&self, cx: &mut C, pending: &Pending, fails: bool) {
        cx.emit(self.place, FactKind::Repeated, pending.message.id, pending.writer);
        if fails {
            let token = pending.token;
            cx.send(pending.port, Wire::Answer { token, done: false });
        }
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
                self.rows.insert(id, message, cx.now());
                cx.emit(self.place, FactKind::Written, message.id, writer);
            }
            Operation::Set(state) => {
                for message in self.rows.set(id, state) {
                    cx.emit(self.place, FactKind::Updated, message.id, state as u64);
                }
            }
            Operation::Delete => {
                for message in self.rows.delete(id) {
                    cx.emit(self.place, FactKind::Deleted, message.id, 0);
                }
            }
            Operation::IsAbsent | Operation::Scan { .. } => {}
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
        for pending in core::mem::take(&mut self.waiting) {
            self.execute(cx, &pending);
        }
    }

    /// The client at a port is gone, and with it what it had not finished.
    pub(super) fn close<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        let client = self.parts.peers[usize::from(port.0)];
        self.waiting.retain(|pending| pending.port != port);
        for who in self.transactions.of(Some(client), false) {
            self.roll_back(cx, who);
        }
        self.try_again(cx);
    }

    /// The table died: what was not committed or promised never was.
    pub(super) fn crash<C: Context<Wire>>(&mut self, cx: &mut C) {
        self.waiting.clear();
        for who in self.transactions.of(None, false) {
            self.roll_back(cx, who);
        }
    }

    /// The time of rows is over.
    pub(super) fn expire<C: Context<Wire>>(&mut self, cx: &mut C) {
        let parts = Rc::clone(&self.parts);
        let Some(span) = parts.expires else { return };
        let id = |message| business_id(&parts.roots, message);
        while let Some(message) = self.rows.expire(cx.now(), span, id) {
            cx.emit(self.place, FactKind::Deleted, message.id, 1);
        }
    }
}

/// The id of the load's message from which a message was made.
pub(crate) fn business_id(roots: &[SourceId], message: Message) -> u64 {
    let root = roots[usize::from(message.id.source().0)];
    MessageId::new(root, message.id.number()).bits()
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
