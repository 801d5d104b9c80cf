//! The project's own commands: `cargo xtask setup | play | test | regenerate | bench`.
//!
//! Everything that a machine needs beyond `cargo` and a Rust tool chain is
//! found or installed here, and the checks of continuous integration are the
//! very commands that a contributor runs. Standard library only, so that the
//! first `cargo xtask` on a fresh clone compiles in seconds.

mod arguments;
mod bench;
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
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: &str, rest: &[String]) -> Outcome {
    let (usage, run): (&str, fn(&[String]) -> Outcome) = match command {
        "setup" => (setup::USAGE, setup::main),
        "play" => (play::USAGE, play::main),
        "test" => (test::USAGE, test::main),
        "regenerate" => (regenerate::USAGE, regenerate::main),
        "bench" => (bench::USAGE, bench::main),
        "" | "help" | "-h" | "--help" => {
            print!("{USAGE}");
            return Ok(());
        }
        unknown => return Err(format!("there is no command `{unknown}`\n\n{USAGE}")),
    };
    if rest
        .iter()
        .take_while(|word| *word != "--")
        .any(|word| word == "-h" || word == "--help")
    {
        print!("{usage}");
        return Ok(());
    }
    run(rest).map_err(|message| format!("{command}: {message}"))
}
