//! Which ways lead back, and which items stand together in the frame of their
//! broker.

use super::sheet::Edge;
use crate::state::diagram::{Diagram, ItemKind};
use mqlab_kernel::sort_by_key;

/// Which ways lead against the flow: those that would close a circle. Seen
/// from the loads, what comes first is before what comes later.
pub(super) fn backs(diagram: &Diagram) -> Vec<bool> {
    let mut walk = Walk {
        diagram,
        stands: vec![Stand::Unseen; diagram.items.len()],
        is_back: vec![false; diagram.ways.len()],
    };
    let entered = |item: &usize| diagram.ways.iter().any(|way| way.to == *item && way.from != *item);
    let mut order: Vec<usize> = (0..diagram.items.len()).collect();
    // A circle that nothing leads to begins where messages wait.
    sort_by_key(&mut order, |item| {
        (entered(item), first(diagram.items[*item].kind), *item)
    });
    for item in order {
        walk.visit(item);
    }
    walk.is_back
}

const fn first(kind: ItemKind) -> u8 {
    match kind {
        ItemKind::Load => 0,
        ItemKind::Exchange => 1,
        ItemKind::Queue | ItemKind::Partition => 2,
        ItemKind::Service => 3,
        ItemKind::Table => 4,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stand {
    Unseen,
    Open,
    Done,
}

struct Walk<'a> {
    diagram: &'a Diagram,
    stands: Vec<Stand>,
    is_back: Vec<bool>,
}

impl Walk<'_> {
    /// Goes on from an item. Its depth is that of the longest chain.
    fn visit(&mut self, item: usize) {
        if self.stands[item] != Stand::Unseen {
            return;
        }
        // Items that are being walked through, with the next way of each.
        let mut open = vec![(item, 0)];
        self.stands[item] = Stand::Open;
        while let Some((item, next)) = open.last_mut() {
            let found = (*next..self.diagram.ways.len()).find(|way| self.diagram.ways[*way].from == *item);
            let Some(way) = found else {
                self.stands[*item] = Stand::Done;
                open.pop();
                continue;
            };
            *next = way + 1;
            let to = self.diagram.ways[way].to;
            match self.stands[to] {
                Stand::Open => self.is_back[way] = true,
                Stand::Done => {}
                Stand::Unseen => {
                    self.stands[to] = Stand::Open;
                    open.push((to, 0));
                }
            }
        }
    }
}

/// Items that stand together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Group {
    /// The broker that they are parts of.
    pub(super) broker: Option<usize>,
    /// The items, in the order of the plan.
    pub(super) items: Vec<usize>,
}

/// Every item in its group. Parts of one broker stand together unless a
/// message would have to leave the group and come back to it; then the broker
/// is drawn in several parts, so that messages go on in one direction.
pub(super) fn groups(diagram: &Diagram, edges: &[Edge]) -> Vec<Group> {
    let mut group_of: Vec<usize> = (0..diagram.items.len()).collect();
    for item in 0..diagram.items.len() {
        let Some(broker) = diagram.broker_of(item) else {
            continue;
        };
        let mut before = (0..item).filter(|other| diagram.broker_of(*other) == Some(broker));
        let joined = before.find_map(|other| {
            let mut joined = group_of.clone();
            joined[item] = group_of[other];
            is_flowing(&joined, edges).then_some(joined)
        });
        group_of = joined.unwrap_or(group_of);
    }
    let mut groups: Vec<Group> = Vec::new();
    for first in 0..diagram.items.len() {
        let members = (0..diagram.items.len()).filter(|item| group_of[*item] == first);
        let items: Vec<usize> = members.collect();
        if !items.is_empty() {
            groups.push(Group {
                broker: diagram.broker_of(first),
                items,
            });
        }
    }
    groups
}

/// Whether the ways between groups make no circle.
fn is_flowing(group_of: &[usize], edges: &[Edge]) -> bool {
    let between = edges.iter().filter(|edge| !edge.is_back);
    let between = between.map(|edge| (group_of[edge.from], group_of[edge.to]));
    let between: Vec<(usize, usize)> = between.filter(|(from, to)| from != to).collect();
    // Groups that nothing leads to are taken away until none is left.
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); group_of.len()];
    let mut before = vec![0usize; group_of.len()];
    for (from, to) in between {
        after[from].push(to);
        before[to] += 1;
    }
    let mut open: Vec<usize> = (0..group_of.len()).filter(|group| before[*group] == 0).collect();
    let mut gone = 0;
    while let Some(group) = open.pop() {
        gone += 1;
        for next in &after[group] {
            before[*next] -= 1;
            if before[*next] == 0 {
                open.push(*next);
            }
        }
    }
    gone == group_of.len()
}
