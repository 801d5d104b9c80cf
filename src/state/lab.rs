//! The simulation as the page holds it: the variants of one scenario on one
//! clock. Everything else on the page borrows from here.

use super::diagram::{Diagram, ItemKind};
use super::meter::Meter;
use mqlab_engine::plan::Plan;
use mqlab_engine::{Argument, Metric};
use mqlab_engine::{MetricKind, Outcome, PlaceKind, Value, World};
use mqlab_kernel::SimTime;
use mqlab_model::PlaceId;
use mqlab_scenario::{Runner, Scenario};

/// One variant on the stage.
#[derive(Clone)]
pub struct Lane {
    /// Its name.
    pub name: String,
    /// The variant, running.
    pub runner: Runner,
    /// What is drawn of it.
    pub diagram: Diagram,
    /// Whether it is left out: it is not shown and does not run.
    pub is_hidden: bool,
    is_over: bool,
    meter: Meter,
}

/// The variants of a scenario on one clock.
#[derive(Clone)]
pub struct Lab {
    /// What runs.
    pub scenario: Scenario,
    /// The variants, in the order of the scenario.
    pub lanes: Vec<Lane>,
    clock: SimTime,
}

/// How an advance ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Advance {
    /// Every lane that is shown stands at the instant asked for, or is over.
    Reached,
    /// There was no time for more.
    Cut,
}

impl Lane {
    fn new(scenario: &Scenario, variant: usize) -> Self {
        let runner = Runner::new(scenario, variant);
        let plan = plan_of(scenario, variant);
        let mut lane = Lane {
            name: scenario.variants[variant].name.clone(),
            diagram: Diagram::of(plan, runner.world().places()),
            meter: Meter::new(plan.until),
            runner,
            is_hidden: false,
            is_over: false,
        };
        lane.read();
        lane
    }

    /// The world as it stands.
    pub fn world(&self) -> &World {
        self.runner.world()
    }

    /// Whether its run is over.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    fn runs(&self) -> bool {
        !self.is_hidden && !self.is_over
    }

    /// How many a second passed a way lately, and how many of those failed.
    pub fn flow(&self, way: usize) -> (f64, f64) {
        (self.meter.per_second(2 * way), self.meter.per_second(2 * way + 1))
    }

    /// The share of time that an item's workers were busy lately.
    pub fn busy_share(&self, item: usize) -> f64 {
        self.meter.per_second(2 * self.diagram.ways.len() + item)
    }

    /// Takes a reading of everything that rates are shown of.
    fn read(&mut self) {
        let world = self.runner.world();
        let mut counters = Vec::with_capacity(2 * self.diagram.ways.len() + self.diagram.items.len());
        for way in &self.diagram.ways {
            counters.push(Diagram::count(world, way.passed) as f64);
            counters.push(way.failed.map_or(0.0, |tally| Diagram::count(world, tally) as f64));
        }
        let seconds = world.now().nanos() as f64 / 1e9;
        for item in &self.diagram.items {
            // Seconds of work per worker so far, which only grow.
            let busy = match item.kind {
                ItemKind::Service => measure(world, MetricKind::Utilisation, item.place).number(),
                _ => None,
            };
            counters.push(busy.map_or(0.0, |share| share * seconds));
        }
        self.meter.read(world.now(), counters);
    }

    /// The queue or called service that the charts follow: what is selected
    /// if it is one, else the first that messages come to.
    pub fn followed(&self, selected: Option<PlaceId>) -> Option<PlaceId> {
        let places = self.world().places();
        let inlet = |place: PlaceId| match places.get(place).kind {
            PlaceKind::Queue => Some(place),
            PlaceKind::Service => {
                let item = self.diagram.item_at(place)?;
                let way = self.diagram.ways.iter().find(|way| way.to == item)?;
                match self.diagram.items[way.from].kind {
                    ItemKind::Queue => Some(self.diagram.items[way.from].place),
                    _ => places.find(self.diagram.items[item].node, PlaceKind::Calls, 0),
                }
            }
            _ => None,
        };
        let selected = selected.filter(|place| usize::from(place.0) < places.len());
        let here = selected.filter(|place| self.diagram.item_at(*place).is_some());
        here.and_then(inlet).or_else(|| {
            // Queues first: what is called beside them is not where work piles up.
            let of_kind = |kind| self.diagram.items.iter().find(move |item| item.kind == kind);
            let first = of_kind(ItemKind::Queue).or_else(|| of_kind(ItemKind::Service))?;
            inlet(first.place)
        })
    }
}

/// A metric of one place, as it stands now.
pub fn measure(world: &World, kind: MetricKind, place: PlaceId) -> Value {
    world.metric(&Metric {
        kind,
        place: Some(place),
        argument: Argument::None,
    })
}

fn plan_of(scenario: &Scenario, variant: usize) -> &Plan {
    &scenario.variants[variant].plan
}

