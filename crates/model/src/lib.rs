//! The vocabulary of mqlab: what a message, a node, a port, a packet and a
//! fact are. It knows no broker, no application and no scenario.
//!
//! A *message* is what an application publishes; a *packet* is what crosses a
//! link; a *fact* is something that happened to a message or a node and was
//! recorded. Every broker family emits the same neutral facts, and whatever
//! judges or shows a run reads facts only.
#![no_std]

extern crate alloc;

#[cfg(test)]
extern crate std;

mod clock;
mod disk;
mod fact;
mod id;
mod ledger;
mod meaning;
mod message;
mod node;
mod purpose;

pub use clock::{Clock, LocalTime, Skew};
pub use disk::{Crash, DiskPlan, DiskWork, Progress};
pub use fact::{EFFECT, FOR_GOOD, Fact, FactKind};
pub use id::{KeyId, MessageId, NodeId, PlaceId, Port, SourceId, TimerLane};
pub use ledger::Ledger;
pub use meaning::{CallFailure, Death, Deletion, Refusal, TurnedAway};
pub use message::Message;
pub use node::{Context, Lifted, Node};
pub use purpose::Purpose;
