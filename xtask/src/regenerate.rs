//! `cargo xtask regenerate`: the files that the code writes about itself.

use std::fs;

use crate::Outcome;
use crate::arguments::Arguments;
use crate::golden;
use crate::project::Project;

pub(crate) const USAGE: &str = "\
Rewrites the files that are generated from the code.

Usage: cargo xtask regenerate [options]

Options:
  --check     change nothing, fail if a file is out of date
  -h, --help  this text
";

/// A file that holds what `mqlab` prints.
struct Generated {
    path: &'static str,
    /// The arguments of `mqlab`; [`SCENARIOS`] stands for every scenario file.
    args: &'static [&'static str],
    /// Whether it takes a run of every scenario.
    is_long: bool,
}

/// Stands for the list of scenario files among the arguments.
const SCENARIOS: &str = "scenarios/*.toml";

const GENERATED: &[Generated] = &[
    Generated {
        path: "docs/scenario.schema.json",
        args: &["schema"],
        is_long: false,
    },
    Generated {
        path: golden::RECORDED,
        args: &["digests", SCENARIOS],
        is_long: true,
    },
];

/// The test that compares the gallery's cards with the scenarios, and with
/// [`WRITE_CARDS`] writes them.
const CARDS: &[&str] = &["test", "--quiet", "-p", "mqlab-playground", "--lib", "gallery::drawn"];
const WRITE_CARDS: &[(&str, &str)] = &[("MQLAB_REGENERATE", "1")];

pub(crate) fn main(words: &[String]) -> Outcome {
    let mut is_check = false;
    let mut arguments = Arguments::new(words, USAGE);
    while let Some(option) = arguments.next() {
        match option {
            "--check" => is_check = true,
            other => return Err(arguments.unknown(other)),
        }
    }
    let project = Project::find()?;
    if is_check {
        check(&project, GENERATED)
    } else {
        write(&project)
    }
}

/// Checks the files that are quick to make; the recorded digests are compared
/// by the one step that runs the scenarios anyway.
pub(crate) fn check_quick(project: &Project) -> Outcome {
    check(project, GENERATED.iter().filter(|file| !file.is_long))
}

/// Fails with the names of the files that differ from what the code says.
fn check(project: &Project, files: impl IntoIterator<Item = &'static Generated>) -> Outcome {
    let mut stale = Vec::new();
    for file in files {
        let current = fs::read(project.path(file.path)).unwrap_or_default();
        if produce(project, file)? == current {
            println!("{}: up to date", file.path);
        } else {
            stale.push(file.path);
        }
    }
    if stale.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "out of date: {}; run `cargo xtask regenerate`",
            stale.join(", ")
        ))
    }
}

fn write(project: &Project) -> Outcome {
    for file in GENERATED {
        let contents = produce(project, file)?;
        let path = project.path(file.path);
        if fs::read(&path).is_ok_and(|current| current == contents) {
            println!("{}: unchanged", file.path);
            continue;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
        }
        fs::write(&path, contents).map_err(|error| format!("cannot write {}: {error}", file.path))?;
        println!("{}: written", file.path);
    }
    project.run_with("cargo", CARDS, WRITE_CARDS)
}

/// What the file should hold. The release build is used because the other
/// checks have compiled it already.
fn produce(project: &Project, file: &Generated) -> Outcome<Vec<u8>> {
    let mut args: Vec<String> = ["run", "--quiet", "--release", "-p", "mqlab-cli", "--"]
        .map(str::to_owned)
        .to_vec();
    for &arg in file.args {
        if arg == SCENARIOS {
            args.extend(project.files("scenarios", ".toml")?);
        } else {
            args.push(arg.to_owned());
        }
    }
    project.output("cargo", &args)
}
