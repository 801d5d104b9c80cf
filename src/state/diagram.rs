//! What the stage draws of one variant: its things and the ways between them,
//! read off the plan once. What moves is asked of the engine at every frame.

mod drawing;

use mqlab_engine::plan::Plan;
use mqlab_engine::{Places, World};
use mqlab_model::{FactKind, NodeId, PlaceId};

/// What an item is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ItemKind {
    /// A source of messages.
    Load,
    /// An exchange of a broker.
    Exchange,
    /// A queue of a broker.
    Queue,
    /// An application.
    Service,
    /// A table of a database.
    Table,
}

/// One thing on the stage.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// The node that it is or belongs to.
    pub node: NodeId,
    /// What facts about it name; that of its broker for an exchange.
    pub place: PlaceId,
    /// Its name.
    pub name: String,
}

/// Facts that count what passes on a way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tally {
    /// Where they happen.
    pub place: PlaceId,
    /// Which kind.
    pub kind: FactKind,
}

/// What a way carries: decides its colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Carries {
    /// Messages on their way into a queue.
    Messages,
    /// Deliveries to a consumer.
    Deliveries,
    /// Effects: writes into a table.
    Effects,
    /// Requests to a service.
    Calls,
}

/// A way from one item to another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Way {
    /// Index of the item where it begins.
    pub from: usize,
    /// Index of the item where it ends.
    pub to: usize,
    /// What moves on it.
    pub carries: Carries,
    /// What is counted for everything that sets out on it.
    pub passed: Tally,
    /// What is counted for those of them that came to nothing.
    pub failed: Option<Tally>,
}

/// The picture of one variant.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Diagram {
    /// Its things, in the order of the plan.
    pub items: Vec<Item>,
    /// The ways between them.
    pub ways: Vec<Way>,
}

impl Diagram {
    /// The picture of a plan: everything that a message of one of its loads
    /// can reach.
    pub fn of(plan: &Plan, places: &Places) -> Self {
        drawing::draw(plan, places).reachable()
    }

    /// The item that stands for a place.
    pub fn item_at(&self, place: PlaceId) -> Option<usize> {
        let is_it = |item: &Item| item.place == place && item.kind != ItemKind::Exchange;
        self.items.iter().position(is_it)
    }

    /// How many facts a tally has counted.
    pub fn count(world: &World, tally: Tally) -> u64 {
        world.fact_count(tally.place, tally.kind)
    }

    /// Without what no load reaches: a variant often leaves a part of the
    /// scenario idle. Without any load there is nothing to reach.
    fn reachable(self) -> Self {
        let mut reached: Vec<bool> = self.items.iter().map(|item| item.kind == ItemKind::Load).collect();
        if !reached.contains(&true) {
            return self;
        }
        // At most as many rounds as there are items.
        for _ in 0..self.items.len() {
            for way in &self.ways {
                reached[way.to] |= reached[way.from];
            }
        }
        let mut index_of = vec![0; self.items.len()];
        let mut items = Vec::new();
        for (index, item) in self.items.into_iter().enumerate() {
            index_of[index] = items.len();
            if reached[index] {
                items.push(item);
            }
        }
        let ways = self.ways.into_iter().filter(|way| reached[way.from]);
        let ways = ways
            .map(|way| Way {
                from: index_of[way.from],
                to: index_of[way.to],
                ..way
            })
            .collect();
        Diagram { items, ways }
    }
}

#[cfg(test)]
mod tests;
