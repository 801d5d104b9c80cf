//! Searching the gallery.

use super::Card;
use crate::state::letters;
use crate::state::texts::Language;

/// Whether a card has every word of the query somewhere: in its title, its
/// sentence, its group, its rows or the names in it; in the language of the
/// page or in English, whatever the letters' case and width.
pub(super) fn finds(card: &Card, query: &str, language: Language) -> bool {
    let folded = fold(query);
    let mut words = folded.split_whitespace().peekable();
    if words.peek().is_none() {
        return true;
    }
    let text = text_of(card, language);
    words.all(|word| is_row(card, word) || text.contains(word))
}

/// Rows are found by their whole name only: `A1` is not `A10`.
fn is_row(card: &Card, word: &str) -> bool {
    card.rows.iter().any(|row| fold(row) == word)
}

fn text_of(card: &Card, language: Language) -> String {
    let mut text = String::new();
    let mut languages = vec![language];
    if language != Language::English {
        languages.push(Language::English);
    }
    for language in languages {
        for part in [
            card.title(language),
            card.sentence(language),
            language.text(card.concept.key),
        ] {
            text.push_str(&fold(part));
            text.push('\n');
        }
    }
    for name in card.names.split('|').chain([card.stem]) {
        text.push_str(&fold(name));
        text.push('\n');
    }
    text
}

/// Small letters of ordinary width; hyphens part words as spaces do.
fn fold(text: &str) -> String {
    letters::small(&letters::narrow(text)).replace('-', " ")
}
