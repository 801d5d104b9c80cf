//! The files that are written from the tables are current, and every scenario
//! file is laid out as the formatter does it.

use std::fs;
use std::path::{Path, PathBuf};

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Compares a file with what it should say; with `MQLAB_REGENERATE=1` it is
/// rewritten.
fn check(path: &Path, current: &str) {
    if std::env::var("MQLAB_REGENERATE").is_ok_and(|flag| flag == "1") {
        fs::write(path, current).expect("the file can be written");
    }
    let written = fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == current,
        "{} is out of date: run this test with MQLAB_REGENERATE=1",
        path.display()
    );
}

#[test]
fn the_reference_page_is_current() {
    check(&project("docs/scenario.md"), &mqlab_scenario::reference());
}

#[test]
fn the_schema_is_current() {
    check(&project("docs/scenario.schema.json"), &mqlab_scenario::schema());
}

#[test]
fn scenario_files_are_formatted() {
    for entry in fs::read_dir(project("scenarios")).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            let text = fs::read_to_string(&path).expect("the file can be read");
            check(&path, &mqlab_scenario::print(&text));
        }
    }
}

/// The example at the head of the reference page works.
#[test]
fn the_example_of_the_reference_page_holds() {
    let page = mqlab_scenario::reference();
    let example = page.split("```toml").nth(1).and_then(|rest| rest.split("```").next());
    let (scenario, found) = mqlab_scenario::parse(example.expect("the page has an example"));
    assert!(found.is_empty(), "{found:#?}");
    let mut runner = mqlab_scenario::Runner::new(&scenario.expect("it has no findings"), 0);
    runner.finish();
    assert!(
        runner.results().iter().all(mqlab_scenario::Checked::is_held),
        "{:?}",
        runner.results()
    );
}

/// Formatting changes the layout and nothing else.
#[test]
fn a_formatted_scenario_is_the_same_scenario() {
    for entry in fs::read_dir(project("scenarios")).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        let Ok(text) = fs::read_to_string(&path) else { continue };
        // Every layout that a hand may leave: no empty lines, and too many.
        for rough in [
            text.replace("\n\n", "\n"),
            text.replace('\n', "\n\n"),
            text.replace(" = ", "  ="),
        ] {
            let read = |text: &str| {
                let (scenario, _) = mqlab_scenario::parse(text);
                let mut scenario = scenario.expect("only the layout changed");
                scenario
                    .expectations
                    .iter_mut()
                    .for_each(|expectation| expectation.span = 0..0);
                scenario.about = None;
                scenario
            };
            assert_eq!(read(&mqlab_scenario::print(&rough)), read(&text), "{}", path.display());
        }
    }
}
