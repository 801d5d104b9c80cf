//! `mqlab check`: what is wrong with scenario texts, without running them.

use crate::arguments::CheckArguments;
use crate::diagnose;
use crate::ending::{Ending, Failure};
use crate::input;
use crate::notation::counted;
use mqlab_scenario::parse;
use std::io::Write;

/// Reads every file; findings go to standard error, a line per good file, or
/// its text with nothing left to chance, to standard output.
pub(crate) fn check(arguments: &CheckArguments, out: &mut dyn Write) -> Result<Ending, Failure> {
    let mut ending = Ending::Held;
    for input in input::read_all(&arguments.files)? {
        let (scenario, findings) = parse(&input.text);
        diagnose::show(&input, &findings);
        match scenario {
            Some(scenario) if arguments.spell_out => match scenario.spelled_out(&input.text) {
                Some(text) => write!(out, "{text}")?,
                None => {
                    let why = "`[faults]` needs a header of its own to be taken out of the text";
                    writeln!(out, "{}: {why}", input.name)?;
                    ending = Ending::BadInput;
                }
            },
            Some(scenario) => {
                let variants = counted(scenario.variants.len() as u64, "variant");
                let expectations = counted(scenario.expectations.len() as u64, "expectation");
                writeln!(out, "{}: ok, {variants}, {expectations}", input.name)?;
            }
            None => {
                let errors = counted(
                    findings
                        .iter()
                        .filter(|finding| finding.severity == mqlab_scenario::Severity::Error)
                        .count() as u64,
                    "error",
                );
                writeln!(out, "{}: {errors}", input.name)?;
                ending = Ending::BadInput;
            }
        }
    }
    Ok(ending)
}
