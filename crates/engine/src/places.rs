//! Places: everything that facts are about, numbered in file order.

use crate::plan::{BrokerPlan, NodeKind, Part, Plan, ServicePlan, Subscription};
use alloc::string::String;
use alloc::vec::Vec;
use mqlab_model::{NodeId, PlaceId};

/// What a place is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum PlaceKind {
    /// A load.
    Load,
    /// A broker, or a cluster of them.
    Broker,
    /// A node of a cluster.
    Member,
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
    /// A topic: its partitions are parts of it, and nothing happens to itself.
    Topic,
    /// A partition of a topic. Without a group that reads it, it keeps what
    /// nobody owes.
    Partition,
    /// A consumer group: what it owes is at each partition that it reads.
    Group,
    /// What a group owes at a partition.
    GroupPartition,
}

impl PlaceKind {
    /// How many kinds there are.
    pub(crate) const COUNT: usize = PlaceKind::GroupPartition as usize + 1;

    /// Whether the handling of messages can be owed there.
    pub const fn is_inlet(self) -> bool {
        match self {
            PlaceKind::Queue | PlaceKind::Calls | PlaceKind::Partition | PlaceKind::GroupPartition => true,
            PlaceKind::Load
            | PlaceKind::Broker
            | PlaceKind::Member
            | PlaceKind::Service
            | PlaceKind::Table
            | PlaceKind::Subscription
            | PlaceKind::Topic
            | PlaceKind::Group => false,
        }
    }
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
    /// What else it is a part of: a partition of its topic, what a group owes
    /// there of the partition, a node of its cluster, one of a service's
    /// subscriptions of what it is served from.
    pub of: Option<PlaceId>,
}

