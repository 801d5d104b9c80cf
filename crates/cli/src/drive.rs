//! Drives one variant to its end, with a progress bar, until somebody stops it.

use crate::interrupt;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
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
pub(crate) fn drive(scenario: &Scenario, index: usize, progress: bool) -> Run {
    let started = Instant::now();
    let mut runner = Runner::new(scenario, index);
    let bar = bar(runner.world().until(), &scenario.variants[index].name, progress);
    let end = loop {
        if interrupt::is_requested() {
            break End::Interrupted;
        }
        match runner.advance(SimTime::MAX, SLICE) {
            Outcome::Budget => show(&bar, runner.world().now()),
            Outcome::Reached | Outcome::Ended => break End::Over,
            Outcome::Limit(hit) => break End::Limit(hit),
        }
    };
    bar.finish_and_clear();
    Run {
        runner,
        end,
        wall: started.elapsed(),
    }
}

/// A bar over simulated time; over nothing if the run has no set end. Nothing
/// is drawn where standard error is no terminal.
fn bar(until: SimTime, name: &str, progress: bool) -> ProgressBar {
    if !progress {
        return ProgressBar::hidden();
    }
    let target = ProgressDrawTarget::stderr_with_hz(10);
    let (bar, template) = if until == SimTime::MAX {
        (ProgressBar::with_draw_target(None, target), "{prefix} {spinner} {msg}")
    } else {
        let bar = ProgressBar::with_draw_target(Some(until.nanos()), target);
        (bar, "{prefix} [{bar:40}] {msg}")
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style).with_prefix(name.to_owned())
}

fn show(bar: &ProgressBar, now: SimTime) {
    if !bar.is_hidden() {
        bar.set_message(now.to_string());
        bar.set_position(now.nanos());
    }
}
