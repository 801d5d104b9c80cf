//! `cargo xtask bench`: the benchmarks, native and as WebAssembly.

use std::fs;

use crate::Outcome;
use crate::arguments::Arguments;
use crate::javascript;
use crate::project::Project;
use crate::setup;

pub(crate) const USAGE: &str = "\
Runs the benchmarks: scenarios beside a bare loop, natively and then in Node.js.

Usage: cargo xtask bench [options]

Options:
  --quick     each workload once, without the long ones
  --native    not in Node.js
  -h, --help  this text
";

pub(crate) fn main(words: &[String]) -> Outcome {
    let mut is_quick = false;
    let mut is_native = false;
    let mut arguments = Arguments::new(words, USAGE);
    while let Some(option) = arguments.next() {
        match option {
            "--quick" => is_quick = true,
            "--native" => is_native = true,
            other => return Err(arguments.unknown(other)),
        }
    }

    let project = Project::find()?;
    let folder = project.target_dir().join("bench");
    fs::create_dir_all(&folder).map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
    let figures = folder.join("native.json");
    let mut args = ["bench", "--bench", "speed", "--", "--json"]
        .map(str::to_owned)
        .to_vec();
    args.push(figures.to_string_lossy().into_owned());
    if is_quick {
        args.push("--quick".to_owned());
    }
    // Everything is built first: nothing should compile beside a measurement.
    let loader = if is_native {
        None
    } else {
        setup::ensure(&project, javascript::REQUIRES)?;
        Some(javascript::build(&project)?)
    };
    project.run("cargo", &args)?;
    let Some(loader) = loader else { return Ok(()) };
    project.run(
        "node",
        &["benches/node.mjs".as_ref(), loader.as_os_str(), figures.as_os_str()],
    )
}
