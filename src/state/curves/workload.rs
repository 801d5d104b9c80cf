//! How much of what they can do services and tables do.

use super::{Asked, Curve, End, Meaning, values};
use crate::state::chart;
use crate::state::diagram::{Item, ItemKind};
use crate::state::lab::Lane;
use mqlab_engine::ColumnKind;
use mqlab_kernel::sort_by_key;
use mqlab_model::PlaceId;

/// Most services and tables of one variant; more lines could not be told
/// apart.
const ITEMS_MAX: usize = 4;

/// Adds the curves of one variant: of what is selected if it is a service or
/// a table, else of the first ones.
pub(super) fn push(asked: &Asked<'_>, end: &End<'_>, curves: &mut Vec<Curve>) {
    let selected = asked.selected_in(end.lane);
    let can_be_busy = |item: &&Item| matches!(item.kind, ItemKind::Service | ItemKind::Table);
    let mut items: Vec<&Item> = end.lane.diagram.items.iter().filter(can_be_busy).collect();
    sort_by_key(&mut items, |item| item.kind == ItemKind::Table);
    let is_one = items.iter().any(|item| Some(item.place) == selected);
    let wanted = items.into_iter().filter(|item| !is_one || Some(item.place) == selected);
    let shares = wanted.filter_map(|item| Some((item, share_of(end.lane, item)?)));
    for (rank, (item, shares)) in shares.take(ITEMS_MAX).enumerate() {
        let meaning = match item.kind {
            ItemKind::Table => Meaning::Settled,
            _ => Meaning::Flight,
        };
        let column = format!("share_of_{}", item.name);
        let mut curve = end.curve(meaning, &column, Some(&item.name), shares);
        curve.rank = rank;
        curves.push(curve);
    }
}

fn share_of(lane: &Lane, item: &Item) -> Option<Vec<f64>> {
    match item.kind {
        ItemKind::Table => table_share(lane, item.place),
        _ => service_share(lane, item.place),
    }
}

/// The share of the time of its workers that they had something in hand.
fn service_share(lane: &Lane, place: PlaceId) -> Option<Vec<f64>> {
    let series = lane.world().series();
    let worked = chart::values(series.column(place, ColumnKind::Worked)?, series);
    let workers = values(lane, place, ColumnKind::Workers);
    // Nanoseconds of work a second, over those that there were. Who goes
    // while the sample is taken has worked in it, too.
    let share = |(worked, workers): (f64, f64)| {
        if workers > 0.0 {
            (worked / 1e9 / workers).min(1.0)
        } else {
            0.0
        }
    };
    Some(worked.into_iter().zip(workers).map(share).collect())
}

/// The rows a second as a share of what it can write; none without a limit.
fn table_share(lane: &Lane, place: PlaceId) -> Option<Vec<f64>> {
    let rows = values(lane, place, ColumnKind::Rows);
    let capacity = values(lane, place, ColumnKind::Capacity);
    if capacity.iter().all(|capacity| *capacity <= 0.0) {
        return None;
    }
    let share = |(rows, capacity): (f64, f64)| {
        if capacity > 0.0 { rows * 1000.0 / capacity } else { 0.0 }
    };
    Some(rows.into_iter().zip(capacity).map(share).collect())
}
