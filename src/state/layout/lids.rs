//! Where the name of a broker stands on the upper line of its frame. Where messages flow
//! from top to bottom ways cross that line, and what moves on them the name.

use super::Layout;

/// From a name to the middle of a way beside it: marks stray from theirs.
const APART: f64 = 16.0;

impl Layout {
    /// Where ways cross the upper line of each frame, from left to right.
    pub(super) fn crossed_lids(&self) -> Vec<Vec<f64>> {
        let lids = self.frames.iter().map(|frame| {
            let top = frame.spot.center.y - frame.spot.height / 2.0;
            let mut crossed: Vec<f64> = self.routes.iter().flat_map(|route| route.crosses(top)).collect();
            mqlab_kernel::sort_by(&mut crossed, f64::total_cmp);
            crossed
        });
        lids.collect()
    }
}

/// Where words of this width begin between two places on a line, so that they keep away
/// from what crosses it (from left to right): as far left as can be. Where there is no
/// such place they begin at the first one.
pub fn clear_of(crossed: impl Iterator<Item = f64>, wide: f64, (begin, end): (f64, f64)) -> f64 {
    let mut from = begin;
    for x in crossed {
        if from + wide + APART <= x {
            break;
        }
        from = from.max(x + APART);
    }
    if from + wide <= end { from } else { begin }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_between_what_crosses_their_line() {
        let place = |crossed: &[f64], wide| clear_of(crossed.iter().copied(), wide, (12.0, 200.0));
        assert_eq!(place(&[], 60.0), 12.0);
        assert_eq!(place(&[100.0], 60.0), 12.0);
        assert_eq!(place(&[80.0], 60.0), 96.0, "it would touch what crosses there");
        assert_eq!(place(&[20.0, 80.0, 190.0], 20.0), 36.0);
        assert_eq!(place(&[20.0, 80.0, 190.0], 60.0), 96.0);
        assert_eq!(place(&[80.0], 150.0), 12.0, "there is no room anywhere");
        assert_eq!(place(&[-50.0], 60.0), 12.0);
    }
}
