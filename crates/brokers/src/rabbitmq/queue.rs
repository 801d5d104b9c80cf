//! A classic queue: what waits, and who consumes it.

use super::QueueConfig;
use crate::parts::{Ready, ReadyQueue};
use alloc::vec::Vec;
use mqlab_model::{Crash, Message, PlaceId};

/// Index of a consumer in the node's table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct ConsumerIndex(pub(super) u32);

/// A classic queue. What is gone after a restart is what never asked to stay:
/// transient messages, and the whole content of a queue that is not durable
/// (docs: "Classic Queues", "Durability"); and what the disk does not have,
/// see `storage.rs`.
#[derive(Clone, Debug)]
pub(super) struct Queue {
    pub(super) place: PlaceId,
    durable: bool,
    ready: ReadyQueue,
    /// How many of its messages are delivered and not settled.
    pub(super) unacked: u64,
    consumers: Vec<ConsumerIndex>,
    /// Where the next round over the consumers begins.
    turn: usize,
}

impl Queue {
    pub(super) fn new(config: &QueueConfig) -> Self {
        Queue {
            place: config.place,
            durable: config.durable,
            ready: ReadyQueue::default(),
            unacked: 0,
            consumers: Vec::new(),
            turn: 0,
        }
    }

    /// Whether `message` would be here after a restart of the node.
    #[inline]
    pub(super) fn keeps(&self, message: Message) -> bool {
        self.durable && message.is_persistent()
    }

    #[inline]
    pub(super) fn push(&mut self, message: Message) {
        self.ready.push(message);
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<Ready> {
        self.ready.pop()
    }

    #[inline]
    pub(super) fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    pub(super) fn put_back(&mut self, position: u64, message: Message) {
        self.ready.put_back(position, message);
    }

    pub(super) fn ready(&self) -> &ReadyQueue {
        &self.ready
    }

    pub(super) fn attach(&mut self, consumer: ConsumerIndex) {
        self.consumers.push(consumer);
    }

    pub(super) fn detach(&mut self, consumer: ConsumerIndex) {
        self.consumers.retain(|known| *known != consumer);
        self.turn = 0;
    }

    /// The consumers, in the order in which they are served.
    pub(super) fn consumers(&self) -> impl Iterator<Item = ConsumerIndex> {
        let (served, next) = self.consumers.split_at(self.turn.min(self.consumers.len()));
        next.iter().chain(served).copied()
    }

    pub(super) fn consumer_count(&self) -> usize {
        self.consumers.len()
    }

    /// The next consumer in turn that `is_open`, round robin.
    #[inline]
    pub(super) fn next_consumer(&mut self, is_open: impl Fn(ConsumerIndex) -> bool) -> Option<ConsumerIndex> {
        if let [only] = self.consumers[..] {
            return is_open(only).then_some(only);
        }
        let count = self.consumers.len();
        for step in 0..count {
            let mut index = self.turn + step;
            if index >= count {
                index -= count;
            }
            if is_open(self.consumers[index]) {
                self.turn = if index + 1 == count { 0 } else { index + 1 };
                return Some(self.consumers[index]);
            }
        }
        None
    }

    /// Deletes everything that waits. Calls `gone` for each message.
    pub(super) fn purge(&mut self, mut gone: impl FnMut(Message)) {
        let each = |_, message| {
            gone(message);
            false
        };
        self.ready.retain(each, |_, _| {});
    }

    /// The node dies, and with it the messages at the positions that
    /// `is_gone` says. Calls `gone` for each message that is not there after
    /// the restart, and `moved` with the old and the new position of what is
    /// there and was never handed out.
    pub(super) fn crash(
        &mut self,
        crash: Crash,
        is_gone: impl Fn(u64) -> bool,
        mut gone: impl FnMut(Message),
        moved: impl FnMut(u64, u64),
    ) {
        let keeps = self.durable && crash != Crash::Disk;
        let keep = |position, message: Message| {
            let stays = keeps && message.is_persistent() && !is_gone(position);
            if !stays {
                gone(message);
            }
            stays
        };
        self.ready.retain(keep, moved);
        self.consumers.clear();
        self.turn = 0;
        self.unacked = 0;
    }
}
