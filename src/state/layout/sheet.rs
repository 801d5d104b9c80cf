//! Arranges blocks in layers along the flow: which layer each stands in, in
//! which order, and where. Knows neither messages nor directions: `along` is
//! the way messages go, `across` is the other one.

use super::order;
use super::settle::settle;
use mqlab_kernel::sort_by;

/// A place on a sheet.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Knot {
    pub(super) along: f64,
    pub(super) across: f64,
}

/// Something with a size that is to be placed.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Block {
    pub(super) along: f64,
    pub(super) across: f64,
    /// Where it would like to stand among its neighbours.
    pub(super) hint: f64,
    /// Whether it belongs into the last layer.
    pub(super) is_last: bool,
}

/// A connection of two blocks.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) to: usize,
    /// How far across its block it leaves.
    pub(super) leaves: f64,
    /// How far across its block it arrives.
    pub(super) enters: f64,
    /// Whether it leads against the flow.
    pub(super) is_back: bool,
}

/// How much room there is between blocks.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Room {
    /// Between two layers.
    pub(super) along: f64,
    /// Between two blocks of a layer.
    pub(super) across: f64,
    /// How much of a layer may be filled before the next one is begun.
    pub(super) fill_max: f64,
    /// Across size of a way that passes a layer.
    pub(super) passing: f64,
    /// Between two ways that pass a layer beside each other.
    pub(super) beside: f64,
    /// How often blocks are put where their neighbours are.
    pub(super) care: Care,
}

/// How often blocks are put into the order of their neighbours, and moved to them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Care {
    pub(super) sorts: usize,
    pub(super) moves: usize,
}

impl Care {
    /// As often as it makes a picture better.
    pub(super) const FULL: Care = Care { sorts: 8, moves: 12 };
    /// To each side once: where there are very many, more takes long and shows little.
    pub(super) const LITTLE: Care = Care { sorts: 2, moves: 4 };
}

/// Blocks that have a place.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Sheet {
    /// Where each block begins.
    pub(super) starts: Vec<Knot>,
    /// What each edge passes, from the end of one block to the begin of the
    /// other.
    pub(super) knots: Vec<Vec<Knot>>,
    /// How large everything is together.
    pub(super) size: Knot,
    /// How many layers there are.
    pub(super) layers: usize,
}

/// Room for one way that leads back, across and along.
const BACK: f64 = 14.0;

/// Places the blocks.
pub(super) fn arrange(blocks: &[Block], edges: &[Edge], room: Room) -> Sheet {
    if blocks.is_empty() {
        return Sheet::default();
    }
    let ranks = ranks(blocks, edges, room.fill_max);
    let mut grid = Grid::new(blocks, edges, &ranks, room.passing);
    order::sort(&mut grid, room.care.sorts);
    // What is as thin as a way, or is one.
    let is_thin = |node: usize| blocks.get(node).is_none_or(|block| block.along <= 0.0);
    let gap = |node: usize, next: usize| match is_thin(node) && is_thin(next) {
        true => room.beside,
        false => room.across,
    };
    let across = positions(&grid, gap, room.care.moves);
    lay(blocks, edges, &ranks, &grid, &across, room)
}

/// Each block behind everything that leads to it, and in a later layer where
/// its own is full.
pub(super) fn ranks(blocks: &[Block], edges: &[Edge], fill_max: f64) -> Vec<usize> {
    let forward = edges.iter().filter(|edge| !edge.is_back && edge.from != edge.to);
    // What each block stands before, and how many of those before it have no
    // place yet.
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); blocks.len()];
    let mut missing = vec![0usize; blocks.len()];
    for edge in forward {
        after[edge.from].push(edge.to);
        missing[edge.to] += 1;
    }
    let mut waiting = Waiting {
        need: vec![0; blocks.len()],
        is_placed: vec![false; blocks.len()],
        ready: vec![(0..blocks.len()).filter(|block| missing[*block] == 0).collect()],
        level: 0,
        row: Vec::new(),
    };
    let mut rank = vec![0usize; blocks.len()];
    let mut filled: Vec<f64> = Vec::new();
    while let Some(next) = waiting.next() {
        let mut at = waiting.need[next];
        // What is as thin as a way finds room anywhere.
        let is_thick = blocks[next].along > 0.0;
        while is_thick
            && filled
                .get(at)
                .is_some_and(|filled| *filled > 0.0 && filled + blocks[next].across > fill_max)
        {
            at += 1;
        }
        if filled.len() <= at {
            filled.resize(at + 1, 0.0);
        }
        filled[at] += blocks[next].across;
        rank[next] = at;
        for block in &after[next] {
            waiting.need[*block] = waiting.need[*block].max(at + 1);
            missing[*block] -= 1;
            if missing[*block] == 0 {
                waiting.add(*block);
            }
        }
    }
    let last = rank.iter().copied().max().unwrap_or(0);
    for (block, rank) in blocks.iter().zip(&mut rank) {
        if block.is_last {
            *rank = last;
        }
    }
    rank
}

