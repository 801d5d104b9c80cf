//! Values of the language: each reader takes a tree and gives the value or
//! says what is wrong with it.

use crate::diagnostic::Advice;
use crate::keys::ValueKind;
use crate::limits::{CSV_LINES_MAX, KEY_BYTES_MAX, NAME_CHARS_MAX, SEGMENTS_MAX, WORKERS_MAX};
use crate::phrase::{Phrase, Text, text};
use crate::suggest::{did_you_mean, shown};
use crate::tree::{Item, Tree};
use mqlab_brokers::parts::{Headers, Value};
use mqlab_engine::plan::{Burst, FailPlan, Segment, Workers};
use mqlab_kernel::{Bytes, Dist, Rate, SimSpan, SimTime, Sizes};
use mqlab_model::Skew;
use regex_lite::Regex;
use std::ops::Range;

/// Why a value cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Problem {
    pub(crate) code: &'static str,
    pub(crate) span: Range<usize>,
    pub(crate) message: Text,
    pub(crate) help: Option<Advice>,
}

/// A value, or why there is none. In a box, because most values are small.
pub(crate) type Read<T> = Result<T, Box<Problem>>;

fn problem<T>(code: &'static str, tree: &Tree, message: impl Into<Text>) -> Read<T> {
    Err(Box::new(Problem {
        code,
        span: tree.span.clone(),
        message: message.into(),
        help: None,
    }))
}

fn wrong_type<T>(tree: &Tree, expected: impl Into<Text>) -> Read<T> {
    problem("wrong-type", tree, text!(ExpectedFound, expected.into(), tree.what()))
}

fn text(tree: &Tree, expected: Phrase) -> Read<&str> {
    match &tree.item {
        Item::Text(text) => Ok(text),
        Item::Integer(_) | Item::Float | Item::DateTime => {
            let mut wrong = wrong_type(tree, expected);
            if let Err(problem) = &mut wrong {
                problem.help = Some(Phrase::WriteInQuotes.into());
            }
            wrong
        }
        _ => wrong_type(tree, expected),
    }
}

/// A text read by `parse`, or a message that says what it looks like instead.
fn scalar<T>(tree: &Tree, expected: Phrase, parse: impl Fn(&str) -> Option<T>) -> Read<T> {
    let text = text(tree, expected)?;
    match parse(text) {
        Some(value) => Ok(value),
        None => problem(
            "bad-value",
            tree,
            match looks_like(text) {
                Some(other) => text!(LooksLike, shown(text), other, expected),
                None if text.contains(char::is_whitespace) => {
                    text!(HasSpaces, shown(text), expected)
                }
                None => text!(IsNot, shown(text), expected),
            },
        ),
    }
}

/// What a text that was refused is instead, if it is anything.
fn looks_like(text: &str) -> Option<Phrase> {
    if SimSpan::parse(text).is_some() {
        Some(Phrase::ASpan)
    } else if SimTime::parse_clock(text).is_some() {
        Some(Phrase::AClockTime)
    } else if Rate::parse(text).is_some() {
        Some(Phrase::ARate)
    } else if !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'_')
    {
        Some(Phrase::ANumberWithoutUnit)
    } else if Bytes::parse(text).is_some() {
        Some(Phrase::ANumberOfBytes)
    } else if Dist::parse(text).is_some() {
        Some(Phrase::ADistribution)
    } else {
        None
    }
}

const SPAN: Phrase = Phrase::SpanForm;
const OFFSET: Phrase = Phrase::OffsetForm;
const DRIFT: Phrase = Phrase::DriftForm;
const TIME: Phrase = Phrase::TimeForm;
const RATE: Phrase = Phrase::RateForm;
const SIZES: Phrase = Phrase::SizesForm;
const DIST: Phrase = Phrase::DistForm;

/// A length of time.
pub(crate) fn span(tree: &Tree) -> Read<SimSpan> {
    scalar(tree, SPAN, SimSpan::parse)
}

/// How long a message may wait in a queue: AMQP counts it in milliseconds.
pub(crate) fn expiration(tree: &Tree) -> Read<SimSpan> {
    let span = span(tree)?;
    if !span.nanos().is_multiple_of(1_000_000) {
        return problem("bad-value", tree, Phrase::WholeMilliseconds);
    }
    Ok(span)
}

