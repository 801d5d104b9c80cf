//! `mqlab digests`: the lines that pin what runs come to on every platform.

use crate::arguments::{Changes, DigestsArguments};
use crate::drive::{End, drive};
use crate::ending::{Ending, Failure, warn};
use crate::load::load;
use crate::{interrupt, notation};
use std::io::Write;

/// Prints `scenario variant digest` for every variant of every file.
pub(crate) fn digests(arguments: &DigestsArguments, out: &mut dyn Write) -> Result<Ending, Failure> {
    let mut ending = Ending::Held;
    let loaded = load(&arguments.files, &Changes::default(), true)?;
    interrupt::listen()?;
    for one in &loaded {
        for (index, variant) in one.scenario.variants.iter().enumerate() {
            let run = drive(&one.scenario, index, true);
            match run.end {
                End::Interrupted => return Ok(Ending::Interrupted),
                End::Limit(hit) => {
                    warn(format_args!(
                        "{}: {} was ended by the limit `{}`",
                        one.input.name,
                        variant.name,
                        hit.name()
                    ));
                    ending = Ending::Failed;
                }
                End::Over => {}
            }
            let digest = notation::digest(run.runner.world().digest());
            writeln!(out, "{} {} {digest}", one.input.stem, variant.name)?;
            out.flush()?;
        }
    }
    Ok(ending)
}
