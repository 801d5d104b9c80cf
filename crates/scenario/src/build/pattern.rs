//! Patterns of names, as policies have them: regular expressions, found anywhere in a
//! name unless `^` and `$` say where.
//!
//! RabbitMQ's own patterns are those of PCRE. What looks around, and references back,
//! are not understood: whatever is, is found in a time that grows with the two lengths
//! and no faster.

use regex_lite::{Regex, RegexBuilder};

/// Most bytes that a pattern may become: counts in braces multiply.
const SIZE_MAX: usize = 1 << 18;

/// Reads a pattern; `None` if it is not understood, or too large.
pub(super) fn read(text: &str) -> Option<Regex> {
    RegexBuilder::new(text).size_limit(SIZE_MAX).build().ok()
}

#[cfg(test)]
mod tests {
    use super::read;

    fn of(pattern: &str, names: &[&str]) -> Vec<bool> {
        let pattern = read(pattern).unwrap_or_else(|| panic!("{pattern} is not understood"));
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
        for pattern in ["(?=a)", "(?!a)", "*", "(a", "a)", "[a", "\\1", "a\\", "[b-a]"] {
            assert!(read(pattern).is_none(), "{pattern}");
        }
        assert!(read(&("(".repeat(99) + &")".repeat(99))).is_none());
        assert!(read("((a{99}){99}){99}").is_none());
    }

    #[test]
    fn no_pattern_takes_for_ever() {
        let name = "a".repeat(200);
        assert_eq!(of("^(a*)*(a*)*(a|a)*b$", &[&name]), [false]);
    }
}