impl Lab {
    /// A lab in which nothing has happened.
    pub fn new(scenario: Scenario) -> Self {
        Lab {
            lanes: (0..scenario.variants.len())
                .map(|variant| Lane::new(&scenario, variant))
                .collect(),
            scenario,
            clock: SimTime::ZERO,
        }
    }

    /// Back to the beginning. What is hidden stays so.
    pub fn restart(&mut self) {
        for (variant, lane) in self.lanes.iter_mut().enumerate() {
            let is_hidden = lane.is_hidden;
            *lane = Lane::new(&self.scenario, variant);
            lane.is_hidden = is_hidden;
        }
        self.clock = SimTime::ZERO;
    }

    /// The plan of a variant.
    pub fn plan(&self, variant: usize) -> &Plan {
        plan_of(&self.scenario, variant)
    }

    /// What the clock of the page shows: every lane that is shown stands
    /// here, is over, or is catching up.
    pub fn clock(&self) -> SimTime {
        self.clock
    }

    /// The latest end of all variants.
    pub fn until(&self) -> SimTime {
        let ends = self.scenario.variants.iter().map(|variant| variant.plan.until);
        ends.max().unwrap_or(SimTime::ZERO)
    }

    /// Where the time axis ends: at the end of the run, or, if it has none, a
    /// little ahead of the clock.
    pub fn axis_end(&self) -> SimTime {
        if self.until() < SimTime::MAX {
            return self.until();
        }
        let ahead = super::chart::nice_ceiling(self.clock.nanos() as f64 * 1.05).max(1e9);
        SimTime::from_nanos(ahead as u64)
    }

    /// Whether anything has happened in a lane that is shown.
    pub fn has_begun(&self) -> bool {
        self.shown().any(|lane| lane.world().actions() > 0 || lane.is_over)
    }

    /// Whether every lane that is shown is over.
    pub fn is_over(&self) -> bool {
        !self.lanes.iter().any(Lane::runs)
    }

    /// The lanes that are shown.
    pub fn shown(&self) -> impl Iterator<Item = &Lane> {
        self.lanes.iter().filter(|lane| !lane.is_hidden)
    }

    /// Actions of all lanes so far: what the pace of the work is measured in.
    pub fn actions(&self) -> u64 {
        self.lanes.iter().map(|lane| lane.world().actions()).sum()
    }

    /// The next instant at which anything happens in a lane that is shown.
    pub fn next_instant(&self) -> SimTime {
        let running = self.lanes.iter().filter(|lane| lane.runs());
        let next = |lane: &Lane| {
            // A world that has not begun does not know its first instant.
            if lane.world().actions() == 0 && lane.world().now() == SimTime::ZERO {
                return SimTime::ZERO;
            }
            lane.world().next_time().unwrap_or(lane.world().until())
        };
        running.map(next).min().unwrap_or(self.clock)
    }

    /// Runs every lane that is shown up to and including `to`, the one that
    /// is most behind first, in slices of about `actions_max`. After each of
    /// them `is_enough` hears how many actions it took and may end it.
    pub fn advance(&mut self, to: SimTime, actions_max: u64, mut is_enough: impl FnMut(u64) -> bool) -> Advance {
        let result = loop {
            // A lane that stands at 0 may not have begun.
            let due = |lane: &&mut Lane| lane.runs() && (lane.world().now() < to || lane.world().actions() == 0);
            let behind = self.lanes.iter_mut().filter(due).min_by_key(|lane| lane.world().now());
            let Some(lane) = behind else {
                break Advance::Reached;
            };
            let before = lane.world().actions();
            let outcome = lane.runner.advance(to, actions_max);
            lane.is_over = matches!(outcome, Outcome::Ended | Outcome::Limit(_)) || lane.world().is_over();
            let took = lane.world().actions() - before;
            // Nothing was due at 0 in a lane that has not begun.
            let is_idle = outcome == Outcome::Reached && took == 0 && to == SimTime::ZERO;
            if is_enough(took) || is_idle {
                break if self.is_at(to) { Advance::Reached } else { Advance::Cut };
            }
        };
        self.lanes
            .iter_mut()
            .filter(|lane| !lane.is_hidden)
            .for_each(Lane::read);
        self.set_clock(to, result);
        result
    }

    fn is_at(&self, to: SimTime) -> bool {
        self.lanes.iter().all(|lane| !lane.runs() || lane.world().now() >= to)
    }

    fn set_clock(&mut self, to: SimTime, result: Advance) {
        let running = self.lanes.iter().filter(|lane| lane.runs());
        let behind = running.map(|lane| lane.world().now()).min();
        let stands = match (behind, result) {
            (Some(_), Advance::Reached) => to,
            (Some(behind), Advance::Cut) => behind,
            // All are over: at the end, or where the last of them ended.
            (None, _) => self.shown().map(|lane| lane.world().now()).max().unwrap_or(self.clock),
        };
        // Only a lane that is catching up is behind what was shown before.
        self.clock = self.clock.max(stands);
    }
}

#[cfg(test)]
mod tests;
