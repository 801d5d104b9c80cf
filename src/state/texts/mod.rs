//! Every text of the page, in three languages.

mod catalogue;

pub use catalogue::Key;
use catalogue::{EARLY, LATE_LINES, LINES};
use std::sync::OnceLock;

/// A language of the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Chinese in simplified characters.
    Simplified,
    /// Chinese in traditional characters.
    Traditional,
}

impl Language {
    /// Every language, in the order of the switch.
    pub const ALL: [Language; 3] = [Language::English, Language::Simplified, Language::Traditional];

    /// Its tag: what the document's `lang` says and what is remembered.
    pub const fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Simplified => "zh-Hans",
            Language::Traditional => "zh-Hant",
        }
    }

    /// Its own name.
    pub const fn name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::Simplified => "简体中文",
            Language::Traditional => "繁體中文",
        }
    }

    /// The language for a tag of a browser: `zh-TW`, `zh-Hans-SG`, `en-GB`.
    pub fn of_tag(tag: &str) -> Language {
        let tag = tag.to_ascii_lowercase();
        let mut parts = tag.split(['-', '_']);
        if parts.next() != Some("zh") {
            return Language::English;
        }
        // The first part that tells decides: a script stands before a region.
        match parts.find(|part| matches!(*part, "hans" | "hant" | "tw" | "hk" | "mo")) {
            None | Some("hans") => Language::Simplified,
            Some(_) => Language::Traditional,
        }
    }

    /// The text of a key.
    pub fn text(self, key: Key) -> &'static str {
        static TEXTS: [OnceLock<Vec<&str>>; 3] = [const { OnceLock::new() }; 3];
        match (key as usize).checked_sub(EARLY) {
            Some(late) => rest_texts(self)[late],
            None => TEXTS[self as usize].get_or_init(|| self.lines(LINES))[key as usize],
        }
    }

    /// The lines of a text in this language. A text in a language that the page does
    /// not begin with stands between two marks, and the first mark is in a line with
    /// the language's name.
    pub(super) fn lines(self, texts: [&'static str; 3]) -> Vec<&'static str> {
        let text = texts[self as usize];
        let text = text.strip_suffix('\u{3}').unwrap_or(text);
        text.lines().skip(usize::from(text.starts_with('\u{2}'))).collect()
    }

    /// The text of a key with `{}` replaced by `value`.
    pub fn with(self, key: Key, value: &str) -> String {
        self.text(key).replacen("{}", value, 1)
    }
}

/// A gate (`src/ui/rest.rs`): before the rest is here, none of these texts are.
#[inline(never)]
fn rest_texts(language: Language) -> &'static [&'static str] {
    static TEXTS: [OnceLock<Vec<&str>>; 3] = [const { OnceLock::new() }; 3];
    TEXTS[language as usize].get_or_init(|| language.lines(LATE_LINES))
}

/// Names that are the same in every language.
#[cfg(test)]
const NAMES: &[&str] = &["mqlab", "CSV", "SVG", "JSON", "TOML"];

/// Whether a text is only a name, and need not be translated.
#[cfg(test)]
pub(super) fn is_a_name(text: &str) -> bool {
    NAMES.contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(key: Key) -> [&'static str; 3] {
        Language::ALL.map(|language| language.text(key))
    }

    #[test]
    fn every_key_has_a_text_in_every_language() {
        for language in Language::ALL {
            let counts = [LINES, LATE_LINES].map(|lines| language.lines(lines).len());
            assert_eq!(counts, [EARLY, Key::ALL.len() - EARLY], "a text holds a line break");
        }
        assert_eq!(Language::English.text(Key::ALL[0]), "Scenario");
        for key in Key::ALL {
            for language in Language::ALL {
                let text = language.text(*key);
                assert!(!text.trim().is_empty(), "{key:?} has no text in {}", language.tag());
            }
        }
    }

    #[test]
    fn what_makes_up_a_file_is_marked_with_the_name_of_its_language() {
        for language in [Language::Simplified, Language::Traditional] {
            let text = LINES[language as usize];
            let name = text.strip_prefix("\u{2}file:").and_then(|text| text.lines().next());
            assert_eq!(name, Some(language.tag()));
            assert_eq!(text.find('\u{3}'), Some(text.len() - 1));
        }
        for text in LATE_LINES {
            assert!(text.starts_with("\u{2}file:rest\n"), "it comes with the rest");
            assert_eq!(text.find('\u{3}'), Some(text.len() - 1));
        }
    }

    #[test]
    fn translations_keep_the_gap_for_a_value() {
        for key in Key::ALL {
            let gaps = texts(*key).map(|text| text.matches("{}").count());
            assert!(
                gaps.iter().all(|count| *count == gaps[0] && *count <= 1),
                "{key:?}: {gaps:?}"
            );
        }
    }

    #[test]
    fn chinese_texts_are_chinese() {
        let is_chinese = |text: &str| text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
        for key in Key::ALL {
            let [english, simplified, traditional] = texts(*key);
            for chinese in [simplified, traditional] {
                let fine = is_a_name(english) || (chinese != english && is_chinese(chinese));
                assert!(fine, "{key:?} is not translated: {chinese}");
            }
        }
    }

    #[test]
    fn english_texts_are_english() {
        let is_chinese = |letter: char| ('\u{3000}'..='\u{9fff}').contains(&letter);
        for key in Key::ALL {
            let [english, _, _] = texts(*key);
            assert!(!english.contains(is_chinese), "{key:?}: {english}");
        }
    }

    #[test]
    fn a_browsers_tag_finds_its_language() {
        let found = ["en-GB", "zh", "zh-CN", "zh-Hans-TW", "zh-TW", "zh-Hant", "zh_HK", "fr"].map(Language::of_tag);
        let tags = found.map(Language::tag);
        assert_eq!(
            tags,
            [
                "en", "zh-Hans", "zh-Hans", "zh-Hans", "zh-Hant", "zh-Hant", "zh-Hant", "en"
            ]
        );
    }

    #[test]
    fn values_fill_their_gap() {
        assert_eq!(Language::English.with(Key::ChipLost, "3"), "3 lost");
    }
}