/// A value that is what it should be, but nobody may have it now.
pub(crate) fn refused<T>(tree: &Tree, why: Phrase) -> Read<T> {
    problem("bad-setting", tree, why)
}

/// By how much a clock is ahead, in nanoseconds.
pub(crate) fn offset(tree: &Tree) -> Read<i64> {
    scalar(tree, OFFSET, |text| {
        let (text, sign) = text.strip_prefix('-').map_or((text, 1), |rest| (rest, -1));
        Some(SimSpan::parse(text)?.nanos().cast_signed() * sign)
    })
}

/// The same as it is written.
pub(crate) fn offset_text(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    format!(
        "{sign}{}",
        SimSpan::from_nanos(nanos.unsigned_abs().min(SimSpan::MAX.nanos()))
    )
}

/// By how many millionths a clock goes too fast.
pub(crate) fn drift(tree: &Tree) -> Read<i32> {
    let drift = scalar(tree, DRIFT, |text| {
        let number = text.strip_suffix("ppm")?;
        let digits = number.strip_prefix('-').unwrap_or(number);
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| number.parse::<i64>().unwrap_or(i64::MAX))
    })?;
    let most = Skew::DRIFT_MAX;
    match i32::try_from(drift) {
        Ok(drift) if drift.abs() <= most => Ok(drift),
        _ => problem("out-of-range", tree, text!(DriftsAtMost, most)),
    }
}

/// An instant.
pub(crate) fn time(tree: &Tree) -> Read<SimTime> {
    scalar(tree, TIME, parse_time)
}

/// An instant as it is written in the language: a clock time such as
/// `12:00:00.4`, or the time since the start such as `350ms`.
pub fn parse_time(text: &str) -> Option<SimTime> {
    SimTime::parse_clock(text).or_else(|| SimTime::ZERO.checked_add(SimSpan::parse(text)?))
}

/// A rate above zero.
pub(crate) fn rate(tree: &Tree) -> Read<Rate> {
    let rate = rate_or_zero(tree)?;
    if rate.is_zero() {
        return problem("bad-value", tree, Phrase::RateAboveZero).map_err(|mut found: Box<Problem>| {
            found.help = Some(Phrase::PauseIsSegment.into());
            found
        });
    }
    Ok(rate)
}

/// A rate, which may be zero.
pub(crate) fn rate_or_zero(tree: &Tree) -> Read<Rate> {
    scalar(tree, RATE, Rate::parse)
}

/// A distribution of spans.
pub(crate) fn dist(tree: &Tree) -> Read<Dist> {
    scalar(tree, DIST, Dist::parse)
}

/// A whole number in a range.
pub(crate) fn integer(tree: &Tree, least: u64, most: u64) -> Read<u64> {
    let Item::Integer(number) = tree.item else {
        return wrong_type(tree, Phrase::WholeNumberForm);
    };
    match u64::try_from(number) {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        _ => problem("out-of-range", tree, text!(NotBetween, number, least, most)),
    }
}

/// The name of something.
pub(crate) fn name(tree: &Tree) -> Read<&str> {
    text(tree, Phrase::ANameInQuotes)
}

/// A pattern of names.
pub(crate) fn pattern(tree: &Tree) -> Read<Regex> {
    let pattern = text(tree, Phrase::ATextInQuotes)?;
    crate::build::read_pattern(pattern).or_else(|why| {
        let found = problem("bad-value", tree, text!(PatternUnknown, pattern, why));
        found.map_err(|mut found: Box<Problem>| {
            found.help = Some(Phrase::PatternForExample.into());
            found
        })
    })
}

/// A routing key, as AMQP can carry one.
pub(crate) fn key(tree: &Tree) -> Read<&str> {
    let key = text(tree, Phrase::ATextInQuotes)?;
    if key.len() > KEY_BYTES_MAX {
        return problem("limit", tree, text!(KeyTooLong, KEY_BYTES_MAX));
    }
    Ok(key)
}

/// Nothing that fits has that name.
pub(crate) fn unknown_name(tree: &Tree, message: Text, help: Option<Advice>) -> Box<Problem> {
    Box::new(Problem {
        code: "unknown-name",
        span: tree.span.clone(),
        message,
        help,
    })
}

