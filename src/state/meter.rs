//! Rates measured from the engine's counters: what happened within the last
//! stretch of simulated time. The counters are the engine's; only readings of
//! the last few moments are kept.

use mqlab_kernel::{SimSpan, SimTime};
use std::collections::VecDeque;

/// Most readings that are kept.
const READINGS_MAX: usize = 16;

/// Reads a set of counters now and then.
#[derive(Clone, Debug)]
pub struct Meter {
    window: SimSpan,
    /// Oldest first: when, and the counters.
    readings: VecDeque<(SimTime, Vec<f64>)>,
}

impl Meter {
    /// A meter for a run of this length that has read nothing.
    pub fn new(until: SimTime) -> Self {
        // A second, as rates are said per second; less where a whole run
        // takes little more than that.
        let window = (until.nanos() / 8).clamp(1, 1_000_000_000);
        Meter {
            window: SimSpan::from_nanos(window),
            readings: VecDeque::new(),
        }
    }

    /// Over how long rates are measured.
    pub fn window(&self) -> SimSpan {
        self.window
    }

    /// Takes a reading. The counters only grow.
    pub fn read(&mut self, now: SimTime, counters: Vec<f64>) {
        let step = SimSpan::from_nanos((self.window.nanos() / 8).max(1));
        // Readings that are kept stand a step apart; the newest follows the
        // clock until it is that far from the one before.
        let before = self.readings.len().checked_sub(2);
        let before = before.and_then(|index| self.readings.get(index));
        if before.is_some_and(|(at, _)| now.saturating_since(*at) < step) {
            self.readings.pop_back();
        }
        self.readings.push_back((now, counters));
        let begin = now.saturating_sub(self.window);
        while self.readings.len() > READINGS_MAX || self.readings.get(1).is_some_and(|(at, _)| *at <= begin) {
            self.readings.pop_front();
        }
    }

    /// How much a counter grew per second over the window; 0 while nothing is
    /// known.
    pub fn per_second(&self, counter: usize) -> f64 {
        let (Some((begin, first)), Some((end, last))) = (self.readings.front(), self.readings.back()) else {
            return 0.0;
        };
        let seconds = end.saturating_since(*begin).as_secs_f64();
        match (first.get(counter), last.get(counter)) {
            (Some(first), Some(last)) if seconds > 0.0 => (last - first) / seconds,
            _ => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> SimTime {
        SimTime::from_nanos(millis * 1_000_000)
    }

    fn day() -> Meter {
        Meter::new(at(86_400_000))
    }

    #[test]
    fn a_steady_counter_has_a_steady_rate() {
        for frame_ms in [1u64, 16, 400, 60_000] {
            let mut meter = day();
            for frame in 0..2_000 {
                let now = frame * frame_ms;
                meter.read(at(now), vec![now as f64 * 5.0]);
            }
            let rate = meter.per_second(0);
            assert!((rate - 5_000.0).abs() < 1e-6, "{frame_ms} ms: {rate}");
        }
    }

    #[test]
    fn a_change_shows_within_the_window() {
        let mut meter = day();
        (0..100).for_each(|second| meter.read(at(second * 1_000), vec![second as f64 * 50.0]));
        (1..3).for_each(|second| meter.read(at(99_000 + second * 1_000), vec![4_950.0 + second as f64 * 5_000.0]));
        assert_eq!(meter.per_second(0), 5_000.0);
    }

    #[test]
    fn a_tiny_step_does_not_empty_the_window() {
        let mut meter = day();
        (0..=10).for_each(|tenth| meter.read(at(tenth * 100), vec![tenth as f64]));
        (0..500).for_each(|nano| meter.read(SimTime::from_nanos(1_000_000_000 + nano), vec![10.0]));
        let rate = meter.per_second(0);
        assert!((8.0..=10.5).contains(&rate), "{rate}");
    }

    #[test]
    fn nothing_known_is_no_rate() {
        assert_eq!(day().per_second(0), 0.0);
    }
}
