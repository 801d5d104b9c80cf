//! Broker families. Each has a folder of its own, speaks its own words and
//! composes the mechanisms of [`parts`]; none knows another, the engine or the
//! scenario language.
//!
//! A family ships its broker and its client, both as state machines without
//! I/O (see [`mqlab_model::Node`]). The client is what applications embed.
#![no_std]
#![cfg_attr(test, allow(clippy::unwrap_used))]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod kafka;
pub mod parts;
pub mod rabbitmq;