/// Blocks that have no layer yet.
struct Waiting {
    /// The first layer that each may stand in, as far as it is known.
    need: Vec<usize>,
    is_placed: Vec<bool>,
    /// Those behind nothing that has no layer, by what they need.
    ready: Vec<Vec<usize>>,
    /// Nobody in `ready` needs less.
    level: usize,
    /// Those who are next, the first one last.
    row: Vec<usize>,
}

impl Waiting {
    fn add(&mut self, block: usize) {
        let need = self.need[block];
        if self.ready.len() <= need {
            self.ready.resize(need + 1, Vec::new());
        }
        self.ready[need].push(block);
        self.level = self.level.min(need);
    }

    /// The one that needs the least is next, in the order of the plan.
    fn next(&mut self) -> Option<usize> {
        loop {
            while let Some(block) = self.row.pop() {
                if !std::mem::replace(&mut self.is_placed[block], true) {
                    return Some(block);
                }
            }
            // Whoever becomes ready while a layer is filled stands in a later one.
            let Some(ready) = self.ready.get_mut(self.level) else {
                break;
            };
            self.row = std::mem::take(ready);
            sort_by(&mut self.row, |a, b| b.cmp(a));
            self.level += 1;
        }
        // A circle that nobody has opened still gets a place.
        let left = self.is_placed.iter().position(|is_placed| !is_placed)?;
        self.is_placed[left] = true;
        Some(left)
    }
}

/// Blocks and what passes between them, layer by layer. Nodes are the blocks
/// and, behind them, one for every layer that an edge passes.
pub(super) struct Grid {
    pub(super) layers: Vec<Vec<usize>>,
    /// Across size of every node.
    pub(super) sizes: Vec<f64>,
    /// Neighbours in successive layers.
    pub(super) links: Vec<Link>,
    /// The links that lead to each node, by their places among all.
    pub(super) into: Vec<Vec<usize>>,
    /// The links that lead from each node.
    pub(super) out_of: Vec<Vec<usize>>,
    /// The nodes that each edge passes.
    passed: Vec<Vec<usize>>,
}

/// A stretch of an edge from one layer to the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) leaves: f64,
    pub(super) to: usize,
    pub(super) enters: f64,
}

impl Grid {
    fn new(blocks: &[Block], edges: &[Edge], ranks: &[usize], passing: f64) -> Self {
        let mut by_hint: Vec<usize> = (0..blocks.len()).collect();
        sort_by(&mut by_hint, |a, b| {
            blocks[*a].hint.total_cmp(&blocks[*b].hint).then(a.cmp(b))
        });
        let deepest = ranks.iter().copied().max().unwrap_or(0);
        let mut grid = Grid {
            layers: vec![Vec::new(); deepest + 1],
            sizes: blocks.iter().map(|block| block.across).collect(),
            links: Vec::new(),
            into: Vec::new(),
            out_of: Vec::new(),
            passed: Vec::new(),
        };
        for block in by_hint {
            grid.layers[ranks[block]].push(block);
        }
        for edge in edges {
            let passed = grid.pass(edge, ranks, passing);
            grid.passed.push(passed);
        }
        grid.into = vec![Vec::new(); grid.sizes.len()];
        grid.out_of = grid.into.clone();
        for (index, link) in grid.links.iter().enumerate() {
            grid.into[link.to].push(index);
            grid.out_of[link.from].push(index);
        }
        grid
    }

    fn pass(&mut self, edge: &Edge, ranks: &[usize], passing: f64) -> Vec<usize> {
        let mut passed = Vec::new();
        let (begin, end) = (ranks[edge.from], ranks[edge.to]);
        if edge.is_back || begin >= end {
            return passed;
        }
        let (mut from, mut leaves) = (edge.from, edge.leaves);
        for layer in begin + 1..end {
            let node = self.sizes.len();
            self.sizes.push(passing);
            self.layers[layer].push(node);
            let enters = passing / 2.0;
            self.links.push(Link {
                from,
                leaves,
                to: node,
                enters,
            });
            (from, leaves) = (node, enters);
            passed.push(node);
        }
        let (to, enters) = (edge.to, edge.enters);
        self.links.push(Link {
            from,
            leaves,
            to,
            enters,
        });
        passed
    }
}

