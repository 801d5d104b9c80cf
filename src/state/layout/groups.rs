//! Which ways lead back, and which items stand together in the frame of their
//! broker.

use crate::state::diagram::{Diagram, ItemKind};
use mqlab_kernel::sort_by_key;

/// Which ways lead against the flow: those that would close a circle. Seen
/// from the loads, what comes first is before what comes later. `out_of` are
/// the ways that lead from each item, in their order.
pub(super) fn backs(diagram: &Diagram, out_of: &[Vec<usize>]) -> Vec<bool> {
    let mut walk = Walk {
        diagram,
        out_of,
        stands: vec![Stand::Unseen; diagram.items.len()],
        is_back: vec![false; diagram.ways.len()],
    };
    let mut is_entered = vec![false; diagram.items.len()];
    for way in &diagram.ways {
        is_entered[way.to] |= way.from != way.to;
    }
    let mut order: Vec<usize> = (0..diagram.items.len()).collect();
    // A circle that nothing leads to begins where messages wait.
    sort_by_key(&mut order, |item| {
        (is_entered[*item], first(diagram.items[*item].kind), *item)
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
    out_of: &'a [Vec<usize>],
    stands: Vec<Stand>,
    is_back: Vec<bool>,
}

impl Walk<'_> {
    /// Goes on from an item. Its depth is that of the longest chain.
    fn visit(&mut self, item: usize) {
        if self.stands[item] != Stand::Unseen {
            return;
        }
        // Items that are being walked through, with how many ways of each are done.
        let mut open = vec![(item, 0)];
        self.stands[item] = Stand::Open;
        while let Some((item, next)) = open.last_mut() {
            let Some(way) = self.out_of[*item].get(*next).copied() else {
                self.stands[*item] = Stand::Done;
                open.pop();
                continue;
            };
            *next += 1;
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
pub(super) fn groups(diagram: &Diagram, is_back: &[bool]) -> Vec<Group> {
    let mut joining = Joining::new(diagram, is_back);
    // The groups of each broker so far, by their first items.
    let mut of_broker: Vec<Vec<usize>> = vec![Vec::new(); diagram.brokers.len()];
    for item in 0..diagram.items.len() {
        let Some(broker) = diagram.broker_of(item) else {
            continue;
        };
        let mut before = of_broker[broker].iter().copied();
        match before.find(|group| !joining.would_come_back(item, *group)) {
            Some(group) => joining.join(item, group),
            None => of_broker[broker].push(item),
        }
    }
    let mut groups = Vec::new();
    for (first, items) in joining.items_of.into_iter().enumerate() {
        if !items.is_empty() {
            groups.push(Group {
                broker: diagram.broker_of(first),
                items,
            });
        }
    }
    groups
}

/// Groups, named by their first items, and the ways between them, which make no circle.
struct Joining {
    /// Where the ways with the flow from each item lead, and where those to it come from.
    near: [Vec<Vec<usize>>; 2],
    group_of: Vec<usize>,
    items_of: Vec<Vec<usize>>,
    /// For which search each group was seen last.
    seen_by: Vec<usize>,
    searches: usize,
}

impl Joining {
    fn new(diagram: &Diagram, is_back: &[bool]) -> Self {
        let count = diagram.items.len();
        let mut near = [vec![Vec::new(); count], vec![Vec::new(); count]];
        for (way, _) in diagram.ways.iter().zip(is_back).filter(|(_, is_back)| !**is_back) {
            near[0][way.from].push(way.to);
            near[1][way.to].push(way.from);
        }
        Joining {
            near,
            group_of: (0..count).collect(),
            items_of: (0..count).map(|item| vec![item]).collect(),
            seen_by: vec![0; count],
            searches: 0,
        }
    }

    fn join(&mut self, item: usize, group: usize) {
        self.group_of[item] = group;
        self.items_of[item].clear();
        self.items_of[group].push(item);
    }

    /// Whether a message could leave the two together and come back: whether one of
    /// them leads to the other by way of a third.
    fn would_come_back(&mut self, item: usize, group: usize) -> bool {
        [0, 1].into_iter().any(|side| self.leads_round(side, item, group))
    }

    fn leads_round(&mut self, side: usize, item: usize, group: usize) -> bool {
        self.searches += 1;
        let mut open = vec![item];
        while let Some(here) = open.pop() {
            for at in &self.items_of[here] {
                for next in &self.near[side][*at] {
                    let next = self.group_of[*next];
                    if next == group && here != item {
                        return true;
                    }
                    if next != group && self.seen_by[next] != self.searches {
                        self.seen_by[next] = self.searches;
                        open.push(next);
                    }
                }
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::super::skeleton::Skeleton;
    use super::super::tests::random;
    use super::*;

    /// Whether the ways between groups make no circle: groups that nothing leads to
    /// are taken away until none is left.
    fn is_flowing(diagram: &Diagram, is_back: &[bool], group_of: &[usize]) -> bool {
        let ways = diagram.ways.iter().zip(is_back).filter(|(_, is_back)| !**is_back);
        let between = ways.map(|(way, _)| (group_of[way.from], group_of[way.to]));
        let mut between: Vec<(usize, usize)> = between.filter(|(from, to)| from != to).collect();
        loop {
            let before = between.len();
            let entered: Vec<usize> = between.iter().map(|(_, to)| *to).collect();
            between.retain(|(from, _)| entered.contains(from));
            if between.len() == before {
                return between.is_empty();
            }
        }
    }

    /// Each item joins the first group of its broker with which no message has to come back.
    fn naive(diagram: &Diagram, is_back: &[bool]) -> Vec<usize> {
        let mut group_of: Vec<usize> = (0..diagram.items.len()).collect();
        for item in 0..diagram.items.len() {
            let broker = diagram.broker_of(item);
            let mut before = (0..item).filter(|other| broker.is_some() && diagram.broker_of(*other) == broker);
            let joined = before.find_map(|other| {
                let mut joined = group_of.clone();
                joined[item] = group_of[other];
                is_flowing(diagram, is_back, &joined).then_some(joined)
            });
            group_of = joined.unwrap_or(group_of);
        }
        group_of
    }

    #[test]
    fn groups_are_those_that_trying_every_one_finds() {
        let mut in_parts = 0;
        for seed in 0..400 {
            let diagram = random(seed);
            let skeleton = Skeleton::of(&diagram);
            let expected = naive(&diagram, &skeleton.is_back);
            let found = |item: usize| skeleton.groups[skeleton.group_of[item]].items[0];
            let found: Vec<usize> = (0..diagram.items.len()).map(found).collect();
            assert_eq!(found, expected, "seed {seed}");
            in_parts += usize::from(skeleton.groups.iter().filter(|group| group.broker.is_some()).count() > 1);
        }
        assert!(in_parts > 20, "brokers in several parts: {in_parts}");
    }
}
