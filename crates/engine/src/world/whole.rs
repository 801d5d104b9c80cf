//! Metrics of topics and of groups, which are the sums over their parts.

use super::World;
use crate::metric::{Metric, MetricKind, Value};
use crate::places::PlaceKind;
use alloc::vec::Vec;
use mqlab_model::PlaceId;

impl World {
    /// Whether a place is measured by its parts.
    pub(super) fn is_whole(&self, place: PlaceId) -> bool {
        matches!(self.places().get(place).kind, PlaceKind::Topic | PlaceKind::Group)
    }

    /// The sum of a metric over the parts of a topic or a group: of a group what
    /// it owes at each partition, of a topic its partitions, and at each what its
    /// groups owe there. What lies in a topic lies in its partitions, whoever
    /// reads it.
    pub(super) fn added_up(&self, metric: &Metric, whole: PlaceId) -> Value {
        let places = self.places();
        if metric.kind == MetricKind::Consumers {
            return self.readers_of(whole);
        }
        if metric.kind == MetricKind::Brokers {
            return self.brokers_of(whole);
        }
        let parts: Vec<PlaceId> = match places.get(whole).kind {
            PlaceKind::Group => places.of_group(whole).collect(),
            _ if metric.kind.is_level() => places.parts_of(whole).collect(),
            _ => {
                let owners = |partition| places.parts_of(partition);
                let partitions = places.parts_of(whole);
                partitions
                    .flat_map(|partition| [partition].into_iter().chain(owners(partition)))
                    .collect()
            }
        };
        let counts = parts.into_iter().filter_map(|part| {
            let place = Some(part);
            match self.metric(&Metric { place, ..*metric }) {
                Value::Count(count) => Some(count),
                _ => None,
            }
        });
        counts
            .reduce(|sum, count| sum + count)
            .map_or(Value::Never, Value::Count)
    }

    /// The consumers among which a group's partitions are divided: one that has
    /// none does not count.
    fn readers_of(&self, group: PlaceId) -> Value {
        let owed = self.places().of_group(group);
        let mut consumers: Vec<_> = owed
            .filter_map(|owner| self.share(owner)?.consumer.map(|service| service.0))
            .collect();
        mqlab_kernel::sort_by_key(&mut consumers, |service| *service);
        consumers.dedup();
        Value::Count(consumers.len() as u64)
    }
}
