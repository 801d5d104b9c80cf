//! Ctrl-C: asks once to stop in good order, and then insists.

use crate::ending::{Ending, Failure};
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};

static IS_REQUESTED: AtomicBool = AtomicBool::new(false);

/// From now on a first Ctrl-C is a request; a second one ends the process.
pub(crate) fn listen() -> Result<(), Failure> {
    let insist = || {
        if IS_REQUESTED.swap(true, Ordering::Relaxed) {
            process::exit(i32::from(Ending::Interrupted.number()));
        }
    };
    ctrlc::set_handler(insist).map_err(|error| Failure::input(format!("cannot listen for Ctrl-C: {error}")))
}

/// Whether the user asked to stop.
pub(crate) fn is_requested() -> bool {
    IS_REQUESTED.load(Ordering::Relaxed)
}
