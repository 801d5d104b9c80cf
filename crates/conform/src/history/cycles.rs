//! Cycles of transactions (Adya's G0 and G1c): each came before the other.
//!
//! An edge says that one transaction came before another: it wrote a value
//! that directly precedes one of the other's (only if the caller trusts
//! offsets for that), the other read what it wrote, or one process did them in
//! this order. One cycle, a shortest, is reported for each group of
//! transactions that are entangled.

use super::anomaly::{Anomaly, Kind};
use super::logs::Log;
use super::operation::{Act, Datum, Ending, Operation};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Why one transaction came before another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Edge {
    /// It wrote the value before.
    Write,
    /// The other read what it wrote.
    Read,
    /// The same process did it earlier.
    Process,
}

/// For each transaction, what came after it and why.
type Graph = Vec<BTreeSet<(usize, Edge)>>;

/// All cycles. Write edges are drawn if `has_write_dependencies`.
pub(super) fn cycles(history: &[Operation], logs: &BTreeMap<Datum, Log>, has_write_dependencies: bool) -> Vec<Anomaly> {
    let graph = graph(history, logs, has_write_dependencies);
    let kinds: [(Kind, &[Edge], &[Edge]); 4] = [
        (Kind::G0, &[Edge::Write], &[Edge::Write]),
        (Kind::G1c, &[Edge::Write, Edge::Read], &[Edge::Read]),
        (
            Kind::G0Process,
            &[Edge::Write, Edge::Process],
            &[Edge::Write, Edge::Process],
        ),
        (
            Kind::G1cProcess,
            &[Edge::Write, Edge::Read, Edge::Process],
            &[Edge::Read, Edge::Process],
        ),
    ];
    let mut found = Vec::new();
    for (kind, allowed, needed) in kinds {
        for group in groups(&graph, allowed) {
            if let Some(length) = shortest(&graph, &group, allowed, needed) {
                found.push(Anomaly::new(kind).with("transactions", length));
            }
        }
    }
    found
}

fn graph(history: &[Operation], logs: &BTreeMap<Datum, Log>, has_write_dependencies: bool) -> Graph {
    let mut graph: Graph = vec![BTreeSet::new(); history.len()];
    let is_node =
        |operation: &Operation| operation.ending != Ending::Fail && matches!(operation.act, Act::Transaction(_));
    let nodes: Vec<(usize, &Operation)> = history.iter().enumerate().filter(|(_, one)| is_node(one)).collect();
    let mut writers: BTreeMap<(&Datum, &Datum), usize> = BTreeMap::new();
    for (index, operation) in &nodes {
        for (key, values) in operation.sent() {
            writers.extend(values.into_iter().map(|value| ((key, value), *index)));
        }
    }
    let mut draw = |from: usize, to: usize, edge| {
        if from != to {
            graph[from].insert((to, edge));
        }
    };
    if has_write_dependencies {
        for (&(key, value), &to) in &writers {
            let before = logs.get(key).and_then(|log| log.before(value));
            if let Some(&from) = before.and_then(|before| writers.get(&(key, before))) {
                draw(from, to, Edge::Write);
            }
        }
    }
    let mut last: BTreeMap<i64, usize> = BTreeMap::new();
    for (index, operation) in &nodes {
        for (key, values) in operation.polled() {
            for value in values {
                if let Some(&from) = writers.get(&(key, value)) {
                    draw(from, *index, Edge::Read);
                }
            }
        }
        if let Some(before) = last.insert(operation.process, *index) {
            draw(before, *index, Edge::Process);
        }
    }
    graph
}

/// Groups of transactions of which each can be reached from each by the
/// allowed edges (strongly connected components, by Kosaraju's two passes),
/// of at least two.
fn groups(graph: &Graph, allowed: &[Edge]) -> Vec<BTreeSet<usize>> {
    let mut reverse: Vec<Vec<usize>> = vec![Vec::new(); graph.len()];
    let mut forward: Vec<Vec<usize>> = vec![Vec::new(); graph.len()];
    for (from, edges) in graph.iter().enumerate() {
        for (to, _) in edges.iter().filter(|(_, edge)| allowed.contains(edge)) {
            forward[from].push(*to);
            reverse[*to].push(from);
        }
    }
    let mut order = Vec::new();
    let mut seen = vec![false; graph.len()];
    for start in 0..graph.len() {
        // By hand, because a history may be deeper than a stack.
        let mut stack = vec![(start, 0)];
        if std::mem::replace(&mut seen[start], true) {
            continue;
        }
        while let Some((node, next)) = stack.pop() {
            match forward[node].get(next) {
                Some(&to) => {
                    stack.push((node, next + 1));
                    if !std::mem::replace(&mut seen[to], true) {
                        stack.push((to, 0));
                    }
                }
                None => order.push(node),
            }
        }
    }
    let mut groups = Vec::new();
    let mut taken = vec![false; graph.len()];
    for start in order.into_iter().rev() {
        let mut group = BTreeSet::new();
        let mut stack = vec![start];
        while let Some(node) = stack.pop() {
            if !std::mem::replace(&mut taken[node], true) {
                group.insert(node);
                stack.extend(reverse[node].iter().copied());
            }
        }
        if group.len() > 1 {
            groups.push(group);
        }
    }
    groups
}

/// The length of a shortest cycle of a group that has each of the needed kinds
/// of edges.
fn shortest(graph: &Graph, group: &BTreeSet<usize>, allowed: &[Edge], needed: &[Edge]) -> Option<usize> {
    let bit = |edge: Edge| {
        needed
            .iter()
            .position(|one| *one == edge)
            .map_or(0, |index| 1_usize << index)
    };
    let all = (1 << needed.len()) - 1;
    let mut best: Option<usize> = None;
    for &start in group {
        // Breadth first over transactions and what the way so far has had.
        let mut seen = BTreeSet::from([(start, 0)]);
        let mut queue = VecDeque::from([(start, 0, 0)]);
        while let Some((node, had, length)) = queue.pop_front() {
            if best.is_some_and(|best| length + 1 >= best) {
                break;
            }
            for &(to, edge) in graph[node]
                .iter()
                .filter(|(to, edge)| group.contains(to) && allowed.contains(edge))
            {
                let had = had | bit(edge);
                if to == start && had == all {
                    best = Some(length + 1);
                    break;
                }
                if to != start && seen.insert((to, had)) {
                    queue.push_back((to, had, length + 1));
                }
            }
        }
    }
    best
}
