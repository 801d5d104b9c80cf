//! wasm-opt, on the whole program before it is cut. Not trunk calls it, because
//! something is done to the program before (`locations.rs`).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Outcome, locations, read, write};

/// What it does: names are kept until the program is cut, gates stay functions of
/// their own, and functions of one kind stand together, which packs better.
const PASSES: &[&str] = &[
    "-g",
    "--no-inline=*::rest_*",
    "--no-inline=late::*",
    "-Oz",
    "--low-memory-unused",
    // What the first round leaves behind shows it more.
    "-Oz",
    "--reorder-functions-by-name",
];

/// Functions stay functions of their own, though only one other one calls them: so it can
/// be seen which are called.
const APART: &str = "--one-caller-inline-max-function-size=20";

/// A smaller module that does the same; with all its functions, if those are counted.
pub(crate) fn optimised(module: &[u8], folder: &Path, is_counted: bool) -> Outcome<Vec<u8>> {
    let [from, to] = ["unpacked.wasm", "optimised.wasm"].map(|name| folder.join(name));
    write(&from, &locations::merged(module)?)?;
    let program = program();
    let status = Command::new(&program)
        .args([&from, Path::new("-o"), &to])
        .args(is_counted.then_some(APART))
        .args(PASSES)
        .status()
        .map_err(|error| format!("cannot start {}: {error}; `npm ci` installs it", program.display()))?;
    if !status.success() {
        return Err(format!("{} failed ({status})", program.display()));
    }
    let smaller = read(&to)?;
    for file in [from, to] {
        fs::remove_file(&file).map_err(|error| format!("cannot remove {}: {error}", file.display()))?;
    }
    Ok(smaller)
}

/// The project's own wasm-opt, else whichever is found.
fn program() -> PathBuf {
    let name = if cfg!(windows) { "wasm-opt.cmd" } else { "wasm-opt" };
    let own = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../node_modules/.bin")).join(name);
    if own.is_file() { own } else { name.into() }
}
