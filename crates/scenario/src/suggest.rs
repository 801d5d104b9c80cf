//! "Did you mean": the nearest known name, and how texts of users are quoted.

use crate::diagnostic::{Advice, Instead};
use crate::limits::NAME_CHARS_MAX;
use crate::phrase::{Text, text};

/// The candidate that `name` is most likely a slip of, if any is near enough.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = name.chars().take(NAME_CHARS_MAX + 1).collect();
    if wanted.is_empty() || wanted.len() > NAME_CHARS_MAX {
        return None;
    }
    // A third of the letters may be wrong; of very short names, one.
    let distance_max = (wanted.len() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let distance = distance(&wanted, candidate);
        if distance <= distance_max && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// "did you mean ..." for the nearest candidate.
pub(crate) fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<Advice> {
    nearest(name, candidates).map(|found| instead(name, found, text!(DidYouMean, found)))
}

/// Advice to write `meant` in place of `name`.
pub(crate) fn instead(name: &str, meant: &str, text: Text) -> Advice {
    Advice {
        text,
        instead: Some(Box::new(Instead {
            slip: name.to_owned(),
            meant: meant.to_owned(),
        })),
    }
}

/// Edits between two names: insert, delete, replace, swap neighbours. Capital
/// letters and the choice between `-` and `_` cost nothing.
fn distance(wanted: &[char], candidate: &str) -> usize {
    let fold = |letter: char| match letter {
        '-' => '_',
        _ => letter.to_ascii_lowercase(),
    };
    let other: Vec<char> = candidate.chars().take(NAME_CHARS_MAX * 2).collect();
    let mut before = vec![0; other.len() + 1];
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for i in 0..wanted.len() {
        let mut this = vec![i + 1; other.len() + 1];
        for j in 0..other.len() {
            let same = fold(wanted[i]) == fold(other[j]);
            let mut least = (last[j] + usize::from(!same)).min(last[j + 1] + 1).min(this[j] + 1);
            let swapped =
                i > 0 && j > 0 && fold(wanted[i]) == fold(other[j - 1]) && fold(wanted[i - 1]) == fold(other[j]);
            if swapped {
                least = least.min(before[j - 1] + 1);
            }
            this[j + 1] = least;
        }
        before = std::mem::replace(&mut last, this);
    }
    last[other.len()]
}

/// A user's text as it stands in a message: one line, not too long.
pub(crate) fn shown(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(40)
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    if text.chars().nth(40).is_some() {
        shown.push('\u{2026}');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_find_their_name_and_other_words_do_not() {
        let known = ["prefetch", "workers", "steps", "queue"];
        for (slip, meant) in [
            ("prefech", "prefetch"),
            ("wrokers", "workers"),
            ("Queue", "queue"),
            ("step", "steps"),
        ] {
            assert_eq!(nearest(slip, known), Some(meant));
        }
        assert_eq!(nearest("latency", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest(&"x".repeat(1_000_000), known), None);
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(shown("a\nb"), "a b");
        assert_eq!(shown(&"\u{4f60}".repeat(50)).chars().count(), 41);
    }
}
