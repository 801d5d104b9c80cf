//! What sizing measures: a run, and the same run again where it matters.

use crate::drive::{self, SLICE};
use mqlab_engine::plan::{Command, NodeKind, Plan, Setting, Watch, WatchKind, Workers};
use mqlab_engine::{Argument, ColumnKind, Metric, MetricKind, Outcome, PlaceKind, Value, World};
use mqlab_kernel::{SimSpan, SimTime};
use mqlab_model::{NodeId, PlaceId};

/// Somebody stopped the run.
pub(super) struct Stopped;

/// A queue with what consumes it.
#[derive(Clone, Debug)]
pub(super) struct Station {
    pub(super) queue: PlaceId,
    pub(super) name: String,
    /// Consumers with their workers; `None` is no limit.
    pub(super) consumers: Vec<(NodeId, Option<u64>)>,
}

/// The queues of a plan.
pub(super) fn stations(plan: &Plan, world: &World) -> Vec<Station> {
    let queues = world
        .places()
        .iter()
        .filter(|(_, place)| place.kind == PlaceKind::Queue);
    let station = |(queue, place): (PlaceId, &mqlab_engine::Place)| {
        let consumer = |(node, index): (&mqlab_engine::plan::NodePlan, u16)| {
            let NodeKind::Service(service) = &node.kind else {
                return None;
            };
            let consumed = service.consume.as_ref()?.place(world.places());
            let workers = match service.workers {
                Workers::Count(count) => Some(u64::from(count)),
                Workers::Unlimited => None,
            };
            (consumed == Some(queue)).then_some((NodeId(index), workers))
        };
        Station {
            queue,
            name: place.name.clone(),
            consumers: plan.nodes.iter().zip(0..).filter_map(consumer).collect(),
        }
    };
    queues.map(station).collect()
}

/// Runs a world until `to`. Says whether it may go on from there.
pub(super) fn run_to(world: &mut World, to: SimTime) -> Result<bool, Stopped> {
    match drive::finish(|| world.run_until(to, SLICE)) {
        None => Err(Stopped),
        Some(outcome) => Ok(outcome == Outcome::Reached),
    }
}

/// A metric of a place, as a number.
pub(super) fn measured(world: &World, kind: MetricKind, place: PlaceId, argument: Argument) -> Option<f64> {
    let place = Some(place);
    world.metric(&Metric { kind, place, argument }).number()
}

/// The samples of a column.
pub(super) fn samples(world: &World, place: PlaceId, kind: ColumnKind) -> &[u64] {
    world.series().column(place, kind).map_or(&[], |column| &column.values)
}

/// The largest backlog of a queue, and the first instant at which it was so large.
pub(super) fn peak(finished: &World, queue: PlaceId) -> (u64, SimTime) {
    let metric = |kind| {
        let (place, argument) = (Some(queue), Argument::None);
        finished.metric(&Metric { kind, place, argument })
    };
    match (metric(MetricKind::PeakBacklog), metric(MetricKind::PeakBacklogAt)) {
        (Value::Count(most), Value::Time(at)) => (most, at),
        _ => (0, SimTime::ZERO),
    }
}

/// The plan with a note of when the queue is empty after an instant.
pub(super) fn watching(plan: &Plan, queue: PlaceId, after: SimTime) -> Plan {
    let mut plan = plan.clone();
    plan.watches.push(Watch {
        kind: WatchKind::Drained(queue),
        after,
    });
    plan
}

/// When the queue was empty after an instant.
pub(super) fn drained(world: &World, queue: PlaceId, after: SimTime) -> Option<SimTime> {
    let metric = Metric {
        kind: MetricKind::Drained,
        place: Some(queue),
        argument: Argument::After(after),
    };
    match world.metric(&metric) {
        Value::Time(at) => Some(at),
        _ => None,
    }
}

/// Most workers that are tried.
const WORKERS_MAX: u64 = 100_000;

/// The fewest workers of the only consumer with which the queue is empty
/// `within` of its peak; `None` if the most that are tried do not do it.
/// Prefetch grows with them.
pub(super) fn fewest_workers(
    plan: &Plan,
    station: &Station,
    peak_at: SimTime,
    within: SimSpan,
    guess: u64,
) -> Result<Option<u64>, Stopped> {
    let [(node, Some(now))] = station.consumers.as_slice() else {
        return Ok(None);
    };
    let mut at_peak = World::new(&watching(plan, station.queue, peak_at));
    run_to(&mut at_peak, peak_at)?;
    let is_enough = |workers: u64| -> Result<bool, Stopped> {
        let mut world = at_peak.clone();
        for setting in scaled(plan, *node, *now, workers) {
            world.give(Command::Set { node: *node, setting }, peak_at);
        }
        let end = peak_at.checked_add(within).unwrap_or(SimTime::MAX);
        run_to(&mut world, end)?;
        Ok(drained(&world, station.queue, peak_at).is_some_and(|at| at <= end))
    };
    // Doubles from the guess until it is enough, then halves the gap.
    let (mut low, mut high) = (0, guess.clamp(1, WORKERS_MAX));
    while !is_enough(high)? {
        if high == WORKERS_MAX {
            return Ok(None);
        }
        low = high;
        high = (high * 2).min(WORKERS_MAX);
    }
    while low + 1 < high {
        let middle = low + (high - low) / 2;
        if is_enough(middle)? {
            high = middle;
        } else {
            low = middle;
        }
    }
    Ok(Some(high))
}

/// The settings that make `workers` of `now` workers.
fn scaled(plan: &Plan, node: NodeId, now: u64, workers: u64) -> Vec<Setting> {
    let mut settings = vec![Setting::Workers(Workers::Count(workers as u32))];
    let NodeKind::Service(service) = &plan.nodes[usize::from(node.0)].kind else {
        return settings;
    };
    let consume = service.consume.as_ref();
    let prefetch = consume.and_then(|consume| consume.subscription.prefetch());
    if let Some(prefetch) = prefetch.filter(|prefetch| *prefetch > 0) {
        let prefetch = (u64::from(prefetch) * workers.div_ceil(now)).min(65_535);
        settings.push(Setting::Prefetch(prefetch as u32));
    }
    settings
}
