//! `mqlab fuzz`: random faults against what a scenario promises.
//!
//! Seed after seed the scenario runs with faults of its own `[faults.random]`,
//! or of a usual mixture if it has none. The first seed that breaks a promise
//! is taken apart: faults that are not needed for it are left out, and what is
//! left is written as a scenario of its own.

mod json;
mod shrink;
mod story;
mod text;

use crate::arguments::{FuzzArguments, FuzzFormat};
use crate::drive::{self, SLICE};
use crate::ending::{Ending, Failure};
use crate::input::{self, Input};
use crate::load::chosen_of;
use crate::{interrupt, output, progress, threads};
use mqlab_engine::plan::LimitHit;
use mqlab_engine::{Outcome, World};
use mqlab_kernel::SimTime;
use mqlab_scenario::life::FactRow;
use mqlab_scenario::{Act, Runner, Scenario, State};
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use story::Story;

/// Runs that are begun together: the first bad one of them counts, and those
/// behind it have run for nothing. Fixed, so that the number of runs in a
/// report does not depend on the number of threads.
const BATCH: usize = 64;

/// One run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Job {
    seed: u64,
    variant: usize,
}

/// What came of a run.
#[derive(Clone, PartialEq, Debug)]
struct Ran {
    /// The promises that it broke, with what was measured.
    broken: Vec<Broken>,
    /// The limit that ended it: then it says nothing about promises.
    limit: Option<LimitHit>,
    /// How many faults of each kind there were, and how many changed anything.
    hits: Vec<(&'static str, u64, u64)>,
}

/// A promise that does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Broken {
    that: String,
    actual: String,
    at: Option<SimTime>,
}

