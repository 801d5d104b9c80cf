//! Scales, ticks and labels of the charts.

use super::texts::Language;
use mqlab_engine::{Column, Series};
use mqlab_kernel::{SimTime, sort_by};

/// The smallest round number that is not below `value`: a scale that changes
/// seldom and can be read.
pub fn nice_ceiling(value: f64) -> f64 {
    const STEPS: [f64; 11] = [1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    if value.is_nan() || value <= 0.0 {
        return 1.0;
    }
    let power = mqlab_kernel::pow(10.0, value.log10().floor());
    let found = STEPS
        .iter()
        .map(|step| step * power)
        .find(|step| *step >= value * 0.999_999);
    found.unwrap_or(10.0 * power)
}

/// The same for a length of time: whole seconds, minutes and hours where it is
/// that long.
pub fn nice_span(nanos: f64) -> f64 {
    const SECONDS: [f64; 18] = [
        1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0, 5400.0, 7200.0, 14_400.0,
        21_600.0, 43_200.0,
    ];
    if nanos <= 0.5e9 {
        return nice_ceiling(nanos);
    }
    let found = SECONDS.iter().map(|seconds| seconds * 1e9).find(|step| *step >= nanos);
    found.unwrap_or_else(|| nice_ceiling(nanos / 86_400e9) * 86_400e9)
}

/// Ticks of a time axis: at most `most`, at readable steps; and after how many
/// of them one is stronger.
pub fn time_ticks(until: SimTime, most: usize) -> (Vec<SimTime>, usize) {
    let (step, group) = time_step(until, most);
    let ticks = (0..=until.nanos() / step)
        .map(|index| SimTime::from_nanos(index * step))
        .collect();
    (ticks, group)
}

/// A readable step that leads to `until` within `most` of them, in
/// nanoseconds; and how many of them make a stronger line.
pub fn time_step(until: SimTime, most: usize) -> (u64, usize) {
    // Step and how many of them make a stronger line.
    const LONG: [(u64, usize); 17] = [
        (1, 5),
        (2, 5),
        (5, 6),
        (10, 6),
        (15, 4),
        (30, 4),
        (60, 5),
        (120, 5),
        (300, 6),
        (600, 6),
        (900, 4),
        (1800, 4),
        (3600, 3),
        (7200, 3),
        (14_400, 3),
        (21_600, 2),
        (86_400, 7),
    ];
    let nanos = until.nanos();
    let needed = nanos.div_ceil(most.max(1) as u64).max(1);
    let long = LONG.iter().map(|(step, group)| (step * 1_000_000_000, *group));
    let chosen = if needed > 500_000_000 {
        long.into_iter().find(|(step, _)| *step >= needed)
    } else {
        let powers = (0..9).map(|power| 10u64.pow(power));
        let steps = powers.flat_map(|power| [(power, 5), (2 * power, 5), (5 * power, 2)]);
        steps.into_iter().find(|(step, _)| *step >= needed)
    };
    chosen.unwrap_or((needed.div_ceil(86_400_000_000_000) * 86_400_000_000_000, 7))
}

/// How a tick is written: `12:00` where ticks are minutes apart, finer below.
pub fn tick_label(at: SimTime, step_ns: u64, language: Language) -> String {
    let seconds = at.second();
    if step_ns >= 60_000_000_000 {
        return format!("{:02}:{:02}", seconds / 3600, seconds / 60 % 60);
    }
    if step_ns >= 1_000_000_000 {
        let (whole, _) = super::format::clock(at, 0);
        return if seconds < 3600 { whole[3..].to_owned() } else { whole };
    }
    if at == SimTime::ZERO {
        return "0".to_owned();
    }
    super::local::span(at.nanos() as f64, language)
}

/// What a chart shows of a column: a level as it is, a total as its rate.
pub fn values(column: &Column, series: &Series) -> Vec<f64> {
    if !column.kind.is_total() {
        return column.values.iter().map(|value| *value as f64).collect();
    }
    let step = series.step().as_secs_f64();
    let mut before = 0;
    let rate = |value: &u64| {
        let grown = value.saturating_sub(before);
        before = *value;
        grown as f64 / step
    };
    column.values.iter().map(rate).collect()
}

/// Moves labels apart that would stand on each other: each at least `gap`
/// from the next and all within `low..=high`, as near as that allows to where
/// they want to be. The order stays.
pub fn spread(wanted: &[f64], gap: f64, (low, high): (f64, f64)) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    sort_by(&mut order, |a, b| wanted[*a].total_cmp(&wanted[*b]).then(a.cmp(b)));
    let mut placed = vec![0.0; wanted.len()];
    let mut last = f64::NEG_INFINITY;
    for index in &order {
        let at = wanted[*index].max(last + gap).max(low);
        placed[*index] = at;
        last = at;
    }
    // Whatever was pushed out at the end comes back and pushes the others.
    let mut next = high + gap;
    for index in order.iter().rev() {
        let at = placed[*index].min(next - gap);
        placed[*index] = at;
        next = at;
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> SimTime {
        SimTime::from_nanos(seconds * 1_000_000_000)
    }

    #[test]
    fn scales_end_at_round_numbers() {
        let all = [0.0, 1.0, 7.0, 10_800_000.0, 5_000.0, 0.03].map(nice_ceiling);
        assert_eq!(all[..5], [1.0, 1.0, 8.0, 12_000_000.0, 5_000.0]);
        assert!((all[5] - 0.03).abs() < 1e-9);
    }

    #[test]
    fn spans_end_at_whole_minutes_and_hours() {
        let all = [0.0, 2e6, 0.7e9, 3_258e9, 5_400e9, 100_000e9].map(nice_span);
        assert_eq!(all, [1.0, 2e6, 1e9, 3_600e9, 5_400e9, 1.2 * 86_400e9]);
    }

    #[test]
    fn a_day_has_a_tick_every_two_hours() {
        let (ticks, group) = time_ticks(seconds(86_400), 12);
        assert_eq!((ticks.len(), group), (13, 3));
        assert_eq!(tick_label(ticks[6], 7_200_000_000_000, Language::English), "12:00");
    }

    #[test]
    fn short_runs_have_fine_ticks() {
        let (ticks, _) = time_ticks(seconds(10), 10);
        assert_eq!(tick_label(ticks[3], 1_000_000_000, Language::English), "00:03");
        let (ticks, _) = time_ticks(SimTime::from_nanos(1_000_000_000), 10);
        assert_eq!(tick_label(ticks[1], ticks[1].nanos(), Language::English), "100 ms");
        for nanos in [1, 999, 123_456_789, SimTime::MAX.nanos()] {
            let (ticks, _) = time_ticks(SimTime::from_nanos(nanos), 12);
            assert!(!ticks.is_empty() && ticks.len() <= 13, "{nanos}: {}", ticks.len());
        }
    }

    #[test]
    fn labels_keep_their_distance_and_their_order() {
        let placed = spread(&[50.0, 52.0, 10.0], 14.0, (0.0, 60.0));
        assert_eq!(placed, [46.0, 60.0, 10.0]);
        assert_eq!(spread(&[5.0, 5.0], 10.0, (0.0, 100.0)), [5.0, 15.0]);
        assert!(spread(&[], 1.0, (0.0, 1.0)).is_empty());
    }
}
