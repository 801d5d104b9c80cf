//! Small scenarios in tests: run, and what is said about them.

#![allow(dead_code, reason = "no test needs all of this")]

use mqlab_scenario::{Diagnostic, Key, Runner, State, ValueKind, parse};

/// Runs every variant of a text; everything that it expects must hold, and
/// there must be something that it expects.
pub(crate) fn holds(text: &str) {
    let (scenario, found) = parse(text);
    let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
    assert!(!scenario.expectations.is_empty(), "nothing is expected");
    for variant in 0..scenario.variants.len() {
        let mut runner = Runner::new(&scenario, variant);
        runner.finish();
        for result in runner.results() {
            let that = &scenario.expectations[result.expectation].text;
            let name = &scenario.variants[variant].name;
            assert!(
                matches!(result.state, State::Held { .. }),
                "{name}: {that}: {:?}",
                result.state
            );
        }
    }
}

/// What is said about a text, as `code: message`.
pub(crate) fn findings(text: &str) -> Vec<String> {
    let (_, found) = parse(text);
    found
        .iter()
        .map(|one| format!("{}: {}", one.code, one.message))
        .collect()
}

/// Whether something is said that has all of these words in it.
pub(crate) fn assert_said(text: &str, words: &[&str]) {
    assert_among(&findings(text), words);
}

/// The same with the help that stands behind it.
pub(crate) fn assert_said_with_help(text: &str, words: &[&str]) {
    let (_, found) = parse(text);
    let said = |one: &Diagnostic| {
        let help = one.help.as_ref().map(ToString::to_string);
        format!("{}: {} ({})", one.code, one.message, help.unwrap_or_default())
    };
    let said: Vec<String> = found.iter().map(said).collect();
    assert_among(&said, words);
}

fn assert_among(said: &[String], words: &[&str]) {
    let found = said.iter().any(|one| words.iter().all(|word| one.contains(word)));
    assert!(found, "{words:?} is not in {said:#?}");
}

/// What is set at which instants, and what is expected, as text. A path stands below
/// `above`; an expectation may end with ` at ` and its instant.
pub(crate) fn sets_and_expects(above: &str, sets: &[(&str, &str)], expects: &[&str]) -> String {
    let set = |(time, set): &(&str, &str)| {
        let (path, value) = set.split_once(" = ").expect("a path and a value");
        format!("[[at]]\ntime = \"{time}\"\nset = {{ \"{above}{path}\" = {value} }}\n")
    };
    let expect = |that: &&str| match that.split_once(" at ") {
        Some((that, at)) => format!("[[expect]]\nthat = \"{that}\"\nat = \"{at}\"\n"),
        None => format!("[[expect]]\nthat = \"{that}\"\n"),
    };
    let sets = sets.iter().map(set);
    sets.chain(expects.iter().map(expect)).collect()
}

/// Some value of a key's kind; `None` of a table.
pub(crate) fn some_value(key: &Key) -> Option<String> {
    Some(match key.kind {
        ValueKind::Table | ValueKind::Map => return None,
        ValueKind::Integer(least, _) => least.to_string(),
        ValueKind::Flag => "true".into(),
        ValueKind::Choice(choices) => format!("\"{}\"", choices[0]),
        ValueKind::Bytes => "\"1MB\"".into(),
        ValueKind::Bandwidth => "\"1MB/s\"".into(),
        ValueKind::Chance => "\"5%\"".into(),
        _ => "\"1s\"".into(),
    })
}
