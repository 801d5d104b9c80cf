//! From instants to places on the time axis, and back.

use mqlab_kernel::SimTime;

/// From this width on there is room beside the charts.
pub const WIDE: f64 = 700.0;
/// Room left of the time axis, on a wide and on a narrow picture.
const LEFT: (f64, f64) = (104.0, 12.0);
/// Room right of it, where labels of the last curves stand.
const RIGHT: (f64, f64) = (208.0, 12.0);

/// The time axis of a picture.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Axis {
    /// Where it begins.
    pub left: f64,
    /// Where it ends.
    pub right: f64,
    /// The instant at its end.
    pub end: SimTime,
    /// Whether there is room beside it.
    pub is_wide: bool,
}

impl Axis {
    /// The axis of a picture of this width, from the beginning to `end`.
    pub fn new(width: f64, end: SimTime) -> Axis {
        let is_wide = width >= WIDE;
        let side = |(wide, narrow): (f64, f64)| if is_wide { wide } else { narrow };
        Axis {
            left: side(LEFT),
            right: (width - side(RIGHT)).max(side(LEFT) + 1.0),
            end,
            is_wide,
        }
    }

    /// Where an instant is.
    pub fn x(&self, at: SimTime) -> f64 {
        let share = at.nanos() as f64 / self.end.nanos().max(1) as f64;
        self.left + (self.right - self.left) * share.min(1.0)
    }

    /// The instant at a place; the ends of the axis beyond them.
    pub fn instant(&self, x: f64) -> SimTime {
        let share = ((x - self.left) / (self.right - self.left)).clamp(0.0, 1.0);
        SimTime::from_nanos((share * self.end.nanos() as f64) as u64).min(self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back_again() {
        let end = SimTime::from_nanos(86_400_000_000_000);
        for width in [390.0, 1440.0] {
            let axis = Axis::new(width, end);
            for share in [0.0, 0.25, 0.5, 1.0] {
                let at = SimTime::from_nanos((share * end.nanos() as f64) as u64);
                let back = axis.instant(axis.x(at)).nanos() as f64;
                assert!((back - at.nanos() as f64).abs() < 1e6, "{width}: {share}");
            }
            assert_eq!(axis.instant(-5.0), SimTime::ZERO);
            assert_eq!(axis.instant(9999.0), end);
        }
    }

    #[test]
    fn an_axis_without_room_is_still_one() {
        let axis = Axis::new(0.0, SimTime::ZERO);
        assert!(axis.right > axis.left && axis.x(SimTime::ZERO).is_finite());
        assert_eq!(axis.instant(50.0), SimTime::ZERO);
    }
}
