//! Numbers in the form of the reader's language: units of time in Chinese
//! characters, percentages as each language sets them. Digits are grouped by
//! three in all of them, and the clock is the same everywhere.

use super::format;
use super::texts::{Key, Language};
use mqlab_engine::Value;
use mqlab_kernel::SimSpan;

const SECOND: f64 = 1e9;

/// Units of time with their lengths in nanoseconds, longest first.
const UNITS: [(f64, Key); 7] = [
    (86_400.0 * SECOND, Key::UnitDay),
    (3_600.0 * SECOND, Key::UnitHour),
    (60.0 * SECOND, Key::UnitMinute),
    (SECOND, Key::UnitSecond),
    (1e6, Key::UnitMilli),
    (1e3, Key::UnitMicro),
    (1.0, Key::UnitNano),
];

/// A count with its digits grouped: `10,800,000`.
pub fn count(count: u64) -> String {
    format::count(count)
}

/// Things per second: `5,000/s`, `5,000/秒`.
pub fn rate(per_second: f64, language: Language) -> String {
    format!("{}/{}", format::number(per_second), language.text(Key::UnitSecond))
}

/// A share of 1 as a percentage: `83 %`, `83%`.
pub fn share(share: f64, language: Language) -> String {
    let number = format::number((share * 1000.0).round() / 10.0);
    match language {
        Language::English => format!("{number} %"),
        Language::Simplified | Language::Traditional => format!("{number}%"),
    }
}

/// A length of time with two or three telling digits: `36 min`, `1.5 小时`.
pub fn span(nanos: f64, language: Language) -> String {
    if nanos <= 0.0 || nanos.is_nan() {
        return format!("0 {}", language.text(Key::UnitSecond));
    }
    // Days are for runs of many days; a wait of 30 hours is said in hours.
    let fits = |(size, key): &&(f64, Key)| {
        nanos
            >= if *key == Key::UnitDay {
                2.0 * size
            } else {
                0.9995 * size
            }
    };
    let (size, unit) = UNITS.iter().find(fits).unwrap_or(&UNITS[UNITS.len() - 1]);
    format!("{} {}", format::three_digits(nanos / size), language.text(*unit))
}

/// A length of time, exact: `1 h 30 min`, `4 小时 45 分 40 秒`.
pub fn exact_span(span: SimSpan, language: Language) -> String {
    // The engine's own notation is exact and has one letter or two per unit.
    let written = span.to_string();
    let mut parts = Vec::new();
    let mut rest = written.as_str();
    while !rest.is_empty() {
        let number = rest.find(char::is_alphabetic).unwrap_or(rest.len());
        let (digits, after) = rest.split_at(number);
        let end = after
            .find(|letter: char| letter.is_ascii_digit())
            .unwrap_or(after.len());
        let (unit, next) = after.split_at(end);
        parts.push(format!("{digits} {}", unit_word(unit, language)));
        rest = next;
    }
    parts.join(" ")
}

fn unit_word(unit: &str, language: Language) -> &'static str {
    language.text(match unit {
        "d" => Key::UnitDay,
        "h" => Key::UnitHour,
        "m" => Key::UnitMinute,
        "s" => Key::UnitSecond,
        "ms" => Key::UnitMilli,
        "us" => Key::UnitMicro,
        _ => Key::UnitNano,
    })
}

/// The word for a unit of this length, if there is one.
pub fn unit(length: SimSpan, language: Language) -> Option<&'static str> {
    let is_it = |(size, _): &&(f64, Key)| (length.nanos() as f64 - size).abs() < 0.5;
    UNITS.iter().find(is_it).map(|(_, key)| language.text(*key))
}

/// A metric's value, exact: counts grouped, times to the nanosecond.
pub fn value(value: Value, language: Language) -> String {
    match value {
        Value::Count(number) => count(number),
        Value::Never => language.text(Key::ValueNever).to_owned(),
        Value::Span(span) => exact_span(span, language),
        Value::Time(at) => at.to_string(),
        Value::Ratio(ratio) => share(ratio, language),
        Value::PerSecond(per_second) => rate(per_second, language),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{English, Simplified, Traditional};

    #[test]
    fn lengths_of_time_are_said_in_the_readers_units() {
        let all = [36.0 * 60e9, 5_400e9, 953e6, 2.5e3, 450.0, 604_800e9, 0.0];
        let english = all.map(|nanos| span(nanos, English));
        assert_eq!(
            english,
            ["36 min", "1.5 h", "953 ms", "2.5 \u{b5}s", "450 ns", "7 d", "0 s"]
        );
        let simplified = all.map(|nanos| span(nanos, Simplified));
        assert_eq!(
            simplified,
            ["36 分", "1.5 小时", "953 毫秒", "2.5 微秒", "450 纳秒", "7 天", "0 秒"]
        );
        assert_eq!(span(5_400e9, Traditional), "1.5 小時");
        assert_eq!(
            [108_000e9, 999_999_999.0].map(|nanos| span(nanos, English)),
            ["30 h", "1 s"]
        );
    }

    #[test]
    fn exact_spans_name_every_unit() {
        let exact = |text: &str, language| exact_span(SimSpan::parse(text).expect("a span"), language);
        assert_eq!(exact("4h45m40s", English), "4 h 45 min 40 s");
        assert_eq!(exact("4h45m40s", Simplified), "4 小时 45 分 40 秒");
        assert_eq!(exact("5400s", Traditional), "1 小時 30 分");
        assert_eq!(exact("0.5ms", Simplified), "0.5 毫秒");
        assert_eq!(exact("0s", English), "0 s");
    }

    #[test]
    fn values_are_local() {
        assert_eq!(value(Value::Count(10_800_000), Simplified), "10,800,000");
        assert_eq!(value(Value::Never, Traditional), "從未");
        assert_eq!(share(0.835, English), "83.5 %");
        assert_eq!(share(0.835, Simplified), "83.5%");
        assert_eq!(rate(5_000.0, Simplified), "5,000/秒");
        assert_eq!(unit(SimSpan::from_millis(1), Traditional), Some("毫秒"));
        assert_eq!(unit(SimSpan::from_millis(7), English), None);
    }
}
