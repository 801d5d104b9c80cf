//! Sources: what messages come from, numbered from the plan.
//!
//! A load is a source. A publish step of a service is one too, once per target
//! and per source of the messages that reach the service: a message that a
//! handler publishes has the running number of the message it was made from,
//! so that handling the same message twice publishes the same message twice.

use crate::places::{PlaceKind, Places};
use crate::plan::{BrokerPlan, LoadPlan, NodeKind, Plan, StepPlan, Target};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use mqlab_kernel::{SortedMap, sort_by};
use mqlab_model::{NodeId, PlaceId, SourceId};

/// A publish step by its number among a service's steps, and one of its
/// targets.
type StepTarget = (u16, u16);

/// A source of messages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// The load's name, or `service>target` for a publish step.
    pub name: String,
    /// Who makes the messages.
    pub node: NodeId,
    /// Where all of them go, if that is one place.
    pub direct: Option<PlaceId>,
    /// The source of the messages from which these are made.
    pub parent: Option<SourceId>,
    /// Whether the sender is told that a message is safe.
    pub confirms: bool,
    /// Whether the sender takes a message to be safe as soon as it is sent.
    pub(crate) trusts: bool,
    /// Which publish step, and which of its targets.
    step: Option<StepTarget>,
}

/// Most sources that a plan can have.
pub(crate) const SOURCES_MAX: usize = 4096;

/// Most places, and most sources, of a plan whose messages may be given keys
/// by hand: every source may then have to do with every place.
const KEYS_PLACES_MAX: usize = 250;

/// All sources of a plan.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sources {
    sources: Vec<Source>,
    /// By publishing service, step and target: from the source of what is
    /// handled to the source of what is made of it.
    made: SortedMap<(NodeId, StepTarget), Vec<(SourceId, SourceId)>>,
    takes_keys: bool,
}

impl Sources {
    /// Finds the sources of `plan`: loads in file order, then publish steps as
    /// the messages of known sources reach them.
    pub fn of(plan: &Plan, places: &Places) -> Self {
        let mut found = Sources::default();
        for (index, node) in plan.nodes.iter().enumerate() {
            if let NodeKind::Load(load) = &node.kind {
                found
                    .sources
                    .push(load_source(&node.name, NodeId(index as u16), load, places));
            }
        }
        let reach = Reach::new(plan, places);
        let mut next = 0;
        while next < found.sources.len() && found.sources.len() < SOURCES_MAX {
            found.follow(SourceId(next as u16), plan, places, &reach);
            next += 1;
        }
        found.follow_keys(plan, places, &reach);
        found
    }

    /// Adds what becomes of messages that are given a key by hand: with the
    /// name of another queue it takes them there. These sources come last, so
    /// that the others have the numbers that they had without.
    fn follow_keys(&mut self, plan: &Plan, places: &Places, reach: &Reach) {
        if places.len().max(self.len()) > KEYS_PLACES_MAX {
            return;
        }
        let before = self.clone();
        for source in (0..before.len() as u16).map(SourceId) {
            let known = before.get(source);
            let to_queue = known.direct.filter(|place| places.get(*place).kind == PlaceKind::Queue);
            let (Some(direct), None) = (to_queue, known.parent) else {
                continue;
            };
            let usual = reach.of(Some(direct));
            for id in reach.by_choice.iter().filter(|id| !usual.contains(id)) {
                if self.len() <= KEYS_PLACES_MAX {
                    self.follow_into(*id, source, plan, places);
                }
            }
        }
        let mut next = before.len();
        while next < self.len() && self.len() <= KEYS_PLACES_MAX {
            self.follow(SourceId(next as u16), plan, places, reach);
            next += 1;
        }
        self.takes_keys = self.len() <= KEYS_PLACES_MAX;
        if !self.takes_keys {
            *self = before;
        }
    }

    /// Whether a message of a load may be given the name of another queue as
    /// its key. In plans with very many places and sources it may not.
    pub fn takes_keys(&self) -> bool {
        self.takes_keys
    }

