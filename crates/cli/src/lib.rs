//! `mqlab`, the command line of the laboratory: runs scenarios, checks what
//! they expect, and shows what happened.
//!
//! Everything that decides what a run does lies in the engine and in the
//! scenario language; this crate reads files, drives runs and writes reports.
//! Only what people and other programs read goes to standard output. Notes,
//! findings and progress go to standard error, so that a report can be piped.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod arguments;
mod chart;
mod check;
mod conform;
mod diagnose;
mod digests;
mod drive;
mod ending;
mod fuzz;
mod import;
mod input;
mod interrupt;
mod load;
mod notation;
mod output;
mod progress;
mod report;
mod run;
mod size;
mod sweep;
mod table;
mod threads;
mod trace;

pub use chart::{Across, Chart, Curve, Panel, Quantity, Stroke, draw, svg};

use arguments::{Arguments, Command};
use clap::{CommandFactory, Parser};
use ending::{Ending, Failure};
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

/// Does what the process's arguments ask for.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(message) => {
            // Nobody is left to tell if this cannot be written either.
            let _ = message.print();
            return if message.use_stderr() {
                Ending::BadInput.code()
            } else {
                Ending::Held.code()
            };
        }
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let ending = perform(&arguments.command, &mut out).and_then(|ending| {
        out.flush()?;
        Ok(ending)
    });
    // What is still in the buffer after a broken pipe must not be written
    // again when it is dropped.
    let (_, _) = out.into_parts();
    match ending {
        Ok(ending) => ending.code(),
        Err(failure) => failure.report().code(),
    }
}

fn perform(command: &Command, out: &mut dyn Write) -> Result<Ending, Failure> {
    match command {
        Command::Run(arguments) => run::run(arguments, out),
        Command::Check(arguments) => check::check(arguments, out),
        Command::Sweep(arguments) => sweep::sweep(arguments, out),
        Command::Conform(arguments) => conform::conform(arguments, out),
        Command::Size(arguments) => size::size(arguments, out),
        Command::Fuzz(arguments) => fuzz::fuzz(arguments, out),
        Command::Trace(arguments) => trace::trace(arguments, out),
        Command::Import(arguments) => import::import(arguments, out),
        Command::Digests(arguments) => digests::digests(arguments, out),
        Command::Schema => print(out, &mqlab_scenario::schema()),
        Command::Reference => print(out, &mqlab_scenario::reference()),
        Command::Completions { shell } => {
            // The generator panics where it cannot write, so it writes to memory.
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "mqlab", &mut script);
            out.write_all(&script)?;
            Ok(Ending::Held)
        }
    }
}

/// Writes a text that ends in a newline, as files do.
fn print(out: &mut dyn Write, text: &str) -> Result<Ending, Failure> {
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        writeln!(out)?;
    }
    Ok(Ending::Held)
}
