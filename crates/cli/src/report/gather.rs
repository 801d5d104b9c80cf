//! Reads a report off a run.

use super::{ExpectationRow, InletRow, QueueRow, Report, VariantReport, VerdictRow};
use crate::drive::{End, Run};
use crate::load::Loaded;
use crate::notation;
use mqlab_engine::plan::{LimitHit, Limits, NodeKind, Plan};
use mqlab_engine::{Argument, METRICS, Metric, MetricKind, NodeView, PlaceKind, Subject, Value, World};
use mqlab_kernel::SimTime;
use mqlab_model::{FactKind, NodeId, PlaceId};
use mqlab_scenario::life::FactRow;
use mqlab_scenario::{MetricName, Scenario, State, When};

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
    /// What is to be said of a run of the variant at `index`.
    pub(crate) fn of(scenario: &Scenario, index: usize, run: &Run) -> Self {
        let variant = &scenario.variants[index];
        let world = run.runner.world();
        VariantReport {
            name: variant.name.clone(),
            digest: world.digest(),
            actions: world.actions(),
            facts: world.facts(),
            messages: count(world, FactKind::Offered),
            refused: count(world, FactKind::Refused),
            faults: world.hits(),
            // An endless run that has nothing left to do stands where it
            // last did something.
            now: world.now(),
            end: run.end,
            limit: match run.end {
                End::Limit(hit) => size(hit, &variant.plan.limits),
                End::Over | End::Interrupted => 0,
            },
            wall: run.wall,
            metrics: metrics(world, &variant.plan),
            verdicts: verdicts(world),
            expectations: expectations(scenario, run),
            inlets: inlets(world, &variant.plan),
            brokers: brokers(world),
        }
    }
}

/// How often something happened, wherever it did.
fn count(world: &World, kind: FactKind) -> u64 {
    let places = world.places().iter();
    places.map(|(id, _)| world.fact_count(id, kind)).sum()
}

fn size(hit: LimitHit, limits: &Limits) -> u64 {
    match hit {
        LimitHit::Actions => limits.actions,
        LimitHit::ActionsPerInstant => limits.actions_per_instant,
        LimitHit::Messages => limits.messages,
        LimitHit::Waiting => limits.waiting,
    }
}

/// The metric of the thing called `subject`, if the language allows it there.
fn measured(world: &World, plan: &Plan, kind: MetricKind, subject: Option<&str>) -> Option<Value> {
    let name = MetricName {
        kind,
        subject: subject.map(str::to_owned),
        argument: Argument::None,
    };
    let metric = name.resolve(plan, world.places())?;
    Some(world.metric(&metric))
}

/// Every metric of everything that it can be asked of. `drained` is left out:
/// without the instant from which it counts it says nothing.
fn metrics(world: &World, plan: &Plan) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    let named = |kind: PlaceKind| !matches!(kind, PlaceKind::Subscription | PlaceKind::Calls);
    for info in METRICS.iter().filter(|info| info.kind != MetricKind::Drained) {
        if info.subject == Subject::WorldOrInlet {
            let metric = Metric {
                kind: info.kind,
                place: None,
                argument: Argument::None,
            };
            found.push((info.name.to_owned(), world.metric(&metric)));
        }
        for (_, place) in world.places().iter().filter(|(_, place)| named(place.kind)) {
            if let Some(value) = measured(world, plan, info.kind, Some(&place.name)) {
                found.push((format!("{}({})", info.name, place.name), value));
            }
        }
    }
    found
}

fn verdicts(world: &World) -> Vec<VerdictRow> {
    let row = |verdict: mqlab_engine::Verdict| VerdictRow {
        name: verdict.kind.name(),
        count: verdict.count,
        first: verdict.first.map(|fact| FactRow::of(world, &fact)),
    };
    world.verdicts().map(row).collect()
}

fn expectations(scenario: &Scenario, run: &Run) -> Vec<ExpectationRow> {
    let row = |checked: &mqlab_scenario::Checked| {
        let expectation = &scenario.expectations[checked.expectation];
        let (actual, pass) = match checked.state {
            State::Pending => (None, None),
            State::Held { actual } => (Some(actual), Some(true)),
            State::Failed { actual } => (Some(actual), Some(false)),
        };
        ExpectationRow {
            that: expectation.text.clone(),
            at: notation::when(expectation.when),
            row: expectation.row.clone(),
            actual,
            pass,
            is_cut_off: match (checked.state, run.end) {
                (State::Failed { actual }, End::Limit(_)) => {
                    expectation.that.holds(actual) == (expectation.when != When::Never)
                }
                _ => false,
            },
            decided: checked.at.filter(|at| *at < SimTime::MAX),
        }
    };
    run.runner.results().iter().map(row).collect()
}

/// Queues in file order, then services that are called.
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
    let is_inlet = |kind: PlaceKind, name: &str| match kind {
        PlaceKind::Queue => true,
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
    let handles = |node: NodeId, kind: &NodeKind| {
        let NodeKind::Service(service) = kind else { return false };
        let queue = service.consume.and_then(|consume| {
            let queue = usize::from(consume.queue.0);
            world.places().find(consume.broker, PlaceKind::Queue, queue)
        });
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
        let NodeView::Broker { queues } = world.node(place.node) else {
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
