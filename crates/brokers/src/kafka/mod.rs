//! Kafka: the mechanisms that its broker, its controller, its group
//! coordinator and its clients are composed of.
//!
//! Modelled after Kafka 4.2 with the classic group protocol; what is older is
//! offered where a rule can be chosen, and says so.

mod assignor;
pub mod defaults;
mod murmur;
mod partitioner;

pub use assignor::{Assignment, Assignor, Member, TopicPartition, Topics, member_order};
pub use murmur::{murmur2, to_positive};
pub use partitioner::{Loads, RoundRobin, Sticky, TopicLeaders, partition_for_key, settled_partition};
