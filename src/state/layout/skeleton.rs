//! What of a layout depends on nothing but the diagram: found once, for every way to
//! place it that is tried.

use super::groups::{self, Group};
use crate::state::diagram::Diagram;

/// A diagram with its groups.
pub(super) struct Skeleton<'a> {
    pub(super) diagram: &'a Diagram,
    /// Which ways lead against the flow.
    pub(super) is_back: Vec<bool>,
    pub(super) groups: Vec<Group>,
    /// The group of each item.
    pub(super) group_of: Vec<usize>,
    /// Where each item is among those of its group.
    pub(super) position_of: Vec<usize>,
    /// The ways that stay within each group.
    pub(super) within: Vec<Vec<usize>>,
    /// Whether a way from outside of its group comes to each item.
    pub(super) is_entered: Vec<bool>,
    /// Whether a way leads from each item out of its group.
    pub(super) is_left: Vec<bool>,
    /// Where each way is among those that run in the same sheet: that of its group, or
    /// the one of all groups.
    pub(super) way_in: Vec<usize>,
}

impl<'a> Skeleton<'a> {
    pub(super) fn of(diagram: &'a Diagram) -> Self {
        let count = diagram.items.len();
        let mut out_of: Vec<Vec<usize>> = vec![Vec::new(); count];
        for (index, way) in diagram.ways.iter().enumerate() {
            out_of[way.from].push(index);
        }
        let is_back = groups::backs(diagram, &out_of);
        let groups = groups::groups(diagram, &is_back);
        let mut skeleton = Skeleton {
            diagram,
            is_back,
            group_of: vec![0; count],
            position_of: vec![0; count],
            within: vec![Vec::new(); groups.len()],
            is_entered: vec![false; count],
            is_left: vec![false; count],
            way_in: Vec::with_capacity(diagram.ways.len()),
            groups,
        };
        for (index, group) in skeleton.groups.iter().enumerate() {
            for (position, item) in group.items.iter().enumerate() {
                skeleton.group_of[*item] = index;
                skeleton.position_of[*item] = position;
            }
        }
        let mut outer = 0;
        for (index, way) in diagram.ways.iter().enumerate() {
            let (from, to) = (skeleton.group_of[way.from], skeleton.group_of[way.to]);
            if from == to {
                skeleton.within[from].push(index);
            } else {
                skeleton.is_left[way.from] = true;
                skeleton.is_entered[way.to] = true;
            }
            if skeleton.is_inner(index) {
                skeleton.way_in.push(skeleton.within[from].len() - 1);
            } else {
                skeleton.way_in.push(outer);
                outer += 1;
            }
        }
        skeleton
    }

    /// Whether a way runs in the sheet of a group. One of an item to itself, if it
    /// stands alone, runs around it.
    pub(super) fn is_inner(&self, way: usize) -> bool {
        let way = &self.diagram.ways[way];
        let group = self.group_of[way.from];
        group == self.group_of[way.to] && self.groups[group].items.len() > 1
    }
}
