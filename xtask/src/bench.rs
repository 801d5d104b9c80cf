//! `cargo xtask bench`: the benchmarks.

use crate::Outcome;
use crate::project::Project;

pub(crate) const USAGE: &str = "\
Runs the benchmarks.

Usage: cargo xtask bench [arguments of cargo bench]
";

pub(crate) fn main(words: &[String]) -> Outcome {
    let mut args = vec!["bench".to_owned()];
    args.extend_from_slice(words);
    Project::find()?.run("cargo", &args)
}
