//! The log of a partition: what is kept, for how long, and who may read and
//! write it.

mod cleaner;
mod marks;
mod partition_log;
mod producers;
mod record;
mod retention;
mod roll;
mod transactions;

pub use cleaner::{Cleanable, Cleaner, Compaction, What, check_keys};
pub use marks::Marks;
pub use partition_log::{Appended, BytesOf, LogSettings, PartitionLog, Reader, Snapshot};
pub use producers::{BATCHES_REMEMBERED, ProducerId, Producers, Stamp};
pub use record::{Compression, Record};
pub use retention::{Retention, SegmentFacts};
pub use roll::{ActiveSegment, Incoming, Roll, SEGMENT_OFFSETS_MAX};
pub use transactions::{Ended, Transactions};