/// `true` or `false`.
pub(crate) fn flag(tree: &Tree) -> Read<bool> {
    match tree.item {
        Item::Bool(flag) => Ok(flag),
        _ => wrong_type(tree, Phrase::FlagForm),
    }
}

/// One of some words.
pub(crate) fn choice(tree: &Tree, words: &'static [&'static str]) -> Read<&'static str> {
    let list = words.iter().map(|word| Text::code(format!("\"{word}\"")));
    let list = Text::joined(Phrase::Either, list);
    let Some(text) = tree.text() else {
        return wrong_type(tree, list);
    };
    if let Some(word) = words.iter().find(|word| **word == text) {
        return Ok(word);
    }
    problem("bad-value", tree, text!(ExpectedWord, list, shown(text))).map_err(|mut found: Box<Problem>| {
        found.help = did_you_mean(text, words.iter().copied());
        found
    })
}

/// Some names or texts: a list.
pub(crate) fn texts(tree: &Tree) -> Read<Vec<(&str, &Range<usize>)>> {
    let Some(list) = tree.list() else {
        return wrong_type(tree, Phrase::TextsForm);
    };
    list.iter()
        .map(|element| Ok((text(element, Phrase::ATextInQuotes)?, &element.span)))
        .collect()
}

/// One name or a list of names.
pub(crate) fn names(tree: &Tree) -> Read<Vec<(&str, &Range<usize>)>> {
    match &tree.item {
        Item::Text(name) => Ok(vec![(name, &tree.span)]),
        Item::List(_) => texts(tree),
        _ => wrong_type(tree, Phrase::NamesForm),
    }
}

/// The two ends of a connection.
pub(crate) fn ends(tree: &Tree) -> Read<[(&str, &Range<usize>); 2]> {
    match names(tree)?.as_slice() {
        [a, b] => Ok([*a, *b]),
        _ => problem("bad-value", tree, Phrase::ExpectedEnds),
    }
}

/// A name and where it stands.
pub(crate) type Spelt<'a> = (&'a str, &'a Range<usize>);

/// The two ends of a connection, or one direction of it.
pub(crate) enum Way<'a> {
    Both([Spelt<'a>; 2]),
    From(Spelt<'a>, Spelt<'a>),
}

/// What a `cut` says.
pub(crate) fn way(tree: &Tree) -> Read<Way<'_>> {
    let Some(table) = tree.table() else {
        return ends(tree).map(Way::Both);
    };
    let end = |key: &str| match table.get(key) {
        Some(end) => Ok((text(end, Phrase::ANameInQuotes)?, &end.span)),
        None => problem("missing-key", tree, text!(DirectionNeeds, key)),
    };
    Ok(Way::From(end("from")?, end("to")?))
}

/// The two ends of a connection; `None` is all there are.
pub(crate) fn ends_or_all(tree: &Tree) -> Read<Option<[Spelt<'_>; 2]>> {
    match tree.text() {
        Some("all") => Ok(None),
        _ => ends(tree).map(Some),
    }
}

/// Groups of names.
pub(crate) fn groups(tree: &Tree) -> Read<Vec<Vec<Spelt<'_>>>> {
    let expected = Phrase::GroupsForm;
    match tree.list() {
        Some(list) if list.len() >= 2 => list.iter().map(texts).collect(),
        Some(_) => problem("bad-value", tree, text!(ExpectedGroups, expected)),
        None => wrong_type(tree, expected),
    }
}

/// A distribution of sizes.
pub(crate) fn sizes(tree: &Tree) -> Read<Sizes> {
    scalar(tree, SIZES, Sizes::parse)
}

/// A percentage, as a share of 2^64.
pub(crate) fn share(tree: &Tree) -> Read<u64> {
    scalar(tree, Phrase::PercentageForm, |text| {
        Some(match chance(text.strip_suffix('%')?)? {
            FailPlan::Never => 0,
            FailPlan::Chance(chance) => chance,
            _ => u64::MAX,
        })
    })
}

/// How many packets are lost: not all of them.
pub(crate) fn loss(tree: &Tree) -> Read<u64> {
    match share(tree)? {
        u64::MAX => problem("bad-value", tree, Phrase::LossOfAll),
        share => Ok(share),
    }
}

