//! What is looked for beside the run that is shown: a copy of it runs on, in
//! slices, until it knows.

use super::facts;
use super::lab::{Lab, Lane};
use super::scenarios::SCENARIOS;
use mqlab_engine::{FactRun, Outcome, Trace};
use mqlab_kernel::SimTime;
use mqlab_model::{FactKind, MessageId, PlaceId, SourceId};
use mqlab_scenario::Runner;

/// What can be looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Quest {
    /// The instant before the one that is shown.
    Previous,
    /// How a variant of a scenario of the gallery ends, as it is written there
    /// and whatever is done to the one that is shown.
    Original {
        /// The scenario, by its position.
        scenario: usize,
        /// Which variant.
        variant: usize,
    },
    /// What happened last at a place, up to the instant that is shown.
    Recent {
        /// In which variant.
        variant: usize,
        /// Where.
        place: PlaceId,
    },
    /// The next fact at a place.
    Next {
        /// In which variant.
        variant: usize,
        /// Where.
        place: PlaceId,
    },
    /// What happened to a message and to everything made of it, up to the
    /// instant that is shown.
    Life {
        /// In which variant.
        variant: usize,
        /// Which message.
        message: MessageId,
    },
}

/// What was found.
#[derive(Clone)]
pub enum Answer {
    /// The instant before; none if there is none.
    Previous(Option<SimTime>),
    /// A variant of a scenario of the gallery at its end.
    Original {
        /// The scenario, by its position.
        scenario: usize,
        /// Which variant.
        variant: usize,
        /// As it ended.
        runner: Box<Runner>,
    },
    /// The facts of a place.
    Recent {
        /// In which variant.
        variant: usize,
        /// Where.
        place: PlaceId,
        /// Up to when.
        until: SimTime,
        /// In the order in which they happened.
        facts: Vec<FactRun>,
    },
    /// When the next fact happens; none if there is none to come.
    Next(Option<SimTime>),
    /// The facts of a message.
    Life {
        /// In which variant.
        variant: usize,
        /// Which message.
        message: MessageId,
        /// Up to when it was followed.
        until: SimTime,
        /// In the order in which they happened.
        facts: Vec<FactRun>,
    },
}

/// Most facts of one message that are shown.
const FACTS_MAX: usize = 1_000;
/// Most facts of a place that are shown.
const RECENT_MAX: usize = 60;

/// A quest under way.
pub struct Job {
    quest: Quest,
    /// What still has to run, and how far.
    pending: Vec<(Runner, SimTime)>,
    done: Vec<Runner>,
    /// How far there was to go.
    from: SimTime,
    to: SimTime,
}

impl Job {
    /// Begins a quest, if it makes sense in this lab.
    pub fn begin(lab: &Lab, quest: Quest) -> Option<Job> {
        let pending = match quest {
            Quest::Previous => before(lab)?,
            Quest::Original { scenario, variant } => original(scenario, variant)?,
            Quest::Recent { variant, place } => vec![recent(lab, variant, place)?],
            Quest::Next { variant, place } => vec![next(lab, variant, place)?],
            Quest::Life { variant, message } => life(lab, variant, message)?,
        };
        let (first, to) = pending.first()?;
        Some(Job {
            quest,
            from: first.world().now(),
            to: (*to).min(first.world().until()),
            done: Vec::with_capacity(pending.len()),
            pending,
        })
    }

    /// What is looked for.
    pub fn quest(&self) -> Quest {
        self.quest
    }

    /// How much of the way is done, 0 to 1; nothing is known of a run without
    /// an end.
    pub fn progress(&self) -> Option<f64> {
        let now = self.pending.last().map_or(self.to, |(runner, _)| runner.world().now());
        let length = self.to.saturating_since(self.from).nanos();
        (self.to < SimTime::MAX && length > 0).then(|| now.saturating_since(self.from).nanos() as f64 / length as f64)
    }

    /// Goes on for about `actions_max` actions; how many it took.
    pub fn advance(&mut self, actions_max: u64) -> u64 {
        let Some((runner, to)) = self.pending.last_mut() else {
            return 0;
        };
        let before = runner.world().actions();
        let outcome = runner.advance(*to, actions_max);
        let took = runner.world().actions() - before;
        let is_found = matches!(self.quest, Quest::Next { .. }) && first(runner).is_some();
        if outcome != Outcome::Budget || is_found {
            self.done.extend(self.pending.pop().map(|(runner, _)| runner));
        }
        took
    }

