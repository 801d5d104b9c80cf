//! Places: everything that facts are about, numbered in file order.

use crate::plan::{NodeKind, Plan};
use alloc::string::String;
use alloc::vec::Vec;
use mqlab_model::{NodeId, PlaceId};

/// What a place is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PlaceKind {
    /// A load.
    Load,
    /// A broker.
    Broker,
    /// A service: what it sends.
    Service,
    /// A table.
    Table,
    /// A queue of a broker.
    Queue,
    /// Where a service's deliveries come in.
    Subscription,
    /// Where a service's direct calls come in.
    Calls,
}

/// One place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// Its name. An inlet has the name of its service.
    pub name: String,
    /// What it is.
    pub kind: PlaceKind,
    /// The node that it is, or is a part of.
    pub node: NodeId,
}

/// All places of a plan. The first ones are the nodes themselves, so that
/// `PlaceId(i)` is `NodeId(i)`; queues and inlets follow in node order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Places {
    places: Vec<Place>,
    /// By node, where its parts begin; and where the last ones end.
    parts: Vec<usize>,
}

impl Places {
    /// Numbers the places of `plan`.
    pub fn of(plan: &Plan) -> Self {
        let mut places: Vec<Place> = Vec::new();
        let node_id = |index: usize| NodeId(u16::try_from(index).expect("the plan limits the number of nodes"));
        for (index, node) in plan.nodes.iter().enumerate() {
            let kind = match node.kind {
                NodeKind::Load(_) => PlaceKind::Load,
                NodeKind::Broker(_) => PlaceKind::Broker,
                NodeKind::Service(_) => PlaceKind::Service,
                NodeKind::Table(_) => PlaceKind::Table,
            };
            places.push(Place {
                name: node.name.clone(),
                kind,
                node: node_id(index),
            });
        }
        let mut parts = Vec::with_capacity(plan.nodes.len() + 1);
        for (index, node) in plan.nodes.iter().enumerate() {
            let id = node_id(index);
            parts.push(places.len());
            match &node.kind {
                NodeKind::Broker(broker) => {
                    places.extend(broker.parts().into_iter().map(|(name, kind)| Place {
                        name: name.into(),
                        kind,
                        node: id,
                    }));
                }
                NodeKind::Service(_) => {
                    for kind in [PlaceKind::Subscription, PlaceKind::Calls] {
                        places.push(Place {
                            name: node.name.clone(),
                            kind,
                            node: id,
                        });
                    }
                }
                NodeKind::Load(_) | NodeKind::Table(_) => {}
            }
        }
        parts.push(places.len());
        Places { places, parts }
    }

    /// The place with this id.
    ///
    /// # Panics
    /// If the id is of another plan and too large for this one.
    pub fn get(&self, id: PlaceId) -> &Place {
        &self.places[usize::from(id.0)]
    }

    /// Every place with its id, in order.
    pub fn iter(&self) -> impl Iterator<Item = (PlaceId, &Place)> {
        self.places
            .iter()
            .enumerate()
            .map(|(index, place)| (PlaceId(index as u16), place))
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The place of a kind at a node (a queue by its index there).
    pub fn find(&self, node: NodeId, kind: PlaceKind, index: usize) -> Option<PlaceId> {
        let itself = usize::from(node.0);
        let parts = *self.parts.get(itself)?..*self.parts.get(itself + 1)?;
        let all = core::iter::once(itself).chain(parts);
        let is_it = |place: &usize| self.places[*place].kind == kind;
        let found = all.filter(is_it).nth(index)?;
        Some(PlaceId(found as u16))
    }

    /// The node or queue called `name`.
    pub fn named(&self, name: &str) -> Option<PlaceId> {
        let inlet = |kind| matches!(kind, PlaceKind::Subscription | PlaceKind::Calls);
        self.iter()
            .find(|(_, place)| place.name == name && !inlet(place.kind))
            .map(|(id, _)| id)
    }
}
