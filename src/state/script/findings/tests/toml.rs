//! Broken texts, and all that the TOML parser says of them: in Chinese as well.

use super::{CHINESE, is_chinese, said};
use mqlab_engine::MetricInfo;
use mqlab_scenario::{Diagnostic, Key, Phrase, Words};
use std::cell::RefCell;

/// Texts with one mistake, and what is said of it. Together they are every place in
/// `toml`, `toml_parser` and `toml_datetime` where a mistake is told, as far as a text
/// can get there.
const BROKEN: &[(&str, &str)] = &[
    // Tables and keys.
    ("[[a]\n", "unclosed array table, expected `]`"),
    ("[[a\n", "unclosed array table, expected `]]`"),
    ("[a\n", "unclosed table, expected `]`"),
    ("]\n", "missing table open, expected `[`"),
    ("{\n", "invalid key-value pair, expected key"),
    ("a\n", "key with no value, expected `=`"),
    (".a\n", "missing value for key, expected `=`"),
    (
        "= 1\n",
        "unquoted keys cannot be empty, expected letters, numbers, `-`, `_`",
    ),
    ("a$ = 1\n", "invalid unquoted key, expected letters, numbers, `-`, `_`"),
    (
        "'''a''' = 1\n",
        "keys cannot be multi-line literal strings, expected basic string, literal string",
    ),
    (
        "\"\"\"a\"\"\" = 1\n",
        "keys cannot be multi-line basic strings, expected basic string, literal string",
    ),
    ("a = 1\na = 2\n", "duplicate key"),
    (
        "a = \"t\"\na.b = 1\n",
        "cannot extend value of type string with a dotted key",
    ),
    (
        "a = 1\na.b = 1\n",
        "cannot extend value of type integer with a dotted key",
    ),
    (
        "a = 1.5\na.b = 1\n",
        "cannot extend value of type float with a dotted key",
    ),
    (
        "a = true\na.b = 1\n",
        "cannot extend value of type boolean with a dotted key",
    ),
    (
        "a = 07:32:00\na.b = 1\n",
        "cannot extend value of type datetime with a dotted key",
    ),
    (
        "a = []\na.b = 1\n",
        "cannot extend value of type array with a dotted key",
    ),
    (
        "a = {}\na.b = 1\n",
        "cannot extend value of type inline table with a dotted key",
    ),
    // Lines.
    ("a = 1 b\n", "string values must be quoted, expected literal string"),
    ("a = \"t\" b\n", "unexpected key or value, expected newline, `#`"),
    ("# \u{1}\n", "invalid comment character, expected printable characters"),
    (
        "a = 1\rb = 2\n",
        "carriage return must be followed by newline, expected newline",
    ),
    // Values.
    ("a = = 1\n", "extra `=`, expected nothing"),
    ("a = }\n", "missing inline table opening, expected `{`"),
    ("a = ]\n", "missing array opening, expected `[`"),
    ("a = b\n", "string values must be quoted, expected literal string"),
    ("a = b'\n", "missing opening quote, expected `'`"),
    ("a = tru\n", "invalid boolean, expected `true`"),
    ("a = False\n", "invalid boolean, expected `false`"),
    ("a = infinity\n", "invalid float, expected `inf`"),
    ("a = +NaN\n", "invalid float, expected `nan`"),
    // Lists and tables in a line.
    ("a = [1\n", "unclosed array, expected `]`"),
    ("a = [,]\n", "extra comma in array, expected value"),
    ("a = [= 1]\n", "unexpected `=` in array, expected value, `]`"),
    ("a = [1 \"t\"]\n", "missing comma between array elements, expected `,`"),
    ("a = { b = 1\n", "unclosed inline table, expected `}`"),
    ("a = { , }\n", "extra comma in inline table, expected key"),
    (
        "a = { b = = 1 }\n",
        "extra assignment between key-value pairs, expected value",
    ),
    ("a = { {} }\n", "missing key for inline table element, expected key"),
    (
        "a = { b [] }\n",
        "missing assignment between key-value pairs, expected `=`",
    ),
    (
        "a = { b = 1 \"c\" = 2 }\n",
        "missing comma between key-value pairs, expected `,`",
    ),
    ("a = { [] }\n", "missing key for inline table element, expected key"),
    ("a = { b ] }\n", "invalid inline table element, expected `=`"),
    // Numbers.
    ("a = --1\n", "redundant numeric sign, expected nothing"),
    ("a = -0x1\n", "integers with a radix cannot be signed, expected nothing"),
    ("a = 0X1\n", "radix must be lowercase, expected `0x`"),
    ("a = 0d1\n", "redundant integer number prefix, expected nothing"),
    ("a = 0x+1\n", "unexpected sign, expected nothing"),
    ("a = 0dz\n", "invalid integer number"),
    ("a = 0xg\n", "invalid hexadecimal number"),
    ("a = 0o8\n", "invalid octal number"),
    ("a = 0b2\n", "invalid binary number"),
    ("a = 01\n", "unexpected leading zero, expected nothing"),
    ("a = 1__0\n", "`_` may only go between digits, expected nothing"),
    ("a = .5\n", "invalid mantissa, expected digits"),
    ("a = 1.\n", "invalid fraction, expected digits"),
    ("a = 1e\n", "invalid exponent, expected digits"),
    ("a = 1.5x\n", "invalid float, expected nothing"),
    // Strings.
    ("a = 't\n", "invalid literal string, expected `'`"),
    (
        "a = '\u{1}'\n",
        "invalid literal string, expected non-single-quote visible characters",
    ),
    ("a = \"t\n", "invalid basic string, expected `\"`"),
    (
        "a = \"\u{1}\"\n",
        "invalid basic string, expected non-double-quote visible characters, `\\`",
    ),
    ("a = '''t\n", "invalid multi-line literal string, expected `'`"),
    (
        "a = '''\u{1}'''\n",
        "invalid multi-line literal string, expected non-single-quote characters",
    ),
    ("a = \"\"\"t\n", "invalid multi-line basic string, expected `\"`"),
    (
        "a = \"\"\"\u{1}\"\"\"\n",
        "invalid multi-line basic string, expected `\\`, characters",
    ),
    (
        "a = \"\"\"t\\ t\"\"\"\n",
        "invalid multi-line basic string, expected newline",
    ),
    (
        "a = \"\\q\"\n",
        "missing escaped value, expected `b`, `e`, `f`, `n`, `r`, `\\`, `\"`, `x`, `u`, `U`",
    ),
    (
        "a = \"\\u12\"\n",
        "too few unicode value digits, expected unicode hexadecimal value",
    ),
    ("a = \"\\uD800\"\n", "invalid value, expected unicode hexadecimal value"),
    // Dates and times.
    ("a = 1-\n", "invalid date, expected month"),
    ("a = 1979-05\n", "invalid date, expected `-` (MM-DD)"),
    ("a = 1979-05-\n", "invalid date, expected day"),
    ("a = 79-05-27\n", "invalid date, expected a four-digit year (YYYY)"),
    ("a = 1979-5-27\n", "invalid date, expected a two-digit month (MM)"),
    ("a = 1979-05-7\n", "invalid date, expected a two-digit day (DD)"),
    ("a = 1979-13-27\n", "invalid date, expected month between 01 and 12"),
    ("a = 1979-02-29\n", "invalid date, expected day between 01 and 28"),
    ("a = 1980-02-30\n", "invalid date, expected day between 01 and 29"),
    ("a = 1979-04-31\n", "invalid date, expected day between 01 and 30"),
    ("a = 1979-05-32\n", "invalid date, expected day between 01 and 31"),
    (
        "a = 1979-05-27X\n",
        "invalid date-time, expected `T` between date and time",
    ),
    ("a = 1979-05-27T\n", "invalid time, expected hour"),
    ("a = 1979-05-27T07\n", "invalid time, expected `:` (HH:MM)"),
    ("a = 07:\n", "invalid time, expected minute"),
    ("a = 07:32:\n", "invalid time, expected second"),
    ("a = 07:32:00.\n", "invalid time, expected nanosecond"),
    ("a = 7:32:00\n", "invalid time, expected a two-digit hour (HH)"),
    ("a = 07:2:00\n", "invalid time, expected a two-digit minute (MM)"),
    ("a = 07:32:0\n", "invalid time, expected a two-digit second (SS)"),
    ("a = 24:32:00\n", "invalid time, expected hour between 00 and 23"),
    ("a = 07:60:00\n", "invalid time, expected minute between 00 and 59"),
    ("a = 07:32:61\n", "invalid time, expected second between 00 and 60"),
    ("a = +07:32:00\n", "invalid datetime, expected year or hour"),
    ("a = 07:32:00Z\n", "invalid datetime"),
    (
        "a = 1979-05-27T07:32:00x\n",
        "invalid offset, expected `Z`, +OFFSET, -OFFSET",
    ),
    ("a = 1979-05-27T07:32:00+\n", "invalid offset, expected hour"),
    ("a = 1979-05-27T07:32:00+07\n", "invalid offset, expected `:` (HH:MM)"),
    ("a = 1979-05-27T07:32:00+07:\n", "invalid offset, expected minute"),
    (
        "a = 1979-05-27T07:32:00+7:00\n",
        "invalid offset, expected a two-digit hour (HH)",
    ),
    (
        "a = 1979-05-27T07:32:00+24:00\n",
        "invalid offset, expected hours between 00 and 23",
    ),
    (
        "a = 1979-05-27T07:32:00+07:60\n",
        "invalid offset, expected minutes between 00 and 59",
    ),
];

