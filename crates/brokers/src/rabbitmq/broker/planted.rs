//! Bugs on purpose: what the oracle and random faults have to find. Only tests
//! are built with this file.

use super::{Broker, Channel, Desk, Outcome, QueueId, Unacked};
use alloc::vec::Vec;

/// What is wrong with a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bug {
    /// With each death a message is gone that should have stayed.
    LosesOnCrash,
    /// When a consumer goes, what it acknowledged last is handed out again.
    RedeliversAfterAck,
    /// What comes back from a consumer comes back in the opposite order.
    Reorders,
    /// A message is confirmed before the disk has it.
    ConfirmsBeforeStoring,
    /// A binding is gone after a restart.
    ForgetsBinding,
    /// `#` in a binding of a topic exchange stands for one word at least.
    HashWantsAWord,
}

impl Bug {
    /// All of them.
    pub const ALL: [Bug; 6] = [
        Bug::LosesOnCrash,
        Bug::RedeliversAfterAck,
        Bug::Reorders,
        Bug::ConfirmsBeforeStoring,
        Bug::ForgetsBinding,
        Bug::HashWantsAWord,
    ];
}

/// A bug, and what it takes to have it.
#[derive(Clone, Debug)]
pub(super) struct Planted {
    bug: Option<Bug>,
    last_acknowledged: Option<Unacked>,
}

impl Planted {
    pub(super) fn new(bug: Option<Bug>) -> Self {
        Planted {
            bug,
            last_acknowledged: None,
        }
    }

    pub(super) fn is(&self, bug: Bug) -> bool {
        self.bug == Some(bug)
    }

    /// A delivery is over.
    pub(super) fn note(&mut self, unacked: &Unacked, outcome: Outcome) {
        if outcome == Outcome::Acknowledged {
            self.last_acknowledged = Some(*unacked);
        }
    }

    /// A channel that is closed, with what is out on it in whatever order.
    pub(super) fn reorder(&self, channel: &Channel) -> Channel {
        let mut mixed = channel.clone();
        if self.is(Bug::Reorders) {
            let all: Vec<Unacked> = channel.in_flight.iter().map(|(_, unacked)| *unacked).collect();
            mixed.in_flight = Default::default();
            for (unacked, other) in all.iter().zip(all.iter().rev()) {
                let message = other.message;
                mixed.in_flight.insert(Unacked { message, ..*unacked });
            }
        }
        mixed
    }
}

impl Desk {
    pub(super) fn confirms_too_early(&self) -> bool {
        self.planted.is(Bug::ConfirmsBeforeStoring)
    }

    /// What was acknowledged last is in its queue again; says which.
    pub(super) fn bring_back(&mut self) -> Option<QueueId> {
        if !self.planted.is(Bug::RedeliversAfterAck) {
            return None;
        }
        let Unacked {
            queue,
            position,
            message,
            ..
        } = self.planted.last_acknowledged.take()?;
        self.queues[usize::from(queue.0)].put_back(position, message);
        Some(queue)
    }
}

impl Broker {
    /// The node dies.
    pub(super) fn forget_something(&mut self) {
        if self.desk.planted.is(Bug::LosesOnCrash) {
            for queue in &mut self.desk.queues {
                queue.pop();
            }
        }
        if self.desk.planted.is(Bug::ForgetsBinding) {
            self.routes.forget_one();
        }
    }
}