    /// Adds what the services reached by `source` make of its messages.
    fn follow(&mut self, source: SourceId, plan: &Plan, places: &Places, reach: &Reach) {
        for id in reach.of(self.get(source).direct) {
            self.follow_into(*id, source, plan, places);
        }
    }

    /// Adds what one service makes of the messages of `source`.
    fn follow_into(&mut self, id: NodeId, source: SourceId, plan: &Plan, places: &Places) {
        let NodeKind::Service(service) = &plan.nodes[usize::from(id.0)].kind else {
            return;
        };
        for (step, plan_step) in service.steps.iter().enumerate() {
            let StepPlan::Publish { to, .. } = plan_step else {
                continue;
            };
            for (which, target) in to.iter().enumerate() {
                let mut producers = service.producers.iter();
                let producer = producers.find(|(broker, _)| *broker == target.node());
                let trusts = producer.is_some_and(|(_, producer)| producer.trusts());
                self.add_child(source, id, (step as u16, which as u16), (target, trusts), places);
            }
        }
    }

    /// A step whose own messages come back to it makes them again under the
    /// same source: a loop republishes, it does not invent.
    fn add_child(
        &mut self,
        parent: SourceId,
        node: NodeId,
        step: StepTarget,
        (target, trusts): (&Target, bool),
        places: &Places,
    ) {
        let child = self.ancestor_at(parent, node, step).unwrap_or_else(|| {
            let direct = target.place(places);
            let to = direct.map_or("exchange", |place| places.get(place).name.as_str());
            let name = format!("{}>{}", places.get(PlaceId(node.0)).name, to);
            let step = Some(step);
            self.sources.push(Source {
                name,
                node,
                direct,
                parent: Some(parent),
                confirms: true,
                trusts,
                step,
            });
            SourceId((self.sources.len() - 1) as u16)
        });
        self.made.get_or_default((node, step)).push((parent, child));
    }

    /// `source` or what it was made from, if that is this very step.
    fn ancestor_at(&self, source: SourceId, node: NodeId, step: StepTarget) -> Option<SourceId> {
        let mut ancestor = Some(source);
        while let Some(id) = ancestor {
            let known = self.get(id);
            if known.node == node && known.step == Some(step) {
                return Some(id);
            }
            ancestor = known.parent;
        }
        None
    }

    /// What one target of a publish step makes: from the source of what is
    /// handled to the source of what is made of it.
    pub(crate) fn made_by(&self, node: NodeId, step: StepTarget) -> &[(SourceId, SourceId)] {
        self.made.get(&(node, step)).map_or(&[], Vec::as_slice)
    }

    /// The source with this id.
    ///
    /// # Panics
    /// If the id is of another plan and too large for this one.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.sources[usize::from(id.0)]
    }

    /// Every source with its id.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.sources
            .iter()
            .enumerate()
            .map(|(index, source)| (SourceId(index as u16), source))
    }

    /// How many sources there are.
    pub fn len(&self) -> usize {
        self.sources.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// The load whose messages those of `source` were made from at last: two
    /// messages with the same number whose sources have the same root are
    /// about the same business.
    pub fn root(&self, source: SourceId) -> SourceId {
        let mut root = source;
        while let Some(parent) = self.get(root).parent {
            root = parent;
        }
        root
    }

    /// `source` and everything that is made from its messages.
    pub fn family(&self, source: SourceId) -> Vec<SourceId> {
        let descends = |mut id: SourceId| loop {
            if id == source {
                return true;
            }
            match self.get(id).parent {
                Some(parent) => id = parent,
                None => return false,
            }
        };
        self.iter().map(|(id, _)| id).filter(|id| descends(*id)).collect()
    }
}

fn load_source(name: &str, node: NodeId, load: &LoadPlan, places: &Places) -> Source {
    let direct = load.to.place(places);
    let confirms = load.confirms || matches!(load.to, Target::Service(_));
    Source {
        name: name.into(),
        node,
        direct,
        parent: None,
        confirms,
        trusts: load.producer.trusts(),
        step: None,
    }
}

