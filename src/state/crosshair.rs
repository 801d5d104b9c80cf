//! The crosshair of the charts: at which instants it can stand, and what the
//! stage showed then.

use super::curves::{Asked, Band};
use super::lab::{Lab, Lane};
use super::texts::Key;
use mqlab_engine::{ColumnKind, PlaceKind};
use mqlab_kernel::SimTime;

/// The instants it can stand at: those of the samples of the variant that is
/// sampled most often.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Grid {
    step_ns: u64,
    /// The last sample that was taken.
    last: SimTime,
    /// The end of the time axis.
    end: SimTime,
}

impl Grid {
    /// The instants of a lab.
    pub fn of(lab: &Lab) -> Grid {
        let steps = lab.shown().map(|lane| lane.world().series().step().nanos());
        let taken = lab.shown().map(|lane| {
            let series = lane.world().series();
            series.step().nanos() * series.len() as u64
        });
        Grid {
            step_ns: steps.min().unwrap_or(1).max(1),
            last: SimTime::from_nanos(taken.max().unwrap_or(0)),
            end: lab.axis_end(),
        }
    }

    /// The end of the time axis.
    pub fn end(&self) -> SimTime {
        self.end
    }

    /// Where it stands if somebody points at an instant: at the nearest
    /// sample.
    pub fn snap(&self, at: SimTime) -> SimTime {
        let nearest = at.nanos().saturating_add(self.step_ns / 2) / self.step_ns;
        SimTime::from_nanos(nearest.clamp(1, self.count()) * self.step_ns)
    }

    /// Where it stands some samples further on, or back. It comes in at the
    /// last one.
    pub fn moved(&self, from: Option<SimTime>, samples: i64) -> SimTime {
        let Some(from) = from else {
            return self.snap(self.last);
        };
        let index = self.index(from).saturating_add_signed(samples).min(self.count());
        self.snap(SimTime::from_nanos(index * self.step_ns))
    }

    /// From one instant to the next, in nanoseconds.
    pub fn step_ns(&self) -> u64 {
        self.step_ns
    }

    /// How many instants there are on the axis.
    pub fn count(&self) -> u64 {
        (self.end.nanos() / self.step_ns).max(1)
    }

    /// Which of them an instant is.
    pub fn index(&self, at: SimTime) -> u64 {
        at.nanos() / self.step_ns
    }
}

/// Every curve of these charts at an instant, in words.
pub fn words(asked: &Asked<'_>, bands: &[Band], at: SimTime) -> String {
    let mut parts = vec![at.to_string()];
    if at > asked.lab.clock() {
        parts.push(asked.language.text(Key::NotYet).to_owned());
        return parts.join(": ");
    }
    for band in bands {
        let curves = asked.curves(*band);
        let values = curves.iter().filter_map(|curve| Some(curve.say(curve.at(at)?)));
        let values: Vec<String> = values.collect();
        if !values.is_empty() {
            let name = asked.language.text(band.name());
            parts.push(format!("{name}: {}", values.join(", ")));
        }
    }
    parts.join("; ")
}

/// What a queue or called service of a variant showed at an instant.
#[derive(Clone, PartialEq, Debug)]
pub struct Readout {
    /// Its name.
    pub name: String,
    /// Messages nobody worked on yet.
    pub waiting: String,
    /// Handlings that ended well, a second.
    pub out: String,
}

