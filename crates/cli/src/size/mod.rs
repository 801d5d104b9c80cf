//! `mqlab size`: how large a queue gets, how long it takes to empty, and how
//! many consumers that would need, each beside its closed formula.

mod formula;
mod json;
mod measured;
mod text;

use crate::arguments::{SizeArguments, SizeFormat};
use crate::ending::{Ending, Failure, warn};
use crate::interrupt;
use crate::load::{Loaded, chosen, load};
use measured::{Station, Stopped, drained, fewest_workers, measured, peak, run_to, samples, stations, watching};
use mqlab_engine::plan::{NodeKind, Plan};
use mqlab_engine::{Argument, ColumnKind, MetricKind, World};
use mqlab_kernel::{SimSpan, SimTime};
use std::io::Write;
use std::slice;

/// A number that was measured and what a formula says of it; nanoseconds for
/// times.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Figure {
    name: &'static str,
    is_time: bool,
    measured: Option<f64>,
    formula: Option<f64>,
    /// What the formula is.
    says: &'static str,
}

impl Figure {
    /// How far the measured one is from the formula, as a share of it.
    fn difference(&self) -> Option<f64> {
        let (measured, formula) = (self.measured?, self.formula?);
        (formula != 0.0 && formula.is_finite()).then(|| measured / formula - 1.0)
    }
}

/// The figures of one queue.
#[derive(Clone, PartialEq, Debug)]
struct Sized {
    variant: String,
    queue: String,
    /// Where the peak is.
    peak_at: SimTime,
    figures: Vec<Figure>,
}

/// Runs every variant and sizes its queues.
pub(crate) fn size(arguments: &SizeArguments, out: &mut dyn Write) -> Result<Ending, Failure> {
    let loaded = load(slice::from_ref(&arguments.file), &arguments.changes, !arguments.quiet)?;
    let Some(loaded) = loaded.first() else {
        return Err(Failure::input("there is no scenario"));
    };
    let variants = chosen(loaded, &arguments.variants)?;
    interrupt::listen()?;
    let mut all = Vec::new();
    let mut is_limited = false;
    for index in variants {
        let variant = &loaded.scenario.variants[index];
        match sized(&variant.plan, arguments.within) {
            Ok((sizes, limit)) => {
                if let Some(hit) = limit {
                    warn(format_args!("{}: ended by the limit `{}`", variant.name, hit.name()));
                    is_limited = true;
                }
                all.extend(sizes.into_iter().map(|size| Sized {
                    variant: variant.name.clone(),
                    ..size
                }));
            }
            Err(Stopped) => break,
        }
    }
    write(loaded, arguments, &all, out)?;
    Ok(if interrupt::is_requested() {
        Ending::Interrupted
    } else if is_limited {
        Ending::Failed
    } else {
        Ending::Held
    })
}

fn write(loaded: &Loaded, arguments: &SizeArguments, all: &[Sized], out: &mut dyn Write) -> Result<(), Failure> {
    match arguments.format {
        SizeFormat::Text => text::text(loaded, all, out)?,
        SizeFormat::Json => json::json(loaded, all, out)?,
    }
    Ok(())
}

type Limited = Option<mqlab_engine::plan::LimitHit>;

/// The queues of a plan through which anything went.
fn sized(plan: &Plan, within: Option<SimSpan>) -> Result<(Vec<Sized>, Limited), Stopped> {
    let mut finished = World::new(plan);
    run_to(&mut finished, SimTime::MAX)?;
    let mut all = Vec::new();
    for station in stations(plan, &finished) {
        let accepted = measured(&finished, MetricKind::Accepted, station.queue, Argument::None);
        if accepted.unwrap_or(0.0) > 0.0 {
            all.push(one(plan, &finished, &station, within)?);
        }
    }
    Ok((all, finished.limit_hit()))
}

