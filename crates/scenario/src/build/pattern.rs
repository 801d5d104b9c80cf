//! Patterns of names, as policies have them: regular expressions, found anywhere in a
//! name unless `^` and `$` say where.
//!
//! RabbitMQ's own patterns are those of PCRE. What looks around, and references back,
//! are not understood: whatever is, is found in a time that grows with the two lengths
//! and no faster.

use crate::phrase::Phrase;
use regex_lite::{Error, Regex, RegexBuilder};

/// Most bytes that a pattern may become: counts in braces multiply.
const SIZE_MAX: usize = 1 << 18;

/// Reads a pattern.
///
/// # Errors
/// Why it is not understood, or that it is too large.
pub(crate) fn read(text: &str) -> Result<Regex, Phrase> {
    RegexBuilder::new(text)
        .size_limit(SIZE_MAX)
        .build()
        .map_err(|error| reason(&error))
}

/// In which of a few ways a pattern is wrong.
fn reason(error: &Error) -> Phrase {
    let said = error.to_string();
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if has(&["not supported"]) {
        Phrase::PatternBeyond
    } else if has(&["nesting", "too many", "size limit"]) {
        Phrase::PatternTooLarge
    } else if has(&["repetition", "decimal number"]) {
        Phrase::PatternRepeats
    } else if has(&["group", "closing", "unclosed", "inline flag"]) {
        Phrase::PatternBrackets
    } else if has(&["escape", "hexadecimal"]) {
        Phrase::PatternEscape
    } else {
        Phrase::PatternWrong
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::phrase::Phrase;

    fn of(pattern: &str, names: &[&str]) -> Vec<bool> {
        let pattern = read(pattern).unwrap_or_else(|why| panic!("{pattern}: {why:?}"));
        names.iter().map(|name| pattern.is_match(name)).collect()
    }

    #[test]
    fn a_pattern_is_found_anywhere_unless_it_says_where() {
        assert_eq!(of("", &["", "a"]), [true, true]);
        assert_eq!(of("b", &["abc", "ac"]), [true, false]);
        assert_eq!(of("^b", &["abc", "bc"]), [false, true]);
        assert_eq!(of("b$", &["abc", "ab"]), [false, true]);
        assert_eq!(of("^tmp\\.", &["tmp.a", "tmpa", "a.tmp."]), [true, false, false]);
        assert_eq!(of("^a{2}$", &["aa", "aaa"]), [true, false]);
    }

    #[test]
    fn what_is_not_understood_is_not_guessed_at() {
        let why = |pattern: &str| read(pattern).err();
        for (pattern, reason) in [
            ("(?=a)", Phrase::PatternBeyond),
            ("(?!a)", Phrase::PatternBeyond),
            ("\\1", Phrase::PatternBeyond),
            ("*", Phrase::PatternRepeats),
            ("a{2,1}", Phrase::PatternRepeats),
            ("(a", Phrase::PatternBrackets),
            ("a)", Phrase::PatternBrackets),
            ("[a", Phrase::PatternBrackets),
            ("a\\", Phrase::PatternEscape),
            ("[b-a]", Phrase::PatternWrong),
            ("((a{99}){99}){99}", Phrase::PatternTooLarge),
        ] {
            assert_eq!(why(pattern), Some(reason), "{pattern}");
        }
        assert_eq!(why(&("(".repeat(99) + &")".repeat(99))), Some(Phrase::PatternTooLarge));
    }

    #[test]
    fn no_pattern_takes_for_ever() {
        let name = "a".repeat(200);
        assert_eq!(of("^(a*)*(a*)*(a|a)*b$", &[&name]), [false]);
    }
}
