//! Settings that people write into a link by hand:
//! `#scenario=mm1&lang=zh-Hans&t=12:00:00&paused&embed`.

use super::finding::Finding;
use crate::state::scenarios;
use crate::state::session::Theme;
use crate::state::snapshot::Selected;
use crate::state::texts::{Key, Language};
use mqlab_kernel::SimTime;
use mqlab_scenario::limits::SAFE_INTEGER_MAX;

/// A setting of a link.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flag {
    /// The page is part of another: no head, no gallery.
    Embed,
    /// Nothing moves until somebody presses play.
    Paused,
    /// The colours.
    Theme,
    /// The language.
    Language,
    /// The instant.
    At,
    /// A scenario of the gallery.
    Scenario,
    /// A seed in place of the text's.
    Seed,
    /// What is selected: a variant, and a thing in it.
    Select,
}

impl Flag {
    /// Every setting, in the order in which they are written.
    pub const ALL: [Flag; 8] = [
        Flag::Scenario,
        Flag::Select,
        Flag::At,
        Flag::Seed,
        Flag::Language,
        Flag::Theme,
        Flag::Paused,
        Flag::Embed,
    ];

    /// Its name in a link.
    pub const fn name(self) -> &'static str {
        match self {
            Flag::Embed => "embed",
            Flag::Paused => "paused",
            Flag::Theme => "theme",
            Flag::Language => "lang",
            Flag::At => "t",
            Flag::Scenario => "scenario",
            Flag::Seed => "seed",
            Flag::Select => "select",
        }
    }

    /// The values that it takes, in words.
    pub const fn takes(self) -> Key {
        match self {
            Flag::Embed | Flag::Paused => Key::FlagTakesNothing,
            Flag::Theme => Key::FlagTakesTheme,
            Flag::Language => Key::FlagTakesLanguage,
            Flag::At => Key::FlagTakesInstant,
            Flag::Scenario => Key::FlagTakesScenario,
            Flag::Seed => Key::FlagTakesSeed,
            Flag::Select => Key::FlagTakesSelection,
        }
    }

    const fn has_value(self) -> bool {
        !matches!(self, Flag::Embed | Flag::Paused)
    }
}

/// The settings of a link.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Flags {
    /// See [`Flag::Embed`].
    pub is_embedded: bool,
    /// See [`Flag::Paused`].
    pub is_paused: bool,
    /// See [`Flag::Theme`].
    pub theme: Option<Theme>,
    /// See [`Flag::Language`].
    pub language: Option<Language>,
    /// See [`Flag::At`].
    pub at: Option<SimTime>,
    /// See [`Flag::Scenario`]: its place in the gallery.
    pub scenario: Option<usize>,
    /// See [`Flag::Seed`].
    pub seed: Option<u64>,
    /// See [`Flag::Select`].
    pub selection: Option<Selected>,
}

/// The settings as they are written, each after a `&` but the first.
pub(super) fn write(flags: &Flags) -> String {
    let stem = |scenario: usize| scenarios::SCENARIOS.get(scenario).map(|entry| entry.stem.to_owned());
    let mut parts = Vec::new();
    for flag in Flag::ALL {
        let value = match flag {
            Flag::Embed if flags.is_embedded => Some(String::new()),
            Flag::Paused if flags.is_paused => Some(String::new()),
            Flag::Embed | Flag::Paused => None,
            Flag::Theme => flags.theme.map(|theme| theme.name().to_owned()),
            Flag::Language => flags.language.map(|language| language.tag().to_owned()),
            Flag::At => flags.at.map(|at| at.to_string()),
            Flag::Scenario => flags.scenario.and_then(stem),
            Flag::Seed => flags.seed.map(|seed| seed.to_string()),
            Flag::Select => flags.selection.as_ref().and_then(selected),
        };
        match value {
            Some(value) if flag.has_value() => parts.push(format!("{}={value}", flag.name())),
            Some(_) => parts.push(flag.name().to_owned()),
            None => {}
        }
    }
    parts.join("&")
}

/// The settings that are written in `parts`. A wrong one is left out and
/// goes to `found`; the others count.
pub(super) fn read<'a>(parts: impl Iterator<Item = &'a str>, found: &mut Vec<Finding>) -> Flags {
    let mut flags = Flags::default();
    let mut seen = Vec::new();
    for part in parts {
        if part.is_empty() {
            found.push(Finding::EmptyFlag);
            continue;
        }
        let Some(part) = unescaped(part) else {
            found.push(Finding::BadPercent(part.to_owned()));
            continue;
        };
        let (name, value) = match part.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (part.as_str(), None),
        };
        let Some(flag) = Flag::ALL.into_iter().find(|flag| flag.name() == name) else {
            found.push(Finding::UnknownFlag(name.to_owned()));
            continue;
        };
        if seen.contains(&flag) {
            found.push(Finding::RepeatedFlag(flag));
            continue;
        }
        seen.push(flag);
        found.extend(set(&mut flags, flag, value).err());
    }
    flags
}

