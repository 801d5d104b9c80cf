//! Mechanisms without a family's name, from which brokers are composed.

mod credit;
mod deaths;
mod delivery;
mod epochs;
mod headers;
mod in_flight;
pub mod raft;
mod ready_queue;
mod segments;
mod shelf;
mod sparse_index;
mod topic;

pub use credit::Credit;
pub use deaths::{Death, Deaths, Reason};
pub use delivery::Delivery;
pub use epochs::Epochs;
pub use headers::{HeaderMatch, Headers, Quantity, Value, header};
pub use in_flight::InFlight;
pub use ready_queue::{Ready, ReadyQueue};
pub use segments::{Segment, Segments, Stored};
pub use shelf::{Precedence, Shelf, Spot};
pub use sparse_index::SparseIndex;
pub use topic::{TopicTree, words};
