//! A reader for the few options that the commands take.

use crate::Outcome;

/// The words after a command's name, consumed one option at a time.
pub(crate) struct Arguments<'a> {
    words: std::slice::Iter<'a, String>,
    usage: &'static str,
}

impl<'a> Arguments<'a> {
    /// Reads `words`; complaints end with `usage`.
    pub(crate) fn new(words: &'a [String], usage: &'static str) -> Self {
        Self {
            words: words.iter(),
            usage,
        }
    }

    /// The next option, or nothing at the end.
    pub(crate) fn next(&mut self) -> Option<&'a str> {
        self.words.next().map(String::as_str)
    }

    /// The value that must follow `option`.
    pub(crate) fn value(&mut self, option: &str) -> Outcome<&'a str> {
        self.next()
            .ok_or_else(|| format!("`{option}` needs a value\n\n{}", self.usage))
    }

    /// The complaint about an option that the command does not have.
    pub(crate) fn unknown(&self, option: &str) -> String {
        format!("there is no option `{option}`\n\n{}", self.usage)
    }
}

#[cfg(test)]
mod tests {
    use super::Arguments;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn options_and_values_are_read_in_order() {
        let words = words("--port 80 --release");
        let mut arguments = Arguments::new(&words, "usage");
        assert_eq!(arguments.next(), Some("--port"));
        assert_eq!(arguments.value("--port"), Ok("80"));
        assert_eq!(arguments.next(), Some("--release"));
        assert_eq!(arguments.next(), None);
    }

    #[test]
    fn a_missing_value_names_its_option_and_shows_the_usage() {
        let message = Arguments::new(&[], "usage of play")
            .value("--port")
            .expect_err("nothing follows");
        assert!(message.contains("`--port`"), "{message}");
        assert!(message.contains("usage of play"), "{message}");
    }
}
