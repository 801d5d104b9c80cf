//! What places mean to the oracle.

use super::change::{FINISH_WITHIN, finish};
use super::state::Change;
use crate::places::{PlaceKind, Places};
use crate::plan::{NodeKind, Plan};
use alloc::rc::Rc;
use alloc::vec::Vec;
use mqlab_model::PlaceId;

/// What a place means to the oracle.
#[derive(Clone, Copy, Debug)]
pub(super) struct Role {
    /// The inlet whose obligations its facts are about: a queue for itself and
    /// for the subscription to it, a service's calls for themselves.
    pub(super) inlet: PlaceId,
    /// Whether it is a service's calls.
    pub(super) calls: bool,
    /// Whether the effect of its handler is a row; else it is the end of the
    /// handling.
    pub(super) writes: bool,
    /// What the end of a handling changes.
    pub(super) finish: &'static Change,
    /// Whether it is a log, which keeps what it has handed out: it may be read
    /// again, and what is deleted has mostly been read.
    pub(super) is_log: bool,
}

/// What `place` means to the oracle.
pub(super) fn role(id: PlaceId, plan: &Plan, places: &Places) -> Role {
    let place = places.get(id);
    let mut role = Role {
        inlet: NO_INLET,
        calls: place.kind == PlaceKind::Calls,
        writes: false,
        finish: finish(false, false),
        is_log: matches!(place.kind, PlaceKind::Partition | PlaceKind::GroupPartition),
    };
    if place.kind.is_inlet() {
        role.inlet = id;
    }
    if let NodeKind::Service(service) = &plan.nodes[usize::from(place.node.0)].kind {
        role.writes = service.steps.iter().any(|step| step.writes().is_some());
        role.inlet = match place.kind {
            PlaceKind::Calls => id,
            PlaceKind::Subscription => place.of.unwrap_or(NO_INLET),
            _ => NO_INLET,
        };
    }
    role.finish = finish(role.calls, role.writes);
    if let NodeKind::Service(service) = &plan.nodes[usize::from(place.node.0)].kind
        && service.commits_records()
        && !role.calls
        && !role.writes
    {
        role.finish = &FINISH_WITHIN;
    }
    role
}

/// By inlet, the places of the handlers that owe to it.
pub(super) fn handlers(plan: &Plan, places: &Places) -> Rc<[Vec<PlaceId>]> {
    let mut found = alloc::vec![Vec::new(); places.len()];
    for (id, place) in places.iter() {
        let Role { inlet, .. } = role(id, plan, places);
        if matches!(place.kind, PlaceKind::Subscription | PlaceKind::Calls) && inlet != NO_INLET {
            found[usize::from(inlet.0)].push(id);
        }
    }
    found.into()
}

/// Stands for "none" in a role. No plan has that many places.
pub(super) const NO_INLET: PlaceId = PlaceId(u16::MAX);
