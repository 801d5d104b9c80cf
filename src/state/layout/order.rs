//! The order of the nodes of each layer: that with the fewest crossings among
//! a few that follow the neighbours.

use super::sheet::Link;
use mqlab_kernel::sort_by;

/// Rounds of following the neighbours to one side and to the other.
const ROUNDS: usize = 8;

/// Orders each layer.
pub(super) fn sort(layers: &mut [Vec<usize>], links: &[Link], sizes: &[f64]) {
    let mut best = layers.to_vec();
    let mut fewest = crossings(&best, links, sizes);
    for round in 0..ROUNDS {
        let count = layers.len();
        for step in 0..count {
            let is_forward = round % 2 == 0;
            let layer = if is_forward { step } else { count - 1 - step };
            let rank = ranks(layers, sizes);
            follow(&mut layers[layer], links, sizes, &rank, is_forward);
        }
        let found = crossings(layers, links, sizes);
        if found < fewest {
            fewest = found;
            best.clone_from_slice(layers);
        }
    }
    layers.clone_from_slice(&best);
}

/// The position of each node in its layer.
fn ranks(layers: &[Vec<usize>], sizes: &[f64]) -> Vec<f64> {
    let mut rank = vec![0.0; sizes.len()];
    for layer in layers {
        for (index, node) in layer.iter().enumerate() {
            rank[*node] = index as f64;
        }
    }
    rank
}

/// How far within its node an end lies, as a share of a step.
fn within(offset: f64, size: f64) -> f64 {
    (offset / size.max(1.0)).clamp(0.0, 1.0) * 0.9
}

/// Sorts a layer by the middle of the neighbours on one side.
fn follow(layer: &mut [usize], links: &[Link], sizes: &[f64], rank: &[f64], is_forward: bool) {
    let middle = |node: usize| {
        let ends = links.iter().filter_map(|link| match is_forward {
            true if link.to == node => Some(rank[link.from] + within(link.leaves, sizes[link.from])),
            false if link.from == node => Some(rank[link.to] + within(link.enters, sizes[link.to])),
            _ => None,
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

/// How many pairs of links cross.
fn crossings(layers: &[Vec<usize>], links: &[Link], sizes: &[f64]) -> usize {
    let rank = ranks(layers, sizes);
    let mut layer_of = vec![0; sizes.len()];
    for (index, layer) in layers.iter().enumerate() {
        layer.iter().for_each(|node| layer_of[*node] = index);
    }
    let ends = |link: &Link| {
        let from = rank[link.from] + within(link.leaves, sizes[link.from]);
        (
            layer_of[link.from],
            from,
            rank[link.to] + within(link.enters, sizes[link.to]),
        )
    };
    let ends: Vec<(usize, f64, f64)> = links.iter().map(ends).collect();
    let crosses = |(index, a): (usize, &(usize, f64, f64))| {
        let others = ends[index + 1..].iter();
        others.filter(|b| a.0 == b.0 && (a.1 - b.1) * (a.2 - b.2) < 0.0).count()
    };
    ends.iter().enumerate().map(crosses).sum()
}
