//! What keys and metrics mean, in the language of the page. English is the
//! tables' own; the other languages are kept here, by path and by name.

mod keys;
mod metrics;

use crate::state::texts::Language;
use keys::KEYS;
use metrics::METRICS;
use mqlab_engine::MetricInfo;
use mqlab_scenario::Key;

/// A name with its meaning, in simplified and in traditional Chinese.
type Row = (&'static str, [&'static str; 2]);

/// What a key means.
pub fn key(language: Language, key: &Key) -> &'static str {
    find(KEYS, language, key.path, key.doc)
}

/// What a metric is.
pub fn metric(language: Language, info: &MetricInfo) -> &'static str {
    find(METRICS, language, info.name, info.doc)
}

fn find(rows: &[Row], language: Language, name: &str, english: &'static str) -> &'static str {
    let row = rows.iter().find(|(known, _)| *known == name);
    match (language, row) {
        (Language::Simplified, Some((_, [text, _]))) | (Language::Traditional, Some((_, [_, text]))) => text,
        _ => english,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_and_metric_is_explained_in_every_language() {
        let keys = mqlab_scenario::KEYS.iter().map(|key| (key.path, KEYS));
        let metrics = mqlab_engine::METRICS.iter().map(|info| (info.name, METRICS));
        for (name, rows) in keys.chain(metrics) {
            let known = rows.iter().filter(|(known, _)| *known == name);
            assert_eq!(known.count(), 1, "{name}");
        }
        let is_chinese = |text: &str| text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
        for (name, texts) in KEYS.iter().chain(METRICS) {
            assert!(texts.iter().all(|text| is_chinese(text)), "{name}");
        }
    }

    #[test]
    fn nothing_is_explained_that_there_is_not() {
        for (name, _) in KEYS {
            assert!(mqlab_scenario::KEYS.iter().any(|key| key.path == *name), "{name}");
        }
        for (name, _) in METRICS {
            assert!(mqlab_engine::METRICS.iter().any(|info| info.name == *name), "{name}");
        }
    }

    #[test]
    fn a_key_speaks_the_language_of_the_page() {
        let seed = Key::find("", "seed").expect("it is there");
        assert!(key(Language::English, seed).starts_with("Seed of"));
        assert!(key(Language::Traditional, seed).contains("種子"));
    }
}
