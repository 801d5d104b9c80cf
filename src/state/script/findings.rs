//! What findings say, in the language of the page. English is the tables' own
//! (`crates/scenario/src/phrase/table/`); the other languages are kept here, in files of
//! the same names.

use super::docs;
use crate::state::texts::Language;
use mqlab_engine::MetricInfo;
use mqlab_scenario::{Key, Phrase, Text, Words};

/// Rows of a phrase, in simplified and in traditional Chinese. The texts are marked:
/// they come with the rest of the program (`crates/pack`).
macro_rules! rows {
    ($($phrase:ident: $simplified:literal, $traditional:literal;)+) => {
        super::Rows {
            phrases: &[$(mqlab_scenario::Phrase::$phrase),+],
            texts: concat!("\u{2}file:rest\n", $($simplified, "\n", $traditional, "\n"),+, "\u{3}"),
        }
    };
}

mod acts;
mod brokers;
mod clocks;
mod expectations;
mod faults;
mod kafka;
mod lessons;
mod loads;
mod names;
mod services;
mod steps;
mod toml;
mod values;
mod whole;

/// The tables, in the order of the tables of English.
const TABLES: [&Rows; 14] = [
    &values::ROWS,
    &names::ROWS,
    &whole::ROWS,
    &loads::ROWS,
    &brokers::ROWS,
    &kafka::ROWS,
    &services::ROWS,
    &steps::ROWS,
    &clocks::ROWS,
    &faults::ROWS,
    &acts::ROWS,
    &expectations::ROWS,
    &lessons::ROWS,
    &toml::ROWS,
];

/// Phrases with their Chinese.
struct Rows {
    phrases: &'static [Phrase],
    /// A line with a mark, and two lines for each phrase.
    texts: &'static str,
}

impl Rows {
    /// A phrase in simplified and in traditional Chinese.
    fn find(&self, phrase: Phrase) -> Option<[&'static str; 2]> {
        let position = self.phrases.iter().position(|known| *known == phrase)?;
        let mut lines = self.texts.lines().skip(1 + 2 * position);
        Some([lines.next()?, lines.next()?])
    }
}

/// What a finding says, or what it advises.
pub fn said(language: Language, text: &Text) -> String {
    text.spoken(&language)
}

impl Words for Language {
    fn phrase(&self, phrase: Phrase) -> &'static str {
        let chinese = TABLES.iter().find_map(|rows| rows.find(phrase));
        match (self, chinese) {
            (Language::Simplified, Some([text, _])) | (Language::Traditional, Some([_, text])) => text,
            _ => phrase.english(),
        }
    }

    fn key(&self, key: &'static Key) -> &'static str {
        docs::key(*self, key)
    }

    fn metric(&self, metric: &'static MetricInfo) -> &'static str {
        docs::metric(*self, metric)
    }
}

#[cfg(test)]
mod tests;