/// A percentage as it is written.
pub(crate) fn share_text(share: u64) -> String {
    match share {
        0 => "0%".into(),
        u64::MAX => "100%".into(),
        share => failure_text(FailPlan::Chance(share)),
    }
}

/// A number of bytes.
pub(crate) fn bytes(tree: &Tree) -> Read<u64> {
    Ok(scalar(tree, Phrase::BytesForm, Bytes::parse)?.0)
}

/// Bytes per second.
pub(crate) fn bandwidth(tree: &Tree) -> Read<u64> {
    let parse = |text: &str| Bytes::parse(text.strip_suffix("/s")?);
    match scalar(tree, Phrase::BandwidthForm, parse)? {
        Bytes(0) => problem("bad-value", tree, Phrase::BandwidthAboveZero),
        Bytes(bytes) => Ok(bytes),
    }
}

/// A number of workers.
pub(crate) fn workers(tree: &Tree) -> Read<Workers> {
    match &tree.item {
        Item::Text(text) if text == "unlimited" => Ok(Workers::Unlimited),
        Item::Integer(_) => {
            let count = integer(tree, 1, WORKERS_MAX)?;
            Ok(Workers::Count(u32::try_from(count).unwrap_or(u32::MAX)))
        }
        _ => wrong_type(tree, Phrase::WorkersForm),
    }
}

/// When a step fails.
pub(crate) fn failure(tree: &Tree) -> Read<FailPlan> {
    const EXPECTED: Phrase = Phrase::FailureForm;
    let number = |text: &str| {
        let digits = text.trim();
        let number = digits.parse::<u64>().ok()?;
        (number > 0 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(number)
    };
    scalar(tree, EXPECTED, |text| match text {
        "never" => Some(FailPlan::Never),
        "always" => Some(FailPlan::Always),
        _ => {
            if let Some(count) = text.strip_prefix("first ") {
                return number(count).map(FailPlan::First);
            }
            if let Some(which) = text.strip_prefix("message ") {
                return number(which).map(FailPlan::Message);
            }
            chance(text.strip_suffix('%')?)
        }
    })
}

/// A percentage of at most 100, without its sign.
fn chance(text: &str) -> Option<FailPlan> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(part) || part.len() > CHANCE_DIGITS {
        return None;
    }
    let parts = format!("{whole}{part:0<CHANCE_DIGITS$}").parse::<u64>().ok()?;
    let all = 100 * 10u64.pow(CHANCE_DIGITS as u32);
    match parts {
        0 => Some(FailPlan::Never),
        parts if parts == all => Some(FailPlan::Always),
        // Exact: a share of 2^64.
        parts if parts < all => Some(FailPlan::Chance(((u128::from(parts) << 64) / u128::from(all)) as u64)),
        _ => None,
    }
}

/// Most digits behind the point of a chance.
const CHANCE_DIGITS: usize = 6;

/// When a step fails, as it is written.
pub(crate) fn failure_text(plan: FailPlan) -> String {
    match plan {
        FailPlan::Never => "never".into(),
        FailPlan::Always => "always".into(),
        FailPlan::First(count) => format!("first {count}"),
        FailPlan::Message(number) => format!("message {number}"),
        FailPlan::Chance(chance) => {
            let all = 100 * 10u128.pow(CHANCE_DIGITS as u32);
            // To the nearest: the share was cut off when it was read.
            let parts = (u128::from(chance) * all + (1 << 63)) >> 64;
            let one = 10u128.pow(CHANCE_DIGITS as u32);
            let text = format!("{}.{:0CHANCE_DIGITS$}", parts / one, parts % one);
            format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
        }
    }
}

/// Pairs `[a, b]` in a list.
fn pairs<'a>(tree: &'a Tree, expected: Phrase) -> Read<Vec<(&'a Tree, &'a Tree)>> {
    let Some(list) = tree.list() else {
        return wrong_type(tree, expected);
    };
    if list.len() > SEGMENTS_MAX {
        return problem("limit", tree, text!(TooManyInList, SEGMENTS_MAX));
    }
    let pair = |element: &'a Tree| match element.list() {
        Some([first, second]) => Ok((first, second)),
        _ => wrong_type(element, text!(APairAsIn, expected)),
    };
    list.iter().map(pair).collect()
}

