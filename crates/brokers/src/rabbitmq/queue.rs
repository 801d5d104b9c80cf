//! A queue: what waits, and who consumes it.

use super::special::Special;
use super::{ChannelError, QueueConfig, Version};
use crate::parts::{Ready, ReadyQueue};
use alloc::boxed::Box;
use alloc::vec::Vec;
use mqlab_kernel::SimTime;
use mqlab_model::{Crash, Message, PlaceId, Port};

/// Index of a consumer in the node's table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct ConsumerIndex(pub(super) u32);

impl ConsumerIndex {
    /// Nobody consumes: a message was asked for.
    pub(super) const NONE: ConsumerIndex = ConsumerIndex(u32::MAX);
}

/// A queue. What is gone after a restart is what never asked to stay:
/// transient messages, and the whole content of a queue that is not durable
/// (docs: "Classic Queues", "Durability"); and what the disk does not have,
/// see `storage.rs`.
#[derive(Clone, Debug)]
pub(super) struct Queue {
    pub(super) place: PlaceId,
    durable: bool,
    /// The connection that it belongs to, if it is exclusive.
    pub(super) owner: Option<Port>,
    ready: ReadyQueue,
    /// In place of `ready`, if the queue has arguments.
    pub(super) special: Option<Box<Special>>,
    /// The queue is not there any more.
    pub(super) is_deleted: bool,
    /// Its last consumer is gone, and that is the end of it.
    pub(super) is_abandoned: bool,
    /// What it took before this position was of a queue that is gone.
    born: u64,
    /// How many of its messages are delivered and not settled.
    pub(super) unacked: u64,
    consumers: Vec<ConsumerIndex>,
    /// Where the next round over the consumers begins.
    turn: usize,
}

impl Queue {
    pub(super) fn new(config: &QueueConfig, version: Version) -> Self {
        let special = config.arguments.clone();
        Queue {
            place: config.place,
            durable: config.durable,
            owner: None,
            ready: ReadyQueue::default(),
            special: special.map(|arguments| Special::new(arguments, version).into()),
            is_deleted: false,
            is_abandoned: false,
            born: 0,
            unacked: 0,
            consumers: Vec::new(),
            turn: 0,
        }
    }

    /// A queue of the first definitions: one that belongs to a connection is not
    /// there yet.
    pub(super) fn at_boot(config: &QueueConfig, version: Version) -> Self {
        Queue {
            is_deleted: config.exclusive,
            ..Queue::new(config, version)
        }
    }

    /// A queue that is gone is declared again. Positions go on from the last one,
    /// so that nobody takes an old message for one of the new queue.
    pub(super) fn begin_anew(&mut self, config: &QueueConfig, version: Version) {
        let born = self.next_position();
        *self = Queue {
            born,
            ..Queue::new(config, version)
        };
        match &mut self.special {
            Some(special) => special.skip_to(born),
            None => self.ready.begin_at(born),
        }
    }

    /// It is not there any more; nothing waits in it.
    pub(super) fn end(&mut self) {
        self.is_deleted = true;
        self.is_abandoned = false;
        self.owner = None;
        if self.special.is_some() {
            self.unacked = 0;
        }
    }

    /// Whether the queue from which something was handed out at a position is
    /// gone.
    pub(super) fn has_ended_since(&self, position: u64) -> bool {
        self.is_deleted || position < self.born
    }

    /// Whether a connection may use it: an exclusive queue is its owner's only
    /// (`rabbit_amqqueue:check_exclusive_access`).
    ///
    /// # Errors
    /// `RESOURCE_LOCKED` if it belongs to another connection.
    pub(super) fn open_to(&self, port: Port) -> Result<(), ChannelError> {
        let is_open = self.owner.is_none_or(|owner| owner == port);
        is_open.then_some(()).ok_or(ChannelError::ResourceLocked)
    }

    /// Whether `message` would be here after a restart of the node.
    #[inline]
    pub(super) fn keeps(&self, message: Message) -> bool {
        let all = self.special.as_ref().is_some_and(|special| special.keeps_all());
        self.durable && (message.is_persistent() || all)
    }

    /// The same of a queue without arguments.
    #[inline]
    pub(super) fn keeps_plain(&self, message: Message) -> bool {
        self.durable && message.is_persistent()
    }