/// All places of a plan. The first ones are the nodes themselves, so that
/// `PlaceId(i)` is `NodeId(i)`; queues and inlets follow in node order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Places {
    places: Vec<Place>,
    /// All of them, by name; those of one name in order.
    by_name: Vec<PlaceId>,
    /// Those that are a part of another one, by that; those of one in order.
    by_whole: Vec<PlaceId>,
    /// All of them, by node and kind; those of one kind in order.
    by_kind: Vec<PlaceId>,
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
                NodeKind::Member(_) => PlaceKind::Member,
                NodeKind::Service(_) => PlaceKind::Service,
                NodeKind::Table(_) => PlaceKind::Table,
            };
            let of = match node.kind {
                NodeKind::Member(member) => Some(PlaceId(member.of.0)),
                _ => None,
            };
            places.push(Place {
                name: node.name.clone(),
                kind,
                node: node_id(index),
                of,
            });
        }
        let mut known = Places {
            places,
            by_name: Vec::new(),
            by_whole: Vec::new(),
            by_kind: Vec::new(),
        };
        for (index, node) in plan.nodes.iter().enumerate() {
            let id = node_id(index);
            match &node.kind {
                NodeKind::Broker(broker) => known.add_parts(id, broker.parts()),
                NodeKind::Service(service) => known.add_inlets(id, &node.name, subscriptions(plan, service)),
                NodeKind::Load(_) | NodeKind::Table(_) | NodeKind::Member(_) => {}
            }
        }
        let all: Vec<PlaceId> = known.iter().map(|(id, _)| id).collect();
        let mut by_kind = all.clone();
        mqlab_kernel::sort_by_key(&mut by_kind, |id| known.kind_at(*id));
        known.by_kind = by_kind;
        known.connect(plan);
        let mut by_name = all;
        mqlab_kernel::sort_by(&mut by_name, |one, other| {
            known.get(*one).name.cmp(&known.get(*other).name)
        });
        known.by_name = by_name;
        let parts = known.iter().filter(|(_, place)| place.of.is_some());
        let mut by_whole: Vec<PlaceId> = parts.map(|(id, _)| id).collect();
        mqlab_kernel::sort_by_key(&mut by_whole, |id| known.get(*id).of);
        known.by_whole = by_whole;
        known
    }

    fn add_parts(&mut self, node: NodeId, parts: Vec<Part>) {
        let first = self.places.len();
        self.places.extend(parts.into_iter().map(|part| Place {
            name: part.name,
            kind: part.kind,
            node,
            of: part.of.map(|index| PlaceId((first + index) as u16)),
        }));
    }

    /// So many subscriptions, and the calls.
    fn add_inlets(&mut self, node: NodeId, name: &str, subscriptions: usize) {
        let kinds = core::iter::repeat_n(PlaceKind::Subscription, subscriptions).chain([PlaceKind::Calls]);
        self.places.extend(kinds.map(|kind| Place {
            name: name.into(),
            kind,
            node,
            of: None,
        }));
    }

    /// Every subscription of a service is to something, which may stand behind it.
    fn connect(&mut self, plan: &Plan) {
        assert!(
            self.places.len() < usize::from(u16::MAX),
            "a plan has no more places than that"
        );
        for (index, node) in plan.nodes.iter().enumerate() {
            let NodeKind::Service(service) = &node.kind else {
                continue;
            };
            let Some(consume) = &service.consume else { continue };
            for (number, owner) in consume.places(self).into_iter().enumerate() {
                let own = self.find(NodeId(index as u16), PlaceKind::Subscription, number);
                let own = own.expect("a service has as many subscriptions as it is served from");
                self.places[usize::from(own.0)].of = Some(owner);
            }
        }
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
        let first = self.by_kind.partition_point(|id| self.kind_at(*id) < (node, kind));
        let found = *self.by_kind.get(first.checked_add(index)?)?;
        (self.kind_at(found) == (node, kind)).then_some(found)
    }

    /// Where a place is, and what.
    fn kind_at(&self, id: PlaceId) -> (NodeId, PlaceKind) {
        let place = self.get(id);
        (place.node, place.kind)
    }

    /// Where what a service handles comes in: its subscriptions and its calls.
    pub fn inlets_of(&self, service: NodeId) -> impl Iterator<Item = PlaceId> {
        let kinds = |kind| matches!(kind, PlaceKind::Subscription | PlaceKind::Calls);
        let own = self
            .iter()
            .filter(move |(_, place)| place.node == service && kinds(place.kind));
        own.map(|(id, _)| id)
    }

    /// The parts of a place, and of parts nothing: partitions of a topic, what
    /// groups owe at a partition.
    pub fn parts_of(&self, whole: PlaceId) -> impl Iterator<Item = PlaceId> {
        let of = |id: &PlaceId| self.get(*id).of;
        let first = self.by_whole.partition_point(|id| of(id) < Some(whole));
        let behind = self.by_whole[first..].iter().copied();
        behind.take_while(move |id| of(id) == Some(whole))
    }

    /// What a group owes, partition by partition.
    pub fn of_group(&self, group: PlaceId) -> impl Iterator<Item = PlaceId> {
        let behind = self.iter().skip(usize::from(group.0) + 1);
        behind
            .take_while(|(_, place)| place.kind == PlaceKind::GroupPartition)
            .map(|(id, _)| id)
    }

    /// The node called `name`, or the part of a broker.
    pub fn named(&self, name: &str) -> Option<PlaceId> {
        let inlet = |kind| matches!(kind, PlaceKind::Subscription | PlaceKind::Calls);
        let first = self.by_name.partition_point(|id| self.get(*id).name.as_str() < name);
        let same = self.by_name[first..]
            .iter()
            .take_while(|id| self.get(**id).name == name);
        same.copied().find(|id| !inlet(self.get(*id).kind))
    }
}

/// How many things a service is served from, or one if it is from none: as many
/// subscriptions it has.
fn subscriptions(plan: &Plan, service: &ServicePlan) -> usize {
    let Some(consume) = &service.consume else { return 1 };
    let broker = plan.nodes[usize::from(consume.broker.0)].kind.broker();
    let (Some(BrokerPlan::Kafka(config)), Subscription::Kafka(subscription)) = (broker, &consume.subscription) else {
        return 1;
    };
    let topics = subscription
        .topics
        .iter()
        .map(|topic| &config.topics[usize::from(topic.0)]);
    topics.map(|topic| topic.partitions as usize).sum()
}