/// Which services the messages for a place can reach.
struct Reach {
    /// By place; empty where messages cannot go.
    by_place: Vec<Vec<NodeId>>,
    /// By the broker's choice, which depends on the message: any place of a
    /// broker may be meant.
    by_choice: Vec<NodeId>,
}

impl Reach {
    fn new(plan: &Plan, places: &Places) -> Self {
        let mut by_place = alloc::vec![Vec::new(); places.len()];
        let mut by_choice = Vec::new();
        for (index, node) in plan.nodes.iter().enumerate() {
            let NodeKind::Service(service) = &node.kind else {
                continue;
            };
            let id = NodeId(index as u16);
            if let Some(place) = places.find(id, PlaceKind::Calls, 0) {
                collect_called(id, plan, &mut by_place[usize::from(place.0)]);
            }
            if let Some(consume) = &service.consume {
                for place in consume.places(places) {
                    collect_called(id, plan, &mut by_place[usize::from(place.0)]);
                }
                collect_called(id, plan, &mut by_choice);
            }
        }
        let mut reached = by_place.clone();
        for (place, services) in (0..).map(PlaceId).zip(&mut reached) {
            collect_dead(place, plan, places, (&by_place, &by_choice), services);
        }
        by_place = reached;
        // In file order, whatever the order of calls.
        by_place.iter_mut().for_each(|reached| sort_by(reached, Ord::cmp));
        sort_by(&mut by_choice, Ord::cmp);
        Reach { by_place, by_choice }
    }

    fn of(&self, direct: Option<PlaceId>) -> &[NodeId] {
        direct.map_or(&self.by_choice, |place| &self.by_place[usize::from(place.0)])
    }
}

/// The services that consume what a queue gives up: of the queues that get it,
/// and of those that get what these give up. Behind an exchange any may be meant.
fn collect_dead(
    queue: PlaceId,
    plan: &Plan,
    places: &Places,
    (by_place, by_choice): (&[Vec<NodeId>], &[NodeId]),
    into: &mut Vec<NodeId>,
) {
    let broker = places.get(queue).node;
    let (PlaceKind::Queue, NodeKind::Broker(BrokerPlan::Rabbit(config))) =
        (places.get(queue).kind, &plan.nodes[usize::from(broker.0)].kind)
    else {
        return;
    };
    let mut add = |services: &[NodeId]| {
        let new: Vec<NodeId> = services.iter().filter(|id| !into.contains(id)).copied().collect();
        into.extend(new);
    };
    let mut seen = Vec::new();
    let mut next = config.queue(&places.get(queue).name);
    while let Some(id) = next.take().filter(|id| !seen.contains(id)) {
        seen.push(id);
        let arguments = config.queues[usize::from(id.0)].arguments.as_ref();
        let Some(target) = arguments.and_then(|arguments| arguments.dead_letter.as_ref()) else {
            return;
        };
        let named = target.key.as_deref().and_then(|key| config.queue(key));
        match named.filter(|_| target.exchange.is_empty()) {
            Some(queue) => {
                let place = places.find(broker, PlaceKind::Queue, usize::from(queue.0));
                place.into_iter().for_each(|place| add(&by_place[usize::from(place.0)]));
                next = Some(queue);
            }
            None => add(by_choice),
        }
    }
}

/// `node` if it is a service, and every service it calls, directly or not.
fn collect_called(node: NodeId, plan: &Plan, into: &mut Vec<NodeId>) {
    let NodeKind::Service(service) = &plan.nodes[usize::from(node.0)].kind else {
        return;
    };
    if into.contains(&node) {
        return;
    }
    into.push(node);
    for step in &service.steps {
        if let StepPlan::Call { services, .. } = step {
            services.iter().for_each(|called| collect_called(*called, plan, into));
        }
        // Who looks through a table handles what the rows were written for.
        if let Some(table) = step.writes() {
            for (index, other) in plan.nodes.iter().enumerate() {
                let scan = match &other.kind {
                    NodeKind::Service(other) => other.scan,
                    _ => None,
                };
                if scan.is_some_and(|scan| scan.table == table) {
                    collect_called(NodeId(index as u16), plan, into);
                }
            }
        }
    }
}
