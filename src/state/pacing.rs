//! How simulated time follows the wall clock: the stops of the speed slider,
//! how far a frame may run, and how much work fits between two looks at the
//! clock. Pure arithmetic; the clock itself is read elsewhere.

use mqlab_kernel::{SimSpan, SimTime};

/// How fast a run goes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Speed {
    /// Simulated seconds per second.
    Factor(f64),
    /// As fast as the machine can.
    Max,
}

/// The stops of the slider before the last one, which is [`Speed::Max`].
const FACTORS: [f64; 20] = [
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0,
    3600.0,
];

/// The slider's last position.
pub const POSITION_MAX: usize = FACTORS.len();

/// The speed at a position of the slider; beyond the end it is the last.
pub fn speed_at(position: usize) -> Speed {
    FACTORS
        .get(position)
        .map_or(Speed::Max, |factor| Speed::Factor(*factor))
}

/// The position whose speed is the nearest.
pub fn position_at(speed: Speed) -> usize {
    match speed {
        Speed::Max => POSITION_MAX,
        Speed::Factor(factor) => position_of(factor),
    }
}

/// The position at which a run of this length takes about half a minute.
pub fn natural_position(until: SimTime) -> usize {
    const WATCHED_S: f64 = 24.0;
    if until == SimTime::MAX {
        return position_of(1.0);
    }
    position_of(until.nanos() as f64 / 1e9 / WATCHED_S)
}

/// The position of the nearest stop, by ratio.
fn position_of(factor: f64) -> usize {
    let distance = |stop: f64| mqlab_kernel::ln(stop / factor.max(f64::MIN_POSITIVE)).abs();
    let nearest = FACTORS
        .iter()
        .enumerate()
        .min_by(|(_, a), (_, b)| distance(**a).total_cmp(&distance(**b)));
    nearest.map_or(0, |(position, _)| position)
}

/// What the slider says at a speed; nothing for the last stop, which is a word.
pub fn factor_label(factor: f64) -> String {
    if factor >= 1.0 {
        format!("{}\u{d7}", crate::state::format::number(factor.round()))
    } else {
        format!("1/{}\u{d7}", crate::state::format::number((1.0 / factor).round()))
    }
}

/// Milliseconds of engine work per frame at a paced speed.
pub const PACED_SLICE_MS: f64 = 6.0;
/// The same once the engine cannot keep up; the frame still fits into a
/// sixtieth of a second.
pub const LATE_SLICE_MS: f64 = 11.0;
/// The same at full speed, where slices follow each other between pictures:
/// short enough that a click is answered at once.
pub const MAX_SLICE_MS: f64 = 12.0;
/// Milliseconds between pictures at full speed: the engine should have the
/// time, and fifteen a second are enough to follow it.
pub const MAX_PICTURE_MS: f64 = 45.0;

/// A pause of the page (a hidden tab, a slow frame) is not made up for.
const ELAPSED_MS_MAX: f64 = 50.0;

/// Paces one run.
#[derive(Clone, Debug)]
pub struct Pacer {
    actions_per_ms: f64,
    /// How far a round goes at full speed before all lanes are level again.
    round: SimSpan,
    /// Simulated nanoseconds per millisecond that was really reached.
    reached: f64,
    is_late: bool,
}

impl Default for Pacer {
    fn default() -> Self {
        Pacer {
            actions_per_ms: 500.0,
            round: SimSpan::from_millis(1),
            reached: 0.0,
            is_late: false,
        }
    }
}

impl Pacer {
    /// How many actions to run before the next look at the clock.
    pub fn slice(&self) -> u64 {
        // About a millisecond and a half of work.
        (self.actions_per_ms * 1.5).clamp(200.0, 2_000_000.0) as u64
    }

    /// The engine took `elapsed_ms` for `actions`.
    pub fn worked(&mut self, actions: u64, elapsed_ms: f64) {
        if elapsed_ms >= 0.2 && actions > 0 {
            let measured = actions as f64 / elapsed_ms;
            // Falling counts at once, so that a frame never runs over.
            let weight = if measured < self.actions_per_ms { 0.7 } else { 0.2 };
            self.actions_per_ms += (measured - self.actions_per_ms) * weight;
        }
    }

    /// Milliseconds that the engine may take in this frame.
    pub fn allowance_ms(&self, speed: Speed) -> f64 {
        match speed {
            Speed::Max => MAX_SLICE_MS,
            Speed::Factor(_) if self.is_late => LATE_SLICE_MS,
            Speed::Factor(_) => PACED_SLICE_MS,
        }
    }

