//! Settings as controls: the values that a slider steps through, around the
//! one that is planned.

use mqlab_kernel::{Bytes, Dist, Rate, SimSpan, sort_by};
use mqlab_model::Skew;
use mqlab_scenario::{LiveSetting, ValueKind, quoted};

/// The figures of a decade that a slider stops at.
const SERIES: [f64; 6] = [1.0, 1.5, 2.0, 3.0, 5.0, 7.0];
/// How far a slider goes from the planned value, in both directions.
const REACH: f64 = 100.0;

/// What a value is a number of.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Quantity {
    /// Things, from the least to the most there can be.
    Count(u64, u64),
    /// Things per second.
    PerSecond,
    /// Nanoseconds.
    Span,
    /// Nanoseconds on average, at random.
    Exponential,
    /// Bytes.
    Size,
    /// Bytes per second.
    Bandwidth,
    /// Nanoseconds, ahead or behind.
    Offset,
    /// Millionths, too fast or too slow.
    Drift,
}

/// How a setting is changed.
#[derive(Clone, PartialEq, Debug)]
pub enum Control {
    /// On or off.
    Flag,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Some of these words, each with whether it is one of them.
    Many(Vec<(String, bool)>),
    /// A text, with a slider where it is a number of something.
    Text(Option<Slider>),
}

/// A slider: the values that it stops at, in order.
#[derive(Clone, PartialEq, Debug)]
pub struct Slider {
    /// The values, as they are written.
    pub stops: Vec<String>,
    /// Where the present value stands, or what is nearest to it.
    pub position: usize,
}

/// The control of a setting whose value is `present` now.
pub fn control(setting: &LiveSetting, present: Option<&str>) -> Control {
    match setting.kind {
        _ if !setting.choices.is_empty() => Control::Many(many(&setting.choices, present.unwrap_or_default())),
        ValueKind::Flag => Control::Flag,
        ValueKind::Choice(words) => Control::Choice(words),
        kind => Control::Text(slider(kind, setting.planned.as_deref(), present)),
    }
}

fn many(choices: &[String], present: &str) -> Vec<(String, bool)> {
    let choices = choices.iter();
    choices
        .map(|word| (word.clone(), present.contains(&format!("\"{word}\""))))
        .collect()
}

/// The list of words that are chosen once this one is or is not, as it is written in TOML.
pub fn with_choice(all: &[(String, bool)], changed: &str, is_chosen: bool) -> String {
    let chosen = all
        .iter()
        .filter(|(word, was)| if word == changed { is_chosen } else { *was });
    let words: Vec<String> = chosen.map(|(word, _)| format!("\"{word}\"")).collect();
    format!("[{}]", words.join(", "))
}

/// A value without the quotes that TOML has around texts.
pub fn unquoted(value: &str) -> &str {
    let inner = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.unwrap_or(value)
}

/// A value as a field shows it. A text that may have anything in it is shown as it is
/// meant, without the backslashes that TOML wants.
pub fn shown(kind: ValueKind, value: &str) -> String {
    let inner = unquoted(value);
    if kind != ValueKind::Text {
        return inner.to_owned();
    }
    let mut letters = inner.chars();
    let mut text = String::new();
    while let Some(letter) = letters.next() {
        let meant = match letter {
            '\\' => match letters.next() {
                Some('n') => Some('\n'),
                Some('r') => Some('\r'),
                Some('t') => Some('\t'),
                Some('u') => {
                    let digits: String = letters.by_ref().take(4).collect();
                    u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32)
                }
                other => other,
            },
            letter => Some(letter),
        };
        text.extend(meant);
    }
    text
}

/// What somebody typed into a field, as the value of a setting: any text is one, even if
/// it looks like a number.
pub fn typed(kind: ValueKind, value: &str) -> String {
    match kind {
        ValueKind::Text => quoted(value),
        _ => value.to_owned(),
    }
}

