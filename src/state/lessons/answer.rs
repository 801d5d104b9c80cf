//! Reading what people type as an answer, in any of the page's languages:
//! `10,800,000`, `1080万`, `36 min`, `1小时30分`, `14:32`, `下午2点32分`, `90 %`.

mod number;

use crate::state::letters;
use mqlab_engine::Value;
use mqlab_kernel::{SimSpan, SimTime};
use mqlab_scenario::{AnswerKind, Prediction};
use number::{Number, take_number};

/// Why an answer cannot be read: what is said to the person.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unreadable {
    /// Nothing is there.
    Empty,
    /// A number of things is wanted.
    Count,
    /// A length of time is wanted.
    Span,
    /// It is a number, but of what?
    Unit,
    /// A clock time is wanted.
    Clock,
    /// A percentage is wanted.
    Share,
}

/// Units of time as people write them; of those that begin alike the longest
/// first.
const UNITS: [(&str, u64); 48] = [
    ("nanoseconds", 1),
    ("nanosecond", 1),
    ("microseconds", 1_000),
    ("microsecond", 1_000),
    ("milliseconds", 1_000_000),
    ("millisecond", 1_000_000),
    ("msec", 1_000_000),
    ("seconds", SECOND),
    ("second", SECOND),
    ("secs", SECOND),
    ("sec", SECOND),
    ("minutes", MINUTE),
    ("minute", MINUTE),
    ("mins", MINUTE),
    ("min", MINUTE),
    ("hours", HOUR),
    ("hour", HOUR),
    ("hrs", HOUR),
    ("hr", HOUR),
    ("days", DAY),
    ("day", DAY),
    ("ns", 1),
    ("us", 1_000),
    ("\u{b5}s", 1_000),
    ("\u{3bc}s", 1_000),
    ("ms", 1_000_000),
    ("s", SECOND),
    ("m", MINUTE),
    ("h", HOUR),
    ("d", DAY),
    ("纳秒", 1),
    ("奈秒", 1),
    ("微秒", 1_000),
    ("毫秒", 1_000_000),
    ("秒钟", SECOND),
    ("秒鐘", SECOND),
    ("秒", SECOND),
    ("分钟", MINUTE),
    ("分鐘", MINUTE),
    ("分", MINUTE),
    ("个小时", HOUR),
    ("個小時", HOUR),
    ("小时", HOUR),
    ("小時", HOUR),
    ("时", HOUR),
    ("時", HOUR),
    ("天", DAY),
    ("日", DAY),
];

const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// How people say that it will not happen.
const NEVER: [&str; 9] = [
    "never",
    "从不",
    "從不",
    "永不",
    "从未",
    "從未",
    "不会",
    "不會",
    "never again",
];

/// Longer than any answer.
const CHARS_MAX: usize = 60;

/// Reads what was typed as an answer to the prediction.
pub fn read(text: &str, prediction: &Prediction) -> Result<Value, Unreadable> {
    let text = plain(text);
    if text.is_empty() {
        return Err(Unreadable::Empty);
    }
    let too_long = text.chars().nth(CHARS_MAX).is_some();
    let text = if too_long { "" } else { text.as_str() };
    match prediction.kind {
        AnswerKind::Count => count(text).map(Value::Count).ok_or(Unreadable::Count),
        AnswerKind::Share => share(text).map(Value::Ratio).ok_or(Unreadable::Share),
        AnswerKind::Span => match (span(text, prediction.unit), take_number(text)) {
            (Some(span), _) => Ok(Value::Span(span)),
            (None, Some((_, ""))) => Err(Unreadable::Unit),
            (None, _) => Err(Unreadable::Span),
        },
        AnswerKind::Clock if NEVER.contains(&text) => Ok(Value::Never),
        AnswerKind::Clock => {
            let since = || prediction.since.checked_add(span(text, None)?);
            clock(text).or_else(since).map(Value::Time).ok_or(Unreadable::Clock)
        }
    }
}

/// Without what does not matter: wide characters, capitals, "about", a full
/// stop.
fn plain(text: &str) -> String {
    const BEFORE: [&str; 11] = [
        "~", "\u{2248}", "about ", "at ", "ca. ", "+", "大约", "大約", "大概", "约", "約",
    ];
    const BEHIND: [&str; 3] = ["左右", "。", "."];
    let text = letters::small(&letters::narrow(text));
    let mut text = text.trim();
    while let Some(rest) = BEFORE.iter().find_map(|word| text.strip_prefix(word)) {
        text = rest.trim_start();
    }
    while let Some(rest) = BEHIND.iter().find_map(|word| text.strip_suffix(word)) {
        text = rest.trim_end();
    }
    text.to_owned()
}

