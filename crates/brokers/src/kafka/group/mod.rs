//! Consumer groups: who belongs to one, in which generation, and how far it
//! has read.

mod coordinator;
mod member;
mod offsets;

pub use coordinator::{Group, GroupSettings, GroupState};
pub use member::{Join, MemberNumber, Told};
pub use offsets::{Committed, OffsetReset};