/// What the parsers can say and no text gets them to.
const UNHEARD: &[Phrase] = &[
    // Nesting is refused before.
    Phrase::TomlRecursion,
    Phrase::TomlRecursionLimit,
    // Every text ends with a token that says so, and a comment with its line.
    Phrase::TomlNoComment,
    Phrase::TomlNoValue,
    Phrase::TomlBehindComment,
    Phrase::TomlUnexpected,
    Phrase::TomlKey,
    Phrase::TomlTable,
    // A text is never the kind that was expected, and others are told by their quotes.
    Phrase::TomlString,
    Phrase::TomlALongBasic,
    Phrase::TomlAnUnquoted,
];

/// What the TOML parser says of a text.
fn findings(text: &str) -> Vec<Diagnostic> {
    let (_, found) = mqlab_scenario::parse(text);
    found.into_iter().filter(|one| one.code == "toml").collect()
}

/// A text without what stands in backticks and in brackets, which is the language's own.
fn words(text: &str) -> String {
    let outside: String = text.split('`').step_by(2).collect();
    let mut depth = 0;
    let is_word = |letter: &char| {
        match letter {
            '(' | '\u{ff08}' => depth += 1,
            ')' | '\u{ff09}' => depth -= 1,
            _ => {}
        }
        depth == 0
    };
    outside.replace("Unicode", "").chars().filter(is_word).collect()
}

