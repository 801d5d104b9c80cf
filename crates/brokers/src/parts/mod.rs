//! Mechanisms without a family's name, from which brokers are composed.

mod credit;
mod epochs;
mod in_flight;
mod ready_queue;
mod segments;

pub use credit::Credit;
pub use epochs::Epochs;
pub use in_flight::InFlight;
pub use ready_queue::{Ready, ReadyQueue};
pub use segments::{Segment, Segments, Stored};
