//! One native run of every scenario: what they expect must hold, and what they
//! come to must be what is recorded.
//!
//! The longest scenario takes most of the time of a check, so nothing else
//! runs all of them natively. The report is read line by line: it is written
//! by this workspace with one field in a line, and a JSON parser would be the
//! only dependency here.

use std::collections::BTreeMap;

use crate::Outcome;
use crate::project::Project;

/// Lines of `scenario variant digest`. WebAssembly is held to the same file.
pub(crate) const RECORDED: &str = "tests/golden/digests.txt";

/// What a report says.
#[derive(Default)]
struct Run {
    digests: BTreeMap<String, String>,
    /// Expectations that hold.
    held: u32,
    problems: Vec<String>,
}

/// Runs every scenario and compares.
pub(crate) fn check(project: &Project) -> Outcome {
    let mut args: Vec<String> = [
        "run",
        "--quiet",
        "--release",
        "-p",
        "mqlab-cli",
        "--",
        "run",
        "--format",
        "json",
    ]
    .map(str::to_owned)
    .to_vec();
    args.extend(project.files("scenarios", ".toml")?);
    let (is_success, report) = project.printed("cargo", &args)?;
    let mut run = read(&String::from_utf8_lossy(&report));
    let recorded = recorded(&project.read(RECORDED).unwrap_or_default());
    let changed = differences(&recorded, &run.digests);
    if !changed.is_empty() {
        println!("if it is meant that digests change: `cargo xtask regenerate`");
    }
    run.problems.extend(changed);
    if run.digests.is_empty() {
        run.problems.push("no scenario ran".to_owned());
    } else if !is_success && run.problems.is_empty() {
        run.problems.push("the run failed".to_owned());
    }
    if run.problems.is_empty() {
        let variants = run.digests.len();
        println!(
            "{variants} variants ran, {} expectations hold, all digests are the recorded ones",
            run.held
        );
        return Ok(());
    }
    for problem in &run.problems {
        println!("{problem}");
    }
    Err(format!("{} found wrong", run.problems.len()))
}

/// Reads what `mqlab run --format json` prints.
fn read(report: &str) -> Run {
    let mut run = Run::default();
    let (mut scenario, mut variant) = (String::new(), String::new());
    let (mut that, mut actual) = (String::new(), String::new());
    for line in report.lines() {
        let Some((key, value)) = field(line) else {
            continue;
        };
        match key {
            "file" => {
                let name = value.rsplit('/').next().unwrap_or(value);
                scenario = name.trim_end_matches(".toml").to_owned();
            }
            "name" => variant = value.to_owned(),
            "digest" => {
                run.digests.insert(format!("{scenario} {variant}"), value.to_owned());
            }
            "limit" => run
                .problems
                .push(format!("{scenario} {variant}: ended by the limit `{value}`")),
            "that" => that = value.to_owned(),
            "actual" => actual = value.to_owned(),
            "pass" if value == "true" => run.held += 1,
            "pass" => run
                .problems
                .push(format!("{scenario} {variant}: {that}, but it is {actual}")),
            _ => {}
        }
    }
    run
}

/// The key and the value of a line of a JSON object, without quotes.
fn field(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.trim().strip_prefix('"')?.split_once("\": ")?;
    let value = value.trim_end_matches(',');
    let text = value.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    Some((key, text.unwrap_or(value)))
}

/// The recorded digests by scenario and variant.
fn recorded(text: &str) -> BTreeMap<String, String> {
    text.lines()
        .filter_map(|line| line.rsplit_once(' '))
        .map(|(of, digest)| (of.to_owned(), digest.to_owned()))
        .collect()
}

/// What differs, in words.
fn differences(recorded: &BTreeMap<String, String>, actual: &BTreeMap<String, String>) -> Vec<String> {
    let mut found = Vec::new();
    for (of, digest) in recorded {
        match actual.get(of) {
            None => found.push(format!("{of}: recorded, but did not run")),
            Some(actual) if actual != digest => {
                found.push(format!("{of}: recorded {digest}, came to {actual}"));
            }
            Some(_) => {}
        }
    }
    for of in actual.keys().filter(|of| !recorded.contains_key(*of)) {
        found.push(format!("{of}: ran, but is not recorded"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{differences, read, recorded};

    const REPORT: &str = r#"[
  {
    "scenario": "Title, with: \"marks\"",
    "file": "scenarios/one.toml",
    "variants": [
      {
        "name": "a",
        "digest": "00000000000000aa",
        "metrics": {
          "offered(van)": 3
        },
        "expectations": [
          {
            "that": "lost == 0",
            "actual": "0",
            "pass": true,
            "decided": null
          },
          {
            "that": "rows(shelf) == 3",
            "actual": "2",
            "pass": false
          }
        ]
      },
      {
        "name": "b",
        "digest": "00000000000000bb",
        "limit": "actions"
      }
    ]
  }
]"#;

    #[test]
    fn a_report_is_read_line_by_line() {
        let run = read(REPORT);
        assert_eq!(run.held, 1);
        assert_eq!(
            run.problems,
            [
                "one a: rows(shelf) == 3, but it is 2",
                "one b: ended by the limit `actions`"
            ]
        );
        assert_eq!(run.digests["one a"], "00000000000000aa");
        assert_eq!(run.digests["one b"], "00000000000000bb");
    }

    #[test]
    fn differences_are_named() {
        let actual = read(REPORT).digests;
        let same = recorded("one a 00000000000000aa\none b 00000000000000bb\n");
        assert!(differences(&same, &actual).is_empty());
        let other = recorded("one a 00000000000000ff\ntwo a 00000000000000aa\n");
        let found = differences(&other, &actual).join("\n");
        for part in ["one a: recorded", "two a: recorded, but", "one b: ran, but"] {
            assert!(found.contains(part), "{found}");
        }
    }
}