fn slider(kind: ValueKind, planned: Option<&str>, present: Option<&str>) -> Option<Slider> {
    let base = number(kind, unquoted(planned.or(present)?))?;
    let now = present.and_then(|present| number(kind, unquoted(present)));
    let (quantity, value) = base;
    let mut values = around(match quantity {
        _ if value != 0.0 => value.abs(),
        Quantity::Offset => 1e9,
        Quantity::Drift => 1e3,
        // From nothing to something that can be seen.
        Quantity::Span => 1e6,
        _ => 1.0,
    });
    if matches!(quantity, Quantity::Offset | Quantity::Drift) {
        let behind: Vec<f64> = values.iter().map(|value| -value).collect();
        values.extend(behind);
        values.push(0.0);
    }
    values.push(value);
    values.extend(now.map(|(_, now)| now));
    if let Quantity::Count(least, most) = quantity {
        values.retain(|value| *value >= least as f64 && *value <= most as f64 && value.fract() == 0.0);
    }
    if quantity == Quantity::Drift {
        let most = f64::from(Skew::DRIFT_MAX);
        values.retain(|value| value.abs() <= most && value.fract() == 0.0);
    }
    sort_by(&mut values, f64::total_cmp);
    let mut stops: Vec<(f64, String)> = values
        .into_iter()
        .map(|value| (value, written(quantity, value)))
        .collect();
    stops.dedup_by(|a, b| a.1 == b.1);
    let wanted = now.map_or(value, |(_, now)| now);
    let distance = |stop: &(f64, String)| (stop.0 - wanted).abs();
    let nearest = stops
        .iter()
        .enumerate()
        .min_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b)));
    let position = nearest.map_or(0, |(index, _)| index);
    Some(Slider {
        stops: stops.into_iter().map(|(_, text)| text).collect(),
        position,
    })
}

/// Round values from a hundredth to a hundred times of one.
fn around(value: f64) -> Vec<f64> {
    let (least, most) = (value / REACH, value * REACH);
    let mut decade = 1e-9;
    let mut values = Vec::new();
    while decade <= most {
        // Multiples of whole numbers stay whole.
        let series = SERIES.iter().map(|figure| {
            if decade < 1.0 {
                figure / (1.0 / decade).round()
            } else {
                figure * decade.round()
            }
        });
        values.extend(series.filter(|value| (least..=most).contains(value)));
        decade *= 10.0;
    }
    values
}

/// What a written value is a number of, and the number.
fn number(kind: ValueKind, text: &str) -> Option<(Quantity, f64)> {
    Some(match kind {
        ValueKind::Integer(least, most) => (Quantity::Count(least, most), text.parse::<u64>().ok()? as f64),
        ValueKind::Workers => (Quantity::Count(1, u64::MAX), text.parse::<u64>().ok()? as f64),
        ValueKind::Rate | ValueKind::Rates => (Quantity::PerSecond, Rate::parse(text)?.per_second_f64()),
        ValueKind::Span => (Quantity::Span, SimSpan::parse(text)?.nanos() as f64),
        ValueKind::Offset => {
            let behind = text.strip_prefix('-');
            let span = SimSpan::parse(behind.unwrap_or(text))?.nanos() as f64;
            (Quantity::Offset, if behind.is_some() { -span } else { span })
        }
        ValueKind::Drift => {
            let drift: i32 = text.strip_suffix("ppm")?.parse().ok()?;
            (Quantity::Drift, f64::from(drift))
        }
        ValueKind::Bytes => (Quantity::Size, Bytes::parse(text)?.0 as f64),
        ValueKind::Bandwidth => (Quantity::Bandwidth, Bytes::parse(text.strip_suffix("/s")?)?.0 as f64),
        ValueKind::Dist => match Dist::parse(text)? {
            Dist::Constant(span) => (Quantity::Span, span.nanos() as f64),
            Dist::Exponential { mean } => (Quantity::Exponential, mean.nanos() as f64),
            _ => return None,
        },
        _ => return None,
    })
}

fn written(quantity: Quantity, value: f64) -> String {
    match quantity {
        Quantity::Count(..) => format!("{value:.0}"),
        Quantity::PerSecond => format!("{}/s", plain(value)),
        Quantity::Span => SimSpan::from_nanos_rounded(value).to_string(),
        Quantity::Offset => {
            let sign = if value < 0.0 { "-" } else { "" };
            format!("{sign}{}", SimSpan::from_nanos_rounded(value.abs()))
        }
        Quantity::Drift => format!("{value:.0}ppm"),
        Quantity::Size => Bytes(value.round() as u64).to_string(),
        Quantity::Bandwidth => format!("{}/s", Bytes(value.round() as u64)),
        Quantity::Exponential => Dist::Exponential {
            mean: SimSpan::from_nanos_rounded(value),
        }
        .to_string(),
    }
}

