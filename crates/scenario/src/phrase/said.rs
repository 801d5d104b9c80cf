//! A phrase with its arguments, and how it is put into words.

use super::Phrase;
use crate::keys::Key;
use mqlab_engine::MetricInfo;
use mqlab_kernel::SimTime;
use std::borrow::Cow;
use std::fmt;

/// Something that is said: a phrase with what is put into it. `Display` says it in
/// English, [`Text::spoken`] in the words of anybody.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Text {
    phrase: Phrase,
    arguments: Vec<Argument>,
}

/// What is put into a phrase.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Argument {
    /// What is the same in every language: a name, a number, what a user wrote.
    Word(String),
    /// Another text.
    Text(Text),
    /// What a key means.
    Key(&'static Key),
    /// What a metric is.
    Metric(&'static MetricInfo),
}

/// A language to say texts in.
pub trait Words {
    /// A phrase, with `{0}`, `{1}` in the places of its arguments.
    fn phrase(&self, phrase: Phrase) -> &'static str;
    /// What a key means.
    fn key(&self, key: &'static Key) -> &'static str;
    /// What a metric is.
    fn metric(&self, metric: &'static MetricInfo) -> &'static str;
}

/// The language of the command line and of the tables.
struct English;

impl Words for English {
    fn phrase(&self, phrase: Phrase) -> &'static str {
        phrase.english()
    }

    fn key(&self, key: &'static Key) -> &'static str {
        key.doc
    }

    fn metric(&self, metric: &'static MetricInfo) -> &'static str {
        metric.doc
    }
}

impl Text {
    pub(crate) fn new(phrase: Phrase, arguments: Vec<Argument>) -> Text {
        Text { phrase, arguments }
    }

    /// A line of the scenario language, which is the same to everybody. Whatever has a
    /// word of a people's language in it is a phrase.
    pub(crate) fn code(code: impl Into<String>) -> Text {
        Text::new(Phrase::Just, vec![Argument::Word(code.into())])
    }

    /// What a key means.
    pub(crate) fn meaning(key: &'static Key) -> Text {
        Text::new(Phrase::Just, vec![Argument::Key(key)])
    }

    /// Several texts in one, two at a time: `{0} or {1}` makes "a or b or c".
    pub(crate) fn joined(by: Phrase, texts: impl IntoIterator<Item = Text>) -> Text {
        let two = |first, second| Text::new(by, vec![Argument::Text(first), Argument::Text(second)]);
        texts.into_iter().reduce(two).unwrap_or_else(|| Text::code(""))
    }

    /// A message of the TOML parser: what is wrong, and behind a comma what should be
    /// there. Marks in backticks, and what it says beyond its list of phrases, stay as
    /// they are.
    pub(crate) fn of_toml(message: &str) -> Text {
        let (wrong, expected) = match message.split_once(", expected ") {
            Some((wrong, expected)) => (wrong, Some(expected)),
            None => (message, None),
        };
        let part = |part: &str| Phrase::of_toml(part).map_or_else(|| Text::code(part), Text::from);
        let kind = wrong.strip_prefix("cannot extend value of type ");
        let kind = kind.and_then(|rest| rest.strip_suffix(" with a dotted key"));
        let wrong = match kind {
            Some(kind) if kind != "inline table" => Text::new(Phrase::TomlExtend, vec![part(kind).argument()]),
            _ => part(wrong),
        };
        let Some(expected) = expected else { return wrong };
        // Some phrases are lists themselves.
        let expected = match Phrase::of_toml(expected) {
            Some(phrase) => phrase.into(),
            None => Text::joined(Phrase::AndMore, expected.split(", ").map(part)),
        };
        Text::joined(Phrase::WhatWasExpected, [wrong, expected])
    }

    /// The phrase that it is.
    pub fn phrase(&self) -> Phrase {
        self.phrase
    }

    /// What it says in some words.
    pub fn spoken(&self, words: &dyn Words) -> String {
        let mut said = String::new();
        self.say(words, &mut said);
        said
    }

    fn say(&self, words: &dyn Words, said: &mut String) {
        let mut rest = words.phrase(self.phrase);
        while let Some((before, argument, behind)) = next_place(rest) {
            said.push_str(before);
            match self.arguments.get(argument) {
                Some(Argument::Word(word)) => said.push_str(word),
                Some(Argument::Text(text)) => text.say(words, said),
                Some(Argument::Key(key)) => said.push_str(words.key(key)),
                Some(Argument::Metric(metric)) => said.push_str(words.metric(metric)),
                None => {}
            }
            rest = behind;
        }
        said.push_str(rest);
    }
}

/// The first place of an argument in a phrase: what stands before it, its number, and
/// what stands behind it. Other brackets are the language's own.
fn next_place(phrase: &str) -> Option<(&str, usize, &str)> {
    let mut at = 0;
    loop {
        at += phrase.get(at..)?.find('{')?;
        match phrase.as_bytes().get(at + 1..at + 3) {
            Some([digit @ b'0'..=b'9', b'}']) => {
                return Some((&phrase[..at], usize::from(digit - b'0'), &phrase[at + 3..]));
            }
            _ => at += 1,
        }
    }
}

impl From<Phrase> for Text {
    fn from(phrase: Phrase) -> Text {
        Text::new(phrase, Vec::new())
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.spoken(&English))
    }
}

/// What can be put into a phrase.
pub(crate) trait Say {
    fn argument(&self) -> Argument;
}

macro_rules! words {
    ($($kind:ty),+) => {
        $(impl Say for $kind {
            fn argument(&self) -> Argument {
                Argument::Word(self.to_string())
            }
        })+
    };
}

words!(str, String, u32, u64, usize, i32, i64, i128, SimTime);

impl Say for Cow<'_, str> {
    fn argument(&self) -> Argument {
        (**self).argument()
    }
}

impl Say for Text {
    fn argument(&self) -> Argument {
        Argument::Text(self.clone())
    }
}

impl Say for Phrase {
    fn argument(&self) -> Argument {
        Argument::Text((*self).into())
    }
}

impl Say for &'static Key {
    fn argument(&self) -> Argument {
        Argument::Key(self)
    }
}

impl Say for &'static MetricInfo {
    fn argument(&self) -> Argument {
        Argument::Metric(self)
    }
}

