//! Where the ticks of an axis stand and what is written at them.

use super::Quantity;
use crate::notation::grouped;
use mqlab_kernel::{SimSpan, SimTime};
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use std::ops::Range;

const SECOND: f64 = 1e9;

/// Steps of a clock that read well, in seconds.
const CLOCK_STEPS: [f64; 20] = [
    1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 10_800.0, 14_400.0,
    21_600.0, 43_200.0, 86_400.0, 172_800.0,
];

/// An axis with ticks that read well as what it counts.
pub(super) struct Axis {
    start: f64,
    end: f64,
    ticks: Vec<f64>,
    label: Label,
}

/// What stands at a tick.
enum Label {
    /// What the number says.
    Of(fn(f64) -> String),
    /// One of these, by the place of the tick.
    Named(Vec<String>),
}

impl Axis {
    /// The axis of simulated time. All panels share it, and one of them names
    /// the instants.
    pub(super) fn of_time(end: f64, is_labelled: bool) -> Self {
        Axis {
            start: 0.0,
            end,
            ticks: ticks(end, 8, true),
            label: Label::Of(if is_labelled { instant } else { |_| String::new() }),
        }
    }

    /// The axis of what was set, with a tick at each value as far as there is
    /// room for them.
    pub(super) fn of_settings(settings: &[(f64, String)], is_labelled: bool) -> Self {
        const TICKS_MAX: usize = 20;
        let every = settings.len().div_ceil(TICKS_MAX).max(1);
        let places = settings.iter().map(|(at, _)| *at);
        let (low, high) = (
            places.clone().fold(f64::INFINITY, f64::min),
            places.clone().fold(f64::NEG_INFINITY, f64::max),
        );
        // A curve of one point stands in the middle.
        let margin = if high > low { (high - low) * 0.03 } else { 1.0 };
        let (ticks, names) = settings.iter().step_by(every).cloned().unzip();
        Axis {
            start: low - margin,
            end: high + margin,
            ticks,
            label: if is_labelled {
                Label::Named(names)
            } else {
                Label::Of(|_| String::new())
            },
        }
    }

    /// The vertical axis of a quantity.
    pub(super) fn of_quantity(end: f64, quantity: Quantity) -> Self {
        let mut ticks = ticks(end, 6, matches!(quantity, Quantity::Span | Quantity::Instant));
        let label: fn(f64) -> String = match quantity {
            Quantity::Count => {
                ticks.retain(|tick| tick.fract() == 0.0);
                number
            }
            Quantity::PerSecond => |tick| number(tick) + "/s",
            Quantity::Span => span,
            Quantity::Instant => instant,
            Quantity::Share => |tick| number(tick * 100.0) + "%",
        };
        Axis {
            start: 0.0,
            end,
            ticks,
            label: Label::Of(label),
        }
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let share = (value - self.start) / (self.end - self.start);
        limit.0 + (f64::from(limit.1 - limit.0) * share).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        // Lines between the labelled ones would only be clutter.
        if hint.weight().allow_light_points() {
            Vec::new()
        } else {
            self.ticks.clone()
        }
    }

    fn range(&self) -> Range<f64> {
        self.start..self.end
    }
}

impl ValueFormatter<f64> for Axis {
    fn format(value: &f64) -> String {
        value.to_string()
    }

    fn format_ext(&self, value: &f64) -> String {
        match &self.label {
            Label::Of(label) => label(*value),
            Label::Named(names) => {
                let at = self.ticks.iter().position(|tick| tick == value);
                at.and_then(|at| names.get(at)).cloned().unwrap_or_default()
            }
        }
    }
}

/// Ticks from 0 to `end`, about `count` of them.
pub(super) fn ticks(end: f64, count: usize, is_time: bool) -> Vec<f64> {
    let least = end / count.max(1) as f64;
    let step = if is_time && least > SECOND / 2.0 {
        let found = CLOCK_STEPS.iter().map(|step| step * SECOND).find(|step| *step >= least);
        found.unwrap_or_else(|| (least / (86_400.0 * SECOND)).ceil() * 86_400.0 * SECOND)
    } else {
        decimal_step(least)
    };
    let mut ticks = Vec::new();
    let mut tick = 0.0;
    while tick <= end && ticks.len() <= 4 * count {
        ticks.push(tick);
        tick += step;
    }
    ticks
}

/// The smallest of 1, 2 and 5 times a power of ten that is no less than
/// `least`.
fn decimal_step(least: f64) -> f64 {
    let mut power = 1e-3;
    while power < 1e18 {
        for factor in [1.0, 2.0, 5.0] {
            if power * factor >= least {
                return power * factor;
            }
        }
        power *= 10.0;
    }
    power
}

/// An instant, as short as it can be.
fn instant(nanos: f64) -> String {
    let nanos = nanos.round().clamp(0.0, SimTime::MAX.nanos() as f64);
    let text = SimTime::from_nanos(nanos as u64).to_string();
    // Whole minutes of a long run need no seconds.
    match text.strip_suffix(":00") {
        Some(short) if nanos >= 60.0 * SECOND || nanos == 0.0 => short.to_owned(),
        _ => text,
    }
}

/// A length of time.
fn span(nanos: f64) -> String {
    let nanos = nanos.round().clamp(0.0, SimSpan::MAX.nanos() as f64);
    SimSpan::from_nanos(nanos as u64).to_string()
}

/// A number with as many decimals as the smallest step between ticks has.
fn number(value: f64) -> String {
    let thousandths = (value * 1000.0).round() as u64;
    let fraction = format!(".{:03}", thousandths % 1000);
    let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
    format!("{}{fraction}", grouped(thousandths / 1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_ticks_at_full_hours() {
        let ticks = ticks(86_400.0 * SECOND, 8, true);
        let texts: Vec<String> = ticks.into_iter().map(instant).collect();
        assert_eq!(
            texts,
            [
                "00:00", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00", "24:00"
            ]
        );
    }

    #[test]
    fn a_second_has_ticks_at_tenths() {
        let ticks = ticks(SECOND, 10, true);
        assert_eq!(instant(ticks[1]), "00:00:00.1");
        assert_eq!(ticks.len(), 11);
    }

    #[test]
    fn values_carry_their_unit() {
        let label = |value, quantity| Axis::of_quantity(1.0, quantity).format_ext(&value);
        assert_eq!(label(10_800_000.0, Quantity::Count), "10,800,000");
        assert_eq!(label(0.25, Quantity::PerSecond), "0.25/s");
        assert_eq!(label(1.5e9, Quantity::Span), "1.5s");
    }

    #[test]
    fn settings_stand_at_their_places_with_their_own_words() {
        let settings: Vec<(f64, String)> = (1..=60).map(|at| (f64::from(at), format!("{at}ms"))).collect();
        let axis = Axis::of_settings(&settings, true);
        assert_eq!(axis.ticks[..3], [1.0, 4.0, 7.0]);
        assert_eq!(axis.format_ext(&4.0), "4ms");
        assert!(axis.start < 1.0 && axis.end > 60.0);
        let one = Axis::of_settings(&settings[..1], true);
        assert_eq!(one.map(&1.0, (0, 100)), 50);
    }

    #[test]
    fn ticks_are_few_whatever_the_range() {
        for end in [0.0, 1e-9, 1.0, 3.7e5, 1e12, 9e15] {
            for is_time in [true, false] {
                assert!(ticks(end, 5, is_time).len() <= 20, "{end}");
            }
        }
    }
}
