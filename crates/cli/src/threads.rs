//! Threads for whatever runs many worlds.

use crate::ending::Failure;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::thread;

/// Bytes of a thread's stack: as many as the first thread of a process mostly
/// has, so that a run works on any of them alike.
const STACK_BYTES: usize = 8 << 20;

/// As many threads as were asked for, or as there are cores.
pub(crate) fn pool(asked: Option<u16>) -> Result<ThreadPool, Failure> {
    let count = asked.map(usize::from);
    let count = count.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from));
    let pool = ThreadPoolBuilder::new()
        .num_threads(count)
        .stack_size(STACK_BYTES)
        .build();
    pool.map_err(|error| Failure::input(format!("cannot start the threads: {error}")))
}