impl<T: Say + ?Sized> Say for &T {
    fn argument(&self) -> Argument {
        (**self).argument()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phrase::text;

    /// Words that show where each argument went.
    struct Backwards;

    impl Words for Backwards {
        fn phrase(&self, phrase: Phrase) -> &'static str {
            match phrase {
                Phrase::ExpectedFound => "{1} is no {0}, {0}",
                Phrase::AText => "TEXT",
                _ => "?",
            }
        }

        fn key(&self, _: &'static Key) -> &'static str {
            "KEY"
        }

        fn metric(&self, _: &'static MetricInfo) -> &'static str {
            "METRIC"
        }
    }

    #[test]
    fn arguments_stand_where_the_words_want_them() {
        let text = text!(ExpectedFound, Phrase::AText, "x");
        assert_eq!(text.to_string(), "expected a text, found x");
        assert_eq!(text.spoken(&Backwards), "x is no TEXT, TEXT");
    }

    #[test]
    fn brackets_of_the_language_and_of_users_are_no_places() {
        assert_eq!(text!(WriteStepAs, "{0}{1}").to_string(), "write it as { {0}{1} = .. }");
        assert_eq!(next_place("{ a = {} }"), None);
        assert_eq!(next_place("{"), None);
        assert_eq!(next_place("a{2}{0}"), Some(("a", 2, "{0}")));
    }

    #[test]
    fn several_texts_are_one() {
        let texts = ["a", "b", "c"].map(Text::code);
        assert_eq!(Text::joined(Phrase::Either, texts).to_string(), "a or b or c");
        assert_eq!(Text::joined(Phrase::Either, []).to_string(), "");
    }

    #[test]
    fn messages_of_the_toml_parser_keep_their_english() {
        for message in [
            "duplicate key",
            "missing comma between array elements, expected `,`",
            "cannot extend value of type integer with a dotted key",
            "cannot extend value of type inline table with a dotted key",
            "invalid unquoted key, expected letters, numbers, `-`, `_`",
            "invalid offset, expected `Z`, +OFFSET, -OFFSET",
            "something that nobody has translated, expected patience",
        ] {
            assert_eq!(Text::of_toml(message).to_string(), message);
        }
        assert_eq!(Text::of_toml("duplicate key").phrase(), Phrase::TomlDuplicateKey);
        assert_eq!(Text::of_toml("expected nothing").phrase(), Phrase::Just);
    }

    #[test]
    fn every_phrase_is_found_at_its_place() {
        assert_eq!(Phrase::Just.english(), "{0}");
        assert_eq!(Phrase::TomlNothing.english(), "nothing");
        for phrase in Phrase::ALL {
            assert!(!phrase.english().is_empty() && !phrase.english().contains('\u{3}'));
        }
    }
}
