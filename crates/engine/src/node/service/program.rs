//! A handler's steps, with ports and sources in place of names.

use crate::plan::{Patience, Strain};
use alloc::vec::Vec;
use mqlab_brokers::rabbitmq::{ExchangeId, KeyId};
use mqlab_kernel::{Dist, SimSpan};
use mqlab_model::{Port, SourceId};

/// One step, ready to run.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Step {
    /// Time passes.
    Work {
        /// How long.
        takes: Dist,
        /// Keeps its draws apart from those of other steps and services.
        salt: u32,
    },
    /// Time passes, and more of it the more there is to do.
    StrainedWork {
        /// How long with room to spare.
        takes: Dist,
        /// As for [`Step::Work`].
        salt: u32,
    },
    /// A row is written.
    Insert {
        /// The table's port.
        table: Port,
        /// Whether this is the last row that the handler writes: its effect.
        effect: bool,
    },
    /// Messages are published.
    Publish {
        /// Where to.
        to: Vec<Output>,
        /// How long it takes before they leave.
        takes: SimSpan,
        /// Whether the worker waits for the confirms.
        confirm: bool,
    },
    /// Services are called.
    Call {
        /// Their ports; at most 64, a bit each in a word.
        services: Vec<Port>,
        /// All at once.
        parallel: bool,
        /// What it bears; nothing at all if it is not given.
        patience: Option<Patience>,
        /// Keeps the draws of its pauses apart from those of other steps.
        salt: u32,
    },
    /// The delivery is acknowledged.
    Ack,
    /// The delivery is rejected.
    Nack {
        /// Back into its queue.
        requeue: bool,
    },
    /// The caller gets its answer.
    Respond,
}

impl Step {
    /// A step of work, as it is in a service with this way of being overloaded.
    pub(crate) fn work(takes: Dist, salt: u32, overload: Strain) -> Self {
        match overload {
            Strain::Slows => Step::StrainedWork { takes, salt },
            _ => Step::Work { takes, salt },
        }
    }

    /// Makes a step of work what it is with another way of being overloaded.
    pub(crate) fn set_overload(&mut self, overload: Strain) {
        if let Step::Work { takes, salt } | Step::StrainedWork { takes, salt } = *self {
            *self = Step::work(takes, salt, overload);
        }
    }
}

/// One target of a publish step.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Output {
    /// Index of the service's producer.
    pub(crate) producer: usize,
    /// Where the broker routes it from.
    pub(crate) exchange: ExchangeId,
    /// The routing key.
    pub(crate) key: KeyId,
    /// The source of what is published, by the source of what is handled.
    pub(crate) sources: Vec<(SourceId, SourceId)>,
}

impl Output {
    /// The source of what is made from a message of `parent`.
    pub(crate) fn source(&self, parent: SourceId) -> Option<SourceId> {
        self.sources
            .iter()
            .find(|(known, _)| *known == parent)
            .map(|(_, source)| *source)
    }
}
