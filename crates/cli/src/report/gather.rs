//! Reads a report off a run.

use super::kafka::Cluster;
use super::rabbit;
use super::show::Shown;
use super::{InletRow, QueueRow, Report, VariantReport};
use crate::arguments::Show;
use crate::drive::{End, Run};
use crate::load::Loaded;
use mqlab_engine::plan::{FAULTS_MAX, LimitHit, Limits, NodeKind, Plan};
use mqlab_engine::{BrokerView, MetricKind, NodeView, PlaceKind, Value, World};
use mqlab_model::{FactKind, NodeId, PlaceId};
use mqlab_scenario::Scenario;
use mqlab_scenario::report::{count, measured};

impl Report {
    /// A report on a scenario of which nothing has run.
    pub(crate) fn new(loaded: &Loaded) -> Self {
        Report {
            title: loaded.scenario.title.clone(),
            file: loaded.input.name.clone(),
            seed: loaded.scenario.seed,
            variants: Vec::new(),
        }
    }
}

impl VariantReport {
    /// What is to be said of a run of the variant at `index`, and what else is shown.
    pub(crate) fn of(scenario: &Scenario, index: usize, run: &Run, show: &[Show]) -> Self {
        let variant = &scenario.variants[index];
        let world = run.runner.world();
        VariantReport {
            data: mqlab_scenario::report::VariantReport {
                interrupted: run.end == End::Interrupted,
                ..mqlab_scenario::report::VariantReport::of(scenario, index, &run.runner)
            },
            refused: count(world, FactKind::Refused),
            end: run.end,
            limit: match run.end {
                End::Limit(hit) => size(hit, &variant.plan.limits),
                End::Over | End::Interrupted => 0,
            },
            wall: run.wall,
            inlets: inlets(world, &variant.plan),
            brokers: brokers(world),
            clusters: clusters(world),
            rabbits: rabbits(world),
            shown: Shown::all(world, show),
        }
    }
}

fn size(hit: LimitHit, limits: &Limits) -> u64 {
    match hit {
        LimitHit::Actions => limits.actions,
        LimitHit::ActionsPerInstant => limits.actions_per_instant,
        LimitHit::Messages => limits.messages,
        LimitHit::Waiting => limits.waiting,
        LimitHit::Rows => limits.rows,
        LimitHit::Faults => FAULTS_MAX as u64,
    }
}

/// With more than so many, what groups owe at partitions has no lines of its own.
const SHARES_MAX: usize = 16;

/// Queues, and what groups owe at partitions, in file order, then services that are
/// called.
fn inlets(world: &World, plan: &Plan) -> Vec<InletRow> {
    let row = |id: PlaceId, name: &str| {
        let get = |kind| measured(world, plan, kind, Some(name)).unwrap_or(Value::Never);
        InletRow {
            name: name.to_owned(),
            accepted: get(MetricKind::Accepted),
            handled: get(MetricKind::Handled),
            backlog: get(MetricKind::Backlog),
            waits: [
                get(MetricKind::WaitP50),
                get(MetricKind::WaitP90),
                get(MetricKind::WaitP99),
                get(MetricKind::WaitMax),
            ],
            handlers: handlers(world, plan, id),
        }
    };
    let owing = |kind: PlaceKind| kind == PlaceKind::GroupPartition;
    let shares = world.places().iter().filter(|(_, place)| owing(place.kind)).count();
    let is_inlet = |kind: PlaceKind, name: &str| match kind {
        PlaceKind::Queue => true,
        PlaceKind::GroupPartition => shares <= SHARES_MAX,
        // A service that nobody calls has no backlog of its own.
        PlaceKind::Service => measured(world, plan, MetricKind::Backlog, Some(name)).is_some(),
        _ => false,
    };
    let places = world.places().iter();
    let found = places.filter(|(_, place)| is_inlet(place.kind, &place.name));
    found.map(|(id, place)| row(id, &place.name)).collect()
}

/// The services that work on what comes in at a place.
fn handlers(world: &World, plan: &Plan, inlet: PlaceId) -> Vec<(String, Value)> {
    let consumer = world.share(inlet).and_then(|share| share.consumer);
    let handles = |node: NodeId, kind: &NodeKind| {
        let NodeKind::Service(service) = kind else { return false };
        if consumer == Some(node) {
            return true;
        }
        let consume = service.consume.as_ref();
        let queue = consume.and_then(|consume| consume.place(world.places()));
        queue == Some(inlet) || PlaceId(node.0) == inlet
    };
    let nodes = plan.nodes.iter().zip(0..);
    let found = nodes.filter(|(node, index)| handles(NodeId(*index), &node.kind));
    found
        .filter_map(|(node, index)| match world.node(NodeId(index)) {
            NodeView::Service { utilisation, .. } => Some((node.name.clone(), Value::Ratio(utilisation))),
            _ => None,
        })
        .collect()
}

fn brokers(world: &World) -> Vec<(String, Vec<QueueRow>)> {
    let places = world.places();
    let brokers = places.iter().filter(|(_, place)| place.kind == PlaceKind::Broker);
    let listed = brokers.filter_map(|(_, place)| {
        let NodeView::Broker(BrokerView::Rabbit { queues }) = world.node(place.node) else {
            return None;
        };
        let rows = queues.iter().map(|queue| QueueRow {
            name: places.get(queue.place).name.clone(),
            messages_ready: queue.messages_ready,
            messages_unacknowledged: queue.messages_unacknowledged,
            consumers: queue.consumers,
        });
        Some((place.name.clone(), rows.collect()))
    });
    listed.collect()
}

fn clusters(world: &World) -> Vec<Cluster> {
    let places = world.places();
    let brokers = places.iter().filter(|(_, place)| place.kind == PlaceKind::Broker);
    brokers
        .filter_map(|(_, place)| Cluster::of(world, place.node))
        .collect()
}

fn rabbits(world: &World) -> Vec<rabbit::Cluster> {
    let places = world.places();
    let brokers = places.iter().filter(|(_, place)| place.kind == PlaceKind::Broker);
    brokers
        .filter_map(|(_, place)| rabbit::Cluster::of(world, place.node))
        .collect()
}
