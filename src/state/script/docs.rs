//! What keys and metrics mean, in the language of the page. English is the
//! tables' own; the other languages are kept here, by path and by name.

/// Rows of a name and what it means, in simplified and in traditional Chinese. The
/// texts are marked: they come with the rest of the program (`crates/pack`).
macro_rules! rows {
    ($($name:literal: $simplified:literal, $traditional:literal;)+) => {
        Rows {
            names: &[$($name),+],
            texts: concat!("\u{2}file:rest\n", $($simplified, "\n", $traditional, "\n"),+, "\u{3}"),
        }
    };
}

mod defaults;
mod kafka;
mod keys;
mod metrics;

use crate::state::texts::Language;
use defaults::DEFAULTS;
use kafka::KAFKA;
use keys::KEYS;
use metrics::METRICS;
use mqlab_engine::MetricInfo;
use mqlab_scenario::Key;

/// Names, and what they mean in Chinese.
struct Rows {
    names: &'static [&'static str],
    /// A line with a mark, and two lines for each name.
    texts: &'static str,
}

impl Rows {
    /// What a name means in simplified and in traditional Chinese.
    fn find(&self, name: &str) -> Option<[&'static str; 2]> {
        let position = self.names.iter().position(|known| *known == name)?;
        let mut lines = self.texts.lines().skip(1 + 2 * position);
        Some([lines.next()?, lines.next()?])
    }
}

/// What a key means.
pub fn key(language: Language, key: &Key) -> &'static str {
    let rows = if KAFKA.names.contains(&key.path) { &KAFKA } else { &KEYS };
    find(rows, language, key.path, key.doc)
}

/// What a metric is.
pub fn metric(language: Language, info: &MetricInfo) -> &'static str {
    find(&METRICS, language, info.name, info.doc)
}

/// What holds where a key is not given: a value, which is the same in every language,
/// or words.
pub fn default(language: Language, value: &'static str) -> &'static str {
    find(&DEFAULTS, language, value, value)
}

fn find(rows: &Rows, language: Language, name: &str, english: &'static str) -> &'static str {
    match (language, rows.find(name)) {
        (Language::Simplified, Some([text, _])) | (Language::Traditional, Some([_, text])) => text,
        _ => english,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_and_metric_is_explained_in_every_language() {
        let keys = mqlab_scenario::KEYS.iter().map(|key| (key.path, [&KEYS, &KAFKA]));
        let metrics = mqlab_engine::METRICS.iter().map(|info| (info.name, [&METRICS; 2]));
        for (name, [rows, others]) in keys.chain(metrics) {
            let others = others.names.iter().filter(|_| !std::ptr::eq(rows, others));
            let known = rows.names.iter().chain(others).filter(|known| **known == name);
            assert_eq!(known.count(), 1, "{name}");
        }
        let is_chinese = |text: &str| text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
        for name in KEYS.names.iter().chain(METRICS.names).chain(KAFKA.names) {
            let texts = KEYS.find(name).or(METRICS.find(name)).or(KAFKA.find(name));
            let texts = texts.expect("it is there");
            assert!(texts.iter().all(|text| is_chinese(text)), "{name}");
        }
    }

    #[test]
    fn every_text_is_in_a_line_of_its_own() {
        for rows in [&KEYS, &METRICS, &KAFKA, &DEFAULTS] {
            let texts = rows.texts.strip_prefix("\u{2}file:rest\n").expect("it is marked");
            let texts = texts.strip_suffix('\u{3}').expect("it is marked");
            assert_eq!(texts.lines().count(), 2 * rows.names.len());
        }
    }

    #[test]
    fn nothing_is_explained_that_there_is_not() {
        for name in KEYS.names.iter().chain(KAFKA.names) {
            assert!(mqlab_scenario::KEYS.iter().any(|key| key.path == *name), "{name}");
        }
        for name in METRICS.names {
            assert!(mqlab_engine::METRICS.iter().any(|info| info.name == *name), "{name}");
        }
    }

    #[test]
    fn defaults_in_words_are_in_every_language() {
        let is_value = |text: &str| {
            text.starts_with(['"', '[', '{']) || mqlab_kernel::SimSpan::parse(text).is_some() || {
                let digits = text.replace('_', "");
                matches!(text, "true" | "false") || digits.parse::<u64>().is_ok()
            }
        };
        let mut words: Vec<&str> = Vec::new();
        for key in mqlab_scenario::KEYS {
            if let mqlab_scenario::Default::Is(text) = key.default
                && !is_value(text)
            {
                words.push(text);
            }
        }
        for text in &words {
            let known = DEFAULTS.names.iter().filter(|known| *known == text);
            assert_eq!(known.count(), 1, "{text}");
            assert_ne!(default(Language::Simplified, text), *text);
        }
        for name in DEFAULTS.names {
            assert!(words.contains(name), "no key has the default {name}");
        }
    }

    #[test]
    fn a_key_speaks_the_language_of_the_page() {
        let seed = Key::find("", "seed").expect("it is there");
        assert!(key(Language::English, seed).starts_with("Seed of"));
        assert!(key(Language::Traditional, seed).contains("種子"));
    }
}
