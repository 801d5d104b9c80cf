//! Facts: the narrow waist between what happens and whoever judges or shows it.

use crate::{MessageId, PlaceId};
use mqlab_kernel::SimTime;

/// Something that happened to a message or a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fact {
    /// When it happened.
    pub at: SimTime,
    /// Where it happened.
    pub place: PlaceId,
    /// What happened.
    pub kind: FactKind,
    /// To which message; [`MessageId::NONE`] where it is about none.
    pub message: MessageId,
    /// What the kind says it is; 0 where the kind says nothing.
    pub value: u64,
}

/// In the value of [`FactKind::Written`]: the row is the handler's effect, the
/// last that its steps write.
pub const EFFECT: u64 = 1 << 16;

/// Of [`FactKind::Dropped`]: who sent the message does not send it again.
pub const FOR_GOOD: u64 = 1;

macro_rules! fact_kinds {
    ($($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)?) => {
        /// The kinds of facts. Neutral: no broker family has its own.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u8)]
        pub enum FactKind { $($(#[$doc])* $variant),+ }

        impl FactKind {
            /// Every kind, in the order of their numbers.
            pub const ALL: &'static [FactKind] = &[$(FactKind::$variant),+];

            /// The word for it in traces and tables.
            pub const fn word(self) -> &'static str {
                match self { $(FactKind::$variant => $word),+ }
            }
        }
    };
}

fact_kinds! {
    // Digests know a kind by its number: new kinds come last.
    /// A source made the message and handed it to its client. Place: the
    /// load, or the publishing service. Value: 1 if it carries a key that
    /// takes it elsewhere than the source's other messages.
    Offered = "offered",
    /// A client put it on its connection. Place: the sender.
    Sent = "sent",
    /// A queue took it: from now on somebody owes its handling. Place: the
    /// queue. Value: 1 if it is kept through a restart.
    Enqueued = "enqueued",
    /// No queue is bound for its key; the broker dropped it. Place: the broker.
    Unroutable = "unroutable",
    /// The sender was told that it is safe. Place: the sender. Value: the
    /// number of queues that took it.
    Confirmed = "confirmed",
    /// The sender was told that it was not taken. Place: the sender. Value: why,
    /// see [`Refusal`](crate::Refusal).
    Refused = "refused",
    /// A queue handed it to a consumer. Place: the queue. Value: 1 if the
    /// broker marked it as redelivered.
    Dispatched = "dispatched",
    /// It reached a consumer (or a called service). Place: the inlet. Value: 1
    /// if marked as redelivered.
    Received = "received",
    /// A worker began its steps. Place: the inlet. Value: nanoseconds since
    /// it was offered.
    Started = "started",
    /// A row with its business id was written. Place: the table. Value: the
    /// inlet whose handler wrote it, plus [`EFFECT`] if the row is what the
    /// handler exists for.
    Written = "written",
    /// A table refused the request that is more than it can bear. Place: the
    /// table. A table that is dead already refuses without a fact of its own.
    WriteRefused = "write refused",
    /// All steps ended well. Place: the inlet. Value: nanoseconds since it
    /// was offered.
    Handled = "handled",
    /// The steps ended in an error. Place: the inlet.
    Failed = "failed",
    /// A consumer died with it in hand, or lost the connection it came by
    /// before a worker began. Place: the inlet. Value: 1 if a worker had begun.
    Aborted = "aborted",
    /// The broker holds the consumer's acknowledgement and forgets the
    /// message. Place: the queue. Value: 1 if what its handling has come to was
    /// committed in the same transaction.
    Settled = "settled",
    /// It went back into its queue. Place: the queue.
    Requeued = "requeued",
    /// Rejected without requeue and without a dead-letter target. Place: the
    /// queue.
    Discarded = "discarded",
    /// A fault destroyed the queue's copy. Place: the queue.
    Destroyed = "destroyed",
    /// It was on a connection whose receiver was gone. Place: the queue it
    /// came from, or the node that did not get it. With the value
    /// [`FOR_GOOD`](crate::FOR_GOOD) it did not come to the place, and nobody
    /// sends it there again.
    Dropped = "dropped",
    /// The caller has its answer. Place: the caller. Value: nanoseconds since
    /// it was offered.
    Responded = "responded",
    /// A node died. Place: the node. Value: of what, see [`Death`](crate::Death).
    Down = "down",
    /// A node came back. Place: the node.
    Up = "up",
    /// A node stopped doing anything, and keeps its memory. Place: the node.
    Paused = "paused",
    /// It goes on. Place: the node.
    Resumed = "resumed",
    /// A setting was changed. Place: the node. Value: the new value in the
    /// setting's own unit.
    Changed = "changed",
    /// It was deleted from its queue by hand. Place: the queue.
    Purged = "purged",
    /// What the node sends to another one does not arrive there any more; if
    /// the whole connection is cut, the same is noted of the other one. Place:
    /// the node. Value: the other node.
    Cut = "cut",
    /// It does again. Place and value: as for `cut`.
    Healed = "healed",
    /// A service did not take a call. Place: its calls. Value: why, see
    /// [`TurnedAway`](crate::TurnedAway).
    TurnedAway = "turned away",
    /// A service will take nothing more of a caller, because of this call.
    /// Place: the service. Value: the caller's port there.
    Blacklisted = "blacklisted",
    /// A table was asked to write a row for a business id that it has one of,
    /// and did not. Place: the table. Value: as for `written`.
    Repeated = "already there",
    /// A table that was looked up has a row for a business id. Place: the
    /// table. Value: as for `written`.
    Known = "known already",
    /// A row got another state. Place: the table. Value: the state's number.
    Updated = "updated",
    /// A row is no longer there. Place: the table. Value: why, see
    /// [`Deletion`](crate::Deletion).
    Deleted = "deleted",
    /// A row was found by who looks for rows of its state. Place: the table.
    /// Value: how often it was found, with this time.
    Found = "found",
    /// What a transaction had written is not there after all. Place: the table.
    /// Value: how many changes.
    RolledBack = "rolled back",
    /// The connection with another node broke, and was made again. Place: the
    /// node, and the same for the other one. Value: the other node.
    Broken = "connection broken",
    /// A disk has synced what was written to it. Place: the node. Value: how
    /// many writes.
    Synced = "synced",
    /// A disk is full, or close to it. Place: the node.
    DiskFull = "disk full",
    /// It has room again. Place: the node.
    DiskFree = "disk free",
    /// A sender died before it had sent it. Place: the sender.
    Forgotten = "forgotten",
    /// A call that a service made has failed. Place: the caller. Value: why, see
    /// [`CallFailure`](crate::CallFailure).
    CallFailed = "call failed",
    /// A failed call will be made again. Place: the caller. Value: how often it
    /// has been made.
    Retried = "retried",
    /// A caller has stopped calling. Place: the caller. Value: its port to
    /// whom it called.
    BreakerOpened = "breaker opened",
    /// A caller calls again. Place and value: as for `breaker opened`.
    BreakerClosed = "breaker closed",
    /// A row took the place of the one that a table had of the same thing.
    /// Place: the table. Value: as for `written`.
    Replaced = "replaced",
    /// A table that is a copy of another one was looked up, and has no row for
    /// a business id. Place: the table. Value: as for `written`.
    Absent = "not there",
    /// The queue gave it up, and it went to other queues. Place: the queue.
    /// Value: why; 0 rejected, 1 expired, 2 the queue was full, 3 it came back
    /// too often.
    DeadLettered = "dead-lettered",
    /// It waited too long, and no queue takes what expires. Place: the queue.
    Expired = "expired",
    /// The queue was full, and no queue takes what is too much. Place: the
    /// queue.
    Evicted = "evicted",
    /// No queue is bound for it, and it came back to its sender, who had asked
    /// for that. Place: the sender.
    Returned = "returned",
    /// Who asked for a message got none. Place: the inlet of who asked.
    FoundEmpty = "found empty",
    /// A broker's messages take up more memory than its watermark allows. Place:
    /// the node. Value: how many bytes.
    MemoryHigh = "memory high",
    /// They no longer do. Place: the node. Value: how many bytes.
    MemoryFree = "memory free",
    /// A group reads on behind it, and will be given it only if it comes back.
    /// Place: what the group owes. Value: 0.
    PassedOver = "passed over",
    /// Its writer's transaction was aborted, and whoever reads what is committed
    /// does not get it. Place: what the group owes. Value: 0.
    Voided = "voided",
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn kinds_are_dense_and_words_are_distinct() {
        let words: BTreeSet<_> = FactKind::ALL.iter().map(|kind| kind.word()).collect();
        assert_eq!(words.len(), FactKind::ALL.len());
        for (index, kind) in FactKind::ALL.iter().enumerate() {
            assert_eq!(*kind as usize, index);
        }
    }
}
