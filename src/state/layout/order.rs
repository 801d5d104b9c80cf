//! The order of the nodes of each layer: that with the fewest crossings among
//! a few that follow the neighbours.

use super::sheet::{Grid, Link};
use mqlab_kernel::sort_by;

/// Orders each layer, in so many rounds of following the neighbours to one side and to
/// the other.
pub(super) fn sort(grid: &mut Grid, rounds: usize) {
    let mut layers = grid.layers.clone();
    let mut rank = vec![0.0; grid.sizes.len()];
    layers.iter().for_each(|layer| number(layer, &mut rank));
    let mut fewest = crossings(grid, &layers, &rank);
    for round in 0..rounds {
        let count = layers.len();
        for step in 0..count {
            let is_forward = round % 2 == 0;
            let layer = if is_forward { step } else { count - 1 - step };
            follow(grid, &mut layers[layer], &rank, is_forward);
            number(&layers[layer], &mut rank);
        }
        let found = crossings(grid, &layers, &rank);
        if found < fewest {
            fewest = found;
            grid.layers.clone_from_slice(&layers);
        }
    }
}

/// Notes the position of each node in its layer.
fn number(layer: &[usize], rank: &mut [f64]) {
    for (index, node) in layer.iter().enumerate() {
        rank[*node] = index as f64;
    }
}

/// How far within its node an end lies, as a share of a step.
fn within(offset: f64, size: f64) -> f64 {
    (offset / size.max(1.0)).clamp(0.0, 1.0) * 0.9
}

/// Where a link leaves, among the nodes of its layer.
fn begin(grid: &Grid, link: &Link, rank: &[f64]) -> f64 {
    rank[link.from] + within(link.leaves, grid.sizes[link.from])
}

/// Where a link arrives.
fn end(grid: &Grid, link: &Link, rank: &[f64]) -> f64 {
    rank[link.to] + within(link.enters, grid.sizes[link.to])
}

/// Sorts a layer by the middle of the neighbours on one side.
fn follow(grid: &Grid, layer: &mut [usize], rank: &[f64], is_forward: bool) {
    let middle = |node: usize| {
        let links = if is_forward {
            &grid.into[node]
        } else {
            &grid.out_of[node]
        };
        let ends = links.iter().map(|link| match is_forward {
            true => begin(grid, &grid.links[*link], rank),
            false => end(grid, &grid.links[*link], rank),
        });
        let (sum, count) = ends.fold((0.0, 0.0), |(sum, count), end| (sum + end, count + 1.0));
        if count > 0.0 { sum / count } else { rank[node] }
    };
    let mut keyed: Vec<(f64, usize)> = layer.iter().map(|node| (middle(*node), *node)).collect();
    // Stable: equals keep their order.
    sort_by(&mut keyed, |a, b| a.0.total_cmp(&b.0));
    for (place, (_, node)) in layer.iter_mut().zip(keyed) {
        *place = node;
    }
}

/// How many pairs of links cross. Only those that begin in the same layer can.
fn crossings(grid: &Grid, layers: &[Vec<usize>], rank: &[f64]) -> usize {
    let of_layer = |layer: &Vec<usize>| {
        let links = layer.iter().flat_map(|node| &grid.out_of[*node]);
        let links = links.map(|link| &grid.links[*link]);
        let mut ends: Vec<(f64, f64)> = links
            .map(|link| (begin(grid, link, rank), end(grid, link, rank)))
            .collect();
        sort_by(&mut ends, |a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let mut arrivals: Vec<f64> = ends.into_iter().map(|(_, end)| end).collect();
        inversions(&mut arrivals)
    };
    layers.iter().map(of_layer).sum()
}

/// How many pairs stand the wrong way round. Sorts the values on the way.
fn inversions(values: &mut [f64]) -> usize {
    if values.len() < 2 {
        return 0;
    }
    let (left, right) = values.split_at_mut(values.len() / 2);
    let mut found = inversions(left) + inversions(right);
    let mut sorted = Vec::with_capacity(left.len() + right.len());
    let (mut next, mut other) = (0, 0);
    while next < left.len() || other < right.len() {
        if other == right.len() || (next < left.len() && left[next] <= right[other]) {
            sorted.push(left[next]);
            next += 1;
        } else {
            // It stands before all that are left on the other side.
            found += left.len() - next;
            sorted.push(right[other]);
            other += 1;
        }
    }
    values.copy_from_slice(&sorted);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pairs_that_stand_the_wrong_way_round_are_counted(values in prop::collection::vec(0_u8..20, 0..60)) {
            let naive = (0..values.len())
                .flat_map(|at| values[at + 1..].iter().map(move |later| (at, later)))
                .filter(|(at, later)| values[*at] > **later)
                .count();
            let mut values: Vec<f64> = values.into_iter().map(f64::from).collect();
            prop_assert_eq!(inversions(&mut values), naive);
            prop_assert!(values.is_sorted());
        }
    }
}