/// A load's segments: one rate, or instants with rates in order of time.
pub(crate) fn rates(tree: &Tree) -> Read<Vec<Segment>> {
    if !matches!(tree.item, Item::List(_)) {
        return Ok(vec![Segment {
            start: SimTime::ZERO,
            rate: rate(tree)?,
        }]);
    }
    let mut segments: Vec<Segment> = Vec::new();
    for (first, second) in pairs(tree, Phrase::RatesForm)? {
        let segment = Segment {
            start: time(first)?,
            rate: rate_or_zero(second)?,
        };
        if segments.last().is_some_and(|last| last.start >= segment.start) {
            return problem("segments", first, Phrase::SegmentsOutOfOrder);
        }
        segments.push(segment);
    }
    if segments.is_empty() {
        return problem("segments", tree, Phrase::RateNeedsSegment);
    }
    Ok(segments)
}

/// Scheduled bursts, or the number of one at the start.
pub(crate) fn bursts(tree: &Tree) -> Read<Vec<Burst>> {
    if matches!(tree.item, Item::Integer(_)) {
        let count = integer(tree, 1, 1_000_000_000_000)?;
        let at = SimTime::ZERO;
        return Ok(vec![Burst { at, count }]);
    }
    let burst = |(at, count)| {
        Ok(Burst {
            at: time(at)?,
            count: integer(count, 1, 1_000_000_000_000)?,
        })
    };
    pairs(tree, Phrase::BurstsForm)?.into_iter().map(burst).collect()
}

/// Recorded arrivals: lines of `time,count`.
pub(crate) fn csv(tree: &Tree) -> Read<Vec<Burst>> {
    let text = text(tree, Phrase::CsvForm)?;
    let mut bursts: Vec<Burst> = Vec::new();
    let mut has_heading = false;
    for (index, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or("").trim();
        let is_heading = !has_heading && bursts.is_empty() && line.starts_with(char::is_alphabetic);
        has_heading |= is_heading;
        if line.is_empty() || is_heading {
            continue;
        }
        let Some(burst) = csv_line(line) else {
            let message = text!(NoCsvLine, index + 1, shown(line));
            return problem("bad-value", tree, message);
        };
        if bursts.len() == CSV_LINES_MAX {
            return problem("limit", tree, text!(TooManyArrivals, CSV_LINES_MAX));
        }
        bursts.push(burst);
    }
    if bursts.is_empty() {
        return problem("bad-value", tree, Phrase::NoArrivals);
    }
    Ok(bursts)
}

fn csv_line(line: &str) -> Option<Burst> {
    let (time, count) = line.split_once(',').unwrap_or((line, "1"));
    let time = time.trim().trim_matches('"');
    let seconds = || SimTime::ZERO.checked_add(SimSpan::parse(&format!("{time}s"))?);
    let count: u64 = count.trim().parse().ok()?;
    Some(Burst {
        at: parse_time(time).or_else(seconds)?,
        count: (count <= 1_000_000_000_000).then_some(count)?,
    })
}

/// The name of a row of the catalogue: a letter and a number, such as `A5`;
/// rows that were added to it have a `+` behind.
pub(crate) fn row(tree: &Tree) -> Read<&str> {
    let expected = Phrase::RowForm;
    let name = text(tree, expected)?;
    let number = name
        .strip_suffix('+')
        .unwrap_or(name)
        .strip_prefix(|letter: char| letter.is_ascii_uppercase());
    match number {
        Some(number) if (1..=4).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit()) => Ok(name),
        _ => problem("bad-value", tree, text!(IsNot, shown(name), expected)),
    }
}

/// Whether a letter may stand in a name.
pub fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.')
}

/// Why a name cannot be given to anything, if so.
pub(crate) fn bad_name(name: &str) -> Option<Text> {
    if name.is_empty() {
        return Some(Phrase::NameEmpty.into());
    }
    if name.chars().nth(NAME_CHARS_MAX).is_some() {
        return Some(text!(NameTooLong, shown(name), NAME_CHARS_MAX));
    }
    let wrong = name.chars().find(|letter| !is_of_name(*letter))?;
    Some(text!(NoName, shown(name), format!("{wrong:?}")))
}

