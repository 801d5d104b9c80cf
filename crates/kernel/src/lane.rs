//! One lane of the agenda: a source whose actions are nearly always pushed in
//! time order.

use alloc::collections::{BinaryHeap, VecDeque};
use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::time::SimTime;

/// A ring of the actions pushed in time order, beside a heap of the others.
///
/// Order is (time, push). At equal times the ring goes first, because its entry
/// was pushed first: an entry enters the heap only when it is earlier than
/// `tail`, the latest time the ring ever took, and `tail` never falls, so
/// whatever enters the ring afterwards is later than that heap entry. (Emptying
/// the lane lets `tail` fall, and then the heap is empty.)
#[derive(Clone)]
pub(crate) struct Lane<A> {
    ring: VecDeque<(SimTime, A)>,
    tail: SimTime,
    late: BinaryHeap<Late<A>>,
    late_count: u64,
}

impl<A> Lane<A> {
    pub(crate) const fn new() -> Self {
        Lane {
            ring: VecDeque::new(),
            tail: SimTime::ZERO,
            late: BinaryHeap::new(),
            late_count: 0,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.ring.len() + self.late.len()
    }

    /// Adds an action; true if it is the lane's new head.
    #[inline]
    pub(crate) fn push(&mut self, at: SimTime, action: A) -> bool {
        if at < self.tail {
            return self.push_late(at, action);
        }
        self.tail = at;
        // Everything pending is at or before the old tail, hence before this.
        let is_head = self.ring.is_empty() && self.late.is_empty();
        self.ring.push_back((at, action));
        is_head
    }

    #[cold]
    #[inline(never)]
    fn push_late(&mut self, at: SimTime, action: A) -> bool {
        let is_head = self.head().is_none_or(|head| at < head);
        self.late.push(Late {
            at,
            index: self.late_count,
            action,
        });
        self.late_count += 1;
        is_head
    }

    /// The time of the next action.
    #[inline]
    pub(crate) fn head(&self) -> Option<SimTime> {
        let ring = self.ring.front().map(|(at, _)| *at);
        if self.late.is_empty() {
            return ring;
        }
        let late = self.late.peek().map(|late| late.at);
        ring.into_iter().chain(late).min()
    }

    /// Removes the next action.
    #[inline]
    pub(crate) fn pop(&mut self) -> Option<(SimTime, A)> {
        if self.late.is_empty() {
            self.ring.pop_front()
        } else {
            self.pop_either()
        }
    }

    #[cold]
    #[inline(never)]
    fn pop_either(&mut self) -> Option<(SimTime, A)> {
        let late = self.late.peek()?.at;
        if self.ring.front().is_some_and(|(at, _)| *at <= late) {
            return self.ring.pop_front();
        }
        self.late.pop().map(|late| (late.at, late.action))
    }

    /// Removes everything, in order.
    pub(crate) fn clear(&mut self, mut into: impl FnMut(SimTime, A)) {
        while let Some((at, action)) = self.pop() {
            into(at, action);
        }
        self.tail = SimTime::ZERO;
    }

    /// All actions in the order they would be popped in.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (SimTime, &A)> {
        // A heap has no order to walk in; sorting the few late ones keeps the
        // lane untouched.
        let mut late: Vec<&Late<A>> = self.late.iter().collect();
        late.sort_unstable_by_key(|late| (late.at, late.index));
        let mut late = late.into_iter().peekable();
        let mut ring = self.ring.iter().peekable();
        core::iter::from_fn(move || {
            let from_late = match (ring.peek(), late.peek()) {
                (Some((at, _)), Some(late)) => late.at < *at,
                (ring, _) => ring.is_none(),
            };
            if from_late {
                return late.next().map(|late| (late.at, &late.action));
            }
            ring.next().map(|(at, action)| (*at, action))
        })
    }
}

/// An action pushed earlier than the ring's tail; `index` counts such pushes.
#[derive(Clone)]
struct Late<A> {
    at: SimTime,
    index: u64,
    action: A,
}

impl<A> Ord for Late<A> {
    /// Reversed, because the standard heap gives the greatest first.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.index).cmp(&(self.at, self.index))
    }
}

impl<A> PartialOrd for Late<A> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<A> PartialEq for Late<A> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<A> Eq for Late<A> {}

#[cfg(test)]
mod tests {
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
        assert!(
            lane.late.is_empty(),
            "the ring takes it, since nothing is pending"
        );
    }

    #[test]
    fn iterating_shows_the_order_of_popping() {
        let mut lane = Lane::new();
        for (action, nanos) in [10, 20, 5, 20, 10, 30, 5].into_iter().enumerate() {
            lane.push(at(nanos), action as u32);
        }
        let seen: Vec<_> = lane
            .iter()
            .map(|(at, action)| (at.nanos(), *action))
            .collect();
        assert_eq!(seen, drained(lane));
    }
}
