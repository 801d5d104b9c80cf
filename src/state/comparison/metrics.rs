//! Which numbers are compared, and where they come from.

use super::{Group, Row, Sense};
use crate::state::curves::Asked;
use crate::state::format;
use crate::state::lab::{Lane, measure};
use crate::state::texts::Key;
use mqlab_engine::plan::WatchKind;
use mqlab_engine::{Argument, Metric, MetricKind, PlaceKind, Value, World};
use mqlab_kernel::{SimTime, sort_by};
use mqlab_model::PlaceId;

/// A metric with its name and its sense.
type Listed = (Key, MetricKind, Sense);

use MetricKind as Kind;
use Sense::{Less, More, Neither};

/// Of what all loads do together.
const OF_LOADS: [Listed; 3] = [
    (Key::Offered, Kind::Offered, Neither),
    (Key::Refused, Kind::Refused, Less),
    (Key::Responded, Kind::Responded, More),
];

/// Of the whole world.
const OF_WORLD: [Listed; 8] = [
    (Key::CompareLost, Kind::Lost, Less),
    (Key::CompareLostUnconfirmed, Kind::UnconfirmedLost, Less),
    (Key::CompareDuplicated, Kind::Duplicated, Less),
    (Key::Redelivered, Kind::Redelivered, Less),
    (Key::CompareAgain, Kind::DeliveredAgain, Less),
    (Key::CompareReordered, Kind::Reordered, Less),
    (Key::CompareOverloaded, Kind::Overloaded, Less),
    (Key::CompareStuck, Kind::Stuck, Less),
];

/// Of the queue or called service that is followed, before and after what is
/// known of its series.
const OF_INLET: [Listed; 6] = [
    (Key::Handled, Kind::Handled, More),
    (Key::Backlog, Kind::Backlog, Less),
    (Key::KafkaLag, Kind::Lag, Less),
    (Key::Oldest, Kind::Age, Less),
    (Key::ComparePeakBacklog, Kind::PeakBacklog, Less),
    (Key::ComparePeakAt, Kind::PeakBacklogAt, Neither),
];
const OF_WAITS: [Listed; 10] = [
    (Key::CompareWaited, Kind::Waited, Less),
    (Key::WaitMean, Kind::WaitMean, Less),
    (Key::WaitP50, Kind::WaitP50, Less),
    (Key::CompareWaitP90, Kind::WaitP90, Less),
    (Key::WaitP99, Kind::WaitP99, Less),
    (Key::CompareWaitP999, Kind::WaitP999, Less),
    (Key::WaitMax, Kind::WaitMax, Less),
    (Key::CompareLatencyP50, Kind::LatencyP50, Less),
    (Key::CompareLatencyP99, Kind::LatencyP99, Less),
    (Key::CompareLatencyMax, Kind::LatencyMax, Less),
];

const OF_SERVICE: [Listed; 6] = [
    (Key::Utilisation, Kind::Utilisation, Neither),
    (Key::TurnedAway, Kind::TurnedAway, Less),
    (Key::FailedCalls, Kind::FailedCalls, Less),
    (Key::Retries, Kind::Retries, Less),
    (Key::DiedAt, Kind::DiedAt, More),
    (Key::CompareDeaths, Kind::Deaths, Less),
];

const OF_TABLE: [Listed; 6] = [
    (Key::Rows, Kind::Rows, More),
    (Key::PeakRate, Kind::PeakRate, Neither),
    (Key::ComparePeakAsked, Kind::PeakAsked, Neither),
    (Key::WritesRefused, Kind::WritesRefused, Less),
    (Key::DiedAt, Kind::DiedAt, More),
    (Key::CompareDeaths, Kind::Deaths, Less),
];

const OF_BROKER: [Listed; 8] = [
    (Key::CompareUnroutable, Kind::Unroutable, Less),
    (Key::CompareUnderReplicated, Kind::UnderReplicated, Less),
    (Key::CompareLeaderless, Kind::Leaderless, Less),
    (Key::CompareLeaderChanges, Kind::LeaderChanges, Less),
    (Key::CompareRebalances, Kind::Rebalances, Less),
    (Key::CompareBytesIn, Kind::BytesIn, Less),
    (Key::DiedAt, Kind::DiedAt, More),
    (Key::CompareDeaths, Kind::Deaths, Less),
];

/// The variants while they are measured.
pub(super) struct Gathering<'a> {
    asked: &'a Asked<'a>,
    lanes: &'a [&'a Lane],
}

