//! `cargo xtask play`: the playground on this machine, rebuilt on change.

use crate::Outcome;
use crate::arguments::Arguments;
use crate::project::Project;
use crate::requirement::Requirement;
use crate::setup;

const PORT_DEFAULT: u16 = 8080;

pub(crate) const USAGE: &str = "\
Serves the playground and rebuilds it on every change.

Usage: cargo xtask play [options]

Options:
  --port N    the port on this machine (8080)
  --release   the optimised build; needs Node.js for wasm-opt
  -h, --help  this text
";

pub(crate) fn main(words: &[String]) -> Outcome {
    let mut port = PORT_DEFAULT;
    let mut is_release = false;
    let mut arguments = Arguments::new(words, USAGE);
    while let Some(option) = arguments.next() {
        match option {
            "--port" => {
                let value = arguments.value(option)?;
                port = value
                    .parse()
                    .map_err(|_| format!("`--port {value}` is not a port: 1 to 65535"))?;
            }
            "--release" => is_release = true,
            other => return Err(arguments.unknown(other)),
        }
    }

    let project = Project::find()?;
    if is_release {
        setup::ensure(&project, Requirement::BUILD)?;
    } else {
        setup::ensure(&project, Requirement::PLAY)?;
        println!("npm packages: not needed for a development build");
    }
    println!("the playground will be at http://127.0.0.1:{port}/ once it is built");
    let port = port.to_string();
    let mut args = vec!["serve", "--skip-version-check", "--port", &port];
    if is_release {
        args.push("--release");
    }
    project.run("trunk", &args)
}