/// A number with as many decimals as it needs, at most six.
fn plain(value: f64) -> String {
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stops(kind: ValueKind, planned: &str, present: &str) -> Slider {
        slider(kind, Some(planned), Some(present)).expect("it is a number")
    }

    #[test]
    fn a_slider_steps_through_round_values_around_the_plan() {
        let slider = stops(ValueKind::Rate, "\"5000/s\"", "\"5000/s\"");
        assert_eq!(slider.stops[slider.position], "5000/s");
        assert_eq!(slider.stops.first().map(String::as_str), Some("50/s"));
        assert_eq!(slider.stops.last().map(String::as_str), Some("500000/s"));
        assert!(slider.stops.contains(&"15000/s".to_owned()), "{:?}", slider.stops);
        for stop in &slider.stops {
            assert!(Rate::parse(stop).is_some(), "{stop}");
        }
    }

    #[test]
    fn counts_stay_whole_and_within_their_limits() {
        let slider = stops(ValueKind::Workers, "1", "4");
        assert_eq!(slider.stops.first().map(String::as_str), Some("1"));
        assert_eq!(slider.stops[slider.position], "4");
        let slider = stops(ValueKind::Integer(0, 50), "10", "10");
        assert_eq!(slider.stops.last().map(String::as_str), Some("50"));
    }

    #[test]
    fn times_at_random_stay_at_random() {
        let slider = stops(ValueKind::Dist, "\"exp(10ms)\"", "\"exp(10ms)\"");
        assert_eq!(slider.stops[slider.position], "exp(10ms)");
        assert!(
            slider.stops.iter().all(|stop| Dist::parse(stop).is_some()),
            "{:?}",
            slider.stops
        );
        let slider = stops(ValueKind::Dist, "\"0.5ms\"", "\"0s\"");
        assert_eq!(slider.position, 0);
        assert!(
            slider.stops.iter().all(|stop| Dist::parse(stop).is_some()),
            "{:?}",
            slider.stops
        );
    }

    #[test]
    fn a_clock_goes_both_ways() {
        let slider = stops(ValueKind::Offset, "\"0s\"", "\"-2s\"");
        assert_eq!(slider.stops[slider.position], "-2s");
        assert!(slider.stops.contains(&"15s".to_owned()) && slider.stops.contains(&"0s".to_owned()));
        let slider = stops(ValueKind::Drift, "\"0ppm\"", "\"0ppm\"");
        assert_eq!(slider.stops[slider.position], "0ppm");
        assert_eq!(slider.stops.first().map(String::as_str), Some("-100000ppm"));
    }

    #[test]
    fn a_list_is_chosen_word_by_word() {
        let words = ["orders", "order", "shop"].map(str::to_owned);
        let all = many(&words, "[\"orders\", \"shop\"]");
        let expected = [("orders", true), ("order", false), ("shop", true)];
        assert_eq!(all, expected.map(|(word, is)| (word.to_owned(), is)));
        assert_eq!(with_choice(&all, "order", true), "[\"orders\", \"order\", \"shop\"]");
        assert_eq!(with_choice(&all, "orders", false), "[\"shop\"]");
        assert_eq!(with_choice(&all[2..], "shop", false), "[]");
    }

    #[test]
    fn what_is_typed_is_shown_again() {
        for text in ["^a\\.b$", "7", "true", "\"", "a\tb", "\u{7}", "队列"] {
            let value = typed(ValueKind::Text, text);
            assert!(value.starts_with('"'), "{value}");
            assert_eq!(shown(ValueKind::Text, &value), text);
        }
        assert_eq!(typed(ValueKind::Rate, "7/s"), "7/s");
        assert_eq!(shown(ValueKind::Rate, "\"7/s\""), "7/s");
    }

    #[test]
    fn what_is_no_number_has_no_slider() {
        assert_eq!(
            slider(ValueKind::Workers, Some("\"unlimited\""), Some("\"unlimited\"")),
            None
        );
        assert_eq!(slider(ValueKind::Rate, None, None), None);
        assert_eq!(slider(ValueKind::Dist, Some("\"uniform(1ms, 2ms)\""), None), None);
    }
}