/// What the variant showed at an instant, as far as it was sampled: what came
/// in, and every queue and called service.
pub fn readouts(asked: &Asked<'_>, lane: &Lane, at: SimTime) -> Option<(String, Vec<Readout>)> {
    let series = lane.world().series();
    let step = series.step().nanos().max(1);
    let index = usize::try_from(at.nanos() / step)
        .ok()?
        .min(series.len())
        .checked_sub(1)?;
    if at > asked.lab.clock() {
        return None;
    }
    let per_second = |kind, place| {
        let values = &series.column(place, kind)?.values;
        let before = index.checked_sub(1).map_or(0, |before| values[before]);
        Some((values[index] - before) as f64 / series.step().as_secs_f64())
    };
    let places = lane.world().places();
    let loads = places.iter().filter(|(_, place)| place.kind == PlaceKind::Load);
    let offered: f64 = loads.filter_map(|(id, _)| per_second(ColumnKind::Offered, id)).sum();
    let mut found = Vec::new();
    for (id, place) in places.iter() {
        let Some(waiting) = series.column(id, ColumnKind::Backlog) else {
            continue;
        };
        // Neither a queue that has no part in the variant nor a service that
        // nobody calls has anything to say.
        let is_used = match place.kind {
            PlaceKind::Queue => lane.diagram.item_at(id).is_some(),
            _ => {
                let started = series.column(id, ColumnKind::Started);
                waiting.values[index] > 0 || started.is_some_and(|column| column.values[index] > 0)
            }
        };
        if !is_used {
            continue;
        }
        let out = per_second(ColumnKind::Handled, id).unwrap_or(0.0);
        found.push(Readout {
            name: place.name.clone(),
            waiting: Band::Backlog.label(waiting.values[index] as f64, asked.language),
            out: Band::Rate.label(out, asked.language),
        });
    }
    Some((Band::Rate.label(offered, asked.language), found))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::curves::Percentile;
    use crate::state::texts::Language;

    fn lab(to: u64) -> Lab {
        let text = r#"
            title = "t"
            until = "100s"
            broker.rabbitmq.queue.orders = {}
            service.writer = { workers = 1, consume = { queue = "orders", prefetch = 1 }, steps = [{ work = "100ms" }, "ack"] }
            load.users = { to = "orders", rate = "30/s" }
        "#;
        let (scenario, found) = mqlab_scenario::parse(text);
        let mut lab = Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")));
        lab.advance(SimTime::from_nanos(to), u64::MAX, |_| false);
        lab
    }

    fn asked(lab: &Lab) -> Asked<'_> {
        Asked {
            lab,
            selection: None,
            percentiles: &[Percentile::P99],
            language: Language::English,
        }
    }

    const SECOND: u64 = 1_000_000_000;

    #[test]
    fn it_stands_on_samples() {
        let lab = lab(50 * SECOND);
        // 100 s in 1000 samples.
        let grid = Grid::of(&lab);
        assert_eq!(grid.snap(SimTime::ZERO).nanos(), SECOND / 10);
        assert_eq!(grid.snap(SimTime::from_nanos(10 * SECOND + 1)).nanos(), 10 * SECOND);
        assert_eq!(grid.snap(SimTime::MAX).nanos(), 100 * SECOND);
        // What is sampled at the clock is sampled when it goes on.
        assert_eq!(grid.moved(None, -1).nanos(), 499 * SECOND / 10);
        let at = SimTime::from_nanos(10 * SECOND);
        assert_eq!(grid.moved(Some(at), -3).nanos(), 97 * SECOND / 10);
        assert_eq!(grid.moved(Some(at), i64::MIN).nanos(), SECOND / 10);
        assert_eq!(grid.moved(Some(at), i64::MAX).nanos(), 100 * SECOND);
    }

    #[test]
    fn it_reads_what_was_sampled_then() {
        let lab = lab(50 * SECOND);
        let at = SimTime::from_nanos(10 * SECOND);
        let (offered, found) = readouts(&asked(&lab), &lab.lanes[0], at).expect("it was sampled");
        assert_eq!(offered, "30/s");
        let queue = Readout {
            name: "orders".to_owned(),
            waiting: "200".to_owned(),
            out: "10/s".to_owned(),
        };
        assert_eq!(found, [queue]);
        let words = words(&asked(&lab), &[Band::Backlog], at);
        assert_eq!(words, "00:00:10; backlog: 200, unacked 1");
        let later = SimTime::from_nanos(51 * SECOND);
        assert_eq!(readouts(&asked(&lab), &lab.lanes[0], later), None);
    }
}
