//! What happened at a station, read off the facts of one run.
//!
//! Only messages that were offered in the middle four fifths of the run count:
//! the station begins empty, which it seldom is later, and the last ones may
//! not be over when the run ends.

use super::model::Single;
use crate::runs::{Observed, Runs};
use mqlab_engine::{Outcome, Place, PlaceKind, Trace, World};
use mqlab_kernel::SimTime;
use mqlab_model::{Fact, FactKind, NodeId, PlaceId};

/// Actions between two readings of the facts, so that few are held at a time.
const SLICE: u64 = 50_000;
/// Most runs of facts between two readings.
const FACTS_MAX: usize = 4_000_000;

/// A run of a station.
pub(super) struct Run {
    world: World,
    /// What messages come from.
    pub(super) load: PlaceId,
    /// Where they come in, and at which stage.
    pub(super) inlets: Vec<(PlaceId, usize)>,
}

impl Run {
    /// A run of a scenario with one load and services that messages go through
    /// one after the other.
    pub(super) fn new(text: &str, seed: u64) -> Self {
        let (scenario, found) = mqlab_scenario::parse(text);
        let mut scenario = scenario.unwrap_or_else(|| panic!("a station is a valid scenario: {found:#?}"));
        let mut plan = scenario.variants.remove(0).plan;
        plan.seed = seed;
        let world = World::new(&plan);
        let places = || world.places().iter();
        let load = places()
            .find(|(_, place)| place.kind == PlaceKind::Load)
            .map(|(id, _)| id);
        let services: Vec<NodeId> = places()
            .filter(|(_, place)| place.kind == PlaceKind::Service)
            .map(|(_, place)| place.node)
            .collect();
        let inlet = |(id, place): (PlaceId, &Place)| {
            let is_inlet = matches!(place.kind, PlaceKind::Subscription | PlaceKind::Calls);
            let stage = services.iter().position(|service| *service == place.node)?;
            is_inlet.then_some((id, stage))
        };
        Run {
            load: load.expect("a station has a load"),
            inlets: places().filter_map(inlet).collect(),
            world,
        }
    }

    /// Runs it to its end and shows every fact of the load and the inlets.
    /// `None` if somebody stopped it.
    pub(super) fn watch(mut self, runs: &dyn Runs, mut see: impl FnMut(&Fact)) -> Option<()> {
        let inlets = self.inlets.iter().map(|(place, _)| *place);
        let places: Vec<PlaceId> = inlets.chain([self.load]).collect();
        loop {
            if runs.is_stopped() {
                return None;
            }
            self.world
                .set_trace(Some(Trace::new(None, FACTS_MAX).at(places.clone())));
            let outcome = self.world.run_until(SimTime::MAX, SLICE);
            for run in self.world.trace().into_iter().flat_map(Trace::runs) {
                run.iter().for_each(|fact| see(&fact));
            }
            match outcome {
                Outcome::Budget => {}
                Outcome::Reached | Outcome::Ended | Outcome::Limit(_) => return Some(()),
            }
        }
    }
}

/// One station, while its facts come by. Times are in seconds.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    from: f64,
    to: f64,
    offered: u64,
    refused: u64,
    handled: u64,
    waited: u64,
    waits: Vec<f64>,
    sojourns: Vec<f64>,
    /// Message time that lies within the window: waiting, and in all.
    waiting: f64,
    inside: f64,
}

fn seconds(nanos: u64) -> f64 {
    nanos as f64 / 1e9
}

impl Watch {
    /// Watches a station at which `messages` arrive at `rate` a second.
    pub(super) fn new(messages: u64, rate: f64) -> Self {
        let length = messages as f64 / rate;
        Watch {
            from: 0.1 * length,
            to: 0.9 * length,
            offered: 0,
            refused: 0,
            handled: 0,
            waited: 0,
            waits: Vec::new(),
            sojourns: Vec::new(),
            waiting: 0.0,
            inside: 0.0,
        }
    }

    fn counts(&self, instant: f64) -> bool {
        (self.from..self.to).contains(&instant)
    }

    /// How much of a stretch of time lies in the window.
    fn overlap(&self, from: f64, to: f64) -> f64 {
        (to.min(self.to) - from.max(self.from)).max(0.0)
    }

    /// Takes note of a fact of the load or of the station.
    pub(super) fn see(&mut self, fact: &Fact) {
        let at = seconds(fact.at.nanos());
        // Waits and times in the system carry their length with them.
        let length = seconds(fact.value);
        let since = at - length;
        match fact.kind {
            FactKind::Offered => self.offered += u64::from(self.counts(at)),
            FactKind::Refused => self.refused += u64::from(self.counts(at)),
            FactKind::Started => {
                self.waiting += self.overlap(since, at);
                if self.counts(since) {
                    self.waited += u64::from(fact.value > 0);
                    self.waits.push(length);
                }
            }
            FactKind::Handled => {
                self.inside += self.overlap(since, at);
                self.handled += u64::from(self.counts(at));
                if self.counts(since) {
                    self.sojourns.push(length);
                }
            }
            _ => {}
        }
    }

    /// What came of it, by the names that cases use; times in units of
    /// `scale` seconds.
    pub(super) fn observed(mut self, station: &Single, scale: f64, quantiles: &[String]) -> Observed {
        let length = self.to - self.from;
        let mean = |values: &[f64]| values.iter().sum::<f64>() / (values.len() as f64).max(1.0);
        let (wait, sojourn) = (mean(&self.waits), mean(&self.sojourns));
        let rate = self.offered as f64 / length;
        let share = |part: u64, of: u64| part as f64 / (of as f64).max(1.0);
        let servers = station.servers.map_or(f64::INFINITY, f64::from);
        let mut observed = Observed::from(
            [
                ("Wq", wait * scale),
                ("W", sojourn * scale),
                ("Lq", self.waiting / length),
                ("L", self.inside / length),
                ("throughput", self.handled as f64 / length / scale),
                ("p_loss", share(self.refused, self.offered)),
                ("p_wait", share(self.waited, self.waits.len() as u64)),
                ("rho", rate * (sojourn - wait) / servers),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        );
        self.waits.sort_by(f64::total_cmp);
        self.sojourns.sort_by(f64::total_cmp);
        for name in quantiles {
            let (values, digits) = match name.split_once("_p") {
                Some(("Wq", digits)) => (&self.waits, digits),
                Some(("W", digits)) => (&self.sojourns, digits),
                _ => continue,
            };
            if let (Ok(percent), false) = (format!("0.{digits}").parse::<f64>(), values.is_empty()) {
                let place = (percent * values.len() as f64).ceil() as usize;
                observed.insert(name.clone(), values[place.clamp(1, values.len()) - 1] * scale);
            }
        }
        observed
    }
}
