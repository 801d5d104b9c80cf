//! From the name of a metric's subject to its place in one variant.

use super::MetricName;
use crate::phrase::{Text, text};
use mqlab_engine::plan::{NodeKind, Plan, StepPlan, Target};
use mqlab_engine::{Metric, MetricKind, PlaceKind, Places, Subject};
use mqlab_model::{NodeId, PlaceId};

/// Why a metric cannot be measured in a variant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Unresolved {
    /// Nothing has the name.
    Unknown,
    /// Something has it that the metric is not about. With a sentence that
    /// helps, if there is one.
    WrongKind(Option<Text>),
    /// It is a table that does not say what its rows are there for.
    ExpectsNothing,
}

/// The metric in one variant.
pub(crate) fn resolve(name: &MetricName, plan: &Plan, places: &Places) -> Result<Metric, Unresolved> {
    let place = match &name.subject {
        None => None,
        Some(subject) => {
            let place = places.named(subject).ok_or(Unresolved::Unknown)?;
            Some(subject_at(name.kind, place, plan, places)?)
        }
    };
    Ok(Metric {
        kind: name.kind,
        place,
        argument: name.argument,
    })
}

/// The place that a metric is measured at, if it is asked of the thing at `place`.
pub(crate) fn subject_at(
    metric: MetricKind,
    place: PlaceId,
    plan: &Plan,
    places: &Places,
) -> Result<PlaceId, Unresolved> {
    let info = metric.info();
    let found = places.get(place);
    let fits = match (info.subject, found.kind) {
        (Subject::Inlet | Subject::WorldOrInlet, PlaceKind::Service) => {
            return calls_of(found.node, plan, places);
        }
        (Subject::Queue, PlaceKind::Group) if metric == MetricKind::Consumers => true,
        (Subject::Queue, PlaceKind::Topic) if metric == MetricKind::Brokers => true,
        // What lies on disks is the topic's, whoever reads it.
        (Subject::Queue, PlaceKind::Group | PlaceKind::GroupPartition | PlaceKind::Queue) if metric.is_of_log() => {
            false
        }
        (Subject::Inlet | Subject::WorldOrInlet | Subject::Queue, PlaceKind::Group) => metric.adds_up(),
        // What a group has not committed is the group's.
        (Subject::Inlet | Subject::WorldOrInlet | Subject::Queue, PlaceKind::Topic) => {
            metric.adds_up() && metric != MetricKind::Lag
        }
        (Subject::Inlet | Subject::WorldOrInlet | Subject::Queue, kind) => is_inlet(kind),
        (Subject::Source, PlaceKind::Service) => sends(found.node, plan),
        (Subject::Source | Subject::Load, kind) => kind == PlaceKind::Load,
        (Subject::Service, kind) => kind == PlaceKind::Service,
        (Subject::Table | Subject::WorldOrTable, kind) => kind == PlaceKind::Table,
        (Subject::Broker, kind) => kind == PlaceKind::Broker,
        (Subject::Member, kind) => kind == PlaceKind::Member,
        (Subject::Node, kind) => !is_part(kind),
    };
    if fits && needs_expects(metric) && !expects_rows(plan, found.node) {
        return Err(Unresolved::ExpectsNothing);
    }
    if fits {
        Ok(place)
    } else {
        Err(Unresolved::WrongKind(None))
    }
}

/// What messages lie in, or what owes their handling.
fn is_inlet(kind: PlaceKind) -> bool {
    matches!(
        kind,
        PlaceKind::Queue | PlaceKind::Partition | PlaceKind::GroupPartition
    )
}

/// What is a part of a broker, and no node.
fn is_part(kind: PlaceKind) -> bool {
    is_inlet(kind) || matches!(kind, PlaceKind::Topic | PlaceKind::Group)
}

/// Whether a metric compares rows with those that should be there.
fn needs_expects(kind: MetricKind) -> bool {
    use MetricKind as Kind;
    matches!(
        kind,
        Kind::Expected | Kind::Missing | Kind::Extra | Kind::Inconsistent | Kind::InconsistentAt | Kind::ConsistentAt
    )
}

fn expects_rows(plan: &Plan, node: NodeId) -> bool {
    let kind = plan.nodes.get(usize::from(node.0)).map(|node| &node.kind);
    matches!(kind, Some(NodeKind::Table(table)) if table.expects.is_some())
}

/// Where the direct calls of a service come in, if anybody makes any.
fn calls_of(service: NodeId, plan: &Plan, places: &Places) -> Result<PlaceId, Unresolved> {
    let calls = |node: &NodeKind| match node {
        NodeKind::Load(load) => load.to == Target::Service(service),
        NodeKind::Service(caller) => caller
            .steps
            .iter()
            .any(|step| matches!(step, StepPlan::Call { services, .. } if services.contains(&service))),
        NodeKind::Broker(_) | NodeKind::Table(_) | NodeKind::Member(_) => false,
    };
    if plan.nodes.iter().any(|node| calls(&node.kind)) {
        return places.find(service, PlaceKind::Calls, 0).ok_or(Unresolved::Unknown);
    }
    Err(Unresolved::WrongKind(
        queue_of(service, plan, places).map(|queue| text!(AskForQueue, queue)),
    ))
}

/// The name of the queue that a service consumes.
fn queue_of<'a>(service: NodeId, plan: &Plan, places: &'a Places) -> Option<&'a str> {
    let NodeKind::Service(service) = &plan.nodes.get(usize::from(service.0))?.kind else {
        return None;
    };
    let queue = service.consume.as_ref()?.place(places)?;
    Some(places.get(queue).name.as_str())
}

/// Whether a service publishes or calls.
fn sends(service: NodeId, plan: &Plan) -> bool {
    match plan.nodes.get(usize::from(service.0)).map(|node| &node.kind) {
        Some(NodeKind::Service(service)) => service
            .steps
            .iter()
            .any(|step| matches!(step, StepPlan::Publish { .. } | StepPlan::Call { .. })),
        _ => false,
    }
}