    /// Where the clock should stand after a frame that comes `elapsed_ms`
    /// after the one before.
    pub fn goal(&self, clock: SimTime, speed: Speed, elapsed_ms: f64) -> SimTime {
        match speed {
            Speed::Factor(factor) => {
                let elapsed = elapsed_ms.clamp(0.0, ELAPSED_MS_MAX);
                clock.saturating_add(SimSpan::from_nanos_rounded(elapsed * 1e6 * factor))
            }
            Speed::Max => clock.saturating_add(self.round),
        }
    }

    /// A round at full speed took `elapsed_ms`, or was cut short.
    pub fn round_done(&mut self, elapsed_ms: f64, was_cut: bool) {
        let nanos = self.round.nanos();
        let next = if was_cut || elapsed_ms > 8.0 {
            nanos / 2
        } else if elapsed_ms < 3.0 {
            nanos.saturating_mul(2)
        } else {
            nanos
        };
        self.round = SimSpan::checked_from_nanos(next.max(1)).unwrap_or(SimSpan::MAX);
    }

    /// A frame moved the clock by `moved` in `elapsed_ms`, and reached its
    /// goal or did not.
    pub fn frame_done(&mut self, moved: SimSpan, elapsed_ms: f64, reached_goal: bool) {
        self.is_late = !reached_goal;
        if elapsed_ms > 0.0 {
            let now = moved.nanos() as f64 / elapsed_ms;
            self.reached += (now - self.reached) * 0.1;
        }
    }

    /// The factor that is really reached, if the engine cannot keep up.
    pub fn late_factor(&self) -> Option<f64> {
        self.is_late.then_some(self.reached / 1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slider_ends_at_full_speed() {
        assert_eq!(speed_at(0), Speed::Factor(0.001));
        assert_eq!(speed_at(POSITION_MAX - 1), Speed::Factor(3600.0));
        assert_eq!(speed_at(POSITION_MAX), Speed::Max);
        assert!(FACTORS.is_sorted());
        assert!((0..=POSITION_MAX).all(|position| position_at(speed_at(position)) == position));
    }

    #[test]
    fn a_run_takes_half_a_minute_by_itself() {
        let at = |seconds: u64| speed_at(natural_position(SimTime::from_nanos(seconds * 1_000_000_000)));
        assert_eq!(at(86_400), Speed::Factor(3600.0));
        assert_eq!(at(30), Speed::Factor(1.0));
        assert_eq!(
            speed_at(natural_position(SimTime::from_nanos(24_000_000))),
            Speed::Factor(0.001)
        );
        assert_eq!(speed_at(natural_position(SimTime::MAX)), Speed::Factor(1.0));
    }

    #[test]
    fn labels_say_the_factor() {
        assert_eq!(factor_label(0.001), "1/1,000\u{d7}");
        assert_eq!(factor_label(3600.0), "3,600\u{d7}");
    }

    #[test]
    fn a_frame_goes_as_far_as_its_time_allows() {
        let pacer = Pacer::default();
        let goal = pacer.goal(SimTime::ZERO, Speed::Factor(3600.0), 16.0);
        assert_eq!(goal.nanos(), 57_600_000_000);
        let after_a_pause = pacer.goal(SimTime::ZERO, Speed::Factor(1.0), 60_000.0);
        assert_eq!(after_a_pause.nanos(), 50_000_000);
    }

    #[test]
    fn slices_follow_the_engines_speed() {
        let mut pacer = Pacer::default();
        (0..100).for_each(|_| pacer.worked(20_000, 2.0));
        assert!((14_000..16_000).contains(&pacer.slice()), "{}", pacer.slice());
        (0..3).for_each(|_| pacer.worked(2_000, 2.0));
        assert!(pacer.slice() < 3_000, "it slows down at once: {}", pacer.slice());
    }

    #[test]
    fn rounds_grow_while_they_are_short() {
        let mut pacer = Pacer::default();
        (0..4).for_each(|_| pacer.round_done(0.5, false));
        assert_eq!(pacer.goal(SimTime::ZERO, Speed::Max, 0.0).nanos(), 16_000_000);
        pacer.round_done(20.0, false);
        assert_eq!(pacer.goal(SimTime::ZERO, Speed::Max, 0.0).nanos(), 8_000_000);
        (0..200).for_each(|_| pacer.round_done(0.0, false));
        (0..200).for_each(|_| pacer.round_done(0.0, true));
        assert_eq!(pacer.goal(SimTime::ZERO, Speed::Max, 0.0).nanos(), 1);
    }

    #[test]
    fn lateness_is_said() {
        let mut pacer = Pacer::default();
        (0..200).for_each(|_| pacer.frame_done(SimSpan::from_secs(1), 10.0, false));
        let factor = pacer.late_factor().expect("it is late");
        assert!((99.0..101.0).contains(&factor), "{factor}");
        pacer.frame_done(SimSpan::from_secs(1), 10.0, true);
        assert_eq!(pacer.late_factor(), None);
    }
}
