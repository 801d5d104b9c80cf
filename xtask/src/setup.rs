//! `cargo xtask setup`: makes the machine ready, and is quick when it is.

use std::time::Instant;

use crate::Outcome;
use crate::arguments::Arguments;
use crate::project::{Project, command_line};
use crate::requirement::{Finding, Remedy, Requirement};
use crate::test::seconds;

pub(crate) const USAGE: &str = "\
Installs what the project needs and this machine lacks.

Usage: cargo xtask setup [options]

Options:
  --browser   also the browser that the end-to-end tests drive
  --dry-run   say what would be done, and change nothing
  -h, --help  this text
";

/// What to do about a missing requirement.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Install,
    Report,
}

pub(crate) fn main(words: &[String]) -> Outcome {
    let mut requirements = Requirement::BUILD.to_vec();
    let mut mode = Mode::Install;
    let mut arguments = Arguments::new(words, USAGE);
    while let Some(option) = arguments.next() {
        match option {
            "--browser" => requirements.push(Requirement::Chromium),
            "--dry-run" => mode = Mode::Report,
            other => return Err(arguments.unknown(other)),
        }
    }
    meet_all(&Project::find()?, &requirements, mode)
}

/// Installs whatever of `requirements` is missing, one line for each.
pub(crate) fn ensure(project: &Project, requirements: &[Requirement]) -> Outcome {
    meet_all(project, requirements, Mode::Install)
}

fn meet_all(project: &Project, requirements: &[Requirement], mode: Mode) -> Outcome {
    requirements
        .iter()
        .try_for_each(|&requirement| meet(project, requirement, mode))
}

fn meet(project: &Project, requirement: Requirement, mode: Mode) -> Outcome {
    let name = requirement.name();
    let (why, remedy) = match requirement.look(project)? {
        Finding::Present(what) => {
            println!("{name}: {what}, nothing to do");
            return Ok(());
        }
        Finding::Missing(why, remedy) => (why, remedy),
    };
    match (mode, remedy) {
        (Mode::Report, Remedy::Run(commands)) => {
            println!("{name}: {why}, would run");
            for command in &commands {
                let line = command_line(command.program, &command.args, &command.variables);
                println!("  {line}");
            }
            Ok(())
        }
        (Mode::Report, Remedy::ByHand(advice)) => {
            println!("{name}: {why}, would ask you to {advice}");
            Ok(())
        }
        (Mode::Install, Remedy::ByHand(advice)) => Err(format!("{name}: {why}; {advice}")),
        (Mode::Install, Remedy::Run(commands)) => {
            println!("{name}: {why}, installing");
            let start = Instant::now();
            for command in &commands {
                project.run_with(command.program, &command.args, &command.variables)?;
            }
            requirement.record(project)?;
            match requirement.look(project)? {
                Finding::Present(what) => {
                    println!("{name}: {what}, installed in {}", seconds(start.elapsed()));
                    Ok(())
                }
                Finding::Missing(why, _) => Err(format!("{name}: still missing after installation ({why})")),
            }
        }
    }
}
