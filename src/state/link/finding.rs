//! What is wrong with a link, in words.

use super::fields::Field;
use super::flags::Flag;
use crate::state::format;
use crate::state::texts::{Key, Language};

/// The most characters of a link that are repeated in a finding about them.
const SHOWN_CHARS_MAX: usize = 40;

/// One thing that is wrong with a link.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Finding {
    /// More characters than a link may have.
    TooLong(usize),
    /// It was made by a later page, or is no link of this page.
    UnknownVersion(String),
    /// A character that no link has, and its place, from 1.
    ForeignCharacter(char, usize),
    /// The end is missing.
    CutShort,
    /// There is something behind the end.
    Continued,
    /// The checksum does not fit.
    Changed,
    /// It cannot be unpacked.
    Broken,
    /// Unpacked it is larger than a link may be.
    TooLarge,
    /// It ends within a field.
    ContentCut,
    /// A field that this page does not know.
    UnknownField(u64),
    /// A field that is there twice.
    RepeatedField(Field),
    /// There is no script.
    NoScript,
    /// A text that is none.
    NotUtf8(Field),
    /// A character that cannot be seen.
    ControlCharacter(Field),
    /// A number outside of what is possible.
    OutOfRange(Field),
    /// A field that is not built as it should be.
    Malformed(Field),
    /// A text that is longer than it may be.
    FieldTooLong(Field),
    /// A list with more entries than it may have.
    TooMany(Field),
    /// A name that is not one of those possible.
    UnknownName(Field, String),
    /// A setting that is not known.
    UnknownFlag(String),
    /// A setting that is there twice.
    RepeatedFlag(Flag),
    /// A setting without the value that it needs.
    NoValue(Flag),
    /// A setting with a value that it does not take.
    NeedlessValue(Flag),
    /// A value that the setting cannot have.
    BadValue(Flag, String),
    /// Nothing between two `&`.
    EmptyFlag,
    /// A percent sign that does not stand for a character.
    BadPercent(String),
    /// A scenario of the gallery beside a script.
    ScenarioBesidesScript,
    /// More is wrong than is listed: this many.
    More(usize),
}

impl Finding {
    /// A stable name.
    pub const fn code(&self) -> &'static str {
        match self {
            Finding::TooLong(_) => "too-long",
            Finding::UnknownVersion(_) => "unknown-version",
            Finding::ForeignCharacter(..) => "foreign-character",
            Finding::CutShort => "cut-short",
            Finding::Continued => "continued",
            Finding::Changed => "changed",
            Finding::Broken => "broken",
            Finding::TooLarge => "too-large",
            Finding::ContentCut => "content-cut",
            Finding::UnknownField(_) => "unknown-field",
            Finding::RepeatedField(_) => "repeated-field",
            Finding::NoScript => "no-script",
            Finding::NotUtf8(_) => "not-utf8",
            Finding::ControlCharacter(_) => "control-character",
            Finding::OutOfRange(_) => "out-of-range",
            Finding::Malformed(_) => "malformed",
            Finding::FieldTooLong(_) => "field-too-long",
            Finding::TooMany(_) => "too-many",
            Finding::UnknownName(..) => "unknown-name",
            Finding::UnknownFlag(_) => "unknown-flag",
            Finding::RepeatedFlag(_) => "repeated-flag",
            Finding::NoValue(_) => "no-value",
            Finding::NeedlessValue(_) => "needless-value",
            Finding::BadValue(..) => "bad-value",
            Finding::EmptyFlag => "empty-flag",
            Finding::BadPercent(_) => "bad-percent",
            Finding::ScenarioBesidesScript => "scenario-besides-script",
            Finding::More(_) => "more",
        }
    }

    /// What it says to a person.
    pub fn text(&self, language: Language) -> String {
        let about = |key, field: &Field| language.with(key, language.text(field.name()));
        let count = |key, count: usize| language.with(key, &format::count(count as u64));
        match self {
            Finding::TooLong(chars) => count(Key::LinkTooLong, *chars),
            Finding::UnknownVersion(version) => language.with(Key::LinkUnknownVersion, &shown(version)),
            Finding::ForeignCharacter(letter, place) => {
                let what = format!("{} ({place})", shown(&letter.to_string()));
                language.with(Key::LinkForeignCharacter, &what)
            }
            Finding::CutShort => language.text(Key::LinkCutShort).to_owned(),
            Finding::Continued => language.text(Key::LinkContinued).to_owned(),
            Finding::Changed => language.text(Key::LinkChanged).to_owned(),
            Finding::Broken => language.text(Key::LinkBroken).to_owned(),
            Finding::TooLarge => language.text(Key::LinkTooLarge).to_owned(),
            Finding::ContentCut => language.text(Key::LinkContentCut).to_owned(),
            Finding::UnknownField(number) => language.with(Key::LinkUnknownField, &number.to_string()),
            Finding::RepeatedField(field) => about(Key::LinkRepeatedField, field),
            Finding::NoScript => language.text(Key::LinkNoScript).to_owned(),
            Finding::NotUtf8(field) => about(Key::LinkNotUtf8, field),
            Finding::ControlCharacter(field) => about(Key::LinkControlCharacter, field),
            Finding::OutOfRange(field) => about(Key::LinkOutOfRange, field),
            Finding::Malformed(field) => about(Key::LinkMalformed, field),
            Finding::FieldTooLong(field) => about(Key::LinkFieldTooLong, field),
            Finding::TooMany(field) => about(Key::LinkTooMany, field),
            Finding::UnknownName(field, name) => {
                let name = format!("{}: {}", language.text(field.name()), shown(name));
                language.with(Key::LinkUnknownName, &name)
            }
            Finding::UnknownFlag(name) => language.with(Key::LinkUnknownFlag, &shown(name)),
            Finding::RepeatedFlag(flag) => language.with(Key::LinkRepeatedFlag, flag.name()),
            Finding::NoValue(flag) => {
                let needs = language.text(flag.takes());
                language.with(Key::LinkNoValue, &format!("{}=… ({needs})", flag.name()))
            }
            Finding::NeedlessValue(flag) => language.with(Key::LinkNeedlessValue, flag.name()),
            Finding::BadValue(flag, value) => {
                let needs = language.text(flag.takes());
                language.with(
                    Key::LinkBadValue,
                    &format!("{}={} ({needs})", flag.name(), shown(value)),
                )
            }
            Finding::EmptyFlag => language.text(Key::LinkEmptyFlag).to_owned(),
            Finding::BadPercent(flag) => language.with(Key::LinkBadPercent, &shown(flag)),
            Finding::ScenarioBesidesScript => language.text(Key::LinkScenarioBesidesScript).to_owned(),
            Finding::More(more) => count(Key::LinkMore, *more),
        }
    }
}

/// A part of a link as it may be shown: short, and without characters that
/// cannot be seen or that turn the text around.
fn shown(text: &str) -> String {
    let mut shown = String::new();
    for letter in text.chars().take(SHOWN_CHARS_MAX) {
        if letter.is_alphanumeric() || letter.is_ascii_graphic() {
            shown.push(letter);
        } else {
            shown.push_str(&format!("U+{:04X}", letter as u32));
        }
    }
    if text.chars().nth(SHOWN_CHARS_MAX).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_named() {
        assert_eq!(shown("a b\u{202e}<é>"), "aU+0020bU+202E<é>");
        assert_eq!(shown(&"x".repeat(41)).chars().count(), 41);
    }
}