    /// What was found, once there is nothing left to do.
    pub fn answer(&self) -> Option<Answer> {
        if !self.pending.is_empty() {
            return None;
        }
        let found = self.done.first()?;
        Some(match self.quest {
            Quest::Previous => {
                let instants = self.done.iter().filter(|runner| runner.world().actions() > 0);
                Answer::Previous(instants.map(|runner| runner.world().last_instant()).max())
            }
            Quest::Original { scenario, variant } => Answer::Original {
                scenario,
                variant,
                runner: Box::new(found.clone()),
            },
            Quest::Recent { variant, place } => Answer::Recent {
                variant,
                place,
                until: found.world().now(),
                facts: traced(found),
            },
            Quest::Next { .. } => Answer::Next(first(found)),
            Quest::Life { variant, message } => Answer::Life {
                variant,
                message,
                until: found.world().now(),
                facts: traced(found),
            },
        })
    }
}

fn traced(runner: &Runner) -> Vec<FactRun> {
    let trace = runner.world().trace();
    trace.into_iter().flat_map(Trace::runs).copied().collect()
}

fn first(runner: &Runner) -> Option<SimTime> {
    runner.world().trace().and_then(Trace::first).map(|fact| fact.at)
}

/// A lane from the last checkpoint before where it stands.
fn recent(lab: &Lab, variant: usize, place: PlaceId) -> Option<(Runner, SimTime)> {
    let lane = lab.lanes.get(variant)?;
    let now = lane.world().now();
    let mut runner = lane.history().checkpoint(|runner| runner.world().now() < now);
    let trace = Trace::new(None, RECENT_MAX).at(facts::places(lane.world(), place));
    runner.world_mut().set_trace(Some(trace));
    Some((runner, now))
}

/// A lane from where it stands, until something happens at a place.
fn next(lab: &Lab, variant: usize, place: PlaceId) -> Option<(Runner, SimTime)> {
    let lane = lab.lanes.get(variant)?;
    let mut runner = lane.runner().clone();
    let trace = Trace::new(None, 1).at(facts::places(lane.world(), place)).to_first();
    runner.world_mut().set_trace(Some(trace));
    Some((runner, SimTime::MAX))
}

/// Every lane that is shown, to run to just before where the clock stands.
fn before(lab: &Lab) -> Option<Vec<(Runner, SimTime)>> {
    let to = SimTime::from_nanos(lab.clock().nanos().checked_sub(1)?);
    let one = |lane: &Lane| {
        // Where nothing happened since, nothing has to be repeated.
        let rests = lane.world().last_instant() <= to;
        let before = |runner: &Runner| runner.world().now() <= to;
        let runner = if rests {
            lane.runner().clone()
        } else {
            lane.history().checkpoint(before)
        };
        (runner, to)
    };
    Some(lab.shown().map(one).collect())
}

/// A variant of the gallery's own text, from its beginning.
fn original(scenario: usize, variant: usize) -> Option<Vec<(Runner, SimTime)>> {
    let (scenario, _) = mqlab_scenario::parse(SCENARIOS.get(scenario)?.text());
    let scenario = scenario.filter(|scenario| variant < scenario.variants.len())?;
    Some(vec![(Runner::new(&scenario, variant), SimTime::MAX)])
}

/// A lane from before a message was made.
fn life(lab: &Lab, variant: usize, message: MessageId) -> Option<Vec<(Runner, SimTime)>> {
    let lane = lab.lanes.get(variant)?;
    let sources = lane.world().sources();
    if usize::from(message.source().0) >= sources.len() {
        return None;
    }
    // What a handler makes has the number of what it was made from.
    let mut root = message.source();
    while let Some(parent) = sources.get(root).parent {
        root = parent;
    }
    // A node's own place has the node's number.
    let place = PlaceId(sources.get(root).node.0);
    let is_before = |runner: &Runner| runner.world().fact_count(place, FactKind::Offered) <= message.number();
    let mut runner = lane.history().checkpoint(is_before);
    let family: Vec<SourceId> = sources.family(root);
    let trace = Trace::new(Some((family, message.number())), FACTS_MAX);
    runner.world_mut().set_trace(Some(trace));
    Some(vec![(runner, lane.world().now())])
}

#[cfg(test)]
mod tests;