    /// Adds a message to a queue without arguments.
    #[inline]
    pub(super) fn push(&mut self, message: Message) {
        debug_assert!(self.special.is_none(), "a special queue wants to know more");
        self.ready.push(message);
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<Ready> {
        if let Some(special) = &mut self.special {
            return special.pop();
        }
        self.pop_plain()
    }

    /// The same of a queue without arguments.
    #[inline(always)]
    pub(super) fn pop_plain(&mut self) -> Option<Ready> {
        debug_assert!(self.special.is_none(), "a special queue keeps its messages elsewhere");
        self.ready.pop()
    }

    /// Whether anything waits in a queue without arguments.
    #[inline]
    pub(super) fn has_plain_ready(&self) -> bool {
        debug_assert!(self.special.is_none(), "a special queue keeps its messages elsewhere");
        !self.ready.is_empty()
    }

    /// What was handed out by a queue without arguments comes back.
    pub(super) fn put_back(&mut self, position: u64, message: Message) {
        match &mut self.special {
            None => self.ready.put_back(position, message),
            Some(special) => {
                special.put_back(SimTime::ZERO, position, message, true);
            }
        }
    }

    /// From now on it keeps more of each message.
    pub(super) fn become_special(&mut self, version: Version) -> &mut Special {
        let Queue {
            ready,
            special,
            consumers,
            turn,
            ..
        } = self;
        // A special queue begins each round at the front.
        consumers.rotate_left(core::mem::take(turn));
        special.get_or_insert_with(|| {
            let mut new = Special::new(Box::default(), version);
            let (first, next) = (
                ready.next_position() - ready.waiting_len() as u64,
                ready.next_position(),
            );
            ready.retain(
                |position, message| {
                    new.adopt(position, message, position < first);
                    false
                },
                |_, _| {},
            );
            new.skip_to(next);
            new.into()
        })
    }

    /// How many messages wait.
    pub(super) fn len(&self) -> usize {
        self.special.as_ref().map_or(self.ready.len(), |special| special.len())
    }

    /// The message at the head.
    pub(super) fn head(&self) -> Option<Message> {
        self.special
            .as_ref()
            .map_or_else(|| self.ready.head(), |special| special.head())
    }

    /// What waits, in the order in which it leaves.
    pub(super) fn waiting(&self) -> impl Iterator<Item = Message> {
        self.ready
            .iter()
            .chain(self.special.iter().flat_map(|special| special.iter()))
    }

    /// Position of the message that will be added next.
    fn next_position(&self) -> u64 {
        let special = self.special.as_ref();
        special.map_or_else(|| self.ready.next_position(), |special| special.next_position())
    }

    /// Position of the message that was added last.
    pub(super) fn last_position(&self) -> u64 {
        match &self.special {
            Some(special) => special.last_position(),
            None => self.ready.last_position(),
        }
    }

    /// A consumer comes; it stands in front of those whose priority is lower,
    /// which `is_lower` knows, and else it is the last to be served.
    pub(super) fn attach(&mut self, consumer: ConsumerIndex, is_lower: impl Fn(ConsumerIndex) -> bool) {
        match self.consumers.iter().position(|known| is_lower(*known)) {
            Some(place) => self.consumers.insert(place, consumer),
            None if self.turn == 0 => self.consumers.push(consumer),
            None => {
                self.consumers.insert(self.turn, consumer);
                self.turn += 1;
            }
        }
    }

    /// A consumer goes; the round goes on with whoever comes next.
    pub(super) fn detach(&mut self, consumer: ConsumerIndex) {
        let Some(place) = self.consumers.iter().position(|known| *known == consumer) else {
            return;
        };
        self.consumers.remove(place);
        self.turn -= usize::from(place < self.turn);
        if self.turn >= self.consumers.len() {
            self.turn = 0;
        }
    }

    /// A consumer stands behind the others of its priority from now on.
    pub(super) fn line_up(&mut self, consumer: ConsumerIndex, is_lower: impl Fn(ConsumerIndex) -> bool) {
        if self.consumers.contains(&consumer) {
            self.detach(consumer);
            self.attach(consumer, is_lower);
        }
    }

    /// The consumers, those of a higher priority first.
    pub(super) fn by_priority(&self) -> &[ConsumerIndex] {
        &self.consumers
    }

    /// The consumers, in the order in which they are served.
    pub(super) fn consumers(&self) -> impl Iterator<Item = ConsumerIndex> {
        let (served, next) = self.consumers.split_at(self.turn.min(self.consumers.len()));
        next.iter().chain(served).copied()
    }

    /// Whether nobody uses it: nobody consumes, and nobody has anything from a quorum
    /// queue, where whoever asks is a consumer until that is settled
    /// (`rabbit_fifo:is_expired`).
    pub(super) fn is_unused(&self) -> bool {
        let is_quorum = self.special.as_ref().is_some_and(|special| special.keeps_all());
        self.consumers.is_empty() && !(is_quorum && self.unacked > 0)
    }

    #[inline(always)]
    pub(super) fn consumer_count(&self) -> usize {
        self.consumers.len()
    }

    /// The next consumer in turn that `is_open`, round robin.
    #[inline(always)]
    pub(super) fn next_consumer(&mut self, mut is_open: impl FnMut(ConsumerIndex) -> bool) -> Option<ConsumerIndex> {
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
        match &mut self.special {
            Some(special) => special.retain(each),
            None => self.ready.retain(each, |_, _| {}),
        }
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
        let all = self.special.as_ref().is_some_and(|special| special.keeps_all());
        let keep = |position, message: Message| {
            let stays = keeps && (all || message.is_persistent()) && !is_gone(position);
            if !stays {
                gone(message);
            }
            stays
        };
        match &mut self.special {
            Some(special) => {
                special.active = None;
                special.retain(keep);
            }
            None => self.ready.retain(keep, moved),
        }
        self.consumers.clear();
        self.turn = 0;
        self.unacked = 0;
    }
}
