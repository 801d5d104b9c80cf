//! Conformance: does mqlab do what real brokers do, and what theory says?
//!
//! A file of cases holds inputs and expected outputs taken as facts from the
//! tests and documents of real brokers ([`CaseFile`]). Each topic is a module
//! that knows its kinds of cases: pure kinds call the very function that a
//! node uses, kinds with a course of events run a real world. [`judge`] picks
//! the module. What is written here are the rules, never the cases: any file
//! of the same shape can be judged.
//!
//! A further topic is a module with a `judge` function and an arm in
//! `topics`.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod case;
pub mod history;
mod kafka;
mod outcome;
mod queueing;
mod rabbitmq;
mod rpc;
mod runs;
mod topics;

pub use case::{CASES_MAX, Case, CaseFile, FILE_BYTES_MAX, Source};
pub use outcome::{Mismatch, Outcome};
pub use runs::{Observed, Runs, Sequential};
pub use topics::{TOPICS, judge};
