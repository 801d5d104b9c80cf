//! RabbitMQ: the node, and the client that applications embed.
//!
//! The way of a message: [`Producer::publish`] puts a `basic.publish` on the
//! wire; [`Broker`] routes it (`exchange.rs`), its queue keeps it (`queue.rs`)
//! and hands it to a consumer within the consumer's prefetch; the client's
//! [`Consumer`] gets it and settles it; the broker forgets it.
//!
//! Modelled after RabbitMQ 4: classic queues, the default and the direct
//! exchange, publisher confirms, `basic.qos` per consumer, acknowledgements
//! with `multiple`, requeue to the original position.

mod broker;
mod channel;
mod config;
mod consumer;
mod exchange;
mod inspect;
mod producer;
mod queue;
mod storage;
mod wire;
mod words;

#[cfg(feature = "planted-bugs")]
pub use broker::Bug;
pub use broker::{Broker, HandedOut, TakenIn};
pub use config::{Binding, Config, ConfirmWhen, ExchangeConfig, ExchangeId, ExchangeKind, KeyId, QueueConfig, QueueId};
pub use consumer::{Consumer, Delivery};
pub use inspect::{ConsumerView, QueueView, UnackedView};
pub use producer::Producer;
pub use wire::{ChannelId, ConsumerTag, Frame};
pub use words::Head;
