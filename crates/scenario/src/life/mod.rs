//! What happened, in words, and the life of one message.
//!
//! A run keeps no facts. A [`mqlab_engine::Trace`] that it is given collects
//! some: those of a [`Subject`] tell the life of a message and of what was
//! made from it.

mod fact;
mod notation;
mod subject;

pub use fact::{Detail, FactRow, message_name};
pub use notation::{counted, grouped};
pub use subject::{Born, Subject};

use mqlab_engine::{FactRun, World};

/// What the world's trace has collected, fact by fact, oldest first; nothing
/// without a trace. How many runs of facts did not fit is in
/// [`mqlab_engine::Trace::dropped`].
pub fn told(world: &World) -> impl Iterator<Item = FactRow> {
    let runs = world.trace().into_iter().flat_map(|trace| trace.runs());
    runs.flat_map(FactRun::iter).map(|fact| FactRow::of(world, &fact))
}

/// What the world's trace has collected of the life of a message and of what
/// was made from it, oldest first.
pub fn life(world: &World, subject: &Subject) -> Vec<FactRow> {
    told(world).filter(|row| subject.has(row.fact.message)).collect()
}
