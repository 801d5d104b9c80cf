//! The log of a partition.

mod marks;

pub use marks::Marks;
