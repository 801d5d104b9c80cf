//! The agenda: what will happen, in the one order everything agrees on.
//!
//! Most sources of actions are in time order by nature: a link is a pipe, an
//! arrival process has one next arrival, a busy worker one completion. Each
//! source has a lane with a queue of its own, and only the heads of lanes
//! compete, in a tournament tree. There is no cancelling: whoever receives an
//! action compares a generation it carries.

use alloc::vec::Vec;

use crate::held::Held;
use crate::lane::Lane;
use crate::time::SimTime;
use crate::tree::{EMPTY, Tree, key_of, lane_of, nanos_of};

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
/// the order. An action that is due in the present instant, in a lane that is
/// empty, is held outside of lanes and tree: over links without delay most are.
/// And the lane of the action popped last is told to the tree only when that
/// matters: it is often given its next action at once.
///
/// A clone is independent and goes on to give the same actions.
#[derive(Clone)]
pub struct Agenda<A> {
    lanes: Vec<Lane<A>>,
    tree: Tree,
    /// Actions at `instant` by lane. What their lanes have was pushed later, or is
    /// due earlier.
    held: Held<A>,
    /// The latest time that anything was popped at.
    instant: SimTime,
    /// An action on its way through [`Agenda::enter`].
    spilled: A,
    /// The lane whose change the tree has not been told of, or [`NONE`].
    untold: u32,
    /// Counts what was put into lanes.
    pushed: u64,
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
            held: Held::new(),
            instant: SimTime::ZERO,
            tree: Tree::new(lane_count),
            spilled: A::default(),
            untold: NONE,
            pushed: 0,
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
            self.pushed += 1;
            if !found.follow(at, action) {
                // By way of memory: an argument would have to be in memory
                // before the shortcuts, too.
                self.spilled = action;
                self.enter(lane.0, at);
            }
        } else if !self.push_now(lane, at, action) {
            let found = &mut self.lanes[lane.0 as usize];
            self.pushed += 1;
            found.begin(at, action);
            // The tree is told of a pop and of what follows it in one.
            if self.untold != lane.0 {
                self.tree.set(lane.0 as usize, Some(at));
            }
        }
    }

    /// The same for who knows that the lane is empty and expects the action to
    /// be due at once. False if that is not so, and then nothing has happened.
    #[inline(always)]
    pub fn push_now(&mut self, lane: LaneId, at: SimTime, action: A) -> bool {
        at == self.instant && self.held.push(u64::from(lane.0), action)
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
            self.untold = NONE;
            self.tree.set_soon(index, self.lanes[index].head());
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
        let held = (self.held.key() != EMPTY).then_some(self.instant.nanos());
        let soonest = first.into_iter().chain(held).min().unwrap_or(EMPTY);
        (soonest <= SimTime::MAX.nanos()).then(|| SimTime::from_nanos(soonest))
    }

    /// What comes after the action popped last, and in which lane: a bound from
    /// below, found faster than by [`Agenda::next_time`]. [`SimTime::MAX`] if
    /// nothing is known to come.
    #[inline(always)]
    pub fn next_after_popped(&mut self) -> (SimTime, LaneId) {
        if self.held.key() != EMPTY {
            return (SimTime::ZERO, LaneId(0));
        }
        if self.tree.is_grouped() {
            return self.next_in_groups();
        }
        let next = match self.untold {
            NONE => self.tree.root(),
            // Mostly it is soon given another action: the tree is told of both.
            lane if self.lanes[lane as usize].is_empty() => self.tree.root_without(lane as usize),
            _ => {
                self.tell();
                self.tree.root()
            }
        };
        let at = SimTime::of_key(nanos_of(next).min(SimTime::MAX.nanos()));
        (at, LaneId(lane_of(next)))
    }

    /// The same with many lanes.
    #[inline(never)]
    fn next_in_groups(&mut self) -> (SimTime, LaneId) {
        let (key, lane) = match self.untold {
            NONE => self.tree.first(),
            lane if self.lanes[lane as usize].is_empty() => self.tree.first_without(lane as usize),
            _ => {
                self.tell();
                self.tree.first()
            }
        };
        let at = SimTime::of_key(nanos_of(key).min(SimTime::MAX.nanos()));
        (at, LaneId(lane))
    }

    /// Whether what is held first comes before everything in the lanes; only if
    /// anything is held or the tree is not empty.
    #[inline(always)]
    fn is_held_next(&self) -> bool {
        let lane = self.held.key();
        if self.tree.is_grouped() {
            return lane != EMPTY && self.is_before_groups(lane as u32);
        }
        // Of equal keys the one that is held is the older.
        self.held_key() <= self.tree.root()
    }

    /// What would stand in the tree for what is held first; only in a tree that is
    /// not grouped.
    #[inline(always)]
    fn held_key(&self) -> u64 {
        // All bits of the key of nothing are set, and stay so.
        self.held.key() | key_of(self.instant, 0)
    }

    /// Whether an action of the present instant in this lane comes before everything
    /// in a grouped tree.
    #[inline(never)]
    fn is_before_groups(&self, lane: u32) -> bool {
        let (key, first) = self.tree.first();
        let due = (nanos_of(key), first);
        (self.instant.nanos(), lane) <= due
    }

    /// Counts what was ever pushed and not held.
    #[inline(always)]
    pub fn pushed(&self) -> u64 {
        self.pushed
    }

    /// Whether nothing was pushed since that many were, and nothing is held.
    #[inline(always)]
    pub fn is_untouched_since(&self, pushed: u64) -> bool {
        self.pushed == pushed && self.held.key() == EMPTY
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
        if self.tree.is_grouped() {
            return self.look_in_groups(limit);
        }
        let key = self.tree.root().min(self.held_key());
        let at = nanos_of(key);
        (at <= limit.nanos()).then(|| (SimTime::of_key(at), LaneId(lane_of(key))))
    }

    /// The same with many lanes.
    #[inline(never)]
    fn look_in_groups(&self, limit: SimTime) -> Option<(SimTime, LaneId)> {
        let (at, lane) = if self.is_held_next() {
            (self.instant.nanos(), self.held.key() as u32)
        } else {
            let (key, lane) = self.tree.first();
            (nanos_of(key), lane)
        };
        (at <= limit.nanos()).then(|| (SimTime::of_key(at), LaneId(lane)))
    }

    /// Removes the earliest action, which is in `lane`: what
    /// [`Agenda::look_until`] has just found.
    ///
    /// # Panics
    /// If there is no such lane.
    #[inline(always)]
    pub fn take(&mut self, lane: LaneId) -> A {
        if self.is_held_next() {
            return self.held.pop();
        }
        let found = &mut self.lanes[lane.0 as usize];
        let (at, action) = found.head_action();
        found.drop_head();
        self.untold = lane.0;
        self.instant = self.instant.max(at);
        action
    }

    /// Removes the earliest action if it is one of the present instant that is
    /// held, which is found out faster than by [`Agenda::look_until`].
    #[inline(always)]
    pub fn take_held(&mut self) -> Option<(LaneId, A)> {
        let lane = self.held.key();
        if lane == EMPTY {
            return None;
        }
        self.tell();
        self.is_held_next().then(|| (LaneId(lane as u32), self.held.pop()))
    }

    /// Removes the earliest action that is due at `limit` or before.
    #[inline]
    pub fn pop_until(&mut self, limit: SimTime) -> Option<(SimTime, LaneId, A)> {
        let (at, lane) = self.look_until(limit)?;
        Some((at, lane, self.take(lane)))
    }

    /// Number of pending actions. A look at every lane.
    pub fn len(&self) -> usize {
        self.lanes.iter().map(Lane::len).sum::<usize>() + self.held.len()
    }

    /// Whether nothing is pending. A look at every lane.
    pub fn is_empty(&self) -> bool {
        self.held.len() == 0 && self.lanes.iter().all(Lane::is_empty)
    }

    /// Whether nothing is pending in `lane`, not counting what is held.
    ///
    /// # Panics
    /// If there is no such lane.
    #[inline(always)]
    pub fn is_lane_empty(&self, lane: LaneId) -> bool {
        self.lanes[lane.0 as usize].is_empty()
    }

    /// The action of a lane that has this one only, not counting what is held.
    #[inline(always)]
    pub fn only(&self, lane: LaneId) -> Option<A> {
        self.lanes.get(lane.0 as usize)?.only()
    }

    /// Number of pending actions of `lane`.
    ///
    /// # Panics
    /// If there is no such lane.
    #[inline]
    pub fn lane_len(&self, lane: LaneId) -> usize {
        self.lanes[lane.0 as usize].len() + self.held_in(lane).count()
    }

    /// What is held of `lane`.
    fn held_in(&self, lane: LaneId) -> impl Iterator<Item = (SimTime, &A)> {
        let held = self.held.iter();
        held.filter(move |(key, _)| *key == u64::from(lane.0))
            .map(|(_, action)| (self.instant, action))
    }

    /// Removes all pending actions of `lane` and hands them to `into` in order:
    /// the link was cut, the node crashed.
    ///
    /// # Panics
    /// If there is no such lane.
    pub fn clear_lane(&mut self, lane: LaneId, mut into: impl FnMut(SimTime, A)) {
        self.tell();
        for (at, action) in self.iter_lane(lane) {
            into(at, *action);
        }
        self.held.remove(|key| key == u64::from(lane.0));
        let index = lane.0 as usize;
        self.lanes[index].clear(|_, _| {});
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
        let mut held = self.held_in(lane).peekable();
        let mut others = self.lanes[lane.0 as usize].iter().peekable();
        core::iter::from_fn(move || match (held.peek(), others.peek()) {
            (Some((at, _)), Some((other, _))) if other < at => others.next(),
            (Some(_), _) => held.next(),
            (None, _) => others.next(),
        })
    }
}

#[cfg(test)]
#[path = "agenda_tests.rs"]
mod tests;
