//! The runs of a study, on all cores.
//!
//! A run depends on its scenario, variant and seed and on nothing else, and
//! what it came to is put where it belongs whoever ran it, so that the number
//! of threads cannot be seen in the result.

use super::grid::Grid;
use crate::drive::{self, SLICE};
use crate::{interrupt, progress};
use mqlab_engine::plan::LimitHit;
use mqlab_engine::{Outcome, World};
use mqlab_kernel::SimTime;
use mqlab_scenario::MetricName;
use rayon::ThreadPool;
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use std::ops::Range;

/// One run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Job {
    /// Which point of the grid.
    pub(super) point: usize,
    /// Which variant of its scenario.
    pub(super) variant: usize,
    /// Its seed.
    pub(super) seed: u64,
}

/// What a run came to.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Measured {
    /// A number for each metric; `None` where there was nothing to measure.
    pub(super) numbers: Vec<Option<f64>>,
    /// The limit that ended it.
    pub(super) limit: Option<LimitHit>,
}

/// All runs: points in order, their variants in order, seeds in order.
pub(super) fn jobs(grid: &Grid, variants: &[usize], seeds: Range<u64>) -> Vec<Job> {
    let mut jobs = Vec::new();
    for point in 0..grid.points.len() {
        for &variant in variants {
            jobs.extend(seeds.clone().map(|seed| Job { point, variant, seed }));
        }
    }
    jobs
}

/// Runs all of them. A run that somebody stopped is `None`.
pub(super) fn run_all(
    grid: &Grid,
    jobs: &[Job],
    metrics: &[MetricName],
    pool: &ThreadPool,
    shows: bool,
) -> Vec<Option<Measured>> {
    let bar = progress::bar(Some(jobs.len() as u64), progress::RUNS, shows);
    let measured = pool.install(|| {
        let run = |job: &Job| {
            let measured = run(grid, job, metrics);
            bar.inc(1);
            measured
        };
        // Each run on its own: they differ in length.
        jobs.into_par_iter().with_max_len(1).map(run).collect()
    });
    bar.finish_and_clear();
    measured
}

/// Runs one to its end, or until somebody stops it.
fn run(grid: &Grid, job: &Job, metrics: &[MetricName]) -> Option<Measured> {
    // Before anything is built: a million runs may be left.
    if interrupt::is_requested() {
        return None;
    }
    let mut plan = grid.points[job.point].scenario.variants[job.variant].plan.clone();
    plan.seed = job.seed;
    let mut world = World::new(&plan);
    let limit = match drive::finish(|| world.run_until(SimTime::MAX, SLICE))? {
        Outcome::Limit(hit) => Some(hit),
        _ => None,
    };
    let number = |name: &MetricName| {
        let metric = name.resolve(&plan, world.places())?;
        world.metric(&metric).number()
    };
    Some(Measured {
        numbers: metrics.iter().map(number).collect(),
        limit,
    })
}
