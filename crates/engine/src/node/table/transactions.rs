//! Transactions at a table: what they will have changed, and the business ids
//! that nobody else may change meanwhile.

use crate::statement::Operation;
use alloc::vec::Vec;
use mqlab_kernel::{SimSpan, SimTime, SortedMap};
use mqlab_model::{Message, PlaceId};

/// A worker's transaction: the client, and the worker with its job as in the
/// client's tokens.
pub(super) type Owner = (PlaceId, u64);

/// The worker and its job in a token, without which answer of several it is.
const WORKER: u64 = (1 << 56) - 1;

/// Whose transaction a client's token is.
pub(super) fn owner(client: PlaceId, token: u64) -> Owner {
    (client, token & WORKER)
}

/// A change that is not there yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    pub(super) operation: Operation,
    pub(super) id: u64,
    pub(super) message: Message,
    pub(super) writer: u64,
}

#[derive(Clone, Debug, Default)]
struct Open {
    changes: Vec<Change>,
    /// It was promised that it can be committed: a table keeps that, whatever
    /// becomes of the client or of itself.
    is_prepared: bool,
}

/// The transactions that are not over.
#[derive(Clone, Debug, Default)]
pub(super) struct Transactions {
    open: SortedMap<Owner, Open>,
    locks: SortedMap<u64, (Owner, SimTime)>,
    longest: SimSpan,
}

impl Transactions {
    /// How many business ids are locked.
    pub(super) fn locked(&self) -> usize {
        self.locks.len()
    }

    /// The longest time that a business id was locked, up to `now`.
    pub(super) fn longest_lock(&self, now: SimTime) -> SimSpan {
        let held = self.locks.values().map(|(_, since)| now.since(*since));
        held.fold(self.longest, SimSpan::max)
    }

    /// Whether somebody else has the id.
    pub(super) fn is_locked(&self, id: u64, by: Option<Owner>) -> bool {
        self.locks.get(&id).is_some_and(|(owner, _)| Some(*owner) != by)
    }

    pub(super) fn lock(&mut self, id: u64, owner: Owner, now: SimTime) {
        self.locks.get_or_insert_with(id, || (owner, now));
    }

    pub(super) fn stage(&mut self, owner: Owner, change: Change) {
        self.open.get_or_default(owner).changes.push(change);
    }

    /// Whether there is a row as the owner of a transaction sees it, who knows
    /// what it has changed; `None` if it has changed nothing of that id.
    pub(super) fn sees(&self, owner: Owner, id: u64) -> Option<bool> {
        let changes = &self.open.get(&owner)?.changes;
        let last = changes.iter().rev().find(|change| {
            let is_of_id = change.id == id;
            is_of_id && !matches!(change.operation, Operation::Set(_))
        })?;
        Some(last.operation != Operation::Delete)
    }

    pub(super) fn prepare(&mut self, owner: Owner) {
        self.open.get_or_default(owner).is_prepared = true;
    }

    /// Ends a transaction; what it has changed.
    pub(super) fn end(&mut self, owner: Owner, now: SimTime) -> Vec<Change> {
        let mut longest = self.longest;
        self.locks.retain(|_, (held_by, since)| {
            let goes = *held_by == owner;
            if goes {
                longest = longest.max(now.since(*since));
            }
            !goes
        });
        self.longest = longest;
        self.open.remove(&owner).map(|open| open.changes).unwrap_or_default()
    }

    /// The transactions of a client, or of everybody, that no promise keeps;
    /// or with the promised ones.
    pub(super) fn of(&self, client: Option<PlaceId>, with_prepared: bool) -> Vec<Owner> {
        let ours = |(owner, open): &(&Owner, &Open)| {
            client.is_none_or(|client| owner.0 == client) && (with_prepared || !open.is_prepared)
        };
        self.open.iter().filter(ours).map(|(owner, _)| *owner).collect()
    }
}
