//! One variant of a scenario as the stage shows it.

use crate::state::diagram::{Diagram, ItemKind};
use crate::state::meter::Meter;
use mqlab_engine::plan::TimedCommand;
use mqlab_engine::{Argument, History, Metric, MetricKind, PlaceKind, Replay, Value, World};
use mqlab_kernel::{SimSpan, SimTime};
use mqlab_model::PlaceId;
use mqlab_scenario::{Runner, Scenario};
use std::rc::Rc;

/// One variant on the stage.
#[derive(Clone)]
pub struct Lane {
    /// Its name.
    pub name: String,
    /// What is drawn of it.
    pub diagram: Diagram,
    /// Whether it is left out: it is not shown and does not run.
    pub is_hidden: bool,
    /// The variant, running, with the way back.
    pub(super) history: History<Runner>,
    meter: Meter,
}

impl Lane {
    /// A variant in which nothing has happened.
    pub(super) fn new(scenario: &Rc<Scenario>, variant: usize) -> Self {
        let begun = Rc::clone(scenario);
        let history = History::of(move || Runner::new(&begun, variant));
        let world = history.run().world();
        let plan = &scenario.variants[variant].plan;
        let mut lane = Lane {
            name: scenario.variants[variant].name.clone(),
            diagram: Diagram::of(plan, world.places()),
            meter: Meter::new(plan.until),
            history,
            is_hidden: false,
        };
        lane.read();
        lane
    }

    /// The variant as it stands.
    pub fn runner(&self) -> &Runner {
        self.history.run()
    }

    /// Its run, with the way back.
    pub fn history(&self) -> &History<Runner> {
        &self.history
    }

    /// Whether it leaves checkpoints from now on.
    pub(super) fn keep_checkpoints(&mut self, keeps: bool) {
        self.history.keep_checkpoints(keeps);
    }

    /// The world as it stands.
    pub fn world(&self) -> &World {
        self.runner().world()
    }

    /// Whether its run is over.
    pub fn is_over(&self) -> bool {
        self.runner().is_over()
    }

    /// Whether it goes on when the clock does.
    pub(super) fn runs(&self) -> bool {
        !self.is_hidden && !self.is_over()
    }

    /// Back to the beginning.
    pub(super) fn restart(&mut self) {
        self.history.restart();
        self.read_anew();
    }

    /// To the nearest instant at or before `to` that it can run on from.
    pub(super) fn jump(&mut self, to: SimTime) {
        self.history.jump(to);
        self.read_anew();
    }

    /// Does these things by hand, and no others.
    pub(super) fn set_acts(&mut self, commands: Vec<TimedCommand>) {
        let before = self.world().now();
        self.history.set_acts(commands);
        if self.world().now() < before {
            self.read_anew();
        }
    }

    /// The clock did not simply go on: rates begin anew.
    fn read_anew(&mut self) {
        self.meter = Meter::new(self.world().until());
        self.read();
    }

    /// How many a second passed a way lately, and how many of those failed.
    pub fn flow(&self, way: usize) -> (f64, f64) {
        (self.meter.per_second(2 * way), self.meter.per_second(2 * way + 1))
    }

    /// The share of time that an item's workers were busy lately.
    pub fn busy_share(&self, item: usize) -> f64 {
        self.meter.per_second(2 * self.diagram.ways.len() + item)
    }

    /// How many messages a second a queue took lately: not all that is sent
    /// to it is there already.
    pub fn taken(&self, item: usize) -> f64 {
        self.meter.per_second(2 * self.diagram.ways.len() + item)
    }

    /// Over how long rates are measured.
    pub(super) fn window(&self) -> SimSpan {
        self.meter.window()
    }

    /// Takes a reading of everything that rates are shown of.
    pub(super) fn read(&mut self) {
        let world = self.history.run().world();
        let mut counters = Vec::with_capacity(2 * self.diagram.ways.len() + self.diagram.items.len());
        for way in &self.diagram.ways {
            counters.push(Diagram::count(world, way.passed) as f64);
            counters.push(way.failed.map_or(0.0, |tally| Diagram::count(world, tally) as f64));
        }
        let seconds = world.now().nanos() as f64 / 1e9;
        for item in &self.diagram.items {
            let counted = item.counted(world.places());
            let measured = |kind| measure(world, kind, counted).number().unwrap_or(0.0);
            counters.push(match item.kind {
                // Seconds of work per worker so far, which only grow.
                ItemKind::Service => measured(MetricKind::Utilisation) * seconds,
                ItemKind::Queue | ItemKind::Partition => measured(MetricKind::Accepted),
                _ => 0.0,
            });
        }
        self.meter.read(world.now(), counters);
    }

    /// The queue or called service that the charts follow: what is selected
    /// if it is one, else the first that messages come to.
    pub fn followed(&self, selected: Option<PlaceId>) -> Option<PlaceId> {
        let places = self.world().places();
        let inlet = |place: PlaceId| match places.get(place).kind {
            PlaceKind::Queue | PlaceKind::GroupPartition => Some(place),
            PlaceKind::Partition => Some(places.parts_of(place).next().unwrap_or(place)),
            PlaceKind::Service => {
                let item = self.diagram.item_at(place)?;
                let way = self.diagram.ways.iter().find(|way| way.to == item)?;
                match self.diagram.items[way.from].kind {
                    ItemKind::Queue => Some(self.diagram.items[way.from].place),
                    // What its own group owes there.
                    ItemKind::Partition => places.get(way.passed.place).of,
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
            let first = of_kind(ItemKind::Queue).or_else(|| of_kind(ItemKind::Partition));
            let first = first.or_else(|| of_kind(ItemKind::Service))?;
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
