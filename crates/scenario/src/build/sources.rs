//! How many sources of messages a plan has.
//!
//! A message that a service publishes is told apart by the message it was made
//! from, so one publish step is a source for every source that reaches it, and
//! a cascade of services multiplies.

use mqlab_engine::plan::{NodeKind, NodePlan, Plan, StepPlan, Target};
use mqlab_engine::{PlaceKind, Places};
use mqlab_kernel::{SortedMap, SortedSet};
use mqlab_model::{NodeId, PlaceId};

/// A publish step's target: service, step, place in the step.
type Step = (usize, usize, usize);

/// Where the messages of a source go.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// All of them to one place of a broker.
    Place(PlaceId),
    Calls(usize),
    /// The broker decides; any place of it may be meant.
    Choice(NodeId),
}

/// What a count found.
pub(super) struct Counted {
    /// Sources of messages.
    pub(super) sources: usize,
    /// Pairs of a source and a place where its messages are owed, at most.
    pub(super) pairs: usize,
}

/// Counts the sources of a plan without circles of calls, giving up above
/// `most`.
pub(super) fn count(plan: &Plan, most: usize) -> Counted {
    let places = Places::of(plan);
    let reach = Reach::of(plan, &places);
    // The sources, each with its way and what it was made from.
    let mut sources: Vec<(Way, Option<usize>, Option<Step>)> = Vec::new();
    for node in &plan.nodes {
        if let NodeKind::Load(load) = &node.kind {
            sources.push((way(&load.to, &places), None, None));
        }
    }
    let mut pairs = 0;
    let mut next = 0;
    while let Some((way, ..)) = sources.get(next).copied() {
        let services = reach.services(way);
        pairs += 1 + services.len() + reach.queues(way);
        for service in services {
            for (step, target) in reach.publishes(service) {
                let mut above = Some(next);
                let mut repeats = false;
                while let Some((_, parent, made_by)) = above.and_then(|above| sources.get(above)) {
                    repeats |= *made_by == Some(*step);
                    above = *parent;
                }
                if !repeats {
                    sources.push((*target, Some(next), Some(*step)));
                }
                if sources.len() > most {
                    return Counted {
                        sources: sources.len(),
                        pairs,
                    };
                }
            }
        }
        next += 1;
    }
    Counted {
        sources: sources.len(),
        pairs,
    }
}

fn way(target: &Target, places: &Places) -> Way {
    match *target {
        Target::Broker { broker, .. } => target.place(places).map_or(Way::Choice(broker), Way::Place),
        Target::Service(node) => Way::Calls(usize::from(node.0)),
    }
}

/// Which services messages reach, and what these publish.
struct Reach {
    /// By place, with its broker.
    consumers: SortedMap<(NodeId, PlaceId), Vec<usize>>,
    calls: SortedMap<usize, Vec<usize>>,
    publishes: SortedMap<usize, Vec<(Step, Way)>>,
    queues: SortedMap<NodeId, usize>,
}

impl Reach {
    fn of(plan: &Plan, places: &Places) -> Reach {
        let mut reach = Reach {
            consumers: SortedMap::new(),
            calls: SortedMap::new(),
            publishes: SortedMap::new(),
            queues: SortedMap::new(),
        };
        let is_of_broker = |kind: PlaceKind| kind.is_inlet() && kind != PlaceKind::Calls;
        for (_, place) in places.iter().filter(|(_, place)| is_of_broker(place.kind)) {
            *reach.queues.get_or_default(place.node) += 1;
        }
        for (index, node) in plan.nodes.iter().enumerate() {
            match &node.kind {
                NodeKind::Service(service) => {
                    let consume = service.consume.as_ref();
                    if let Some(from) = consume {
                        for place in from.places(places) {
                            reach.consumers.get_or_default((from.broker, place)).push(index);
                        }
                    }
                    // Who looks through a table handles what the rows were
                    // written for, as if it were called.
                    let written: Vec<NodeId> = service.steps.iter().filter_map(StepPlan::writes).collect();
                    let scans = |other: &NodePlan| match &other.kind {
                        NodeKind::Service(other) => other.scan.is_some_and(|scan| written.contains(&scan.table)),
                        _ => false,
                    };
                    let scanning = (0..plan.nodes.len()).filter(|other| scans(&plan.nodes[*other]));
                    reach.calls.get_or_default(index).extend(scanning);
                    for (number, step) in service.steps.iter().enumerate() {
                        reach.step((index, number), step, places);
                    }
                }
                NodeKind::Load(_) | NodeKind::Broker(_) | NodeKind::Member(_) | NodeKind::Table(_) => {}
            }
        }
        reach
    }

    fn step(&mut self, (service, number): (usize, usize), step: &StepPlan, places: &Places) {
        match step {
            StepPlan::Publish { to, .. } => {
                let targets = to
                    .iter()
                    .enumerate()
                    .map(|(which, target)| ((service, number, which), way(target, places)));
                self.publishes.get_or_default(service).extend(targets);
            }
            StepPlan::Call { services, .. } => {
                let called = services.iter().map(|called| usize::from(called.0));
                self.calls.get_or_default(service).extend(called);
            }
            _ => {}
        }
    }

    /// The services that handle messages of a source, and those they call.
    fn services(&self, way: Way) -> SortedSet<usize> {
        let mut open: Vec<usize> = match way {
            Way::Place(place) => self.consumers_of(|(_, consumed)| consumed == place),
            Way::Calls(service) => vec![service],
            Way::Choice(broker) => self.consumers_of(|(node, _)| node == broker),
        };
        let mut reached = SortedSet::new();
        while let Some(service) = open.pop() {
            if reached.insert(service) {
                open.extend(self.calls.get(&service).into_iter().flatten());
            }
        }
        reached
    }

    fn consumers_of(&self, is_it: impl Fn((NodeId, PlaceId)) -> bool) -> Vec<usize> {
        let found = self.consumers.iter().filter(|(of, _)| is_it(**of));
        found.flat_map(|(_, list)| list.clone()).collect()
    }

    fn publishes(&self, service: usize) -> &[(Step, Way)] {
        self.publishes.get(&service).map_or(&[], Vec::as_slice)
    }

    /// How many places of a broker messages of a source may be in.
    fn queues(&self, way: Way) -> usize {
        match way {
            Way::Choice(broker) => self.queues.get(&broker).copied().unwrap_or(0),
            Way::Place(_) | Way::Calls(_) => 0,
        }
    }
}