#[test]
fn every_mistake_is_told_and_in_chinese_as_well() {
    for (text, expected) in BROKEN {
        let found = findings(text);
        let english: Vec<String> = found.iter().map(|one| one.message.to_string()).collect();
        assert!(
            english.iter().any(|message| message == expected),
            "{text:?}: {english:?}"
        );
        for one in &found {
            for language in CHINESE {
                let spoken = said(language, &one.message);
                assert!(is_chinese(&spoken), "{text:?}: {spoken}");
                let latin = words(&spoken).contains(|letter: char| letter.is_ascii_alphabetic());
                assert!(!latin, "{text:?}: {spoken}");
            }
        }
    }
}

/// Notes which phrases are said.
#[derive(Default)]
struct Heard(RefCell<Vec<Phrase>>);

impl Words for Heard {
    fn phrase(&self, phrase: Phrase) -> &'static str {
        self.0.borrow_mut().push(phrase);
        phrase.english()
    }

    fn key(&self, key: &'static Key) -> &'static str {
        key.doc
    }

    fn metric(&self, metric: &'static MetricInfo) -> &'static str {
        metric.doc
    }
}

#[test]
fn the_broken_texts_get_the_parser_to_say_all_that_it_can() {
    let heard = Heard::default();
    for one in BROKEN.iter().flat_map(|(text, _)| findings(text)) {
        one.message.spoken(&heard);
    }
    let heard = heard.0.into_inner();
    let rows = &super::super::toml::ROWS;
    let unheard = rows.phrases.iter().filter(|phrase| !heard.contains(phrase));
    assert_eq!(unheard.copied().collect::<Vec<_>>(), UNHEARD);
}
