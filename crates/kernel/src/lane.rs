//! One lane of the agenda: a source whose actions are nearly always pushed in
//! time order.

use alloc::boxed::Box;
use alloc::collections::VecDeque;

use crate::late::Late;
use crate::time::SimTime;

/// The next action, a ring of those pushed in time order, and a heap of the
/// others.
///
/// Order is (time, push). The next action has a place of its own because most
/// lanes have one action or none, and because the tree needs its time.
///
/// At equal times the ring goes before the heap, because its entry was pushed
/// first: an action enters the heap only when it is earlier than `tail`, the
/// latest time ever pushed at the ring's end, and `tail` does not fall, so
/// whatever is pushed there afterwards is later than that heap entry. What
/// returns to the ring's front was the next action, so it precedes all that was
/// pending then and all that is pushed later. (A lane that begins anew lets
/// `tail` fall, and then the heap is empty.)
#[derive(Clone)]
pub(crate) struct Lane<A> {
    /// Meaningful only while `has_head`. Presence, time and action are fields
    /// of their own because moving them as one optional pair makes the compiler
    /// copy it in pieces of unlike sizes, and reading a fresh write in another
    /// size stalls the processor for longer than the rest of a pop takes.
    head: A,
    head_at: SimTime,
    has_head: bool,
    ring: VecDeque<(SimTime, A)>,
    tail: SimTime,
    /// Boxed because few lanes need it, and all lanes together should stay in
    /// the nearest cache.
    late: Option<Box<Late<A>>>,
}

impl<A: Copy + Default> Lane<A> {
    pub(crate) fn new() -> Self {
        Lane {
            head: A::default(),
            head_at: SimTime::ZERO,
            has_head: false,
            ring: VecDeque::new(),
            tail: SimTime::ZERO,
            late: None,
        }
    }

    pub(crate) fn len(&self) -> usize {
        let late = self.late.as_ref().map_or(0, |late| late.len());
        usize::from(self.has_head) + self.ring.len() + late
    }

    /// One late push must not slow the lane down for good, hence the look into
    /// the box.
    #[inline]
    fn has_late(&self) -> bool {
        self.late.as_ref().is_some_and(|late| !late.is_empty())
    }

    /// Whether nothing is pending.
    #[inline(always)]
    pub(crate) fn is_empty(&self) -> bool {
        !self.has_head
    }

    /// Adds an action to a lane that has none.
    #[inline(always)]
    pub(crate) fn begin(&mut self, at: SimTime, action: A) {
        debug_assert!(self.is_empty(), "a lane begins empty");
        self.tail = at;
        self.set_head(at, action);
    }

    /// Adds an action behind the head of a lane that has one; false if it
    /// cannot: because it is early, or because that takes an allocation.
    #[inline(always)]
    pub(crate) fn follow(&mut self, at: SimTime, action: A) -> bool {
        if at < self.tail || self.ring.len() == self.ring.capacity() {
            return false;
        }
        // Everything pending is at or before the old tail, hence before this.
        self.tail = at;
        self.ring.push_back((at, action));
        true
    }

    /// Adds any action; true if it is the lane's new head.
    pub(crate) fn push(&mut self, at: SimTime, action: A) -> bool {
        if self.is_empty() {
            self.begin(at, action);
            return true;
        }
        if at < self.tail {
            return self.push_late(at, action);
        }
        self.tail = at;
        self.ring.push_back((at, action));
        false
    }

    #[cold]
    #[inline(never)]
    fn push_late(&mut self, at: SimTime, action: A) -> bool {
        if at < self.head_at {
            self.ring.push_front((self.head_at, self.head));
            self.set_head(at, action);
            return true;
        }
        self.late.get_or_insert_default().push(at, action);
        false
    }

    /// The time of the next action.
    #[inline]
    pub(crate) fn head(&self) -> Option<SimTime> {
        self.has_head.then_some(self.head_at)
    }

    /// The next action of a lane that has one, and its time.
    #[inline(always)]
    pub(crate) fn head_action(&self) -> (SimTime, A) {
        debug_assert!(self.has_head, "a lane in the tree has a head");
        (self.head_at, self.head)
    }

