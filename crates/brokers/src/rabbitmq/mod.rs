//! RabbitMQ: the node, and the client that applications embed.
//!
//! The way of a message: [`Producer::publish`] puts a `basic.publish` on the
//! wire; [`Broker`] routes it (`exchange.rs`), its queue keeps it (`queue.rs`)
//! and hands it to a consumer within the consumer's prefetch; the client's
//! [`Consumer`] gets it and settles it; the broker forgets it.
//!
//! Modelled after RabbitMQ 4.3 and, where a definition says so, older ones
//! (`version.rs`): five kinds of exchanges with alternates, classic queues and
//! the rules of quorum queues on one node, the arguments of queues
//! (`arguments.rs`), publisher confirms, `basic.qos`, acknowledgements, dead
//! lettering. A queue without arguments keeps sixteen bytes of a message; one
//! with arguments keeps more (`special.rs`).

mod address;
mod arguments;
mod broker;
mod channel;
pub mod cluster;
mod config;
mod consumer;
mod contact;
mod dead_letters;
mod exchange;
mod inspect;
mod policy;
mod producer;
mod properties;
mod queue;
mod roaming;
mod special;
mod storage;
mod unread;
mod version;
mod wire;
mod words;

pub use address::{Address, Command, Subscription};
pub use arguments::{ChannelError, DeadLetter, DelayedRetry, DeliveryLimit, Overflow, QueueArguments, QueueKind};
#[cfg(feature = "planted-bugs")]
pub use broker::Bug;
use broker::in_memory;
pub use broker::{Broker, HandedOut, MemoryView, TakenIn};
pub use config::{
    Binding, Config, ConfirmWhen, ExchangeConfig, ExchangeId, ExchangeKind, MemoryPlan, QueueConfig, QueueId, Target,
};
pub use consumer::Consumer;
pub use contact::Contact;
pub use inspect::{ConsumerView, QueueView, UnackedView};
pub use policy::{AppliesTo, Definition, Pattern, Policies, Policy, PolicyRule, PolicyRuleKind, QueueRule};
pub use producer::Producer;
pub use properties::Properties;
pub use roaming::Roaming;
pub use special::{Death, Story};
pub use version::Version;
pub use wire::{ChannelId, ConsumerTag, Frame};
pub use words::Head;

pub use mqlab_model::KeyId;
