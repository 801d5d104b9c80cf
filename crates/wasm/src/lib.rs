//! mqlab for JavaScript: the same scenarios, the same digests, in Node.js, in
//! browsers and at the edge.
//!
//! `runScenario` runs a text and reports; `check` only reads it; a `Session`
//! is one variant that is run in pieces and asked on the way. Reports have the
//! shape of the command line's (`docs/report.md`). A mistake in what is handed
//! over is a thrown `Error` whose message says what to do; it never ends the
//! instance.
//!
//! [`api`] and [`session`] are the boundary and do nothing but convert.
//! What they say is put together in the other modules, which know nothing of
//! JavaScript and are tested natively.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod api;
mod finding;
mod options;
mod report;
mod run;
pub mod session;
mod typescript;