/// What was found.
struct Found {
    seed: u64,
    variant: String,
    broken: Vec<Broken>,
    /// Verdicts, with the first fact that shows each.
    verdicts: Vec<(&'static str, u64, Option<FactRow>)>,
    /// How many faults there were, those that are needed, and the runs that
    /// it took to find out.
    faults: usize,
    needed: usize,
    acts: Vec<Act>,
    trials: usize,
    file: PathBuf,
}

/// What a hunt came to.
struct Hunt {
    input: Input,
    title: String,
    promises: Vec<String>,
    /// Whether the faults are the scenario's own.
    has_own_faults: bool,
    first_seed: u64,
    seeds: u64,
    runs: usize,
    limited: usize,
    hits: BTreeMap<&'static str, (u64, u64)>,
    found: Option<Found>,
}

/// Hunts for a seed that breaks a promise.
pub(crate) fn fuzz(arguments: &FuzzArguments, out: &mut dyn Write) -> Result<Ending, Failure> {
    let mut inputs = input::read_all(std::slice::from_ref(&arguments.file))?;
    let input = inputs.remove(0);
    let story = Story::read(&input, !arguments.quiet)?;
    let variants = chosen_of(&story.scenario, &input.name, &arguments.variants)?;
    let file = arguments.out.clone();
    if let Some(file) = &file {
        output::expect_folder(file)?;
    }
    let pool = threads::pool(arguments.threads)?;
    interrupt::listen()?;
    let mut hunt = Hunt {
        title: story.scenario.title.clone(),
        promises: story.promises(),
        has_own_faults: story.has_own_faults,
        first_seed: arguments.seed,
        seeds: arguments.seeds,
        runs: 0,
        limited: 0,
        hits: BTreeMap::new(),
        found: None,
        input,
    };
    if arguments.format == FuzzFormat::Text {
        text::head(&hunt, out)?;
        out.flush()?;
    }
    let seeds = arguments.seed..arguments.seed + arguments.seeds;
    let jobs: Vec<Job> = seeds
        .flat_map(|seed| variants.iter().map(move |&variant| Job { seed, variant }))
        .collect();
    let bar = progress::bar(Some(jobs.len() as u64), progress::RUNS, !arguments.quiet);
    let mut first = None;
    for batch in jobs.chunks(BATCH) {
        let run = |job: &Job| {
            let ran = story.ran(*job);
            bar.inc(1);
            ran
        };
        let all: Vec<Result<Option<Ran>, Failure>> =
            pool.install(|| batch.into_par_iter().with_max_len(1).map(run).collect());
        first = hunt.count(batch, all)?;
        if first.is_some() || interrupt::is_requested() {
            break;
        }
    }
    bar.finish_and_clear();
    if let Some((job, broken)) = first {
        hunt.found = Some(found(&story, &hunt, job, broken, file)?);
    }
    match arguments.format {
        FuzzFormat::Text => text::text(&hunt, out)?,
        FuzzFormat::Json => json::json(&hunt, out)?,
    }
    Ok(if hunt.found.is_some() {
        Ending::Failed
    } else if interrupt::is_requested() {
        Ending::Interrupted
    } else if hunt.limited > 0 {
        Ending::Failed
    } else {
        Ending::Held
    })
}

impl Hunt {
    /// Counts a batch, and says which run of it is the first that broke a
    /// promise. Runs behind that one are as if they had not been, and so is
    /// what made them impossible.
    fn count(
        &mut self,
        batch: &[Job],
        all: Vec<Result<Option<Ran>, Failure>>,
    ) -> Result<Option<(Job, Vec<Broken>)>, Failure> {
        for (job, ran) in batch.iter().zip(all) {
            // Somebody stopped it.
            let Some(ran) = ran? else { continue };
            self.runs += 1;
            self.limited += usize::from(ran.limit.is_some());
            for (kind, all, hit) in ran.hits {
                let known = self.hits.entry(kind).or_default();
                *known = (known.0 + all, known.1 + hit);
            }
            if !ran.broken.is_empty() {
                return Ok(Some((*job, ran.broken)));
            }
        }
        Ok(None)
    }
}

impl Story {
    /// What comes of one seed and variant; `None` if somebody stopped it.
    fn ran(&self, job: Job) -> Result<Option<Ran>, Failure> {
        if interrupt::is_requested() {
            return Ok(None);
        }
        let scenario = self.with_seed(job.seed)?;
        Ok(run(&scenario, job.variant).map(|(ran, _)| ran))
    }
}

/// Runs a variant and looks at its promises.
fn run(scenario: &Scenario, variant: usize) -> Option<(Ran, World)> {
    let mut runner = Runner::new(scenario, variant);
    let limit = match drive::finish(|| runner.advance(SimTime::MAX, SLICE))? {
        Outcome::Limit(hit) => Some(hit),
        _ => None,
    };
    let broken = runner.results().iter().filter_map(|checked| match checked.state {
        State::Failed { actual } => Some(Broken {
            that: scenario.expectations[checked.expectation].text.clone(),
            actual: crate::notation::value(actual),
            at: checked.at.filter(|at| *at < SimTime::MAX),
        }),
        _ => None,
    });
    let hits = runner.world().hits();
    let ran = Ran {
        // A run that was cut off has shown nothing.
        broken: if limit.is_some() { Vec::new() } else { broken.collect() },
        limit,
        hits: hits
            .kinds()
            .iter()
            .map(|(kind, hit)| (*kind, hit.all, hit.hit))
            .collect(),
    };
    Some((ran, runner.world().clone()))
}

/// Takes a bad run apart and writes what is left of it.
fn found(story: &Story, hunt: &Hunt, job: Job, broken: Vec<Broken>, file: Option<PathBuf>) -> Result<Found, Failure> {
    let scenario = story.with_seed(job.seed)?;
    let acts = scenario.random_acts(job.variant);
    let plain = story.without_faults(job.seed)?;
    let units = shrink::units(&acts);
    // The same promise, not just any: another one may have another reason.
    let breaks = |acts: &[Act]| -> Option<bool> {
        let (ran, _) = run(&plain.with(acts)?, job.variant)?;
        Some(
            ran.broken
                .iter()
                .any(|one| broken.iter().any(|known| known.that == one.that)),
        )
    };
    let shrunk = shrink::shrink(&units, breaks);
    let text = plain.text_with(&shrunk.acts);
    let last = plain.with(&shrunk.acts).ok_or(Failure::Said)?;
    let (broken, verdicts) = match run(&last, job.variant) {
        Some((ran, world)) => (ran.broken, verdicts(&world)),
        // Stopped while it was taken apart.
        None => (broken, Vec::new()),
    };
    let file = file.unwrap_or_else(|| PathBuf::from(format!("{}-seed-{}.toml", hunt.input.stem, job.seed)));
    output::write(&file, &text)?;
    Ok(Found {
        seed: job.seed,
        variant: scenario.variants[job.variant].name.clone(),
        broken,
        verdicts,
        faults: units.len(),
        needed: shrunk.needed,
        acts: shrunk.acts,
        trials: shrunk.trials,
        file,
    })
}

fn verdicts(world: &World) -> Vec<(&'static str, u64, Option<FactRow>)> {
    let holding = world.verdicts().filter(|verdict| verdict.count > 0);
    let row = |verdict: mqlab_engine::Verdict| {
        let first = verdict.first.map(|fact| FactRow::of(world, &fact));
        (verdict.kind.name(), verdict.count, first)
    };
    holding.map(row).collect()
}
