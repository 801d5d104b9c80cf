//! `mqlab trace`: what happened, fact by fact.
//!
//! A run leaves no list of facts behind, because a day has hundreds of
//! millions. It is deterministic, so it is run again and the facts that are
//! asked for are read off on the way.

mod write;

use crate::arguments::TraceArguments;
use crate::drive::SLICE;
use crate::ending::{Ending, Failure, warn};
use crate::interrupt;
use crate::load::{chosen, load};
use crate::notation::{counted, grouped};
use mqlab_engine::{Outcome, Trace, World};
use mqlab_kernel::{SimSpan, SimTime};
use mqlab_scenario::life::{Subject, told};
use std::io::Write;
use std::slice;
use write::Writer;

/// Actions between two readings of a trace of everything, so that few facts
/// are held at a time.
const SLICE_OF_EVERYTHING: u64 = 20_000;

/// Most runs of facts that one instant may have: a reading ends only between
/// instants.
const RUNS_MAX: usize = 2_000_000;

/// Shows the facts of one variant.
pub(crate) fn trace(arguments: &TraceArguments, out: &mut dyn Write) -> Result<Ending, Failure> {
    if let (Some(from), Some(to)) = (arguments.from, arguments.to)
        && from > to
    {
        return Err(Failure::input(format!("--from {from} is after --to {to}")));
    }
    let loaded = load(slice::from_ref(&arguments.file), &arguments.changes, true)?;
    let Some(loaded) = loaded.first() else {
        return Err(Failure::input("there is no scenario"));
    };
    let names: Vec<String> = arguments.variant.iter().cloned().collect();
    let variant = chosen(loaded, &names)?.first().copied().unwrap_or(0);
    let mut world = World::new(&loaded.scenario.variants[variant].plan);
    let subject = match &arguments.message {
        Some(text) => Some(Subject::parse(text, world.sources()).map_err(Failure::input)?),
        None => None,
    };
    interrupt::listen()?;
    let mut writer = Writer::new(arguments.format, out);
    writer.head(loaded, variant, &world, subject.as_ref())?;
    let mut reading = Reading {
        arguments,
        subject: subject.as_ref(),
        shown: 0,
        has_more: false,
    };
    let stop = reading.read(&mut world, &mut writer)?;
    let missing = reading.missing(&world, stop);
    if let Some(message) = missing {
        return Err(Failure::input(format!("{}: {message}", loaded.input.name)));
    }
    writer.foot(reading.has_more)?;
    out.flush()?;
    Ok(reading.explain(&world, stop))
}

/// Why no more facts are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stop {
    /// There are no more, or none that are asked for.
    Over,
    /// Enough are shown.
    Enough,
    /// A limit of the scenario ended the run.
    Limit(mqlab_engine::plan::LimitHit),
    /// The user ended it.
    Interrupted,
}

/// A reading of facts, under way.
struct Reading<'a> {
    arguments: &'a TraceArguments,
    subject: Option<&'a Subject>,
    shown: u64,
    has_more: bool,
}

impl Reading<'_> {
    /// Runs the world and shows what is asked for.
    fn read(&mut self, world: &mut World, writer: &mut Writer<'_>) -> Result<Stop, Failure> {
        if let Some(from) = self.arguments.from.filter(|from| *from > SimTime::ZERO) {
            let before = from.saturating_sub(SimSpan::from_nanos(1));
            if let Some(stop) = advance(world, before, SLICE, |_| Ok(false))? {
                return Ok(stop);
            }
        }
        let trace = match self.subject {
            Some(subject) => subject.trace(RUNS_MAX),
            None => Trace::new(None, RUNS_MAX),
        };
        world.set_trace(Some(trace.clone()));
        let to = self.arguments.to.unwrap_or(SimTime::MAX);
        let size = if self.subject.is_some() {
            SLICE
        } else {
            SLICE_OF_EVERYTHING
        };
        let stop = advance(world, to, size, |world| {
            let is_enough = self.show(world, writer)?;
            world.set_trace(Some(trace.clone()));
            Ok(is_enough)
        })?;
        Ok(stop.unwrap_or(Stop::Over))
    }

    /// Shows what the trace holds. Says whether that is enough.
    fn show(&mut self, world: &World, writer: &mut Writer<'_>) -> Result<bool, Failure> {
        let Some(trace) = world.trace() else { return Ok(true) };
        if trace.dropped() > 0 {
            let dropped = counted(trace.dropped(), "run");
            warn(format_args!(
                "{dropped} of facts up to {} do not fit into memory and are left out; name a message, or a later --from",
                world.now()
            ));
        }
        for fact in told(world) {
            if self.shown == self.arguments.limit {
                self.has_more = true;
                return Ok(true);
            }
            writer.fact(&fact)?;
            self.shown += 1;
        }
        Ok(false)
    }

    /// Why there is no fact about the message, if it never existed.
    fn missing(&self, world: &World, stop: Stop) -> Option<String> {
        let subject = self.subject.filter(|_| self.shown == 0 && stop == Stop::Over)?;
        let is_windowed = self.arguments.from.is_some() || self.arguments.to.is_some();
        subject.missing(world, is_windowed)
    }

    /// Says what the facts alone do not.
    fn explain(&self, world: &World, stop: Stop) -> Ending {
        let shown = match self.subject {
            Some(subject) => &subject.name,
            None => "the run",
        };
        match stop {
            Stop::Interrupted => return Ending::Interrupted,
            Stop::Limit(hit) => {
                warn(format_args!(
                    "the limit `{}` ended the run at {}",
                    hit.name(),
                    world.now()
                ));
                return Ending::Failed;
            }
            Stop::Enough => warn(format_args!(
                "{shown} has more facts than {}; --limit shows more of them",
                grouped(self.arguments.limit)
            )),
            Stop::Over if self.shown == 0 => warn(format_args!("{shown} has no facts in this time")),
            Stop::Over => {}
        }
        Ending::Held
    }
}

/// Runs to `to`, calling `look` after every slice until it has seen enough.
/// `None` means that `to` is reached and there may be more after it.
fn advance(
    world: &mut World,
    to: SimTime,
    slice: u64,
    mut look: impl FnMut(&mut World) -> Result<bool, Failure>,
) -> Result<Option<Stop>, Failure> {
    loop {
        if interrupt::is_requested() {
            return Ok(Some(Stop::Interrupted));
        }
        let outcome = world.run_until(to, slice);
        if look(world)? {
            return Ok(Some(Stop::Enough));
        }
        match outcome {
            Outcome::Budget => {}
            Outcome::Reached => return Ok(None),
            Outcome::Ended => return Ok(Some(Stop::Over)),
            Outcome::Limit(hit) => return Ok(Some(Stop::Limit(hit))),
        }
    }
}