    /// The action of a lane that has one and no more.
    #[inline(always)]
    pub(crate) fn only(&self) -> Option<A> {
        (self.has_head && self.ring.is_empty() && !self.has_late()).then_some(self.head)
    }

    /// Removes the next action of a lane that has one.
    #[inline(always)]
    pub(crate) fn drop_head(&mut self) {
        if self.has_late() {
            self.refill();
        } else if let Some((next_at, next)) = self.ring.pop_front() {
            self.head_at = next_at;
            self.head = next;
        } else {
            self.has_head = false;
        }
    }

    #[inline(always)]
    fn set_head(&mut self, at: SimTime, action: A) {
        self.head = action;
        self.head_at = at;
        self.has_head = true;
    }

    #[cold]
    #[inline(never)]
    fn refill(&mut self) {
        match self.pop_behind_head() {
            Some((next_at, next)) => self.set_head(next_at, next),
            None => self.has_head = false,
        }
    }

    fn pop_behind_head(&mut self) -> Option<(SimTime, A)> {
        let late = self.late.as_mut()?;
        let ring_at = self.ring.front().map(|next| next.0);
        match late.first() {
            Some(first) if ring_at.is_none_or(|at| first < at) => late.pop(),
            _ => self.ring.pop_front(),
        }
    }

    /// Removes everything, in order.
    pub(crate) fn clear(&mut self, mut into: impl FnMut(SimTime, A)) {
        while self.has_head {
            into(self.head_at, self.head);
            self.drop_head();
        }
        self.tail = SimTime::ZERO;
    }

    /// All actions in the order they would be popped in.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (SimTime, &A)> {
        let mut late = self.late.iter().flat_map(|late| late.iter()).peekable();
        let head = self.has_head.then_some((self.head_at, &self.head)).into_iter();
        let ring = self.ring.iter().map(|(at, action)| (*at, action));
        let mut ring = head.chain(ring).peekable();
        core::iter::from_fn(move || {
            let from_late = match (ring.peek(), late.peek()) {
                (Some((at, _)), Some((late, _))) => late < at,
                (ring, _) => ring.is_none(),
            };
            if from_late {
                return late.next();
            }
            ring.next()
        })
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    fn at(nanos: u64) -> SimTime {
        SimTime::from_nanos(nanos)
    }

    fn drained(mut lane: Lane<u32>) -> Vec<(u64, u32)> {
        let mut out = Vec::new();
        lane.clear(|at, action| out.push((at.nanos(), action)));
        out
    }

    #[test]
    fn pushing_reports_a_new_head() {
        let mut lane = Lane::new();
        assert!(lane.push(at(10), 0));
        assert!(!lane.push(at(20), 1), "behind the head");
        assert!(lane.push(at(5), 2), "earlier than everything");
        assert!(!lane.push(at(5), 3), "equal to the head, pushed later");
        assert!(!lane.push(at(15), 4), "between");
        assert_eq!(lane.head(), Some(at(5)));
        assert_eq!(lane.len(), 5);
        assert_eq!(drained(lane), [(5, 2), (5, 3), (10, 0), (15, 4), (20, 1)]);
    }

    #[test]
    fn at_equal_times_the_ring_was_first() {
        let mut lane = Lane::new();
        lane.push(at(5), 0);
        lane.push(at(9), 1);
        lane.push(at(5), 2);
        lane.push(at(9), 3);
        assert_eq!(drained(lane), [(5, 0), (5, 2), (9, 1), (9, 3)]);
    }

    #[test]
    fn an_emptied_lane_starts_anew() {
        let mut lane = Lane::new();
        lane.push(at(9), 0);
        lane.clear(|_, _| {});
        assert!(lane.push(at(1), 1));
        assert!(lane.late.is_none(), "the ring takes it, since nothing is pending");
    }

    #[test]
    fn iterating_shows_the_order_of_popping() {
        let mut lane = Lane::new();
        for (action, nanos) in [10, 20, 5, 20, 10, 30, 5].into_iter().enumerate() {
            lane.push(at(nanos), action as u32);
        }
        let seen: Vec<_> = lane.iter().map(|(at, action)| (at.nanos(), *action)).collect();
        assert_eq!(seen, drained(lane));
    }
}
