//! Whether a queue is there: who declares it, whose it is, and when it goes. The queue
//! itself knows; the members hear of it from whoever has it.

use super::{Content, Effect, Id};
use crate::rabbitmq::cluster::{Command, MemberId};
use crate::rabbitmq::special::Special;
use crate::rabbitmq::{Config, QueueId, Version};
use alloc::vec::Vec;
use mqlab_kernel::SimTime;
use mqlab_model::FactKind;

/// A client's connection: its member, the member's life, and its number there.
pub(in crate::rabbitmq::cluster) type Connection = (MemberId, u16, u16);

/// What a queue knows of its own existence.
#[derive(Clone, Debug)]
pub(super) struct Existence {
    version: Version,
    /// It is there only while the connection is that has declared it.
    is_exclusive: bool,
    is_gone: bool,
    owner: Option<Connection>,
}

impl Existence {
    pub(super) fn new(config: &Config, id: QueueId) -> Self {
        let is_exclusive = config.queues[usize::from(id.0)].exclusive;
        Existence {
            version: config.version,
            is_exclusive,
            is_gone: is_exclusive,
            owner: None,
        }
    }
}

impl Content {
    /// Whether the queue is there.
    pub(in crate::rabbitmq::cluster) fn is_there(&self) -> bool {
        !self.existence.is_gone
    }

    /// The connection that the queue belongs to.
    pub(in crate::rabbitmq::cluster) fn owner(&self) -> Option<Connection> {
        self.existence.owner
    }

    /// Whoever has had the queue before knows that it is not there.
    pub(in crate::rabbitmq::cluster) fn be_gone(&mut self) {
        self.existence.is_gone = true;
    }

    /// Its node comes up, and begins to wait for somebody who uses it.
    pub(in crate::rabbitmq::cluster) fn begin_to_wait(&mut self, now: SimTime) {
        self.special.used = now;
    }

    /// `queue.declare`: it is there from now on. False if it belongs to another
    /// connection.
    pub(super) fn declare(&mut self, by: Connection, effects: &mut Vec<Effect>) -> bool {
        self.special.used = self.now;
        if self.is_there() {
            return self.is_open_to(by);
        }
        // Positions go on from the last one.
        let next = self.special.next_position();
        self.special = Special::new(self.special.arguments.clone(), self.existence.version);
        self.special.skip_to(next);
        self.special.used = self.now;
        self.existence.is_gone = false;
        self.existence.owner = self.existence.is_exclusive.then_some(by);
        effects.push(Effect::Existence);
        true
    }

    /// Whether a connection may use it (`rabbit_amqqueue:check_exclusive_access`).
    pub(super) fn is_open_to(&self, by: Connection) -> bool {
        self.existence.owner.is_none_or(|owner| owner == by)
    }

    /// Whether a command may use the queue; who uses one that is not there, or somebody
    /// else's, is refused.
    pub(super) fn admits(&self, command: &Command) -> bool {
        let (Command::Attach {
            member,
            life,
            connection,
            ..
        }
        | Command::Get {
            member,
            life,
            connection,
            ..
        }) = *command
        else {
            return true;
        };
        self.is_there() && self.is_open_to((member, life, connection)) && self.has_place_for(command)
    }

    /// Whether an exclusive consumer is, or would be, the only one. A quorum queue takes
    /// no notice of the wish (docs: "Quorum Queues", "Feature Matrix").
    fn has_place_for(&self, command: &Command) -> bool {
        let Command::Attach {
            member,
            life,
            consumer,
            exclusive,
            ..
        } = *command
        else {
            return true;
        };
        let id: Id = (member, life, consumer);
        self.is_strict || self.consumers.has_place_for(id, exclusive)
    }

    /// Connections are closed: an exclusive queue goes with its owner's, and what waits
    /// in it is not dead-lettered.
    pub(super) fn leave(&mut self, is_it: impl Fn(Connection) -> bool, effects: &mut Vec<Effect>) {
        if self.existence.owner.is_some_and(is_it) {
            self.end(FactKind::Discarded, effects);
        }
    }

    /// A command is done: a queue that nobody uses may be at its end. `before` it had so
    /// many consumers.
    pub(super) fn look_unused(&mut self, before: u32, effects: &mut Vec<Effect>) {
        if self.consumers.there() > 0 || !self.is_there() {
            return;
        }
        if before > 0 {
            self.special.used = self.now;
            if self.special.arguments.auto_delete {
                return self.end(FactKind::Discarded, effects);
            }
        }
        if self
            .special
            .unused_until(self.now)
            .is_some_and(|until| until <= self.now)
        {
            self.end(FactKind::Expired, effects);
        }
    }

    /// The queue is deleted with all that waits in it, and with what is handed out:
    /// nobody asks for an acknowledgement of that any more.
    fn end(&mut self, fate: FactKind, effects: &mut Vec<Effect>) {
        self.remove_all(fate, effects);
        let forgets = |position, message| {
            effects.push(Effect::Fact(FactKind::Discarded, message, 0));
            effects.push(Effect::Forgotten { position });
        };
        self.consumers.detach(|_| true, forgets);
        (self.existence.is_gone, self.existence.owner) = (true, None);
        effects.push(Effect::Existence);
    }

    /// Its node has died: an exclusive queue is gone with it.
    pub(super) fn end_with_node(&mut self) {
        if self.existence.is_exclusive {
            (self.existence.is_gone, self.existence.owner) = (true, None);
        }
    }
}
