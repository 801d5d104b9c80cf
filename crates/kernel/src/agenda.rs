//! The agenda: what will happen, in the one order everything agrees on.
//!
//! Most sources of actions are in time order by nature: a link is a pipe, an
//! arrival process has one next arrival, a busy worker one completion. Each
//! source has a lane with a queue of its own, and only the heads of lanes
//! compete, in a tournament tree. There is no cancelling: whoever receives an
//! action compares a generation it carries.

use alloc::vec::Vec;

use crate::lane::{Lane, Pushed};
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
/// Two shortcuts spare the tournament most of its work, and neither changes
/// the order. An action whose lane is empty is held in `next`, outside the
/// tree, while nothing is sooner: over a link without delay it is the very next
/// to be popped. And the lane of the action popped last is told to the tree
/// only when that matters: it is often given its next action at once.
///
/// A clone is independent and goes on to give the same actions.
#[derive(Clone)]
pub struct Agenda<A> {
    lanes: Vec<Lane<A>>,
    tree: Tree,
    /// An action outside its lane and the tree. Its lane is empty, and the
    /// tree knows nothing of it.
    next: A,
    next_at: SimTime,
    /// The lane of `next`, or [`NONE`].
    next_lane: u32,
    /// An action on its way through [`Agenda::enter_slowly`].
    spilled: A,
    /// The lane whose change the tree has not been told of, or [`NONE`].
    untold: u32,
    len: usize,
}

/// No lane: one more than the most there can be.
const NONE: u32 = u32::MAX;

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
            next: A::default(),
            next_at: SimTime::ZERO,
            next_lane: NONE,
            spilled: A::default(),
            untold: NONE,
            len: 0,
        }
    }

    /// Number of lanes.
    pub fn lane_count(&self) -> u32 {
        self.lanes.len() as u32
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
        self.len += 1;
        let index = lane.0 as usize;
        if self.lanes[index].head().is_none() {
            if self.untold == lane.0 {
                self.untold = NONE;
                self.enter(lane.0, at, action);
                return;
            }
            if self.next_lane == NONE {
                self.hold(lane.0, at, action);
                return;
            }
            if self.next_lane != lane.0 && (at, lane.0) < (self.next_at, self.next_lane) {
                self.release();
                self.hold(lane.0, at, action);
                return;
            }
            if self.next_lane == lane.0 {
                self.release();
            }
        }
        self.enter(lane.0, at, action);
    }

    #[inline(always)]
    fn hold(&mut self, lane: u32, at: SimTime, action: A) {
        self.next = action;
        self.next_at = at;
        self.next_lane = lane;
    }

    /// Puts what is held where it would be without the shortcut.
    #[inline(never)]
    fn release(&mut self) {
        let (lane, at, action) = (self.next_lane, self.next_at, self.next);
        self.next_lane = NONE;
        self.enter(lane, at, action);
    }

    #[inline(always)]
    fn enter(&mut self, lane: u32, at: SimTime, action: A) {
        let index = lane as usize;
        match self.lanes[index].push_in_order(at, action) {
            Pushed::Head if self.untold != lane => self.tree.set(index, Some(at)),
            Pushed::Head | Pushed::Behind => {}
            Pushed::Not => {
                // By way of memory: an argument would have to be in memory
                // before the common path, too.
                self.spilled = action;
                self.enter_slowly(lane, at);
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn enter_slowly(&mut self, lane: u32, at: SimTime) {
        let index = lane as usize;
        if self.lanes[index].push(at, self.spilled) && self.untold != lane {
            self.tree.set(index, Some(at));
        }
    }

    /// Tells the tree of the last pop.
    #[inline(always)]
    fn tell(&mut self) {
        if self.untold != NONE {
            let index = self.untold as usize;
            self.tree.set(index, self.lanes[index].head());
            self.untold = NONE;
        }
    }

    /// The time of the earliest action. A look at every lane if the last call
    /// was a pop; see [`Agenda::settle`].
    pub fn next_time(&self) -> Option<SimTime> {
        let held = (self.next_lane != NONE).then_some(self.next_at);
        let first = if self.untold == NONE {
            self.tree.first_time()
        } else {
            self.lanes.iter().filter_map(Lane::head).min()
        };
        match (held, first) {
            (Some(held), Some(first)) => Some(held.min(first)),
            (held, first) => held.or(first),
        }
    }

    /// Makes [`Agenda::next_time`] fast until the next pop.
    pub fn settle(&mut self) {
        self.tell();
    }

    /// Time and lane of the earliest action that is due at `limit` or before.
    /// [`Agenda::take`] removes it.
    ///
    /// Looking and taking are two calls so that the run loop can read the
    /// action where it is, word by word: a copy in between would be written in
    /// one width and read in another, for which the processor stalls. They are
    /// meant for one place in a program, and inlined there.
    #[inline(always)]
    pub fn look_until(&mut self, limit: SimTime) -> Option<(SimTime, LaneId)> {
        self.tell();
        let first = self.tree.first_until(limit);
        if self.next_lane != NONE {
            let (at, lane) = (self.next_at, self.next_lane);
            if first.is_none_or(|(first_at, index)| (at, lane) < (first_at, index as u32)) {
                return (at <= limit).then_some((at, LaneId(lane)));
            }
        }
        first.map(|(at, index)| (at, LaneId(index as u32)))
    }

    /// Removes the earliest action, which is in `lane`: what
    /// [`Agenda::look_until`] has just found.
    ///
    /// # Panics
    /// If there is no such lane.
    #[inline(always)]
    pub fn take(&mut self, lane: LaneId) -> A {
        self.len -= 1;
        if self.next_lane == lane.0 {
            self.next_lane = NONE;
            return self.next;
        }
        let found = &mut self.lanes[lane.0 as usize];
        let action = found.head_action();
        found.drop_head();
        self.untold = lane.0;
        action
    }

    /// Removes the earliest action that is due at `limit` or before.
    #[inline]
    pub fn pop_until(&mut self, limit: SimTime) -> Option<(SimTime, LaneId, A)> {
        let (at, lane) = self.look_until(limit)?;
        Some((at, lane, self.take(lane)))
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
        self.lanes[lane.0 as usize].len() + usize::from(self.next_lane == lane.0)
    }

    /// Removes all pending actions of `lane` and hands them to `into` in order:
    /// the link was cut, the node crashed.
    ///
    /// # Panics
    /// If there is no such lane.
    pub fn clear_lane(&mut self, lane: LaneId, into: impl FnMut(SimTime, A)) {
        self.tell();
        if self.next_lane == lane.0 {
            self.release();
        }
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
        // What is held aside is in a lane that is empty otherwise.
        let held = (self.next_lane == lane.0).then_some((self.next_at, &self.next));
        held.into_iter().chain(self.lanes[lane.0 as usize].iter())
    }
}

#[cfg(test)]
#[path = "agenda_tests.rs"]
mod tests;