/// A whole number of things, with or without a word for them.
fn count(text: &str) -> Option<u64> {
    let (number, rest) = take_number(text)?;
    let (times, rest) = number::take_multiple(rest);
    let is_word = rest.chars().all(char::is_alphabetic);
    let is_other = UNITS.iter().any(|(unit, _)| *unit == rest);
    if !is_word || is_other {
        return None;
    }
    number.times(times)
}

/// A share of 1: `90 %`, `0.9`, and `90` because nobody means ninety wholes.
fn share(text: &str) -> Option<f64> {
    let text = text
        .strip_prefix("百分之")
        .map_or_else(|| text.to_owned(), |rest| format!("{rest}%"));
    let (number, rest) = take_number(&text)?;
    let value = number.value();
    match rest {
        "%" | "percent" | "per cent" => Some(value / 100.0),
        "" if value > 1.0 => Some(value / 100.0),
        "" => Some(value),
        _ => None,
    }
}

/// A length of time: numbers with a unit each, `1:30:00`, or a bare number if
/// the question names the unit.
fn span(text: &str, bare: Option<SimSpan>) -> Option<SimSpan> {
    if text.matches(':').count() == 2 {
        return SimTime::parse_clock(text).map(|at| at.since(SimTime::ZERO));
    }
    let mut rest = text;
    let mut total: u64 = 0;
    loop {
        let (number, after) = take_number(rest)?;
        if after.is_empty() && rest == text {
            return SimSpan::checked_from_nanos(number.times(bare?.nanos())?);
        }
        let (name, nanos) = UNITS.iter().find(|(name, _)| {
            let ends = after.strip_prefix(name).map(|next| next.chars().next());
            // `m` is no unit of `month`.
            ends.is_some_and(|next| !next.is_some_and(|letter| letter.is_ascii_alphabetic()) || !name.is_ascii())
        })?;
        total = total.checked_add(number.times(*nanos)?)?;
        let joined = after[name.len()..].trim_start_matches([' ', ',']);
        rest = joined.strip_prefix("and ").unwrap_or(joined);
        if rest.is_empty() {
            return SimSpan::checked_from_nanos(total);
        }
    }
}

/// A clock time: `14:32:18.462`, `2:32 pm`, `14点32分`, `下午2:32`.
fn clock(text: &str) -> Option<SimTime> {
    const AFTERNOON: [&str; 4] = ["下午", "晚上", "傍晚", "中午"];
    const MORNING: [&str; 4] = ["上午", "早上", "凌晨", "清晨"];
    let half = |text: &str, words: &[&str]| {
        let found = words.iter().find_map(|word| text.strip_prefix(word));
        found.map(|rest| rest.trim_start().to_owned())
    };
    if let Some(rest) = half(text, &MORNING).or_else(|| text.strip_suffix("am").map(str::to_owned)) {
        return twelve_hours(&rest, 0);
    }
    if let Some(rest) = half(text, &AFTERNOON).or_else(|| text.strip_suffix("pm").map(str::to_owned)) {
        return twelve_hours(&rest, 12);
    }
    SimTime::parse_clock(text).or_else(|| chinese_clock(text))
}

/// A clock time of one half of the day.
fn twelve_hours(text: &str, first: u64) -> Option<SimTime> {
    let text = text.trim();
    let at = SimTime::parse_clock(text)
        .or_else(|| chinese_clock(text))
        .or_else(|| SimTime::parse_clock(&format!("{text}:00")))?;
    let hours = at.second() / 3600;
    let within = at.nanos() % HOUR;
    (hours <= 12).then(|| SimTime::from_nanos((hours % 12 + first) * HOUR + within))
}

/// `14点32分18秒`, `14點半` is `14:30`.
fn chinese_clock(text: &str) -> Option<SimTime> {
    let (hours, rest) = take_number(text)?;
    let rest = ["点钟", "點鐘", "点", "點", "时", "時"]
        .iter()
        .find_map(|word| rest.strip_prefix(word))?;
    let rest = rest.trim_start_matches(['整', ' ']);
    let mut nanos = hours.times(HOUR)?;
    if rest == "半" {
        nanos = nanos.checked_add(30 * MINUTE)?;
    } else if !rest.is_empty() {
        let minutes: Option<(Number, &str)> = take_number(rest);
        let is_bare = minutes.is_some_and(|(_, rest)| rest.is_empty());
        let behind = if is_bare {
            minutes?.0.times(MINUTE)?
        } else {
            span(rest, None)?.nanos()
        };
        if behind >= HOUR {
            return None;
        }
        nanos = nanos.checked_add(behind)?;
    }
    (nanos <= SimTime::MAX.nanos()).then(|| SimTime::from_nanos(nanos))
}
