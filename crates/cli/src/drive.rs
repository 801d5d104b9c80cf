//! Drives one variant to its end, with a progress bar, until somebody stops it.

use crate::{interrupt, progress};
use indicatif::ProgressBar;
use mqlab_engine::Outcome;
use mqlab_engine::plan::LimitHit;
use mqlab_kernel::SimTime;
use mqlab_scenario::{Runner, Scenario};
use std::time::{Duration, Instant};

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum End {
    /// It came to its own end.
    Over,
    /// A limit of the scenario ended it.
    Limit(LimitHit),
    /// The user ended it.
    Interrupted,
}

/// A run that has ended.
pub(crate) struct Run {
    /// The world and the expectations, as they stand.
    pub(crate) runner: Runner,
    /// How it ended.
    pub(crate) end: End,
    /// How long it took on this machine.
    pub(crate) wall: Duration,
}

/// Actions between two looks at the clock and at Ctrl-C: some tens of
/// milliseconds.
pub(crate) const SLICE: u64 = 500_000;

/// Runs the variant at `index` to its end.
pub(crate) fn drive(scenario: &Scenario, index: usize, shows: bool) -> Run {
    let started = Instant::now();
    let mut runner = Runner::new(scenario, index);
    let bar = bar(runner.world().until(), &scenario.variants[index].name, shows);
    let over = finish(|| {
        let outcome = runner.advance(SimTime::MAX, SLICE);
        if outcome == Outcome::Budget {
            show(&bar, runner.world().now());
        }
        outcome
    });
    let end = match over {
        None => End::Interrupted,
        Some(Outcome::Limit(hit)) => End::Limit(hit),
        Some(_) => End::Over,
    };
    bar.finish_and_clear();
    Run {
        runner,
        end,
        wall: started.elapsed(),
    }
}

/// Goes on with a run, slice by slice, until it is over or somebody stops it
/// (`None`). `advance` does [`SLICE`] actions at most.
pub(crate) fn finish(mut advance: impl FnMut() -> Outcome) -> Option<Outcome> {
    while !interrupt::is_requested() {
        match advance() {
            Outcome::Budget => {}
            end => return Some(end),
        }
    }
    None
}

/// A bar over simulated time; over nothing if the run has no set end.
fn bar(until: SimTime, name: &str, is_wanted: bool) -> ProgressBar {
    let (length, template) = match until {
        SimTime::MAX => (None, "{prefix} {spinner} {msg}"),
        until => (Some(until.nanos()), "{prefix} [{bar:40}] {msg}"),
    };
    progress::bar(length, template, is_wanted).with_prefix(name.to_owned())
}

fn show(bar: &ProgressBar, now: SimTime) {
    if !bar.is_hidden() {
        bar.set_message(now.to_string());
        bar.set_position(now.nanos());
    }
}