fn one(plan: &Plan, finished: &World, station: &Station, within: Option<SimSpan>) -> Result<Sized, Stopped> {
    let of = |kind| measured(finished, kind, station.queue, Argument::None);
    let (most, peak_at) = peak(finished, station.queue);
    let mut again = World::new(&watching(plan, station.queue, peak_at));
    run_to(&mut again, SimTime::MAX)?;
    let drain = drained(&again, station.queue, peak_at).map(|at| at.since(peak_at).nanos() as f64);

    // What the formulas know: arrivals over time, workers, time for each.
    let step = finished.series().step().nanos() as f64 / 1e9;
    let arrivals = arrivals(finished, station);
    let service = of(MetricKind::LatencyMean).zip(of(MetricKind::WaitMean));
    let service = service
        .map(|(latency, wait)| (latency - wait) / 1e9)
        .filter(|service| *service > 0.0);
    let workers: Option<u64> = station.consumers.iter().map(|(_, workers)| *workers).sum();
    let capacity = service.zip(workers).map(|(service, workers)| workers as f64 / service);
    let jumps = jumps(plan, finished, station, arrivals.len(), step);
    let fluid = capacity.map(|capacity| formula::fluid(&arrivals, &jumps, step, capacity));

    let length = arrivals.len() as f64 * step;
    let rate = arrivals.iter().sum::<f64>() / length;
    let backlog = samples(finished, station.queue, ColumnKind::Backlog);
    let mean_backlog = backlog.iter().sum::<u64>() as f64 / (backlog.len() as f64).max(1.0);
    let wait = of(MetricKind::WaitMean);
    let oldest = [of(MetricKind::WaitMax), of(MetricKind::Age)]
        .into_iter()
        .flatten()
        .reduce(f64::max);
    let erlang = service.zip(workers).filter(|_| is_random(plan));
    let erlang = erlang.map(|(service, workers)| formula::mean_wait(workers, rate, service) * 1e9);

    let figure = |name, is_time, measured, formula, says| Figure {
        name,
        is_time,
        measured,
        formula,
        says,
    };
    let nanos = |seconds: f64| seconds * 1e9;
    let begun = of(MetricKind::Started);
    let little = begun.zip(wait).map(|(begun, wait)| begun * wait / nanos(length));
    let oldest_says = fluid
        .zip(capacity)
        .map(|(fluid, capacity)| nanos(fluid.peak / capacity));
    let drain_says = fluid.and_then(|fluid| fluid.drain).map(nanos);
    let mut figures = vec![
        figure(
            "peak backlog",
            false,
            Some(most as f64),
            fluid.map(|fluid| fluid.peak),
            "(lambda - mu) x T",
        ),
        figure(
            "mean backlog",
            false,
            Some(mean_backlog),
            little,
            "lambda x mean wait (Little)",
        ),
        figure("mean wait", true, wait, erlang, "C / (n mu - lambda) (Erlang C)"),
        figure("age of the oldest", true, oldest, oldest_says, "peak / (n mu)"),
        figure("time to drain", true, drain, drain_says, "peak / (n mu - lambda)"),
    ];
    if let Some(within) = within {
        let after = rate_after(&arrivals, step, peak_at, within);
        let says =
            service.map(|service| formula::servers_to_drain(most as f64, within.nanos() as f64 / 1e9, after, service));
        let fewest = fewest_workers(plan, station, peak_at, within, says.unwrap_or(1))?;
        let (fewest, says) = (fewest.map(|count| count as f64), says.map(|count| count as f64));
        figures.push(figure(
            "workers to drain in time",
            false,
            fewest,
            says,
            "(peak / X + lambda) / mu",
        ));
    }
    Ok(Sized {
        variant: String::new(),
        queue: station.name.clone(),
        peak_at,
        figures,
    })
}

/// Messages that arrived in each stretch between two samples.
fn arrivals(finished: &World, station: &Station) -> Vec<f64> {
    let backlog = samples(finished, station.queue, ColumnKind::Backlog);
    let started = samples(finished, station.queue, ColumnKind::Started);
    // What began and what is left has arrived.
    let totals = backlog.iter().zip(started).map(|(left, begun)| (left + begun) as f64);
    let mut before = 0.0;
    let stretch = |total: f64| {
        let arrived = (total - before).max(0.0);
        before = total;
        arrived
    };
    totals.map(stretch).collect()
}

/// What of it came at once: bursts of loads, at the beginning of the stretch
/// that they are in.
fn jumps(plan: &Plan, finished: &World, station: &Station, stretches: usize, step: f64) -> Vec<f64> {
    let mut jumps = vec![0.0; stretches];
    for node in &plan.nodes {
        let NodeKind::Load(load) = &node.kind else { continue };
        let is_here = load.to.place(finished.places()) == Some(station.queue);
        for burst in load.bursts.iter().filter(|_| is_here) {
            let index = (burst.at.nanos() as f64 / 1e9 / step) as usize;
            if let Some(jump) = jumps.get_mut(index) {
                *jump += burst.count as f64;
            }
        }
    }
    jumps
}

/// Arrivals a second in a stretch of time after an instant.
fn rate_after(arrivals: &[f64], step: f64, after: SimTime, within: SimSpan) -> f64 {
    // The stretch that the instant lies in is half over, and may hold the very
    // burst that made the peak.
    let first = (after.nanos() as f64 / 1e9 / step) as usize + 1;
    let count = ((within.nanos() as f64 / 1e9 / step).ceil() as usize).max(1);
    let stretch = arrivals.iter().skip(first).take(count);
    stretch.sum::<f64>() / (count as f64 * step)
}

/// Whether the arrivals are what Erlang's formula is about: one load, at
/// random, at one rate, nothing at once.
fn is_random(plan: &Plan) -> bool {
    let loads = plan.nodes.iter().filter_map(|node| match &node.kind {
        NodeKind::Load(load) => Some(load),
        _ => None,
    });
    let loads: Vec<_> = loads.collect();
    match loads.as_slice() {
        [load] => load.arrivals.poisson && load.arrivals.segments.len() == 1 && load.bursts.is_empty(),
        _ => false,
    }
}
