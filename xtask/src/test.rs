//! `cargo xtask test`: every check of the project, one after another.
//!
//! The command stops at the first failure, since later steps would mostly
//! repeat it, and always ends with a table and a line of totals.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::arguments::Arguments;
use crate::project::Project;
use crate::setup;
use crate::steps::{STEPS, Step};

pub(crate) const USAGE: &str = "\
Runs every check, in the order of continuous integration, up to the first failure.

Usage: cargo xtask test [options]

Options:
  --only STEPS  these steps alone: names separated by commas; may be repeated
  --quick       without the steps that build for WebAssembly or use a browser
  --list        the steps and what they do
  -h, --help    this text
";

/// How a step ended.
enum Fate {
    Passed(Duration),
    Failed(Duration),
    NotRun,
}

pub(crate) fn main(words: &[String]) -> Outcome<ExitCode> {
    let mut only: Vec<&str> = Vec::new();
    let mut is_quick = false;
    let mut arguments = Arguments::new(words, USAGE);
    while let Some(option) = arguments.next() {
        match option {
            "--only" => only.extend(arguments.value(option)?.split(',')),
            "--quick" => is_quick = true,
            "--list" => {
                list();
                return Ok(ExitCode::SUCCESS);
            }
            other => return Err(arguments.unknown(other)),
        }
    }
    let steps = select(&only, is_quick)?;
    Ok(run(&Project::find()?, &steps))
}

fn list() {
    for step in STEPS {
        println!("{:<10} {}", step.name, step.about);
    }
}

fn select(only: &[&str], is_quick: bool) -> Outcome<Vec<&'static Step>> {
    if let Some(name) = only.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        return Err(format!("there is no step `{name}`; the steps are {}", names.join(", ")));
    }
    Ok(STEPS
        .iter()
        .filter(|step| only.is_empty() || only.contains(&step.name))
        .filter(|step| !is_quick || step.is_quick)
        .collect())
}

fn run(project: &Project, steps: &[&Step]) -> ExitCode {
    let mut requirements: Vec<_> = steps.iter().flat_map(|step| step.requires).copied().collect();
    requirements.sort_unstable();
    requirements.dedup();

    let mut fates: Vec<(&str, Fate)> = Vec::new();
    let mut is_stopped = false;
    let mut take = |name, run: &dyn Fn() -> Outcome| {
        let fate = if is_stopped { Fate::NotRun } else { attempt(name, run) };
        is_stopped |= matches!(fate, Fate::Failed(_));
        fates.push((name, fate));
    };
    if !requirements.is_empty() {
        take("setup", &|| setup::ensure(project, &requirements));
    }
    for step in steps {
        take(step.name, &|| (step.run)(project));
    }
    summarise(&fates);
    if is_stopped {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// Runs one step and says how it went.
fn attempt(name: &str, run: &dyn Fn() -> Outcome) -> Fate {
    println!("\n== {name}");
    let start = Instant::now();
    let outcome = run();
    let time = start.elapsed();
    match outcome {
        Ok(()) => {
            println!("== {name} passed in {}", seconds(time));
            Fate::Passed(time)
        }
        Err(message) => {
            println!("== {name} FAILED after {}: {message}", seconds(time));
            match name {
                "setup" => println!("run it alone with `cargo xtask setup --browser`"),
                step => println!("run it alone with `cargo xtask test --only {step}`"),
            }
            Fate::Failed(time)
        }
    }
}

fn summarise(fates: &[(&str, Fate)]) {
    let mut passed = 0;
    let mut failed = 0;
    let mut total = Duration::ZERO;
    println!("\n{:<10}  {:<7}  {:>9}", "step", "result", "time");
    for (name, fate) in fates {
        let (result, time) = match fate {
            Fate::Passed(time) => {
                passed += 1;
                ("passed", Some(*time))
            }
            Fate::Failed(time) => {
                failed += 1;
                ("FAILED", Some(*time))
            }
            Fate::NotRun => ("not run", None),
        };
        total += time.unwrap_or_default();
        let shown = time.map_or_else(|| "-".to_owned(), seconds);
        println!("{name:<10}  {result:<7}  {shown:>9}");
    }
    println!("{:<10}  {:<7}  {:>9}\n", "total", "", seconds(total));
    println!("{passed} passed, {failed} failed");
}

/// A duration in words that line up in a column.
pub(crate) fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::select;
    use crate::steps::STEPS;

    fn names(only: &[&str], is_quick: bool) -> Vec<&'static str> {
        let steps = select(only, is_quick).expect("the names exist");
        steps.iter().map(|step| step.name).collect()
    }

    #[test]
    fn everything_runs_unless_told_otherwise() {
        assert_eq!(names(&[], false).len(), STEPS.len());
    }

    #[test]
    fn chosen_steps_keep_the_order_of_the_table() {
        assert_eq!(names(&["clippy", "fmt"], false), ["fmt", "clippy"]);
    }

    #[test]
    fn a_quick_run_needs_nothing_installed() {
        let steps = select(&[], true).expect("no names given");
        assert!(steps.iter().all(|step| step.requires.is_empty()));
        assert!(!steps.is_empty());
    }

    #[test]
    fn an_unknown_step_is_refused_with_the_list() {
        let message = select(&["fmt", "lint"], false).err().expect("`lint` is not a step");
        assert!(message.contains("`lint`"), "{message}");
        assert!(message.contains("clippy"), "{message}");
    }
}
