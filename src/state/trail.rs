//! What is seen of messages on a connection that takes no time, or too little
//! of it to be seen: each leaves a mark that goes along the way. While there
//! are few, every message has one; where there are more than can be told
//! apart, the marks are a flow that is denser the more a second there are.

use std::collections::VecDeque;

/// How fast marks go, in pixels of the picture a second: slow enough to follow.
pub const SPEED: f64 = 70.0;

/// At least so many marks a second set out before some are left out.
const FEW: f64 = 8.0;

/// At most so many marks a second set out.
const MANY: f64 = 45.0;

/// So many may set out at once.
const BURST: f64 = 40.0;

/// A mark on its way.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Mark {
    /// How far everything had gone when it set out.
    began: f64,
    /// Whether what it stands for came to nothing.
    pub is_bad: bool,
    /// A number of its own.
    pub number: u32,
}

impl Mark {
    /// How far it has gone.
    pub fn gone(&self, travelled: f64) -> f64 {
        travelled - self.began
    }
}

/// The marks of one way.
#[derive(Clone, Debug)]
pub struct Trail {
    /// How many had passed, and how many of them in vain, at the last look;
    /// nothing before the first.
    seen: Option<(u64, u64)>,
    /// How many may set out.
    due: f64,
    /// How many of the next marks are to be bad.
    bad_due: f64,
    /// When the last one set out.
    last: f64,
    number: u32,
    marks: VecDeque<Mark>,
}

impl Default for Trail {
    fn default() -> Self {
        Trail {
            seen: None,
            due: BURST,
            bad_due: 0.0,
            last: f64::NEG_INFINITY,
            number: 0,
            marks: VecDeque::new(),
        }
    }
}

/// How many marks a second stand for a rate: less and less more, the more
/// there are.
pub fn marks_per_second(rate: f64) -> f64 {
    (0.5 * mqlab_kernel::pow(rate.max(0.0), 0.48)).clamp(FEW, MANY)
}

impl Trail {
    /// Looks at the counters: `all` passed so far, `bad` of them in vain;
    /// `rate` a second of the simulated time lately. `elapsed` is the time
    /// since the last look in seconds, in which marks went on to `travelled`.
    pub fn look(&mut self, (all, bad): (u64, u64), rate: f64, elapsed: f64, travelled: f64) {
        let (all_before, bad_before) = self.seen.replace((all, bad)).unwrap_or((all, bad));
        if all < all_before || bad < bad_before {
            // The clock went back: nothing of this has happened.
            *self = Trail {
                seen: self.seen,
                ..Trail::default()
            };
            return;
        }
        if all == all_before && self.due >= BURST {
            return;
        }
        let per_second = marks_per_second(rate);
        self.due = (self.due + per_second * elapsed).min(BURST);
        let new = (all - all_before) as f64;
        let count = new.min(self.due.floor());
        self.due -= count;
        let bad_share = (bad - bad_before) as f64 / new.max(1.0);
        for _ in 0..count as u32 {
            self.set_out(travelled, SPEED / per_second, bad_share);
        }
    }

    fn set_out(&mut self, travelled: f64, apart: f64, bad_share: f64) {
        // One after the other, however many come at once.
        self.last = (self.last + apart).max(travelled);
        self.bad_due += bad_share;
        let is_bad = self.bad_due >= 0.999;
        if is_bad {
            self.bad_due -= 1.0;
        }
        self.number = self.number.wrapping_add(1);
        self.marks.push_back(Mark {
            began: self.last,
            is_bad,
            number: self.number,
        });
    }

    /// Forgets marks that have gone further than `length`.
    pub fn clear_beyond(&mut self, length: f64, travelled: f64) {
        while self.marks.front().is_some_and(|mark| mark.gone(travelled) > length) {
            self.marks.pop_front();
        }
    }

    /// The marks on the way.
    pub fn marks(&self, travelled: f64) -> impl Iterator<Item = &Mark> {
        self.marks.iter().filter(move |mark| mark.gone(travelled) >= 0.0)
    }
}

/// How far off the middle of its way a mark goes, -1 to 1: the same in every
/// picture.
pub fn aside(number: u32) -> f64 {
    let mut bits = number.wrapping_mul(0x9e37_79b9) ^ 0x5bd1_e995;
    bits ^= bits >> 15;
    bits = bits.wrapping_mul(0x2c1b_3c6d);
    bits ^= bits >> 12;
    f64::from(bits) / f64::from(u32::MAX) * 2.0 - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks sixty times a second for a while at `per_second` of the wall
    /// clock, and counts what set out.
    fn marks_in(seconds: u32, per_second: u64, rate: f64) -> usize {
        let mut trail = Trail::default();
        trail.look((0, 0), rate, 0.0, 0.0);
        for frame in 1..=u64::from(seconds) * 60 {
            let travelled = frame as f64 / 60.0 * SPEED;
            trail.look((per_second * frame / 60, 0), rate, 1.0 / 60.0, travelled);
        }
        trail.marks.len()
    }

    #[test]
    fn few_messages_have_a_mark_each() {
        assert_eq!(marks_in(10, 5, 50.0), 50);
        // The same at any pace: what counts is what is seen.
        assert_eq!(marks_in(10, 5, 0.005), 50);
    }

    #[test]
    fn many_messages_are_a_flow_that_says_the_rate() {
        let [slow, fast, faster] = [50.0, 5_000.0, 1e9].map(|rate| marks_in(10, 1_000_000, rate));
        assert!((80..=130).contains(&slow), "{slow}");
        assert!((290..=350).contains(&fast), "{fast}");
        assert!((440..=500).contains(&faster), "{faster}");
    }

    #[test]
    fn a_burst_is_seen_one_by_one() {
        let mut trail = Trail::default();
        trail.look((0, 0), 0.0, 0.0, 0.0);
        trail.look((10, 0), 10.0, 0.016, 1.0);
        assert_eq!(trail.marks.len(), 10);
        let began: Vec<f64> = trail.marks.iter().map(|mark| mark.began).collect();
        assert!(began.windows(2).all(|pair| pair[1] - pair[0] >= 5.0), "{began:?}");
        assert_eq!(trail.marks(1.0).count(), 1);
    }

    #[test]
    fn what_came_to_nothing_is_marked() {
        let mut trail = Trail::default();
        trail.look((0, 0), 0.0, 0.0, 0.0);
        trail.look((8, 2), 1.0, 0.5, 35.0);
        assert_eq!(trail.marks.iter().filter(|mark| mark.is_bad).count(), 2);
    }

    #[test]
    fn going_back_forgets_what_has_not_happened() {
        let mut trail = Trail::default();
        trail.look((0, 0), 0.0, 0.0, 0.0);
        trail.look((5, 0), 1.0, 0.5, 10.0);
        trail.look((0, 0), 1.0, 0.0, 10.0);
        assert_eq!(trail.marks.len(), 0);
        // A jump ahead at first sight is not a flood.
        let mut late = Trail::default();
        late.look((1_000_000, 0), 1.0, 0.0, 0.0);
        assert_eq!(late.marks.len(), 0);
    }

    #[test]
    fn marks_leave_at_the_end() {
        let mut trail = Trail::default();
        trail.look((0, 0), 0.0, 0.0, 0.0);
        trail.look((2, 0), 1.0, 0.0, 0.0);
        trail.clear_beyond(50.0, 55.0);
        assert_eq!(trail.marks.len(), 1);
    }
}