fn set(flags: &mut Flags, flag: Flag, value: Option<&str>) -> Result<(), Finding> {
    let value = match value {
        Some(_) if !flag.has_value() => return Err(Finding::NeedlessValue(flag)),
        None | Some("") if flag.has_value() => return Err(Finding::NoValue(flag)),
        value => value.unwrap_or_default(),
    };
    let is_set = match flag {
        Flag::Embed => replace(&mut flags.is_embedded, Some(true)),
        Flag::Paused => replace(&mut flags.is_paused, Some(true)),
        Flag::Theme => fill(
            &mut flags.theme,
            Theme::ALL.into_iter().find(|theme| theme.name() == value),
        ),
        Flag::Language => fill(
            &mut flags.language,
            Language::ALL.into_iter().find(|language| language.tag() == value),
        ),
        Flag::At => fill(&mut flags.at, SimTime::parse_clock(value)),
        Flag::Scenario => fill(&mut flags.scenario, scenarios::position(value)),
        Flag::Seed => fill(&mut flags.seed, seed(value)),
        Flag::Select => fill(&mut flags.selection, selection(value)),
    };
    if is_set {
        Ok(())
    } else {
        Err(Finding::BadValue(flag, value.to_owned()))
    }
}

fn replace<T>(place: &mut T, value: Option<T>) -> bool {
    let is_there = value.is_some();
    value.into_iter().for_each(|value| *place = value);
    is_there
}

fn fill<T>(place: &mut Option<T>, value: Option<T>) -> bool {
    *place = value;
    place.is_some()
}

/// A variant and the thing in it, whose name may have a `/` itself.
fn selection(text: &str) -> Option<Selected> {
    let (variant, thing) = text.split_once('/')?;
    let is_there = !variant.is_empty() && !thing.is_empty();
    is_there.then(|| Selected {
        variant: variant.to_owned(),
        thing: thing.to_owned(),
    })
}

/// Nothing for ways and messages, in whose names there are letters that a link
/// should not have.
fn selected(selection: &Selected) -> Option<String> {
    let text = format!("{}/{}", selection.variant, selection.thing);
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
    text.chars().all(is_plain).then_some(text)
}

fn seed(text: &str) -> Option<u64> {
    let is_plain = text.bytes().all(|letter| letter.is_ascii_digit());
    text.parse().ok().filter(|seed| is_plain && *seed <= SAFE_INTEGER_MAX)
}

/// A part of a link with `%3A` and the like as the characters that they stand
/// for: some programs write them where a `:` was.
fn unescaped(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let [high, low, after @ ..] = rest else { return None };
        let digit = |letter: &u8| char::from(*letter).to_digit(16);
        bytes.push((digit(high)? * 16 + digit(low)?) as u8);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(text: &str) -> (Flags, Vec<&'static str>) {
        let mut found = Vec::new();
        let flags = read(text.split('&'), &mut found);
        (flags, found.iter().map(Finding::code).collect())
    }

    #[test]
    fn a_teacher_writes_settings_by_hand() {
        let (flags, found) = read_all(
            "lang=zh-Hans&theme=dark&paused&embed&t=12:00:00.5&scenario=mm1&seed=42&select=default/billing/orders-0",
        );
        assert!(found.is_empty(), "{found:?}");
        let expected = Flags {
            is_embedded: true,
            is_paused: true,
            theme: Some(Theme::Dark),
            language: Some(Language::Simplified),
            at: SimTime::parse_clock("12:00:00.5"),
            scenario: scenarios::position("mm1"),
            seed: Some(42),
            selection: Some(Selected {
                variant: "default".to_owned(),
                thing: "billing/orders-0".to_owned(),
            }),
        };
        assert_eq!(flags, expected);
        assert_eq!(
            write(&flags),
            "scenario=mm1&select=default/billing/orders-0&t=12:00:00.5&seed=42&lang=zh-Hans&theme=dark&paused&embed"
        );
        assert_eq!(write(&Flags::default()), "");
    }

    #[test]
    fn what_a_program_escaped_is_read() {
        let (flags, found) = read_all("t=12%3A00%3a00&scenario=m%6D1");
        assert!(found.is_empty(), "{found:?}");
        assert_eq!(
            (flags.at, flags.scenario),
            (SimTime::parse_clock("12:00"), scenarios::position("mm1"))
        );
    }

    #[test]
    fn everything_that_is_wrong_is_listed_and_the_rest_counts() {
        let text =
            "lang=klingon&theme&paused=1&embed&embed&&sped=3&t=%zz&t=25:99&seed=-1&select=/reader&scenario=<b>&%ff";
        let (flags, found) = read_all(text);
        assert_eq!(
            found,
            [
                "bad-value",
                "no-value",
                "needless-value",
                "repeated-flag",
                "empty-flag",
                "unknown-flag",
                "bad-percent",
                "bad-value",
                "bad-value",
                "bad-value",
                "bad-value",
                "bad-percent"
            ]
        );
        assert_eq!(
            flags,
            Flags {
                is_embedded: true,
                ..Flags::default()
            }
        );
    }

    #[test]
    fn seeds_are_whole_numbers_that_javascript_keeps() {
        let seeds = [
            "0",
            "9007199254740991",
            "9007199254740992",
            "+1",
            "1e3",
            "",
            "99999999999999999999",
        ]
        .map(seed);
        assert_eq!(
            seeds,
            [Some(0), Some(9_007_199_254_740_991), None, None, None, None, None]
        );
    }
}
