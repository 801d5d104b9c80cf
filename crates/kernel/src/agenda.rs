//! The agenda: what will happen, in the one order everything agrees on.
//!
//! Most sources of actions are in time order by nature: a link is a pipe, an
//! arrival process has one next arrival, a busy worker one completion. Each
//! source has a lane with a queue of its own, and only the heads of lanes
//! compete, in a tournament tree. There is no cancelling: whoever receives an
//! action compares a generation it carries.

use alloc::vec::Vec;

use crate::lane::Lane;
use crate::time::SimTime;
use crate::tree::Tree;

/// A lane of the agenda, and its rank among actions of the same instant: lower
/// lanes act first.
///
/// The rank is structural, the order in which the plan lists the sources, never
/// the history of scheduling; otherwise splitting an action in two could change
/// a result.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct LaneId(pub u32);

/// The future actions of a run, ordered by (time, lane, order of pushing within
/// the lane).
///
/// A clone is independent and goes on to give the same actions.
#[derive(Clone)]
pub struct Agenda<A> {
    lanes: Vec<Lane<A>>,
    tree: Tree,
    len: usize,
}

impl<A: Copy + Default> Agenda<A> {
    /// An empty agenda with the lanes `0..lane_count`.
    ///
    /// # Panics
    /// Above 2^20 lanes.
    pub fn new(lane_count: u32) -> Self {
        let lane_count = lane_count as usize;
        Agenda {
            lanes: (0..lane_count).map(|_| Lane::new()).collect(),
            tree: Tree::new(lane_count),
            len: 0,
        }
    }

    /// Number of lanes.
    pub fn lane_count(&self) -> u32 {
        self.lanes.len() as u32
    }

    /// Adds a lane ranking after all others, for an entity created during a
    /// run. Takes time in proportion to the number of lanes.
    ///
    /// # Panics
    /// Above 2^20 lanes.
    pub fn add_lane(&mut self) -> LaneId {
        let id = LaneId(self.lane_count());
        self.lanes.push(Lane::new());
        self.tree = Tree::new(self.lanes.len());
        for (index, lane) in self.lanes.iter().enumerate() {
            self.tree.set(index, lane.head());
        }
        id
    }

    /// Schedules `action` at `at` in `lane`, after what the lane already has at
    /// that time.
    ///
    /// Fast when `at` is not before the lane's latest push; an earlier one is
    /// kept in order too, in a heap of the lane's own. Nothing forbids times
    /// that have passed: such an action comes out next.
    ///
    /// # Panics
    /// If there is no such lane.
    #[inline(always)]
    pub fn push(&mut self, lane: LaneId, at: SimTime, action: A) {
        let index = lane.0 as usize;
        self.len += 1;
        if self.lanes[index].push(at, action) {
            self.tree.set(index, Some(at));
        }
    }

    /// The time of the earliest action.
    #[inline]
    pub fn next_time(&self) -> Option<SimTime> {
        self.tree.first_time()
    }

    /// Removes the earliest action that is due at `limit` or before.
    ///
    /// A run loop calls this in one place, where inlining it saves a quarter of
    /// a push and pop: the result then stays in registers.
    #[inline(always)]
    pub fn pop_until(&mut self, limit: SimTime) -> Option<(SimTime, LaneId, A)> {
        let (at, index) = self.tree.first_until(limit)?;
        let lane = &mut self.lanes[index];
        // The tree knows the time sooner than the lane, and whatever the caller
        // schedules next waits for it.
        let action = lane.head_action();
        lane.drop_head();
        self.tree.set(index, lane.head());
        self.len -= 1;
        Some((at, LaneId(index as u32), action))
    }

    /// Number of pending actions.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing is pending.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Number of pending actions of `lane`.
    ///
    /// # Panics
    /// If there is no such lane.
    #[inline]
    pub fn lane_len(&self, lane: LaneId) -> usize {
        self.lanes[lane.0 as usize].len()
    }

    /// Removes all pending actions of `lane` and hands them to `into` in order:
    /// the link was cut, the node crashed.
    ///
    /// # Panics
    /// If there is no such lane.
    pub fn clear_lane(&mut self, lane: LaneId, into: impl FnMut(SimTime, A)) {
        let index = lane.0 as usize;
        self.len -= self.lanes[index].len();
        self.lanes[index].clear(into);
        self.tree.set(index, None);
    }

    /// The pending actions of `lane` in the order they would be popped in.
    ///
    /// Late pushes are merged into their places, for which they are sorted
    /// first: free on a lane in time order, else in proportion to the late ones.
    ///
    /// # Panics
    /// If there is no such lane.
    pub fn iter_lane(&self, lane: LaneId) -> impl Iterator<Item = (SimTime, &A)> {
        self.lanes[lane.0 as usize].iter()
    }
}

#[cfg(test)]
#[path = "agenda_tests.rs"]
mod tests;
