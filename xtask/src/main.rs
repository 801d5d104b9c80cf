//! The project's own commands: `cargo xtask setup | play | test | regenerate | bench`.
//!
//! Everything that a machine needs beyond `cargo` and a Rust tool chain is
//! found or installed here, and the checks of continuous integration are the
//! very commands that a contributor runs. Standard library only, so that the
//! first `cargo xtask` on a fresh clone compiles in seconds.

mod arguments;
mod bench;
mod golden;
mod javascript;
mod play;
mod project;
mod regenerate;
mod requirement;
mod setup;
mod steps;
mod test;
mod tools;

use std::process::ExitCode;

/// The result of everything here: either it worked, or a sentence for the
/// person at the terminal.
type Outcome<T = ()> = Result<T, String>;

const USAGE: &str = "\
The commands of the mqlab workspace.

Usage: cargo xtask <command> [options]

Commands:
  setup       install what is missing: wasm targets, trunk, wasm-bindgen, npm tools
  play        serve the playground and rebuild it on every change
  test        run every check, in the order of continuous integration
  regenerate  rewrite the files that are generated from the code
  bench       run the benchmarks

`cargo xtask <command> --help` describes the options of one command.
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    match dispatch(&command, &rest) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// A command's body; the words are those after its name.
type Run = fn(&[String]) -> Outcome<ExitCode>;

fn dispatch(command: &str, rest: &[String]) -> Outcome<ExitCode> {
    let (usage, run): (&str, Run) = match command {
        "setup" => (setup::USAGE, |words| succeed(setup::main(words))),
        "play" => (play::USAGE, |words| succeed(play::main(words))),
        "test" => (test::USAGE, test::main),
        "regenerate" => (regenerate::USAGE, |words| succeed(regenerate::main(words))),
        "bench" => (bench::USAGE, |words| succeed(bench::main(words))),
        "" | "help" | "-h" | "--help" => {
            print!("{USAGE}");
            return Ok(ExitCode::SUCCESS);
        }
        unknown => return Err(format!("there is no command `{unknown}`\n\n{USAGE}")),
    };
    let mut options = rest.iter().take_while(|word| *word != "--");
    if options.any(|word| word == "-h" || word == "--help") {
        print!("{usage}");
        return Ok(ExitCode::SUCCESS);
    }
    run(rest).map_err(|message| format!("{command}: {message}"))
}

/// For the commands that either work or explain themselves; `test` has said
/// everything by the time it fails.
fn succeed(outcome: Outcome) -> Outcome<ExitCode> {
    outcome.map(|()| ExitCode::SUCCESS)
}
