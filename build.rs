//! Lists the scenario files and their lessons, so that the page carries the
//! very texts that the command line runs, whatever is added to the folders.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let folder = Path::new(&root).join("scenarios");
    let scenarios = list(&folder, "Every scenario, by the names of the files.", "SCENARIOS")?;
    fs::write(Path::new(&out).join("scenarios.rs"), scenarios)?;
    let lessons = list(
        &folder.join("lessons"),
        "Every lesson, by the names of the files.",
        "LESSONS",
    )?;
    fs::write(Path::new(&out).join("lessons.rs"), lessons)
}

/// The code of a table of all TOML files in a folder.
fn list(folder: &Path, about: &str, name: &str) -> io::Result<String> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            paths.push(path);
        }
    }
    // By name without the ending: that is what people see.
    paths.sort_by_key(|path| path.file_stem().map(|stem| stem.to_owned()));

    let mut code = format!("/// {about}\npub const {name}: &[Entry] = &[\n");
    for path in &paths {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let shown = path.to_string_lossy();
        writeln!(code, "    Entry {{ stem: {stem:?}, text: include_str!({shown:?}) }},").map_err(io::Error::other)?;
    }
    code.push_str("];\n");
    Ok(code)
}