impl<'a> Gathering<'a> {
    pub(super) fn new(asked: &'a Asked<'a>, lanes: &'a [&'a Lane]) -> Self {
        Gathering { asked, lanes }
    }

    /// Everything that is compared. What no variant has is left out.
    pub(super) fn groups(&self) -> Vec<Group> {
        let mut groups = vec![self.whole(), self.followed()];
        for (kind, listed) in [
            (PlaceKind::Service, OF_SERVICE.as_slice()),
            (PlaceKind::Table, OF_TABLE.as_slice()),
            (PlaceKind::Broker, OF_BROKER.as_slice()),
        ] {
            groups.extend(self.names(kind).iter().map(|name| self.of_place(name, kind, listed)));
        }
        groups.retain(|group| !group.rows.is_empty());
        groups
    }

    fn text(&self, key: Key) -> String {
        self.asked.language.text(key).to_owned()
    }

    fn whole(&self) -> Group {
        let loads = OF_LOADS.iter().map(|listed| self.row(*listed, sum_of_loads));
        let world = OF_WORLD.iter().map(|listed| {
            self.row(*listed, |lane, kind| {
                let metric = Metric {
                    kind,
                    place: None,
                    argument: Argument::None,
                };
                Some(lane.world().metric(&metric))
            })
        });
        Group {
            name: self.text(Key::CompareWhole),
            rows: there(loads.chain(world)),
        }
    }

    /// The queue or called service that the charts follow in each variant.
    fn followed(&self) -> Group {
        let of_inlet = |lane: &Lane, kind: MetricKind| {
            let value = measure(lane.world(), kind, self.asked.followed(lane)?);
            // A called service has no queue to be measured.
            let is_of_queue = kind == MetricKind::Age && value == Value::Never;
            (!is_of_queue).then_some(value)
        };
        let before = OF_INLET.iter().map(|listed| self.row(*listed, of_inlet));
        let after = OF_WAITS.iter().map(|listed| self.row(*listed, of_inlet));
        let rows = before.chain(self.drained()).chain(after);
        Group {
            name: self.followed_names(),
            rows: there(rows),
        }
    }

    fn followed_names(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for lane in self.lanes {
            if let Some(place) = self.asked.followed(lane) {
                let name = lane.world().places().get(place).name.as_str();
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names.join(" / ")
    }

    /// When the followed queue was empty again, from every instant on that
    /// the scenario asks for.
    fn drained(&self) -> Vec<Row> {
        let mut afters: Vec<SimTime> = Vec::new();
        let watched = |lane: &Lane| {
            let place = self.asked.followed(lane);
            let plan = self.asked.lab.lanes.iter().position(|other| other.name == lane.name);
            let watches = plan.map(|variant| self.asked.lab.plan(variant).watches.as_slice());
            let is_it = move |kind: WatchKind| matches!(kind, WatchKind::Drained(inlet) if Some(inlet) == place);
            let watches = watches.unwrap_or_default().iter();
            watches
                .filter(move |watch| is_it(watch.kind))
                .map(|watch| watch.after)
                .collect::<Vec<_>>()
        };
        for lane in self.lanes {
            afters.extend(watched(lane));
        }
        sort_by(&mut afters, Ord::cmp);
        afters.dedup();
        let row = |after: SimTime| Row {
            name: self
                .asked
                .language
                .with(Key::CompareDrained, &format::clock(after, 0).0),
            id: format!("drained_after_{}", after.nanos()),
            sense: Less,
            values: self
                .lanes
                .iter()
                .map(|lane| {
                    let place = self.asked.followed(lane)?;
                    let metric = Metric {
                        kind: MetricKind::Drained,
                        place: Some(place),
                        argument: Argument::After(after),
                    };
                    watched(lane).contains(&after).then(|| lane.world().metric(&metric))
                })
                .collect(),
        };
        afters.into_iter().map(row).collect()
    }

    /// The names of all places of a kind, in the order in which they come up.
    fn names(&self, kind: PlaceKind) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for lane in self.lanes {
            for (_, place) in lane.world().places().iter() {
                if place.kind == kind && !names.contains(&place.name) {
                    names.push(place.name.clone());
                }
            }
        }
        names
    }

    fn of_place(&self, name: &str, kind: PlaceKind, listed: &[Listed]) -> Group {
        let place_in = |lane: &Lane| {
            let mut places = lane.world().places().iter();
            let found = places.find(|(_, place)| place.kind == kind && place.name == name);
            found.map(|(id, _)| id)
        };
        let rows = listed
            .iter()
            .map(|listed| self.row(*listed, |lane, kind| Some(measure(lane.world(), kind, place_in(lane)?))));
        Group {
            name: name.to_owned(),
            rows: there(rows),
        }
    }

    fn row(&self, (name, kind, sense): Listed, value: impl Fn(&Lane, MetricKind) -> Option<Value>) -> Row {
        Row {
            name: self.text(name),
            id: kind.info().name.to_owned(),
            sense,
            values: self.lanes.iter().map(|lane| value(lane, kind)).collect(),
        }
    }
}

/// Rows in which at least one variant has something to say.
fn there(rows: impl Iterator<Item = Row>) -> Vec<Row> {
    let says = |value: &Option<Value>| value.is_some_and(|value| value != Value::Never);
    rows.filter(|row| row.values.iter().any(says)).collect()
}

fn sum_of_loads(lane: &Lane, kind: MetricKind) -> Option<Value> {
    let world: &World = lane.world();
    let loads = world.places().iter().filter(|(_, place)| place.kind == PlaceKind::Load);
    let counts = loads.map(|(id, _): (PlaceId, _)| measure(world, kind, id));
    let counts = counts.filter_map(|value| match value {
        Value::Count(count) => Some(count),
        _ => None,
    });
    Some(Value::Count(counts.sum()))
}
