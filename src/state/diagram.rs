//! What the stage draws of one variant: its things and the ways between them,
//! read off the plan once. What moves is asked of the engine at every frame.

mod drawing;

use super::selection::{Station, Thing};
use mqlab_brokers::rabbitmq::ExchangeId;
use mqlab_engine::plan::{self, Plan};
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
    /// A partition of a topic: a log with its replicas.
    Partition,
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
    /// Which one of its broker's exchanges it is.
    pub exchange: Option<ExchangeId>,
    /// Its name.
    pub name: String,
}

impl Item {
    /// Where its messages are counted: those of a partition where its first
    /// group owes their handling.
    pub fn counted(&self, places: &Places) -> PlaceId {
        let owner = || places.parts_of(self.place).next();
        let owner = (self.kind == ItemKind::Partition).then(owner).flatten();
        owner.unwrap_or(self.place)
    }

    /// What a selection calls it.
    pub fn station(&self) -> Station {
        match self.exchange {
            Some(exchange) => Station::Exchange(self.node, exchange),
            None => Station::Place(self.place),
        }
    }
}

/// Something that is drawn, by its position in the diagram.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Shown {
    /// An item.
    Item(usize),
    /// A way.
    Way(usize),
    /// A broker, drawn as a frame around its items.
    Broker(usize),
    /// A node of a cluster, drawn on the frame of its cluster.
    Member(usize),
}

impl Shown {
    /// The item, if it is one.
    pub const fn item(self) -> Option<usize> {
        match self {
            Shown::Item(item) => Some(item),
            Shown::Way(_) | Shown::Broker(_) | Shown::Member(_) => None,
        }
    }
}

/// A broker that has something on the stage.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broker {
    /// Its node.
    pub node: NodeId,
    /// Its name.
    pub name: String,
    /// Whether something stands on the lower line of its frame: the nodes of a
    /// cluster, or what its disk and its memory say.
    pub has_foot: bool,
}

/// A node of a cluster: one of its brokers, or its controller.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// Its node.
    pub node: NodeId,
    /// Its name.
    pub name: String,
    /// The cluster that it belongs to.
    pub cluster: NodeId,
    /// What it is there.
    pub is: plan::Member,
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
    /// The brokers that hold its queues and exchanges.
    pub brokers: Vec<Broker>,
    /// The nodes of its clusters.
    pub members: Vec<Member>,
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

    /// Where a thing that can be selected is drawn. A message is nowhere for
    /// long: where it is, is the engine's to say.
    pub fn find(&self, thing: Thing) -> Option<Shown> {
        let item = |station: Station| self.items.iter().position(|item| item.station() == station);
        match thing {
            Thing::Place(place) => {
                let broker = || self.brokers.iter().position(|broker| PlaceId(broker.node.0) == place);
                let item = item(Station::Place(place)).map(Shown::Item);
                let member = || self.members.iter().position(|member| PlaceId(member.node.0) == place);
                let item = item.or_else(|| broker().map(Shown::Broker));
                item.or_else(|| member().map(Shown::Member))
            }
            Thing::Exchange(broker, exchange) => item(Station::Exchange(broker, exchange)).map(Shown::Item),
            Thing::Way(from, to) => {
                let (from, to) = (item(from)?, item(to)?);
                let way = self.ways.iter().position(|way| (way.from, way.to) == (from, to));
                way.map(Shown::Way)
            }
            Thing::Message(_) => None,
        }
    }

    /// What a selection calls something that is drawn.
    pub fn thing(&self, shown: Shown) -> Option<Thing> {
        match shown {
            Shown::Item(item) => self.items.get(item).map(|item| item.station().into()),
            Shown::Way(way) => {
                let way = self.ways.get(way)?;
                Some(Thing::Way(self.items[way.from].station(), self.items[way.to].station()))
            }
            Shown::Broker(broker) => Some(Thing::Place(PlaceId(self.brokers.get(broker)?.node.0))),
            Shown::Member(member) => Some(Thing::Place(PlaceId(self.members.get(member)?.node.0))),
        }
    }

    /// Everything that is drawn: items, brokers with their members, ways.
    pub fn shown(&self) -> impl Iterator<Item = Shown> + use<> {
        let items = (0..self.items.len()).map(Shown::Item);
        let brokers = (0..self.brokers.len()).map(Shown::Broker);
        let members = (0..self.members.len()).map(Shown::Member);
        items
            .chain(brokers)
            .chain(members)
            .chain((0..self.ways.len()).map(Shown::Way))
    }

    /// The members of a broker of the diagram; none if it is no cluster.
    pub fn members_of(&self, broker: usize) -> impl Iterator<Item = (usize, &Member)> {
        let node = self.brokers.get(broker).map(|broker| broker.node);
        let members = self.members.iter().enumerate();
        members.filter(move |(_, member)| Some(member.cluster) == node)
    }

    /// The broker that an item is a part of.
    pub fn broker_of(&self, item: usize) -> Option<usize> {
        let node = self.items.get(item)?.node;
        self.brokers.iter().position(|broker| broker.node == node)
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
        // Every round reaches one more, or is the last.
        let mut is_reaching = true;
        while std::mem::take(&mut is_reaching) {
            for way in &self.ways {
                if reached[way.from] && !reached[way.to] {
                    reached[way.to] = true;
                    is_reaching = true;
                }
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
        let is_drawn = |broker: &Broker| items.iter().any(|item| item.node == broker.node);
        let brokers: Vec<Broker> = self.brokers.into_iter().filter(is_drawn).collect();
        let is_member = |member: &Member| brokers.iter().any(|broker| broker.node == member.cluster);
        let members = self.members.into_iter().filter(is_member).collect();
        Diagram {
            items,
            ways,
            brokers,
            members,
        }
    }
}

#[cfg(test)]
mod tests;
