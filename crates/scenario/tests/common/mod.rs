//! Small scenarios in tests: run, and what is said about them.

#![allow(dead_code, reason = "no test needs all of this")]

use mqlab_scenario::{Runner, State, parse};

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
    let said = findings(text);
    let found = said.iter().any(|one| words.iter().all(|word| one.contains(word)));
    assert!(found, "{words:?} is not in {said:#?}");
}
