//! What can be seen of a service at work.

use super::World;
use crate::node::AnyNode;
use alloc::vec::Vec;
use mqlab_kernel::SimTime;
use mqlab_model::NodeId;

/// How a circuit breaker stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BreakerState {
    /// Calls are made; so many failed in a row.
    Closed {
        /// How many.
        failures: u32,
    },
    /// Calls fail without being made.
    Open {
        /// Until then; the first call after it is made, to see.
        until: SimTime,
    },
    /// One call is under way, and what becomes of it decides.
    HalfOpen,
}

/// A circuit breaker of a service.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BreakerView {
    /// The number of the step that calls.
    pub step: u16,
    /// Whom.
    pub to: NodeId,
    /// How it stands.
    pub state: BreakerState,
}

impl World {
    /// How many workers of a service are at each of its steps, which have the
    /// same numbers as in the plan; nothing of any other node.
    pub fn at_steps(&self, service: NodeId) -> Vec<u32> {
        match &self.nodes[usize::from(service.0)] {
            AnyNode::Service(service) => service.at_steps(),
            _ => Vec::new(),
        }
    }

    /// The circuit breakers of a service, in the order of its steps.
    pub fn breakers(&self, service: NodeId) -> Vec<BreakerView> {
        let AnyNode::Service(node) = &self.nodes[usize::from(service.0)] else {
            return Vec::new();
        };
        let breakers = node.breakers();
        let view = breakers.into_iter().map(|(step, port, state)| BreakerView {
            step,
            to: self.peer(service, port),
            state,
        });
        view.collect()
    }
}
