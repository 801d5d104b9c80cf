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
use crate::tree::{EMPTY, Tree, key_of, nanos_of};

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
    /// The tree's key of `next` if it were there, or [`EMPTY`]. A world with so
    /// many lanes that the tree is grouped holds nothing.
    next_key: u64,
    /// The lane of `next`, or [`NONE`].
    next_lane: u32,
    /// An action on its way through [`Agenda::enter`].
    spilled: A,
    /// The lane whose change the tree has not been told of, or [`NONE`].
    untold: u32,
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
            next_key: EMPTY,
            next_lane: NONE,
            spilled: A::default(),
            untold: NONE,
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
        let found = &mut self.lanes[lane.0 as usize];
        if !found.is_empty() {
            if !found.follow(at, action) {
                self.push_slowly(lane.0, at, action);
            }
        } else if self.untold == lane.0 {
            // The tree is told of the pop and of this in one.
            found.begin(at, action);
        } else if self.next_lane == lane.0 {
            self.push_slowly(lane.0, at, action);
        } else {
            let key = key_of(at, lane.0);
            if key >= self.next_key || self.tree.is_grouped() {
                found.begin(at, action);
                self.tree.set(lane.0 as usize, Some(at));
                return;
            }
            if self.next_lane != NONE {
                self.release();
            }
            self.next = action;
            self.next_key = key;
            self.next_lane = lane.0;
        }
    }

    /// Puts what is held where it would be without the shortcut.
    #[inline(never)]
    fn release(&mut self) {
        let (lane, at) = (self.next_lane, self.next_time_held());
        self.spilled = self.next;
        self.forget_next();
        self.enter(lane, at);
    }

    fn next_time_held(&self) -> SimTime {
        SimTime::from_nanos(nanos_of(self.next_key))
    }

    #[inline(always)]
    fn forget_next(&mut self) {
        self.next_lane = NONE;
        self.next_key = EMPTY;
    }

    /// Pushes without the shortcuts.
    #[inline(always)]
    fn push_slowly(&mut self, lane: u32, at: SimTime, action: A) {
        if self.next_lane == lane {
            // What is held is the older.
            self.release();
        }
        // By way of memory: an argument would have to be in memory before the
        // shortcuts, too.
        self.spilled = action;
        self.enter(lane, at);
    }

    /// Puts `spilled` into its lane.
    #[inline(never)]
    fn enter(&mut self, lane: u32, at: SimTime) {
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
        let first = if self.untold == NONE {
            Some(nanos_of(self.tree.root()))
        } else {
            self.lanes.iter().filter_map(Lane::head).map(SimTime::nanos).min()
        };
        let held = nanos_of(self.next_key);
        let soonest = first.map_or(held, |first| first.min(held));
        (soonest <= SimTime::MAX.nanos()).then(|| SimTime::from_nanos(soonest))
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
        let key = self.tree.root().min(self.next_key);
        let at = nanos_of(key);
        (at <= limit.nanos()).then(|| (SimTime::from_nanos(at), LaneId(self.tree.lane_of(key))))
    }

    /// Removes the earliest action, which is in `lane`: what
    /// [`Agenda::look_until`] has just found.
    ///
    /// # Panics
    /// If there is no such lane.
    #[inline(always)]
    pub fn take(&mut self, lane: LaneId) -> A {
        if self.next_lane == lane.0 {
            self.forget_next();
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

    /// Number of pending actions. A look at every lane.
    pub fn len(&self) -> usize {
        self.lanes.iter().map(Lane::len).sum::<usize>() + usize::from(self.next_lane != NONE)
    }

    /// Whether nothing is pending. A look at every lane.
    pub fn is_empty(&self) -> bool {
        self.next_lane == NONE && self.lanes.iter().all(Lane::is_empty)
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
        let held = (self.next_lane == lane.0).then(|| (self.next_time_held(), &self.next));
        held.into_iter().chain(self.lanes[lane.0 as usize].iter())
    }
}

#[cfg(test)]
#[path = "agenda_tests.rs"]
mod tests;