/// What a message carries beside its body, or what a binding compares that with.
pub(crate) fn headers(tree: &Tree) -> Read<Headers> {
    let Some(table) = tree.table() else {
        return wrong_type(tree, Phrase::HeadersForm);
    };
    let mut headers = Headers::new();
    for entry in table.entries() {
        let value = match &entry.tree.item {
            Item::Text(text) => Value::Text(text.clone()),
            Item::Bool(flag) => Value::Boolean(*flag),
            Item::Integer(number) => match i64::try_from(*number) {
                Ok(number) => Value::Integer(number),
                Err(_) => return problem("bad-value", &entry.tree, Phrase::NumberTooLarge),
            },
            _ => return wrong_type(&entry.tree, Phrase::HeaderValues),
        };
        headers.push((entry.key.clone(), value));
    }
    Ok(headers)
}

/// Checks a value that is no table against its kind.
pub(crate) fn check(kind: ValueKind, tree: &Tree) -> Read<()> {
    match kind {
        ValueKind::Text => text(tree, Phrase::ATextInQuotes).map(drop),
        ValueKind::Name => text(tree, Phrase::ANameInQuotes).map(drop),
        ValueKind::Comparison => text(tree, Phrase::ComparisonExample).map(drop),
        ValueKind::Texts | ValueKind::Names => texts(tree).map(drop),
        ValueKind::NameOrNames => names(tree).map(drop),
        ValueKind::Ends => ends(tree).map(drop),
        // The keys of the table are looked at with all others.
        ValueKind::Way => tree.table().map_or_else(|| ends(tree).map(drop), |_| Ok(())),
        ValueKind::EndsOrAll => ends_or_all(tree).map(drop),
        ValueKind::Groups => groups(tree).map(drop),
        ValueKind::Sizes => sizes(tree).map(drop),
        ValueKind::Bytes => bytes(tree).map(drop),
        ValueKind::Bandwidth => bandwidth(tree).map(drop),
        ValueKind::Chance => share(tree).map(drop),
        ValueKind::Row => row(tree).map(drop),
        ValueKind::Rows => match tree.list() {
            Some(list) => list.iter().try_for_each(|element| row(element).map(drop)),
            None => wrong_type(tree, Phrase::RowsForm),
        },
        ValueKind::Integer(least, most) => integer(tree, least, most).map(drop),
        ValueKind::Flag => flag(tree).map(drop),
        ValueKind::True => match flag(tree)? {
            true => Ok(()),
            false => problem("bad-value", tree, Phrase::OnlyTrue),
        },
        ValueKind::Choice(words) => choice(tree, words).map(drop),
        ValueKind::Span => span(tree).map(drop),
        ValueKind::Offset => offset(tree).map(drop),
        ValueKind::Drift => drift(tree).map(drop),
        ValueKind::Time => time(tree).map(drop),
        ValueKind::Rate => rate(tree).map(drop),
        ValueKind::Rates => rates(tree).map(drop),
        ValueKind::Dist => dist(tree).map(drop),
        ValueKind::Burst => bursts(tree).map(drop),
        ValueKind::Workers => workers(tree).map(drop),
        ValueKind::Failure => failure(tree).map(drop),
        ValueKind::Steps | ValueKind::Tables => match tree.list() {
            Some(_) => Ok(()),
            None => wrong_type(tree, Phrase::AList),
        },
        ValueKind::Headers => headers(tree).map(drop),
        ValueKind::Settings | ValueKind::Table | ValueKind::Map | ValueKind::Variant => match tree.table() {
            Some(_) => Ok(()),
            None => wrong_type(tree, Phrase::ATableOfKeys),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<FailPlan> {
        let item = Item::Text(text.into());
        failure(&Tree { span: 0..0, item }).ok()
    }

    #[test]
    fn failures_are_read_and_written_alike() {
        for text in [
            "never",
            "always",
            "first 2",
            "message 7",
            "1%",
            "0.5%",
            "99.999999%",
            "33.3%",
        ] {
            let plan = read(text);
            assert_eq!(plan.map(failure_text).as_deref(), Some(text));
        }
        assert_eq!(read("50%"), Some(FailPlan::Chance(1 << 63)));
        assert_eq!(
            (read("0%"), read("100%")),
            (Some(FailPlan::Never), Some(FailPlan::Always))
        );
        for text in [
            "",
            "%",
            "101%",
            "-1%",
            "1",
            "0.0000001%",
            "first 0",
            "first",
            "message x",
            "first +2",
            "1e2%",
            "1.%",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