/// Where each node begins across its layer: as near to its neighbours as the
/// order allows, with a gap between two that stand side by side.
fn positions(grid: &Grid, gap: impl Fn(usize, usize) -> f64, rounds: usize) -> Vec<f64> {
    let mut at = vec![0.0; grid.sizes.len()];
    let spaced = |layer: &[usize], wished: &[f64]| {
        let taken = |(position, node): (usize, &usize)| {
            let next = layer.get(position + 1).copied();
            grid.sizes[*node] + next.map_or(0.0, |next| gap(*node, next))
        };
        let taken: Vec<f64> = layer.iter().enumerate().map(taken).collect();
        settle(wished, &taken)
    };
    for layer in &grid.layers {
        let wished = vec![0.0; layer.len()];
        for (node, place) in layer.iter().zip(spaced(layer, &wished)) {
            at[*node] = place;
        }
    }
    for round in 0..rounds {
        let is_forward = round % 2 == 0;
        let both = round + 2 >= rounds;
        let count = grid.layers.len();
        for step in 0..count {
            let layer = &grid.layers[if is_forward { step } else { count - 1 - step }];
            let wish = |node: &usize| {
                let node = *node;
                let before: &[usize] = if both || is_forward { &grid.into[node] } else { &[] };
                let after: &[usize] = if both || !is_forward { &grid.out_of[node] } else { &[] };
                let link = |index: &usize| grid.links[*index];
                let (before, after) = (before.iter().map(link), after.iter().map(link));
                let before = before.map(|link| at[link.from] + link.leaves - link.enters);
                let after = after.map(|link| at[link.to] + link.enters - link.leaves);
                let (sum, count) = before
                    .chain(after)
                    .fold((0.0, 0.0), |(sum, count), wish| (sum + wish, count + 1.0));
                if count > 0.0 { sum / count } else { at[node] }
            };
            let wished: Vec<f64> = layer.iter().map(wish).collect();
            for (node, place) in layer.iter().zip(spaced(layer, &wished)) {
                at[*node] = place;
            }
        }
    }
    let first = at.iter().copied().fold(f64::INFINITY, f64::min);
    at.iter_mut().for_each(|place| *place -= first);
    at
}

fn lay(blocks: &[Block], edges: &[Edge], ranks: &[usize], grid: &Grid, across: &[f64], room: Room) -> Sheet {
    let count = grid.layers.len();
    let is_back = |edge: &&Edge| edge.is_back || ranks[edge.from] >= ranks[edge.to];
    let backs = edges.iter().filter(is_back).count() as f64;
    let mut begins = Vec::with_capacity(count);
    // Ways back go round the ends.
    let mut at = if backs > 0.0 { backs * BACK + BACK } else { 0.0 };
    let margin = at;
    let thickness = |layer: &Vec<usize>| {
        let sizes = layer.iter().filter_map(|node| blocks.get(*node));
        sizes.map(|block| block.along).fold(0.0, f64::max)
    };
    let thick: Vec<f64> = grid.layers.iter().map(thickness).collect();
    for thick in &thick {
        begins.push(at);
        at += thick + room.along;
    }
    let starts: Vec<Knot> = (0..blocks.len())
        .map(|block| Knot {
            along: begins[ranks[block]] + (thick[ranks[block]] - blocks[block].along) / 2.0,
            across: across[block],
        })
        .collect();
    let lowest = |node: usize| across[node] + grid.sizes[node];
    let mut size = Knot {
        along: at - room.along + margin,
        across: (0..grid.sizes.len()).map(lowest).fold(0.0, f64::max),
    };
    let mut knots = Vec::with_capacity(edges.len());
    let mut back = 0.0;
    for (edge, passed) in edges.iter().zip(&grid.passed) {
        let (from, to) = (edge.from, edge.to);
        let knot = |along, across| Knot { along, across };
        let (leaves, enters) = (starts[from].across + edge.leaves, starts[to].across + edge.enters);
        let begin = knot(starts[from].along + blocks[from].along, leaves);
        let end = knot(starts[to].along, enters);
        if is_back(&edge) {
            back += BACK;
            size.across += BACK;
            let aside = back.min(room.along * 0.45).max(BACK / 2.0);
            let after = begins[ranks[from]] + thick[ranks[from]] + aside;
            let before = begins[ranks[to]] - aside;
            let low = size.across;
            knots.push(vec![
                begin,
                knot(after, leaves),
                knot(after, low),
                knot(before, low),
                knot(before, enters),
                end,
            ]);
            continue;
        }
        let mut way = vec![begin, knot(begins[ranks[from]] + thick[ranks[from]], leaves)];
        for (offset, node) in passed.iter().enumerate() {
            let layer = ranks[from] + 1 + offset;
            let middle = across[*node] + room.passing / 2.0;
            way.extend([knot(begins[layer], middle), knot(begins[layer] + thick[layer], middle)]);
        }
        way.extend([knot(begins[ranks[to]], enters), end]);
        knots.push(way);
    }
    Sheet {
        starts,
        knots,
        size,
        layers: count,
    }
}
