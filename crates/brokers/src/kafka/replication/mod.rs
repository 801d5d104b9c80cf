//! How the copies of a partition stay together: what its leader knows of its
//! followers, what it answers a producer, who leads after it, and where a
//! follower cuts its log back.

mod acks;
mod election;
mod leader;
mod replica;
mod truncation;

pub use acks::{Acks, Answer, is_under_min_isr};
pub use election::{Elected, Election, Electorate, Eligible};
pub use leader::{LagRule, Leader, Replication};
pub use replica::{BrokerId, Replica};
pub use truncation::{Cut, cut};
