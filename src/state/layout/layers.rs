//! Which layer of the stage each item stands in, and in which order there.

use crate::state::diagram::{Diagram, ItemKind, Way};
use mqlab_kernel::sort_by;

/// Items by layer: each stands behind everything that leads to it. A way that
/// would close a circle does not count.
pub(super) fn of(diagram: &Diagram) -> Vec<Vec<usize>> {
    let count = diagram.items.len();
    let mut layer = vec![0usize; count];
    // Longest paths, in as many rounds as there are items; what still moves
    // after that goes round in a circle and is held by the bound.
    for _ in 0..count {
        for way in &diagram.ways {
            let behind = layer[way.from] + 1;
            if way.from != way.to && behind < count.max(1) && layer[way.to] < behind && !is_back(diagram, way) {
                layer[way.to] = behind;
            }
        }
    }
    let deepest = layer.iter().copied().max().unwrap_or(0);
    let mut layers: Vec<Vec<usize>> = vec![Vec::new(); deepest + 1];
    for (item, at) in layer.iter().enumerate() {
        layers[*at].push(item);
    }
    layers.retain(|layer| !layer.is_empty());
    order(diagram, &mut layers);
    layers
}

/// A service that publishes to a queue before it in the plan's order of flow
/// sends backwards.
fn is_back(diagram: &Diagram, way: &Way) -> bool {
    let mut seen = vec![false; diagram.items.len()];
    let mut next = vec![way.to];
    while let Some(item) = next.pop() {
        if item == way.from {
            // It leads back to its own beginning. The way that enters a
            // service is kept, the one that leaves it is the backward one.
            return diagram.items[way.from].kind == ItemKind::Service;
        }
        if !std::mem::replace(&mut seen[item], true) {
            next.extend(
                diagram
                    .ways
                    .iter()
                    .filter(|other| other.from == item)
                    .map(|other| other.to),
            );
        }
    }
    false
}

/// Orders each layer by where its predecessors stand, then by the plan.
fn order(diagram: &Diagram, layers: &mut [Vec<usize>]) {
    let mut rank = vec![0.0; diagram.items.len()];
    for layer in layers {
        let position = |item: usize| {
            let before: Vec<f64> = diagram
                .ways
                .iter()
                .filter(|way| way.to == item)
                .map(|way| rank[way.from])
                .collect();
            if before.is_empty() {
                0.0
            } else {
                before.iter().sum::<f64>() / before.len() as f64
            }
        };
        let mut keyed: Vec<(f64, usize)> = layer.iter().map(|item| (position(*item), *item)).collect();
        sort_by(&mut keyed, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for (index, (_, item)) in keyed.iter().enumerate() {
            layer[index] = *item;
            rank[*item] = index as f64 - (keyed.len() as f64 - 1.0) / 2.0;
        }
    }
}
