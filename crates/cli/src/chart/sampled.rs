//! Curves from the samples of a run.

use mqlab_engine::{Column, ColumnKind, PlaceKind, Places, Series};
use mqlab_model::PlaceId;

/// The samples of one run.
pub(super) struct Sampled<'a> {
    pub(super) series: &'a Series,
    pub(super) places: &'a Places,
}

impl Sampled<'_> {
    /// Queues and called services through which anything went.
    pub(super) fn inlets(&self) -> Vec<PlaceId> {
        let is_used = |id: &PlaceId| {
            let kinds = [ColumnKind::Started, ColumnKind::Backlog];
            let columns = kinds.iter().filter_map(|kind| self.series.column(*id, *kind));
            columns.flat_map(|column| &column.values).any(|value| *value > 0)
        };
        let inlets = self
            .places
            .iter()
            .filter(|(_, place)| matches!(place.kind, PlaceKind::Queue | PlaceKind::Calls));
        inlets.map(|(id, _)| id).filter(is_used).collect()
    }

    /// What all loads together offer, per second.
    pub(super) fn offered(&self) -> Vec<(f64, f64)> {
        let columns = self.series.columns().iter();
        let mut total = vec![0; self.series.len()];
        for column in columns.filter(|column| column.kind == ColumnKind::Offered) {
            total
                .iter_mut()
                .zip(&column.values)
                .for_each(|(sum, value)| *sum += value);
        }
        self.per_second(&total)
    }

    /// How fast a total grows, per second.
    pub(super) fn rate(&self, place: PlaceId, kind: ColumnKind) -> Vec<(f64, f64)> {
        self.per_second(self.values(place, kind))
    }

    /// The values themselves, from nothing on.
    pub(super) fn level(&self, place: PlaceId, kind: ColumnKind) -> Vec<(f64, f64)> {
        let values = self.values(place, kind).iter();
        let points = values.enumerate().map(|(index, value)| (self.at(index), *value as f64));
        [(0.0, 0.0)].into_iter().chain(points).collect()
    }

    fn per_second(&self, totals: &[u64]) -> Vec<(f64, f64)> {
        let seconds = self.series.step().nanos() as f64 / 1e9;
        let before = [0].into_iter().chain(totals.iter().copied());
        let rates = totals.iter().zip(before);
        let rates = rates.map(|(now, before)| now.saturating_sub(before) as f64 / seconds);
        rates.enumerate().map(|(index, rate)| (self.at(index), rate)).collect()
    }

    fn values(&self, place: PlaceId, kind: ColumnKind) -> &[u64] {
        self.series
            .column(place, kind)
            .map_or(&[], |Column { values, .. }| values)
    }

    /// When the sample at `index` was taken.
    fn at(&self, index: usize) -> f64 {
        (self.series.step().nanos() as f64) * (index as f64 + 1.0)
    }
}

/// Leaves out the points of level stretches that are not at their ends: most
/// curves are level most of the time.
pub(super) fn simplified(points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let is_inner = |index: usize| {
        let value = |index: usize| points.get(index).map(|(_, value)| *value);
        index > 0 && value(index - 1) == value(index) && value(index) == value(index + 1)
    };
    let kept = (0..points.len()).filter(|index| !is_inner(*index));
    kept.map(|index| points[index]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn level_stretches_keep_their_ends() {
        let points = [1.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 3.0];
        let points: Vec<(f64, f64)> = points
            .into_iter()
            .zip(0..)
            .map(|(value, at)| (f64::from(at), value))
            .collect();
        let kept: Vec<f64> = simplified(points).into_iter().map(|(at, _)| at).collect();
        assert_eq!(kept, [0.0, 2.0, 3.0, 4.0, 5.0, 7.0]);
        assert!(simplified(Vec::new()).is_empty());
    }
}
