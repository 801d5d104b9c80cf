//! Broker families. Each has a folder of its own, speaks its own words and
//! composes the mechanisms of [`parts`]; none knows another, the engine or the
//! scenario language.
//!
//! A family ships its broker and its client, both as state machines without
//! I/O (see [`mqlab_model::Node`]). The client is what applications embed.
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod parts;
pub mod rabbitmq;
